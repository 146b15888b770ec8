"""Find how long something holds or rests: "đến hết ngày 31/12/2025", "trong thời hạn 03 năm kể từ ngày …"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from searchapp.citations.find.relations.cues import phrase
from searchapp.citations.find.relations.days import BETWEEN, DAY, YEARS, When, day_before, iso, opens, stated
from searchapp.citations.find.relations.sentences import THIS, TYPE, Clause

_SPAN_FIRST: Final = phrase(
    r""" *(?:ke )?tu (?:ngay )?\d{1,2}[\d /.a-z-]{5,24}(?<=\d)
    [ ](?:cho )?den (?:het )?(?:ngay )?\d{1,2}[\d /.a-z-]{5,24}(?<=\d),"""
)
_UNTIL: Final = phrase(
    rf"""(?:cho )?den (?:(?P<all>het )?(?:ngay )?{DAY}
    |het (?:thang (?P<month2>\d{{1,2}})(?: ?/ ?| nam )|nam )(?P<year2>(?:19|20)\d\d)(?! ?- ?\d|\d))"""
)
_GOES_ON_TO: Final = re.compile(r"[ ,]*(?:va |cho |co hieu luc |duoc |thuc hien |ap dung |thi hanh |thi diem )*den")
_OVER: Final = re.compile(rf"(?:,? ke tu (?:ngay|khi) {TYPE} nay co hieu luc[a-z ]*)?[ .;,]*\Z")
_TO_FAR: Final = 40


def until(lower: str, start: int, end: int) -> str:
    """Return the first day after the validity ("đến hết ngày 31/12/2025", "đến hết năm 2025" → "2026-01-01"), "" for
    none.
    """
    found = _UNTIL.search(lower, start, end)
    if found and found["year2"]:
        after = 12 * int(found["year2"]) + int(found["month2"] or 12)  # months up to the first one after it
        return iso(str(after // 12), str(after % 12 + 1), "1") if int(found["month2"] or 12) <= 12 else ""
    day = iso(found["year"], found["month"], found["day"]) if found else ""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else ""


def led(clause: Clause, verb: re.Match[str]) -> tuple[str, str]:
    """Return the days that lead a clause, for what it ends or suspends: "Kể từ ngày 01/7/2026, Thông tư A hết hiệu lực"
    ("2026-07-01", ""), "Từ ngày … đến ngày …, tạm ngưng …"; ("own", "") without them.
    """
    span = _SPAN_FIRST.match(clause.lower, clause.body)
    day = stated(clause.lower, clause.body) if span else day_before(clause, verb)
    if not day or not day.day[:1].isdigit():
        return "own", ""
    return day.day, until(clause.lower, clause.body, span.end()) if span else ""


def held(clause: Clause, verb: re.Match[str], at: int) -> str:
    """Return the first day after a suspension or an extension; what is put off begins on the day that is named:
    "Lùi hiệu lực … đến ngày 01/7/2022", "Chưa áp dụng … đến hết năm 2021". "" for none.
    """
    day = until(clause.lower, at, clause.end)
    found = _UNTIL.search(clause.lower, at, clause.end) if day and verb.lastgroup == "defers" else None
    if found and found["day"] and not found["all"]:
        return iso(found["year"], found["month"], found["day"])
    return day


_STANDS: Final = re.compile(r"(?: thi hanh| ap dung)?,? (?:cho )?(?:den |(?:ke )?tu (?:ngay )?\d|trong )")


def stands_still(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether a suspension is told of what stands before it: "Khoản 2 Điều 3 Nghị định A ngưng hiệu lực thi hành
    đến hết ngày …", "Điều 5 Thông tư B chưa áp dụng cho đến khi …".
    """
    return _STANDS.match(clause.lower, verb.end(), clause.end) is not None and bool(clause.before(verb.start()))


def last(clause: Clause, verb: re.Match[str], begins: When) -> str:
    """Return the first day after a span that begins on a day: "… đến hết ngày 28/02/2027", "… và được thực hiện trong
    05 năm"; "" for none.
    """
    if told := _to(clause, begins.end):
        return told
    counted = YEARS.match(clause.lower, verb.end(), clause.end)
    counted = counted or YEARS.match(clause.lower, begins.end, clause.end)
    over = counted and (counted.end() <= begins.end or _OVER.match(clause.lower, counted.end(), clause.end))
    if not counted or not over or len(begins.day) != len("2023-08-01"):
        return ""
    year, month, day = (int(one) for one in begins.day.split("-"))
    months = month - 1 + int(counted["many"]) * (12 if counted["unit"] == "nam" else 1)
    return iso(str(year + months // 12), str(months % 12 + 1), str(day))


def _to(clause: Clause, at: int) -> str:
    goes_on = _GOES_ON_TO.match(clause.lower, at)
    return until(clause.lower, at, min(clause.end, goes_on.end() + _TO_FAR)) if goes_on else ""


def own_end(clause: Clause, verb: re.Match[str]) -> tuple[re.Match[str], str] | None:
    """Return "this" and the first day after it, where a text says only how long it holds: "… có hiệu lực đến hết ngày
    31/12/2030". None for any other text.
    """
    this = THIS.search(clause.lower, clause.body, verb.start())
    if this is None or not opens(clause, this) or clause.lower[this.end() : verb.start()].strip() not in BETWEEN:
        return None
    return (this, day) if (day := _to(clause, verb.end())) else None
