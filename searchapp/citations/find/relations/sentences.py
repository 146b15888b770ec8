"""Cut a paragraph into clauses, with the citations and the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Final

from searchapp.article import Citation
from searchapp.citations.find.relations.cues import LAST, TITLED, phrase, provisions

TYPE: Final = (
    "(?:nghi dinh|thong tu(?: lien (?:tich|bo))?|bo luat|luat|phap lenh|quyet dinh|nghi quyet(?: lien tich)?|quy dinh|"
    "chi thi|ket luan|huong dan|quy che|ke hoach|chuong trinh|thong tri|thong bao|cong van|hien phap|van ban|"
    "dieu le|de an|sac lenh|sac luat|cong dien|(?<![a-z])an le)"
)
"""Nouns of document types, in ASCII letters."""

THIS: Final = re.compile(rf"(?<![a-z])(?P<type>{TYPE}) nay(?![a-z])")
"""“Nghị định này”."""
BARE: Final = re.compile(rf" *(?P<type>{TYPE}) (?=(?:bat dau |chinh thuc |se )?co hieu luc)")
"""“Quyết định có hiệu lực kể từ ngày ký”: the text's own type without "này"."""
BY_WAY: Final = re.compile(r"(?:(?<!kem )(?<!ban hanh )theo|can cu|thuc hien)(?: cac)?(?: quy dinh)?(?: tai| cua)? \Z")
"""“theo quy định tại”: what follows is only the manner."""
ABOUT_IT: Final = re.compile(
    r"(?:cac|nhung) (?:van ban|nghi dinh|thong tu|quy dinh)[^;:]{0,80}(?:huong dan|chi tiet|thi hanh)[^;:,]{0,40}\Z"
)
"""“các văn bản hướng dẫn thi hành”: what is meant is not the document named next, but unnamed ones about it."""
ENUMERATOR: Final = phrase(
    r"""(?P<dieu>dieu \d+[a-z]?(?![a-z\d])[.:]?)
    (?! ?(?:[,;]|cua |va |den |hoac |tai |duoc |bi |het |co hieu luc |nghi |luat |bo luat |thong |phap |quyet ))
    |(?P<khoan>\d{1,3}(?:\.\d{1,2})*[.)](?!\d)|\d{1,2}-(?= [a-z]))
    |(?P<diem>[a-z]{1,2}(?:\.\d)?[.)])
    |(?P<dash>[-+*•–])(?= )
    |(?P<roman>[ivxlc]+[.)](?= ))"""
)
"""The beginning of a document's part: "Điều 5.", "2.", "a)", "-"."""
_LONGEST: Final = 4_000
"""Letters of a clause; the longest that a drafter wrote has some 1,500. Every verb looks at all of its clause."""
NO_LEVEL: Final = 9
_LEVELS: Final = {"dieu": 1, "roman": 1, "khoan": 2, "diem": 3, "dash": 4}
# A sentence ends before a capital, a digit or a quotation mark; "TP. Hồ Chí Minh" and "số. 5" do not.
# … nor does the number of an item: "gồm: 1. Quyết định số …; 2. …".
_SENTENCE_END: Final = re.compile(
    r"(?<!\btp)(?<!\bso)(?<!\btr)(?<! t)(?<!ths)(?<! ts)(?<![:;] \d)(?<![:;] \d\d)[.!?][\"”)]*[ ](?=\S)|;[ ]?"
)
# "hướng dẫn một số điều của Luật A; Luật sửa đổi, bổ sung một số điều của Luật A và Nghị định số …"
_LAW_GOES_ON: Final = re.compile(r"(?<=[a-z]); luat sua doi,? bo sung [a-z ,-]{2,90} va nghi dinh so")
_QUOTED: Final = re.compile(r"“[^”]{0,2000}”|\"[^\"]{0,400}\"")
_QUOTED_TITLE: Final = re.compile(
    r"[“\"] ?(?:ve (?:viec )?)?(?:sua doi|bo sung|bai bo|thay the|huong dan|quy dinh|ban hanh|phe duyet|ve )"
)
_AND_PROVISION: Final = re.compile(
    r"(?:va )?(?:cac )?(?:(?:dieu|khoan|diem) (?:[\da-z]{1,3}|\d{1,2}(?:\.\d{1,2}){1,3})[ ,;]"
    r"|(?P<whole>(?:chuong|muc|phan|phu luc|mau|bieu)(?: so)? [ivxl\d]))"
)
_A_TYPE: Final = re.compile(TYPE)
# "sửa đổi Thông tư 39/2014/TT-BTC;78/2014/TT-BTC": a list in a title
# … or after the type: "các Quy định số 80-QĐ/TW, ngày 18/8/2022; số 148-QĐ/TW"
_BARE_NUMBER: Final = re.compile(r"\d{1,5}/\d{4}/[a-z]|(?:va )?so \d{1,5}(?:/\d{4})?[-/][a-z]")
# "… | 12/2009/QĐ-UBND; 02/3/2009; Về lệ phí | …": in a cell only documents and provisions are a list.
_BEGINS_AN_ITEM: Final = re.compile(
    rf"(?:va )?(?:{TYPE} (?:so )?\d|so \d{{1,5}}/|\d{{1,5}}/\d{{4}}/[a-z]|(?:dieu|khoan|diem) )"
)
_NEAR: Final = 120  # letters before a semicolon that may name provisions
_JOINS: Final = phrase(
    r"""(?:(?:^| )(?:va|hoac|cung|voi|cung voi|kem(?! theo)|dong thoi)|[,;&]|^) *
    (?:(?:cac )?(?:bieu mau|mau|phu luc|danh muc|quy dinh|noi dung)(?: ve(?: [a-z]+){1,8})?
    [ ](?:tai|cua|kem theo|ban hanh kem theo) )?
    (?:(?:chuong|muc|phan) [ivxlc\d]+(?: [a-z]+){0,6} (?:cua|tai) )?
    (?:(?:bo )?luat (?:ve )?sua doi,? bo sung (?:mot so dieu )?(?:cua )?)?
    (?:(?:toan bo|cac|nhung|noi dung|cac noi dung|quy dinh|cac quy dinh|dieu khoan|trong|tai|cua|o|
    mot so dieu|ca|theo|boi|diem|khoan|dieu|so) )*\Z"""
)
"""The words before a document that join it to another one."""
BREAK: Final = phrase(
    r""":(?!\d)|;|[.] | thi (?!hanh)|theo quy dinh|thuc hien theo|can cu|hieu luc|
    (?:^| )(?:neu|truoc ngay|truong hop) """
)
"""No list of documents goes over these words."""
# "(sau đây gọi tắt là Nghị định số …)" says nothing new.
_SHORTENED: Final = re.compile(
    r"\((?:sau day|duoc|goi|viet)? ?(?:duoc )?(?:goi|viet) (?:chung |tat )*(?:la|:)?[ :“\"]*\Z"
)
_IN_BRACKETS: Final = phrase(
    r"""(?: ngay [\d/. a-z]{6,30}?)?(?: cua [a-z ,-]{3,90}?)? ?
    \((?P<part>(?:gom |tai |cac )*(?:dieu|khoan|diem|chuong|muc|phu luc|mau|bieu) [^()]{1,200})\)"""
)
ATTRIBUTE: Final = re.compile(
    rf"(?:cac|nhung) {TYPE} (?:(?:sua doi|bo sung|thay the)(?:, | va |,? )?)+: ?"
    rf"(?:[a-z\d]{{1,2}}[.)] )?(?:{TYPE} )?(?:so )?\Z"
)
"""No verb but what the documents of a list are: "… và các Thông tư sửa đổi, bổ sung: số …"."""
_LISTING: Final = re.compile(r"(?:\bcac|[:;]) ?(?:va )?(?:so )?\Z")
_YEAR: Final = re.compile(r"(?<=[/ ])(?:19|20)\d\d(?!\d)")
_RANKS: Final = {"HP": 0, "BL": 1, "L": 1, "PL": 1, "NĐ": 2, "TT": 4, "TTLT": 4, "TTLB": 4}


@dataclass(frozen=True, slots=True)
class Named:
    """A citation in a clause: its place in the paragraph, and the known facts of its age and rank."""

    citation: Citation
    start: int
    end: int

    @property
    def year(self) -> int:
        """Return the year in its number or of its day; 0 when the text says neither."""
        said = _YEAR.findall(self.citation.key) or [self.citation.date[:4]]
        return int(said[0] or 0)

    @property
    def series(self) -> str:
        """Return the type and issuer of a number ("TT-BYT" of "15/2019/TT-BYT")."""
        return self.citation.key.rpartition("/")[2]

    @property
    def family(self) -> str:
        """Return its type; laws, codes and ordinances are one."""
        return "L" if self.citation.type in ("L", "BL", "PL") else self.citation.type

    @property
    def rank(self) -> int:
        """Return the rank of a document, 0 the highest; -1 where its type does not tell."""
        key = self.citation.key
        if self.citation.type == "NQ" and "QH" in key:
            return 1
        if self.citation.type in ("QĐ", "CT") and "TTg" in key:
            return 3
        if self.citation.type == "NQ" and key.endswith("-CP"):
            return 2
        return _RANKS.get(self.citation.type, -1)


@dataclass(slots=True)
class Clause:
    """One sentence, or a part between semicolons; all places count in its paragraph.

    lower: ASCII letters of the paragraph, quotations blanked; written: its letters; body: where the clause begins
    without its enumerator; opens: whether it begins its paragraph; inner: the citations in the title of another one;
    doers: the citations that a passive names, by start.
    """

    lower: str
    written: str
    start: int
    end: int
    level: int
    opens: bool
    body: int
    named: list[Named]
    inner: set[int] = field(default_factory=set)
    doers: set[int] = field(default_factory=set)

    def before(self, at: int) -> list[Named]:
        """Return the documents named before a place."""
        return [one for one in self.named if one.end <= at]

    def heads(self, start: int, end: int) -> list[Named]:
        """Return the documents that a list between two places names, without those in their titles."""
        found: list[Named] = []
        last, inside = start, None  # the last document in the title of another one
        for one in self.named:
            if not start <= one.start < end:
                continue
            gap = self.lower[last : one.start]
            free = one.start not in self.inner and one.start not in self.doers
            goes_on = not found or (joined(gap) and not BREAK.search(gap.rstrip(" ;")))
            last = one.end
            # "Nghị quyết A về Luật B, Luật C": a list in its title.
            in_title = found and inside and inside.family == one.family != found[-1].family
            if free and goes_on and not in_title:
                found.append(one)
                inside = None
                continue
            if one.start not in self.doers:
                self.inner.add(one.start)
                inside = one
        return found

    def opens_with(self, verb: re.Match[str]) -> bool:
        """Tell whether the clause begins with a verb."""
        return not self.lower[self.body : verb.start()].strip()

    def part_before(self, one: Named, floor: int) -> tuple[str, ...]:
        """Return the provisions named just before a citation."""
        said = self.lower[floor : one.start]
        if found := LAST.search(said):
            return self.part_in(floor + found.start(), floor + found.end())
        titled = TITLED.search(said)
        return self.part_in(floor + titled.start("unit"), one.start) if titled else ()

    def lists(self, one: Named) -> bool:
        """Tell whether a document stands in a list whose next entry a semicolon begins: "các Thông tư số 1/… sửa đổi
        Thông tư A; số 2/…".
        """
        return bool(self.before(one.start)) or _LISTING.search(self.lower, self.body, one.start) is not None

    def attributive(self, verb: re.Match[str], one: Named) -> bool:
        """Tell whether a verb only says what the documents of a list are."""
        said = ATTRIBUTE.search(self.lower, max(self.body, verb.start() - _NEAR), one.start)
        return said is not None and said.start() < verb.start()

    def part_after(self, one: Named) -> tuple[str, ...]:
        """Return the provisions in brackets just behind a citation: "Thông tư số … (khoản 3 Điều 8)"."""
        behind = _IN_BRACKETS.match(self.lower, one.end, self.end)
        return self.part_in(*behind.span("part")) if behind else ()

    def part_in(self, start: int, end: int) -> tuple[str, ...]:
        """Return the provisions named between two places."""
        return provisions(self.lower[start:end], self.written[start:end])

    def part_shared(self, start: int, end: int, after: tuple[str, ...]) -> tuple[str, ...]:
        """Return the provisions of a verb that shares its object with the next verb: "Sửa đổi khoản 2 và bãi bỏ khoản 4
        Điều 8". after: those before the object; what lacks an Điều has theirs.
        """
        above = next((one.partition("/")[0] for one in after if one[0].isdigit()), "")
        return tuple(above + one if one[0] == "/" else one for one in self.part_in(start, end)) or after


def joined(gap: str) -> bool:
    """Tell whether the words before a citation join it to the citation before."""
    return _JOINS.search(LAST.sub("", gap)) is not None or _JOINS.search(gap) is not None


def able(doer: Named, target: Named, *, guides: bool = False) -> bool:
    """Tell whether one document can do this to the other by age and rank: a decree amends no law."""
    if doer.year and target.year and doer.year < target.year:
        return False
    if "UBTVQH" in doer.citation.key and target.citation.type in ("L", "BL") and not guides:
        return False  # the Standing Committee amends no law
    if doer.rank < 0 or target.rank < 0:
        return True
    return doer.rank >= target.rank if guides else doer.rank <= target.rank


def clauses(lower: str, written: str, base: int, citations: Sequence[Citation]) -> Iterator[Clause]:
    """Yield the clauses of a paragraph with their citations; offsets count in the paragraph, base: the paragraph's
    start.
    """
    titles = {c.end - base for c in citations}
    lower = _QUOTED.sub(lambda quoted: _blank(quoted, titles), lower)
    cuts = [0, *_cuts(lower, citations, base), len(lower)]
    starts = [c.start - base for c in citations]
    mark = ENUMERATOR.match(lower, _first_letter(lower, 0, len(lower)))
    level = _level(mark)
    for at, (start, end) in enumerate(pairwise(cuts)):
        inner = ENUMERATOR.match(lower, _first_letter(lower, start, end))
        named = [
            Named(c, c.start - base, c.end - base)
            for c in citations[bisect_left(starts, start) : bisect_left(starts, end)]
            if c.end - base <= end and not _SHORTENED.search(lower, start, c.start - base)
        ]
        yield Clause(
            lower,
            written,
            start,
            end,
            level=_level(inner) if inner or at else level,
            opens=at == 0 or (at == 1 and mark is not None and cuts[1] <= mark.end() + 1),
            body=inner.end() if inner else start,
            named=named,
        )


def _lists_provisions(lower: str, end: re.Match[str]) -> bool:
    """Tell whether a semicolon stands in a list of provisions: "khoản 2 Điều 8; Điều 10 và Điều 14 Luật A"."""
    follows = _AND_PROVISION.match(lower, end.end()) if end[0].startswith(";") else None
    if not follows or LAST.search(lower[max(0, end.start() - _NEAR) : end.start()]) is None:
        return False
    named = _A_TYPE.search(lower, follows.end(), follows.end() + _NEAR) if follows["whole"] else None
    alone = LAST.search(lower[end.end() : named.start()]) if named else None
    return not follows["whole"] or (alone is not None and alone.start() == 0)


def level_of(lower: str) -> int:
    """Return the depth of the part that a paragraph begins, NO_LEVEL for none."""
    return _level(ENUMERATOR.match(lower))


def _level(mark: re.Match[str] | None) -> int:
    return _LEVELS[mark.lastgroup or "dash"] if mark else NO_LEVEL


def _first_letter(lower: str, start: int, end: int) -> int:
    return end - len(lower[start:end].lstrip())


def _blank(quoted: re.Match[str], ends: set[int]) -> str:
    """Return blanks for quoted words; the title of a document stays: "Nghị quyết số 04/2018/NQ-HĐND “Sửa đổi …”"."""
    text = quoted.group()
    if _QUOTED_TITLE.match(text) and any(at in ends for at in range(quoted.start() - 2, quoted.start() + 1)):
        return " " + text[1:-1] + " "
    return text[0] + " " * (len(text) - 2) + text[-1]


def _cuts(lower: str, citations: Sequence[Citation], base: int) -> Iterator[int]:
    """Yield the ends of sentences, none within a citation or after an enumerator; and cuts in what is too long."""
    taken = {at for c in citations for at in range(c.start - base, c.end - base)}
    mark = ENUMERATOR.match(lower, _first_letter(lower, 0, len(lower)))
    first, last, row = mark.end() + 1 if mark else 0, 0, " | " in lower
    ends = (
        end.end()
        for end in _SENTENCE_END.finditer(lower)
        if end.end() > first
        and end.start() not in taken
        and not _LAW_GOES_ON.match(lower, end.start())
        and not (end[0].startswith(";") and _BARE_NUMBER.match(lower, end.end()))
        and not (end[0].startswith(";") and row and not _BEGINS_AN_ITEM.match(lower, end.end()))
        and not _lists_provisions(lower, end)
    )
    for end in chain(ends, [len(lower)]):
        while end - last > _LONGEST:
            limit = last + _LONGEST
            spaces = (at for at in range(limit, last + _LONGEST // 2, -1) if lower[at] == " " and at not in taken)
            last = next(spaces, limit)
            yield last
        if end < len(lower):
            yield end
        last = end
