"""The tables of a generation out of those before: for a small change that leaves every document's meaning as it was."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines import generations
from searchapp.engines.whoosh.columns import SYMBOL, Columns, ColumnsWriter, Row
from searchapp.engines.whoosh.resolutions import Resolutions, ResolutionsWriter
from searchapp.engines.whoosh.stored import Facts
from searchapp.engines.whoosh.tables import DOCUMENTS, Removed, write_segments

IDS: Final = "ids"
"""Ids of all articles in order, for the next splice."""

BLANK: Final = -1
"""`Change.take`: a removed article."""

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """What makes the articles of a generation out of those before.

    fresh: facts of new articles, and the article before that said the same of documents, by its number; take: for each
    article, in order, its number before, BLANK, or -2 - n for the n-th of fresh.
    """

    fresh: Sequence[tuple[Facts, int | None]]
    take: Indices


def twins(gone: Iterable[tuple[int, Article]], fresh: Sequence[Facts]) -> list[tuple[Facts, int | None]] | None:
    """Pair articles that come with articles that go and said exactly the same of documents; None if any is left over.

    Where all are paired, the registry would be what it was, and each new article means what its twin meant.
    """
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for number, article in gone:
        if _speaks(article):
            waiting[_said(article)].append(number)
    paired: list[tuple[Facts, int | None]] = []
    for facts in fresh:
        if not _speaks(facts):
            paired.append((facts, None))
        elif waiting[_said(facts)]:
            paired.append((facts, waiting[_said(facts)].pop()))
        else:
            return None
    return None if any(waiting.values()) else paired


def write_spliced_tables(folder: Path, base: Path, names: Sequence[str], removed: Removed, change: Change) -> None:
    """What `tables.write_generation_tables` would write, at the cost of the change alone."""
    write_segments(folder, names, removed)
    columns = _SplicedColumns(Columns.open(base), read_ids(base))
    resolutions = _SplicedResolutions(Resolutions(base))
    for facts, twin in change.fresh:
        columns.add_like(facts, twin)
        resolutions.add_like(twin)
    columns.arrange(change.take)
    resolutions.arrange(change.take)
    columns.close(folder)
    resolutions.close(folder)
    write_ids(folder, columns.ids)
    generations.carry(base, folder, DOCUMENTS)


def write_ids(folder: Path, ids: Iterable[str]) -> None:
    """Write the ids of all articles, "" for removed ones."""
    (folder / IDS).write_bytes("".join(f"{identity}\0" for identity in ids).encode())


def read_ids(folder: Path) -> list[str]:
    """The ids that `write_ids` wrote."""
    return (folder / IDS).read_bytes().decode().split("\0")[:-1]


def _speaks(said: Facts | Article) -> bool:
    return bool(said.citations or said.number or said.type)


def _said(said: Facts | Article) -> Hashable:
    """Everything that the registry may look at, offsets left out."""
    citations = tuple(replace(citation, start=0, end=0) for citation in said.citations)
    itself = (said.key, said.title) if said.number or said.type else ()
    return itself, said.date, said.source, said.type, said.number, said.issuer, citations


class _SplicedColumns(ColumnsWriter):
    """Columns that begin with those of the generation before."""

    def __init__(self, before: Columns, ids: list[str]) -> None:
        rank = {slug: place for place, slug in enumerate(before.facets["document"].values)}
        super().__init__({"document": rank.__getitem__})
        self._before = before
        self._ids = ids
        for name, writer in self._columns.items():
            column = before.facets[name]
            codes = np.asarray(column.codes)
            counts = (codes > 0).astype(np.int64) if column.starts is None else np.diff(column.starts)
            writer.codes = dict(column.places)
            writer.pairs = _array("I", codes[codes > 0] if column.starts is None else codes)
            writer.counts = _array("I", counts)

    @property
    def ids(self) -> list[str]:
        """The id of every article, in order."""
        return self._ids

    def add_like(self, facts: Facts, twin: int | None) -> None:
        """Append an article that means the documents that its twin before meant."""
        values: dict[str, tuple[str, ...]] = {"theme": tuple(dict.fromkeys(facts.themes))}
        for name in ("document", "term", "issuer", SYMBOL):
            values[name] = self._before.facets[name].of(twin) if twin is not None else ()
        for name in ("issuer", "type", "section", "source"):
            if value := getattr(facts, name):
                values[name] = (value,)
        self.add(Row(id=facts.id, date=facts.date, values=values))

    def arrange(self, take: Indices) -> None:
        """Put the articles in their final order, and forget values that nobody has any more."""
        self.add(Row())
        source = _source(take, self._before.articles, len(self._ids))
        self._ids = [self._ids[number] for number in source.tolist()]
        for writer in self._columns.values():
            pairs, counts = _gather(writer.pairs, writer.counts, source)
            held = set(np.unique(pairs).tolist())
            writer.codes = {value: code for value, code in writer.codes.items() if code in held}
            writer.pairs, writer.counts = _array("I", pairs), _array("I", counts)
            _renumber(writer)


class _SplicedResolutions(ResolutionsWriter):
    """Resolutions that begin with those of the generation before."""

    def __init__(self, before: Resolutions) -> None:
        super().__init__()
        self._words = {word: code for code, word in enumerate(before._words)}
        table = before._table
        self._documents, self._hows = _array("I", table["document"]), _array("I", table["how"])
        self._sures, self._starts = _array("d", table["sure"]), _array("Q", before._starts)
        self._size = len(before._starts) - 1

    def add_like(self, twin: int | None) -> None:
        """Append what a twin's citations mean."""
        if twin is not None:
            kept = slice(self._starts[twin], self._starts[twin + 1])
            self._documents.extend(self._documents[kept])
            self._hows.extend(self._hows[kept])
            self._sures.extend(self._sures[kept])
        self._starts.append(len(self._documents))

    def arrange(self, take: Indices) -> None:
        """Put the articles in their final order."""
        self.add(())
        source = _source(take, self._size, len(self._starts) - 1)
        counts = np.diff(np.array(self._starts, np.int64))
        columns = [_gather(column, counts, source) for column in (self._documents, self._hows, self._sures)]
        self._documents, self._hows = _array("I", columns[0][0]), _array("I", columns[1][0])
        self._sures = _array("d", columns[2][0])
        self._starts = _array("Q", np.concatenate([[0], np.cumsum(columns[0][1])]))


def _source(take: Indices, before: int, size: int) -> Indices:
    """Numbers in the table before with the fresh ones behind it, and the blank one last."""
    source = np.where(take >= 0, take, before - take - 2)
    source[take == BLANK] = size - 1
    return source


def _gather(pairs: Any, counts: Any, source: Indices) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of the articles `source`, in that order, and how many each has."""
    values, sizes = np.asarray(pairs), np.asarray(counts).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    taken = sizes[source]
    shift = starts[source] - (np.cumsum(taken) - taken)
    return values[np.repeat(shift, taken) + np.arange(int(taken.sum()))], taken


def _renumber(writer: Any) -> None:
    """Codes without gaps, as a writer that met only these values would have given."""
    table = np.zeros(max(writer.codes.values(), default=0) + 1, np.uint32)
    codes: Mapping[str, int] = {value: number for number, value in enumerate(writer.codes, 1)}
    for value, code in writer.codes.items():
        table[code] = codes[value]
    writer.pairs = _array("I", table[np.frombuffer(writer.pairs, np.uint32)] if len(writer.pairs) else [])
    writer.codes = dict(codes)


def _array(kind: str, values: Any) -> array[Any]:
    made: array[Any] = array(kind)
    made.frombytes(np.ascontiguousarray(values, np.dtype(kind.replace("I", "u4").replace("Q", "u8"))).tobytes())
    return made
