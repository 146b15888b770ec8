"""The best of many in a total order: one 64-bit number per article, its score above its place in date order."""

from __future__ import annotations

from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.bm25 import Floats
from searchapp.engines.whoosh.phrases import Numbers

OrderKeys: TypeAlias = NDArray[np.uint64]

_SAMPLE: Final = 4096
"""Scores looked at to find a bound below which nothing can be among the best."""
_LAST: Final = np.uint64(0xFFFFFFFF)
_MANY: Final = 8
"""Of more than an 8th of all articles the first ones are looked up in the order of all, without sorting."""
_STEP: Final = 2048
"""Articles looked at in one go while doing so."""


class Order:
    """An order of all articles of a generation; places: of each article in it, shape (articles,), 0 is first."""

    def __init__(self, places: NDArray[np.uint32]) -> None:
        self.places = places

    def best(
        self, documents: Numbers, scores: Floats | None, k: int, *, before: int | None = None
    ) -> tuple[Numbers, OrderKeys]:
        """As `best`, ties in this order."""
        if scores is None and before is None and len(documents) * _MANY > len(self.places):
            first = self._first(documents, k)
            return first, order_keys(None, self.places.take(first))
        return best(documents, scores, self.places, k, before=before)

    def _first(self, documents: Numbers, k: int) -> Numbers:
        """The first k of these articles, fewer where there are not so many."""
        if len(documents) == len(self.places):
            return self._articles[:k]
        wanted = np.zeros(len(self.places), np.bool_)
        wanted[documents] = True
        found: list[Numbers] = [self._articles[:0]]
        for begin in range(0, len(self.places), _STEP):
            some = self._articles[begin : begin + _STEP]
            found.append(some.compress(wanted.take(some))[:k])
            k -= len(found[-1])
            if not k:
                break
        return np.concatenate(found)

    @cached_property
    def _articles(self) -> Numbers:
        """All articles in this order."""
        articles = np.empty(len(self.places), np.intp)
        articles[self.places] = np.arange(len(self.places))
        return articles


def order_keys(scores: Floats | None, places: NDArray[np.uint32]) -> OrderKeys:
    """One number per article, all different, higher is better: its score, then its place (0 is best).

    scores: float32, not negative, so that their bits order as they do; None where only the place counts.
    """
    keys = _LAST - places.astype(np.uint64)
    if scores is not None:
        keys |= np.ascontiguousarray(scores).view(np.uint32).astype(np.uint64) << np.uint64(32)
    return keys


def best(
    documents: Numbers, scores: Floats | None, places: NDArray[np.uint32], k: int, *, before: int | None = None
) -> tuple[Numbers, OrderKeys]:
    """The k best articles in order with their keys; with `before` only those whose key is lower.

    scores: shape (documents,) or None; places: place of every article of the generation in the order among equals.
    """
    chosen = np.arange(len(documents)) if scores is None or before is not None else _promising(scores, k)
    keys = order_keys(None if scores is None else scores.take(chosen), places.take(documents.take(chosen)))
    if before is not None:
        later = keys < np.uint64(before)
        chosen, keys = chosen[later], keys[later]
    if len(keys) > k:
        at = np.argpartition(keys, len(keys) - k)[len(keys) - k :] if k else np.empty(0, np.intp)
        chosen, keys = chosen[at], keys[at]
    order = np.argsort(keys)[::-1]
    return documents.take(chosen[order]), keys[order]


def score_of(key: int) -> float:
    """The score inside an order key."""
    return float(np.array([key >> 32], np.uint32).view(np.float32)[0])


def _promising(scores: Floats, k: int) -> Numbers:
    """Places of all scores that can be among the k best: those not below the k-th best of a sample."""
    step = max(1, len(scores) // _SAMPLE)
    sample = scores[::step]
    if step == 1 or not 0 < k <= len(sample):
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(sample, -k)[-k])
