"""Whoosh's codec for our segments: any tool of Whoosh reads them through its ordinary readers and matchers.

The codec only reads: a build writes segments. Our own search does not use it, and no code of ours unpickles: Whoosh's
table of contents is written for Whoosh.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex

from searchapp.engines.whoosh.interop.schema import DATE, KEY, ORDERS, READ_ONLY, STORED_ONLY, VALUED, Backwards, schema
from searchapp.engines.whoosh.interop.terms import ColumnTermsReader, KeyLists, Lists, Live, TextLists, ValueLists
from searchapp.engines.whoosh.search import doc_values
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import read_segments
from searchapp.fields import TEXT_FIELDS

_INDEX: Final = "MAIN"
TOC_NAME: Final = f"_{_INDEX}_0.toc"
"""The file by which `whoosh.index.open_dir` knows an index."""

_TEXTS = {field.name: field for field in TEXT_FIELDS}


def open_whoosh_index(folder: Path) -> FileIndex:
    """Return the Whoosh index of a generation, for reading with Whoosh's own searchers; nothing is unpickled."""
    return _OpenIndex(folder, _toc(folder))


def read_whoosh_index(folder: Path) -> FileIndex:
    """Return the same index through the table of contents, which Whoosh unpickles: compare it with `toc_bytes` before.

    Unlike `whoosh.index.open_dir` this reads only the build's own file, and no later one that somebody put beside it.
    """
    storage = FileStorage(str(folder), readonly=True)  # type: ignore[no-untyped-call]
    return _OpenIndex(folder, TOC.read(storage, _INDEX, 0))  # type: ignore[no-untyped-call]


def write_toc(folder: Path) -> None:
    """Write Whoosh's table of contents, with which `whoosh.index.open_dir(folder)` opens a generation.

    The segment list and the columns are there already.
    """
    (folder / TOC_NAME).write_bytes(toc_bytes(folder))


def toc_bytes(folder: Path) -> bytes:
    """Return the bytes that `write_toc` writes; the same bytes each time for the same generation."""
    memory = _Memory()
    _toc(folder).write(memory, _INDEX)  # type: ignore[no-untyped-call]
    return memory.written.getvalue()


class _Memory:
    """A storage in memory that receives a table of contents before it becomes a file."""

    def __init__(self) -> None:
        self.written = _Kept()

    def create_file(self, name: str) -> StructFile:
        return StructFile(self.written, name)

    def rename_file(self, old: str, new: str, safe: bool = False) -> None:
        """Do nothing: the file in memory has no name."""


class _Kept(io.BytesIO):
    """Bytes that can be read after Whoosh has closed its file."""

    def close(self) -> None:
        """Stay open."""


def _toc(folder: Path) -> TOC:
    listed = read_segments(folder)
    described: list[ColumnSegment] = []
    start = 0
    for name in listed.names:
        segment, removed = Segment(folder, name), listed.removed.get(name)
        live = None if removed is None or not removed.any() else ~removed
        described.append(_describe(segment, start, live))
        start += segment.size
    return TOC(schema(), described, 0)  # type: ignore[no-untyped-call]


def _describe(segment: Segment, base: int, live: Live | None) -> ColumnSegment:
    """Return the table of contents' entry for a segment. base: the number of its first article in the generation."""
    packed = b"" if live is None else zlib.compress(np.packbits(live).tobytes())
    sums = {}
    for field in TEXT_FIELDS:
        lengths = segment.lengths(field.name)
        lengths = lengths if live is None else lengths[live]
        sums[field.name] = (int(lengths.sum(dtype=np.int64)), int(np.count_nonzero(lengths)))
    return ColumnSegment(segment.name, segment.size, base, packed, sums)


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
        raise NotImplementedError(READ_ONLY)


class ColumnSegment(base.Segment):
    """A segment as Whoosh keeps it in its table of contents.

    base: the number of its first article in the generation; packed: which articles live, b"" for all. sums: text field
    to the tokens of all its living articles, and how many of them have it at all.
    """

    def __init__(self, name: str, size: int, base: int, packed: bytes, sums: Mapping[str, tuple[int, int]]) -> None:
        self.indexname = _INDEX
        self.name = self.segid = name
        self.compound = False
        self.base = base
        self.sums = sums
        self._size = size
        self._packed = packed
        self._opened: tuple[Path, Segment, Columns] | None = None

    def __reduce__(self) -> tuple[type[ColumnSegment], tuple[object, ...]]:
        return ColumnSegment, (self.name, self._size, self.base, self._packed, dict(self.sums))

    def codec(self) -> _ColumnCodec:
        """Return the codec that reads it."""
        return _ColumnCodec()

    def opened(self, folder: Path) -> tuple[Segment, Columns]:
        """Return its files, and the columns of its generation; both stay open."""
        if self._opened is None or self._opened[0] != folder:
            self._opened = (folder, Segment(folder, self.name), Columns.open(folder))
        return self._opened[1:]

    def live(self) -> Live | None:
        """Return which articles live, None for all."""
        if not self._packed:
            return None
        bits = np.frombuffer(zlib.decompress(self._packed), np.uint8)
        return np.unpackbits(bits, count=self._size).astype(np.bool_)

    def doc_count_all(self) -> int:
        """Return the number of articles, removed ones included."""
        return self._size

    def deleted_count(self) -> int:
        """Return the number of removed articles."""
        live = self.live()
        return 0 if live is None else int(np.count_nonzero(~live))

    def deleted_docs(self) -> Iterator[int]:
        """Yield the numbers of removed articles."""
        live = self.live()
        return iter(() if live is None else np.flatnonzero(~live).tolist())

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether an article is removed."""
        live = self.live()
        return live is not None and not live[docnum]

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Refuse: a build decides which articles are removed."""
        raise NotImplementedError(READ_ONLY)

    def should_assemble(self) -> bool:
        """Return False: Whoosh copies compound files into memory."""
        return False


class _ColumnCodec(base.Codec):
    """A codec that reads segments of columns."""

    def terms_reader(self, storage: FileStorage, segment: ColumnSegment) -> ColumnTermsReader:
        """Return terms and posting lists of a segment."""
        (opened, columns), live = segment.opened(Path(storage.folder)), segment.live()
        fields: dict[str, Lists] = {f.name: TextLists(opened.field(f.name), live) for f in TEXT_FIELDS}
        fields |= {name: ValueLists(columns.facets[name], segment.base, opened.size) for name in (DATE, *VALUED)}
        fields[KEY] = KeyLists(opened, live)
        return ColumnTermsReader(opened, fields)

    def per_document_reader(self, storage: FileStorage, segment: ColumnSegment) -> _ColumnDocumentReader:
        """Return lengths, stored articles and columns of a segment."""
        opened, columns = segment.opened(Path(storage.folder))
        return _ColumnDocumentReader(opened, columns, segment.base, segment.live())

    def per_document_writer(self, storage: FileStorage, segment: ColumnSegment) -> NoReturn:
        """Refuse: the codec only reads."""
        raise NotImplementedError(READ_ONLY)

    field_writer = new_segment = per_document_writer

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Refuse: the codec only reads."""
        raise NotImplementedError(READ_ONLY)

    def postings_reader(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: `ColumnTermsReader.matcher` reads posting lists, which are not in a file of their own."""
        raise NotImplementedError("ask terms_reader(...).matcher(...)")


class _ColumnDocumentReader(base.PerDocumentReader):
    """The articles of one segment; lengths are those of living ones, true and not rounded to a byte.

    base: the number of its first article in the generation's columns. live: None: none is removed.
    """

    def __init__(self, segment: Segment, columns: Columns, base: int, live: Live | None) -> None:
        self._segment = segment
        self._columns = columns
        self._base = base
        self._live = live
        self._gone: frozenset[int] = frozenset(() if live is None else np.flatnonzero(~live).tolist())

    def doc_count(self) -> int:
        """Return the number of living articles."""
        return self._segment.size if self._live is None else int(np.count_nonzero(self._live))

    def doc_count_all(self) -> int:
        """Return the number of articles, removed ones included."""
        return self._segment.size

    def has_deletions(self) -> bool:
        """Tell whether an article is removed."""
        return self._live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether this one is removed; Whoosh asks for numbers behind the last too."""
        return docnum in self._gone

    def deleted_docs(self) -> Iterator[int]:
        """Yield the numbers of the removed ones."""
        return iter(sorted(self._gone))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the tokens of an article in a field."""
        return int(self._segment.lengths(fieldname)[docnum]) if fieldname in _TEXTS else default

    def field_length(self, fieldname: str) -> int:
        """Return the tokens of all articles in a field."""
        return int(self._lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the tokens of the shortest article in a field."""
        return int(min(self._lengths(fieldname), default=0))

    def max_field_length(self, fieldname: str) -> int:
        """Return the tokens of the longest article in a field."""
        return int(self._lengths(fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored values of an article, by field: texts, facts, facet values."""
        article = self._segment.article(docnum)
        number = self._base + docnum
        stored: dict[str, Any] = {name: getattr(article, name) for name in (*STORED_ONLY, "key", DATE)}
        stored |= {name: list(self._columns.facets[name].of(number)) for name in VALUED}
        texts = {"title": article.title, "body": article.text}
        return stored | {field.name: texts[field.part] for field in TEXT_FIELDS if field.positions}

    def supports_columns(self) -> bool:
        """Return True, always."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field can be sorted and grouped by."""
        return fieldname in (DATE, *VALUED, *ORDERS)

    def list_columns(self) -> list[str]:
        """Return the fields that can be sorted and grouped by."""
        return [DATE, *VALUED, *ORDERS]

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:
        """Return the values of a field, article by article."""
        if fieldname in ORDERS:
            places: NDArray[np.uint32] = getattr(self._columns, fieldname)
            return _PlaceReader(places[self._base : self._base + self._segment.size])
        return _ValueReader(self._columns.facets[fieldname], self._base, self._segment.size, many=column.stores_lists())

    def _lengths(self, fieldname: str) -> NDArray[np.uint32]:
        if fieldname not in _TEXTS:
            return np.empty(0, np.uint32)
        lengths = self._segment.lengths(fieldname)
        return lengths if self._live is None else lengths[self._live]


class _ValueReader(ColumnReader):
    """The values of a facet: a list for an article that may have several, else one, "" for none."""

    def __init__(self, column: doc_values.Column, base: int, size: int, *, many: bool) -> None:
        self._column = column
        self._base = base
        self._doccount = size
        self._many = many
        self._reverse = False

    def __getitem__(self, docnum: int) -> Any:
        values = self._column.of(self._base + docnum)
        return list(values) if self._many else self._one(values)

    def sort_key(self, docnum: int) -> Any:
        """Return the sort key of an article: its first value."""
        return self._one(self._column.of(self._base + docnum))

    def set_reverse(self) -> None:
        """Sort the other way round."""
        self._reverse = True

    def _one(self, values: tuple[str, ...]) -> str:
        value = values[0] if values else ""
        return Backwards(value) if self._reverse else value


class _PlaceReader(ColumnReader):
    """The place of each article in an order."""

    def __init__(self, places: NDArray[np.uint32]) -> None:
        self._places = places
        self._doccount = len(places)
        self._sign = 1

    def __getitem__(self, docnum: int) -> Any:
        return int(self._places[docnum]) * self._sign

    def sort_key(self, docnum: int) -> Any:
        """Return the place; negative where the order is reversed."""
        return self[docnum]

    def set_reverse(self) -> None:
        """Sort the other way round."""
        self._sign = -1
