"""BM25 as Lucene computes it: idf, quantised lengths and the share of a posting, all float32."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import idf as idf

Floats: TypeAlias = NDArray[np.float32]
Unsigned: TypeAlias = NDArray[np.unsignedinteger]

_MAX_INT4: Final = 231
"""What 2^31 - 1 becomes with four significant bits."""
_EXACT: Final = 255 - _MAX_INT4
"""Lengths below this keep their true value in Lucene's byte."""


def byte4_to_int(code: int) -> int:
    """The length that one byte stands for (Lucene's SmallFloat.byte4ToInt).

    >>> [byte4_to_int(code) for code in (0, 23, 24, 40, 48, 255)]
    [0, 23, 24, 40, 56, 2013265944]
    """
    if code < _EXACT:
        return code
    rest = code - _EXACT
    bits, shift = rest & 7, (rest >> 3) - 1
    return _EXACT + (bits if shift < 0 else (bits | 8) << shift)


LENGTHS: Final = np.array([byte4_to_int(code) for code in range(256)], dtype=np.uint32)
"""All lengths that Lucene can tell apart, ascending."""


def length_codes(lengths: Unsigned) -> NDArray[np.uint8]:
    """Lucene's byte for each length: the last of `LENGTHS` that is not above it (SmallFloat.intToByte4)."""
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)


def norms(lengths: Unsigned, average: float, k1: float, b: float) -> Floats:
    """What the length of each article adds below the fraction line: k1 * (1 - b + b * length / average).

    lengths: true token counts, shape (articles,); average: mean length over the articles that have the field.
    """
    kept = LENGTHS[length_codes(np.arange(int(lengths.max(initial=0)) + 1, dtype=np.uint32))].astype(np.float32)
    table = np.float32(k1) * (np.float32(1 - b) + np.float32(b) * kept / np.float32(average))
    return table.astype(np.float32).take(lengths)


def shares(frequencies: NDArray[np.integer], norm: Floats) -> Floats:
    """The share of a term's worth that each posting earns: tf / (tf + norm), without Lucene's old k1 + 1.

    frequencies, norm: shape (postings,). Returns float32 of the same shape, between 0 and 1.
    """
    tf = frequencies.astype(np.float32)
    return tf / (tf + norm)
