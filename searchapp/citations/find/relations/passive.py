"""Find the actor and the target of a passive: "Thông tư A được sửa đổi, bổ sung bởi Thông tư B"."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.find.relations import cues, days, spans
from searchapp.citations.find.relations.cues import LAST, PARTLY, phrase
from searchapp.citations.find.relations.sentences import BREAK, Clause, Named, able, joined

SOME_ARTICLES: Final = "mot so dieu"
"""Of a whole document: "sửa đổi Điều 10 của Luật A, được sửa đổi một số điều bởi …"."""
SOME_OF: Final = re.compile(r" mot (?:phan|so)(?![a-z])")
_SOME: Final = re.compile(r"(?:noi dung|mot phan|mot so)[^,]{0,20}\Z")
_TITLE: Final = phrase(
    """(?: ngay [\\d/. a-z]{6,30}?)?(?: cua [a-z ,-]{3,90}?)? (?:ve|quy dinh|huong dan|ban hanh|phe duyet) """
)
_CHANGES: Final = re.compile(r"sua doi|bo sung|bai bo|thay the")
_FAR_TARGET: Final = 600
_PASSIVE: Final = phrase(
    r"""(?:^|[ (,])(?:da |se )?(?:duoc|bi)
    (?: (?:chinh phu|quoc hoi|bo truong|cong bo|thay the,|sua doi,|sua doi|bo sung|bai bo|huy bo|va|hoac|
    mot phan|,))* ?\Z"""
)
# "… hết hiệu lực từ ngày 15/9/2025 theo khoản 2 Điều 40 Nghị định B": who did it stands behind the day.
_SINCE: Final = (
    r"(?: thi hanh| ap dung)?,? (?:ke )?(?:tu|vao) (?:ngay )?\d{1,2}[\d/. a-z-]{5,24}?(?<=\d),?(?= (?:theo|boi|bang) )"
)
_BY: Final = phrase(
    rf"""(?:{_SINCE})?
    (?:(?:,| va|, va) (?:co noi dung )?(?:duoc|bi) (?:sua doi|bo sung|bai bo|thay the|huy bo|dinh chinh|, )+)*
    [ ]?(?:, )?(?:(?:mot so (?:dieu|noi dung|quy dinh|khoan)|mot phan|toan bo|mot so dieu va bai bo)[ ,]*)?
    (?:thanh [“"] *[”"] )?(?:(?:tai|theo|boi|bang|qua|trong)[ :]+)+(?:(?:cac|quy dinh|noi dung) (?:tai |cua )?)*"""
)


_NEVER_PASSIVE: Final = frozenset({cues.IN_FORCE, cues.STAYS, cues.GUIDES, cues.CONTINUES})


def is_passive(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether "được" or "bị" stands before a verb, or a text of old says "Thông tư A nay bãi bỏ"."""
    said = _PASSIVE.search(clause.lower, max(clause.start, verb.start() - 50), verb.start())
    return said is not None or days.is_old_passive(clause, verb)


def is_told(clause: Clause, verb: re.Match[str]) -> bool:
    """Tell whether a verb that ends or suspends is told of the documents before it."""
    still = cues.NAMES[verb.lastgroup or ""] == cues.SUSPENDS and spans.stands_still(clause, verb)
    return still or is_passive(clause, verb)


def by_whom(clause: Clause, verb: re.Match[str], kind: str) -> int | None:
    """Return where the actor of a passive is named ("được sửa đổi bởi …"), None without an actor."""
    by = None if kind in _NEVER_PASSIVE else _BY.match(clause.lower, verb.end())
    if by is None:
        return None
    if is_passive(clause, verb) or kind == cues.ENDS:
        return by.end()
    before = clause.lower[max(0, verb.start() - 2) : verb.start()].strip()
    return by.end() if before in ("(", ",", "") and clause.before(verb.start()) else None


def doers(clause: Clause, at: int, *, close: bool = False) -> list[Named]:
    """Return the documents that act in a passive, from the first one on. close: only provisions stand before it."""
    found: list[Named] = []
    last = at
    for one in clause.named:
        if one.start < at:
            continue
        gap = clause.lower[last : one.start]
        if BREAK.search(gap):
            break
        if not found:
            if (close or len(gap) > _FAR_TARGET // 10) and LAST.sub("", gap).strip(" ,(") not in (
                "",
                "cac",
                "khoan",
                "cua",
            ):
                break
        elif (
            not joined(gap)
            or cues.CUE.search(gap)
            or _stands_beside(clause, one)
            or (one.rank != found[0].rank and min(one.rank, found[0].rank) >= 0)
        ):
            break
        found.append(one)
        last = one.end
    return found


# What says when documents end says not that this one ended by it.
_LAW_MAKING: Final = re.compile("ban hanh van ban quy pham phap luat")
_LAWS_OF_MAKING: Final = (
    "02/2002/QH11", "31/2004/QH11", "17/2008/QH12", "80/2015/QH13", "63/2020/QH14", "64/2025/QH15", "87/2025/QH15",
    "34/2016/NĐ-CP", "154/2020/NĐ-CP", "78/2025/NĐ-CP",
)  # fmt: skip


def is_of_law_making(clause: Clause, at: int, doer: Named) -> bool:
    """Tell whether the actor of a passive is a provision of a law on the making of laws, by its name or number."""
    if not clause.part_before(doer, at):
        return False
    return doer.citation.key in _LAWS_OF_MAKING or _LAW_MAKING.search(clause.lower, at, doer.end) is not None


def _stands_beside(clause: Clause, one: Named) -> bool:
    """Tell whether the title of a document after "và" changes nothing: then the document did not act either."""
    title = _TITLE.match(clause.lower, one.end)
    if title is None:
        return False
    return not _CHANGES.search(clause.lower[title.end() : title.end() + 160].partition(";")[0])


def targets(clause: Clause, at: int, doer: Named | None) -> Named | None:
    """Return the target before a passive: the nearest document of the doer's rank, else the nearest one."""
    near = [
        one
        for one in clause.before(at)
        if at - one.end < _FAR_TARGET
        and one.start not in clause.doers
        and not re.search(r":(?!\d)|[.] ", clause.lower[one.end : at])
        and (doer is None or able(doer, one))
    ]
    same = [one for one in near if doer and one.rank == doer.rank]
    found = same or near
    return found[-1] if found else None


def part_of(clause: Clause, target: Named, verb: int) -> tuple[str, ...]:
    """Return the provisions of a target that stands before a passive, or in the row or the clause before."""
    if target not in clause.named:
        return clause.part_in(clause.body, verb)
    if target.end > verb:
        return ()
    part = clause.part_before(target, clause.start)
    if not part and _SOME.search(clause.lower[max(target.end, verb - 40) : verb]):
        return (PARTLY,)
    return part
