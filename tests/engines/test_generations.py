"""Generations: published whole or not at all, trusted only when intact, never by two writers."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from searchapp.engines import generations
from searchapp.engines.generations import manifest, storage
from searchapp.engines.generations.live import Live
from searchapp.engines.generations.storage import WriterLock, require_safe
from searchapp.errors import (
    BusyIndexError,
    CorruptIndexError,
    IndexProblemError,
    NoIndexError,
    StaleIndexError,
    UnsafeIndexError,
)
from searchapp.readers.scans.readings import Readings
from searchapp.report import save_run
from searchapp.text.translated import in_vietnamese


def publish(index: Path, words: str, *, link: bool = False) -> Path:
    """A generation of two files, `words` and (linked from the generation before, or new) `old`."""
    generations.prepare(index)
    with WriterLock(index) as held:
        base = generations.current(index) if link else None
        build = generations.begin(index)
        (build / "words").write_text(words, encoding="utf-8")
        if base:
            generations.carry(base, build, "old")
        else:
            (build / "old").write_text("Đảng bộ", encoding="utf-8")
        return generations.publish(held, build, articles=len(words.split()), base=base)


def join(name: str) -> None:
    """Wait until the threads of this name have ended."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(10)


def answer(index: Path) -> str:
    return (generations.current(index) / "words").read_text(encoding="utf-8")


def test_what_was_just_replaced_stays_a_minute_for_slow_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    monkeypatch.setattr(generations, "GRACE", 60)
    folders = [publish(index, f"bản {n}") for n in range(6)]
    assert generations.published(index) == folders[::-1]
    for folder, minutes in zip(folders, (9, 8, 7, -5, 0, 0), strict=True):  # -5: a clock that was put back
        long_ago = time.time() - 60 * minutes
        os.utime(folder / manifest.NAME, (long_ago, long_ago))
    folders.append(publish(index, "bản 6"))
    assert generations.published(index) == folders[:2:-1]


def test_the_last_published_answers_and_three_are_kept(tmp_path: Path) -> None:
    index = tmp_path / "index"
    folders = [publish(index, f"bản {n}") for n in range(5)]
    assert answer(index) == "bản 4"
    assert generations.published(index) == folders[:1:-1]
    assert [int(folder.name[:6]) for folder in folders] == [1, 2, 3, 4, 5]
    assert not list(index.glob(".*"))


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("", "no sound generation before {live}: nothing was changed"),
        ("000009-abcdef", "no generation 000009-abcdef"),
        ("damaged", "is damaged: 'searchapp check' names"), ("live damaged", "run 'searchapp reindex --full'"),
        ("nothing", "nothing has been indexed"), ("a file", "is not a folder"),
    ],
)  # fmt: skip
def test_why_there_is_no_way_back(tmp_path: Path, to: str, says: str) -> None:
    """A sound archive of one generation was told to build everything anew; a file, to change its rights."""
    index = tmp_path / "index"
    live = publish(index, "một") if to not in ("nothing", "a file") else index / "none"
    if to == "a file":
        index.touch()
    if to == "live damaged":
        (live / "words").write_bytes(b"")
        to = ""
    elif to == "damaged":
        to, live = live.name, publish(index, "hai")
        (index / to / "words").write_bytes(b"")
    with pytest.raises(NoIndexError) as told:
        generations.rollback(index, "" if to in ("nothing", "a file") else to)
    assert says.format(live=live.name) in str(told.value)
    assert in_vietnamese(str(told.value)) != str(told.value)


@pytest.mark.parametrize(
    ("mode", "held", "refused"),
    [
        (0o1777, "someone.txt", True), (0o2775, "report.docx", True), (0o755, "someone.txt", False),
        (0o775, "README.md", False), (0o1777, "", False), (0o775, "LAST_RUN.json", False),
    ],
)  # fmt: skip
def test_a_folder_that_others_use_keeps_its_rights(tmp_path: Path, mode: int, held: str, refused: bool) -> None:
    """`--index /tmp` took away from everybody the right to write there."""
    index = tmp_path / "index"
    index.mkdir()
    if held:
        (index / held).touch()
    index.chmod(mode)
    if refused:
        with pytest.raises(UnsafeIndexError, match="a folder of its own"):
            generations.prepare(index)
    else:
        generations.prepare(index)
    assert stat.S_IMODE(index.stat().st_mode) == (mode if refused else mode & ~0o22)


def test_nobody_else_says_which_generation_answers(tmp_path: Path) -> None:
    """Whatever the umask: the files beside the generations were anybody's to write."""
    before = os.umask(0)
    try:
        publish(tmp_path / "index", "một")
        save_run(tmp_path / "index", exit_code=0, seconds=1.0)
        Readings(tmp_path / "index").keep("f", "0", [])
    finally:
        os.umask(before)
    found = {path.name: path.stat().st_mode & 0o22 for path in (tmp_path / "index").iterdir()}
    assert {"CURRENT", "LAST_RUN.json", "scans.sqlite"} < set(found) and not any(found.values()), found


def test_going_back_and_on_again(tmp_path: Path) -> None:
    folders = [publish(tmp_path, word) for word in ("một", "hai", "ba")]
    assert generations.rollback(tmp_path) == folders[1]
    assert answer(tmp_path) == "hai"
    assert generations.rollback(tmp_path) == folders[0]
    with pytest.raises(NoIndexError):
        generations.rollback(tmp_path)
    assert generations.rollback(tmp_path, folders[2].name) == folders[2]
    generations.rollback(tmp_path)
    assert publish(tmp_path, "bốn").name.startswith("000004-")
    assert answer(tmp_path) == "bốn"


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(NoIndexError, match="searchapp reindex"):
            generations.current(folder)


def test_linked_files_keep_their_hash_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(tmp_path, "một")
    read: list[str] = []
    digest = manifest.digest
    monkeypatch.setattr(manifest, "digest", lambda path: (read.append(path.name), digest(path))[1])
    second = publish(tmp_path, "hai", link=True)
    assert read == ["words"]
    assert manifest.read(second).files["old"] == manifest.read(first).files["old"]
    assert generations.check(second, deep=True) == []


@pytest.mark.parametrize("file", ["words", "old", manifest.NAME, generations.CURRENT])
def test_every_flipped_bit_is_found(tmp_path: Path, file: str) -> None:
    publish(tmp_path, "một")
    live = publish(tmp_path, "hai " * 9)
    path = tmp_path / file if file == generations.CURRENT else live / file
    sound = path.read_bytes()
    step = max(1, len(sound) * 8 // 200)
    for bit in range(0, len(sound) * 8, step):
        broken = bytearray(sound)
        broken[bit // 8] ^= 1 << bit % 8
        path.write_bytes(broken)
        if file == generations.CURRENT:
            assert generations.locate(tmp_path).problem, bit
        elif file == manifest.NAME:
            with pytest.raises(CorruptIndexError):
                generations.check(live)
        else:
            assert generations.check(live, deep=True), bit


@pytest.mark.parametrize("damage", ["cut", "missing", "manifest", "no manifest", "empty", "outside", "newline"])
def test_a_damaged_generation_gives_way_to_the_one_before(tmp_path: Path, damage: str) -> None:
    publish(tmp_path, "một")
    live = publish(tmp_path, "hai")
    match damage:
        case "cut":
            (live / "words").write_text("h", encoding="utf-8")
        case "missing":
            (live / "old").unlink()
        case "manifest":
            (live / manifest.NAME).write_text('{"files": [', encoding="utf-8")
        case "no manifest":
            (live / manifest.NAME).unlink()
        case "empty":
            (tmp_path / "CURRENT").write_bytes(b"")
        case "outside":
            (tmp_path / "CURRENT").write_text("../../etc\n", encoding="utf-8")
        case "newline":
            (tmp_path / "CURRENT").write_text(f"{live.name}\n\n", encoding="utf-8")
    found = generations.locate(tmp_path)
    assert found.problem
    pointer = damage in ("empty", "outside", "newline")
    assert found.folder == (live if pointer else generations.published(tmp_path)[1])


def test_nothing_sound_is_an_error_and_a_new_build_mends_it(tmp_path: Path) -> None:
    (publish(tmp_path, "một") / "words").unlink()
    with pytest.raises(CorruptIndexError, match="reindex --full"):
        generations.current(tmp_path)
    publish(tmp_path, "hai")
    assert answer(tmp_path) == "hai"


def test_foreign_files_do_no_harm(tmp_path: Path) -> None:
    live = publish(tmp_path, "một")
    (live / "_MAIN_999.toc").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    assert generations.check(live, deep=True) == []
    assert answer(tmp_path) == "một"


def test_another_analyzer_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, "một")
    monkeypatch.setattr(manifest, "ANALYZER", 99)
    with pytest.raises(StaleIndexError, match="run 'searchapp reindex --full'"):
        generations.current(tmp_path)


@pytest.mark.parametrize("what", ["folder", "generation", "file"])
def test_what_others_can_write_is_refused(tmp_path: Path, what: str) -> None:
    live = publish(tmp_path, "một")
    {"folder": tmp_path, "generation": live, "file": live / "words"}[what].chmod(0o777)
    with pytest.raises(UnsafeIndexError, match="chmod"):
        generations.current(tmp_path)
    if what == "folder":
        with pytest.raises(UnsafeIndexError):
            generations.prepare(tmp_path)


def test_a_link_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    publish(tmp_path / "real", "một")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UnsafeIndexError):
        require_safe(tmp_path / "link")


@pytest.mark.clock
def test_the_second_writer_is_told_within_a_second(tmp_path: Path) -> None:
    with WriterLock(tmp_path):
        start = time.monotonic()
        with pytest.raises(BusyIndexError, match=f"process {os.getpid()}, since 20"), WriterLock(tmp_path):
            pass
        assert time.monotonic() - start < 1
    with WriterLock(tmp_path) as again:
        assert again.held()


def test_a_killed_holder_and_its_children_hold_nothing(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from searchapp.engines.generations.storage import WriterLock\n"
        "WriterLock(Path(sys.argv[1])).__enter__()\n"
        "child = os.fork()\n"
        "print(child, flush=True) if child else None\n"
        "time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    child = int(holder.stdout.readline())
    try:
        holder.kill()
        holder.wait()
        with WriterLock(tmp_path) as taken:
            assert taken.held()
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


def test_a_lost_lock_publishes_nothing(tmp_path: Path) -> None:
    publish(tmp_path, "một")
    with WriterLock(tmp_path) as held:
        build = generations.begin(tmp_path)
        (build / "words").write_text("hai", encoding="utf-8")
        (tmp_path / storage.NAME).unlink()
        with pytest.raises(BusyIndexError):
            generations.publish(held, build, articles=1)
    assert answer(tmp_path) == "một"


def killed_at(index: Path, point: int) -> bool:
    """Publish "mới" in a child that dies at its point-th file operation; whether it died."""
    child = os.fork()
    if child == 0:
        left = point

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod"):
                if not str(arguments[0]).startswith(str(index)) and event == "open":
                    return
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        publish(index, "mới", link=True)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def test_a_kill_at_any_file_operation_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    seen = set()
    for point in range(500):
        index = tmp_path / str(point)
        for _ in range(3):
            publish(index, "cũ")
        died = killed_at(index, point)
        seen.add(answer(index))
        assert answer(index) in ("cũ", "mới")
        publish(index, "sau", link=True)
        assert answer(index) == "sau"
        assert len(generations.published(index)) <= 3
        assert not list(index.glob(".*"))
        if not died:
            break
    assert point > 25
    assert seen == {"cũ", "mới"}


def test_live_changes_within_a_second_and_keeps_what_is_in_use(tmp_path: Path) -> None:
    publish(tmp_path, "một")
    live = Live(tmp_path, lambda folder: (folder / "words").read_text(encoding="utf-8"), every=0.01)
    first = live.engine()
    publish(tmp_path, "hai")
    time.sleep(0.02)
    assert (first, live.engine()) == ("một", "hai")
    generations.rollback(tmp_path)
    time.sleep(0.02)
    assert live() == "một"


def test_live_keeps_the_old_when_the_new_cannot_be_opened(tmp_path: Path) -> None:
    publish(tmp_path, "một")

    def open_engine(folder: Path) -> str:
        words = (folder / "words").read_text(encoding="utf-8")
        if words == "hỏng":
            raise CorruptIndexError("damaged posting list")
        return words

    live = Live(tmp_path, open_engine, every=0)
    assert live.engine() == "một"
    publish(tmp_path, "hỏng")
    assert live.engine() == "một"
    assert live.problem == "damaged posting list"
    publish(tmp_path, "hai")
    assert (live.engine(), live.problem) == ("hai", "")


def test_live_tells_of_an_index_that_is_taken_away_and_answers_nothing_from_it(tmp_path: Path) -> None:
    index, away = tmp_path / "index", tmp_path / "away"
    index.mkdir()
    publish(index, "một")
    live = Live(index, lambda folder: (folder / "words").read_text(encoding="utf-8"), every=0)
    assert (live.engine(), live.problem) == ("một", "")
    (index / generations.CURRENT).rename(tmp_path / "kept")
    assert live.engine() == "một" and "CURRENT is gone" in live.problem
    (tmp_path / "kept").rename(index / generations.CURRENT)
    assert (live.engine(), live.problem) == ("một", "")
    index.rename(away)
    for _ in range(2):
        with pytest.raises(NoIndexError):
            live.engine()
    away.rename(index)
    assert (live.engine(), live.problem) == ("một", "")


def test_live_hashes_a_file_once_however_many_generations_link_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, "một")
    live = Live(tmp_path, lambda folder: folder.name, every=0)
    read: list[str] = []
    digest = manifest.digest

    def noted(path: Path) -> str:
        if path.is_relative_to(tmp_path):  # a thread of a test before may still hash
            read.append(path.name)
        return digest(path)

    monkeypatch.setattr(manifest, "digest", noted)

    def hashed() -> list[str]:
        read.clear()  # the publish hashes too
        for _ in range(2):  # not with the request that opens it
            live.engine()
        join("hashing")
        return sorted(read)

    assert hashed() == ["old", "words"]
    publish(tmp_path, "hai", link=True)
    assert hashed() == ["words"]
    third = publish(tmp_path, "ba", link=True)
    damaged = third / "old"
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    assert hashed() == ["old", "words"]
    with pytest.raises(CorruptIndexError):  # the file is in all three, and each is tried in turn
        for _ in range(4):
            hashed()


@pytest.mark.parametrize("what", ["no thread", "no memory"])
def test_live_hashes_later_what_it_cannot_hash_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    folder = publish(tmp_path, "một")
    live = Live(tmp_path, lambda folder: folder.name, every=0)
    live.engine()
    (folder / "old").write_bytes(b"x" * (folder / "old").stat().st_size)

    def fail(*_: object) -> None:
        raise RuntimeError("can't start new thread") if what == "no thread" else MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(*((threading.Thread, "start") if what == "no thread" else (manifest, "digest")), fail)
        assert live.engine() == folder.name
        join("hashing")
        assert live.engine() == folder.name
        join("hashing")
    assert live.engine() == folder.name
    join("hashing")
    with pytest.raises(CorruptIndexError):
        live.engine()


def test_live_without_an_index_is_an_error_until_there_is_one(tmp_path: Path) -> None:
    live = Live(tmp_path, lambda folder: folder.name, every=0)
    with pytest.raises(NoIndexError):
        live.engine()
    assert live.engine() if publish(tmp_path, "một") else False


def test_readers_never_fail_while_generations_change(tmp_path: Path) -> None:
    publish(tmp_path, "0")
    live = Live(tmp_path, lambda folder: int((folder / "words").read_text(encoding="utf-8")), every=0)
    stop = threading.Event()
    errors: list[Exception] = []

    def read() -> None:
        seen = 0
        while not stop.is_set():
            try:
                now = live.engine()
                assert now >= seen
                seen = now
                time.sleep(0.001)
            except (AssertionError, IndexProblemError, OSError) as error:
                errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 31):
        publish(tmp_path, str(number), link=True)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert live.engine() == 30


def test_the_manifest_says_what_was_built(tmp_path: Path) -> None:
    folder = publish(tmp_path, "một hai ba")
    told = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))
    assert (told["articles"], told["generation"]) == (3, folder.name)
    assert set(told["files"]) == {"old", "words"}
