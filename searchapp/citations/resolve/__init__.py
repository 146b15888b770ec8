"""Citation → Document: the registry of a generation, which holds its documents and the meaning of every citation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from searchapp.article import Citation, Document, Facts
from searchapp.citations.find.bodies import body_of
from searchapp.citations.find.vocabulary import issuer_code, loose
from searchapp.citations.resolve.builder import collect, own_identity
from searchapp.citations.resolve.identity import are_of_two_series, contradicts, parts_of, short_parts
from searchapp.citations.resolve.issuers import Bodies, seat_of
from searchapp.citations.resolve.known import slug_among
from searchapp.citations.resolve.mention import Meaning, Mention, OwnStatement, Statement, own_statement, with_meaning
from searchapp.citations.resolve.rules import Resolver
from searchapp.places import Places, shipped

_KEPT: Final = 1 << 17
"""The number of different facts whose meaning is remembered: 30 MB at most."""
_DOUBTED: Final = 0.9  # a document's own number whose year contradicts its day
_OPEN: Final = Meaning("", "open", 0.0)
"""The mark of a citation whose meaning depends on the day of its article."""
_SETTLED: Final = 0.9
"""From this certainty on a citation needs no fuller one of its article."""


class Registry:
    """The documents of a generation and the meaning of each citation; `build` makes it.

    It depends on `documents` and `speakers` alone, so equal documents give equal answers.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        speakers: Mapping[str, str],
        places: Places | None = None,
        own: Bodies | None = None,
    ) -> None:
        self._bodies = own
        self.documents = documents
        self.places = places or shipped()
        self._speakers = speakers
        self._resolver = Resolver(documents, own)
        self._meanings: dict[tuple[str, ...], Meaning] = {}

    def own(self, facts: Facts) -> str:
        """Return the slug of the document that the article itself is; "" for none or an uncertain identity."""
        if not facts.number:
            return ""
        identity = own_identity(own_statement(facts), self._speakers.get(facts.source, ""), self._bodies)
        slug = self._resolver.kept(slug_among(identity, facts.date, self.documents)) if identity else ""
        return slug if slug in self.documents else ""

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        """Return the article's citations with document, how and sure filled in; uncertain citations stay open."""
        citations = facts.citations
        if not citations:
            return ()
        speaker = self._speakers.get(facts.source, "") or (facts.issuer if facts.number else "")
        day = facts.date
        meanings = [
            self._meaning((c.kind, c.type, c.key, c.date, c.issuer, c.place, c.term, c.about, speaker), day)
            for c in citations
        ]
        if facts.number:
            self._mark_own(facts, meanings)
        if len(citations) > 1 and any(meaning.sure < _SETTLED for meaning in meanings):
            follow(citations, meanings, self.documents, speaker, self._bodies)
        found = tuple(map(with_meaning, citations, meanings))
        return tuple(map(_as_recognised, found)) if facts.recognised else found

    def _meaning(self, mention: tuple[str, ...], day: str) -> Meaning:
        meaning = self._meanings.get(mention)
        if meaning is None:
            meaning = self._keep(mention, self._resolver.stated(Mention(*mention)) or _OPEN)
        if meaning is not _OPEN:
            return meaning
        of_day = (*mention, day)
        return self._meanings.get(of_day) or self._keep(of_day, self._resolver.likely(Mention(*mention), day))

    def _keep(self, facts: tuple[str, ...], meaning: Meaning) -> Meaning:
        if len(self._meanings) >= _KEPT:
            self._meanings.clear()
        self._meanings[facts] = meaning
        return meaning

    def _mark_own(self, facts: Facts, meanings: list[Meaning]) -> None:
        own, number = self.own(facts), loose(facts.number)
        parts = parts_of(facts.number)
        sure = _DOUBTED if parts and contradicts(parts, facts.date) else 1.0
        for at, citation in enumerate(facts.citations):
            same = own and loose(citation.key) == number and citation.date in ("", facts.date)
            if same and not citation.place:
                meanings[at] = Meaning(own, "own number", sure)


def build(
    statements: Iterable[Statement | OwnStatement],
    issuers: Mapping[str, str],
    places: Places | None = None,
    known: Sequence[Document] | None = None,
    own: Bodies | None = None,
) -> Registry:
    """Build the registry of a generation: same statements in any order, same registry.

    issuers: source → its speaker ("Thành ủy TPHCM"). places, known: the tables of places and of documents that are
    known beforehand. Ours where they are not given. own: the archive's own bodies.
    """
    return Registry(collect(statements, issuers, known, own).documents(), issuers, places, own)


_OCR: Final = "OCR"
_MISREAD: Final = 0.6
"""The highest certainty of a number that OCR may have misread."""


def _as_recognised(citation: Citation) -> Citation:
    if not citation.doubtful or citation.sure <= _MISREAD:
        return citation
    return replace(citation, how=_OCR, sure=_MISREAD)


_HOW: Final = "fuller citation"
_SURE: Final = 0.9  # a second document of the same number in one article is rare


def follow(
    citations: Sequence[Citation],
    meanings: list[Meaning],
    documents: Mapping[str, Document],
    speaker: str,
    own: Bodies | None = None,
) -> None:
    """Replace, in place, the meaning of each bare citation by that of a fuller one; `meanings` as read one by one."""
    first = list(meanings)
    fuller, surest = _fuller(citations, first), dict[str, float]()
    for meaning in first:
        surest[meaning.document] = max(meaning.sure, surest.get(meaning.document, 0.0))
    dated = {(meaning.document, one.date) for one, meaning in zip(citations, first, strict=True) if one.issuer}
    for at, citation in enumerate(citations):
        if first[at].sure >= _SURE or (citation.date and citation.issuer):
            continue
        places = [
            (_nearness(at, said), slug)
            for (slug, sure), said in fuller.get(_series(citation.key), {}).items()
            if sure > first[at].sure
            and (not citation.date or (slug, citation.date) in dated)
            and _agrees(citation, documents[slug], speaker, own)
        ]
        if places:
            slug = min(places)[1]
            meanings[at] = Meaning(slug, _HOW, min(_SURE, surest[slug]))


_Places = dict[tuple[str, float], list[int]]
"""Document and how sure it is → where it is meant so, in order."""


def _fuller(citations: Sequence[Citation], meanings: Sequence[Meaning]) -> dict[str, _Places]:
    """Map what a bare key says ("05-NQ/TU" of "05-NQ/TU ngày …") to the citations that say more."""
    found: dict[str, _Places] = {}
    for at, (citation, meaning) in enumerate(zip(citations, meanings, strict=True)):
        if meaning.document and not short_parts(citation.key):
            for series in {_series(citation.key), _bare_series(citation.key)}:
                found.setdefault(series, {}).setdefault((meaning.document, meaning.sure), []).append(at)
    return found


def _nearness(at: int, places: Sequence[int]) -> tuple[bool, int]:
    """Rank the nearest of these places: those before `at`, the latest first; then those after it."""
    after = bisect_left(places, at)
    return (False, at - places[after - 1]) if after else (True, places[after] - at)


def _agrees(bare: Citation, document: Document, speaker: str, own: Bodies | None) -> bool:
    if are_of_two_series(bare.type, document.type) and parts_of(bare.key):
        return False
    if bare.term and bare.term != document.term and bare.term[:4] != document.term[:4]:
        return False
    if not bare.issuer:
        return not bare.place or bare.place == document.place
    parts = parts_of(bare.key)
    code = parts.issuer if parts else (own.code(bare.issuer) if own else "") or issuer_code(bare.issuer)
    seat = seat_of(code, bare.issuer, bare.place, speaker, own) if code else None
    if seat is None:
        return not bare.place or bare.place == document.place
    return document.slug.startswith(f"{seat.slug}/")


@cache
def _series(key: str) -> str:
    """Return the common part of a bare key and a fuller one: number and code; the meeting without its term."""
    short = short_parts(key)
    if short:
        return f"{short.number} {short.code} {short.year}"
    return loose(key) if parts_of(key) else key.partition("@")[0].removesuffix("/?")


@cache
def _bare_series(key: str) -> str:
    parts = parts_of(key)
    if parts:
        return f"{parts.number} {parts.code} {parts.year}"
    return key.rpartition("/")[0] if "-HNTW/" in key else key.partition("@")[0]


def provinces(facts: Facts, documents: Iterable[Document], places: Places) -> tuple[str, ...]:
    """Return the provinces and cities of an article's issuer and of its documents, as the table of
    places names them.
    """
    documents = list(documents)
    issuers = [facts.issuer, *(document.issuer for document in documents if not document.place)]
    named = [body.province for name in issuers if name and (body := body_of(name))]
    named += [document.place.rpartition(", ")[2] for document in documents]
    return tuple(dict.fromkeys(place.name for name in named if (place := places.find(name))))
