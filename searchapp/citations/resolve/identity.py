"""The identity of a numbered document: its type, symbol, seat and term, or the date that stands for a term."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.numbered import OFFICES
from searchapp.citations.find.vocabulary import (
    CODES,
    ISSUER_CODES,
    issuer_code,
    legislature,
    legislatures,
    ordinal,
    plain,
    type_code,
    type_of,
    type_slug,
)
from searchapp.citations.resolve.issuers import (
    Bodies,
    Seat,
    official,
    seat_of,
)
from searchapp.citations.resolve.terms_of_office import ASSEMBLY, PARTY, TERMS, Term, is_since
from searchapp.text.normalize import slug

A_DAY: Final = len("2020-02-08")
_SINGLE_DIGIT: Final = re.compile(r"^(\d)(?!\d)")
HOUSE_TYPES: Final = ("luat", "bo-luat", "nghi-quyet", "phap-lenh", "hien-phap")
_TYPED: Final = re.compile(rf"/(?:{'|'.join(HOUSE_TYPES)})-(?=\d[0-9a-z-]*-(?:ubtv)?qh\d+$)")
_HOUSE: Final = re.compile(r"/(?:UBTV)?QH\d+$")
LAWS: Final = ("L", "BL", "PL")
CALLED_BY_NAME: Final = (*LAWS, "HP")
"""Types that people call by a name, without a number: laws and constitutions."""
ENOUGH: Final = 2
"""Statements that prove a second document of one number of the National Assembly."""
_OF_SEVERAL: Final = ("LB", "TTLB", "LN", "TTLN")
"""Codes of joint circulars until 1995: any ministries may be meant, and each set of them numbers for itself."""
_MORE_THAN_ITS_CODE: Final = ("QĐi", "DA", "TTri", "Lệnh")  # types that a name tells apart and a code does not


@dataclass(frozen=True, slots=True)
class Identity:
    """The document that a number means; year: stands for a missing term; said: the issuer as the text names it.

    period: the month in which a body began to number anew within a term or a year: "2025-07".
    """

    type: str
    symbol: str
    seat: Seat
    term: Term | None
    year: str = ""
    said: str = ""
    period: str = ""

    @property
    def slugs(self) -> tuple[str, ...]:
        """Return the slugs under which it may stand, the likeliest first."""
        own = self.slug
        if not is_house(self.symbol):
            return (own,)
        seat, _, number = own.partition("/")
        kinds = sorted(HOUSE_TYPES, key=lambda kind: kind != type_slug(self.type))
        return (own, *(f"{seat}/{kind}-{number}" for kind in kinds))

    @property
    def slug(self) -> str:
        """Return the permanent, unaccented slug: "thanh-uy-tphcm/nghi-quyet-05-nq-tu/2020-2025".

        A number of the National Assembly has no type in it yet. Mostly one document bears it, whatever texts call it; a
        number alone does not tell the type. See `with_type`.
        """
        number = slug(_SINGLE_DIGIT.sub(r"0\1", self.symbol))
        kind = "" if is_house(self.symbol) else type_slug(self.type) or slug(self.type)
        return "/".join(filter(None, (self.seat.slug, f"{kind}-{number}".lstrip("-"), self._last_part())))

    def _last_part(self) -> str:
        if self.period:
            return self.period
        if self.term is None or self.seat.body == ASSEMBLY:
            return self.year  # a number of the National Assembly holds its own term
        return f"khoa-{self.term.ordinal.lower()}" if self.seat.body == PARTY else self.term.years

    def document(self, date: str = "") -> Document:
        """Return a document with the facts of its identity alone."""
        return Document(
            slug=self.slug,
            symbol=self.symbol,
            type=self.type,
            issuer=self.said or self.seat.issuer,
            place=self.seat.place,
            date=date,
            term=term_name(self.seat, self.term) or self.year or self.period,
            term_id=self.term.id if self.term else "",
        )


def identity_of(
    parts: Parts, kind: str, issuer: str, place: str, speaker: str, date: str, term: str, own: Bodies | None = None
) -> Identity | None:
    """Return the identity that these facts make together; None where place, term or date is missing.

    kind: type code by the name before the number; where both have a code, the code in the number decides.
    """
    several = parts.issuer in _OF_SEVERAL and parts.code in ("", "TT") and not parts.year
    seat = Seat(slug(parts.issuer), "Liên bộ") if several else seat_of(parts.issuer, issuer, place, speaker, own)
    said = kind in _MORE_THAN_ITS_CODE or (kind == "CV" and parts.code in OFFICES)
    coded = kind if said or not parts.code else type_of("", parts.code, parts.issuer, parts.year)
    if not seat or not (coded or is_house(parts.symbol)) or contradicts(parts, date) or not seat.existed(date):
        return None
    anew = _is_anew(seat, date or parts.year)
    if parts.year or is_house(parts.symbol):
        if anew is None:  # the number alone may be of before or after
            return None
        began = anew and parts.year == seat.renumbered[:4]
        return Identity(coded, parts.symbol, seat, _assembly_term(parts), period=_month(seat, began))
    if several:  # "20/TT-LB" of 1993 is several documents: the day tells them apart
        return Identity(coded, parts.symbol, seat, None, date) if len(date) == A_DAY else None
    if not seat.body:
        if not date or anew is None:
            return None
        began = anew and date[:4] == seat.renumbered[:4]
        return Identity(coded, parts.symbol, seat, None, "" if began else date[:4], "", _month(seat, began))
    return _of_term(parts, coded, seat, official(issuer) if seat.body == PARTY else "", date, term)


def abbreviates(code: str, kind: str) -> bool:
    """Tell whether a code only abbreviates a type without a code: "CT" of a Cáo trạng, "LCT" of a Lịch công tác.

    kind: the slug of the type.
    """
    return not type_code(kind) and plain(code) == "".join(word[:1] for word in kind.split("-"))


def _of_term(parts: Parts, kind: str, seat: Seat, said: str, date: str, term: str) -> Identity | None:
    when = (seat.term_at(date) if date else None) or (seat.term_called(term) if term else None)
    anew = _is_anew(seat, date) if date else False
    if anew and (when is None or when.start[:10] < seat.renumbered):
        return Identity(kind, parts.symbol, seat, None, "", said, _month(seat, anew))
    if anew is None:
        return None
    if when is None:
        return Identity(kind, parts.symbol, seat, None, date, said) if len(date) == A_DAY else None
    return Identity(kind, parts.symbol, seat, when, "", said)


def _is_anew(seat: Seat, date: str) -> bool | None:
    """Tell whether a body had begun to number anew by a date; None where the date is too short to tell."""
    return is_since(date, seat.renumbered) if seat.renumbered and date else False


def _month(seat: Seat, began: bool) -> str:
    return seat.renumbered[:7] if began else ""


def contradicts(parts: Parts, date: str) -> bool:
    """Tell whether the year in a number contradicts the document's day or its legislature: one of them is a slip."""
    if parts.year and (house := _HOUSE.search(f"/{parts.issuer}")):
        houses = legislatures(parts.year)
        if houses and house.group().removeprefix("/").removeprefix("UBTV") not in houses:
            return True
    return bool(parts.year and date and date[:4] != parts.year)


def with_type(document: Document) -> str:
    """Return the slug of a document with its type: "quoc-hoi/45-2019-qh14" → "quoc-hoi/luat-45-2019-qh14"."""
    seat, _, number = document.slug.partition("/")
    if not (is_house(document.symbol) and number[:1].isdigit() and type_slug(document.type)):
        return document.slug
    return f"{seat}/{type_slug(document.type)}-{number}"


def without_type(slug: str) -> str:
    """Return the slug of a number of the National Assembly before its type is known; any other slug unchanged."""
    return _TYPED.sub("/", slug)


def is_house(symbol: str) -> bool:
    """Tell whether the National Assembly or its Standing Committee gave the number: "45/2019/QH14"."""
    return _HOUSE.search(symbol) is not None


def of_a_series(kind: str) -> bool:
    """Tell whether a type names one of the two series of the National Assembly: its laws or its resolutions."""
    return kind in LAWS or kind == "NQ"


def are_of_two_series(kind: str, other: str) -> bool:
    """Tell whether one of two types names a law, and the other a resolution, of the National Assembly."""
    return of_a_series(kind) and of_a_series(other) and (kind in LAWS) != (other in LAWS)


class Series:
    """The numbers of the National Assembly that a law and a resolution bear both: 55/2010/QH12.

    Its laws and its resolutions had a series each in some terms. A number is told apart where each type has a day
    of its own and two statements, or the heading of an article; else a slip in a text would make a document. Of a known
    document the table tells the day, and the texts need not speak of it.
    """

    def __init__(self, said: Iterable[tuple[str, str, str]], known: Iterable[Document] = ()) -> None:
        """said: slug without type, type code and day of each statement. known: documents that a table tells."""
        tables = {without_type(one.slug): one for one in known if is_house(one.symbol)}
        days: defaultdict[str, dict[bool, Counter[str]]] = defaultdict(lambda: {True: Counter(), False: Counter()})
        for bare, kind, day in said:
            if of_a_series(kind):
                days[bare][kind in LAWS][day if len(day) == A_DAY else ""] += 1
        self._days = {
            bare: two for bare, of in days.items() if (two := _two_days(of[True], of[False], tables.get(bare)))
        }

    def slug(self, bare: str, kind: str, day: str) -> str:
        """Return the slug of a draft: without the type where one document bears the number.

        Return "" where neither type nor day tells which, or they contradict each other.
        """
        days = self._days.get(bare)
        if days is None:
            return bare
        told = {kind in LAWS} if of_a_series(kind) else set()
        told |= {day == days[0]} if day and day in days else set()
        seat, _, number = bare.partition("/")
        return f"{seat}/{type_slug('L' if True in told else 'NQ')}-{number}" if len(told) == 1 else ""


def _two_days(laws: Counter[str], resolutions: Counter[str], known: Document | None) -> tuple[str, str] | None:
    """Return the days of the law and of the resolution; None where one document may bear the number.

    known: the one of the two that a table tells; the day of the other may be "".
    """
    if known:
        same, other = (laws, resolutions) if known.type in LAWS else (resolutions, laws)
        other = Counter({day: n for day, n in other.items() if day != known.date})  # the known day: a slip in the type
        if other.total() < (ENOUGH if same else 1):
            return None
        days = (known.date, prevailing(Counter({day: n for day, n in other.items() if day})))
        return days if known.type in LAWS else days[::-1]
    if min(laws.total(), resolutions.total()) < ENOUGH:
        return None
    of_law = prevailing(Counter({day: n for day, n in laws.items() if day}))
    of_resolution = prevailing(Counter({day: n for day, n in resolutions.items() if day and day not in laws}))
    return (of_law, of_resolution) if of_law and of_resolution else None


def prevailing(counts: Counter[str]) -> str:
    """Return the most frequent value, the first in order among equals."""
    return min(counts, key=lambda value: (-counts[value], value)) if counts else ""


def term_name(seat: Seat, term: Term | None) -> str:
    """Return the term as a document names it: "XII" of the Party, "2020-2025" of a place."""
    if term is None:
        return ""
    return term.ordinal if seat.body in (PARTY, ASSEMBLY) else term.years


def _assembly_term(parts: Parts) -> Term | None:
    match = re.search(r"QH(\d{1,2})$", parts.issuer)
    if not match:
        return None
    terms = (t for t in TERMS.values() if t.body == ASSEMBLY and t.kind != "plenum")
    return next((t for t in terms if ordinal(t.ordinal) == int(match[1])), None)


# "05-NQ/TU", "30/2020/NĐ-CP", "16/CT-TTg", "45/2019/QH14", "1685/NQ-UBTVQH15", "1234/SNV-CCHC".
_PARTY: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?[A-Z]?)-(?P<code>\w+)/(?P<issuer>[\w-]+)")
_STATE: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?[A-Z]?)(?:/(?P<year>\d{4}))?/(?:(?P<code>[^\W\d]+)[-/])?(?P<issuer>\w[\w-]*)"
)
_OLD: Final = re.compile(r"(\d+[A-Z]?)-(CP|CT|TTg|HĐBT)$")  # "73-CP", "327-CT": numbers without a code, until 1997

# "05-NQ/?", "34/2011/NĐ-?".
_SHORT: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?[A-Z]?)(?:/(?P<year>\d{4}))?[-/](?P<code>\w+)[-/]\?")


_PARTY_CODES: Final = ("TW", "TU", "QU", "HU", "ThU", "ĐU")
_HOUSES: Final = ("QH", "UBTVQH")
_YEARS_IN_NUMBERS: Final = "1998"  # since then the National Assembly numbers decrees and resolutions with their year
_WITH_YEAR: Final = (("NĐ", "CP"), ("NQ", "CP"), ("QĐ", "TTg"), ("NQ", "HĐND"), ("QĐ", "UBND"))


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a number. symbol: the key itself; number: without leading zeros; year: "" where numbers restart
    without one.
    """

    symbol: str
    number: str
    code: str
    issuer: str
    year: str = ""


_BRANCHES: Final = ("BHXH", "KBNN", "NHNN", "TAND", "VKSND")  # their branches in the provinces use the same code
_OFFICES: Final = frozenset(ISSUER_CODES.values()) - frozenset(CODES.values()) - frozenset(_BRANCHES)


@cache
def parts_of(key: str) -> Parts | None:
    """Return the parts of a canonical number; None for a key without issuer, and for meetings and named laws."""
    key = _OLD.sub(r"\1/\2", key) if _OLD.match(key) else key
    party = _PARTY.fullmatch(key)
    if party:
        return Parts(key, party["number"].lstrip("0") or "0", party["code"], party["issuer"])
    state = _STATE.fullmatch(key)
    if not state or state["issuer"] == "?":
        return None
    number, code = state["number"].lstrip("0") or "0", state["code"] or ""
    if code and not state["year"] and code in _OFFICES:  # a letter has no type: "7415/BNV-CQĐP" is of the Bộ Nội vụ
        return Parts(key, number, "", f"{code}-{state['issuer']}")
    return Parts(key, number, code, state["issuer"], state["year"] or "")


@cache
def short_parts(key: str) -> Parts | None:
    """Return the parts of a short key, which has no issuer: "05-NQ/?"; None for any other key."""
    match = _SHORT.fullmatch(key)
    if not match:
        return None
    return Parts(key, match["number"].lstrip("0") or "0", match["code"], "", match["year"] or "")


# Until when directives and resolutions of the Government bore a year in their numbers, and since when resolutions do.
_UNTIL: Final = "2010"
_SINCE: Final = "2025"
_RESERVED: Final = "19"  # "19-2017/NQ-CP" stands beside 19/NQ-CP


def same_number(parts: Parts, date: str) -> tuple[str, ...]:
    """Return what the spellings of one State number have in common; () for numbers with one spelling alone."""
    if not parts.symbol.startswith((f"{parts.number}/", f"0{parts.number}/")) or is_house(parts.symbol):
        return ()
    year = parts.year or date[:4]
    lead, *others = parts.issuer.replace("/", "-").split("-")
    if not year or parts.code in ("VBHN", ""):
        return ()
    if (parts.code, lead) in (("CT", "TTg"), ("NQ", "CP")):
        plain = _UNTIL < year < _SINCE and not (parts.code == "NQ" and parts.number == _RESERVED)
        return (parts.number, parts.code, lead, year) if plain and not others else ()
    return (parts.number, parts.code, lead, year, *sorted(others))


def is_short_of_a_year(symbol: str) -> bool:
    """Tell whether a State number lacks the year that its series bears, or bears one that its series lacks."""
    parts = parts_of(symbol)
    plain = parts is not None and (parts.code, parts.issuer) in (("CT", "TTg"), ("NQ", "CP"))
    return parts is not None and bool(parts.year) == plain


def slug_of_alias(document: Document, name: str) -> str:
    """Return the slug that a further number of a document would have; "" for other names."""
    parts = parts_of(name)
    if parts is None or not (document.date or parts.year):
        return ""
    tail = "" if parts.year else f"/{document.date[:4]}"
    number = slug(_SINGLE_DIGIT.sub(r"0\1", name))
    return f"{document.slug.partition('/')[0]}/{type_slug(document.type)}-{number}{tail}"


@cache
def completed(key: str, issuer: str, date: str = "") -> str:
    """Return a short key completed by its issuer: ("05-NQ/?", "Thành ủy") → "05-NQ/TU"; "" where facts are missing.

    The Prime Minister numbers decisions with or without a year, so "Quyết định 64" may be either.
    """
    short = short_parts(key)
    code = issuer_code(issuer) or ("CP" if short and short.code == "NĐ" else "")
    if not short or not code:
        return ""
    head = key[:-2]
    if not short.year and date[:4] >= _YEARS_IN_NUMBERS and (code in _HOUSES or (short.code, code) == ("NĐ", "CP")):
        # "Nghị quyết 85 năm 2015 của Quốc hội", "Nghị định 30 năm 2020"
        return completed(f"{short.number}/{date[:4]}/{short.code}-?", issuer)
    if code in _PARTY_CODES:
        return "" if short.year else f"{head}/{code}"
    if short.year and code in _HOUSES:
        house = legislature(short.year)
        return f"{short.number}/{short.year}/{code[:-2]}{house}" if house and short.code in ("NQ", "PL", "L") else ""
    if short.year:
        return f"{head}-{code}" if (short.code, code) in _WITH_YEAR or short.code == "TT" else ""
    return f"{head.replace('-', '/', 1)}-CP" if (short.code, code) == ("NQ", "CP") else ""
