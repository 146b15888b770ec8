"""The JSON API: pages, articles, documents and counts as data with frozen keys; dicts are born here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any, Final

from flask import Response, jsonify, request

from searchapp import graph
from searchapp.article import Article, Citation, Document
from searchapp.citations.grammar import find_citations
from searchapp.dates import is_valid, span
from searchapp.engine import Engine
from searchapp.errors import BadQueryError, IndexProblemError
from searchapp.export import citation_as_json
from searchapp.query import Query
from searchapp.results import DocumentLink, FacetView, Hit, Page, Piece, Value
from searchapp.suggest import Suggestion
from searchapp.suggest import suggest as suggestions
from searchapp.themes import label as theme_label
from searchapp.web import archive, links
from searchapp.web.visit import Visit, missing

Json = dict[str, Any]

PRECISIONS: Final = {10: "day", 7: "month", 4: "year", 0: "unknown"}
MAX_TEXT_CHARS: Final = 200_000  # of a text whose citations are asked for


def search(visit: Visit, engine: Engine) -> Response:
    """The results of a query: `/api/v1/search` and `/tim-kiem.json`."""
    query = visit.query()
    return jsonify(results(visit, query, visit.search(engine, query)))


def document_results(visit: Visit, engine: Engine, name: str) -> Response:
    """Everything that cites a document."""
    return _listed(visit, engine, Query(filters={"document": (_document(engine, name).slug,)}, sort="newest"))


def day_results(visit: Visit, engine: Engine, iso: str) -> Response:
    """The articles of a day or month."""
    if not is_valid(iso):
        missing()
    return _listed(visit, engine, archive.day_query(iso))


def theme_results(visit: Visit, engine: Engine, name: str) -> Response:
    """The articles of a theme."""
    return _listed(visit, engine, archive.theme_query(name))


def facets(visit: Visit, engine: Engine) -> Response:
    """Only the facets of a query."""
    query = visit.query()
    page = visit.search(engine, replace(query, page=1, after=""))
    return jsonify({"ok": True, "total": page.total, "facets": _facets(visit, query, page)})


def article(visit: Visit, engine: Engine, key: str) -> Response:
    """One article with its text and citations."""
    found = engine.articles([key])
    if not found:
        missing()
    return jsonify({"ok": True, "article": _article(visit, found[0])})


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """One document; the others that bear the same symbol are named beside it."""
    shown = _document(engine, name)
    same = [d for d in engine.documents(shown.symbol) if d.slug != shown.slug]
    chain = graph.chain(engine, shown)
    described = {
        **asdict(shown),
        "url": visit.links.document(shown.slug),
        "carries_out": [_stated(visit, one) for one in chain.above],
        "carried_out_by": [_stated(visit, one) for one in chain.below],
    }
    return jsonify({"ok": True, "document": described, "same_symbol": [_link(visit, d) for d in same]})


def _stated(visit: Visit, stated: graph.Stated) -> Json:
    """A document that carries another out, with the sentence that says so."""
    article = stated.article
    return {
        "document": {"slug": stated.document.slug, **_link(visit, stated.document)},
        "sentence": _pieces(stated.sentence),
        "article": {"id": article.key, "title": article.title, "url": visit.links.article(article.key, article.title)},
    }


def stats(visit: Visit, engine: Engine) -> Response:
    """Counts of the live generation."""
    return jsonify({"ok": True, **asdict(engine.stats())})


def health(visit: Visit) -> Response:
    """Whether searches are answered: 200, or 503 with the reason."""
    try:
        engine = visit.site.engine()
        answer = {"ok": True, "status": "ok", "generation": engine.generation, "articles": engine.stats().articles}
        status = 200
    except IndexProblemError as error:
        answer = {"ok": False, "status": "unavailable", "error": type(error).__name__}
        status = 503
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status
    return response


def citations(visit: Visit) -> Response:
    """The citations in a text: the body as text/plain, or {"text": …} as JSON."""
    body = request.get_json(silent=True) if request.is_json else {"text": request.get_data(as_text=True)}
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadQueryError('Hãy gửi văn bản thuần, hoặc JSON {"text": "…"}.', field="text")
    if len(text) > MAX_TEXT_CHARS:
        raise BadQueryError(f"Văn bản dài quá {MAX_TEXT_CHARS} ký tự.", field="text")
    engine = visit.site.engine()
    return jsonify({"ok": True, "citations": [_citation(visit, c, engine) for c in find_citations(text)]})


def suggest(visit: Visit, engine: Engine) -> Response:
    """What the words typed so far may become."""
    found = suggestions(engine, visit.text())
    rows = [{"kind": s.kind, "text": s.text, "url": _target(visit, s), "count": s.count} for s in found]
    return jsonify({"ok": True, "q": visit.text(), "suggestions": rows})


def _target(visit: Visit, suggestion: Suggestion) -> str:
    match suggestion.kind:
        case "document":
            return visit.links.document(suggestion.value)
        case "theme":
            return visit.links.theme(suggestion.value)
        case "title":
            return visit.links.article(suggestion.value, suggestion.text)
        case "phrase":
            return visit.links.results(Query(text=suggestion.value))


def _listed(visit: Visit, engine: Engine, preset: Query) -> Response:
    """A preset query, narrowed and paged by what the URL says."""
    asked = visit.query()
    filters = {**asked.filters, **preset.filters}
    sort = asked.sort if "sap_xep" in request.args else preset.sort
    query = replace(asked, filters=filters, sort=sort)
    return jsonify(results(visit, query, visit.search(engine, query)))


def results(visit: Visit, query: Query, page: Page) -> Json:
    """A page of results in the form of API v1."""
    url = visit.links.api
    return {
        "ok": True,
        "query": {
            "q": query.text,
            "normalized": page.query.text,
            "interpreted": [{"code": notice[0], "values": list(notice[1:])} for notice in page.notices],
            "did_you_mean": [{"q": text, "total": total} for text, total in page.did_you_mean],
        },
        "total": page.total,
        "total_relation": "eq",
        "page": query.page,
        "size": query.size,
        "next_url": _next(visit, query, page),
        "prev_url": url(replace(query, page=query.page - 1)) if query.page > 1 and not query.after else None,
        "took_ms": page.took_ms,
        "generation": page.generation,
        "results": [_hit(visit, hit) for hit in page.hits],
        "documents": [_link(visit, d) for d in page.card.documents] if page.card else [],
        "facets": _facets(visit, query, page),
    }


def _next(visit: Visit, query: Query, page: Page) -> str | None:
    """The next page by its number while pages can be opened, then by cursor."""
    if not query.after and query.page < page.pages:
        return visit.links.api(replace(query, page=query.page + 1))
    if page.next_cursor and (query.after or query.page * query.size < page.total):
        return visit.links.api(replace(query, page=1, after=page.next_cursor))
    return None


def _hit(visit: Visit, hit: Hit) -> Json:
    shown = hit.article
    return {
        "id": shown.key,
        "url": visit.links.article(shown.key, shown.title),
        "title": "".join(piece.text for piece in hit.title),
        "snippet": _pieces(hit.snippet),
        "date": shown.date or None,
        "date_precision": PRECISIONS[len(shown.date)],
        "source": shown.source or None,
        "section": shown.section or None,
        "documents": [_chip(visit, chip) for chip in hit.documents],
        "themes": [{"id": name, "label": label, "url": visit.links.theme(name)} for name, label in hit.themes],
        "why": list(hit.why),
        "score": round(hit.score, 6),
    }


def _pieces(pieces: Iterable[Piece]) -> list[Json]:
    return [{"text": piece.text, "marked": piece.marked} for piece in pieces]


def _chip(visit: Visit, chip: DocumentLink) -> Json:
    return {
        "id": chip.slug,
        "number": chip.symbol,
        "title": chip.title or None,
        "term": chip.term or None,
        "url": visit.links.document(chip.slug),
    }


def _link(visit: Visit, shown: Document) -> Json:
    return _chip(visit, DocumentLink(shown.slug, shown.symbol, shown.symbol, shown.title, shown.term))


def _facets(visit: Visit, query: Query, page: Page) -> Json:
    described: Json = {view.name: _facet(visit, query, view) for view in page.facets}
    date = described.setdefault("date", {"parameter": "nam", "label": visit.say("date"), "values": []})
    limits = [(*span(bucket.date), bucket.count) for bucket in page.timeline]
    date["buckets"] = [{"from": first, "to": last, "count": count} for first, last, count in limits]
    return described


def _facet(visit: Visit, query: Query, view: FacetView) -> Json:
    values = [_value(visit, query, view.name, value) for value in view.values]
    return {"parameter": view.parameter, "label": visit.facet_label(view.name), "values": values}


def _value(visit: Visit, query: Query, facet: str, value: Value) -> Json:
    described: Json = {
        "value": links.parameter(facet, value.value)[1],
        "label": visit.say_value(facet, value),
        "count": value.count,
        "selected": value.selected,
        "toggle_url": visit.links.api(links.toggled(query, facet, value.value)),
    }
    if value.group:
        described["group"] = value.group
    if value.children:
        described["values"] = [_value(visit, query, facet, child) for child in value.children]
    return described


def _article(visit: Visit, shown: Article) -> Json:
    return {
        "id": shown.key,
        "url": visit.links.article(shown.key, shown.title),
        "title": shown.title,
        "text": shown.text,
        "date": shown.date or None,
        "date_precision": PRECISIONS[len(shown.date)],
        "source": shown.source or None,
        "section": shown.section or None,
        "author": shown.author or None,
        "source_url": shown.url or None,
        "type": shown.type or None,
        "number": shown.number or None,
        "issuer": shown.issuer or None,
        "themes": [{"id": t, "label": theme_label(t), "url": visit.links.theme(t)} for t in shown.themes],
        "citations": [_citation(visit, citation) for citation in shown.citations],
    }


def _citation(visit: Visit, citation: Citation, engine: Engine | None = None) -> Json:
    """A citation; without a corpus around it, every document that its key may mean is a candidate."""
    described = citation_as_json(citation)
    described["url"] = visit.links.document(citation.document) if citation.document else None
    if engine is not None:
        described["candidates"] = [_link(visit, d) for d in engine.documents(citation.key)]
    return described


def _document(engine: Engine, name: str) -> Document:
    shown = engine.document(name)
    if shown is None:
        same = engine.documents(name)
        if len(same) != 1:
            missing(name)
        shown = same[0]
    return shown
