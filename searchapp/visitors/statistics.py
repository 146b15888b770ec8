"""Who asked what today, in memory only: clients as salted hashes, forgotten with their salt when the day ends.

What the counts tell the operator: sought and not found, found and not opened, filters, spellings, proposals.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

from searchapp import dates, visitors
from searchapp.errors import SettingsError, StateError
from searchapp.text.normalize import normalize

_VOLATILE: Final = """
CREATE TABLE IF NOT EXISTS salt (day TEXT PRIMARY KEY, salt BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (hash BLOB, client BLOB, PRIMARY KEY (hash, client)) WITHOUT ROWID;
"""
_MOST: Final = 200_000  # pairs of a day; more is a flood, and is not told apart

ARROW: Final = " → "
"""Between the two spellings of an offer that was taken."""
_FEW: Final = 0.2  # opened for fewer of those who asked: the first page does not answer


class Today:
    """The clients of this day. folder: one in memory that all workers of a server share; None: this process alone."""

    def __init__(self, folder: Path | None) -> None:
        place = str(folder / "asked.sqlite") if folder else ":memory:"
        self._rows = sqlite3.connect(place, timeout=1.0, isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode=MEMORY")
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.executescript(_VOLATILE)

    def clients(self, day: str, what: bytes, client: str) -> int:
        """How many different clients asked this today, with this one."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            salt = self._salt(day)
            who = hashlib.blake2b(client.encode(), key=salt, digest_size=8).digest()
            if self._rows.execute("SELECT count(*) FROM asked").fetchone()[0] < _MOST:
                self._rows.execute("INSERT OR IGNORE INTO asked VALUES (?, ?)", (what, who))
            return int(self._rows.execute("SELECT count(*) FROM asked WHERE hash = ?", (what,)).fetchone()[0])
        finally:
            self._rows.execute("COMMIT")

    def _salt(self, day: str) -> bytes:
        row = self._rows.execute("SELECT salt FROM salt WHERE day = ?", (day,)).fetchone()
        if row:
            return bytes(row[0])
        salt = secrets.token_bytes(32)
        self._rows.execute("DELETE FROM salt")
        self._rows.execute("DELETE FROM asked")
        self._rows.execute("INSERT INTO salt VALUES (?, ?)", (day, salt))
        return salt


ENOUGH: Final = 5
"""Different days, or different clients of one day, that must ask a text before it is written down."""
MAX_CHARS: Final = 120  # a longer text is a question of one person
FILE: Final = "statistics.sqlite"

Kind: TypeAlias = Literal["query", "filter", "spelling"]

# Without row numbers and times: the order of the rows is that of their texts.
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (
  hash BLOB PRIMARY KEY, day TEXT, days INT, asked INT, empty INT, opened INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counted (
  kind TEXT, text TEXT, month TEXT, asked INT, empty INT, opened INT, PRIMARY KEY (kind, text, month)) WITHOUT ROWID;
"""
# Of one person, however many ask: addresses of mail, numbers of telephones, of identity cards, of accounts.
_PERSONAL: Final = re.compile(r"\S@\S|\d(?:[ .-]?\d){8,}")


def spoken(text: str) -> str:
    """A query as it is counted: small letters, single spaces; "" for what never is.

    >>> spoken("  Học phí  ĐẠI HỌC "), spoken("an@example.org"), spoken("0912 345 678")
    ('học phí đại học', '', '')
    """
    plain = " ".join(normalize(text).lower().split())
    return "" if len(plain) > MAX_CHARS or _PERSONAL.search(plain) else plain


@dataclass(frozen=True, slots=True)
class _Count:
    asked: int = 0
    empty: int = 0
    opened: int = 0


class Statistics:
    """The counts of an archive. keep: days after which a count goes; shared: as `Today.folder`.

    A count that cannot be written is lost: no visitor waits for it.
    """

    def __init__(
        self, state: Path, keep: int, shared: Path | None = None, today: Callable[[], date] = dates.today
    ) -> None:
        self._path, self._keep, self._today = state / FILE, keep, today
        self._clients = Today(shared)
        self._lock = Lock()
        self._open: sqlite3.Connection | None = None
        self._swept = ""

    def asked(self, kind: Kind, text: str, client: str, *, empty: bool = False) -> None:
        """A client asked this; empty: and nothing was found."""
        self._count(kind, text, _Count(asked=1, empty=int(empty)), client)

    def opened(self, text: str) -> None:
        """Somebody opened a result of this query."""
        self._count("query", text, _Count(opened=1), None)

    def _count(self, kind: Kind, text: str, more: _Count, client: str | None) -> None:
        plain = spoken(text)
        if not plain:
            return
        with self._lock, suppress(sqlite3.Error, OSError, SettingsError, StateError):
            rows = self._rows()
            rows.execute("BEGIN IMMEDIATE")
            try:
                self._write(rows, kind, plain, more, client)
            finally:
                rows.execute("COMMIT")

    def _rows(self) -> sqlite3.Connection:
        """The open file; a new one where it was deleted meanwhile."""
        if self._open is None or not self._path.exists():
            self._open = visitors.private_database(self._path, _TABLES, wait=0.5)
            self._open.execute("PRAGMA synchronous=NORMAL")
        return self._open

    def _write(self, rows: sqlite3.Connection, kind: Kind, text: str, more: _Count, client: str | None) -> None:
        day = self._today()
        self._sweep(rows, day)
        known = rows.execute("SELECT 1 FROM counted WHERE kind = ? AND text = ? LIMIT 1", (kind, text)).fetchone()
        if known:
            _add(rows, kind, text, day, more)
            return
        what = hashlib.blake2b(f"{kind}\0{text}".encode(), key=_secret(rows), digest_size=16).digest()
        before = rows.execute("SELECT day, days, asked, empty, opened FROM waiting WHERE hash = ?", (what,)).fetchone()
        last, days, *counts = before or ("", 0, 0, 0, 0)
        if client is not None:
            days += last != day.isoformat()
        elif not before:
            return
        told = _Count(counts[0] + more.asked, counts[1] + more.empty, counts[2] + more.opened)
        clients = self._clients.clients(day.isoformat(), what, client) if client is not None else 0
        if days >= ENOUGH or clients >= ENOUGH:
            rows.execute("DELETE FROM waiting WHERE hash = ?", (what,))
            _add(rows, kind, text, day, told)
            return
        values = (what, day.isoformat(), days, told.asked, told.empty, told.opened)
        rows.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?, ?)", values)

    def _sweep(self, rows: sqlite3.Connection, day: date) -> None:
        """Once a day: what is older than the settings allow goes."""
        if self._swept == day.isoformat():
            return
        self._swept = day.isoformat()
        oldest = (day - timedelta(days=self._keep)).isoformat()
        rows.execute("DELETE FROM waiting WHERE day < ?", (oldest,))
        rows.execute("DELETE FROM counted WHERE month < ?", (oldest[:7],))


def _secret(rows: sqlite3.Connection) -> bytes:
    rows.execute("INSERT OR IGNORE INTO secret VALUES ('texts', ?)", (secrets.token_bytes(32),))
    return bytes(rows.execute("SELECT value FROM secret WHERE name = 'texts'").fetchone()[0])


def _add(rows: sqlite3.Connection, kind: Kind, text: str, day: date, more: _Count) -> None:
    rows.execute(
        "INSERT INTO counted VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET asked = asked + excluded.asked,"
        " empty = empty + excluded.empty, opened = opened + excluded.opened",
        (kind, text, day.isoformat()[:7], more.asked, more.empty, more.opened),
    )


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
    with visitors.explained(path), closing(_readable(path)) as rows:
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


def _readable(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)


def forget(state: Path, text: str = "") -> bool:
    """Delete every count, or those of one text; whether there was something."""
    path = state / FILE
    if not text:
        return visitors.remove_database(path)
    if not path.exists():
        return False
    with visitors.explained(path), closing(visitors.private_database(path, "")) as rows:
        gone = rows.execute("DELETE FROM counted WHERE text = ?", (spoken(text),)).rowcount
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone > 0


def _of(rows: sqlite3.Connection, kind: Kind) -> list[Row]:
    found = rows.execute(
        "SELECT text, sum(asked), sum(empty), sum(opened) FROM counted WHERE kind = ? GROUP BY text"
        " ORDER BY sum(asked) DESC, text",
        (kind,),
    )
    return [Row(text, asked, empty, min(opened, asked)) for text, asked, empty, opened in found]


def _is_seldom_opened(row: Row) -> bool:
    return row.empty * 2 <= row.asked and row.opened < row.asked * _FEW
