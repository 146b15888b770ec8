"""Walk the given PATHs for files, without leaving them, and without hidden and ignored names."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from searchapp.errors import UsageError
from searchapp.readers.items import Bad
from searchapp.readers.sidecar import ENDING, is_sidecar
from searchapp.readers.sidecar import held as sidecar_of
from searchapp.readers.sniff import is_litter

IGNORE: Final = ".searchignore"
"""A file of names to leave out, one a line, for its folder and below; `*` and `?` stand for any characters."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is mirrored, resolved; part: the one file or folder in it that is meant, "" for all of it."""

    folder: str
    part: str = ""

    def holds(self, other: Root) -> bool:
        """Tell whether everything of `other` is in this root."""
        return _within(_joined(other.folder, other.part), _joined(self.folder, self.part))


class File(NamedTuple):
    """A found file; name: relative to its root's folder, with "/"; mtime: nanoseconds.

    size, mtime: with those of its sidecar, so that a change of either is one of the file.
    """

    # The class is a tuple, because a run makes and compares a hundred thousand before it reads anything.

    root: str
    name: str
    size: int
    mtime: int

    @property
    def path(self) -> Path:
        """Return the path of the file."""
        return Path(self.root, self.name)

    @property
    def shown(self) -> str:
        """Return its name as text; bytes that are no UTF-8 are replaced."""
        return os.fsencode(self.name).decode("utf-8", "replace")


def roots(paths: Iterable[Path], known: Sequence[Root] = ()) -> list[Root]:
    """Return the roots that the PATHs mean, in their order, without PATHs inside of others.

    A PATH inside one of the `known` roots is a part of that root: its files keep their names. Raises UsageError for a
    missing PATH.
    """
    found: list[Root] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        real = path.resolve()
        root = Root(str(real)) if real.is_dir() else Root(str(real.parent), real.name)
        for old in known:
            if old.holds(root) and old != root:
                root = Root(old.folder, os.path.relpath(real, old.folder))
        found.append(root)
    return [
        root
        for n, root in enumerate(found)
        if not any(other.holds(root) and (not root.holds(other) or m < n) for m, other in enumerate(found) if m != n)
    ]


def walk(root: Root, index: Path) -> Iterator[File | Bad]:
    """Yield the files of a root, and a Bad for each unread entry: links, devices, folders without permission.

    The walk never follows symbolic links; it silently leaves out litter, names in IGNORE and the index itself.
    """
    start = Path(root.folder, root.part)
    if start.is_dir():
        rules = [rule for folder in _between(root) for rule in _rules(root, folder)]
        yield from _walk(root.folder, root.part.rstrip("/"), tuple(rules), str(index.resolve()))
    else:
        yield _entry(root.folder, root.part, start.lstat(), _aside(start))


def _between(root: Root) -> list[str]:
    """Return the folders above `part`, whose rules hold in it too."""
    steps = root.part.split("/")[:-1] if root.part else []
    return ["/".join(steps[:n]) for n in range(len(steps) + 1)] if root.part else []


class _Folder(NamedTuple):
    """A folder to enter; rules: the patterns that hold in it."""

    name: str
    rules: tuple[str, ...]


def _walk(top: str, name: str, rules: tuple[str, ...], index: str) -> Iterator[File | Bad]:
    """Walk depth first in the order of names; the stack of listings allows any depth of folders."""
    stack = [_listed(top, _Folder(name, rules), index)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, _Folder):
            stack.append(_listed(top, item, index))
        else:
            yield item


def _listed(top: str, inside: _Folder, index: str) -> Iterator[File | Bad | _Folder]:
    """Yield the content of a folder: files, unreadable entries, and folders to enter."""
    name, rules = inside
    folder = _joined(top, name)
    if folder == index:
        return
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=attrgetter("name"))
    except OSError as error:
        yield _unread(_shown(name) or ".", error)
        return
    if any(entry.name == IGNORE for entry in entries):
        rules += tuple(_rules(Root(top), name))
    regular = {entry.name: entry for entry in entries if entry.is_file(follow_symlinks=False)}
    sidecars = {name for name in regular if is_sidecar(name)}
    for entry in entries:
        inner = f"{name}/{entry.name}" if name else entry.name
        directory = entry.name not in regular and entry.is_dir(follow_symlinks=False)
        if is_litter(entry.name) or (rules and _ignored(inner, entry.name, directory, rules)):
            continue
        if directory:
            yield _Folder(inner, rules)
            continue
        if entry.name in sidecars and entry.name[: -len(ENDING)] in regular:
            continue  # looked at with its source
        try:
            found = entry.stat(follow_symlinks=False)
            if not sidecars and stat.S_ISREG(found.st_mode):
                yield File(top, inner, found.st_size, found.st_mtime_ns)
                continue
            beside = regular.get(entry.name + ENDING)
            yield _entry(top, inner, found, beside.stat(follow_symlinks=False) if beside else None)
        except OSError as error:  # the entry has gone since the listing
            yield _unread(_shown(inner), error)


def _unread(shown: str, error: OSError) -> Bad:
    """Return the Bad of an entry that the walk could not look at; only a too long name is a lasting fault."""
    return Bad(shown, 0, f"cannot be read: {error.strerror}", passing=error.errno != errno.ENAMETOOLONG)


def stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file with its sidecar, as in `File`."""
    return _together(path.stat(), _aside(path))


def _aside(path: Path) -> os.stat_result | None:
    """The state of a file's sidecar, None where it has none."""
    with suppress(OSError):
        aside = sidecar_of(path)
        return aside.lstat() if aside else None
    return None


def _together(found: os.stat_result, aside: os.stat_result | None) -> tuple[int, int]:
    if aside is None:
        return found.st_size, found.st_mtime_ns
    return found.st_size + aside.st_size, max(found.st_mtime_ns, aside.st_mtime_ns)


def _entry(top: str, name: str, found: os.stat_result, aside: os.stat_result | None = None) -> File | Bad:
    if stat.S_ISREG(found.st_mode) and is_sidecar(name):
        return Bad(_shown(name), 0, "mends a file that is not here: remove it, or put it beside its source")
    if stat.S_ISREG(found.st_mode):
        return File(top, name, *_together(found, aside))
    if stat.S_ISLNK(found.st_mode):
        return Bad(_shown(name), 0, "symbolic link, not followed", code="link")
    return Bad(_shown(name), 0, "not a file but a pipe, socket or device", code="link")


def _rules(root: Root, name: str) -> Iterator[str]:
    """Yield the patterns of one folder's IGNORE, each with that folder before it."""
    try:
        text = Path(root.folder, name, IGNORE).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            yield f"{name}\0{pattern}"


def _ignored(name: str, last: str, directory: bool, rules: tuple[str, ...]) -> bool:
    for rule in rules:
        folder, pattern = rule.split("\0")
        bare = pattern.rstrip("/")
        if bare != pattern and not directory:
            continue
        if "/" in bare:
            if fnmatchcase(name, f"{folder}/{bare.lstrip('/')}".lstrip("/")):
                return True
        elif fnmatchcase(last, bare):
            return True
    return False


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _joined(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if name else folder


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def content_digest(path: Path, of: Path | None = None) -> int:
    """Return 64 bits of the content of a file, with its sidecar where it has one. of: the source of a copy."""
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=8))
    if aside := sidecar_of(of or path):
        with aside.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "blake2b").digest())
    return int.from_bytes(found.digest())
