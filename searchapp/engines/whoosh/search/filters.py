"""Filters and date limits as sets of articles, and facets counted with their own selection lifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import MAX_VALUES
from searchapp.engines.whoosh.search.cache import ByteCache
from searchapp.engines.whoosh.search.doc_values import (
    DATE,
    WIDTHS,
    Calendar,
    Column,
    Columns,
    ResultSet,
    ordinal,
)
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.engines.whoosh.search.reprints import Reprints
from searchapp.fields import REPRINT, SYMBOL, stored
from searchapp.query import UNKNOWN, Query

_CACHE_BYTES: Final = 8 * 2**20
_MANY: Final = 64
"""The most values of one filter that are compared one by one; and the number of remembered larger sets."""

Counts: TypeAlias = tuple[tuple[str, int], ...]


class Selection:
    """The filters of queries over the columns of one generation; safe to share between threads.

    live: how many articles were not removed; meanings: symbol of a document to the slugs it may mean, for filters that
    name a bare symbol.
    """

    def __init__(
        self, columns: Columns, live: int, meanings: Mapping[str, tuple[str, ...]], reprints: Reprints
    ) -> None:
        self._columns = columns
        self._live = live
        self._reprints = reprints
        self._calendar = Calendar(columns.facets[DATE])
        self._meanings = meanings
        self._cache = ByteCache(_CACHE_BYTES)
        self._same: dict[int, tuple[tuple[str, ...], str, NDArray[np.bool_]]] = {}

    def forget(self) -> None:
        """Drop the filters of earlier queries from memory."""
        self._cache.clear()
        self._same.clear()

    def narrow(self, query: Query, doc_ids: DocIds, *, lifted: str = "") -> DocIds:
        """Return the articles that pass every filter but the `lifted` facet, and the date limits."""
        masks = [self._mask(name, values) for name, values in query.filters.items() if values and name != lifted]
        if query.since or query.until:
            masks.append(self._between(query.since, query.until))
        for mask in masks:
            doc_ids = doc_ids.compress(mask.take(doc_ids))
        return doc_ids

    def count(self, query: Query, matching: DocIds, results: DocIds) -> tuple[dict[str, Counts], dict[str, Counts]]:
        """Return the facets and the date steps that the query wants.

        matching: articles of the tree before any filter; results: those that pass all filters.
        """
        final = self._set(results)
        facets = {}
        for name in stored(query.facets):
            chosen = query.filters.get(name, ())
            counted = final
            if chosen:
                counted = self._set(self.narrow(query, matching, lifted=name))
            facets[name] = self._dates(chosen, counted) if name == DATE else self._values(name, chosen, counted)
        return facets, {step: tuple(rows) for step, rows in self._calendar.count(final, query.steps).items()}

    def citing(self, symbols: tuple[str, ...], documents: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return the articles that are or cite one of the documents, or write their number without a clear meaning."""
        return self._mask("document", documents) | self._mask(SYMBOL, symbols)

    def _set(self, doc_ids: DocIds) -> ResultSet:
        return ResultSet(doc_ids, self._columns.articles, everything=len(doc_ids) == self._live)

    def _mask(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        if len(values) > _MANY:
            return self._large(name, values)
        return self._small(name, values)

    def _large(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return the set of a filter with thousands of values (a status has documents).

        The tuple itself identifies the values; nobody compares them.
        """
        known = self._same.get(id(values))
        if known is None or known[0] is not values or known[1] != name:
            while len(self._same) >= _MANY:
                self._same.pop(next(iter(self._same)), None)
            known = self._same[id(values)] = (values, name, self._small(name, values))
        return known[2]

    def _small(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        if name == DATE:
            return self._cached((name, values), lambda: self._calendar.having(values))
        if name == REPRINT:
            return self._reprints.having(values)
        if name not in self._columns.facets:
            raise ValueError(f"no facet {name!r}")  # a bug: parameters are checked at the door
        column = self._columns.facets[name]
        wanted = tuple(slug for value in values for slug in self._slugs(value)) if name == "document" else values
        return self._cached((name, wanted), lambda: column.having(column.lookup(wanted)))

    def _slugs(self, value: str) -> tuple[str, ...]:
        """Return the documents that a filter value means: itself, or all that bear this symbol."""
        known = value in self._columns.facets["document"].places
        return (value,) if known else self._meanings.get(value, ())

    def _cached(self, key: tuple[str, tuple[str, ...]], make: Callable[[], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] | None = self._cache.get(key)
        if mask is None:
            mask = make()
            self._cache.put(key, mask, mask.nbytes)
        return mask

    def _between(self, since: str, until: str) -> NDArray[np.bool_]:
        """Return articles whose date may lie within: one dated only "2021" passes when its year overlaps; undated ones
        never pass.
        """
        first, last = self._columns.first, self._columns.last
        mask: NDArray[np.bool_] = first > 0
        if since:
            mask &= last >= ordinal(since)
        if until:
            mask &= first <= ordinal(until)
        return mask

    def _values(self, name: str, chosen: tuple[str, ...], results: ResultSet) -> Counts:
        column = self._columns.facets[name]
        counts = column.count(results)
        found = [(column.values[code - 1], int(counts[code])) for code in _most(counts, MAX_VALUES)]
        shown = {value for value, _ in found}
        missing = [value for value in dict.fromkeys(chosen) if value not in shown]
        if not missing:
            return tuple(found)
        # A chosen value stays listed even at zero, or it could not be un-chosen.
        found += [(value, self._one(name, column, counts, value, results)) for value in missing]
        last = len(column.values) + 1
        return tuple(sorted(found, key=lambda row: (-row[1], column.places.get(row[0], last), row[0])))

    def _one(self, name: str, column: Column, counts: NDArray[np.intp], value: str, results: ResultSet) -> int:
        """Return the count of a chosen value that is not among the most frequent; it may be a bare symbol."""
        if value in column.places:
            return int(counts[column.places[value]])
        return int(np.count_nonzero(self._mask(name, (value,)).take(results.doc_ids)))

    def _dates(self, chosen: tuple[str, ...], results: ResultSet) -> Counts:
        """Return years, the months of chosen years, the days of chosen months, and "unknown"; most frequent first."""
        parents = {
            "month": {value[:4] for value in chosen if value != UNKNOWN},
            "day": {value[:7] for value in chosen if value != UNKNOWN and len(value) > WIDTHS["year"]},
        }
        steps = ["year", *(step for step in parents if parents[step])]
        found = dict.fromkeys(chosen, 0)
        for step, rows in self._calendar.count(results, steps).items():
            width = WIDTHS[step]
            for value, count in rows:
                if step == "year" or (len(value) == width and value[: width - 3] in parents[step]):
                    found[value] = count
        return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))


def _most(counts: NDArray[np.intp], limit: int) -> list[int]:
    """Return codes of the highest counts, without zeros, highest first and the lower code first among equals."""
    codes = np.flatnonzero(counts[1:]) + 1
    if len(codes) > 4 * limit:
        codes = codes[counts[codes] >= np.partition(counts[codes], -limit)[-limit]]
    order = np.argsort(-counts[codes], kind="stable")[:limit]
    return [int(code) for code in codes[order]]
