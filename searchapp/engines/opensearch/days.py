"""Dates in an index of OpenSearch: days as numbers, and the years, months and days that a date is known by."""

from __future__ import annotations

from datetime import date
from typing import Final

CUTS: Final = {"year": 4, "month": 7, "day": 10}
"""Fields with how much they keep of an ISO date; a date known less exactly stands in each as it is."""
UNKNOWN: Final = "unknown"
NO_DAY: Final = 9_999_999
"""In place of a day, sorts behind every day."""


def ordinal(day: str) -> int:
    """Days since the year 1 of a whole ISO date."""
    return date.fromisoformat(day).toordinal()


def iso(day: float) -> str:
    """The ISO date of a number of days; "" for none."""
    return date.fromordinal(int(day)).isoformat() if day else ""
