"""Group articles that are reprints of one another, with nearly the same text.

Short sketches tell it: shingles, min-hashed.
"""

from __future__ import annotations

import zlib
from itertools import takewhile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.text.normalize import fold_key
from searchapp.text.tokens import Stream

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

SHINGLE: Final = 5
"""The syllables of a shingle: two texts seldom share five in a row by chance."""
BINS: Final = 128
"""The parts of the space of hashes; the lowest hash of each is kept. They tell the overlap of two
texts to about ± .04.
"""
SKETCH: Final = np.dtype([("text", "<u8"), ("length", "<u4"), ("own", "<u4"), ("said", "<u8", 2), ("bins", "u1", BINS)])
"""text: 64 bits that only equal texts share; length: syllables, 0 for no text; own: 32 bits of the article's own
document number, 0 for none; said: a Bloom filter of the numbers in the text; bins: 8 bits of the lowest of each bin."""

MAX_KNOWN: Final = 1 << 17

Hashes = NDArray[np.uint64]

_ROLL: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_IS_NUMBER: Final = np.uint64(1)
_FIRST: Final = np.ones(1, np.bool_)


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


def sketch(title: Stream, body: Stream, number: str = "") -> NDArray[np.void]:
    """Return the sketch of an article's text, one row of SKETCH; accents, case and the title make no difference.

    The method is min-hashing with one permutation (Li, Owen & Zhang 2012). It keeps 8 bits a bin (b-bit minwise
    hashing, Li & König 2010). An empty bin borrows from the next filled one (Shrivastava & Li 2014).
    """
    row = np.zeros((), SKETCH)
    keys = own_keys(title, body)
    if not keys:
        return row
    syllables = np.fromiter(map(_HASHES.__getitem__, keys), np.uint64, len(keys))
    shingles = _shingles(syllables)
    row["text"], row["length"] = shingles.sum(), len(keys)
    row["own"] = zlib.crc32(number.encode()) if number else 0
    row["said"] = _said(syllables)
    shingles.sort()
    row["bins"] = _bins(shingles[np.concatenate([_FIRST, shingles[1:] != shingles[:-1]])])
    return row


def own_keys(title: Stream, body: Stream) -> list[str]:
    """Return the keys of a text without a first line that repeats the title and without the expansions of
    abbreviations.
    """
    gaps = np.diff(np.frombuffer(body.positions, np.uint32)) > 1
    first = _first_line(body)
    start = len(first) if first == _first_line(title) else 0
    # The expansions of abbreviations stand after the text, each by itself (`tokens.stream_of`).
    apart = sum(1 for _ in takewhile(bool, gaps[::-1].tolist()))
    return body.keys[start : len(body.keys) - apart]


def _first_line(stream: Stream) -> list[str]:
    breaks = np.flatnonzero(np.diff(np.frombuffer(stream.positions, np.uint32)) > 1)
    return stream.keys[: int(breaks[0]) + 1] if len(breaks) else stream.keys


def _shingles(syllables: Hashes) -> Hashes:
    """Return a hash of every SHINGLE syllables in a row; one of all syllables where there are fewer."""
    width = min(SHINGLE, len(syllables))
    found = np.zeros(len(syllables) - width + 1, np.uint64)
    for at in range(width):
        found = found * _ROLL + syllables[at : at + len(found)]
    return _mixed(found)


def _mixed(values: Hashes) -> Hashes:
    """Mix the bits: every bit of the result depends on every bit of the value (SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


def _bins(shingles: Hashes) -> NDArray[np.uint8]:
    """Return eight bits of the lowest hash of each bin. shingles: distinct, ascending."""
    places = (shingles >> np.uint64(64 - BINS.bit_length() + 1)).astype(np.intp)
    first = np.concatenate([_FIRST, places[1:] != places[:-1]])
    filled, lowest = places[first], shingles[first]
    bins = np.arange(BINS)
    lender = np.searchsorted(filled, bins) % len(filled)  # a filled bin lends to itself; the search goes around the end
    away = ((filled[lender] - bins) % BINS).astype(np.uint64)
    return _mixed(lowest[lender] + away * _ROLL).astype(np.uint8)


def _said(syllables: Hashes) -> Hashes:
    """Return a filter of 128 bits with one for every number in the text."""
    numbers = syllables[(syllables & _IS_NUMBER) > 0] >> np.uint64(1)
    filled = np.zeros(2, np.uint64)
    bits = np.uint64(1) << (numbers >> np.uint64(1) & np.uint64(63))
    np.bitwise_or.at(filled, (numbers & np.uint64(1)).astype(np.intp), bits)
    return filled


class _Hashes(dict[str, int]):
    """A table of 63 bits for each folded syllable; the lowest bit marks a first digit."""

    def __missing__(self, key: str) -> int:
        if len(self) > MAX_KNOWN:
            self.clear()
        data = fold_key(key).encode()
        self[key] = found = (zlib.crc32(data) << 32 | zlib.crc32(data[::-1], 1)) & ~1 | key[0].isdigit()
        return found


_HASHES: Final = _Hashes()
