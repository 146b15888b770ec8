"""Feeds of any query, document, theme or day, the newest articles first (Atom, JSON Feed); calendars of documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from xml.etree import ElementTree

from flask import Response, make_response
from icalendar import Calendar, Event

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import Edge
from searchapp.dates import is_valid, span
from searchapp.engine import Engine
from searchapp.query import Query, newest_of_day, newest_of_theme
from searchapp.results import Hit, Page
from searchapp.search import search
from searchapp.search.standing import events
from searchapp.web.pages.lifecycle import Told, provisions, tell
from searchapp.web.request import Visit, missing
from searchapp.web.serving.headers import as_json

ATOM: Final = "http://www.w3.org/2005/Atom"
_ENTRIES: Final = 50
_DAYS: Final = 366
"""The newest days that a calendar lists."""
_A_DAY: Final = len("2021-09-15")
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
    return _Subject(newest_of_theme(name), visit.theme_label(name), link(name), lambda form: link(name, form))


def _of_day(visit: Visit, iso: str) -> _Subject:
    if not is_valid(iso):
        missing()
    title = visit.say("day.title", date=visit.date(iso))
    return _Subject(newest_of_day(iso), title, visit.links.day(iso), lambda form: visit.links.day(iso, form))


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
        "date_published": _moment(shown.date) if shown.date else "",
        "authors": [{"name": author}] if author else [],
        "tags": [label for _, label in hit.themes],
    }
    return {name: value for name, value in item.items() if value or name == "content_text"}


def _atom(visit: Visit, page: Page, title: str, page_url: str, feed_url: str) -> bytes:
    newest = max((hit.article.date for hit in page.hits), default="")
    feed = _begun(visit, title, page_url, feed_url, newest)
    for hit in page.hits:
        _entry(visit, feed, hit, visit.site.settings.public_base_url.rstrip("/"))
    return _written(feed)


def _begun(visit: Visit, title: str, page_url: str, feed_url: str, newest: str) -> ElementTree.Element:
    """Return a feed without entries. newest: the day of its newest entry."""
    base = visit.site.settings.public_base_url.rstrip("/")
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _add(feed, "id", base + feed_url if base else f"urn:searchapp:{feed_url}")
    said = ElementTree.SubElement(feed, "title", {} if visit.lang == "vi" else {"xml:lang": visit.lang})
    said.text = _clean(title)  # ours, in the visitor's language; the entries are the archive's
    _add(feed, "updated", _moment(newest))
    _add(feed, "author/name", visit.site.settings.title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": base + feed_url})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": base + page_url})
    return feed


def _written(feed: ElementTree.Element) -> bytes:
    """Return a feed as it is sent."""
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
    """Add an element with a text, or several elements inside each other."""
    for tag in path.split("/"):
        parent = ElementTree.SubElement(parent, tag)
    parent.text = _clean(text)


def _moment(date: str) -> str:
    """Return a moment for Atom; an undated article gets the epoch, so that it is never new."""
    return f"{span(date)[0] if date else '1970-01-01'}T00:00:00+07:00"


def _clean(text: str) -> str:
    """Remove the control characters that XML cannot hold; a saved page may be full of them."""
    return _NOT_XML.sub("", text)


def document_calendar(visit: Visit, engine: Engine, name: str) -> Response:
    """Return `/van-ban/….ics`: one all-day event a day, with the number of articles and their address (RFC 5545)."""
    shown = engine.document(name)
    if shown is None:
        missing(name)
    label = visit.short_name(shown)
    calendar = Calendar()
    calendar.add("prodid", "-//searchapp//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", label)
    calendar.add("refresh-interval;value=duration", "P1D")
    counts = engine.search(Query(filters={"document": (shown.slug,)}, size=1, steps=("day",))).steps.get("day", ())
    for day, count in [row for row in counts if len(row[0]) == _A_DAY][-_DAYS:]:
        calendar.add_component(_event(visit, shown.slug, label, day, count))
    for edge in events(visit.site.standing(engine), shown.slug):
        if len(edge.day) == _A_DAY:
            calendar.add_component(_change(visit, engine, shown, edge))
    response = make_response(calendar.to_ical())
    response.mimetype = "text/calendar"
    return response


def _change(visit: Visit, engine: Engine, shown: Document, edge: Edge) -> Event:
    """Return the event of a day on which a document comes into force, is changed or ends."""
    when = date.fromisoformat(edge.day)
    by = engine.document(edge.doer)
    event = Event()
    event.add("uid", f"{_key(edge)}@searchapp")
    event.add("dtstamp", datetime(when.year, when.month, when.day, tzinfo=UTC))
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))
    event.add("summary", f"{visit.short_name(shown)}: {_said(visit, edge, by, shown)}")
    event.add("url", visit.base() + visit.links.document(shown.slug))
    event.add("transp", "TRANSPARENT")
    return event


def _said(visit: Visit, edge: Edge, by: Document | None, shown: Document) -> str:
    """Say what happened, by which document, and to which provisions."""
    key = {cues.IN_FORCE: "history.begins", cues.STAYS: "status.con"}.get(edge.kind, f"relation.in.{edge.kind}")
    other = f" {visit.short_name(by)}" if by and by.slug != shown.slug else ""
    part = (provisions(edge.part) or visit.say("relation.part")) if edge.part else ""
    return f"{visit.say(key)}{other}{f' ({part})' if part else ''}"


def _key(edge: Edge) -> str:
    """Return the permanent name of an event: no reader shows it twice."""
    return f"{edge.day}.{edge.kind}.{edge.doer.replace('/', '.')}.{edge.target.replace('/', '.')}"


def document_changes(visit: Visit, engine: Engine, name: str) -> Response:
    """Return `/van-ban/…/hieu-luc.atom`: what happened to a document, the newest first, each with its sentence."""
    shown = engine.document(name)
    if shown is None:
        missing(name)
    page = visit.links.document(shown.slug)
    told = tell(engine, shown, events(visit.site.standing(engine), shown.slug))
    told = sorted(told, key=lambda one: one.edge.day, reverse=True)[:_ENTRIES]
    title = f"{visit.short_name(shown)}: {visit.say('history')}"
    feed = _begun(visit, title, page, f"{page}/hieu-luc.atom", told[0].edge.day if told else "")
    for one in told:
        _change_entry(visit, feed, shown, one)
    response = make_response(_written(feed))
    response.mimetype = "application/atom+xml"
    return response


def _change_entry(visit: Visit, feed: ElementTree.Element, shown: Document, one: Told) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", f"urn:searchapp:event:{_key(one.edge)}:{'.'.join(one.edge.part)}")
    _add(entry, "title", f"{visit.short_name(shown)}: {_said(visit, one.edge, one.document, shown)}")
    _add(entry, "updated", _moment(one.edge.day))
    _add(entry, "author/name", visit.site.settings.title)
    href = visit.base() + visit.links.document(one.edge.doer)
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": href})
    ElementTree.SubElement(entry, "category", {"term": one.edge.kind})
    _add(entry, "summary", "".join(piece.text for piece in one.sentence) or one.edge.source)


def _event(visit: Visit, slug: str, label: str, day: str, count: int) -> Event:
    when = date.fromisoformat(day)
    found = Query(filters={"document": (slug,), "date": (day,)})
    event = Event()
    event.add("uid", f"{day}.{slug.replace('/', '.')}@searchapp")  # stays, so that a calendar does not double it
    event.add("dtstamp", datetime(when.year, when.month, when.day, tzinfo=UTC))
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))
    event.add("summary", visit.say("calendar.event", n=count, document=label))
    event.add("url", visit.base() + visit.links.results(found))
    event.add("transp", "TRANSPARENT")
    return event
