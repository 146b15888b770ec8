"""A reindex that an operator starts: the command itself, in a process of its own, with its report in a file."""

from __future__ import annotations

import fcntl
import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from searchapp.visitors import private

LOG, _LOCK = "reindex.log", "reindex.lock"
_TAIL: Final = 8_000  # characters of the report that are shown


class Runs:
    """The runs of one archive. command: what `searchapp reindex` is here; every worker of a server knows of a run."""

    def __init__(self, state: Path, command: Sequence[str]) -> None:
        self._state, self._command = state, list(command)

    def start(self) -> bool:
        """Start one, unless one is running."""
        private.folder(self._state)
        lock = (self._state / _LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        descriptor = os.open(self._state / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with lock, os.fdopen(descriptor, "wb") as log:
            # The lock goes with the process that inherits it, however that ends.
            process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, pass_fds=(lock.fileno(),),
            )  # fmt: skip
        threading.Thread(target=process.wait, daemon=True).start()
        return True

    def is_running(self) -> bool:
        """Whether one is running."""
        try:
            with (self._state / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def report(self) -> str:
        """What the last one said."""
        try:
            return (self._state / LOG).read_text(encoding="utf-8", errors="replace")[-_TAIL:]
        except FileNotFoundError:
            return ""
