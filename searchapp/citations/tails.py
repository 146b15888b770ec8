"""What follows the core of a citation: its date, its issuer with place, its term; in any order, each once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from searchapp.citations.forms import plain, read_table
from searchapp.citations.ordinals import DIGITS, ROMAN, WORDS, ordinal, roman
from searchapp.citations.places import PLACE, place_of
from searchapp.citations.shadow import Shadow

ORDINAL: Final = rf"(?:(?:lan[ ]+)?thu[ ]+(?:{DIGITS}|{ROMAN}|{WORDS})|{DIGITS}|{ROMAN})"
CENTRE: Final = r"(?:trung[ \n]+uong|tw|t\.[ ]?[uw]\.?|tu(?=[ ]+(?:dang|khoa|\d)))"
COMMITTEE: Final = r"(?:ban[ ]+chap[ ]+hanh|bch)"

# "ngày 15/9/2021", "ngày 28 tháng 9 năm 2021", "(15-9-2021)", "tháng 9/2021", "năm 2021".
_DATE: Final = re.compile(
    r"""[ \n,(]{0,3} (?:(?:duoc[ ]+)?(?:ky[ ]+)?(?:ban[ ]hanh|ky|thong[ ]qua)[ ]+(?:vao[ ]+)?)?
    (?: (?:ngay[ \n]{0,2})? (?P<day>\d{1,2}) [ ]?(?:[/.-]|[ \n]thang[ \n])[ ]? (?P<month>\d{1,2}) [ ]?(?:[/.-]|[ ]?,?[ \n]nam[ \n])[ ]? (?P<year>\d{4})(?!\d)
      | thang[ ](?P<month2>\d{1,2})(?:[ ]?[/-][ ]?|[ ]nam[ ])(?P<year2>(?:19|20)\d\d)(?!\d)
      | nam[ ](?P<year3>(?:19|20)\d\d)(?![\d]|[ ]?-)
    )[)]?""",
    re.VERBOSE,
)
# "khóa XII", "(khóa 10)", "Đảng khóa XI", "nhiệm kỳ 2020 - 2025".
TERM: Final = rf"khoa[ ]+(?P<session>{ROMAN}|{DIGITS})"
YEARS: Final = r"nhiem[ ]+ky[ ]+(?P<first>(?:19|20)\d\d)[ ]?-[ ]?(?P<last>(?:19|20)\d\d)"
_TERM: Final = re.compile(rf"[ \n,(]{{0,3}}(?:cua[ ]+)?(?:dang[ ]+)?(?:{TERM}|{YEARS})[)]?")
_OF: Final = re.compile(r"[ \n,(]{0,3}(?:(?:cua|do)[ \n]+(?P<of>))?")


def _names() -> str:
    names: set[str] = set()
    for row in read_table("issuers.tsv"):
        names.update(plain(name) for name in (row["name"], *row.get("aliases", "").split("|")) if len(name) > 2)
    return "|".join(re.escape(name).replace(r"\ ", r"[ \n]+") for name in sorted(names, key=len, reverse=True))


_MEETING: Final = rf"hoi[ ]+nghi[ ]+(?:{CENTRE}[ ]+{ORDINAL}|{ORDINAL},?[ ]+{COMMITTEE}[ ]+{CENTRE}(?:[ ]+dang)?)"
_ONE_ISSUER: Final = rf"""(?:{_MEETING}
    | {COMMITTEE}[ ]+{CENTRE}(?:[ ]+dang)?(?:[ ]+cong[ ]san[ ]viet[ ]nam)?
    | (?:bo[ ]truong[ ]+)?(?:{_names()})
    | (?:(?:{COMMITTEE}|ban[ ]thuong[ ]vu|btv|thuong[ ]truc)[ ]+)?(?:(?:thanh|tinh|quan|huyen|thi)[ ]uy|dang[ ]uy|dang[ ]bo)
    | {CENTRE}(?:[ ]+dang)?)(?![a-z])"""
_ISSUER: Final = re.compile(rf"(?:{_ONE_ISSUER})(?:(?:[ ]?,[ ]|,?[ ]va[ ])(?:{_ONE_ISSUER}))*", re.VERBOSE)
_WITH_PLACE: Final = re.compile(r"(?:thanh|tinh|quan|huyen|thi|dang)[ ]uy$|dang[ ]bo$|ubnd$|hdnd$|nhan[ ]dan$")
_PLACE: Final = re.compile(rf"[ ]+(?P<place>{PLACE}|(?:tp|thanh[ ]pho|tinh)(?![a-z.]))")
# A place that no table knows: "Quận ủy 7", "Huyện ủy Củ Chi", "UBND quận Bình Thạnh".
_NAMED_PLACE: Final = re.compile(
    r"[ ]+(?:(?:quan|Quan|huyen|Huyen|thi xa|phuong|Phuong|xa|tinh|Tinh|thanh pho|TP\.?|Khoi|khoi)[ ]+)?"
    r"(?:\d{1,2}(?![\d/.,])|[A-Z][A-Za-z.]*(?:[ ](?:-[ ])?[A-Z][A-Za-z.]*){0,4})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What was said after a core; end: where it ends in the shadow."""

    end: int
    date: str = ""
    issuer: str = ""
    place: str = ""
    term: str = ""


def read_tail(text: Shadow, at: int) -> Tail:
    """The tail that begins at a position of the shadow; empty when there is none."""
    tail = Tail(end=at)
    steps: list[Callable[[Shadow, Tail], Tail | None]] = [_date, _issuer, _term]
    while steps:
        for step in steps:
            longer = step(text, tail)
            if longer is not None:
                tail = longer
                steps.remove(step)
                break
        else:
            break
    return tail


def _date(text: Shadow, tail: Tail) -> Tail | None:
    found = _DATE.match(text.lower, tail.end)
    if not found:
        return None
    return replace(
        tail,
        end=found.end(),
        date=iso(*found.group("year", "month", "day")) or iso(found["year2"] or found["year3"], found["month2"], None),
    )


def iso(year: str | None, month: str | None, day: str | None) -> str:
    """ISO date cut to what is known; "" for what is no date (32/13/2021)."""
    if not year:
        return ""
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return whole.isoformat()[: 10 if day else 7 if month else 4]


def _term(text: Shadow, tail: Tail) -> Tail | None:
    found = _TERM.match(text.lower, tail.end)
    term = term_of(found) if found else ""
    return replace(tail, end=found.end(), term=term) if found and term else None


def term_of(found: re.Match[str]) -> str:
    """The term in a match of TERM or YEARS: "XII", "2020-2025"."""
    groups = found.groupdict()
    if groups.get("first"):
        return f"{groups['first']}-{groups['last']}"
    return roman(ordinal(groups.get("session") or ""))


def _issuer(text: Shadow, tail: Tail) -> Tail | None:
    of = _OF.match(text.lower, tail.end)
    start = of.end() if of else tail.end
    found = _ISSUER.match(text.lower, start)
    if not found or (of and of["of"] is None and not _may_stand_alone(text, start)):
        return None
    end, place = found.end(), ""
    if _WITH_PLACE.search(found.group()):
        more = _PLACE.match(text.lower, end) or _NAMED_PLACE.match(text.cased, end)
        if more and not (text.cased[end : more.end() + 12].isupper() and "place" not in more.groupdict()):
            place = place_of(text.written(end, more.end()))
            end = more.end()
    written = " ".join(text.written(start, end).split())
    return replace(tail, end=end, issuer=written, place=place)


def _may_stand_alone(text: Shadow, start: int) -> bool:
    # "Nghị quyết 18 Trung ương", "số 13, Hội nghị lần thứ 5 BCH Trung ương": no "của" is needed.
    return text.lower.startswith(("trung uong", "hoi nghi", "bo chinh tri", "ban bi thu", "thanh uy", "tinh uy"), start)
