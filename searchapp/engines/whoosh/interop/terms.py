"""Whoosh's view of our dictionaries and posting lists: what its readers and queries ask of a segment's terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.codec import base
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from searchapp.engines.whoosh.store.postings import U32, Postings
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.fields import TEXT_FIELDS
from searchapp.text.normalize import fold_key
from searchapp.text.tokens import tokens

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


def term_info(postings: Postings, lengths: U32) -> TermInfo:
    """What Whoosh's scorers ask of a term. lengths: tokens of each article of the segment in this field."""
    mine = lengths[postings.doc_ids]
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
    """Walks a posting list, which is one block to Whoosh's quality optimisations."""

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
        """Whether there is a posting here."""
        return self._at < len(self._postings.doc_ids)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> ColumnMatcher:
        """Another matcher at the same posting."""
        other = ColumnMatcher(self._postings, self._info, self.format, self._term, self.scorer)
        other._at = self._at
        return other

    def id(self) -> int:
        """The article of this posting."""
        return int(self._postings.doc_ids[self._at])

    def weight(self) -> float:
        """The frequency of this posting."""
        return float(self._postings.frequencies[self._at])

    def value(self) -> bytes:
        """The value of this posting in the field's format."""
        if self._postings.narrow_positions is None:
            return self.format.encode(int(self._postings.frequencies[self._at]))
        start = int(self._postings.frequencies[: self._at].sum())
        end = start + int(self._postings.frequencies[self._at])
        return self._postings.narrow_positions[start:end].astype("<u4").tobytes()

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
        """The shortest article with this term."""
        return self._info.min_length() or 0

    def block_max_length(self) -> int:
        """The longest article with this term."""
        return self._info.max_length()

    def block_max_weight(self) -> float:
        """The highest frequency."""
        return self._info.max_weight()


ARTICLE = "article"
"""The stored field: an article as JSON."""


class Frequencies(Format):
    """A posting's value is how often the term stands in the article: uint32, little-endian."""

    def word_values(self, value: Any, analyzer: Any, **kwargs: Any) -> Iterable[tuple[bytes, int, float, bytes]]:
        """Not for writing: segments are written by `writer.SegmentWriter`."""
        raise NotImplementedError("write segments with searchapp.engines.whoosh.store.writer.SegmentWriter")

    def encode(self, frequency: int) -> bytes:
        """The value of a posting."""
        return np.uint32(frequency).tobytes()

    def decode_frequency(self, value: bytes) -> int:
        """How often the term stands in the article."""
        return int(np.frombuffer(value, "<u4")[0])

    def decode_weight(self, value: bytes) -> float:
        """The frequency as Whoosh's scorers want it."""
        return float(self.decode_frequency(value))


class Positions(Frequencies):
    """A posting's value is an array of positions: uint32, little-endian; no pickle, unlike Whoosh's own format."""

    def decode_frequency(self, value: bytes) -> int:
        """How often the term stands in the article."""
        return len(value) // 4

    def decode_positions(self, value: bytes) -> list[int]:
        """Where it stands, ascending."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions


class SyllableTokenizer(Tokenizer):
    """Cuts typed text into the syllables of streams a and f, so that Whoosh's query parser can be used on them."""

    def __init__(self, folded: bool) -> None:
        self.folded = folded

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SyllableTokenizer) and self.folded == other.folded

    def __hash__(self) -> int:
        return hash((SyllableTokenizer, self.folded))

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """The syllables of a text as Whoosh's tokens."""
        for position, (start, end, key) in enumerate(tokens(value)):
            token = Token(True, True, mode=mode)
            token.text = fold_key(key) if self.folded else key
            token.pos, token.startchar, token.endchar, token.boost = position, start, end, 1.0
            yield token


def schema() -> Schema:
    """The schema of every index; terms are as `text.tokens` and `text.fold` make them."""
    columns = {}
    for field in TEXT_FIELDS:
        analyzer = SyllableTokenizer(field.stream == "f") if field.positions else None
        format_ = Positions() if field.positions else Frequencies()
        columns[field.name] = FieldType(format_, analyzer, scorable=True)  # type: ignore[arg-type]  # Whoosh allows None
    return Schema(**columns, **{ARTICLE: STORED()})
