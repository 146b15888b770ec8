"""A confined child process that reads foreign files: started, listened to with a deadline, ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import IO, Final

from searchapp.readers.confine import CPU_SECONDS
from searchapp.readers.messages import LENGTH, MAX_REPLY

WALL_SECONDS: Final = 20
START_SECONDS: Final = 60  # importing the readers takes one second; a loaded machine needs more

# The child is in a network without interfaces before it imports anything, and ends as soon as its parent is gone.
_PROGRAM: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from searchapp.readers.confine import leave_network
leave_network()
from searchapp.readers import {module}
{module}.main(*sys.argv[2:])
"""
_DEATHS: Final[dict[int | None, str]] = {
    getattr(signal, "SIGXCPU", None): f"takes more than {CPU_SECONDS} s of computing to read",
    getattr(signal, "SIGKILL", None): "its reader was stopped by the system",
}


class Child:
    """A process that runs `main` of a module of this package; it starts while its parent does other things."""

    def __init__(self, module: str, *arguments: str, source: IO[bytes] | None = None) -> None:
        """source: what its standard input is; a pipe (`tell`) without one."""
        paths = json.dumps([path for path in sys.path if path])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM.format(module=module), paths, *arguments],
            stdin=subprocess.PIPE if source is None else source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            close_fds=True,
        )
        self._ready = False

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def tell(self, message: bytes) -> None:
        """Write to its standard input; errors as `answer` where it cannot start."""
        self._await_start()
        assert self.process.stdin
        self.process.stdin.write(message)
        self.process.stdin.flush()

    def answer(self, seconds: float) -> bytes:
        """Its next message. Raises TimeoutError, EOFError when it has ended, ValueError for nonsense."""
        self._await_start()
        return self._message(seconds)

    def _await_start(self) -> None:
        if not self._ready:
            self._message(START_SECONDS)
            self._ready = True

    def _message(self, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        (length,) = LENGTH.unpack(self._received(LENGTH.size, deadline))
        if length > MAX_REPLY:
            raise ValueError(f"an answer of {length} bytes")
        return self._received(length, deadline)

    def wait(self) -> int:
        """Its exit code, negative for a signal."""
        return self.process.wait()

    def cause_of_death(self) -> str:
        """Why it ended, for the report."""
        code = self.wait()
        if code < 0:
            return _DEATHS.get(-code, f"makes its reader crash ({signal.Signals(-code).name})")
        return f"makes its reader stop (exit code {code})"

    def end(self) -> None:
        """End the process if it has not ended."""
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
            # Past the buffer, so that select sees what is there.
            chunk = os.read(self.process.stdout.fileno(), min(length - len(received), 1 << 20))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)
