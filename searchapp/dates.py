"""Written dates and ISO dates cut to what is known: "2021-09-15", "2021-09", "2021" or ""."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from typing import Final

MAX_CHARS: Final = 120  # a date with its week day, time and zone in words has about 60

# The day, as it stands in ISO, in figures, in words. What is around it (week day, time, zone) is not looked at:
# a date is the local day as written.
_DAYS: Final = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        r"(?<![\d/.-]) (?P<y>\d{4}) (?P<sep>[-/.]) (?P<m>\d{1,2}) (?P=sep) (?P<d>\d{1,2})"
        r"(?=t\d|z|[^\w/.-]|[/.-]?\s|[.-]?$)",
        r"(?<![\d/.-]) (?P<d>\d{1,2}) \s?(?P<sep>[-/.])\s? (?P<m>\d{1,2}) \s?(?P=sep)\s? (?P<y>\d{4})"
        r"(?![\d/-]|\.\d)",
        r"(?<!\d) (?P<d>\d{1,2}) \s* tháng \s* (?P<m>\d{1,2}) \s* (?:,|năm|/|-)? \s* (?P<y>\d{4}) (?!\d)",
    )
)

# A month or a year is only a date when nothing else is written.
_CUT: Final = re.compile(
    r"""(?: (?P<y>\d{4}) - (?P<m>\d{1,2})
          | (?:tháng \s*)? (?P<m2>\d{1,2}) \s* (?:[/.-]|,|năm|\s) \s* (?:năm \s*)? (?P<y2>\d{4})
          | (?:năm \s*)? (?P<y3>\d{4}) )""",
    re.VERBOSE,
)

_ISO: Final = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?", re.ASCII)

# Readers type months without diacritics too.
_UNMARKED: Final = (("ngay", "ngày"), ("thang", "tháng"), ("nam", "năm"))


def parse_date(text: str) -> str:
    """The ISO date that was written, cut to what is known; "" when there is none or the day does not exist.

    >>> parse_date("ngày 15 tháng 9 năm 2021"), parse_date("9/2021"), parse_date("31/02/2021")
    ('2021-09-15', '2021-09', '')
    """
    if len(text) > MAX_CHARS:
        return ""
    written = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    for unmarked, marked in _UNMARKED:
        written = written.replace(unmarked, marked)
    for pattern in _DAYS:
        if found := pattern.search(written):
            return _iso(found["y"], found["m"], found["d"])
    if found := _CUT.fullmatch(written):
        return _iso(found["y"] or found["y2"] or found["y3"], found["m"] or found["m2"])
    return ""


def is_valid(iso: str) -> bool:
    """Whether this is an ISO year, month or day that exists, exactly as `parse_date` writes it."""
    found = _ISO.fullmatch(iso)
    return bool(found and _iso(found["y"], found["m"], found["d"]) == iso)


def display(iso: str) -> str:
    """The date as Vietnamese readers write it: "15/9/2021", "9/2021", "2021"; "" for an unknown one."""
    if not is_valid(iso):
        return ""
    return "/".join(str(int(part)) for part in reversed(iso.split("-")))


def span(iso: str) -> tuple[str, str]:
    """First and last ISO day of a year, month or day: "2021-09" → ("2021-09-01", "2021-09-30").

    Raises ValueError for what is no ISO date.
    """
    if not is_valid(iso):
        raise ValueError(f"not an ISO date: {iso!r}")
    year, *rest = (int(part) for part in iso.split("-"))
    if len(rest) == 2:
        return iso, iso
    first, last = (rest[0], rest[0]) if rest else (1, 12)
    return f"{year:04}-{first:02}-01", f"{year:04}-{last:02}-{monthrange(year, last)[1]:02}"


def _iso(year: str, month: str | None = None, day: str | None = None) -> str:
    numbers = [int(part) for part in (year, month, day) if part]
    if numbers[0] < 1 or (month and not 1 <= numbers[1] <= 12):
        return ""
    if day and not 1 <= numbers[2] <= monthrange(numbers[0], numbers[1])[1]:
        return ""
    return "-".join((f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])))
