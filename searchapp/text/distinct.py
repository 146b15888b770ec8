"""Find where each distinct syllable of a text stands, by a few passes of NumPy: a long text has few different ones.

A pass takes a tenth of the time of cutting the text. Only distinct spellings become Python objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.text.keys import TPHCM
from searchapp.text.tokens import FOLDED, Cut, cut, keys_of_written

Column = NDArray[np.int32]
_Numbers = NDArray[np.uint64]

_BETWEEN, _INSIDE, _MARK = 0, 1, 2
"""Classes of characters: those in no syllable, those in one, combining marks."""
_PLANE: Final = 1 << 16

_BASE: Final = 0x9E3779B97F4A7C15
_ROUND: Final = 1 << 64
_TABLE_BITS: Final = 14
_CHUNK: Final = 1 << 14
_SHORT: Final = 200
"""Shorter texts are cut sooner than passed through."""
_LONG: Final = 12_000
"""From this length on, the last texts are remembered: other queries find them again."""
_REMEMBERED: Final = 24


@dataclass(frozen=True)
class Distinct:
    """The syllables of a text in columns, in its order: text[starts[n]:ends[n]] is written[kinds[n]].

    written, keys, folded: of each kind, as it stands and as it is searched, with accents and without.
    """

    starts: Column
    ends: Column
    kinds: Column
    written: Sequence[str]
    keys: Sequence[str]
    folded: Sequence[str]

    def until(self, end: int) -> Distinct:
        """Return the syllables that end before a place of the text; kinds without any of them remain."""
        size = int(np.searchsorted(self.ends, end, "right"))
        if size == len(self.ends):
            return self
        return replace(self, starts=self.starts[:size], ends=self.ends[:size], kinds=self.kinds[:size])

    @cached_property
    def held(self) -> bytes:
        """Tell of each kind whether the text has it."""
        return (np.bincount(self.kinds, minlength=len(self.keys)) > 0).tobytes()


def distinct(text: str) -> Distinct:
    """Return the syllables of a normalised text, the same as `tokens.cut` finds."""
    return _remembered(text) if len(text) > _LONG else _distinct(text)


def distinct_each(texts: Sequence[str]) -> list[Distinct]:
    """Return the syllables of several texts, which share their kinds: one pass over all of them."""
    found = _distinct("\n".join(texts))
    offsets = list(accumulate((len(text) + 1 for text in texts), initial=0))
    edges = np.searchsorted(found.starts, offsets).tolist()
    return [
        replace(found, starts=found.starts[a:b] - offset, ends=found.ends[a:b] - offset, kinds=found.kinds[a:b])
        for (a, b), offset in zip(pairwise(edges), offsets, strict=False)
    ]


def _distinct(text: str) -> Distinct:
    if len(text) < _SHORT:
        return _of_cut(cut(text))
    codes = np.frombuffer(f"\n{text}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    if codes.max() >= _PLANE:
        return _of_cut(cut(text))
    classes = _classes().take(codes)
    if classes.max() == _MARK:  # a mark may join its neighbours on both sides
        return _of_cut(cut(text))
    inside = classes != _BETWEEN
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    cities = [city.span() for city in TPHCM.finditer(text)] if _names_city(codes) else []
    if cities:
        starts, ends = _with_cities(starts, ends, cities)
    kinds, firsts = _kinds(_hashes(codes, starts, ends))
    spans = zip(starts.take(firsts).tolist(), ends.take(firsts).tolist(), strict=True)
    written = [text[start:end] for start, end in spans]
    keys = keys_of_written(written)
    if cities:
        named = {text[start:end] for start, end in cities}
        keys = ["tphcm" if one in named else key for one, key in zip(written, keys, strict=True)]
    return Distinct(starts.astype(np.int32), ends.astype(np.int32), kinds, written, keys, _folded(keys))


_remembered = lru_cache(_REMEMBERED)(_distinct)


def _of_cut(found: Cut) -> Distinct:
    known: dict[tuple[str, str], int] = {}
    spellings = zip(found.written, found.keys, strict=True)
    kinds = [known.setdefault(one, len(known)) for one in spellings]
    starts, ends = np.array(found.starts, np.int32), np.array(found.ends, np.int32)
    written, keys = [one for one, _ in known], [key for _, key in known]
    return Distinct(starts, ends, np.array(kinds, np.int32), written, keys, _folded(keys))


def _folded(keys: Iterable[str]) -> list[str]:
    return list(map(FOLDED.__getitem__, keys))


def _hashes(codes: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> _Numbers:
    """Return a number of 64 bits for each syllable as it is written: a polynomial over its characters."""
    powers, inverse = _powers(len(codes))
    sums = np.cumsum(codes * powers[: len(codes)], dtype=np.uint64)
    hashes: _Numbers = (sums.take(ends) - sums.take(starts)) * inverse.take(starts)
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


def _names_city(codes: NDArray[np.uint32]) -> bool:
    """Tell whether a text may name TPHCM in any spelling; most texts have no "hcm", which is seen quickly."""
    small = codes | np.uint32(0x20)
    h, c, m = map(ord, "hcm")
    return bool(((small[:-2] == h) & (small[1:-1] == c) & (small[2:] == m)).any())


def _with_cities(
    starts: NDArray[np.intp], ends: NDArray[np.intp], cities: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return each spelling of TPHCM as one syllable."""
    kept = np.ones(len(starts), np.bool_)
    ends = ends.copy()
    for begin, end in cities:
        first, after = np.searchsorted(starts, (begin, end))
        kept[first + 1 : after] = False
        ends[first] = end
    return starts.compress(kept), ends.compress(kept)


@cache
def _classes() -> NDArray[np.uint8]:
    """Return the class of every character of the first plane."""
    classes = np.array([_INSIDE if chr(code).isalnum() else _BETWEEN for code in range(_PLANE)], np.uint8)
    classes[0x300:0x370] = _MARK
    return classes


_longest: list[tuple[_Numbers, _Numbers]] = []
"""The powers for the longest text so far; shorter ones need the first of them."""


def _powers(size: int) -> tuple[_Numbers, _Numbers]:
    """Return powers of the base and of its inverse, at least so many."""
    if not _longest or len(_longest[0][0]) < size:
        _longest[:] = [_powers_of(max(_CHUNK, 1 << (size - 1).bit_length()))]
    return _longest[0]


def _powers_of(size: int) -> tuple[_Numbers, _Numbers]:
    back = pow(_BASE, -1, _ROUND)
    rows = [np.full(size, one, np.uint64) for one in (_BASE, back)]
    for row in rows:
        row[0] = 1
        np.multiply.accumulate(row, out=row)
    return rows[0], rows[1]
