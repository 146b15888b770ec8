"""Write the citation graph as a table for spreadsheets (CSV) or a graph for network tools (GraphML). Both stream."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import IO, Any, Final
from xml.sax.saxutils import escape, quoteattr

from searchapp.article import Article, Citation, Document
from searchapp.citations.find.carrying import Edge
from searchapp.citations.resolve.validity import Force
from searchapp.engine import Engine
from searchapp.graph import edges_of, every_article, own_document

COLUMNS: Final = (
    "article", "article_id", "article_date", "article_title", "relation", "document", "symbol", "type", "issuer",
    "term", "document_date", "key", "text", "start", "end", "how", "sure", "carried_out_by",
)  # fmt: skip
"""The columns of a row for each citation; relation: "cites", or "is" where the article is the document."""

_STATED: Final = tuple(field.name for field in fields(Citation) if field.name != "carrier")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NODE: Final = ("kind", "label", "title", "date", "issuer", "term")
_EDGE: Final = ("relation", "count")


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """Return a citation as identity.md writes it: `document` is null where it is unknown, other empty facts are ""."""
    row = {name: getattr(citation, name) for name in _STATED}  # a law may have thousands: `asdict` copies each fact
    row["document"] = citation.document or None
    return row


def write_csv(engine: Engine, out: IO[str]) -> int:
    """Write every citation of every article as one row of COLUMNS; return how many.

    The file begins with a byte order mark.
    """
    out.write("\ufeff")  # without it Excel reads the text as Windows-1252
    table = csv.writer(out)
    table.writerow(COLUMNS)
    count = 0
    for count, row in enumerate(citation_rows(engine, every_article(engine)), 1):  # noqa: B007 - the last is told
        table.writerow(row)
    return count


def citation_rows(engine: Engine, articles: Iterable[Article]) -> Iterator[list[Any]]:
    """Yield every citation of these articles as the cells of COLUMNS."""
    for article in articles:
        own = own_document(engine, article)
        lower = {id(edge.citation): edge.lower for edge in edges_of(engine, article, own)}
        for citation in article.citations:
            document = engine.document(citation.document) if citation.document else None
            yield list(map(cell, _row(article, own, citation, document, lower.get(id(citation), ""))))


def _row(article: Article, own: str, citation: Citation, document: Document | None, lower: str) -> Iterable[Any]:
    about = (document.symbol, document.type, document.issuer, document.term, document.date) if document else ("",) * 5
    relation = "is" if own and own == citation.document else "cites"
    return (
        article.key, article.id, article.date, article.title, relation, citation.document, *about, citation.key,
        citation.text, citation.start, citation.end, citation.how, citation.sure, lower,
    )  # fmt: skip


RELATION_COLUMNS: Final = (
    "doer", "doer_symbol", "kind", "target", "target_symbol", "part", "day", "until", "exception", "sure", "article",
    "sentence", "source",
)  # fmt: skip
"""The columns of a row for each relation between documents, with its known day; kind as in docs/validity.md."""


def write_relations(engine: Engine, force: Force, out: IO[str]) -> int:
    """Write every relation between documents as one row of RELATION_COLUMNS; return how many."""
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow(RELATION_COLUMNS)
    count = 0
    for edge in map(force.dated, force):
        held = next(iter(engine.articles([edge.article])), None) if edge.article else None
        sentence = " ".join(held.whole[edge.start : edge.end].split()) if held else ""
        doer, target = engine.document(edge.doer), engine.document(edge.target)
        row = (
            edge.doer, doer.symbol if doer else "", edge.kind, edge.target, target.symbol if target else "",
            " ".join(edge.part), edge.day, edge.until, "1" if edge.exception else "", edge.sure, edge.article, sentence,
            edge.source,
        )  # fmt: skip
        table.writerow(map(cell, row))
        count += 1
    return count


def cell(value: Any) -> Any:
    """Return a safe cell: a spreadsheet would run a cell that begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_graphml(engine: Engine, out: IO[str], force: Force | None = None) -> int:
    """Write articles and documents as nodes, "cites", "is" and "carries-out" as edges; return the number of edges.

    force: effects between documents, edges by their kind. Format: GraphML 1.0 (graphml.graphdrawing.org). A document
    stands in it when something cites it or it has a text.
    """
    out.write('<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    for names, what in ((_NODE, "node"), (_EDGE, "edge")):
        for name in names:
            kind = "int" if name == "count" else "string"
            out.write(f'<key id="{what}.{name}" for="{what}" attr.name="{name}" attr.type="{kind}"/>\n')
    out.write('<graph id="citations" edgedefault="directed">\n')
    count, used = _write_articles(engine, out)
    between = dict.fromkeys((edge.doer, edge.target, edge.kind) for edge in force or () if edge.doer != edge.target)
    for doer, target, kind in between:
        _edge(out, f"d:{doer}", f"d:{target}", kind, 1)
        used.update((doer, target))
    count += len(between)
    for slug in sorted(used):
        document = engine.document(slug)
        if document:
            values = ("document", document.symbol, document.title, document.date, document.issuer, document.term)
            _node(out, f"d:{slug}", values)
    out.write("</graph>\n</graphml>\n")
    return count


def _write_articles(engine: Engine, out: IO[str]) -> tuple[int, set[str]]:
    """Write each article with its edges; each pair of carrying out is written once, at its first statement."""
    count = 0
    used: set[str] = set()
    said: set[tuple[str, str]] = set()
    for article in every_article(engine):
        _node(out, f"a:{article.key}", ("article", article.title, "", article.date, article.source, ""))
        own = own_document(engine, article)
        cited = Counter(c.document for c in article.citations if c.document and c.document != own)
        if own:
            _edge(out, f"a:{article.key}", f"d:{own}", "is", 1)
        for slug, times in cited.items():
            _edge(out, f"a:{article.key}", f"d:{slug}", "cites", times)
        new = dict.fromkeys(_ends(edges_of(engine, article, own)))
        for lower, upper in [pair for pair in new if pair not in said]:
            _edge(out, f"d:{lower}", f"d:{upper}", "carries-out", 1)
            said.add((lower, upper))
            count += 1
        used.update(cited, [own] if own else [], *new)
        count += len(cited) + bool(own)
    return count, used


def _ends(found: Iterable[Edge]) -> Iterator[tuple[str, str]]:
    return ((edge.lower, edge.upper) for edge in found)


def _node(out: IO[str], name: str, values: Iterable[str]) -> None:
    out.write(f"<node id={quoteattr(name)}>{_data('node', zip(_NODE, values, strict=True))}</node>\n")


def _edge(out: IO[str], source: str, target: str, relation: str, count: int) -> None:
    said = _data("edge", (("relation", relation), ("count", str(count))))
    out.write(f"<edge source={quoteattr(source)} target={quoteattr(target)}>{said}</edge>\n")


def _data(what: str, values: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<data key="{what}.{name}">{escape(value)}</data>' for name, value in values if value)
