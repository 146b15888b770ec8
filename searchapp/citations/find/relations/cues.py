"""The words of a clause that say what happens to a document.

They are verbs, as patterns over ASCII letters, and the provisions that the clause names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

REPLACES: Final = "thay-the"
REPEALS: Final = "bai-bo"
ENDS: Final = "het-hieu-luc"
AMENDS: Final = "sua-doi"
SUSPENDS: Final = "ngung-hieu-luc"
CORRECTS: Final = "dinh-chinh"
CONSOLIDATES: Final = "hop-nhat"
GUIDES: Final = "huong-dan"
EXTENDS: Final = "keo-dai"
CONTINUES: Final = "tiep-tuc"
CARRIES_OUT: Final = "trien-khai"
IN_FORCE: Final = "hieu-luc"
"""The day on which the target comes into force; no relation between documents."""
STAYS: Final = "con-hieu-luc"
"""A document says that the target still holds: evidence for its status."""

KINDS: Final = (
    REPLACES, REPEALS, ENDS, AMENDS, SUSPENDS, CORRECTS, CONSOLIDATES, GUIDES, EXTENDS, CONTINUES, CARRIES_OUT,
)  # fmt: skip
"""All kinds of relations, as the interfaces name them."""
ENDING: Final = frozenset({REPLACES, REPEALS, ENDS})
"""Kinds that end a document, or a part of it."""
LASTING: Final = frozenset({GUIDES, CONTINUES, CARRIES_OUT, CONSOLIDATES, STAYS, CORRECTS})
"""Kinds that change no force, and so have no day of their own."""

PARTLY: Final = "mot-phan"
"""The provision of a change to some provisions that the text does not name."""


def phrase(pattern: str) -> re.Pattern[str]:
    """Return a pattern written over several lines: a line break with its indent is nothing, a space is a space."""
    return re.compile(re.sub(r"\n\s*", "", pattern))


_AMEND: Final = (
    "(?:sua doi|bo sung|bo khuyet|bo tuc)(?:(?:,| va|/|, va| hoac)? ?(?:sua doi|bo sung|bai bo|thay the|huy bo))*"
)
# "Điều chỉnh khoản 2 Điều 1 Quyết định số …": without a document behind it the word is a matter of a text.
_ADJUSTED: Final = (
    r"(?:(?:mot so |cac )?(?:noi dung|quy dinh) (?:(?:tai|cua) )?)?"
    r"(?:(?:dieu|khoan|diem|muc|phan|phu luc) [\da-z]{1,4},? (?:(?:tai|cua) )?){0,3}"
    r"(?:nghi|quyet|ke|chi|ket|quy|thong|huong|chuong|cong) [a-z]{2,6} so \d"
)

_NOUN: Final = "(?:cong|nghi|ket|chi|quyet|quy|huong|thong|chuong|ke|de|sac) [a-z]{2,6}(?: lien tich)?"
_NUMBERED: Final = rf"(?= (?:toan bo )?(?:cac )?{_NOUN} so \d)"  # "… Nghị quyết số 5"

CUE: Final = phrase(
    rf"""(?<![a-z0-9])(?:
    (?P<ends>(?:het|(?<!den )het thoi han(?! hieu luc cua)|cham dut|khong con) hieu luc
    |khong con (?:(?:duoc )?ap dung|gia tri(?: thi hanh| phap ly)?)(?! duoc| neu| khi)|khong ap dung nua(?! neu| khi))
    |(?P<closes>(?:ket thuc|cham dut|thoi)(?: viec)? (?:thuc hien|thi hanh|ap dung){_NUMBERED})
    |(?P<halts>(?:dung(?: viec)? (?:thuc hien|thi hanh|ap dung)|dung hieu luc(?: thi hanh)?(?: cua)?){_NUMBERED})
    |(?P<suspends>(?:tam dung|(?:tam )?(?:ngung|dinh chi))(?: (?:viec )?(?:hieu luc|thi hanh|ap dung|thuc hien))
    (?: (?:thi hanh|ap dung|mot phan|toan bo))*)
    |(?P<defers>lui (?:thoi (?:diem|han|gian) )?(?:co hieu luc|hieu luc|thi hanh|ap dung|thuc hien)(?: thi hanh)?
    |chua (?:ap dung|thi hanh|thuc hien)(?= .{{0,300}}? den (?:het |khi |ngay )))
    |(?P<corrects>dinh chinh)
    |(?P<consolidates>hop nhat(?= \(?(?:cac |nghi|thong|luat|phap|quyet|bo luat)))
    |(?P<extends>(?:keo dai|gia han)(?: (?:thoi han|thoi gian|hieu luc|viec|ap dung|thuc hien|thi hanh))+
    |(?<=duoc )(?:keo dai|gia han)(?= (?:them|(?:cho )?den|tu ngay) ))
    |(?P<stays>tiep tuc (?:con |giu )?co hieu luc|van (?:con|co) hieu luc)
    |(?P<continues>tiep tuc (?:(?:day manh|tang cuong) )?(?:viec )?(?:quan triet va )?
    (?:trien khai(?: thuc hien)?|thuc hien|ap dung|thi hanh)
    |tiep tuc duoc (?:thuc hien|ap dung|thi hanh))
    |(?P<changes>(?:thay the|(?:bai|huy) bo)(?:(?:,| va|, va) (?:sua doi|bo sung|thay the|bai bo|huy bo|bo))+
    (?= (?:mot so|cac) (?:cum tu|tu ngu|dieu|khoan|diem|noi dung|quy dinh)))
    |(?P<repeals>(?:bai|huy) bo|thu hoi(?:(?:,| va) (?:bai|huy) bo)?(?= (?:toan bo )?(?:cac )?
    (?:quyet dinh|cong van|thong bao|van ban|nghi quyet|chi thi|ke hoach) so \d)
    |huy(?= (?:toan bo )?(?:cac )?
    (?:quyet dinh|cong van|thong bao|van ban|nghi quyet|chi thi|ke hoach)(?: [a-z]+){{0,6}}? so \d))
    |(?P<strikes>bo(?= (?:cac )?(?:cum tu|tu |tu ngu|doan|(?:noi dung|chu) [“"]))
    |thay(?= (?:doi )?(?:cac |mot so )?(?:cum tu|tu |tu ngu|doan))
    |(?<=duoc )(?:thay|sua|doi(?: ten)?)(?= (?:lai )?(?:bang|thanh)[ :]))
    |(?P<amends>{_AMEND}|(?<!pham vi )(?<!doi tuong )(?<!su )dieu chinh(?= {_ADJUSTED}))
    |(?P<replaces>thay the(?! cho nhau)
    |thay(?= (?:cho )?(?:cac )?(?:luat|{_NOUN})(?: so)? \d))
    |(?P<guides>(?:quy dinh|huong dan) chi tiet
    (?: (?:va )?(?:huong dan )?(?:viec )?(?:thi hanh|thuc hien|ap dung))?
    |huong dan(?: (?:bien phap|viec|chi tiet|mot so noi dung))* (?:thi hanh|thuc hien|ap dung)
    |huong dan(?= (?:mot so|ve |bo sung|cac|luat|nghi|thong|phap|quyet|bo luat|chi thi|dieu|khoan|chuong|quy))
    |(?:quy dinh|ve) (?:mot so )?bien phap (?:de )?(?:to chuc,? )?(?:va )?(?:huong dan )?thi hanh
    |quy dinh (?:ve )?(?:viec )?thi hanh)
    |(?P<in_force>(?:bat dau |chinh thuc |se )?co hieu luc(?: (?:thi hanh|thuc hien|ap dung|phap luat))*
    |(?<!luc )(?<!huong dan )(?<!to chuc )(?:(?:bat dau|duoc|co gia tri) )*(?:thi hanh|(?<=co )gia tri)
    (?= (?:ke )?tu (?:ngay|khi)(?! nhan)))
    )(?![a-z0-9])"""
)
"""The verb of every kind, by group (`NAMES`)."""
NAMES: Final = {
    "ends": ENDS, "suspends": SUSPENDS, "corrects": CORRECTS, "consolidates": CONSOLIDATES, "extends": EXTENDS,
    "stays": STAYS, "continues": CONTINUES, "repeals": REPEALS, "amends": AMENDS, "changes": AMENDS, "strikes": AMENDS,
    "replaces": REPLACES, "guides": GUIDES, "closes": ENDS, "halts": SUSPENDS, "defers": SUSPENDS, "in_force": IN_FORCE,
}  # fmt: skip
"""Group of `CUE` → kind."""
BY_OTHERS: Final = NAMES | {"defers": AMENDS}  # in titles and passives: until when it was put off is not said

MAY: Final = phrase(
    """hieu luc|thay the|bo (?:khuyet|tuc)|bai bo|huy bo|thu hoi|sua doi|bo sung|dinh chinh|hop nhat|huong dan|
    quy dinh chi tiet|dinh chi|keo dai|gia han|tiep tuc|ngung|tam dung|dung (?:viec )?th|ket thuc|cham dut|
    bien phap|bo cum tu|bo tu|bo doan|bo noi dung|bo chu|thay (?:doi )?(?:cac |mot so )?(?:cum|tu|doan)|
    duoc (?:thay|sua|doi) |thay (?:cho )?(?:cac )?(?:nghi|thong|quyet|quy|chi|luat|ket|huong|ke|chuong|cong|de an|
    sac) |khong con |ap dung nua|dieu chinh |dung hieu luc|thoi (?:ap|thi|thuc) |chua (?:ap|thi|thuc) |lui (?:thoi|
    co|hieu|thi|ap|thuc) |(?:thi hanh|gia tri) (?:ke )?tu |huy (?:toan|cac|quyet|cong|thong|van|nghi|chi|ke) """
)
"""Every paragraph with a cue has one of these words: a first look that costs little."""


def verbs(lower: str, written: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the verbs of a stretch by their marks: "Bộ Tư pháp" does not strike words ("bỏ từ"), "áp dụng" is no
    "dừng", "thời" no "thôi", "Huy" no "hủy".
    """
    for verb in CUE.finditer(lower, start, end):
        said = written[verb.start() : verb.end()].lower()
        if verb.lastgroup == "strikes" and said == "bộ":
            continue
        if verb[0].startswith(("dung ", "thoi ", "lui ")) and not said.startswith(("dừng", "thôi", "lùi")):
            continue
        if verb[0] != "huy" or said in ("hủy", "huỷ"):
            yield verb


_ARTICLE, _CLAUSE, _POINT, _LETTER = range(4)
_LEVELS: Final = {"dieu": _ARTICLE, "khoan": _CLAUSE, "diem": _POINT, "tiet": _LETTER}
_WHOLE: Final = {
    "chuong": "chuong", "muc": "muc", "phan": "phan", "tieu muc": "tieu-muc", "phu luc": "phu-luc", "mau": "mau",
    "bieu mau": "mau", "bieu": "bieu", "danh muc": "danh-muc", "phu bieu": "bieu",
}  # fmt: skip
_NUMBER: Final = r"\d{1,3}(?![\d/.]\d)[a-z]{0,2}"
_DOTTED: Final = r"\d{1,2}(?:\.\d{1,2}){1,3}(?![\d/.-]\d)"  # "điểm 2.1", as the Party numbers
_ID: Final = rf"(?:{_DOTTED}|{_NUMBER}|[ivxlc]{{1,6}}|(?!(?:tu|va|so|ve|do|co|de)(?![a-z\d]))[a-z]{{1,2}}\d?)"
_NAMED: Final = rf"(?:tu (?=(?:so )?{_ID} (?:den|toi) (?:so )?{_ID}(?![a-z0-9])))?(?:(?:so|thu) )?"
_UNIT: Final = (
    rf"(?:(?:dieu|khoan)(?= {_NAMED}{_NUMBER})|khoan(?= {_DOTTED})|"
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
_OF_CHAPTER: Final = (" ", " cua ", " thuoc ", " tai ", ", ")
_IN: Final = (" ", ", ", " cua ", " thuoc ")
_CONTAINED: Final = {("tieu muc", "muc"), ("tieu muc", "phan"), ("muc", "phan"), ("chuong", "phan")}
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
_AGAINST: Final = re.compile(r"(?: ngay [\d/. a-z-]{6,30}?)?(?: cua (?:(?! va )[a-z ,-]){3,90}?)? trai voi ")
_SOME_OF_NEXT: Final = re.compile(
    r"(?:va|,|;) (?:cac |nhung |mot so )*(?:quy dinh|noi dung|dieu khoan)(?: [a-z]+){0,12}? (?:tai|cua|trong) \Z"
)
_VAGUE: Final = phrase(
    """[ ,]*(?:(?:cho|doi voi) )?(?:(?:cac|nhung|toan bo|mot so) )?
    (?:mot (?:so|phan)|quy dinh|noi dung|dieu khoan|mot so (?:dieu|quy dinh|noi dung)|danh muc|phu luc|mau|bieu|
    thu tuc)(?![a-z])"""
)

# The lead of a list whose documents end in part: "Bãi bỏ một số điều của các Quyết định:"; not "các quy định tại các".
_PARTLY_LED: Final = phrase(
    """ (?:mot phan(?! ba)|mot so (?:dieu|khoan|diem|quy dinh|noi dung)(?:,? [a-z]+){0,20}? (?:cua|tai|trong)
    |(?:cac |nhung )?(?:quy dinh|noi dung|dieu khoan)(?:,? [a-z]+){1,20}? (?:tai|trong) (?:cac|nhung))(?![a-z])"""
)


def is_against(behind: str) -> bool:
    """Tell whether only what contradicts a text ends: "(điều khoản trong) Thông tư A trái với Thông tư này"."""
    return _AGAINST.match(behind) is not None


def is_some_of_next(gap: str) -> bool:
    """Tell whether the words between two documents name provisions of the second: "… và các quy định tại"."""
    return _SOME_OF_NEXT.search(gap) is not None


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
    above = _above(lower, matches)
    for at, match in enumerate(matches):
        unit = match["unit"]
        if _PLACE.search(lower, max(0, match.start() - len("vao ngay phia truoc ")), match.start()):
            continue
        ids = tuple(_ids(lower, written, match))
        if unit in _WHOLE:
            if at not in above.values() and not _holds(lower, matches, at):
                whole = matches[above[at]] if at in above else None
                chapter = f"{whole['unit']}-{_number(whole['ids'])}-" if whole else ""
                found += [f"{chapter}{_WHOLE[unit]}-{_number(one)}" for one in ids]
            continue
        ranged = _range_from(lower, matches, at)
        pending.append(_Group(_LEVELS[unit], _filled(ranged, ids), match.start(), ""))
    found += _composed(pending)
    return tuple(dict.fromkeys(found))


def _holds(lower: str, matches: list[re.Match[str]], at: int) -> bool:
    """Tell whether a section is only where a smaller provision stands: "điểm 2, mục II", "Mẫu số 02 Phụ lục I"."""
    if at == 0:
        return False
    unit, before = matches[at]["unit"], matches[at - 1]["unit"]
    gap = lower[matches[at - 1].end() : matches[at].start()]
    if before in ("khoan", "diem"):
        return gap in _IN
    if (before, unit) in _CONTAINED:
        return gap in _IN
    return gap in _IN and gap != ", " and unit == "phu luc" and before in ("mau", "bieu", "muc", "phan", "chuong")


def _above(lower: str, matches: list[re.Match[str]]) -> dict[int, int]:
    """Return the chapter that sections belong to: "Mục 1 và Mục 2 Chương III"; both by their place in the list."""
    found: dict[int, int] = {}
    for at in range(len(matches) - 2, -1, -1):
        this, after = matches[at], matches[at + 1]
        gap = lower[this.end() : after.start()]
        if this["unit"] != "muc":
            continue
        if after["unit"] in ("chuong", "phan") and gap in _OF_CHAPTER and " " not in after["ids"]:
            found[at] = at + 1
        elif at + 1 in found and re.fullmatch(_JOIN, gap):
            found[at] = found[at + 1]
    return found


def in_words(lower: str, at: int) -> bool:
    """Tell whether words of a text stand at a place: "Cụm từ … tại Điều 5 Thông tư A được bãi bỏ"."""
    return _TEXT_ONLY.match(lower, at) is not None


def is_vague(said: str) -> bool:
    """Tell whether the text means some provisions without naming them: "các quy định về … tại", but not "các quy định:
    Quy định số …".
    """
    leads = said.rstrip(" “").endswith(":")
    return _VAGUE.match(said) is not None and (not leads or _PARTLY_LED.match(said) is not None)


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
    points = tuple(_points(groups))
    for article in articles:
        for at, clause in enumerate(clauses):
            base = f"{article}/{clause}" if clause else article
            told = points if at == 0 else ()
            yield from (point if point == PARTLY else f"{base}/{point}" for point in told)
            if not told:
                yield base


def _points(groups: list[_Group]) -> Iterator[str]:
    """Yield the points of a khoản; a tiết is of the point behind it: "điểm 6.1, tiết a và b điểm 6.2"."""
    letters: tuple[str, ...] = ()
    for group in groups:
        if group.level == _LETTER:
            letters = group.ids
        elif group.level == _POINT:
            yield from ([f"{group.ids[0]}/{one}" for one in letters] or group.ids[:1])
            yield from group.ids[1:]
            letters = ()
    if letters:
        yield PARTLY
