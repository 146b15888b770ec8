"""Consolidated texts (văn bản hợp nhất): their own number, day and issuer, from the block that authenticates them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from searchapp.citations.find.vocabulary import ISSUER_CODES
from searchapp.readers.dateline import day_in
from searchapp.readers.own_number import tidy
from searchapp.text.normalize import slug

TYPE: Final = "Văn bản hợp nhất"
_AROUND: Final = 7
"""The lines around the authentication where number, day and issuer stand."""

_HEAD: Final = re.compile(r"VĂN BẢN HỢP NHẤT(?:\s*[-–—]\s*(?P<issuer>.*))?$")
_AUTHENTICATED: Final = re.compile(r"XÁC THỰC VĂN BẢN HỢP NHẤT")
_NUMBER: Final = re.compile(r"[Ss][ốỐ]\s*:?\s*(?P<number>\d{1,5}\s?[-/]\s?VBHN\s?[-–/]\s?[A-ZĐ][\w-]*)")
_NAMED: Final = re.compile(r"(?:^|-)(?P<number>\d{1,5})-vbhn-(?P<issuer>[a-z]{2,12})(?:-|$)")


@dataclass(frozen=True, slots=True)
class Consolidated:
    """Facts of a consolidated text; a fact that the text does not say is "".

    issuer: lines in capitals; line: the line of the authentication, or -1.
    """

    number: str
    date: str
    issuer: tuple[str, ...]
    line: int


def find(lines: Sequence[str], head: Sequence[str], path: str) -> Consolidated | None:
    """Return the facts of a consolidated text; None for any other document."""
    at = next((n for n, line in enumerate(lines) if _AUTHENTICATED.search(line)), -1)
    headed = next((found for line in head[:12] if (found := _HEAD.match(line.rstrip(" -–—")))), None)
    numbered = next((found for line in head if (found := _NUMBER.search(line))), None)
    if at < 0 and not headed and not numbered:
        return None
    around = lines[max(0, at - _AROUND) : at + _AROUND] if at >= 0 else ()
    near = numbered or next((found for line in around if (found := _NUMBER.search(line))), None)
    number = tidy(near["number"]) if near else _in_name(path)
    if not number:
        return None
    after, before = (lines[at : at + _AROUND], lines[max(0, at - _AROUND) : at][::-1]) if at >= 0 else ((), ())
    date = (day_in(head) if numbered else "") or day_in(after) or day_in(before)
    return Consolidated(number, date, _issuer(lines, head, at), at)


def opens(head: Sequence[str]) -> bool:
    """Tell whether a text begins with the words "VĂN BẢN HỢP NHẤT", as copies without a letterhead do."""
    return any(_HEAD.match(line.rstrip(" -–—")) for line in head[:2])


def _in_name(path: str) -> str:
    found = _NAMED.search(slug(PurePosixPath(path).stem))
    code = ISSUER_CODES.get(found["issuer"], "") if found else ""
    return f"{found['number']}/VBHN-{code}" if found and code else ""


def _issuer(lines: Sequence[str], head: Sequence[str], at: int) -> tuple[str, ...]:
    """Return the lines in capitals above the authentication, else those after "VĂN BẢN HỢP NHẤT -"."""
    above: list[str] = []
    for line in reversed(lines[max(0, at - _AROUND) : at] if at >= 0 else ()):
        if _NUMBER.search(line) or not line.strip("-–—_* "):
            continue
        if not line.isupper():
            break
        above.insert(0, line)
    if above:
        return tuple(above)
    for number, line in enumerate(head[:12]):
        if found := _HEAD.match(line):
            first = (found["issuer"] or "").strip(" -–—")
            rest = [one for one in head[number + 1 : number + 3] if one.isupper() and not one.startswith("CỘNG H")]
            return tuple(filter(None, (first, *rest)))
    return ()
