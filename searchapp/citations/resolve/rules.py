"""Decide the meaning of one citation by its own facts: issuer, then term, then date, then known documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.meetings import about, last_year, shares
from searchapp.citations.find.vocabulary import TYPE_NAMES, issuer_code
from searchapp.citations.resolve.builder import OCCASIONS, contradicts_itself, stated_identity
from searchapp.citations.resolve.identity import (
    Parts,
    are_of_two_series,
    is_house,
    of_a_series,
    parts_of,
    short_parts,
    slug_of_alias,
)
from searchapp.citations.resolve.issuers import Bodies, Seat, official, place_in, seat_of
from searchapp.citations.resolve.known import adopted_by, law_slug, occasion, plenum_of, slug_among, usual_of_plenum
from searchapp.citations.resolve.mention import CONTRADICTION, NOBODY, Meaning, Mention
from searchapp.citations.resolve.terms_of_office import TERMS

# The certainty of each rule. A date and a number fix one document; an issuer may have had the number in another term
# too.
_SURE: Final = {"date": 0.97, "term": 0.95, "issuer": 0.85, "known document": 0.6}
_BY_ITS_NUMBER: Final = 1.0  # number, year and issuer in one: 30/2020/NĐ-CP
_OTHER_DAY: Final = 0.8  # the term is right, but others give another day
_TOLD: Final = 0.8  # the subject tells which
_USUAL: Final = 0.8  # a plenum adopted several resolutions, and one is usually meant
_DOUBTFUL: Final = 0.5
_ALWAYS_WITH_A_YEAR: Final = ("NĐ", "TT", "TTLT", "")
_CALLED_BY_NUMBER: Final = 5  # years
_TWINS: Final = {"QĐ": ("QĐ", "QĐi"), "QĐi": ("QĐi", "QĐ"), "ĐA": ("ĐA", "DA")}


class Resolver:
    """A reader of citations against the documents of a generation."""

    def __init__(self, documents: Mapping[str, Document], own: Bodies | None = None) -> None:
        self._bodies = own
        self._documents = documents
        self._called = {
            slug: one.slug
            for one in documents.values()
            for name in one.aliases
            if (slug := law_slug(name) or slug_of_alias(one, name)) and slug not in documents
        }
        self._numbered: dict[tuple[str, str], list[Document]] = defaultdict(list)  # (number, code) → documents
        # "NQ-HNTW/4" → the documents that it usually means
        self._plenums: dict[str, list[Document]] = defaultdict(list)
        # "NQ-HNTW/4" → all documents that fourth plenums adopted
        self._adopted: dict[str, list[Document]] = defaultdict(list)
        for document in documents.values():
            parts = parts_of(document.symbol)
            if parts:
                self._numbered[(parts.number, parts.code)].append(document)
            plenum = plenum_of(document.slug)
            if plenum:
                self._adopted[plenum.rpartition("/")[0]].append(document)
            usual = usual_of_plenum(plenum)
            key = plenum if usual and usual.slug == document.slug else document.symbol
            if "-HNTW/" in key:
                self._plenums[key.rpartition("/")[0]].append(document)

    def kept(self, slug: str) -> str:
        """Return the slug of a document that a further number of its own, or a name of a law, leads to."""
        return self._called.get(slug, slug)

    def stated(self, mention: Mention) -> Meaning | None:
        """Return the meaning of a full citation, for articles of any day; None where facts are missing."""
        if mention.kind in OCCASIONS:
            return self._occasion(mention)
        if contradicts_itself(mention, self._bodies):
            return CONTRADICTION
        identity = stated_identity(mention, self._bodies)
        if identity and is_house(identity.symbol) and not of_a_series(identity.type):
            same = [slug for slug in identity.slugs if slug in self._documents]
            if len(same) > 1:
                return self._of_the_assembly(mention, same)
        slug = self.kept(slug_among(identity, mention.date, self._documents)) if identity else ""
        if slug not in self._documents:
            return None
        # "Nghị quyết 100/2015/QH13" is not the law of this number.
        other = is_house(mention.key) and are_of_two_series(mention.type, self._documents[slug].type)
        return NOBODY if other else self._dated(mention, slug)

    def _of_the_assembly(self, mention: Mention, slugs: Sequence[str]) -> Meaning:
        """Return the meaning of a number that a law and a resolution bear both, in a text that names no type."""
        dated = [slug for slug in slugs if mention.date and self._documents[slug].date == mention.date]
        return self._dated(mention, dated[0]) if len(dated) == 1 else NOBODY

    def likely(self, mention: Mention, day: str) -> Meaning:
        """Return the likely meaning of a citation with missing facts in an article of this day; NOBODY without one."""
        if mention.kind in OCCASIONS:
            return self._occasion_of(mention, day)
        short = short_parts(mention.key)
        return self._short(mention, short, day) if short else self._number(mention, day)

    def _meaning(self, slug: str, how: str, sure: float) -> Meaning:
        document = self._documents.get(slug)
        if document is None:
            return NOBODY
        return Meaning(slug, how, min(sure, _DOUBTFUL) if document.doubtful else sure)

    def _occasion(self, mention: Mention) -> Meaning | None:
        document = occasion(mention.key, mention.place, mention.speaker, said=mention.about)
        if document is None:
            return None
        if mention.kind == "named":
            return self._meaning(self.kept(document.slug), "date", _SURE["term"])
        local = mention.kind == "local-plenum" or (mention.kind == "congress" and "-ĐH/TW/" not in mention.key)
        if local and not (mention.place or place_in(mention.speaker)):
            return self._meaning(document.slug, "known document", _DOUBTFUL)  # only a table knows the city of this "TP"
        usual = mention.kind == "plenum" and document.symbol != mention.key and not self._is_told_apart(mention)
        return self._meaning(document.slug, "term", _USUAL if usual else _SURE["term"])

    def _is_told_apart(self, mention: Mention) -> bool:
        """Tell whether a plenum adopted this resolution alone, or the text tells it apart: "… khóa XII về công tác dân
        số".
        """
        adopted = adopted_by(mention.key)
        return len(adopted) == 1 or about(adopted, mention.about) is not None

    def _occasion_of(self, mention: Mention, day: str) -> Meaning:
        if mention.key.endswith("/?"):
            return self._told_plenum(mention, day) or self._last_plenum(mention.key.rpartition("/")[0], day)
        document = occasion(mention.key, mention.place, mention.speaker, day) if day else None
        return self._meaning(document.slug, "date", _OTHER_DAY) if document else NOBODY

    def _told_plenum(self, mention: Mention, day: str) -> Meaning | None:
        """Return the meaning by the subject: "Nghị quyết Trung ương 4 về xây dựng, chỉnh đốn Đảng" tells its term."""
        head = mention.key.rpartition("/")[0]
        past = [one for one in self._adopted.get(head, ()) if _plenum_day(one, head)[: len(day)] <= day or not day]
        meant = about(past, mention.about) if mention.about else None
        return self._meaning(meant.slug, "known document", _TOLD) if meant else None

    def _last_plenum(self, head: str, day: str) -> Meaning:
        dated = [(_plenum_day(document, head), document.slug) for document in self._plenums.get(head, ())]
        past = [row for row in dated if row[0] and row[0][: len(day)] <= day] if day else []
        return self._meaning(max(past)[1], "known document", _SURE["known document"]) if past else NOBODY

    def _number(self, mention: Mention, day: str) -> Meaning:
        parts = parts_of(mention.key)
        if parts is None:
            return NOBODY
        seat = seat_of(parts.issuer, mention.issuer, mention.place, mention.speaker, self._bodies)
        if seat is None:
            return NOBODY
        same = [
            d
            for d in self._with_number(parts, mention.type)
            if _in_seat(d, seat) and _issuer_in(d) == parts.issuer and _is_of_series(d, parts)
        ]
        return self._choose(same, mention, day, "issuer" if mention.issuer else "")

    def _dated(self, mention: Mention, slug: str) -> Meaning:
        parts = parts_of(mention.key) or short_parts(mention.key)
        if (parts and parts.year) or is_house(mention.key):
            known = self._documents[slug].date
            other = mention.date and known and not (known.startswith(mention.date) or mention.date.startswith(known))
            return self._meaning(slug, "issuer", _OTHER_DAY if other else _BY_ITS_NUMBER)
        if not mention.date:
            return self._meaning(slug, "term", _SURE["term"])
        agrees = self._documents[slug].date.startswith(mention.date)
        return self._meaning(slug, "date", _SURE["date"] if agrees else _OTHER_DAY)

    def _short(self, mention: Mention, parts: Parts, day: str) -> Meaning:
        # Within a term, an issuer of the Party has one document of a number. The State's numbers begin anew every year.
        code = self._code(mention.issuer) or ("CP" if mention.type == "NĐ" else "")
        candidates = self._with_number(parts, mention.type)
        if mention.place and not mention.issuer:  # "Chỉ thị 05 của Đà Nẵng" is not the Party's
            candidates = [d for d in candidates if d.place == mention.place]
            return self._choose(candidates, mention, day, "issuer" if len(candidates) == 1 else "")
        if mention.issuer or code:
            seat = seat_of(code, mention.issuer, mention.place, mention.speaker, self._bodies) if code else None
            if seat is None:
                return NOBODY  # "Thành ủy" of an unknown place
            candidates = _of_body([d for d in candidates if _in_seat(d, seat)], mention.issuer)
            return self._choose(candidates, mention, day, "issuer" if mention.issuer and seat.body else "")
        # The text names no issuer: it means a document that everybody calls so ("Chỉ thị 16"), or the only one of that
        # day.
        called = [d for d in candidates if _is_called(d, parts, mention.type)]
        return self._choose(called or (candidates if mention.date else []), mention, day, "")

    def _code(self, issuer: str) -> str:
        return (self._bodies.code(issuer) if self._bodies else "") or issuer_code(issuer)

    def _with_number(self, parts: Parts, kind: str) -> list[Document]:
        found = list(self._numbered.get((parts.number, parts.code), ())) if parts.code else []
        # A number of the National Assembly has no code: only a short form, or its own number, may mean it.
        if not parts.code or not parts.issuer:
            found += [d for d in self._numbered.get((parts.number, ""), ()) if d.type == kind or not parts.code]
        found = [d for d in found if not parts.year or f"/{parts.year}/" in d.symbol]
        for one in _TWINS.get(kind, ()):
            exact = [d for d in found if d.type == one]
            if exact:
                return exact
        return found

    def _choose(self, candidates: Sequence[Document], mention: Mention, day: str, how: str) -> Meaning:
        """Narrow the candidates by term, date and the article's day. Of several in one seat take the last before that
        day.
        """
        day = min(filter(None, (day, last_year(mention.about))), default="")
        left = [d for d in candidates if not (day and d.date and d.date[: len(day)] > day[: len(d.date)])]
        for rule, value, fits in (("term", mention.term, _fits_term), ("date", mention.date, _fits_date)):
            if value:
                fitting = [d for d in left if fits(d, value)]
                how = rule if len(fitting) < len(left) or not how else how
                left = fitting
        if len(left) > 1 or not how:
            told = [d for d in left if _is_about(d, mention)]
            if len(told) == 1:
                return self._meaning(told[0].slug, how or "known document", _TOLD)
            left = [d for d in left if not _is_about_another_thing(d, mention)]
        if not how and not day and short_parts(mention.key):
            # The text tells neither issuer nor time: only a document known by this number alone is left.
            left = [d for d in left if _is_called(d, short_parts(mention.key), mention.type)]
        elif not how and short_parts(mention.key):
            left = [d for d in left if _is_recent(d, day) or _is_called(d, short_parts(mention.key), mention.type)]
        if len(left) == 1:
            return self._meaning(left[0].slug, how or "known document", _SURE[how or "known document"])
        parts = short_parts(mention.key) or parts_of(mention.key)
        left = [d for d in left if day or _is_called(d, parts, mention.type)]
        if len(left) == 1:
            return self._meaning(left[0].slug, "known document", _SURE["known document"])
        dated = sorted((d.date, d.slug) for d in left if d.date)
        if not dated or not day or len({d.slug.partition("/")[0] for d in left}) > 1:
            return NOBODY
        return self._meaning(dated[-1][1], "known document", _SURE["known document"])


def _is_recent(document: Document, day: str) -> bool:
    """Tell whether a document was issued in the years in which people still call it by its number alone."""
    return bool(document.date) and int(day[:4]) - int(document.date[:4]) <= _CALLED_BY_NUMBER


def _is_about(document: Document, mention: Mention) -> bool:
    return bool(mention.about) and shares(document.title, mention.about) > 0


def _is_about_another_thing(document: Document, mention: Mention) -> bool:
    """Tell whether the text states another subject than the document's known title."""
    said = mention.about and not (last_year(mention.about) and mention.about.count(" ") <= 2)
    return bool(said and document.title) and shares(document.title, mention.about) == 0


def _is_called(document: Document, parts: Parts | None, kind: str) -> bool:
    """Tell whether the table of known documents says that people call this one by type and number alone."""
    return parts is not None and f"{TYPE_NAMES.get(kind, '')} {parts.number.zfill(2)}" in document.aliases


def _in_seat(document: Document, seat: Seat) -> bool:
    return document.slug.startswith(f"{seat.slug}/")


def _issuer_in(document: Document) -> str:
    parts = parts_of(document.symbol)
    return parts.issuer if parts else ""


def _is_of_series(document: Document, parts: Parts) -> bool:
    """Tell whether a number fits a document's series: "58/QĐ-TTg" is not of the series of 58/2016/QĐ-TTg.

    A decree or circular has a year in its number even where a text leaves it out.
    """
    own = parts_of(document.symbol)
    return bool(parts.year or parts.code in _ALWAYS_WITH_A_YEAR or (own and not own.year) or not own)


def _of_body(candidates: list[Document], issuer: str) -> list[Document]:
    # The Central Committee, the Politburo and the Secretariat share one series of numbers; the issuer in the text may
    # decide.
    body = official(issuer)
    return [d for d in candidates if d.issuer == body] or candidates if body else candidates


def _fits_term(document: Document, term: str) -> bool:
    return document.term == term or (term[:4].isdigit() and document.term[:4] == term[:4])


def _fits_date(document: Document, date: str) -> bool:
    return document.date.startswith(date) if document.date else True


@cache
def _plenum_days() -> dict[str, str]:
    return {term.ordinal: term.start for term in TERMS.values() if term.kind == "plenum"}


def _plenum_day(document: Document, head: str) -> str:
    """Return the day of a plenum: "NQ-HNTW/4" of a document of term XII is plenum 4/XII."""
    number = head.rpartition("/")[2].partition("(")[0]
    return _plenum_days().get(f"{number}/{document.term}", "") or document.date
