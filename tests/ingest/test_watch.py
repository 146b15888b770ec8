"""Watching: what changes is indexed, a folder that vanishes loses nothing, another reindex is waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from watchfiles._rust_notify import WatchfilesRustInternalError

from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import WriterLock
from searchapp.errors import BusyIndexError, NoIndexError, SettingsError, ShrunkIndexError
from searchapp.ingest import watch as watching
from searchapp.ingest.watch import changes, watch
from searchapp.report import Report
from searchapp.text.translated import in_vietnamese

pytestmark = pytest.mark.clock

PATIENCE = 60.0  # seconds that a test waits for what must happen; a loaded machine needs many


class Run:
    """A reindex that only counts; outcomes: what its calls do, in turn."""

    def __init__(self, *outcomes: Report | Exception) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0

    def __call__(self) -> Report:
        self.calls += 1
        outcome = self.outcomes.pop(0) if self.outcomes else Report(generation="000002-x", articles=1, published=False)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


DONE = Report(generation="000001-x", articles=3, new=3)


def heard(*steps: bool | Callable[[], None]) -> tuple[watching.Listen, threading.Event]:
    """A listener that tells what is given, doing what is called between, and then the stop."""
    stop = threading.Event()
    left = list(steps)

    def listen(paths: Sequence[Path], index: Path, quiet: float, stop: threading.Event) -> Iterator[bool]:
        while left:
            step = left.pop(0)
            if callable(step):
                step()
            else:
                yield step
        stop.set()

    return listen, stop


def told(folder: Path, run: Run, *steps: bool | Callable[[], None]) -> list[str]:
    listen, stop = heard(*steps)
    said: list[str] = []
    watch([folder], folder / "index", run, said.append, stop, listen=listen)
    return said


def test_it_runs_at_once_and_after_changes_only(tmp_path: Path) -> None:
    run = Run(DONE)
    said = told(tmp_path, run, False, False, True, False, True)
    assert run.calls == 3
    assert said == DONE.lines(), "a run that changed nothing is not told"


@pytest.mark.parametrize(
    "error",
    [
        OSError('OS file watch limit reached. about ["/kho/f"] (Error { kind: MaxFilesWatch })'),
        WatchfilesRustInternalError("Error creating recommended watcher: Too many open files (os error 24)"),
    ],
    ids=["folders", "watchers"],
)
def test_where_the_system_cannot_watch_all_folders_they_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Each ended the service with a traceback, and nothing was indexed."""
    monkeypatch.setattr(watching, "EVERY", 0.0)
    monkeypatch.setattr(watching, "_LOOK", 0.01)
    stop, said = threading.Event(), list[str]()

    class Last(Run):
        def __call__(self) -> Report:
            if self.calls == 2:
                stop.set()
            return super().__call__()

    def refuse(*_: object, **__: object) -> Iterator[set[object]]:
        raise error
        yield set()

    monkeypatch.setattr("watchfiles.watch", refuse)
    run = Last(DONE)
    watch([tmp_path], tmp_path / "index", run, said.append, stop)
    assert run.calls == 3 and len(said) == 1 + len(DONE.lines())
    assert said[0].startswith("the system reports no changes (") and "/kho" not in said[0]
    assert in_vietnamese(said[0]).startswith("hệ thống không báo thay đổi (")


def test_it_looks_for_itself_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.0)
    run = Run()
    told(tmp_path, run, False, False, False)
    assert run.calls == 3


@pytest.mark.parametrize("error", [ShrunkIndexError("half is gone"), OSError(28, "No space left")])
def test_what_cannot_be_published_is_told_and_tried_again(tmp_path: Path, error: Exception) -> None:
    run = Run(error, DONE)
    said = told(tmp_path, run, False, True)
    assert said[0].startswith("nothing published: ") and said[1:] == DONE.lines()


def test_what_was_not_read_is_told_where_nothing_can_be_published(tmp_path: Path) -> None:
    said = told(
        tmp_path, Run(ShrunkIndexError("half is gone", ["1 file skipped:", "  a.doc: an old Word file"])), False
    )
    assert said == ["1 file skipped:", "  a.doc: an old Word file", "nothing published: half is gone"]


def test_wrong_settings_and_bugs_end_it(tmp_path: Path) -> None:
    for error in (SettingsError("index"), ZeroDivisionError()):
        with pytest.raises(type(error)):
            told(tmp_path, Run(error), False)


def test_a_table_that_is_being_written_ends_no_watch(tmp_path: Path) -> None:
    wrong = SettingsError("bang/pins.tsv, line 1: no column 'query'")
    said = told(tmp_path, Run(DONE, wrong, DONE), False, True, True)
    assert said == [*DONE.lines(), f"nothing published: {wrong}", *DONE.lines()]


def test_another_reindex_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(threading.Event, "wait", lambda self, timeout=None: bool(waits.append(timeout or 0)))
    run = Run(*[BusyIndexError("another reindex is running")] * 8, DONE)
    said = told(tmp_path, run, False)
    assert said == ["not begun: another reindex is running", *DONE.lines()]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_folder_that_vanishes_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()

    def come_back(self: threading.Event, timeout: float | None = None) -> bool:
        folder.mkdir()
        return False

    monkeypatch.setattr(threading.Event, "wait", come_back)
    run = Run(DONE)
    said = told(folder, run, False, folder.rmdir, True, False)
    assert run.calls == 2, "once before, once when it is back, never while it is gone"
    assert f"waiting for {folder}: not there" in said


def test_the_system_is_listened_to(tmp_path: Path) -> None:
    folder, index, stop = tmp_path / "tin", tmp_path / "tin" / "index", threading.Event()
    index.mkdir(parents=True)
    ticks = changes([folder], index, 0.1, stop)
    while next(ticks):
        pass  # what was made above may still be heard
    (index / "x").write_text("x", encoding="utf-8")
    (folder / ".tam").write_text("x", encoding="utf-8")
    assert not next(ticks), "neither the index nor a hidden file is a change"
    (folder / "a.txt").write_text("xin chào", encoding="utf-8")
    end = time.monotonic() + PATIENCE
    while not next(ticks):
        assert time.monotonic() < end
    stop.set()
    assert list(ticks) == []


def articles(index: Path) -> int:
    try:
        return manifest.read(generations.current(index)).articles
    except (NoIndexError, OSError):
        return 0


def wait_for(index: Path, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while articles(index) != count:
        assert time.monotonic() < end, f"{articles(index)} articles instead of {count}"
        time.sleep(0.1)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_follows_a_folder_and_stops_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    folder, index = tmp_path / "tin", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text("Phường mở chợ mới hôm qua.", encoding="utf-8")
    command = [sys.executable, "-m", "searchapp", "watch", str(folder), "--index", str(index), "--quiet", "0.1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path, env={**os.environ}, text=True)
    try:
        wait_for(index, 1)
        if ending == signal.SIGTERM:
            with WriterLock(index):
                (folder / "b.txt").write_text("Khánh thành cầu mới hôm nay.", encoding="utf-8")
                time.sleep(0.5)  # as a reindex by hand would be running
            wait_for(index, 2)
        process.send_signal(ending)
        out, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out.splitlines()[0] == f"watching {folder}" and out.splitlines()[-1] == "stopped; the index stays as it is"
    assert not list(index.glob(".build-*")) and Settings(index=index).index == index
