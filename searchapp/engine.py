"""The seam: what every engine must be able to do. A tree goes in, data comes out; no dialect, no HTML crosses it.

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
from searchapp.results import Answer
from searchapp.tables import Tables
from searchapp.text.tokens import Stream


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
    def archive(self) -> str:
        """What it is a generation of: the same for all generations of one index, and for no other index."""
        ...

    @property
    def generation(self) -> str:
        """Name of the live generation; part of every ETag."""
        ...

    @property
    def tables(self) -> Tables:
        """What this archive knows of itself: its themes, abbreviations, places, pins."""
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

    def values(self, facet: str) -> Iterator[str]:
        """Every value that an article has of a facet other than the date and the document, hidden ones too."""
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

    def dated(self) -> Iterator[tuple[str, str, str]]:
        """Key, title and date of every article."""
        ...

    def stats(self) -> Stats:
        """Counts of the live generation."""
        ...

    def close(self) -> None:
        """Let go of files; a search under way may still finish."""
        ...


class Writer(Protocol):
    """A batch of articles being written, in a process of its own; `finish` and `abort` end it."""

    @property
    def bytes(self) -> int:
        """Rough memory in use."""
        ...

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """All of an article or, with BadRecordError, nothing of it."""
        ...

    def finish(self) -> str:
        """Write the batch; its name."""
        ...

    def abort(self) -> None:
        """Remove what was written."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """What a generation holds: articles, those without date, those without theme, citations, and those still open.

    rejected: key → reason of articles that were to come in but that the engine would not take.
    """

    articles: int
    undated: int
    themeless: int
    citations: int
    unresolved: int
    rejected: Mapping[str, str] = field(default_factory=dict)


class Build(Protocol):
    """A generation being made beside the live one; a build that ends without `publish` leaves nothing behind.

    folder: where the reindex keeps what the next one must know (ledger, report). issuers: who speaks in which source.
    new_writer: makes writers; goes to worker processes.
    """

    @property
    def folder(self) -> Path: ...  # noqa: D102 - said above
    @property
    def issuers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def new_writer(self) -> Callable[[], Writer]: ...  # noqa: D102

    def refile(self, filer: Callable[[Article], tuple[str, ...]]) -> bool:
        """Give the articles of the base the themes that `filer` says; False where this engine must have them anew."""
        ...

    def assemble(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]], context: str
    ) -> Counts:
        """Put the generation together out of the one it is based on and what is new.

        new: batches written by `new_writer`; gone: keys that the base serves no more; dead: batch → keys in it that
        another batch serves; context: what decides the meaning of citations beside the articles. Raises
        CorruptIndexError when what was built does not answer.
        """
        ...

    def publish(self) -> Path:
        """Make it the live generation, whole or not at all; the folder where its ledger and report are from now on."""
        ...


class Migration(Protocol):
    """A generation of one engine being made out of that of another; its len() is the number of articles."""

    @property
    def before(self) -> Engine:
        """What is moved."""
        ...

    @property
    def resumed(self) -> bool:
        """Whether it goes on where an earlier one was ended."""
        ...

    def __len__(self) -> int: ...

    def move(self) -> Iterator[int]:
        """Move what is not there yet; yields again and again how many articles are done since."""
        ...

    def after(self) -> Engine:
        """What was made, to be asked before it is published."""
        ...

    def publish(self) -> str:
        """Make it the live generation; its name."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """How a generation is: what is wrong with it, one line each; foreign: names of files in it that nothing reads."""

    generation: str
    answers: bool
    problems: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


class Index(Protocol):
    """The generations of one index, for those who make them."""

    @property
    def folder(self) -> Path:
        """Where the ledgers, reports and manifests of its generations are; made when there is none."""
        ...

    @property
    def refiles(self) -> bool:
        """Whether its builds can give articles other themes without reading them again."""
        ...

    def lock(self) -> AbstractContextManager[object]:
        """Be the only writer. Raises BusyIndexError, UnsafeIndexError."""
        ...

    def current(self) -> Path:
        """Folder of the generation that answers. Raises NoIndexError, CorruptIndexError, StaleIndexError."""
        ...

    def begin(self, base: Path | None) -> AbstractContextManager[Build]:
        """A build on top of the generation `base`, or a whole one; under the lock."""
        ...

    def check(self, *, deep: bool) -> tuple[str, list[Condition]]:
        """Why it is not the live generation that answers, or ""; and all generations, the newest first.

        deep: every bit of all, and the one that answers from the inside. Raises NoIndexError.
        """
        ...

    def rollback(self, to: str = "") -> tuple[str, int]:
        """Make the generation before live again, or the one named `to`; its name and how many articles it has."""
        ...
