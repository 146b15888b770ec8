"""The seam: the duties of every engine. A tree goes in, data comes out; no dialect, no HTML crosses it.

`Engine` answers; a reindex sees `Index`, `Build` and `Writer`: analysed articles go in, a generation comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from searchapp.article import Article, Document
from searchapp.query import Query
from searchapp.results import Answer, Places
from searchapp.tables import Tables
from searchapp.text.tokens import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The content of a generation: counts for `searchapp stats`, the home page and `/do-phu`.

    citations: places where live articles name a document; unresolved: citations without a certain document.
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
    def archive(self) -> str:
        """Return the archive of this generation: the same name for all generations of one index, and for no other
        index.
        """
        ...

    @property
    def generation(self) -> str:
        """Return the name of the live generation; part of every ETag."""
        ...

    @property
    def tables(self) -> Tables:
        """Return this archive's own tables: its themes, abbreviations, places, pins."""
        ...

    def search(self, query: Query) -> Answer:
        """Answer a query exactly: no approximation of totals or counts."""
        ...

    def articles(self, keys: Sequence[str]) -> list[Article]:
        """Return the articles with these keys, in this order; unknown keys are left out. Citations are resolved."""
        ...

    def places(self, keys: Sequence[str], terms: Sequence[tuple[str, Sequence[str]]]) -> Sequence[Places | None]:
        """Return about where terms (stream a or f, and keys side by side) stand in the texts of these articles.

        None for a text that is short, unknown, or not kept so: its reader looks at all of it.
        """
        ...

    def document(self, slug: str) -> Document | None:
        """Return one document by its slug."""
        ...

    def documents(self, symbol: str = "") -> list[Document]:
        """Return all documents, or those that bear this symbol, the most cited first."""
        ...

    def values(self, facet: str) -> Iterator[str]:
        """Yield every value that an article has of a facet other than the date and the document, hidden ones too."""
        ...

    def frequencies(self, terms: Iterable[str], *, stream: str) -> Mapping[str, int]:
        """Return in how many articles (title or body) each term of a stream (`fields.TextField`) occurs."""
        ...

    def vocabulary(self, prefix: str, *, stream: str = "f") -> Iterator[tuple[str, int]]:
        """Yield terms of a stream that begin with `prefix`, with their article counts, in byte order."""
        ...

    def titles(self) -> Iterator[tuple[str, str]]:
        """Yield key and title of every article."""
        ...

    def dated(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, title and date of every article."""
        ...

    def stats(self) -> Stats:
        """Return the counts of the live generation."""
        ...

    def close(self) -> None:
        """Close the files; a search under way may still finish."""
        ...


class Writer(Protocol):
    """A batch of articles on its way, in a process of its own; `finish` and `abort` end it."""

    @property
    def bytes(self) -> int:
        """Return the rough memory in use."""
        ...

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """Add all of an article or, with BadRecordError, nothing of it."""
        ...

    def finish(self) -> str:
        """Write the batch; return its name."""
        ...

    def abort(self) -> None:
        """Remove the written files."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """The content of a generation: articles, those without date, those without theme, citations, and open citations.

    rejected: key → reason of new articles that the engine refused.
    """

    articles: int
    undated: int
    themeless: int
    citations: int
    unresolved: int
    rejected: Mapping[str, str] = field(default_factory=dict)


class Build(Protocol):
    """A generation in the making beside the live one; a build that ends without `publish` leaves nothing behind.

    folder: where the reindex keeps the ledger and report for the next one. issuers: source → its speaker. new_writer:
    makes writers. Goes to worker processes.
    """

    @property
    def folder(self) -> Path: ...  # noqa: D102 - said above
    @property
    def issuers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def new_writer(self) -> Callable[[], Writer]: ...  # noqa: D102

    def refile(self, filer: Callable[[Article], tuple[str, ...]]) -> bool:
        """Give the articles of the base the themes of `filer`; return False where this engine needs
        the articles anew.
        """
        ...

    def assemble(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]], context: str
    ) -> Counts:
        """Put the generation together from its base and the new batches.

        new: batches written by `new_writer`; gone: keys that the base serves no more; dead: batch → keys in it that
        another batch serves; context: facts beside the articles that decide the meaning of citations. Raises
        CorruptIndexError when the new generation does not answer.
        """
        ...

    def publish(self) -> Path:
        """Make it the live generation, whole or not at all; return the folder of its ledger and report."""
        ...


class Migration(Protocol):
    """A move of a generation from one engine to another; its len() is the number of articles."""

    @property
    def before(self) -> Engine:
        """Return the engine to move from."""
        ...

    @property
    def resumed(self) -> bool:
        """Tell whether it goes on where an earlier one was ended."""
        ...

    def __len__(self) -> int: ...

    def move(self) -> Iterator[int]:
        """Move the missing articles; yield again and again how many articles are done since."""
        ...

    def after(self) -> Engine:
        """Return the new engine, for questions before its publication."""
        ...

    def publish(self) -> str:
        """Make it the live generation; return its name."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of a generation: its faults, one line each; foreign: names of files in it that nothing reads.

    of_another: another release built it, and that release alone can answer from it.
    """

    generation: str
    answers: bool
    problems: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    of_another: bool = False


class Index(Protocol):
    """The generations of one index, for their builders."""

    @property
    def folder(self) -> Path:
        """Return the folder of its generations' ledgers, reports and manifests; it is made when missing."""
        ...

    @property
    def refiles(self) -> bool:
        """Tell whether its builds can give articles other themes without reading them again."""
        ...

    def lock(self) -> AbstractContextManager[object]:
        """Be the only writer. Raises BusyIndexError, UnsafeIndexError."""
        ...

    def current(self) -> Path:
        """Return the folder of the generation that answers. Raises NoIndexError, CorruptIndexError, StaleIndexError."""
        ...

    def begin(self, base: Path | None) -> AbstractContextManager[Build]:
        """Return a build on top of the generation `base`, or a whole one; under the lock."""
        ...

    def check(self, *, deep: bool) -> tuple[str, list[Condition]]:
        """Return why another generation than the live one answers, or ""; and all generations, the newest first.

        deep: every bit of all, and the inside of the one that answers. Raises NoIndexError.
        """
        ...

    def rollback(self, to: str = "") -> tuple[str, int]:
        """Make the generation before live again, or the one named `to`. Return its name and how
        many articles it has.
        """
        ...
