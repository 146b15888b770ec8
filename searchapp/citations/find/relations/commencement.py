"""Find the day when a document, or a part of it, comes into force: "Thông tư này có hiệu lực từ ngày …"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from searchapp.citations.find.relations.cues import PARTLY
from searchapp.citations.find.relations.days import When, stated
from searchapp.citations.find.relations.numbering import LAST
from searchapp.citations.find.relations.sentences import THIS, Clause, Named, joined

_BETWEEN: Final = ("", "nay", "chinh thuc", "bat dau", "se", "cung", "do")
# "trước ngày Luật này có hiệu lực" tells no day.
_REFERENCE: Final = re.compile(
    r"(?:truoc|ke tu|tu|sau|den|tinh tu)(?: thoi diem)?(?: ngay| khi| thoi diem)* \Z|(?:ngay|khi|thoi diem) \Z"
)
_CITED: Final = re.compile(r"(?:\(|boi|theo|tai|quy dinh)[ (]*\Z")
_SOME: Final = re.compile(r" *(?:cac |mot so |nhung |rieng )?(?:quy dinh|noi dung|khoan|dieu|diem)")
_OTHER: Final = re.compile(r":|[.] |hieu luc")


class Commencement(NamedTuple):
    """A document ("this" or a named one) that comes into force; its provisions, empty for all; the day."""

    subject: Named | re.Match[str]
    part: tuple[str, ...]
    when: When


def commencement(clause: Clause, verb: re.Match[str]) -> Commencement | None:
    """Return the commencement that "có hiệu lực" states; None without a day, or with another subject."""
    when = stated(clause.lower, verb.end()) or _day_before(clause, verb)
    if when is None:
        return None
    this = list(THIS.finditer(clause.lower, clause.body, verb.start()))
    shared = bool(this) and clause.lower.endswith(" va ", clause.body, verb.start()) and _opens(clause, this[0])
    if this and (shared or clause.lower[this[-1].end() : verb.start()].strip() in _BETWEEN):
        start = this[-1].start()
        if _REFERENCE.search(clause.lower[clause.body : start]):
            return None
        return Commencement(this[-1], _part(clause, start), when)
    named = _subject(clause, verb)
    if named is None:
        return None
    said = clause.lower[max(clause.start, named.start - 120) : named.start]
    part = () if _CITED.search(LAST.sub("", said)) else clause.part_before(named, clause.start)
    return Commencement(named, part, when)


def _opens(clause: Clause, this: re.Match[str]) -> bool:
    """Tell whether a clause begins with "this": "Nghị quyết này thay thế … và có hiệu lực từ ngày ký"."""
    return not clause.lower[clause.body : this.start()].strip()


def _day_before(clause: Clause, verb: re.Match[str]) -> When | None:
    """Return the day before its law and verb: "Từ ngày 1/7/2025, Luật … có hiệu lực"."""
    day = stated(clause.lower, clause.body)
    if day is None or not clause.lower.startswith(",", day.end) or "hieu luc" in clause.lower[day.end : verb.start()]:
        return None
    return When(day.day, verb.end())


def _part(clause: Clause, end: int) -> tuple[str, ...]:
    said = clause.lower[clause.body : end]
    found = LAST.search(said)
    if found:
        return clause.part_in(clause.body + found.start(), clause.body + found.end())
    return (PARTLY,) if _SOME.match(said) else ()


def _subject(clause: Clause, verb: re.Match[str]) -> Named | None:
    """Return the last document before a verb that stands in no other document's title."""
    before = clause.before(verb.start())
    for at in range(len(before) - 1, -1, -1):
        one = before[at]
        beside = at == 0 or one.start in clause.doers or joined(clause.lower[before[at - 1].end : one.start])
        if one.start in clause.inner or not beside:
            continue
        gap = clause.lower[one.end : verb.start()]
        if _OTHER.search(gap) or THIS.search(gap):
            return None
        return None if _REFERENCE.search(clause.lower[max(0, one.start - 30) : one.start]) else one
    return None
