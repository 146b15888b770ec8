"""The words of citations: document types with their codes, the spelling of numbers, ordinals, and places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from searchapp.citations.find.ascii import shadow
from searchapp.text.normalize import fold, slug

_SHORT: Final = 32  # letters; a longer text is no word of a number, and is not remembered


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of our own tab-separated tables in searchapp/data, by column."""
    lines = (files("searchapp") / "data" / name).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, _cells(line), strict=False)) for line in lines[1:] if line.strip()]


def _cells(line: str) -> list[str]:
    # A cell with quotes inside is written as in a CSV file: "a ""b"" c".
    return [c[1:-1].replace('""', '"') if len(c) > 1 and c[0] == c[-1] == '"' else c for c in line.split("\t")]


def plain(text: str) -> str:
    """Return the lower-case ASCII letters of a text, for lookups."""
    return _plain(text) if len(text) <= _SHORT else shadow(text).lower


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> str:
    return shadow(text).lower


TYPE_NAMES: Final = {
    "NQ": "Nghị quyết", "CT": "Chỉ thị", "QĐ": "Quyết định", "QĐi": "Quy định", "KL": "Kết luận", "QC": "Quy chế",
    "HD": "Hướng dẫn", "TB": "Thông báo", "BC": "Báo cáo", "KH": "Kế hoạch", "CTr": "Chương trình", "ĐA": "Đề án",
    "DA": "Dự án", "PA": "Phương án", "TTr": "Tờ trình", "CV": "Công văn", "BB": "Biên bản", "NĐ": "Nghị định",
    "TT": "Thông tư", "TTri": "Thông tri", "TTLT": "Thông tư liên tịch", "TTLB": "Thông tư liên bộ",
    "NQLT": "Nghị quyết liên tịch", "L": "Luật", "BL": "Bộ luật", "PL": "Pháp lệnh", "HP": "Hiến pháp",
    "SL": "Sắc lệnh", "VBHN": "Văn bản hợp nhất", "CĐ": "Công điện", "VK": "Văn kiện", "GM": "Giấy mời",
    "QH": "Quy hoạch", "CL": "Chiến lược", "Lệnh": "Lệnh", "SLt": "Sắc luật", "BA": "Bản án", "AL": "Án lệ",
}  # fmt: skip
"""Type code → Vietnamese name."""

# Longer names that are the same type ("thông báo kết luận số 81-TB/TW"), and looser words for a letter.
_MORE_NAMES: Final = {
    "thong bao ket luan": "TB", "chuong trinh hanh dong": "CTr", "chuong trinh phoi hop": "CTr",
    "chuong trinh cong tac": "CTr", "ke hoach hanh dong": "KH", "ke hoach phoi hop": "KH", "ket luan thanh tra": "KL",
    "chi thi lien tich": "CT", "huong dan lien tich": "HD", "huong dan lien nganh": "HD",
    "ke hoach lien nganh": "KH", "quy che lien nganh": "QC", "thong tu lien nganh": "TTLT", "huong dan lien so": "HD",
    "ke hoach lien so": "KH", "quy che phoi hop": "QC",
    "van ban": "CV", "cong van hoa toc": "CV", "van ban huong dan": "HD",
    "to trinh": "TTr", "bo luat": "BL", "quyet dinh ky luat": "QĐ", "quyet dinh giam doc tham": "QĐ",
    "quyet dinh tai tham": "QĐ",
}  # fmt: skip
_UNCODED: Final = (
    "Đơn", "Giấy chứng nhận", "Giấy đề nghị", "Giấy phép", "Phiếu", "Tờ khai", "Bản khai", "Bản cam kết",
    "Bản kiểm điểm", "Thư", "Tuyên bố", "Tuyên bố chung", "Thông cáo", "Lời kêu gọi", "Điều lệ", "Nội quy",
    "Bài phát biểu", "Lịch công tác", "Hiệp định", "Nghị định thư", "Hiệp ước", "Công ước", "Bản ghi nhớ",
    "Cáo trạng", "Kháng nghị", "Kiến nghị", "Kết luận điều tra", "Bản kết luận điều tra", "Đính chính", "Thể lệ",
    "Đề cương",
)  # fmt: skip
"""Types that head a document and have no code in numbers."""
HEADINGS: Final = (
    *(name for code, name in TYPE_NAMES.items() if code not in ("VK", "QH", "CL", "DA")), *_UNCODED,
    "Chương trình hành động", "Chương trình công tác", "Chương trình phối hợp", "Kết luận thanh tra",
    "Quy chế phối hợp", "Hướng dẫn liên tịch", "Hướng dẫn liên ngành", "Kế hoạch liên ngành", "Kế hoạch phối hợp",
    "Quy chế liên ngành", "Hướng dẫn liên sở", "Kế hoạch liên sở", "Thông báo kết luận", "Thông tư liên ngành",
    "Thông cáo báo chí", "Quyết định giám đốc thẩm", "Quyết định tái thẩm",
)  # fmt: skip
"""All types that stand over a document, with longer names of a type."""
LEADING_TYPES: Final = ("NQ", "CT")
"""Resolutions and directives come before other documents at equal counts (query.md)."""
NAMES: Final = {plain(name): code for code, name in TYPE_NAMES.items()} | _MORE_NAMES
"""Type name in ASCII letters → type code."""
ACCENTED: Final = {plain(name): name.lower() for name in TYPE_NAMES.values()}

# Codes as they stand in a number, in ASCII letters, with their one spelling.
CODES: Final = {
    "nq": "NQ", "ct": "CT", "qd": "QĐ", "qdi": "QĐ", "qyd": "QĐ", "kl": "KL", "qc": "QC", "hd": "HD", "tb": "TB",
    "bc": "BC", "kh": "KH", "ctr": "CTr", "ctrhd": "CTr", "cthd": "CTr", "da": "ĐA", "pa": "PA", "ttr": "TTr",
    "cv": "CV", "bb": "BB", "gm": "GM", "nd": "NĐ", "tt": "TT", "ttlt": "TTLT", "ttlb": "TTLB", "ttln": "TTLN",
    "nqlt": "NQLT", "vbhn": "VBHN", "pl": "PL", "l": "L", "lct": "LCT", "sl": "SL", "cd": "CĐ", "qdns": "QĐNS",
    "hdlt": "HDLT", "khlt": "KHLT", "khph": "KHPH", "ctph": "CTPH", "ctrph": "CTrPH", "qcph": "QCPH", "qclt": "QCLT",
    "ctlt": "CTLT", "hdln": "HDLN", "khln": "KHLN", "qcln": "QCLN", "hdls": "HDLS", "khls": "KHLS",
}  # fmt: skip
_TYPE_OF_CODE: Final = {
    "qdi": "QĐi", "qyd": "QĐi", "lct": "L", "ttln": "TTLT", "qdns": "QĐ", "hdlt": "HD", "khlt": "KH", "khph": "KH",
    "hdln": "HD", "khln": "KH", "qcln": "QC", "hdls": "HD", "khls": "KH", "ctph": "CTr", "ctrph": "CTr", "qcph": "QC",
    "qclt": "QC", "ctlt": "CT",
}  # fmt: skip
_DECREE_LAWS: Final = {"SL": "SL", "SLT": "SLt"}
"""The numbers of decree-laws of 1945 to 1957 ("64/SL", "001-SLt") → their type."""
NAME_BEFORE_CODE: Final = {
    ("QĐi", "QĐ"), ("TTri", "TT"), ("TTri", "TTr"), ("DA", "ĐA"), ("BL", "L"), ("QC", "QĐ"), ("Lệnh", "L")
}  # fmt: skip
"""Types whose name before another type's code says more than the code does."""

PARTY: Final = re.compile(
    r"""(?: tw | hntw | tw[a-z]{2,8} | tdtn | tu | qu | hu | thu | du | duk | dang\ uy | bcs\ ?d | bcsd | dd | dtn
        | cb | quTw | hnd(?:t|tw|h|x|p)?
        | (?:vp|ub|bt|bd|bn|bk|bc|uy|hd|du|qu|dk)[a-z]{0,8}(?:tw|tu|qu|hu|du) )$""".replace("quTw", "qutw"),
    re.VERBOSE,
)
"""Issuer codes of the Party, in ASCII letters: their numbers are written 05-NQ/TU; all others 128/NQ-CP."""

STATE: Final = re.compile(
    r"(?:cp|ttg|ubnd|hdnd|ctn|(?:ubtv)?qh\d*|vpcp|vpqh|ttcp|tandtc|vksndtc|vkstc|hdtp|hdtptandtc|nhnn\d?|ktnn|hdbt|b[a-z]{1,9})$"
)
"""Issuer codes of the State that are certain without a type name before the number."""


_CASE: Final = "hs|ds|hngd|hc|kdtm|kt|ld|vds"
COURT: Final = re.compile(rf"(?:{_CASE})-?(?P<stage>st|pt|gdt|tt)|qd-?(?:st|pt|gdt)-(?:{_CASE})")
"""The end of a court's number, in ASCII letters: kind of case and stage ("hs-st"), or stage and kind ("qdst-hngd")."""
JOINT: Final = ("ph", "lt", "ln", "ls")
"""The ends of the codes of documents of several bodies, in ASCII letters."""
_OLD_LAWS: Final = ("L", "LCT", "SL")  # 23-L/CTN, 21-LCT/HĐNN8, 102-SL/L-004: old forms, until 1996


COMMITTEES: Final = frozenset(("tw", "hntw", "tu", "qu", "hu", "thu", "du", "duk", "cb"))
"""Codes of committees: no department numbers behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """The parts of a document number as written: "66.13/2026/NQ-CP", "05-NQ/TU"; joint: the sign after the code."""

    number: str
    code: str = ""
    issuer: str = ""
    year: str = ""
    joint: str = "-"

    @property
    def party(self) -> bool:
        """Tell whether a Party body gave the number; a department may stand behind its code ("12-KH/TWĐTN-BTC")."""
        issuer, *departments = plain(tidy_issuer(self.issuer)).split("-")
        if departments and (issuer in COMMITTEES or plain(self.code).endswith(JOINT)):
            return False
        return PARTY.match(issuer) is not None and not self.year


ISSUER_CODES: Final = {plain(row["code"]): row["code"] for row in read_table("issuers.tsv")}
"""Issuer code in ASCII letters → its one spelling."""


@lru_cache(maxsize=1 << 12)
def tidy_issuer(issuer: str) -> str:
    """Return the one spelling of an issuer code with its units: "hdnd" → "HĐND", "T.Ư" → "TW", "TTG" → "TTg"."""
    parts = re.split(r"([-/_])", re.sub(r"\s+|[¹²³]$", "", issuer))  # "TT-BGDĐT¹": the mark of a note
    return "".join(part if part in "-/_" else _tidy_part(part) for part in parts).replace("_", "-")


def _tidy_part(part: str) -> str:
    folded = plain(part).replace(".", "")
    if folded in ("tu", "tw") and ("." in part or "Ư" in part.upper()):
        return "TW"
    known = ISSUER_CODES.get(folded)
    if known:
        return known
    if folded.startswith(("qh", "ubtvqh")):
        return folded.upper()
    return part.upper() if part.islower() else part


def key_of(symbol: Symbol) -> str:
    """Return the number in its one spelling: "05-NQ/TU", "30/2020/NĐ-CP", "45/2019/QH14", "1234/SNV-CCHC"."""
    number, code = symbol.number.upper(), CODES.get(plain(symbol.code), symbol.code)
    if code == "ĐA" and "Đ" not in symbol.code.upper() and symbol.code.isupper():
        code = "DA"
    issuer = tidy_issuer(symbol.issuer)
    if symbol.party:
        return f"{number.zfill(2)}-{code}/{issuer}"
    head = f"{number}/{symbol.year}" if symbol.year else number
    if not code:
        return f"{head}/{issuer}"
    if symbol.joint == "/" and code in _OLD_LAWS:
        return f"{head}-{code}/{issuer}"
    return f"{head}/{code}{symbol.joint}{issuer}" if issuer else f"{head}/{code}"


def type_of(name: str, code: str, issuer: str = "", year: str = "") -> str:
    """Return the type that a name before a number and the number's code say together: ("quy dinh", "QĐ") → "QĐi".

    05/2018/L-CTN is the order (Lệnh) of the State President that announces a law. 23-L/CTN without a year, a form until
    1996, is the law itself.
    """
    named = NAMES.get(name, "")
    folded = plain(code)
    if judged := COURT.fullmatch(plain(f"{code}-{issuer}".strip("-"))):
        return "BA" if judged["stage"] in ("st", "pt") else "QĐ"
    if folded == "l" and issuer == "CTN" and year:
        return "Lệnh"
    if issuer in _DECREE_LAWS:  # "64/SL" has no other code
        return named or _DECREE_LAWS[issuer]
    if not folded:
        return named
    coded = _TYPE_OF_CODE.get(folded) or CODES.get(folded, "")
    if coded == "ĐA" and "Đ" not in code.upper() and code.isupper():
        coded = "DA"
    return named if (named, coded) in NAME_BEFORE_CODE else coded


def squeezed(name: str) -> str:
    """Return the letters of a name alone, without "và": they are the same in every spelling.

    >>> squeezed("Lao động - Thương binh và Xã hội") == squeezed("LAO ĐỘNG THƯƠNG BINH & XÃ HỘI")
    True
    """
    return "".join(word for word in re.findall(r"[a-z0-9]+", plain(name)) if word != "va")


# The head of a body that issues: "Bộ trưởng Bộ Y tế", "Tổng Thanh tra Chính phủ".
_LEADER: Final = re.compile(
    r"(?:bo truong|thong doc|tong(?= (?:thanh tra|kiem toan))|chu nhiem(?= uy ban)|chanh an(?= (?:toa|tandtc))"
    r"|vien truong(?= (?:vien|vksndtc))) "
)


@cache
def issuer_code(issuer: str) -> str:
    """Return the code of a body that a text names: "Ban Thường vụ Thành ủy" → "TU", "Thủ tướng" →
    "TTg"; "" for none.
    """
    said = squeezed(_LEADER.sub("", plain(issuer), count=1))
    if said.startswith("hoinghi"):  # a plenum of the Central Committee
        return "TW"
    names = [(name, code) for name, code in _codes().items() if said.startswith(name)]
    return max(names, key=lambda row: len(row[0]))[1] if said and names else ""


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        for name in (row["name"], *row["aliases"].split("|")):
            if name:
                codes.setdefault(squeezed(name), row["code"])
    return codes


def legislature(year: str) -> str:
    """Return the National Assembly of a year: "QH15" for 2024; "" for a year with two of them."""
    houses = legislatures(year)
    return houses[0] if len(houses) == 1 else ""


def legislatures(year: str) -> tuple[str, ...]:
    """Return the National Assemblies of a year: two in a year of elections, none where the table ends."""
    return _LEGISLATURES.get(year, ())


def _legislatures() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in read_table("congress_terms.tsv"):
        if row["body"] == "Quốc hội" and row["kind"] == "legislature":
            first, last = int(row["start"][:4]), int(row["end"][:4] or int(row["start"][:4]) + 5)
            for year in range(first, last + 1):
                found.setdefault(str(year), []).append(f"QH{ordinal(row['ordinal'])}")
    return {year: tuple(houses) for year, houses in found.items()}


def loose(symbol: str) -> str:
    """Return the common part of all spellings of a number: its letters and digits, without leading zeros.

    Đ and D differ only where codes need it (ĐA, DA).

    >>> loose("5-NQ/TU") == loose("05/NQ-TU") == loose("05 nq tu")
    True
    """
    letters = symbol.replace("Ð", "Đ")
    mark = "+" if re.search(r"[-/\s]ĐA\b", letters, re.IGNORECASE) else ""
    folded = re.sub(r"[^a-z0-9?]+", "/", plain(letters)).strip("/")
    folded = re.sub(r"(?<![a-z0-9])0+(?=\d)", "", folded)
    folded = re.sub(r"(?<=/)(?:qdi|qyd)(?=/)", "qd", folded)
    return folded + mark


# Đề án and Dự án fold apart by themselves; only types with one slug would need a rule here.
_SLUGS: Final = {code: slug(name) for code, name in TYPE_NAMES.items()}
_CODES: Final = {value: code for code, value in _SLUGS.items()}
_LABELS: Final = {_SLUGS[code]: name for code, name in TYPE_NAMES.items()} | {slug(name): name for name in _UNCODED}


def type_slug(code: str) -> str:
    """Return the facet value of a type code: "NQ" → "nghi-quyet"; "" for an unknown code."""
    return _SLUGS.get(code, "")


def type_label(value: str) -> str:
    """Return the shown name of a type: "nghi-quyet" → "Nghị quyết"; an unknown value unchanged."""
    return _LABELS.get(value, value)


def type_of_kind(kind: str) -> str:
    """Return the facet value of a kind as a file writes it ("Nghị quyết", "nghi quyet", "NQ"); its
    slug when it is new.
    """
    code = kind.strip() if kind.strip() in TYPE_NAMES else NAMES.get(" ".join(fold(kind).split()), "")
    return type_slug(code) or slug(kind)


def type_code(value: str) -> str:
    """Return the type code of a facet value: "nghi-quyet" → "NQ"; "" for an unknown one."""
    return _CODES.get(value, "")


_ONES: Final = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_ROMAN: Final = ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_MAX_ORDINAL: Final = 99
MAX_CONGRESS: Final = 39

# "13", "XIII"; words stand only after "thứ": "mười ba", "hai mươi mốt", "nhất". A committee that meets every month gets
# beyond the fortieth meeting ("XLII"); a lone L or C is a letter.
ROMAN: Final = r"(?:(?:xc|xl|lx{1,3}|l(?=[vi])|x{1,3})(?:ix|iv|v?i{0,3})|ix|iv|vi{0,3}|i{1,3})(?![a-z0-9])"
DIGITS: Final = r"\d{1,2}(?![\d.,]?\d|[/%])"
_ONE: Final = "(?:mot|nhat|hai|ba|tu|bon|nam|lam|sau|bay|tam|chin)"
WORDS: Final = rf"(?:(?:(?:hai|ba|bon|nam|sau|bay|tam|chin)[ ]muoi|muoi)(?:[ ]{_ONE})?|{_ONE})(?![a-z])"


def roman(number: int) -> str:
    """Return a number up to 99 as a Roman numeral.

    >>> roman(13), roman(39), roman(44)
    ('XIII', 'XXXIX', 'XLIV')
    """
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text += sign
            number -= value
    return text


def ordinal(text: str) -> int:
    """Return the number that an ordinal in ASCII letters means, 0 for other words.

    >>> [ordinal(word) for word in ("XIII", "13", "muoi ba", "hai muoi mot", "muoi", "nhat", "le")]
    [13, 13, 13, 21, 10, 1, 0]
    """
    text = text.lower().strip()
    if text.isdigit():
        return int(text) if int(text) <= _MAX_ORDINAL else 0
    return _NUMERALS.get(text) or _spelled(text.split())


def _spelled(words: list[str]) -> int:
    if "muoi" in words:
        before, after = words[: words.index("muoi")], words[words.index("muoi") + 1 :]
        tens = _ONES.get(before[0], 0) if before else 1
        return 10 * tens + (_ONES.get(after[0], 0) if after else 0)
    return _ONES.get(words[0], 0) if len(words) == 1 else 0


_NUMERALS: Final = {roman(number).lower(): number for number in range(1, _MAX_ORDINAL + 1)}


_KINDS: Final = r"(?:(?:tinh|thanh pho|tp\.?|t\.p\.?)[ .]*)?"


def _aliases() -> dict[str, str]:
    aliases: dict[str, str] = {}
    for row in read_table("places.tsv"):
        for alias in (row["place"], *row.get("aliases", "").split("|")):
            if alias:
                aliases[" ".join(plain(alias).split())] = row["place"]
    return aliases


_ALL: Final = _aliases()
# "=TP" in the table: the city that a text means by "Đảng bộ TP" alone.
BARE: Final = {alias[1:]: place for alias, place in _ALL.items() if alias.startswith("=")}
KNOWN: Final = {alias: place for alias, place in _ALL.items() if not alias.startswith("=")}
_NO_PLACE: Final = frozenset(("tinh", "thanh pho", "tp", "t.p", "quan", "huyen", "xa", "phuong", "khoi", "cap tren"))
PLACE: Final = _KINDS + "(?:" + "|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True)) + ")(?![a-z])"
"""A pattern for any known place, in ASCII letters."""


def place_of(written: str) -> str:
    """Return the one spelling of a place: "thành phố Hồ Chí Minh" → "TPHCM", "tỉnh Bình Dương" → "Bình Dương".

    An unknown place (a district, a commune) stays as written; a bare "TP" is no place: see `BARE`.
    """
    folded = " ".join(plain(written).split())
    if folded.strip(". ") in _NO_PLACE:
        return ""
    stripped = re.sub(rf"^{_KINDS}", "", folded).strip()
    return KNOWN.get(folded) or KNOWN.get(stripped) or " ".join(written.split())


_LEGISLATURES: Final = _legislatures()
