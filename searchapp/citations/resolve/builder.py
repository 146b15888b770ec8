"""Build the documents of a corpus: those known beforehand, articles that are documents, and those of full citations."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from searchapp.article import CONTINUED, Document
from searchapp.citations.find.vocabulary import TYPE_NAMES, loose, type_code
from searchapp.citations.resolve.identity import (
    ENOUGH,
    LAWS,
    Identity,
    Series,
    abbreviates,
    are_of_two_series,
    completed,
    contradicts,
    identity_of,
    is_house,
    is_short_of_a_year,
    parts_of,
    prevailing,
    same_number,
    with_type,
    without_type,
)
from searchapp.citations.resolve.issuers import Bodies, seat_of
from searchapp.citations.resolve.known import known_documents, law_slug, numbered_laws, occasion, slug_among, spelt
from searchapp.citations.resolve.mention import LOCAL, Mention, OwnStatement, Statement
from searchapp.text.normalize import fold

OCCASIONS: Final = frozenset({"plenum", "congress", "local-plenum", "named"})
"""Kinds of citations that have no number."""


@dataclass(slots=True)
class _Draft:
    """All statements about one identity; nothing outvotes the facts of a table."""

    first: Document
    known: bool = False
    symbols: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    dates: Counter[tuple[str, str]] = field(default_factory=Counter)  # each with the type that the text names
    issuers: Counter[str] = field(default_factory=Counter)
    titles: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    called: Counter[str] = field(default_factory=Counter)  # by articles that are parts of it
    alike: set[tuple[str, str]] = field(default_factory=set)  # key, title: of articles that bear its name
    later: set[tuple[int, str, str]] = field(default_factory=set)  # issue before, key, title: parts in the gazette
    told: set[tuple[str, str]] = field(default_factory=set)  # type and title by texts that cite it
    own_types: Counter[str] = field(default_factory=Counter)  # what its own text or its parts say
    in_parts: bool = False  # the archive holds it provision by provision, or a single one

    def document(self) -> Document:
        # "Điều 3. Danh mục thuốc không kê đơn" bears the name of its document. Beside other parts it is a part too.
        for key, title in self.alike:
            if self.called:
                self.called[title] += 1
            else:
                self.articles.add(key)
                self.titles.add(title)
        # Several articles with one number hold parts of a code of law, article by article: none of them is the text.
        if self.in_parts:
            self.articles, self.titles = set(), set()
        elif self.later and not self.articles:
            _, key, title = min(self.later)
            self.articles, self.titles = {key}, {title}
        title = next(iter(self.titles)) if len(self.titles) == 1 else ""
        article = min(self.articles) if self.articles and (len(self.articles) == 1 or title) else ""
        title = _begun_large(title or self._named() or _agreed({said for kind, said in self.told if self._is_of(kind)}))
        if self.known:
            return replace(self.first, article=article, title=self.first.title or title)
        return replace(
            self.first,
            symbol=prevailing(self.symbols) or self.first.symbol,
            type=self._type(),
            date=prevailing(self._days()) or self.first.date,
            issuer=prevailing(self.issuers) or self.first.issuer,
            title=title or self.first.title,
            article=article,
        )

    def _days(self) -> Counter[str]:
        days: Counter[str] = Counter()
        for (kind, day), count in self.dates.items():
            days[day] += count if self._is_of(kind) else 0
        return +days

    def _type(self) -> str:
        return prevailing(self.own_types) or prevailing(self.types) or self.first.type

    def _is_of(self, kind: str) -> bool:
        """Tell whether a statement with this type may speak of this document: a law is no resolution of its number."""
        return not are_of_two_series(kind, self._type())

    def _named(self) -> str:
        """What parts of the document call it, with the type that a law's name begins with."""
        name = prevailing(self.called)
        kind = TYPE_NAMES.get(self._type(), "")
        lacking = name and kind and self.first.type in LAWS and not fold(name).startswith(fold(kind))
        return f"{kind} {name}" if lacking else name


# Titles that only a provision has: "Điều 5. …", "Chương II"; headings that are in most documents.
_PROVISION: Final = re.compile(r"(?:dieu|khoan|chuong|muc|tieu muc|phan) (?:\d|[ivxl]+\b|thu (?:nhat|hai)\b)")
_ONE: Final = (
    r"(?:pham vi(?: dieu chinh)?|(?:pham vi,? )?doi tuong(?: ap dung)?|giai thich tu ngu|hieu luc(?: thi hanh)?"
    r"|trach nhiem(?: to chuc)?(?: thi hanh| thuc hien)|to chuc (?:thi hanh|thuc hien)|quy dinh (?:chung|chuyen tiep)"
    r"|dieu khoan (?:thi hanh|chuyen tiep)|nguyen tac (?:chung|ap dung))"
)
_STANDING: Final = re.compile(rf"{_ONE}(?:(?:,| va|;) {_ONE})*\.?")


class Drafts:
    """A collection that takes statements in any order, and makes one document of each identity."""

    def __init__(self, known: Sequence[Document] | None = None, series: Series | None = None) -> None:
        # A number of the National Assembly stands without its type until all statements about it are known.
        self._series = series or Series(())
        self._laws = {self._slug(law): law for law in numbered_laws()}
        known = known_documents() if known is None else known
        self._drafts = {self._slug(one): _Draft(one, known=True) for one in known}

    def add(self, identity: Identity, kind: str, date: str) -> str:
        """Add the facts that a citation or a document states of itself; return the slug of its draft.

        Return "" where the number stands for a law and a resolution, and neither type nor day tells which.
        """
        slug = self._series.slug(without_type(slug_among(identity, date, self._drafts)), kind, date)
        if not slug:
            return ""
        draft = self._drafts.get(slug) or self._begun(slug, identity.document())
        draft.symbols[identity.symbol] += 1
        for value, counts in ((kind, draft.types), (identity.said, draft.issuers)):
            if value:
                counts[value] += 1
        if date:
            draft.dates[kind, date] += 1
        return slug

    def add_occasion(self, document: Document) -> None:
        """Add a congress, a plenum or a law by its name."""
        if (slug := self._slug(document)) not in self._drafts:
            self._begun(slug, document)

    def _begun(self, slug: str, document: Document) -> _Draft:
        law = self._laws.get(slug)
        self._drafts[slug] = draft = _Draft(law or document, known=law is not None)
        return draft

    def _slug(self, document: Document) -> str:
        return self._series.slug(without_type(document.slug), document.type, document.date) or document.slug

    def add_title(self, slug: str, kind: str, title: str) -> None:
        """Add what a citation calls the document."""
        self._drafts[slug].told.add((kind, title))

    def add_text(self, slug: str, own: OwnStatement) -> None:
        """Add an article that is the document."""
        draft = self._drafts[slug]
        if kind := type_code(own.type):
            draft.own_types[kind] += 1
        if own.part_of and own.part_of == own.title:
            draft.alike.add((own.key, own.title))
        elif own.part_of:
            draft.called[own.part_of] += 1
        elif _PROVISION.match(heading := fold(own.title)) or _STANDING.fullmatch(heading):
            draft.in_parts = True
        elif continued := CONTINUED.search(own.title):
            issue = int(continued["issues"].partition(" ")[0])
            draft.later.add((issue, own.key, own.title[: continued.start()]))
        else:
            draft.articles.add(own.key)
            draft.titles.add(own.title)

    def documents(self) -> dict[str, Document]:
        """Return every document by slug, in the order of slugs."""
        documents = (draft.document() for draft in self._drafts.values())
        named = [replace(one, slug=with_type(one)) for one in documents]
        return _joined({one.slug: one for one in sorted(named, key=lambda one: one.slug)})


def _joined(documents: dict[str, Document]) -> dict[str, Document]:
    """Return the documents. A law that texts call by name and year is the one numbered law of this name and year; a
    name with abbreviations ("Luật BHXH 2014") is the full name. A number in two spellings is one.
    """
    _join_numbers(documents)
    numbered: dict[str, list[str]] = defaultdict(list)
    for document in documents.values():
        parts = parts_of(document.symbol)
        year = (parts.year if parts else "") or document.date[:4]
        if parts and document.type in LAWS and document.title and year:
            numbered[loose(f"{document.title} {year}")].append(document.slug)
    for called in [one for one in documents.values() if one.slug == law_slug(one.symbol)]:
        if (name := spelt(called.symbol)) != called.symbol:
            slug = law_slug(name)
            full = documents.get(slug) or replace(called, slug=slug, symbol=name, title=name)
            _join(documents, called, full)
    for called in [one for one in documents.values() if one.slug == law_slug(one.symbol)]:
        if len(same := numbered.get(loose(called.symbol), [])) == 1:
            _join(documents, called, documents[same[0]])
    return dict(sorted(documents.items()))


def _join_numbers(documents: dict[str, Document]) -> None:
    """Join the documents whose numbers differ in spelling alone: "71/NĐ-CP" of 2010 is 71/2010/NĐ-CP, "20/2017/CT-TTg"
    is 20/CT-TTg of 2017, and the ministries of a joint circular may stand in any order.
    """
    groups: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for document in documents.values():
        if (parts := parts_of(document.symbol)) and (key := same_number(parts, document.date)):
            groups[(document.slug.partition("/")[0], document.type, *key)].append(document)
    for group in groups.values():
        kept = min(group, key=lambda one: (not one.article, is_short_of_a_year(one.symbol), one.slug))
        for other in group:
            if other is not kept and not other.article and _may_be_one(other, documents[kept.slug]):
                _join(documents, other, documents[kept.slug])


def _may_be_one(one: Document, other: Document) -> bool:
    """Tell whether the days of two documents agree. In a series without years only the very day tells."""
    if one.date and other.date:
        return one.date.startswith(other.date) or other.date.startswith(one.date)
    return one.type != "QĐ"


def _join(documents: dict[str, Document], called: Document, law: Document) -> None:
    """Make a document that a name means a further name of a law."""
    aliases = dict.fromkeys((*law.aliases, *called.aliases, called.symbol))
    del documents[called.slug]
    documents[law.slug] = replace(
        law, aliases=tuple(aliases), date=law.date or called.date, title=law.title or called.title
    )


def _begun_large(title: str) -> str:
    """Return a title as it stands by itself: it was the end of a sentence in its heading."""
    title = title.removesuffix(".").rstrip()
    return title[:1].upper() + title[1:]


def _agreed(titles: Collection[str]) -> str:
    """Return the title on which most citations agree; one that goes on agrees with a shorter one. "" for none."""
    folded = {title: fold(title) for title in titles}
    ordered = sorted(folded.values())  # those that begin alike stand side by side

    def support(title: str) -> int:
        own = folded[title]
        return bisect_right(ordered, f"{own}\uffff") - bisect_left(ordered, own)

    return max(folded, key=lambda title: (support(title), len(title), title), default="")


def collect(
    statements: Iterable[Statement | OwnStatement],
    speakers: Mapping[str, str],
    known: Sequence[Document] | None = None,
    own: Bodies | None = None,
) -> Drafts:
    """Return drafts of all statements; each different statement counts once, so that their order does not matter.

    known: the documents that are known beforehand; None for ours. own: the archive's own bodies.
    """
    mentions: set[Mention] = set()
    local: set[tuple[Mention, str]] = set()  # the day of the article tells the term
    texts: dict[tuple[str, ...], list[OwnStatement]] = defaultdict(list)
    for statement in statements:
        speaker = speakers.get(statement.source, "")
        if isinstance(statement, OwnStatement):
            texts[(statement.number, statement.type, statement.issuer, statement.date, speaker)].append(statement)
            continue
        mentions.add(mention := statement.mention(speaker))
        if mention.kind in LOCAL and not occasion(mention.key, mention.place, speaker):
            local.add((mention, statement.day))
    known = known_documents() if known is None else known
    drafts = Drafts(known, Series(_of_the_assembly(mentions, texts, own), (*known, *numbered_laws())))
    # A type name before the number decides. A bare "37-QĐ/TW" then joins the Quy định or Quyết định of its day.
    for mention in sorted(mentions, key=lambda one: (one.type == "QĐ", one.kind == "short", one)):
        _add_citation(drafts, mention, own)
    for mention, day in sorted(local):
        if document := occasion(mention.key, mention.place, mention.speaker, day):
            drafts.add_occasion(document)
    for facts, several in sorted(texts.items()):
        if identity := own_identity(several[0], facts[-1], own):
            slug = drafts.add(identity, type_code(several[0].type), several[0].date)
            for each in several if slug else ():
                drafts.add_text(slug, each)
    return drafts


def _of_the_assembly(
    mentions: Collection[Mention], texts: Mapping[tuple[str, ...], Sequence[OwnStatement]], own: Bodies | None
) -> Iterator[tuple[str, str, str]]:
    """Yield slug without type, type and day of what is said about numbers of the National Assembly."""
    for mention in mentions:
        identity = None if mention.kind in OCCASIONS else stated_identity(mention, own)
        if identity and is_house(identity.symbol):
            yield without_type(identity.slug), mention.type, mention.date
    for facts, several in texts.items():
        if "QH" in facts[0] and (identity := own_identity(several[0], facts[-1], own)):
            yield from [(without_type(identity.slug), type_code(several[0].type), several[0].date)] * ENOUGH


def _add_citation(drafts: Drafts, mention: Mention, own: Bodies | None) -> None:
    if mention.kind in OCCASIONS:
        document = occasion(mention.key, mention.place, mention.speaker, said=mention.about)
        if document:
            drafts.add_occasion(document)
    else:
        identity = stated_identity(mention, own)
        if identity:
            slug = drafts.add(identity, mention.type, mention.date)
            titled = mention.kind == "number" and mention.about[:1].isupper()  # a subject in ASCII letters is no title
            if slug and titled:
                drafts.add_title(slug, mention.type, mention.about)


@cache
def stated_identity(mention: Mention, own: Bodies | None = None) -> Identity | None:
    """Return the identity that a citation states in full: number, seat, and term or date. None
    where a part is missing.
    """
    parts = parts_of(completed(mention.key, mention.issuer, mention.date) if mention.kind == "short" else mention.key)
    if parts is None:
        return None
    said = (mention.issuer, mention.place, mention.speaker, mention.date, mention.term)
    return identity_of(parts, mention.type, *said, own)


def contradicts_itself(mention: Mention, own: Bodies | None = None) -> bool:
    """Tell whether the citation's day contradicts the year in its number, or the lifetime of its issuer."""
    parts = parts_of(completed(mention.key, mention.issuer, mention.date) if mention.kind == "short" else mention.key)
    if parts is None or not mention.date:
        return False
    seat = seat_of(parts.issuer, mention.issuer, mention.place, mention.speaker, own)
    return contradicts(parts, mention.date) or (seat is not None and not seat.existed(mention.date))


# "12/2020/HĐ-KT", "4/HĐKT-SL"; HD are guides
_CONTRACT: Final = re.compile(r"\d+[A-Z]?(?:/\d{4})?[-/]HĐ[A-ZĐ]{0,3}[-/]")


def own_identity(own: OwnStatement, speaker: str, bodies: Bodies | None = None) -> Identity | None:
    """Return the identity of an article that is a document."""
    parts = parts_of(own.number) if own.number else None
    if parts is None or _CONTRACT.match(own.number) or abbreviates(parts.code, own.type):
        return None
    date = "" if contradicts(parts, own.date) else own.date  # the number stands in its heading; the day may be a slip
    return identity_of(parts, type_code(own.type), own.issuer, "", speaker, date, "", bodies)
