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
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex

from searchapp.engines.whoosh.interop.doc_reader import ColumnDocumentReader
from searchapp.engines.whoosh.interop.schema import DATE, KEY, READ_ONLY, VALUED, schema
from searchapp.engines.whoosh.interop.terms import ColumnTermsReader, KeyLists, Lists, Live, TextLists, ValueLists
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import read_segments
from searchapp.fields import TEXT_FIELDS

_INDEX: Final = "MAIN"
TOC_NAME: Final = f"_{_INDEX}_0.toc"
"""The file by which `whoosh.index.open_dir` knows an index."""


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

    def per_document_reader(self, storage: FileStorage, segment: ColumnSegment) -> ColumnDocumentReader:
        """Return lengths, stored articles and columns of a segment."""
        opened, columns = segment.opened(Path(storage.folder))
        return ColumnDocumentReader(opened, columns, segment.base, segment.live())

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
