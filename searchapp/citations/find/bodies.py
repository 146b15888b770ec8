"""Recognise the bodies that issue documents, at every level, and give each body one name.

"UBND xã Tân Thành, huyện Đức Huệ, tỉnh Long An" is a head (Ủy ban nhân dân) with its places from the lowest to the
highest. Spelling, dashes, "&", capitals and abbreviations do not tell two bodies apart; the place does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from searchapp.citations.find.ascii import Shadow, shadow
from searchapp.citations.find.body_names import (
    COMMITTEES,
    FIELD,
    FIELDS,
    FREE,
    HEADS,
    OBJECTS,
    OFFICES,
    PARTY_NAMES,
    SHARED_DISTRICTS,
    STATE,
    YOUTH,
    end_of_name,
    level_of_youth,
    tidy,
)
from searchapp.citations.find.vocabulary import PLACE, place_of, plain, read_table, squeezed

COMMUNE, DISTRICT, PROVINCE = 1, 2, 3
"""Levels of places, from the lowest."""
_LEVELS: Final = {
    "xa": ("xã", COMMUNE), "phuong": ("phường", COMMUNE), "thi tran": ("thị trấn", COMMUNE),
    "dac khu": ("đặc khu", COMMUNE), "quan": ("quận", DISTRICT), "huyen": ("huyện", DISTRICT),
    "thi xa": ("thị xã", DISTRICT), "thanh pho": ("thành phố", DISTRICT), "tp": ("thành phố", DISTRICT),
    "tinh": ("tỉnh", PROVINCE),
}  # fmt: skip
_RAISED: Final = "Đồng Nai"  # a city since 30/4/2026; no place of this name lay within the province
# A body that no table knows is told by its province: "Ban Pháp chế Hội đồng nhân dân tỉnh Cà Mau".
_OF_A_KIND: Final = re.compile(
    r"(?P<name>(?:ban|doan|lien (?:minh|hiep)|hoi|bao hiem|kho bac|(?:chi )?cuc|dai|trung tam|benh vien|truong"
    rf"|cong ty|hai quan|thue|thi hanh an) (?:(?!tinh |thanh pho )[^ ]+ ){{0,14}}?)(?=tinh|thanh)(?P<place>{PLACE})"
)


@dataclass(frozen=True, slots=True)
class Body:
    """A body. name: without its place ("Ủy ban nhân dân"); short: the same in slugs ("UBND"); level: 0 for the centre.

    unit: commune or district with its level ("xã Tân Thành"); above: the district of a commune; province: as the table
    of places writes it. own: the place is a part of the name ("Tỉnh ủy Sơn La", "Quận ủy 7").
    """

    name: str
    short: str
    level: int = 0
    unit: str = ""
    above: str = ""
    province: str = ""
    own: bool = False

    @property
    def place(self) -> str:
        """Return its places from the lowest: "xã Tân Thành, Cà Mau"."""
        return ", ".join(filter(None, (self.unit, self.above, self.province)))

    @property
    def needs_province(self) -> bool:
        """Tell whether bodies of this name and unit exist in several provinces."""
        return self.level == COMMUNE or (self.level == DISTRICT and _bare(self.unit) in SHARED_DISTRICTS)

    @property
    def everywhere(self) -> bool:
        """Tell whether a name without its place belongs to many bodies: "Sở Nội vụ", "Ủy ban nhân dân"."""
        return not (self.level or self.province) and _EVERYWHERE.fullmatch(self.name) is not None

    @property
    def of_the_centre(self) -> bool:
        """Tell whether it is the one committee of its name: "Đảng ủy Chính phủ", "Đảng ủy Bộ Nội vụ"."""
        return not self.level and _CENTRAL_COMMITTEE.match(self.name) is not None

    @property
    def title(self) -> str:
        """Return the one name of the body: "Ủy ban nhân dân xã Tân Thành, tỉnh Cà Mau"."""
        if self.level in (0, PROVINCE):
            where = self.province if self.own or not self.province else _with_level(self.province)
            return f"{self.name} {where}".strip()
        unit = self.unit.partition(" ")[2] if self.own and not self.unit.startswith("th") else self.unit
        unit = re.sub(r"^(?:thành phố|thị xã|quận|huyện) ", "", unit) if self.own else unit
        above = self.above if self.level == COMMUNE else ""
        province = _with_level(self.province) if self.province and self.needs_province else ""
        return ", ".join(filter(None, (f"{self.name} {unit}", above, province)))


# Names of bodies that are in every province or district; "Tổng cục Hải quan" is one body.
_EVERYWHERE: Final = re.compile(
    r"(?:Ủy ban nhân dân|Hội đồng nhân dân|Văn phòng (?:UBND|HĐND).*|(?:Tỉnh|Thành|Quận|Huyện|Thị|Đảng) ủy|Đảng bộ"
    r"|Chi (?:bộ|ủy)|Đảng đoàn|Ban Cán sự đảng|(?:Sở|Phòng|Chi cục|Thanh tra [Ss]ở|Ban) .+|Công an"
    r"|(?:Tòa án|Viện kiểm sát) nhân dân|(?:Bộ|Ban) Chỉ huy .+|Ủy ban Mặt trận .+)"
)


_CENTRAL_COMMITTEE: Final = re.compile(
    "Đảng ủy (?:Bộ (?!Chỉ huy|Tư lệnh)|Chính phủ|Quốc hội|các cơ quan Đảng Trung ương|.*Mặt trận)"
)


def _with_level(province: str) -> str:
    """Return a province with its level: "tỉnh Cà Mau", "thành phố Hà Nội", "thành phố Hồ Chí Minh"."""
    if kinds().get(province) != "city":
        return f"tỉnh {province}"
    return f"thành phố {'Hồ Chí Minh' if province == 'TPHCM' else province}"


@cache
def kinds() -> dict[str, str]:
    """Map each province or city to "province" or "city"."""
    return {row["place"]: row["kind"] for row in read_table("places.tsv")}


def _bare(unit: str) -> str:
    return plain(re.sub(r"^(?:thành phố|thị xã|thị trấn|đặc khu|quận|huyện|phường|xã) ", "", unit))


_LEADERS: Final = (
    r"(?:(?:ban[ ]thuong[ ]vu|btv|ban[ ]chap[ ]hanh|bch|thuong[ ]truc|ban[ ]thuong[ ]truc|chu[ ]tich|bi[ ]thu"
    r"|giam[ ]doc|hieu[ ]truong|truong[ ]ban|truong[ ]phong|chi[ ]cuc[ ]truong|cuc[ ]truong|chanh[ ]an"
    r"|vien[ ]truong)[ \n]+)?"
)
_ENTERPRISES: Final = r"(?:[ ](?:cac[ ])?co[ ]quan(?:[ ](?:va|-|&)[ ]doanh[ ]nghiep)?|[ ]doanh[ ]nghiep)?"
# The owner of a committee: "Đảng ủy UBND tỉnh Lào Cai", "Đảng ủy các cơ quan Đảng", "Đảng ủy Sở Y tế".
_PARTY_OF: Final = (
    r"(?P<object>ubnd|uy[ ]ban[ ]nhan[ ]dan|hdnd|hoi[ ]dong[ ]nhan[ ]dan"
    r"|cac[ ]co[ ]quan(?:[ ]dang(?:[ ]trung[ ]uong)?)?"
    r"|\d{1,2}(?!\d)|(?:khu[ ]pho|khu[ ]dan[ ]cu|to[ ]dan[ ]pho|ap|thon|buon)[ ]"
    r"(?:(?:so[ ])?\d{1,3}(?!\d)|(?-i:[A-Z])[a-z]*"
    r"(?:[ ](?-i:[A-Z])[a-z]*){0,3})"
    r"|chinh[ ]phu|quoc[ ]hoi|(?:uy[ ]ban[ ])?mat[ ]tran[ ]to[ ]quoc,[ ]cac[ ]doan[ ]the[ ]trung[ ]uong"
    rf"|khoi{_ENTERPRISES}|cong[ ]an|quan[ ]su|bo[ ]doi[ ]bien[ ]phong"
    rf"|(?:so|ban|truong|hoc[ ]vien|dai[ ]hoc|benh[ ]vien|tong[ ]cong[ ]ty|cong[ ]ty|bo)[ ](?:{FIELD}|{FREE}))"
)
# An office of a committee: "Ban Tuyên giáo Tỉnh ủy", "Ủy ban kiểm tra Huyện ủy".
_OFFICE_OF: Final = (
    r"(?P<office>ban[ ](?:to[ ]chuc|tuyen[ ]giao(?:[ ]va[ ]dan[ ]van)?|dan[ ]van|noi[ ]chinh)|uy[ ]ban[ ]kiem[ ]tra"
    r"|ubkt|van[ ]phong)"
)
_VN: Final = r"(?:[ ](?:viet[ ]nam|vn))?"
_HCM: Final = r"(?:[ ]+(?:ho[ ]chi[ ]minh|hcm))?"
_ASSOCIATION: Final = (
    rf"hoi[ ](?:lien[ ]hiep[ ]phu[ ]nu|lhpn|nong[ ]dan|cuu[ ]chien[ ]binh|chu[ ]thap[ ]do|lien[ ]hiep[ ]thanh[ ]nien"
    rf"|sinh[ ]vien|nha[ ]bao){_VN}"
)
_AREA: Final = r"(?:[ ]khu[ ]vuc[ ]\d{1,2}[ ]-)?"
_FORCES: Final = r"(?:bo|ban)[ ]chi[ ]huy[ ](?:quan[ ]su|bo[ ]doi[ ]bien[ ]phong)"
_HEAD: Final = re.compile(
    rf"""{_LEADERS}(?:
      (?:{_OFFICE_OF}[ \n]+)?(?P<committee>tinh|thanh|quan|huyen|thi)[ \n]uy
    | (?P<youth>{YOUTH})
    | (?:{_OFFICE_OF.replace("office", "office2")}[ \n]+)?
      (?P<party>dang[ \n]uy|dang[ \n]bo|chi[ \n]bo|chi[ \n]uy|ban[ ]can[ ]su[ ]dang|dang[ ]doan)(?:[ \n]+{_PARTY_OF})?
    | (?:(?:ban[ ]bi[ ]thu|doan[ ]chu[ ]tich)[ ]+)?
      (?P<centre>trung[ ]uong[ ]+(?:doan(?:[ ]+(?:tncs|thanh[ ]nien[ ]cong[ ]san))?{_HCM}|{_ASSOCIATION}))
    | (?P<state>{STATE})
    | (?P<front>(?:(?:uy[ ]ban|ub)[ ]*)?(?:mttq|mat[ ]tran[ ]to[ ]quoc){_VN})
    | (?P<union>doan[ ](?:tncs|thanh[ ]nien(?:[ ]cong[ ]san)?){_HCM}|{_ASSOCIATION}|lien[ ]doan[ ]lao[ ]dong|ldld
        |cong[ ]doan(?:[ ]{FREE})?)
    | (?P<justice>(?:(?:toa[ ]an|vien[ ]kiem[ ]sat)[ ]nhan[ ]dan|tand(?!tc)|vksnd(?!tc))(?![ ](?:toi|cap)[ ]cao){_AREA}
        |cong[ ]an(?![ ]nhan[ ]dan)|{_FORCES}|uy[ ]ban[ ]bau[ ]cu
        |trung[ ]tam[ ]phuc[ ]vu[ ]hanh[ ]chinh[ ]cong|ban[ ]quan[ ]ly[ ](?:{FREE}))
    | (?P<office3>so|phong|chi[ ]cuc|tong[ ]cuc|cuc|vu|thanh[ ]tra[ ]so)[ \n]+(?P<field>{FIELD}|{FREE})
    | (?P<board>ban)[ \n]+(?P<field2>{FIELD})
    | (?P<school>(?:truong[ ]+)?(?:dai[ ]hoc|cao[ ]dang)|hoc[ ]vien)[ \n]+(?P<called>{FREE})
    )(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD: Final = r"[A-Z][A-Za-z']*"
_PLACE_NAME: Final = rf"(?:\d{{1,2}}(?![\d/]|[.,-]\d)|{_WORD}(?:[ ](?:-[ ])?{_WORD}){{0,3}})"
_UNIT: Final = re.compile(
    rf"(?:(?P<level>(?i:xa|phuong|thi[ ]tran|dac[ ]khu|huyen|quan|thi[ ]xa|thanh[ ]pho|tinh))[ ]{{1,2}}"
    rf"|(?P<city>(?i:t\.?p))\.?[ .]{{1,2}})"
    rf"(?P<name>{_PLACE_NAME})"
)
_NAME_ALONE: Final = re.compile(_PLACE_NAME)
_NEXT: Final = re.compile(r"[ \n]*[,(-][ \n]*|[ \n]+(?:thuoc[ ]+)?")
_KNOWN_PLACE: Final = re.compile(PLACE)
_WITHIN: Final = re.compile(r"[ \n]*,?[ \n]*(?:thuoc[ ])?tinh[ ]")
_ALONE: Final = re.compile(r"(?:tp(?!\.)|thanh[ ]pho|tinh|quan|huyen|xa|phuong|dac[ ]khu|thi[ ]xa)(?![a-z])")


_ARMED: Final = re.compile(r"(?:quan|dang)[ ]uy[ ](?:(?:quan[ ]su|cong[ ]an)[ ])?trung[ ]uong")  # no Quận ủy of Trung
_OF_THE_CENTRE: Final = re.compile(r"[ \n]+(?:trung[ \n]+uong|tw)(?![a-z])")  # "Ban Tổ chức Trung ương"


def body_at(text: Shadow, start: int) -> tuple[int, Body] | None:
    """Return the body that a text names at a position of the shadow, and its name's end; None without a body."""
    head = _HEAD.match(text.cased, start)
    if head is None or _ARMED.match(text.lower, start) or text.written(start, start + len("Quân")).lower() == "quân":
        return None  # "Quân đoàn 34" is no Quận đoàn
    if head["board"] and _OF_THE_CENTRE.match(text.lower, head.end()):
        return None
    end, places = _places(text, head)
    return end, _body(text, head, places)


def _places(text: Shadow, head: re.Match[str]) -> tuple[int, list[tuple[str, int]]]:
    """Return the end of the places after a head, and these places from the lowest, each with its level."""
    end, found = head.end(), list[tuple[str, int]]()
    own = (head["committee"] or level_of_youth(head["youth"])).lower() or None
    while len(found) < 3:
        between = _NEXT.match(text.lower, end)
        if between is None or (not found and between.group().strip(" \n") and not head["object"]):
            break
        one = _place_at(text, between.end(), own=own if not found else None, first=not found)
        if one is None or (found and one[2] <= found[-1][1]):
            break
        end, name, level = one
        found.append((name, level))
        if "(" in between.group() and text.lower[end : end + 1] == ")":
            end += 1
        if level == PROVINCE:
            break
    if not found:
        alone = re.compile(rf"[ ]+{_ALONE.pattern}").match(text.lower, end)
        end = alone.end() if alone and not own else end
    return end, found


def _place_at(text: Shadow, at: int, *, own: str | None, first: bool) -> tuple[int, str, int] | None:
    """Return (end, name, level) of the place at a position; own: "tinh" … where the head already tells the level."""
    known = _KNOWN_PLACE.match(text.lower, at)
    cased = text.cased[at : at + 1].isupper() or text.lower.startswith(("tinh", "thanh pho", "tp"), at)
    if known and cased and not (own and own not in ("tinh", "thanh")):
        name = place_of(text.written(at, known.end()))
        a_city = re.match(r"thanh pho|t\.?p\b", known.group()) is not None and name != _RAISED
        # "thành phố Huế, tỉnh Thừa Thiên Huế" was of a province before it became one.
        if a_city and (kinds().get(name) == "province" or _WITHIN.match(text.lower, known.end())):
            return known.end(), f"thành phố {name}", DISTRICT
        return known.end(), name, PROVINCE
    unit = _UNIT.match(text.cased, at)
    if unit:
        word, level = _LEVELS[(unit["level"] or "tp").lower()]
        end = end_of_name(text, *unit.span("name"))
        name = _spelled(text.written(unit.start("name"), end))
        return (end, name, PROVINCE) if level == PROVINCE else (end, f"{word} {name}", level)
    alone = _NAME_ALONE.match(text.cased, at) if own and first else None
    if alone:
        end = end_of_name(text, *alone.span())
        name = _spelled(text.written(at, end))
        if own == "tinh":
            return end, name, PROVINCE
        word = {"thanh": "thành phố", "quan": "quận", "huyen": "huyện", "thi": "thị xã"}[own or ""]
        return end, f"{word} {name}", DISTRICT
    return None


def _spelled(name: str) -> str:
    name = " ".join(name.split())
    return name.title() if name.isupper() and len(name) > 2 else name


def _body(text: Shadow, head: re.Match[str], places: list[tuple[str, int]]) -> Body:
    name, short, own = _head(text, head)
    by_level = {level: place for place, level in places}
    level = min(by_level, default=0)
    if head["committee"] and not places:
        level = 0
    own_city = (head["committee"] or "").lower() == "thanh" and level == PROVINCE
    if own_city and kinds().get(by_level[PROVINCE]) == "province" and by_level[PROVINCE] != _RAISED:
        # "Thành ủy Cà Mau": the committee of the city that bears the province's name.
        by_level[DISTRICT], level = f"thành phố {by_level[PROVINCE]}", DISTRICT
    unit = by_level.get(level, "") if level in (COMMUNE, DISTRICT) else ""
    above = by_level.get(DISTRICT, "") if level == COMMUNE else ""
    return Body(name, short or name, level, unit, above, by_level.get(PROVINCE, ""), own)


def _head(text: Shadow, head: re.Match[str]) -> tuple[str, str, bool]:
    """Return (name, short, whether the place is a part of the name)."""
    office = head["office"] or head["office2"]
    before = f"{OFFICES.get(_small(office), 'Ban Tuyên giáo và Dân vận')} " if office else ""
    if head["committee"]:
        return before + COMMITTEES[head["committee"].lower()], "", True
    if head["youth"]:
        return COMMITTEES[level_of_youth(head["youth"])].replace("ủy", "đoàn"), "", True
    if head["party"]:
        of = _small(head["object"])
        said = OBJECTS.get(of) or ("Khối các cơ quan và doanh nghiệp" if of.startswith("khoi") else "")
        said = said or (_cased(text.written(*head.span("object"))) if of else "")
        return before + f"{PARTY_NAMES[_small(head['party'])]} {said}".strip(), "", False
    if head["centre"]:
        return _centre(_small(head["centre"])), "", False
    if head["front"]:
        return *HEADS["mttq"], False
    for group in ("state", "union", "justice"):
        if head[group]:
            said = re.sub(r" (?:viet nam|vn)$", "", _small(head[group]))
            if said.startswith("doan "):
                return "Đoàn Thanh niên Cộng sản Hồ Chí Minh", "Đoàn Thanh niên", False
            known = HEADS.get(said)
            named = _cased(text.written(*head.span(group)))  # "Tòa án nhân dân khu vực 2 - Hà Nội" has its own place
            return (*known, False) if known else (named, "", said.endswith("-"))
    if head["school"]:
        return _cased(text.written(head.start("school"), head.end("called"))), "", False
    kind, field = ("office3", "field") if head["office3"] else ("board", "field2")
    name = FIELDS.get(squeezed(head[field])) or _cased(text.written(*head.span(field)), first=True)
    return f"{_cased(text.written(*head.span(kind)), first=True)} {name}", "", False


def _centre(small: str) -> str:
    if " doan" in small:
        return "Trung ương Đoàn TNCS Hồ Chí Minh"
    rest = small.partition("trung uong ")[2].removesuffix(" viet nam")
    return f"Trung ương {HEADS.get(rest, (rest.capitalize(), ''))[0]} Việt Nam"


def _small(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def _cased(name: str, *, first: bool = False) -> str:
    """Return a name in capitals as a name; any other name unchanged."""
    name = tidy(name)
    return name[:1].upper() + name[1:] if first else name


@cache
def _central() -> dict[str, str]:
    return {
        squeezed(alias): row["name"]
        for row in read_table("issuers.tsv")
        if row["level"] == "state"
        for alias in (row["name"], *row["aliases"].split("|"))
        if alias
    }


@cache
def body_of(name: str) -> Body | None:
    """Return the body of a whole name, in any letters; None for an unknown kind, or for several bodies."""
    name = " ".join(name.split())
    text = shadow(name)
    found = body_at(text, 0)
    if found is None or found[0] < len(text.lower.rstrip(" .,;")):
        return _of_a_province(name)
    return found[1]


def _of_a_province(name: str) -> Body | None:
    if not name[:1].isupper() or len(plain(name)) != len(name) or (found := _OF_A_KIND.fullmatch(plain(name))) is None:
        return None
    head = name[: found.end("name")].strip()
    return Body(head, head, PROVINCE, province=place_of(name[found.start("place") :]))


@cache
def one_name(name: str) -> str:
    """Return the one name of an issuer, however a text writes it. A name that no table knows is only tidied.

    >>> one_name("Uỷ ban nhân dân tỉnh Lào Cai"), one_name("UBND tỉnh Lào Cai"), one_name("Bộ LĐ-TB&XH")
    ('Ủy ban nhân dân tỉnh Lào Cai', 'Ủy ban nhân dân tỉnh Lào Cai', 'Bộ Lao động - Thương binh và Xã hội')
    """
    central = _central().get(squeezed(name))
    if central:
        return central
    body = body_of(name)
    if body is None or (body.level == 0 and not body.name.startswith("Trung ương")):
        return tidy(name)
    raised = body.level == PROVINCE and f"thành phố {_RAISED}" in name
    return body.title.replace(f"tỉnh {_RAISED}", f"thành phố {_RAISED}") if raised else body.title


_OF_A_PROVINCE: Final = re.compile(rf"(?<![a-z])(?:(?:tinh|thanh)[ ]uy[ ])?(?P<place>{PLACE})")
_WITH_A_LEVEL: Final = re.compile(r"(?:tinh|thanh)[ ]uy[ ]|(?:tinh|thanh pho|tp)[ .]")
_HEADING: Final = 600  # letters of a text in which its heading stands


def located(issuer: str, text: str) -> str:
    """Return the one name of a text's issuer. Where the name needs a province, it gets the one that the text names.

    >>> located("UBND xã Tân Thành", "Nơi nhận: UBND tỉnh Cà Mau")
    'Ủy ban nhân dân xã Tân Thành, tỉnh Cà Mau'
    """
    name = one_name(issuer) if issuer else ""
    body = body_of(name) if name else None
    if body is None or body.province or not body.needs_province:
        return name
    # What stands above the day of the heading is the issuer's own; below it a text names other provinces too.
    for part in (text[:_HEADING].partition("ngày")[0], text):
        letters = shadow(part)
        named = {
            place_of(letters.written(*found.span("place")))
            for found in _OF_A_PROVINCE.finditer(letters.lower)
            if _WITH_A_LEVEL.match(found.group())
        }
        if len(named) == 1:
            return replace(body, province=named.pop()).title
    return name
