"""The timeline over a result set as drawing data: bars with links, labels, markers. The template writes the SVG."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from searchapp.dates import span
from searchapp.query import Query
from searchapp.results import Page
from searchapp.web.links import Links, between

HEIGHT: Final = 64  # of the tallest bar, in pixels
TOP: Final = 14  # room for the markers' labels
MAX_WIDTH: Final = 6.0  # percent; two bars should not look like two walls
MAX_LABELS: Final = 6  # what a phone of 360 px has room for
YEAR_ROOM: Final = 0.12  # the part of such a phone's timeline that a year takes


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: x and width in percent, y and height in pixels; url narrows the results to it; label "" for none."""

    date: str
    count: int
    x: float
    width: float
    y: float
    height: float
    url: str
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated event on the timeline; x in percent; text stands on the side where there is room."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the template draws; back: URL with the date limits lifted, "" where there are none.

    start: the bar that the Tab key reaches; arrow keys walk on from there.
    """

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    step: str
    back: str
    start: str
    height: int = TOP + HEIGHT


def draw(
    page: Page, query: Query, links: Links, events: Iterable[tuple[str, str]] = (), most: int = 0
) -> Timeline | None:
    """The timeline of a page; None where there is nothing to compare. events: (ISO day, what happened).

    most: the count of a bar of full height, that of the tallest where it is 0; two timelines side by side share it.
    """
    buckets = _filled([(b.date, b.count) for b in page.timeline], page.timeline_step)
    limited = bool(query.since or query.until)
    if len(page.timeline if not limited else buckets) < 2:  # a limited one leads back to the whole
        return None
    most = most or max(count for _, count in buckets) or 1
    slot = 100 / len(buckets)
    width = min(slot * 0.82, MAX_WIDTH)
    every = -(-len(buckets) // MAX_LABELS)
    bars = []
    for at, (date, count) in enumerate(buckets):
        height = max(2.0, round(HEIGHT * count / most, 1)) if count else 0.0
        first, last = span(date)
        bars.append(
            Bar(
                date=date,
                count=count,
                x=round(at * slot + (slot - width) / 2, 3),
                width=round(width, 3),
                y=TOP + HEIGHT - height,
                height=height,
                url=links.results(between(query, first, last)),
                label=_label(date, at, every, buckets),
                chosen=bool(query.since) and query.since <= first and last <= (query.until or last),
            )
        )
    back = links.results(between(query, "", "")) if limited else ""
    full = [bar for bar in bars if bar.count]
    start = next((bar.date for bar in full if bar.chosen), full[-1].date if full else "")
    return Timeline(tuple(bars), tuple(_marks(events, buckets, slot)), page.timeline_step, back, start)


def _label(date: str, at: int, every: int, buckets: Sequence[tuple[str, int]]) -> str:
    if len(date) == 7 and len(buckets) > MAX_LABELS:  # months: the year where it begins, and at the left edge
        room = (13 - int(date[5:])) / len(buckets) > YEAR_ROOM  # before the January that has its own label
        return date[:4] if date.endswith("-01") or (at == 0 and room) else ""
    if at % every:
        return ""
    return "/".join(str(int(part)) for part in reversed(date.split("-")[-2:])) if len(date) > 4 else date


def _marks(events: Iterable[tuple[str, str]], buckets: Sequence[tuple[str, int]], slot: float) -> Iterable[Mark]:
    names = [date for date, _ in buckets]
    size = len(names[0])
    for day, text in events:
        if day[:size] not in names:
            continue
        x = round((names.index(day[:size]) + _fraction(day, size)) * slot, 2)
        yield Mark(x, text, "end" if x > 50 else "start")


def _fraction(day: str, size: int) -> float:
    """How far into its bar a day lies."""
    year, month, number = map(int, day.split("-"))
    within = (number - 1) / monthrange(year, month)[1]
    return {4: (month - 1 + within) / 12, 7: within}.get(size, 0.5)


def _filled(buckets: Sequence[tuple[str, int]], step: str) -> list[tuple[str, int]]:
    """Days of a month without articles count too, or the eye would take neighbours for neighbours in time."""
    if step != "day" or not buckets:
        return list(buckets)
    counts, month = dict(buckets), buckets[0][0][:7]
    days = [f"{month}-{day:02}" for day in range(1, int(span(month)[1][-2:]) + 1)]
    return [(day, counts.get(day, 0)) for day in days]
