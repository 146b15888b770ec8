"""What visitors leave with the operator, each off until it is switched on: counts of queries, subscriptions.

Only the operator may read its files: folders of mode 0700, SQLite files of mode 0600.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from searchapp.errors import SettingsError

_BUSY_SECONDS: Final = 5.0


def private_folder(path: Path) -> Path:
    """The folder, made where it is missing. Raises SettingsError where that cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}: give another folder in 'state'") from None
    return path


def private_database(path: Path, schema: str, *, wait: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """An SQLite file with these tables, made with mode 0600; deleted rows are overwritten.

    Transactions begin and end where the caller says so. wait: seconds for another process that writes.
    """
    if not path.exists():
        private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    found = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    found.execute("PRAGMA journal_mode=WAL")
    found.execute("PRAGMA synchronous=FULL")
    found.execute("PRAGMA secure_delete=ON")
    found.executescript(schema)
    return found


def remove_database(path: Path) -> bool:
    """Delete a database with what SQLite keeps beside it; whether there was one."""
    was = path.exists()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return was
