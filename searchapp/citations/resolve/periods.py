"""The history of places, as far as numbers depend on it: mergers, and the days since which places number anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.find.bodies import COMMUNE, PROVINCE
from searchapp.citations.find.vocabulary import read_table

TWO_LEVELS: Final = "2025-07-01"
"""Since this day there are no districts, and all communes are new."""
LAST_OF_DISTRICTS: Final = "2025-06-30"


@dataclass(frozen=True, slots=True)
class Place:
    """A row of places.tsv, days in ISO; renumbered: the day since which the place, after a merger, numbers anew."""

    start: str = ""
    end: str = ""
    into: str = ""
    renumbered: str = ""


@cache
def _places() -> dict[str, Place]:
    return {
        row["place"]: Place(row["from"], row["to"], row["into"], row["renumbered"]) for row in read_table("places.tsv")
    }


@cache
def place_named(province: str) -> Place:
    """Return the history of a province or city; an empty one where no table knows the place."""
    return _places().get(province, Place())


@cache
def heir(province: str) -> str:
    """Return the present name of a renamed province: "Thừa Thiên Huế" → "Huế"; other names unchanged."""
    place = place_named(province)
    return place.into if place.end and place_named(place.into).start > place.end else province


def began_anew(level: int, province: str) -> str:
    """Return the day since which a body of this level and province numbers anew, "" for none."""
    if level == COMMUNE:
        return TWO_LEVELS
    return place_named(province).renumbered if level == PROVINCE else ""


def is_since(date: str, day: str) -> bool | None:
    """Tell whether an ISO date falls on or after a day. None where the date is too short to tell.

    >>> is_since("2025-08", "2025-07-01"), is_since("2024", "2025-07-01"), is_since("2025", "2025-07-01")
    (True, False, None)
    """
    first, last = f"{date}-01-01"[:10], date + "-12-31"[len(date) - 4 :] if len(date) < len(day) else date
    return True if first >= day else None if last >= day else False
