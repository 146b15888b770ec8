"""Foreign files are read in a child process: one for many files, replaced when it dies."""

from __future__ import annotations

import os
import threading

from searchapp.article import Record
from searchapp.readers.child import WALL_SECONDS, Child
from searchapp.readers.messages import Task, decode, packed
from searchapp.readers.outcome import Bad, Found, Item, Link, Note, Outline


class Sandbox:
    """A reader process. Safe to share between threads: files are read one after the other."""

    def __init__(self, *, wall: float = WALL_SECONDS) -> None:
        """wall: seconds that a file may take at most, waiting included."""
        self._wall = wall
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._owner = os.getpid()

    def start(self) -> None:
        """Let the process start now, beside what its parent does until the first file."""
        with self._lock:
            self._living()

    def read(self, data: bytes, name: str) -> list[Item]:
        """All items of a file; where its reader ran out of time or memory or died, one Bad that says so."""
        return [item for item in self._answer("records", "", name, data) if isinstance(item, (Record, Bad, Note))]

    def outline(self, data: bytes, url: str) -> list[Found]:
        """What the page, sitemap or feed at `url` is and where it leads; one Bad where that cannot be said."""
        return [item for item in self._answer("outline", url, url, data) if isinstance(item, (Outline, Link, Bad))]

    def _answer(self, task: Task, url: str, name: str, data: bytes) -> list[Item | Found]:
        question = b"".join(packed(part.encode("utf-8", "replace")) for part in (task, url, name))
        with self._lock:
            try:
                return decode(self._asked(question, data))
            except TimeoutError:
                reason = f"takes more than {self._wall:g} s to read"
            except (OSError, EOFError):
                reason = self._child.cause_of_death() if self._child else "its reader cannot start"
            except (ValueError, TypeError, KeyError):
                reason = "its reader gave no sensible answer"
            self._end()
            return [Bad(name, 0, reason)]

    def close(self) -> None:
        """End the process; the next file gets a new one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _asked(self, question: bytes, data: bytes) -> bytes:
        job = question + packed(data)
        child = self._living()
        try:
            return self._told(child, job)
        except (BrokenPipeError, EOFError):
            if child.wait() != 0:
                raise
        # It had ended by itself after an earlier file, to make room.
        return self._told(self._living(), job)

    def _told(self, child: Child, job: bytes) -> bytes:
        child.tell(job)
        return child.answer(self._wall)

    def _living(self) -> Child:
        if self._owner != os.getpid():
            # A fork of the process that started it: two must not talk to one child.
            self._child, self._owner = None, os.getpid()
        if self._child is None or not self._child.lives:
            self._end()
            self._child = Child("worker")
        return self._child
