"""Read the words around a citation's core: a Candidate, and the tail with its date, issuer, place and term."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from searchapp.article import Citation
from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.bodies import body_at
from searchapp.citations.find.body_names import BRANCH, flexible
from searchapp.citations.find.vocabulary import (
    ACCENTED,
    DIGITS,
    ISSUER_CODES,
    PLACE,
    ROMAN,
    WORDS,
    issuer_code,
    ordinal,
    place_of,
    plain,
    read_table,
    roman,
)

CENTRE: Final = r"(?:trung[ \n]+uong|(?:hn)?tw|t\.[ ]?[uw]\.?|tu(?=[ ]+(?:dang|khoa|\d)))"
COMMITTEE: Final = r"(?:ban[ \n]+chap[ ]+hanh|bch)"
SMALL_PLACE: Final = r"(?:tp|thanh[ ]pho|tinh|quan|huyen)(?![a-z.])"
YEARS: Final = r"nhiem[ ]+ky[ ]+(?P<first>(?:19|20)\d\d)[ ]?-[ ]?(?P<last>(?:19|20)\d\d)"
_ORDINAL: Final = rf"(?:(?:lan[ ]+)?thu[ ]+(?:{DIGITS}|{ROMAN}|{WORDS})|{DIGITS}|{ROMAN})"

# "ngày 15/9/2021", "ngày 28 tháng 9 năm 2021", "(15-9-2021)", "tháng 9/2021", "năm 2021".
_DATE: Final = re.compile(
    r"""[ \n,(]{0,3} (?:(?:duoc[ ])?(?:ky[ ]ban[ ]hanh|ban[ ]hanh|ky|thong[ ]qua)[ ](?:vao[ ])?)?
    (?: (?:ngay[ \n]{0,2})?
        (?P<day>\d{1,2}) [ \n]?(?:[/.-]|[ \n]?thang[ \n])[ \n]?
        (?P<month>\d{1,2}) [ \n]?(?:[/.-]|[ \n]?,?[ \n]?nam[ \n])[ \n]?
        (?P<year>\d{4})(?!\d)
      | thang[ \n](?P<month2>\d{1,2})(?:[ ]?[/-][ ]?|[ \n]nam[ \n])(?P<year2>(?:19|20)\d\d)(?!\d)
      | nam[ \n](?P<year3>(?:19|20)\d\d)(?!\d|[ ]?-) )
    [)]?""",
    re.VERBOSE,
)
# "khóa XII", "(khóa 10)", "Đảng khóa XI", "nhiệm kỳ 2020 - 2025".
_TERM: Final = re.compile(
    rf"[ \n,(]{{0,3}}(?:cua[ ]+)?(?:dang[ ]+)?(?:khoa[ ]+(?P<session>{ROMAN}|{DIGITS})|{YEARS})[)]?"
)
_OF: Final = re.compile(r"[ \n,(]{0,3}(?P<of>(?:cua|(?P<by>do))[ \n]+)?")
# "do Thành ủy ban hành", but not "do nhân dân góp ý".
_ISSUES: Final = re.compile(
    r"[ \n]+(?:khoa[ ]+\w+[ ]+)?(?:da[ ])?(?:ky[ ])?(?:ban[ ]hanh|thong[ ]qua|de[ ]ra|ky)(?![a-z])"
)
# Without "của" the tail takes only words that cannot begin the next clause: "Nghị quyết 18 Trung ương", "số 13, Hội
# nghị lần thứ 5 BCH TW".
_ALONE: Final = re.compile(r"trung[ ]uong|tw\b|hoi[ ]nghi")


def _names() -> str:
    names: set[str] = set()
    for row in read_table("issuers.tsv"):
        names.update(plain(name) for name in (row["name"], *row.get("aliases", "").split("|")) if len(name) > 2)
    return flexible(names)


_ISSUER: Final = re.compile(
    rf"""(?:(?:bo[ ]truong|chu[ ]tich|chanh[ ]an|vien[ ]truong|thong[ ]doc|tong[ ]thanh[ ]tra|chu[ ]nhiem)[ ]+)?
    (?: hoi[ ]nghi[ ]+(?:{CENTRE}[ ]+{_ORDINAL}|{_ORDINAL},?[ ]+{COMMITTEE}[ ]*{CENTRE}(?:[ ]+dang)?)
      | {COMMITTEE}[ ]*{CENTRE}(?:[ ]+dang)?(?:[ ]+cong[ ]san[ ]viet[ ]nam)?
      | {CENTRE}[ ]+{_ORDINAL}(?=,?[ ]+\(?khoa[ ])
      | (?:(?:toa[ ]an|vien[ ]kiem[ ]sat)[ ]nhan[ ]dan|tand|vksnd)[ ]cap[ ]cao(?:[ ]tai[ ]{PLACE})?
      | {BRANCH}
      | {_names()}
      | (?:(?:{COMMITTEE}|ban[ ]thuong[ ]vu|btv|thuong[ ]truc)[ ]+)?
        (?:(?:thanh|tinh|quan|huyen|thi|dang)[ ]uy|dang[ ]bo)
      | {CENTRE}(?:[ ]+dang)? )(?![a-z])""",
    re.VERBOSE,
)
_OF_A_PLACE: Final = re.compile(PLACE)
# A joint document: "Bộ Công an, Bộ Quốc phòng và Bộ Y tế"; Party bodies sign alone.
_JOINT: Final = re.compile(r"[ \n]?,[ \n]+|,?[ \n]va[ ]")
_STATE_BODY: Final = re.compile(
    r"bo[ ](?!chinh[ ]tri)|toa[ ]an|vien|ngan[ ]hang|thanh[ ]tra|kiem[ ]toan|uy[ ]ban|chinh[ ]phu"
)
_REGISTER_ISSUER: Final = re.compile(r"[ ]+cua[ ]+(?P<issuer>[^0-9;()]{3,200}?)[ ]?[.]?[ ]?,?[ ]*co[ ]hieu[ ]luc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The facts after a core; end: where the tail ends in the shadow; about: see Citation."""

    end: int
    date: str = ""
    issuer: str = ""
    place: str = ""
    term: str = ""
    about: str = ""


# "12/2023/QĐ-UBND UBND tỉnh Lào Cai về …": a body without "của", up to words that cannot be its own deed.
_BESIDE: Final = re.compile(r"[ ]{1,2}\(?")
_ENDS_BESIDE: Final = re.compile(
    r"\)|[ ]?[.;:\n\"]|[ ]?\Z|,?[ \n]+(?:ve|v/v|ngay[ ]\d"
    r"|(?:ban[ ]hanh|quy[ ]dinh|phe[ ]duyet|sua[ ]doi|bai[ ]bo|huong[ ]dan)(?![ ]so))(?![a-z])"
)


def read_tail(text: Shadow, at: int, key: str = "") -> Tail:
    """Return the tail that begins at a position of the shadow; empty when there is none. key: the document's number."""
    tail = _read_tail(text, at)
    if tail.issuer or tail.place or not key:
        return tail
    beside = _BESIDE.match(text.lower, tail.end)
    if not beside or not text.cased[beside.end() : beside.end() + 1].isupper():
        return tail
    start = beside.end()
    body = body_at(text, start)
    central = None if body else _ISSUER.match(text.lower, start)
    end = body[0] if body else central.end() if central else start
    issuer = " ".join(text.written(start, end).split())
    if end == start or issuer_code(issuer) not in _codes(key) or not _ENDS_BESIDE.match(text.lower, end):
        return tail
    day = "" if tail.date else _read_tail(text, end).date
    return replace(tail, end=end, issuer=issuer, place=body[1].place if body else "", date=tail.date or day)


def _read_tail(text: Shadow, at: int) -> Tail:
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


_MAX_TITLE: Final = 1200  # letters between a number and its date in a register
_IN_FORCE: Final = re.compile(r"[ ]?[.]?[ ]?,?[ ]*co[ ]hieu[ ]luc")


def read_register_tail(text: Shadow, at: int) -> Tail | None:
    """Return the tail of a register's line: "Luật số 57/2020/QH14 <title> ngày 16/06/2020 của Quốc hội, có hiệu lực …".

    The title stands between the number and its date, and may cite other documents with dates of their own,
    on one line: below a heading's number the paper itself begins.
    """
    in_force = text.lower.find("co hieu luc", at, at + _MAX_TITLE)
    day = text.lower.rfind("ngay ", at, max(at, in_force))
    if in_force < 0 or day <= at + 1 or text.lower[at : at + 1] in (",", ")", ";") or "\n" in text.lower[at:day]:
        return None
    tail = read_tail(text, day)
    if not tail.date or _IN_FORCE.match(text.lower, tail.end):
        return tail if tail.date else None
    # The register writes the full names of bodies that no table knows, up to the same words.
    dated = _DATE.match(text.lower, day)
    issuer = _REGISTER_ISSUER.match(text.lower, dated.end()) if dated else None
    if not issuer:
        return None
    written = " ".join(text.written(*issuer.span("issuer")).split())
    return Tail(end=issuer.end("issuer"), date=tail.date, issuer=written)


_ROW_BEGINS: Final = re.compile(r"(?:\A|\n)(?:\|?[ ]?\d{1,4}[.]?[ ]?\|[ ]?)?(?:[a-z ]{2,30}\|[ ]?)?\Z")
_NEXT_CELL: Final = re.compile(
    r"[ ]?\|[ ]?(?:ngay[ ])?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})[ ]?(?=\||\n|\Z)"
)
_ROW_FAR: Final = 60


def read_row_day(text: Shadow, start: int, at: int) -> Tail | None:
    """Return the day of the first number in a table's row, from the cell behind it: "| 12/QĐ-UBND | 15/3/2019 |".

    The day behind a later number may be any day of the row's document.
    """
    found = _NEXT_CELL.match(text.lower, at)
    if not found or not _ROW_BEGINS.search(text.lower, max(0, start - _ROW_FAR), start):
        return None
    return Tail(end=at, date=iso(found["year"], found["month"], found["day"]))


def _date(text: Shadow, tail: Tail) -> Tail | None:
    found = _DATE.match(text.lower, tail.end)
    if not found:
        return None
    when = iso(found["year"], found["month"], found["day"]) or iso(
        found["year2"] or found["year3"], found["month2"], None
    )
    return replace(tail, end=found.end(), date=when)


def iso(year: str | None, month: str | None, day: str | None) -> str:
    """Return an ISO date cut to its known parts; "" for an impossible date (32/13/2021)."""
    if not year:
        return ""
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return whole.isoformat()[: 10 if day else 7 if month else 4]


def _term(text: Shadow, tail: Tail) -> Tail | None:
    found = _TERM.match(text.lower, tail.end)
    if not found:
        return None
    term = f"{found['first']}-{found['last']}" if found["first"] else roman(ordinal(found["session"]))
    return replace(tail, end=found.end(), term=term) if term else None


def _issuer(text: Shadow, tail: Tail) -> Tail | None:
    of = _OF.match(text.lower, tail.end)
    start = of.end() if of else tail.end
    body = body_at(text, start) if of and of["of"] else None
    if body and not (of and of["by"] and not _ISSUES.match(text.lower, body[0])):
        return replace(tail, end=body[0], issuer=" ".join(text.written(start, body[0]).split()), place=body[1].place)
    if of and of["of"] and not of["by"] and (where := _OF_A_PLACE.match(text.lower, start)):
        # "Chỉ thị 05 của Đà Nẵng": the owner of the document, if not its issuer.
        return replace(tail, end=where.end(), place=place_of(text.written(start, where.end())))
    found = _ISSUER.match(text.lower, start)
    if not found or not ((of and of["of"]) or _ALONE.match(text.lower, start)):
        return None
    end = _end_of_joint(text.lower, found)
    if of and of["by"] and not _ISSUES.match(text.lower, end):
        return None
    return replace(tail, end=end, issuer=" ".join(text.written(start, end).split()))


def _end_of_joint(lower: str, found: re.Match[str]) -> int:
    end = found.end()
    while _STATE_BODY.match(found.group()):
        joint = _JOINT.match(lower, end)
        following = _ISSUER.match(lower, joint.end()) if joint else None
        if not following or not _STATE_BODY.match(following.group()):
            break
        found, end = following, following.end()
    return end


# "… vừa ký ban hành", "… có": the words between an issuer and its document.
_ISSUED: Final = re.compile(
    r"[ \n,]+(?:(?:da|vua|moi|cung|tiep[ ]tuc|cung[ ]da)[ ]){0,2}(?:ky[ ])?"
    r"(?:ban[ \n]hanh|ra|co|ky|thong[ ]qua|cong[ ]bo)[ \n]+"
    r"(?:(?:cac|ban|van[ ]ban)[ ])?\Z"
)
_DAY_BEFORE: Final = re.compile(
    r"(?:trong[ ])?ngay[ ](?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}),?[ ]+\Z"
)
_LOOK_BACK: Final = 160
_BEGINS: Final = re.compile(r"(?<![a-z0-9])[a-z]")


# The words between a body and the verb: "Thủ tướng Chính phủ Phạm Minh Chính đã ký", "HĐND tỉnh Lào Cai khóa XVI thông
# qua".
_WHO: Final = re.compile(r"(?:,?[ ]khoa[ ][IVX\d]+|(?:[ ][A-Z][a-z]+){2,4})?(?:,[ ][a-z ]{3,40})?")
# "Nghị định của Chính phủ số 30/2020/NĐ-CP"
_CALLED: Final = re.compile(r"[ \n]+so[ ]?:?[ ]?\Z")
_OF_WHOM: Final = re.compile(r"cua[ \n]+\Z")
# "Theo đề nghị của Sở Tư pháp tỉnh Lào Cai tại Tờ trình số …", "UBND tỉnh Lào Cai phê duyệt tại Quyết định số …"
_SAID_IN: Final = re.compile(
    r"[ \n]+(?:(?:da[ ])?(?:phe[ ]duyet|quyet[ ]dinh|giao|chi[ ]dao|yeu[ ]cau|co[ ]y[ ]kien)[ ])?tai[ \n]+\Z"
)


def read_before(text: Shadow, start: int, key: str) -> Tail | None:
    """Return the issuer of the citation at `start`, where the text names it before: "Tỉnh ủy Sơn La ban hành Nghị quyết
    11-NQ/TU".
    """
    window = max(0, start - _LOOK_BACK)
    near = max(window, start - 40)
    issued = _ISSUED.search(text.lower, near, start)
    called = None if issued else _CALLED.search(text.lower, near, start)
    # "Kết luận của Thủ tướng tại Thông báo 64": his office announces what he said.
    until = issued or called or (None if "TB" in _codes(key) else _SAID_IN.search(text.lower, near, start))
    if until is None:
        return None
    for begin in _BEGINS.finditer(text.lower, window, until.start()):
        at = begin.start()
        if not text.cased[at].isupper() or (called and not _OF_WHOM.search(text.lower, max(0, at - 8), at)):
            continue
        body = body_at(text, at)
        central = None if body else _ISSUER.match(text.lower, at)
        end = body[0] if body else central.end() if central else -1
        if end < 0 or end > until.start() or not _WHO.fullmatch(text.cased, end, until.start()):
            continue
        issuer = " ".join(text.written(at, end).split())
        if not _numbers(issuer, key):
            continue
        day = _DAY_BEFORE.search(text.lower, max(0, at - 30), at)
        date = iso(day["year"], day["month"], day["day"]) if day else ""
        return Tail(end=start, date=date, issuer=issuer, place=body[1].place if body else "")
    return None


def _numbers(issuer: str, key: str) -> bool:
    """Tell whether a body may be the one that a number's key names."""
    codes, said = _codes(key), issuer_code(issuer)
    return key.endswith("?") or said in codes or not (said or any(plain(code) in ISSUER_CODES for code in codes))


def _codes(key: str) -> list[str]:
    return [code.rstrip("0123456789") for code in re.split(r"[-/]", key)[1:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A core in the shadow. members: further cores of the same list, which share its tail; end: where the tail begins.

    strong: certain by its form alone; a weak core (a short form in lower case) needs a tail or clear surroundings.
    """

    start: int
    end: int
    kind: str
    type: str
    key: str
    tail_at: int
    place: str = ""
    term: str = ""
    members: tuple[Found, ...] = ()
    strong: bool = True


def cite(text: Shadow, found: Found, tail: Tail) -> Citation:
    """Return the Citation of a core and its tail, with offsets on the original text."""
    start, end = text.span(found.start, found.end)
    return Citation(
        start=start,
        end=end,
        text=text.text[start:end],
        kind=found.kind,
        type=found.type,
        key=found.key,
        date=tail.date,
        issuer=tail.issuer,
        place=found.place or tail.place,
        term=found.term or tail.term,
        about=tail.about,
    )


def accents_agree(text: Shadow, start: int, end: int, name: str) -> bool:
    """Tell whether a type name is written with its own accents (tone placement aside) or with none at all.

    Two phrases may share their letters: "đề án 06" and "để ăn 06".
    """
    written = text.written(start, end).lower().replace("-", " ")
    if written.isascii():
        return True
    wanted = ACCENTED.get(name)
    return wanted is None or _marks(written) == _marks(wanted)


def _marks(text: str) -> list[list[str]]:
    # Tone marks may stand on either vowel (hoà, hòa), so the code compares only the marks of each syllable.
    return [sorted(unicodedata.normalize("NFD", syllable)) for syllable in text.split()]
