"""Tell the facet values of an article, for every engine: its documents, their types, issuers and effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from searchapp.article import Citation, Document, Facts
from searchapp.citations.find.carrying import edges
from searchapp.citations.find.vocabulary import LEADING_TYPES
from searchapp.citations.resolve import Registry, provinces, validity
from searchapp.citations.resolve.issuers import Bodies, bodies_of
from searchapp.citations.resolve.known import documents_of
from searchapp.fields import (
    AREA_BEFORE,
    CHAIN,
    EFFECT,
    FACETS,
    OWN_DOCUMENT,
    PROVISION,
    STORED_FACETS,
    SYMBOL,
    Subject,
)
from searchapp.tables import Tables

Order = Callable[[str], Any]
"""A sort key over the values of a facet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article's facts, in segment order; a removed article is an empty Row.

    date: ISO, cut to its known parts. values: facet name (not "date"), "symbol" or another hidden one to its values,
    each once.
    """

    id: str = ""
    date: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def orders(documents: Mapping[str, Document]) -> dict[str, Order]:
    """Return the order of facet values with equal counts."""
    leading = {slug for slug, document in documents.items() if document.type in LEADING_TYPES}
    return {"document": lambda slug: (slug not in leading, slug)}


class Known(NamedTuple):
    """What an archive's own tables tell of documents beforehand; documents: None where the table is ours."""

    documents: tuple[Document, ...] | None
    bodies: Bodies | None


def known_beforehand(tables: Tables) -> Known:
    """Return the documents and the bodies of the archive's own tables."""
    own = bodies_of(tables)
    return Known(documents_of(tables.rows["known_documents"], own) if "known_documents" in tables.own else None, own)


def row_of(facts: Facts, citations: Sequence[Citation], registry: Registry) -> Row:
    """Return the facet values of a live article: its documents are those that it is or cites; the
    terms belong to them.
    """
    own = registry.own(facts)
    slugs = _distinct([own, *(citation.document for citation in citations)])
    held = [registry.documents[slug] for slug in slugs if slug in registry.documents]
    named = provinces(facts, held, registry.places)
    areas = tuple(place.id for name in named if (place := registry.places.today(name)))
    subject = Subject(facts, registry.documents.get(own), slugs, tuple(held), areas)
    values = {
        **{facet.name: _distinct(facet.value_of(subject)) for facet in FACETS if facet.name in STORED_FACETS},
        AREA_BEFORE: _distinct(place.id for name in named if (place := registry.places.before(name))),
        SYMBOL: _distinct([facts.number, *(citation.key for citation in citations)]),
        OWN_DOCUMENT: _distinct([own]),
        PROVISION: _distinct([facts.provision]),
        EFFECT: _distinct(validity.packed(edge) for edge in _effects(facts, citations, own)),
        CHAIN: _distinct(end for edge in edges(own, citations, registry.documents) for end in (edge.upper, edge.lower)),
    }
    return Row(id=facts.id, date=facts.date, values=values)


def _effects(facts: Facts, citations: Sequence[Citation], own: str) -> Iterator[validity.Edge]:
    consolidated = "/VBHN" in facts.number
    return validity.edges(facts.relations, citations, own, key=facts.key, consolidated=consolidated)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
