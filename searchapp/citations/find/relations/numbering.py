"""Read the provisions that a clause names: "khoản 2 Điều 5, Điều 7" → "5/2", "7"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from searchapp.citations.find.relations.cues import phrase

_ARTICLE, _CLAUSE, _POINT = range(3)
_LEVELS: Final = {"dieu": _ARTICLE, "khoan": _CLAUSE, "diem": _POINT}
_WHOLE: Final = {
    "chuong": "chuong", "muc": "muc", "phan": "phan", "tieu muc": "tieu-muc", "phu luc": "phu-luc", "mau": "mau",
    "bieu mau": "mau", "bieu": "bieu", "danh muc": "danh-muc", "phu bieu": "bieu", "tiet": "tiet",
}  # fmt: skip
_NUMBER: Final = r"\d{1,3}(?![\d/.]\d)[a-z]{0,2}"
_ID: Final = rf"(?:{_NUMBER}|[ivxlc]{{1,6}}|(?!(?:tu|va|so|ve|do|co|de)(?![a-z\d]))[a-z]{{1,2}}\d?)"
_NAMED: Final = rf"(?:tu (?=(?:so )?{_ID} (?:den|toi) (?:so )?{_ID}(?![a-z0-9])))?(?:(?:so|thu) )?"
_UNIT: Final = (
    rf"(?:(?:dieu|khoan)(?= {_NAMED}{_NUMBER})|"
    r"diem|chuong|tieu muc|muc|phan|phu luc|phu bieu|bieu mau|bieu|mau|danh muc|tiet)"
)
_JOIN: Final = r"(?: ?, ?(?:va |hoac )?| va | hoac | ?; ?| (?:den|toi) (?:het )?)"
_GROUP: Final = re.compile(
    rf"(?<![a-z0-9])(?P<unit>{_UNIT}) {_NAMED}(?P<ids>{_ID}(?![a-z0-9])(?:{_JOIN}{_NAMED}{_ID}(?![a-z0-9]))*)"
)
# "bổ sung Điều 4a vào sau Điều 4": the place of a new provision is not changed itself.
_PLACE: Final = re.compile(r"(?:vao|ngay)(?: ngay| lien)?(?: phia)? (?:sau|truoc) \Z")
_ONE: Final = re.compile(rf"(?P<join>{_JOIN})?{_NAMED}(?P<id>{_ID})(?![a-z0-9])")
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_MOST: Final = 60  # provisions of one range; of "từ Điều 3 đến Điều 300" only both ends are told
LAST: Final = phrase(
    rf"""(?:(?:^|(?<=[ ,;(]))(?:cac |tu )?{_UNIT} {_NAMED}{_ID}(?![a-z0-9])
    (?:(?:{_JOIN}| | cua | tai )(?:cac |tu )?(?:{_UNIT} {_NAMED})?{_ID}(?![a-z0-9]))*)
    [ ]?(?:(?:cua|tai|thuoc|trong|kem theo|ban hanh kem theo|quy dinh tai) )?\Z"""
)
"""Provisions at the end of a text, just before their document."""

TITLED: Final = re.compile(
    rf"(?:^ *(?:(?:\d+|[a-z])[.)] *)?|(?:va|,|;|tai) *)(?:cac )?(?P<unit>{_UNIT} {_NAMED}{_ID})(?![a-z0-9])"
    r"(?:(?! nay | thong tu | nghi dinh | luat | quyet dinh | nghi quyet | phap lenh )[^;:]){1,140}?"
    r" (?:cua|tai|kem|theo) \Z"
)
"""A provision with its title, just before its document: "Chương III Tiếp công dân của Thông tư …"."""

_TEXT_ONLY: Final = phrase(
    """[ ,]*(?:(?:mot so|cac|nhung|va|hoac|bo sung|toan bo) )*
    (?:cum tu|tu ngu|tu|doan|cau|so thu tu|ky hieu|dong|gach)(?![a-z])"""
)
_VAGUE: Final = phrase(
    """[ ,]*(?:cho )?(?:(?:cac|nhung|toan bo|mot so) )?
    (?:mot (?:so|phan)|quy dinh|noi dung|mot so (?:dieu|quy dinh|noi dung)|danh muc|phu luc|mau|bieu|
    thu tuc)(?![a-z])"""
)


class _Group(NamedTuple):
    level: int
    ids: tuple[str, ...]
    start: int
    after: str  # the word that joins a group to the next


def provisions(lower: str, written: str) -> tuple[str, ...]:
    """Return the provisions that a piece of text names, in order, each once; lower: its ASCII letters, as long as
    `written`.

    A khoản or điểm without its Điều begins with a stroke: "khoản 2" → "/2".

    >>> provisions("khoan 2 dieu 5, dieu 7", "khoản 2 Điều 5, Điều 7")
    ('5/2', '7')
    """
    found: list[str] = []
    pending: list[_Group] = []
    matches = list(_GROUP.finditer(lower))
    for at, match in enumerate(matches):
        unit = match["unit"]
        if _PLACE.search(lower, max(0, match.start() - len("vao ngay phia truoc ")), match.start()):
            continue
        ids = tuple(_ids(lower, written, match))
        if unit in _WHOLE:
            found += [f"{_WHOLE[unit]}-{_number(one)}" for one in ids]
            continue
        ranged = _range_from(lower, matches, at)
        pending.append(_Group(_LEVELS[unit], _filled(ranged, ids), match.start(), ""))
    found += _composed(pending)
    return tuple(dict.fromkeys(found))


def in_words(lower: str, at: int) -> bool:
    """Tell whether words of a text stand at a place: "Cụm từ … tại Điều 5 Thông tư A được bãi bỏ"."""
    return _TEXT_ONLY.match(lower, at) is not None


def is_vague(said: str) -> bool:
    """Tell whether the text means some provisions without naming them: "các quy định về … tại"."""
    return _VAGUE.match(said) is not None


def _range_from(lower: str, matches: list[re.Match[str]], at: int) -> str:
    """Return the first provision of a range whose last one is this group ("từ Điều 3 đến Điều 6")."""
    if at == 0 or matches[at - 1]["unit"] != matches[at]["unit"]:
        return ""
    between = lower[matches[at - 1].end() : matches[at].start()]
    return matches[at - 1]["ids"].split()[-1] if between.strip() in ("den", "den het", "toi") else ""


def _filled(first: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    if not (first.isdigit() and ids[0].isdigit()):
        return ids
    low, high = int(first) + 1, int(ids[0])
    return (*(str(n) for n in range(low, high)), *ids) if 0 < high - low < _MOST else ids


def _ids(lower: str, written: str, match: re.Match[str]) -> Iterator[str]:
    start, last = match.start("ids"), ""
    for one in _ONE.finditer(lower, start, match.end("ids")):
        name = written[one.start("id") : one.end("id")].lower()
        joined = (one["join"] or "").strip()
        if joined.startswith(("den", "toi")) and last.isdigit() and name.isdigit() and int(name) - int(last) < _MOST:
            yield from (str(n) for n in range(int(last) + 1, int(name)))
        elif joined.startswith(("den", "toi")) and match["unit"] in _WHOLE:
            low, high = _number(last), _number(name)
            if low.isdigit() and high.isdigit() and int(high) - int(low) < _MOST:
                yield from (str(n) for n in range(int(low) + 1, int(high)))
        yield name
        last = name


def _number(name: str) -> str:
    if name and set(name) <= _ROMAN.keys():
        values = [_ROMAN[letter] for letter in name]
        return str(sum(-v if v < max(values[i:]) else v for i, v in enumerate(values)))
    return name.lstrip("0") or name


def _composed(groups: list[_Group]) -> Iterator[str]:
    """Yield paths of groups in either order: "điểm a khoản 2 Điều 5" and "Điều 5, khoản 2, điểm a"."""
    at = 0
    while at < len(groups):
        run = [groups[at]]
        if run[0].level == _ARTICLE:  # descending order, unless a later Điều claims the next groups
            at += 1
            while at < len(groups) and groups[at].level > run[-1].level and not _claimed(groups, at):
                run.append(groups[at])
                at += 1
            yield from _paths(run)
            continue
        smaller: list[_Group] = []
        while at < len(groups) and groups[at].level != _ARTICLE:
            smaller.append(groups[at])
            at += 1
        articles: tuple[str, ...] = groups[at].ids if at < len(groups) else ("",)
        at += 1
        for head in _heads(smaller):
            yield from _below(articles[:1], head)
        yield from articles[1:]


def _claimed(groups: list[_Group], at: int) -> bool:
    """Tell whether a smaller provision belongs to an Điều that is named after it."""
    for later in groups[at + 1 :]:
        if later.level == _ARTICLE:
            return True
        if later.level > groups[at].level:
            return False
    return False


def _paths(run: list[_Group]) -> Iterator[str]:
    if len(run) == 1:
        yield from run[0].ids
        return
    *before, last = run[0].ids
    yield from before
    paths = [last]
    for group in run[1:]:
        paths = [f"{path}/{one}" for path in paths for one in group.ids]
    yield from paths


def _heads(smaller: list[_Group]) -> Iterator[list[_Group]]:
    """Yield groups below one Điều, cut after each khoản: "điểm a khoản 2, khoản 4" are two."""
    run: list[_Group] = []
    for group in smaller:
        run.append(group)
        if group.level == _CLAUSE:
            yield run
            run = []
    if run:
        yield run


def _below(articles: tuple[str, ...], groups: list[_Group]) -> Iterator[str]:
    clauses = next((group.ids for group in groups if group.level == _CLAUSE), ("",))
    points = tuple(one for group in groups if group.level == _POINT for one in group.ids)
    for article in articles:
        for at, clause in enumerate(clauses):
            base = f"{article}/{clause}" if clause else article
            if points and at == 0:
                yield from (f"{base}/{point}" for point in points)
            else:
                yield base
