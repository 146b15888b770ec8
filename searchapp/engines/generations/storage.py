"""The index folder as the system sees it: the right to write, safety against a power cut, the writer's lock."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from searchapp.errors import BusyIndexError, NoIndexError, SettingsError, UnsafeIndexError

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_UNABLE: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EBADF)
"""What file systems of networks and other systems answer where they have no locks, or sync no folders."""


def require_safe(path: Path) -> None:
    """Raise UnsafeIndexError unless only we (or root) can have written `path`: opening an index is trusting it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise NoIndexError(f"nothing has been indexed in {path} yet: run 'searchapp reindex'") from None
    if stat.S_ISLNK(found.st_mode):
        raise UnsafeIndexError(f"{path} is a symbolic link: give the folder itself")
    if found.st_uid not in (os.geteuid(), 0):
        raise UnsafeIndexError(
            f"{path} belongs to user {found.st_uid}: index as the user who serves, "
            f"or run 'chown -R {os.geteuid()} {path}' if you trust its content"
        )
    if found.st_mode & _OTHERS_WRITE:
        raise UnsafeIndexError(f"{path} can be written by others: run 'chmod -R go-w {path}' if you trust its content")


def close_to_others(path: Path) -> None:
    """Take away the right of others to write `path`, where they have it: some file systems change no rights at all."""
    mode = path.lstat().st_mode
    if mode & _OTHERS_WRITE:
        path.chmod(mode & ~_OTHERS_WRITE)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        raise SettingsError(
            f"the file system of {path} cannot sync it ({error.strerror}): move the index to a local disk: "
            "a power cut may lose what was published"
        ) from None
    finally:
        os.close(descriptor)


def remove(path: Path, *, first: str = "") -> None:
    """Remove a file or a whole folder; `first` names the file in it that goes before the others.

    Files that cannot be removed now are left: a worker that outlived its parent may still be writing there.
    """
    if path.is_dir() and not path.is_symlink():
        if first:
            (path / first).unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


NAME: Final = "LOCK"
PATIENCE: Final = 0.5
"""Seconds a second writer waits for the first: long enough for one that is ending, short enough for a person."""

_held: set[int] = set()


def _let_go_in_child() -> None:
    # A forked child shares the lock with its parent and would keep it after the parent's death.
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class WriterLock:
    """Context manager: the only writer of `index`; raises BusyIndexError, naming the holder, within a second."""

    def __init__(self, index: Path) -> None:
        self._path = index / NAME
        self._descriptor = -1

    def __enter__(self) -> WriterLock:
        end = time.monotonic() + PATIENCE
        while not self._try():
            if time.monotonic() > end:
                raise BusyIndexError(f"another reindex is running ({self._holder()}): wait until it has ended")
            time.sleep(0.05)
        with suppress(OSError):  # the holder's name only helps the one who waits: a full disk must not refuse the lock
            os.ftruncate(self._descriptor, 0)
            told = f"process {os.getpid()}, since {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}\n"
            os.pwrite(self._descriptor, told.encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _held.discard(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1

    def held(self) -> bool:
        """Tell whether the lock still counts: somebody may have removed its file, and another writer made a new one."""
        try:
            there = self._path.lstat()
        except OSError:
            return False
        return self._descriptor >= 0 and os.path.samestat(os.fstat(self._descriptor), there)

    def _try(self) -> bool:
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        _held.add(self._descriptor)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            locked = True
        except BlockingIOError:
            locked = False
        except OSError as error:
            self.__exit__(None, None, None)
            if error.errno not in _UNABLE:
                raise
            raise SettingsError(
                f"the file system of {self._path} has no locks ({error.strerror}): move the index to a local disk: "
                "two reindexes would not see each other"
            ) from None
        if locked and self.held():
            return True
        self.__exit__(None, None, None)
        return False

    def _holder(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8").strip() or "just starting"
        except (OSError, UnicodeDecodeError):
            return "unknown process"
