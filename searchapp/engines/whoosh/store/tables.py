"""The tables of a generation: meanings of citations, facts of articles, and all of it for a move elsewhere."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from searchapp.article import Article, Citation, Document
from searchapp.citations.resolve.mention import MentionCounts, load_mentions
from searchapp.engines.stored import Meaning, document_as_row, document_from_row
from searchapp.engines.whoosh.store import arrays
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.errors import damage

SEGMENTS: Final = "segments.json"
DOCUMENTS: Final = "documents.jsonl"
Removed = Mapping[str, NDArray[np.bool_]]
"""Segment name to one bool per article: True for those that a later build removed."""


@dataclass(frozen=True, slots=True)
class SegmentList:
    """The segments of a generation in order, and their removed articles."""

    names: tuple[str, ...]
    removed: Mapping[str, NDArray[np.bool_]]


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
        raise damage(error, f"{path}: {error}; run 'searchapp reindex --full'") from None
    return SegmentList(names, removed)


def write_documents(folder: Path, documents: Mapping[str, Document], cited: Mapping[str, int]) -> None:
    """Write all documents, the most cited first; cited: slug → articles that are or cite it, 0 where it is missing."""
    listed = sorted(documents.values(), key=lambda one: (-cited.get(one.slug, 0), one.slug))
    with (folder / DOCUMENTS).open("wb") as file:
        file.writelines(orjson.dumps(document_as_row(document)) + b"\n" for document in listed)


def read_documents(folder: Path) -> list[Document]:
    """Return all documents of a generation, the most cited first. Raises CorruptIndexError."""
    path = folder / DOCUMENTS
    try:
        with path.open("rb") as lines:
            return [document_from_row(orjson.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise damage(error, f"{path}: {error}; run 'searchapp reindex --full'") from None


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
            raise damage(error, f"{folder}: {error}; run 'searchapp reindex --full'") from None

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
