"""Write the tables of a generation, and its columns of facet values, dates and order.

A build writes them whole, or from its base after a small change that leaves the documents.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, repeat
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Document, Facts
from searchapp.citations.resolve import Registry
from searchapp.dates import span
from searchapp.engines.facet_values import Order, Row, orders, row_of
from searchapp.engines.whoosh.search.doc_values import DATE, FOLDER, INDEX, Columns, ordinal
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.engines.whoosh.search.reprints import write_reprints
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import (
    Removed,
    Resolutions,
    ResolutionsWriter,
    SegmentList,
    write_documents,
    write_segments,
)
from searchapp.fields import VALUED

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


IDS: Final = "ids"
"""Ids of all articles in order, for the next splice."""

BLANK: Final = -1
"""The number of a removed article."""

_Indices = NDArray[np.int64]


def write_spliced_tables(
    folder: Path, base: Path, listed: SegmentList, registry: Registry, fresh: Iterable[Facts], take: _Indices
) -> None:
    """Write the result of `write_generation_tables`, at the cost of the change alone.

    The function is right only where `registry` has the documents of the generation `base`: then every article that
    stays keeps its meaning. fresh: facts of the articles that come; take: for each article of the new generation its
    number in the base, BLANK where it is removed, or -2 - n for the n-th of fresh.
    """
    write_segments(folder, listed.names, listed.removed)
    columns = _SplicedColumns(Columns.open(base), read_ids(base), registry.documents)
    resolutions = _SplicedResolutions(Resolutions(base))
    for facts in fresh:
        citations = registry.resolve(facts)
        columns.add(row_of(facts, citations, registry))
        resolutions.add(citations)
    columns.arrange(take)
    resolutions.arrange(take)
    write_documents(folder, registry.documents, columns.counted("document"))
    write_ids(folder, columns.ids)
    columns.close(folder)
    resolutions.close(folder)


def write_ids(folder: Path, ids: Iterable[str]) -> None:
    """Write the ids of all articles, "" for removed ones."""
    (folder / IDS).write_bytes("".join(f"{identity}\0" for identity in ids).encode())


def read_ids(folder: Path) -> list[str]:
    """Return the ids that `write_ids` wrote."""
    return (folder / IDS).read_bytes().decode().split("\0")[:-1]


class ColumnsWriter:
    """A writer that takes the rows of a generation one by one and writes its columns.

    orders: facet name to a sort key that decides between values of equal counts (default: the value).
    """

    def __init__(self, orders: Mapping[str, Order] | None = None) -> None:
        self._orders = orders or {}
        self._columns = {name: _ColumnWriter() for name in (DATE, *VALUED)}
        self._ids: list[str] = []

    def add(self, row: Row) -> None:
        """Append an article."""
        self._ids.append(row.id)
        for name, column in self._columns.items():
            column.add(row.values.get(name, ()) if name != DATE else (row.date,) if row.date else ())

    def close(self, folder: Path) -> None:
        """Write everything into a generation folder."""
        place = folder / FOLDER
        place.mkdir(parents=True, exist_ok=True)
        values = {name: column.write(place / name, self._orders.get(name)) for name, column in self._columns.items()}
        self._write_dates(place)
        index = {"articles": len(self._ids), "values": values}
        (place / INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")

    def _write_dates(self, place: Path) -> None:
        """Write days and orders, from the dates as first met."""
        column = self._columns[DATE]
        days = np.zeros((len(column.codes) + 1, 2), np.int32)
        for day, code in column.codes.items():
            days[code] = [ordinal(end) for end in span(day)]
        codes = np.zeros(len(self._ids), np.intp)
        codes[np.frombuffer(column.counts, np.uint32) > 0] = np.frombuffer(column.pairs, np.uint32)
        first, last = days[codes].T
        by_id = np.empty(len(self._ids), np.intp)
        by_id[sorted(range(len(self._ids)), key=self._ids.__getitem__)] = np.arange(len(self._ids))
        # An undated article has first 0: newest first it comes last by itself.
        newest, oldest = np.lexsort((by_id, -first)), np.lexsort((by_id, first, first == 0))
        for name, values in (
            ("first", first),
            ("last", last),
            ("newest", _places(newest)),
            ("oldest", _places(oldest)),
        ):
            _save(place / f"{name}.npy", values)


class _ColumnWriter:
    """One column on its way: codes in the order in which the values are met, from 1."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.pairs = array("I")
        self.counts = array("I")

    def add(self, values: Iterable[str]) -> None:
        count = 0
        for value in values:
            self.pairs.append(self.codes.setdefault(value, len(self.codes) + 1))
            count += 1
        self.counts.append(count)

    def write(self, path: Path, order: Order | None) -> list[str]:
        """Write codes that follow the order of the values; return the values."""
        values = sorted(self.codes)
        if order is not None:
            values.sort(key=order)
        renamed = np.zeros(len(values) + 1, np.uint16 if len(values) < 1 << 16 else np.uint32)
        renamed[[self.codes[value] for value in values]] = np.arange(1, len(values) + 1)
        pairs, counts = renamed[np.frombuffer(self.pairs, np.uint32)], np.frombuffer(self.counts, np.uint32)
        if counts.max(initial=0) <= 1:
            single = np.zeros(len(counts), renamed.dtype)
            single[counts > 0] = pairs
            _save(path.with_name(f"{path.name}.npy"), single)
        else:
            _save(path.with_name(f"{path.name}.npy"), pairs)
            starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
            _save(path.with_name(f"{path.name}.starts.npy"), starts)
        return values


def _places(order: DocIds) -> NDArray[np.uint32]:
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return places


def _save(path: Path, values: NDArray[Any]) -> None:
    np.save(path, values, allow_pickle=False)


class _SplicedColumns(ColumnsWriter):
    """Columns that begin with those of the base."""

    def __init__(self, before: Columns, ids: list[str], documents: Mapping[str, Document]) -> None:
        super().__init__(orders(documents))
        self._size = before.articles
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
        """Return the id of every article, in order."""
        return self._ids

    def counted(self, name: str) -> dict[str, int]:
        """Return how many articles have each value of a facet."""
        writer = self._columns[name]
        counts = np.bincount(np.frombuffer(writer.pairs, np.uint32), minlength=len(writer.codes) + 1).tolist()
        return {value: counts[code] for value, code in writer.codes.items()}

    def arrange(self, take: _Indices) -> None:
        """Put the articles in their final order, and forget values that no article has any more."""
        self.add(Row())
        source = _source(take, self._size, len(self._ids))
        self._ids = [self._ids[number] for number in source.tolist()]
        for writer in self._columns.values():
            pairs, counts = _gather(writer.pairs, writer.counts, source)
            held = set(np.unique(pairs).tolist())
            writer.codes = {value: code for value, code in writer.codes.items() if code in held}
            writer.pairs, writer.counts = _array("I", pairs), _array("I", counts)
            _renumber(writer)


class _SplicedResolutions(ResolutionsWriter):
    """Resolutions that begin with those of the base."""

    def __init__(self, before: Resolutions) -> None:
        super().__init__()
        self._words = {word: code for code, word in enumerate(before._words)}
        table = before._table
        self._documents, self._hows = _array("I", table["document"]), _array("I", table["how"])
        self._sures, self._starts = _array("d", table["sure"]), _array("Q", before._starts)
        self._size = len(before._starts) - 1

    def arrange(self, take: _Indices) -> None:
        """Put the articles in their final order."""
        self.add(())
        source = _source(take, self._size, len(self._starts) - 1)
        counts = np.diff(np.array(self._starts, np.int64))
        columns = [_gather(column, counts, source) for column in (self._documents, self._hows, self._sures)]
        self._documents, self._hows = _array("I", columns[0][0]), _array("I", columns[1][0])
        self._sures = _array("d", columns[2][0])
        self._starts = _array("Q", np.concatenate([[0], np.cumsum(columns[0][1])]))


def _source(take: _Indices, before: int, size: int) -> _Indices:
    """Return numbers in the old table, with the fresh ones behind them, and the blank one last."""
    source = np.where(take >= 0, take, before - take - 2)
    source[take == BLANK] = size - 1
    return source


def _gather(pairs: Any, counts: Any, source: _Indices) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the values of the articles `source`, in that order, and how many each has."""
    values, sizes = np.asarray(pairs), np.asarray(counts).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    taken = sizes[source]
    shift = starts[source] - (np.cumsum(taken) - taken)
    return values[np.repeat(shift, taken) + np.arange(int(taken.sum()))], taken


def _renumber(writer: Any) -> None:
    """Make codes without gaps, as a writer that met only these values would have made them."""
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
