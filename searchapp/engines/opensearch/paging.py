"""Get the hits of one page: by number, behind a cursor, beyond an index's window, and with reprints folded."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from searchapp.engines.opensearch.intervals import Clauses
from searchapp.engines.opensearch.reader import Reading
from searchapp.errors import BadCursorError
from searchapp.query import Query

_SHOWN: Final = ["article", "document", "reprint"]
_BATCH: Final = 50
"""The number of hits examined at once for those that are the best of their family."""

Hit = Mapping[str, Any]


class Listing:
    """The result list of one query. clauses: matching and scoring; narrow: the filters beside."""

    def __init__(self, reading: Reading, clauses: Clauses, narrow: Clauses, order: str) -> None:
        self._reading = reading
        self._clauses = clauses
        self._order = order
        self._list: dict[str, Any] = {
            "query": clauses,
            "post_filter": narrow,
            "sort": sorting(order),
            "track_total_hits": True,
        }

    def page(self, query: Query) -> dict[str, Any]:
        """Return the search that gives the hits of a page; without hits where they come from `folded`."""
        skipped = (query.page - 1) * query.size
        body = {**self._list, "size": query.size, "_source": _SHOWN}
        if self.by_itself(query):
            return {**body, "size": 0}
        if query.after:
            return {**body, "search_after": read(query.after, self._order)}
        if skipped + query.size > WINDOW:
            return self._far(body, skipped)
        return {**body, "from": skipped, **({"collapse": {"field": "reprint"}} if query.fold else {})}

    def by_itself(self, query: Query) -> bool:
        """Tell whether the page needs more than one search: OpenSearch does not fold behind a cursor."""
        return query.fold and bool(query.after or query.page * query.size > WINDOW)

    def folded(self, query: Query, families: Mapping[str, int]) -> list[Hit]:
        """Return the hits of a page, of each family only the best. families: those with several articles in the result
        set.
        """
        after = read(query.after, self._order) if query.after else None
        skipped = 0 if after else (query.page - 1) * query.size
        return list(islice(self._best(after, families), skipped, skipped + query.size))

    def _best(self, after: list[Any] | None, families: Mapping[str, int]) -> Iterator[Hit]:
        while True:
            more = {"search_after": after} if after else {}
            body = {**self._list, "size": _BATCH, "_source": _SHOWN, **more}
            hits: list[Hit] = self._reading.search(body)["hits"]["hits"]
            several = {hit["_source"]["reprint"] for hit in hits} & families.keys()
            first = self._first_of(sorted(several)) if several else set()
            for hit in hits:
                if hit["_source"]["reprint"] not in several or hit["_id"] in first:
                    yield hit
            if len(hits) < _BATCH:
                return
            after = hits[-1]["sort"]

    def _first_of(self, families: list[str]) -> set[str]:
        """Return the best article of each family in the whole result list."""
        query = {"bool": {"must": [self._clauses], "filter": [{"terms": {"reprint": families}}]}}
        body = {**self._list, "query": query, "collapse": {"field": "reprint"}, "size": len(families), "_source": False}
        return {hit["_id"] for hit in self._reading.search(body)["hits"]["hits"]}

    def _far(self, body: dict[str, Any], skipped: int) -> dict[str, Any]:
        """Return a page beyond the window of an index: list by list."""
        while skipped:
            step = min(skipped, WINDOW)
            hits = self._reading.search({**body, "size": step, "_source": False})["hits"]["hits"]
            if len(hits) < step:
                return {**body, "size": 0}  # the list ends before this page
            body = {**body, "search_after": hits[-1]["sort"]}
            skipped -= step
        return body


def best(clauses: Clauses, size: int, *, fold: bool) -> dict[str, Any]:
    """Return the search for the matches with the best scores."""
    body = {"query": clauses, "sort": sorting("relevance"), "size": size, "_source": _SHOWN}
    return {**body, **({"collapse": {"field": "reprint"}} if fold else {})}


WINDOW: Final = 10_000
"""Hits that an index gives by page number (index.max_result_window); beyond them one page follows another."""

_ORDERS: Final[dict[str, list[dict[str, str]]]] = {
    "relevance": [{"_score": "desc"}, {"newest": "desc"}, {"id": "asc"}],
    "newest": [{"newest": "desc"}, {"id": "asc"}],
    "oldest": [{"oldest": "asc"}, {"id": "asc"}],
}


def sorting(order: str) -> list[dict[str, str]]:
    """Return the sort keys of an order: ties by date, newest first, then by id."""
    return _ORDERS[order]


def write(order: str, values: Sequence[Any]) -> str:
    """Return the place of a hit as text for a URL; values: its sort keys."""
    plain = json.dumps([order, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str, order: str) -> list[Any]:
    """Return the sort keys that `write` wrote. Raises BadCursorError for another text, or one of another order."""
    try:
        plain = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        found, *values = list(json.loads(plain))
    except (ValueError, TypeError, binascii.Error):
        raise BadCursorError from None
    kinds = [str if "id" in key else (int, float) for key in _ORDERS[order]]
    if found != order or len(values) != len(kinds) or not all(map(isinstance, values, kinds)):
        raise BadCursorError
    return values
