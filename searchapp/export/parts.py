"""Keep the finished parts of a long export in a folder beside the file, for a run after a kill."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from searchapp.errors import UsageError

_PLAN, _LOCK = "plan", "lock"


class Parts:
    """The finished batches of one export, numbered from 0; made by `kept`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def done(self) -> int:
        """Return how many batches are whole."""
        count = 0
        while self.path(count).exists():
            count += 1
        return count

    def path(self, number: int) -> Path:
        """Return the file of a batch."""
        return self.folder / f"{number:06}"

    def add(self, number: int, data: bytes) -> None:
        """Keep a batch, whole or not at all."""
        _put_whole(self.path(number), data)

    def paths(self) -> Iterator[Path]:
        """Yield the files of all batches, in order."""
        return (self.path(number) for number in range(self.done))


@contextmanager
def kept(file: Path, plan: str) -> Iterator[Parts]:
    """Yield the parts of an export to `file`; drop parts of another plan, and all parts after a successful export."""
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.absolute().parent}: make it, or choose another file")
    folder = file.with_name(f".{file.name}.parts")
    folder.mkdir(exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{file}: another export is writing it: wait for it, or choose another file") from None
        mark = folder / _PLAN
        if not mark.exists() or mark.read_text(encoding="utf-8") != plan:
            for old in folder.iterdir():
                if old.name != _LOCK:
                    old.unlink()
            _put_whole(mark, plan.encode())
        yield Parts(folder)
        shutil.rmtree(folder)


def _put_whole(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, also when the power fails."""
    beside = file.with_name(f"{file.name}.new")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


@contextmanager
def open_whole(file: Path) -> Iterator[IO[str]]:
    """Yield a text that takes the place of `file` when all of it is written; after an error `file` is as before."""
    file = file.resolve()
    if file.exists() and not file.is_file():  # a pipe, a terminal
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as out:
            yield out
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def checksum(file: Path) -> Path:
    """Write the SHA-256 of a file beside it, as `sha256sum --check` reads it."""
    with file.open("rb") as data:
        told = hashlib.file_digest(data, "sha256").hexdigest()
    beside = file.with_name(f"{file.name}.sha256")
    _put_whole(beside, f"{told}  {file.name}\n".encode())
    return beside
