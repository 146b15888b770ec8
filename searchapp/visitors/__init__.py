"""What visitors leave with the operator, each off until it is switched on: counts of queries, subscriptions.

Only the operator may read its files: folders of mode 0700, SQLite files of mode 0600.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from searchapp.errors import BusyIndexError, SettingsError, StateError

_BUSY_SECONDS: Final = 5.0
_LEAST: Final = 64 << 10  # bytes of the shared memory beside a database
_DISK: Final = 74  # the exit code of a disk that is full or broken
_FORBIDDEN: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def private_folder(path: Path) -> Path:
    """The folder, made where it is missing. Raises SettingsError where that cannot be, or nothing can be written."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}: give another folder in 'state'") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"{path}: cannot be written by user {os.geteuid()}: check its rights")
    return path


def private_database(path: Path, schema: str, *, wait: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """An SQLite file with these tables, made with mode 0600; deleted rows are overwritten.

    Transactions begin and end where the caller says so. wait: seconds for another process that writes.
    """
    if not path.exists():
        private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with explained(path):
        found = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
            found.execute("PRAGMA secure_delete=ON")
            found.executescript(schema)
        except BaseException:
            found.close()
            raise
    return found


def _is_full(folder: Path) -> bool:
    """Whether a database has no room here: of the memory that it shares SQLite tells an error of the disk."""
    try:
        return shutil.disk_usage(folder).free < _LEAST
    except OSError:
        return False


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Tell as a StateError what the system does to a database; a fault of ours keeps its traceback."""
    try:
        yield
    except sqlite3.Error as error:
        cause = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits say more of the same
        if cause == sqlite3.SQLITE_FULL or (cause == sqlite3.SQLITE_IOERR and _is_full(path.parent)):
            raise StateError(f"{path}: no space left on the disk: free some space", _DISK) from error
        if cause == sqlite3.SQLITE_IOERR:
            raise StateError(f"{path}: cannot be read or written ({error}): look at the disk", _DISK) from error
        if cause in _FORBIDDEN:
            raise StateError(f"{path}: cannot be written by user {os.geteuid()}: check its rights") from error
        if cause in _BUSY:
            said = f"{path}: another process writes it: run it again in a minute"
            raise StateError(said, BusyIndexError.exit_code) from error
        if cause in _DAMAGED:
            raise StateError(f"{path}: damaged: put it aside, and a backup in its place if there is one") from error
        raise


def remove_database(path: Path) -> bool:
    """Delete a database with what SQLite keeps beside it; whether there was one."""
    was = path.exists()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return was
