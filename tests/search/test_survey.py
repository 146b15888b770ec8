"""What is read from a whole generation: once, exact for small archives, and beside the requests for large ones."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from searchapp.engine import Engine
from searchapp.search import snapshot
from searchapp.search.snapshot import MAX_ARCHIVES, Survey


class Generation:
    """As much of an engine as a survey asks for; it takes as long to read as `gate` stays closed."""

    def __init__(self, archive: str, generation: str, articles: int) -> None:
        self.archive, self.generation, self.count = archive, generation, articles
        self.gate = threading.Event()
        self.gate.set()

    def stats(self) -> Any:
        return type("Counted", (), {"articles": self.count})


class Read:
    """A survey that notes which generations were read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.survey = Survey("read for a test", self._read)

    def _read(self, engine: Engine) -> str:
        assert cast(Generation, engine).gate.wait(10)
        self.read.append(engine.generation)
        return f"of {engine.generation}"

    def of(self, generation: Generation) -> str:
        return self.survey.of(cast(Engine, generation))

    def at_hand(self, generation: Generation) -> str | None:
        return self.survey.at_hand(cast(Engine, generation))


def finish() -> None:
    for thread in threading.enumerate():
        if thread.name == "read for a test":
            thread.join(10)


SMALL, LARGE = snapshot.AT_ONCE, snapshot.AT_ONCE + 1


def test_a_small_archive_is_always_known_as_it_is_now() -> None:
    read = Read()
    for name in ("1", "1", "2", "2", "1"):
        assert read.of(Generation("a", name, SMALL)) == f"of {name}"
        assert read.at_hand(Generation("a", name, SMALL)) == f"of {name}"
    assert read.read == ["1", "2", "1"]


def test_a_large_archive_is_known_as_it_was_until_it_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PAUSE", 0.0)
    read, second = Read(), Generation("a", "2", LARGE)
    assert read.of(Generation("a", "1", LARGE)) == "of 1"
    second.gate.clear()
    assert [read.of(second), read.at_hand(second)] == ["of 1"] * 2
    second.gate.set()
    finish()
    assert [read.of(second), read.at_hand(second)] == ["of 2"] * 2
    assert read.read == ["1", "2"]


def test_a_large_archive_is_not_read_for_every_publish() -> None:
    read = Read()
    for number in range(100):
        assert read.of(Generation("a", str(number), LARGE)) == "of 0"
    finish()
    assert read.read == ["0"]


def test_what_may_be_long_gone_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asked for an hour in which the archive changed: counts may be behind, texts may not."""
    clock = [1000.0]
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: clock[0])
    read, first, second = Read(), Generation("a", "1", LARGE), Generation("a", "2", LARGE)
    assert read.of(first) == "of 1"
    clock[0] += snapshot.OLDEST / 2
    assert [read.at_hand(first), read.at_hand(Generation("a", "1", LARGE))] == ["of 1"] * 2
    second.gate.clear()
    clock[0] += snapshot.OLDEST - 1
    assert read.at_hand(second) == "of 1"
    clock[0] += 2
    assert [read.at_hand(second), read.of(second)] == [None, "of 1"]
    second.gate.set()
    finish()
    assert [read.at_hand(second), read.of(second)] == ["of 2"] * 2


def test_nobody_waits_for_what_may_be_missing() -> None:
    read, large = Read(), Generation("a", "1", LARGE)
    large.gate.clear()
    assert read.at_hand(large) is None
    assert read.at_hand(large) is None
    large.gate.set()
    finish()
    assert read.at_hand(large) == "of 1"
    assert read.read == ["1"]


def test_archives_are_kept_apart_and_few() -> None:
    read = Read()
    for number in range(MAX_ARCHIVES + 1):
        assert read.of(Generation(str(number), "1", LARGE)) == "of 1"
    assert read.of(Generation(str(MAX_ARCHIVES), "1", LARGE)) == "of 1"
    assert len(read.read) == MAX_ARCHIVES + 1
    assert read.of(Generation("0", "1", LARGE)) == "of 1"
    assert len(read.read) == MAX_ARCHIVES + 2


def test_many_who_wait_read_once() -> None:
    read, large = Read(), Generation("a", "1", LARGE)
    large.gate.clear()
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(read.of, large) for _ in range(8)]
        large.gate.set()
        assert {one.result() for one in asked} == {"of 1"}
    assert read.read == ["1"]


def test_a_reading_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda told: None)
    fails = [OSError("a node is down")]

    def reading(engine: Engine) -> str:
        if fails:
            raise fails.pop()
        return engine.generation

    survey_of = Survey("read for a test", reading)
    large = cast(Engine, Generation("a", "1", LARGE))
    assert survey_of.at_hand(large) is None
    finish()
    assert survey_of.at_hand(large) is None
    finish()
    assert survey_of.at_hand(large) == "1"


def test_without_a_thread_to_be_had_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read, large = Read(), Generation("a", "1", LARGE)

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert read.at_hand(large) is None
    assert read.at_hand(large) is None
    finish()
    assert read.at_hand(large) == "of 1"
