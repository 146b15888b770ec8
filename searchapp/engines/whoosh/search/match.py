"""A plan over the arrays of a generation: which articles match, and what each of them scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import (
    COVERAGE,
    EXACT_FIRST,
    FEW_WORDS,
    OWN_NUMBER,
    SLACK,
    Clause,
    Kind,
    Plan,
    parts_of,
    phrase_stream,
)
from searchapp.engines.whoosh.search.filters import Selection
from searchapp.engines.whoosh.search.phrases import DocIds, common
from searchapp.engines.whoosh.search.ranking import Floats, idf
from searchapp.engines.whoosh.search.reader import Matches, Scored, View
from searchapp.errors import BadQueryError
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word, leaves
from searchapp.text.normalize import fold_key

_SPARSE: Final = 16
"""From this ratio on, looking up each of few articles (20 ns) beats writing out the whole list (1.5 ns each)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What matches a tree before any filter; relaxed: none had all the words, so these have the most of them."""

    doc_ids: DocIds
    relaxed: bool = False


class Evaluator:
    """Evaluates plans; safe to share between threads.

    texts: slug of a document to the global number of the article that holds its text.
    """

    def __init__(self, view: View, selection: Selection, texts: Mapping[str, int]) -> None:
        self._view = view
        self._selection = selection
        self._texts = texts

    def find(self, plan: Plan) -> Found:
        """The articles that match. Words match in title or body, by letters alone."""
        tree = plan.tree
        if not isinstance(tree, AllOf):
            return Found(self._match(tree).doc_ids)
        words, rest, without = self._parts(tree)
        found = self._all_of(words, rest, without)
        if len(found) or not 1 < len(words) <= FEW_WORDS:
            return Found(found)
        found = self._most_of(words, rest, without)
        return Found(found, relaxed=bool(len(found)))

    def score(self, plan: Plan, doc_ids: DocIds) -> Floats:
        """The score of each of these articles: float32 of shape (doc_ids,)."""
        size = self._view.size
        scores = np.zeros(len(doc_ids), np.float32)
        if not len(doc_ids):
            return scores
        wide = None  # sums for all articles, made when the first long list comes
        for clause in plan.clauses:
            scored = self._scored(clause)
            if scored is None:
                continue
            worth = np.float32(clause.weight * scored.weight)
            listed = scored.doc_ids
            if listed is not None and len(listed) > _SPARSE * len(doc_ids):
                _add_few(scores, doc_ids, scored, worth)
            elif listed is None and 3 * len(doc_ids) < size:
                scores += worth * scored.shares.take(doc_ids)
            else:
                wide = np.zeros(size, np.float32) if wide is None else wide
                if listed is None:
                    wide += worth * scored.shares
                else:
                    np.add.at(wide, listed, worth * scored.shares)
        if wide is not None:
            scores += wide.take(doc_ids)
        if plan.exact:
            exact = self._mask(self._view.matches("a", (plan.exact,)))
            scores += np.float32(EXACT_FIRST) * exact.take(doc_ids)
        for number in plan.numbers:
            self._add_number(scores, doc_ids, number)
        return scores

    def _scored(self, clause: Clause) -> Scored | None:
        if clause.kind == "prefix":
            return self._view.prefix(clause.field.part, clause.keys[0])
        return self._view.phrase(clause.field.part, clause.field.stream, clause.keys)

    def _add_number(self, scores: Floats, doc_ids: DocIds, number: Number) -> None:
        scores += self._selection.citing(number.symbol, number.documents).take(doc_ids)
        texts = np.array([self._texts[slug] for slug in number.documents if slug in self._texts], np.intp)
        scores[np.isin(doc_ids, texts)] += np.float32(OWN_NUMBER)

    def _match(self, node: Node) -> Matches:
        view = self._view
        if isinstance(node, Word):
            return self._word(fold_key(node.key), node.also)
        if isinstance(node, Phrase):
            return view.matches(*phrase_stream(node))
        if isinstance(node, Prefix):
            parts = (view.prefix(part, node.letters) for part in ("title", "body"))
            return self._union([Matches(p.doc_ids) for p in parts if p is not None and p.doc_ids is not None])
        if isinstance(node, Number):
            hit = self._selection.citing(node.symbol, node.documents)
            return view.as_matches(np.flatnonzero(hit if view.live is None else hit & view.live))
        if isinstance(node, Not):
            return view.as_matches(self._minus(view.everything, [self._match(node.child)]))
        if isinstance(node, AnyOf):
            return self._union([self._match(child) for child in node.children])
        return view.as_matches(self._all_of(*self._parts(node)))

    def _parts(self, node: AllOf) -> tuple[list[Matches], list[Matches], list[Matches]]:
        """What the different words match, what else must match, and what must not."""
        parts = parts_of(node)
        words = [self._word(key, also) for key, also in parts.words.items()]
        return words, [self._match(child) for child in parts.rest], [self._match(child) for child in parts.without]

    def _all_of(self, words: list[Matches], rest: list[Matches], without: list[Matches]) -> DocIds:
        if len(words) > FEW_WORDS:
            rest, words = [*rest, self._covering(words)], []
        return self._minus(self._intersection([*words, *rest]), without)

    def _word(self, key: str, also: Sequence[Phrase]) -> Matches:
        plain = self._view.matches("f", (key,))
        if not also:
            return plain
        return self._union([plain, *(self._view.matches(*phrase_stream(phrase)) for phrase in dict.fromkeys(also))])

    def _covering(self, words: Sequence[Matches]) -> Matches:
        """Articles that have at least COVERAGE of the idf mass of these words.

        Words that no article has are left out: nobody can cover them.
        """
        mass = np.zeros(self._view.size, np.float32)
        total = 0.0
        for word in words:
            if len(word.doc_ids):
                worth = idf(len(word.doc_ids), self._view.count)
                total += worth
                if word.mask is not None:
                    mass += np.float32(worth) * word.mask
                else:
                    np.add.at(mass, word.doc_ids, np.float32(worth))
        if not total:
            return Matches(np.empty(0, np.intp))
        return self._view.as_matches(np.flatnonzero(mass >= np.float32(total * (COVERAGE - SLACK))))

    def _most_of(self, words: Sequence[Matches], rest: list[Matches], without: list[Matches]) -> DocIds:
        """Among the articles that hold all the rest, those with the most of the words."""
        held = np.zeros(self._view.size, np.uint8)
        for word in words:
            held[word.doc_ids] += 1
        doc_ids = self._minus(self._intersection(rest), without)
        counts = held.take(doc_ids)
        most = int(counts.max(initial=0))
        return doc_ids.compress(counts == most) if most else doc_ids[:0]

    def _intersection(self, sets: Sequence[Matches]) -> DocIds:
        """What all the sets share; everything when there are none. From the smallest on, the rest only shrinks."""
        if not sets:
            return self._view.everything
        ordered = sorted(sets, key=lambda one: len(one.doc_ids))
        return reduce(self._narrow, ordered[1:], ordered[0].doc_ids)

    def _narrow(self, doc_ids: DocIds, other: Matches) -> DocIds:
        if other.mask is None and len(other.doc_ids) > _SPARSE * len(doc_ids):
            return common(doc_ids, other.doc_ids)
        return doc_ids.compress(self._mask(other).take(doc_ids))

    def _minus(self, doc_ids: DocIds, without: Sequence[Matches]) -> DocIds:
        for other in without:
            doc_ids = doc_ids.compress(~self._mask(other).take(doc_ids))
        return doc_ids

    def _union(self, sets: Sequence[Matches]) -> Matches:
        if len(sets) == 1:
            return sets[0]
        mask = np.zeros(self._view.size, np.bool_)
        for one in sets:
            mask[one.doc_ids] = True
        return Matches(np.flatnonzero(mask), mask)

    def _mask(self, one: Matches) -> NDArray[np.bool_]:
        if one.mask is not None:
            return one.mask
        mask = np.zeros(self._view.size, np.bool_)
        mask[one.doc_ids] = True
        return mask


def _add_few(scores: Floats, doc_ids: DocIds, scored: Scored, worth: np.float32) -> None:
    """Add what a long list gives to few articles."""
    listed = scored.doc_ids
    if listed is not None:
        at = np.searchsorted(listed, doc_ids)
        at[at == len(listed)] = 0
        scores += np.where(listed[at] == doc_ids, worth * scored.shares[at], np.float32(0))


MAX_POSTINGS: Final = 100_000_000
"""Postings that one query may touch: about a second of work (5 to 10 ns each)."""
_POSITIONS: Final = 4
"""What a posting of a phrase costs beside a plain one: its positions are read too."""


def check_cost(view: View, plan: Plan, limit: int = MAX_POSTINGS) -> int:
    """How many postings a plan will touch. Raises BadQueryError, in Vietnamese, above the limit."""
    cost = sum(_cost(view, clause.field.name, clause.keys, clause.kind) for clause in plan.clauses)
    for leaf in leaves(plan.tree):
        for part in ("title", "body"):
            cost += _matching_cost(view, part, leaf)
    if cost > limit:
        raise BadQueryError(
            "Câu tìm này phải đọc quá nhiều dữ liệu. Hãy bỏ bớt những từ rất phổ biến hoặc dùng ít từ hơn."
        )
    return cost


def _matching_cost(view: View, part: str, leaf: Node) -> int:
    if isinstance(leaf, Word):
        also = sum(_matching_cost(view, part, phrase) for phrase in leaf.also)
        return also + _cost(view, f"{part}_f", (fold_key(leaf.key),))
    if isinstance(leaf, Phrase):
        name, keys = phrase_stream(leaf)
        return _cost(view, f"{part}_{name}", keys)
    if isinstance(leaf, Prefix):
        return _cost(view, f"{part}_f", (leaf.letters,), "prefix")
    return 0  # a number is looked up in a column


def _cost(view: View, field: str, keys: tuple[str, ...], kind: Kind = "phrase") -> int:
    terms = view.expansions(keys[0]) if kind == "prefix" else keys
    each = _POSITIONS if kind == "phrase" and len(keys) > 1 else 1
    return each * sum(view.postings_of(field, term) for term in terms)
