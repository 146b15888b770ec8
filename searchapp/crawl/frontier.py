"""Keep the addresses of a site on disk, known and still to ask for, so that a run can stop and go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from searchapp.errors import BusyIndexError

NAME: Final = ".frontier.sqlite"

Kind: TypeAlias = Literal["page", "sitemap", "feed"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS address (
    number INTEGER PRIMARY KEY, url TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL,
    hops INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0, checked REAL NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '', changed TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '', payload TEXT NOT NULL DEFAULT '', captured TEXT NOT NULL DEFAULT '',
    words INTEGER NOT NULL DEFAULT 0, shape TEXT NOT NULL DEFAULT '', barren INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS address_due ON address (due, kind, depth, number);
CREATE INDEX IF NOT EXISTS address_shape ON address (shape, barren);
CREATE INDEX IF NOT EXISTS address_words ON address (words);
CREATE TABLE IF NOT EXISTS sentence (hash TEXT PRIMARY KEY, pages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (number INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'new', soft INTEGER DEFAULT 0);
"""
# "page" sorts before "sitemap"; addresses that lead to many pages are asked for first.
_NEXT: Final = """
SELECT * FROM address WHERE due = ? ORDER BY CASE kind WHEN 'page' THEN 1 ELSE 0 END, depth, number LIMIT 1
"""


@dataclass(slots=True)
class Known:
    """One address. depth: links from a start page; hops: redirects that led to it; due: the run that shall ask for it.

    checked: time of the last request; etag, modified: the server's values for the next request; changed: the time of
    change by a sitemap; content: digest of the last good answer; payload, captured: digest and date of its record;
    words: of its Outline; barren: 1 when it had no text and no new links, -1 when it had; outcome: of its last request.
    """

    number: int
    url: str
    kind: Kind
    depth: int
    hops: int
    due: int
    checked: float
    etag: str
    modified: str
    changed: str
    content: str
    payload: str
    captured: str
    words: int
    shape: str
    barren: int
    outcome: str


class Frontier:
    """The addresses of one site; only one crawl may have them open."""

    def __init__(self, folder: Path) -> None:
        """Open the addresses. Raises BusyIndexError while another crawl of the site is running."""
        self._base = sqlite3.connect(folder / NAME, timeout=1, isolation_level=None)
        try:
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("BEGIN EXCLUSIVE")
            for statement in filter(None, map(str.strip, _SCHEMA.split(";"))):
                self._base.execute(statement)
            self._base.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._base.close()
            if "locked" not in str(error):
                raise
            raise BusyIndexError(f"another crawl into {folder} is running: wait until it has ended") from None
        self.run, self.resumed = self._begun()

    def close(self) -> None:
        """Close the file; saved facts stay."""
        self._base.close()

    def begun(self) -> None:
        """Note that the run knows its first addresses: if it is stopped from now on, the next run goes on."""
        self._base.execute("UPDATE run SET state = 'begun' WHERE number = ?", (self.run,))

    def finish(self) -> None:
        """Note that the run has done all its work: the next run begins anew."""
        self._base.execute("UPDATE run SET state = 'ended' WHERE number = ?", (self.run,))

    def next(self) -> Known | None:
        """Return the next address of this run."""
        return next(self._rows(_NEXT, (self.run,)), None)

    def left(self) -> int:
        """Return how many addresses are due."""
        return int(self._one("SELECT count(*) FROM address WHERE due = ?", (self.run,)))

    def get(self, url: str) -> Known | None:
        """Return the known facts of an address."""
        return next(self._rows("SELECT * FROM address WHERE url = ?", (url,)), None)

    def add(self, url: str, kind: Kind, depth: int, *, shape: str = "", hops: int = 0, changed: str = "") -> bool:
        """Add a found address, due in this run; return False when it was known already."""
        known = self._base.execute("SELECT 1 FROM address WHERE url = ?", (url,)).fetchone()
        if known is None:
            self._base.execute(
                "INSERT INTO address (url, kind, depth, hops, due, shape, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (url, kind, depth, hops, self.run, shape, changed),
            )
        return known is None

    def ask_again(self, known: Known) -> None:
        """Make a known address due in this run."""
        self._base.execute(
            "UPDATE address SET due = ?, changed = ? WHERE number = ?", (self.run, known.changed, known.number)
        )

    def ask_again_old(self, before: float) -> None:
        """Make due every page whose last request was before that time."""
        self._base.execute("UPDATE address SET due = ? WHERE kind = 'page' AND checked < ?", (self.run, before))

    def save(self, known: Known) -> None:
        """Save the new facts of an address; the address is no longer due."""
        self._base.execute(
            "UPDATE address SET due = 0, checked = ?, etag = ?, modified = ?, changed = ?, content = ?, payload = ?, "
            "captured = ?, words = ?, barren = ?, outcome = ? WHERE number = ?",
            (known.checked, known.etag, known.modified, known.changed, known.content, known.payload, known.captured,
             known.words, known.barren, known.outcome, known.number),
        )  # fmt: skip

    def is_barren(self, shape: str, limit: int) -> bool:
        """Tell whether so many pages of a shape had no text, and none of them had any."""
        counts = "SELECT sum(barren = 1) >= ? AND sum(barren = -1) = 0 FROM address WHERE shape = ?"
        return bool(self._one(counts, (limit, shape)))

    def twin(self, known: Known) -> str:
        """Return another kept page with the same letters, "" without one."""
        query = (
            "SELECT url FROM address WHERE words = ? AND number != ? AND captured != '' "
            "AND outcome NOT LIKE 'gone%' ORDER BY number LIMIT 1"
        )
        return str(self._one(query, (known.words, known.number)) or "") if known.words else ""

    def is_common(self, sentence: str, pages: int) -> bool:
        """Tell whether more than so many pages of the site have a sentence, by its hash in `Outline.prose`."""
        return int(self._one("SELECT pages FROM sentence WHERE hash = ?", (sentence,))) > pages

    def met(self, sentences: Iterable[str]) -> None:
        """Count the sentences of a page that is read for the first time."""
        self._base.executemany(
            "INSERT INTO sentence VALUES (?, 1) ON CONFLICT (hash) DO UPDATE SET pages = pages + 1",
            [(one,) for one in sentences],
        )

    @property
    def soft(self) -> int:
        """Return the word hash of the site's page for an impossible address, 0 when the site answers "not found"."""
        return int(self._one("SELECT soft FROM run WHERE number = ?", (self.run,)))

    @soft.setter
    def soft(self, words: int) -> None:
        self._base.execute("UPDATE run SET soft = ? WHERE number = ?", (words, self.run))

    def _begun(self) -> tuple[int, bool]:
        last = self._base.execute("SELECT number, state FROM run ORDER BY number DESC LIMIT 1").fetchone()
        if last and last[1] != "ended":
            return int(last[0]), last[1] == "begun"
        number = int(last[0]) + 1 if last else 1
        self._base.execute("INSERT INTO run (number) VALUES (?)", (number,))
        return number, False

    def _rows(self, query: str, values: Iterable[object]) -> Iterator[Known]:
        return (Known(*row) for row in self._base.execute(query, tuple(values)))

    def _one(self, query: str, values: Iterable[object]) -> int | str:
        row = self._base.execute(query, tuple(values)).fetchone()
        found: int | str = (row[0] if row else 0) or 0
        return found
