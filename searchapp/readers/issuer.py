"""Find the issuer of an official document: the lines in capitals above its number, written as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from searchapp.citations.find.vocabulary import read_table
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
_LEVEL: Final = (
    r"(?:tỉnh|thành phố|huyện|quận|thị xã|(?<!tác )xã(?! hội)|phường|thôn|ấp|khu phố|tổ dân phố|thị trấn|đặc khu"
    r"|khu tự trị)"
)
_COMMITTEE: Final = r"(?:tỉnh|thành|huyện|quận|thị)\s(?:ủy|uỷ|đoàn)"
_BARE_COMMITTEE: Final = re.compile(rf"(?<!\S){_COMMITTEE}$")  # "BAN THƯỜNG VỤ TỈNH ỦY" below "ĐẢNG BỘ TỈNH …"
_PLACED: Final = re.compile(rf"(?<!\S)(?:{_COMMITTEE}(?:\s+|$)|{_LEVEL}\s+(?!ủy|uỷ|đoàn))")
_PLACE: Final = re.compile(rf"(?<!\S){_LEVEL}\s+(?!ủy|uỷ|đoàn)")
_INSTITUTION: Final = re.compile(
    rf"(?:{_COMMITTEE}|thường trực|(?:ủy|uỷ) ban|hội đồng|ban|bộ|sở|tổng cục|chi cục|cục|vụ"
    r"|phòng(?!,? (?:thủ|chống|cháy) )|văn phòng"
    rf"|viện|trung tâm|kho bạc|(?:thuế|thi hành án dân sự)(?=\s(?:{_LEVEL}|cơ sở)\s)"
    r"|thanh tra|tổ(?=\s(?:công|giúp|liên|kiểm|biên)\s)"
    r"|hội|liên bộ|liên ngành|liên minh hợp tác xã|liên hiệp các|trạm|hạt kiểm lâm"
    r"|tổng liên đoàn|liên đoàn|đoàn|đảng bộ|đảng (?:ủy|uỷ)|chi bộ|quân (?:ủy|uỷ|khu|đoàn|chủng)|binh (?:đoàn|chủng)"
    r"|trường|học viện|tòa án"
    r"|toà án|chính phủ|quốc hội|thủ tướng|chủ tịch|mặt trận|kiểm toán|ngân hàng|bảo hiểm|đài|bệnh viện"
    rf"|(?:tổng )?công ty|tập đoàn|công an(?=\s{_LEVEL}\s))(?!\S)"
)
_JOINT: Final = re.compile(rf"\s-\s(?={_INSTITUTION.pattern})")  # "Bộ Lao động - Thương binh và Xã hội - Bộ Tài chính"
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
    rf"(?:ban (?:thường trực|thường vụ|chấp hành)|đoàn chủ tịch|thường trực)(?:\s(?P<place>{_LEVEL}\s.+))?"
)
_MASS: Final = re.compile(r"(?:ủy ban )?mặt trận tổ quốc|(?:tổng )?(?:liên đoàn|hội)(?!\sđồng)\s|đoàn\s|công đoàn\s")
_PARTY_COMMITTEE: Final = re.compile(r"(?P<level>tỉnh|thành|huyện|quận|thị)\s(?:ủy|uỷ)\s(?P<place>.+)")
# Above the Party organisation of one office: "ĐẢNG ỦY CÁC CƠ QUAN ĐẢNG TỈNH AN GIANG", "ĐẢNG ỦY XÃ YÊN BÌNH".
_LEADS: Final = re.compile(
    rf"đảng (?:ủy|uỷ|bộ)(?: (?:các cơ quan đảng|ủy ban nhân dân|uỷ ban nhân dân))? (?P<place>{_LEVEL} .+)"
)
# The place of a dateline beside an issuer: "ĐẢNG ỦY XÃ BẢN LẦU    Bản Lầu, ngày 12 tháng 9 năm 2025".
_DATELINE: Final = re.compile(
    rf"\s+(?:[{CAPITALS}](?![{CAPITALS}])[^\W\d_]*|TP\.?)(?:\s[^\W\d_]+(?:['’][^\W\d_]+)?){{0,5}},?\s*ngày[\s.…_\d]*tháng\s.*$"
)
_OF_A_PEOPLES_COMMITTEE: Final = re.compile(r"(?:sở|ban|văn phòng|phòng|thanh tra|chi cục|thường trực|trung tâm|tổ)\s")
# Bodies of a council or a committee, named by it: "Ban Pháp chế Hội đồng nhân dân tỉnh …".
_OF_A_COUNCIL: Final = re.compile(r"(?:ban|văn phòng|thường trực)(?:\s|$)")
# Every province has a "Viện kiểm sát nhân dân khu vực 3", a "Thuế cơ sở 5".
_ONLY_NUMBERED: Final = re.compile(r" (?:khu vực|cơ sở) (?:số )?(?:\d+|[ivx]+)$")
_OFFICE: Final = re.compile(r"văn phòng$")
# "ĐOÀN CHỦ TỊCH ỦY / BAN TRUNG ƯƠNG": a committee of the Party has its level before that word.
_ENDS_OPEN: Final = re.compile(
    r"(?:\svà|,|\s[-–—]|(?<!tỉnh)(?<!thành)(?<!huyện)(?<!quận)(?<!thị)(?<!đảng)(?<!quân)\s[ủu][ỷy])$"
)
# Exceptions to the rule for the parts of a name: at its beginning, and anywhere.
_FIXED: Final = (
    "Ủy ban nhân dân", "Uỷ ban nhân dân", "Hội đồng nhân dân", "Tòa án nhân dân tối cao", "Tòa án nhân dân",
    "Viện kiểm sát nhân dân tối cao", "Viện kiểm sát nhân dân", "Tòa án nhân dân cấp cao",
    "Viện kiểm sát nhân dân cấp cao", "Ban Chấp hành", "Ban Thường vụ", "Chủ tịch nước",
    "Hội nghị", "Thường trực", "Đảng bộ", "Đảng ủy", "Bảo hiểm xã hội", "Bộ Công Thương", "Đảng ủy Khối",
    "Đảng ủy các cơ quan Đảng", "Hội Liên hiệp Phụ nữ",
    "Kho bạc Nhà nước", "Ủy ban Chứng khoán Nhà nước", "Tổng Liên đoàn", "Công ty Cổ phần", "Công ty TNHH",
    "Công ty TNHH MTV", "Công ty TNHH một thành viên", "Ban Xây dựng Đảng", "Liên minh Hợp tác xã",
    "Ban Đại diện Hội Người cao tuổi", "Liên hiệp các Hội Khoa học và Kỹ thuật", "Liên hiệp các Hội Văn học nghệ thuật",
    "Liên hiệp các Tổ chức hữu nghị", "Bộ Tư lệnh", "Bộ đội Biên phòng",
    "Ban Quản lý Khu kinh tế", "Ban Quản lý các Khu công nghiệp",
    "Ban Quản lý các Khu kinh tế", "Ban Quản lý Khu công nghệ cao",
)  # fmt: skip
_ALWAYS: Final = (
    "Việt Nam Dân chủ Cộng hòa", "Cộng hòa miền Nam Việt Nam", "Ủy ban Trung ương",
    "Trung ương Đảng", "Trung ương", "Quốc hội", "Chính phủ",
    "Việt Nam", "Mặt trận Tổ quốc", "Tổ quốc", "Tòa án", "Hội đồng Bộ trưởng",
    "Tây Nguyên",
)  # fmt: skip
_KNOWN: Final = sorted(((name.lower(), name) for name in _FIXED), key=lambda one: -len(one[0]))
_NAMES: Final = re.compile(rf"(?<!\S)(?:{'|'.join(_ALWAYS)})(?!\S)", re.IGNORECASE)
_WRITTEN: Final = {name.lower(): name for name in _ALWAYS}
_FIELD: Final = re.compile(r"(?<!\S)(và|,|-|–)\s+(\S)|(,)\s+(\S)")


def issuer(head: Sequence[str], ended: re.Pattern[str]) -> str:
    """Return the issuer that the lines above the number name; "" without an issuer.

    ended: matches in the line where these lines end. Of two institutions the lower one is the issuer. Where its own
    name does not tell its owner, the higher one's name follows: "Ban Tuyên giáo Huyện ủy Vân Hồ".
    """
    units = _units(head, ended) or _units([line.upper() if _is_unit(line) else line for line in head], ended)
    if not units:
        return ""
    return canonical(_whose(units))


def _is_unit(line: str) -> bool:
    """Tell whether a line in ordinary letters is one of a letterhead: "Đảng ủy xã Đức Trọng"."""
    small = line.lower()
    return line[:1].isupper() and len(line) < MAX_CHARS // 2 and bool(_INSTITUTION.match(small) or _PLACE.match(small))


def _whose(units: list[str]) -> str:
    *higher, own = units
    whose = _HIGHER.fullmatch(higher[-1]) if higher and _BARE_COMMITTEE.search(own) else None
    if whose and whose["place"]:
        return f"{cased(own)} {whose['place'].title()}"
    if higher and (organ := _ORGAN.fullmatch(own)) and (_MASS.match(higher[-1]) or not organ["place"]):
        above = higher[-1]
        if (party := _HIGHER.fullmatch(above)) and party["level"]:
            return _committee(party)
        return cased(above if not organ["place"] or _PLACE.search(above) else f"{above} {organ['place']}")
    party = _PARTY_COMMITTEE.fullmatch(higher[-1]) if higher else None
    if party and own.startswith("đảng ủy") and not _BARE_LEVEL.search(own) and not _PLACED.search(own):
        level = {"thành": "thành phố", "thị": "thị xã"}.get(party["level"], party["level"])
        return cased(f"{own} {level} {party['place']}")
    led = _LEADS.fullmatch(higher[-1]) if higher else None
    if (
        led
        and own.startswith(("đảng ủy", "đảng bộ", "chi bộ"))
        and not (_BARE_LEVEL.search(own) or _PLACED.search(own))
    ):
        return cased(f"{own} {led['place']}")
    of_one = _OF_A_COMMITTEE.match(own) and not _PLACED.search(own) and " trung ương" not in own
    if higher and of_one and (party := _HIGHER.fullmatch(higher[-1])):
        return f"{cased(own)} {_committee(party)}"
    itself = _HIGHER.fullmatch(own) if own.startswith("ban chấp hành ") else None
    if itself and itself["level"]:
        return _committee(itself)
    if higher and (_BARE_LEVEL.search(own) or not _PLACED.search(own)):
        above = higher[-1]
        if _ONLY_NUMBERED.search(own) and (place := _PLACE.search(above)):
            return f"{cased(own)} {cased(above[place.start() :])[:1].lower()}{cased(above[place.start() :])[1:]}"
        if _OF_A_COMMITTEE.match(own) and re.match(rf"{_COMMITTEE}|đảng (?:ủy|uỷ)", above):
            return f"{cased(own)} {cased(above)}"
        if _BARE_LEVEL.search(own) and (placed := _PLACED.search(above)) and above[placed.end() :].strip():
            return cased(f"{own} {above[placed.end() :].strip()}")
        place = _PLACE.search(above)
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
    for line in head[:MAX_LINES]:
        line = beside if (beside := _DATELINE.sub("", line)).isupper() else line
        if ended.search(line):
            break
        said = _RULES.sub("", MOTTO.sub("", line)).strip(" *_.|")
        # In a narrow column the motto takes two lines.
        if YOUTH.fullmatch(said):
            continue
        said = _WITH_YOUTH.sub(r"\g<own>", said)
        if not 1 < len(said) <= MAX_CHARS or not said.isupper() or _GAZETTE.match(said):
            continue
        if units and _OCCASION.match(said):
            continue
        if _OLD_MOTTO.fullmatch(said) and not (units and _OF_THE_STATE.match(units[-1])):
            continue
        if said in _WHOLE_MOTTO and not (said == "NAM" and units and units[-1].endswith(" việt")):
            continue
        small = _spelt(said.lower())
        begins = _INSTITUTION.match(small) and not (units and _ENDS_OPEN.search(units[-1]))
        if small.startswith("mặt trận") and units and units[-1].endswith("ủy ban trung ương"):
            begins = None  # "ỦY BAN TRUNG ƯƠNG / MẶT TRẬN TỔ QUỐC VIỆT NAM"
        if units and (_PLACE.match(small) or not begins):
            units[-1] += f" {small}"
        elif begins and small not in units:
            units.append(small)
    return units


def cased(name: str) -> str:
    """Return the name of an institution, given in any letters, as people write it.

    >>> cased("ỦY BAN NHÂN DÂN TỈNH BÌNH DƯƠNG"), cased("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI")
    ('Ủy ban nhân dân tỉnh Bình Dương', 'Sở Lao động - Thương binh và Xã hội')
    """
    small = name.lower()
    joint = _JOINT.split(small)
    if len(joint) > 1 and all(map(_INSTITUTION.match, joint)):
        return " - ".join(map(cased, joint))
    found = _PLACED.search(small)
    before, kind, place = (small, "", "") if found is None else (small[: found.start()], found[0], small[found.end() :])
    institution = _NAMES.sub(lambda name: _WRITTEN[name[0].lower()], _institution(before.strip()))
    level = kind.strip() if before and not re.match(_COMMITTEE, kind) else kind.strip().capitalize()
    named = " ".join(filter(None, (institution, level, place.title().replace("Số ", "số "))))
    return _NO_VOWEL.sub(lambda letters: letters[0].upper(), named)


# "Trường Tiểu học và Trung học cơ sở Kim Liên": the levels, then a name.
_LEVEL_OF_SCHOOL: Final = (
    "phổ thông dân tộc nội trú|phổ thông dân tộc bán trú|phổ thông|tiểu học|trung học cơ sở|trung học phổ thông|mầm non"
    "|mẫu giáo|liên cấp|chuyên|thpt|thcs|th|mn|ptdtnt|ptdtbt"
)
_ABBREVIATED: Final = frozenset(("thpt", "thcs", "th", "mn", "ptdtnt", "ptdtbt"))
_LEVELS_OF_SCHOOL: Final = re.compile(
    rf"trường (?P<levels>(?:{_LEVEL_OF_SCHOOL})(?:(?: và| -)? (?:{_LEVEL_OF_SCHOOL}))*)(?P<name>(?: \w+){{1,5}})?"
)
# "Bệnh viện Bạch Mai"; "Bệnh viện Tâm thần" says what it heals.
_HOSPITAL: Final = re.compile(
    r"bệnh viện (?!(?:đa|phụ|nhi|mắt|tai|răng|phổi|tâm|y|phục|chấn|nội|lao|lão|da|ung|huyết|truyền|quân|đại|trung|điều"
    r"|sản|hữu|nhiệt|châm|bưu|giao|thể|ngoại|sức|chỉnh)\s)(?P<name>\w+ \w+)"
)
_AREA: Final = re.compile(
    r"(?:(?P<whose>.+) )?(?P<kind>khu vực|cơ sở) (?P<area>(?:\d+|[ivx]+)?(?:(?: ?- ?|\b)[^\W\d]+(?: [^\W\d]+){0,2})?)"
)
_ROMAN: Final = re.compile("[ivx]+")
_A_WORD_TOO: Final = "Hòa Bình"  # "Ủy ban Hòa bình" names no province
_PLACES: Final = [row["place"].lower() for row in read_table("places.tsv") if row["place"] != _A_WORD_TOO]
_IN_A_PLACE: Final = re.compile(f" (?:{'|'.join(sorted(_PLACES, key=len, reverse=True))})$")
_NO_VOWEL: Final = re.compile(r"\b[bcdđghklmnpqrstvxfjwz]{2,7}\b", re.IGNORECASE)  # "CTCP", "VNPT": no syllable
_SCHOOL: Final = re.compile(r"(?:(?<=[Đđ]ại học )|(?<=[Cc]ao đẳng ))(?!và )\w")  # the first letter of its name


def _institution(small: str) -> str:
    """Return a name without its place: known words as the table has them; other parts begin with a capital."""
    if not small:
        return ""
    board, about, matter = small.partition(" về " if " về " in small else ", ")
    if about and board.startswith("ban chỉ đạo"):
        return f"{_institution(board)}{about}{matter}"  # "Ban Chỉ đạo phát triển khoa học, công nghệ"
    if (area := _AREA.fullmatch(small)) and area["area"]:
        said = " ".join(one.upper() if _ROMAN.fullmatch(one) else one.capitalize() for one in area["area"].split())
        return f"{_institution(area['whose'] or '')} {area['kind']} {said}".strip()
    if school := _LEVELS_OF_SCHOOL.fullmatch(small):
        levels = re.sub(_LEVEL_OF_SCHOOL, _level_of_school, school["levels"])
        return f"Trường {levels}{(school['name'] or '').title()}".replace(" Số ", " số ")
    if hospital := _HOSPITAL.fullmatch(small):
        return f"Bệnh viện {hospital['name'].title()}"
    for known, written in _KNOWN:
        if small == known or small.startswith(f"{known} "):
            rest = small[len(known) :].strip()
            if known.startswith("công ty") and rest.count(" ") == 1:
                return f"{written} {rest.title()}"  # two syllables are a name: "Công ty TNHH Sông Chu"
            if rest.startswith("tại "):
                return f"{written} tại {rest[4:].title()}"  # "Tòa án nhân dân cấp cao tại Hà Nội"
            return f"{written} {_institution(rest)}" if rest else written
    head = _INSTITUTION.match(small)
    first, rest = (head[0], small[head.end() :].strip()) if head else ("", small)
    parts = _FIELD.sub(lambda m: f"{m[1] or m[3]} {(m[2] or m[4]).upper()}", rest[:1].upper() + rest[1:])
    named = _SCHOOL.sub(lambda m: m[0].upper(), f"{first.capitalize()} {parts}".strip())
    return _IN_A_PLACE.sub(lambda m: m[0].title(), named)


def _level_of_school(found: re.Match[str]) -> str:
    said = found[0]
    return said.upper() if said in _ABBREVIATED else said if said == "chuyên" else said.capitalize()


def as_written(name: str, lines: Sequence[str]) -> str:
    """Return a name that no table knows as the document writes it elsewhere; the dateline tells the place."""
    if _key(name) in _KNOWN_NAMES:
        return name
    small = name.lower()
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
_DATED: Final = re.compile(rf"(?:.*\s)?(?P<place>[{CAPITALS}][^\W\d_]+(?:\s[{CAPITALS}][^\W\d_]+){{1,3}}),\s*ngày\s")
_SHORT: Final = (
    (re.compile(r"(?<!\S)ubnd(?!\S)"), "ủy ban nhân dân"),
    (re.compile(r"(?<!\S)hđnd(?!\S)"), "hội đồng nhân dân"),
    (re.compile(r"(?<!\S)ub\s?mttq(?!\S)"), "ủy ban mặt trận tổ quốc"),
    (re.compile(r"(?<!\S)ub\s?mttqvn(?!\S)"), "ủy ban mặt trận tổ quốc việt nam"),
    (re.compile(r"(?<!\S)mttq(?!\S)"), "mặt trận tổ quốc"),
    (re.compile(r"(?<!\S)bch(?!\S)"), "ban chấp hành"),
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
    if named.startswith(_CENTRE) and any(YOUTH.fullmatch(line.strip(" *_-")) for line in lines):
        return "Trung ương Đoàn TNCS Hồ Chí Minh"
    organ = next(filter(None, map(_OF_THE_CENTRE.search, lines)), None) if named.startswith(_CENTRE) else None
    return cased(organ["organ"]) if organ else named
