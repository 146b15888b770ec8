"""Find a document's issuer and its place: the seat in which its numbers run; an archive's own bodies come first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from searchapp.article import Citation
from searchapp.citations.find.bodies import COMMUNE, DISTRICT, PROVINCE, Body, body_of, kinds, one_name
from searchapp.citations.find.body_names import EVERYWHERE, is_branch
from searchapp.citations.find.vocabulary import issuer_code, plain, read_table, squeezed
from searchapp.citations.resolve.terms_of_office import (
    ASSEMBLY,
    LAST_OF_DISTRICTS,
    PARTY,
    TWO_LEVELS,
    Term,
    at,
    began_anew,
    called,
    heir,
    is_since,
    own_terms,
    place_named,
    term_at,
    term_called,
)
from searchapp.tables import Tables
from searchapp.text.normalize import slug

CENTRAL: Final = "Trung ương"
# A province's committee is a Thành ủy where the place is a city of its own, else a Tỉnh ủy.
_PROVINCIAL: Final = {"TU": ("Thành ủy", "Tỉnh ủy")}
# "UBND TP", "HĐND tỉnh": the place of the speaker.
_OWN_PLACE: Final = re.compile(r"(?:tp\.?|thanh pho|tinh)$")
_UNIT: Final = re.compile(r"(?<= )(?:(?:thi )?xa|phuong|dac khu|thi tran|(?<!co )quan|huyen)$")
# Codes that every place has: without a place they belong to nobody.
_LOCAL: Final = frozenset(("QU", "HU", "ThU", "ĐU", "ĐUK", "HĐND", "UBND", "CB", "ĐTN", "MTTQ", "UBMTTQ", "TĐTN"))
_OF_A_PEOPLES_BODY: Final = {"UBND": "UBND", "HĐND": "HĐND", "UB": "UBND"}  # "QĐ-UB", until 2004
_ZONES: Final = {
    f"đặc khu {name}": province
    for province, names in {
        "Quảng Ninh": "Vân Đồn|Cô Tô", "Hải Phòng": "Bạch Long Vĩ|Cát Hải", "Quảng Trị": "Cồn Cỏ",
        "Đà Nẵng": "Hoàng Sa", "Quảng Ngãi": "Lý Sơn", "Khánh Hòa": "Trường Sa", "Lâm Đồng": "Phú Quý",
        "TPHCM": "Côn Đảo", "An Giang": "Phú Quốc|Thổ Châu|Kiên Hải",
    }.items()
    for name in names.split("|")
}  # fmt: skip
"""Special zone → its province: there are thirteen, each with a name of its own."""
_SAME_BODY: Final = (("Đảng bộ", "Đảng ủy"), ("Chi ủy", "Chi bộ"))  # the signer, and the owner of the series


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat. slug: first part of a document's slug; issuer: its name with the place; body: its terms count, "" for
    none.

    level, province: of a local body, see `bodies`; since, until: the days between which a body of this name existed.
    terms: those that the archive's own table gives the body.
    """

    slug: str
    issuer: str
    place: str = ""
    body: str = ""
    level: int = 0
    province: str = ""
    since: str = ""
    until: str = ""
    terms: tuple[Term, ...] = ()

    @property
    def renumbered(self) -> str:
        """Return the day since which it numbers anew, "" for none."""
        return began_anew(self.level, self.province)

    def existed(self, date: str) -> bool:
        """Tell whether a body of this name existed at a date, as far as the dates are known."""
        if not date:
            return True
        ended = self.until and f"{date}-01-01"[:10] > self.until
        return not ended and not (self.since and is_since(date, self.since) is False)

    def term_at(self, date: str) -> Term | None:
        """Return its term at an ISO date; None when the date may fall in two terms, or in no known one."""
        return at(self.terms, date) if self.terms else term_at(self.body, date)

    def term_called(self, name: str) -> Term | None:
        """Return its term that a text calls "XI" or "2020-2025"; None unless exactly one bears the name."""
        return called(self.terms, name) if self.terms else term_called(self.body, name)


CENTRE: Final = Seat("trung-uong", CENTRAL, "", PARTY)


class Bodies:
    """The bodies and terms of office that an archive's own tables add to ours."""

    def __init__(self, issuers: Iterable[Mapping[str, str]], terms: Iterable[Mapping[str, str]]) -> None:
        """issuers, terms: rows of issuers.tsv and terms.tsv."""
        self._of_code: dict[str, str] = {}
        self._called: dict[str, tuple[str, str]] = {}
        for row in issuers:
            self._of_code.setdefault(plain(row["code"]), row["name"])
            for name in _all(dict(row)):
                self._called.setdefault(squeezed(name), (row["name"], row["code"]))
        self._terms: dict[str, tuple[Term, ...]] = {}
        for term in sorted(own_terms(terms).values(), key=lambda one: one.start):
            said = squeezed(self.name(term.body) or one_name(term.body))
            self._terms[said] = (*self._terms.get(said, ()), term)
        names = sorted((name for row in issuers for name in _all(dict(row))), key=len, reverse=True)
        self._after = re.compile(rf"\s+của\s+(?P<issuer>{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)

    def __bool__(self) -> bool:
        return bool(self._called or self._terms)

    def name(self, issuer: str) -> str:
        """Return the one name of a body, however it is called; "" for none of these."""
        return self._called.get(squeezed(issuer), ("", ""))[0]

    def code(self, issuer: str) -> str:
        """Return the code in the numbers of a body; "" for none of these."""
        return self._called.get(squeezed(issuer), ("", ""))[1]

    def of_code(self, code: str) -> str:
        """Return the name of the body whose numbers end with a code, or with it and a unit: "QĐ-TVH-HC"."""
        return self._of_code.get(plain(code)) or self._of_code.get(plain(code.partition("-")[0]), "")

    def cited(self, text: str, citations: Sequence[Citation]) -> list[Citation]:
        """Return citations with the issuer that follows them: "Quyết định 12 của Thư viện huyện"."""
        if not self._called:
            return list(citations)
        return [
            replace(one, issuer=found["issuer"], end=found.end(), text=text[one.start : found.end()])
            if one.kind in ("short", "number") and not one.issuer and (found := self._after.match(text, one.end))
            else one
            for one in citations
        ]

    def seat(self, code: str, issuer: str) -> Seat | None:
        """Return the seat of one of these bodies; None for others."""
        name = (code and self.of_code(code)) or self.name(issuer)
        return self.with_terms(Seat(slug(name), name)) if name else None

    def with_terms(self, seat: Seat) -> Seat:
        """Return a seat with the terms that the archive knows of its body."""
        terms = self._terms.get(squeezed(seat.issuer), ())
        return replace(seat, body=seat.body or seat.issuer, terms=terms) if terms else seat


def bodies_of(tables: Tables) -> Bodies | None:
    """Return the bodies and terms of office of the archive's own tables; None where it has none."""
    own = Bodies(tables.changed("issuers"), tables.rows.get("terms", ()))
    return own or None


@cache
def seat_of(code: str, issuer: str, place: str, speaker: str, own: Bodies | None = None) -> Seat | None:
    """Return the seat of a number with this issuer code. None where the text does not say which seat of many.

    issuer, place: from the citation's tail; speaker: the issuer in the source's setting; own: bodies of the archive.
    """
    if own is None:
        return _seat_of(code, issuer, place, speaker)
    seat = own.seat(code, issuer) or _seat_of(code, issuer, place, speaker)
    return seat and own.with_terms(seat)


def _seat_of(code: str, issuer: str, place: str, speaker: str) -> Seat | None:
    if code in ("TW", "HNTW"):
        return CENTRE
    if code.startswith(("QH", "UBTVQH")):
        name = "Ủy ban Thường vụ Quốc hội" if code.startswith("UBTVQH") else ASSEMBLY
        return Seat(slug(name), name, "", ASSEMBLY)
    body = _said(issuer, place)
    if code in _PROVINCIAL and not (body and body.level == DISTRICT):
        return _provincial(issuer, place or place_in(issuer), speaker)
    unit = code.split("-")[0]
    vague = body is not None and body.everywhere  # "Ban Tổ chức", "Sở Nội vụ": every province has one
    if unit in _OF_A_PEOPLES_BODY and body and body.short.replace("HC", "ND") != _OF_A_PEOPLES_BODY[unit]:
        return None  # "Sở Nội vụ … 12/QĐ-UBND": this body proposed it
    if body and body.level:
        return _local(body, speaker)
    everyones = unit in _LOCAL or unit in _OF_A_PEOPLES_BODY or unit.endswith(("TU", "QU", "HU", "ĐU"))
    if everyones and not (body and body.of_the_centre):
        return _of_speaker(_OF_A_PEOPLES_BODY.get(unit, unit), issuer, speaker)
    if title := body.title if body else issuer if is_branch(issuer) else "":
        return None if vague else Seat(slug(title), title)
    name = _named(unit) or _of_the_centre(issuer)
    if not name and (EVERYWHERE.fullmatch(unit) or not code or _is_misspelt(unit)):
        return None  # every province has a Sở Nội vụ
    return Seat(slug(name or code), name or code)


def _said(issuer: str, place: str) -> Body | None:
    """Return the body of an issuer, with a place that the text states apart from it."""
    body = body_of(issuer) if issuer else None
    if body and not body.level and place and (placed := body_of(f"{issuer} {place}")):
        return placed
    return body


@cache
def congress_seat(place: str) -> Seat:
    """Return the seat of a congress or plenum of a party committee: "TW" or a place."""
    if place == "TW":
        return CENTRE
    return Seat(slug(f"Đảng bộ {place}"), f"Đảng bộ {place}", place, f"Đảng bộ {place}")


def _provincial(issuer: str, place: str, speaker: str) -> Seat | None:
    if not place and speaker and _same_kind(issuer, speaker):
        issuer, place = speaker, place_in(speaker)
    if not place:
        return None
    today = heir(place)
    city = kinds().get(today) == "city" or (plain(issuer).startswith("thanh uy") and today not in kinds())
    name = f"{_PROVINCIAL['TU'][0 if city else 1]} {today}"
    issuer = f"Tỉnh ủy {place}" if today != place else name
    return Seat(slug(name), issuer, place, f"Đảng bộ {today}", PROVINCE, today, *_life(place))


def _life(province: str) -> tuple[str, str]:
    """Return (since, until) of the bodies of a province of this name; a renamed body goes on."""
    place = place_named(province)
    return place.start, place.end if heir(province) == province else ""


def _same_kind(issuer: str, speaker: str) -> bool:
    # "Tỉnh ủy" in a city's paper is another province's committee.
    said, known = plain(issuer), plain(speaker)
    return not said or any(kind in said and kind in known for kind in ("thanh uy", "tinh uy"))


def _local(body: Body, speaker: str) -> Seat | None:
    """Return the seat of a local body; None where a namesake in another province may be meant."""
    if body.needs_province and not body.province:
        province = _ZONES.get(body.unit, "") or _province_of(speaker)
        if not province:
            return None
        body = replace(body, province=province)
    for said, name in _SAME_BODY:
        if body.name.startswith(said):
            body = replace(body, name=body.name.replace(said, name, 1), short=body.short.replace(said, name, 1))
    today = replace(body, province=heir(body.province)) if body.province else body
    since, until = _life(body.province) if body.level == PROVINCE else ("", "")
    if body.level == DISTRICT or body.unit.startswith("thị trấn"):
        until = LAST_OF_DISTRICTS
    elif body.unit.startswith("đặc khu"):
        since = TWO_LEVELS
    return Seat(_slug(today), body.title, body.place, "", body.level, today.province, since, until)


def _slug(body: Body) -> str:
    """Return the slug of a body: "ubnd-tinh-lao-cai", "ubnd-tphcm", "ubnd-quan-3", "dang-uy-xa-tan-thanh-ca-mau"."""
    if body.level == PROVINCE:
        province = body.province if body.own or kinds().get(body.province) == "city" else f"tỉnh {body.province}"
        return slug(f"{body.short} {province}")
    where = [body.title.removeprefix(body.name).partition(",")[0]]
    where += [body.above] if body.level == COMMUNE else []
    where += [body.province] if body.needs_province else []
    return slug(" ".join([body.short, *filter(None, where)]))


def _of_speaker(unit: str, issuer: str, speaker: str) -> Seat | None:
    """Return the seat of "UBND tỉnh" or a bare "UBND" in a source of that province, or of that very body."""
    body = body_of(speaker) if speaker else None
    if body is None or not body.level:
        return None
    said, unit_said = body_of(issuer) if issuer else None, _UNIT.search(plain(issuer))
    if unit_said and not plain(body.unit).startswith(f"{unit_said[0]} "):
        return None  # "UBND phường" in a paper of a xã; in one of a ward's council it is the ward's
    if said and (unit_said or (said.name == body.name and not _OWN_PLACE.search(plain(issuer)))):
        return _local(replace(body, name=said.name, short=said.short, own=said.own), speaker)
    name = _names().get(unit, "")
    if not _OWN_PLACE.search(plain(issuer)) or not name or body.level != PROVINCE:
        return None
    own = said or body_of(f"{name} {body.province}")
    return _local(replace(own, level=PROVINCE, province=body.province), speaker) if own else None


def _province_of(issuer: str) -> str:
    """Return the province or city in a body's name: "Đảng ủy xã Tân Thành, tỉnh Cà Mau" → "Cà Mau"."""
    body = body_of(issuer) if issuer else None
    return body.province if body else ""


def place_in(issuer: str) -> str:
    """Return the place of a province's body: "Thành ủy TPHCM" → "TPHCM"; "" for none."""
    body = body_of(issuer) if issuer else None
    return body.province if body and body.level == PROVINCE else ""


@cache
def official(issuer: str) -> str:
    """Return the one name of a central body as a text may write it: "BCH TW" → "Ban Chấp hành Trung ương"; "" for
    others.
    """
    said = plain(issuer)
    if said.startswith("hoi nghi"):
        return "Ban Chấp hành Trung ương"
    names = (
        (plain(name), row["name"]) for row in read_table("issuers.tsv") if row["code"] == "TW" for name in _all(row)
    )
    found = [row for row in names if said.startswith(row[0])]
    name = max(found, key=lambda row: len(row[0]))[1] if said and found else ""
    return "" if name == CENTRAL else name


_A_PLACE: Final = re.compile(r"tinh|thanh pho|tp|xa|phuong|huyen|quan|khoa|nuoc|viet nam")


@cache
def first_syllables() -> frozenset[str]:
    """Return the folded syllables with which the names of bodies begin."""
    return frozenset(plain(name).split()[0] for row in read_table("issuers.tsv") for name in _all(row) if name.strip())


@lru_cache(maxsize=1 << 10)  # readers type what they like
def codes_of(said: str) -> frozenset[str]:
    """Return the codes of the bodies that a reader may mean by a name, its beginning (two syllables) or a code.

    >>> codes_of("bộ y tế"), codes_of("bộ mới")
    (frozenset({'BYT'}), frozenset())
    """
    words = f"{plain(said)} "

    def meant(row: dict[str, str]) -> bool:
        names = [f"{plain(name)} " for name in _all(row)]
        begun = words.count(" ") > 1 and any(name.startswith(words) for name in names)
        placed = any(words.startswith(name) and _A_PLACE.match(words, len(name)) for name in names)
        return begun or placed or words.strip() in (plain(row["code"]), *map(str.strip, names))

    return frozenset(row["code"] for row in read_table("issuers.tsv") if meant(row))


def _all(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["aliases"].split("|"))]


def _named(unit: str) -> str:
    """Return the name of a code: as written, without the number of its office ("NHNN7"), or as typed ("BGDDT")."""
    bare = unit.rstrip("0123456789")
    return _names().get(unit) or _names().get(bare) or _typed_names().get(plain(bare), "")


def _of_the_centre(issuer: str) -> str:
    """Return the body of the State that a text names beside an unknown code: "220/QĐ-CA … của Chánh án …"."""
    code = issuer_code(issuer) if issuer and "khu vực" not in issuer.lower() else ""  # an office of an area has its own
    name = _names().get(code, "")
    return name if name in _of_the_state() else ""


@cache
def _of_the_state() -> frozenset[str]:
    return frozenset(row["name"] for row in read_table("issuers.tsv") if row["level"] == "state")


_LONG: Final = 5  # letters: shorter codes differ from each other by one


@cache
def _is_misspelt(unit: str) -> bool:
    """Tell whether an unknown code is that of a body of the State with a slip: "BLĐTBX", "BNNPTTN"."""
    said = plain(unit)
    known = [code for code in _typed_names() if len(code) >= _LONG]
    return any(said in _shorter(code) or code in _shorter(said) or sorted(said) == sorted(code) for code in known)


def _shorter(code: str) -> set[str]:
    return {code[:at] + code[at + 1 :] for at in range(len(code))}


@cache
def _names() -> dict[str, str]:
    """Map each issuer code to its first name in the table."""
    names: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        names.setdefault(row["code"], row["name"])
    return names


@cache
def _typed_names() -> dict[str, str]:
    """Map each issuer code of the state, in letters without accents, to its name."""
    names: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        if row["level"] == "state":
            names.setdefault(plain(row["code"]), row["name"])
    return names
