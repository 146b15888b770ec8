"""Search the segments of a generation: match a tree to articles, and sum their scores.

Plain words match by the steps of query.md, everything else by set algebra.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines import steps
from searchapp.engines.plan import (
    EXACT_FIRST,
    MAX_EXPANSIONS,
    OWN_NUMBER,
    Clause,
    Kind,
    Plan,
    parts_of,
    phrase_stream,
    syllable_streams,
)
from searchapp.engines.steps import AUTO, LIFTED, Runs
from searchapp.engines.units import Group, Lexicon
from searchapp.engines.whoosh.search.filters import Selection
from searchapp.engines.whoosh.search.phrases import DocIds, Matches, common
from searchapp.engines.whoosh.search.ranking import Floats, Scored
from searchapp.engines.whoosh.search.reader import View
from searchapp.errors import BadQueryError
from searchapp.query import AnyOf, Node, Not, Number, Phrase, Prefix, Word, leaves
from searchapp.text.normalize import fold_key
from searchapp.text.tokens import doubted

_SPARSE: Final = 16
"""From this ratio on, looking up few articles (20 ns each) beats writing out the list (1.5 ns each)."""


_MANY: Final = 6
"""With more syllables, few articles have all of them; they are found first, and units are sought in them alone."""

_FEW: Final = 128
"""Fewer articles than this share are looked up in each list; for more, all lists are summed sooner."""


@dataclass(frozen=True, slots=True)
class Found:
    """The articles that match a tree before any filter; step: the highest one that plain words took, else 0."""

    doc_ids: DocIds
    step: int = 0


class Matcher:
    """A reader of one query; score: the score of every article for some plain words alone."""

    def __init__(
        self, view: View, selection: Selection, lexicon: Lexicon, score: Callable[[tuple[Word, ...]], Floats]
    ) -> None:
        self._view = view
        self._selection = selection
        self._lexicon = lexicon
        self._score = score
        self._asked = AUTO
        self._step = 0
        self._having: dict[tuple[str, ...], DocIds] = {}

    def find(self, tree: Node, step: int = AUTO) -> Found:
        """Return the matching articles, with plain words taken by this step or by the first one that is enough."""
        self._asked, self._step = step, 0
        return Found(self._match(tree).doc_ids, self._step)

    def _match(self, node: Node, *, excluded: bool = False) -> Matches:
        view = self._view
        if isinstance(node, Word):
            return self._words(((node,),), excluded)
        if isinstance(node, Phrase):
            lifted = self._asked == LIFTED and not excluded
            return self.all() if lifted else self.phrase(node)
        if isinstance(node, Prefix):
            parts = (view.prefix(part, node.letters) for part in ("title", "body"))
            return self._union([Matches(part.numbers()) for part in parts if part is not None])
        if isinstance(node, Number):
            hit = self._selection.citing(node.symbols, node.documents)
            return view.as_matches(np.flatnonzero(hit if view.live is None else hit & view.live))
        if isinstance(node, Not):
            return view.as_matches(self._minus(view.everything, [self._match(node.child, excluded=True)]))
        if isinstance(node, AnyOf):
            return self._union([self._match(child, excluded=excluded) for child in node.children])
        parts_ = parts_of(node)
        sets = [self._words(parts_.runs, excluded)] if parts_.runs else []
        sets += [self._match(child, excluded=excluded) for child in parts_.rest]
        without = [self._match(child, excluded=True) for child in parts_.without]
        return view.as_matches(self._minus(self._intersection(sets), without))

    def _words(self, runs: Runs, excluded: bool) -> Matches:
        """Return the matches of plain words; excluded ones only as typed."""
        group = self._lexicon.group(runs)
        if excluded:
            return self.near(group)
        if self._asked != AUTO:
            self._step = self._asked
            return steps.taken(self, runs, group, self._asked)
        step, found = steps.first(self, runs, group)
        self._step = max(self._step, step)
        return found

    # The sets of articles that `steps` needs.

    def near(self, group: Group) -> Matches:
        """Return articles where all units stand near each other, in the title or in the body; one unit is a phrase."""
        if len(group.units) > 1:
            within = self._with(_single(group)) if group.syllables > _MANY else None
            return self._view.near(group, within)
        return self._union([self.phrase(way) for way in group.units[0].ways])

    def phrase(self, phrase: Phrase) -> Matches:
        """Return articles that have a phrase in title or body."""
        return self._view.matches(*phrase_stream(phrase))

    def every(self, group: Group) -> Matches:
        """Return articles that have every syllable, or a stand-in of its unit, somewhere; by letters alone."""
        sets = [Matches(self._with(single))] if (single := _single(group)) else []
        for unit in group.units:
            typed, *others = unit.ways
            if others:
                whole = Matches(self._with(tuple(dict.fromkeys(map(fold_key, typed.keys)))))
                sets.append(self._union([whole, *map(self.phrase, others)]))
        return self._view.as_matches(self._intersection(sets))

    def _with(self, keys: tuple[str, ...]) -> DocIds:
        """Return the articles that have every one of these folded syllables, the rarest first."""
        found = self._having.get(keys)
        if found is None:
            view = self._view
            rarest, *others = sorted(keys, key=lambda key: view.postings_of("body_f", key)) or ("",)
            found = view.matches("f", (rarest,)).doc_ids if keys else view.everything
            for key in others:
                if not len(found):
                    break
                found = view.having(key, found)
            self._having[keys] = found
        return found

    def scoring(self, runs: Runs, share: float) -> Matches:
        """Return articles whose score, by these words alone, is at least this share of the best one."""
        scores = self._score(tuple(word for run in runs for word in run))
        best = float(scores.max(initial=0))
        least = np.float32(best * share)
        return self._view.as_matches(np.flatnonzero(scores >= least)) if best else Matches(np.empty(0, np.intp))

    def all(self) -> Matches:
        """Return every article."""
        return Matches(self._view.everything)

    def either(self, left: Matches, right: Matches) -> Matches:
        """Return the union."""
        return self._union([left, right])

    def count(self, articles: Matches) -> int:
        """Return how many articles there are."""
        return len(articles.doc_ids)

    def _intersection(self, sets: Sequence[Matches]) -> DocIds:
        """Return the intersection; everything for no sets. It starts from the smallest set and only shrinks."""
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


def _single(group: Group) -> tuple[str, ...]:
    """Return the syllables, by letters, of the units that nothing else stands for."""
    return tuple(
        dict.fromkeys(fold_key(key) for unit in group.units if len(unit.ways) == 1 for key in unit.ways[0].keys)
    )


_MAX_POSTINGS: Final = 100_000_000
"""The postings that one query may touch: about a second of work (5 to 10 ns each)."""
_POSITIONS: Final = 4
"""The cost of a phrase's posting beside a plain one: its positions are read too."""


def check_cost(view: View, plan: Plan, limit: int = _MAX_POSTINGS) -> None:
    """Raise BadQueryError, in Vietnamese, for a plan that touches more postings."""
    if _lists(plan) * view.size > limit and cost_of(view, plan) > limit:
        raise BadQueryError(
            "Từ khóa này phải đọc quá nhiều dữ liệu. Hãy bỏ bớt những từ rất phổ biến hoặc dùng ít từ hơn.",
            "This query reads too much. Leave out very common words, or use fewer.",
        )


def cost_of(view: View, plan: Plan) -> int:
    """Return how many postings a plan will touch."""
    cost = sum(_cost(view, clause.field.name, clause.keys, clause.kind) for clause in plan.clauses)
    for leaf in leaves(plan.tree):
        for part in ("title", "body"):
            cost += _matching_cost(view, part, leaf)
    return cost


def _lists(plan: Plan) -> int:
    """Return how many lists it may touch at most, each as long as there are articles."""
    scored = sum(MAX_EXPANSIONS if c.kind == "prefix" else _POSITIONS * len(c.keys) for c in plan.clauses)
    return scored + 2 * sum(map(_matched_lists, leaves(plan.tree)))


def _matched_lists(leaf: Node) -> int:
    if isinstance(leaf, Word):
        return 1 + sum(map(_matched_lists, (*leaf.same, *leaf.also)))
    if isinstance(leaf, Phrase):
        return _POSITIONS * len(leaf.keys)
    return MAX_EXPANSIONS if isinstance(leaf, Prefix) else 0


def _matching_cost(view: View, part: str, leaf: Node) -> int:
    if isinstance(leaf, Word):
        also = sum(_matching_cost(view, part, phrase) for phrase in (*leaf.same, *leaf.also))
        return also + _cost(view, f"{part}_f", (fold_key(leaf.key),))
    if isinstance(leaf, Phrase):
        name, keys = phrase_stream(leaf)
        return _POSITIONS * sum(view.postings_of(f"{part}_{of}", key) for of, key in syllable_streams(name, keys))
    if isinstance(leaf, Prefix):
        return _cost(view, f"{part}_f", (leaf.letters,), "prefix")
    return 0  # a column holds the numbers


def _cost(view: View, field: str, keys: tuple[str, ...], kind: Kind = "phrase") -> int:
    terms = view.expansions(keys[0]) if kind == "prefix" else keys
    each = _POSITIONS if kind == "phrase" and len(keys) > 1 else 1
    return each * sum(view.postings_of(field, term) for term in terms)


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
        scores += self._selection.citing(number.symbols, number.documents).take(doc_ids)
        texts = np.array([self._texts[slug] for slug in number.documents if slug in self._texts], np.intp)
        scores[np.isin(doc_ids, texts)] += np.float32(OWN_NUMBER)
