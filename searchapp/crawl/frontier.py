"""Keep the addresses of a site on disk, known and still to ask for, so that a run can go on.

Decide which addresses belong to a crawl, and which only look new: session ids, endless paths, calendars.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from searchapp.config.sites import SiteSettings, matches
from searchapp.errors import BusyIndexError, StateError
from searchapp.text.urls import canonical_url, sent_url

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
SELECT * FROM address WHERE due = ? AND (outcome = ?) = ?
ORDER BY CASE kind WHEN 'page' THEN 1 ELSE 0 END, depth, number LIMIT 1
"""

BUSY: Final = "busy"
"""The outcome of an address that ended a run, because it asked for more patience than a run has."""

MAX_HOPS: Final = 3  # redirects in a row
_MAX_REPEATS: Final = 3
"""A folder that returns so often in one path comes from a wrong relative link: /tin/tin/tin/tin/."""

_SESSION: Final = re.compile(
    r"(?:php|j|asp|aspx)?sess(?:ion)?_?(?:id)?\w*|sid|cfid|cftoken|token|_ga\w*", re.IGNORECASE
)
_SESSION_IN_PATH: Final = re.compile(r";jsessionid=[^/?]*|/\(S\([a-z0-9]+\)\)", re.IGNORECASE)
_NO_PAGE: Final = re.compile(
    r"""\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff? | css|js|json|map|woff2?|ttf|eot
         | mp[34]|m4[av]|avi|wmv|mov|flv|webm|wav|ogg | zip|rar|7z|gz|exe|apk|dmg|iso | xlsx?|pptx?|csv)$""",
    re.IGNORECASE | re.VERBOSE,
)
_VARYING: Final = re.compile(r"[0-9a-f]{16,}|\d+")


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


_FORBIDDEN: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DISK: Final = 74  # the exit code of a broken disk


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Tell what became of the file of a site's addresses as a StateError; a full disk and a bug stay what they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        file, cause = folder / NAME, getattr(error, "sqlite_errorcode", 0) & 0xFF
        if cause in _DAMAGED:
            said = f"{file}: damaged: remove it: the kept pages stay, and the next run asks for all of them again"
            raise StateError(said) from error
        if cause in _FORBIDDEN:
            raise StateError(f"{file}: cannot be written by user {os.geteuid()}: check its rights") from error
        if cause == sqlite3.SQLITE_IOERR:
            raise StateError(f"{file}: cannot be read or written ({error}): look at the disk", _DISK) from error
        raise


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
        except sqlite3.DatabaseError as error:
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
        for put_off in (0, 1):
            if found := next(self._rows(_NEXT, (self.run, BUSY, put_off)), None):
                return found
        return None

    def put_off(self, known: Known) -> None:
        """Ask for an address last: it is busy, and others may not be."""
        self._base.execute("UPDATE address SET outcome = ? WHERE number = ?", (BUSY, known.number))

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

    @contextmanager
    def together(self) -> Iterator[None]:
        """Put what is added within on the disk at once: a sitemap names fifty thousand addresses."""
        self._base.execute("BEGIN")
        try:
            yield
        finally:
            self._base.execute("COMMIT")

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


class Scope:
    """The addresses of one site."""

    def __init__(self, site: SiteSettings) -> None:
        self._site = site
        begun = map(sent_url, (*site.start, *site.sitemaps, *site.feeds))
        self._secure = {urlsplit(url).netloc for url in map(canonical_url, begun) if url.startswith("https:")}

    def address(self, url: str) -> str:
        """Return one spelling of an address, without parts that name the visitor; "" for one that no crawl asks for."""
        canonical = canonical_url(_SESSION_IN_PATH.sub("", sent_url(url)))
        if not canonical:
            return ""
        parts = urlsplit(canonical)
        pairs = parse_qsl(parts.query, True)
        kept = [pair for pair in pairs if not _SESSION.fullmatch(pair[0])]
        # A host with known https is never asked without it.
        scheme = "https" if parts.netloc in self._secure else parts.scheme
        query = parts.query if len(kept) == len(pairs) else urlencode(kept)
        return urlunsplit((scheme, parts.netloc, parts.path, query, ""))

    def is_inside(self, url: str) -> bool:
        """Tell whether an address is on one of the site's hosts."""
        return urlsplit(url).netloc in self._site.hosts

    def is_page(self, url: str) -> bool:
        """Tell whether an address is on the site's hosts and looks like a page, not a picture, film or program."""
        return self.is_inside(url) and not _NO_PAGE.search(urlsplit(url).path)

    def refusal(self, url: str) -> str:
        """Return the reason not to ask for a page of the site, "" to ask for it."""
        parts = urlsplit(url)
        if matches(parts.path, self._site.deny):
            return "denied by the settings"
        if not self._site.admits(parts.path) and url not in self._begun:
            return "outside of the paths allowed by the settings"
        steps = Counter(step for step in parts.path.split("/") if step)
        if max(steps.values(), default=0) > _MAX_REPEATS:
            return "a path that repeats itself"
        return ""

    def redirect_refusal(self, url: str, target: str, hops: int) -> str:
        """Return the reason not to follow a redirect, "" to follow it; hops: how many redirects led here."""
        if target == url:
            return "redirects to itself"
        if not self.is_inside(target):
            return f"redirects to another site, {urlsplit(target).netloc[:100] or 'of no web address'}"
        if url.startswith("https:") and not target.startswith("https:"):
            return "redirects from https to http"
        return f"more than {MAX_HOPS} redirects" if hops >= MAX_HOPS else ""

    @property
    def _begun(self) -> set[str]:
        return {self.address(url) for url in self._site.start}


def shape(url: str) -> str:
    """Return the common shape of addresses that differ only in numbers: the pages of a calendar, or a site's articles.

    >>> shape("https://example.org/lich/2026/11?ngay=3&tuan=47")
    'example.org/lich/#/#?ngay&tuan'
    """
    parts = urlsplit(url)
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, True)}))
    path = _VARYING.sub("#", parts.path)
    return f"{parts.netloc}{path}?{names}" if names else f"{parts.netloc}{path}"


def is_other_spelling(url: str, canonical: str) -> bool:
    """Tell whether to believe a page that states another address as its real one.

    Some sites name their front page or a section on every page: an address above the page's own is not believed.
    """
    own, said = urlsplit(url), urlsplit(canonical)
    if not canonical or canonical == url or own.netloc != said.netloc:
        return False
    if own.path == said.path:
        return bool(own.query) and own.query != said.query
    above = said.path if said.path.endswith("/") else said.path + "/"
    return not own.path.startswith(above)
