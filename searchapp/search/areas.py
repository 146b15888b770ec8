"""Offer other meanings of a query that names a province: where its land went, or whose land came to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from searchapp.places import Place, Places
from searchapp.text.normalize import fold, normalize

_MAX_OFFERS: Final = 4
_LEVELS: Final = ("tinh ", "thanh pho ", "tp ", "tp. ", "tp.")


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
    typed = " ".join(fold(normalize(text)).replace('"', " ").split())
    bare = next((typed.removeprefix(level) for level in _LEVELS if typed.startswith(level)), typed)
    return next((one for one in places if fold(one.name) in (typed, bare)), None)
