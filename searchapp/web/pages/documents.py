"""The pages of documents: one with everything that cites it, and the choosers where a name means several.

A diagram shows a document with its neighbours; the template writes its SVG.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import accumulate
from typing import Final, Literal

from flask import Response, redirect

from searchapp import graph
from searchapp.article import Article, Document
from searchapp.citations.find.relations import cues
from searchapp.citations.find.vocabulary import PARTY, loose
from searchapp.citations.resolve.known import plenum_at, plenum_name, plenum_of, plenum_slug
from searchapp.engine import Engine
from searchapp.fields import OWN_DOCUMENT
from searchapp.graph import Neighbour
from searchapp.outline import nearest, unpack
from searchapp.query import MAX_HITS, Number, Query, newest_of_document
from searchapp.results import Hit
from searchapp.search import gazette, search
from searchapp.search.provisions import article_of
from searchapp.web import links
from searchapp.web.data import discovery
from searchapp.web.embed import pictures
from searchapp.web.pages import results
from searchapp.web.pages.lifecycle import life, provisions
from searchapp.web.pages.stretches import bases
from searchapp.web.pages.timeline import Event, draw
from searchapp.web.request import Visit, missing

CITING: Final = 10
BESIDE: Final = 8  # documents and themes beside a list
_LOOKED_AT: Final = 100  # newest articles that cite a document, for the list by provision
_CITED_BY: Final = 5  # articles of one provision
_IN_PICTURE: Final = 6  # documents of one relation in a picture
_PROVISION: Final = re.compile(
    r"(?:dieu|khoan|phu-luc|chuong|muc|phan)-[\w-]{1,60}|(?:\w{1,30}_)?Dieu_\w{1,6}", re.ASCII
)
"""The last part of an address that names a provision."""
_NUMBERED: Final = re.compile(r"(?:\w{1,30}_)?dieu[-_](?P<number>\d{1,4}[a-z]{0,3})(?![a-z])", re.ASCII | re.IGNORECASE)
_STATE_TEXTS: Final = "https://vbpl.vn/"
_PARTY_TEXTS: Final = "https://tulieuvankien.dangcongsan.vn/"
A_DAY: Final = len("2021-09-15")
OWN_NUMBER: Final = "own number"  # the "how" of an article that is the document

_Side = Literal["", "in", "out"]
_Family = Literal["", "ends", "changes", "applies", "cites", "together"]

_BOX: Final = 58  # pixels: height of a box, room for what it is, its number and its name
_CENTRE: Final = 30
_ROW: Final = 68  # from one row of boxes to the next
_WIDTH: Final = 46.0  # of a box in percent: the trunk in the middle is never covered
_LETTERS: Final = 19  # that a box has room for on a phone of 360 px
_NUMBER_LETTERS: Final = 17  # bold
_CAPITAL: Final = 1.35  # times as wide as another letter
_CENTRE_LETTERS: Final = 38
_WIDE: Final = 2  # times as many on a screen of 768 px
_OUTWARD: Final = ("out.", "above", "cites")


def document(visit: Visit, engine: Engine, name: str) -> Response:
    """Return one document and everything that cites it; a chooser where a name means several."""
    shown = engine.document(name)
    if shown is None:
        return _provision(visit, engine, name) or _by_name(visit, engine, name)
    text = engine.search(Query(filters={OWN_DOCUMENT: (shown.slug,)}, size=0 if shown.article else MAX_HITS))
    own = text.total
    page = search(engine, replace(newest_of_document(shown.slug), size=min(CITING + own, _LOOKED_AT)))
    # A law, or an article of it, cites the law no more than a law cites itself.
    others = [hit for hit in page.hits if not own or loose(hit.article.number) != loose(shown.symbol)][:CITING]
    page = replace(page, hits=tuple(_citing(hit, shown.slug) for hit in others), total=max(0, page.total - own))
    values = {facet.name: facet.values for facet in page.facets}
    together = [v for v in values.get("document", ()) if v.value != shown.slug and v.count][:BESIDE]
    listed = Query(filters={"document": (shown.slug,)})
    known = graph.chain(engine, shown)
    lived = life(visit, engine, shown)
    stated = [graph.Neighbour(one.document, f"{way}.{kind}") for kind, way, rows in lived.groups for one in rows]
    beside = ((v.value, v.count) for v in together)
    near = graph.neighbours(engine, shown, known, beside, _IN_PICTURE, stated)
    plenum = plenum_slug(plenum_of(shown.slug)) or shown.slug
    adopted = [d for d in engine.documents(plenum) if d.slug != shown.slug] if plenum_at(plenum) else []
    held = next(iter(engine.articles([shown.article])), None) if shown.article else None
    return visit.render(
        "document.html",
        structured=discovery.about_document(visit, shown, lived),
        chain=known,
        life=lived,
        provisions=provisions,
        picture=drawn(shown, near, visit.short_name, visit.relation),
        query=Query(),
        document=shown,
        signer=held.signer if held else "",
        held=gazette.parts(engine, shown),
        basis=bases(held, visit.site.shelf(engine).law) if held and held.basis else [],
        page=page,
        timeline=draw(
            page, listed, visit.links, [Event(shown.date, visit.say("issued"))] if len(shown.date) == A_DAY else []
        ),
        cited=_cited(visit, engine, shown),
        together=together,
        known={value.value: engine.document(value.value) for value in together},
        themes=[value for value in values.get("theme", ()) if value.count][:BESIDE],
        namesakes=[d for d in engine.documents(shown.symbol) if d.slug != shown.slug and d not in adopted],
        adopted=adopted,
        mentioned=_mentioned(engine, listed),
        all_citing=visit.links.results(listed),
        own=own,
        own_parts=_in_order([match.article for match in text.matches]),
        address=visit.base() + visit.links.document(shown.slug),
        poster=pictures.of_document(visit, shown),
        elsewhere=_PARTY_TEXTS if PARTY.search(shown.symbol.rpartition("/")[2].lower()) else _STATE_TEXTS,
    )


_NUMBER: Final = re.compile(r"(\d+)(\w*)")


def _in_order(parts: Sequence[Article]) -> list[tuple[str, Article]]:
    """Return the articles that are parts of one document by the numbers of their Điều, each with its heading."""

    def place(article: Article) -> tuple[int, str, str]:
        found = _NUMBER.fullmatch(article.provision)
        return (int(found[1]), found[2], "") if found else (sys.maxsize, "", article.title)

    def heading(article: Article) -> str:
        named = article.provision and not article.title.startswith("Điều ")
        return f"Điều {article.provision}. {article.title}".strip() if named else article.title

    return [(heading(article), article) for article in sorted(parts, key=place)]


def _cited(visit: Visit, engine: Engine, shown: Document) -> list[tuple[str, str, list[Article]]]:
    """Return its Điều that the newest citing articles name: title, address, articles."""
    query = Query(tree=Number("", documents=(shown.slug,)), sort="newest", size=_LOOKED_AT, facets=("theme",))
    found: dict[str, dict[str, Article]] = {}
    for article in (match.article for match in engine.search(query).matches):
        for citation in article.citations:
            for part in citation.pinpoint if citation.document == shown.slug and article.key != shown.article else ():
                found.setdefault(part.split("/")[0], {})[article.key] = article
    numbered = sorted((each for each in found if each[:1].isdigit()), key=lambda each: (int(_digits(each)), each))
    address = visit.links.document(shown.slug)
    return [
        (f"Điều {number}", f"{address}/dieu-{number.replace('đ', 'dd')}", list(found[number].values())[:_CITED_BY])
        for number in numbered
    ]


def _digits(number: str) -> str:
    return number[: len(number) - len(number.lstrip("0123456789"))]


def _provision(visit: Visit, engine: Engine, name: str) -> Response | None:
    """Return a provision of a document ("…/dieu-5"): the place in its text, else the article that is this Điều, else
    the document.
    """
    slug, _, ident = name.rpartition("/")
    if not slug or not _PROVISION.fullmatch(ident):
        return None
    found = [one] if (one := engine.document(slug)) else engine.documents(slug)
    if len(found) != 1:
        return redirect(visit.links.document(slug), 302) if found else None  # type: ignore[return-value]
    held = gazette.text(engine, found[0])
    node = nearest(unpack(held.outline), ident) if held else None
    if held and node:
        return redirect(visit.place(held, node.id), 302)  # type: ignore[return-value]
    number = _NUMBERED.match(ident)
    alone = article_of(engine, found[0], number["number"].lower().replace("dd", "đ")) if number else None
    target = visit.links.article(alone.key, alone.title) if alone else visit.links.document(found[0].slug)
    return redirect(target, 302)  # type: ignore[return-value]


def _citing(hit: Hit, slug: str) -> Hit:
    """Return the hit with the sentence that cites the document, without the document's chip; its own text stays."""
    hit = replace(hit, documents=tuple(one for one in hit.documents if one.slug != slug))
    citation = next((c for c in hit.article.citations if c.document == slug), None)
    if citation is None or citation.how == OWN_NUMBER:
        return hit
    return replace(hit, snippet=graph.sentence(hit.article, citation))


def _mentioned(engine: Engine, listed: Query) -> tuple[Article, ...]:
    """Return the first and the last dated article of a list. One where they are the same, none
    where none has a date.
    """
    ends = [
        engine.search(replace(listed, sort=sort, size=1, facets=("theme",))).matches for sort in ("oldest", "newest")
    ]
    found = [match.article for matches in ends for match in matches if match.article.date]
    return tuple({article.key: article for article in found}.values())


def documents(visit: Visit, engine: Engine) -> Response:
    """Return every document that articles are or cite, as a list to browse, filter and search."""
    query, listing = visit.documents(engine)
    link = visit.links.documents
    return visit.render(
        "documents.html",
        query=query,
        listing=listing,
        form="loc-van-ban",
        facets=[results.shown(facet) for facet in listing.facets],
        chips=list(results.chips(visit, query, listing.facets, link)),
        cleared=link(links.unfiltered(query)),
        sorts=[(sort, link(replace(query, sort=sort, page=1)), sort == query.sort) for sort in links.SORTS.values()],
        pager=list(results.pager(query, listing.pages, link)),
        alternate=link(query, "json"),
    )


# A former address of a document: "ubnd-xa-tan-thanh/quyet-dinh-10-qd-ubnd/2025".
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9-]+(?:/[a-z0-9-]+)?")


def _by_name(visit: Visit, engine: Engine, name: str) -> Response:
    found = engine.documents(name)
    if not found:
        missing(name.replace("-", " ") if name.islower() else name)
    one_symbol = all(d.symbol == found[0].symbol for d in found)
    plenum = plenum_at(name)
    former = len(found) > 1 and not plenum and _ADDRESS.fullmatch(name) is not None
    if len(found) == 1:
        permanent = found[0].slug
    elif one_symbol and not former:
        permanent = found[0].symbol
    else:
        permanent = name
    if permanent != name:
        return redirect(visit.links.document(permanent), 301)  # type: ignore[return-value]
    counts = [search(engine, replace(newest_of_document(d.slug), facets=("theme",), size=1)).total for d in found]
    page = visit.render(
        "chooser.html",
        query=Query(),
        symbol=plenum_name(plenum) if plenum else found[0].symbol if former and one_symbol else name,
        reason=visit.say("chooser.plenum" if plenum else "chooser.text" if one_symbol else "chooser.name"),
        documents=list(zip(found, counts, strict=True)),
    )
    if former:  # an address that was split: its documents are the choice
        page.status_code = HTTPStatus.MULTIPLE_CHOICES
    return page


def _of(family: _Family, *relations: str) -> dict[str, _Family]:
    return dict.fromkeys(relations, family)


_FAMILIES: Final[dict[str, _Family]] = {
    **_of("ends", *cues.ENDING, cues.SUSPENDS),
    **_of("changes", cues.AMENDS, cues.CORRECTS, cues.EXTENDS),
    **_of("applies", cues.GUIDES, cues.CONTINUES, cues.CONSOLIDATES, cues.CARRIES_OUT, cues.STAYS, "above", "below"),
    **_of("cites", "cites", "cited"),
    **_of("together", "together"),
}
_LEGEND: Final[tuple[_Family, ...]] = ("ends", "changes", "applies", "cites", "together")
"""The kinds of lines, in the order of the legend."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold a line of text of a box: as much as a phone has room for, and as much as a wider screen has."""

    short: str
    wide: str


@dataclass(frozen=True, slots=True)
class _Box:
    """A document in the picture: its left edge in percent, its upper in pixels.

    relation, side, family: "" for the centre; kind: what it is to the centre; label: its number; name: its title, ""
    where that says no more.
    """

    x: float
    y: int
    side: _Side
    family: _Family
    kind: _Line
    label: _Line
    name: _Line
    document: Document
    relation: str
    count: int = 0

    @property
    def middle(self) -> int:
        """Return where its line begins, in pixels."""
        return self.y + _BOX // 2


@dataclass(frozen=True, slots=True)
class _Picture:
    """Boxes with the centre first; a line leads from each other box to the trunk below the centre. height in pixels."""

    boxes: tuple[_Box, ...]
    height: int
    families: tuple[_Family, ...]
    trunk: int

    @property
    def centre(self) -> _Box:
        """Return the document that the picture shows."""
        return self.boxes[0]

    @property
    def others(self) -> tuple[_Box, ...]:
        """Return the boxes around it."""
        return self.boxes[1:]


_Names = Callable[[Document], str]
_Kinds = Callable[[str], str]


def drawn(document: Document, near: Sequence[Neighbour], label: _Names, kind: _Kinds = str) -> _Picture | None:
    """Return the picture of a document's neighbourhood; None where nothing is near.

    label: how a box names a document; kind: how it names a relation.
    """
    if not near:
        return None
    sides: dict[_Side, list[Neighbour]] = {"in": [], "out": []}
    for one in near:
        if one.relation != "together":
            sides["out" if one.relation.startswith(_OUTWARD) else "in"].append(one)
    for one in near:
        if one.relation == "together":
            min(sides.values(), key=len).append(one)
    name = label(document)
    empty = _Line("", "")
    boxes = [_Box(0, 0, "", "", empty, _line(name, _CENTRE_LETTERS), empty, document, "")]
    for side, ones in sides.items():
        boxes += [_box(one, side, row, label, kind) for row, one in enumerate(ones)]
    families = {box.family for box in boxes}
    rows = max(map(len, sides.values()))
    last = _CENTRE + _ROW - _BOX + (rows - 1) * _ROW
    return _Picture(tuple(boxes), last + _BOX, tuple(one for one in _LEGEND if one in families), last + _BOX // 2)


def _box(one: Neighbour, side: _Side, row: int, label: _Names, kind: _Kinds) -> _Box:
    called = label(one.document)
    title = one.document.title if one.document.title != called else ""
    count = f" ({one.count})" if one.count else ""
    family = _FAMILIES[one.relation.rpartition(".")[2]]
    top = _CENTRE + _ROW - _BOX + row * _ROW
    x = 0 if side == "in" else 100 - _WIDTH
    told = _line(kind(one.relation) + count), _line(called, _NUMBER_LETTERS), _line(title)
    return _Box(x, top, side, family, *told, one.document, one.relation, one.count)


def _line(text: str, letters: int = _LETTERS) -> _Line:
    return _Line(_cut(text, letters), _cut(text, letters * _WIDE))


def _cut(text: str, letters: int) -> str:
    widths = list(accumulate(_CAPITAL if letter.isupper() else 1 for letter in text))
    if not widths or widths[-1] <= letters:
        return text
    return f"{text[: sum(width <= letters - 1 for width in widths)].rstrip(' ·-')}…"
