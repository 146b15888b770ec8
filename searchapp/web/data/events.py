"""What happens to a document and when, for those who follow it: its calendar, and a feed of its validity."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from xml.etree import ElementTree

from flask import Response, make_response
from icalendar import Calendar, Event

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import Edge
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.search.standing import events
from searchapp.web.data.discovery import base
from searchapp.web.data.feeds import add, begun, moment, written
from searchapp.web.pages.lifecycle import Told, provisions, tell
from searchapp.web.request import Visit, missing

_DAYS: Final = 366
"""The newest days that a calendar lists."""
_ENTRIES: Final = 50
_A_DAY: Final = len("2021-09-15")


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
    event.add("url", base(visit) + visit.links.document(shown.slug))
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
    feed = begun(visit, title, page, f"{page}/hieu-luc.atom", told[0].edge.day if told else "")
    for one in told:
        _entry(visit, feed, shown, one)
    response = make_response(written(feed))
    response.mimetype = "application/atom+xml"
    return response


def _entry(visit: Visit, feed: ElementTree.Element, shown: Document, one: Told) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    add(entry, "id", f"urn:searchapp:event:{_key(one.edge)}:{'.'.join(one.edge.part)}")
    add(entry, "title", f"{visit.short_name(shown)}: {_said(visit, one.edge, one.document, shown)}")
    add(entry, "updated", moment(one.edge.day))
    add(entry, "author/name", visit.site.settings.title)
    href = base(visit) + visit.links.document(one.edge.doer)
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": href})
    ElementTree.SubElement(entry, "category", {"term": one.edge.kind})
    add(entry, "summary", "".join(piece.text for piece in one.sentence) or one.edge.source)


def _event(visit: Visit, slug: str, label: str, day: str, count: int) -> Event:
    when = date.fromisoformat(day)
    found = Query(filters={"document": (slug,), "date": (day,)})
    event = Event()
    event.add("uid", f"{day}.{slug.replace('/', '.')}@searchapp")  # stays, so that a calendar does not double it
    event.add("dtstamp", datetime(when.year, when.month, when.day, tzinfo=UTC))
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))
    event.add("summary", visit.say("calendar.event", n=count, document=label))
    event.add("url", base(visit) + visit.links.results(found))
    event.add("transp", "TRANSPARENT")
    return event
