"""Follow lists over clauses and paragraphs: "Các Thông tư sau đây hết hiệu lực: a) …", "A; B và C hết hiệu lực"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from searchapp.citations.find.relations import cues
from searchapp.citations.find.relations.cues import LAST, PARTLY, is_vague, phrase
from searchapp.citations.find.relations.governed import FACTS_AND, Object
from searchapp.citations.find.relations.sentences import NO_LEVEL, THIS, TYPE, Clause, Named, able
from searchapp.dates import parse_date

_ITEM: Final = phrase(
    r"""[ ,]*(?:(?:va|toan bo|cac|luat|noi dung|quy dinh|tai|bai bo|cua|doi voi|mot so|dieu|cac van ban|sua doi,?|
    bo sung|huy bo)[ ,]+)*\Z"""
)
_LIST_BEGINS: Final = phrase(
    ":|co hieu luc[^,;]*(?:,|va)|(?:,|^) ?(?:(?:ke tu|tu) ngay|trong (?:khi|thoi gian)) [^,]{0,80},"
)
_ACTS: Final = (cues.REPLACES, cues.REPEALS, cues.AMENDS)
# "Các nội dung khác … thực hiện theo Thông tư …", "Các quy định khác của Nghị định … giữ nguyên": no items of a list.
_STAYS_OUT: Final = re.compile(r"(?:noi dung|quy dinh|dieu|khoan) khac(?![a-z])|(?:thuc hien|ap dung|giai quyet) theo ")
ITS_OWN: Final = re.compile(rf"(?:{TYPE}|dieu|khoan|diem|muc) nay(?![a-z])")
# What ends here is no title of the document before the semicolon, which goes on.
_THINGS: Final = re.compile(
    r" *(?:cac |nhung )?(?:giay|chung chi|hop dong|the |van bang|ban |quyet dinh|thoi han|noi dung|quy)"
)
_VAGUE_FAR: Final = 160
# "thay thế các Quyết định của tỉnh A: số …; của Ủy ban nhân dân tỉnh B: số …"
_OF_ANOTHER: Final = re.compile(r"\A ?(?:va )?cua [a-z ,-]{3,90}: ?(?:so )?\Z")
_CELL: Final = 40  # letters of a register's cell that names no document
_VERBS: Final = ("ends", "in_force", "stays")
_ANNOUNCES: Final = re.compile(r"(?:quyet dinh )?(?:(?:bai|huy) bo|(?P<told>cong bo|ban hanh kem theo)) ")
# "Công bố Danh mục văn bản … hết hiệu lực …" needs no "kèm theo Quyết định này".
_PUBLISHED: Final = re.compile(
    "(?:quyet dinh )?cong bo (?:kem theo [^.;,]{0,60} )?danh muc (?:cac )?(?:van ban|nghi quyet|quyet dinh|chi thi)"
)
_IN_A_LIST: Final = re.compile(r"(?:danh muc|phu luc)[^.;]{0,200}kem theo|kem theo [^.;]{0,40}(?:danh muc|phu luc)")
_ENDED: Final = re.compile("(?:bai|huy) bo|het hieu luc")
_SPARED: Final = re.compile(
    "de (?:nghi|xuat)|du kien|kien nghi|(?:^| )can |(?:^| )se |con hieu luc|sua doi|thay the|chua |thu tuc|quy trinh"
)
_DOCUMENTS: Final = re.compile("van ban|nghi dinh|thong tu|nghi quyet|quyet dinh|chi thi")
# "| 1 | Nghị quyết | Số 25/2018/NQ-HĐND …", "1. Nghị quyết số …", "a) Quyết định …".
_ROW: Final = re.compile(
    rf"[|\s]*(?:\d{{1,3}}(?:\.\d{{1,2}})?|[a-z]{{1,2}}(?=[.)])|[-+*])[.)]?[|\s]*(?:{TYPE}[|\s]*)?(?:(?:va )?so[ :]*)?"
)
# "… | Ngày hết hiệu lực": the last column of an annex, and the day in a row's last cell.
_DAYS_HEADED: Final = re.compile(r"\|[^|]*(?:ngay|thoi diem)[^|]*het hieu luc[^|]*\|? *\Z")
_HEAD_ROW: Final = re.compile(r"(?<![a-z])s?tt(?![a-z])|so,? ky hieu")
_LAST_DAY: Final = re.compile(
    r"(?:(?P<cell>\|)|ngay het hieu luc:?) *(?:ngay )?(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})[ .;|]*\Z"
)


LEFT_OUT: Final = re.compile(r"\((?:ngoai )?tru [^()]*\Z")  # "Nghị định A (trừ Điều 5 hết hiệu lực từ ngày …)"
_ACTS_ITSELF: Final = re.compile(r" (?:tien hanh(?! to tung)|phai|xem xet|de nghi|co the|trong thoi gian|neu) ")
PROVISIONS_OF: Final = re.compile(r"quy dinh|noi dung|dieu khoan|thu tuc|danh muc|phu luc|mau|chuan muc")
SOME_IN: Final = re.compile(r"(?:quy dinh|noi dung)[^;:]* (?:tai|cua|trong) \Z")
GENERIC: Final = phrase(
    r""" (?:(?:toan bo|noi dung) )*
    (?P<some>mot phan |mot so (?:dieu|khoan|quy dinh|noi dung)(?:,? [a-z]+){0,4}? (?:cua|tai|trong) )?
    (?:(?:noi dung|mot so|cac|nhung) |\d+ (?:\([a-z ]+\) )?)*
    (?:nghi dinh|thong tu|luat|phap lenh|quyet dinh|nghi quyet|chi thi|van ban)
    (?:,? (?!nay(?![a-z]))[a-z-]+){0,40}[.:]?"""
)
"""The heading of an Điều whose points are the documents: "Điều 1. Bãi bỏ toàn bộ các Thông tư"; some: provisions."""
_NUMBERED: Final = re.compile(r" *(?:\d{1,2}|[a-z])[.)](?= )")  # "…: a) Nghị định số …", in one line
FOLLOWS: Final = re.compile(r"sau(?: day)?[ ,:]|:\s*\Z|nhu sau")
END_OF_A_LEAD: Final = re.compile(r" (?:gom|sau(?: day)?) ?: *\Z")
_ROW_NUMBER: Final = re.compile(r"[1-9]\d{0,2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """The effect on every document of a list; level: depth of its opening, item: depth of its items.

    over: whether its items may stand in later paragraphs.
    """

    kind: str
    doer: int
    day: str
    until: str
    part: tuple[str, ...]
    level: int
    over: bool
    paragraph: int
    item: int = 0


class Annexes:
    """The annex that lists what the text itself ends: "Bãi bỏ các Nghị quyết trong Danh mục kèm theo Nghị quyết này".

    An annex counts where the text announces it, and where its own heading in capitals says what it lists.
    awaited: whether a list may begin or go on below.
    """

    def __init__(self) -> None:
        self.awaited = False
        self._kind = cues.REPEALS
        self._open = False
        self._part: tuple[str, ...] = ()
        self._row = 0  # the number of the last row that stands in a line of its own
        self._numbered = False  # whether the line above is that number
        self._columns = 0  # strokes of the head of the table
        self._dated = False  # whether the last column is headed by the day of the end

    def items(self, clause: Clause) -> Iterator[tuple[str, Named, tuple[str, ...], str]]:
        """Yield what happens to the document of a row or a numbered line, with its provisions and the day.

        A row whose own words say which document did it says so for itself.
        """
        said = clause.lower[clause.body : clause.end].strip()
        announced = _ANNOUNCES.match(said)
        this = THIS.search(said) if announced and _IN_A_LIST.search(said) else None
        spared = said[: this.start()] if this else said
        listed = this or (announced and _PUBLISHED.match(said))
        if announced and listed and _ENDED.search(said) and not _SPARED.search(spared):
            self.awaited, self._open, self._dated = True, False, False
            self._kind = cues.ENDS if announced["told"] else cues.REPEALS
        elif self.awaited and clause.opens and "|" not in said and clause.written[clause.start : clause.end].isupper():
            self._heading(said)
        elif clause.opens and "|" in said and not clause.named:
            above = self._dated and not _HEAD_ROW.search(said)  # a row of the same table
            self._dated = above or _DAYS_HEADED.search(clause.lower) is not None
            self._columns = self._columns if above else clause.lower.count("|")
        heads = clause.heads(clause.start, clause.end) if self._open and clause.opens else []
        begins = heads and (
            _ROW.fullmatch(clause.lower, clause.start, heads[0].start)
            or (self._numbered and heads[0].start == clause.start)
        )
        if begins and not clause.doers:
            yield self._kind, heads[0], self._part, self.day(clause, self._kind)
        # "2 ⏎ Nghị quyết ⏎ 05/2019/NQ-HĐND 05/7/2019 …": a row of a PDF, one cell a line.
        self._numbered = _ROW_NUMBER.fullmatch(said) is not None and (not self._row or int(said) in (1, self._row + 1))
        self._row = int(said) if self._numbered else self._row

    def day(self, clause: Clause, kind: str) -> str:
        """Return the day on which the document of a row ends, by its last cell; "own" where no column tells it."""
        told = self.awaited or (self._dated and clause.lower.count("|") == self._columns)
        found = _LAST_DAY.search(clause.lower, max(0, len(clause.lower) - _CELL)) if told else None
        if not found or kind not in cues.ENDING or (found["cell"] and not self._dated):
            return "own"
        return parse_date(found["day"]) or "own"

    def _heading(self, said: str) -> None:
        """Open or close the list at the heading of an annex. Its sections may speak of parts alone."""
        if not self._open or said.startswith(("danh muc", "phu luc")):
            lists = _DOCUMENTS.search(said) is not None and (self._kind == cues.REPEALS or _ENDED.search(said))
            self._open = bool(lists)
        self._open = self._open and not _SPARED.search(said)
        if _ENDED.search(said):
            self._part = (PARTLY,) if "mot phan" in said else ()


class Lists:
    """The open list, and the documents that wait for their verb."""

    def __init__(self) -> None:
        self.open: Listed | None = None
        self.annexes = Annexes()
        self.waiting: list[tuple[Named, tuple[str, ...]]] = []

    def begin(self) -> None:
        """Begin a paragraph: waiting documents wait within one paragraph."""
        self.waiting = []

    def close(self) -> None:
        """Close the list."""
        self.open = None

    def items(self, clause: Clause, paragraph: int) -> Iterator[tuple[Named, tuple[str, ...]]]:
        """Yield the documents with which a clause continues the open list, each with its provisions."""
        if not self._goes_on(clause, paragraph) or self.open is None:
            return
        verb = cues.CUE.match(clause.lower[clause.body : clause.end].lstrip())
        acts = cues.NAMES[verb.lastgroup or ""] if verb else ""
        if acts in _ACTS and self.open.kind in _ACTS and acts != self.open.kind:
            return  # "Thay thế A; bãi bỏ B": another act of the text
        heads = clause.heads(clause.body, clause.end)
        if not heads:
            return
        before = _OF_ANOTHER.sub("", LAST.sub("", clause.lower[clause.body : heads[0].start]))
        if _STAYS_OUT.search(clause.lower[clause.body : heads[0].start]):
            return
        vague = is_vague(before) and len(before) < _VAGUE_FAR
        if not is_item(before) and not vague:
            if clause.opens and paragraph != self.open.paragraph and self.open.item and clause.level == NO_LEVEL:
                self.close()
            return
        if self.open.kind != cues.STAYS and (_holds(clause, heads[-1].end) or _goes_on(clause, heads[-1].end)):
            return
        floor, listed = clause.body, () if acts else self.open.part  # "1. Bãi bỏ Thông tư A." says so for itself
        for at, one in enumerate(heads):
            if at and cues.CUE.search(clause.lower, heads[0].end, one.start):
                return
            part = clause.part_before(one, floor) or clause.part_after(one) or listed
            if not part and at == 0 and vague and "toan bo" not in before:
                part = (PARTLY,)
            yield one, part
            floor = one.end

    def _goes_on(self, clause: Clause, paragraph: int) -> bool:
        """Tell whether a clause may hold an item of the open list; close the list where it is over."""
        opened = self.open
        if opened is None:
            return False
        if paragraph == opened.paragraph:
            return not clause.opens
        numbered = clause.opens and clause.level != NO_LEVEL
        higher = numbered and opened.level != NO_LEVEL and clause.level <= opened.level
        if not opened.over or higher or (numbered and opened.item and clause.level < opened.item):
            self.close()
            return False
        if numbered and not opened.item:
            self.open = replace(opened, item=clause.level)
        return True

    def is_around(self, kind: str, clause: Clause, paragraph: int) -> bool:
        """Tell whether a verb stands in an item of the list: "a) Bãi bỏ Điều 4 Thông tư A; b) Điều 7 Thông tư B"."""
        opened = self.open
        if opened is None or not opened.over or opened.kind != kind or paragraph == opened.paragraph:
            return False
        return clause.level != NO_LEVEL and (opened.level == NO_LEVEL or clause.level > opened.level)

    def goes_on_acting(self, clause: Clause, verb: re.Match[str], paragraph: int) -> bool:
        """Tell whether the text acts again behind the last item: "Thay thế A; Thông tư B và bãi bỏ Điều 3 C"."""
        if self.open is None or self.open.paragraph != paragraph or clause.opens or not clause.named:
            return False
        first = clause.named[0]
        begins = is_item(LAST.sub("", clause.lower[clause.body : first.start]))
        return begins and FACTS_AND.fullmatch(clause.lower, first.end, verb.start()) is not None

    def wait(self, clause: Clause) -> None:
        """Keep the document of a clause that ends with a semicolon, until a later clause brings the verb."""
        said = clause.lower[: clause.end].rstrip()
        verbs = (verb.lastgroup for verb in cues.CUE.finditer(clause.lower, clause.body, clause.end))
        heads = clause.heads(clause.body, clause.end)
        if not heads and self.waiting and not clause.opens and not THIS.search(clause.lower, clause.body, clause.end):
            return  # a title goes on: "… về nộp báo cáo; công bố cảng cá; …"
        if not said.endswith(";") or not heads or any(verb in _VERBS for verb in verbs):
            self.waiting = []
        elif is_item(LAST.sub("", clause.lower[clause.body : heads[0].start])):
            self.waiting.append((heads[0], clause.part_before(heads[0], clause.body)))
        else:
            self.waiting = []

    @staticmethod
    def behind(clause: Clause, at: int) -> list[Object]:
        """Return the documents that stand behind a colon in the clause itself: "… hết hiệu lực: Nghị định A; …"."""
        colon = clause.lower.find(":", at, clause.end)
        heads = clause.heads(colon + 1, clause.end) if colon >= 0 else []
        before = _NUMBERED.sub("", LAST.sub("", clause.lower[colon + 1 : heads[0].start])) if heads else ""
        if not heads or not is_item(before):
            return []
        floors = [colon + 1, *(one.end for one in heads)]
        return [Object(one, clause.part_before(one, floor)) for one, floor in zip(heads, floors, strict=False)]

    def wait_for(self, clause: Clause) -> bool:
        """Tell whether documents wait for the verb of a clause."""
        return bool(self.waiting) and not _THINGS.match(clause.lower, clause.body)


class Rows:
    """The document at the beginning of a register's row, for the cells below it."""

    def __init__(self) -> None:
        self._row: Named | None = None

    def keep(self, clause: Clause) -> None:
        """Take the document of a row. A cell with only a day or a number changes nothing."""
        if clause.opens:
            heads = clause.heads(clause.start, clause.end)
            if heads or clause.end - clause.start > _CELL:
                self._row = heads[0] if heads else None

    def of(self, clause: Clause, verb: re.Match[str], doer: Named) -> Named | None:
        """Return the row's document, where the next cell begins with the passive: "Điều 4 được bãi bỏ bởi …"."""
        row = self._row
        said = clause.lower[clause.body : verb.start()].removesuffix("duoc ").removesuffix("bi ")
        if row is None or clause.before(verb.start()) or LAST.sub("", said).strip():
            return None
        return row if row.rank == doer.rank and able(doer, row) else None


def _holds(clause: Clause, start: int) -> bool:
    """Tell whether a document holds: "Điều 12 Nghị định … tiếp tục có hiệu lực", "… có hiệu lực đến hết năm 2027"."""
    verbs = cues.CUE.finditer(clause.lower, start, _before_exception(clause, start))
    names = ((cues.NAMES[verb.lastgroup or ""], verb.start()) for verb in verbs)
    return any(
        name == cues.STAYS or (name == cues.IN_FORCE and not THIS.search(clause.lower, start, at)) for name, at in names
    )


# "…; Quyết định B được áp dụng đến hết năm 2020", "…; Nghị quyết B giữ nguyên giá trị".
_STAYS_ON: Final = phrase(
    """(?<!viec)(?<!gian)(?<!han)(?<!luc)(?<! ve) (?:(?:tiep tuc|van|duoc) )*(?:ap dung|thuc hien|thi hanh)[ ]
    (?:cho )?den (?:het|khi|ngay)[ ]|[ ](?:van )?giu nguyen (?:hieu luc|gia tri)"""
)
# "…; Thông tư B thực hiện theo Điều 7", "…; Quyết định B do Sở Tài chính rà soát": right behind its facts.
_HAS_OTHER_VERB: Final = phrase(
    """(?: ngay [\\d/. a-z-]{6,30}?)?(?: cua [a-z ]{3,60}?)?,?[ ]
    (?:(?:(?:tiep tuc|van|duoc) )*(?:ap dung|thuc hien|thi hanh) (?:(?:ke )?tu|theo)
    |do [a-z -]{3,60} (?:ra soat|tham muu|chu tri))[ ,]"""
)


def _goes_on(clause: Clause, at: int) -> bool:
    """Tell whether the words behind the documents of an item say something else of them than its list does."""
    end = _before_exception(clause, at)
    return bool(_STAYS_ON.search(clause.lower, at, end) or _HAS_OTHER_VERB.match(clause.lower, at, end))


def _before_exception(clause: Clause, at: int) -> int:
    """Return where the words of a document end: "…, trừ Điều 2 có hiệu lực đến hết năm 2027" speaks of a part."""
    exception = clause.lower.find(" tru ", at, clause.end)
    return clause.end if exception < 0 else exception


def acts(clause: Clause, start: int, end: int) -> bool:
    """Tell whether somebody acts, or may, in the words between two places: what ends there is no document."""
    return _ACTS_ITSELF.search(clause.lower, start, end) is not None


def is_item(before: str) -> bool:
    """Tell whether the words before a document are only the beginning of an item."""
    return _ITEM.match(before) is not None


def list_start(clause: Clause, verb: re.Match[str]) -> int:
    """Return the start of the list that ends at a verb: after the words about another document."""
    found = [m.end() for m in _LIST_BEGINS.finditer(clause.lower[clause.body : verb.start()])]
    return clause.body + found[-1] if found else clause.body


# "Điều 3. Văn bản hết hiệu lực" above points that only name them.
_HEADS_ENDED: Final = re.compile(
    r" *(?:cac )?(?:van ban|nghi dinh|nghi quyet|quyet dinh|thong tu)(?: quy pham phap luat)?(?: bi)? het hieu luc"
    r"(?: thi hanh| toan bo)?[.:]? *"
)


def begins(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether an end begins a list by its place: as the heading of an Điều, or before a colon."""
    if clause.level == 1 and _HEADS_ENDED.fullmatch(clause.lower, clause.body, clause.end):
        return True
    return clause.opens_with(verb) and bool(Lists.behind(clause, verb.end()))


_OF: Final = re.compile(rf"(?: thi hanh)? (?:(?P<of>cua|doi voi) |(?:toan bo )?(?:cac )?{TYPE} (?:so )?\d)")


def ends_what(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether an end has its document behind it: "Hết hiệu lực của A", "Chấm dứt hiệu lực Quyết định số 5"."""
    found = _OF.match(clause.lower, verb.end())
    return found is not None and (found["of"] is not None or verb[0].startswith("cham dut"))
