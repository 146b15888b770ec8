"""The embedded engine: one generation folder, read-only, behind the Engine protocol."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np

from searchapp.article import Article, Document
from searchapp.citations.resolve.names import Names
from searchapp.engine import Stats
from searchapp.engines import steps as ways
from searchapp.engines.plan import ENOUGH_TO_SPELL, Plan, compile_query
from searchapp.engines.steps import LIFTED
from searchapp.engines.stored import read_heading
from searchapp.engines.units import Lexicon
from searchapp.engines.whoosh.search import Found, Matcher, Scores, check_cost, ranking
from searchapp.engines.whoosh.search.cache import ByteCache
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.search.filters import Selection
from searchapp.engines.whoosh.search.passages import places
from searchapp.engines.whoosh.search.phrases import DocIds
from searchapp.engines.whoosh.search.ranking import Floats, Order, score_of
from searchapp.engines.whoosh.search.reader import View
from searchapp.engines.whoosh.search.reprints import Reprints
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import SEGMENTS, Resolutions, read_documents, read_segments
from searchapp.errors import CorruptIndexError
from searchapp.fields import Weights
from searchapp.query import AllOf, Node, Query, Word
from searchapp.results import Answer, Match, Places
from searchapp.tables import Tables, shipped

_ARTICLE_BYTES: Final = 6 * 2**20
"""Room in bytes for recently shown articles, decoded."""
_FACTS_BYTES: Final = 1_200
"""Bytes of an article without its text and citations."""

_PARTS: Final = ("title", "body")


class WhooshEngine:
    """An engine over one generation; safe to share between threads, holds no lock and changes nothing."""

    def __init__(self, folder: Path, weights: Weights | None = None, tables: Tables | None = None) -> None:
        """Open a generation folder; tables: the archive's own tables. Raises CorruptIndexError."""
        self._folder = folder
        self.tables = tables or shipped()
        self._weights = weights or Weights()
        listed = read_segments(folder)
        segments = [Segment(folder, name) for name in listed.names]
        self._view = View(segments, [listed.removed.get(name) for name in listed.names], self._weights)
        self._columns = Columns.open(folder)
        if self._columns.articles != self._view.size:
            raise CorruptIndexError(f"{folder}: columns and segments differ; run 'searchapp reindex --full'")
        self._orders = {"newest": Order(self._columns.newest), "oldest": Order(self._columns.oldest)}
        self._resolutions = Resolutions(folder)
        self._reprints = Reprints(folder, self._view.size, self._view.locate)
        self._articles = ByteCache(_ARTICLE_BYTES)
        self._long: tuple[int, Article | None] = -1, None
        self._last: tuple[Query, Plan, Found] | None = None

    @property
    def archive(self) -> str:
        """Return the folder of the index."""
        return str(self._folder.parent)

    @property
    def generation(self) -> str:
        """Return the name of the generation: its folder's name."""
        return self._folder.name

    def search(self, query: Query) -> Answer:
        """Answer a query exactly. Raises BadQueryError for a query above the budget or a foreign cursor."""
        plan, scores, matcher = None, self._scores(), None
        found = Found(self._view.everything)
        if query.tree is not None:
            last = self._last  # a status count asks the same question under other filters; it is matched once
            if last is not None and _asks_the_same(last[0], query):
                _, plan, found = last
                matcher = self._matcher(query, plan, scores)
            else:
                restored = self._restored(query)
                plan = compile_query(query.tree, query.text, self._weights, self.tables.questions, restored)
                check_cost(self._view, plan)
                matcher = self._matcher(query, plan, scores)
                found = matcher.find(plan.tree, query.step)
                self._last = query, plan, found
        results = self._selection.narrow(query, found.doc_ids)
        facets, steps = self._selection.count(query, found.doc_ids, results)
        matches, folded = self._page(query, plan, results, scores) if query.size else ((), 0)
        answer = Answer(
            generation=self.generation,
            total=len(results),
            folded=folded,
            matches=matches,
            step=found.step,
            facets=facets,
            steps=steps,
        )
        if plan is None or matcher is None or not query.beyond:
            return answer
        counts = self._step_counts(query, plan.tree, matcher, found.step)
        rest = self._rest(query, plan, matcher, results, scores, answer) if ways.goes_on(query, answer) else ()
        return replace(answer, step_counts=counts, rest=rest)

    def articles(self, keys: Sequence[str]) -> list[Article]:
        """Return the articles with these keys, in this order, without unknown keys; their citations are resolved."""
        numbers = (self._view.locate(key) for key in keys)
        return [self._article(number) for number in numbers if number is not None]

    def places(self, keys: Sequence[str], terms: Sequence[tuple[str, Sequence[str]]]) -> list[Places | None]:
        """Return about where terms (stream a or f, and keys) stand in these articles; None for a short text."""
        numbers = [self._view.locate(key) for key in keys]
        found = iter(places(self._view, [number for number in numbers if number is not None], terms))
        return [None if number is None else next(found) for number in numbers]

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
        return iter(self._columns.facets[facet].values)

    def frequencies(self, terms: Iterable[str], *, stream: str) -> Mapping[str, int]:
        """Return in how many articles (title or body) each term of a stream occurs."""
        return {term: self._view.holders(stream, term) for term in terms}

    def vocabulary(self, prefix: str, *, stream: str = "f") -> Iterator[tuple[str, int]]:
        """Yield terms of a stream that begin with `prefix`, with their exact article counts, in byte order."""
        parts = (((term, n, part) for term, n in self._view.terms(f"{part}_{stream}", prefix)) for part in _PARTS)
        merged = heapq.merge(*parts, key=lambda row: row[0].encode())
        for term, rows in groupby(merged, key=itemgetter(0)):
            counts = [count for _, count, _ in rows]
            exact = counts[0] if len(counts) == 1 and self._view.live is None else self._view.spread(stream, term)
            if exact:
                yield term, exact

    def titles(self) -> Iterator[tuple[str, str]]:
        """Yield key and title of every article."""
        return ((key, title) for key, title, _ in self.dated())

    def dated(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, title and date of every article."""
        number = 0
        for segment in self._view.segments:
            for line in segment.lines():
                if self._view.live is None or self._view.live[number]:
                    yield read_heading(line)
                number += 1

    def stats(self) -> Stats:
        """Return the counts of this generation."""
        return self._stats

    def forget(self) -> None:
        """Drop the memory of earlier queries, so that a benchmark can time a query that is new to the engine."""
        self._view.forget()
        self._selection.forget()
        self._articles.clear()
        self._long = -1, None
        self._last = None

    def close(self) -> None:
        """Close the files; a search under way may still finish."""
        for segment in self._view.segments:
            segment.close()

    def _restored(self, query: Query) -> str:
        return query.restored if self._view.count >= ENOUGH_TO_SPELL else ""

    def _matcher(self, query: Query, plan: Plan, scores: Scores) -> Matcher:
        def score(words: tuple[Word, ...]) -> Floats:
            if isinstance(plan.tree, AllOf) and plan.tree.children == words:
                return scores.everywhere(plan.clauses)  # the query needs nothing else
            part = compile_query(AllOf(words), query.text, self._weights, self.tables.questions, self._restored(query))
            return scores.everywhere(part.clauses)

        return Matcher(self._view, self._selection, self._lexicon, score)

    def _step_counts(self, query: Query, tree: Node, matcher: Matcher, step: int) -> tuple[tuple[int, int], ...]:
        """Return how many articles each other step would find under the same filters."""
        if not step:
            return ()
        counts: dict[int, int] = {}
        for way in ways.others(tree, query.step):
            found = matcher.find(tree, way)
            if found.step != step:
                counts.setdefault(found.step, len(self._selection.narrow(query, found.doc_ids)))
        return tuple(sorted(counts.items()))

    def _page(self, query: Query, plan: Plan | None, results: DocIds, sums: Scores) -> tuple[tuple[Match, ...], int]:
        """Return the hits of one page, by page number or behind a cursor, and how many articles are folded away."""
        order = query.sort if plan is not None or query.sort != "relevance" else "newest"
        by_date = self._orders["oldest" if order == "oldest" else "newest"]
        scores = sums.of(plan, results) if plan is not None and order == "relevance" else None
        ranked, total = scores is not None, len(results)
        results, scores, others = (
            self._reprints.fold(results, scores, by_date.places) if query.fold else (results, scores, {})
        )
        skipped, before = (query.page - 1) * query.size, None
        if query.after:
            cursor = ranking.read(query.after, order)
            skipped, before = 0, ranking.bound(cursor, self.generation, by_date.places, self._view.locate)
        numbers, keys = by_date.best(results, scores, skipped + query.size, before=before)
        hits = zip(numbers[skipped:].tolist(), keys[skipped:].tolist(), strict=True)
        found = tuple(self._match(number, key, order, ranked, others.get(number, 0)) for number, key in hits)
        return found, total - len(results)

    def _rest(
        self, query: Query, plan: Plan, matcher: Matcher, results: DocIds, sums: Scores, answer: Answer
    ) -> tuple[Match, ...]:
        """Return the best articles by score outside of the set, enough to fill the page; required
        parts are required.
        """
        allowed = np.zeros(self._view.size, np.bool_)
        allowed[self._selection.narrow(query, matcher.find(plan.tree, LIFTED).doc_ids)] = True
        allowed[results] = False
        documents = np.flatnonzero(allowed & (sums.everywhere(plan.clauses) > 0))
        scores = sums.of(plan, documents)
        places = self._orders["newest"].places
        if query.fold:
            documents, folded, _ = self._reprints.fold(documents, scores, places)
            scores = scores if folded is None else folded
        room = query.size - (answer.total - answer.folded)
        numbers, keys = self._orders["newest"].best(documents, scores, room)
        rows = zip(numbers.tolist(), keys.tolist(), strict=True)
        return tuple(self._match(number, key, query.sort, True, 0) for number, key in rows)

    def _match(self, number: int, key: int, order: str, scored: bool, reprints: int) -> Match:
        article = self._article(number)
        cursor = ranking.write(ranking.Cursor(self.generation, order, key, article.key))
        score = score_of(key) if scored else 0.0
        return Match(article, score, self._columns.facets["document"].of(number), cursor, reprints)

    def _article(self, number: int) -> Article:
        long, found = self._long
        if long != number:
            found = self._articles.get(number)
        if found is None:
            found = self._view.article(number, self._resolutions.of(number))
            size = _FACTS_BYTES + 2 * len(found.text) + 500 * len(found.citations)
            if not self._articles.put(number, found, size):
                self._long = number, found  # a page asks for the same long law several times
        return found

    @cached_property
    def _stats(self) -> Stats:
        columns, everything = self._columns, self._view.everything
        dated = everything[columns.first.take(everything) > 0]
        first = int(columns.first.take(dated).min()) if len(dated) else 0
        last = int(columns.last.take(dated).max()) if len(dated) else 0
        return Stats(
            engine="whoosh",
            generation=self.generation,
            built=datetime.fromtimestamp((self._folder / SEGMENTS).stat().st_mtime, UTC).isoformat(timespec="seconds"),
            articles=self._view.count,
            undated=self._view.count - len(dated),
            documents=len(self._documents),
            citations=self._resolutions.count,
            unresolved=self._resolutions.unresolved,
            first=date.fromordinal(first).isoformat() if first else "",
            last=date.fromordinal(last).isoformat() if last else "",
            bytes=sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file()),
            segments=len(self._view.segments),
        )

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.slug: document for document in read_documents(self._folder)}

    @cached_property
    def _names(self) -> Names:
        return Names(self._documents.values())

    @cached_property
    def _meanings(self) -> dict[str, tuple[str, ...]]:
        """Map each symbol to the slugs of the documents that bear it, the most cited first."""
        meanings: dict[str, list[str]] = {}
        for document in self._documents.values():
            meanings.setdefault(document.symbol, []).append(document.slug)
        return {symbol: tuple(slugs) for symbol, slugs in meanings.items()}

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self._columns, self._view.count, self._meanings, self._reprints)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._view, self.tables.questions)

    def _scores(self) -> Scores:
        return Scores(self._view, self._selection, self._texts)

    @cached_property
    def _texts(self) -> dict[str, int]:
        """Map a document's slug to the number of the article that holds its text."""
        held = {slug: self._view.locate(one.article) for slug, one in self._documents.items() if one.article}
        return {slug: number for slug, number in held.items() if number is not None}


def _asks_the_same(one: Query, other: Query) -> bool:
    """Tell whether both match the same articles before any filter: two views of one parsed tree."""
    return one.tree is other.tree and (one.text, one.restored, one.step) == (other.text, other.restored, other.step)
