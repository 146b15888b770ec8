"""The page of a province or city: its names and periods, its bodies, its documents, its course over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Response

from searchapp.engine import Engine
from searchapp.fields import FACET_NAMES
from searchapp.places import CHANGE, Place, Places
from searchapp.query import STEPS, Query
from searchapp.search import search
from searchapp.web import links
from searchapp.web.pages.timeline import Event, draw
from searchapp.web.request import Visit, missing

BESIDE: Final = 12
"""The number of bodies and documents beside the articles."""


def area(visit: Visit, engine: Engine, name: str) -> Response:
    """Return one place of today or of before, with the articles that its bodies issued or that cite them."""
    places = visit.site.tables.places
    place = places.find(name)
    if place is None or place.id != name:
        missing(name.replace("-", " "))
    gone = bool(place.until) and places.today(place.name) is not place
    query = Query(filters={"area": (place.id,)}, sort="newest", facets=FACET_NAMES, steps=STEPS, fold=True, before=gone)
    page = search(engine, query)
    values = {facet.name: [value for value in facet.values if value.count][:BESIDE] for facet in page.facets}
    documents = values.get("document", [])
    return visit.render(
        "area.html",
        query=Query(),
        place=place,
        periods=list(periods(visit, place, places)),
        page=page,
        timeline=draw(page, query, visit.links, [Event(CHANGE, visit.say("areas.changed"))]),
        issuers=[(v, visit.links.results(links.chosen(query, "issuer", v.value))) for v in values.get("issuer", [])],
        documents=documents,
        known={value.value: engine.document(value.value) for value in documents},
        named=visit.links.results(Query(text=place.name)),
        all_results=visit.links.results(query),
    )


def periods(visit: Visit, place: Place, places: Places) -> Iterator[tuple[str, str]]:
    """Yield the history of a place, line by line, each with the page of the other place or ""."""
    if place.since:
        yield visit.say("area.since", day=visit.date(place.since)), ""
    for other in places.joined(place.name):
        text = visit.say("area.joined", name=other.name, day=visit.date(other.until), act=other.act)
        yield text, visit.links.area(other.id)
    if place.raised:
        yield visit.say("area.raised", day=visit.date(place.raised)), ""
    if place.until:
        yield visit.say("area.until", day=visit.date(place.until), act=place.act), ""
    if place.until and (now := places.today(place.name)) and now is not place:
        yield visit.say("area.now", name=now.name), visit.links.area(now.id)
