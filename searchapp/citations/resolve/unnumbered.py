"""Identify documents without a number: those of congresses and plenums, and laws cited by name and year."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.laws import is_of_no_law
from searchapp.citations.find.meetings import about
from searchapp.citations.find.vocabulary import TYPE_NAMES, ordinal
from searchapp.citations.resolve.identity import term_name
from searchapp.citations.resolve.issuers import CENTRE, congress_seat, place_in
from searchapp.citations.resolve.known import adopted_by, known_law, usual_of_plenum
from searchapp.citations.resolve.terms_of_office import ASSEMBLY, PARTY, TERMS, Term, term_at, term_called
from searchapp.dates import years
from searchapp.text.abbreviations import expansions
from searchapp.text.normalize import slug

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
_CODES: Final = {"Hiến pháp": "HP", "Bộ luật": "BL", "Pháp lệnh": "PL"}


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
