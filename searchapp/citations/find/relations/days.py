"""Find the day that a clause states: "kể từ ngày 01 tháng 3 năm 2026", "sau 45 ngày kể từ ngày ký", "kể từ ngày ký"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from searchapp.citations.find.relations.cues import phrase
from searchapp.citations.find.relations.sentences import TYPE
from searchapp.citations.find.vocabulary import WORDS, ordinal

_DAY: Final = (
    r"(?P<day>\d{1,2})(?: ?[/.-] ?| thang )(?P<month>\d{1,2})"
    r"(?: ?[/.-] ?| ?,? nam )(?P<year>(?:19|20)\d\d)(?!\d)"
)
_EVENT: Final = r"(?:ky|thong[ ]qua|ban[ ]hanh|cong[ ]bo|duoc[ ](?:ky|thong[ ]qua|ban[ ]hanh))"
# The gazette's day is not the document's own: nobody can count from it.
_GAZETTE: Final = r"(?:duoc[ ])?(?:dang|cong[ ]bo)[ ](?:tai[ ]|tren[ ])?(?:(?:so|to)[ ])?cong[ ]bao(?:[ ]chinh[ ]phu)?"
_SINCE: Final = "(?:ngay )?(?:(?:ke|bat dau|tinh) )?"
_FROM: Final = phrase(
    rf""" *(?:, )?(?:
    (?:sau )?(?:(?P<later>\d{{1,3}}) (?:\([^)]*\) )?|(?P<spelt>{WORDS}) (?:\(\d+\) )?)ngay,? (?:ke )?
    (?:tu|sau) (?:khi|ngay) (?:(?P<gazette>{_GAZETTE})|{_EVENT})
    |(?P<after>(?:sau )?(?:\d{{1,3}}|{WORDS}) (?:\([^)]*\) )?(?:ngay|thang|nam),? ke tu (?:khi|ngay) {TYPE} nay
    [ ]co hieu luc)
    |(?P<printed>(?:ngay )?(?:ke )?(?:tu|sau) (?:khi|ngay) {_GAZETTE})
    |{_SINCE}(?:tu )?(?:(?:0|00) ?(?:gio|h) ?(?:00)?(?: phut)?,? )?(?:ngay ?)?(?:mong )?{_DAY}
    |{_SINCE}tu (?:thang (?P<month2>\d{{1,2}})(?: ?/ ?| nam )|nam )(?P<year2>(?:19|20)\d\d)(?!\d)
    |(?:ngay )?(?:ke )?(?:tu|sau) (?:ngay|khi) (?P<at>{_EVENT})
    )"""
)
_UNTIL: Final = phrase(rf"(?:cho )?den (?P<all>het )?(?:ngay )?{_DAY}")
_EXCEPT: Final = re.compile(r"(?<!\w)trừ (?!đi )", re.IGNORECASE)


class When(NamedTuple):
    """A day: ISO, cut to its known parts, "+45" (days after the document's own date) or "" (after its print in the
    gazette); end: where the words end.
    """

    day: str
    end: int


def stated(lower: str, at: int) -> When | None:
    """Return the day that stands right at a position of ASCII letters, None without a day."""
    found = _FROM.match(lower, at)
    if not found:
        return None
    if found["gazette"] or found["printed"] or found["after"]:
        return When("", found.end())
    if found["later"] or found["spelt"]:
        return When(f"+{int(found['later'] or ordinal(found['spelt']))}", found.end())
    if found["at"]:
        return When("+0", found.end())
    day = _iso(found["year"] or found["year2"], found["month"] or found["month2"], found["day"])
    return When(day, found.end()) if day else None


def until(lower: str, start: int, end: int) -> str:
    """Return the first day after the validity ("đến hết ngày 31/12/2025" → "2026-01-01"), "" for none."""
    found = _UNTIL.search(lower, start, end)
    day = _iso(found["year"], found["month"], found["day"]) if found else ""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else ""


def excepted(written: str, start: int, end: int) -> bool:
    """Tell whether a clause makes an exception ("trừ trường hợp …"); written: with accents, because "cư trú" is no
    exception.
    """
    return _EXCEPT.search(written, start, end) is not None


def in_days(day: str, own: str) -> str:
    """Return the ISO day of "+45" for a document of the day `own`; "" where nobody knows `own` to the day.

    >>> in_days("+45", "2020-03-05")
    '2020-04-19'
    """
    if not day.startswith("+"):
        return day
    try:
        return (date.fromisoformat(own) + timedelta(days=int(day))).isoformat()
    except ValueError:
        return ""


def _iso(year: str | None, month: str | None, day: str | None) -> str:
    try:
        whole = date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return whole.isoformat()[: 10 if day else 7 if month else 4]
