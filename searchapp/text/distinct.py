"""Find where the syllables of a text stand by a few passes of NumPy, and which of them a query may mean.

A pass takes a tenth of the time of cutting the text. Only the spellings that are sought become Python objects.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.text.normalize import LETTERS, fold
from searchapp.text.syllables import MAX_KEY, TPHCM, split
from searchapp.text.tokens import FOLDED, Cut, cut, keys_of_written

Column = NDArray[np.int32]
_Numbers = NDArray[np.uint64]

_BETWEEN, _FOREIGN, _APART = 0, 1, 2
"""Marks of characters instead of a hash: those in no syllable, letters of other languages, those that no pass reads."""
_PLANE: Final = 1 << 16
_ALPHABET: Final = frozenset(f"0123456789{LETTERS}")
_LAST_LETTER: Final = 0x1EFA
"""Behind the last Vietnamese letter."""
_CITIES: Final = frozenset({"hcm", "phcm", "tphcm", "hcmc"})
"""Letters of the syllables with which the spellings of TPHCM end."""

_BASE: Final = 0x9E3779B97F4A7C15
_TABLE_BITS: Final = 14
_SHORT: Final = 200
"""Shorter texts are cut sooner than passed through."""
LONG: Final = 12_000
"""Characters above which a text is long: an index keeps places of its syllables, so that results read passages of it
alone; of those that are passed through whole the last are remembered.
"""
_REMEMBERED: Final = 24
_GAP: Final = 40
"""Characters from one syllable to the next above which both are stops: dotted lines, rules of tables."""


@dataclass(frozen=True)
class Distinct:
    """The sought syllables of a text in columns, in its order: text[starts[n]:ends[n]] is written[kinds[n]].

    numbers: the place of each among all syllables of the text. written, keys, folded: of each kind, as it stands and
    as it is searched, with accents and without.
    """

    starts: Column
    ends: Column
    kinds: Column
    numbers: Column
    written: Sequence[str]
    keys: Sequence[str]
    folded: Sequence[str]

    def until(self, end: int) -> Distinct:
        """Return the syllables that end before a place of the text; kinds without any of them remain."""
        size = int(np.searchsorted(self.ends, end, "right"))
        if size == len(self.ends):
            return self
        return self.part(0, size)

    def part(self, first: int, after: int, offset: int = 0) -> Distinct:
        """Return some of the syllables, of a text that begins at this place."""
        starts, ends = self.starts[first:after] - offset, self.ends[first:after] - offset
        return Distinct(
            starts, ends, self.kinds[first:after], self.numbers[first:after], self.written, self.keys, self.folded
        )

    def beside(self, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which of these syllables, by their rows in order, stand beside another of them."""
        near = np.diff(self.numbers.take(at), prepend=-2, append=-2) == 1
        told: NDArray[np.bool_] = near[1:] | near[:-1]
        return told

    @cached_property
    def held(self) -> bytes:
        """Tell of each kind whether the text has it."""
        return (np.bincount(self.kinds, minlength=len(self.keys)) > 0).tobytes()


@dataclass(frozen=True, slots=True)
class _Syllables:
    """Where the syllables of a text stand; slots: a hash of the letters of each, whatever their accents and order.

    sure: places of syllables that are always looked at; cities: the spellings of TPHCM; whole: of a text that no pass
    can read, all of its syllables.
    """

    text: str
    starts: Column
    ends: Column
    slots: NDArray[np.uint16]
    sure: NDArray[np.intp]
    cities: frozenset[str] = frozenset()
    whole: Distinct | None = None

    def of(self, letters: Set[str] | None) -> Distinct:
        """Return the syllables that may fold to one of these letters, and a few others; None: all of them."""
        if self.whole is not None:
            return self.whole
        at = np.arange(len(self.starts)) if letters is None else np.flatnonzero(_slots_of(letters).take(self.slots))
        if letters is not None and len(self.sure):
            at = np.union1d(at, self.sure)
        starts, ends = self.starts.take(at), self.ends.take(at)
        kinds, firsts = _kinds(_hashes(_codes(self.text), starts, ends))
        rows = zip(starts.take(firsts).tolist(), ends.take(firsts).tolist(), strict=True)
        written = [self.text[start:end] for start, end in rows]
        keys = keys_of_written(written)
        if self.cities:
            keys = ["tphcm" if one in self.cities else key for one, key in zip(written, keys, strict=True)]
        return Distinct(starts, ends, kinds, at.astype(np.int32), written, keys, _folded(keys))


def distinct(text: str, letters: Set[str] | None = None) -> Distinct:
    """Return the syllables of a normalised text, the same as `tokens.cut` finds.

    letters: only those that fold to one of these, and a few others; None for all.
    """
    return (_remembered(text) if len(text) > LONG else _syllables(text)).of(letters)


def distinct_each(texts: Sequence[str], letters: Set[str] | None = None) -> list[Distinct]:
    """Return the syllables of several texts, which share their kinds: one pass over all of them."""
    found = _syllables("\n".join(texts)).of(letters)
    offsets = list(accumulate((len(text) + 1 for text in texts), initial=0))
    edges = np.searchsorted(found.starts, offsets).tolist()
    return [found.part(*edge, offset) for edge, offset in zip(pairwise(edges), offsets, strict=False)]


def stops(text: str, every: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return some positions of a text (`tokens.Stream`) and where they begin; behind them its end.

    These are one of each so many, and those around a gap: the places of all others lie about evenly between them.

    >>> [one.tolist() for one in stops("Đất đai là tài sản", 2)]
    [[0, 2, 4, 5], [0, 8, 15, 18]]
    """
    found = _syllables(text)
    starts = (found.starts if found.whole is None else found.whole.starts).astype(np.intp)
    lines = np.flatnonzero(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) == ord("\n"))
    positions = np.arange(len(starts)) + np.searchsorted(lines, starts)
    end = int(positions[-1]) + 1 if len(positions) else 0
    chosen = np.diff(positions // every, prepend=-1) > 0
    far = np.diff(starts, append=len(text)) > _GAP
    chosen |= far
    chosen[1:] |= far[:-1]
    return np.append(positions.compress(chosen), end), np.append(starts.compress(chosen), len(text))


def _syllables(text: str) -> _Syllables:
    if len(text) < _SHORT:
        return _read(text)
    letters = _letters().take(_codes(text))
    odd = np.flatnonzero(letters - np.uint32(1) < _APART)
    if len(odd) and (letters.take(odd) == _APART).any():  # a mark may join its neighbours on both sides
        return _read(text)
    inside = letters != _BETWEEN
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    sums = np.cumsum(letters, dtype=np.uint32)
    slots = ((sums.take(ends) - sums.take(starts)) >> np.uint32(32 - _TABLE_BITS)).astype(np.uint16)
    sure = np.flatnonzero(ends - starts >= MAX_KEY)
    if len(odd):
        sure = np.union1d(sure, np.searchsorted(starts, odd - 1, "right") - 1)
    cities = [city.span() for city in TPHCM.finditer(text)] if _slots_of(_CITIES).take(slots).any() else []
    if cities:
        starts, ends, kept = _with_cities(starts, ends, cities)
        slots = slots.compress(kept)
        merged = np.searchsorted(starts, [start for start, _ in cities])
        sure = np.union1d(np.searchsorted(np.flatnonzero(kept), sure.compress(kept.take(sure))), merged)
    named = frozenset(text[start:end] for start, end in cities)
    return _Syllables(text, starts.astype(np.int32), ends.astype(np.int32), slots, sure, named)


_remembered = lru_cache(_REMEMBERED)(_syllables)


def _read(text: str) -> _Syllables:
    none = np.empty(0, np.int32)
    return _Syllables(text, none, none, none.astype(np.uint16), none.astype(np.intp), whole=_of_cut(cut(text)))


def _codes(text: str) -> NDArray[np.uint16]:
    """Return the characters of a text between two line breaks; one beyond the first plane gives two of them."""
    return np.frombuffer(f"\n{text}\n".encode("utf-16-le", "surrogatepass"), np.uint16)


def _slots_of(letters: Set[str]) -> NDArray[np.bool_]:
    """Tell of each slot whether syllables with some of these letters are in it, in either spelling with i or y."""
    table = np.zeros(1 << _TABLE_BITS, np.bool_)
    table[[slot for one in letters for slot in _slots(one)]] = True
    return table


@lru_cache(1 << 13)
def _slots(folded: str) -> tuple[int, ...]:
    other = {"i": "y", "y": "i"}.get(folded[-1:])
    spellings = (folded, folded[:-1] + other) if other else (folded,)
    worth = _letters()
    sums = (sum(int(worth[ord(letter)]) for letter in one if ord(letter) < _PLANE) for one in spellings)
    return tuple((total & 0xFFFFFFFF) >> (32 - _TABLE_BITS) for total in sums)


def _of_cut(found: Cut) -> Distinct:
    known: dict[tuple[str, str], int] = {}
    spellings = zip(found.written, found.keys, strict=True)
    kinds = [known.setdefault(one, len(known)) for one in spellings]
    starts, ends = np.array(found.starts, np.int32), np.array(found.ends, np.int32)
    written, keys = [one for one, _ in known], [key for _, key in known]
    numbers = np.arange(len(kinds), dtype=np.int32)
    return Distinct(starts, ends, np.array(kinds, np.int32), numbers, written, keys, _folded(keys))


def _folded(keys: Iterable[str]) -> list[str]:
    return list(map(FOLDED.__getitem__, keys))


def _hashes(codes: NDArray[np.uint16], starts: Column, ends: Column) -> _Numbers:
    """Return a number of 64 bits for each syllable as it is written; of a very long one its beginning counts."""
    at, lengths = starts + 1, ends - starts
    hashes: _Numbers = lengths.astype(np.uint64)
    alive = np.arange(len(at))
    for place in range(min(MAX_KEY, int(lengths.max(initial=0)))):
        if place:
            alive = alive.compress(lengths.take(alive) > place)
        worth = codes.take(at.take(alive) + place).astype(np.uint64) * np.uint64(pow(_BASE, place + 1, 1 << 64))
        hashes[alive] += worth
    return hashes


def _kinds(hashes: _Numbers) -> tuple[Column, NDArray[np.intp]]:
    """Return the kind of each syllable, and one syllable of each kind: those of one hash are of one kind."""
    slots = (hashes >> np.uint64(64 - _TABLE_BITS)).astype(np.intp)
    held = np.full(1 << _TABLE_BITS, -1, np.int32)
    held[slots] = np.arange(len(hashes), dtype=np.int32)
    used = np.flatnonzero(held >= 0)
    firsts = held.take(used).astype(np.intp)
    numbers = np.empty(1 << _TABLE_BITS, np.int32)
    numbers[used] = np.arange(len(used), dtype=np.int32)
    kinds = numbers.take(slots)
    others = np.flatnonzero(hashes.take(firsts).take(kinds) != hashes)
    if len(others):  # two kinds in one slot of the table
        _, at, inverse = np.unique(hashes.take(others), return_index=True, return_inverse=True)
        kinds[others] = len(used) + inverse
        firsts = np.concatenate([firsts, others.take(at)])
    return kinds, firsts


def _with_cities(
    starts: NDArray[np.intp], ends: NDArray[np.intp], cities: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return each spelling of TPHCM as one syllable, and which of the syllables were kept."""
    kept = np.ones(len(starts), np.bool_)
    ends = ends.copy()
    for begin, end in cities:
        first, after = np.searchsorted(starts, (begin, end))
        kept[first + 1 : after] = False
        ends[first] = end
    return starts.compress(kept), ends.compress(kept), kept


@cache
def _letters() -> NDArray[np.uint32]:
    """Return a random number for each character by its letter without accents, or the mark of another character."""
    rolled = random.Random(1)
    worth = {letter: rolled.randrange(_APART + 1, 1 << 32) for letter in sorted(_ALPHABET) if letter.isascii()}
    found = np.array([_FOREIGN if chr(code).isalnum() else _BETWEEN for code in range(_PLANE)], np.uint32)
    for letter in map(chr, range(_LAST_LETTER)):
        plain, _ = split(letter.lower())
        if plain and plain in _ALPHABET:
            found[ord(letter)] = worth[fold(letter)]
    found[0x300:0x370] = _APART
    found[0xD800:0xE000] = _APART
    return found
