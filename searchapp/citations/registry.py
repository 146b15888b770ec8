"""Which document is meant: identities known beforehand, of articles that are documents, and of full citations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from searchapp.article import Citation, Document
from searchapp.citations.catalogue import Identity, identity_of, known_documents, meeting_document
from searchapp.citations.naming import Names
from searchapp.citations.parts import completed, parts_of, short_parts
from searchapp.citations.seats import seat_of

MEETINGS: Final = ("plenum", "congress", "local-plenum")
_AMBIGUOUS: Final = {
    "QĐ": ("QĐ", "QĐi"),
    "ĐA": ("ĐA", "DA"),
}  # a code that two types share when no name stands before it


@dataclass(frozen=True, slots=True)
class Statement:
    """What one live article says of documents; number: its own, "" when it is none."""

    key: str
    date: str = ""
    source: str = ""
    type: str = ""
    number: str = ""
    issuer: str = ""
    title: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Meant:
    document: str
    how: str
    sure: float


_NOBODY: Final = _Meant("", "", 0.0)


class Registry:
    """The documents of a generation and what each citation means; made by `build`."""

    def __init__(self, speakers: Mapping[str, str]) -> None:
        self._speakers = speakers
        self.documents: dict[str, Document] = {}
        self._by_symbol: dict[tuple[str, str], list[Document]] = defaultdict(list)  # (symbol, seat) → documents
        self._by_number: dict[tuple[str, str], set[str]] = defaultdict(set)  # (number, type) → symbols
        self._names = Names(())
        self._by_date: dict[tuple[str, ...], str] = {}  # (symbol, seat, day) → slug
        self._meant = lru_cache(maxsize=1 << 17)(self._look_up)
        self._candidates = lru_cache(maxsize=1 << 16)(self._of_number)

    def by_symbol(self, symbol: str) -> list[Document]:
        """Every document that bears this number, key or other name, in any spelling, by slug."""
        return [self.documents[slug] for slug in self._names.find(symbol)]

    def own(self, statement: Statement) -> str:
        """Slug of the document that the article itself is; "" when it is none or its identity is not certain."""
        identity = self._own_identity(statement)
        return identity.slug if identity and identity.slug in self.documents else ""

    def resolve(self, statement: Statement) -> tuple[Citation, ...]:
        """The article's citations with document, how and sure filled in; what is not certain enough stays open."""
        if not statement.citations:
            return ()
        speaker = self._speakers.get(statement.source, "") or (statement.issuer if statement.number else "")
        own = self.own(statement) if statement.number else ""
        full: dict[str, _Meant] = {}
        found: list[_Meant] = []
        for citation in statement.citations:
            meant = self._first(citation, statement, own, speaker)
            if meant.document:
                full.setdefault(_series(citation.key), meant)
            found.append(meant)
        resolved = []
        for citation, meant in zip(statement.citations, found, strict=True):
            same = full.get(_series(citation.key), _NOBODY)
            # A fuller citation of the same number in this article says what a barer one means.
            if same.document and meant.sure < same.sure and _may_follow(citation):
                meant = _Meant(same.document, "fuller citation", min(0.95, same.sure))
            resolved.append(replace(citation, document=meant.document, how=meant.how, sure=meant.sure))
        return tuple(resolved)

    def _first(self, citation: Citation, statement: Statement, own: str, speaker: str) -> _Meant:
        if own and citation.key == statement.number and not citation.place:
            return _Meant(own, "own number", 1.0)
        return self._meant(
            citation.kind, citation.type, citation.key, citation.date, citation.issuer, citation.place, citation.term,
            speaker, statement.date,
        )  # fmt: skip

    def _look_up(
        self, kind: str, code: str, key: str, date: str, issuer: str, place: str, term: str, speaker: str, day: str
    ) -> _Meant:
        if kind in MEETINGS or kind == "named":
            document = meeting_document(key, date)
            slugs = self._names.find(key)
            if document and document.slug in self.documents:
                return _Meant(document.slug, "term" if kind != "named" else "date", 0.95)
            return _Meant(slugs[0], "known document", 0.9) if len(slugs) == 1 else _NOBODY
        symbols = [key]
        how = ""
        if key.endswith("/?"):
            symbol = completed(key, issuer)
            symbols = [symbol] if symbol else sorted(self._by_number.get((short_parts(key)[0], code), ()))
            how = "issuer" if symbol else ""
        candidates = [d for symbol in symbols for d in self._candidates(symbol, code, issuer, place, speaker)]
        return _choose(candidates, date, term, day, how)

    def _of_number(self, symbol: str, code: str, issuer: str, place: str, speaker: str) -> Sequence[Document]:
        parts = parts_of(symbol)
        seat = seat_of(parts.issuer, issuer, place, speaker) if parts else None
        types = _AMBIGUOUS.get(code, (code,))
        same = self._by_symbol.get((symbol, seat.slug), ()) if seat else ()
        return [document for document in same if document.type in types or not code]

    def _own_identity(self, statement: Statement) -> Identity | None:
        if not statement.number:
            return None
        speaker = self._speakers.get(statement.source, "")
        parts = parts_of(statement.number)
        return identity_of(parts, "", statement.issuer, "", speaker, statement.date, "") if parts else None

    def _add(self, document: Document) -> None:
        seat = document.slug.split("/")[0]
        slug = document.slug
        if len(document.date) == 10:  # one day, one number: a known document may stand under a doubtful term
            slug = self._by_date.setdefault((document.type, document.symbol, seat, document.date), slug)
        known = self.documents.get(slug)
        self.documents[slug] = _merged(known, document) if known else document

    def _finish(self) -> None:
        for slug in sorted(self.documents):
            document = self.documents[slug]
            self._by_symbol[(document.symbol, slug.split("/")[0])].append(document)
            parts = parts_of(document.symbol)
            if parts:
                self._by_number[(parts.number, document.type)].add(document.symbol)
        self._names = Names(self.documents[slug] for slug in sorted(self.documents))


def build(statements: Callable[[], Iterable[Statement]] | Sequence[Statement], issuers: Mapping[str, str]) -> Registry:
    """The registry of a generation: same statements in any order, same registry.

    issuers: source → who speaks there ("Thành ủy TPHCM").
    """
    every = statements if callable(statements) else lambda: statements
    registry = Registry(issuers)
    for document in known_documents():
        registry._add(document)
    met: dict[tuple[str, ...], Document] = {}
    for statement in every():
        for document in _said(statement, issuers, met):
            registry._add(document)
    registry._finish()
    return registry


def _said(statement: Statement, issuers: Mapping[str, str], met: dict[tuple[str, ...], Document]) -> Iterator[Document]:
    """The documents whose identity this article states in full."""
    speaker = issuers.get(statement.source, "")
    parts = parts_of(statement.number) if statement.number else None
    identity = identity_of(parts, "", statement.issuer, "", speaker, statement.date, "") if parts else None
    if identity:
        yield replace(identity.document(), date=statement.date, title=statement.title, article=statement.key)
    for c in statement.citations:
        facts = (c.kind, c.type, c.key, c.date, c.issuer, c.place, c.term, speaker)
        if facts in met:
            continue
        document = _document_of(c, speaker)
        if document:
            met[facts] = document
            yield document


def _document_of(citation: Citation, speaker: str) -> Document | None:
    if citation.kind in MEETINGS or citation.kind == "named":
        return meeting_document(citation.key, citation.date)
    key = completed(citation.key, citation.issuer) if citation.key.endswith("/?") else citation.key
    parts = parts_of(key) if key else None
    if not parts or (citation.key.endswith("/?") and not citation.date):
        return None
    identity = identity_of(parts, citation.type, citation.issuer, citation.place, speaker, citation.date, citation.term)
    return identity.document(citation.date) if identity else None


def _choose(candidates: Sequence[Document], date: str, term: str, day: str, how: str) -> _Meant:
    """Date, then term, then the last document not later than the article; several that are left mean nobody."""
    if date:
        same = [d for d in candidates if d.date and d.date.startswith(date)]
        if len(same) == 1:
            return _Meant(same[0].slug, how or "date", _sure(same[0], 1.0))
        candidates = [d for d in candidates if not d.date or d.date[:4] == date[:4] or not d.term] or candidates
        if not same:
            how = how or "date"
    if term:
        same = [d for d in candidates if d.term == term or d.term[:4] == term[:4] != ""]
        if len(same) == 1:
            return _Meant(same[0].slug, "term", _sure(same[0], 0.95))
        candidates = same or candidates
    if len(candidates) == 1:
        only = candidates[0]
        early = bool(day and only.date and only.date[: len(day)] > day)
        return _Meant(only.slug, how or "known document", _sure(only, 0.5 if early or date else 0.9))
    dated = [d for d in candidates if d.date and day and d.date <= day]
    if not dated:
        return _NOBODY
    last = max(dated, key=lambda d: (d.date, d.slug))
    return _Meant(last.slug, how or "known document", _sure(last, 0.7))


def _sure(document: Document, sure: float) -> float:
    return min(sure, 0.5) if document.doubtful else sure


def _merged(known: Document, other: Document) -> Document:
    """Two statements of one identity; what is known first stays, gaps are filled, whatever the order of reading."""
    date = known.date or other.date
    if known.date and other.date and not known.title and other.date < known.date:
        date = other.date
    return replace(
        known,
        date=date,
        issuer=known.issuer or other.issuer,
        title=known.title or other.title,
        article=min(filter(None, (known.article, other.article)), default=""),
    )


@lru_cache(maxsize=1 << 16)
def _series(key: str) -> str:
    """What a bare and a full citation of one number share: number and code; other keys only with themselves."""
    if key.endswith("/?"):
        return " ".join(short_parts(key))
    parts = parts_of(key)
    return f"{parts.number} {parts.code}" if parts else key


def _may_follow(citation: Citation) -> bool:
    return not citation.date and not citation.place
