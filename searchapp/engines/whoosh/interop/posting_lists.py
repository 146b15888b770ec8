"""The posting lists of one Whoosh field in one segment, without removed articles: text, facet values, keys."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.search.doc_values import Column
from searchapp.engines.whoosh.store.arrays import PackedRange
from searchapp.engines.whoosh.store.postings import U32, FieldReader, Postings
from searchapp.engines.whoosh.store.segment import Segment

Live = NDArray[np.bool_]
"""One bool an article of the segment, shape (size,): False where it is removed."""


class Lists(Protocol):
    """Terms in byte order, each with its posting list."""

    def terms_from(self, first: bytes) -> Iterator[bytes]:
        """Yield terms that are not before this one; some may have no posting left."""
        ...

    def postings(self, term: bytes) -> Postings | None:
        """Return the posting list of a term, None where no living article has it."""
        ...

    def frequency(self, term: bytes) -> int:
        """Return how many living articles have a term."""
        ...


class TextLists:
    """Lists of a text field. live: None where nothing is removed."""

    def __init__(self, field: FieldReader, live: Live | None) -> None:
        self._field = field
        self._live = live

    def terms_from(self, first: bytes) -> Iterator[bytes]:
        """See `Lists`."""
        return self._field.dictionary.iterate(self._field.dictionary.rank_from(first))

    def postings(self, term: bytes) -> Postings | None:
        """See `Lists`."""
        found = self._field.postings(term)
        return found if found is None or self._live is None else living(found, self._live)

    def frequency(self, term: bytes) -> int:
        """See `Lists`; read from the dictionary alone where nothing is removed."""
        if self._live is None:
            return self._field.frequency(term)
        found = self._field.postings(term)
        return 0 if found is None else int(np.count_nonzero(self._live[found.doc_ids]))


def living(postings: Postings, live: Live) -> Postings | None:
    """Return the postings of living articles, None where there are none."""
    kept = live[postings.doc_ids]
    if kept.all():
        return postings
    if not kept.any():
        return None
    left = postings.doc_ids[kept], postings.frequencies[kept]
    if not postings.has_positions:
        return Postings(*left)
    positions = postings.positions()[np.repeat(kept, postings.frequencies.astype(np.int64))]
    return Postings(*left, PackedRange.of(positions))


class ValueLists:
    """Lists of a facet: an article has each of its values once. Removed articles have no values.

    base, size: the segment's range among the articles of the generation.
    """

    def __init__(self, column: Column, base: int, size: int) -> None:
        self._column = column
        self._base = base
        self._size = size

    def terms_from(self, first: bytes) -> Iterator[bytes]:
        """See `Lists`."""
        return iter(self._terms[bisect_left(self._terms, first) :])

    def postings(self, term: bytes) -> Postings | None:
        """See `Lists`."""
        code = self._column.places.get(term.decode(errors="replace"), 0)
        if not code or self._starts[code] == self._starts[code + 1]:
            return None
        doc_ids = self._doc_ids[self._starts[code] : self._starts[code + 1]]
        return Postings(doc_ids, np.ones(len(doc_ids), np.uint8))

    def frequency(self, term: bytes) -> int:
        """See `Lists`."""
        code = self._column.places.get(term.decode(errors="replace"), 0)
        return int(self._starts[code + 1] - self._starts[code]) if code else 0

    @cached_property
    def _terms(self) -> list[bytes]:
        return sorted(value.encode() for value in self._column.values)

    @cached_property
    def _inverted(self) -> tuple[U32, NDArray[np.int64]]:
        """Return articles in the order of their codes, and where each code begins among them."""
        column, end = self._column, self._base + self._size
        if column.starts is None:
            codes, owners = column.codes[self._base : end], np.arange(self._size, dtype=np.uint32)
        else:
            starts = column.starts[self._base : end + 1]
            codes = column.codes[starts[0] : starts[-1]]
            owners = np.repeat(np.arange(self._size, dtype=np.uint32), np.diff(starts))
        counts = np.bincount(codes, minlength=len(column.values) + 1)
        return owners[np.argsort(codes, kind="stable")], np.concatenate([[0], np.cumsum(counts)])

    @property
    def _doc_ids(self) -> U32:
        return self._inverted[0]

    @property
    def _starts(self) -> NDArray[np.int64]:
        return self._inverted[1]


class KeyLists:
    """Lists of the field "key": each living article has its own."""

    def __init__(self, segment: Segment, live: Live | None) -> None:
        self._segment = segment
        self._live = live

    def terms_from(self, first: bytes) -> Iterator[bytes]:
        """See `Lists`."""
        keys = self._segment.keys()
        keys = np.sort(keys if self._live is None else keys[self._live])
        return iter(keys[np.searchsorted(keys, np.bytes_(first)) :].tolist())

    def postings(self, term: bytes) -> Postings | None:
        """See `Lists`."""
        number = self._segment.number_of(term.decode(errors="replace"))
        if number is None or (self._live is not None and not self._live[number]):
            return None
        return Postings(np.array([number], np.uint32), np.ones(1, np.uint8))

    def frequency(self, term: bytes) -> int:
        """See `Lists`."""
        return int(self.postings(term) is not None)
