"""Documents and articles as a graph: citations, carrying out, and the neighbours of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from searchapp.article import Article, Citation, Document
from searchapp.citations.find.carrying import Edge, edges
from searchapp.citations.find.vocabulary import loose
from searchapp.engine import Engine
from searchapp.fields import CHAIN
from searchapp.query import Query
from searchapp.results import Match, Piece

Relation = str
"""above · below · cites · cited · together, or the direction and kind that a text states: "in.sua-doi"."""

_MAX_STATED: Final = 50
"""The most articles that are searched for the carrying out of one document."""
_BATCH: Final = 200
_SENTENCE: Final = 320  # characters of a quoted sentence
_ENDS: Final = ".!?…;\n"


@dataclass(frozen=True, slots=True)
class Stated:
    """The document that carries another out (or is carried out by it), the sentence that says so, and its article."""

    document: Document
    sentence: tuple[Piece, ...]
    article: Article


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain. above: the documents that a document carries out; below: those that carry it out; each by date, first
    statements.
    """

    above: tuple[Stated, ...] = ()
    below: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document near another: the relation, and the number of articles (0 where articles are not counted)."""

    document: Document
    relation: Relation
    count: int = 0


def chain(engine: Engine, document: Document) -> Chain:
    """Return the chain from centre over city to district, as articles state it."""
    stated = engine.search(Query(filters={CHAIN: (document.slug,)}, sort="oldest", size=_MAX_STATED))
    above: dict[str, Stated] = {}
    below: dict[str, Stated] = {}
    for match in stated.matches:
        for edge in _edges(engine, match):
            if edge.lower == document.slug:
                _add(above, engine.document(edge.upper), edge, match.article)
            elif edge.upper == document.slug:
                _add(below, engine.document(edge.lower), edge, match.article)
    return Chain(_dated(above), _dated(below))


def neighbours(
    engine: Engine,
    document: Document,
    known: Chain,
    together: Iterable[tuple[str, int]],
    limit: int,
    stated: Iterable[Neighbour] = (),
) -> list[Neighbour]:
    """Return the neighbours of a document, each once by its strongest relation, at most `limit` a relation.

    known: its chain; together: slug and number of articles of the documents that are cited beside it; stated: what
    texts say that it does and that is done to it, the strongest of all.
    """
    relations: list[tuple[Relation, Iterable[tuple[str, int]]]] = [
        ("above", ((one.document.slug, 0) for one in known.above)),
        ("below", ((one.document.slug, 0) for one in known.below)),
        ("cites", ((slug, 0) for slug in _cited_by_text(engine, document))),
        ("cited", ((slug, 0) for slug in _citing_documents(engine, document, limit))),
        ("together", together),
    ]
    seen = {document.slug}
    found: list[Neighbour] = []
    by_relation: Counter[Relation] = Counter()
    for one in stated:
        if one.document.slug in seen:
            continue
        seen.add(one.document.slug)  # what is beyond the limit is no mere mention either
        by_relation[one.relation] += 1
        if by_relation[one.relation] <= limit:
            found.append(one)
    for relation, slugs in relations:
        new = ((slug, count) for slug, count in slugs if slug not in seen)
        for slug, count in islice(new, limit):
            seen.add(slug)
            other = engine.document(slug)
            if other is not None:
                found.append(Neighbour(other, relation, count))
    return found


def every_article(engine: Engine) -> Iterator[Article]:
    """Yield all articles with the meanings of their citations, read in batches."""
    keys = (key for key, _ in engine.titles())
    while batch := list(islice(keys, _BATCH)):
        yield from engine.articles(batch)


def own_document(engine: Engine, article: Article) -> str:
    """Return the slug of the document that an article is, "" for none: its number decides among cited documents."""
    if not article.number:
        return ""
    named = [one for one in engine.documents(article.number) if loose(one.symbol) == loose(article.number)]
    held = [one.slug for one in named if one.article == article.key]
    meant = {citation.document for citation in article.citations}
    said = [one.slug for one in named if one.slug in meant or len(named) == 1]
    return next(iter(held or said), "")


def edges_of(engine: Engine, article: Article, own: str) -> list[Edge]:
    """Return which document carries out which, by one article."""
    slugs = {own, *(citation.document for citation in article.citations)} - {""}
    documents = {slug: one for slug in slugs if (one := engine.document(slug))}
    return list(edges(own, article.citations, documents))


def sentence(article: Article, citation: Citation) -> tuple[Piece, ...]:
    """Return the sentence of a citation with the citation marked, cut where it is long."""
    text = article.whole
    start, end = citation.start, citation.end
    first, last = max(0, start - _SENTENCE // 2), min(len(text), end + _SENTENCE // 2)
    begin = max((at + 1 for at in range(first, start) if _ends(text, at)), default=first)
    close = next((at + 1 for at in range(end, last) if _ends(text, at)), last)
    head = text[begin:start].lstrip() if begin > first or first == 0 else f"… {text[begin:start].partition(' ')[2]}"
    tail = text[end:close].rstrip() if close < last or last == len(text) else f"{text[end:close].rpartition(' ')[0]} …"
    return tuple(piece for piece in (Piece(head), Piece(text[start:end], True), Piece(tail)) if piece.text)


def _ends(text: str, at: int) -> bool:
    return text[at] == "\n" or (text[at] in _ENDS and text[at + 1 : at + 2].isspace())


def _edges(engine: Engine, match: Match) -> list[Edge]:
    article = match.article
    own = match.documents[0] if match.documents and article.number else ""
    document = engine.document(own) if own else None
    if document is None or loose(document.symbol) != loose(article.number):
        own = ""
    return edges_of(engine, article, own)


def _add(found: dict[str, Stated], document: Document | None, edge: Edge, article: Article) -> None:
    if document is not None and document.slug not in found:
        found[document.slug] = Stated(document, sentence(article, edge.citation), article)


def _dated(found: dict[str, Stated]) -> tuple[Stated, ...]:
    return tuple(sorted(found.values(), key=lambda one: (one.document.date or "9", one.document.slug)))


def _cited_by_text(engine: Engine, document: Document) -> list[str]:
    """Return the documents that the text of a document cites."""
    held = engine.articles([document.article]) if document.article else []
    return list(dict.fromkeys(c.document for article in held for c in article.citations if c.document))


def _citing_documents(engine: Engine, document: Document, limit: int) -> list[str]:
    """Return the documents whose text cites it, as far as the archive holds them."""
    citing = {"document": (document.slug,)}
    types = engine.search(Query(filters=citing, size=1, facets=("type",))).facets.get("type", ())
    kinds = tuple(kind for kind, count in types if count)
    if not kinds:
        return []
    found = engine.search(Query(filters={**citing, "type": kinds}, sort="newest", size=limit + 1))
    return [slug for match in found.matches if (slug := own_document(engine, match.article))]
