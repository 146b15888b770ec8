"""Whoosh's codec for our segments: any tool of Whoosh reads them through its ordinary readers and matchers.

Reading only: `writer.SegmentWriter` writes segments, `merge.merge` joins them. Our own search does not come through
here, and never unpickles: Whoosh's TOC is written for other tools.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from searchapp.engines.whoosh.interop.terms import ARTICLE, FIELDS, ColumnTermsReader, schema
from searchapp.engines.whoosh.store.segment import Segment

_INDEX: Final = "MAIN"
_READ_ONLY: Final = "write segments with searchapp.engines.whoosh.store.writer.SegmentWriter"
Deleted = Mapping[str, NDArray[np.bool_]]


def open_whoosh_index(folder: Path, segments: Sequence[str], deleted: Deleted | None = None) -> FileIndex:
    """A Whoosh index of these segments, for reading with Whoosh's own searchers; nothing is unpickled.

    deleted: segment name → bool, shape (size,), True where an article is deleted.
    """
    return _OpenIndex(folder, _toc(folder, segments, deleted or {}))


def write_toc(folder: Path, segments: Sequence[str], deleted: Deleted | None = None) -> Path:
    """Write Whoosh's table of contents, with which `whoosh.index.open_dir(folder)` opens these segments."""
    storage = FileStorage(str(folder))  # type: ignore[no-untyped-call]
    _toc(folder, segments, deleted or {}).write(storage, _INDEX)  # type: ignore[no-untyped-call]
    return folder / str(TOC._filename(_INDEX, 0))  # type: ignore[no-untyped-call]


def _toc(folder: Path, segments: Sequence[str], deleted: Deleted) -> TOC:
    described = [_describe(Segment(folder, name), deleted.get(name)) for name in segments]
    return TOC(schema(), described, 0)  # type: ignore[no-untyped-call]


def _describe(segment: Segment, deleted: NDArray[np.bool_] | None) -> ColumnSegment:
    dead = () if deleted is None else np.flatnonzero(deleted).tolist()
    return ColumnSegment(segment.name, segment.size, frozenset(dead))


class _OpenIndex(FileIndex):
    """An index whose table of contents is in memory."""

    def __init__(self, folder: Path, toc: TOC) -> None:
        self.storage = FileStorage(str(folder), readonly=True)  # type: ignore[no-untyped-call]
        self.indexname = _INDEX
        self._schema = toc.schema
        self._toc = toc

    def _read_toc(self) -> TOC:
        return self._toc

    def latest_generation(self) -> int:
        return int(self._toc.generation)

    def writer(self, procs: int = 1, **kwargs: Any) -> Any:
        raise NotImplementedError(_READ_ONLY)


class ColumnSegment(base.Segment):
    """What Whoosh keeps of a segment in its TOC: name, number of articles, which are deleted."""

    def __init__(self, name: str, size: int, deleted: frozenset[int]) -> None:
        self.indexname = _INDEX
        self.name = self.segid = name
        self.compound = False
        self._size = size
        self._deleted = deleted

    def codec(self) -> ColumnCodec:
        """The codec that reads it."""
        return ColumnCodec()

    def doc_count_all(self) -> int:
        """Articles, deleted ones included."""
        return self._size

    def deleted_count(self) -> int:
        """Deleted articles."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Their numbers."""
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        """Whether an article is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Not for writing: a build decides what is deleted."""
        raise NotImplementedError(_READ_ONLY)

    def should_assemble(self) -> bool:
        """Never: Whoosh copies compound files into memory."""
        return False


class ColumnCodec(base.Codec):
    """Reads segments of columns."""

    def terms_reader(self, storage: FileStorage, segment: ColumnSegment) -> ColumnTermsReader:
        """Terms and posting lists of a segment."""
        return ColumnTermsReader(Segment(Path(storage.folder), segment.name))

    def per_document_reader(self, storage: FileStorage, segment: ColumnSegment) -> ColumnDocumentReader:
        """Lengths and stored articles of a segment."""
        return ColumnDocumentReader(Segment(Path(storage.folder), segment.name), segment)

    def per_document_writer(self, storage: FileStorage, segment: ColumnSegment) -> NoReturn:
        """Not for writing."""
        raise NotImplementedError(_READ_ONLY)

    field_writer = new_segment = per_document_writer

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Not for writing."""
        raise NotImplementedError(_READ_ONLY)

    def postings_reader(self, *_: Any, **__: Any) -> NoReturn:
        """Posting lists are read by `ColumnTermsReader.matcher`: they are not in a file of their own."""
        raise NotImplementedError("ask terms_reader(...).matcher(...)")


class ColumnDocumentReader(base.PerDocumentReader):
    """Whoosh's view of the articles: lengths are true, not rounded to a byte; stored is the article's JSON."""

    def __init__(self, columns: Segment, segment: ColumnSegment) -> None:
        self._columns = columns
        self._segment = segment

    def doc_count(self) -> int:
        """Living articles."""
        return self._segment.doc_count_all() - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        """Articles, deleted ones included."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Whether an article is deleted."""
        return self._segment.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        """Whether this one is."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """The numbers of the deleted ones."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Tokens of an article in a field."""
        return int(self._columns.lengths(fieldname)[docnum]) if fieldname in FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """Tokens of all articles in a field."""
        return int(self._columns.lengths(fieldname).sum(dtype=np.int64)) if fieldname in FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """Tokens of the shortest article in a field."""
        return int(min(self._columns.lengths(fieldname), default=0))

    def max_field_length(self, fieldname: str) -> int:
        """Tokens of the longest article in a field."""
        return int(max(self._columns.lengths(fieldname), default=0))

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """The stored article."""
        return {ARTICLE: zlib.decompress(self._columns.packed(docnum)).decode()}
