"""What an official document says of itself: number, type, issuer, date, subject ("trích yếu"), signer, legal basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from searchapp.article import Record
from searchapp.dates import parse_date
from searchapp.readers.issuer import MOTTO, issuer

HEAD_LINES: Final = 40
TAIL_LINES: Final = 40
MAX_BASES: Final = 40
BEGINNING: Final = 1_000
"""Characters in which the motto of an official document stands."""

_TYPES: Final = (
    "Nghị quyết", "Nghị định", "Quyết định", "Quy định", "Quy chế", "Chỉ thị", "Kết luận", "Thông tri", "Thông tư",
    "Thông báo", "Thông cáo", "Hướng dẫn", "Kế hoạch", "Chương trình", "Đề án", "Báo cáo", "Tờ trình", "Công văn",
    "Công điện", "Bộ luật", "Luật", "Pháp lệnh", "Lệnh", "Hiến pháp", "Án lệ", "Tuyên bố", "Lời kêu gọi",
    "Văn bản hợp nhất",
)  # fmt: skip
_TYPE_OF_CAPITALS: Final = {name.upper(): name for name in _TYPES}
_DATED: Final = r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"

_NUMBER: Final = r"\d{1,5}[A-Za-z]?(?:\.\d{1,3})?(?:/\d{4})?[-/][A-ZĐ]\w*(?:[-/][\w]+){0,4}"
_NUMBERED: Final = re.compile(rf"\bsố\s*:?\s*(?P<number>{_NUMBER})", re.IGNORECASE)
_OWN_NUMBER: Final = re.compile(rf"(?:(?:{'|'.join(_TYPES)})\s+)?số\s*:?\s*{_NUMBER}$", re.IGNORECASE)
# "Luật Lâm nghiệp số 16/2017/QH14": type, subject and number in one line.
_ONE_LINE: Final = re.compile(rf"(?P<type>{'|'.join(_TYPES)})(?:\s+(?P<title>.+?))?\s+số\s*:?\s*{_NUMBER}")
_ENDS_ISSUER: Final = re.compile(rf"^(?:{'|'.join(_TYPE_OF_CAPITALS)})$|{_NUMBERED.pattern}|{_DATED}", re.IGNORECASE)
_PASSED: Final = re.compile(rf"thông qua\s+(?P<date>{_DATED})")
_PASSED_BY: Final = re.compile(r"[Đđ]ược\s+(?P<issuer>[A-ZĐ][^,.;]{5,80}?)\s+thông qua")
_DATELINE: Final = re.compile(rf"[^,]{{2,80}},\s*{_DATED}\W*")
_RULE: Final = re.compile(r"[\s_\-–—=*.•]*")
_BODY: Final = re.compile(
    r"(?:Căn cứ|Theo|Thực hiện|Xét|Kính gửi|Điều\s+\d|Chương\s+[IVX\d]|Phần\s|QUYẾT NGHỊ|QUYẾT ĐỊNH\s*:|\d+\."
    r"|[IVX]+[.-]\s)"
)
_BULLET: Final = re.compile(r"^[-–—+*•]\s*")
_DECIDED: Final = re.compile(r"(?:Điều\s+\d|Chương\s+[IVX\d]|Phần\s|QUYẾT NGHỊ|QUYẾT ĐỊNH\s*:|(?:\d+|[IVX]+)[.-]\s)")
_SEVERAL: Final = re.compile(r";\s*(?=Căn cứ |Theo |Xét |Thực hiện )")
_ADOPTED: Final = re.compile(r"(?:HỘI NGHỊ|ĐẠI HỘI|CỦA|BAN|BỘ CHÍNH TRỊ)\s")
_OFFICE: Final = re.compile(
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|CỤC TRƯỞNG|TRƯỞNG BAN|BAN THƯỜNG VỤ|BAN CHẤP HÀNH|HỘI ĐỒNG|ỦY BAN|UỶ BAN|THỦ TƯỚNG"
    r"|CHÍNH PHỦ|QUỐC HỘI|CHÁNH ÁN|VIỆN TRƯỞNG|THỐNG ĐỐC|TỔNG)(?=\s|$)"
)
_GOES_ON: Final = re.compile(r"(?:,|\s(?:CỦA|VÀ|CHO|TẠI|VỚI|DO|Ở))$")
_LETTER: Final = re.compile(r"V/[vV]:?\s+")
# Some issuers are known from the number alone.
_ISSUERS: Final = (
    (re.compile(r"/QH\d*$"), "Quốc hội"),
    (re.compile(r"UBTVQH\d*$"), "Ủy ban Thường vụ Quốc hội"),
    (re.compile(r"-CP$"), "Chính phủ"),
    (re.compile(r"-TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"CTN$"), "Chủ tịch nước"),
)
_SIGNED: Final = re.compile(
    r"(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\.?\s|(?:PHÓ\s)?(?:CHỦ TỊCH|THỦ TƯỚNG|BÍ THƯ|TỔNG BÍ THƯ|BỘ TRƯỞNG|CHÁNH ÁN"
    r"|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|CHÁNH THANH TRA|CHỦ NHIỆM|(?:TỔNG )?GIÁM ĐỐC|(?:TỔNG )?CỤC TRƯỞNG|VIỆN TRƯỞNG"
    r"|TRƯỞNG PHÒNG|HIỆU TRƯỞNG|TỔNG KIỂM TOÁN|TỔNG THANH TRA|THỐNG ĐỐC)|THỨ TRƯỞNG"
)
_RANK: Final = re.compile(r"(?:(?:Đại|Thượng|Trung|Thiếu)\s(?:tướng|tá)|(?:PGS|GS|TSKH|TS|ThS|BS|KS|LS)\b[.,]*)\s*")
_SYLLABLE: Final = r"[A-ZÀ-ỸĐ][a-zà-ỹđ]*(?:['’][A-ZÀ-Ỹa-zà-ỹđ]+)?"
_NAME: Final = re.compile(rf"(?:{_SYLLABLE}\s){{1,4}}{_SYLLABLE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The facts of one document; "" for what it does not say. date: ISO; basis: its "Căn cứ …" in order."""

    number: str
    type: str
    issuer: str = ""
    date: str = ""
    title: str = ""
    signer: str = ""
    basis: tuple[str, ...] = ()


def find(lines: Sequence[str]) -> Heading | None:
    """The heading of a document by its lines, as on the page or joined; None when this is no official document."""
    lines = [clean for line in lines if (clean := " ".join(line.split()))]
    head = _head(lines)
    if not any(MOTTO.search(line) for line in head) and not (head and _ONE_LINE.fullmatch(head[0])):
        return None
    numbered = next((found for line in head if (found := _NUMBERED.search(line))), None)
    if numbered is None:
        return None
    number = numbered["number"]
    kind, title = _subject(head, lines)
    return Heading(
        number=number,
        type=kind,
        issuer=_issuer(number, head, lines),
        date=_date(head, lines),
        title=title,
        signer=_signer(lines[-TAIL_LINES:]),
        basis=_basis(lines),
    )


def applied(record: Record, heading: Heading | None) -> Record:
    """The record with what its heading says where the record itself says nothing."""
    if heading is None:
        return record
    return replace(
        record,
        title=heading.title or record.title,
        number=record.number or heading.number,
        kind=record.kind or heading.type,
        issuer=record.issuer or heading.issuer,
        date=record.date or heading.date,
        signer=record.signer or heading.signer,
        basis=record.basis or heading.basis,
    )


def completed(record: Record) -> Record:
    """The record of a row or front matter that says little of an official document, with what its text says itself."""
    if record.number or not MOTTO.search(record.text[:BEGINNING]):
        return record
    found = applied(record, find(record.text.split("\n")))
    return replace(found, title=record.title or found.title)


def stated(record: Record, heading: Heading | None) -> Record:
    """The record of a page around a document: what the document says of itself holds, not what the page says."""
    if heading is None:
        return record
    bare = replace(record, date="", author="", number="", kind="", issuer="", signer="", basis=())
    return applied(replace(bare, date="" if heading.date else record.date), heading)


def document_within(lines: Sequence[str]) -> Sequence[str]:
    """The lines of the official document on a page, from its issuer to its signer; empty when there is none."""
    motto = next((number for number, line in enumerate(lines) if line.startswith("Độc lập - Tự do - Hạnh phúc")), None)
    if motto is None or not any(_begins_body(line) for line in lines[motto : motto + 2 * HEAD_LINES]):
        return ()
    start = motto
    while (
        start and motto - start < HEAD_LINES // 4 and (lines[start - 1].isupper() or _RULE.fullmatch(lines[start - 1]))
    ):
        start -= 1
    end = next((n for n in range(motto, len(lines)) if _signer(lines[n : n + 6]) and _SIGNED.match(lines[n])), None)
    if end is None:
        return ()
    name = next(n for n in range(end + 1, len(lines)) if _name(lines[n]))
    found = lines[start : name + 1]
    return found if find(found) else ()


def _head(lines: Sequence[str]) -> list[str]:
    end = next((n for n, line in enumerate(lines[:HEAD_LINES]) if n and _begins_body(line)), HEAD_LINES)
    return [line for line in lines[:end] if not line.startswith("CÔNG BÁO/")]


def _begins_body(line: str) -> bool:
    return _BODY.match(_BULLET.sub("", line)) is not None


def _subject(head: Sequence[str], lines: Sequence[str]) -> tuple[str, str]:
    """Type and subject: from a line that has all, else from the type in capitals and the lines under it."""
    whole = [(found, line) for line in head if (found := _ONE_LINE.fullmatch(line))]
    for found, _ in whole:
        if found["title"]:
            return found["type"], _capital(found["title"])
    for number, line in enumerate(head):
        if kind := _TYPE_OF_CAPITALS.get(line.rstrip(" :")):
            return kind, _capital(_mixed_case(" ".join(_own_subject(_under(head[number + 1 :]))), lines))
    for number, line in enumerate(head):
        if found := _LETTER.match(line):
            rest = takewhile(
                lambda line: not (MOTTO.search(line) or _DATELINE.fullmatch(line)), _under(head[number + 1 :])
            )
            return "Công văn", _capital(" ".join([line[found.end() :], *rest]))
    return (whole[0][0]["type"], whole[0][1]) if whole else ("", "")


def _under(lines: Sequence[str]) -> list[str]:
    """The lines of the subject: until a rule, the number, or capitals after ordinary letters (the issuer again)."""
    subject: list[str] = []
    for line in lines[:8]:
        if _RULE.fullmatch(line) or _begins_body(line) or _OWN_NUMBER.match(line):
            break
        if subject and line.isupper() and not subject[-1].isupper():
            break
        subject.append(line)
    # Above the body, the office that decides once more: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …".
    if len(subject) == len(lines) > 1 and _OFFICE.match(subject[-1]) and not _GOES_ON.search(subject[-2]):
        subject.pop()
    return subject


def _own_subject(under: list[str]) -> list[str]:
    """The subject without the body that adopted it: "HỘI NGHỊ LẦN THỨ NĂM … / Về …", "CỦA BỘ CHÍNH TRỊ / về …"."""
    about = next((n for n, line in enumerate(under) if re.match(r"về\s", line, re.IGNORECASE)), 0)
    return under[about:] if about and _ADOPTED.match(under[0]) else under


def _issuer(number: str, head: Sequence[str], lines: Sequence[str]) -> str:
    for symbol, known in _ISSUERS:
        if symbol.search(number):
            return known
    if found := _PASSED_BY.search(" ".join(head[:5])):
        return found["issuer"]
    return issuer(head, _ENDS_ISSUER)


def _date(head: Sequence[str], lines: Sequence[str]) -> str:
    for line in head:
        if _DATELINE.fullmatch(line):
            return parse_date(line)
    # A law has no dateline: it says when it was passed, at its end or (precedents) at its top.
    for part in (lines[-TAIL_LINES:], head):
        if dates := _PASSED.findall(" ".join(part)):
            return parse_date(dates[-1])
    return ""


def _signer(tail: Sequence[str]) -> str:
    signed = [number for number, line in enumerate(tail) if line.isupper() and _SIGNED.match(line)]
    if not signed:
        return ""
    return next(filter(None, map(_name, tail[signed[-1] + 1 :][:5])), "")


def _name(line: str) -> str:
    """The name that a line is, without rank and degrees ("Đại tướng", "PGS.TS."), "" when it is none."""
    while found := _RANK.match(line):
        line = line[found.end() :]
    return line if _NAME.fullmatch(line) else ""


def _basis(lines: Sequence[str]) -> tuple[str, ...]:
    """Each "Căn cứ …" of the block above what is decided: a line of its own, several lines, or several in one line."""
    found: list[str] = []
    for line in lines[: 2 * HEAD_LINES]:
        one = _BULLET.sub("", line)
        if one.startswith("Căn cứ "):
            found.append(one)
        elif _BODY.match(one) or one.isupper():
            if found or _DECIDED.match(one):
                break
        elif found and found[-1].endswith((";", ".")):
            break
        elif found:
            found[-1] += " " + one
    # "Căn cứ Nghị quyết X, Ban Thường vụ yêu cầu:" is where the text begins.
    several = [one.strip(" ;.") for line in found if not line.endswith(":") for one in _SEVERAL.split(line)]
    return tuple(one for one in several if one.startswith("Căn cứ "))[:MAX_BASES]


def _mixed_case(capitals: str, lines: Sequence[str]) -> str:
    """A phrase in capitals as the document itself writes it elsewhere, else with its first letter alone in capitals."""
    if not capitals.isupper():
        return capitals
    small = capitals.lower()
    for line in lines:
        start = line.lower().find(small)  # linear, whatever the lines hold
        found = line[start : start + len(capitals)] if start >= 0 else ""
        if found.lower() == small and not found.isupper():
            return found
    return capitals.capitalize()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
