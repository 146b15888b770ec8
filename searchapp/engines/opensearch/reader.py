"""Read one index: counts, terms, stored articles and documents; repeated questions are answered from memory."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from threading import Lock
from typing import Any, Final

from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.intervals import Clauses, phrase_filter
from searchapp.engines.opensearch.mapping import JOINT, any_of
from searchapp.engines.opensearch.query import EVERYTHING
from searchapp.engines.plan import MAX_EXPANSIONS
from searchapp.errors import EngineUnavailableError, NoIndexError, StaleIndexError
from searchapp.fields import ANALYZER, SCHEMA
from searchapp.query import Phrase

_PAGE: Final = 5_000
_MANY: Final = 1_000
_KEPT: Final = 20_000
"""The number of remembered counts: those of the queried words."""


class Reading:
    """One index, which holds the articles and the documents of a generation; safe to share between threads."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Return the facts that the index states of itself. Raises NoIndexError where it is gone, or not ours."""
        meta: dict[str, Any] = self._mapping.get("_meta", {})
        if "schema" not in meta:
            raise NoIndexError(f"{self._index} is no index of searchapp: give another name in [opensearch]")
        return meta

    @property
    def properties(self) -> dict[str, Any]:
        """Return its fields."""
        found: dict[str, Any] = self._mapping.get("properties", {})
        return found

    @cached_property
    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = self._cluster.request("GET", f"/{self._index}/_mapping", local="true")[self._index][
            "mappings"
        ]
        return found

    @property
    def archive(self) -> str:
        """Return the place of the cluster, and the alias that leads to this index while it is live."""
        return f"{self._cluster.hosts}/{self._index.removesuffix(f'-{self.generation}')}"

    @property
    def generation(self) -> str:
        """Return the name of the generation."""
        return str(self.meta["generation"])

    def require_current(self) -> None:
        """Raise StaleIndexError when another schema or analyzer version built it."""
        for what, here in (("schema", SCHEMA), ("analyzer", ANALYZER)):
            if self.meta[what] != here:
                raise StaleIndexError(
                    f"index {self._index} was built by {what} {self.meta[what]}, this version needs {here}: "
                    "run 'searchapp reindex --full'"
                )

    def search(self, body: Mapping[str, Any]) -> Any:
        """Ask, with statistics over all shards; an answer is whole or an error."""
        answer = self._cluster.request(
            "POST",
            f"/{self._index}/_search",
            body,
            search_type="dfs_query_then_fetch",
            allow_partial_search_results="false",
        )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise EngineUnavailableError("OpenSearch answered from a part of the index only: see its _cluster/health")
        return answer

    @cached_property
    def articles(self) -> int:
        """Return how many articles there are."""
        return int(self._cluster.request("POST", f"/{self._index}/_count", {"query": EVERYTHING})["count"])

    def count(self, filters: Sequence[Clauses]) -> list[int]:
        """Return how many articles each of these filters holds; the cluster is asked once for each."""
        keys = [json.dumps(one) for one in filters]
        with self._lock:
            known = {key: self._counts[key] for key in keys if key in self._counts}
        missing = {key: one for key, one in zip(keys, filters, strict=True) if key not in known}
        if missing:
            asked = {str(number): one for number, one in enumerate(missing.values())}
            answer = self.search({"size": 0, "aggs": {"each": {"filters": {"filters": asked}}}})
            buckets = answer["aggregations"]["each"]["buckets"]
            fresh = {key: int(buckets[str(number)]["doc_count"]) for number, key in enumerate(missing)}
            known |= fresh
            with self._lock:
                self._counts.update(fresh)
                while len(self._counts) > _KEPT:
                    self._counts.popitem(last=False)
        return [known[key] for key in keys]

    def total(self, query: Clauses) -> int:
        """Count what matches by scores: only as a query itself are they those of all shards."""
        return int(self.search({"size": 0, "query": query, "track_total_hits": True})["hits"]["total"]["value"])

    def best_score(self, query: Clauses) -> float:
        """Return the best score that any article has."""
        return float(self.search({"size": 1, "query": query, "_source": False})["hits"]["max_score"] or 0.0)

    def holding(self, keys: tuple[str, ...]) -> int:
        """Return how many articles have these folded syllables side by side in title or body."""
        return self.count([phrase_filter(Phrase(keys))])[0]

    def held(self, keys: tuple[str, ...], least: int) -> bool:
        """Tell whether at least so many articles have these keys side by side."""
        return self.holding(keys) >= least

    def speaking(self, words: Sequence[str]) -> int:
        """Return how many articles have any of these terms of stream w."""
        return self.count([{"terms": {any_of("w"): list(words)}}])[0]

    def words(self) -> Iterator[str]:
        """Yield every term of stream w."""
        return (term for term, _ in self.vocabulary("", "w"))

    def expansions(self, letters: str) -> tuple[str, ...]:
        """Return the folded syllables with this beginning that stand in most articles, at most MAX_EXPANSIONS."""
        rows = sorted(self.vocabulary(letters, "f"), key=lambda row: (-row[1], row[0]))
        return tuple(term for term, _ in rows[:MAX_EXPANSIONS])

    def vocabulary(self, prefix: str, stream: str) -> Iterator[tuple[str, int]]:
        """Yield terms of a stream with this beginning, with their article counts, in byte order."""
        start = prefix.replace(" ", JOINT) if stream == "f2" else prefix
        rows = self._terms(any_of(stream), start)
        within = takewhile(lambda row: row[0].startswith(start), rows)
        if stream != "f2":
            return within
        named = ((term.replace(JOINT, " "), count) for term, count in within)
        return iter(sorted(named, key=lambda row: row[0].encode()))

    def spread(self, field: str) -> Counter[str]:
        """Return every value of a facet with its article count."""
        return Counter(dict(self._terms(field, "")))

    def sources(self, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Any]:
        """Return the stored fields under these keys, without unknown keys."""
        found: dict[str, Any] = {}
        for at in range(0, len(keys), _MANY):
            asked = {"ids": list(keys[at : at + _MANY])}
            answer = self._cluster.request("POST", f"/{self._index}/_mget", asked, _source=",".join(fields))
            found |= {one["_id"]: one["_source"] for one in answer["docs"] if one.get("found")}
        return found

    def dated(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, title and date of every article."""
        body = {"query": EVERYTHING, "_source": False, "docvalue_fields": ["title", "day"], "sort": [{"key": "asc"}]}
        for hit in self._walk(body):
            yield hit["_id"], hit["fields"]["title"][0], hit["fields"].get("day", [""])[0]

    def documents(self) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of all documents, by slug."""
        for hit in self._walk({"query": {"exists": {"field": "slug"}}, "sort": [{"slug": "asc"}]}):
            yield hit["_source"]["held"]

    def scan(self, query: Clauses, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the stored fields of every article that a query holds, without its text."""
        wanted = {"includes": list(fields), "excludes": ["article.text"]}
        for hit in self._walk({"query": query, "_source": wanted, "sort": [{"key": "asc"}]}):
            yield hit["_source"]

    def summary(self) -> Mapping[str, Any]:
        """Return sums and bounds over all articles."""
        kinds = {"first": "min", "last": "max", "cited": "sum", "open": "sum", "key": "value_count"}
        asked: dict[str, Any] = {name: {kind: {"field": name}} for name, kind in kinds.items()}
        asked["dated"] = {"value_count": {"field": "first"}}
        asked["themed"] = {"filter": {"exists": {"field": "theme"}}}
        answer = self.search({"size": 0, "aggs": asked})["aggregations"]
        values = {name: row["doc_count"] if "doc_count" in row else row["value"] for name, row in answer.items()}
        return {name: int(value or 0) for name, value in values.items()}

    def size(self) -> tuple[int, int]:
        """Return bytes and segments, replicas not counted."""
        answer = self._cluster.request("GET", f"/{self._index}/_stats/store,segments")
        primaries = answer["_all"]["primaries"]
        return int(primaries["store"]["size_in_bytes"]), int(primaries["segments"]["count"])

    def _terms(self, field: str, start: str) -> Iterator[tuple[str, int]]:
        """Yield the terms of a field from this one on, in byte order, with exact counts."""
        source = {"size": _PAGE, "sources": [{"term": {"terms": {"field": field}}}]}
        if start:
            yield from self._exactly(field, start)
        after: dict[str, str] | None = {"term": start} if start else None
        while True:
            asked = {"terms": {"composite": {**source, **({"after": after} if after else {})}}}
            answer = self.search({"size": 0, "aggs": asked})["aggregations"]["terms"]
            yield from ((row["key"]["term"], row["doc_count"]) for row in answer["buckets"])
            after = answer.get("after_key")
            if after is None or len(answer["buckets"]) < _PAGE:
                return

    def _exactly(self, field: str, term: str) -> Iterator[tuple[str, int]]:
        """Yield the term itself: paging begins behind it."""
        (count,) = self.count([{"term": {field: term}}])
        if count:
            yield term, count

    def _walk(self, body: dict[str, Any]) -> Iterator[Any]:
        """Yield all hits, page by page; the index does not change."""
        after: dict[str, Any] = {}
        while True:
            hits = self.search({"size": _PAGE, **body, **after})["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            after = {"search_after": hits[-1]["sort"]}
