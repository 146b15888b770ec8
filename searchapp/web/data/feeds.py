"""Feeds of any query, document, theme or day, the newest articles first: Atom and JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree

from flask import Response, make_response

from searchapp.dates import is_valid, span
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.results import Hit, Page
from searchapp.search import search
from searchapp.web.pages import articles
from searchapp.web.request import Visit, missing
from searchapp.web.serving.headers import as_json

ATOM: Final = "http://www.w3.org/2005/Atom"
_ENTRIES: Final = 50
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a feed: its query, its title, its page, and the address of the feed in each form."""

    query: Query
    title: str
    page: str
    feed: Callable[[str], str]


def results(visit: Visit, engine: Engine) -> Response:
    """Return the newest results of a query, as Atom."""
    return _atom_feed(visit, engine, _of_query(visit))


def search_json(visit: Visit, engine: Engine) -> Response:
    """Return the newest results of a query, as JSON Feed."""
    return _json_feed(visit, engine, _of_query(visit))


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """Return the newest articles that cite a document, as Atom."""
    return _atom_feed(visit, engine, _of_document(visit, engine, name))


def document_json(visit: Visit, engine: Engine, name: str) -> Response:
    """Return the newest articles that cite a document, as JSON Feed."""
    return _json_feed(visit, engine, _of_document(visit, engine, name))


def theme(visit: Visit, engine: Engine, name: str) -> Response:
    """Return the newest articles of a theme, as Atom."""
    return _atom_feed(visit, engine, _of_theme(visit, engine, name))


def theme_json(visit: Visit, engine: Engine, name: str) -> Response:
    """Return the newest articles of a theme, as JSON Feed."""
    return _json_feed(visit, engine, _of_theme(visit, engine, name))


def day(visit: Visit, engine: Engine, iso: str) -> Response:
    """Return the articles of a day or month, as Atom."""
    return _atom_feed(visit, engine, _of_day(visit, iso))


def day_json(visit: Visit, engine: Engine, iso: str) -> Response:
    """Return the articles of a day or month, as JSON Feed."""
    return _json_feed(visit, engine, _of_day(visit, iso))


def _of_query(visit: Visit) -> _Subject:
    query = visit.query()  # every article, also reprints: a feed never takes an entry back
    title = visit.say("results.feed", q=query.text) if query.text else visit.site.settings.title
    return _Subject(query, title, visit.links.results(query), lambda form: visit.links.results(query, form))


def _of_document(visit: Visit, engine: Engine, name: str) -> _Subject:
    shown = engine.document(name)
    if shown is None:
        missing(name)
    query = Query(filters={"document": (shown.slug,)})
    link = visit.links.document
    return _Subject(query, visit.short_name(shown), link(shown.slug), lambda form: link(shown.slug, form))


def _of_theme(visit: Visit, engine: Engine, name: str) -> _Subject:
    if not engine.search(Query(filters={"theme": (name,)}, size=1)).total:
        missing(name.replace("-", " "))
    link = visit.links.theme
    return _Subject(articles.theme_query(name), visit.theme_label(name), link(name), lambda form: link(name, form))


def _of_day(visit: Visit, iso: str) -> _Subject:
    if not is_valid(iso):
        missing()
    title = visit.say("day.title", date=visit.date(iso))
    return _Subject(articles.day_query(iso), title, visit.links.day(iso), lambda form: visit.links.day(iso, form))


def _newest(visit: Visit, engine: Engine, query: Query) -> Page:
    wanted = replace(query, sort="newest", size=_ENTRIES, page=1, after="", facets=(), steps=())
    return search(engine, wanted, whole=False)


def _atom_feed(visit: Visit, engine: Engine, about: _Subject) -> Response:
    page = _newest(visit, engine, about.query)
    response = make_response(_atom(visit, page, about.title, about.page, about.feed("atom")))
    response.mimetype = "application/atom+xml"
    return response


def _json_feed(visit: Visit, engine: Engine, about: _Subject) -> Response:
    """Return JSON Feed 1.1 (jsonfeed.org); ids are those of the Atom feed."""
    base = visit.site.settings.public_base_url.rstrip("/")
    response = as_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _clean(about.title),
            "home_page_url": base + about.page,
            "feed_url": base + about.feed("feed.json"),
            "language": "vi",
            "items": [_item(visit, hit, base) for hit in _newest(visit, engine, about.query).hits],
        }
    )
    response.mimetype = "application/feed+json"
    return response


def _item(visit: Visit, hit: Hit, base: str) -> dict[str, object]:
    shown = hit.article
    author = shown.author or shown.source
    item = {
        "id": f"urn:searchapp:article:{shown.key}",
        "url": base + visit.links.article(shown.key, shown.title),
        "external_url": shown.url,
        "title": _clean("".join(piece.text for piece in hit.title)),
        "content_text": _clean("".join(piece.text for piece in hit.snippet)),
        "date_published": moment(shown.date) if shown.date else "",
        "authors": [{"name": author}] if author else [],
        "tags": [label for _, label in hit.themes],
    }
    return {name: value for name, value in item.items() if value or name == "content_text"}


def _atom(visit: Visit, page: Page, title: str, page_url: str, feed_url: str) -> bytes:
    newest = max((hit.article.date for hit in page.hits), default="")
    feed = begun(visit, title, page_url, feed_url, newest)
    for hit in page.hits:
        _entry(visit, feed, hit, visit.site.settings.public_base_url.rstrip("/"))
    return written(feed)


def begun(visit: Visit, title: str, page_url: str, feed_url: str, newest: str) -> ElementTree.Element:
    """Return a feed without entries. newest: the day of its newest entry."""
    base = visit.site.settings.public_base_url.rstrip("/")
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    add(feed, "id", base + feed_url if base else f"urn:searchapp:{feed_url}")
    add(feed, "title", title)
    add(feed, "updated", moment(newest))
    add(feed, "author/name", visit.site.settings.title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": base + feed_url})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": base + page_url})
    return feed


def written(feed: ElementTree.Element) -> bytes:
    """Return a feed as it is sent."""
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(visit: Visit, feed: ElementTree.Element, hit: Hit, base: str) -> None:
    shown = hit.article
    url = visit.links.article(shown.key, shown.title)
    entry = ElementTree.SubElement(feed, "entry")
    add(entry, "id", f"urn:searchapp:article:{shown.key}")  # stays when a title or the host changes
    add(entry, "title", "".join(piece.text for piece in hit.title))
    add(entry, "updated", moment(shown.date))
    if shown.date:
        add(entry, "published", moment(shown.date))
    add(entry, "author/name", shown.author or shown.source or visit.site.settings.title)
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": base + url})
    for name, label in hit.themes:
        ElementTree.SubElement(entry, "category", {"term": name, "label": label})
    add(entry, "summary", "".join(piece.text for piece in hit.snippet))


def add(parent: ElementTree.Element, path: str, text: str) -> None:
    """Add an element with a text, or several elements inside each other."""
    for tag in path.split("/"):
        parent = ElementTree.SubElement(parent, tag)
    parent.text = _clean(text)


def moment(date: str) -> str:
    """Return a moment for Atom; an undated article gets the epoch, so that it is never new."""
    return f"{span(date)[0] if date else '1970-01-01'}T00:00:00+07:00"


def _clean(text: str) -> str:
    """Remove the control characters that XML cannot hold; a saved page may be full of them."""
    return _NOT_XML.sub("", text)
