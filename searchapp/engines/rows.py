"""The facet values of an article, the same for every engine: what it says, and what its citations mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from searchapp.article import Citation, Document
from searchapp.citations.carrying import edges
from searchapp.engines.stored import Facts
from searchapp.fields import CHAIN

SYMBOL: Final = "symbol"
"""The hidden facet of every document number as written, resolved or not."""
LEADING_TYPES: Final = ("NQ", "CT")
"""Resolutions and directives come before other documents at equal counts (query.md)."""

Order = Callable[[str], Any]
"""A sort key over the values of a facet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article's facts, in segment order; a removed article is an empty Row.

    date: ISO, cut to what is known. values: facet name (not "date"), "symbol" or "chain" to its values, each once.
    """

    id: str = ""
    date: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Registry(Protocol):
    """Which document is meant (citations.registry), asked about one article at a time by its facts."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents by slug."""
        ...

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        """The article's citations, in order, with document, how and sure filled in."""
        ...

    def own(self, facts: Facts) -> str:
        """Slug of the document that the article itself is, or ""."""
        ...


def orders(documents: Mapping[str, Document]) -> dict[str, Order]:
    """Which of several facet values goes first at equal counts."""
    leading = {slug for slug, document in documents.items() if document.type in LEADING_TYPES}
    return {"document": lambda slug: (slug not in leading, slug)}


def row_of(facts: Facts, citations: Sequence[Citation], registry: Registry) -> Row:
    """The facet values of a live article: its documents are those that it is or cites, its terms are theirs."""
    own = registry.own(facts)
    slugs = _distinct([own, *(citation.document for citation in citations)])
    held = [registry.documents[slug] for slug in slugs if slug in registry.documents]
    issuer = facts.issuer or (registry.documents[own].issuer if own in registry.documents else "")
    values = {
        "document": slugs,
        "theme": _distinct(facts.themes),
        "term": _distinct(document.term_id for document in held),
        "issuer": _distinct([issuer]),
        "type": _distinct([facts.type]),
        "section": _distinct([facts.section]),
        "source": _distinct([facts.source]),
        SYMBOL: _distinct([facts.number, *(citation.key for citation in citations)]),
        CHAIN: _distinct(end for edge in edges(own, citations, registry.documents) for end in (edge.upper, edge.lower)),
    }
    return Row(id=facts.id, date=facts.date, values=values)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
