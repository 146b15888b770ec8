"""The hits of one page: by number, behind a cursor, beyond what an index gives by number, and with reprints folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from searchapp.engines.opensearch import paging
from searchapp.engines.opensearch.compile import Clauses
from searchapp.engines.opensearch.reading import Reading
from searchapp.query import Query

_SHOWN: Final = ["article", "document", "reprint"]
_BATCH: Final = 50
"""Hits looked at in one go for those that are the best of their family."""

Hit = Mapping[str, Any]


class Listing:
    """The result list of one query. clauses: what matches and how it scores; narrow: the filters beside."""

    def __init__(self, reading: Reading, clauses: Clauses, narrow: Clauses, order: str) -> None:
        self._reading = reading
        self._clauses = clauses
        self._order = order
        self._list: dict[str, Any] = {
            "query": clauses,
            "post_filter": narrow,
            "sort": paging.sorting(order),
            "track_total_hits": True,
        }

    def page(self, query: Query) -> dict[str, Any]:
        """The search that gives the hits of a page; without hits where they come from `folded`."""
        skipped = (query.page - 1) * query.size
        body = {**self._list, "size": query.size, "_source": _SHOWN}
        if self.by_itself(query):
            return {**body, "size": 0}
        if query.after:
            return {**body, "search_after": paging.read(query.after, self._order)}
        if skipped + query.size > paging.WINDOW:
            return self._far(body, skipped)
        return {**body, "from": skipped, **({"collapse": {"field": "reprint"}} if query.fold else {})}

    def by_itself(self, query: Query) -> bool:
        """Whether the page needs more than one search: OpenSearch does not fold behind a cursor."""
        return query.fold and bool(query.after or query.page * query.size > paging.WINDOW)

    def folded(self, query: Query, families: Mapping[str, int]) -> list[Hit]:
        """The hits of a page, of each family only the best. families: those with more than one in the result set."""
        after = paging.read(query.after, self._order) if query.after else None
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
        """The best article of each family in the whole result list."""
        query = {"bool": {"must": [self._clauses], "filter": [{"terms": {"reprint": families}}]}}
        body = {**self._list, "query": query, "collapse": {"field": "reprint"}, "size": len(families), "_source": False}
        return {hit["_id"] for hit in self._reading.search(body)["hits"]["hits"]}

    def _far(self, body: dict[str, Any], skipped: int) -> dict[str, Any]:
        """A page beyond the window of an index: list by list."""
        while skipped:
            step = min(skipped, paging.WINDOW)
            hits = self._reading.search({**body, "size": step, "_source": False})["hits"]["hits"]
            if len(hits) < step:
                return {**body, "size": 0}  # the list ends before this page
            body = {**body, "search_after": hits[-1]["sort"]}
            skipped -= step
        return body
