"""What the meaning of a number depends on in time.

Terms of office come from our table and an archive's own; mergers make places number anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.find.bodies import COMMUNE, PROVINCE
from searchapp.citations.find.vocabulary import read_table
from searchapp.dates import years
from searchapp.text.normalize import slug

PARTY: Final = "Đảng Cộng sản Việt Nam"
_ANY_PROVINCE: Final = "Đảng bộ cấp tỉnh"
ASSEMBLY: Final = "Quốc hội"

TWO_LEVELS: Final = "2025-07-01"
"""Since this day there are no districts, and all communes are new."""
LAST_OF_DISTRICTS: Final = "2025-06-30"


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
    return at(_terms_of(body), date)


def at(terms: Sequence[Term], date: str) -> Term | None:
    """Return the one of a body's terms, in order, at a date; None when the date may fall in two."""
    first, last = _one_term(terms, _earliest(date)), _one_term(terms, _latest(date))
    return first if first is last else None


def _one_term(terms: Sequence[Term], day: str) -> Term | None:
    for term in reversed(terms):
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
    return called(_terms_of(body), name)


def called(terms: Iterable[Term], name: str) -> Term | None:
    """Return the one of these terms that a text calls so."""
    found = [term for term in terms if name and (name == term.ordinal or name[:5] == term.years[:5])]
    return found[0] if len(found) == 1 else None


def own_terms(rows: Iterable[Mapping[str, str]]) -> dict[str, Term]:
    """Return the terms of an archive's terms.tsv by their ids."""
    found = {}
    for row in rows:
        name = f"{slug(row['body'])}-{row['start'][:4]}"
        label = row["label"] or f"Nhiệm kỳ {row['term']} {row['body']}".replace("  ", " ")
        found[name] = Term(
            id=name, body=row["body"], kind="own", ordinal=row["term"], label=label, start=row["start"], end=row["end"]
        )
    return found


def term_label(term_id: str, own: Mapping[str, Term] | None = None) -> str:
    """Return the shown name of a term: "Đại hội XI Đảng bộ TPHCM (2020–2025)"; an unknown id unchanged.

    own: the archive's own terms.
    """
    term = TERMS.get(term_id) or (own or {}).get(term_id)
    if term is None:
        return term_id
    span = years(term.years)
    when = f"({span})" if term.end else f"(từ {term.start[:4]})"
    if term.kind != "congress":
        return f"{term.label} {when}"
    if not term.ordinal:
        return f"Nhiệm kỳ {span} (cấp tỉnh)"
    return f"Đại hội {term.ordinal} {'của Đảng' if term.body == PARTY else term.body} {when}"


def _earliest(date: str) -> str:
    return f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


def _latest(date: str) -> str:
    return f"{date}-12-31"[:10] if len(date) == 4 else f"{date}-31"[:10]


@dataclass(frozen=True, slots=True)
class Place:
    """A row of places.tsv, days in ISO; renumbered: the day since which the place, after a merger, numbers anew."""

    start: str = ""
    end: str = ""
    into: str = ""
    renumbered: str = ""


@cache
def _places() -> dict[str, Place]:
    return {
        row["place"]: Place(row["from"], row["to"], row["into"], row["renumbered"]) for row in read_table("places.tsv")
    }


@cache
def place_named(province: str) -> Place:
    """Return the history of a province or city; an empty one where no table knows the place."""
    return _places().get(province, Place())


@cache
def heir(province: str) -> str:
    """Return the present name of a renamed province: "Thừa Thiên Huế" → "Huế"; other names unchanged."""
    place = place_named(province)
    return place.into if place.end and place_named(place.into).start > place.end else province


def began_anew(level: int, province: str) -> str:
    """Return the day since which a body of this level and province numbers anew, "" for none."""
    if level == COMMUNE:
        return TWO_LEVELS
    return place_named(province).renumbered if level == PROVINCE else ""


def is_since(date: str, day: str) -> bool | None:
    """Tell whether an ISO date falls on or after a day. None where the date is too short to tell.

    >>> is_since("2025-08", "2025-07-01"), is_since("2024", "2025-07-01"), is_since("2025", "2025-07-01")
    (True, False, None)
    """
    first, last = f"{date}-01-01"[:10], date + "-12-31"[len(date) - 4 :] if len(date) < len(day) else date
    return True if first >= day else None if last >= day else False
