"""Foreign files are read in a child process: one for many files, replaced when it dies."""

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
from typing import Final

from searchapp.readers.confine import CPU_SECONDS
from searchapp.readers.messages import LENGTH, MAX_REPLY, decode, packed
from searchapp.readers.outcome import Bad, Item

WALL_SECONDS: Final = 20
START_SECONDS: Final = 60  # importing the readers takes one second; a loaded machine needs more

# The child is in a network without interfaces before it imports anything, and ends as soon as its parent is gone.
_PROGRAM: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from searchapp.readers.confine import leave_network
leave_network()
from searchapp.readers.worker import main
main()
"""
_DEATHS: Final[dict[int | None, str]] = {
    getattr(signal, "SIGXCPU", None): f"takes more than {CPU_SECONDS} s of computing to read",
    getattr(signal, "SIGKILL", None): "its reader was stopped by the system",
}


class Sandbox:
    """A reader process. Safe to share between threads: files are read one after the other."""

    def __init__(self, *, wall: float = WALL_SECONDS) -> None:
        """wall: seconds that a file may take at most, waiting included."""
        self._wall = wall
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def read(self, data: bytes, name: str) -> list[Item]:
        """All items of a file; where its reader ran out of time or memory or died, one Bad that says so."""
        with self._lock:
            try:
                return decode(self._asked(packed(name.encode("utf-8", "replace")) + packed(data)))
            except TimeoutError:
                reason = f"takes more than {self._wall:g} s to read"
            except (OSError, EOFError):
                reason = self._cause_of_death()
            except (ValueError, TypeError, KeyError):
                reason = "its reader gave no sensible answer"
            self.close()
            return [Bad(name, 0, reason)]

    def close(self) -> None:
        """End the process; the next file gets a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]

    def _asked(self, job: bytes) -> bytes:
        child = self._living()
        try:
            return self._told(child, job)
        except (BrokenPipeError, EOFError):
            if child.wait() != 0:
                raise
        # It had ended by itself after an earlier file, to make room.
        return self._told(self._living(), job)

    def _told(self, child: subprocess.Popen[bytes], job: bytes) -> bytes:
        assert child.stdin
        child.stdin.write(job)
        child.stdin.flush()
        return self._answer(child, self._wall)

    def _living(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # A fork of the process that started it: two must not talk to one child.
            self._child, self._owner = None, os.getpid()
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-c", _PROGRAM, json.dumps([path for path in sys.path if path])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                close_fds=True,
            )
            self._answer(self._child, START_SECONDS)
        return self._child

    def _answer(self, child: subprocess.Popen[bytes], seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        (length,) = LENGTH.unpack(self._received(child, LENGTH.size, deadline))
        if length > MAX_REPLY:
            raise ValueError(f"an answer of {length} bytes")
        return self._received(child, length, deadline)

    @staticmethod
    def _received(child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        assert child.stdout
        received = bytearray()
        while len(received) < length:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
                raise TimeoutError
            # Past the buffer, so that select sees what is there.
            chunk = os.read(child.stdout.fileno(), min(length - len(received), 1 << 20))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)

    def _cause_of_death(self) -> str:
        code = self._child.wait() if self._child else 0
        if code < 0:
            return _DEATHS.get(-code, f"makes its reader crash ({signal.Signals(-code).name})")
        return f"makes its reader stop (exit code {code})"
