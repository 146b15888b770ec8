"""Store an article: compressed JSON of all of it, one line of facts without the text, and its facet values."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from searchapp.article import Article, Citation, Document, Facts, Mark, Recognition, Relation
from searchapp.citations.find.carrying import edges
from searchapp.citations.resolve import validity
from searchapp.citations.resolve.issuers import Bodies, bodies_of
from searchapp.citations.resolve.known import documents_of
from searchapp.citations.resolve.registry import Registry, provinces
from searchapp.errors import CorruptIndexError
from searchapp.fields import AREA_BEFORE, CHAIN, EFFECT, FACETS, OWN_DOCUMENT, STORED_FACETS, Subject
from searchapp.tables import Tables

_LEVEL: Final = 6
"""zlib's level; 9 gains under one per cent on articles."""


# Name and default: a field with its default value is not written.
_LISTS: Final = ("citations", "relations")
_APART: Final = (*_LISTS, "ocr", "marks")
_ARTICLE: Final = tuple((field.name, field.default) for field in fields(Article) if field.name not in _APART)
_FACTS: Final = tuple((field.name, field.default) for field in fields(Facts) if field.name not in _LISTS)
_DOCUMENT: Final = tuple(field.name for field in fields(Document))
_CITATION: Final = tuple((field.name, field.default) for field in fields(Citation))
_MARK: Final = tuple(field.name for field in fields(Mark))
_RELATION: Final = tuple((field.name, field.default) for field in fields(Relation))


Meaning = tuple[str, str, float]
"""What a citation means: the slug of a document or "", the rule that found it, how sure."""


def pack(article: Article) -> bytes:
    """Return all of an article: a line of JSON, and the text behind it, which is then read ten times as fast.

    Raises UnicodeEncodeError for a lone surrogate.
    """
    row = as_row(article)
    text = row.pop("text", "")
    return zlib.compress(_dump(row) + b"\n" + text.encode(), _LEVEL)


def unpack(data: bytes | memoryview, meanings: Sequence[Meaning] | None = None) -> Article:
    """Return the article that `pack` took, its citations with these meanings. Raises CorruptIndexError for other bytes
    or another number of meanings.
    """
    try:
        head, behind, text = zlib.decompress(data).partition(b"\n")
        row = orjson.loads(head)
        if behind:
            row["text"] = text.decode()
        if meanings is not None:
            citations = row.get("citations", ())
            if len(citations) != len(meanings):
                raise CorruptIndexError(f"citations of {row['id']} do not fit; run 'searchapp reindex --full'")
            for citation, (document, how, sure) in zip(citations, meanings, strict=True):
                if document or how:
                    citation |= {"document": document, "how": how, "sure": sure}
        return Article(**_revive(row))
    except (zlib.error, ValueError, TypeError) as error:
        raise CorruptIndexError(f"a stored article is damaged ({error}); run 'searchapp reindex --full'") from None


def as_row(article: Article) -> dict[str, Any]:
    """Return all of an article as values of JSON, without fields that have their default value."""
    row = _row(article, _ARTICLE)
    if article.ocr:
        row["ocr"] = asdict(article.ocr)
    if article.marks:
        row["marks"] = [astuple(mark) for mark in article.marks]
    return row


def from_row(row: Mapping[str, Any]) -> Article:
    """Return the article that `as_row` took."""
    return Article(**_revive(dict(row)))


def with_citations(article: Article, citations: Sequence[Citation]) -> Article:
    """Return the same article with the meanings of its citations."""
    return replace(article, citations=tuple(citations)) if citations else article


def document_as_row(document: Document) -> dict[str, Any]:
    """Return a document as values of JSON; empty facts are left out."""
    return {name: value for name in _DOCUMENT if (value := getattr(document, name))}


def document_from_row(row: Mapping[str, Any]) -> Document:
    """Return the document that `document_as_row` took; a number of the National Assembly may come without a type."""
    return Document(**{"type": "", **row, "aliases": tuple(row.get("aliases", ()))})


def line(article: Article) -> bytes:
    """Return the facts of an article as one line of JSON, with its line feed."""
    return _dump(_row(article, _FACTS)) + b"\n"


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file of facts. Raises CorruptIndexError when it is damaged."""
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None


def read_facts(one: bytes) -> Facts:
    """Return the facts in a line of `line`."""
    return Facts(**_revive(orjson.loads(one)))


def read_heading(one: bytes) -> tuple[str, str, str]:
    """Return key, title and date in a line of `line`, in half the time."""
    row = orjson.loads(one)
    return row["key"], row.get("title", ""), row.get("date", "")


class FactsWriter:
    """A writer of a file of facts; equal facts give equal bytes."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._gzip = gzip.GzipFile("", "wb", 1, self._file, mtime=0)

    def write(self, one: bytes) -> None:
        """Append a line."""
        self._gzip.write(one)

    def close(self) -> None:
        """Finish the file."""
        self._gzip.close()
        self._file.close()


def _dump(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _row(article: Article, names: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    row = _named(article, names)
    if article.citations:
        row["citations"] = [_named(citation, _CITATION) for citation in article.citations]
    if article.relations:
        row["relations"] = [_named(relation, _RELATION) for relation in article.relations]
    return row


def _named(thing: Article | Citation | Relation, names: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {name: value for name, default in names if (value := getattr(thing, name)) != default}


def _revive(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("themes", "basis"):
        if name in row:
            row[name] = tuple(row[name])
    if "citations" in row:
        row["citations"] = tuple(_citation(citation) for citation in row["citations"])
    if "relations" in row:
        row["relations"] = tuple(_relation(relation) for relation in row["relations"])
    if "ocr" in row:
        places = {name: tuple(map(tuple, row["ocr"][name])) for name in ("doubtful", "mended", "lines")}
        row["ocr"] = Recognition(**{**row["ocr"], **places})
    if "marks" in row:
        row["marks"] = tuple(Mark(**dict(zip(_MARK, mark, strict=True))) for mark in row["marks"])
    return row


def _citation(row: dict[str, Any]) -> Citation:
    return Citation(**{**row, "pinpoint": tuple(row["pinpoint"])}) if "pinpoint" in row else Citation(**row)


def _relation(row: dict[str, Any]) -> Relation:
    return Relation(**{**row, "part": tuple(row["part"])}) if "part" in row else Relation(**row)


SYMBOL: Final = "symbol"
"""The hidden facet of every document number as written, resolved or not."""
LEADING_TYPES: Final = ("NQ", "CT")
"""Resolutions and directives come before other documents at equal counts (query.md)."""

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
        EFFECT: _distinct(validity.packed(edge) for edge in _effects(facts, citations, own)),
        CHAIN: _distinct(end for edge in edges(own, citations, registry.documents) for end in (edge.upper, edge.lower)),
    }
    return Row(id=facts.id, date=facts.date, values=values)


def _effects(facts: Facts, citations: Sequence[Citation], own: str) -> Iterator[validity.Edge]:
    consolidated = "/VBHN" in facts.number
    return validity.edges(facts.relations, citations, own, key=facts.key, consolidated=consolidated)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
