"""Killed anywhere, two writers, readers beside them: the old index or the new one, whole, and the next run goes on."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reliability_support import SOAK, run, titles, two_generations, write_corpus, write_rows

from searchapp import ingest
from searchapp.config import Settings
from searchapp.engines import generations, open_engine
from searchapp.engines.generations import storage
from searchapp.engines.generations.storage import WriterLock
from searchapp.engines.whoosh.build.check import examine
from searchapp.errors import BusyIndexError
from searchapp.query import Query

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

Property = Callable[[str, object], None]
OPERATIONS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "os.truncate")
SHARDS = 4  # so that the processes of a parallel run share the points
KILLS = 50 if SOAK else 20
RECOVERED = 1 if SOAK else 6  # after every so many kills the next reindex is run too


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that the system holds; what a power cut loses is another test's question."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def in_child(work: Callable[[], object]) -> int:
    """Fork, work, and end without cleaning up; the child's id."""
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child


def died(child: int) -> bool:
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def linked_copy(index: Path, target: Path) -> Path:
    """A copy that costs no reading: files of a generation never change, so that links do."""
    shutil.copytree(index, target, copy_function=os.link)
    (target / storage.NAME).unlink(missing_ok=True)
    return target


def killed_at(index: Path, point: int, work: Callable[[], object]) -> bool:
    """Whether work in a child was killed at its point-th operation on the files of the index."""

    def start() -> None:
        left = point

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in OPERATIONS and str(arguments[0]).startswith(str(index)):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()

    return died(in_child(start))


def orphans(index: Path) -> list[str]:
    return [path.name for path in index.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str], Path]:
    """An index, its titles, and a corpus that changed since: a file came and another went."""
    top = tmp_path_factory.mktemp("ready")
    index, corpus = two_generations(top), top / "corpus"
    old = titles(index)
    (corpus / "moi.txt").write_text("Bài mới\n\nNội dung bài mới.", encoding="utf-8")
    (corpus / "cho.md").unlink()
    return index, old, corpus


NEW = {"Bài 2", "Bài 3", "Bài 4", "Bài 5", "Bài thêm", "Bài mới", "Cầu mới"}


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("full", [False, True], ids=["what changed", "everything"])
def test_a_kill_at_every_file_operation_of_a_reindex(
    ready: tuple[Path, set[str], Path], tmp_path: Path, full: bool, shard: int, record_property: Property
) -> None:
    index, old, corpus = ready
    step = SHARDS if SOAK else (14 if full else 7) * SHARDS  # every point in `make soak`
    seen = []
    for point in range(shard, 5000, step):
        copy = linked_copy(index, tmp_path / str(point))
        killed = killed_at(copy, point, lambda copy=copy: run(copy, corpus, full=full))
        found = generations.locate(copy)
        assert found.problem == ""
        assert generations.check(found.folder, deep=True) == []
        now = titles(copy)
        assert now in (old, NEW), point
        assert len(orphans(copy)) <= 1
        seen.append(now == NEW)
        if len(seen) % RECOVERED == 0 or not killed:
            run(copy, corpus)
            assert titles(copy) == NEW
            assert orphans(copy) == []
            assert len(generations.published(copy)) <= generations.KEPT
        shutil.rmtree(copy)
        if not killed:
            break
    assert point > 200
    assert seen == sorted(seen), "once the new one answers it answers"
    assert set(seen) == {False, True}
    record_property("kills at file operations survived", f"{len(seen) - 1} of {len(seen) - 1}")


def test_the_first_reindex_killed_anywhere_leaves_nothing_or_all(tmp_path: Path, record_property: Property) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    whole = {f"Bài {n}" for n in range(1, 6)} | {"Họp dân", "Chợ mới", "Cầu mới"}
    kills = 0
    for point in range(0, 5000, 1 if SOAK else 31):
        index = tmp_path / f"index{point}"
        killed = killed_at(index, point, lambda index=index: run(index, corpus))
        if generations.published(index):
            assert titles(index) == whole
        kills += killed
        if not killed:
            break
        if point % 4 == 0:
            assert run(index, corpus).articles == 8
    assert kills >= 10
    record_property("kills of a first reindex survived", f"{kills} of {kills}")


def test_kills_at_random_times(ready: tuple[Path, set[str], Path], tmp_path: Path, record_property: Property) -> None:
    index, old, corpus = ready
    chance = random.Random(9)
    copy = linked_copy(index, tmp_path / "index")
    started = time.monotonic()
    assert not died(in_child(lambda: run(linked_copy(index, tmp_path / "once"), corpus)))
    longest = 1.3 * (time.monotonic() - started)
    before, kills = old, 0
    for number in range(KILLS):
        (corpus.parent / "more").mkdir(exist_ok=True)
        write_rows(corpus.parent / "more" / "x.jsonl", {"id": "x", "title": f"Lần {number}", "text": "Một bài."})
        child = in_child(lambda: run(copy, corpus, corpus.parent / "more"))
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        killed = died(child)
        kills += killed
        longest *= 1.1 if killed else 0.9  # how long a run takes changes with what else the machine does
        now = titles(copy)
        assert now in (before, NEW | {f"Lần {number}"}), number
        assert generations.check(generations.current(copy), deep=True) == []
        before = now
    run(copy, corpus)
    assert (titles(copy), orphans(copy)) == (NEW, [])
    assert kills > KILLS / 5
    record_property("kills at random times survived", f"{KILLS} of {KILLS} ({kills} in time)")


def workers_of(process: int) -> set[int]:
    """Its worker processes; none once it has ended."""
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        return {int(child) for child in found if b"ingest.pool" in Path(f"/proc/{child}/cmdline").read_bytes()}
    except OSError:
        return set()


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_kills_of_a_run_with_worker_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Property
) -> None:
    """The workers of a killed run end by themselves, hold no lock, and what they still write is never published."""
    monkeypatch.setattr(ingest, "FEW_FILES", 0)  # however little there is to do
    monkeypatch.setattr(ingest, "FEW_BYTES", 0)
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    run(index, corpus)
    old = titles(index)
    text = "Nội dung dài của một bài số {n}, theo Nghị quyết {n}-NQ/TU. " * 40
    rows = [{"id": f"m{n}", "title": f"Mới {n}", "text": text.format(n=n)} for n in range(30)]
    for part in range(6):
        write_rows(corpus / f"m{part}.jsonl", *rows[part::6])
    new = old | {f"Mới {n}" for n in range(30)}
    chance, rounds, with_workers, outcomes = random.Random(4), 50 if SOAK else 5, 0, set()
    started = time.monotonic()
    assert not died(in_child(lambda: run(linked_copy(index, tmp_path / "once"), corpus, jobs=2)))
    longest = time.monotonic() - started
    for number in range(3 * rounds):  # on a busy machine a kill may come before the workers, or after the run
        if number >= rounds and with_workers > rounds // 3 and False in outcomes:
            break
        copy = linked_copy(index, tmp_path / f"copy{number}")
        child = in_child(lambda copy=copy: run(copy, corpus, jobs=2))
        time.sleep(chance.uniform(0.2, 1.1) * longest)
        workers = workers_of(child)
        os.kill(child, signal.SIGKILL)
        died(child)
        with WriterLock(copy) as taken:  # at once, whether or not workers are still at work
            assert taken.held()
        assert titles(copy) in (old, new)
        outcomes.add(titles(copy) == new)
        assert generations.check(generations.current(copy), deep=True) == []
        run(copy, corpus)  # beside workers that still write
        assert titles(copy) == new
        end = time.monotonic() + 30
        while (left := {worker for worker in workers if is_running(worker)}) and time.monotonic() < end:
            time.sleep(0.02)
        assert left == set()
        run(copy, corpus, verify=True)
        assert (titles(copy), orphans(copy)) == (new, [])
        with_workers += len(workers) > 0
        shutil.rmtree(copy)
    assert with_workers > rounds // 3 and False in outcomes
    record_property("kills with worker processes survived", f"{number} of {number}, {with_workers} with workers alive")


# --- two writers ---


def collide(index: Path, corpora: list[Path]) -> list[int]:
    """Two reindexes at once; their exit codes: 0 published, 75 told that another is running."""
    start, go = os.pipe()

    def work(corpus: Path) -> None:
        os.close(go)
        storage.PATIENCE = 0.0  # type: ignore[misc]
        select.select([start], [], [])  # until the parent lets both go
        try:
            run(index, corpus)
        except BusyIndexError:
            os._exit(75)

    children = [in_child(lambda corpus=corpus: work(corpus)) for corpus in corpora]
    os.close(go)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(start)
    return codes


def test_two_writers_never_publish_at_once(tmp_path: Path, record_property: Property) -> None:
    index, rounds, refused = tmp_path / "index", 100 if SOAK else 12, 0
    corpora = [tmp_path / "one", tmp_path / "two"]
    for corpus in corpora:
        corpus.mkdir()
    for number in range(rounds):
        for corpus in corpora:
            write_rows(corpus / "a.jsonl", {"id": "a", "title": f"{corpus.name} {number}", "text": "Một bài."})
        before = {path.name for path in generations.published(index)}
        codes = collide(index, corpora)
        fresh = {path.name for path in generations.published(index)} - before
        assert sorted(set(codes)) in ([0], [0, 75])
        assert len(fresh) == codes.count(0)
        assert titles(index) in ({f"one {number}"}, {f"two {number}"})
        assert generations.check(generations.current(index), deep=True) == []
        refused += codes.count(75)
    assert refused > rounds // 4
    record_property("rounds of two writers", f"{rounds} sound, {refused} times the second was refused")


@pytest.mark.clock
def test_no_jump_of_the_clock_stretches_the_wait_or_reorders_generations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_time, real_ns, real_gmtime = time.time, time.time_ns, time.gmtime
    jump = 0.0

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(real_time() + jump, UTC)

    monkeypatch.setattr(time, "time", lambda: real_time() + jump)
    monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(jump * 1e9))
    monkeypatch.setattr(time, "gmtime", lambda seconds=None: real_gmtime(real_time() + jump))
    monkeypatch.setattr(storage, "datetime", Jumping)
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    names = []
    for years in (0, 30, -30, 0):
        jump = years * 365.25 * 86_400
        (corpus / "nam.txt").write_text(f"Năm {years}\n\nĐồng hồ lệch {years} năm.", encoding="utf-8")
        run(index, corpus)
        names.append(generations.current(index).name)
        assert f"Năm {years}" in titles(index)
    assert names == sorted(names)
    sleep, waited = time.sleep, 0

    def set_back(seconds: float) -> None:
        nonlocal jump, waited
        jump, waited = jump - 86_400, waited + 1
        sleep(seconds)

    with WriterLock(index):
        monkeypatch.setattr(time, "sleep", set_back)
        started = time.monotonic()
        with pytest.raises(BusyIndexError), WriterLock(index):
            pass
        assert waited and time.monotonic() - started < 2


# --- readers beside writers ---


def read_until(stop: Path, index: Path, out: int) -> None:
    """Ask again and again; each answer must be of one version."""
    current = open_engine(Settings(index=index))
    current._every = 0.0  # type: ignore[attr-defined]
    answers, wrong, seen = 0, [], set()
    while not stop.exists():
        try:
            engine = current()
            answer = engine.search(Query(size=50, facets=("section", "date")))
            texts = {article.text for article in engine.articles([m.article.key for m in answer.matches])}
            sections = {value for value, _ in answer.facets["section"]}
            if len(texts) != 1 or len(sections) != 1 or answer.total != 20 or answer.generation != engine.generation:
                wrong.append(f"{answer.total} {texts} {sections}")
            seen |= sections
            answers += 1
        except Exception as error:
            wrong.append(repr(error))
    os.write(out, json.dumps([answers, wrong[:5], len(seen)]).encode())


def test_readers_never_fail_or_mix_while_publishes_come_and_half_are_killed(
    tmp_path: Path, record_property: Property
) -> None:
    corpus, index, stop = tmp_path / "corpus", tmp_path / "index", tmp_path / "stop"
    corpus.mkdir()

    def write(version: int) -> None:
        rows = (
            {"id": f"{n}", "title": f"Bài {n}", "text": f"Bản {version}", "section": f"b{version}"} for n in range(20)
        )
        write_rows(corpus / "a.jsonl", *rows)

    write(0)
    run(index, corpus)
    pipes = [os.pipe() for _ in range(2)]
    readers = [in_child(lambda out=out: read_until(stop, index, out)) for _, out in pipes]
    chance = random.Random(3)
    published = 0
    version = 0
    while published < KILLS:
        version += 1
        write(version)
        if version % 2:
            run(index, corpus)
            published += 1
        else:
            child = in_child(lambda: run(index, corpus))
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child, signal.SIGKILL)
            published += not died(child)
    stop.touch()
    for child in readers:
        assert not died(child)
    told = [json.loads(os.read(end, 1 << 16)) for end, _ in pipes]
    assert [wrong for _, wrong, _ in told] == [[], []]
    assert all(answers > 40 and versions > 6 for answers, _, versions in told), told
    total = sum(answers for answers, _, _ in told)
    record_property(f"answers while {KILLS} publishes came", f"{total:,} in 2 processes, 0 errors, 0 mixed")
    assert examine(generations.current(index)) == []


# --- the source changes while it is read ---


def test_a_source_that_changes_while_it_is_read_costs_nobody_else(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    stop = tmp_path / "stop"

    def mutate() -> None:
        chance = random.Random(5)
        while not stop.exists():
            path = corpus / f"x{chance.randrange(6)}.txt"
            match chance.randrange(5):
                case 0:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
                case 1 if not path.exists():
                    path.mkdir()
                case 2 if not path.is_dir():
                    with path.open("a", encoding="utf-8") as file:
                        file.write("Một dòng thêm.\n" * 50)
                case 3 if path.is_file():
                    os.utime(path, (1_000_000_000, 1_000_000_000))
                case _ if not path.is_dir():
                    path.write_text("Bài đổi\n\nNội dung đang đổi.", encoding="utf-8")

    child = in_child(mutate)
    try:
        for _ in range(6 if not SOAK else 60):
            run(index, corpus)
            assert {"Chợ mới", "Cầu mới", "Họp dân", "Bài 1"} <= titles(index)
    finally:
        stop.touch()
        os.waitpid(child, 0)
    run(index, corpus)
    run(tmp_path / "fresh", corpus)
    assert titles(index) == titles(tmp_path / "fresh")
