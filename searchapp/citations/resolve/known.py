"""The documents that are known beforehand: known_documents.tsv, and the usual document of each plenum."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import loose, read_table
from searchapp.citations.resolve.identity import A_DAY, Identity, Parts, parts_of, term_name, with_type
from searchapp.citations.resolve.issuers import CENTRE, Bodies, seat_of
from searchapp.citations.resolve.terms_of_office import TERMS, Term

_DOUBTFUL: Final = "B"
_DEFAULT: Final = "(mặc định)"
_ABBREVIATED: Final = (("BCH ", "Ban Chấp hành "), ("BTV ", "Ban Thường vụ "), ("UBTVQH", "Ủy ban Thường vụ Quốc hội"))


@cache
def known_documents() -> tuple[Document, ...]:
    """Return the documents of known_documents.tsv."""
    return tuple(_known(row) for row in _rows())


@cache
def adopted_by(plenum: str) -> tuple[Document, ...]:
    """Return the numbered documents that a plenum adopted, by its key ("NQ-HNTW/6/XII"), in order of number."""
    return tuple(_by_row()[row["canon"], row["date"]] for row in _plenum_rows().get(plenum, ()))


@cache
def usual_of_plenum(key: str) -> Document | None:
    """Return the numbered document that a plenum key usually means: the marked one, else the only
    one of that plenum.
    """
    rows = _plenum_rows().get(key, [])
    marked = [row for row in rows if _DEFAULT in row["aliases"]] or rows
    return _by_row()[marked[0]["canon"], marked[0]["date"]] if len(marked) == 1 else None


def plenum_of(slug: str) -> str:
    """Return the key of the plenum that adopted a document of the table, "" for none."""
    return _plenums().get(slug, "")


@cache
def known_law(title: str, year: str) -> Document | None:
    """Return the law of the table with this name and year."""
    found = [document for document in _by_title().get(loose(title), ()) if document.date.startswith(year)]
    return found[0] if len(found) == 1 else None


def slug_among(identity: Identity, date: str, slugs: Container[str]) -> str:
    """Return the slug of an identity among other slugs; its own slug when it has no place yet.

    A known document is found by its day even where its term is in doubt. The press says "Quyết định 102-QĐ/TW" for a
    Quy định when no Quyết định has this number.
    """
    known = len(date) == A_DAY and _by_day().get((identity.seat.slug, identity.symbol, date))
    if known:
        return known
    own = next((slug for slug in identity.slugs if slug in slugs), identity.slug)
    if identity.type == "QĐ" and own not in slugs:
        twin = replace(identity, type="QĐi").slug
        if twin in slugs:
            return twin
    return own


def documents_of(rows: Iterable[Mapping[str, str]], own: Bodies | None = None) -> tuple[Document, ...]:
    """Return the documents of an operator's table; number and day may tell a missing type or term."""
    found = []
    for row in rows:
        parts = parts_of(row["canon"])
        told = {**row, "type": row.get("type") or (parts.code if parts else "")}
        body = parts and seat_of(parts.issuer, row["issuer"], "", "", own)
        term = body.term_at(row["date"]) if body and body.body and not row.get("term_id") else None
        found.append(_known(told, own, term))
    return tuple(found)


def _known(row: dict[str, str], own: Bodies | None = None, at: Term | None = None) -> Document:
    parts = parts_of(row["canon"])
    issuer = row["issuer"] if not row["issuer"].startswith("(") else CENTRE.issuer
    term = at or TERMS.get(row["term_id"])
    seat = (seat_of(parts.issuer, re.sub(r"^BTV\s+", "", issuer), "", "", own) if parts else None) or CENTRE
    identity = Identity(row["type"], row["canon"], seat, term, "" if term else _year(parts, row["date"]))
    document = replace(
        identity.document(row["date"]),
        issuer=_spelled(issuer),
        term=term_name(seat, term) or row["term"],
        term_id=term.id if term else row["term_id"],
        title=row["short_title"],
        aliases=_aliases(row),
        doubtful=row["confidence"] == _DOUBTFUL,
    )
    return replace(document, slug=with_type(document))


def _aliases(row: dict[str, str]) -> tuple[str, ...]:
    """Return other names; where one resolution is marked as usual, only that one is "NQTW 6 khóa XII"."""
    key = _plenum_key(row)
    marked = [one for one in _plenum_rows().get(key, ()) if _DEFAULT in one["aliases"]]
    others = marked and _DEFAULT not in row["aliases"]
    names = [name.replace(_DEFAULT, "").strip() for name in row["aliases"].split(";")]
    return tuple(name for name in names if name and not (others and name.startswith(("NQTW", "KLTW"))))


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
def _plenum_rows() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _rows():
        if key := _plenum_key(row):
            rows.setdefault(key, []).append(row)
    return rows


def _plenum_key(row: dict[str, str]) -> str:
    match = re.match(r"(\d+)(?: \(lần (\d)\))?", row["plenum"])
    if not match or row["type"] not in ("NQ", "KL"):
        return ""
    return f"{row['type']}-HNTW/{match[1]}{f'({match[2]})' if match[2] else ''}/{row['term']}"


@cache
def _plenums() -> dict[str, str]:
    return {document.slug: key for key in _plenum_rows() for document in adopted_by(key)}


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
    """Map (seat, symbol, day) to a slug."""
    return {(d.slug.partition("/")[0], d.symbol, d.date): d.slug for d in known_documents()}
