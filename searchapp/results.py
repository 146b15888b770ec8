"""The results: Answer from an engine (data, no labels), Page for a reader (labels, snippets, explanations)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Document
from searchapp.query import Query


class Places(NamedTuple):
    """About which characters of a long text some terms stand at, ascending, and which term each is, by its number.

    stops: characters that are known, ascending; no place is off by more than the distance of the two around it.
    """

    starts: NDArray[np.intp]
    terms: NDArray[np.intp]
    stops: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Match:
    """One article found, with its score and the cursor after which paging goes on.

    reprints: how many articles of the result set are folded into this one (`Query.fold`). meant: nearness of meaning
    put it in a better place than its score.
    """

    article: Article
    score: float
    documents: tuple[str, ...] = ()
    cursor: str = ""
    reprints: int = 0
    meant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of an engine.

    total: articles, exact; folded: those of them that paging does not meet, because they are reprints of others
    (`Query.fold`); step: how plain words were taken (query.md), 0 where there are none: 1 near each other with typed
    accents, 2 near by letters alone, 3 near or scoring well. step_counts: how many articles other steps would find
    under the same filters, 4 for all syllables anywhere, 5 for all words as one phrase. rest: behind a list by
    relevance that is shorter than a page, the best articles outside of the set, in no count. facets: facet name →
    (value, count), counts with the facet's own selection lifted, most frequent first, chosen values included even at 0;
    steps: "year", "month", "day" → (ISO date cut to that step, count) in date order over the result set itself, undated
    under "unknown".
    """

    generation: str
    total: int
    folded: int = 0
    matches: tuple[Match, ...] = ()
    step: int = 0
    step_counts: tuple[tuple[int, int], ...] = ()
    rest: tuple[Match, ...] = ()
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    steps: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet; only templates turn `marked` into markup."""

    text: str
    marked: bool = False


class Span(NamedTuple):
    """A marked stretch of a text; `term` is the folded key (or phrase) that it answers, for weighing windows."""

    start: int
    end: int
    term: str
    exact: bool


JOINTS: Final = " ,-–"
"""Signs between syllables that are one mark."""


def highlight(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Return the whole text as pieces, marked where a span lies."""
    pieces: list[Piece] = []
    at = 0
    for start, end, _, _ in spans:
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def together(text: str, spans: Iterable[Span], elsewhere: Set[str] = frozenset()) -> list[Span]:
    """Join neighbouring syllables into one mark; a syllable alone stays only where none of its hits has neighbours.

    elsewhere: the terms that have neighbours in other parts of the article.
    """
    groups = _groups(text, spans)
    joined = elsewhere | _joined(groups)
    return [
        Span(group[0].start, group[-1].end, group[0].term, all(each.exact for each in group))
        for group in groups
        if len(group) > 1 or group[0].term not in joined or " " in group[0].term
    ]


def _groups(text: str, spans: Iterable[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in spans:
        if groups and not text[groups[-1][-1].end : span.start].strip(JOINTS):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _joined(groups: Iterable[Sequence[Span]]) -> Set[str]:
    return {span.term for group in groups if len({each.term for each in group}) > 1 for span in group}


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document as a chip: slug for its URL, symbol and term for its label."""

    slug: str
    symbol: str
    label: str
    title: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A provision of an article that is a long text: id in its outline ("" without one), label with its heading, text
    as far as it is shown; exact: the query asked for this one, and it is not just the nearest one of the text.
    """

    id: str
    label: str
    article: Article
    text: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result as a reader sees it.

    why: short codes ("pinned", "exact", "folded", "number", "synonym", "part", "meaning"); reprints: as in Match.
    """

    article: Article
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    documents: tuple[DocumentLink, ...] = ()
    themes: tuple[tuple[str, str], ...] = ()
    score: float = 0.0
    why: tuple[str, ...] = ()
    reprints: int = 0
    provisions: tuple[Provision, ...] = ()


class Value(NamedTuple):
    """One value of a facet; `group` is a heading above it (theme groups), `children` the months of a year.

    A page has a thousand of them, and a tuple is made in a third of the time of a frozen dataclass.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple's own `count` is wanted by nobody
    selected: bool = False
    group: str = ""
    children: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet with its label and values, in their order of display."""

    name: str
    parameter: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of the timeline: an ISO date cut to a year, month or day."""

    date: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """The answer to a query that is a document: the document itself, or the several that its number or name may mean.

    named: it was asked for by its name; the results are those of the words. parts: how many articles are the text of
    each, or parts of it, as in a codification.
    """

    documents: tuple[Document, ...]
    counts: tuple[int, ...]
    named: bool = False
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Accented:
    """A query as the articles spell it: text for reading, query for the box, and how many articles it finds."""

    text: str
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class AreaOffer:
    """Another place that a query may mean: its name, first or last day, and the number of articles with its name."""

    name: str
    since: str
    until: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of results, ready for HTML, JSON or a feed.

    notices: codes with arguments that say how the query was understood, e.g. ("folded",), ("wider",), ("also", "Mặt
    trận Tổ quốc"), ("rarest", "64"), ("decoded", "nghị quyết"). timeline: bars of the result set, at a step that suits
    its span. folded, step, step_counts: as in Answer. pages: how many pages can be opened. rest: hits behind the set,
    in no count. areas: places that merged into the queried one, or that it merged into.
    """

    query: Query
    generation: str
    total: int
    hits: tuple[Hit, ...]
    folded: int = 0
    facets: tuple[FacetView, ...] = ()
    timeline: tuple[Bucket, ...] = ()
    timeline_step: str = "year"
    card: Card | None = None
    provision: Provision | None = None
    notices: tuple[tuple[str, ...], ...] = ()
    did_you_mean: tuple[tuple[str, int], ...] = ()
    accented: tuple[Accented, ...] = ()
    pages: int = 1
    next_cursor: str = ""
    step: int = 0
    step_counts: tuple[tuple[int, int], ...] = ()
    rest: tuple[Hit, ...] = ()
    areas: tuple[AreaOffer, ...] = ()
    took_ms: float = 0.0
