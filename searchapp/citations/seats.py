"""Who issues a document and where: the seat in which its numbers run (Trung ương, Thành ủy TPHCM, Chính phủ)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.forms import plain, read_table
from searchapp.citations.places import place_of
from searchapp.citations.terms import ASSEMBLY, PARTY
from searchapp.text.slug import slug

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
