"""Show Whoosh our dictionaries and posting lists, without removed articles: the terms of a segment for its readers
and queries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from searchapp.engines.whoosh.interop.schema import Frequencies
from searchapp.engines.whoosh.search.doc_values import Column
from searchapp.engines.whoosh.store.arrays import PackedRange
from searchapp.engines.whoosh.store.postings import U32, FieldReader, Postings
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.fields import TEXT_FIELDS

_TEXTS = frozenset(field.name for field in TEXT_FIELDS)

Live = NDArray[np.bool_]
"""One bool an article of the segment, shape (size,): False where it is removed."""


class ColumnTermsReader(base.TermsReader):
    """The dictionaries as Whoosh sees them; fields in the order of their names, terms in byte order.

    fields: every field that has terms. Removed articles are in no list and in no statistic.
    """

    def __init__(self, segment: Segment, fields: Mapping[str, Lists]) -> None:
        self._segment = segment
        self._fields = fields
        self._names = tuple(sorted(fields))

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.doc_frequency(*term) > 0

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return every field that has terms."""
        return self._names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every term of every field that a living article has."""
        return self.terms_from(self._names[0], b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield terms from this one on, to the end of the last field."""
        for name in self._names[self._names.index(fieldname) :]:
            lists = self._fields[name]
            first = prefix if name == fieldname else b""
            yield from ((name, term) for term in lists.terms_from(first) if lists.frequency(term))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        return self.items_from(self._names[0], b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield terms from this one on, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term. Raises TermNotFound."""
        return self._info(fieldname, self._postings(fieldname, text))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many articles have a term."""
        return self._fields[fieldname].frequency(text) if fieldname in self._fields else 0

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term occurs. Raises TermNotFound."""
        return float(self._postings(fieldname, text).frequencies.sum())

    def matcher(self, fieldname: str, text: bytes, format_: Frequencies, scorer: Any = None) -> ColumnMatcher:
        """Return a matcher over a posting list. Raises TermNotFound."""
        postings = self._postings(fieldname, text)
        return ColumnMatcher(postings, self._info(fieldname, postings), format_, (fieldname, text), scorer)

    def cursor(self, fieldname: str, fieldobj: Any) -> _ColumnCursor:
        """Return a cursor over the terms of a field."""
        return _ColumnCursor(self, fieldname)

    def _info(self, fieldname: str, postings: Postings) -> TermInfo:
        return term_info(postings, self._segment.lengths(fieldname) if fieldname in _TEXTS else None)

    def _postings(self, fieldname: str, text: bytes) -> Postings:
        postings = self._fields[fieldname].postings(text) if fieldname in self._fields else None
        if postings is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return postings


class _ColumnCursor(base.FieldCursor):
    """A cursor over the terms of one field, for Whoosh's spelling automaton."""

    def __init__(self, reader: ColumnTermsReader, fieldname: str) -> None:
        self._reader = reader
        self._fieldname = fieldname
        self.first()

    def first(self) -> str | None:
        """Go to the first term."""
        return self.find("")

    def find(self, string: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        first = string.encode() if isinstance(string, str) else string
        self._rest = self._reader.terms_from(self._fieldname, first)
        return self.next()

    def next(self) -> str | None:
        """Go to the next term."""
        name, term = next(self._rest, ("", b""))
        self._term = term if name == self._fieldname else None
        return self.text()

    def text(self) -> str | None:
        """Return the current term, None at the end."""
        return None if self._term is None else self._term.decode()

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term."""
        return None if self._term is None else self._reader.term_info(self._fieldname, self._term)

    def is_valid(self) -> bool:
        """Tell whether the cursor stands at a term."""
        return self._term is not None


def term_info(postings: Postings, lengths: U32 | None) -> TermInfo:
    """Return the statistics that Whoosh's scorers need. lengths: tokens of each article of the segment; None where none
    count.
    """
    mine = postings.frequencies if lengths is None else lengths[postings.doc_ids]
    return TermInfo(  # type: ignore[no-untyped-call]
        weight=float(postings.frequencies.sum()),
        df=len(postings.doc_ids),
        minlength=int(mine.min()),
        maxlength=int(mine.max()),
        maxweight=float(postings.frequencies.max()),
        minid=int(postings.doc_ids[0]),
        maxid=int(postings.doc_ids[-1]),
    )


class ColumnMatcher(LeafMatcher):
    """A matcher over a posting list, which is one block to Whoosh's quality optimisations."""

    def __init__(
        self,
        postings: Postings,
        info: TermInfo,
        format_: Frequencies,
        term: tuple[str, bytes],
        scorer: BaseScorer | None,
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        self._info = info
        self._at = 0

    def is_active(self) -> bool:
        """Tell whether the matcher stands at a posting."""
        return self._at < len(self._postings.doc_ids)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> ColumnMatcher:
        """Return another matcher at the same posting."""
        other = ColumnMatcher(self._postings, self._info, self.format, self._term, self.scorer)
        other._at = self._at
        return other

    def id(self) -> int:
        """Return the article of this posting."""
        return int(self._postings.doc_ids[self._at])

    def weight(self) -> float:
        """Return the frequency of this posting."""
        return float(self._postings.frequencies[self._at])

    def value(self) -> bytes:
        """Return the value of this posting in the field's format."""
        if not self._postings.has_positions:
            return self.format.encode(int(self._postings.frequencies[self._at]))
        start, end = self._ends[self._at : self._at + 2].tolist()
        return self._postings.positions_at(np.arange(start, end)).astype("<u4").tobytes()

    def next(self) -> None:
        """Go to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        """Go to the first posting, from here on, whose article is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._at = max(self._at, int(np.searchsorted(self._postings.doc_ids, id)))

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the end when no posting can be good enough."""
        if self.is_active() and self.block_quality() <= minquality:  # type: ignore[no-untyped-call]
            self._at = len(self._postings.doc_ids)
            return 1
        return 0

    def block_min_length(self) -> int:
        """Return the length of the shortest article with this term."""
        return self._info.min_length() or 0

    def block_max_length(self) -> int:
        """Return the length of the longest article with this term."""
        return self._info.max_length()

    def block_max_weight(self) -> float:
        """Return the highest frequency."""
        return self._info.max_weight()

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Return where the positions of each posting begin, and where the last end."""
        return np.concatenate([[0], np.cumsum(self._postings.frequencies, dtype=np.int64)])


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
