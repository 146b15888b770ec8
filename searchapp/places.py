"""Places with a history: provinces and cities of today and of before, their mergers, and the days."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from searchapp.text.abbreviations import CITY_KEY, city_length
from searchapp.text.normalize import fold, normalize, slug
from searchapp.text.syllables import TPHCM, pieces
from searchapp.text.tokens import keys_of

CHANGE: Final = "2025-07-01"
"""The day on which 63 provinces and cities became 34, and districts ended (Nghị quyết 202/2025/QH15)."""
_MAX_STEPS: Final = 10  # Hà Tây went into Hà Nội; no place went through more than three names


@dataclass(frozen=True, slots=True)
class Place:
    """A province or city: first and last day of its life ("" for open), its heir, and the act of the merger.

    kind: "province" or "city"; raised: day since which a province is a city. renewed: day since which it numbers its
    documents anew, since others went into it.
    """

    id: str
    name: str
    kind: str = "province"
    since: str = ""
    until: str = ""
    into: str = ""
    act: str = ""
    raised: str = ""
    renewed: str = ""

    def lives_on(self, day: str) -> bool:
        """Tell whether there is such a place on this day (ISO)."""
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)

    def kind_on(self, day: str) -> str:
        """Return its kind on this day: "province" or "city"."""
        return "city" if self.kind == "city" or (self.raised and self.raised <= day) else "province"


class Places:
    """All provinces and cities, each by its name and its id."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in places.tsv, in the order in which they are listed."""
        self._places = {place.name: place for place in map(_place, rows)}
        self._by_id = {place.id: place for place in self._places.values()}

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def find(self, name: str) -> Place | None:
        """Return a place by its name or id."""
        return self._places.get(name) or self._by_id.get(name)

    def on(self, name: str, day: str) -> Place | None:
        """Return the place that a name's land belongs to on this day. None for a name that is no province or city.

        >>> shipped().on("Bình Dương", "2026-01-01").name, shipped().on("Bình Dương", "2024-01-01").name
        ('TPHCM', 'Bình Dương')
        """
        place = self.find(name)
        for _ in range(_MAX_STEPS):
            if place is None or not place.until or day <= place.until or not place.into:
                return place
            place = self.find(place.into)
        return place

    def today(self, name: str) -> Place | None:
        """Return the place of today that a name's land belongs to."""
        return self.on(name, "9999")

    def before(self, name: str) -> Place | None:
        """Return the one of the 63 places of before 1 July 2025 that a name means."""
        return self.on(name, _day_before(CHANGE))

    def joined(self, name: str) -> tuple[Place, ...]:
        """Return the places that went into this one, the latest first."""
        place = self.find(name)
        parts = [other for other in self if place and other.into in (place.name, place.id)]
        return tuple(sorted(parts, key=lambda other: (other.until, other.name), reverse=True))


def problems(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return impossible facts in the histories of places: (name, fault), each once."""
    rows = list(rows)
    names = {row["place"] for row in rows}
    found: list[tuple[str, str]] = []
    for row in rows:
        name, into = row["place"], row.get("into", "")
        if into == name:
            found.append((name, "goes into itself: name the place that its land belongs to now"))
        elif into and into not in names:
            found.append((name, f"goes into {into!r}, which is no place of the table"))
        elif into and not row.get("to"):
            found.append((name, "goes into another place: say until which day it was (to)"))
        if row.get("from") and row.get("to") and row["from"] > row["to"]:
            found.append((name, f"ends ({row['to']}) before it begins ({row['from']})"))
    into_of = {row["place"]: row.get("into", "") for row in rows}
    for name in sorted(names):
        seen, at = {name}, into_of.get(name, "")
        while at and at not in seen:
            seen.add(at)
            at = into_of.get(at, "")
        if at == name and into_of.get(name) != name:
            found.append((name, "comes back to itself by the places it goes into"))
    return found


@cache
def shipped() -> Places:
    """Return the places that come with searchapp."""
    table = (files("searchapp") / "data" / "places.tsv").read_text(encoding="utf-8")
    return Places(csv.DictReader(table.splitlines(), delimiter="\t"))


def _place(row: Mapping[str, str]) -> Place:
    told = {name: value or "" for name, value in row.items() if name}
    return Place(
        told.get("id") or slug(told["place"]),
        told["place"],
        told.get("kind") or "province",
        told.get("from", ""),
        told.get("to", ""),
        told.get("into", ""),
        told.get("act", ""),
        told.get("raised", ""),
        told.get("renumbered", ""),
    )


def _day_before(iso: str) -> str:
    return (date.fromisoformat(iso) - timedelta(days=1)).isoformat()


_MAX_OFFERS: Final = 4
_LEVELS: Final = ("tinh ", "thanh pho ", "tp ")
_SIGN: Final = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Also:
    """Another place to search: its name, and the first or last day ("" for open)."""

    name: str
    since: str = ""
    until: str = ""


def also_meant(text: str, places: Places) -> Iterator[Also]:
    """Yield the other places that a query of only a province's name may mean; they are offered, never added.

    >>> from searchapp.places import shipped
    >>> list(also_meant("tỉnh Bình Dương", shipped()))
    [Also(name='TPHCM', since='2025-07-01', until='')]
    >>> [one.name for one in also_meant("tphcm", shipped())]
    ['Bình Dương', 'Bà Rịa - Vũng Tàu']
    """
    place = named_place(text, places)
    if place is None:
        return
    if place.until and (into := places.today(place.name)):
        yield Also(into.name, since=(date.fromisoformat(place.until) + timedelta(days=1)).isoformat())
    for other in places.joined(place.name)[:_MAX_OFFERS]:
        yield Also(other.name, until=other.until)


def named_place(text: str, places: Places) -> Place | None:
    """Return the province or city of a text that is only its name, with or without its level."""
    said = normalize(text).replace('"', " ").strip()
    if TPHCM.fullmatch(said) or city_length(keys := keys_of(pieces(said))) == len(keys) > 0:
        typed = CITY_KEY
    else:
        typed = _squeezed(said).removesuffix(" cu")  # "tỉnh Hà Tây cũ"
    bare = next((typed.removeprefix(level) for level in _LEVELS if typed.startswith(level)), typed)
    return next((one for one in places if _squeezed(one.name) in (typed, bare)), None)


def _squeezed(name: str) -> str:
    """Return a folded name without signs: "bà rịa vũng tàu" is "Bà Rịa - Vũng Tàu"."""
    return " ".join(_SIGN.sub(" ", fold(name)).split())
