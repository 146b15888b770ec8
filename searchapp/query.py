"""What is asked: the query tree of the grammar, and Query, which adds filters, dates, order and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable, as an accented search key (`text.tokens`); `marked` when the reader typed accents in the query.

    also: other ways to write the same thing (an abbreviation's expansion), each worth `SYNONYM_WEIGHT` of the word.
    """

    key: str
    marked: bool = False
    also: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring syllables in this order, 1 to 64 keys; exact accents when `marked`, else by letters alone."""

    keys: tuple[str, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Syllables that begin with these letters (folded, at least two)."""

    letters: str


@dataclass(frozen=True, slots=True)
class Number:
    """A document by its symbol ("05-NQ/TU"): articles that are it or cite it, also where a citation stays open.

    symbol: "" when only the given documents are meant. documents: the slugs it may mean, filled in from the registry;
    empty until then. text: what was typed, so that a number nobody knows can still be searched as words; issuer,
    place, date, term: what was said beside the number.
    """

    symbol: str
    documents: tuple[str, ...] = ()
    text: str = ""
    issuer: str = ""
    place: str = ""
    date: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the child."""

    child: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    """Articles that match every child; among plain Words the rule of query.md decides which articles have enough."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Articles that match at least one child."""

    children: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Prefix | Number | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A whole question to an engine.

    tree: None lists everything that passes the filters, newest first. filters: facet name → values, OR within a facet,
    AND between facets; the values of "date" are ISO dates cut to a year, month or day, or "unknown"; those of "reprint"
    are keys of articles, which pass with their reprints. since, until: inclusive ISO days. Both date limits keep out
    undated articles. page counts from 1. after: opaque cursor of a hit, beyond which paging goes on. facets: which
    facets to count; steps: which date steps ("year", "month", "day") to count over the whole result set. fold: of
    articles that are reprints of one another list only the best, and page over what is listed; total, facets and steps
    still count every article. apart: the reader wants reprints one by one. verbatim: as typed, without repair.
    """

    text: str = ""
    tree: Node | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    since: str = ""
    until: str = ""
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    after: str = ""
    facets: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    fold: bool = False
    apart: bool = False
    verbatim: bool = False
