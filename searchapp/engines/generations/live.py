"""The engine of the live generation in a long-running process: it follows every publish, and checks its files."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from searchapp.engines.generations import CURRENT, Located, check, locate, manifest
from searchapp.errors import EngineUnavailableError, IndexProblemError

T = TypeVar("T")

_NICE: Final = 10
"""The niceness of the hashing thread, so that answering threads go first."""


class Live(Generic[T]):
    """The open engine of the live generation, changed within about a second when a new one is published.

    Requests that began on the old engine keep it: it is dropped, never closed, and ends with its last user. When a new
    generation cannot be opened the old one stays, and `problem` says why; so it does where CURRENT is gone, until the
    files are. Every file in use is hashed once, beside the requests, however many generations link to it. A generation
    damaged on the disk gives way to the newest sound one. Safe to share between threads.
    """

    def __init__(self, index: Path, open_engine: Callable[[Path], T], *, every: float = 1.0) -> None:
        self.problem = self._opened_with = ""
        self._index = index
        self._open = open_engine
        self._every = every
        self._engine: T | None = None
        self._folder = index
        self._seen: tuple[int, ...] | None = None
        self._next = 0.0
        self._lock = threading.Lock()
        self._hashed: Path | None = None
        self._sound: frozenset[manifest.Seen] = frozenset()
        self._damaged: frozenset[str] = frozenset()

    def engine(self) -> T:
        """Return the engine for one whole request; errors as `locate` while there is none."""
        engine = self._engine
        if engine is None:
            with self._lock:
                return self._engine if self._engine is not None else self._first()
        # One thread looks; the others answer from the old generation meanwhile.
        if time.monotonic() >= self._next and self._lock.acquire(blocking=False):
            try:
                return self._renew()
            except (IndexProblemError, OSError) as error:
                self.problem = str(error)
                if self._engine is None:
                    raise
            finally:
                self._lock.release()
        return engine

    __call__ = engine

    def _first(self) -> T:
        try:
            return self._renew()
        except OSError as error:
            advice = _ADVICE.get(error.errno or 0, "try again")
            raise EngineUnavailableError(f"{self._index}: {error.strerror or error}: {advice}") from error

    def _renew(self) -> T:
        self._next = time.monotonic() + self._every
        if self._folder.name in self._damaged:
            self._engine = None  # damaged files are not served, even where nothing can take their place
        seen = _signature(self._index / CURRENT)
        if seen is None and not self._folder.is_dir():
            self._engine = None  # what is open still answers some questions, and fails at others
        if self._engine is not None and seen in (self._seen, None):
            self.problem = self._opened_with if seen else f"{self._index / CURRENT} is gone"
            self._begin_hashing()
            return self._engine
        engine, found = self._opened()
        self._engine, self._folder, self._seen = engine, found.folder, seen
        self.problem = self._opened_with = found.problem
        return engine

    def _opened(self) -> tuple[T, Located]:
        """Return the engine for now, and its place: where nothing answers yet, the newest generation that can be
        opened.
        """
        while True:
            found = locate(self._index, self._damaged)
            if self._engine is not None and found.folder == self._folder:
                return self._engine, found
            try:
                return self._open(found.folder), found
            except Exception:
                if self._engine is not None or not check(found.folder, deep=True):
                    raise  # an older engine answers on; a bug stays a bug
                self._damaged |= {found.folder.name}

    def _begin_hashing(self) -> None:
        """Hash in a thread, but not with the first request: a command that asks once and ends needs no check."""
        if self._hashed != self._folder:
            self._hashed = self._folder
            try:
                threading.Thread(target=self._hash, args=(self._folder,), name="hashing", daemon=True).start()
            except RuntimeError:  # no thread can start now: the next request tries again
                self._hashed = None

    def _hash(self, folder: Path) -> None:
        if hasattr(os, "setpriority"):  # a thread has a niceness of its own on Linux
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            seen = manifest.seen(folder)  # read first: a file changed meanwhile is another file
            sound = not check(folder, deep=True, known=self._sound)
        except IndexProblemError:
            sound = False
        except (OSError, MemoryError):  # no file can be read now: that proves nothing, and a later check tries again
            self._hashed = None
            return
        if sound:
            self._sound = seen
        # When a sweep removes a generation meanwhile, its manifest goes first.
        if not sound and (folder / manifest.NAME).exists():
            self._damaged |= {folder.name}


_ADVICE: Final = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "check its rights, or name another path"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "try again, or raise `ulimit -n`"),
}


def _signature(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
