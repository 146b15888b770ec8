"""What depends on the whole corpus, written at the end of a build: segment list, columns, documents, resolutions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Document
from searchapp.engines.rows import Registry, Row, orders, row_of
from searchapp.engines.stored import Facts, document_as_row, document_from_row
from searchapp.engines.whoosh import arrays
from searchapp.engines.whoosh.columns import Columns, ColumnsWriter
from searchapp.engines.whoosh.reprints import write_reprints
from searchapp.engines.whoosh.resolutions import ResolutionsWriter
from searchapp.errors import CorruptIndexError

SEGMENTS: Final = "segments.json"
DOCUMENTS: Final = "documents.jsonl"
Removed = Mapping[str, NDArray[np.bool_]]
"""Segment name to one bool per article: which of them a later build removed."""


class FactsSource(Protocol):
    """A segment as far as its facts go."""

    @property
    def name(self) -> str:
        """Its name in the folder."""
        ...

    def sketches(self) -> NDArray[np.void]:
        """As `reprints.Sketched`."""
        ...

    def facts(self) -> Iterator[Facts]:
        """The facts of each article in order, removed ones included."""
        ...


@dataclass(frozen=True, slots=True)
class SegmentList:
    """The segments of a generation in order, and which of their articles are removed."""

    names: tuple[str, ...]
    removed: Mapping[str, NDArray[np.bool_]]


def write_generation_tables(
    folder: Path, segments: Sequence[FactsSource], removed: Removed, registry: Registry
) -> None:
    """Write segment list, columns, documents, resolutions and reprints of a generation: a build calls this last."""
    write_segments(folder, [segment.name for segment in segments], removed)
    documents = registry.documents
    rows = ColumnsWriter(orders(documents))
    resolved = ResolutionsWriter()
    cited: Counter[str] = Counter()
    for segment in segments:
        gone = removed.get(segment.name)
        for number, facts in enumerate(segment.facts()):
            if gone is not None and gone[number]:
                rows.add(Row())
                resolved.add(())
                continue
            citations = registry.resolve(facts)
            row = row_of(facts, citations, registry)
            cited.update(row.values["document"])
            rows.add(row)
            resolved.add(citations)
    rows.close(folder)
    resolved.close(folder)
    write_documents(folder, documents, cited)
    write_reprints(folder, ((segment, removed.get(segment.name)) for segment in segments), Columns.open(folder).oldest)


def write_segments(folder: Path, names: Sequence[str], removed: Removed) -> None:
    """Write the list of segments and one file of tombstones for each that has any."""
    files = {}
    for name in names:
        if name in removed and removed[name].any():
            files[name] = f"{name}.removed.npy"
            np.save(folder / files[name], removed[name].astype(np.bool_), allow_pickle=False)
    text = json.dumps({"segments": list(names), "deleted": files}, indent=1)
    (folder / SEGMENTS).write_text(text, encoding="utf-8")


def read_segments(folder: Path) -> SegmentList:
    """The list that `write_segments` wrote. Raises CorruptIndexError."""
    path = folder / SEGMENTS
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        names = tuple(str(name) for name in table["segments"])
        removed = {str(k): arrays.load(folder / v).copy() for k, v in table["deleted"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None
    return SegmentList(names, removed)


def write_documents(folder: Path, documents: Mapping[str, Document], cited: Mapping[str, int]) -> None:
    """Write all documents, the most cited first; cited: slug → articles that are or cite it, 0 where it is missing."""
    with (folder / DOCUMENTS).open("w", encoding="utf-8") as file:
        for document in sorted(documents.values(), key=lambda one: (-cited.get(one.slug, 0), one.slug)):
            file.write(json.dumps(document_as_row(document), ensure_ascii=False) + "\n")


def read_documents(folder: Path) -> list[Document]:
    """All documents of a generation, the most cited first. Raises CorruptIndexError."""
    path = folder / DOCUMENTS
    try:
        with path.open(encoding="utf-8") as lines:
            return [document_from_row(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None
