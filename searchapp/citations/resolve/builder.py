"""The documents of a corpus: known beforehand, articles that are documents, and what full citations say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.vocabulary import type_code
from searchapp.citations.resolve.identity import Identity, completed, identity_of, parts_of, with_type, without_type
from searchapp.citations.resolve.known import known_documents, slug_among
from searchapp.citations.resolve.mention import Said, Statement, said_by
from searchapp.citations.resolve.unnumbered import occasion

OCCASIONS: Final = frozenset({"plenum", "congress", "local-plenum", "named"})
"""Kinds of citations that have no number."""
LOCAL: Final = frozenset({"congress", "local-plenum"})


@dataclass(slots=True)
class _Draft:
    """All that is said of one identity; what a table knows is never outvoted."""

    first: Document
    known: bool = False
    symbols: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    issuers: Counter[str] = field(default_factory=Counter)
    titles: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)

    def document(self) -> Document:
        # Several articles that bear one number hold its parts (a code of law, article by article): none is the text.
        title = next(iter(self.titles)) if len(self.titles) == 1 else ""
        article = min(self.articles) if self.articles and (len(self.articles) == 1 or title) else ""
        if self.known:
            return replace(self.first, article=article)
        return replace(
            self.first,
            symbol=_most(self.symbols) or self.first.symbol,
            type=_most(self.types) or self.first.type,
            date=_most(self.dates) or self.first.date,
            issuer=_most(self.issuers) or self.first.issuer,
            title=title or self.first.title,
            article=article,
        )


class Drafts:
    """Collects what is said, in any order, and makes one document of each identity."""

    def __init__(self) -> None:
        # A number of the National Assembly stands without its type until all that is said of it is known.
        self._drafts = {without_type(one.slug): _Draft(one, known=True) for one in known_documents()}

    def add(self, identity: Identity, kind: str, date: str) -> str:
        """What a citation or a document says of itself; returns the slug under which it stands."""
        slug = without_type(slug_among(identity, date, self._drafts))
        draft = self._drafts.get(slug)
        if draft is None:
            draft = self._drafts[slug] = _Draft(identity.document())
        draft.symbols[identity.symbol] += 1
        for value, counts in ((kind, draft.types), (date, draft.dates), (identity.said, draft.issuers)):
            if value:
                counts[value] += 1
        return slug

    def add_occasion(self, document: Document) -> None:
        """A congress, a plenum, a law by its name."""
        self._drafts.setdefault(without_type(document.slug), _Draft(document))

    def add_text(self, slug: str, statement: Statement) -> None:
        """An article that is the document."""
        draft = self._drafts[slug]
        draft.articles.add(statement.key)
        draft.titles.add(statement.title)

    def documents(self) -> dict[str, Document]:
        """Every document by slug, in the order of slugs."""
        documents = (draft.document() for draft in self._drafts.values())
        named = [replace(one, slug=with_type(one)) for one in documents]
        return {one.slug: one for one in sorted(named, key=lambda one: one.slug)}


def _most(counts: Counter[str]) -> str:
    """The most frequent value, the first in order among equals."""
    return min(counts, key=lambda value: (-counts[value], value)) if counts else ""


def collect(statements: Iterable[Statement], speakers: Mapping[str, str]) -> Drafts:
    """Read all statements; each different thing counts once, so that their order does not matter."""
    said: set[Said] = set()
    local: set[tuple[Said, str]] = set()  # "Đại hội Đảng bộ TP lần thứ I": the day of the article tells the term
    texts: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        speaker = speakers.get(statement.source, "")
        if statement.number:
            texts[(statement.number, statement.type, statement.issuer, statement.date, speaker)].append(statement)
        for citation in statement.citations:
            said.add(facts := said_by(citation, speaker))
            if citation.kind in LOCAL and not occasion(facts.key, facts.place, facts.speaker):
                local.add((facts, statement.date))
    drafts = Drafts()
    # Where a type name is said it decides; a bare "37-QĐ/TW" then joins the Quy định or Quyết định of its day.
    for facts in sorted(said, key=lambda facts: (facts.type == "QĐ", facts.kind == "short", facts)):
        _add_citation(drafts, facts)
    for facts, day in sorted(local):
        if document := occasion(facts.key, facts.place, facts.speaker, day):
            drafts.add_occasion(document)
    for own, several in sorted(texts.items()):
        identity = own_identity(several[0], own[-1])
        if identity:
            slug = drafts.add(identity, type_code(several[0].type), several[0].date)
            for statement in several:
                drafts.add_text(slug, statement)
    return drafts


def _add_citation(drafts: Drafts, said: Said) -> None:
    if said.kind in OCCASIONS:
        document = occasion(said.key, said.place, said.speaker, said=said.about)
        if document:
            drafts.add_occasion(document)
    else:
        identity = stated_identity(said)
        if identity:
            drafts.add(identity, said.type, said.date)


@cache
def stated_identity(said: Said) -> Identity | None:
    """The identity that a citation states in full: number, seat, and term or date; None where something is open."""
    parts = parts_of(completed(said.key, said.issuer) if said.kind == "short" else said.key)
    if parts is None:
        return None
    return identity_of(parts, said.type, said.issuer, said.place, said.speaker, said.date, said.term)


def own_identity(statement: Statement, speaker: str) -> Identity | None:
    """The identity of an article that is a document."""
    parts = parts_of(statement.number) if statement.number else None
    if parts is None:
        return None
    return identity_of(parts, type_code(statement.type), statement.issuer, "", speaker, statement.date, "")
