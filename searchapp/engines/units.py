"""Cut words of several syllables in a query by the archive itself: no dictionary decides, and every engine agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Protocol
from weakref import proxy

from searchapp.query import Phrase, Word
from searchapp.text.abbreviations import CITY_KEY
from searchapp.text.normalize import fold_key, has_marks
from searchapp.text.questions import Questions, words_asking

_JOINED: Final = 0.4
"""The share of articles that have two neighbours inside a word, at which the neighbours are one word. It is a share of
the articles that have the neighbours side by side.
"""
HELD: Final = 3
"""The number of articles that must have a phrase before the cut takes it for one."""
SLACK: Final = 6
"""Positions that may lie between the units beside their own."""

Keys = tuple[str, ...]
"""Folded search keys of neighbours."""


class Archive(Protocol):
    """The counts that the cut needs; every count is of articles, by letters alone."""

    def together(self, keys: Keys) -> int:
        """Return how many articles have these syllables side by side in title or body."""
        ...

    def is_phrase(self, keys: Keys) -> bool:
        """Tell whether at least HELD articles have these syllables side by side."""
        ...

    def inside(self, pair: Keys) -> int:
        """Return how many articles have the pair inside a word of stream w."""
        ...

    def is_word(self, keys: Keys) -> bool:
        """Tell whether stream w has the word of these syllables."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """One to several syllables that stand adjacent and in order; ways: the typed one, then its stand-ins."""

    ways: tuple[Phrase, ...]

    def by_letters(self) -> Unit:
        """Return the same unit without regard to accents."""
        return Unit(tuple(Phrase(way.keys) for way in self.ways))


class _Order:
    """The units with a successor that enough articles have behind them; each unit is examined on demand."""

    def __init__(self, typed: Sequence[Keys], archive: Archive) -> None:
        self._typed = typed
        # A lexicon keeps its groups: a strong one back would keep a replaced generation until the collector comes.
        self._archive = proxy(archive)

    def holds(self, at: int) -> bool:
        left, right = self._typed[at], self._typed[at + 1]
        return not set(left) & set(right) and self._archive.is_phrase((*left, *right))


@dataclass(frozen=True, slots=True)
class Group:
    """The plain words of one conjunction, cut into units that must stand near each other.

    reach: positions within which all units stand; syllables: how many were typed; kinds: the different ones among them
    that ask for content; ordered: places of units whose successor does not count right before them, only behind.
    """

    units: tuple[Unit, ...]
    reach: int
    syllables: int
    kinds: int
    order: _Order = field(compare=False)

    @property
    def ordered(self) -> frozenset[int]:
        """Return the places of `ordered`; ask one by one (`is_ordered`) where few of them matter."""
        return frozenset(filter(self.is_ordered, range(len(self.units) - 1)))

    def is_ordered(self, at: int) -> bool:
        """Tell whether the next unit does not count when it stands right before this one."""
        return self.order.holds(at)

    def by_letters(self) -> Group:
        """Return the same group without regard to accents."""
        return replace(self, units=tuple(unit.by_letters() for unit in self.units))

    @property
    def marked(self) -> bool:
        """Tell whether any accent was typed."""
        return any(has_marks(key) for unit in self.units for key in unit.ways[0].keys if unit.ways[0].marked)


def group(runs: Sequence[Sequence[Word]], archive: Archive, questions: Questions | None = None) -> Group:
    """Return plain words cut into units; runs: adjacent words of the query, at least one word in all.

    questions: the words that only ask, ours without it.
    """
    words = [word for run in runs for word in run]
    asks = [words_asking(run, questions or Questions.shipped()) for run in runs]
    if all(map(all, asks)):
        asks = [[False] * len(run) for run in runs]
    units: dict[Unit, None] = {}
    for run, asking_words in zip(runs, asks, strict=True):
        units |= dict.fromkeys(_unit(run[start:end]) for start, end in cut(run, asking_words, archive))
    typed = [tuple(map(fold_key, unit.ways[0].keys)) for unit in units]
    kinds = len({key for keys in typed for key in keys})
    return Group(tuple(units), len(words) + SLACK, len(words), kinds, _Order(typed, archive))


def cut(words: Sequence[Word], asks: Sequence[bool], archive: Archive) -> list[tuple[int, int]]:
    """Return the ends of the units of neighbouring words: places in `words`, without words that only ask."""
    keys = [fold_key(word.key) for word in words]
    free = [not asks[at] and not _alone(word) for at, word in enumerate(words)]
    meet = [free[at] and free[at + 1] and _ways(words[at]) == _ways(words[at + 1]) for at in range(len(words) - 1)]
    spans = _fixed(words, _words(keys, meet, archive))
    return _joined([span for span in spans if not asks[span[0]]], keys, meet, archive)


def _words(keys: Sequence[str], meet: Sequence[bool], archive: Archive) -> list[tuple[int, int]]:
    """Return the best cut into words: those whose pairs are most surely inside one. Three and more
    only as w has them.
    """
    sure = [_share(pair, archive) if met else 0.0 for met, pair in zip(meet, pairwise(keys), strict=True)]
    worth, last = [0.0], [0]
    for end in range(1, len(keys) + 1):
        best, begin = worth[end - 1], end - 1
        start = end - 2
        while start >= 0 and sure[start]:
            total = worth[start] + sum(sure[start : end - 1])
            if total > best and (end - start == 2 or archive.is_word(tuple(keys[start:end]))):
                best, begin = total, start
            start -= 1
        worth.append(best)
        last.append(begin)
    spans = []
    end = len(keys)
    while end:
        spans.append((last[end], end))
        end = last[end]
    return spans[::-1]


def _share(pair: Keys, archive: Archive) -> float:
    inside = archive.inside(pair)
    together = archive.together(pair) if inside else 0  # most neighbours are inside no word: nothing is counted
    share = inside / together if together else 0.0
    return share if share >= _JOINED else 0.0


def _fixed(words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans; spans whose words are one token in another spelling become one: [lê] [nin] for Lênin."""
    at = 0
    for start, end in spans:
        if start < at:
            continue
        while end < len(words) and words[end].same and words[end].same == words[end - 1].same:
            end += 1
        at = end
        yield start, end


def _joined(
    spans: list[tuple[int, int]], keys: Sequence[str], meet: Sequence[bool], archive: Archive
) -> list[tuple[int, int]]:
    """Give each lone syllable to the neighbour with which more articles have it, if enough do."""
    at = 0
    while at < len(spans):
        start, end = spans[at]
        sides = []
        if end - start == 1:
            if at and spans[at - 1][1] == start and meet[start - 1]:
                sides.append((archive.together((keys[start - 1], keys[start])), -1))
            if at + 1 < len(spans) and spans[at + 1][0] == end and meet[end - 1]:
                sides.append((archive.together((keys[end - 1], keys[end])), 0))
        count, side = max(sides, default=(0, 0))
        begin = at + side
        if count >= HELD and archive.is_phrase(tuple(keys[spans[begin][0] : spans[begin + 1][1]])):
            spans[begin : begin + 2] = [(spans[begin][0], spans[begin + 1][1])]
            at = begin
        at += 1
    return spans


def _alone(word: Word) -> bool:
    """Tell whether a word joins no neighbour: a numeral in either writing, or a token with its own spelling."""
    numeral = any(map(str.isdigit, word.key)) or any(key.isdigit() for way in word.same for key in way.keys)
    return word.key == CITY_KEY or numeral


def _ways(word: Word) -> frozenset[Phrase]:
    return frozenset((*word.also, *word.same))


def _unit(words: Sequence[Word]) -> Unit:
    typed = Phrase(tuple(word.key if word.marked else fold_key(word.key) for word in words), _marked(words))
    ways = dict.fromkeys(way for word in words for way in (*word.same, *word.also))
    return Unit((typed, *ways))


def _marked(words: Sequence[Word]) -> bool:
    return any(word.marked for word in words)
