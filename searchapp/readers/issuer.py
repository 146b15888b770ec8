"""Find the issuer of an official document: the lines in capitals above its number, written as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from searchapp.citations.find.vocabulary import read_table
from searchapp.readers.institutions import (
    COMMITTEE,
    ENDS_IN_A_PLACE,
    INSTITUTION,
    IS_A_PLACE,
    LEVEL,
    PLACE,
    PLACED,
    cased,
)
from searchapp.text.syllables import CAPITALS, canon_syllable

MAX_LINES: Final = 12
MAX_CHARS: Final = 150

MOTTO: Final = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập - Tự do - Hạnh phúc"
)
# Alone on its line it is the motto, unless a name goes on in it: "CHỦ TỊCH CHÍNH PHỦ / VIỆT NAM DÂN CHỦ CỘNG HÒA".
_OLD_MOTTO: Final = re.compile(r"VIỆT NAM DÂN CHỦ CỘNG H(?:ÒA|OÀ)|CỘNG H(?:ÒA|OÀ) MIỀN NAM VIỆT NAM")
_OF_THE_STATE: Final = re.compile(r"(?:chủ tịch|chính phủ|quốc hội)(?!.* (?:cộng hòa|việt nam)$)")
_RULES: Final = re.compile(r"^[\s*_.–—-]+|[*_.–—-]{2,}\s*$|(?<=\S)[-–—]$")
_WHOLE_MOTTO: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
YOUTH: Final = re.compile(r"ĐOÀN (?:TNCS|THANH NIÊN CỘNG SẢN) HỒ CHÍ MINH")
# In a text file the motto of the Youth Union may stand on the line of its committee.
_WITH_YOUTH: Final = re.compile(rf"(?P<own>.*ĐOÀN(?:\s.+?)?)\s+{YOUTH.pattern}")
_BARE_LEVEL: Final = re.compile(r"(?<!\S)(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)$")
_OCCASION: Final = re.compile(r"(?:ĐẠI HỘI|HỘI NGHỊ|NHIỆM KỲ|KHÓA|KHOÁ|KỲ HỌP|LẦN THỨ)(?:\s|$)")  # of a body, no body
_GAZETTE: Final = re.compile(r"VĂN BẢN QUY PHẠM PHÁP LUẬT|CÔNG BÁO|PHẦN [IVX]+")
_BARE_COMMITTEE: Final = re.compile(rf"(?<!\S){COMMITTEE}$")  # "BAN THƯỜNG VỤ TỈNH ỦY" below "ĐẢNG BỘ TỈNH …"
# "BAN CHẤP HÀNH ĐẢNG BỘ TỈNH …" above "BAN TUYÊN GIÁO" is the Tỉnh ủy, "BAN CHẤP HÀNH TRUNG ƯƠNG" the centre.
_HIGHER: Final = re.compile(
    r"(?:ban chấp hành )?(?:đảng bộ (?P<level>tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu) (?P<place>.+)"
    r"|(?<=ban chấp hành )trung ương(?: đảng)?)"
)
_LED: Final = {
    "tỉnh": "Tỉnh ủy", "thành phố": "Thành ủy", "huyện": "Huyện ủy", "quận": "Quận ủy", "thị xã": "Thị ủy",
}  # fmt: skip
_OF_A_COMMITTEE: Final = re.compile(r"(?:ban|văn phòng|(?:ủy|uỷ) ban kiểm tra)(?:\s|$)")
# An organ that speaks for the whole: "BAN THƯỜNG TRỰC" below the Front of a ward, "BAN CHẤP HÀNH TỈNH …" below an
# association.
_ORGAN: Final = re.compile(
    rf"(?:ban (?:thường trực|thường vụ|chấp hành)|đoàn chủ tịch|thường trực)(?:\s(?P<place>{LEVEL}\s.+))?"
)
_MASS: Final = re.compile(r"(?:ủy ban )?mặt trận tổ quốc|(?:tổng )?(?:liên đoàn|hội)(?!\sđồng)\s|đoàn\s|công đoàn\s")
_PARTY_COMMITTEE: Final = re.compile(r"(?P<level>tỉnh|thành|huyện|quận|thị)\s(?:ủy|uỷ)\s(?P<place>.+)")
# Above the Party organisation of one office: "ĐẢNG ỦY CÁC CƠ QUAN ĐẢNG TỈNH AN GIANG", "ĐẢNG ỦY XÃ YÊN BÌNH".
_LEADS: Final = re.compile(
    rf"đảng (?:ủy|uỷ|bộ)(?: (?:các cơ quan đảng|ủy ban nhân dân|uỷ ban nhân dân))? (?P<place>{LEVEL} .+)"
)
# The place of a dateline beside an issuer: "ĐẢNG ỦY XÃ BẢN LẦU    Bản Lầu, ngày 12 tháng 9 năm 2025".
_DATELINE: Final = re.compile(
    rf"\s+(?:[{CAPITALS}](?![{CAPITALS}])[^\W\d_]*|TP\.?)(?:\s[^\W\d_]+(?:['’][^\W\d_]+)?){{0,5}},?\s*ngày[\s.…_\d]*tháng\s.*$"
)
_OF_A_PEOPLES_COMMITTEE: Final = re.compile(
    r"(?:sở|ban|văn phòng|phòng|thanh tra|chi cục|thường trực|trung tâm|tổ|quỹ)\s"
)
# Bodies of a council or a committee, named by it: "Ban Pháp chế Hội đồng nhân dân tỉnh …".
_OF_A_COUNCIL: Final = re.compile(r"(?:ban|văn phòng|thường trực)(?:\s|$)")
# Every province has a "Viện kiểm sát nhân dân khu vực 3", a "Thuế cơ sở 5".
_ONLY_NUMBERED: Final = re.compile(r" (?:khu vực|cơ sở) (?:số )?(?:\d+|[ivx]+)$")
_OFFICE: Final = re.compile(r"(?:văn phòng|cơ quan (?:cảnh sát|an ninh) điều tra)$")
# "Vụ 7" of the Supreme Procuracy, "Khoa Luật" of a university.
_OF_A_WHOLE: Final = re.compile(r"(?:vụ|cục|phòng|ban|tổ|đội) \d+|khoa .+")
# Of one office: "ĐẢNG ỦY BỘ TÀI CHÍNH" above "CHI BỘ VỤ PHÁP CHẾ".
_OF_ONE_OFFICE: Final = re.compile(rf"đảng (?:ủy|uỷ|bộ) (?P<whose>{INSTITUTION.pattern}.*)")
_TOGETHER: Final = ("liên bộ", "liên ngành", "liên sở", "liên tịch")  # below the names of several
_STAMPS: Final = re.compile(
    r"\(?(?:HỎA TỐC(?: HẸN GIỜ)?|(?:THƯỢNG )?KHẨN|(?:TUYỆT |TỐI )?MẬT|DỰ THẢO(?: LẦN \d+)?|BẢN SAO|SAO Y(?: BẢN CHÍNH)?"
    r"|CÔNG VĂN ĐẾN|LƯU HÀNH NỘI BỘ)\)?"
)
# "ĐOÀN CHỦ TỊCH ỦY / BAN TRUNG ƯƠNG": a committee of the Party has its level before that word.
_ENDS_OPEN: Final = re.compile(
    r"(?:\svà|\scác|(?<!\S)trường|,|\s[-–—]|(?<!tỉnh)(?<!thành)(?<!huyện)(?<!quận)(?<!thị)(?<!đảng)(?<!quân)\s[ủu][ỷy])$"
)


def issuer(head: Sequence[str], ended: re.Pattern[str], *, joint: bool = False) -> str:
    """Return the issuer that the lines above the number name; "" without an issuer.

    ended: matches in the line where these lines end. Of two institutions the lower one is the issuer. Where its own
    name does not tell its owner, the higher one's name follows: "Ban Tuyên giáo Huyện ủy Vân Hồ".
    joint: whether the number says that all of them issued it.
    """
    units = _units(head, ended) or _units([line.upper() if _is_unit(line) else line for line in head], ended)
    if not units:
        return ""
    if joint and len(units) > 1 and units[-1] not in _TOGETHER:
        return " - ".join(map(cased, units))
    return canonical(_whose(units))


def _is_unit(line: str) -> bool:
    """Tell whether a line in ordinary letters is one of a letterhead: "Đảng ủy xã Đức Trọng"."""
    small = line.lower()
    return line[:1].isupper() and len(line) < MAX_CHARS // 2 and bool(INSTITUTION.match(small) or PLACE.match(small))


def _whose(units: list[str]) -> str:
    *higher, own = units
    if higher and own in _TOGETHER:
        return " - ".join(map(cased, higher))
    if higher and own.startswith("chi bộ ") and (one := _OF_ONE_OFFICE.fullmatch(higher[-1])):
        return f"{cased(own)} {cased(one['whose'])}"
    if higher and _OF_A_WHOLE.fullmatch(own):
        return f"{cased(own)} {cased(higher[-1])}"
    whose = _HIGHER.fullmatch(higher[-1]) if higher and _BARE_COMMITTEE.search(own) else None
    if whose and whose["place"]:
        return f"{cased(own)} {whose['place'].title()}"
    if higher and (organ := _ORGAN.fullmatch(own)) and (_MASS.match(higher[-1]) or not organ["place"]):
        above = higher[-1]
        if (party := _HIGHER.fullmatch(above)) and party["level"]:
            return _committee(party)
        return cased(above if not organ["place"] or PLACE.search(above) else f"{above} {organ['place']}")
    party = _PARTY_COMMITTEE.fullmatch(higher[-1]) if higher else None
    if party and own.startswith("đảng ủy") and not _BARE_LEVEL.search(own) and not PLACED.search(own):
        level = {"thành": "thành phố", "thị": "thị xã"}.get(party["level"], party["level"])
        return cased(f"{own} {level} {party['place']}")
    led = _LEADS.fullmatch(higher[-1]) if higher else None
    if led and own.startswith(("đảng ủy", "đảng bộ", "chi bộ")) and not (_BARE_LEVEL.search(own) or PLACED.search(own)):
        return cased(f"{own} {led['place']}")
    of_one = _OF_A_COMMITTEE.match(own) and not PLACED.search(own) and " trung ương" not in own
    if higher and of_one and (party := _HIGHER.fullmatch(higher[-1])):
        return f"{cased(own)} {_committee(party)}"
    itself = _HIGHER.fullmatch(own) if own.startswith("ban chấp hành ") else None
    if itself and itself["level"]:
        return _committee(itself)
    if higher and (_BARE_LEVEL.search(own) or not PLACED.search(own)):
        above = higher[-1]
        if _ONLY_NUMBERED.search(own) and (place := PLACE.search(above)):
            return f"{cased(own)} {cased(above[place.start() :])[:1].lower()}{cased(above[place.start() :])[1:]}"
        if _OF_A_COMMITTEE.match(own) and re.match(rf"{COMMITTEE}|đảng (?:ủy|uỷ)", above):
            return f"{cased(own)} {cased(above)}"
        if _BARE_LEVEL.search(own) and (placed := PLACED.search(above)) and above[placed.end() :].strip():
            return cased(f"{own} {above[placed.end() :].strip()}")
        place = PLACE.search(above)
        if (
            place
            and above[: place.start()].strip() not in own
            and (_OF_A_COUNCIL if above.startswith("hội đồng nhân dân") else _OFFICE).match(own)
        ):
            return f"{cased(own)} {cased(above)}"
        if place and _OF_A_PEOPLES_COMMITTEE.match(own):
            return cased(f"{own} {above[place.start() :]}")
    return cased(own)


def _committee(led: re.Match[str]) -> str:
    """Return the name of the committee that leads a party organisation: "đảng bộ tỉnh Sơn La" → "Tỉnh ủy Sơn La"."""
    level = led["level"]
    return f"{_LED.get(level, f'Đảng ủy {level}')} {led['place'].title()}" if level else "Trung ương"


def _units(head: Sequence[str], ended: re.Pattern[str]) -> list[str]:
    """Return the institutions from the highest to the lowest, in small letters; each may take several lines."""
    units: list[str] = []
    for number, line in enumerate(head[:MAX_LINES]):
        line = beside if (beside := _DATELINE.sub("", line)).isupper() else line
        if ended.search(line):
            break
        below = MOTTO.match(head[number + 1]) if number + 1 < len(head) else None  # the second line of the motto
        line = re.sub(rf"\s+(?:{_OLD_MOTTO.pattern})$", "", line) if below else line  # beside the issuer
        said = _RULES.sub("", MOTTO.sub("", line)).strip(" *_.|")
        # In a narrow column the motto takes two lines.
        if YOUTH.fullmatch(said):
            continue
        said = _WITH_YOUTH.sub(r"\g<own>", said)
        if not 1 < len(said) <= MAX_CHARS or not said.isupper() or _GAZETTE.match(said):
            continue
        if (units and _OCCASION.match(said.lstrip("("))) or _STAMPS.fullmatch(said):
            continue
        if _OLD_MOTTO.fullmatch(said) and (below or not (units and _OF_THE_STATE.match(units[-1]))):
            continue
        if said in _WHOLE_MOTTO and not (said == "NAM" and units and units[-1].endswith(" việt")):
            continue
        small = _spelt(said.lower())
        begins = bool(INSTITUTION.match(small)) and not (units and _ENDS_OPEN.search(units[-1]))
        if small == "vụ" and units and units[-1].endswith(" nội"):
            begins = False  # "BỘ NỘI / VỤ" in a narrow column
        if small.startswith("mặt trận") and units and units[-1].endswith("ủy ban trung ương"):
            begins = False  # "ỦY BAN TRUNG ƯƠNG / MẶT TRẬN TỔ QUỐC VIỆT NAM"
        # "UBND TỈNH ĐẮK LẮK" is whole: "VƯỜN QUỐC GIA YOK ĐÔN" below it is another name.
        whole_above = units and ENDS_IN_A_PLACE.search(units[-1]) and small not in IS_A_PLACE and " " in small
        begins = begins or bool(whole_above and not line.startswith("-"))
        if units and (PLACE.match(small) or not begins):
            units[-1] += f" {small}"
        elif begins and small not in units:
            units.append(small)
    return units


def as_written(name: str, lines: Sequence[str]) -> str:
    """Return a name that no table knows as the document writes it elsewhere; the dateline tells the place."""
    if _key(name) in _KNOWN_NAMES:
        return name
    small = name.lower()
    if _BARE_LEVEL.search(small):  # "HỘI ĐỒNG NHÂN DÂN TỈNH" above "HỘI ĐỒNG NHÂN DÂN TỈNH SƠN LA"
        fuller = next((one for one in lines[:_IN_HEAD] if one.isupper() and one.lower().startswith(f"{small} ")), "")
        return canonical(cased(fuller)) if 0 < len(fuller) < MAX_CHARS // 2 else name
    for line in lines[:_ENOUGH]:
        start = line.lower().find(small)
        found = line[start : start + len(name)] if start >= 0 else ""
        if found.lower() == small and not found.partition(" ")[0].isupper() and found[:1].isupper():
            return found
    for line in lines[:MAX_LINES]:
        if (dated := _DATED.match(line)) and (at := small.find(dated["place"].lower())) > 0:
            return name[:at] + dated["place"] + name[at + len(dated["place"]) :]
    return name


_ENOUGH: Final = 400
_IN_HEAD: Final = 45
_DATED: Final = re.compile(rf"(?:.*\s)?(?P<place>[{CAPITALS}][^\W\d_]+(?:\s[{CAPITALS}][^\W\d_]+){{1,3}}),\s*ngày\s")
_SHORT: Final = (
    (re.compile(r"(?<!\S)ubnd(?!\S)"), "ủy ban nhân dân"),
    (re.compile(r"(?<!\S)hđnd(?!\S)"), "hội đồng nhân dân"),
    (re.compile(r"(?<!\S)ub\s?mttq(?!\S)"), "ủy ban mặt trận tổ quốc"),
    (re.compile(r"(?<!\S)ub\s?mttqvn(?!\S)"), "ủy ban mặt trận tổ quốc việt nam"),
    (re.compile(r"(?<!\S)mttq(?!\S)"), "mặt trận tổ quốc"),
    (re.compile(r"(?<!\S)bch(?!\S)"), "ban chấp hành"),
    (re.compile(r"(?<!\S)cđcs(?!\S)"), "công đoàn cơ sở"),
    (re.compile(r"(?<!\S)công ty cp(?!\S)"), "công ty cổ phần"),
    (re.compile(r"(?<!\S)tp\.?\s?(?=\S)"), "thành phố "),
    (re.compile(r"(?<!\S)tt\.\s?(?=\S)"), "thị trấn "),
    (re.compile(r"\s?&\s?"), " và "),
    (re.compile(r"\s[-–—]\s?|\s?[–—]\s?"), " - "),
)
_SYLLABLES: Final = re.compile(r"[^\W\d_]+")
_LETTERS: Final = re.compile(r"[\W_]+")


def _spelt(small: str) -> str:
    """Return a name in small letters in its one spelling: "uỷ ban" → "ủy ban", "văn hoá" → "văn hóa", "ubnd", "tp.",
    "&".
    """
    for written, meant in _SHORT:
        small = written.sub(meant, small)
    return " ".join(_SYLLABLES.sub(lambda word: canon_syllable(word[0]), small).split())


def canonical(name: str) -> str:
    """Return a name as the table of issuers has it, where they differ only in dashes, commas and tone marks. Else
    tidied.

    >>> canonical("Bộ Lao động thương binh & Xã hội"), canonical("Uỷ ban nhân dân tỉnh Hoà Bình")
    ('Bộ Lao động - Thương binh và Xã hội', 'Ủy ban nhân dân tỉnh Hòa Bình')
    """
    if known := _KNOWN_NAMES.get(_key(name)):
        return known
    return " ".join(_SYLLABLES.sub(_canonical_word, name).split())


def _canonical_word(word: re.Match[str]) -> str:
    small = canon_syllable(word[0].lower())
    if small == word[0].lower():
        return word[0]
    return (
        small.upper()
        if len(word[0]) > 1 and word[0].isupper()
        else small.capitalize()
        if word[0][0].isupper()
        else small
    )


def name_of_code(code: str) -> str:
    """Return the one body of the State that a number's code means: "BTC" → "Bộ Tài chính"; "" where it may be many."""
    return _OF_CODE.get(code, "")


def _key(name: str) -> str:
    return _LETTERS.sub("", _spelt(name.lower()).replace(" và ", " "))


_TABLE: Final = read_table("issuers.tsv")  # read at once: a confined reader may open no table later
_KNOWN_NAMES: Final = {_key(row["name"]): row["name"] for row in _TABLE if " " in row["name"]}
_OF_CODE: Final = {row["code"]: row["name"] for row in reversed(_TABLE) if row["level"] == "state"}


# The number alone tells some issuers.
_OF_NUMBERS: Final = (
    (re.compile(r"/QH\d*$"), "Quốc hội"),
    (re.compile(r"UBTVQH\d*$"), "Ủy ban Thường vụ Quốc hội"),
    (re.compile(r"-CP$"), "Chính phủ"),
    (re.compile(r"-TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"CTN$"), "Chủ tịch nước"),
    (re.compile(r"-HĐTP$"), "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
)


def of_number(number: str) -> str:
    """Return the issuer that a number alone tells: "30/2020/NĐ-CP" → "Chính phủ"; "" for other numbers."""
    return next((known for symbol, known in _OF_NUMBERS if symbol.search(number)), "")


# "CHỈ THỊ CỦA BAN BÍ THƯ", "T/M BỘ CHÍNH TRỊ" below the letterhead of the Central Committee.
_OF_THE_CENTRE: Final = re.compile(r"(?:^|\s)(?:CỦA|T/M|TM\.?)\s+(?P<organ>BỘ CHÍNH TRỊ|BAN BÍ THƯ)(?=\s|$)")
_CENTRE: Final = "Ban Chấp hành Trung ương"


def of_the_centre(named: str, lines: Sequence[str]) -> str:
    """Return the organ of the Central Committee that a document of its letterhead names, else the issuer. Beside the
    motto of the Youth Union the letterhead is the Union's.
    """
    if named.startswith((_CENTRE, "Ban Bí thư")) and any(YOUTH.fullmatch(line.strip(" *_-")) for line in lines):
        return "Trung ương Đoàn TNCS Hồ Chí Minh"
    organ = next(filter(None, map(_OF_THE_CENTRE.search, lines)), None) if named.startswith(_CENTRE) else None
    return cased(organ["organ"]) if organ else named
