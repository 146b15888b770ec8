"""Make a short sketch of a text that tells whether two texts are nearly the same: shingles, min-hashed."""

from __future__ import annotations

import zlib
from itertools import takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.text.normalize import fold_key
from searchapp.text.tokens import Stream

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

Numbers = NDArray[np.uint64]

_ROLL: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_IS_NUMBER: Final = np.uint64(1)
_FIRST: Final = np.ones(1, np.bool_)


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


def _shingles(syllables: Numbers) -> Numbers:
    """Return a hash of every SHINGLE syllables in a row; one of all syllables where there are fewer."""
    width = min(SHINGLE, len(syllables))
    found = np.zeros(len(syllables) - width + 1, np.uint64)
    for at in range(width):
        found = found * _ROLL + syllables[at : at + len(found)]
    return _mixed(found)


def _mixed(values: Numbers) -> Numbers:
    """Mix the bits: every bit of the result depends on every bit of the value (SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


def _bins(shingles: Numbers) -> NDArray[np.uint8]:
    """Return eight bits of the lowest hash of each bin. shingles: distinct, ascending."""
    places = (shingles >> np.uint64(64 - BINS.bit_length() + 1)).astype(np.intp)
    first = np.concatenate([_FIRST, places[1:] != places[:-1]])
    filled, lowest = places[first], shingles[first]
    bins = np.arange(BINS)
    lender = np.searchsorted(filled, bins) % len(filled)  # a filled bin lends to itself; the search goes around the end
    away = ((filled[lender] - bins) % BINS).astype(np.uint64)
    return _mixed(lowest[lender] + away * _ROLL).astype(np.uint8)


def _said(syllables: Numbers) -> Numbers:
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
