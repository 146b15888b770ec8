"""What is known of each article beside its text, as arrays: facet values, dates, order; one set per generation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.dates import span
from searchapp.engines.whoosh.phrases import Numbers, ranges
from searchapp.errors import CorruptIndexError
from searchapp.fields import FACET_NAMES

FOLDER: Final = "columns"
STEPS: Final = {"year": 4, "month": 7, "day": 10}
"""Date steps with how much of an ISO date they keep."""
SYMBOL: Final = "symbol"
"""The hidden facet of every document number as written, resolved or not."""
_VALUED: Final = (*(name for name in FACET_NAMES if name != "date"), SYMBOL)
_INDEX: Final = "columns.json"
_GATHER: Final = 4
"""From this many values per wanted value on, picking the wanted ranges beats a pass over all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article's facts, in segment order; a removed article is an empty Row.

    date: ISO, cut to what is known. values: facet name (not "date"), or "symbol", to its values without repeats.
    """

    id: str = ""
    date: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one facet for every article, as codes: 0 for none, else 1 + place in `values`.

    codes: shape (articles,) where an article has one value at most (then starts and owners are None), else (pairs,) in
    article order with starts of shape (articles + 1,) and the owner of each pair. Equal counts are told in the order
    of `values`.
    """

    values: tuple[str, ...]
    places: Mapping[str, int]
    codes: NDArray[np.unsignedinteger]
    starts: Numbers | None
    owners: Numbers | None
    articles: int

    def count(self, documents: Numbers) -> NDArray[np.intp]:
        """How many of these articles have each value: shape (values + 1,), at 0 those that have none."""
        width = len(self.values) + 1
        if self.starts is None or self.owners is None:
            picked = self.codes if len(documents) == self.articles else self.codes.take(documents)
            return np.bincount(picked, minlength=width)
        if len(documents) == self.articles:
            return np.bincount(self.codes, minlength=width)
        starts = self.starts.take(documents)
        counts = self.starts.take(documents + 1) - starts
        if int(counts.sum()) * _GATHER < len(self.codes):
            return np.bincount(self.codes.take(ranges(starts, counts)), minlength=width)
        wanted = np.zeros(self.articles, np.bool_)
        wanted[documents] = True
        return np.bincount(self.codes[wanted.take(self.owners)], minlength=width)

    def having(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """Which articles have one of the values (shape (articles,)); unknown values have none."""
        lookup = np.zeros(len(self.values) + 1, np.bool_)
        lookup[[self.places[value] for value in values if value in self.places]] = True
        hit = lookup.take(self.codes)
        if self.owners is None:
            return hit
        mask = np.zeros(self.articles, np.bool_)
        mask[self.owners[hit]] = True
        return mask

    def of(self, number: int) -> tuple[str, ...]:
        """The values of one article."""
        if self.starts is None:
            codes = [int(self.codes[number])]
        else:
            codes = self.codes[self.starts[number] : self.starts[number + 1]].tolist()
        return tuple(self.values[code - 1] for code in codes if code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All columns of a generation.

    facets: facet name (not "date"), or "symbol", to its column; steps: "year", "month", "day" to the column of ISO
    dates cut to it, whose values are in date order and whose 0 is undated. first, last: ordinals of the days that the
    date spans, 0 when undated. newest, oldest: place of each article in that order, undated last, ties by id.
    """

    articles: int
    facets: Mapping[str, Column]
    steps: Mapping[str, Column]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    newest: NDArray[np.uint32]
    oldest: NDArray[np.uint32]

    @classmethod
    def open(cls, folder: Path) -> Columns:
        """The columns in a generation folder, memory-mapped. Raises CorruptIndexError."""
        place = folder / FOLDER
        try:
            index = json.loads((place / _INDEX).read_text(encoding="utf-8"))
            articles = int(index["articles"])
            columns = {name: _open(place, name, values, articles) for name, values in index["values"].items()}
            arrays = {name: _load(place / f"{name}.npy", articles) for name in ("first", "last", "newest", "oldest")}
            facets = {name: columns[name] for name in _VALUED}
            steps = {name: columns[name] for name in STEPS}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorruptIndexError(f"{place}: {error}; run 'searchapp reindex --full'") from None
        return cls(articles=articles, facets=facets, steps=steps, **arrays)


def build(folder: Path, rows: Iterable[Row], orders: Mapping[str, Callable[[str], Any]] | None = None) -> None:
    """Write the columns of all articles into a generation folder.

    orders: facet name to a sort key over its values, which decides between equal counts (default: the value).
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    every = list(rows)
    dates = [row.date for row in every]
    table: dict[str, Sequence[tuple[str, ...]]] = {
        step: [(day[:width],) if day else () for day in dates] for step, width in STEPS.items()
    }
    table |= {name: [row.values.get(name, ()) for row in every] for name in _VALUED}
    values = {name: _write(place, name, lists, (orders or {}).get(name)) for name, lists in table.items()}
    _write_dates(place, dates, [row.id for row in every])
    index = {"articles": len(every), "values": values}
    (place / _INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")


def ordinal(day: str) -> int:
    """Days since the year 1 of a whole ISO date."""
    return date.fromisoformat(day).toordinal()


def _write(place: Path, name: str, lists: Sequence[tuple[str, ...]], order: Callable[[str], Any] | None) -> list[str]:
    """Write one column; returns its values in the order of their codes."""
    values = sorted({value for values in lists for value in values})
    if order is not None:
        values.sort(key=order)
    codes = {value: code for code, value in enumerate(values, 1)}
    kind = np.uint16 if len(values) < 1 << 16 else np.uint32
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    if counts.max(initial=0) <= 1:
        _save(place / f"{name}.npy", np.fromiter((codes[v[0]] if v else 0 for v in lists), kind, len(lists)))
        return values
    pairs = int(counts.sum())
    _save(place / f"{name}.npy", np.fromiter((codes[value] for v in lists for value in v), kind, pairs))
    _save(place / f"{name}.starts.npy", np.concatenate([[0], np.cumsum(counts)]))
    return values


def _write_dates(place: Path, dates: Sequence[str], ids: Sequence[str]) -> None:
    spans = {day: span(day) if day else ("", "") for day in set(dates)}
    days = {day: tuple(ordinal(end) if end else 0 for end in ends) for day, ends in spans.items()}
    first = np.fromiter((days[day][0] for day in dates), np.int32, len(dates))
    last = np.fromiter((days[day][1] for day in dates), np.int32, len(dates))
    by_id = np.empty(len(ids), np.int64)
    by_id[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    undated = first == 0
    for name, array in (
        ("first", first),
        ("last", last),
        ("newest", _places(np.lexsort((by_id, -first)))),  # an undated article has first 0: it comes last by itself
        ("oldest", _places(np.lexsort((by_id, first, undated)))),
    ):
        _save(place / f"{name}.npy", array)


def _places(order: Numbers) -> NDArray[np.uint32]:
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return places


def _save(path: Path, array: NDArray[Any]) -> None:
    np.save(path, array, allow_pickle=False)


def _load(path: Path, length: int | None = None) -> NDArray[Any]:
    # As a plain array: numpy's memmap class costs microseconds with every slice.
    array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)) if path.stat().st_size else np.empty(0)
    if length is not None and len(array) != length:
        raise ValueError(f"{path.name} has {len(array)} rows instead of {length}")
    return array


def _open(place: Path, name: str, values: list[str], articles: int) -> Column:
    places = {value: code for code, value in enumerate(values, 1)}
    if not (place / f"{name}.starts.npy").exists():
        return Column(tuple(values), places, _load(place / f"{name}.npy", articles), None, None, articles)
    starts = _load(place / f"{name}.starts.npy", articles + 1).astype(np.intp)
    codes = _load(place / f"{name}.npy", int(starts[-1]))
    owners = np.repeat(np.arange(articles), np.diff(starts))
    return Column(tuple(values), places, codes, starts, owners, articles)
