"""Short forms: a type name and a number without its code ("Nghị quyết 05", "Chỉ thị số 16"), and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.find.ascii import Shadow
from searchapp.citations.find.context import Found, accents_agree
from searchapp.citations.find.vocabulary import CODES, NAMES, plain

_TYPES: Final = ("NQ", "CT", "QĐ", "QĐi", "KL", "QC", "HD", "TB", "KH", "CTr", "ĐA", "NĐ", "TT", "PL", "CĐ")
# Types whose name is a verb or an everyday noun as well: what follows has to make the citation certain.
_EVERYDAY: Final = frozenset({"QĐ", "QĐi", "KL", "HD", "TB", "KH", "CTr", "ĐA", "PL", "QC", "CĐ"})
_NAMES: Final = {name: code for name, code in NAMES.items() if code in _TYPES}
# "Kế hoạch 12/2021" is the plan of a month.
_MONTHLY: Final = _EVERYDAY - {"QĐ", "QĐi", "PL"}
_MONTHS: Final = 12
_ABBREVIATIONS: Final = {"nq": "NQ", "ct": "CT", "qd": "QĐ", "kl": "KL", "hd": "HD", "nd": "NĐ", "tb": "TB"}
_LAST_WORDS: Final = tuple({name.split()[-1] for name in (*_NAMES, *_ABBREVIATIONS)} | {"so", "so:"})
_LOOK_BACK: Final = 40

_HEAD: Final = re.compile(
    rf"""(?<![a-z0-9/-])
    (?: (?P<name>{"|".join(sorted((re.escape(n) for n in _NAMES), key=len, reverse=True))})
      | (?P<short>{"|".join(_ABBREVIATIONS)}) )
    (?P<so>[ ]so[ ]?:?)? [ ]\Z""",
    re.VERBOSE,
)
_AFTER_NAME: Final = "".join(sorted({word[-1] for word in _LAST_WORDS}))
_YEAR: Final = r"(?:/(?P<year>(?:19|20)\d\d))?"
# Not "5%", "5,5", "5/9", "2016-2020", "16+".
_NUMBER: Final = re.compile(
    rf"""(?P<number>\d(?<=[{_AFTER_NAME}][ ]\d)\d{{0,3}}) (?P<letter>[a-e])? {_YEAR} (?:/[a-z]{{2}}(?![a-z/-]))?
    (?! [a-z0-9] | [.,:]\d | [ ]?[/%+] | [ ]?-[ ]?[a-z0-9] )""",
    re.VERBOSE,
)
_MORE: Final = re.compile(
    rf"(?:,[ ]?|,?[ ]va[ ](?:so[ ])?)(?P<number>\d{{1,4}}){_YEAR}(?![a-z0-9]|[.,:]\d|[ ]?[/%+]|[ ]?-[ ]?[a-z0-9])"
)


# A key as facets and exports write it: "05-NQ/?", "34/2011/NĐ-?".
_KEY: Final = re.compile(
    rf"(?<![a-z0-9])(?P<number>\d{{1,4}}[a-e]?)(?:/(?P<year>(?:19|20)\d\d))?[-/](?P<code>{'|'.join(CODES)})[-/]\?"
)


def _words(text: str) -> str:
    return "|".join(word.replace("_", "[ ]") for word in text.split())


# What a number counts when it is no document's: "quyết định 3 bước", "Nghị quyết 5 năm".
_COUNTED: Final = re.compile(
    r"[ \n](?:nam(?![ ](?:19|20)\d\d)|ngay(?![ ]\d{1,2}[ ]?(?:[/.-]|thang))|thang(?![ ]\d)|bo(?![ ]chinh)|"
    + _words(
        """
        ban_an bao_cao bai bi_can bien_phap buoc ca can can_bo cap cau chi_bo chi_nhanh chi_tieu chinh_sach cho
        chuc chuc_danh chuong chuong_trinh chuyen co_quan cong_trinh cong_ty cuoc dai_bieu dang_vien dau de_an
        dia_phuong diem dieu do_la doanh_nghiep doi don_vi dong dong_chi dot du_an gia_dinh giai giai_phap gio
        goi ha hang_muc hanh_vi ho hoat_dong hoc_sinh hoi huyen ke_hoach khoan khu km ky lan lao_dong linh_vuc
        loai lop luat m2 met mien mo_hinh muc muc_tieu nganh ngan nghi_quyet nghin ngoi nguoi nha nhiem_vu nhom
        noi noi_dung nuoc ong phan phuong_an phuong pho phut quan quoc_gia quy quy_dinh quyen quyet_dinh
        sinh_vien so suat tan tap tau thanh_pho thanh_vien thi_sinh thu_truong thu_tuc ti tieu_chi tinh to
        to_chuc tran tre trieu trong_so trung truong truong_hop tuan ty usd uy_vien van_ban van_de vien vong vu
        vung xa xe
        """
    )
    + r")(?![a-z])"
)
# What may follow a number that is certainly a document's: an end, or a word that begins no counted noun.
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
    """Every number after a type name alone, with the further numbers of its list."""
    lower = text.lower
    if query:
        yield from map(_typed_key, _KEY.finditer(lower))
    for match in _NUMBER.finditer(lower):
        start = match.start()
        # A look at the word before saves nine searches of ten.
        if lower[start - 1 : start] != " " or not lower[max(0, start - 9) : start].rstrip().endswith(_LAST_WORDS):
            continue
        head = _HEAD.search(lower, max(0, start - _LOOK_BACK), start)
        if head and (found := _short(text, head, match, query=query)):
            yield found


def _typed_key(match: re.Match[str]) -> Found:
    code = CODES[match["code"]]
    key = _key(code, match["number"], match["year"])
    return Found(start=match.start(), end=match.end(), kind="short", type=code, key=key, tail_at=match.end())


def _short(text: Shadow, head: re.Match[str], match: re.Match[str], *, query: bool) -> Found | None:
    code = _NAMES[head["name"]] if head["name"] else _ABBREVIATIONS[head["short"]]
    if not _is_type(text, head, query=query):
        return None
    members, end = [], match.end()
    while more := _MORE.match(text.lower, end):
        members.append(more)
        end = more.end()
    said = head["so"] is not None
    if match["year"] and code in _MONTHLY and int(match["number"]) <= _MONTHS and not said:
        return None
    if _is_counted(text, code, match["number"], end, said=said or bool(match["year"]), query=query):
        return None
    return Found(
        start=head.start(),
        end=match.end(),
        kind="short",
        type=code,
        key=_key(code, match["number"] + (match["letter"] or ""), match["year"]),
        tail_at=end,
        members=tuple(_member(code, each, end) for each in members),
        strong=query or said or text.cased[head.start()].isupper() or match["number"].startswith("0"),
    )


def _is_type(text: Shadow, head: re.Match[str], *, query: bool) -> bool:
    if head["name"]:
        return accents_agree(text, *head.span("name"), head["name"])
    return query or text.cased[slice(*head.span("short"))].isupper()


def _is_counted(text: Shadow, code: str, number: str, end: int, *, said: bool, query: bool) -> bool:
    """Whether a number after a type name counts something, or is a year, and names no document."""
    if not number.strip("0"):
        return True
    if said:  # "số lượng", "số người"
        return False
    if re.fullmatch(r"(?:19|20)\d\d", number) or _COUNTED.match(text.lower, end):
        return True
    if number.startswith("0") or query:
        return False
    if len(number) == 1:
        return not text.lower.startswith((" cua ", " (", " ve ", " khoa ", " ngay "), end)
    return code in _EVERYDAY and _FOLLOWS.match(text.lower, end) is None


def _member(code: str, match: re.Match[str], tail_at: int) -> Found:
    key = _key(code, match["number"], match["year"])
    return Found(start=match.start("number"), end=match.end(), kind="short", type=code, key=key, tail_at=tail_at)


def _key(code: str, number: str, year: str | None) -> str:
    shown = "QĐ" if code == "QĐi" else CODES.get(plain(code), code)
    return f"{number}/{year}/{shown}-?" if year else f"{number.upper().zfill(2)}-{shown}/?"
