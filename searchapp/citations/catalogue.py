"""Identities and the documents that are known beforehand: which slug a document has, and the tables of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.forms import TYPE_NAMES, read_table
from searchapp.citations.parts import Parts, parts_of
from searchapp.citations.seats import CENTRE, Seat, congress_seat, seat_of
from searchapp.citations.terms import ASSEMBLY, PARTY, TERMS, Term, term_at, term_called
from searchapp.citations.types import type_slug
from searchapp.text.slug import slug

_DOUBTFUL: Final = "B"
_DEFAULT: Final = "(mặc định)"
_SPELLED_OUT: Final = (("BCH ", "Ban Chấp hành "), ("BTV ", "Ban Thường vụ "), ("UBTVQH", "Ủy ban Thường vụ Quốc hội"))

# "NQ-ĐH/TW/XIII", "NQ-ĐH/TPHCM/XI@2020", "NQ-HNTW/4/XII", "NQ-HN/TPHCM/10/XI".
_MEETING: Final = re.compile(
    r"(?P<type>NQ|KL|VK)-(?:ĐH/(?P<congress>[^/]+)/(?P<ordinal>[IVX]+|\?)(?:@(?P<year>\d{4}))?"
    r"|HNTW/(?P<plenum>\d+)(?:\((?P<time>\d)\))?/(?P<term>[IVX]+|\?)"
    r"|HN/(?P<place>[^/]+)/(?P<local>\d+)/(?P<of>[^/]+))"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Type, symbol, seat and term (or date) of one document."""

    type: str
    symbol: str
    seat: Seat
    term: Term | None
    year: str = ""  # the year or date that stands for a term where there is none
    said: str = ""  # the issuer as written, when it says more than the seat

    @property
    def slug(self) -> str:
        """Permanent and unaccented: "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025"."""
        name = f"{type_slug(self.type) or slug(self.type)}-{slug(self.symbol)}"
        return "/".join(filter(None, (self.seat.slug, name, _suffix(self.seat, self.term) or self.year)))

    def document(self, date: str = "") -> Document:
        """The document with no more than its identity says."""
        return Document(
            slug=self.slug, symbol=self.symbol, type=self.type, issuer=self.said or self.seat.issuer,
            place=self.seat.place, date=date, term=_term_name(self.seat, self.term) or self.year,
            term_id=self.term.id if self.term else "",
        )  # fmt: skip


def identity_of(
    parts: Parts, kind: str, issuer: str, place: str, speaker: str, date: str, term: str
) -> Identity | None:
    """The identity that these facts say together; None where place, term or date is missing.

    kind: type code when a name before the number says it, else the code in the number counts.
    """
    seat = seat_of(parts.issuer, issuer, place, speaker)
    type_code = kind or _type_of(parts)
    if not seat or not type_code:
        return None
    if parts.year or parts.issuer.startswith(("QH", "UBTVQH")) or "UBTVQH" in parts.issuer:
        return Identity(type_code, parts.symbol, seat, _assembly_term(parts))
    if not seat.body:
        return Identity(type_code, parts.symbol, seat, None, date[:4]) if date else None
    when = (term_at(seat.body, date) if date else None) or (term_called(seat.body, term) if term else None)
    if when is None:
        return Identity(type_code, parts.symbol, seat, None, date) if len(date) == 10 else None
    return Identity(type_code, parts.symbol, seat, when)


@cache
def known_documents() -> tuple[Document, ...]:
    """The documents of known_documents.tsv."""
    return tuple(_known(row) for row in read_table("known_documents.tsv"))


@cache
def meeting_document(key: str, date: str) -> Document | None:
    """The document that a congress, plenum or named-law key means by itself; None where the term is not said."""
    match = _MEETING.fullmatch(key)
    if match and match["plenum"]:
        return _plenum(match, key)
    if match and match["congress"]:
        return _congress(match, key)
    if match:
        return _local_plenum(match, key)
    return _named(key)


def _plenum(match: re.Match[str], key: str) -> Document | None:
    if match["term"] == "?":
        return None
    usual = _plenums().get(key)
    if usual:
        return usual
    name = slug(f"{TYPE_NAMES[match['type']]} Hội nghị {match['plenum']} {match['time'] or ''}")
    term = term_called(PARTY, match["term"])
    return Document(
        slug=f"{CENTRE.slug}/{name}/khoa-{match['term'].lower()}", symbol=key, type=match["type"],
        issuer="Ban Chấp hành Trung ương", term=match["term"], term_id=term.id if term else "",
        title=f"{TYPE_NAMES[match['type']]} Hội nghị Trung ương {match['plenum']} khóa {match['term']}",
    )  # fmt: skip


def _congress(match: re.Match[str], key: str) -> Document | None:
    seat = congress_seat(match["congress"])
    if match["ordinal"] == "?" and not match["year"]:
        return None
    by_year = term_called(seat.body, f"{match['year']}-") if match["year"] else None
    term = by_year or term_called(seat.body, match["ordinal"])
    if term is None and seat.place:
        return None  # an ordinal alone is no key: numbering may have restarted
    years = "" if seat is CENTRE or term is None else f"/{term.years}"
    kind = TYPE_NAMES[match["type"]]
    name = f"{slug(kind)}-dai-hoi-{match['ordinal'].lower()}".rstrip("-?")
    label = "của Đảng" if seat is CENTRE else seat.issuer
    return Document(
        slug=f"{seat.slug}/{name}{years}", symbol=key, type=match["type"],
        issuer="Đại hội đại biểu toàn quốc" if seat is CENTRE else f"Đại hội {seat.issuer}", place=seat.place,
        term=_term_name(seat, term) or match["ordinal"], term_id=term.id if term else "",
        title=f"{kind} Đại hội {match['ordinal']} {label}",
    )  # fmt: skip


def _local_plenum(match: re.Match[str], key: str) -> Document | None:
    seat = congress_seat(match["place"])
    term = term_called(seat.body, match["of"])
    if term is None:
        return None
    kind = TYPE_NAMES[match["type"]]
    return Document(
        slug=f"{seat.slug}/{slug(kind)}-hoi-nghi-{match['local']}/{term.years}", symbol=key, type=match["type"],
        issuer=f"Ban Chấp hành {seat.issuer}", place=seat.place, term=term.years, term_id=term.id,
        title=f"{kind} Hội nghị lần thứ {match['local']} Ban Chấp hành {seat.issuer} khóa {match['of']}",
    )  # fmt: skip


def _named(key: str) -> Document | None:
    match = re.fullmatch(r"(?P<name>\D+) (?P<year>\d{4})", key)
    if not match:
        return None
    name = match["name"]
    code = "HP" if name.startswith("Hiến pháp") else "BL" if name.startswith("Bộ luật") else "L"
    if name.startswith("Pháp lệnh"):
        code = "PL"
    return Document(
        slug=f"{slug(ASSEMBLY)}/{slug(key)}", symbol=key, type=code, issuer=ASSEMBLY, date=match["year"], title=name
    )


def _known(row: dict[str, str]) -> Document:
    parts = parts_of(row["canon"])
    issuer = row["issuer"] if not row["issuer"].startswith("(") else "Trung ương"
    short = re.sub(r"^BTV\s+", "", issuer)
    term = TERMS.get(row["term_id"])
    seat = seat_of(parts.issuer, short, "", "") if parts else CENTRE
    seat = seat or CENTRE
    identity = Identity(row["type"], row["canon"], seat, term, "" if term else _year(parts, row["date"]))
    aliases = [name.strip() for name in row["aliases"].split(";") if name.strip()]
    aliases += [
        key for key, usual in _plenum_rows().items() if (usual["canon"], usual["date"]) == (row["canon"], row["date"])
    ]
    return Document(
        slug=identity.slug, symbol=row["canon"], type=row["type"], issuer=_spelled(issuer), place=seat.place,
        date=row["date"], term=_term_name(seat, term) or row["term"], term_id=row["term_id"],
        title=row["short_title"], aliases=tuple(name.replace(_DEFAULT, "").strip() for name in aliases),
        doubtful=row["confidence"] == _DOUBTFUL,
    )  # fmt: skip


def _spelled(issuer: str) -> str:
    for short, full in (
        ("BCH ", "Ban Chấp hành "),
        ("BTV ", "Ban Thường vụ "),
        ("UBTVQH", "Ủy ban Thường vụ Quốc hội"),
    ):
        issuer = issuer.replace(short, full)
    return issuer


def _year(parts: Parts | None, date: str) -> str:
    return "" if parts and parts.year else date if parts and parts.issuer in ("TU", "TW") else date[:4]


@cache
def _plenum_rows() -> dict[str, dict[str, str]]:
    """Plenum key → the row that it usually means: the one marked so, else the only resolution of that plenum."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table("known_documents.tsv"):
        match = re.match(r"(\d+)(?: \(lần (\d)\))?", row["plenum"])
        if match and row["type"] in ("NQ", "KL"):
            number = match[1] + (f"({match[2]})" if match[2] else "")
            rows.setdefault(f"{row['type']}-HNTW/{number}/{row['term']}", []).append(row)
    usual = {}
    for key, several in rows.items():
        marked = [row for row in several if _DEFAULT in row["aliases"]] or several
        if len(marked) == 1:
            usual[key] = marked[0]
    return usual


@cache
def _plenums() -> dict[str, Document]:
    by_row = {(d.symbol, d.date): d for d in known_documents()}
    return {key: by_row[(row["canon"], row["date"])] for key, row in _plenum_rows().items()}


def _type_of(parts: Parts) -> str:
    return parts.code if parts.code in TYPE_NAMES else "L" if parts.issuer.startswith("QH") else parts.code


def _assembly_term(parts: Parts) -> Term | None:
    match = re.search(r"QH(\d{1,2})$", parts.issuer)
    if not match:
        return None
    found = [t for t in TERMS.values() if t.body == ASSEMBLY and t.kind != "plenum" and _arabic(t) == int(match[1])]
    return found[0] if len(found) == 1 else None


def _arabic(term: Term) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    digits = [values.get(letter, 0) for letter in term.ordinal]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def _suffix(seat: Seat, term: Term | None) -> str:
    if term is None or seat.body == ASSEMBLY:
        return ""  # a number of the National Assembly holds its own term
    return f"khoa-{term.ordinal.lower()}" if seat.body == PARTY else term.years


def _term_name(seat: Seat, term: Term | None) -> str:
    if term is None:
        return ""
    return term.ordinal if seat.body in (PARTY, ASSEMBLY) else term.years
