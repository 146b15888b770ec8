"""Score articles: sum the clauses of a plan over the arrays of a generation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from searchapp.engines.plan import EXACT_FIRST, OWN_NUMBER, Clause, Plan
from searchapp.engines.whoosh.search.filters import Selection
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.engines.whoosh.search.ranking import Floats, Scored
from searchapp.engines.whoosh.search.reader import View
from searchapp.query import Number
from searchapp.text.tokens import doubted

_FEW: Final = 128
"""Fewer articles than this share are looked up in each list; for more, all lists are summed sooner."""


class Scores:
    """The scores of one query; `everywhere` is remembered, so each query gets its own object.

    texts: slug of a document to the global number of the article that holds its text.
    """

    def __init__(self, view: View, selection: Selection, texts: Mapping[str, int]) -> None:
        self._view = view
        self._selection = selection
        self._texts = texts
        self._known: dict[tuple[Clause, ...], Floats] = {}

    def everywhere(self, clauses: tuple[Clause, ...]) -> Floats:
        """Return the sum of some clauses for every article: float32 of shape (articles,), 0 for removed ones."""
        found = self._known.get(clauses)
        if found is None:
            found = np.zeros(self._view.size, np.float32)
            for clause in clauses:
                scored = self._scored(clause)
                if scored is not None:
                    scored.add(found, np.float32(clause.weight * scored.weight))
            self._known[clauses] = found
        return found

    def of(self, plan: Plan, doc_ids: DocIds) -> Floats:
        """Return the score of each of these articles: float32 of shape (doc_ids,)."""
        if plan.clauses in self._known or _FEW * len(doc_ids) > self._view.size:
            scores = self.everywhere(plan.clauses).take(doc_ids)
        else:
            scores = self._few(plan, doc_ids)
        if not len(doc_ids):
            return scores
        if plan.exact:
            exact = self._view.matches("a", (plan.exact,)).doc_ids
            unsure = self._view.matches("w", (doubted(plan.exact),)).doc_ids  # a scan with another accent, maybe
            scores += np.float32(EXACT_FIRST) * (np.isin(doc_ids, exact) | np.isin(doc_ids, unsure))
        for number in plan.numbers:
            self._add_number(scores, doc_ids, number)
        return scores

    def _few(self, plan: Plan, doc_ids: DocIds) -> Floats:
        scores = np.zeros(len(doc_ids), np.float32)
        for clause in plan.clauses:
            scored = self._scored(clause)
            if scored is not None:
                scored.add_few(scores, doc_ids, np.float32(clause.weight * scored.weight))
        return scores

    def _scored(self, clause: Clause) -> Scored | None:
        if clause.kind == "prefix":
            return self._view.prefix(clause.field.part, clause.keys[0])
        return self._view.phrase(clause.field.part, clause.field.stream, clause.keys)

    def _add_number(self, scores: Floats, doc_ids: DocIds, number: Number) -> None:
        scores += self._selection.citing(number.symbol, number.documents).take(doc_ids)
        texts = np.array([self._texts[slug] for slug in number.documents if slug in self._texts], np.intp)
        scores[np.isin(doc_ids, texts)] += np.float32(OWN_NUMBER)
