"""The parent's side of the sandbox: start a confined child, ask it with a deadline, replace it when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Final, NamedTuple

from searchapp.article import Record
from searchapp.config import sites
from searchapp.errors import SkipCode
from searchapp.readers.items import Bad, Found, Item, Items, Link, Note, Outline, Scan, SheetImage
from searchapp.readers.sandbox import LENGTH, MAX_REPLY, Task, decode, packed
from searchapp.readers.sandbox.limits import CPU_SECONDS

WALL_SECONDS: Final = 20
_START_SECONDS: Final = 60  # importing the readers takes one second; a loaded machine needs more

# The child enters a network without interfaces before it imports anything, and ends as soon as its parent is gone.
_PROGRAM: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from searchapp.readers.sandbox.limits import leave_network
leave_network()
from importlib import import_module
import_module("searchapp.readers.{module}").main(*sys.argv[2:])
"""


class _Failure(NamedTuple):
    """Why a reader process gave no items; passing and code as in Bad."""

    reason: str
    passing: bool = False
    code: SkipCode = "other"

    def as_bad(self, name: str) -> Bad:
        return Bad(name, 0, self.reason, passing=self.passing, code=self.code)


_NO_START: Final = _Failure("its reader cannot start", True)
_MOST_STARTS: Final = 3  # starts in a row that fail: each may take a minute, and the next will do no better
_REST: Final = 60.0  # seconds until it is tried again
_NO_ANSWER: Final = _Failure("its reader gave no sensible answer")
_DEATHS: Final = {
    getattr(signal, "SIGXCPU", None): _Failure(f"takes more than {CPU_SECONDS} s of computing to read", code="limit"),
    # The system ends a process where it needs the memory for others; Ctrl-C and the end of a service reach all
    # processes: that may pass.
    **dict.fromkeys(
        (getattr(signal, name, None) for name in ("SIGKILL", "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")),
        _Failure("its reader was stopped by the system", passing=True),
    ),
}


class Child:
    """A process that runs `main` of a module of this package; it starts while its parent does other things."""

    def __init__(self, module: str, *arguments: str, source: IO[bytes] | None = None) -> None:
        """Start the child. source: its standard input; without one, a pipe (`tell`)."""
        paths = json.dumps([path for path in sys.path if path])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM.format(module=module), paths, *arguments],
            stdin=subprocess.PIPE if source is None else source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            close_fds=True,
        )
        self.ready = False
        """Whether it has begun: before, nothing that happens to it is a file's fault."""

    @property
    def lives(self) -> bool:
        """Tell whether the child still runs."""
        return self.process.poll() is None

    def tell(self, message: bytes) -> None:
        """Write to the child's standard input; where the child cannot start, `answer` raises the error."""
        self._await_start()
        assert self.process.stdin
        self.process.stdin.write(message)
        self.process.stdin.flush()

    def answer(self, seconds: float) -> bytes:
        """Return the child's next message. Raises TimeoutError, EOFError when the child has ended, ValueError for
        nonsense.
        """
        self._await_start()
        return self._message(seconds)

    def _await_start(self) -> None:
        if not self.ready:
            self._message(_START_SECONDS)
            self.ready = True

    def _message(self, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        (length,) = LENGTH.unpack(self._received(LENGTH.size, deadline))
        if length > MAX_REPLY:
            raise ValueError(f"an answer of {length} bytes")
        return self._received(length, deadline)

    def wait(self) -> int:
        """Return the child's exit code, negative for a signal."""
        return self.process.wait()

    def cause_of_death(self) -> _Failure:
        """Return the reason of the child's end, for the report."""
        code = self.wait()
        if code < 0:
            return _DEATHS.get(-code) or _Failure(f"makes its reader crash ({signal.Signals(-code).name})")
        return _Failure(f"makes its reader stop (exit code {code})")

    def end(self) -> None:
        """End the child if it still runs."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def _received(self, length: int, deadline: float) -> bytes:
        assert self.process.stdout
        received = bytearray()
        while len(received) < length:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise TimeoutError
            # The code reads past the buffer, so that select sees the bytes.
            chunk = os.read(self.process.stdout.fileno(), min(length - len(received), 1 << 20))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)


class Sandbox:
    """A reader process. Safe to share between threads: files are read one after the other."""

    def __init__(self, *, wall: float = WALL_SECONDS) -> None:
        """wall: the most seconds that a file may take, waiting included."""
        self._wall = wall
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._failed_starts, self._rests_until = 0, 0.0
        self._owner = os.getpid()

    def start(self) -> None:
        """Let the process start now, beside the parent's work until the first file."""
        with self._lock:
            self._living()

    def read(self, data: bytes, name: str) -> list[Item]:
        """Return all items of a file, or one Bad where its reader ran out of time or memory or died."""
        return [item for item in self._answer("records", "", name, data) if isinstance(item, (Record, Bad, Note, Scan))]

    def outline(self, data: bytes, url: str) -> list[Found]:
        """Return the kind of the page, sitemap or feed at `url` and its links. One Bad where the
        reader finds neither.
        """
        return [item for item in self._answer("outline", url, url, data) if isinstance(item, (Outline, Link, Bad))]

    def sheets(self, data: bytes, name: str, address: str, turn: int) -> list[SheetImage | Bad]:
        """Return the sheets of a scan's page at an address, after some quarter turns to the left; or one Bad."""
        found = self._answer("sheets", f"{turn} {address}", name, data)
        return [item for item in found if isinstance(item, (SheetImage, Bad))]

    def picture(self, data: bytes, name: str, address: str) -> list[SheetImage | Bad]:
        """Return a scan's page at an address as a visitor sees it; or one Bad."""
        return [item for item in self._answer("picture", address, name, data) if isinstance(item, (SheetImage, Bad))]

    def _answer(self, task: Task, url: str, name: str, data: bytes) -> list[Item | Found]:
        question = b"".join(packed(part.encode("utf-8", "replace")) for part in (task, url, name))
        with self._lock:
            if self._failed_starts >= _MOST_STARTS and time.monotonic() < self._rests_until:
                return [_NO_START.as_bad(name)]
            try:
                found = decode(self._asked(question, data))
                self._failed_starts = 0
                return found
            except TimeoutError:
                failure = _Failure(f"takes more than {self._wall:g} s to read", True, "limit")
            except (OSError, EOFError):
                failure = self._child.cause_of_death() if self._child else _NO_START
            except (ValueError, TypeError, KeyError):
                failure = _NO_ANSWER
            if self._child is None or not self._child.ready:
                failure, self._failed_starts = _NO_START, self._failed_starts + 1
                self._rests_until = time.monotonic() + _REST
            self._end()
            return [failure.as_bad(name)]

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
        # The child had ended by itself after an earlier file, to free memory.
        return self._told(self._living(), job)

    def _told(self, child: Child, job: bytes) -> bytes:
        child.tell(job)
        return child.answer(self._wall)

    def _living(self) -> Child:
        if self._owner != os.getpid():
            # A fork of the process that started the child: two must not talk to one child.
            self._child, self._owner = None, os.getpid()
        if self._child is None or not self._child.lives:
            self._end()
            self._child = Child("sandbox.child")
        return self._child


_MAX_CRASHES: Final = 20
"""The most pages of one file that may end their reader; after that the file is read no further."""


def read(path: Path, name: str) -> Items:
    """Yield the articles among the captures, each with its address; one Note counts the captures
    that are no articles.
    """
    told, since = sites.load_hints(path.parent).as_json(), 0
    for _ in range(_MAX_CRASHES):
        with path.open("rb") as stream:
            child = Child("warc", name, str(since), told, source=stream)
        try:
            since = yield from _listened(child, name)
        finally:
            child.end()
        if since < 0:
            return
    yield Bad(name, 0, f"more than {_MAX_CRASHES} pages that end their reader", code="limit")


def captured(path: Path, url: str) -> tuple[str, bytes]:
    """Return the type and the content of the newest capture of an address in a file; ("", b"") without one."""
    with path.open("rb") as stream:
        child = Child("warc", "", "0", sites.Hints().as_json(), url, source=stream)
    try:
        return child.answer(WALL_SECONDS).decode("latin-1"), child.answer(WALL_SECONDS)
    except (OSError, EOFError, ValueError):
        return "", b""
    finally:
        child.end()


def _listened(child: Child, name: str) -> Generator[Item, None, int]:
    """Yield the items of the process; return the number of the next capture, or -1 when all is read."""
    number, url = -1, ""
    try:
        while said := child.answer(WALL_SECONDS):
            told, _, url = said.decode().partition(" ")
            number = int(told)
            yield from _items(child.answer(WALL_SECONDS))
        number = -1
        yield from _items(child.answer(WALL_SECONDS))
        return -1
    except TimeoutError:
        failure = _Failure(f"takes more than {WALL_SECONDS} s to read", True, "limit")
    except (OSError, EOFError):
        failure = child.cause_of_death()
    except (ValueError, TypeError, KeyError):
        failure = _NO_ANSWER
    if url:
        yield failure.as_bad(f"{name}/{url}")
    else:
        yield failure._replace(reason=f"breaks off: {failure.reason}").as_bad(name)
    return number + 1 if number >= 0 else -1


def _items(answer: bytes) -> Items:
    found = (item for item in decode(answer) if not isinstance(item, (Link, Outline, SheetImage)))
    return (item.as_bad("a captured page") if isinstance(item, Scan) else item for item in found)
