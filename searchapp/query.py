"""The question: the query tree of the grammar with its three verbs, and Query: filters, dates, order and page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]
SORTS: Final[tuple[Sort, ...]] = ("relevance", "newest", "oldest")
STEPS: Final = ("year", "month", "day")
"""The steps over which dates are counted."""
UNKNOWN: Final = "unknown"
"""The value of a missing date."""
MAX_HITS: Final = 1000
"""Pages go this deep; beyond there is a cursor."""


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable, as an accented search key (`text.tokens`); `marked` when the reader typed accents in the query.

    also: other names of the same thing (an abbreviation's expansion); same: other spellings of the same name ("XIII"
    for 13, "lê nin" for lênin), which the page does not mention. Each has the worth `Weights.synonym` of the word.
    Neighbours that share a phrase are answered by it together. stays: the letters are those of a word that only asks,
    but the archive spells another one there, as in "tham nhung".
    """

    key: str
    marked: bool = False
    also: tuple[Phrase, ...] = ()
    same: tuple[Phrase, ...] = ()
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring syllables in this order, 1 to 64 keys; when `marked`, accents hold where a key has them.

    exact: a key without accents matches only words without accents; so a count is of articles' own spellings.
    """

    keys: tuple[str, ...]
    marked: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Syllables that begin with these letters (folded, at least two)."""

    letters: str


@dataclass(frozen=True, slots=True)
class Number:
    """A document by its symbol ("05-NQ/TU"): articles that are it or cite it, also where a citation stays open.

    symbol: "" when only the given documents are meant. documents: the slugs it may mean, filled in from the registry.
    Empty until then. whole: the full symbols of these documents, whose open citations count too where a short one was
    typed ("nghị quyết 18"). text: the typed words, so that an unknown number can still be searched as words; issuer,
    place, date, term: the facts beside the number.
    """

    symbol: str
    documents: tuple[str, ...] = ()
    text: str = ""
    issuer: str = ""
    place: str = ""
    date: str = ""
    term: str = ""
    whole: tuple[str, ...] = ()

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols whose open citations count."""
        return (self.symbol, *self.whole) if self.symbol else self.whole


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


Leaf: TypeAlias = Word | Phrase | Prefix | Number
NEAR, LETTERS, SCORED, EVERY = 1, 2, 3, 4
WORD_STEPS: Final = (NEAR, LETTERS, SCORED, EVERY)
"""Ways to take plain words: the three steps of docs/query.md, and all syllables, anywhere."""

Node: TypeAlias = Leaf | Not | AllOf | AnyOf


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield all leaves of a tree in order, also those that must not match."""
    if isinstance(node, Not):
        yield from leaves(node.child)
    elif isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node


def positive(node: Node | None) -> Iterator[Leaf]:
    """Yield the leaves that must match, in order; none of an empty tree."""
    if isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from positive(child)
    elif node is not None and not isinstance(node, Not):
        yield node


def mapped(
    node: Node,
    change: Callable[[Leaf], Node | None],
    *,
    excluded: bool = False,
    joined: Callable[[list[Node]], Sequence[Node]] = tuple,
) -> Node | None:
    """Return the tree with every leaf changed. None drops one, and a group that has lost all its children goes too.

    excluded: whether forbidden leaves are changed as well. joined: replaces the children of an AllOf.
    """
    if isinstance(node, Not):
        child = mapped(node.child, change, excluded=True, joined=joined) if excluded else node.child
        return Not(child) if child is not None else None
    if isinstance(node, (AllOf, AnyOf)):
        changed = (mapped(child, change, excluded=excluded, joined=joined) for child in node.children)
        children = [child for child in changed if child is not None]
        if not children:
            return None
        return AllOf(tuple(joined(children))) if isinstance(node, AllOf) else AnyOf(tuple(children))
    return change(node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A whole question to an engine.

    tree: None lists everything that passes the filters, newest first. filters: facet name → values, OR within a facet,
    AND between facets. The values of "date" are ISO dates cut to a year, month or day, or "unknown"; those of "reprint"
    are keys of articles, which pass with their reprints. since, until: inclusive ISO days. Both date limits keep out
    undated articles. page counts from 1. size: hits a page, 0 where only counts are asked for. after: opaque cursor of
    a hit, beyond which paging goes on. facets: which facets to count; steps: which date steps ("year", "month", "day")
    to count over the whole result set. fold: of articles that are reprints of one another list only the best, and page
    over the listed ones; total, facets and steps still count every article. apart: the reader wants reprints one by
    one. verbatim: as typed, without repair. step: take plain words by this step of query.md (4: all syllables,
    anywhere) instead of the first that is enough. beyond: count other steps too, and go on below a list by relevance
    that is shorter than a page. before: the facet "area" is that of the 63 provinces and cities of before 1 July 2025.
    on: the ISO day of the documents' status, "" for today. restored: the plain words with the archive's most likely
    accents, where none was typed; they only rank.
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
    step: int = 0
    beyond: bool = False
    restored: str = ""
    before: bool = False
    on: str = ""


_LISTED: Final = 10
"""Articles under a theme or a document on their pages."""


def newest_of_day(iso: str) -> Query:
    """Return the query for a day or month, newest first."""
    return Query(filters={"date": (iso,)}, sort="newest", size=50)


def newest_of_theme(name: str) -> Query:
    """Return the query for a theme, newest first."""
    return Query(filters={"theme": (name,)}, sort="newest", size=_LISTED, steps=STEPS)


def newest_of_document(slug: str) -> Query:
    """Return the query for everything that is or cites a document, newest first."""
    return Query(tree=Number("", documents=(slug,)), sort="newest", size=_LISTED, steps=STEPS)
