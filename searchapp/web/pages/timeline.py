"""Draw the timeline over a result set as data: bars with links, labels, markers. The template writes the SVG."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.dates import display, span
from searchapp.query import Query
from searchapp.results import Page
from searchapp.web import texts
from searchapp.web.links import Lang, Links, between

_HEIGHT: Final = 40  # of the tallest bar, in pixels
TOP: Final = 14  # room for the markers' labels
_MAX_WIDTH: Final = 6.0  # percent; two bars should not look like two walls
_MAX_LABELS: Final = 6  # a phone of 360 px has room for six
MONTHS: Final = 24  # with more months, only the years have labels
_YEAR_ROOM: Final = 0.12  # the part of a phone's timeline that a year takes
_NARROW: Final = 290  # pixels of a timeline on such a phone
_WIDE: Final = 600  # pixels from which on a timeline is wide, as in the style
LETTER: Final = 6.2  # pixels of a letter of a mark's name
_LABEL_GAP: Final = 4  # pixels between a mark and its name


@dataclass(frozen=True, slots=True)
class _Bar:
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
class Event:
    """A day that a timeline may mark; short: another name for where there is little room."""

    day: str
    text: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a mark, on the side of it where there is room ("start" or "end"); text "" where there is none."""

    text: str = ""
    anchor: str = "start"
    short: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated event on the timeline; x in percent; its names on a narrow and on a wide one."""

    x: float
    narrow: Label
    wide: Label


@dataclass(frozen=True, slots=True)
class Timeline:
    """The data that the template draws; back: URL with the date limits lifted, "" where there are none.

    start: the bar that the Tab key reaches; arrow keys walk on from there.
    """

    bars: tuple[_Bar, ...]
    marks: tuple[Mark, ...]
    step: str
    back: str
    start: str
    height: int = TOP + _HEIGHT

    @property
    def shortened(self) -> str:
        """Return where the marks have short names, which need an explanation: "always", "narrow" or nowhere."""
        if any(mark.wide.short for mark in self.marks):
            return "always"
        return "narrow" if any(mark.narrow.short for mark in self.marks) else ""


def draw(page: Page, query: Query, links: Links, events: Iterable[Event] = (), most: int = 0) -> Timeline | None:
    """Return the timeline of a page; None where there is nothing to compare.

    most: the count of a bar of full height, that of the tallest where it is 0. Two timelines side by side share it.
    """
    buckets = _filled([(b.date, b.count) for b in page.timeline], page.timeline_step)
    limited = bool(query.since or query.until)
    if len(page.timeline if not limited else buckets) < 2:  # a limited timeline leads back to the whole
        return None
    most = most or max(count for _, count in buckets) or 1
    slot = 100 / len(buckets)
    width = min(slot * 0.82, _MAX_WIDTH)
    every = -(-len(buckets) // _MAX_LABELS)
    bars = []
    begin, end = _around_days(links, query)
    for at, (date, count) in enumerate(buckets):
        height = max(2.0, round(_HEIGHT * count / most, 1)) if count else 0.0
        first, last = span(date)
        bars.append(
            _Bar(
                date=date,
                count=count,
                x=round(at * slot + (slot - width) / 2, 3),
                width=round(width, 3),
                y=TOP + _HEIGHT - height,
                height=height,
                url=f"{begin}tu={first}&den={last}{end}",
                label=_label(date, at, every, buckets, links.lang),
                chosen=bool(query.since) and query.since <= first and last <= (query.until or last),
            )
        )
    back = links.results(between(query, "", "")) if limited else ""
    full = [bar for bar in bars if bar.count]
    start = next((bar.date for bar in full if bar.chosen), full[-1].date if full else "")
    return Timeline(tuple(bars), tuple(_marks(events, buckets, slot)), page.timeline_step, back, start)


def _around_days(links: Links, query: Query) -> tuple[str, str]:
    """Return the parts of a bar's URL before and behind its two days: built once, not for each bar."""
    day = "0001-01-01"
    begin, _, end = links.results(between(query, day, day)).partition(f"tu={day}&den={day}")
    return begin, end


def _label(date: str, at: int, every: int, buckets: Sequence[tuple[str, int]], lang: Lang) -> str:
    if len(date) == 7 and len(buckets) > MONTHS:  # the label of a year stands at its beginning, and at the left edge
        room = (13 - int(date[5:])) / len(buckets) > _YEAR_ROOM  # before the January that has its own label
        return date[:4] if date.endswith("-01") or (at == 0 and room) else ""
    if at % every:
        return ""
    if len(date) == 4:
        return date
    year, month, *day = date.split("-")
    if lang == "en":
        name = texts.MONTHS[int(month) - 1][:3]
        told = at and buckets[at - every][0][:4] == year  # the label before it has said the year
        return f"{int(day[0])} {name}" if day else name if told else f"{name} {year}"
    return display(date).rpartition("/")[0] if day else display(date)


def _marks(events: Iterable[Event], buckets: Sequence[tuple[str, int]], slot: float) -> list[Mark]:
    names = [date for date, _ in buckets]
    size = len(names[0])
    placed = [
        (round((names.index(event.day[:size]) + _fraction(event.day, size)) * slot, 2), event)
        for event in events
        if event.day[:size] in names
    ]
    placed.sort(key=lambda one: one[0])
    narrow, wide = _labels(placed, _NARROW), _labels(placed, _WIDE)
    return [Mark(x, small, large) for (x, _), small, large in zip(placed, narrow, wide, strict=True)]


def _labels(placed: Sequence[tuple[float, Event]], pixels: int) -> list[Label]:
    """Return full names where all of them have room, else short ones. Where too many stand close, only some have a
    name.
    """
    labels = _fitted([(x, event.text) for x, event in placed], pixels)
    if all(label.text for label in labels):
        return labels
    short = [(x, event.short or event.text) for x, event in placed]
    labels = _fitted(short, pixels)
    if not all(label.text for label in labels):
        labels = _fitted(short, pixels, crossing=True)
    return [replace(label, short=bool(event.short)) for label, (_, event) in zip(labels, placed, strict=True)]


def _fitted(placed: Sequence[tuple[float, str]], pixels: int, *, crossing: bool = False) -> list[Label]:
    """Return each name to the right of its mark (crossing: even across the next mark), else to the left, else none."""
    labels, free = [], 0.0  # percent from which on the line is empty
    for at, (x, text) in enumerate(placed):
        until = placed[at + 1][0] if at + 1 < len(placed) and not crossing else 100.0
        width = 100 * (len(text) * LETTER + 2 * _LABEL_GAP) / pixels
        if x >= free and x + width <= until:
            labels.append(Label(text))
            free = x + width
        elif x - width >= free:
            labels.append(Label(text, "end"))
            free = x
        else:
            labels.append(Label())
            free = max(free, x)
    return labels


def _fraction(day: str, size: int) -> float:
    """Return how far into its bar a day lies."""
    year, month, number = map(int, day.split("-"))
    within = (number - 1) / monthrange(year, month)[1]
    return {4: (month - 1 + within) / 12, 7: within}.get(size, 0.5)


def _filled(buckets: Sequence[tuple[str, int]], step: str) -> list[tuple[str, int]]:
    """Return counts with empty days of a month, or the eye would take neighbours for neighbours in time."""
    if step != "day" or not buckets:
        return list(buckets)
    counts, month = dict(buckets), buckets[0][0][:7]
    days = [f"{month}-{day:02}" for day in range(1, int(span(month)[1][-2:]) + 1)]
    return [(day, counts.get(day, 0)) for day in days]
