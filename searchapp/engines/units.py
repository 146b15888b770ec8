"""Cut words of several syllables in a query by the archive itself, and remember the counts that decide.

No dictionary decides, and every engine agrees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Final, Protocol, TypeVar
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

K = TypeVar("K")
V = TypeVar("V")

_MAX_KNOWN: Final = 1 << 14
"""The number of pairs remembered for a generation."""
_MAX_GROUPS: Final = 512
"""The number of queries whose cut is remembered: each step, count and offer of an answer asks for it again."""


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


class Source(Protocol):
    """The counts that an engine can give."""

    def holding(self, keys: Keys) -> int:
        """Return how many articles have these folded syllables side by side in title or body."""
        ...

    def held(self, keys: Keys, least: int) -> bool:
        """Tell whether at least so many articles have these keys side by side."""
        ...

    def speaking(self, words: Sequence[str]) -> int:
        """Return how many articles have any of these terms of stream w."""
        ...

    def words(self) -> Iterable[str]:
        """Return every term of stream w."""
        ...


class Lexicon:
    """The words of a generation by their letters; safe to share between threads."""

    def __init__(self, source: Source, questions: Questions | None = None) -> None:
        """questions: the words that only ask, ours without it."""
        self._source = source
        self._questions = questions
        self._together: dict[Keys, int] = {}
        self._held: dict[Keys, bool] = {}
        self._inside: dict[Keys, int] = {}
        self._groups: dict[tuple[tuple[Word, ...], ...], Group] = {}

    def group(self, runs: tuple[tuple[Word, ...], ...]) -> Group:
        """Return plain words cut into units."""
        found = self._groups.get(runs)
        if found is None:
            found = _kept(self._groups, runs, group(runs, self, self._questions), _MAX_GROUPS)
        return found

    def together(self, keys: Keys) -> int:
        """Return how many articles have these folded syllables side by side in title or body."""
        found = self._together.get(keys)
        if found is None:
            possible = len(keys) < 3 or all(self.together(pair) for pair in pairwise(keys))
            found = _kept(self._together, keys, self._source.holding(keys) if possible else 0)
        return found

    def is_phrase(self, keys: Keys) -> bool:
        """Tell whether enough articles have these folded syllables side by side for a phrase."""
        found = self._held.get(keys)
        if found is None:
            possible = len(keys) < 3 or all(map(self.is_phrase, pairwise(keys)))
            found = _kept(self._held, keys, possible and self._source.held(keys, HELD))
        return found

    def inside(self, pair: Keys) -> int:
        """Return how many articles have a folded pair inside a word of stream w."""
        return self._speaking(pair, self._words[0])

    def is_word(self, keys: Keys) -> bool:
        """Tell whether an article has the word of these folded syllables, three or more."""
        return self._speaking(keys, self._words[1]) > 0

    def _speaking(self, keys: Keys, words: Mapping[Keys, tuple[str, ...]]) -> int:
        if keys not in words:
            return 0
        found = self._inside.get(keys)
        if found is None:
            found = _kept(self._inside, keys, self._source.speaking(words[keys]))
        return found

    @cached_property
    def _words(self) -> tuple[Mapping[Keys, tuple[str, ...]], Mapping[Keys, tuple[str, ...]]]:
        """Map each folded pair to the words that hold it, and folded syllables (three or more) to their words."""
        pairs: defaultdict[Keys, dict[str, None]] = defaultdict(dict)
        long: defaultdict[Keys, dict[str, None]] = defaultdict(dict)
        for term in sorted(set(self._source.words())):
            keys = tuple(map(fold_key, term.split("_")))
            if len(keys) > 2:
                long[keys][term] = None
            for pair in pairwise(keys):
                pairs[pair][term] = None
        return {keys: tuple(of) for keys, of in pairs.items()}, {keys: tuple(of) for keys, of in long.items()}


def _kept(known: dict[K, V], key: K, value: V, most: int = _MAX_KNOWN) -> V:
    if len(known) > most:
        known.clear()
    known[key] = value
    return value
