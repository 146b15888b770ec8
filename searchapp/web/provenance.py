"""What a generation holds, read once for all pages: articles' origins, articles of each day, the last reindex."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import Calendar
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from searchapp import report
from searchapp.article import Article
from searchapp.dates import is_valid
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.report import Kind, Origin, Origins, load_origins
from searchapp.text.encodings import TWICE

_TOLD: Final = (
    "read", "new", "changed", "unchanged", "removed", "copies", "skipped", "undated", "themeless", "suspicious"
)  # fmt: skip
# The report's name → end of the key of its text; any other name is an encoding.
_MENDED: Final = {
    "letters in pieces (NFD)": "pieces",
    "Ð for Đ": "eth",
    "private-use characters": "private",
    "control characters": "control",
    TWICE: "twice",
}
_FEEDS: Final = (".rss", ".atom", ".xml", ".json")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The facts of one generation about its sources. report: as in report.json, empty where there is none."""

    generation: str
    origins: Origins
    report: dict[str, Any]

    @classmethod
    def of(cls, index: Path, generation: str) -> Provenance:
        """Read the files beside a generation."""
        folder = index / generation
        return cls(generation, load_origins(folder), report.load(folder))

    def told(self) -> list[tuple[str, int]]:
        """Return the counts of the report, by the ends of the keys of their texts; nothing where there is no report."""
        report, sizes = self.report, {name: len(self.report.get(name, ())) for name in ("skipped", "suspicious")}
        counts = {name: report.get(name, 0) for name in _TOLD}
        return [(name, sizes.get(name, counts[name])) for name in _TOLD] if report else []

    def skipped(self) -> dict[str, int]:
        """Return how many files and rows were skipped, by the code of the reason, the most frequent first."""
        return dict(Counter(bad.get("code", "other") for bad in self.report.get("skipped", ())).most_common())

    def converted(self) -> list[tuple[str, str, int]]:
        """Return end of the key of its text, name of the encoding and number of files, the most frequent first."""
        counts = sorted(self.report.get("converted", {}).items(), key=lambda one: -one[1])
        return [(_MENDED.get(name, "encoding"), _encoding(name), count) for name, count in counts]

    def sources(self, shown: Article) -> tuple[Origin, ...]:
        """Return every place of an article, the served one first."""
        return self.origins.get(shown.key) or (Origin(_kind(shown.path), shown.path),)


def _encoding(name: str) -> str:
    """Return the name as people write it: "UTF-16", "TCVN3", "Windows-1258"."""
    return name.capitalize() if name.startswith("windows") else name.upper().removesuffix("-LE").removesuffix("-BE")


def _kind(path: str) -> Kind:
    if ".warc" in path:
        return "page"
    return "feed" if PurePosixPath(path).suffix.lower() in _FEEDS else "file"


@dataclass(frozen=True, slots=True)
class Almanac:
    """Day counts of one generation. days: ISO days that have articles, in order; months also count month-only dates."""

    generation: str
    days: tuple[str, ...]
    counts: Mapping[str, int]
    months: Mapping[str, int]
    years: Mapping[str, int]
    undated: int

    @classmethod
    def of(cls, engine: Engine) -> Almanac:
        """Return the counts from one query over everything."""
        steps = engine.search(Query(size=1, steps=("year", "month", "day"))).steps
        days = {date: count for date, count in steps.get("day", ()) if len(date) == 10 and is_valid(date)}
        years = {date: count for date, count in steps.get("year", ()) if is_valid(date)}
        months = {date: count for date, count in steps.get("month", ()) if len(date) == 7 and is_valid(date)}
        undated = dict(steps.get("year", ())).get("unknown", 0)
        return cls(engine.generation, tuple(sorted(days)), days, months, years, undated)

    def before(self, date: str) -> str:
        """Return the last day with articles before this day or month, "" if there is none."""
        at = bisect_left(self.days, date)
        return self.days[at - 1] if at else ""

    def after(self, date: str) -> str:
        """Return the first day with articles after this day or month, "" if there is none."""
        at = bisect_right(self.days, date + ("-99" if len(date) == 7 else ""))
        return self.days[at] if at < len(self.days) else ""

    def same_day(self, date: str) -> tuple[tuple[str, int], ...]:
        """Return the same day (or month) of other years, newest first, with counts."""
        counts = self.counts if len(date) == 10 else self.months
        return tuple((d, counts[d]) for d in sorted(counts, reverse=True) if d[5:] == date[5:] and d != date)

    def other_year(self, date: str, step: int) -> tuple[str, int]:
        """Return the same day or month one year earlier (-1) or later (1) and its articles; ("", 0) out of the
        collection.
        """
        other = f"{int(date[:4]) + step:04}{date[4:]}"
        if not is_valid(other) or not self.days or not self.days[0][:4] <= other[:4] <= self.days[-1][:4]:
            return "", 0
        return other, (self.counts if len(date) == 10 else self.months).get(other, 0)

    def weeks(self, month: str) -> list[list[tuple[str, int]]]:
        """Return weeks of a month, Monday first: (ISO day, count); the days of other months are ("", 0)."""
        year, number = map(int, month.split("-"))
        return [
            [(f"{month}-{day:02}", self.counts.get(f"{month}-{day:02}", 0)) if day else ("", 0) for day in week]
            for week in Calendar().monthdayscalendar(year, number)
        ]

    def coverage(self) -> list[tuple[str, list[tuple[str, int, int]], int]]:
        """Return years newest first: (year, its twelve (month, count, shade 0 to 4), articles of that year)."""
        most = max(self.months.values(), default=0)
        rows = []
        for year in sorted(self.years, reverse=True):
            names = [f"{year}-{month:02}" for month in range(1, 13)]
            cells = [(name, self.months.get(name, 0)) for name in names]
            shaded = [(name, count, -(-4 * count // most) if most else 0) for name, count in cells]
            rows.append((year, shaded, self.years[year]))
        return rows
