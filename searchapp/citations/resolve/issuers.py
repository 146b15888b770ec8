"""Find a document's issuer, its place and its term of office: the seat in which its numbers run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from searchapp.citations.find.bodies import COMMUNE, DISTRICT, PROVINCE, Body, body_of, kinds
from searchapp.citations.find.vocabulary import plain, read_table
from searchapp.citations.resolve.periods import (
    LAST_OF_DISTRICTS,
    TWO_LEVELS,
    began_anew,
    heir,
    is_since,
    place_named,
)
from searchapp.text.normalize import slug

PARTY: Final = "Đảng Cộng sản Việt Nam"
_ANY_PROVINCE: Final = "Đảng bộ cấp tỉnh"
ASSEMBLY: Final = "Quốc hội"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a body. ordinal: "XI"; start, end: ISO dates, cut where only the month or year is known."""

    id: str
    body: str
    kind: str
    ordinal: str
    label: str
    start: str
    end: str

    @property
    def years(self) -> str:
        """Return the years in the name of a term: "2020-2025"; "2026-" while its end is not known."""
        return f"{self.start[:4]}-{self.end[:4]}"


def _read() -> dict[str, Term]:
    return {
        row["term_id"]: Term(
            id=row["term_id"],
            body=row["body"],
            kind=row["kind"],
            ordinal=row["ordinal"].partition(" (")[0],  # "I (2025)": the city's second "lần thứ I"
            label=row["label"],
            start=row["start"],
            end=row["end"],
        )
        for row in read_table("congress_terms.tsv")
    }


TERMS: Final = _read()
"""Term id → Term, congresses, legislatures and plenums."""


@cache
def term_at(body: str, date: str) -> Term | None:
    """Return the term of a body at an ISO date. None when the date may fall in two terms, or in no known one.

    A local body without rows of its own has the terms that all provinces share.
    """
    first, last = _one_term(body, _earliest(date)), _one_term(body, _latest(date))
    return first if first is last else None


def _one_term(body: str, day: str) -> Term | None:
    for term in reversed(_terms_of(body)):
        if _earliest(term.start) <= day:
            return term if not term.end or day <= _latest(term.end) else None
    return None


@cache
def _terms_of(body: str) -> tuple[Term, ...]:
    terms = [term for term in TERMS.values() if term.body == body and term.kind != "plenum"]
    if not terms and body.startswith("Đảng bộ ") and body != _ANY_PROVINCE:
        return _terms_of(_ANY_PROVINCE)
    return tuple(sorted(terms, key=lambda term: _earliest(term.start)))


def term_called(body: str, name: str) -> Term | None:
    """Return the term that a text calls "XI" or "2020-2025"; None unless exactly one term of this
    body bears the name.
    """
    terms = [term for term in _terms_of(body) if name and (name == term.ordinal or name[:5] == term.years[:5])]
    return terms[0] if len(terms) == 1 else None


def term_label(term_id: str) -> str:
    """Return the shown name of a term: "Đại hội XI Đảng bộ TPHCM (2020-2025)"; an unknown id unchanged."""
    term = TERMS.get(term_id)
    if term is None:
        return term_id
    years = f"({term.years})" if term.end else f"(từ {term.start[:4]})"
    if term.kind != "congress":
        return f"{term.label} {years}"
    if not term.ordinal:
        return f"Nhiệm kỳ {term.years} (cấp tỉnh)"
    return f"Đại hội {term.ordinal} {'của Đảng' if term.body == PARTY else term.body} {years}"


def _earliest(date: str) -> str:
    return f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


def _latest(date: str) -> str:
    return f"{date}-12-31"[:10] if len(date) == 4 else f"{date}-31"[:10]


CENTRAL: Final = "Trung ương"
# A province's committee is a Thành ủy where the place is a city of its own, else a Tỉnh ủy.
_PROVINCIAL: Final = {"TU": ("Thành ủy", "Tỉnh ủy")}
# "UBND TP", "HĐND tỉnh": the place of the speaker.
_OWN_PLACE: Final = re.compile(r"(?:tp\.?|thanh pho|tinh)$")
# Codes that every place has: without a place they belong to nobody.
_LOCAL: Final = frozenset(("QU", "HU", "ThU", "ĐU", "ĐUK", "HĐND", "UBND", "CB", "ĐTN", "MTTQ", "UBMTTQ", "TĐTN"))
_OF_A_PEOPLES_BODY: Final = {"UBND": "UBND", "HĐND": "HĐND"}
_DEPARTMENT: Final = re.compile(r"S[A-ZĐ]{1,8}|STP|P[A-ZĐ]{1,6}|VP(?:UBND|HĐND|HU|QU|ĐU)|BTG|BDV")
_SAME_BODY: Final = (("Đảng bộ", "Đảng ủy"), ("Chi ủy", "Chi bộ"))  # the signer, and the owner of the series


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat. slug: first part of a document's slug; issuer: its name with the place; body: its terms count, "" for
    none.

    level, province: of a local body, see `bodies`; since, until: the days between which a body of this name existed.
    """

    slug: str
    issuer: str
    place: str = ""
    body: str = ""
    level: int = 0
    province: str = ""
    since: str = ""
    until: str = ""

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


CENTRE: Final = Seat("trung-uong", CENTRAL, "", PARTY)


@cache
def seat_of(code: str, issuer: str, place: str, speaker: str) -> Seat | None:
    """Return the seat of a number with this issuer code. None where the text does not say which seat of many.

    issuer, place: from the citation's tail; speaker: the issuer in the source's setting.
    """
    if code in ("TW", "HNTW"):
        return CENTRE
    if code.startswith(("QH", "UBTVQH")):
        name = "Ủy ban Thường vụ Quốc hội" if code.startswith("UBTVQH") else ASSEMBLY
        return Seat(slug(name), name, "", ASSEMBLY)
    body = _said(issuer, place)
    if code in _PROVINCIAL and not (body and body.level == DISTRICT):
        return _provincial(issuer, place or place_in(issuer), speaker)
    unit = code.split("-")[0]
    if unit in _OF_A_PEOPLES_BODY and body and body.short != _OF_A_PEOPLES_BODY[unit]:
        return None  # "Sở Nội vụ … 12/QĐ-UBND": this body proposed it
    if body and body.level:
        return _local(body, speaker)
    if unit in _LOCAL or unit.endswith(("TU", "QU", "HU")):
        return _of_speaker(unit, issuer, speaker)
    if body:
        return Seat(slug(body.title), body.title)
    name = _names().get(unit, "")
    if not name and (_DEPARTMENT.fullmatch(unit) or not code):
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
        province = _province_of(speaker)
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
    """Return the slug of a body: "ubnd-tinh-lao-cai", "ubnd-tphcm", "ubnd-quan-3", "huyen-uy-cu-chi",
    "dang-uy-xa-tan-thanh-ca-mau".
    """
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
    said = body_of(issuer) if issuer else None
    if said and said.name == body.name and not _OWN_PLACE.search(plain(issuer)):
        return _local(body, speaker)
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


def _all(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["aliases"].split("|"))]


@cache
def _names() -> dict[str, str]:
    """Map each issuer code to its first name in the table."""
    names: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        names.setdefault(row["code"], row["name"])
    return names
