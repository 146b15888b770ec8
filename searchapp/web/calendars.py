"""iCalendar: the days on which articles cite a document, for calendars that subscribe to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from flask import Response, make_response
from icalendar import Calendar, Event

from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.web.discovery import base
from searchapp.web.visit import Visit, missing

DAYS: Final = 366
"""The newest days that a calendar lists."""
_A_DAY: Final = len("2021-09-15")


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """`/van-ban/….ics`: one all-day event a day, with the number of articles and the way to them (RFC 5545)."""
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
    for day, count in [row for row in counts if len(row[0]) == _A_DAY][-DAYS:]:
        calendar.add_component(_event(visit, shown.slug, label, day, count))
    response = make_response(calendar.to_ical())
    response.mimetype = "text/calendar"
    return response


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
