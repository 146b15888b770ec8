"""Whoosh's view of our dictionaries and posting lists: what its readers and queries ask of a segment's terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from searchapp.engines.whoosh.matcher import ColumnMatcher, term_info
from searchapp.engines.whoosh.postings import Postings
from searchapp.engines.whoosh.schema import Frequencies
from searchapp.engines.whoosh.segment import Segment
from searchapp.fields import TEXT_FIELDS

FIELDS: Final = tuple(sorted(field.name for field in TEXT_FIELDS))
"""Whoosh goes through fields by name."""


class ColumnTermsReader(base.TermsReader):
    """Whoosh's view of the dictionaries; fields in the order of their names, terms in byte order."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.doc_frequency(*term) > 0

    def indexed_field_names(self) -> tuple[str, ...]:
        """Every text field."""
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every term of every field."""
        return self.terms_from(FIELDS[0], b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Terms from this one on, to the end of the last field."""
        for name in FIELDS[FIELDS.index(fieldname) :]:
            dictionary = self._segment.field(name).dictionary
            start = dictionary.rank_from(prefix) if name == fieldname else 0
            yield from ((name, term) for term in dictionary.iterate(start))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term with its statistics."""
        return self.items_from(FIELDS[0], b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Terms from this one on, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Statistics of a term. Raises TermNotFound."""
        return term_info(self._postings(fieldname, text), self._segment.lengths(fieldname))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many articles have a term."""
        return self._segment.field(fieldname).frequency(text) if fieldname in FIELDS else 0

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term occurs. Raises TermNotFound."""
        return float(self._postings(fieldname, text).frequencies.sum())

    def matcher(self, fieldname: str, text: bytes, format_: Frequencies, scorer: Any = None) -> ColumnMatcher:
        """Walks a posting list. Raises TermNotFound."""
        postings = self._postings(fieldname, text)
        info = term_info(postings, self._segment.lengths(fieldname))
        return ColumnMatcher(postings, info, format_, (fieldname, text), scorer)

    def cursor(self, fieldname: str, fieldobj: Any) -> ColumnCursor:
        """Goes through the terms of a field."""
        return ColumnCursor(self, self._segment, fieldname)

    def _postings(self, fieldname: str, text: bytes) -> Postings:
        postings = self._segment.field(fieldname).postings(text) if fieldname in FIELDS else None
        if postings is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return postings


class ColumnCursor(base.FieldCursor):
    """Goes through the terms of one field, for Whoosh's spelling automaton."""

    def __init__(self, reader: ColumnTermsReader, segment: Segment, fieldname: str) -> None:
        self._reader = reader
        self._dictionary = segment.field(fieldname).dictionary
        self._fieldname = fieldname
        self.first()

    def first(self) -> str | None:
        """Go to the first term."""
        return self.find("")

    def find(self, string: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        term = string.encode() if isinstance(string, str) else string
        self._rest = self._dictionary.iterate(self._dictionary.rank_from(term))
        return self.next()

    def next(self) -> str | None:
        """Go to the next term."""
        self._term = next(self._rest, None)
        return self.text()

    def text(self) -> str | None:
        """The term here, None at the end."""
        return None if self._term is None else self._term.decode()

    def term_info(self) -> TermInfo | None:
        """Statistics of the term here."""
        return None if self._term is None else self._reader.term_info(self._fieldname, self._term)

    def is_valid(self) -> bool:
        """Whether there is a term here."""
        return self._term is not None
