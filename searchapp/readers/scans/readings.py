"""Keep the readings of scanned pages in one file beside the index, so that no page is read twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from searchapp.readers.scans.recognition import Word

NAME: Final = "scans.sqlite"
VERSION: Final = 2
"""The version of preparing and recognising; another version reads all pages again."""

_KEPT_DAYS: Final = 30
"""Days for which readings of a file are kept that has gone: a folder that was not mounted comes back."""
MAX_BYTES: Final = 1 << 30
"""Above this size of the file, readings of files that have gone are not kept at all; a page takes about 4 kB."""
_PATIENCE: Final = 30.0  # seconds for another process that writes
_DAMAGED: Final = (sqlite3.DatabaseError, ValueError, TypeError, KeyError, zlib.error)
_TABLES: Final = """
create table if not exists page (file text, number text, sheets text, primary key (file, number)) without rowid;
create table if not exists sheet (hash text primary key, reading blob) without rowid;
create table if not exists told (content text primary key, file text) without rowid;
create table if not exists gone (file text primary key, day integer) without rowid;
"""


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
                raise OSError(f"{self.file}: {error}") from error
            # A damaged file costs only time: all pages are read again.
            self.file.unlink(missing_ok=True)
            self._keep(file, number, sheets)

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
