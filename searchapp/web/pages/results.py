"""The pages about the whole collection: home, results, themes, coverage, about, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from flask import Response, redirect

from searchapp.article import Document
from searchapp.citations.resolve.terms_of_office import TERMS
from searchapp.dates import is_valid
from searchapp.engine import Engine
from searchapp.fields import FACETS, REPRINT
from searchapp.places import CHANGE, named_place
from searchapp.query import UNKNOWN, WORD_STEPS, Number, Query, Sort, Word, positive
from searchapp.results import FacetView, Page, Value
from searchapp.search import search
from searchapp.web import links
from searchapp.web.data import openapi
from searchapp.web.pages.no_results import lost
from searchapp.web.pages.timeline import Event, draw
from searchapp.web.request import Visit

NEWEST: Final = 6  # articles on the home page
_MOST_CITED: Final = 5
_TALKED_OF: Final = 3
MONTH: Final = len("2021-09")
_HOME_THEMES: Final = 6
_FULL_DATE: Final = len("2021-09-15")
_USEFUL: Final = ("type", "issuer", "theme", "document")
_FEW: Final = 100  # results
PARTY: Final = "Đảng Cộng sản Việt Nam"
_IN_SIGHT: Final = 6  # values of a facet before "xem thêm"
_DISPUTED: Final = 50  # documents whose sources disagree, on one page
_IN_PAGE: Final = 40  # values of a facet in the page at all
QUOTED: Final = 5  # all words as one phrase, in `results.Page.step_counts`
_UNSEEN: Final = "\u200b\u200c\u200d\ufeff"  # typed by accident, nothing to show
MAX_PHRASE: Final = 64  # syllables of a phrase (query.Phrase)
# A search within results takes these signs as more than words: quotes, signs of the grammar, numbers of documents.
_OTHER_WORDS: Final = frozenset({"asked-about", "corrected"})  # notices of words that were not typed so
_SIGNS: Final = re.compile(r"""["“”()*:/-]|\b(?:OR|AND)\b""")


@dataclass(frozen=True, slots=True)
class _Chip:
    """A chosen value, with the URL that gives it up."""

    facet: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class _FacetShown:
    """A facet as the sheet shows it: the values in sight, and those behind "xem thêm"."""

    name: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]


def home(visit: Visit, engine: Engine) -> Response:
    """Return the content of the collection: newest or featured articles, themes, the documents cited most."""
    newest = Query(sort="newest", size=NEWEST, facets=("theme", "document"), steps=("year",), fold=True)
    page = search(engine, newest)
    values = {facet.name: facet.values for facet in page.facets}
    cited = values.get("document", ())[:_MOST_CITED]
    return visit.render(
        "home.html",
        query=Query(),
        stats=engine.stats(),
        newest=page.hits,
        featured=(featured := engine.articles(_featured(visit))),
        suggested=lambda text: visit.links.results(Query(text=text)),
        talked=(talked := [] if featured else _talked_of(visit, engine)),
        month=visit.site.almanac(engine).days[-1:],
        themes=values.get("theme", ())[:_HOME_THEMES],
        theme_count=len(values.get("theme", ())),
        documents=cited,
        known={value.value: engine.document(value.value) for value in cited}
        | {value.value: document for value, document in talked},
    )


def _featured(visit: Visit) -> list[str]:
    """Keys of what the operator features, by the settings and by `featured.tsv`."""
    rows = visit.site.tables.rows.get("featured", ())
    return list(dict.fromkeys([*visit.site.settings.featured, *(row["article"] for row in rows)]))


def _talked_of(visit: Visit, engine: Engine) -> list[tuple[Value, Document]]:
    """Return the featured documents where nobody chose: those cited most in the newest month that has articles."""
    days = visit.site.almanac(engine).days
    if not days:
        return []
    month = Query(filters={"date": (days[-1][:MONTH],)}, size=1, facets=("document",), steps=("year",))
    values = [value for facet in search(engine, month).facets for value in facet.values if value.count]
    known = [(value, engine.document(value.value)) for value in values[:_TALKED_OF]]
    return [(value, document) for value, document in known if document is not None]


def results(visit: Visit, engine: Engine) -> Response:
    """Return the results of a query; the home page's box leads here."""
    query = replace(visit.listing(), beyond=True)
    if more := visit.within():
        inside = replace(query, text=narrowed(query.text, more), page=1, after="")
        return redirect(visit.links.results(inside), 302)  # type: ignore[return-value]
    page = search(engine, query, most=_IN_PAGE)
    visit.count(page, query)
    return visit.render(
        "results.html",
        query=query,
        page=page,
        title=results_title(visit, query, page),
        namesakes=namesakes(engine, page),
        ways=list(ways(visit, query, page)),
        areas=list(areas(visit, page)),
        other_map=other_map(visit, query),
        area_page=area_page(visit, query) if page.areas else "",
        offer=_month_offer(visit, engine, query, page) if query.page == 1 else None,
        facets=ordered(visit, page),
        lost=lost(visit, engine, query, page),
        capped=page.total - page.folded > page.pages * query.size,
        undated=_undated(visit, query, page),
        dates=next((facet for facet in page.facets if facet.name == "date"), None),
        chips=[*_reprint_chips(visit, engine, query), *chips(visit, query, page.facets, visit.links.results)],
        cleared=visit.links.results(links.unfiltered(query)),
        timeline=draw(page, query, visit.links, events(visit, page)),
        comparison=visit.links.comparison(query),
        sorts=sorts(visit, query),
        sizes=[(size, visit.links.results(replace(query, size=size, page=1))) for size in links.SIZES],
        pager=list(pager(query, page.pages, visit.links.results)),
        hidden=hidden(query),
        reprints=lambda key: visit.links.results(links.chosen(query, REPRINT, key)),
        apart=visit.links.results(replace(query, apart=not query.apart, page=1, after="")),
        suggested=lambda text: visit.links.results(replace(query, text=text, page=1, after="")),
        as_typed=visit.links.results(replace(query, verbatim=True, page=1, after="")),
    )


def _undated(visit: Visit, query: Query, page: Page) -> tuple[int, str] | None:
    """Return how many results the timeline leaves out because their day is unknown, and their URL."""
    values = (value for facet in page.facets if facet.name == "date" for value in facet.values)
    found = next((value for value in values if value.value == UNKNOWN and value.count and not value.selected), None)
    return (found.count, visit.links.results(links.chosen(query, "date", UNKNOWN))) if found else None


def ways(visit: Visit, query: Query, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the count of each step in words, with its URL; the one in force has none."""
    counts = {page.step: page.total, **dict(page.step_counts)}
    said = set()
    respelt = any(isinstance(leaf, Word) and leaf.same for leaf in positive(page.query.tree))
    if respelt or not _OTHER_WORDS.isdisjoint(notice[0] for notice in page.notices):
        counts.pop(QUOTED, None)  # "đại hội 13" is XIII too, which quotes would lose
    for step in (QUOTED, *WORD_STEPS):
        count = counts.get(step, 0)
        if not count or (count == page.total and step != page.step) or count in said:
            continue
        said.add(count)
        text = visit.say(f"step.{step}", n=count)
        if step == page.step:
            yield text, ""
        elif step != QUOTED:
            yield text, visit.links.results(replace(query, step=step, page=1, after=""))
        elif not _SIGNS.search(query.text):
            yield text, visit.links.results(replace(query, text=f'"{query.text.strip()}"', step=0, page=1, after=""))


def namesakes(engine: Engine, page: Page) -> list[Document]:
    """Return other documents with the same number as the one that the query means by its further words."""
    if not page.card or len(page.card.documents) != 1:
        return []
    meant = page.card.documents[0]
    return [one for one in engine.documents(meant.symbol) if one.slug != meant.slug and one.symbol == meant.symbol]


def narrowed(text: str, more: str) -> str:
    """Return the query with a further condition: plain words become a phrase, because only phrases always hold."""
    if len(more.split()) <= MAX_PHRASE and not _SIGNS.search(more):
        more = f'"{more}"'
    return f"({text}) {more}" if re.search(r"\bOR\b", text) else f"{text} {more}".strip()


def sorts(visit: Visit, query: Query) -> list[tuple[Sort, str, bool]]:
    """Return orders to choose from, with URLs and whether each is in force; without words there is no relevance."""
    offered = [sort for sort in links.SORTS.values() if query.text or sort != "relevance"]
    current = query.sort if query.sort in offered else "newest"
    return [(sort, visit.links.results(replace(query, sort=sort, page=1)), sort == current) for sort in offered]


def areas(visit: Visit, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the other places that a query may mean, in words, with their results."""
    for also in page.areas:
        asked = Query(text=f'"{also.name}"', since=also.since, until=also.until)
        key, day = ("areas.since", also.since) if also.since else ("areas.until", also.until)
        text = visit.say(key, name=also.name, day=visit.date(day), n=visit.number(also.total))
        yield text, visit.links.results(asked)


def area_page(visit: Visit, query: Query) -> str:
    """Return the page of the place that a query names."""
    place = named_place(query.text, visit.site.tables.places)
    return visit.links.area(place.id) if place else ""


def other_map(visit: Visit, query: Query) -> str:
    """Return the same results with areas by the provinces of before, or of today again; "" without chosen areas."""
    filters = {name: values for name, values in query.filters.items() if name != "area"}
    return visit.links.results(replace(query, before=not query.before, filters=filters, page=1, after=""))


def events(visit: Visit, page: Page) -> list[Event]:
    """Return the timeline's marks: the day of the queried document, else the Party's congresses."""
    if page.card and len(page.card.documents) == 1 and len(day := page.card.documents[0].date) == _FULL_DATE:
        return [Event(day, visit.say("issued"))]
    if page.areas:
        return [Event(CHANGE, visit.say("areas.changed"))]
    congresses = [term for term in TERMS.values() if term.body == PARTY and term.kind == "congress"]
    return [
        Event(t.start, visit.say("congress", ordinal=t.ordinal), t.ordinal)
        for t in congresses
        if len(t.start) == _FULL_DATE
    ]


def ordered(visit: Visit, page: Page) -> list[_FacetShown]:
    """Return the facets beside the date, in the operator's order."""
    look = visit.site.settings.look
    views = {facet.name: facet for facet in page.facets if facet.name != "date" and _narrows(facet, page.total)}
    views = {name: views[name] for name in sorted(views, key=_rank)}
    return [shown(views[name], look.shown) for name in look.ordered(views)]


def _narrows(facet: FacetView, total: int) -> bool:
    """Whether a facet has something to choose: of few results, one value says nothing."""
    return total > _FEW or len(facet.values) > 1 or any(value.selected for value in facet.values)


def _rank(name: str) -> int:
    """Return the place of a facet where the operator chose none: what most people narrow by comes first."""
    return _USEFUL.index(name) if name in _USEFUL else len(_USEFUL)


def shown(facet: FacetView, in_sight: int = _IN_SIGHT) -> _FacetShown:
    """Return chosen values first, then the most frequent; the rest under headings, as many as a page carries."""
    values = sorted(facet.values, key=lambda value: not value.selected)[:_IN_PAGE]
    first = max(in_sight, sum(value.selected for value in values))
    if len(values) <= first + 2:  # "two more" is no shorter than the two
        first = len(values)
    rest = values[first:]
    headings = list(dict.fromkeys(value.group for value in rest))
    return _FacetShown(facet.name, tuple(values[:first]), tuple(sorted(rest, key=lambda v: headings.index(v.group))))


def results_title(visit: Visit, query: Query, page: Page) -> str:
    """Return one sentence: the number of results and the query."""
    if text := query.text.strip().strip(_UNSEEN):
        return visit.say("results.for", n=page.total, q=text)
    return visit.say("results", n=page.total)


def _reprint_chips(visit: Visit, engine: Engine, query: Query) -> Iterator[_Chip]:
    """Yield the article whose reprints alone are listed."""
    for article in engine.articles(query.filters.get(REPRINT, ())):
        given_up = visit.links.results(links.toggled(query, REPRINT, article.key))
        yield _Chip(visit.say("reprints.of"), article.title or visit.say("untitled"), given_up)


def chips(visit: Visit, query: Query, facets: Sequence[FacetView], link: Callable[[Query], str]) -> Iterator[_Chip]:
    """Yield every filter in force, in the order of the facets. link: the URL of a query on this page."""
    for facet in FACETS:
        view = next((view for view in facets if view.name == facet.name), None)
        for value in query.filters.get(facet.name, ()):
            shown = visit.say_value(facet.name, _find(view, value) or Value(value, value, 0))
            yield _Chip(visit.facet_label(facet.name), shown, link(links.toggled(query, facet.name, value)))
    if query.since or query.until:
        text = visit.say_range(query.since, query.until)
        yield _Chip(visit.say("date"), text, link(links.between(query, "", "")))


def _find(view: FacetView | None, wanted: str) -> Value | None:
    todo = list(view.values) if view else []
    while todo:
        value = todo.pop()
        if value.value == wanted:
            return value
        todo.extend(value.children)
    return None


def pager(query: Query, pages: int, link: Callable[[Query], str]) -> Iterator[tuple[int, str]]:
    """Yield page numbers worth a link, with URLs; (0, "") is a gap."""
    near = {1, pages, *range(query.page - 2, query.page + 3)}
    last = 0
    for number in sorted(n for n in near if 1 <= n <= pages):
        if number > last + 1:
            yield 0, ""
        yield number, link(replace(query, page=number))
        last = number


def hidden(query: Query) -> links.Pairs:
    """Return the hidden fields of the search form: order, page size, reprints (the facets are its own fields)."""
    filters = {name: values for name, values in query.filters.items() if name == REPRINT}
    return links.parameters(replace(links.unfiltered(query), text="", filters=filters))


def themes(visit: Visit, engine: Engine) -> Response:
    """Return all themes by group, with counts."""
    page = search(engine, Query(size=1, facets=("theme",), steps=("year",)))
    view = next((facet for facet in page.facets if facet.name == "theme"), None)
    groups: dict[str, list[Value]] = {}
    for value in view.values if view else ():
        groups.setdefault(value.group, []).append(value)
    return visit.render("themes.html", query=Query(), groups=groups)


def coverage(visit: Visit, engine: Engine) -> Response:
    """Return articles per month, undated ones, and the facts of the index."""
    almanac = visit.site.almanac(engine)
    return visit.render(
        "coverage.html",
        query=Query(),
        stats=engine.stats(),
        rows=almanac.coverage(),
        undated=almanac.undated,
        documents=len(visit.site.shelf(engine)),
        provenance=visit.site.provenance(engine),
        disputed=_disputed(visit, engine),
    )


def _disputed(visit: Visit, engine: Engine) -> list[tuple[Document, list[str]]]:
    """Return documents whose certain sources disagree on the day in force or the day of the end, with the days."""
    found = islice(visit.site.standing(engine).force.contradictions(), _DISPUTED)
    named = ((engine.document(slug), [edge.day for edge in edges]) for slug, edges in found)
    return [(document, days) for document, days in named if document]


def about(visit: Visit, engine: Engine | None) -> Response:
    """Return the page about the site and its query language."""
    return visit.render("about.html", query=Query(), stats=engine.stats() if engine else None)


def saved(visit: Visit, engine: Engine | None) -> Response:
    """Return saved and recent searches: the page is empty, the browser alone knows them."""
    return visit.render("saved.html", query=Query())


def api(visit: Visit, engine: Engine | None) -> Response:
    """Return API v1 for people: its OpenAPI document as a page."""
    server = f"{visit.links.prefix}/api/v1"
    return visit.render("api.html", query=Query(), server=server, routes=openapi.routes(visit.lang))


# "tháng 10/2021", "trong tháng 10 năm 2021", "10-2021"; a day belongs to a document.
_MONTH: Final = re.compile(
    r"""(?<!\w)(?:(?:trong|vào|vao)\s+)?(?P<said>(?<!\d\s)(?:tháng|thang)\s+)?(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])
    (?:(?P<sign>[/-])|\s+(?:(?:năm|nam)\s+)?)(?P<year>(?:19|20)\d\d)(?![\w/-])""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Offer:
    """The same query without the month, which filters the dates instead. month: ISO."""

    month: str
    text: str
    total: int
    url: str


def _month_offer(visit: Visit, engine: Engine, query: Query, page: Page) -> _Offer | None:
    """Return the query's results in the month that it names; None where it names none, or already has a date filter.

    None also where the month is the number of a document: "thông tư liên tịch 01/2018".
    """
    months = list(_MONTH.finditer(query.text))
    found = months[0] if len(months) == 1 else None  # two are a span
    numbers = [leaf.text for leaf in positive(page.query.tree) if isinstance(leaf, Number)] if page.query.tree else []
    if found and any(found.group().strip() in said for said in numbers):
        return None
    if not found or query.since or query.until or query.filters.get("date"):
        return None
    rest = " ".join(f"{query.text[: found.start()]} {query.text[found.end() :]}".split())
    month = f"{found['year']}-{int(found['month']):02}"
    if not rest or not is_valid(month) or not (found["said"] or found["sign"]):  # "nhiệm kỳ 5 2020"
        return None
    filters: Mapping[str, tuple[str, ...]] = MappingProxyType({**query.filters, "date": (month,)})
    asked = replace(query, text=rest, filters=filters, page=1, after="")
    total = search(engine, replace(asked, size=1, facets=(), steps=()), whole=False).total
    return _Offer(month, rest, total, visit.links.results(asked)) if total else None
