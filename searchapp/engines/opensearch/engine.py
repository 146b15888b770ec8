"""OpenSearch behind the Engine protocol: one generation, an index that is never written again after publication."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, Final

from searchapp.article import Article, Document
from searchapp.citations.resolve.names import Names
from searchapp.config import OpenSearchSettings
from searchapp.engine import Engine, Stats
from searchapp.engines import steps as ways
from searchapp.engines import stored
from searchapp.engines.opensearch import cluster, paging
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.intervals import Clauses
from searchapp.engines.opensearch.mapping import any_of, decoded, iso, term_of
from searchapp.engines.opensearch.paging import Listing
from searchapp.engines.opensearch.query import (
    EVERYTHING,
    SHARD_SIZES,
    Compiler,
    Selection,
    inexact_counts,
    portions,
    uncertain,
)
from searchapp.engines.opensearch.reader import Reading
from searchapp.engines.plan import ENOUGH_TO_SPELL, Plan, compile_query
from searchapp.engines.steps import LIFTED
from searchapp.engines.units import Lexicon
from searchapp.errors import EngineUnavailableError, IndexProblemError
from searchapp.fields import Weights
from searchapp.query import SCORED, Node, Query
from searchapp.results import Answer, Match, Places
from searchapp.tables import Tables, shipped


class OpenSearchEngine:
    """An engine over one index, safe to share between threads.

    Every search is one request. It takes a few more until the engine knows how the archive cuts the words and which
    step is enough. Raises EngineUnavailableError when the cluster cannot answer in time.
    """

    def __init__(
        self, cluster: Cluster, index: str, weights: Weights | None = None, tables: Tables | None = None
    ) -> None:
        """index: its name; tables: the archive's own tables. Raises NoIndexError, StaleIndexError."""
        self._reading = Reading(cluster, index)
        self._reading.require_current()
        self._weights = weights or Weights()
        self.tables = tables or shipped()
        self._compiler = Compiler(
            self._reading.count,
            self._reading.best_score,
            Lexicon(self._reading, self.tables.questions),
            self._reading.expansions,
            self._text_of,
        )

    @property
    def archive(self) -> str:
        """Return the hosts and the alias."""
        return self._reading.archive

    @property
    def generation(self) -> str:
        """Return the name of the generation."""
        return self._reading.generation

    def search(self, query: Query) -> Answer:
        """Answer a query exactly. Raises BadQueryError for a foreign cursor."""
        compiled = partial(self._plan, query)
        plan = compiled(query.tree) if query.tree is not None else None
        order = query.sort if plan is not None or query.sort != "relevance" else "newest"
        selection = Selection(query, self._meanings, self._families)
        found, step = self._compiler.find(plan, compiled, query.step) if plan else (EVERYTHING, 0)
        said = self._ask(query, order, selection, self._query(plan, found, order))
        counted = said.get("aggregations", {})
        folded = selection.folded(counted)
        answer = Answer(
            generation=self.generation,
            total=said["hits"]["total"]["value"],
            folded=sum(folded.values()),
            matches=tuple(self._match(hit, order, folded) for hit in said["hits"]["hits"]),
            step=step,
            facets=selection.facets(counted),
            steps=selection.steps(counted),
        )
        if plan is None or not query.beyond:
            return answer
        counts = self._step_counts(query, plan, selection, step)
        rest = self._rest(query, plan, found, selection, answer) if ways.goes_on(query, answer) else ()
        return replace(answer, step_counts=counts, rest=rest)

    def _plan(self, query: Query, tree: Node) -> Plan:
        known = query.restored and self._reading.articles >= ENOUGH_TO_SPELL
        return compile_query(tree, query.text, self._weights, self.tables.questions, query.restored if known else "")

    def _step_counts(self, query: Query, plan: Plan, selection: Selection, step: int) -> tuple[tuple[int, int], ...]:
        """Return how many articles each other step would find under the same filters."""
        if not step:
            return ()
        compiled, narrow = partial(self._plan, query), selection.narrow()
        found = (self._compiler.find(plan, compiled, way) for way in ways.others(plan.tree, query.step))
        filters: dict[int, Clauses] = {}
        for clauses, taken in found:
            if taken != step:
                filters.setdefault(taken, {"bool": {"filter": [clauses, narrow]}})
        scored = filters.pop(SCORED, None)
        counts = dict(zip(filters, self._reading.count(list(filters.values())), strict=True))
        if scored is not None:
            counts[SCORED] = self._reading.total(scored)
        return tuple(sorted(counts.items()))

    def _rest(
        self, query: Query, plan: Plan, found: Clauses, selection: Selection, answer: Answer
    ) -> tuple[Match, ...]:
        """Return the best articles by score outside of the set, enough to fill the page; exclusions hold."""
        lifted, _ = self._compiler.find(plan, partial(self._plan, query), LIFTED)
        clauses = self._compiler.rest(plan, (lifted, selection.narrow()), found)
        room = query.size - (answer.total - answer.folded)
        hits = self._reading.search(paging.best(clauses, room, fold=query.fold))["hits"]["hits"]
        return tuple(self._match(hit, query.sort, {}) for hit in hits)

    def articles(self, keys: Sequence[str]) -> list[Article]:
        """Return the articles with these keys, in this order, without unknown keys; their citations are resolved."""
        found = self._reading.sources(keys, ["article"])
        return [stored.from_row(found[key]["article"]) for key in keys if key in found]

    def places(self, keys: Sequence[str], terms: Sequence[tuple[str, Sequence[str]]]) -> list[Places | None]:
        """Return None for each article: positions stay in the cluster, and readers look at the whole text."""
        return [None for _ in keys]

    def document(self, slug: str) -> Document | None:
        """Return one document by its slug."""
        return self._documents.get(slug)

    def documents(self, symbol: str = "") -> list[Document]:
        """Return all documents, or those that bear this symbol, the most cited first."""
        if not symbol:
            return list(self._documents.values())
        return [self._documents[slug] for slug in self._names.find(symbol)]

    def values(self, facet: str) -> Iterator[str]:
        """Yield every value of a facet."""
        return iter(self._reading.spread(facet))

    def frequencies(self, terms: Iterable[str], *, stream: str) -> Mapping[str, int]:
        """Return in how many articles (title or body) each term of a stream occurs."""
        asked = list(dict.fromkeys(terms))
        counts = self._reading.count([{"term": {any_of(stream): term_of(stream, term)}} for term in asked])
        return dict(zip(asked, counts, strict=True))

    def vocabulary(self, prefix: str, *, stream: str = "f") -> Iterator[tuple[str, int]]:
        """Yield terms of a stream that begin with `prefix`, with their exact article counts, in byte order."""
        return self._reading.vocabulary(prefix, stream)

    def titles(self) -> Iterator[tuple[str, str]]:
        """Yield key and title of every article."""
        return ((key, title) for key, title, _ in self.dated())

    def dated(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, title and date of every article."""
        return self._reading.dated()

    def stats(self) -> Stats:
        """Return the counts of this generation."""
        return self._stats

    def close(self) -> None:
        """Close nothing: the engine holds only connections, which the next generation goes on using."""

    def _query(self, plan: Plan | None, found: Clauses, order: str) -> Clauses:
        return self._compiler.query(plan, found, scored=order == "relevance") if plan else found

    def _ask(self, query: Query, order: str, selection: Selection, clauses: Clauses) -> dict[str, Any]:
        """Return the answer to a query. Ask again with longer lists where a facet with many values
        might not be exact.
        """
        listing = Listing(self._reading, clauses, selection.narrow(), order)
        body = listing.page(query)
        answer: dict[str, Any] = {}
        for shard_size in SHARD_SIZES:
            answer = self._counted(body, selection.aggregations(shard_size))
            if not uncertain(answer["aggregations"]):
                break
        else:
            if facets := inexact_counts(answer["aggregations"]):
                raise EngineUnavailableError(
                    f"counts of {', '.join(facets)} would not be exact: make the index of fewer shards"
                )
        if listing.by_itself(query):
            families = selection.folded(answer.get("aggregations", {}))
            answer["hits"]["hits"] = listing.folded(query, families)
        return answer

    def _counted(self, body: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return a page with its counts; those that one answer may not hold are asked for by requests of their own."""
        first, *others = portions(asked)
        answer: dict[str, Any] = self._reading.search({**body, "aggs": first})
        answer.setdefault("aggregations", {})
        for more in others:
            counted = self._reading.search({"size": 0, "query": body["query"], "aggs": more})
            answer["aggregations"] |= counted["aggregations"]
        return answer

    def _match(self, hit: Mapping[str, Any], order: str, folded: Mapping[str, int]) -> Match:
        source = hit["_source"]
        cursor = paging.write(order, hit["sort"])
        documents, others = tuple(map(decoded, source["document"])), folded.get(source["reprint"], 0)
        return Match(stored.from_row(source["article"]), hit["_score"] or 0.0, documents, cursor, others)

    def _families(self, keys: Sequence[str]) -> list[str]:
        return [source["reprint"] for source in self._reading.sources(keys, ["reprint"]).values()]

    def _meanings(self, value: str) -> Sequence[str]:
        """Return the documents that a filter value means: itself, or all that bear this symbol."""
        if value in self._documents:
            return (value,)
        return [slug for slug, document in self._documents.items() if document.symbol == value]

    def _text_of(self, slug: str) -> str:
        return self._documents[slug].article if slug in self._documents else ""

    @cached_property
    def _documents(self) -> dict[str, Document]:
        cited = {decoded(code): count for code, count in self._reading.spread("document").items()}
        rows = [stored.document_from_row(row) for row in self._reading.documents()]
        rows.sort(key=lambda document: (-cited.get(document.slug, 0), document.slug))
        return {document.slug: document for document in rows}

    @cached_property
    def _names(self) -> Names:
        return Names(self._documents.values())

    @cached_property
    def _stats(self) -> Stats:
        summary, (size, segments) = self._reading.summary(), self._reading.size()
        return Stats(
            engine="opensearch",
            generation=self.generation,
            built=str(self._reading.meta["built"]),
            articles=summary["key"],
            undated=summary["key"] - summary["dated"],
            documents=len(self._documents),
            citations=summary["cited"],
            unresolved=summary["open"],
            first=iso(summary["first"]),
            last=iso(summary["last"]),
            bytes=size,
            segments=segments,
        )


EVERY: Final = 1.0
"""Seconds between two look-ups of the alias."""


class Following:
    """A function that gives the engine of the live generation, safe to share between threads.

    Requests that began on an older generation keep it. While the cluster does not answer, one thread tries. The others
    get the error at once, so that no visitor waits for a known failure.
    """

    def __init__(
        self,
        settings: OpenSearchSettings,
        weights: Weights,
        tables: Tables | None = None,
        meant: Callable[[Engine], Engine] = lambda engine: engine,
    ) -> None:
        """meant: makes an engine order by meaning too."""
        self._tables = tables
        self._meant = meant
        self._error: IndexProblemError | None = None
        self._settings = settings
        self._weights = weights
        self._cluster: Cluster | None = None
        self._engine: Engine | None = None
        self._index = ""
        self._next = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> Engine:
        """Return the engine for one whole request. Raises EngineUnavailableError, NoIndexError, StaleIndexError."""
        if self._cluster is not None:
            self._cluster.begin()
        if time.monotonic() >= self._next:
            first = self._engine is None and self._error is None  # the other threads have no result yet
            if self._lock.acquire(blocking=first):
                try:
                    if time.monotonic() >= self._next:
                        self._look()
                finally:
                    self._lock.release()
        if self._error is not None:
            raise type(self._error)(str(self._error))
        assert self._engine is not None
        return self._engine

    @property
    def problem(self) -> str:
        """Return why the cluster does not answer, "" when it does."""
        return str(self._error or "")

    def _look(self) -> None:
        try:
            # The connection begins here and not at the start: forked processes must not share it.
            if self._cluster is None:
                self._cluster = Cluster(self._settings, seconds=self._settings.timeout)
                self._cluster.begin()
            index = cluster.live(self._cluster, self._settings.name)
            if self._engine is None or index != self._index:
                self._engine = self._meant(OpenSearchEngine(self._cluster, index, self._weights, self._tables))
                self._index = index
            self._error = None
        except IndexProblemError as error:
            self._error = error
        finally:
            self._next = time.monotonic() + EVERY
