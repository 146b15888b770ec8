"""An index for Python programs: the functions of the page, as calls with typed results; see docs/python.md."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from searchapp import config
from searchapp.article import Article, Citation, Document
from searchapp.citations.find import find_citations
from searchapp.config import Settings
from searchapp.dates import is_valid, parse_date, span
from searchapp.engine import Engine, Stats
from searchapp.engines import open_engine, open_whoosh
from searchapp.errors import NoIndexError, UsageError
from searchapp.fields import FACET_NAMES
from searchapp.query import MAX_HITS, SORTS, STEPS, Query, Sort
from searchapp.results import Hit, Page
from searchapp.search import search
from searchapp.search.suggest import Suggestion, suggest

MAX_SIZE: Final = 200  # results of one page

Values = str | Sequence[str]


class Collection:
    """An open index. Safe to share between threads; every call answers from the generation that is live then."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        engine()  # fail here, and not at the first question, when the index cannot answer

    def search(
        self,
        text: str = "",
        *,
        since: str = "",
        until: str = "",
        sort: Sort = "relevance",
        page: int = 1,
        size: int = 10,
        **facets: Values,
    ) -> Page:
        """Return one page of a query's results, as the search page shows it.

        text: in the query language of the search box (docs/query.md). since, until: inclusive days, as "2021-09-15",
        "2021-09", "2021" or d/m/yyyy. facets: any of date, document, theme, term, issuer, type, section, source.
        Several values of one are OR. Pages go to the 1,000th result; `every` goes on. Raises UsageError for a
        meaningless argument, BadQueryError for an absurd text, IndexProblemError when the index cannot answer.
        """
        return search(self._engine(), _query(text, since, until, sort, page, size, facets))

    def every(
        self, text: str = "", *, since: str = "", until: str = "", sort: Sort = "relevance", **facets: Values
    ) -> Iterator[Hit]:
        """Yield all results of a query, reprints one by one; the engine is asked while the caller reads."""
        engine = self._engine()  # one generation to the end
        query = replace(_query(text, since, until, sort, 1, MAX_SIZE, facets), apart=True)
        while True:
            found = search(engine, query)
            yield from found.hits
            if not found.next_cursor:
                return
            query = replace(query, after=found.next_cursor)

    def article(self, key: str) -> Article | None:
        """Return an article by its key (`hit.article.key`), with its text and citations."""
        return next(iter(self._engine().articles([key])), None)

    def document(self, name: str) -> Document | None:
        """Return a document by its slug, or by its number where only one document bears it."""
        engine = self._engine()
        same = [] if (found := engine.document(name)) else engine.documents(name)
        return found or (same[0] if len(same) == 1 else None)

    def documents(self, number: str = "") -> list[Document]:
        """Return all documents, or those that bear this number, the most cited first."""
        return self._engine().documents(number)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return suggestions for the words typed so far."""
        return suggest(self._engine(), text, limit)

    def citations(self, text: str) -> list[Citation]:
        """Return the citations in a text of your own, in order; `documents(citation.key)` tells the meanings of one."""
        return find_citations(text)

    def stats(self) -> Stats:
        """Return the counts of the live generation."""
        return self._engine().stats()

    def whoosh(self) -> Any:
        """Return the live generation as Whoosh's own `FileIndex`, for reading with Whoosh's searchers (docs/python.md).

        It stays at this generation. Raises UsageError where the engine is not the embedded one.
        """
        return open_whoosh(self._engine())

    def close(self) -> None:
        """Close the index."""
        self._engine().close()
        self._engine = _closed

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_collection(index: str | os.PathLike[str] | None, settings: Settings | None) -> Collection:
    """Open a collection for `searchapp.open`: settings as given, else of ./searchapp.toml and the environment."""
    chosen = settings or config.load()
    return Collection(open_engine(replace(chosen, index=Path(index)) if index is not None else chosen))


def _closed() -> Engine:
    raise NoIndexError("this collection is closed: open it again with searchapp.open()")


def _query(text: str, since: str, until: str, sort: Sort, page: int, size: int, facets: dict[str, Values]) -> Query:
    if strange := sorted(set(facets) - set(FACET_NAMES)):
        raise UsageError(f"{strange[0]!r} is no facet: use {', '.join(FACET_NAMES)}")
    if sort not in SORTS:
        raise UsageError(f"sort = {sort!r}: use {', '.join(SORTS)}")
    if not 1 <= size <= MAX_SIZE:
        raise UsageError(f"size = {size}: use 1 to {MAX_SIZE}")
    if not 1 <= page <= max(1, MAX_HITS // size):
        raise UsageError(f"page = {page}: use 1 to {max(1, MAX_HITS // size)}, or every() for all results")
    filters = {name: (given,) if isinstance(given, str) else tuple(given) for name, given in facets.items()}
    return Query(
        text=text,
        filters={name: tuple(sorted(set(values))) for name, values in filters.items() if values},
        since=_day(since, 0),
        until=_day(until, 1),
        sort=sort,
        page=page,
        size=size,
        facets=FACET_NAMES,
        steps=STEPS,
    )


def _day(text: str, end: int) -> str:
    """Return the first day (end 0) or last (1) of the given date."""
    if not text:
        return ""
    iso = text if is_valid(text) else parse_date(text)
    if not iso:
        raise UsageError(f"{text!r} is no day: write 2021-09-15, 2021-09, 2021 or 15/9/2021")
    return span(iso)[end]
