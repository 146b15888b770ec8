"""The documents that are known beforehand, and the identity of those without a number.

The latter are those of congresses and plenums, and laws cited by name and year.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.laws import is_of_no_law
from searchapp.citations.find.meetings import about
from searchapp.citations.find.vocabulary import TYPE_NAMES, loose, ordinal, read_table
from searchapp.citations.resolve.identity import A_DAY, Identity, Parts, identity_of, parts_of, term_name, with_type
from searchapp.citations.resolve.issuers import CENTRE, Bodies, congress_seat, place_in, seat_of
from searchapp.citations.resolve.terms_of_office import ASSEMBLY, PARTY, TERMS, Term, term_at, term_called
from searchapp.dates import years
from searchapp.text.abbreviations import expansions
from searchapp.text.normalize import slug

_DOUBTFUL: Final = "B"
_DEFAULT: Final = "(mặc định)"
_ABBREVIATED: Final = (("BCH ", "Ban Chấp hành "), ("BTV ", "Ban Thường vụ "), ("UBTVQH", "Ủy ban Thường vụ Quốc hội"))

# "NQ-ĐH/TW/XIII", "NQ-ĐH/TPHCM/XI@2020", "NQ-HNTW/4/XII", "NQ-HN/TPHCM/10/XI".
_MEETING: Final = re.compile(
    r"(?P<type>NQ|KL|VK)-(?:ĐH/(?P<congress>[^/]+)/(?P<ordinal>[IVX]+)(?:@(?P<year>\d{4}))?"
    r"|HNTW/(?P<plenum>\d+)(?:\((?P<again>\d)\))?/(?P<term>[IVX]+|\?)"
    r"|HN/(?P<place>[^/]+)/(?P<local>\d+)(?:/(?P<of>[^/]+))?)"
)
_PLENUM_SLUG: Final = re.compile(
    r"trung-uong/(?P<kind>nghi-quyet|ket-luan)-hoi-nghi-(?P<plenum>\d{1,2})(?:-lan-(?P<again>\d))?/khoa-(?P<term>[ivx]+)"
)
_NAMED: Final = re.compile(r"(?P<name>\D+) (?P<year>\d{4})")
_KINDS: Final = ("Luật ", "Bộ luật ", "Pháp lệnh ")
_LEFT_OUT: Final = ("va", "viet", "nam")  # "Luật Khoa học, công nghệ", "Bộ luật Hàng hải"
_CODES: Final = {"Hiến pháp": "HP", "Bộ luật": "BL", "Pháp lệnh": "PL"}


@cache
def known_documents() -> tuple[Document, ...]:
    """Return the documents of known_documents.tsv."""
    return tuple(_known(row) for row in _rows())


@cache
def numbered_laws() -> tuple[Document, ...]:
    """Return the laws whose number our table tells: "Luật Đất đai 2024" is 31/2024/QH15.

    An archive has such a law only where one of its texts names it.
    """
    return tuple(_law(row) for row in read_table("laws.tsv") if row["number"])


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
    """Return the law of the table with this name and year; "Luật Phòng cháy chữa cháy", "Luật Quốc tịch" are names."""
    found = [document for document in _by_title().get(_core(title), ()) if document.date.startswith(year)]
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


def _law(row: dict[str, str]) -> Document:
    parts = parts_of(row["number"])
    kind = next((code for word, code in _CODES.items() if row["name"].startswith(word)), "L")
    identity = parts and identity_of(parts, kind, "", "", "", row["day"], "")
    if not identity:
        raise ValueError(f"laws.tsv: {row['name']} {row['year']}: the number {row['number']} is none of a law")
    document = replace(identity.document(row["day"]), title=row["name"], aliases=(f"{row['name']} {row['year']}",))
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
    for law in numbered_laws():
        found.setdefault(_core(law.title), []).append(law)
    return found


def _core(name: str) -> str:
    """Return the letters of a law's name that nobody leaves out or spells in another way."""
    return "".join(word for word in loose(name).split("/") if word not in _LEFT_OUT).replace("y", "i")


@cache
def _by_day() -> dict[tuple[str, str, str], str]:
    """Map (seat, symbol, day) to a slug."""
    return {(d.slug.partition("/")[0], d.symbol, d.date): d.slug for d in known_documents()}


@cache
def occasion(key: str, place: str, speaker: str, day: str = "", said: str = "") -> Document | None:
    """Return the document that the key of a congress, plenum or named law means. None without a term or place.

    place: from the citation; speaker: who speaks in its source, so "Đảng bộ TP" is the speaker's; day: of the article,
    for a local ordinal that several terms bear; said: the subject in the text (Citation.about).
    """
    match = _MEETING.fullmatch(key)
    if match is None:
        return _named(key)
    if match["plenum"]:
        return _plenum(match, key, said)
    if match["congress"] == "TW":
        return _congress(match, key)
    # A bare "Đảng bộ TP" belongs to the speaker; without a known speaker, the key names the city of the table.
    where = place or place_in(speaker) or (match["congress"] or match["place"])
    return None if where == "?" else _local(match, where, day)


def _plenum(match: re.Match[str], key: str, said: str) -> Document | None:
    if match["term"] == "?":
        return None
    meant = (about(adopted_by(key), said) if said else None) or usual_of_plenum(key)
    if meant:
        return meant
    term = term_called(PARTY, match["term"])
    return Document(
        slug=plenum_slug(key),
        symbol=key,
        type=match["type"],
        issuer="Ban Chấp hành Trung ương",
        term=match["term"],
        term_id=term.id if term else "",
        title=plenum_name(key),
    )


def plenum_slug(key: str) -> str:
    """Return the slug of a central plenum's key, whether the resolution has a number or not; "" for none.

    >>> plenum_slug("NQ-HNTW/4/XII")
    'trung-uong/nghi-quyet-hoi-nghi-4/khoa-xii'
    """
    match = _MEETING.fullmatch(key)
    if not match or not match["plenum"] or match["term"] == "?":
        return ""
    again = f"-lan-{match['again']}" if match["again"] else ""
    kind = slug(TYPE_NAMES[match["type"]])
    return f"{CENTRE.slug}/{kind}-hoi-nghi-{match['plenum']}{again}/khoa-{match['term'].lower()}"


def plenum_at(address: str) -> str:
    """Return the key of the central plenum with this slug, "" for none.

    >>> plenum_at("trung-uong/nghi-quyet-hoi-nghi-6/khoa-xii")
    'NQ-HNTW/6/XII'
    """
    found = _PLENUM_SLUG.fullmatch(address)
    if not found:
        return ""
    kind = "NQ" if found["kind"] == "nghi-quyet" else "KL"
    again = f"({found['again']})" if found["again"] else ""
    return f"{kind}-HNTW/{found['plenum']}{again}/{found['term'].upper()}"


def plenum_name(key: str) -> str:
    """Return a reader's name for the resolution of a central plenum: "Nghị quyết Hội nghị Trung ương 6 khóa XII"; ""
    for none.
    """
    match = _MEETING.fullmatch(key)
    if not match or not match["plenum"]:
        return ""
    again = f" (lần {match['again']})" if match["again"] else ""
    return f"{TYPE_NAMES[match['type']]} Hội nghị Trung ương {match['plenum']}{again} khóa {match['term']}"


def _congress(match: re.Match[str], key: str) -> Document | None:
    kind, nth = TYPE_NAMES[match["type"]], match["ordinal"]
    term = term_called(PARTY, nth)
    if term is None and ordinal(nth) > _next_congress():
        return None  # of another country's party: "Trung Quốc thực hiện nghị quyết Đại hội XX"
    return Document(
        slug=f"{CENTRE.slug}/{slug(kind)}-dai-hoi-{nth.lower()}",
        symbol=key,
        type=match["type"],
        issuer="Đại hội đại biểu toàn quốc",
        term=nth,
        term_id=term.id if term else "",
        title=f"{kind} Đại hội {nth} của Đảng",
    )


@cache
def _next_congress() -> int:
    """Return the number of the congress that comes after those of the table."""
    return 1 + max(ordinal(term.ordinal) for term in TERMS.values() if (term.body, term.kind) == (PARTY, "congress"))


def _local(match: re.Match[str], place: str, day: str) -> Document | None:
    seat = congress_seat(place)
    nth = match["ordinal"] or match["of"] or ""
    term = _local_term(seat.body, nth, match["year"] or "", day)
    if term is None:
        return None  # an ordinal alone is no key: the numbering may have begun anew
    kind = TYPE_NAMES[match["type"]]
    congress = match["ordinal"] is not None
    name = f"dai-hoi-{nth.lower()}" if congress else f"hoi-nghi-{match['local']}"
    said = f"Đại hội {nth}" if congress else f"Hội nghị lần thứ {match['local']} Ban Chấp hành"
    head = f"{match['type']}-ĐH/{place}/{nth}" if congress else f"{match['type']}-HN/{place}/{match['local']}"
    return Document(
        slug=f"{seat.slug}/{slug(kind)}-{name}/{term.years}",
        symbol=f"{head}@{term.start[:4]}" if congress else f"{head}/{term.ordinal or term.years}",
        type=match["type"],
        issuer=f"{'Đại hội' if congress else 'Ban Chấp hành'} {seat.issuer}",
        place=seat.place,
        term=term_name(seat, term),
        term_id=term.id,
        title=f"{kind} {said} {seat.issuer} nhiệm kỳ {years(term.years)}",
    )


def _local_term(body: str, nth: str, year: str, day: str) -> Term | None:
    if year:
        return term_called(body, f"{year}-")
    now = term_at(body, day) if day else None
    return term_called(body, nth) or (now if now and (not nth or now.ordinal == nth) else None)


def law_slug(name: str) -> str:
    """Return the slug of a law that only its name and year are known of; "" for other names.

    >>> law_slug("Luật Dược 2016"), law_slug("NQTW 6 khóa XII")
    ('quoc-hoi/luat-duoc-2016', '')
    """
    return f"{slug(ASSEMBLY)}/{slug(name)}" if _NAMED.fullmatch(name) else ""


def spelt(name: str) -> str:
    """Return the name of a law with its abbreviations spelt out, where they have one meaning.

    >>> spelt("Luật BHXH 2014"), spelt("Luật Tổ chức HĐND và UBND 2003")
    ('Luật Bảo hiểm xã hội 2014', 'Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân 2003')
    """
    kind = next((kind for kind in _KINDS if name.startswith(kind)), "")
    rest = name.removeprefix(kind)
    said = " ".join((expansions(word, typed=False) or (word,))[0] for word in rest.split())
    return f"{kind}{said[:1].upper()}{said[1:]}" if said != rest else name


def _named(key: str) -> Document | None:
    match = _NAMED.fullmatch(key)
    if not match:
        return None
    name = match["name"]
    known = known_law(name, match["year"])
    if not known and is_of_no_law(spelt(name), match["year"]):
        return None  # a slip: the year is that of an amendment, of coming into force, or of another law
    code = next((code for word, code in _CODES.items() if name.startswith(word)), "L")
    return known or Document(slug=law_slug(key), symbol=key, type=code, issuer=ASSEMBLY, date=match["year"], title=key)
