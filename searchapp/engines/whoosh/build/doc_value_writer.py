"""Write the facts of each article beside its text as columns on disk: facet values, dates, order."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.dates import span
from searchapp.engines.facet_values import Order, Row
from searchapp.engines.whoosh.search.doc_values import DATE, FOLDER, INDEX, ordinal
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.fields import VALUED


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
