"""Remember the counts by which a query is cut into units (`units.Archive`): pairs of neighbours and their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from searchapp.engines.units import HELD, Group, Keys, group
from searchapp.query import Word
from searchapp.text.normalize import fold_key
from searchapp.text.questions import Questions

K = TypeVar("K")
V = TypeVar("V")

_MAX_KNOWN: Final = 1 << 14
"""The number of pairs remembered for a generation."""
_MAX_GROUPS: Final = 512
"""The number of queries whose cut is remembered: each step, count and offer of an answer asks for it again."""


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
