"""Find the day that a clause states ("kể từ ngày 01 tháng 3 năm 2026", "sau 45 ngày kể từ ngày ký"), and what comes
into force on it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from searchapp.citations.find.relations.cues import ENDING, IN_FORCE, LAST, PARTLY, SUSPENDS, phrase
from searchapp.citations.find.relations.sentences import BARE, THIS, TYPE, Clause, Named, joined
from searchapp.citations.find.vocabulary import WORDS, ordinal

DAY: Final = (
    r"(?P<day>\d{1,2})(?: ?[/.-] ?| thang )(?P<month>\d{1,2})"
    r"(?: ?[/.-] ?| ?,? nam )(?P<year>(?:19|20)\d\d)(?!\d)"
)
_HOUSE: Final = (
    "(?:hoi[ ]dong[ ]nhan[ ]dan|hdnd|quoc[ ]hoi|uy[ ]ban[ ]thuong[ ]vu[ ]quoc[ ]hoi)[^.;:]{0,60}?[ ]thong[ ]qua"
)
_EVENT: Final = rf"(?:(?:duoc[ ])?(?:{_HOUSE}|ky(?:[ ]ban[ ]hanh)?|thong[ ]qua|ban[ ]hanh)|cong[ ]bo)"
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
    |{_SINCE}(?:tu |vao (?=ngay))?(?:(?:0|00) ?(?:gio|h) ?(?:00)?(?: phut)?,? )?(?:ngay ?)?(?:mong )?{DAY}
    |{_SINCE}tu (?:thang (?P<month2>\d{{1,2}})(?: ?/ ?| nam )|nam )(?P<year2>(?:19|20)\d\d)(?!\d)
    |(?:ngay )?(?:ke )?(?:tu|sau) (?:ngay|khi|thoi diem) (?P<at>{_EVENT})
    )"""
)
OWN_DAY: Final = phrase(
    rf"""(?: thi hanh| ap dung| thuc hien| phap luat)*,? (?:ke )?(?:tu|tai|vao) (?:ngay|thoi diem|khi) (?:ma )?
    (?={TYPE} nay (?:bat dau |chinh thuc )?co hieu luc)"""
)
_THEIR_DAY: Final = re.compile(r"(?: thi hanh| ap dung)*,? (?:(?:ke )?tu (?:ngay|thoi diem)|(?:(?:ke )?tu )?khi) \Z")
EFFECT_WORDS: Final = re.compile(r"(?: thi hanh| ap dung| thuc hien| phap luat| toan bo| mot phan)*")
YEARS: Final = phrase(
    r""",? (?:(?:va|duoc|thuc hien|ap dung|thi hanh|thi diem) )*trong (?:(?:thoi han|thoi gian|vong) )?
    (?P<many>\d{1,2}) (?:\([^)]*\) )?(?P<unit>nam|thang)(?![a-z]),?"""
)
"""How long a text holds: "(được thực hiện) trong thời hạn 03 năm"."""
_SINCE_DAY: Final = re.compile(rf" ke tu (?:ngay )?{DAY}[ .;]*\Z")
_SINCE_ALONE: Final = re.compile(
    rf"(?: ngay [\d/. a-z-]{{6,30}}?)?(?: cua (?:(?! ve )[a-z ,-]){{3,90}}?)?(?= tu ngay {DAY}[ .;]*\Z)"
)
_SPAN: Final = re.compile(rf" (?:ke )?tu (?:ngay )?{DAY}(?= (?:cho )?den )")
_EXCEPT: Final = re.compile(
    r"(?<!\w)trừ (?!đi )|, riêng (?:(?:đối với|các|quy định|nội dung|tại|về) )*(?:điều|khoản|điểm|chương|mục|phụ lục) ",
    re.IGNORECASE,
)
_APART_NEXT: Final = re.compile(
    r"\s*riêng (?:(?:đối với|các|quy định|nội dung|tại|về) )*(?:điều|khoản|điểm|chương|mục|phụ lục) ", re.IGNORECASE
)
BETWEEN: Final = ("", "nay", "chinh thuc", "bat dau", "se", "cung", "do")
# "trước ngày Luật này có hiệu lực" tells no day.
_REFERENCE: Final = re.compile(
    r"(?:truoc|ke tu|tu|sau|den|tinh tu)(?: thoi diem)?(?: ngay| khi| thoi diem)* \Z|(?:ngay|khi|thoi diem) \Z"
)
_CITED: Final = re.compile(r"(?:\(|boi|theo|tai|quy dinh)[ (]*\Z")
# "…, riêng Điều 5 có hiệu lực từ ngày …": provisions of the text itself.
_APART: Final = phrase(
    r"""(?:^|[ ,;(])(?:rieng|tru) (?:(?:doi voi|cac|quy dinh|noi dung|tai|ve|cua) )*
    (?=(?:dieu|khoan|diem|chuong|muc) [^;.]{1,80}\Z)"""
)
_ONLY_PROVISIONS: Final = re.compile(r" *(?:(?:cac )?(?:quy dinh|noi dung) (?:tai|cua) )?(?:cac )?")
_APPLIED: Final = phrase(
    rf"""(?<![a-z])rieng (?:(?:doi voi|cac|quy dinh|noi dung|tai|ve) )*
    (?P<part>(?:dieu|khoan|diem|chuong|muc|phu luc) [^;.:]{{1,80}}?)(?: cua {TYPE} nay)?
    [ ](?:duoc )?(?:ap dung|thuc hien|thi hanh)(?= (?:ke )?tu (?:ngay )?\d)"""
)
_SOME: Final = re.compile(r" *(?:cac |mot so |nhung |rieng )?(?:quy dinh|noi dung|khoan|dieu|diem)")
_OTHER: Final = re.compile(r":(?!\d)|[.] |hieu luc")


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
    day = iso(found["year"] or found["year2"], found["month"] or found["month2"], found["day"])
    return When(day, found.end()) if day else None


def is_theirs(lower: str, at: int, one: Named) -> bool:
    """Tell whether the day at a place is that of a document: "… từ ngày Nghị định B có hiệu lực"."""
    return _THEIR_DAY.search(lower[at : one.start]) is not None and "hieu luc" in lower[one.end : one.end + 200]


_EFFECT: Final = re.compile(r"(?: thi hanh| ap dung)?")


def behind(lower: str, at: int) -> str:
    """Return the day right behind a verb ("… bị bãi bỏ kể từ ngày 01/7/2022 bởi …"), "" without one."""
    found = _EFFECT.match(lower, at)
    day = stated(lower, found.end() if found else at)
    return day.day if day and day.day[:1].isdigit() else ""


def since(lower: str, at: int, end: int) -> str:
    """Return the day at a clause's end from which its act holds ("Bãi bỏ A kể từ ngày 01/01/2020", "từ ngày 1/1/2026
    đến ngày 1/6/2026"), else "own".
    """
    found = _SINCE_DAY.search(lower, at, end) or _SPAN.search(lower, at, end)
    alone = None if found else _SINCE_ALONE.match(lower, at, end)
    begins = found.start() if found else alone.end() if alone else -1
    day = stated(lower, begins) if begins >= 0 else None
    return day.day if day and day.day and "hieu luc" not in lower[at:end] else "own"


_EXCEPTING: Final = ENDING | {SUSPENDS, IN_FORCE}


def spares(clause: Clause, kind: str, part: tuple[str, ...]) -> bool:
    """Tell whether a clause makes an exception ("trừ trường hợp …"), or the next one spares provisions of the whole:
    "…; riêng các quy định tại Điều 4 tiếp tục được áp dụng". With accents, because "cư trú" is no exception.
    """
    if kind not in _EXCEPTING:
        return False
    next_spares = kind != IN_FORCE and not part and _APART_NEXT.match(clause.written, clause.end) is not None
    return next_spares or _EXCEPT.search(clause.written, clause.start, clause.end) is not None


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


def iso(year: str | None, month: str | None, day: str | None) -> str:
    """Return a day cut to its known parts, "" for none that is in the calendar."""
    try:
        whole = date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return whole.isoformat()[: 10 if day else 7 if month else 4]


class _Commencement(NamedTuple):
    """What comes into force ("this", a named document, None for the text itself); its provisions, empty for all; the
    day.
    """

    subject: Named | re.Match[str] | None
    part: tuple[str, ...]
    when: When


def commencement(clause: Clause, verb: re.Match[str]) -> _Commencement | None:
    """Return the commencement that "có hiệu lực" states; None without a day, or with another subject."""
    spanned = YEARS.match(clause.lower, verb.end(), clause.end)
    when = stated(clause.lower, spanned.end() if spanned else verb.end()) or day_before(clause, verb)
    if when is None:
        return None
    this = list(THIS.finditer(clause.lower, clause.body, verb.start()))
    shared = bool(this) and clause.lower.endswith(" va ", clause.body, verb.start()) and opens(clause, this[0])
    if this and (shared or clause.lower[this[-1].end() : verb.start()].strip() in BETWEEN):
        start = this[-1].start()
        if _REFERENCE.search(clause.lower[clause.body : start]):
            return None
        return _Commencement(this[-1], _part(clause, start), when)
    apart = _APART.search(clause.lower, clause.body, verb.start())
    if apart and not clause.named:
        part = clause.part_in(apart.end(), verb.start())
        return _Commencement(None, part, when) if part else None
    said = clause.lower[clause.body : verb.start()]
    if not clause.named and (alone := LAST.search(said)) and _ONLY_PROVISIONS.fullmatch(said, 0, alone.start()):
        part = clause.part_in(clause.body, verb.start())  # "a) Điều 6 có hiệu lực từ ngày …", below an exception
        return _Commencement(None, part, when) if part and not part[0].startswith("/") else None
    bare = BARE.match(clause.lower, clause.body)
    if bare and bare.end() >= verb.start():
        return _Commencement(bare, (), when)
    named = _subject(clause, verb)
    if named is None:
        return None
    said = clause.lower[max(clause.start, named.start - 120) : named.start]
    part = () if _CITED.search(LAST.sub("", said)) else clause.part_before(named, clause.start)
    return _Commencement(named, part, when)


def applied(clause: Clause) -> _Commencement | None:
    """Return the commencement of "…; riêng khoản 2 Điều 5 áp dụng từ ngày …", provisions of the text itself."""
    found = _APPLIED.search(clause.lower, clause.body, clause.end)
    when = stated(clause.lower, found.end()) if found and not clause.named else None
    alone = LAST.search(found["part"]) if found and when else None
    if not found or not when or not alone or alone.start():
        return None
    part = clause.part_in(*found.span("part"))
    return _Commencement(None, part, when) if part and not part[0].startswith("/") else None


_AND_ITSELF: Final = re.compile(r" co hieu luc(?! khi)[a-z\d /.-]{0,80}(?:,| va|, va) (?:se )?\Z")


def shares(clause: Clause, this: re.Match[str], verb: re.Match[str]) -> bool:
    """Tell whether a text ends itself beside another act: "Quyết định này thay thế A và hết hiệu lực từ ngày …"."""
    beside = clause.lower.endswith(" va ", clause.body, verb.start()) and opens(clause, this)
    return beside or _AND_ITSELF.match(clause.lower, this.end(), verb.start()) is not None


def opens(clause: Clause, this: re.Match[str]) -> bool:
    """Tell whether a clause begins with "this": "Nghị quyết này thay thế … và có hiệu lực từ ngày ký"."""
    return not clause.lower[clause.body : this.start()].strip()


def day_before(clause: Clause, verb: re.Match[str]) -> When | None:
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
    lower = clause.lower
    before = [
        one
        for one in clause.before(verb.start())
        if lower.count("(", one.end, verb.start()) >= lower.count(")", one.end, verb.start())
    ]
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


_NOT_ENDED: Final = phrase(
    r"""(?:^| )(?:da|chua|khong|neu|khi|(?<!so )(?<!cac )truong hop|sap|
    (?:can|phai|nen|co the|du kien|de nghi|de xuat|kien nghi)(?: som| se)?(?: duoc| bi)?|
    giay[^,;]{0,60}|chung chi[^,;]{0,60}|hop dong[^,;]{0,60}) \Z|
    (?:^| )(?:khi|neu|(?<!so )(?<!cac )truong hop|truoc ngay|sau khi|sau ngay|truoc khi|den khi) |
    da het hieu luc|da (?:bi|duoc) \Z"""
)
_UNTIL_WHEN: Final = re.compile(r" den (?:khi|luc) ")
_THEN: Final = re.compile(r"(?:^| )(?:truoc|tu|sau|den) (?:thoi diem |ngay |khi |luc )+(?:ma )?\Z")
_CONDITION: Final = 30  # letters before a verb that may make it a condition


_COLUMNS: Final = re.compile(r"(?<![a-z])stt [a-z,; ]*\Z")  # "STT Văn bản hết hiệu lực Lý do": the head of a table
_BECAUSE: Final = re.compile(r"(?: thi hanh| mot phan| toan bo)* do (?:duoc|bi|da) ")  # another text did it
_TO_COME: Final = re.compile(r" se (?:duoc|bi) \Z")
_HEAD_FAR: Final = 240


def is_elsewhere(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether another text ended it ("… hết hiệu lực do bị thay thế"), or the words head a table."""
    headed = _COLUMNS.search(clause.lower, max(clause.start, verb.start() - _HEAD_FAR), verb.start())
    return headed is not None or _BECAUSE.match(clause.lower, verb.end()) is not None


def is_to_come(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether an end is only awaited: "… sẽ được thay thế", some day and by another text."""
    return _TO_COME.search(clause.lower, clause.body, verb.start()) is not None


_OLD_PASSIVE: Final = re.compile(r"\s(?:nay|đều|thì|nay đều)\s\Z", re.IGNORECASE)
_OVER: Final = re.compile(r"(?: ke tu (?:ngay|khi) [^,;:]*)?[ .;,]*")


def is_old_passive(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether a verb ends a clause behind what it ends, as texts before 1990 say: "Thông tư A nay bãi bỏ"."""
    over = _OVER.fullmatch(clause.lower, verb.end(), clause.end) is not None and bool(clause.before(verb.start()))
    return over and _OLD_PASSIVE.search(clause.written, max(clause.body, verb.start() - 20), verb.start()) is not None


def is_supposed(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether an end is only supposed or past, by the words around the documents, not by their titles."""
    named = clause.before(verb.start())
    first = named[0].start if named else verb.start()
    if any(_refers(clause, one, verb) for one in named):
        return True
    near = max(named[-1].end if named else clause.body, verb.start() - _CONDITION)
    before = _NOT_ENDED.search(clause.lower, clause.body, first)
    if named and _UNTIL_WHEN.search(clause.lower, named[-1].end, verb.start()):
        return True
    return bool(before or _NOT_ENDED.search(clause.lower, near, verb.start()))


def _refers(clause: Clause, one: Named, verb: re.Match[str]) -> bool:
    """Tell whether an end is only a point in time: "… áp dụng đến khi Nghị định A hết hiệu lực"."""
    then = _THEN.search(LAST.sub("", clause.lower[clause.body : one.start]))
    return then is not None and "hieu luc" not in clause.lower[one.end : verb.start()]
