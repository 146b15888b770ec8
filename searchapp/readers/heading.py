"""Read the heading of an official document: number, type, issuer, date, subject ("trích yếu"), signer, legal basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from searchapp.citations.find.vocabulary import ISSUER_CODES
from searchapp.dates import parse_date
from searchapp.readers import own_number, signatory, subject
from searchapp.readers.dateline import day_in, made, passed
from searchapp.readers.institutions import cased
from searchapp.readers.issuer import (
    MOTTO,
    YOUTH,
    as_written,
    canonical,
    issuer,
    name_of_code,
    of_number,
    of_the_centre,
)  # fmt: skip
from searchapp.readers.own_number import tidy
from searchapp.text.normalize import slug
from searchapp.text.syllables import CAPITALS

HEAD_LINES: Final = 45
MAX_BASES: Final = 40
MAX_LINE: Final = 2_000
"""The longest line that is looked at, in characters; a subject has some hundreds."""

_TYPES: Final = "|".join(subject.TYPES)
_NUMBER: Final = r"\d{1,5}[A-Za-z]?(?:\.\d{1,3})?(?:/\d{4})?[-/][A-ZĐ]\w*(?:[-/][\w]+){0,4}"
# "Luật Lâm nghiệp số 16/2017/QH14": type, subject and number in one line.
_ONE_LINE: Final = re.compile(rf"(?P<type>{_TYPES})(?:\s+(?P<title>.+?))?\s+số\s*:?\s*(?P<number>{_NUMBER})")
_ENDS_ISSUER: Final = re.compile(
    rf"^(?:{_TYPES})$|^số\s*:?\s*\d|(?:^|\s)số\s*:?\s*(?:\d+[a-z]?\s?[-/]|[.…_\s]*[-/][A-ZĐ])"
    r"|(?-i:(?:^|\s)[Ss]ố|^SỐ)\s*:?\s*$|ngày[\s.…_]*\d*[\s.…_]*tháng",
    re.IGNORECASE,
)
PRECEDENT: Final = re.compile(r"Án lệ số:? ?\d{1,3}/\d{4}/AL", re.IGNORECASE)
_PASSED_BY: Final = re.compile(rf"[Đđ]ược\s+(?P<issuer>[{CAPITALS}][^,.;]{{5,80}}?)\s+thông qua")
_BULLET: Final = re.compile(r"^[-–—+*•]\s*")
_DECIDED: Final = re.compile(r"(?:Điều\s+\d|Chương\s+[IVX\d]|Phần\s|QUYẾT NGHỊ|QUYẾT ĐỊNH\s*:|(?:\d+|[IVX]+)[.-]\s)")
_SEVERAL: Final = re.compile(r";\s*(?=Căn cứ |Theo |Xét |Thực hiện )")
_FURNITURE: Final = re.compile(r"(?:\d+\s+)?CÔNG BÁO/.*|\d{1,3}")
# "của Bộ trưởng Bộ Nội vụ": the ministry is the issuer, whoever signs for it.
_CHIEF: Final = re.compile(
    r"(?:bộ trưởng|chủ tịch(?=\s(?:ủy ban|uỷ ban|ubnd|hội đồng(?!\sbộ trưởng)))|giám đốc|thống đốc|chánh án"
    r"|viện trưởng|hiệu trưởng|(?:tổng\s)?cục trưởng|chủ nhiệm|trưởng ban|tổng thanh tra(?=\sthanh tra)"
    r"|tổng kiểm toán(?=\skiểm toán))\s+",
    re.IGNORECASE,
)
_CONSOLIDATED_TYPE: Final = "Văn bản hợp nhất"
_AROUND: Final = 7
"""The lines around the authentication where number, day and issuer stand."""

CONSOLIDATED: Final = re.compile(r"VĂN BẢN HỢP NHẤT(?:\s*[-–—]\s*(?P<issuer>.*))?$")
_AUTHENTICATED: Final = re.compile(r"XÁC THỰC VĂN BẢN HỢP NHẤT")
_CONSOLIDATED_NUMBER: Final = re.compile(r"[Ss][ốỐ]\s*:?\s*(?P<number>\d{1,5}\s?[-/]\s?VBHN\s?[-–/]\s?[A-ZĐ][\w-]*)")
_NAMED: Final = re.compile(r"(?:^|-)(?P<number>\d{1,5})-vbhn-(?P<issuer>[a-z]{2,12})(?:-|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The facts of one document; a fact that the document does not say is "". date: ISO; basis: its "Căn cứ …" in
    order.
    """

    number: str
    type: str
    issuer: str = ""
    date: str = ""
    title: str = ""
    signer: str = ""
    basis: tuple[str, ...] = ()


def find(lines: Sequence[str], path: str = "") -> Heading | None:
    """Return the heading of a document by its lines, as on the page or joined. None when it is no official document.

    path: the file; its name may hold the number where the number was only stamped on the paper. The title of a part
    tells which issue of the gazette it continues.
    """
    found = _found(lines, path)
    later = next((said for line in lines[:_LATER] if (said := _LATER_PART.search(line))), None)
    if found is None or later is None:
        return found
    issue = " + ".join(re.findall(r"\d+", later["issues"]))
    return replace(found, title=f"{found.title} (tiếp theo Công báo số {issue})")


# "(Tiếp theo Công báo số 121 + 122)", "(Tiếp theo và hết Công báo từ số 119 + 120 đến số 121 + 122)".
_LATER_PART: Final = re.compile(
    r"\((?i:tiếp theo)(?: và hết)?(?: của)? (?i:công báo)\s(?:.{0,40}\s)?số\s*(?P<issues>\d{1,4}(?:\s*\+\s*\d{1,4})*)"
)
_LATER: Final = 30  # lines above it: the head of the page and the name of the document


def _found(lines: Sequence[str], path: str) -> Heading | None:
    told = [clean for line in lines for part in line.split(" | ") if (clean := " ".join(part.split()))]
    lines = [subject.as_meant(line[:MAX_LINE]) for line in told[: 2 * HEAD_LINES]]
    lines = [line for line in lines if line]
    lines += [line[:MAX_LINE] for line in told[2 * HEAD_LINES :]]
    if lines and PRECEDENT.fullmatch(lines[0]):
        lines[0] = f"Án lệ{lines[0][len('Án lệ') :].lower().replace('/al', '/AL')}"
    lines = [*(line for line in lines[: 2 * HEAD_LINES] if not _FURNITURE.fullmatch(line)), *lines[2 * HEAD_LINES :]]
    head = _head(lines)
    text = _authenticated(lines, head, path)
    headed = text is not None and _opens_consolidated(head)
    if not headed and (whole := _whole(head, lines) or _of_states(head, lines)):
        return whole
    motto = any(MOTTO.search(line) or YOUTH.fullmatch(line.strip(" *_-")) for line in head)
    one = next((found for line in head[:6] if (found := _ONE_LINE.fullmatch(line))), None)
    if not motto and not headed and not (one and one[0] == head[0]) and not _has_block(head):
        return None
    about = subject.find(lines, len(head))
    if one and not headed and (about.line < 0 or (one["title"] and head.index(one[0]) < about.line)):
        return _one_line(one, lines, head)
    above = head[: about.line] if about.line >= 0 else head
    if text:
        return _consolidated(text, about, lines)
    own = own_number.in_block(head, about.line, about.end)
    annexed = (
        own_number.Own() if own.number else own_number.in_annex(lines[about.end :], about.type, own, day_in(above))
    )
    number = own.number or own_number.of_a_decree(head) or annexed.number or own_number.in_name(path, about.type, own)
    if not number and about.line < 0:
        return None
    name, signed = signatory.found(lines, max(about.end, 1))
    kind = own_number.type_of_court(number) or about.type or own_number.type_in(number)
    if not kind and any(line.startswith("Kính gửi") for line in lines[:HEAD_LINES]):
        kind = "Công văn"
    return Heading(
        number=number,
        type=kind,
        issuer=of_the_centre(_issuer(number or own.tail, above or head, lines), [*head, lines[signed]]),
        date=_fuller(day_in(above) or day_in(head[about.end :]), annexed.date) or passed(lines, head, signed),
        title=_announced(about.title, lines) or _nameless(kind, number),
        signer=name,
        basis=_basis(told),
    )


_LAW_ANNOUNCED: Final = re.compile(r"[Cc]ông bố (?:Luật|Bộ luật|Pháp lệnh|Nghị quyết)$")


def _announced(title: str, lines: Sequence[str]) -> str:
    """Return the title of an order that announces a law, with the name of the law below its words."""
    if not _LAW_ANNOUNCED.search(title):
        return title
    at = next((n for n, line in enumerate(lines) if line.startswith("NAY CÔNG BỐ")), len(lines))
    name = next(iter(lines[at + 1 : at + 2]), "").strip(' ,.“”"')
    kind = subject.named(name)
    return f"{title.removesuffix(kind)}{kind}{name[len(kind) :]}" if kind and title.endswith(kind) else title


# "… của Bộ trưởng Bộ" goes on in the next line.
_GOES_ON: Final = re.compile(
    r"(?:[,-]|\s(?:và|của|Bộ|Bộ trưởng|Ủy ban|nhân dân|tỉnh|thành phố|Chủ tịch|Chính|Thủ tướng))$"
)


def _has_block(head: Sequence[str]) -> bool:
    """Tell whether lines without a motto are a heading: their own number, and below it a type in capitals alone."""
    if own_number.of_a_decree(head):
        return True
    numbered = next((n for n, line in enumerate(head) if own_number.is_line(line)), len(head))
    return any(line.isupper() and subject.named(line) == subject.alone(line) != "" for line in head[numbered:])


def _fuller(date: str, other: str) -> str:
    """Return the fuller one of two dates that may be the same day."""
    return other if other.startswith(date) else date


def _one_line(found: re.Match[str], lines: Sequence[str], head: Sequence[str]) -> Heading:
    """Return the heading of a document whose first line has type, subject and number."""
    kind, number = found["type"], own_number.tidy(found["number"])
    name, signed = signatory.found(lines, 1)
    title = found["title"] or ""
    if PRECEDENT.fullmatch(head[0]) and lines[1:2] and lines[1].startswith("Về "):
        title = subject.about("", 1, kind, lines).title
    return Heading(
        number=number,
        type=kind,
        issuer=_issuer(number, head, lines),
        date=day_in(head) or passed(lines, head, signed),
        title=subject.called(kind, title) or _nameless(kind, number),
        signer=name,
        basis=_basis(lines),
    )


def _whole(head: Sequence[str], lines: Sequence[str]) -> Heading | None:
    """Return a heading without the two columns: "NGHỊ ĐỊNH / CỦA CHÍNH PHỦ SỐ … NGÀY … / VỀ …"."""
    for start in range(len(head)):
        if not subject.named(head[start]) or not _may_be_whole(head, start):
            continue
        taken: list[str] = []
        for line in head[start : start + 6]:
            taken.append(line)
            found = own_number.WHOLE.match(" ".join(taken))
            if not found or _GOES_ON.search(line):
                continue
            if head[start].isupper() or _is_document(lines, start + len(taken)):
                break
        else:
            continue
        number, kind = own_number.tidy(found["number"]), subject.named(head[start])
        by, after = found["issuer"] or found["by"] or "", start + len(taken)
        if kind == "Sắc lệnh" and number.isdigit():
            number = f"{number}/SL"
        about = subject.about(found["about"] or "", after, kind, lines)
        name, _ = signatory.found(lines, about.end)
        return Heading(
            number=number,
            type=kind,
            issuer=canonical(cased(_CHIEF.sub("", by))) if by else _issuer(number, head[:start], lines),
            date=parse_date(found["date"]),
            title=about.title or _nameless(kind, number),
            signer=name,
            basis=_basis(lines[start:]),
        )
    return None


_OF_STATES: Final = ("Hiệp định", "Nghị định thư", "Hiệp ước", "Công ước", "Bản ghi nhớ")
_BETWEEN: Final = re.compile(r"GIỮA\s|VỀ\s|CỦA LIÊN HỢP QUỐC")


def type_of_states(line: str, below: str) -> str:
    """Return the type of a constitution or a treaty by its first two lines; "" for any other text."""
    kind = subject.alone(line)
    constitution = kind == "Hiến pháp" and below.startswith("NƯỚC ")
    return kind if constitution or (kind in _OF_STATES and _BETWEEN.match(below)) else ""


def _of_states(head: Sequence[str], lines: Sequence[str]) -> Heading | None:
    """Return the heading of a constitution or a treaty, which have no number: "HIỆP ĐỊNH / GIỮA CHÍNH PHỦ … VÀ …"."""
    typed = next((n for n, line in enumerate(head[:_LETTERHEAD]) if subject.alone(line)), len(head))
    kind = type_of_states(*head[typed : typed + 2]) if typed + 1 < len(head) else ""
    if not kind:
        return None
    about = subject.find(lines, len(head))
    name, signed = signatory.found(lines, max(about.end, 1))
    date = passed(lines, head, signed) if kind == "Hiến pháp" else made(lines)
    told = about.title.removeprefix(kind).strip()
    return Heading(number="", type=kind, date=date, title=f"{kind} {told[:1].lower()}{told[1:]}", signer=name)


_LETTERHEAD: Final = 6  # lines above the type


_NUMBER_AND_DAY: Final = re.compile(rf"Số\s*:?\s*{_NUMBER},?\s+ngày\s+\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}\s+của\s")


def _may_be_whole(head: Sequence[str], start: int) -> bool:
    """Tell whether number and day may follow the type: at the top, or "SẮC LỆNH / CỦA … SỐ …" below a letterhead."""
    if start < _LETTERHEAD and not any(MOTTO.search(line) for line in head[: start + 1]):
        return True
    below = head[start + 1] if start + 1 < len(head) else ""
    told = below.isupper() and below.startswith(("CỦA ", "SỐ "))
    return bool(subject.alone(head[start])) and (told or _NUMBER_AND_DAY.match(below) is not None)


def _is_document(lines: Sequence[str], after: int) -> bool:
    """Tell whether the lines after a document's name are that document, not an article about it."""
    begins = any(re.match(r"Căn cứ\s|Điều\s+1\b|Chương\s+I\b|QUYẾT\s", line) for line in lines[after : after + 6])
    return begins or any(line.startswith("(Tiếp theo") for line in lines[: after + 6])


def _consolidated(text: _Consolidated, about: subject.Subject, lines: Sequence[str]) -> Heading:
    """Return the heading of a consolidated text, a document of its own, never the one that it consolidates."""
    code = re.split(r"[-/]", text.number)[-1]
    return Heading(
        number=text.number,
        type=_CONSOLIDATED_TYPE,
        issuer=issuer([*text.issuer, "."], re.compile(r"^\.$")) or name_of_code(code),
        date=text.date,
        title=about.title or _nameless(_CONSOLIDATED_TYPE, text.number),
        signer=signatory.signer(lines, text.line) if text.line >= 0 else signatory.signer(lines, about.end),
        basis=_basis(lines),
    )


def _nameless(kind: str, number: str) -> str:
    """Return the name of a document without a subject: never a line of its heading."""
    return f"{kind or 'Văn bản'} số {number}" if number else kind


def _head(lines: Sequence[str]) -> list[str]:
    """Return the lines of the heading and the subject, as far as they show before the type is known."""
    typed = next((n for n, line in enumerate(lines[:HEAD_LINES]) if subject.named(line)), -1)
    start = max(1, typed + 2)
    end = next((n for n, line in enumerate(lines[:HEAD_LINES]) if n >= start and begins_body(line)), HEAD_LINES)
    return list(lines[:end])


def begins_body(line: str) -> bool:
    """Tell whether the text of a document begins in this line, below its heading."""
    return subject.BODY.match(_BULLET.sub("", line)) is not None


_JOINT: Final = re.compile(r"(?:TT|NQ|CT|HD|KH|QC|CTr?)L[TBNS](?![A-Z])|-LB(?![A-Z])")


def _issuer(number: str, head: Sequence[str], lines: Sequence[str]) -> str:
    if known := of_number(number):
        return "Hội đồng Chính phủ" if known == "Chính phủ" and "HỘI ĐỒNG CHÍNH PHỦ" in head else known
    if found := _PASSED_BY.search(" ".join(head[:5])):
        return found["issuer"]
    named = issuer(head, _ENDS_ISSUER, joint=_JOINT.search(number) is not None)
    return as_written(named, lines) if named else name_of_code(re.split(r"[-/]", number)[-1])


def _basis(lines: Sequence[str]) -> tuple[str, ...]:
    """Return each "Căn cứ …" of the block above the decision: on one line or more, or several in one."""
    found: list[str] = []
    for line in lines[: 2 * HEAD_LINES]:
        one = _BULLET.sub("", line)
        if one.startswith("Căn cứ "):
            found.append(one)
        elif subject.BODY.match(one) or (one.isupper() and not (found and one[:1].isdigit())):
            if found or _DECIDED.match(one):
                break
        elif found and (found[-1].endswith((";", ".")) or (found[-1].endswith(",") and subject.speaks(one))):
            break
        elif found:
            found[-1] += " " + one
    # "Căn cứ Nghị quyết X, Ban Thường vụ yêu cầu:" is the beginning of the text.
    several = [one.strip(" ;.") for line in found if not line.endswith(":") for one in _SEVERAL.split(line)]
    return tuple(one for one in several if one.startswith("Căn cứ "))[:MAX_BASES]


@dataclass(frozen=True, slots=True)
class _Consolidated:
    """Facts of a consolidated text; a fact that the text does not say is "".

    issuer: lines in capitals; line: the line of the authentication, or -1.
    """

    number: str
    date: str
    issuer: tuple[str, ...]
    line: int


def _authenticated(lines: Sequence[str], head: Sequence[str], path: str) -> _Consolidated | None:
    """Return the facts of a consolidated text; None for any other document."""
    at = next((n for n, line in enumerate(lines) if _AUTHENTICATED.search(line)), -1)
    headed = next((found for line in head[:12] if (found := CONSOLIDATED.match(line.rstrip(" -–—")))), None)
    numbered = next((found for line in head if (found := _CONSOLIDATED_NUMBER.search(line))), None)
    if at < 0 and not headed and not numbered:
        return None
    around = lines[max(0, at - _AROUND) : at + _AROUND] if at >= 0 else ()
    near = numbered or next((found for line in around if (found := _CONSOLIDATED_NUMBER.search(line))), None)
    number = tidy(near["number"]) if near else _in_name(path)
    if not number:
        return None
    after, before = (lines[at : at + _AROUND], lines[max(0, at - _AROUND) : at][::-1]) if at >= 0 else ((), ())
    date = (day_in(head) if numbered else "") or day_in(after) or day_in(before)
    return _Consolidated(number, date, _consolidated_issuer(lines, head, at), at)


def _opens_consolidated(head: Sequence[str]) -> bool:
    """Tell whether a text begins with the words "VĂN BẢN HỢP NHẤT", as copies without a letterhead do."""
    return any(CONSOLIDATED.match(line.rstrip(" -–—")) for line in head[:2])


def _in_name(path: str) -> str:
    found = _NAMED.search(slug(PurePosixPath(path).stem))
    code = ISSUER_CODES.get(found["issuer"], "") if found else ""
    return f"{found['number']}/VBHN-{code}" if found and code else ""


def _consolidated_issuer(lines: Sequence[str], head: Sequence[str], at: int) -> tuple[str, ...]:
    """Return the lines in capitals above the authentication, else those after "VĂN BẢN HỢP NHẤT -"."""
    above: list[str] = []
    for line in reversed(lines[max(0, at - _AROUND) : at] if at >= 0 else ()):
        if _CONSOLIDATED_NUMBER.search(line) or not line.strip("-–—_* "):
            continue
        if not line.isupper():
            break
        above.insert(0, line)
    if above:
        return tuple(above)
    for number, line in enumerate(head[:12]):
        if found := CONSOLIDATED.match(line):
            first = (found["issuer"] or "").strip(" -–—")
            rest = [one for one in head[number + 1 : number + 3] if one.isupper() and not one.startswith("CỘNG H")]
            return tuple(filter(None, (first, *rest)))
    return ()
