"""Filters, facets and date steps as OpenSearch's filters and aggregations, each facet with its own selection lifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from searchapp.engines.opensearch.compile import EVERYTHING, Clauses
from searchapp.engines.opensearch.days import CUTS, UNKNOWN, ordinal
from searchapp.engines.opensearch.mapping import codes_of, decoded
from searchapp.engines.plan import MAX_VALUES
from searchapp.fields import REPRINT
from searchapp.query import Query

Counts: TypeAlias = tuple[tuple[str, int], ...]

SHARD_SIZES: Final = (2_000, 20_000, 60_000)
"""Values that each shard reports of a facet: more when the first were too few to be sure of the most frequent."""
_DAYS: Final = 20_000
"""Different dates listed at most: fifty years of days."""


class Selection:
    """The filters of one query.

    meanings: the documents that a filter value means: itself, or all that bear this symbol. families: the families of
    reprints of some articles, by key.
    """

    def __init__(
        self, query: Query, meanings: Callable[[str], Sequence[str]], families: Callable[[Sequence[str]], list[str]]
    ) -> None:
        self._query = query
        self._families = families
        self._filters = {name: self._filter(name, values, meanings) for name, values in query.filters.items() if values}
        self._meanings = meanings

    def narrow(self, *, lifted: str = "") -> Clauses:
        """The filter of what passes every filter but the `lifted` facet, and the date limits."""
        clauses = [clause for name, clause in self._filters.items() if name != lifted]
        query = self._query
        clauses += [{"range": {"last": {"gte": ordinal(query.since)}}}] if query.since else []
        clauses += [{"range": {"first": {"lte": ordinal(query.until)}}}] if query.until else []
        return {"bool": {"filter": clauses}} if clauses else EVERYTHING

    def aggregations(self, shard_size: int) -> dict[str, Any]:
        """What to count: each facet and date step among what passes the other filters."""
        asked: dict[str, Any] = {}
        for name in self._query.facets:
            chosen = self._query.filters.get(name, ())
            inside = _date_counts(chosen) if name == "date" else {"values": _terms(name, shard_size)}
            if chosen and name != "date":
                filters = {value: self._filter(name, (value,), self._meanings) for value in chosen}
                inside["chosen"] = {"filters": {"filters": filters}}
            asked[f"facet {name}"] = {"filter": self.narrow(lifted=name), "aggs": inside}
        if self._query.steps:
            inside = {step: _dates(step) for step in self._query.steps}
            asked["steps"] = {"filter": self.narrow(), "aggs": inside}
        if self._query.fold:
            asked["folded"] = {"filter": self.narrow(), "aggs": {"families": _families(shard_size)}}
        return asked

    def facets(self, counted: Mapping[str, Any]) -> dict[str, Counts]:
        """The facets in an answer."""
        found = {}
        for name in self._query.facets:
            chosen = self._query.filters.get(name, ())
            one = counted[f"facet {name}"]
            found[name] = _date_facet(chosen, one) if name == "date" else _facet(name, chosen, one)
        return found

    def steps(self, counted: Mapping[str, Any]) -> dict[str, Counts]:
        """The date steps in an answer, undated last."""
        return {step: _with_undated(_rows(counted["steps"][step]), counted["steps"]) for step in self._query.steps}

    def folded(self, counted: Mapping[str, Any]) -> dict[str, int]:
        """Family → articles of it in the result set beside the one that is listed."""
        rows = counted["folded"]["families"]["buckets"] if self._query.fold else ()
        return {row["key"]: row["doc_count"] - 1 for row in rows if row["doc_count"] > 1}

    def _filter(self, name: str, values: Sequence[str], meanings: Callable[[str], Sequence[str]]) -> Clauses:
        if name == "date":
            return {"bool": {"should": [_day(value) for value in values], "minimum_should_match": 1}}
        if name == "document":
            return {"terms": {name: codes_of([slug for value in values for slug in meanings(value)])}}
        return {"terms": {name: self._families(values) if name == REPRINT else list(values)}}


def uncertain(counted: Mapping[str, Any]) -> bool:
    """Whether a shard left out values that might have been among the most frequent."""
    if counted.get("folded", {}).get("families", {}).get("sum_other_doc_count", 0):
        return True
    return any(one.get("values", {}).get("doc_count_error_upper_bound", 0) for one in counted.values())


def _terms(name: str, shard_size: int) -> dict[str, Any]:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": name, "size": MAX_VALUES, "shard_size": shard_size, "order": order}}


def _families(shard_size: int) -> dict[str, Any]:
    return {"terms": {"field": "family", "size": shard_size, "shard_size": shard_size}}


def _dates(cut: str, **more: Any) -> dict[str, Any]:
    return {"terms": {"field": cut, "size": _DAYS, "order": {"_key": "asc"}, **more}}


def _day(value: str) -> Clauses:
    if value == UNKNOWN:
        return {"bool": {"must_not": [{"exists": {"field": "first"}}]}}
    return {"term": {_cut_of(value): value}}


def _cut_of(value: str) -> str:
    return next(cut for cut, width in CUTS.items() if len(value) <= width)


def _date_counts(chosen: Sequence[str]) -> dict[str, Any]:
    """Years, the months of chosen years, the days of chosen months."""
    asked = {"year": _dates("year")}
    for cut, parents in _parents(chosen).items():
        if parents:
            asked[cut] = _dates(cut, include=f"({'|'.join(sorted(parents))})-..")
    return asked


def _parents(chosen: Sequence[str]) -> dict[str, set[str]]:
    known = [value for value in chosen if value != UNKNOWN]
    return {
        "month": {value[: CUTS["year"]] for value in known},
        "day": {value[: CUTS["month"]] for value in known if len(value) > CUTS["year"]},
    }


def _date_facet(chosen: Sequence[str], counted: Mapping[str, Any]) -> Counts:
    found = dict.fromkeys(chosen, 0) | dict(_with_undated(_rows(counted["year"]), counted))
    for cut in ("month", "day"):
        found |= _rows(counted[cut]) if cut in counted else {}
    return _ordered(found)


def _facet(name: str, chosen: Sequence[str], counted: Mapping[str, Any]) -> Counts:
    """The values in the order of the answer; a chosen one stays listed even at zero, or it could not be un-chosen."""
    read = decoded if name == "document" else str
    rows = [(row["key"], row["doc_count"]) for row in counted["values"]["buckets"]]
    shown = {read(code) for code, _ in rows}
    missing = [value for value in dict.fromkeys(chosen) if value not in shown]
    if not missing:
        return tuple((read(code), count) for code, count in rows)
    counts = counted["chosen"]["buckets"]
    added = [(value, counts[value]["doc_count"]) for value in missing]
    # A value of no known order comes last among equals.
    places = {read(code): place for place, (code, _) in enumerate(rows)}
    found = [*((read(code), count) for code, count in rows), *added]
    return tuple(sorted(found, key=lambda row: (-row[1], places.get(row[0], len(rows)), row[0])))


def _rows(counted: Mapping[str, Any]) -> dict[str, int]:
    return {row["key"]: row["doc_count"] for row in counted["buckets"]}


def _with_undated(rows: Mapping[str, int], counted: Mapping[str, Any]) -> Counts:
    undated = counted["doc_count"] - sum(rows.values())
    return (*rows.items(), (UNKNOWN, undated)) if undated else tuple(rows.items())


def _ordered(found: Mapping[str, int]) -> Counts:
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))
