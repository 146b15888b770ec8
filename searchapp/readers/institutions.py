"""Write the name of an institution, given in any letters, as people write it."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.find.vocabulary import read_table

LEVEL: Final = (
    r"(?:tỉnh|thành phố|huyện|quận|thị xã|(?<!tác )xã(?! hội)|phường|thôn|ấp|khu phố|tổ dân phố|thị trấn|đặc khu"
    r"|khu tự trị|liên khu)"
)
COMMITTEE: Final = r"(?:tỉnh|thành|huyện|quận|thị|(?:liên |đặc )?khu|xứ)\s(?:ủy|uỷ|đoàn)"
PLACED: Final = re.compile(rf"(?<!\S)(?:{COMMITTEE}(?:\s+|$)|{LEVEL}\s+(?!ủy|uỷ|đoàn))")
PLACE: Final = re.compile(rf"(?<!\S){LEVEL}\s+(?!ủy|uỷ|đoàn)")
INSTITUTION: Final = re.compile(
    rf"(?:{COMMITTEE}|thường trực|(?:ủy|uỷ) ban|hội đồng|ban|bộ|sở|tổng cục|chi cục|cục|vụ"
    r"|phòng(?!,? (?:thủ|chống|cháy) )|văn phòng"
    rf"|viện|trung tâm|kho bạc|(?:thuế|thi hành án dân sự)(?=\s(?:{LEVEL}|cơ sở)\s)"
    r"|thanh tra|tổ(?=\s(?:công|giúp|liên|kiểm|biên)\s)"
    r"|hội|liên bộ|liên ngành|liên minh hợp tác xã|liên hiệp các|trạm|hạt kiểm lâm"
    r"|tổng liên đoàn|liên đoàn|đoàn|đảng bộ|đảng (?:ủy|uỷ)|chi bộ|quân (?:ủy|uỷ|khu|đoàn|chủng)|binh (?:đoàn|chủng)"
    r"|trường|đại học|học viện|tòa án|tòa phúc thẩm"
    r"|toà án|chính phủ|quốc hội|thủ tướng|chủ tịch|mặt trận|kiểm toán|ngân hàng|bảo hiểm|đài|bệnh viện"
    r"|(?:tổng )?công đoàn|thông tấn xã|trung ương cục|vườn quốc gia|khu (?:bảo tồn|di tích|quản lý)|xí nghiệp"
    r"|nông trường|lâm trường|nhà (?:máy|xuất bản|hát)|bảo tàng|thư viện|tạp chí|đồn biên phòng|trại giam"
    r"|cảng (?:vụ|hàng không|cá)"
    r"|hải quan(?=\s(?:cửa khẩu|cảng|sân bay))|hợp tác xã|chi nhánh|tổng hội|(?:sư|lữ|trung|tiểu) đoàn"
    r"|quỹ(?=\s(?:bảo|đầu|hỗ|phát|tín|khuyến|vì))|khoa(?=\s)(?!\shọc)|liên hiệp(?=\scông đoàn)"
    r"|cơ quan(?=\s(?:cảnh sát|an ninh|thường trực|đại diện))|đội(?=\s(?:quản lý|kiểm soát|cảnh sát|thuế))"
    r"|nha(?=\s(?:công an|thông tin|bình dân|khí tượng|bưu điện))"
    rf"|(?:tổng )?công ty|tập đoàn|công an(?=\s{LEVEL}\s))(?!\S)"
)
_JOINT: Final = re.compile(rf"\s-\s(?={INSTITUTION.pattern})")  # "Bộ Lao động - Thương binh và Xã hội - Bộ Tài chính"

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
    "Thông tấn xã Việt Nam", "Tổng Công đoàn", "Liên hiệp Công đoàn", "Trung ương Cục miền Nam",
    "Tòa Phúc thẩm", "Cơ quan Cảnh sát điều tra", "Cơ quan An ninh điều tra",
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


def cased(name: str) -> str:
    """Return the name of an institution, given in any letters, as people write it.

    >>> cased("ỦY BAN NHÂN DÂN TỈNH BÌNH DƯƠNG"), cased("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI")
    ('Ủy ban nhân dân tỉnh Bình Dương', 'Sở Lao động - Thương binh và Xã hội')
    """
    small = name.lower()
    joint = _JOINT.split(small)
    if len(joint) > 1 and all(map(INSTITUTION.match, joint)):
        return " - ".join(map(cased, joint))
    found = PLACED.search(small)
    before, kind, place = (small, "", "") if found is None else (small[: found.start()], found[0], small[found.end() :])
    institution = _NAMES.sub(lambda name: _WRITTEN[name[0].lower()], _institution(before.strip()))
    level = kind.strip() if before and not re.match(COMMITTEE, kind) else kind.strip().capitalize()
    place = place.upper() if _ROMAN.fullmatch(place) else place.title().replace("Số ", "số ")
    named = " ".join(filter(None, (institution, level, place)))
    return _NO_VOWEL.sub(lambda letters: letters[0].upper(), named)


_OF_MEMBERS: Final = re.compile("(?:chi bộ|đảng bộ|đảng ủy|công đoàn)(?: cơ sở)? ")
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
_ALONE: Final = re.compile(
    r"(?P<what>vườn quốc gia|nông trường|lâm trường|trại giam|đồn biên phòng|khu bảo tồn) (?P<name>\w+(?: \w+){0,2})"
)
_AREA: Final = re.compile(
    r"(?:(?P<whose>.+) )?(?P<kind>khu vực|cơ sở) (?P<area>(?:\d+|[ivx]+)?(?:(?: ?- ?|\b)[^\W\d]+(?: [^\W\d]+){0,2})?)"
)
_ROMAN: Final = re.compile("[ivx]+")
_A_WORD_TOO: Final = "Hòa Bình"  # "Ủy ban Hòa bình" names no province
_PLACES: Final = [row["place"].lower() for row in read_table("places.tsv") if row["place"] != _A_WORD_TOO]
ENDS_IN_A_PLACE: Final = re.compile(rf"(?<!\S){LEVEL} (?:{'|'.join(_PLACES)})$")
"""A name that a province ends: nothing goes on behind it."""
IS_A_PLACE: Final = frozenset(_PLACES)
IN_A_PLACE: Final = re.compile(f" (?:{'|'.join(sorted(_PLACES, key=len, reverse=True))})$")
_NO_VOWEL: Final = re.compile(r"\b[bcdđghklmnpqrstvxfjwz]{2,7}\b", re.IGNORECASE)  # "CTCP", "VNPT": no syllable
_SCHOOL: Final = re.compile(r"(?:(?<=[Đđ]ại học )|(?<=[Cc]ao đẳng ))(?!và )\w")  # the first letter of its name


def _institution(small: str) -> str:
    """Return a name without its place: known words as the table has them; other parts begin with a capital."""
    if not small:
        return ""
    if (member := _OF_MEMBERS.match(small)) and INSTITUTION.match(small, member.end()):
        return f"{member[0].capitalize()}{_institution(small[member.end() :])}"  # "Chi bộ Vụ Pháp chế"
    board, about, matter = small.partition(" về " if " về " in small else ", ")
    if about and board.startswith("ban chỉ đạo"):
        return f"{_institution(board)}{about}{matter}"  # "Ban Chỉ đạo phát triển khoa học, công nghệ"
    if (area := _AREA.fullmatch(small)) and area["area"]:
        said = " ".join(one.upper() if _ROMAN.fullmatch(one) else one.capitalize() for one in area["area"].split())
        return f"{_institution(area['whose'] or '')} {area['kind']} {said}".strip()
    if school := _LEVELS_OF_SCHOOL.fullmatch(small):
        levels = re.sub(_LEVEL_OF_SCHOOL, _level_of_school, school["levels"])
        return f"Trường {levels}{(school['name'] or '').title()}".replace(" Số ", " số ")
    if alone := _ALONE.fullmatch(small):
        return f"{alone['what'].capitalize()} {alone['name'].title()}"
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
    head = INSTITUTION.match(small)
    first, rest = (head[0], small[head.end() :].strip()) if head else ("", small)
    parts = _FIELD.sub(lambda m: f"{m[1] or m[3]} {(m[2] or m[4]).upper()}", rest[:1].upper() + rest[1:])
    named = _SCHOOL.sub(lambda m: m[0].upper(), f"{first.capitalize()} {parts}".strip())
    return IN_A_PLACE.sub(lambda m: m[0].title(), named)


def _level_of_school(found: re.Match[str]) -> str:
    said = found[0]
    return said.upper() if said in _ABBREVIATED else said if said == "chuyên" else said.capitalize()
