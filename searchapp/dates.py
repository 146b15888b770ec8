"""Read written dates, and cut ISO dates to their known parts: "2021-09-15", "2021-09", "2021" or ""."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_KNOWN: Final = 1 << 13  # remembered days: a page names each of its own several times
MAX_CHARS: Final = 120  # a date with its week day, time and zone in words has about 60

ZONE: Final = "Asia/Ho_Chi_Minh"
"""The time zone of the archive's days, unless its settings name another one."""
_HOME: Final = ZoneInfo(ZONE)  # read at once: a confined reader may open no table later

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_WORDS: Final = (
    ("mười hai", "12"), ("mười một", "11"), ("mười", "10"), ("chín", "9"), ("tám", "8"), ("bảy", "7"), ("bẩy", "7"),
    ("sáu", "6"), ("năm", "5"), ("bốn", "4"), ("tư", "4"), ("ba", "3"), ("hai", "2"), ("một", "1"), ("giêng", "1"),
    ("chạp", "12"),
)  # fmt: skip
_WORDY: Final = re.compile(rf"tháng\s+(?P<word>{'|'.join(word for word, _ in _WORDS)})(?=\s*(?:,|năm\s+\d|/|-|\d|$))")
# An instant with a zone of its own may be another day at home.
_INSTANT: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[t ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d)(?!\d)"
)
_RFC_822: Final = re.compile(rf"(?:[a-z]{{3,9}},?\s+)?\d{{1,2}}\s+{_MONTH}\s+\d{{4}}\s+\d\d?:\d\d.*")
_ENGLISH: Final = (
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<![a-z]){_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)"),
)
_EPOCH: Final = re.compile(r"\d{9,10}|\d{12,13}", re.ASCII)

# The day in ISO, in figures, in words. The pattern ignores the words around it (week day, time, zone): a date is the
# local day as written.
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

# A month or a year alone is only a date when the text has nothing else.
_CUT: Final = re.compile(
    r"""(?: (?P<y>\d{4}) - (?P<m>\d{1,2})
          | (?:tháng \s*)? (?P<m2>\d{1,2}) \s* (?:[/.-]|,|năm|\s) \s* (?:năm \s*)? (?P<y2>\d{4})
          | (?:năm \s*)? (?P<y3>\d{4}) )""",
    re.VERBOSE,
)

_ISO: Final = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?", re.ASCII)

# Readers type months without diacritics too.
_UNMARKED: Final = (("ngay", "ngày"), ("thang", "tháng"), ("nam", "năm"))


def parse_date(text: str, zone: str = ZONE) -> str:
    """Return the written date as ISO, cut to its known parts; "" for no date or an impossible day.

    >>> parse_date("ngày 15 tháng 9 năm 2021"), parse_date("9/2021"), parse_date("31/02/2021")
    ('2021-09-15', '2021-09', '')
    >>> parse_date("2021-09-14T17:00:00.000Z"), parse_date("1631669400"), parse_date("15 Tháng Chín, 2021")
    ('2021-09-15', '2021-09-15', '2021-09-15')
    """
    if len(text) > MAX_CHARS:
        return ""
    written = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if instant := _instant(written):
        return instant.astimezone(_zone(zone)).date().isoformat()
    for unmarked, marked in _UNMARKED:
        written = written.replace(unmarked, marked)
    written = _WORDY.sub(lambda found: f"tháng {dict(_WORDS)[found['word']]}", written)
    for pattern in _DAYS:
        if found := pattern.search(written):
            return _iso(found["y"], found["m"], found["d"]) or _month_first(found)
    for pattern in _ENGLISH:
        if found := pattern.search(written):
            return _iso(found["y"], str(_MONTHS.index(found["month"]) + 1), found["d"])
    if found := _CUT.fullmatch(written):
        return _iso(found["y"] or found["y2"] or found["y3"], found["m"] or found["m2"])
    return ""


_here = {"zone": ZONE}


def live_in(zone: str) -> None:
    """Let days begin and end for this process as in a time zone, whatever the machine's own is."""
    _here["zone"] = zone


def today() -> date:
    """Return the day that the archive's readers have now."""
    return datetime.now(_zone(_here["zone"])).date()


def day_at(seconds: float) -> date:
    """Return the day that the archive's readers had at a moment, given in seconds since 1970."""
    return datetime.fromtimestamp(seconds, _zone(_here["zone"])).date()


def here(moment: str) -> str:
    """Return a moment that is written with its zone as the archive's readers have it: "2021-09-15 07:30"."""
    return datetime.fromisoformat(moment).astimezone(_zone(_here["zone"])).strftime("%Y-%m-%d %H:%M")


def is_zone(name: str) -> bool:
    """Tell whether this names a time zone, such as "Asia/Ho_Chi_Minh"."""
    try:
        return bool(_zone(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


@cache
def _zone(name: str) -> ZoneInfo:
    return _HOME if name == ZONE else ZoneInfo(name)


def _instant(written: str) -> datetime | None:
    """Return the moment that is written with its zone, or as a count since 1970; None for a local day."""
    try:
        if found := _INSTANT.search(written):
            zone = found["zone"] if found["zone"][0] in "+-" else "+00:00"
            return datetime.fromisoformat(f"{found['day']}T{found['time']}{zone}")
        if _EPOCH.fullmatch(written):
            return datetime.fromtimestamp(int(written) / (1 if len(written) < 11 else 1000), UTC)
        if _RFC_822.fullmatch(written):
            moment = parsedate_to_datetime(written)
            return moment if moment.tzinfo else None
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    return None


def _month_first(found: re.Match[str]) -> str:
    """Read American figures that cannot be a day and a month: "9/15/2021"."""
    return (
        _iso(found["y"], found["d"], found["m"]) if found.groupdict().get("sep") == "/" and int(found["m"]) > 12 else ""
    )


@lru_cache(_KNOWN)
def is_valid(iso: str) -> bool:
    """Tell whether this is an ISO year, month or day that exists, exactly as `parse_date` writes it."""
    found = _ISO.fullmatch(iso)
    return bool(found and _iso(found["y"], found["m"], found["d"]) == iso)


@lru_cache(_KNOWN)
def display(iso: str) -> str:
    """Return the date as Vietnamese readers write it: "15/9/2021", "9/2021", "2021"; "" for an unknown one.

    Days and the months 1 and 2 have two digits ("05/9/2021", "15/02/2021"), as Nghị định 30/2020 has them.
    """
    if not is_valid(iso):
        return ""
    year, *rest = iso.split("-")
    months = [part if part in ("01", "02") else str(int(part)) for part in rest[:1]]
    return "/".join([*rest[1:], *months, year])


_YEARS: Final = re.compile(r"(?<![\d-])(\d{4})-(?=\d{4}(?![\d-]))")


def years(text: str) -> str:
    """Return a text of ours with an en dash in its spans of years.

    >>> years("nhiệm kỳ 2020-2025"), years("2025-07-01")
    ('nhiệm kỳ 2020–2025', '2025-07-01')
    """
    return _YEARS.sub(r"\1–", text)


@lru_cache(_KNOWN)
def span(iso: str) -> tuple[str, str]:
    """Return first and last ISO day of a year, month or day: "2021-09" → ("2021-09-01", "2021-09-30").

    Raises ValueError for another string.
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
