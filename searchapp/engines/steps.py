"""The steps of query.md, written once for every engine: which articles plain words match, near each other or wider."""

from __future__ import annotations

from typing import Final, Protocol, TypeAlias, TypeVar

from searchapp.engines.plan import SLACK
from searchapp.engines.units import Group
from searchapp.query import EVERY, LETTERS, NEAR, SCORED, AllOf, Node, Phrase, Query, Word
from searchapp.results import Answer
from searchapp.text.normalize import fold_key

AUTO, QUOTED, LIFTED = 0, 5, 6
"""Other ways to take plain words: by the first step that is enough, as one phrase, or not at all."""

ENOUGH: Final = 10
"""A set of fewer articles is widened by articles that score well."""
_MANY_SYLLABLES: Final = 12
"""A query with more syllables is taken by its score at once."""
_FEW_KINDS: Final = 4
"""With up to so many different syllables an article needs half of the best score, with more a third."""

Runs: TypeAlias = tuple[tuple[Word, ...], ...]
"""The plain words of one conjunction, adjacent words together."""

S = TypeVar("S")


class Sets(Protocol[S]):
    """Sets of live articles, in whatever shape an engine has them."""

    def near(self, group: Group) -> S:
        """Return articles where all units stand near each other, in the title or in the body; one unit is a phrase."""
        ...

    def phrase(self, phrase: Phrase) -> S:
        """Return articles that have a phrase in title or body."""
        ...

    def every(self, group: Group) -> S:
        """Return articles that have every syllable, or a stand-in of its unit, somewhere; by letters alone."""
        ...

    def scoring(self, runs: Runs, share: float) -> S:
        """Return articles whose score, by these words alone, is at least this share of the best one."""
        ...

    def all(self) -> S:
        """Return every article."""
        ...

    def either(self, left: S, right: S) -> S:
        """Return the union."""
        ...

    def count(self, articles: S) -> int:
        """Return how many articles there are."""
        ...


def first(sets: Sets[S], runs: Runs, group: Group) -> tuple[int, S]:
    """Return the first step that is enough, over the whole archive and by the words alone, with its articles."""
    if group.syllables > _MANY_SYLLABLES:
        return SCORED, _scoring(sets, runs, group)
    step, found = NEAR, sets.near(group)
    count = sets.count(found)
    if not count and group.marked:
        found = sets.near(group.by_letters())
        count = sets.count(found)
        step = LETTERS if count else NEAR
    if count < ENOUGH and group.syllables > 1:
        return SCORED, sets.either(found, _scoring(sets, runs, group))
    return step, found


def others(tree: Node, asked: int) -> list[int]:
    """Return the other ways to take plain words, whose counts stand beside the chosen way.

    A query that is nothing but neighbouring words could be one phrase, too.
    """
    run = isinstance(tree, AllOf) and all(isinstance(child, Word) for child in tree.children)
    return [NEAR, LETTERS, EVERY, *([AUTO] if asked else []), *([QUOTED] if run else [])]


def goes_on(query: Query, answer: Answer) -> bool:
    """Tell whether a list by relevance ends on its first page, so that the best of the rest follow."""
    listed = answer.total - answer.folded
    return query.beyond and query.sort == "relevance" and query.page == 1 and not query.after and listed < query.size


def taken(sets: Sets[S], runs: Runs, group: Group, step: int) -> S:
    """Return the articles of one step, because a reader asked for it."""
    if step == LIFTED:
        return sets.all()
    if step == EVERY:
        return sets.every(group)
    if step == QUOTED:
        words = [word for run in runs for word in run]
        return sets.phrase(
            Phrase(tuple(word.key if word.marked else fold_key(word.key) for word in words), marked=True)
        )
    if step == NEAR:
        return sets.near(group)
    if step == LETTERS:
        return sets.near(group.by_letters())
    if group.syllables > _MANY_SYLLABLES:
        return _scoring(sets, runs, group)
    found = sets.near(group)
    if group.marked and not sets.count(found):
        found = sets.near(group.by_letters())
    return sets.either(found, _scoring(sets, runs, group)) if group.syllables > 1 else found


def _scoring(sets: Sets[S], runs: Runs, group: Group) -> S:
    share = 1 / 2 if group.kinds <= _FEW_KINDS else 1 / 3
    return sets.scoring(runs, share - SLACK)
