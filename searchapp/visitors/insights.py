"""What the counts tell the operator: sought and not found, found and not opened, filters, spellings, proposals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from searchapp.visitors import private
from searchapp.visitors.statistics import FILE, Kind, spoken

ARROW: Final = " → "
"""Between the two spellings of an offer that was taken."""
_FEW: Final = 0.2  # opened for fewer of those who asked: the first page does not answer


@dataclass(frozen=True, slots=True)
class Row:
    """A text and how often it was asked, in vain, and with a result opened."""

    text: str
    asked: int
    empty: int = 0
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Insights:
    """since: the first month that is kept. The rows of each list stand in the order of their counts."""

    since: str = ""
    queries: tuple[Row, ...] = ()
    nothing_found: tuple[Row, ...] = ()
    seldom_opened: tuple[Row, ...] = ()
    filters: tuple[Row, ...] = ()
    spellings: tuple[Row, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON knows it."""
        return asdict(self)

    def proposals(self) -> Iterator[tuple[str, str]]:
        """(table, row to fill in) for the operator's own tables; "?" stands for what a person has to say."""
        for row in self.spellings:
            typed, _, meant = row.text.partition(ARROW)
            yield "lay_terms.tsv", f"{typed}\t{meant}\t"
        for row in self.nothing_found:
            yield "lay_terms.tsv", f"{row.text}\t?\t"
        for row in self.seldom_opened:
            yield "pins.tsv", f"{row.text}\t?\t"


def insights(state: Path, limit: int = 20) -> Insights:
    """What the counts of this folder tell; limit: rows of each list."""
    path = state / FILE
    if not path.exists():
        return Insights()
    rows = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)
    try:
        since = rows.execute("SELECT coalesce(min(month), '') FROM counted").fetchone()[0]
        queries = _of(rows, "query")
        return Insights(
            since=since,
            queries=tuple(queries[:limit]),
            nothing_found=tuple(sorted((r for r in queries if r.empty * 2 > r.asked), key=lambda r: -r.empty)[:limit]),
            seldom_opened=tuple([r for r in queries if _is_seldom_opened(r)][:limit]),
            filters=tuple(_of(rows, "filter")[:limit]),
            spellings=tuple(_of(rows, "spelling")[:limit]),
        )
    finally:
        rows.close()


def forget(state: Path, text: str = "") -> bool:
    """Delete every count, or those of one text; whether there was something."""
    path = state / FILE
    if not text:
        return private.remove(path)
    if not path.exists():
        return False
    rows = private.database(path, "")
    try:
        gone = rows.execute("DELETE FROM counted WHERE text = ?", (spoken(text),)).rowcount
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone > 0
    finally:
        rows.close()


def _of(rows: sqlite3.Connection, kind: Kind) -> list[Row]:
    found = rows.execute(
        "SELECT text, sum(asked), sum(empty), sum(opened) FROM counted WHERE kind = ? GROUP BY text"
        " ORDER BY sum(asked) DESC, text",
        (kind,),
    )
    return [Row(text, asked, empty, min(opened, asked)) for text, asked, empty, opened in found]


def _is_seldom_opened(row: Row) -> bool:
    return row.empty * 2 <= row.asked and row.opened < row.asked * _FEW
