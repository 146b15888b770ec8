"""Find short forms: a type name and a number without its code ("Nghị quyết 05", "Chỉ thị số 16"), and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import Found, accents_agree
from searchapp.citations.find.numbered import OF_A_FORM
from searchapp.citations.find.vocabulary import CODES, DIGITS, NAMES, ROMAN, legislature, plain

_TYPES: Final = (
    "NQ", "CT", "QĐ", "QĐi", "KL", "QC", "HD", "TB", "KH", "CTr", "ĐA", "NĐ", "TT", "PL", "CĐ", "L", "BL",
    "SL", "TTLT", "NQLT",
)  # fmt: skip
# The name of such a type is also a verb or an everyday noun: only the next words make the citation certain.
_EVERYDAY: Final = frozenset({"QĐ", "QĐi", "KL", "HD", "TB", "KH", "CTr", "ĐA", "PL", "QC", "CĐ"})
_LAWS: Final = ("L", "BL")
_NAMES: Final = {name: code for name, code in NAMES.items() if code in _TYPES}
# "Kế hoạch 12/2021" is the plan of a month.
_MONTHLY: Final = _EVERYDAY - {"QĐ", "QĐi", "PL"}
_MONTHS: Final = 12
_ABBREVIATIONS: Final = {
    "nq": "NQ", "ct": "CT", "qd": "QĐ", "kl": "KL", "hd": "HD", "nd": "NĐ", "tb": "TB", "tt": "TT", "sl": "SL"
}  # fmt: skip
# Glued forms name a document by themselves ("NQ57", "nđ168"); other forms need a tail or a zero: CT1 is a tower.
_SURE_WHEN_GLUED: Final = ("NQ", "NĐ")
_LAST_WORDS: Final = tuple({name.split()[-1] for name in (*_NAMES, *_ABBREVIATIONS)} | {"so", "so:"})
_LOOK_BACK: Final = 40

_HEAD: Final = re.compile(
    rf"""(?<![a-z0-9/-])
    (?: (?P<name>{"|".join(sorted((n.replace(" ", "[ -]") for n in _NAMES), key=len, reverse=True))})
      | (?P<short>{"|".join(_ABBREVIATIONS)}) )
    (?P<so>[ ]so[ ]?:?)? [ ]\Z""",
    re.VERBOSE,
)
_AFTER_NAME: Final = "".join(sorted({word[-1] for word in _LAST_WORDS}))
# "66.19/2026": a number with a point is a series of a year.
_SERIES: Final = r"(?:\.\d{1,3}(?=/(?:19|20)\d\d(?!\d)))?"
_YEAR: Final = r"(?:/(?P<year>(?:19|20)\d\d))?"
# Not "5%", "5,5", "5/9", "2016-2020", "16+".
_NUMBER: Final = re.compile(
    rf"""(?P<number>\d(?<=[{_AFTER_NAME}][ ]\d)\d{{0,3}} {_SERIES}) (?P<letter>[a-e])? {_YEAR}
    (?:/[a-z]{{2}}(?![a-z/-]))?
    (?: (?=(?:cua|ngay)[ ]) | (?! [a-z0-9_] | [.,:]\d | [ ]?[/%+] | [ ]?-[ ]?[a-z0-9] ))""",
    re.VERBOSE,
)
_MORE: Final = re.compile(
    rf"(?:,[ ]?|,?[ ]va[ ](?:so[ ])?)(?P<number>\d{{1,4}}{_SERIES}){_YEAR}"
    r"(?![a-z0-9]|[.,:]\d|[ ]?[/%+]|[ ]?-[ ]?[a-z0-9])"
)
# "số 4 khóa XII và 6 khóa XIII": a term stands behind every number of such a list.
_TERM: Final = rf"[ ]?[,(]?[ ]?(?:cua[ ])?(?:dang[ ])?khoa[ ]+(?:{ROMAN}|{DIGITS})(?![a-z0-9])"
_OF_OTHER_TERM: Final = re.compile(
    rf"{_TERM}[)]?(?:[,;][ ]?|[,;]?[ ]va[ ])(?:so[ ])?(?P<number>\d{{1,4}}){_YEAR}(?![a-z0-9])"
    rf"(?=(?:(?:,[ ]?|,?[ ]va[ ])(?:so[ ])?\d{{1,4}})*{_TERM})"
)
# "Sắc lệnh số 39 ngày 26-9-1945 và số 90 ngày 10-10-1945": a day stands behind every number of such a list.
_DAY: Final = r",?[ ]ngay[ ]\d{1,2}[ ]?(?:[-/.]|thang)[ ]?\d{1,2}[ ]?(?:[-/.]|,?[ ]?nam)[ ]?(?:19|20)\d\d"
_OF_OTHER_DAY: Final = re.compile(
    rf"{_DAY}(?:,[ ]?|;[ ]?|,?[ ]va[ ])so[ ](?P<number>\d{{1,4}}){_YEAR}(?![a-z0-9])(?={_DAY})"
)

_GLUED: Final = re.compile(
    rf"""(?<![a-z0-9/.-]) (?P<short>{"|".join(_ABBREVIATIONS)}) (?P<sign>[-.])?
    (?P<number>\d{{1,4}}) (?P<letter>[a-e](?![a-z]))? {_YEAR}
    (?! [a-z0-9_] | [.,:]\d | [ ]?[/%+] | [ ]?-[ ]?[a-z0-9] )""",
    re.VERBOSE,
)
# A key as facets and exports write it: "05-NQ/?", "34/2011/NĐ-?".
_KEY: Final = re.compile(
    rf"(?<![a-z0-9])(?P<number>\d{{1,4}}[a-e]?)(?:/(?P<year>(?:19|20)\d\d))?[-/](?P<code>{'|'.join(CODES)})[-/]\?"
)


def _words(text: str) -> str:
    return "|".join(word.replace("_", "[ ]") for word in text.split())


# The nouns of a counting number: "quyết định 3 bước", "Nghị quyết 5 năm".
_COUNTED: Final = re.compile(
    r"[ \n](?:nam(?![ ](?:19|20)\d\d)|ngay(?![ ]\d{1,2}[ ]?(?:[/.-]|thang))|thang(?![ ]\d)"
    r"|bo(?![ ]chinh)|trung(?![ ]uong)|"
    + _words(
        """
        ban_an bao_cao bai bi_can bien_phap buoc ca can can_bo cap cau chi_bo chi_nhanh chi_tieu chinh_sach cho
        chuc chuc_danh chuong chuong_trinh chuyen co_quan cong_trinh cong_ty cuoc dai_bieu dang_vien dau de_an
        dia_phuong diem dieu do_la doanh_nghiep doi don_vi dong dong_chi dot du_an gia_dinh giai giai_phap gio
        goi ha hang_muc hanh_vi ho hoat_dong hoc_sinh hoi huyen ke_hoach khoan khu km ky lan lao_dong linh_vuc
        loai lop luat m2 met mien mo_hinh muc muc_tieu nganh ngan nghi_quyet nghin ngoi nguoi nha nhiem_vu nhom
        noi noi_dung nuoc ong phan phuong_an phuong pho phut quan quoc_gia quy quy_dinh quyen quyet_dinh
        sinh_vien so suat tan tap tau thanh_pho thanh_vien thi_sinh thu_truong thu_tuc ti tieu_chi tinh to
        to_chuc tran tre trieu trong_so truong truong_hop tuan ty usd uy_vien van_ban van_de vien vong vu
        vung xa xe
        """
    )
    + r")(?![a-z])"
)
# What a document does: the letters alone may be a noun ("cho" and "chỗ", "cần" and "căn", "quy định" and "3 quy định").
_DOES: Final = re.compile(
    r"\s(?:quy định|cho|cần|đối với|nói|ghi|nêu|bãi bỏ|thay thế|sửa đổi|bổ sung|điều chỉnh|giải quyết|tập trung|miễn"
    r"|phân cấp|phê duyệt|giao|bàn giao|công nhận|thành lập|bổ nhiệm|điều động|thu hồi|xử phạt|hướng dẫn|để)(?!\w)"
)
# A document's number is certain before these words: an end, or a word that begins no counted noun.
_FOLLOWS: Final = re.compile(
    r'[ ]?(?:\Z|[.,;:)?!"\n~-]|[ ](?:'
    + _words(
        """
        ban_bi ban_hanh bo_chinh chinh_phu co cua cung da dang di do duoc gan hoi_nghi khoa la nam nay neu ngay nham
        quoc_hoi quy_dinh ra se tai thanh_uy theo thi thu_tuong tinh_uy tren trung_uong tu va vao ve voi yeu_cau
        """
    )
    + r")(?![a-z])|[ ]\()"
)


def short_forms(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Yield every number after a type name alone, with the further numbers of its list."""
    lower = text.lower
    if query:
        yield from map(_typed_key, _KEY.finditer(lower))
    for glued in _GLUED.finditer(lower):
        if glued["number"].strip("0") and (query or _is_glued(text, glued)):
            yield _glued(text, glued, query=query)
    for match in _NUMBER.finditer(lower):
        start = match.start()
        # A look at the word before saves nine searches of ten.
        if lower[start - 1 : start] != " " or not lower[max(0, start - 9) : start].rstrip().endswith(_LAST_WORDS):
            continue
        head = _HEAD.search(lower, max(0, start - _LOOK_BACK), start)
        if head and (found := _short(text, head, match, query=query)):
            yield found
            yield from _of_other_terms(lower, found)


def _is_glued(text: Shadow, match: re.Match[str]) -> bool:
    if OF_A_FORM.search(text.lower, max(0, match.start() - _LOOK_BACK), match.start()):
        return False  # "mẫu TT04"
    written = text.written(*match.span("short"))
    if _ABBREVIATIONS[match["short"]] in _SURE_WHEN_GLUED and written.lower() in ("nq", "nđ"):
        return written.isupper() or written.islower()
    return written.isupper() and len(match["number"]) > 1 and not match["sign"]


def _glued(text: Shadow, match: re.Match[str], *, query: bool) -> Found:
    code = _ABBREVIATIONS[match["short"]]
    strong = query or code in _SURE_WHEN_GLUED or match["number"].startswith("0")
    number = match["number"] + (match["letter"] or "")
    return _found(code, number, match["year"], match.start(), match.end(), match.end(), strong=strong)


def _found(
    code: str, number: str, year: str | None, start: int, end: int, tail_at: int, *, strong: bool = True
) -> Found:
    key = _key(code, number, year)
    kind = "short" if key.endswith("?") else "number"
    return Found(start=start, end=end, kind=kind, type=code, key=key, tail_at=tail_at, strong=strong)


def _typed_key(match: re.Match[str]) -> Found:
    code = CODES[match["code"]]
    return _found(code, match["number"], match["year"], match.start(), match.end(), match.end())


def _short(text: Shadow, head: re.Match[str], match: re.Match[str], *, query: bool) -> Found | None:
    code = _NAMES[head["name"].replace("-", " ")] if head["name"] else _ABBREVIATIONS[head["short"]]
    if not _is_type(text, head, query=query):
        return None
    members, end = _members(text.lower, match.end())
    said = head["so"] is not None
    if match["year"] and code in _MONTHLY and int(match["number"]) <= _MONTHS and not said:
        return None
    large = text.cased[head.start()].isupper()
    said_so = said or bool(match["year"])
    if _is_counted(text, code, match["number"], end, said=said_so, large=large, query=query):
        return None
    if code in _LAWS and not (match["year"] and all(more["year"] for more in members)):
        return None  # several years have a law of this number
    no_count = match["number"].startswith("0") or match["letter"]  # nobody writes a count in this way
    strong = bool(query or said or large or no_count)
    number = match["number"] + (match["letter"] or "")
    found = _found(code, number, match["year"], head.start(), match.end(), end, strong=strong)
    return replace(found, members=tuple(_member(code, each, end) for each in members))


def _of_other_terms(lower: str, found: Found) -> Iterator[Found]:
    """Yield the further documents of a list whose numbers have their own terms or days."""
    while match := _OF_OTHER_TERM.match(lower, found.tail_at) or _OF_OTHER_DAY.match(lower, found.tail_at):
        members, end = _members(lower, match.end())
        found = replace(_member(found.type, match, end), strong=found.strong)
        yield replace(found, members=tuple(_member(found.type, each, end) for each in members))


def _members(lower: str, end: int) -> tuple[list[re.Match[str]], int]:
    """Return the further numbers of a list from a position on, and where they end."""
    members = []
    while (more := _MORE.match(lower, end)) and not _COUNTED.match(lower, more.end()):
        members.append(more)
        end = more.end()
    return members, end


def _is_type(text: Shadow, head: re.Match[str], *, query: bool) -> bool:
    if head["name"]:
        return accents_agree(text, *head.span("name"), head["name"].replace("-", " "))
    return query or text.cased[slice(*head.span("short"))].isupper()


def _is_counted(text: Shadow, code: str, number: str, end: int, *, said: bool, large: bool, query: bool) -> bool:
    """Tell whether a number after a type name is a count or a year, and names no document.

    said: "số" or a year stands beside the number; large: the type begins with a capital.
    """
    if not number.strip("0"):
        return True
    if said:  # "số lượng", "số người"
        return False
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return True
    if len(number) > 1 and large and _DOES.match(text.written(end, min(len(text.lower), end + _LOOK_BACK))):
        return False
    if _COUNTED.match(text.lower, end):
        return True
    if number.startswith("0") or query:
        return False
    if len(number) == 1:
        return not text.lower.startswith((" cua ", " (", " ve ", " khoa ", " ngay "), end)
    return code in _EVERYDAY and _FOLLOWS.match(text.lower, end) is None


def _member(code: str, match: re.Match[str], tail_at: int) -> Found:
    return _found(code, match["number"], match["year"], match.start("number"), match.end(), tail_at)


def _key(code: str, number: str, year: str | None) -> str:
    shown = "QĐ" if code == "QĐi" else CODES.get(plain(code), code)
    if code == "SL":
        return f"{number.upper()}/SL"
    house = legislature(year) if code in _LAWS and year else ""
    if house:
        return f"{number}/{year}/{house}"
    return f"{number}/{year}/{shown}-?" if year else f"{number.upper().zfill(2)}-{shown}/?"
