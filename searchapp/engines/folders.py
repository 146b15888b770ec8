"""Folders of an index as the system sees them: who could have written there, and what survives a power cut."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from searchapp.errors import NoIndexError, UnsafeIndexError

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def require_safe(path: Path) -> None:
    """Raise UnsafeIndexError unless only we (or root) can have written `path`: opening an index is trusting it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise NoIndexError(f"nothing has been indexed in {path} yet: run 'searchapp reindex'") from None
    if stat.S_ISLNK(found.st_mode):
        raise UnsafeIndexError(f"{path} is a symbolic link: give the folder itself")
    if found.st_uid not in (os.geteuid(), 0):
        raise UnsafeIndexError(f"{path} belongs to user {found.st_uid}: index as the user who serves")
    if found.st_mode & _OTHERS_WRITE:
        raise UnsafeIndexError(f"{path} can be written by others: run 'chmod -R go-w {path}' if you trust its content")


def close_to_others(path: Path) -> None:
    """Take away the right of others to write `path`."""
    path.chmod(path.lstat().st_mode & ~_OTHERS_WRITE)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path, *, first: str = "") -> None:
    """Remove a file or a whole folder; `first` names the file in it that goes before the others.

    What cannot be removed now is left: a worker that outlived its parent may still be writing there.
    """
    if path.is_dir() and not path.is_symlink():
        if first:
            (path / first).unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
