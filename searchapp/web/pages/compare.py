"""Compare two periods of one query side by side: totals, course over time, and the values that each mentions more."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from flask import Response

from searchapp.dates import is_valid, span, today
from searchapp.engine import Engine
from searchapp.query import STEPS, Query
from searchapp.results import Page
from searchapp.search import search
from searchapp.web import links
from searchapp.web.pages.timeline import Timeline, draw
from searchapp.web.request import Visit

_A_DAY: Final = timedelta(1)
Days: TypeAlias = tuple[str, str]

FACETS: Final = ("theme", "document", "source", "section")
ROWS: Final = 8  # compared values of a facet
_YEAR: Final = 4  # characters of an ISO year


@dataclass(frozen=True, slots=True)
class _Period:
    """One of the two periods: its days, its results, and their address."""

    since: str
    until: str
    label: str
    total: int
    url: str
    timeline: Timeline | None


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of a value in each period; widths in percent of the largest count of its table."""

    label: str
    counts: tuple[int, int]
    widths: tuple[float, float]
    urls: tuple[str, str]


def comparison(visit: Visit, engine: Engine) -> Response:
    """Return the comparison: the first period is that of the URL's `tu` and `den`, the second that of `tu_2` and
    `den_2`.
    """
    asked = replace(visit.query(), page=1, size=1, after="", sort="newest", facets=FACETS, steps=STEPS)
    spans = periods(visit, engine, asked)
    queries = [links.between(asked, *days) for days in spans]
    pages = [search(engine, query) for query in queries]
    most = tallest(pages)
    shown = [_listed(query) for query in queries]
    everything = _listed(links.between(asked, "", ""))
    return visit.render(
        "compare.html",
        query=asked,
        periods=[
            _period(visit, days, page, query, most) for days, page, query in zip(spans, pages, shown, strict=True)
        ],
        change=change(visit, pages[0].total, pages[1].total),
        tables=[(name, table) for name in FACETS if (table := rows(visit, name, pages, shown))],
        kept=links.parameters(replace(everything, text="")),
        all_results=visit.links.results(everything),
    )


def _listed(query: Query) -> Query:
    """Return the query as its page of results has it."""
    return replace(query, sort="relevance", size=links.SIZES[0])


def tallest(pages: Sequence[Page]) -> int:
    """Return the common full height of both timelines; 0 where one shows months and the other days."""
    if len({page.timeline_step for page in pages if page.timeline}) != 1:
        return 0
    return max(bucket.count for page in pages for bucket in page.timeline)


def _period(visit: Visit, days: Days, page: Page, query: Query, most: int) -> _Period:
    whole = links.between(query, "", "")  # the period is the whole of it: nothing stands out
    line = draw(page, whole, visit.links, most=most)
    return _Period(*days, visit.say_range(*days), page.total, visit.links.results(query), line)


def periods(visit: Visit, engine: Engine, asked: Query) -> tuple[Days, Days]:
    """Return both periods, the earlier first where the page chooses it: the time before the given period, or the last
    year.
    """
    first, second = (asked.since, asked.until), visit.second_period()
    if not any(second):
        dates = [d for d in asked.filters.get("date", ()) if is_valid(d)]
        second = first if any(first) else span(dates[0] if len(dates) == 1 else _last_year(visit, engine, asked))
        first = before(second)
    elif not any(first):
        first = before(second)
    return first, second


def before(days: Days) -> Days:
    """Return the same days as many years earlier as they cover; where one end is open, the time on its other side."""
    since, until = (date.fromisoformat(day) if day else None for day in days)
    if since and until:
        years = until.year - since.year + 1
        return _earlier(since, years), _earlier(until, years)
    if since:
        return "", (max(since, date.min + _A_DAY) - _A_DAY).isoformat()
    return ((min(until, date.max - _A_DAY) + _A_DAY).isoformat(), "") if until else ("", "")


def _earlier(day: date, years: int) -> str:
    year = max(1, day.year - years)
    last = monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last)).isoformat()


def _last_year(visit: Visit, engine: Engine, asked: Query) -> str:
    page = search(engine, replace(links.between(asked, "", ""), facets=("theme",), steps=("year",)))
    days = visit.site.almanac(engine).days
    return page.timeline[-1].date if page.timeline else (days[-1] if days else today().isoformat())[:_YEAR]


def change(visit: Visit, first: int, second: int) -> str:
    """Return the difference of the second total from the first, in words."""
    if first == second:
        return visit.say("compare.same")
    more = visit.say("compare.more" if second > first else "compare.fewer", n=abs(second - first))
    if not first:  # zero is no base for a percentage
        return more
    return f"{more} ({'+' if second > first else '−'}{visit.number(round(abs(second - first) * 100 / first))}%)"


def rows(visit: Visit, name: str, pages: Sequence[Page], queries: Sequence[Query]) -> list[Row]:
    """Return the values of a facet that are most frequent in both periods together."""
    found = [_values(visit, page, name) for page in pages]
    totals = {value: sum(one.get(value, ("", 0))[1] for one in found) for one in found for value in one}
    chosen = sorted(totals, key=lambda value: -totals[value])[:ROWS]
    most = max((one[value][1] for one in found for value in chosen if value in one), default=1)
    table = []
    for value in chosen:
        label = next(one[value][0] for one in found if value in one)
        old, new = (one.get(value, ("", 0))[1] for one in found)
        urls = [visit.links.results(links.chosen(query, name, value)) for query in queries]
        table.append(Row(label, (old, new), (100 * old / most, 100 * new / most), (urls[0], urls[1])))
    return table


def _values(visit: Visit, page: Page, name: str) -> dict[str, tuple[str, int]]:
    view = next((view for view in page.facets if view.name == name), None)
    return (
        {value.value: (visit.say_value(name, value), value.count) for value in view.values if value.count}
        if view
        else {}
    )
