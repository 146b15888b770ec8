"""The tables of a generation: meanings of citations, facts of articles, and all of it for a move elsewhere."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Citation, Document, Facts
from searchapp.citations.resolve.registry import Registry
from searchapp.engines.mentions import MentionCounts, load_mentions
from searchapp.engines.stored import Meaning, Row, document_as_row, document_from_row, orders, row_of
from searchapp.engines.whoosh.build.doc_value_writer import Columns, ColumnsWriter
from searchapp.engines.whoosh.search.reprints import write_reprints
from searchapp.engines.whoosh.store import arrays
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.errors import CorruptIndexError

SEGMENTS: Final = "segments.json"
DOCUMENTS: Final = "documents.jsonl"
Removed = Mapping[str, NDArray[np.bool_]]
"""Segment name to one bool per article: True for those that a later build removed."""


@dataclass(frozen=True, slots=True)
class SegmentList:
    """The segments of a generation in order, and their removed articles."""

    names: tuple[str, ...]
    removed: Mapping[str, NDArray[np.bool_]]


_KEPT_FACTS: Final = 200_000
"""The most articles of a segment whose facts are held in memory: about 1 kB each."""


class SegmentFacts:
    """The facts of a segment: a build asks for them several times, so those of a small one are kept."""

    def __init__(self, segment: Segment, removed: NDArray[np.bool_] | None) -> None:
        self.name = segment.name
        self._segment = segment
        self._removed = removed
        self._kept: list[Facts] | None = None

    def sketches(self) -> NDArray[np.void]:
        """Return the sketch of every article, removed ones included."""
        return self._segment.sketches()

    def facts(self) -> Iterator[Facts]:
        """Yield the facts of every article, removed ones included."""
        if self._kept is None and self._segment.size > _KEPT_FACTS:
            return self._segment.facts()
        self._kept = self._kept or list(self._segment.facts())
        return iter(self._kept)

    def ids(self) -> Iterator[str]:
        """Yield the id of every article, "" for removed ones."""
        gone = chain(self._removed.tolist() if self._removed is not None else (), repeat(False))
        return ("" if removed else facts.id for facts, removed in zip(self.facts(), gone, strict=False))

    def living(self) -> Iterable[Facts]:
        """Return the facts of every article that is not removed."""
        return self.facts() if self._removed is None else compress(self.facts(), (~self._removed).tolist())


def write_generation_tables(
    folder: Path, segments: Sequence[SegmentFacts], removed: Removed, registry: Registry
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
    write_reprints(folder, ((one.sketches(), removed.get(one.name)) for one in segments), Columns.open(folder).oldest)


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
    """Return the list that `write_segments` wrote. Raises CorruptIndexError."""
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
    """Return all documents of a generation, the most cited first. Raises CorruptIndexError."""
    path = folder / DOCUMENTS
    try:
        with path.open(encoding="utf-8") as lines:
            return [document_from_row(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None


_TABLE: Final = "resolutions.npy"
_STARTS: Final = "resolutions.starts.npy"
_WORDS: Final = "resolutions.json"
_ROW: Final = np.dtype([("document", "<u4"), ("how", "<u4"), ("sure", "<f8")])


class ResolutionsWriter:
    """A writer that takes the resolved citations of each article in order; removed articles have none."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {"": 0}
        self._documents, self._hows, self._sures = array("I"), array("I"), array("d")
        self._starts = array("Q", [0])

    def add(self, citations: Sequence[Citation]) -> None:
        """Append an article."""
        words = self._words
        for citation in citations:
            self._documents.append(words.setdefault(citation.document, len(words)))
            self._hows.append(words.setdefault(citation.how, len(words)))
            self._sures.append(citation.sure)
        self._starts.append(len(self._documents))

    def close(self, folder: Path) -> None:
        """Write everything into a generation folder."""
        table = np.zeros(len(self._documents), _ROW)
        table["document"], table["how"], table["sure"] = self._documents, self._hows, self._sures
        np.save(folder / _TABLE, table, allow_pickle=False)
        np.save(folder / _STARTS, np.array(self._starts, np.int64), allow_pickle=False)
        (folder / _WORDS).write_text(json.dumps(list(self._words), ensure_ascii=False), encoding="utf-8")


class Resolutions:
    """The resolutions of a generation, read from its folder. Raises CorruptIndexError when opened."""

    def __init__(self, folder: Path) -> None:
        try:
            self._words: list[str] = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
            self._starts: NDArray[Any] = arrays.load(folder / _STARTS)
            self._table: NDArray[Any] = arrays.load(folder / _TABLE)
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndexError(f"{folder}: {error}; run 'searchapp reindex --full'") from None

    @property
    def count(self) -> int:
        """Return the number of citations of the live articles; removed ones have none here."""
        return int(self._table.size)

    @property
    def unresolved(self) -> int:
        """Return the number of citations without a certain meaning."""
        return int(np.count_nonzero(self._table["document"] == self._words.index("")))

    def of(self, number: int) -> list[Meaning]:
        """Return the meanings of an article's citations, in their order."""
        words, rows = self._words, self._table[self._starts[number] : self._starts[number + 1]].tolist()
        return [(words[document], words[how], sure) for document, how, sure in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """A live article. titled: whether its title was indexed; sketch: identifies its reprints."""

    article: Article
    titled: bool
    sketch: bytes


class Unloading:
    """The live articles of a generation in the order of its segments; citations have no meaning yet."""

    def __init__(self, folder: Path) -> None:
        """Open a generation folder. Raises CorruptIndexError."""
        self.folder = folder
        self._listed = read_segments(folder)
        self._segments = [Segment(folder, name) for name in self._listed.names]

    def __len__(self) -> int:
        removed = sum(int(mask.sum()) for mask in self._listed.removed.values())
        return sum(segment.size for segment in self._segments) - removed

    def __iter__(self) -> Iterator[Held]:
        for segment in self._segments:
            gone = self._listed.removed.get(segment.name)
            lengths, sketches = segment.lengths("title_f"), segment.sketches()
            for number in range(segment.size):
                if gone is None or not gone[number]:
                    yield Held(segment.article(number), bool(lengths[number]), sketches[number].tobytes())

    def mentions(self) -> MentionCounts:
        """Return the statements of its articles about documents."""
        return load_mentions(self.folder)
