"""Generations of an index on disk: built beside the live one, published by rename, checked, rolled back, swept.

index/CURRENT               name of the live generation, one line
index/000007-3fa9c1/        a generation: the engine's files and MANIFEST.json; never changed once published
index/.build-000008-90bd2e  a build under way, or the remains of a killed one: the next build sweeps them
index/LOCK                  held by the writer
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Collection, Container
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from searchapp.engines.generations import manifest as manifests
from searchapp.engines.generations.manifest import Manifest
from searchapp.engines.generations.storage import WriterLock, close_to_others, remove, require_safe, sync
from searchapp.errors import (
    BusyIndexError,
    CorruptIndexError,
    IndexProblemError,
    NoIndexError,
    SettingsError,
    StaleIndexError,
    UnsafeIndexError,
)

CURRENT: Final = "CURRENT"
KEPT: Final = 3
"""The number of kept generations: the live one and two to go back to."""

GRACE: float = 60.0
"""Seconds for which a replaced generation stays: a slow request may still open its files."""

_NAME: Final = re.compile(r"(?P<counter>\d{6,9})-[0-9a-f]{6}")
_BUILD: Final = ".build-"
_OURS: Final = re.compile(
    r"\..*|LOCK|CURRENT|LAST_RUN\.json|README\.md|scans[.-].*|originals|vectors|opensearch|lost\+found"
)
"""What may lie in an index folder before its first generation."""


@dataclass(frozen=True, slots=True)
class Located:
    """The generation that answers; problem: why it is not the one that CURRENT names, else ""."""

    folder: Path
    problem: str = ""


def locate(index: Path, without: Collection[str] = ()) -> Located:
    """Return the live generation, or the newest sound one when CURRENT or its generation is damaged.

    without: names of generations that are known to be damaged. Raises NoIndexError, CorruptIndexError,
    UnsafeIndexError; StaleIndexError for another schema or analyzer version.
    """
    problem = ""
    live = _named(index)  # read before the list: a generation published in between is only not seen yet
    names = [path.name for path in published(index)]
    if live and live not in names:
        problem = f"{index / CURRENT}: names {live}, which is no generation here"
    elif not live and names:
        problem = f"{index / CURRENT}: {_unreadable(index / CURRENT)}"
    for name in sorted(names, key=lambda name: (name == live, name), reverse=True):
        try:
            if name in without:
                raise CorruptIndexError(f"{index / name}: its content changed since it was published")
            if lines := check(index / name):
                raise CorruptIndexError(f"{lines[0]}: run 'searchapp rollback' or 'searchapp reindex --full'")
            return Located(index / name, problem)
        except CorruptIndexError as error:
            problem = problem or str(error)
    if problem:
        seen = problem.partition(": run '")[0]  # a rollback would find nothing
        raise CorruptIndexError(f"{seen}: no other generation is sound: run 'searchapp reindex --full'")
    raise NoIndexError(f"nothing has been indexed in {index} yet: run 'searchapp reindex'")


def current(index: Path) -> Path:
    """Return the folder of the generation that answers; errors as `locate`."""
    return locate(index).folder


def published(index: Path) -> list[Path]:
    """Return the folders of all generations, newest first by their counter, sound or not."""
    try:
        found = [path for path in index.iterdir() if _NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        raise NoIndexError(f"{index} is not a folder: give another --index") from None
    return sorted(found, key=lambda path: (_counter(path.name), path.name), reverse=True)


def check(
    folder: Path, *, deep: bool = False, known: Container[manifests.Seen] = (), any_release: bool = False
) -> list[str]:
    """Return the faults of a generation, one line each: missing files and sizes, and every hash when `deep`.

    known: as `manifest.problems`. Raises CorruptIndexError without a manifest, UnsafeIndexError where others could have
    written, StaleIndexError for another schema or analyzer version, unless `any_release`.
    """
    require_safe(folder.parent)
    require_safe(folder)
    manifest = manifests.read(folder)
    if not any_release:
        manifest.require_current()
    lines = manifests.problems(folder, manifest, deep=deep, known=known)
    for name in manifest.files:
        if (folder / name).exists():
            require_safe(folder / name)
    return lines


def foreign(folder: Path) -> list[str]:
    """Return the names of files in a generation that its manifest does not know; nothing reads them."""
    known = manifests.read(folder).files
    return [name for name in manifests.names(folder) if name not in known]


def prepare(index: Path) -> None:
    """Make the folder of an index, or check that an existing one can be trusted, before anybody takes its lock."""
    missing = [path for path in (index, *index.parents) if not path.exists()]
    try:
        index.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise SettingsError(f"{index} is not a folder, and none can be made there: give another --index") from None
    except PermissionError:
        raise SettingsError(f"{index} cannot be made here: give another --index, or the right to write") from None
    except OSError as error:
        raise SettingsError(f"{index} cannot be made here ({error.strerror}): give another --index") from None
    for path in missing:
        sync(path.parent)  # the folder's name too must survive a power cut
    if not published(index) and index.stat().st_uid == os.geteuid() and not index.is_symlink():
        _own(index)
    require_safe(index)
    if not os.access(index, os.W_OK):
        raise SettingsError(f"{index} cannot be written by this user, or its disk is read-only: nothing was changed")
    sync(index)  # a file system that cannot is told now, not behind hours of work


def _own(index: Path) -> None:
    """Close a folder without generations to others, who can have changed nothing; but none that others use already."""
    mode = index.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        strange = sorted(path.name for path in index.iterdir() if not _OURS.fullmatch(path.name))
        if strange:
            raise UnsafeIndexError(
                f"{index} holds {strange[0]}, and others can write it: give a folder of its own with --index"
            )
    close_to_others(index)


def begin(index: Path, name: str = "", others: Collection[str] = ()) -> Path:
    """Sweep the remains of killed builds, and make the folder of a new build. The caller holds the writer lock.

    name: of the build, "" for a new one that comes after all here and after `others`, which are kept elsewhere.
    """
    for path in index.iterdir():
        if path.name.startswith((_BUILD, f".{CURRENT}-")):
            remove(path)
    if name:
        build = index / f"{_BUILD}{name}"
        build.mkdir(mode=0o755)
        return build
    names = [path.name for path in published(index)] + [_named(index), *others]
    counter = max((_counter(name) for name in names if _NAME.fullmatch(name)), default=0) + 1
    build = index / f"{_BUILD}{counter:06d}-{secrets.token_hex(3)}"
    build.mkdir(mode=0o755)
    return build


def name_of(build: Path) -> str:
    """Return the name that a build will have as a generation."""
    return build.name.removeprefix(_BUILD)


def carry(base: Path, build: Path, name: str) -> None:
    """Take an unchanged file of the generation `base` into a build: a hard link, else a copy."""
    target = build / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(base / name, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(base / name, target)


def publish(lock: WriterLock, build: Path, *, articles: int, context: str = "", base: Path | None = None) -> Path:
    """Make a finished build the live generation, whole or not at all, safe against a power cut. Return its folder.

    base: the generation whose hard-linked files keep their hashes. Raises BusyIndexError when the lock was lost.
    """
    index, name = build.parent, name_of(build)
    files, fresh = manifests.measure(build, base)
    built = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    manifests.write(build, Manifest(generation=name, articles=articles, built=built, context=context, files=files))
    everything = list(build.rglob("*"))
    for path in everything:
        close_to_others(path)
    for path in [build / manifests.NAME, *fresh, *(path for path in everything if path.is_dir()), build]:
        sync(path)
    if lines := check(build):
        raise CorruptIndexError(f"{lines[0]}: the disk did not keep what was written; nothing was published")
    _require_lock(lock, index)
    folder = build.rename(index / name)
    sync(index)
    _switch(index, name)
    sweep(index)
    return folder


def rollback(index: Path, to: str = "") -> Path:
    """Make the newest sound generation before the live one live again, or the one named `to`; return its folder."""
    if not published(index):
        raise NoIndexError(f"nothing has been indexed in {index} yet: run 'searchapp reindex'")
    require_safe(index)
    with WriterLock(index):
        names = [path.name for path in published(index)]
        live = _named(index)
        older = [name for name in names if live not in names or _counter(name) < _counter(live)]
        stale = ""
        for name in [name for name in names if name == to] if to else older:
            with suppress(IndexProblemError):
                if check(index / name, deep=True, any_release=True):
                    continue
                try:
                    manifests.read(index / name).require_current()
                except StaleIndexError:
                    stale = stale or name
                    continue
                _switch(index, name)
                return index / name
        if stale:
            raise StaleIndexError(f"{stale} is of another release: call 'searchapp rollback' of that release")
        raise NoIndexError(_no_way_back(index, live if live in names else "", to, to in names))


def _no_way_back(index: Path, live: str, to: str, known: bool) -> str:
    """Return why nothing was rolled back; a sound generation that answers needs no other. known: whether `to` is."""
    if to and not known:
        return f"{index} has no generation {to}: 'searchapp check' names those that are kept"
    if to:
        return f"{index / to} is damaged: 'searchapp check' names the generations that are sound"
    with suppress(IndexProblemError):
        if live and not check(index / live, deep=True):
            return f"{index} has no sound generation before {live}: nothing was changed, {live} goes on answering"
    return f"{index} has no sound generation to go back to: run 'searchapp reindex --full'"


def sweep(index: Path) -> None:
    """Remove all generations but the live one, the newest others (KEPT in all), and those replaced within GRACE.

    The caller holds the writer lock.
    """
    live = _named(index)
    newest_first = published(index)
    replaced = {old.name: new for new, old in pairwise(newest_first)}
    others = [path for path in newest_first if path.name != live]
    for path in others[KEPT - 1 :]:
        if path.name in replaced and 0 <= time.time() - _written(replaced[path.name]) < GRACE:
            continue
        # The manifest goes first: nobody takes the remains of a killed sweep for a generation.
        remove(path, first=manifests.NAME)


def _written(folder: Path) -> float:
    try:
        return (folder / manifests.NAME).stat().st_mtime
    except OSError:  # half removed
        return 0.0


def _unreadable(file: Path) -> str:
    """Return why this user reads no name of a generation from a file."""
    try:
        return "names no generation" if file.read_bytes().strip() else "empty"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _named(index: Path) -> str:
    """Return the content of CURRENT, when it is a name that a generation can have."""
    try:
        text = (index / CURRENT).read_bytes().decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if _NAME.fullmatch(text) else ""


def _counter(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found["counter"]) if found else 0


def _switch(index: Path, name: str) -> None:
    beside = index / f".{CURRENT}-{name}"
    beside.write_text(f"{name}\n", encoding="ascii")
    close_to_others(beside)
    sync(beside)
    beside.replace(index / CURRENT)
    sync(index)


def _require_lock(lock: WriterLock, index: Path) -> None:
    if not lock.held():
        raise BusyIndexError(f"the lock of {index} was taken away while indexing: nothing was published, run it again")
