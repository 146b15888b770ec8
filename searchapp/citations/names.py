"""Short forms ("Nghị quyết 05", "Chỉ thị số 16") and laws by name and year ("Luật Đất đai năm 2013")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searchapp.citations.forms import CODES, NAMES, TYPE_NAMES, plain
from searchapp.citations.found import Found, accents_agree
from searchapp.citations.shadow import Shadow

_SHORT_TYPES: Final = ("NQ", "CT", "QĐ", "QĐi", "KL", "QC", "HD", "TB", "KH", "CTr", "ĐA", "NĐ", "TT", "PL", "CĐ")
_NAME: Final = "|".join(sorted((n for n, code in NAMES.items() if code in _SHORT_TYPES), key=len, reverse=True))
_ABBREVIATIONS: Final = {"nq": "NQ", "ct": "CT", "qd": "QĐ", "kl": "KL", "hd": "HD", "nd": "NĐ", "tb": "TB"}
_ABBREVIATION: Final = "|".join(_ABBREVIATIONS)
_HEAD: Final = re.compile(rf"(?<![a-z0-9/-])(?:(?P<name>{_NAME})|(?P<short>{_ABBREVIATION}))(?P<so>[ ]so[ ]?:?)?[ ]\Z")
_ENDINGS: Final = tuple({n.split()[-1] for n in (*NAMES, *_ABBREVIATIONS)} | {"so", "so:"})
_NUMBER: Final = re.compile(
    r"(?P<number>\d{1,4})(?P<letter>[a-e])?(?:/(?P<year>(?:19|20)\d\d)(?:/[a-z]{2}(?![a-z/-]))?)?(?![a-z0-9]|[.,:]\d|[ ]?[/%+]|[ ]?-[ ]?[a-z0-9])"
)
_MORE: Final = re.compile(
    r"(?:,[ ]?|,?[ ]va[ ](?:so[ ])?)(?P<number>\d{1,4})(?:/(?P<year>(?:19|20)\d\d))?(?![a-z0-9]|[.,:]\d|[ ]?[/%+-])"
)
# What a number counts when it is no document's: "quyết định 3 bước", "Nghị quyết 5 năm".
_UNITS: Final = re.compile(
    r"""[ \n](?: nam(?![ ](?:19|20)\d\d) | ngay(?![ ]\d{1,2}[ ]?(?:[/.-]|thang)) | thang(?![ ]\d) | gio | phut | tuan | quy
      | noi[ ]dung | van[ ]de | buoc | nhom | giai[ ]phap | truong[ ]hop | chi[ ]bo | mo[ ]hinh | nguoi | ca | dong[ ]chi | can[ ]bo
      | dang[ ]vien | to[ ]chuc | don[ ]vi | tinh | thanh[ ]pho | quan | huyen | xa | phuong | bo(?![ ]chinh) | nganh | du[ ]an | de[ ]an
      | muc[ ]tieu | nhiem[ ]vu | chi[ ]tieu | tieu[ ]chi | dieu | khoan | muc | diem | chuong | phan | lan | trieu | ty | ti | nghin
      | ngan | dong | usd | do[ ]la | ha | m2 | km | met | cap | loai | khu | vu | chuc | ong | ba[ ] | suat | xe | tau | ngoi | truong
      | lop | co[ ]quan | doanh[ ]nghiep | cong[ ]ty | ho[ ] | hang[ ]muc | cuoc | hoi | ky | vien | ban[ ]an | thanh[ ]vien | uy[ ]vien
      | thu[ ]truong | pho | linh[ ]vuc | van[ ]ban | nghi[ ]quyet | luat | quyet[ ]dinh | tap | doi | to | trung | so | chinh[ ]sach
      | thu[ ]tuc | hanh[ ]vi | quy[ ]dinh | dai[ ]bieu | chuc[ ]danh | dot | chuyen | tan | nuoc | quoc[ ]gia | goi | bi[ ]can | lao[ ]dong
      | cau | dia[ ]phuong | phuong[ ]an | cong[ ]trinh | hoc[ ]sinh | sinh[ ]vien | thi[ ]sinh | gia[ ]dinh | tre | hoat[ ]dong | chuong[ ]trinh
      | bien[ ]phap | quyen | nha | can | bai | bao[ ]cao | chi[ ]nhanh | ke[ ]hoach | noi | cho | dau | tran | giai | vong | mien | vung | trong[ ]so
    )(?![a-z])""",
    re.VERBOSE,
)
# What may follow a short form that is certain: an end, or a word that cannot begin a counted noun.
_FOLLOWS: Final = re.compile(
    r"""[ ]?(?:\Z|[.,;:)?!"\n~-]|[ ](?:cua|do|ve|va|la|da|duoc|co|nam|ngay|khoa|ra|quy[ ]dinh|ban[ ]hanh|yeu[ ]cau|vao|di|se|dang|thi|voi|theo
    |trung[ ]uong|bo[ ]chinh|ban[ ]bi|quoc[ ]hoi|chinh[ ]phu|thu[ ]tuong|thanh[ ]uy|tinh[ ]uy|hoi[ ]nghi|neu|nham|cung|nay|tren|tai|tu|gan|\()(?![a-z]))""",
    re.VERBOSE,
)
_MANY_VERBS: Final = frozenset({"QĐ", "QĐi", "KL", "HD", "TB", "KH", "CTr", "ĐA", "PL", "QC", "CĐ"})
_YEAR: Final = re.compile(r"(?<![\d/.-])(?:19[4-9]\d|20[0-4]\d)(?![\d/]|[.,]\d|[ ]?-[ ]?\d)")
_LAW: Final = re.compile(r"(?<![a-z])(?:bo luat|luat|phap lenh)[ ]")
_NO_TITLE: Final = re.compile(r"[.;:()\"\n~]|\d")
# Words that no law has in its name: before them "luật" was no title.
_NO_TITLE_WORDS: Final = frozenset(
    [
        "này",
        "được",
        "có",
        "từ",
        "đã",
        "là",
        "do",
        "theo",
        "sẽ",
        "khi",
        "vào",
        "số",
        "sư",
        "gia",
        "của",
        "tại",
        "đến",
        "trước",
        "ngày",
        "tháng",
        "những",
        "không",
        "bị",
        "phải",
        "hay",
        "mới",
        "cũ",
        "từng",
        "rồi",
        "cho",
    ]
)
_NOT_A_LAW: Final = (
    "phap ",
    "ky ",
    "dao ",
    "hoi ",
    "trai ",
    "theo quy ",
    "vi ",
    "gioi ",
    "hanh ",
    "quan ",
    "dinh ",
    "dung ",
)
_TITLE_CHARS: Final = 110


def short_forms(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Every number after a type name alone, with the further numbers of its list."""
    for match in _NUMBER.finditer(text.lower):
        start = match.start()
        if (
            text.lower[start - 1 : start] != " "
            or not text.lower[:start].endswith(" ")
            or not _may_be_headed(text.lower, start)
        ):
            continue
        head = _HEAD.search(text.lower, max(0, start - 40), start)
        if head:
            found = _short(text, head, match, query=query)
            if found is not None:
                yield found


def _may_be_headed(lower: str, start: int) -> bool:
    return lower[max(0, start - 9) : start].rstrip().endswith(_ENDINGS)


def _short(text: Shadow, head: re.Match[str], match: re.Match[str], *, query: bool) -> Found | None:
    name, said = head["name"], head["so"] is not None
    code = NAMES[name] if name else _ABBREVIATIONS[head["short"]]
    if name:
        if not accents_agree(text, head.start("name"), head.end("name"), name):
            return None
    elif not query and not text.cased[head.start("short") : head.end("short")].isupper():
        return None
    members, end = [], match.end()
    while more := _MORE.match(text.lower, end):
        members.append(more)
        end = more.end()
    number = match["number"]
    if _is_counted(text, code, number, end, said=said or bool(match["year"]), listed=bool(members), query=query):
        return None
    capital = text.cased[head.start()].isupper()
    cores = [_core(code, each, tail_at=end) for each in members]
    return Found(
        start=head.start(), end=match.end(), kind="short", type=code, tail_at=end, members=tuple(cores),
        key=_short_key(code, number + (match["letter"] or ""), match["year"]),
        strong=query or said or capital or number.startswith("0"),
    )  # fmt: skip


def _is_counted(text: Shadow, code: str, number: str, end: int, *, said: bool, listed: bool, query: bool) -> bool:
    """Whether a number after a type name counts something, or is a year, and names no document."""
    padded = number.startswith("0")
    if number.strip("0") == "":
        return True
    if said:
        return bool(re.match(r"[ ](?:luong|nguoi|lieu)", text.lower[end : end + 9]))
    if re.fullmatch("19\\d\\d|20\\d\\d", number) or _UNITS.match(text.lower, end):
        return True
    if padded or query:
        return False
    if len(number) == 1 or code in _MANY_VERBS or not text.cased[end - 1 :][:1]:
        return _FOLLOWS.match(text.lower, end) is None or (len(number) == 1 and not listed and _ends(text, end))
    return False


def _ends(text: Shadow, end: int) -> bool:
    return not text.lower.startswith((" cua ", " (", " ve ", " khoa ", " ngay "), end)


def _core(code: str, match: re.Match[str], *, tail_at: int) -> Found:
    end = match.end("year") if match["year"] else match.end("number")
    key = _short_key(code, match["number"], match["year"])
    return Found(start=match.start("number"), end=end, kind="short", type=code, key=key, tail_at=tail_at)


def _short_key(code: str, number: str, year: str | None) -> str:
    shown = "QĐ" if code == "QĐi" else CODES.get(plain(code), code)
    return f"{number}/{year}/{shown}-?" if year else f"{number.upper().zfill(2)}-{shown}/?"


def named_laws(text: Shadow, *, query: bool) -> Iterator[Found]:
    """Every law with its year: "Luật Phòng, chống tham nhũng năm 2018", "Hiến pháp 2013"."""
    for year in _YEAR.finditer(text.lower):
        end = year.start() - 1
        if end < 4 or text.lower[end] not in " \n":
            continue
        if text.lower.endswith(" nam", 0, end):
            end -= 4
        found = _constitution(text, end, year) or _law(text, end, year, query=query)
        if found is not None:
            yield found


def _constitution(text: Shadow, end: int, year: re.Match[str]) -> Found | None:
    if not text.lower.endswith("hien phap", 0, end):
        return None
    start = end - len("hien phap")
    key = f"{TYPE_NAMES['HP']} {year.group()}"
    return Found(start=start, end=year.end(), kind="named", type="HP", key=key, tail_at=year.end())


def _law(text: Shadow, end: int, year: re.Match[str], *, query: bool) -> Found | None:
    laws = list(_LAW.finditer(text.lower, max(0, end - _TITLE_CHARS), end))
    while laws:
        law = laws.pop()
        before = text.lower[max(0, law.start() - 9) : law.start()]
        if not before.endswith(_NOT_A_LAW):
            break
    else:
        return None
    title = text.lower[law.end() : end]
    written = " ".join(text.written(law.end(), end).split())
    if len(title) < 3 or _NO_TITLE.search(title) or not _NO_TITLE_WORDS.isdisjoint(written.lower().split()):
        return None
    capital = text.cased[law.start()].isupper() or text.cased[law.end()].isupper()
    if not (query or capital) or (text.cased[law.end()].islower() and not query and title.count(" ") > 5):
        return None
    name = law.group().strip()
    code = {"bo luat": "BL", "luat": "L"}.get(name, "PL")
    key = f"{TYPE_NAMES[code]} {written[:1].upper()}{written[1:]} {year.group()}"
    return Found(start=law.start(), end=year.end(), kind="named", type=code, key=key, tail_at=year.end())
