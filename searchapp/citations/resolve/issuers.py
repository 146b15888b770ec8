"""Who issues a document and where, and in which term of office: the seat in which its numbers run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.find.vocabulary import place_of, plain, read_table
from searchapp.text.normalize import slug

PARTY: Final = "Đảng Cộng sản Việt Nam"
ANY_PROVINCE: Final = "Đảng bộ cấp tỉnh"
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
        """The years by which a term is called: "2020-2025"; "2026-" while its end is not known."""
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
    """The term of a body in which an ISO date falls; None when it may fall in two, or in none that is known.

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
    if not terms and body.startswith("Đảng bộ ") and body != ANY_PROVINCE:
        return _terms_of(ANY_PROVINCE)
    return tuple(sorted(terms, key=lambda term: _earliest(term.start)))


def term_called(body: str, name: str) -> Term | None:
    """The term that a text calls "XI" or "2020-2025"; None when no term or more than one of this body is called so.

    The city's numbering began anew in 2025, so that "I" alone is no key.
    """
    terms = [term for term in _terms_of(body) if name and (name == term.ordinal or name[:5] == term.years[:5])]
    return terms[0] if len(terms) == 1 else None


def term_label(term_id: str) -> str:
    """How a term is shown: "Đại hội XI Đảng bộ TPHCM (2020-2025)"; an unknown id as it is."""
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
_COMMITTEE_NAME: Final = re.compile(r"(?:thanh uy|tinh uy)\s+(?=\S)")
# "UBND TP", "HĐND tỉnh": the place of whoever speaks.
_OWN_PLACE: Final = re.compile(r"(?:tp\.?|thanh pho|tinh)$")
_LOCAL: Final = frozenset(("QU", "HU", "ThU", "ĐU", "ĐUK", "HĐND", "UBND", "CB", "ĐTN"))


@dataclass(frozen=True, slots=True)
class Seat:
    """slug: first part of a document's slug; issuer: its name with the place; body: whose terms count, "" for none."""

    slug: str
    issuer: str
    place: str = ""
    body: str = ""


CENTRE: Final = Seat("trung-uong", CENTRAL, "", PARTY)


@cache
def seat_of(code: str, issuer: str, place: str, speaker: str) -> Seat | None:
    """The seat of a number with this issuer code; None where the text does not say which of many.

    issuer, place: as the citation's tail says; speaker: the issuer that the source's setting names.
    """
    if code in ("TW", "HNTW"):
        return CENTRE
    if code in _PROVINCIAL:
        return _provincial(issuer, place or place_in(issuer), speaker)
    if code.startswith(("QH", "UBTVQH")):
        name = "Ủy ban Thường vụ Quốc hội" if code.startswith("UBTVQH") else ASSEMBLY
        return Seat(slug(name), name, "", ASSEMBLY)
    unit = code.split("-")[0]
    if unit in _LOCAL or unit.endswith(("TU", "QU", "HU")):
        here = place_in(speaker) if not place and _OWN_PLACE.search(plain(issuer)) else place
        return _local(unit, "" if here != place else issuer, here)
    name = _names().get(unit, "") or code
    return Seat(slug(name), name) if name else None


@cache
def congress_seat(place: str) -> Seat:
    """The seat of a congress or plenum of a party committee: "TW" or a place."""
    if place == "TW":
        return CENTRE
    return Seat(slug(f"Đảng bộ {place}"), f"Đảng bộ {place}", place, f"Đảng bộ {place}")


def _provincial(issuer: str, place: str, speaker: str) -> Seat | None:
    if not place and speaker and _same_kind(issuer, speaker):
        issuer, place = speaker, place_in(speaker)
    if not place:
        return None
    city = _is_city(place) or (plain(issuer).startswith("thanh uy") and not _is_known(place))
    name = f"{_PROVINCIAL['TU'][0 if city else 1]} {place}"
    return Seat(slug(name), name, place, f"Đảng bộ {place}")


def _same_kind(issuer: str, speaker: str) -> bool:
    # "Tỉnh ủy" in a city's paper is somebody else's.
    said, known = plain(issuer), plain(speaker)
    return not said or any(kind in said and kind in known for kind in ("thanh uy", "tinh uy"))


def _local(unit: str, issuer: str, place: str) -> Seat | None:
    if not place:
        return None
    name = _names().get(unit, unit)
    said = issuer if plain(place) in plain(issuer) else f"{name} {place}"
    said = re.sub(r"^(?:Ban Thường vụ|BTV|Thường trực|Chủ tịch)\s+", "", said)
    return Seat(slug(said), said, place)


def place_in(issuer: str) -> str:
    """The place that a committee's name holds: "Thành ủy TPHCM" → "TPHCM"; "" for none."""
    match = _COMMITTEE_NAME.search(plain(issuer))
    return place_of(issuer[match.end() :]) if match and len(plain(issuer)) == len(issuer) else ""


@cache
def official(issuer: str) -> str:
    """The one name of a central body as a text may write it: "BCH TW" → "Ban Chấp hành Trung ương"; "" for others."""
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
def _kinds() -> dict[str, str]:
    return {row["place"]: row["kind"] for row in read_table("places.tsv")}


def _is_city(place: str) -> bool:
    return _kinds().get(place) == "city"


def _is_known(place: str) -> bool:
    return place in _kinds()


@cache
def _names() -> dict[str, str]:
    """Issuer code → its first name in the table."""
    names: dict[str, str] = {}
    for row in read_table("issuers.tsv"):
        names.setdefault(row["code"], row["name"])
    return names
