"""The documents that are known beforehand: known_documents.tsv, and what a plenum usually means."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.forms import loose, read_table
from searchapp.citations.identity import A_DAY, Identity, term_name
from searchapp.citations.parts import Parts, parts_of
from searchapp.citations.seats import CENTRE, seat_of
from searchapp.citations.terms import TERMS

_DOUBTFUL: Final = "B"
_DEFAULT: Final = "(mặc định)"
_ABBREVIATED: Final = (("BCH ", "Ban Chấp hành "), ("BTV ", "Ban Thường vụ "), ("UBTVQH", "Ủy ban Thường vụ Quốc hội"))


@cache
def known_documents() -> tuple[Document, ...]:
    """The documents of known_documents.tsv."""
    return tuple(_known(row) for row in _rows())


@cache
def usual_of_plenum(key: str) -> Document | None:
    """The numbered document that a plenum key usually means: the one marked so, else the only one of that plenum."""
    row = _plenum_rows().get(key)
    return _by_row().get((row["canon"], row["date"])) if row else None


@cache
def known_law(title: str, year: str) -> Document | None:
    """The law of the table with this name and year."""
    found = [document for document in _by_title().get(loose(title), ()) if document.date.startswith(year)]
    return found[0] if len(found) == 1 else None


def slug_among(identity: Identity, date: str, slugs: Container[str]) -> str:
    """The slug under which an identity stands among others, its own when it stands nowhere yet.

    A known document is found by its day even where its term is in doubt; "Quyết định 102-QĐ/TW" is what the press calls
    a Quy định when no Quyết định has this number.
    """
    known = len(date) == A_DAY and _by_day().get((identity.seat.slug, identity.symbol, date))
    if known:
        return known
    own = identity.slug
    if identity.type == "QĐ" and own not in slugs:
        twin = replace(identity, type="QĐi").slug
        if twin in slugs:
            return twin
    return own


def _known(row: dict[str, str]) -> Document:
    parts = parts_of(row["canon"])
    issuer = row["issuer"] if not row["issuer"].startswith("(") else CENTRE.issuer
    term = TERMS.get(row["term_id"])
    seat = (seat_of(parts.issuer, re.sub(r"^BTV\s+", "", issuer), "", "") if parts else None) or CENTRE
    identity = Identity(row["type"], row["canon"], seat, term, "" if term else _year(parts, row["date"]))
    return replace(
        identity.document(row["date"]),
        issuer=_spelled(issuer),
        term=term_name(seat, term) or row["term"],
        term_id=row["term_id"],
        title=row["short_title"],
        aliases=_aliases(row),
        doubtful=row["confidence"] == _DOUBTFUL,
    )


def _aliases(row: dict[str, str]) -> tuple[str, ...]:
    written = [name.replace(_DEFAULT, "").strip() for name in row["aliases"].split(";")]
    plenums = [key for key, usual in _plenum_rows().items() if usual is row]
    return tuple(name for name in (*written, *plenums) if name)


def _spelled(issuer: str) -> str:
    for short, full in _ABBREVIATED:
        issuer = issuer.replace(short, full)
    return issuer


def _year(parts: Parts | None, date: str) -> str:
    return "" if parts and parts.year else date if parts and parts.issuer in ("TU", "TW") else date[:4]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table("known_documents.tsv"))


@cache
def _plenum_rows() -> dict[str, dict[str, str]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _rows():
        match = re.match(r"(\d+)(?: \(lần (\d)\))?", row["plenum"])
        if match and row["type"] in ("NQ", "KL"):
            number = match[1] + (f"({match[2]})" if match[2] else "")
            rows.setdefault(f"{row['type']}-HNTW/{number}/{row['term']}", []).append(row)
    marked = {key: [row for row in several if _DEFAULT in row["aliases"]] or several for key, several in rows.items()}
    return {key: several[0] for key, several in marked.items() if len(several) == 1}


@cache
def _by_row() -> dict[tuple[str, str], Document]:
    return {(d.symbol, d.date): d for d in known_documents()}


@cache
def _by_title() -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in known_documents():
        found.setdefault(loose(document.title), []).append(document)
    return found


@cache
def _by_day() -> dict[tuple[str, str, str], str]:
    """(seat, symbol, day) → slug."""
    return {(d.slug.partition("/")[0], d.symbol, d.date): d.slug for d in known_documents()}
