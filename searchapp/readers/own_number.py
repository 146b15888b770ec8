"""Find the number of an official document itself: in its heading block, else in its appendix or its file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from searchapp.citations.find.numbered import without_slips
from searchapp.citations.find.vocabulary import CODES, COURT, ISSUER_CODES, TYPE_NAMES, plain, type_of
from searchapp.dates import parse_date
from searchapp.readers.subject import TYPES
from searchapp.text.normalize import slug

_TYPES: Final = "|".join(map(re.escape, TYPES))
_LATIN: Final = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")
_DASHES: Final = str.maketrans("–—‑−", "----")
_PART: Final = r"[A-ZĐÂĂÊÔƠƯ][\w&.]*"
_CODE: Final = rf"{_PART}(?:\s?[-/_]\s?{_PART}){{0,6}}(?:[-/]\d\d(?![\d/]))?"  # "QĐ-UBND", of old "QĐ-75"
_NUMBER: Final = rf"\d{{1,5}}[A-Za-zđĐ]?(?:\.\d{{1,3}})?(?:\s?/\s?\d{{4}})?(?:\s?[-/]\s?|\s(?=[A-ZĐ]{{2,4}}/)){_CODE}"
# "Số: 372 /QĐ-SNV", "Luật số: 60/2024/QH15", "Nghị quyết số: 24/2022/UBTVQH15".
_OWN: Final = re.compile(rf"(?:^(?:(?i:{_TYPES})\s+)?[Ss]|(?:^|\s)S)\s?[ốỐ]\s*(?:[:.]\s*)?(?P<number>{_NUMBER})")
_ITS_LINE: Final = re.compile(rf"\(?[Ss][ốỐ][\s:.]|(?i:{_TYPES})\s+[Ss]ố\s*:")
_BLANK: Final = re.compile(
    rf"(?:^|\s)[Ss][ốỐ]\s*:?[\s.…_]*(?P<tail>(?:/\s?\d{{4}}\s?)?[-/]\s?{_CODE})|(?:(?:^|\s)[Ss]ố|^SỐ)\s*:?[\s.…_:-]*$"
)
_ABOUT: Final = (
    "(?:VỀ|QUY|BAN|SỬA|HƯỚNG|V/V|BÃI|CÔNG|BỔ\\s(?:SUNG|NHIỆM)|ẤN\\sĐỊNH|THÀNH\\sLẬP|THIẾT\\sLẬP|PHÊ\\sCHUẨN|CẤM|CỬ)"
)
# "NGHỊ ĐỊNH CỦA CHÍNH PHỦ SỐ 01/2010/NĐ-CP NGÀY 04 THÁNG 01 NĂM 2010 VỀ …", on one line or several.
WHOLE: Final = re.compile(
    rf"""(?P<type>{_TYPES}) \s+ (?:CỦA\s+(?P<issuer>[^,.;:]{{4,120}}?)\s+)? SỐ \s*:?\s*
         (?P<number>{_NUMBER}|\d{{1,4}}(?=\s)) ,?\s* NGÀY \s+
         (?P<date>\d{{1,2}} \s* (?:[/.-]\s*\d{{1,2}}\s*[/.-] | THÁNG\s+\d{{1,2}}\s+NĂM) \s*\d{{4}})
         (?:\s+CỦA\s+(?P<by>.{{4,120}}?)(?=\s*$|\s+{_ABOUT}\s))? (?:\s+(?P<about>{_ABOUT}\s.*))?""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER_LINE: Final = re.compile(rf"(?:[Ss][ốỐ]\s*:?|(?i:{_TYPES})\s+[Ss][ốỐ]\s*:)\s*[\d.…_/-]")
_OPEN: Final = re.compile(r"[Ss][ốỐ]\s*:?.*[-/]$")
_REST: Final = re.compile(r"[A-ZĐ][A-ZĐ\w/-]*(?:\s.*)?")
_CALLED: Final = re.compile(rf"(?i:{_TYPES})\s+[Ss]ố\s*:$")  # "Nghị quyết liên tịch số:", its number in the next line
# The head of an appendix, never a sentence that names another document's annex.
_ANNEX: Final = re.compile(
    rf"(?:^|\(|\[)\s*(?:(?:Được\s+)?[Bb]an hành\s+)?[Kk]èm theo\s+(?P<type>{_TYPES})\s+số\s*:?\s*(?P<number>{_NUMBER})"
    rf"(?:,?\s+ngày\s+(?P<date>\d{{1,2}}\s*(?:tháng\s+\d{{1,2}}\s+năm|[/.-]\s*\d{{1,2}}\s*[/.-])\s*\d{{4}}))?",
    re.IGNORECASE,
)
_CODES: Final = {plain(code): code for code in CODES.values()}


@dataclass(frozen=True, slots=True)
class Own:
    """A number, and the day beside it; tail: the printed part of a blank number ("/KH-UBND")."""

    number: str = ""
    date: str = ""
    tail: str = ""
    blank: bool = False


def in_block(head: Sequence[str], typed: int, subject_end: int) -> Own:
    """Return the number in the heading block. typed: the line of the type, -1 without one; subject_end: after its
    subject.

    A number above the type always belongs to the document. Below the type, only a line with a number alone does.
    """
    lines = _joined(head)
    above = lines if typed < 0 else lines[:typed]
    for line in above:
        if found := _OWN.search(line):
            return Own(tidy(found["number"]))
        if blank := _BLANK.search(line):
            return Own(tail=tidy(blank["tail"] or ""), blank=True)
    if typed < 0:
        return Own()
    for line in [*lines[typed + 1 : typed + 3], *lines[subject_end : subject_end + 2]]:
        if _ITS_LINE.match(line) and (found := _OWN.match(line.lstrip("("))):
            return Own(tidy(found["number"]))
    return Own()


_BARE: Final = re.compile(r"S[ốỐ]\s*:?\s*(?P<number>\d{1,4}[A-Z]?)")
_DECREES: Final = {"SẮC LỆNH": "SL", "SẮC LUẬT": "SLt"}
_NEAR_A_TYPE: Final = 3  # lines


def of_a_decree(head: Sequence[str]) -> str:
    """Return the number of a decree of 1945 to 1957 whose code stands in its type alone: "SỐ 41 / SẮC LỆNH" → "41/SL".

    Return "" for any other heading.
    """
    for at, line in enumerate(head):
        if code := _DECREES.get(line.strip(" .:")):
            near = [*head[max(0, at - _NEAR_A_TYPE) : at], *head[at + 1 : at + 1 + _NEAR_A_TYPE]]
            found = next(filter(None, map(_BARE.fullmatch, near)), None)
            return f"{found['number']}/{code}" if found else ""
    return ""


def alone(said: str) -> str:
    """Return a text that is a number and nothing else, tidied; "" for any other text."""
    return tidy(said) if re.fullmatch(_NUMBER, without_slips(said.translate(_DASHES))) else ""


def is_line(line: str) -> bool:
    """Tell whether a line is a number with its word: "Số: 12/KH-UBND", with or without a dateline beside it."""
    return _NUMBER_LINE.match(line) is not None and bool(_OWN.match(line) or _BLANK.match(line))


def in_annex(lines: Sequence[str], kind: str, blank: Own, day: str) -> Own:
    """Return the number by which an appendix calls its document: "(Kèm theo Thông tư số 41/2026/TT-BTC".

    day: what the heading says of its day; an appendix of another day belongs to a document that this one amends.
    """
    for number, line in enumerate(lines):
        if "èm theo" in line and (found := _ANNEX.search(" ".join(lines[number : number + 3]))):
            own, said = tidy(found["number"]), parse_date(found["date"] or "")
            alike = not said or said.startswith(day) or day.startswith(said)
            if alike and (not kind or kind.lower() == found["type"].lower()) and own.endswith(blank.tail):
                return Own(own, said)
    return Own()


def in_name(path: str, kind: str, blank: Own) -> str:
    """Return the number in a file's name: "thong-tu-so-41-2026-tt-btc-469100.pdf", "45-KH-
    UBND.docx"; "" without one.
    """
    name = slug(PurePosixPath(path).stem)
    found = re.search(
        r"(?:^|-)(?:so-)?(?P<number>\d{1,5}[a-z]?)(?:-(?P<year>(?:19"
        r"|20)\d\d))?-(?P<code>[a-z]{1,5}\d{0,2})-(?P<issuer>[a-z]{2,12}(?:-[a-z]{2,12})*)",
        name,
    )
    if not found or found["code"] not in _CODES:
        return ""
    code = _CODES[found["code"]]
    if blank.tail:
        printed = slug(blank.tail)
        said = "-".join(filter(None, (found["year"], found["code"], found["issuer"])))
        return f"{found['number'].upper()}{blank.tail}" if said.startswith(printed) else ""
    issuers = [ISSUER_CODES.get(part, "") for part in found["issuer"].split("-")]
    if not issuers[0] or (kind and slug(kind) not in (slug(TYPE_NAMES.get(type_of("", code), "")), slug(code))):
        return ""
    known = "-".join(issuers[: next((n for n, one in enumerate(issuers) if not one), len(issuers))])
    return f"{found['number'].upper()}/{found['year'] + '/' if found['year'] else ''}{code}-{known}"


def type_in(number: str) -> str:
    """Return the type that a number states: "372/QĐ-SNV" → "Quyết định"; "" for a number without a type."""
    for part in re.split(r"[-/]", number)[1:]:
        if part.isdigit():
            continue
        if plain(part) in CODES:
            return TYPE_NAMES.get(type_of("", part), "")
        return "Luật" if re.fullmatch(r"QH\d+", part) else ""
    return ""


def type_of_court(number: str) -> str:
    """Return the type that a court's number states: "12/2024/HS-ST" → "Bản án"; "" for other numbers.

    >>> type_of_court("08/2020/KDTM-GĐT"), type_of_court("15/2025/QĐST-HNGĐ"), type_of_court("372/QĐ-SNV")
    ('Quyết định giám đốc thẩm', 'Quyết định', '')
    """
    found = COURT.fullmatch(plain(number.rpartition("/")[2]))
    stages = {"gdt": "Quyết định giám đốc thẩm", "tt": "Quyết định tái thẩm", None: "Quyết định"}
    return stages.get(found["stage"], "Bản án") if found else ""


def tidy(number: str) -> str:
    """Return a number without blanks, its letters Latin and its dashes plain.

    >>> tidy("372 /QĐ-SNV"), tidy("06/2022/TT-BТС")
    ('372/QĐ-SNV', '06/2022/TT-BTC')
    """
    number = re.sub(r"^(\d+)\s+(?=[A-ZĐ])", r"\1-", number)  # "15 CV/TĐTN"
    return re.sub(r"\s+|[¹²³]$", "", number).translate(_LATIN).translate(_DASHES).strip(".,;")


def _joined(head: Sequence[str]) -> list[str]:
    """Return as many lines as before; a number that goes on in the next line is made whole."""
    lines = [without_slips(line.translate(_DASHES)) for line in head]
    for number, line in enumerate(lines[:-1]):
        if _OPEN.search(line) and _REST.fullmatch(lines[number + 1]):
            rest, _, beside = lines[number + 1].partition(" ")
            lines[number], lines[number + 1] = line + rest, beside
        elif _CALLED.match(line) and lines[number + 1][:1].isdigit():
            lines[number], lines[number + 1] = f"{line} {lines[number + 1]}", ""
    return lines
