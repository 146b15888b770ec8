"""Find pinpoints: the provisions before (or behind) a document's name: "điểm a, b khoản 2 Điều 5 Luật …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from searchapp.article import OWN, Citation
from searchapp.citations.find.ascii import Shadow

_MAX_RANGE: Final = 60
"""The most numbers of a range that is written out; of a longer range both ends count."""
THIS: Final = "."
"""The number of the provision that holds the words ("Điều này")."""

_POINT, _CLAUSE, _ARTICLE, _ABOVE = 3, 2, 1, 0
_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
_NUMBER: Final = r"(?!(?![kđd]\.?\d)[\w/]|[.,/-]\d|[ ]?%)"
_VALUES: Final = {
    _POINT: rf"(?:[a-zđ]\d?|\d{{1,2}}){_NUMBER}",
    _CLAUSE: rf"\d{{1,3}}[a-zđ]?{_NUMBER}",
    _ARTICLE: rf"\d{{1,4}}[a-zđ]{{0,2}}{_NUMBER}",
    _ABOVE: rf"(?:[IVXLC]{{1,6}}|\d{{1,3}})[a-zđ]?{_NUMBER}",
}
# "các khoản từ 1 đến 4" is a range of provisions; "các khoản từ 5 đến 9 triệu" is none.
_MEASURE: Final = (
    r"(?![ ](?:nghìn|ngàn|triệu|tỷ|tỉ|đồng|phần[ ]trăm|năm|tháng|tuần|ngày|giờ|phút|người|lần|ha|m2|km|mét|trang|tuổi"
    r"|trieu|ty|dong|nam|thang|ngay|gio|nguoi)(?!\w))"
)
_LIST: Final = r"(?:[ ]?[,;][ ]?(?:và[ ]|va[ ])?|[ ](?:và|hoặc|va|hoac)[ ]|[ ](?:đến|tới|den)[ ]|[ ]?[–-][ ]?)"
_TO: Final = re.compile(r"đến|tới|den|[–-]", re.IGNORECASE)
_LISTED: Final = (",", ";", "và", "hoặc", "va", "hoac", "đến", "tới", "den")
_JOIN: Final = re.compile(
    r"""\s{0,3}(?P<sign>[,;]|và|hoặc|đến|tới|va|hoac|den)?\s{0,3}(?:và\s|hoặc\s)?
    (?P<of>của|thuộc|tại|trong|cua|thuoc|tai)?\s{0,3}(?:các\s|cac\s|từ\s|tu\s)?\s{0,2}""",
    re.VERBOSE | re.IGNORECASE,
)
_TYPES: Final = (
    "Bộ luật|Luật|Pháp lệnh|Hiến pháp|Nghị định|Nghị quyết(?: liên tịch)?|Thông tư(?: liên tịch)?|Quyết định|Chỉ thị"
    "|Quy chế|Quy định|Quy trình|Điều lệ|Kết luận|Hướng dẫn|Kế hoạch|Chương trình|Văn bản hợp nhất|Lệnh|Sắc lệnh|Đề án"
).replace(" ", r"\s")
_OWN: Final = re.compile(
    rf"[\s,]{{0,3}}(?:(?:của|tại|thuộc|trong|(?:ban hành )?kèm theo)\s)?(?:{_TYPES}|Phụ lục|bản\s\w+) này(?!\w)",
    re.IGNORECASE,
)
# The words between a provision and the number or name of its document.
_LEADS: Final = re.compile(
    rf"""[\s,(]{{0,3}}(?:(?:của|tại|thuộc|trong|theo|kèm\stheo|ban\shành\skèm\stheo|quy\sđịnh\stại)\s+)?(?:các\s)?
    (?:(?:{_TYPES})\s+(?:sửa\sđổi,\sbổ\ssung\s)?(?:[^\n.;:,]{{0,120}}?\s)??)?(?:(?:luật\s)?số\s?:?\s*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_WINDOW: Final = 400  # characters before a citation that may hold its provisions
_GAP: Final = 160  # characters between a provision and its document


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """Provisions that a text names. start, end: offsets in the text; of: start of the citation of their document, OWN
    for the text itself, None where the text does not say it.

    parts: "5/2/a" for Điều 5 khoản 2 điểm a, "./2" for khoản 2 of the surrounding Điều, "/2" without any Điều,
    "phu-luc-1", "chuong-2".
    """

    start: int
    end: int
    parts: tuple[str, ...]
    of: int | None = None


@dataclass(frozen=True, slots=True)
class _Mention:
    """One unit with its numbers: "khoản 2, 4". joined: the word before it: "", ",", "và", "đến" or "của"."""

    level: int
    values: tuple[str, ...]
    start: int
    end: int
    joined: str = ""


# "Phụ lục số I, số II": the word before the number of an appendix or chapter.
_CALLED: Final = {_POINT: "", _CLAUSE: "", _ARTICLE: "", _ABOVE: r"(?:số[ ])?"}


def _from(level: int) -> str:
    """Return the pattern of the word that begins a range of a level: "từ" in "Phụ lục từ I đến V"."""
    value = rf"[a-zđ]{_NUMBER}" if level == _POINT else _VALUES[level]
    called = _CALLED[level]
    return rf"(?:(?:từ|tu)[ ]{called}(?={value}[ ](?:đến|tới|den)[ ]{called}{value}{_MEASURE}))?"


class _Grammar:
    """The words of units, as texts write them or as people type them."""

    def __init__(self, point: str, clause: str, article: str, above: str, this: str) -> None:
        words = {_POINT: point, _CLAUSE: clause, _ARTICLE: article, _ABOVE: above}
        heads = "|".join(
            rf"(?P<u{level}>{word}{_from(level)})(?P<v{level}>{_VALUES[level]})" for level, word in words.items()
        )
        self.head: Final = re.compile(
            rf"(?<![^\W\d])(?<![/-])(?:(?P<this>điều|khoản|điểm)[ ]{this}(?!\w)|{heads})", re.IGNORECASE
        )
        self.more: Final = {
            level: re.compile(rf"(?P<sign>{_LIST}){_from(level)}{_CALLED[level]}(?P<value>{value})", re.IGNORECASE)
            for level, value in _VALUES.items()
        }


_TEXT: Final = _Grammar(
    r"điểm\s{1,2}", r"khoản\s{1,2}", r"điều\s{1,2}", r"(?:mục|chương|phụ\slục|phần)\s(?:số\s|thứ\s)?", "này"
)
_TYPED: Final = _Grammar(
    r"(?:điểm|diem|điem|diểm)[ ]", r"(?:(?:khoản|khoan)[ ]?|k\.?[ ]?(?=\d))",
    r"(?:(?:điều|dieu|điêu)[ ]?|[đd]\.?[ ]?(?=\d))",
    r"(?:mục|muc|chương|chuong|phụ[ ]lục|phu[ ]luc|phần|phan)[ ](?:số[ ]|thứ[ ])?", "(?!)",
)  # fmt: skip


def pinpoints(text: str, citations: Sequence[Citation] = ()) -> Iterator[Pinpoint]:
    """Yield every group of provisions in a text, with the citation that it belongs to.

    >>> [found.parts for found in pinpoints("điểm a, b khoản 2, khoản 4 Điều 5 và Điều 7 của Luật này")]
    [('5/2/a', '5/2/b', '5/4', '7')]
    """
    starts = sorted(citation.start for citation in citations)
    at = 0
    for group in _groups(text, _TEXT):
        start, end = group[0].start, group[-1].end
        while at < len(starts) and starts[at] < end:
            at += 1
        of = _document(text, end, starts[at] if at < len(starts) else None)
        parts = _combined(group)
        if of is None and any(part.startswith(THIS) for part in parts):
            of = OWN
        if all(set(part) <= {THIS, "/"} for part in parts):  # "Điều này cho thấy …" is no provision
            continue
        if parts and not (of is None and group[-1].level >= _CLAUSE and group[0].level == group[-1].level == _POINT):
            yield Pinpoint(start, end, parts, of)


def pinpointed(text: str, citations: list[Citation]) -> list[Citation]:
    """Return the citations, each with the provisions that the text names right before it."""
    found: list[Citation] = []
    end = 0
    for citation in citations:
        first = max(end, citation.start - _WINDOW)
        end = max(end, citation.end)
        groups = list(_groups(text[first : citation.start], _TEXT))
        if groups and _document(text, first + groups[-1][-1].end, citation.start) == citation.start:
            citation = replace(citation, pinpoint=_combined(groups[-1]))
        found.append(citation)
    return found


def pinpoint_in_query(text: Shadow) -> Pinpoint | None:
    """Return the provisions that a query asks for, in any spelling: "đ7 nđ158/2025", "khoan 2 dieu
    7"; None for none.
    """
    parts: tuple[str, ...] = ()
    start = end = -1
    written = text.text.lower().replace("ð", "đ") if text.where is None else text.lower
    for group in _groups(written, _TYPED):
        if any(mention.level == _ARTICLE for mention in group) or (start < 0 and group[-1].level != _POINT):
            parts += _combined(group)
            start, end = group[0].start if start < 0 else start, group[-1].end
    return Pinpoint(start, end, tuple(dict.fromkeys(parts))) if parts else None


def _groups(text: str, grammar: _Grammar) -> Iterator[list[_Mention]]:
    """Yield groups of mentions with only separators between them."""
    group: list[_Mention] = []
    at = 0
    while found := grammar.head.search(text, at):
        mention = _mention(text, found, grammar)
        at = mention.end
        joined = _JOIN.fullmatch(text, group[-1].end, mention.start) if group else None
        if joined is None:
            if group:
                yield group
            group = [mention]
        else:
            group.append(replace(mention, joined=(joined["sign"] or joined["of"] or "").lower()))
    if group:
        yield group


def _mention(text: str, found: re.Match[str], grammar: _Grammar) -> _Mention:
    if found["this"]:
        level = {"điều": _ARTICLE, "khoản": _CLAUSE, "điểm": _POINT}[found["this"].lower()]
        return _Mention(level, (THIS,), found.start(), found.end())
    level = next(level for level in (_POINT, _CLAUSE, _ARTICLE, _ABOVE) if found[f"u{level}"])
    if level == _ABOVE:
        return _several_above(text, found, grammar)
    values, end = [_plain(found[f"v{level}"])], found.end()
    while more := grammar.more[level].match(text, end):
        value = _plain(more["value"])
        values += _range(values[-1], value) if _TO.search(more["sign"]) else [value]
        end = more.end()
    return _Mention(level, tuple(values), found.start(), end)


def _several_above(text: str, found: re.Match[str], grammar: _Grammar) -> _Mention:
    """Return appendices or chapters with all their numbers: "Phụ lục I, II và III"."""
    unit, first, end = found[f"u{_ABOVE}"], found[f"v{_ABOVE}"], found.end()
    values = [_above(unit, first)]
    while more := grammar.more[_ABOVE].match(text, end):
        value = more["value"]
        if value.isdigit() != first.isdigit() or not (value.isdigit() or value.isupper() == first.isupper()):
            break  # "Chương II, 3 tháng", "Phụ lục I và v.v."
        reached = _above(unit, value)
        values += _above_range(values[-1], reached) if _TO.search(more["sign"]) else [reached]
        end = more.end()
    return _Mention(_ABOVE, tuple(values), found.start(), end)


def _above_range(first: str, last: str) -> list[str]:
    kind, _, number = first.rpartition("-")
    return [f"{kind}-{each}" for each in _range(number, last.rpartition("-")[2])]


def _plain(value: str) -> str:
    """Return a number without leading zeros: "05" → "5"."""
    return value.lower().lstrip("0") or "0"


def _above(unit: str, value: str) -> str:
    """Return the id of a chapter or appendix: "phu-luc-1"."""
    kind = {"mục": "muc", "chương": "chuong", "phần": "phan"}.get(unit.split()[0].lower(), "phu-luc")
    total = 0
    for letter, after in pairwise(value.upper() + " "):
        if letter in "IVXLC":
            ones = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
            total += -ones[letter] if ones.get(after, 0) > ones[letter] else ones[letter]
    return f"{kind}-{total or value.lower().lstrip('0') or 0}"


def _range(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= _MAX_RANGE:
        return [str(number) for number in range(int(first) + 1, int(last) + 1)]
    if first in _LETTERS and last in _LETTERS and first < last:
        return list(_LETTERS[_LETTERS.index(first) + 1 : _LETTERS.index(last) + 1])
    return [last]


def _combined(group: Sequence[_Mention]) -> tuple[str, ...]:
    """Return the provisions of a group in either order: up ("điểm a khoản 2 Điều 5") or down ("Điều 5, khoản 2")."""
    done: list[tuple[str, ...]] = []
    # provisions that wait for the unit above them, each with its own level
    pending: list[tuple[int, tuple[str, ...]]] = []
    article, clause = "", ""
    for index, mention in enumerate(_ranged(group)):
        level, values = mention.level, mention.values
        if level == _ABOVE:
            if done and done[-1][0].startswith("muc-") and values[0].startswith("chuong-"):
                done = [(f"{values[0]}-{path[0]}",) if path[0].startswith("muc-") else path for path in done]
            elif not pending and (not done or (mention.joined in _LISTED and _goes_on(done[-1], values[0]))):
                done += [(value,) for value in values]
        elif level == _ARTICLE:
            done += [(values[0], *rest) if each == _CLAUSE else (values[0], "", *rest) for each, rest in pending] + [
                (v,) for v in values[1 if pending else 0 :]
            ]
            pending, article, clause = [], values[-1], ""
        elif article and not _climbs(group, index):
            above = (article, clause) if level == _POINT and clause else (article,)
            if done and done[-1] == above:
                done.pop()
            done += [(*above, value) if len(above) == level - 1 else (*above, "", value) for value in values]
            clause = values[-1] if level == _CLAUSE else clause
        elif level == _CLAUSE and any(each == _POINT for each, _ in pending):
            pending = [(_CLAUSE, (values[0], *rest)) if each == _POINT else (each, rest) for each, rest in pending] + [
                (_CLAUSE, (value,)) for value in values[1:]
            ]
        else:
            pending += [(level, (value,)) for value in values]
    return tuple(dict.fromkeys("/".join(path) for path in (*done, *map(_alone, pending))))


def _goes_on(path: tuple[str, ...], value: str) -> bool:
    """Tell whether a list goes on with an appendix or chapter: "Phụ lục I, Phụ lục II", "Điều 5 và Phụ lục I"."""
    kind = value.rpartition("-")[0]
    return kind == "phu-luc" or (len(path) == 1 and path[0].rpartition("-")[0] == kind)


def _alone(waiting: tuple[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return provisions without their Điều; "điểm 4" of a text without Điều counts as its clause."""
    level, path = waiting
    if path[0] == THIS or level == _CLAUSE:
        return (THIS if path[0] == THIS else "", *path)
    return ("", *path) if path[0].isdigit() else ("", "", *path)


def _ranged(group: Sequence[_Mention]) -> list[_Mention]:
    """Return the mentions, "từ Điều 3 đến Điều 6" with all numbers between."""
    ranged = list(group[:1])
    for before, mention in pairwise(group):
        if mention.level == before.level == _ABOVE and _TO.fullmatch(mention.joined):
            reached = _above_range(before.values[-1], mention.values[0])
            ranged.append(replace(mention, values=(*reached, *mention.values[1:])))
        elif mention.level == before.level != _ABOVE and _TO.fullmatch(mention.joined):
            ranged.append(replace(mention, values=(*_range(before.values[-1], mention.values[0]), *mention.values[1:])))
        else:
            ranged.append(mention)
    return ranged


def _climbs(group: Sequence[_Mention], index: int) -> bool:
    """Tell whether a mention after an Điều belongs to a higher unit behind it: "Điều 5 và khoản 2 Điều 7"."""
    level = group[index].level
    for mention in group[index + 1 :]:
        if mention.level < level:
            return mention.joined in ("", "của", "thuộc", "tại", "trong", "cua", "thuoc", "tai")
    return False


def _document(text: str, end: int, start: int | None) -> int | None:
    if _OWN.match(text, end):
        return OWN
    if start is not None and start - end <= _GAP and _LEADS.fullmatch(text, end, start):
        return start
    return None
