"""Filters and date limits as sets of articles, and facets counted with their own selection lifted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.cache import ByteCache
from searchapp.engines.whoosh.columns import STEPS, SYMBOL, Column, Columns, ordinal
from searchapp.engines.whoosh.phrases import Numbers
from searchapp.query import Query

UNKNOWN: Final = "unknown"
MAX_VALUES: Final = 200
"""Values listed of one facet, beside the chosen ones."""
_CACHE_BYTES: Final = 16 * 2**20

Counts = tuple[tuple[str, int], ...]


class Selection:
    """The filters of queries over the columns of one generation; safe to share between threads.

    meanings: symbol of a document to the slugs it may mean, for filters that name a bare symbol.
    """

    def __init__(self, columns: Columns, meanings: Mapping[str, tuple[str, ...]]) -> None:
        self._columns = columns
        self._meanings = meanings
        self._cache = ByteCache(_CACHE_BYTES)

    def narrow(self, query: Query, documents: Numbers, *, lifted: str = "") -> Numbers:
        """Those of the articles that pass every filter but the `lifted` facet, and the date limits."""
        masks = [self._mask(name, values) for name, values in query.filters.items() if values and name != lifted]
        if query.since or query.until:
            masks.append(self._between(query.since, query.until))
        for mask in masks:
            documents = documents[mask.take(documents)]
        return documents

    def count(self, query: Query, matching: Numbers, results: Numbers) -> dict[str, Counts]:
        """Counts of the facets that the query wants.

        matching: articles of the tree before any filter; results: those that pass all filters.
        """
        found = {}
        for name in query.facets:
            chosen = query.filters.get(name, ())
            documents = self.narrow(query, matching, lifted=name) if chosen else results
            found[name] = self._dates(chosen, documents) if name == "date" else self._values(name, chosen, documents)
        return found

    def steps(self, query: Query, results: Numbers) -> dict[str, Counts]:
        """The dates of the results, cut to each step that the query wants, in date order; undated last."""
        found = {}
        for step in query.steps:
            column = self._columns.steps[step]
            counts = column.count(results)
            codes = np.flatnonzero(counts[1:]) + 1
            dated = [(column.values[code - 1], int(counts[code])) for code in codes]
            found[step] = tuple(dated + ([(UNKNOWN, int(counts[0]))] if counts[0] else []))
        return found

    def slugs(self, value: str) -> tuple[str, ...]:
        """The documents that a filter value means: itself, or all that bear this symbol."""
        known = value in self._columns.facets["document"].places
        return (value,) if known else self._meanings.get(value, (value,))

    def citing(self, symbol: str, documents: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which articles are or cite one of the documents, or write their number without saying which is meant."""
        return self._mask("document", documents) | self._mask(SYMBOL, (symbol,))

    def _mask(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        key = (name, values)
        mask: NDArray[np.bool_] | None = self._cache.get(key)
        if mask is None:
            mask = self._dated(values) if name == "date" else self._having(name, values)
            self._cache.put(key, mask, mask.nbytes)
        return mask

    def _having(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        if name not in self._columns.facets:
            raise ValueError(f"no facet {name!r}")  # a bug: parameters are checked at the door
        wanted = [slug for value in values for slug in self.slugs(value)] if name == "document" else values
        return self._columns.facets[name].having(wanted)

    def _dated(self, values: tuple[str, ...]) -> NDArray[np.bool_]:
        mask = np.zeros(self._columns.articles, np.bool_)
        for step, width in STEPS.items():
            days = [value for value in values if len(value) == width and value != UNKNOWN]
            if days:
                mask |= self._columns.steps[step].having(days)
        if UNKNOWN in values:
            mask |= self._columns.first == 0
        return mask

    def _between(self, since: str, until: str) -> NDArray[np.bool_]:
        """Articles whose date may lie within: one dated only "2021" passes when its year overlaps; undated never."""
        first, last = self._columns.first, self._columns.last
        mask: NDArray[np.bool_] = first > 0
        if since:
            mask &= last >= ordinal(since)
        if until:
            mask &= first <= ordinal(until)
        return mask

    def _values(self, name: str, chosen: tuple[str, ...], documents: Numbers) -> Counts:
        column = self._columns.facets[name]
        counts = column.count(documents)
        listed = _most(counts, MAX_VALUES)
        found = [(column.values[code - 1], int(counts[code])) for code in listed]
        shown = {value for value, _ in found}
        # A chosen value stays listed even at zero, or it could not be un-chosen.
        for value in dict.fromkeys(chosen):
            if value not in shown:
                found.append((value, self._one(name, column, counts, value, documents)))
        place = {value: at for at, (value, _) in enumerate(found)}
        return tuple(sorted(found, key=lambda row: (-row[1], column.places.get(row[0], place[row[0]]))))

    def _one(self, name: str, column: Column, counts: NDArray[np.intp], value: str, documents: Numbers) -> int:
        if value in column.places:
            return int(counts[column.places[value]])
        if name != "document":
            return 0
        return int(np.count_nonzero(self._mask(name, (value,)).take(documents)))

    def _dates(self, chosen: tuple[str, ...], documents: Numbers) -> Counts:
        """Years, the months of chosen years, the days of chosen months, and "unknown"; most frequent first."""
        years, months = {day[:4] for day in chosen}, {day[:7] for day in chosen if len(day) >= 7}
        found: dict[str, int] = dict.fromkeys(chosen, 0)
        for step, parents in (("year", None), ("month", years), ("day", months)):
            if parents is None or parents:
                found |= self._step(step, parents, documents)
        return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))

    def _step(self, step: str, parents: set[str] | None, documents: Numbers) -> dict[str, int]:
        """Counts of one date step, where `parents` are given only below these."""
        column, width = self._columns.steps[step], STEPS[step]
        counts = column.count(documents)
        found = {}
        for code in np.flatnonzero(counts):
            value = column.values[code - 1] if code else UNKNOWN
            below = parents is None or (len(value) == width and value[: width - 3] in parents)
            if below:
                found[value] = int(counts[code])
        return found


def _most(counts: NDArray[np.intp], limit: int) -> list[int]:
    """Codes of the highest counts, none of them 0, highest first and the lower code first among equals."""
    codes = np.flatnonzero(counts[1:]) + 1
    if len(codes) > 4 * limit:
        least = np.partition(counts[codes], -limit)[-limit]
        codes = codes[counts[codes] >= least]
    order = np.argsort(-counts[codes], kind="stable")[:limit]
    return [int(code) for code in codes[order]]
