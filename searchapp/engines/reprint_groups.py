"""Group articles that are reprints of one another, with nearly the same text, by their sketches (`text.sketch`)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.text.sketch import BINS, SHINGLE

MIN_SAME: Final = 8
"""The fewest syllables of a text that can be told from others: "Bị bãi bỏ." stands under many titles."""
_MIN_NEAR: Final = 60
"""The fewest syllables at which texts may be nearly the same; shorter ones must agree word for word."""
_CONTAINED: Final = 0.88
"""The part of the shorter text that must stand in the longer one: it allows a byline and a few corrections."""
ALIKE: Final = 0.65
"""The share of common words among all words of both: it allows a lead of half the text's length."""

# of four bins: texts that share .7 meet in one of them 98 times in 100, texts that share .2 meet 3 times
_BANDS: Final = 16
_LOW: Final = np.uint64(0xFFFFFFFF)
_CHANCE: Final = 1 / 256  # the chance that two different bins agree in the 8 bits kept

_Sketches = NDArray[np.void]
_Ranks = NDArray[np.intp]


def groups(sketches: _Sketches, order: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.uint32]:
    """Return the group of each article, 0 for one that has no reprint; groups are numbered from 1.

    sketches: rows of `text.sketch.SKETCH`, all zero for removed articles. order: the place of each article in an order
    of all of them (date, then id). The first of a group is its original, and every other is a reprint of that one. So
    nothing drifts along a chain of small changes. The result depends on the texts and the order alone.
    """
    by_rank = np.argsort(order)
    rows = sketches[by_rank]
    pairs = _pairs(rows)
    pairs = pairs[_reprinted(rows[pairs[:, 0]], rows[pairs[:, 1]])]
    originals = np.arange(len(rows))
    for family in _families(pairs):
        rest = family
        while len(rest) > 1:
            same = _reprinted(np.repeat(rows[rest[:1]], len(rest)), rows[rest])
            same[0] = True
            originals[rest[same]] = rest[0]
            rest = rest[~same]
    _, numbers, sizes = np.unique(originals, return_inverse=True, return_counts=True)
    several = sizes > 1
    found = np.zeros(len(rows), np.uint32)
    found[by_rank] = np.where(several, np.cumsum(several), 0)[numbers]
    return found


def _reprinted(a: _Sketches, b: _Sketches) -> NDArray[np.bool_]:
    """Tell whether each of b is a reprint of each of a, pair by pair."""
    shared = (np.count_nonzero(a["bins"] == b["bins"], axis=1) / BINS - _CHANCE) / (1 - _CHANCE)
    lengths = [np.maximum(one["length"].astype(np.float64) - SHINGLE + 1, 1) for one in (a, b)]
    shorter = np.minimum(*lengths)
    contained = shared / (1 + shared) * (lengths[0] + lengths[1]) / shorter
    near: NDArray[np.bool_] = (contained >= _CONTAINED) & (shared >= ALIKE) & (shorter > _MIN_NEAR - SHINGLE)
    # Two decisions in one frame differ in their numbers. A byline adds some numbers, but only to one of the two texts.
    near &= ~((a["said"] & ~b["said"]).any(axis=1) & (b["said"] & ~a["said"]).any(axis=1))
    near &= (a["own"] == b["own"]) | (a["own"] == 0) | (b["own"] == 0)
    near |= (a["text"] == b["text"]) & (a["length"] == b["length"]) & (a["length"] >= MIN_SAME)
    return near


def _pairs(rows: _Sketches) -> NDArray[np.intp]:
    """Return pairs that may be reprints, each once, the earlier first: shape (pairs, 2)."""
    long = np.flatnonzero(rows["length"] >= _MIN_NEAR)
    bands = np.ascontiguousarray(rows["bins"][long]).view("<u4")
    found = [_met(bands[:, band].astype(np.uint64), long) for band in range(_BANDS)]
    told = np.flatnonzero(rows["length"] >= MIN_SAME)
    found.append(_met(rows["text"][told] & _LOW, told))
    packed = np.unique(np.concatenate(found))
    return np.stack([packed >> np.uint64(32), packed & _LOW], axis=1).astype(np.intp)


def _met(values: NDArray[np.uint64], ranks: _Ranks) -> NDArray[np.uint64]:
    """Return pairs of ranks, packed, that share a value: each with the value's first rank, and with the rank before.

    values: below 2 ** 32. Sorting value and rank in one number is several times as fast as an argsort.
    """
    packed = values << np.uint64(32) | ranks.astype(np.uint64)
    packed.sort()
    again = np.zeros(len(packed), np.bool_)
    again[1:] = packed[1:] >> np.uint64(32) == packed[:-1] >> np.uint64(32)
    ranked = packed & _LOW
    starts = np.flatnonzero(~again)
    first = ranked[np.repeat(starts, np.diff(starts, append=len(packed)))][again]
    before = ranked[np.flatnonzero(again) - 1]
    earlier = np.concatenate([first, before])
    pairs: NDArray[np.uint64] = earlier << np.uint64(32) | np.tile(ranked[again], 2)
    return pairs


def _families(pairs: NDArray[np.intp]) -> list[_Ranks]:
    """Return families, joined by pairs directly or through others; each family in ascending order."""
    members, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    lowest = np.arange(len(members))
    while True:
        reached = lowest[ends].min(axis=1)
        before = lowest.copy()
        np.minimum.at(lowest, ends[:, 0], reached)
        np.minimum.at(lowest, ends[:, 1], reached)
        lowest = lowest[lowest]
        if np.array_equal(before, lowest):
            break
    arranged = np.argsort(lowest, kind="stable")
    return np.split(members[arranged], np.flatnonzero(np.diff(lowest[arranged])) + 1) if len(members) else []
