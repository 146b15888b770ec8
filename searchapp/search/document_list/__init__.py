"""List the documents of a generation for browsing: narrowed by words, type, issuer and term, counted and ordered."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from searchapp.article import Article, Document
from searchapp.citations.find.vocabulary import TYPE_NAMES, type_label, type_slug
from searchapp.citations.resolve.terms_of_office import Term, own_terms, term_label
from searchapp.engine import Engine
from searchapp.fields import OWN_DOCUMENT, VALIDITY
from searchapp.query import MAX_HITS, Query
from searchapp.results import Answer, FacetView
from searchapp.search import facets
from searchapp.search.standing import STATUS_LABELS
from searchapp.text.normalize import fold

LAWS: Final = ("L", "BL", "PL")
NARROWED_BY: Final = ("type", "issuer", "term", VALIDITY)
SIZE: Final = 20  # documents on a page
MAX_PAGES: Final = MAX_HITS // SIZE  # beyond, filters lead on
_BATCH: Final = 1000  # documents that one query counts
_WORD: Final = re.compile(r"[a-z]+|0*(\d+)")


def _namers(terms: Mapping[str, Term]) -> dict[str, facets.Namer]:
    return {
        "type": facets.Namer(lambda value: facets.Name(type_label(value))),
        "term": facets.Namer(lambda value: facets.Name(term_label(value, terms))),
        VALIDITY: facets.Namer(lambda value: facets.Name(STATUS_LABELS[value])),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A document with the number of articles that are or cite it; words: words that find it; values: its facets."""

    document: Document
    count: int
    words: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list. total: documents that pass; pages: how many pages can be opened."""

    total: int
    rows: tuple[Row, ...]
    facets: tuple[FacetView, ...]
    pages: int


class Shelf:
    """The documents that articles of one generation are or cite."""

    def __init__(
        self,
        generation: str,
        documents: Sequence[Document],
        counts: Mapping[str, int],
        terms: Mapping[str, Term] = MappingProxyType({}),
    ) -> None:
        """terms: of the archive's own table, by their ids."""
        self._namers = _namers(terms)
        self.generation = generation
        self._rows = [_row(one, counts[one.slug]) for one in documents if counts.get(one.slug)]
        self._laws: dict[str, list[Document]] = defaultdict(list)
        for row in self._rows:
            if row.document.type in LAWS and row.document.title:
                self._laws[_title(row.document.title)].append(row.document)

    def __len__(self) -> int:
        return len(self._rows)

    @classmethod
    def of(cls, engine: Engine) -> Shelf:
        """Return the shelf of an engine's generation."""
        own = own_terms(engine.tables.rows.get("terms", ()))
        return cls(engine.generation, engine.documents(), counts_of(engine), own)

    def law(self, title: str, day: str) -> Document | None:
        """Return the last law of this title before a day; None for several of one time, or for no law."""
        known = [one for one in self._laws.get(_title(title), ()) if one.date and one.date <= day[: len(one.date)]]
        last = max((one.date[:4] for one in known), default="")
        found = [one for one in known if one.date[:4] == last]
        return found[0] if len(found) == 1 else None

    def find(
        self, query: Query, named: Collection[str] = (), holds: Mapping[str, str] = MappingProxyType({})
    ) -> Listing:
        """Return the documents that a query asks for by its text, its filters (`NARROWED_BY`), sort and page.

        holds: slug → status on the day of the query, "khong-ro" for those that are not in it. named: the slugs that the
        text names by a number in any spelling. Then only these are meant, not its words. "relevance" is by the number
        of articles; each facet is counted with its own choice lifted.
        """
        wanted = [_pattern(word) for word in _words(query.text)]
        chosen = {name: query.filters[name] for name in NARROWED_BY if query.filters.get(name)}
        # A chosen value stays listed at zero, or nobody could give it up.
        counts = {name: Counter(dict.fromkeys(chosen.get(name, ()), 0)) for name in NARROWED_BY}
        # "nghị định 100 giao thông": of several of one number those that have all words.
        told = {one.document.slug for one in self._rows if named and all(word in one.words for word in wanted)}
        named = told.intersection(named) or named
        found: list[Row] = []
        for row in self._rows:
            if row.document.slug not in named if named else not all(word in row.words for word in wanted):
                continue
            own = {**row.values, VALIDITY: holds.get(row.document.slug, "khong-ro")}
            missed = [name for name, values in chosen.items() if own[name] not in values]
            if not missed:
                found.append(row)
            for name in missed if len(missed) == 1 else () if missed else NARROWED_BY:
                if own[name]:
                    counts[name][own[name]] += 1
        if query.sort != "relevance":
            found.sort(key=_day, reverse=query.sort == "newest")
            found.sort(key=lambda row: not row.document.date)
        answer = Answer(generation="", total=0, facets={name: tuple(c.most_common()) for name, c in counts.items()})
        return Listing(
            total=len(found),
            rows=tuple(found[(query.page - 1) * SIZE : query.page * SIZE]),
            facets=facets.views(answer, query, self._namers),
            pages=max(1, min(MAX_PAGES, math.ceil(len(found) / SIZE))),
        )


def counts_of(engine: Engine) -> dict[str, int]:
    """Map the slug of every document to the number of articles that are or cite it."""
    slugs = [document.slug for document in engine.documents()]  # the most cited first
    counts: dict[str, int] = {}
    for first in range(0, len(slugs), _BATCH):
        batch = tuple(slugs[first : first + _BATCH])
        # A facet lists only its most frequent values, but always the chosen ones.
        asked = Query(size=1, filters={"document": batch}, facets=("document",))
        counts.update(engine.search(asked).facets.get("document", ()))
        if not counts.get(batch[-1]):
            break
    return {slug: count for slug, count in counts.items() if count}


def citing(engine: Engine, slugs: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many articles cite each of a few documents, and how many are its text or parts of it, which cite it not."""
    if not slugs:
        return (), ()
    found, own = (
        dict(engine.search(Query(filters={name: tuple(slugs)}, size=0, facets=(name,))).facets.get(name, ()))
        for name in ("document", OWN_DOCUMENT)
    )
    parts = tuple(own.get(slug, 0) for slug in slugs)
    return tuple(max(0, found.get(slug, 0) - count) for slug, count in zip(slugs, parts, strict=True)), parts


def _title(name: str) -> str:
    """Return the common part of two spellings of a law's title: "Luật Đất đai", "luật đất đai năm 2013"."""
    return " ".join(word for word in _words(name) if not word.isdigit()).removesuffix(" nam")


def _day(row: Row) -> str:
    return row.document.date


def _row(document: Document, count: int) -> Row:
    kind = TYPE_NAMES.get(document.type, "")
    said = (kind, "số", document.name, *document.aliases, document.issuer, document.type)
    values = {"type": type_slug(document.type), "issuer": document.issuer, "term": document.term_id}
    return Row(document, count, f" {' '.join(_words(' '.join(said)))} ", values)


def _words(text: str) -> list[str]:
    """Return folded words and numbers without leading zeros: "5-NQ/TU" and "05 nq tu" are one."""
    return [found[1] or found[0] for found in _WORD.finditer(fold(text))]


def _pattern(word: str) -> str:
    """Return a pattern for a word: any word with this beginning matches, a number only itself."""
    return f" {word} " if word.isdigit() else f" {word}"


def document_of(engine: Engine, article: Article) -> Document | None:
    """Return the document whose text, or part of whose text, an article is; None where its number means several."""
    named = engine.documents(article.number) if article.number else []
    held = [one for one in named if one.article == article.key] or named
    dated = [one for one in held if one.date == article.date and article.date] if len(held) > 1 else held
    return dated[0] if len(dated) == 1 else None
