"""Watch folders: reindex when they have changed and then been quiet for a moment, until told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final, TypeAlias

import watchfiles
from watchfiles._rust_notify import WatchfilesRustInternalError

from searchapp.errors import BusyIndexError, SearchappError, SettingsError, ShrunkIndexError
from searchapp.readers.scans.recognition import available
from searchapp.readers.sniff import is_litter
from searchapp.report import Report

QUIET: Final = 2.0
"""Seconds without a change after which a copy of many files counts as whole."""
LONGEST: Final = 60.0
"""Seconds after which a folder that is never quiet is read all the same."""
_LOOK: Final = 5.0
"""Seconds between checks that the folders still exist; the system reports no replaced folder."""
EVERY: Final = 900.0
"""Seconds after which the folders are compared without any event: network drives and full queues send none."""
_LONGEST_WAIT: Final = 60.0

Listen: TypeAlias = Callable[[Sequence[Path], Path, float, Event], Iterator[bool]]
"""A function of PATHs, index folder, quiet time and stop. It yields True after changes, False now
and then without any.
"""


def watch(
    paths: Sequence[Path],
    index: Path,
    reindex: Callable[[], Report],
    say: Callable[[str], None],
    stop: Event,
    *,
    quiet: float = QUIET,
    listen: Listen | None = None,
) -> None:
    """Reindex now and after every change in the PATHs, until `stop` is set.

    say: gets each line worth knowing. The watch waits for a PATH that vanishes: no article is removed meanwhile. While
    another reindex is running, this one waits for its turn. A failed publication is reported, and tried again after the
    next change; so is a table that an operator is writing. Raises SettingsError of the first run, MemoryError and every
    bug.
    """
    told = begun = False

    def run() -> bool:
        nonlocal begun
        more = _run(reindex, say, stop, begun=begun)
        begun = True
        return more

    while not stop.is_set():
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            if not told:
                say(f"waiting for {', '.join(missing)}: not there")
            told = not stop.wait(_LOOK)
            continue
        told = False
        _while_there(paths, run, stop, _heard(listen or changes, paths, index, quiet, stop, say))


def _heard(
    listen: Listen, paths: Sequence[Path], index: Path, quiet: float, stop: Event, say: Callable[[str], None]
) -> Iterator[bool]:
    """Yield what the listener tells; where the system cannot listen to so many folders, False now and then."""
    try:
        yield from listen(paths, index, quiet, stop)
        return
    except FileNotFoundError:
        raise
    except (OSError, WatchfilesRustInternalError) as error:
        why = str(error).partition(" about ")[0].rstrip(".")
        say(f"the system reports no changes ({why}): compared every 15 minutes; raise fs.inotify.max_user_watches")
    while not stop.wait(_LOOK):
        yield False


def changes(paths: Sequence[Path], index: Path, quiet: float, stop: Event) -> Iterator[bool]:
    """Listen to the system; events of litter and of the index itself are ignored."""
    roots, built = [path.resolve() for path in paths], index.resolve()

    def counts(_: watchfiles.Change, name: str) -> bool:
        path = Path(name)
        inner = next((path.relative_to(root) for root in roots if path.is_relative_to(root)), path)
        return not path.is_relative_to(built) and not is_litter(inner.as_posix())

    for found in watchfiles.watch(
        *roots,
        watch_filter=counts,
        debounce=int(LONGEST * 1000),
        step=max(50, int(quiet * 1000)),
        rust_timeout=int(_LOOK * 1000) // 5,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        yield bool(found)


def _while_there(paths: Sequence[Path], run: Callable[[], bool], stop: Event, heard: Iterator[bool]) -> None:
    """Run at the beginning, after changes and every so often, until a PATH is gone or replaced."""
    before, last = _identity(paths), -EVERY
    try:
        # The watch listens from the first tick on, so that it misses no change after the first run.
        for changed in heard:
            if _identity(paths) != before or stop.is_set():
                return
            if changed or time.monotonic() - last >= EVERY:
                more = run()
                last = time.monotonic() - (EVERY if more else 0.0)
    except FileNotFoundError:  # the PATH has gone between the check and the listening
        return


def _identity(paths: Sequence[Path]) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            there = path.stat()
        except OSError:
            found.append(None)
        else:
            # A file that is saved anew is a new file; the listener reports that change.
            found.append((there.st_dev, there.st_ino) if path.is_dir() else (0, 0))
    return found


def _run(reindex: Callable[[], Report], say: Callable[[str], None], stop: Event, *, begun: bool) -> bool:
    """Reindex once; return whether scans still wait that this machine could read."""
    wait = 1.0
    while not stop.is_set():
        try:
            report = reindex()
        except BusyIndexError as error:
            if wait == 1.0:
                say(f"not begun: {error}")
            stop.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
            continue
        except (SearchappError, OSError) as error:
            if isinstance(error, SettingsError) and not begun:
                raise
            for line in error.skipped if isinstance(error, ShrunkIndexError) else ():
                say(line)
            say(f"nothing published: {error}")
            return False
        if report.published:
            for line in report.lines():
                say(line)
        return report.waiting > 0 and not available().missing
    return False
