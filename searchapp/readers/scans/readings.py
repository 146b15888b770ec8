"""Read the waiting pages of scans, several at a time.

Their readings are kept in one file beside the index, so that no page is read twice.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import local
from typing import Final

from searchapp.errors import BadRecordError, BusyIndexError, PassingError
from searchapp.readers.items import Bad, SheetImage
from searchapp.readers.sandbox.parent import Sandbox
from searchapp.readers.scans.recognition import Reader, Word, has_fast, recognised

NAME: Final = "scans.sqlite"
VERSION: Final = 2
"""The version of preparing and recognising; another version reads all pages again."""

_KEPT_DAYS: Final = 30
"""Days for which readings of a file are kept that has gone: a folder that was not mounted comes back."""
MAX_BYTES: Final = 1 << 30
"""Above this size of the file, readings of files that have gone are not kept at all; a page takes about 4 kB."""
_PATIENCE: Final = 30.0  # seconds for another process that writes
_DAMAGED: Final = (sqlite3.DatabaseError, ValueError, TypeError, KeyError, zlib.error)
_ERRNOS: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
"""What the system says of a file that SQLite cannot write; every other error is one of the disk."""
_TABLES: Final = """
create table if not exists page (file text, number text, sheets text, primary key (file, number)) without rowid;
create table if not exists sheet (hash text primary key, reading blob) without rowid;
create table if not exists told (content text primary key, file text) without rowid;
create table if not exists gone (file text primary key, day integer) without rowid;
"""

_UPSIDE_DOWN: Final = 2  # quarter turns
_WALL_SECONDS: Final = 120
"""Seconds to prepare a page on a busy machine; the limit that counts is the page's seconds of computing."""
_LOW: Final = 55.0
"""The mean confidence below which a page may stand on its head; typed pages have 90, dirty ones 75."""

Progress = Callable[[int, float], None]
"""A function that is called with the number of pages left and their seconds, 0.0 while unknown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words that OCR read on one sheet; problem: why the sheet could not be read (mostly "").

    size: of the sheet in points; left, right, turn, angle: how it came from its page, as in `preparing.Sheet`.
    """

    size: tuple[int, int]
    lines: tuple[tuple[Word, ...], ...] = ()
    left: float = 0.0
    right: float = 1.0
    turn: int = 0
    angle: float = 0.0
    problem: str = ""

    @property
    def confidence(self) -> float:
        """Return the mean confidence of its words, each weighed by its letters, 0 to 100; 0 without any word."""
        letters = [(len(word.text), word.confidence) for line in self.lines for word in line]
        return sum(size * sure for size, sure in letters) / max(1, sum(size for size, _ in letters))


class Readings:
    """The kept readings of an index folder.

    The file is opened for each use, so that processes may share it and any of them may die.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / NAME

    def page(self, file: str, number: str) -> list[Reading] | None:
        """Return the sheets of a page of a file, by its digest and address; None for an unread page."""
        if not self.file.exists():
            return None
        with (
            suppress(sqlite3.DatabaseError, ValueError, TypeError, KeyError, zlib.error),
            closing(self._opened()) as kept,
        ):
            row = kept.execute("select sheets from page where file = ? and number = ?", (file, number)).fetchone()
            if row is None:
                return None
            found = [
                kept.execute("select reading from sheet where hash = ?", (one,)).fetchone()
                for one in json.loads(row[0])
            ]
            return None if None in found else [_unpacked(blob) for (blob,) in found]
        return None

    def sheet(self, digest: str) -> Reading | None:
        """Return the reading of any sheet with the same picture."""
        with (
            suppress(sqlite3.DatabaseError, ValueError, TypeError, KeyError, zlib.error),
            closing(self._opened()) as kept,
        ):
            row = kept.execute("select reading from sheet where hash = ?", (digest,)).fetchone()
            return _unpacked(row[0]) if row else None
        return None

    def keep(self, file: str, number: str, sheets: Sequence[tuple[str, Reading]]) -> None:
        """Keep a page with all its sheets, each with its digest; the page is kept whole or not at all."""
        try:
            self._keep(file, number, sheets)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise self._fault(getattr(error, "sqlite_errorcode", 0) & 0xFF) from error
            # A damaged file costs only time: all pages are read again.
            self.file.unlink(missing_ok=True)
            self._keep(file, number, sheets)

    def _fault(self, cause: int) -> Exception:
        """Return what a person can act on, by the code of SQLite."""
        if cause in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return BusyIndexError(f"{self.file}: another process writes it: run it again in a minute")
        number = _ERRNOS.get(cause, errno.EIO)
        return OSError(number, os.strerror(number), str(self.file))

    def names(self, contents: Iterable[int]) -> dict[int, str]:
        """Map contents of files, as `ingest.ledger` knows them, to their digests here, as far as they were told."""
        with suppress(*_DAMAGED), closing(self._opened()) as kept:
            told = dict(kept.execute("select content, file from told").fetchall())
            return {one: told[str(one)] for one in contents if str(one) in told}
        return {}

    def prune(self, files: Mapping[int, str], today: int) -> int:
        """Remove the readings of files that have been gone for _KEPT_DAYS; return how many files.

        files: those that are there, by content. today: a day as a number. Above MAX_BYTES files that are gone are
        removed at once, the first that went first.
        """
        with suppress(*_DAMAGED), closing(self._opened()) as kept, kept:
            kept.executescript(_TABLES)
            kept.executemany("insert or replace into told values (?, ?)", [(str(c), f) for c, f in files.items()])
            held = {name for (name,) in kept.execute("select distinct file from page")}
            gone = held - set(files.values())
            kept.executemany("insert or ignore into gone values (?, ?)", [(name, today) for name in gone])
            since = kept.execute("select file, day from gone order by day, file").fetchall()
            back = [(name,) for name, _ in since if name not in gone]
            kept.executemany("delete from gone where file = ?", back)
            old = [name for name, day in since if name in gone and today - day >= _KEPT_DAYS]
            if self.file.stat().st_size > MAX_BYTES:
                old = [name for name, _ in since if name in gone]
            self._remove(kept, old)
            return len(old)
        return 0

    def _remove(self, kept: sqlite3.Connection, files: Sequence[str]) -> None:
        for name in files:
            for table in ("page", "gone", "told"):
                kept.execute(f"delete from {table} where file = ?", (name,))
        if files:
            used = {one for (row,) in kept.execute("select sheets from page") for one in json.loads(row)}
            unused = [(one,) for (one,) in kept.execute("select hash from sheet") if one not in used]
            kept.executemany("delete from sheet where hash = ?", unused)
            kept.commit()
            kept.execute("vacuum")

    def _keep(self, file: str, number: str, sheets: Sequence[tuple[str, Reading]]) -> None:
        # Whatever the umask: nobody else says what was read.
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o644))
        with closing(self._opened()) as kept, kept:
            kept.executescript(_TABLES)
            kept.executemany(
                "insert or replace into sheet values (?, ?)", [(digest, _packed(reading)) for digest, reading in sheets]
            )
            names = json.dumps([digest for digest, _ in sheets])
            kept.execute("insert or replace into page values (?, ?, ?)", (file, number, names))

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=_PATIENCE)


def digest_of(*parts: bytes) -> str:
    """Return the name of a picture or file in the store, with the version of its reader."""
    found = hashlib.blake2b(f"{VERSION}".encode(), digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8) + part)
    return found.hexdigest()


def _packed(reading: Reading) -> bytes:
    words = [
        [[w.text, round(w.confidence, 1), w.left, w.top, w.width, w.height] for w in line] for line in reading.lines
    ]
    place = [reading.left, reading.right, reading.turn, reading.angle]
    return zlib.compress(json.dumps([list(reading.size), words, place, reading.problem]).encode())


def _unpacked(blob: bytes) -> Reading:
    size, words, (left, right, turn, angle), problem = json.loads(zlib.decompress(blob))
    lines = tuple(tuple(Word(*word) for word in line) for line in words)
    return Reading((size[0], size[1]), lines, left, right, turn, angle, problem)


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page to read: its file's content, the content's digest, the page's address and its number in the file."""

    data: bytes
    file: str
    name: str
    address: str


def read_pages(
    pages: Iterable[WaitingPage],
    total: int,
    kept: Readings,
    *,
    jobs: int,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> int:
    """Read pages until none is left or `time.monotonic()` reaches the deadline; return how many were read.

    A page that cannot be read is kept with its reason.
    """
    reader = _Reader(kept)
    waiting = iter(pages)
    done, started = 0, time.monotonic()
    with ThreadPoolExecutor(jobs, thread_name_prefix="ocr") as pool:
        running: set[Future[None]] = {pool.submit(reader.read, page) for page in islice(waiting, jobs)}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for one in finished:
                    one.result()
                    done += 1
                if deadline is None or time.monotonic() < deadline:
                    running |= {pool.submit(reader.read, page) for page in islice(waiting, len(finished))}
                if progress:
                    left = total - done
                    progress(left, left * (time.monotonic() - started) / done)
        finally:
            for one in running:
                one.cancel()
            wait(running)
            reader.close()
    return done


class _Reader:
    """A reader of pages for any thread; each thread has a reader process of its own."""

    def __init__(self, kept: Readings) -> None:
        self._kept = kept
        self._local = local()
        self._sandboxes: list[Sandbox] = []
        self._readers: list[Reader] = []

    def read(self, page: WaitingPage) -> None:
        """Read a page and keep it; one that only this run could not read is asked for by the next."""
        if self._kept.page(page.file, page.address) is None:
            with suppress(PassingError):
                self._kept.keep(page.file, page.address, self._sheets(page))

    def close(self) -> None:
        for sandbox in self._sandboxes:
            sandbox.close()
        for reader in self._readers:
            reader.close()

    def _sheets(self, page: WaitingPage) -> list[tuple[str, Reading]]:
        found = self._turned(page, 0)
        # A page that OCR hardly reads at all may stand on its head: the better of both ways is kept.
        if any(reading.lines or reading.problem == "" for _, reading in found) and _confidence(found) < _LOW:
            other = self._turned(page, _UPSIDE_DOWN)
            if _confidence(other) > _confidence(found):
                return other
        return found

    def _turned(self, page: WaitingPage, turn: int) -> list[tuple[str, Reading]]:
        return [self._recognised(one, page) for one in self._sandbox().sheets(page.data, page.name, page.address, turn)]

    def _recognised(self, sheet: SheetImage | Bad, page: WaitingPage) -> tuple[str, Reading]:
        if isinstance(sheet, Bad) and sheet.passing:
            raise PassingError(sheet.reason)
        if isinstance(sheet, Bad):
            name = digest_of(page.file.encode(), page.address.encode(), sheet.reason.encode())
            return name, Reading((1, 1), problem=sheet.reason)
        picture = base64.b64decode(sheet.png)
        name = digest_of(picture)
        place = Reading(
            (sheet.width, sheet.height),
            left=sheet.left / 1e6,
            right=sheet.right / 1e6,
            turn=sheet.turn,
            angle=sheet.angle / 1e3,
        )
        # The same picture may be half of another page: its words hold, but not their place.
        name = digest_of(name.encode(), repr((place.left, place.right, place.turn, place.angle)).encode())
        if known := self._kept.sheet(name):
            return name, known
        try:
            words = self._fast().read(picture) if has_fast() else recognised(picture)
            return name, replace(place, lines=tuple(map(tuple, words)))
        except PassingError:
            raise
        except BadRecordError as error:
            return name, replace(place, problem=str(error))

    def _fast(self) -> Reader:
        own: Reader | None = getattr(self._local, "reader", None)
        if own is None:
            own = self._local.reader = Reader()
            self._readers.append(own)
        return own

    def _sandbox(self) -> Sandbox:
        own: Sandbox | None = getattr(self._local, "sandbox", None)
        if own is None:
            own = self._local.sandbox = Sandbox(wall=_WALL_SECONDS)
            self._sandboxes.append(own)
        return own


def _confidence(sheets: Sequence[tuple[str, Reading]]) -> float:
    return max((reading.confidence for _, reading in sheets), default=0.0)


def _pages_of(found: Iterable[tuple[bytes, str, str, Sequence[str]]]) -> Iterator[WaitingPage]:
    """Yield pages of files, each with the content, digest and name of its file and a waiting address."""
    for data, file, name, addresses in found:
        for address in addresses:
            yield WaitingPage(data, file, name, address)
