"""The JSON API: pages, articles, documents and counts as data with frozen keys; dicts are born here."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, replace
from typing import Any, Final, NoReturn
from urllib.parse import urlencode

from flask import Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from searchapp import graph
from searchapp.article import Article, Document
from searchapp.citations.find import MAX_TEXT_CHARS, citations_from
from searchapp.config import MAX_BODY_BYTES
from searchapp.dates import is_valid
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.fields import FACET_NAMES
from searchapp.meaning.rerank import nearest
from searchapp.outline import label, unpack
from searchapp.query import Query, newest_of_day, newest_of_theme
from searchapp.results import Provision
from searchapp.search import find, gazette, search
from searchapp.search.document_list import document_of
from searchapp.search.related import reprints
from searchapp.search.suggest import Suggestion
from searchapp.search.suggest import suggest as suggestions
from searchapp.web import links
from searchapp.web.data import openapi
from searchapp.web.data.lifecycle_json import lifecycle_json
from searchapp.web.data.openapi import RESULT_FIELDS
from searchapp.web.data.serialize import (
    Json,
    article_json,
    article_link_json,
    asked_json,
    basis_json,
    citation_json,
    document_json,
    facets_json,
    listing_json,
    page_json,
    stated_json,
)
from searchapp.web.pages import article_text
from searchapp.web.request import Visit, missing
from searchapp.web.serving.headers import as_json

RELATED: Final = 10
_MARKED: Final = frozenset(("snippet", "why", "provision", "provisions"))  # the fields that need a search in the texts
KEPT: Final = ("fields", "facets")  # the adjacent pages leave out the same fields as this answer
_MAX_CITATIONS: Final = 5_000  # of one answer; `next` says where to go on
_MAX_CANDIDATES: Final = 12  # documents that one number may mean in an answer
_CITATION_SECONDS: Final = 0.8
"""Processor seconds after which the next request reads the rest of a text."""
_MAX_ANSWER_CHARS: Final = 1_600_000
_ROW_CHARS: Final = 330  # of a citation or a candidate as JSON


def results(visit: Visit, engine: Engine) -> Response:
    """Return the results of a query: `/api/v1/search` and `/tim-kiem.json`."""
    query = replace(_counting(visit.listing()), beyond=True)
    page = search(engine, query, whole=False, marked=_marked())
    visit.count(page)
    return _answered(page_json(visit, query, page))


def document_results(visit: Visit, engine: Engine, name: str) -> Response:
    """Return everything that cites a document."""
    return _listed(visit, engine, Query(filters={"document": (_document(engine, name).slug,)}, sort="newest"))


def day_results(visit: Visit, engine: Engine, iso: str) -> Response:
    """Return the articles of a day or month."""
    if not is_valid(iso):
        missing()
    return _listed(visit, engine, newest_of_day(iso))


def theme_results(visit: Visit, engine: Engine, name: str) -> Response:
    """Return the articles of a theme."""
    return _listed(visit, engine, newest_of_theme(name))


def facets(visit: Visit, engine: Engine) -> Response:
    """Return only the facets of a query."""
    query = _counting(visit.query())
    page = search(engine, replace(query, page=1, after=""), whole=False)
    return as_json({"ok": True, "total": page.total, "facets": facets_json(visit, query, page)})


def article(visit: Visit, engine: Engine, key: str) -> Response:
    """Return one article with its text and citations."""
    shown = _held(engine, key) or missing()
    origins = visit.site.provenance(engine).sources(shown)
    page = 0
    if visit.text() and shown.page_at(len(shown.text)):  # a file without pages has no page of the hit
        asked = find(engine, Query(text=visit.text(), size=1)).question.query.tree
        whole, questions = (0, len(shown.text)), visit.site.tables.questions
        spans = article_text.shown(shown, asked, unpack(shown.outline), whole, questions).spans
        page = shown.page_at(spans[0].start) if spans else 0
    return as_json({"ok": True, "article": article_json(visit, engine, shown, origins, page)})


def _held(engine: Engine, key: str) -> Article | None:
    """Return an article; the first part of a document in several issues of the gazette with all of its text."""
    found = next(iter(engine.articles([key])), None)
    return gazette.whole(engine, found, document_of(engine, found))[0] if found else None


def provision(visit: Visit, engine: Engine, key: str, provision: str) -> Response:
    """Return one provision of an article with all of its text, by its id ("dieu-5-khoan-2")."""
    held = _held(engine, key) or missing()
    node = unpack(held.outline).find(provision) or missing()
    shown = Provision(id=node.id, label=label(held.text, node), article=held)
    text = held.text[node.start : node.end].strip()
    described = {**asked_json(visit, replace(shown, text=text)), "start": node.start, "end": node.end}
    return as_json({"ok": True, "provision": described})


def documents(visit: Visit, engine: Engine) -> Response:
    """Return the list of documents, narrowed as its page is."""
    return _paged(listing_json(visit, *visit.documents(engine)))


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """Return one document, with the names of the others that bear the same symbol."""
    shown = _document(engine, name)
    same = [d for d in engine.documents(shown.symbol) if d.slug != shown.slug]
    chain = graph.chain(engine, shown)
    held = next(iter(engine.articles([shown.article])), None) if shown.article else None
    printed = gazette.parts(engine, shown)
    described = {
        **asdict(shown),
        "url": visit.links.document(shown.slug),
        "signer": (held.signer or None) if held else None,
        "basis": basis_json(visit, engine, held) if held else [],
        "parts": [{"article": one.key, "url": visit.links.article(one.key, one.title)} for one in printed.articles],
        "missing_parts": list(printed.missing),
        "carries_out": [stated_json(visit, one) for one in chain.above],
        "carried_out_by": [stated_json(visit, one) for one in chain.below],
        **lifecycle_json(visit, engine, shown, chain),
    }
    return as_json({"ok": True, "document": described, "same_symbol": [document_json(visit, d) for d in same]})


def article_documents(visit: Visit, engine: Engine, key: str) -> Response:
    """Return the documents that an article cites, in the order of its citations."""
    found = engine.articles([key])
    if not found:
        missing()
    meant = [citation for citation in found[0].citations if citation.document]
    times = Counter(citation.document for citation in meant)
    sure = {slug: max(c.sure for c in meant if c.document == slug) for slug in times}
    known = {slug: document for slug in times if (document := engine.document(slug))}
    rows = [{"document": document_json(visit, known[slug]), "times": times[slug], "sure": sure[slug]} for slug in known]
    return as_json({"ok": True, "documents": rows})


def article_related(visit: Visit, engine: Engine, key: str) -> Response:
    """Return the articles that share most with one, and its reprints."""
    found = engine.articles([key])
    if not found:
        missing()
    lists = {"related": nearest(engine, found[0], RELATED).matches, "reprints": reprints(engine, found[0])}
    named = {name: [article_link_json(visit, match.article) for match in matches] for name, matches in lists.items()}
    return as_json({"ok": True, **named})


def description(visit: Visit, engine: Engine | None) -> Response:
    """Return the OpenAPI document of this API."""
    return as_json(openapi.document(visit.site.settings.title, f"{visit.links.prefix}/api/v1"))


def stats(visit: Visit, engine: Engine) -> Response:
    """Return the counts of the live generation."""
    return as_json({"ok": True, **asdict(engine.stats())})


def allowed() -> list[str]:
    """Return the methods that the requested address answers; `unknown`, which takes them all, is no answer."""
    adapter = current_app.create_url_adapter(request)
    matched = [(method, adapter.match(method=method)[0]) for method in ("GET", "POST")] if adapter else []
    methods = [method for method, endpoint in matched if not endpoint.endswith(".unknown")]
    return [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]


def unknown(rest: str) -> NoReturn:
    """Answer an unknown address below `/api/v1/` with data, also inside of a host, whose own error pages are HTML."""
    if len(methods := allowed()) > 1:
        raise MethodNotAllowed(methods)
    missing()


def citations(visit: Visit) -> Response:
    """Return the citations in a text: the body as text/plain, or {"text": …} as JSON."""
    request.max_content_length = MAX_BODY_BYTES
    body = request.get_json(silent=True) if request.is_json else {"text": request.get_data(as_text=True)}
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadQueryError(
            'Hãy gửi văn bản thuần, hoặc JSON {"text": "…"}.', 'Send plain text, or JSON {"text": "…"}.', field="text"
        )
    if len(text) > MAX_TEXT_CHARS:
        raise BadQueryError(
            f"Văn bản dài quá {MAX_TEXT_CHARS} ký tự.",
            f"The text has more than {MAX_TEXT_CHARS} characters.",
            field="text",
        )
    told, end = _told_citations(visit, visit.site.engine(), text, _offset(body, len(text)))
    rest = {"truncated": True, "next": end} if end < len(text) else {"truncated": False}
    return as_json({"ok": True, "citations": told, **rest})


def _offset(body: object, length: int) -> int:
    """Return where the citations of a text go on: `next` of the answer before, as `offset`."""
    given = body.get("offset", request.args.get("offset", 0)) if isinstance(body, dict) else 0
    if not str(given).isdecimal() or not 0 <= int(given) <= length:
        raise BadQueryError(
            "offset phải là một số từ 0 đến độ dài văn bản.",
            "offset is a number from 0 to the length of the text.",
            field="offset",
        )
    return int(given)


def _told_citations(visit: Visit, engine: Engine, text: str, start: int) -> tuple[list[dict[str, Any]], int]:
    """Return citations from `start` on until the answer is large or slow enough, and where it goes on."""
    candidates: dict[str, list[dict[str, Any]]] = {}
    told: list[dict[str, Any]] = []
    until, end, chars = time.process_time() + _CITATION_SECONDS, start, 0
    for end, found in citations_from(text, start):  # noqa: B007 - where it ends is told
        for one in found:
            if one.key not in candidates:
                same = engine.documents(one.key)[:_MAX_CANDIDATES]
                candidates[one.key] = [document_json(visit, document) for document in same]
            row = {**citation_json(visit, one), "candidates": candidates[one.key]}
            told.append(row)
            chars += len(one.text) + _ROW_CHARS * (1 + len(candidates[one.key]))
            if len(told) >= _MAX_CITATIONS or chars > _MAX_ANSWER_CHARS:
                return told, one.end
        if time.process_time() > until:
            break
    return told, end


def suggest(visit: Visit, engine: Engine) -> Response:
    """Return suggestions for the words typed so far."""
    found = suggestions(engine, visit.text())
    rows = [
        {"kind": s.kind, "text": s.text, "url": _target(visit, s), "count": s.count, "note": _note(visit, engine, s)}
        for s in found
    ]
    return as_json({"ok": True, "q": visit.text(), "suggestions": rows})


def _note(visit: Visit, engine: Engine, suggestion: Suggestion) -> str | None:
    """Return issuer and time of a document, number, source and day of an article: several may have one name."""
    if suggestion.kind == "title":
        found = engine.articles([suggestion.value])
        facts = [(one.number, one.source, visit.date(one.date) if one.date else "") for one in found]
        return " · ".join(filter(None, facts[0])) or None if facts else None
    known = engine.document(suggestion.value) if suggestion.kind == "document" else None
    return (visit.document_line(known) or None) if known else None


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
    """Return a preset query, narrowed and paged by the URL."""
    asked = visit.query()
    filters = {**asked.filters, **preset.filters}
    sort = asked.sort if "sap_xep" in request.args else preset.sort
    query = _counting(replace(asked, filters=filters, sort=sort))
    return _answered(page_json(visit, query, search(engine, query, whole=False, marked=_marked())))


def _counting(query: Query) -> Query:
    """Return the query with only the facets that `facets=` names; the bars of the timeline belong to "date"."""
    named = links.read_names(request.args.items(multi=True), "facets", (*FACET_NAMES, links.NO_FACETS))
    names = tuple(name for name in FACET_NAMES if name in named or not named)
    return replace(query, facets=names, steps=query.steps if "date" in names else ())


def _marked() -> bool:
    """Tell whether the results show anything that needs a search in their texts."""
    wanted = links.read_names(request.args.items(multi=True), "fields", RESULT_FIELDS)
    return not wanted or not _MARKED.isdisjoint(wanted)


def _answered(described: Json) -> Response:
    """Return a page of results, of each only the keys that `fields=` names; the adjacent pages use the same keys."""
    if wanted := links.read_names(request.args.items(multi=True), "fields", RESULT_FIELDS):
        described["results"] = [{name: hit[name] for name in wanted} for hit in described["results"]]
    kept = urlencode([(name, request.args[name]) for name in KEPT if request.args.get(name)], safe=",")
    for name in ("next_url", "prev_url") if kept else ():
        if url := described[name]:
            described[name] = f"{url}{'&' if '?' in url else '?'}{kept}"
    return _paged(described)


def _paged(described: Json) -> Response:
    """Return the answer with the adjacent pages as Link headers (RFC 8288)."""
    response = as_json(described)
    for relation in ("next", "prev"):
        if url := described[f"{relation}_url"]:
            response.headers.add("Link", f'<{url}>; rel="{relation}"')
    return response


def _document(engine: Engine, name: str) -> Document:
    shown = engine.document(name)
    if shown is None:
        same = engine.documents(name)
        if len(same) != 1:
            missing(name)
        shown = same[0]
    return shown
