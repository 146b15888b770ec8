"""Who asked what today, in memory only: clients as salted hashes, forgotten with their salt when the day ends."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from pathlib import Path
from typing import Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS salt (day TEXT PRIMARY KEY, salt BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (hash BLOB, client BLOB, PRIMARY KEY (hash, client)) WITHOUT ROWID;
"""
_MOST: Final = 200_000  # pairs of a day; more is a flood, and is not told apart


class Today:
    """The clients of this day. folder: one in memory that all workers of a server share; None: this process alone."""

    def __init__(self, folder: Path | None) -> None:
        place = str(folder / "asked.sqlite") if folder else ":memory:"
        self._rows = sqlite3.connect(place, timeout=1.0, isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode=MEMORY")
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.executescript(_TABLES)

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
