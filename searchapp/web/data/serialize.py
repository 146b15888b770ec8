"""Write results, articles, citations and facets as API v1's JSON: the only module that writes its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from searchapp import graph
from searchapp.article import Article, Citation, Document, Recognition
from searchapp.dates import span
from searchapp.engine import Engine
from searchapp.export import citation_as_json
from searchapp.fields import REPRINT
from searchapp.outline import title, unpack
from searchapp.query import Query
from searchapp.report import Origin
from searchapp.results import DocumentLink, FacetView, Hit, Page, Piece, Provision, Value
from searchapp.search.document_list import SIZE, Listing
from searchapp.web import links
from searchapp.web.data.originals import Original, original, pictures
from searchapp.web.pages.article_text import MEDIA, safe_url
from searchapp.web.pages.stretches import bases
from searchapp.web.request import Visit

Json = dict[str, Any]
Link = Callable[[Query], str]

PRECISIONS: Final = {10: "day", 7: "month", 4: "year", 0: "unknown"}


def _notice(visit: Visit, code: str, values: list[str]) -> Json:
    key = f"notice.{code}"
    return {"code": code, "values": values, "text": visit.say(key, *values) if visit.knows(key) else ""}


def page_json(visit: Visit, query: Query, page: Page) -> Json:
    """Return a page of results in the form of API v1."""
    url = visit.links.api
    return {
        "ok": True,
        "query": {
            "q": query.text,
            "normalized": page.query.text,
            "interpreted": [_notice(visit, code, values) for code, *values in page.notices],
            "accented": [{"text": way.text, "q": way.query, "total": way.total} for way in page.accented],
            "did_you_mean": [{"q": text, "total": total} for text, total in page.did_you_mean],
        },
        "total": page.total,
        "total_relation": "eq",
        "folded": page.folded,
        "step": page.step,
        "step_counts": [{"step": step, "total": total} for step, total in page.step_counts],
        "page": query.page,
        "size": query.size,
        "next_url": _next(visit, query, page),
        "prev_url": url(replace(query, page=query.page - 1)) if query.page > 1 and not query.after else None,
        "took_ms": page.took_ms,
        "generation": page.generation,
        "results": [_hit_json(visit, query, hit) for hit in page.hits],
        "beyond": [_hit_json(visit, query, hit) for hit in page.rest],
        "documents": [document_json(visit, d) for d in page.card.documents] if page.card else [],
        "provision": asked_json(visit, page.provision) if page.provision else None,
        "facets": facets_json(visit, query, page),
    }


def _next(visit: Visit, query: Query, page: Page) -> str | None:
    """Return the next page by its number while pages can be opened, then by cursor."""
    if not query.after and query.page < page.pages:
        return visit.links.api(replace(query, page=query.page + 1))
    if page.next_cursor and (query.after or query.page * query.size < page.total - page.folded):
        return visit.links.api(replace(query, page=1, after=page.next_cursor))
    return None


def _hit_json(visit: Visit, query: Query, hit: Hit) -> Json:
    """Return one result of a query."""
    shown = hit.article
    return {
        "id": shown.key,
        "url": visit.links.article(shown.key, shown.title),
        "title": "".join(piece.text for piece in hit.title),
        "snippet": pieces_json(hit.snippet),
        "date": shown.date or None,
        "date_precision": PRECISIONS[len(shown.date)],
        "source": shown.source or None,
        "section": shown.section or None,
        "documents": [_chip_json(visit, chip) for chip in hit.documents],
        "themes": [
            {"id": name, "label": visit.name(label), "url": visit.links.theme(name)} for name, label in hit.themes
        ],
        "why": list(hit.why),
        "provisions": [_provision_json(visit, one) for one in hit.provisions],
        "provision": _provision_json(visit, hit.provisions[0]) if hit.provisions else None,
        "score": round(hit.score, 6),
        "reprints": hit.reprints,
        "reprints_url": visit.links.api(links.chosen(query, REPRINT, shown.key)) if hit.reprints else None,
    }


def pieces_json(pieces: Iterable[Piece]) -> list[Json]:
    """Return a snippet or a sentence: text in pieces, never markup."""
    return [{"text": piece.text, "marked": piece.marked} for piece in pieces]


def _chip_json(visit: Visit, chip: DocumentLink) -> Json:
    """Return a document as results name it."""
    return {
        "id": chip.slug,
        "number": chip.symbol,
        "title": chip.title or None,
        "term": chip.term or None,
        "url": visit.links.document(chip.slug),
    }


def document_json(visit: Visit, shown: Document) -> Json:
    """Return a document as others name it."""
    return _chip_json(visit, DocumentLink(shown.slug, shown.symbol, shown.symbol, shown.title, shown.term))


def facets_json(visit: Visit, query: Query, page: Page) -> Json:
    """Return every requested facet with its values, and the bars of the timeline under "date"."""
    described: Json = {view.name: _facet(visit, query, view, visit.links.api) for view in page.facets}
    if "date" not in query.facets:
        return described
    date = described.setdefault("date", {"parameter": "nam", "label": visit.say("date"), "values": []})
    limits = [(*span(bucket.date), bucket.count) for bucket in page.timeline]
    date["buckets"] = [{"from": first, "to": last, "count": count} for first, last, count in limits]
    return described


def listing_json(visit: Visit, query: Query, listing: Listing) -> Json:
    """Return a page of the list of documents."""

    def url(asked: Query) -> str:
        return visit.links.page("/api/v1/documents", links.parameters(asked))

    return {
        "ok": True,
        "total": listing.total,
        "page": query.page,
        "size": SIZE,
        "next_url": url(replace(query, page=query.page + 1)) if query.page < listing.pages else None,
        "prev_url": url(replace(query, page=query.page - 1)) if query.page > 1 else None,
        "documents": [
            {
                **document_json(visit, row.document),
                "type": row.document.type or None,
                "issuer": row.document.issuer or None,
                "date": row.document.date or None,
                "articles": row.count,
            }
            for row in listing.rows
        ],
        "facets": {view.name: _facet(visit, query, view, url) for view in listing.facets},
    }


def _facet(visit: Visit, query: Query, view: FacetView, url: Link) -> Json:
    toggler = links.Toggler(url, query, view.name)
    if view.name == "date":
        values = [_date(visit, value, toggler) for value in view.values]
    else:
        urls = toggler.urls([value.value for value in view.values])
        vi = visit.lang == "vi"  # the names of values are Vietnamese already
        values = [
            _value(one.value, one.label if vi else visit.say_value(view.name, one), one, url)
            for one, url in zip(view.values, urls, strict=True)
        ]
    return {"parameter": view.parameter, "label": visit.facet_label(view.name), "values": values}


def _date(visit: Visit, value: Value, toggler: links.Toggler) -> Json:
    """Return a year, month or day with the dates inside it."""
    written, said = links.parameter("date", value.value)[1], visit.say_value("date", value)
    described = _value(written, said, value, toggler.url(value.value))
    if value.children:
        described["values"] = [_date(visit, child, toggler) for child in value.children]
    return described


def _value(written: str, label: str, value: Value, url: str) -> Json:
    described: Json = {
        "value": written,
        "label": label,
        "count": value.count,
        "selected": value.selected,
        "toggle_url": url,
    }
    if value.group:
        described["group"] = value.group
    return described


def article_link_json(visit: Visit, shown: Article) -> Json:
    """Return an article as others name it."""
    return {
        "id": shown.key,
        "url": visit.links.article(shown.key, shown.title),
        "title": shown.title,
        "date": shown.date or None,
        "source": shown.source or None,
    }


def article_json(visit: Visit, engine: Engine, shown: Article, origins: Iterable[Origin], page: int = 0) -> Json:
    """Return an article with its text, its citations and all its places. page: of the hit in its file, 0: unknown."""
    file = original(visit, engine, shown)
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
        "sources": [{"kind": one.kind, "path": one.path, "seen": one.seen or None} for one in origins],
        "type": shown.type or None,
        "number": shown.number or None,
        "issuer": shown.issuer or None,
        "signer": shown.signer or None,
        "basis": basis_json(visit, engine, shown),
        "themes": [{"id": t, "label": visit.theme_label(t), "url": visit.links.theme(t)} for t in shown.themes],
        "citations": [citation_json(visit, citation) for citation in shown.citations],
        "outline": _outline_json(shown),
        "original": _original_json(file, page),
        **_beside_json(shown, pictures(visit, shown, file)),
        "ocr": _ocr_json(shown.ocr) if shown.ocr else None,
    }


def _ocr_json(found: Recognition) -> Json:
    """Return the reliability of a text that OCR read, and the places of its lines on their pages."""
    return {
        "confidence": found.confidence,
        "pages": found.pages,
        "doubtful": [{"start": start, "end": end} for start, end in found.doubtful],
        "mended": [{"start": start, "end": end, "read": read} for start, end, read in found.mended],
        "lines": [{"start": start, "page": page, "box": box} for start, page, *box in found.lines],
    }


def _provision_json(visit: Visit, one: Provision) -> Json:
    """Return a provision of an article by its id, with its heading."""
    return {"id": one.id, "label": one.label, "url": visit.place(one.article, one.id)}


def asked_json(visit: Visit, one: Provision) -> Json:
    """Return the provision that a query asks for; id, text and exact say whether the text has it."""
    url = visit.place(one.article, one.id) if one.id else visit.links.article(one.article.key, one.article.title)
    node = unpack(one.article.outline).find(one.id) if one.id else None
    page = one.article.page_at(node.start) if node else 0
    link = article_link_json(visit, one.article)
    said = {"id": one.id or None, "label": one.label, "url": url, "article": link, "text": one.text}
    return {**said, "exact": one.exact, "page": page or None}


def _beside_json(shown: Article, inside: Mapping[str, tuple[str, int, int]]) -> Json:
    """Return what the source has beside its words: beginnings of pages, footnotes, pictures and films, with places."""
    marks = shown.marks
    return {
        "pages": [{"page": int(mark.label), "start": mark.at} for mark in marks if mark.kind == "page"],
        "notes": [{"start": mark.at, "sign": mark.label, "note": mark.to} for mark in marks if mark.kind == "note"],
        "media": [
            {"start": mark.at, "kind": mark.kind, "url": url, "caption": mark.label or None}
            for mark in marks
            if mark.kind in MEDIA and (url := inside[mark.url][0] if mark.url in inside else safe_url(mark.url))
        ],
    }


def _original_json(file: Original | None, page: int) -> Json | None:
    """Return the file of an article; page: the page of a hit in the file, null where nobody knows it."""
    if file is None:
        return None
    facts = {"name": file.name, "bytes": file.bytes, "type": file.type, "url": file.url, "page": page or None}
    return {**facts, "sha256": file.sha256, "date": file.day}


def _outline_json(article: Article) -> list[Json]:
    """Return the tree of a text; parent: an id, null at the top."""
    nodes = unpack(article.outline).nodes
    return [
        {
            "id": node.id,
            "kind": node.kind,
            "number": node.number or None,
            "title": title(article.text, node) or None,
            "start": node.start,
            "end": node.end,
            "parent": nodes[node.parent].id if node.parent >= 0 else None,
        }
        for node in nodes
    ]


def basis_json(visit: Visit, engine: Engine, shown: Article) -> list[Json]:
    """Return the legal basis of a document, each part with the documents that it names."""
    rows = []
    for said, found in zip(shown.basis, bases(shown), strict=True):
        slugs = dict.fromkeys(run.citation.document for run in found if run.citation and run.citation.document)
        known = [document_json(visit, document) for slug in slugs if (document := engine.document(slug))]
        rows.append({"text": said, "documents": known})
    return rows


def citation_json(visit: Visit, citation: Citation) -> Json:
    """Return a citation with the address of its document."""
    described = citation_as_json(citation)
    described["url"] = visit.links.document(citation.document) if citation.document else None
    return described


def stated_json(visit: Visit, stated: graph.Stated) -> Json:
    """Return a document that carries another out, with the sentence that says so."""
    article = stated.article
    return {
        "document": {"slug": stated.document.slug, **document_json(visit, stated.document)},
        "sentence": pieces_json(stated.sentence),
        "article": {"id": article.key, "title": article.title, "url": visit.links.article(article.key, article.title)},
    }
