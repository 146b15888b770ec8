"""Atom feeds of any query, document, theme or day: the newest articles first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree

from flask import Response, make_response

from searchapp.dates import is_valid, span
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.results import Hit, Page
from searchapp.web import archive
from searchapp.web.visit import Visit, missing

ATOM: Final = "http://www.w3.org/2005/Atom"
ENTRIES: Final = 50
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def search(visit: Visit, engine: Engine) -> Response:
    """The newest results of a query."""
    query = visit.query()
    title = visit.say("results.feed", q=query.text) if query.text else visit.site.settings.title
    return _feed(visit, engine, query, title, visit.links.results(query), visit.links.results(query, "atom"))


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """The newest articles that cite a document."""
    shown = engine.document(name)
    if shown is None:
        missing(name)
    query = Query(filters={"document": (shown.slug,)})
    page, feed = visit.links.document(shown.slug), visit.links.document(shown.slug, "atom")
    return _feed(visit, engine, query, shown.symbol, page, feed)


def theme(visit: Visit, engine: Engine, name: str) -> Response:
    """The newest articles of a theme."""
    page = archive.theme_query(name)
    return _feed(visit, engine, page, name, visit.links.theme(name), visit.links.theme(name, "atom"))


def day(visit: Visit, engine: Engine, iso: str) -> Response:
    """The articles of a day or month."""
    if not is_valid(iso):
        missing()
    title = visit.say("day.title", date=visit.date(iso))
    return _feed(visit, engine, archive.day_query(iso), title, visit.links.day(iso), visit.links.day(iso, "atom"))


def _feed(visit: Visit, engine: Engine, query: Query, title: str, page_url: str, feed_url: str) -> Response:
    wanted = replace(query, sort="newest", size=ENTRIES, page=1, after="", facets=("theme",), steps=("year",))
    page = visit.search(engine, wanted)
    response = make_response(_atom(visit, page, title, page_url, feed_url))
    response.mimetype = "application/atom+xml"
    return response


def _atom(visit: Visit, page: Page, title: str, page_url: str, feed_url: str) -> bytes:
    base = visit.site.settings.public_base_url.rstrip("/")
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _add(feed, "id", base + feed_url if base else f"urn:searchapp:{feed_url}")
    _add(feed, "title", title)
    _add(feed, "updated", _moment(max((hit.article.date for hit in page.hits), default="")))
    _add(feed, "author/name", visit.site.settings.title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": base + feed_url})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": base + page_url})
    for hit in page.hits:
        _entry(visit, feed, hit, base)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(visit: Visit, feed: ElementTree.Element, hit: Hit, base: str) -> None:
    shown = hit.article
    url = visit.links.article(shown.key, shown.title)
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", f"urn:searchapp:article:{shown.key}")  # stays when a title or the host changes
    _add(entry, "title", "".join(piece.text for piece in hit.title))
    _add(entry, "updated", _moment(shown.date))
    if shown.date:
        _add(entry, "published", _moment(shown.date))
    _add(entry, "author/name", shown.author or shown.source or visit.site.settings.title)
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": base + url})
    for name, label in hit.themes:
        ElementTree.SubElement(entry, "category", {"term": name, "label": label})
    _add(entry, "summary", "".join(piece.text for piece in hit.snippet))


def _add(parent: ElementTree.Element, path: str, text: str) -> None:
    for tag in path.split("/"):
        parent = ElementTree.SubElement(parent, tag)
    parent.text = _NOT_XML.sub("", text)


def _moment(date: str) -> str:
    """Atom wants a moment; an undated article gets the epoch, so that it is never new."""
    return f"{span(date)[0] if date else '1970-01-01'}T00:00:00+07:00"
