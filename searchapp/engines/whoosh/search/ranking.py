"""Rank by BM25 as Lucene does, take the best k by score or date, and page beyond them by cursors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import idf as idf
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.errors import BadCursorError

Floats: TypeAlias = NDArray[np.float32]
Unsigned: TypeAlias = NDArray[np.unsignedinteger]

_MAX_INT4: Final = 231
"""The value of 2^31 - 1 with four significant bits."""
_EXACT: Final = 255 - _MAX_INT4
"""Lengths below this keep their true value in Lucene's byte."""


def byte4_to_int(code: int) -> int:
    """Return the length that one byte stands for (Lucene's SmallFloat.byte4ToInt).

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
    """Return Lucene's byte for each length: the last of `LENGTHS` that is not above it (SmallFloat.intToByte4)."""
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)


def norms(lengths: Unsigned, average: float, k1: float, b: float) -> Floats:
    """Return the norm of each article's length below the fraction line: k1 * (1 - b + b * length / average).

    lengths: true token counts, shape (articles,); average: mean length over the articles that have the field.
    """
    kept = LENGTHS[length_codes(np.arange(int(lengths.max(initial=0)) + 1, dtype=np.uint32))].astype(np.float32)
    table = np.float32(k1) * (np.float32(1 - b) + np.float32(b) * kept / np.float32(average))
    return table.astype(np.float32).take(lengths)


def shares(frequencies: NDArray[np.integer], norm: Floats) -> Floats:
    """Return the share of a term's worth that each posting earns: tf / (tf + norm), without Lucene's old k1 + 1.

    frequencies, norm: shape (postings,). Returns float32 of the same shape, between 0 and 1.
    """
    tf = frequencies.astype(np.float32)
    return tf / (tf + norm)


_OrderKeys: TypeAlias = NDArray[np.uint64]

_SAMPLE: Final = 4096
"""The number of scores in a sample that gives a bound for the best ones."""
_LAST: Final = np.uint64(0xFFFFFFFF)
_MANY: Final = 8
"""From an 8th of all articles on, a set's first ones are looked up in the whole order, without sorting."""
_STEP: Final = 2048
"""The number of articles in one step of that look-up."""


class Order:
    """An order of all articles of a generation; places: of each article in it, shape (articles,), 0 is first."""

    def __init__(self, places: NDArray[np.uint32]) -> None:
        self.places = places

    def best(
        self, doc_ids: DocIds, scores: Floats | None, k: int, *, before: int | None = None
    ) -> tuple[DocIds, _OrderKeys]:
        """Return the result of the function `best`, ties in this order."""
        if scores is None and before is None and len(doc_ids) * _MANY > len(self.places):
            first = self._first(doc_ids, k)
            return first, order_keys(None, self.places.take(first))
        return best(doc_ids, scores, self.places, k, before=before)

    def _first(self, doc_ids: DocIds, k: int) -> DocIds:
        """Return the first k of these articles, or all of fewer than k."""
        if len(doc_ids) == len(self.places):
            return self._articles[:k]
        wanted = np.zeros(len(self.places), np.bool_)
        wanted[doc_ids] = True
        found: list[DocIds] = [self._articles[:0]]
        for begin in range(0, len(self.places), _STEP):
            some = self._articles[begin : begin + _STEP]
            found.append(some.compress(wanted.take(some))[:k])
            k -= len(found[-1])
            if not k:
                break
        return np.concatenate(found)

    @cached_property
    def _articles(self) -> DocIds:
        """Return all articles in this order."""
        articles = np.empty(len(self.places), np.intp)
        articles[self.places] = np.arange(len(self.places))
        return articles


def order_keys(scores: Floats | None, places: NDArray[np.uint32]) -> _OrderKeys:
    """Return one number per article, all different, higher is better: its score, then its place (0 is best).

    scores: float32, not negative, so that their bits order as they do; None where only the place counts.
    """
    keys = _LAST - places.astype(np.uint64)
    if scores is not None:
        keys |= np.ascontiguousarray(scores).view(np.uint32).astype(np.uint64) << np.uint64(32)
    return keys


def best(
    doc_ids: DocIds, scores: Floats | None, places: NDArray[np.uint32], k: int, *, before: int | None = None
) -> tuple[DocIds, _OrderKeys]:
    """Return the k best articles in order with their keys; with `before` only those whose key is lower.

    scores: shape (doc_ids,) or None; places: place of every article of the generation in the order among equals.
    """
    chosen = np.arange(len(doc_ids)) if scores is None or before is not None else _promising(scores, k)
    keys = order_keys(None if scores is None else scores.take(chosen), places.take(doc_ids.take(chosen)))
    if before is not None:
        later = keys < np.uint64(before)
        chosen, keys = chosen[later], keys[later]
    if len(keys) > k:
        at = np.argpartition(keys, len(keys) - k)[len(keys) - k :] if k else np.empty(0, np.intp)
        chosen, keys = chosen[at], keys[at]
    order = np.argsort(keys)[::-1]
    return doc_ids.take(chosen[order]), keys[order]


def score_of(key: int) -> float:
    """Return the score inside an order key."""
    return float(np.array([key >> 32], np.uint32).view(np.float32)[0])


def _promising(scores: Floats, k: int) -> DocIds:
    """Return places of the scores that can be among the k best: those not below a sample's k-th best."""
    step = max(1, len(scores) // _SAMPLE)
    sample = scores[::step]
    if step == 1 or not 0 < k <= len(sample):
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(sample, -k)[-k])


class Cursor(NamedTuple):
    """A hit: the generation and order of its page, its order key (`topk`) and its article's key."""

    generation: str
    order: str
    key: int
    article: str


def write(cursor: Cursor) -> str:
    """Return a cursor as text for a URL."""
    plain = f"{cursor.generation} {cursor.order} {cursor.key:x} {cursor.article}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str, order: str) -> Cursor:
    """Return the cursor that `write` wrote. Raises BadCursorError for another text, or one of another order."""
    try:
        plain = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        generation, found, key, article = plain.split(" ")
        cursor = Cursor(generation, found, int(key, 16), article)
    except (ValueError, binascii.Error):
        raise BadCursorError from None
    if cursor.order != order or not 0 <= cursor.key < 1 << 64:
        raise BadCursorError
    return cursor


def bound(cursor: Cursor, generation: str, places: NDArray[np.uint32], locate: Callable[[str], int | None]) -> int:
    """Return the order key below which the list goes on. In a newer generation, the key of the same article there.

    places: place of every article among equals; locate: article key to its number. Raises BadCursorError when the
    article is gone.
    """
    if cursor.generation == generation:
        return cursor.key
    number = locate(cursor.article)
    if number is None:
        raise BadCursorError
    return cursor.key >> 32 << 32 | 0xFFFFFFFF - int(places[number])
