"""The pages of single things: an article, a day or month, a theme, a province or city (a document: `documents`).

An article can be cited in three styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from flask import Response, redirect

from searchapp.article import Article, Mark
from searchapp.dates import display, is_valid
from searchapp.engine import Engine
from searchapp.fields import FACET_NAMES, REPRINT
from searchapp.ingest.analysis import reasons
from searchapp.meaning.rerank import nearest
from searchapp.outline import unpack
from searchapp.places import CHANGE, Place, Places
from searchapp.query import STEPS, Node, Query, newest_of_day, newest_of_theme
from searchapp.results import Hit
from searchapp.search import find, gazette, search
from searchapp.search.document_list import document_of
from searchapp.search.related import reprints
from searchapp.text.normalize import slug
from searchapp.text.normalize import slug as slug_of
from searchapp.web import links
from searchapp.web.data import discovery, originals
from searchapp.web.embed import pictures
from searchapp.web.pages import article_text
from searchapp.web.pages.stretches import Section, bases, contents, section_of, sections
from searchapp.web.pages.timeline import Event, draw
from searchapp.web.request import Visit, missing

RELATED: Final = 5
_SAME_DAY: Final = 6
CITING: Final = 10
BESIDE: Final = 8  # documents and themes beside a list

_UNTITLED: Final = "Không có tiêu đề"
_RECOGNISED: Final = "nhận dạng từ bản scan"
"""The remark beside a quote from a text that OCR read."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_INNER: Final = str.maketrans("“”", "‘’")  # quotes inside of quotes
# Characters that TeX reads as a command, and their printable form.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: "\\" + sign for sign in "{}%#&$_"},
    }
)

_BESIDE: Final = 12
"""The number of bodies and documents beside the articles."""


def article(visit: Visit, engine: Engine, key: str, slug: str = "") -> Response:
    """Return one article, its text marked with the words of ?q= and its citations linked."""
    found = engine.articles([key])
    if not found:
        missing(slug.replace("-", " "))
    own = document_of(engine, found[0])
    shown, held = gazette.whole(engine, found[0], own)
    if node := unpack(shown.outline).find(slug):
        return redirect(visit.place(shown, node.id, visit.text()), 302)  # type: ignore[return-value]
    if slug != (slug_of(shown.title) or "bai"):
        return redirect(visit.links.article(key, shown.title, visit.text()), 301)  # type: ignore[return-value]
    asked = find(engine, Query(text=visit.text(), size=1)).question.query.tree if visit.text() else None
    source = article_text.safe_url(shown.url)
    address = source or _address(visit, shown)
    cited = {c.document: engine.document(c.document) for c in shown.citations if c.document}
    return visit.render(
        "article.html",
        structured=discovery.about_article(visit, shown, filter(None, cited.values())),
        query=Query(text=visit.text()),
        article=shown,
        source=source,
        address=visit.base() + visit.links.article(key, shown.title),
        poster=pictures.of_article(visit, shown),
        forms=[
            ("article.form.full", bibliographic(shown, address)),
            ("article.form.plain", plain_citation(shown, address)),
            ("article.form.bibtex", bibtex(shown, address)),
        ],
        basis=bases(shown, visit.site.shelf(engine).law) if shown.basis else [],
        **(text := _text(visit, shown, asked, held)),
        documents={slug: document for slug, document in cited.items() if document},
        own=own,
        held=held,
        original=(file := originals.original(visit, engine, text["hit_part"])),
        inside=originals.pictures(visit, shown, file),
        scanned=visit.links.page(f"/ban-scan/{key}/") if file and shown.ocr and file.type in originals.SCANNED else "",
        capture=originals.capture(visit, engine, shown),
        origins=visit.site.provenance(engine).sources(shown),
        theme_reasons=_theme_reasons(visit, shown),
        reprints=(again := reprints(engine, shown)),
        all_reprints=visit.links.results(Query(filters={REPRINT: (shown.key,)}, sort="oldest")) if again else "",
        related=(near := nearest(engine, shown, RELATED)).matches,
        meant=near.meant,
        same_day=same_day(visit, engine, shown),
    )


def _theme_reasons(visit: Visit, article: Article) -> list[tuple[str, tuple[str, ...]]]:
    """Return each theme of an article with the phrases that spoke for it; none where its source or section did."""
    if not article.themes:
        return []
    told = {reason.theme: reason.phrases for reason in reasons(article, visit.site.tables.themes)}
    return [(theme, told.get(theme, ())) for theme in article.themes]


def _text(visit: Visit, article: Article, asked: Node | None, held: gazette.Parts) -> dict[str, Any]:
    """Return the shown part of the text, with its contents and its neighbours."""
    outline = unpack(article.outline)
    parts = sections(article.text, outline)
    named, whole = visit.part()
    part = Section(1, 0, len(article.text)) if whole else section_of(parts, outline, named)
    span = (part.start, part.end)
    page = article_text.shown(article, asked, outline, span, visit.site.tables.questions)
    in_part, at = gazette.held_at(article, held, page.spans[0].start if page.spans else 0)
    here = {node.id for node in outline if part.start <= node.start < part.end}
    spots = {f"chu-{number}{end}": at for number, mark in article_text.numbered(article) for end, at in _ends(mark)}
    steps = {} if whole else {"previous": part.number - 1, "next": part.number + 1}
    return {
        "paragraphs": article_text.paragraphs(page, span),
        "marks": len(page.spans),
        "hit_part": in_part,
        "hit_page": in_part.page_at(at) if page.spans or article.row else 0,
        "contents": contents(article.text, outline, part),
        "part": part,
        "of_parts": len(parts),
        "all_parts": whole,
        "steps": {
            name: visit.links.article(article.key, article.title, visit.text(), part=str(number))
            for name, number in steps.items()
            if 0 < number <= len(parts)
        },
        "place": partial(_in_page, visit, article, here=here, parts=[] if whole else parts, spots=spots, shown=part),
    }


def _ends(mark: Mark) -> Iterator[tuple[str, int]]:
    """Yield the two ends of a footnote's link: the note, and its mark."""
    yield from (("", mark.to), ("-tu", mark.at))


def _in_page(
    visit: Visit, article: Article, ident: str, *, here: set[str], parts: Sequence[Section], spots: dict[str, int],
    shown: Section,
) -> str:  # fmt: skip
    """Return the address of a provision or a footnote of the same text: on this page or in another part of it."""
    away = ident if len(parts) > 1 and ident not in here else ""
    if ident in spots:
        held = next((part for part in parts if part.start <= spots[ident] < part.end), shown)
        away = "" if held == shown else str(held.number)
    return visit.links.article(article.key, article.title, place=ident, part=away) if away else f"#{ident}"


def _address(visit: Visit, shown: Article) -> str:
    """Return the article's address on this site, "" where the site does not know its own name."""
    base = visit.site.settings.public_base_url.rstrip("/")
    return base + visit.links.article(shown.key, shown.title) if base else ""


def same_day(visit: Visit, engine: Engine, shown: Article) -> tuple[Hit, ...]:
    """Return other articles of that day."""
    if len(shown.date) != 10:
        return ()
    query = Query(filters={"date": (shown.date,)}, size=_SAME_DAY + 1)
    return _others(search(engine, query, whole=False).hits, shown)[:_SAME_DAY]


def _others(hits: tuple[Hit, ...], shown: Article) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if hit.article.key != shown.key)


def days(visit: Visit, engine: Engine) -> Response:
    """Return the latest day that has articles; where none has a day, what the archive holds."""
    known = visit.site.almanac(engine).days
    to = visit.links.day(known[-1]) if known else visit.links.page("/do-phu")
    return redirect(to, 302)  # type: ignore[return-value]


def day(visit: Visit, engine: Engine, iso: str) -> Response:
    """Return the articles of a day or month beside the calendar of its month."""
    if not is_valid(iso) or len(iso) < 7:
        missing()
    almanac = visit.site.almanac(engine)
    page = search(engine, newest_of_day(iso))
    return visit.render(
        "day.html",
        query=Query(),
        iso=iso,
        month=iso[:7],
        page=page,
        weeks=almanac.weeks(iso[:7]),
        before=almanac.before(iso),
        after=almanac.after(iso),
        month_before=almanac.before(iso[:7])[:7],
        month_after=almanac.after(iso[:7])[:7],
        same_day=almanac.same_day(iso),
        year_before=almanac.other_year(iso, -1),
        year_after=almanac.other_year(iso, 1),
    )


def theme(visit: Visit, engine: Engine, name: str) -> Response:
    """Return one theme: its newest articles, its documents, its course over time."""
    query = newest_of_theme(name)
    page = search(engine, query)
    values = {facet.name: facet.values for facet in page.facets}
    shown = next((value for value in values.get("theme", ()) if value.value == name), None)
    if shown is None or not page.total:
        missing(name.replace("-", " "))
    documents = [value for value in values.get("document", ()) if value.count][:BESIDE]
    return visit.render(
        "theme.html",
        query=Query(),
        theme=shown,
        page=page,
        timeline=draw(page, query, visit.links),
        documents=documents,
        known={value.value: engine.document(value.value) for value in documents},
        all_results=visit.links.results(query),
    )


def bibliographic(article: Article, url: str) -> str:
    """Return author, year, title, source, day, address; unknown facts are left out.

    >>> bibliographic(Article(id="1", key="1", title="Tin", text="", date="2021-09-15", source="Báo X"), "")
    'Báo X (2021), “Tin”, ngày 15/9/2021.'
    """
    author = _author(article)
    who = author or article.source
    year = article.date[:4] or "không rõ năm"
    title = (_line(article.title) or _UNTITLED).translate(_INNER)
    parts = [f"{who} ({year})" if who else "", f"“{title}”"]
    parts += [article.source if author else "", _when(article.date) if len(article.date) > 4 else ""]
    parts.append(_RECOGNISED if article.ocr else "")
    told = ", ".join(filter(None, parts)) + "."
    return f"{told} Truy cập tại: {url}" if url else told


def plain_citation(article: Article, url: str) -> str:
    """Return title, source and date in one line for a message."""
    date = display(article.date) if article.date else ""
    recognised = _RECOGNISED if article.ocr else ""
    return " – ".join(filter(None, (_line(article.title) or _UNTITLED, article.source, date, recognised, url)))


def bibtex(article: Article, url: str) -> str:
    """Return an entry for BibTeX and BibLaTeX; the name of its key stays as long as the article's own key."""
    author = _author(article)
    year, *rest = article.date.split("-") if article.date else [""]
    fields = {
        "author": _braced(author or article.source),
        "title": _braced(_line(article.title) or _UNTITLED),
        "howpublished": f"{{{_tex(article.source)}}}" if article.source and author else "",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(rest[0]) - 1] if rest else "",
        "date": f"{{{article.date}}}" if article.date else "",
        "url": f"{{{url}}}" if url else "",
        "language": "{vietnamese}",
    }
    name = "-".join(filter(None, (slug(article.source, 20), year, article.key)))
    lines = [f"  {field} = {value}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{name},", *lines, "}"])


def _author(article: Article) -> str:
    """Return the author; for a document its issuer, not its signer."""
    return article.author or (article.issuer if article.number else "")


def _when(date: str) -> str:
    return ("ngày " if len(date) == 10 else "tháng ") + display(date)


def _braced(text: str) -> str:
    """Return a text in double braces, which keep the capitals of a title and the words of an institution's name."""
    return f"{{{{{_tex(text)}}}}}" if text else ""


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def area(visit: Visit, engine: Engine, name: str) -> Response:
    """Return one place of today or of before, with the articles that its bodies issued or that cite them."""
    places = visit.site.tables.places
    place = places.find(name)
    if place is None or place.id != name:
        missing(name.replace("-", " "))
    gone = bool(place.until) and places.today(place.name) is not place
    query = Query(filters={"area": (place.id,)}, sort="newest", facets=FACET_NAMES, steps=STEPS, fold=True, before=gone)
    page = search(engine, query)
    values = {facet.name: [value for value in facet.values if value.count][:_BESIDE] for facet in page.facets}
    documents = values.get("document", [])
    return visit.render(
        "area.html",
        query=Query(),
        place=place,
        periods=list(_periods(visit, place, places)),
        page=page,
        timeline=draw(page, query, visit.links, [Event(CHANGE, visit.say("areas.changed"))]),
        issuers=[(v, visit.links.results(links.chosen(query, "issuer", v.value))) for v in values.get("issuer", [])],
        documents=documents,
        known={value.value: engine.document(value.value) for value in documents},
        named=visit.links.results(Query(text=place.name)),
        all_results=visit.links.results(query),
    )


def _periods(visit: Visit, place: Place, places: Places) -> Iterator[tuple[str, str]]:
    """Yield the history of a place, line by line, each with the page of the other place or ""."""
    if place.since:
        yield visit.say("area.since", day=visit.date(place.since)), ""
    for other in places.joined(place.name):
        text = visit.say("area.joined", name=other.name, day=visit.date(other.until), act=other.act)
        yield text, visit.links.area(other.id)
    if place.raised:
        yield visit.say("area.raised", day=visit.date(place.raised)), ""
    if place.until:
        yield visit.say("area.until", day=visit.date(place.until), act=place.act), ""
    if place.until and (now := places.today(place.name)) and now is not place:
        yield visit.say("area.now", name=now.name), visit.links.area(now.id)
