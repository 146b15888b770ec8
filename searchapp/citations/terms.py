"""Terms of office (nhiệm kỳ): in which term of which body a date falls, and how a term is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from searchapp.citations.forms import read_table

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
