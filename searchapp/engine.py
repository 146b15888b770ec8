"""The seam: what every engine must be able to do. A tree goes in, data comes out; no dialect, no HTML crosses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from searchapp.article import Article, Document
from searchapp.query import Query
from searchapp.results import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What a generation holds: counts for `searchapp stats`, the home page and `/do-phu`.

    citations: places where live articles name a document; unresolved: those of them that name none for certain.
    """

    engine: str
    generation: str
    built: str
    articles: int
    undated: int
    documents: int
    citations: int
    unresolved: int
    first: str
    last: str
    bytes: int
    segments: int


class Engine(Protocol):
    """One open index. Safe to share between threads; `search` always answers from one generation."""

    @property
    def generation(self) -> str:
        """Name of the live generation; part of every ETag."""
        ...

    def search(self, query: Query) -> Answer:
        """Answer a query exactly: no approximation of totals or counts."""
        ...

    def articles(self, keys: Sequence[str]) -> list[Article]:
        """The articles with these keys, in this order; unknown keys are left out. Citations are resolved."""
        ...

    def document(self, slug: str) -> Document | None:
        """One document by its slug."""
        ...

    def documents(self, symbol: str = "") -> list[Document]:
        """All documents, or those that bear this symbol, the most cited first."""
        ...

    def frequencies(self, terms: Iterable[str], *, stream: str) -> Mapping[str, int]:
        """In how many articles (title or body) each term of a stream (`fields.TextField`) occurs."""
        ...

    def vocabulary(self, prefix: str, *, stream: str = "f") -> Iterator[tuple[str, int]]:
        """Terms of a stream that begin with `prefix`, with their article counts, in byte order."""
        ...

    def titles(self) -> Iterator[tuple[str, str]]:
        """Key and title of every article."""
        ...

    def stats(self) -> Stats:
        """Counts of the live generation."""
        ...

    def close(self) -> None:
        """Let go of files; a search under way may still finish."""
        ...
