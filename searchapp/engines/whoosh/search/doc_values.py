"""Hold one facet's values for every article as codes, and count and pick by them in the quickest way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.search.phrases import DocIds, ranges
from searchapp.engines.whoosh.store import arrays
from searchapp.errors import damage
from searchapp.fields import VALUED
from searchapp.query import UNKNOWN

# Nanoseconds, measured at 100,000 and 1,000,000 articles on one core. They are per bit of a value's bitmap, per article
# of a single column, per picked pair, per skipped pair.
_PER_BIT: Final = 0.03
_PER_ARTICLE: Final = 2.2
_PER_PICKED: Final = 10.0
_PER_PAIR: Final = 2.3
_MAX_BITMAPS: Final = 64
"""Columns of at most so many values have bitmaps: 8 bytes an article at most."""


class ResultSet:
    """Some of all articles, in the forms that counting needs; each form is made when it is first needed."""

    def __init__(self, doc_ids: DocIds, articles: int, *, everything: bool = False) -> None:
        """everything: whether these are all living articles; removed ones have no values in any column."""
        self.doc_ids = doc_ids
        self.articles = articles
        self.everything = everything or len(doc_ids) == articles

    def __len__(self) -> int:
        return len(self.doc_ids)

    @cached_property
    def flags(self) -> NDArray[np.uint8]:
        """Return 1 for each article of the set, else 0: shape (articles,)."""
        flags = np.zeros(self.articles, np.uint8)
        flags[self.doc_ids] = 1
        return flags

    @cached_property
    def bits(self) -> NDArray[np.uint64]:
        """Return the flags as bits."""
        return _bitmap(self.flags)


class Column:
    """One facet: codes of shape (articles,), or of (pairs,) in article order where an article may have several.

    A code is 0 for none, else 1 + place in `values`; of equal counts the first value there comes first.
    """

    def __init__(
        self, values: Sequence[str], codes: NDArray[np.unsignedinteger], articles: int, starts: DocIds | None = None
    ) -> None:
        """starts: where the pairs of each article begin, shape (articles + 1,); None for single values."""
        self.values = tuple(values)
        self.places = {value: code for code, value in enumerate(self.values, 1)}
        self.codes = codes
        self.articles = articles
        self.starts = starts

    def count(self, results: ResultSet) -> NDArray[np.intp]:
        """Return how many articles of the set have each value, by code: shape (values + 1,); place 0 means nothing."""
        if results.everything:
            return self._totals
        flat = self.starts is None
        picked = len(results) * (len(self.codes) / self.articles)
        ways = {
            self._count_bits: _PER_BIT * len(self.values) * self.articles,
            self._count_picked: _PER_ARTICLE * picked if flat else _PER_PICKED * picked,
        }
        if not flat:
            ways[self._count_pairs] = _PER_PAIR * len(self.codes)
        if len(self.values) > _MAX_BITMAPS:
            del ways[self._count_bits]
        return min(ways, key=lambda way: ways[way])(results)

    def having(self, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which articles have one of the codes that are True in `wanted` (shape (values + 1,)): shape
        (articles,).
        """
        hit = wanted.take(self.codes)
        if self.starts is None:
            return hit
        mask = np.zeros(self.articles, np.bool_)
        mask[self._owners.compress(hit)] = True
        return mask

    def lookup(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """Return these values, as far as they are known, for `having`."""
        wanted = np.zeros(len(self.values) + 1, np.bool_)
        wanted[[self.places[value] for value in values if value in self.places]] = True
        return wanted

    def of(self, number: int) -> tuple[str, ...]:
        """Return the values of one article."""
        if self.starts is None:
            codes = [int(self.codes[number])]
        else:
            codes = self.codes[self.starts[number] : self.starts[number + 1]].tolist()
        return tuple(self.values[code - 1] for code in codes if code)

    def _count_bits(self, results: ResultSet) -> NDArray[np.intp]:
        counts = np.zeros(len(self.values) + 1, np.intp)
        counts[1:] = np.bitwise_count(self._bitmaps & results.bits).sum(axis=1, dtype=np.uint32)
        return counts

    def _count_picked(self, results: ResultSet) -> NDArray[np.intp]:
        if self.starts is None:
            return np.bincount(self.codes.take(results.doc_ids), minlength=len(self.values) + 1)
        begin = self.starts.take(results.doc_ids)
        spread = ranges(begin, self.starts.take(results.doc_ids + 1) - begin)
        return np.bincount(self.codes.take(spread), minlength=len(self.values) + 1)

    def _count_pairs(self, results: ResultSet) -> NDArray[np.intp]:
        # The code multiplies instead of selecting: a branch for every pair would cost twice as much.
        wanted = results.flags.take(self._owners)
        return np.bincount(np.multiply(wanted, self.codes), minlength=len(self.values) + 1)

    @cached_property
    def _totals(self) -> NDArray[np.intp]:
        return np.bincount(self.codes, minlength=len(self.values) + 1)

    @cached_property
    def _owners(self) -> DocIds:
        """Return the article of each pair."""
        return np.repeat(np.arange(self.articles), np.diff(self.starts if self.starts is not None else []))

    @cached_property
    def _bitmaps(self) -> NDArray[np.uint64]:
        """Return one row of bits per value."""
        rows = [_bitmap(self.having(self.lookup([value]))) for value in self.values]
        return np.array(rows) if rows else np.empty((0, len(_bitmap(np.zeros(self.articles, np.bool_)))), np.uint64)


def _bitmap(flags: NDArray[np.uint8] | NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return flags packed into whole words, 0 behind the last."""
    packed = np.zeros(-(-len(flags) // 64) * 8, np.uint8)
    packed[: -(-len(flags) // 8)] = np.packbits(flags)
    return packed.view(np.uint64)


WIDTHS: Final = {"year": 4, "month": 7, "day": 10}
"""Date steps with how much of an ISO date they keep."""


class _Step:
    """The dates of a generation cut to one step: the cut date of each date."""

    def __init__(self, dates: Sequence[str], width: int) -> None:
        cut = [day[:width] for day in dates]
        labels = list(dict.fromkeys(cut))  # in date order, as the dates are
        place = {label: at for at, label in enumerate(labels)}
        self.labels = np.array(labels, dtype=object)
        self.groups = np.array([place[label] for label in cut], np.intp)

    def add_up(self, counts: NDArray[np.intp]) -> list[tuple[str, int]]:
        """Return counts of whole dates as (cut date, count), in date order, without zeros."""
        totals = np.bincount(self.groups, weights=counts, minlength=len(self.labels)).astype(np.intp)
        some = np.flatnonzero(totals)
        return list(zip(self.labels.take(some).tolist(), totals.take(some).tolist(), strict=True))


class Calendar:
    """The date column of a generation, read by year, month or day."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._steps = {step: _Step(column.values, width) for step, width in WIDTHS.items()}

    def having(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """Return which articles have a date within one of these years, months or days, or no date for "unknown"."""
        wanted = np.zeros(len(self._column.values) + 1, np.bool_)
        for value in values:
            if value == UNKNOWN:
                wanted[0] = True
            else:
                wanted[1:] |= np.array([day[: len(value)] == value for day in self._column.values], np.bool_)
        return self._column.having(wanted)

    def count(self, results: ResultSet, steps: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Return (cut date, count) for each step in date order; a less exact date keeps its own cut; undated last."""
        if not steps:
            return {}
        counts = self._column.count(results)[1:]
        undated = len(results) - int(counts.sum())
        tail = [(UNKNOWN, undated)] if undated else []
        return {step: self._steps[step].add_up(counts) + tail for step in steps}


FOLDER: Final = "columns"
DATE: Final = "date"
INDEX: Final = "columns.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All columns of a generation.

    facets: facet name, "symbol" or "chain" to its column. "date" holds whole ISO dates as known, in date order.
    first, last: ordinals of the days that the date spans, 0 when undated. newest, oldest: place of each article in that
    order, undated last, ties by id.
    """

    articles: int
    facets: Mapping[str, Column]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    newest: NDArray[np.uint32]
    oldest: NDArray[np.uint32]

    @classmethod
    def open(cls, folder: Path) -> Columns:
        """Return the columns in a generation folder, memory-mapped. Raises CorruptIndexError."""
        place = folder / FOLDER
        try:
            index = json.loads((place / INDEX).read_text(encoding="utf-8"))
            articles = int(index["articles"])
            facets = {name: _open(place, name, index["values"][name], articles) for name in (DATE, *VALUED)}
            arrays = {name: _load(place / f"{name}.npy", articles) for name in ("first", "last", "newest", "oldest")}
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise damage(error, f"{place}: {error}; run 'searchapp reindex --full'") from None
        return cls(articles=articles, facets=facets, **arrays)


def ordinal(day: str) -> int:
    """Return the days since the year 1 of a whole ISO date."""
    return date.fromisoformat(day).toordinal()


def _load(path: Path, length: int) -> NDArray[Any]:
    values = arrays.load(path)
    if values.shape != (length,):
        raise ValueError(f"{path.name} has the shape {values.shape} instead of ({length},)")
    return values


def _open(place: Path, name: str, values: Sequence[str], articles: int) -> Column:
    if not (place / f"{name}.starts.npy").exists():
        return Column(values, _load(place / f"{name}.npy", articles), articles)
    starts = _load(place / f"{name}.starts.npy", articles + 1).astype(np.intp)
    return Column(values, _load(place / f"{name}.npy", int(starts[-1])), articles, starts)
