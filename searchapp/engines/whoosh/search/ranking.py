"""Rank by BM25 as Lucene does, take the best k by score or date, and page beyond them by cursors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import idf as idf
from searchapp.engines.whoosh.search.phrases import DocIds, places_of
from searchapp.errors import BadCursorError

Floats: TypeAlias = NDArray[np.float32]
Unsigned: TypeAlias = NDArray[np.unsignedinteger]

_MAX_INT4: Final = 231
"""The value of 2^31 - 1 with four significant bits."""
_EXACT: Final = 255 - _MAX_INT4
"""Lengths below this keep their true value in Lucene's byte."""


def _byte4_to_int(code: int) -> int:
    """Return the length that one byte stands for (Lucene's SmallFloat.byte4ToInt).

    >>> [_byte4_to_int(code) for code in (0, 23, 24, 40, 48, 255)]
    [0, 23, 24, 40, 56, 2013265944]
    """
    if code < _EXACT:
        return code
    rest = code - _EXACT
    bits, shift = rest & 7, (rest >> 3) - 1
    return _EXACT + (bits if shift < 0 else (bits | 8) << shift)


LENGTHS: Final = np.array([_byte4_to_int(code) for code in range(256)], dtype=np.uint32)
"""All lengths that Lucene can tell apart, ascending."""


def length_codes(lengths: Unsigned) -> NDArray[np.uint8]:
    """Return Lucene's byte for each length: the last of `LENGTHS` that is not above it (SmallFloat.intToByte4)."""
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)


_LEAST: Final = np.finfo(np.float32).tiny
"""No norm is 0: an article without the term earns 0 / (0 + norm)."""


def norms(lengths: Unsigned, average: float, k1: float, b: float) -> Floats:
    """Return the norm of each article's length below the fraction line: k1 * (1 - b + b * length / average).

    lengths: true token counts, shape (articles,); average: mean length over the articles that have the field.
    """
    kept = LENGTHS[length_codes(np.arange(int(lengths.max(initial=0)) + 1, dtype=np.uint32))].astype(np.float32)
    table = np.float32(k1) * (np.float32(1 - b) + np.float32(b) * kept / np.float32(average))
    found: Floats = np.maximum(table, _LEAST).take(lengths)
    return found


def shares(frequencies: NDArray[np.integer], norm: Floats) -> Floats:
    """Return the share of a term's worth that each posting earns: tf / (tf + norm), without Lucene's old k1 + 1.

    frequencies, norm: shape (postings,). Returns float32 of the same shape, between 0 and 1.
    """
    tf = frequencies.astype(np.float32)
    tf /= tf + norm
    return tf


@dataclass(frozen=True, slots=True)
class Listed:
    """Live articles of a term or phrase, ascending, with the share of its worth that each earns; both of one shape.

    doc_ids: in the smallest type that holds the numbers of all articles; weight: idf in this field (for a phrase the
    sum over its terms).
    """

    weight: float
    doc_ids: NDArray[np.integer]
    shares: Floats

    @property
    def matching(self) -> int:
        """Return how many articles there are."""
        return len(self.doc_ids)

    @property
    def nbytes(self) -> int:
        """Return the room of the arrays that are its own."""
        return (0 if self.doc_ids.base is not None else self.doc_ids.nbytes) + self.shares.nbytes

    def numbers(self) -> DocIds:
        """Return the articles."""
        return self.doc_ids.astype(np.intp)

    def has(self, doc_ids: DocIds) -> NDArray[np.bool_]:
        """Tell which of some articles are among them."""
        hit = np.zeros(len(doc_ids), np.bool_)
        hit[places_of(self.doc_ids, doc_ids)] = True
        return hit

    def add(self, scores: Floats, worth: np.float32) -> None:
        """Add to the scores of all articles; add.at takes two thirds of the time of scores[…] +=."""
        np.add.at(scores, self.doc_ids.astype(np.intp), worth * self.shares)

    def add_few(self, scores: Floats, doc_ids: DocIds, worth: np.float32) -> None:
        """Add to the scores of few articles: look up those of the shorter list in the longer one."""
        if len(self.doc_ids) > len(doc_ids):
            at = np.searchsorted(self.doc_ids, doc_ids.astype(self.doc_ids.dtype, copy=False))
            at[at == len(self.doc_ids)] = 0
            scores += np.where(self.doc_ids[at] == doc_ids, worth * self.shares[at], np.float32(0))
        elif len(self.doc_ids):
            at = np.searchsorted(doc_ids, self.doc_ids.astype(doc_ids.dtype, copy=False))
            at[at == len(doc_ids)] = 0
            hit = doc_ids[at] == self.doc_ids
            scores[at[hit]] += worth * self.shares[hit]


@dataclass(frozen=True, slots=True)
class Spread:
    """A `Listed` of many articles: a frequency for every article, mostly a byte, and the norms that all lists share.

    Its shares take twice the time of stored ones, and a quarter of their room: more lists stay in memory.
    """

    weight: float
    matching: int
    frequencies: NDArray[np.integer]
    norms: Floats

    @property
    def nbytes(self) -> int:
        """Return the room of the array that is its own."""
        return self.frequencies.nbytes

    def numbers(self) -> DocIds:
        """Return the articles."""
        return np.flatnonzero(self.frequencies)

    def has(self, doc_ids: DocIds) -> NDArray[np.bool_]:
        """Tell which of some articles are among them."""
        found: NDArray[np.bool_] = self.frequencies.take(doc_ids) > 0
        return found

    def add(self, scores: Floats, worth: np.float32) -> None:
        """Add to the scores of all articles."""
        earned = shares(self.frequencies, self.norms)
        earned *= worth
        scores += earned

    def add_few(self, scores: Floats, doc_ids: DocIds, worth: np.float32) -> None:
        """Add to the scores of few articles."""
        scores += worth * shares(self.frequencies.take(doc_ids), self.norms.take(doc_ids))


Scored: TypeAlias = Listed | Spread

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
