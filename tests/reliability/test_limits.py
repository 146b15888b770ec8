"""Too little disk, memory, files or rights: told in one line, the old index stays, and the next run works."""

from __future__ import annotations

import ctypes
import errno
import gc
import importlib
import io
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reliability_support import SOAK, run, titles, two_generations, write_rows

from searchapp.cli import main
from searchapp.cli.group import FAMILIES
from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.engines.generations.live import Live
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.web import create_app

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
Property = Callable[[str, object], None]

# What a child may not read or has no memory for is the index, not our own modules.
for family in FAMILIES:
    importlib.import_module(f"searchapp.cli.{family}")


def in_child(work: Callable[[], object], told: Path) -> int:
    """Exit code of work in a child; what it says on standard error goes to `told`."""
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
            work()
            os._exit(0)
        except SystemExit as ended:
            os._exit(int(ended.code or 0))
        except BaseException as error:
            os.write(2, f"unexpected {error!r}".encode())
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def command(*arguments: object) -> int:
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def changed(tmp_path: Path) -> tuple[Path, Path, set[str]]:
    """An index, a corpus that changed since, and the titles of the index."""
    index = two_generations(tmp_path)
    old = titles(index)
    (tmp_path / "corpus" / "moi.txt").write_text("Bài mới\n\n" + "Nội dung bài mới. " * 50, encoding="utf-8")
    return index, tmp_path / "corpus", old


def test_a_disk_that_takes_files_of_any_size_only(
    changed: tuple[Path, Path, set[str]], tmp_path: Path, record_property: Property
) -> None:
    """RLIMIT_FSIZE, swept over every size at which a file of a reindex can be cut."""
    index, corpus, old = changed
    largest = max(path.stat().st_size for path in index.rglob("*"))
    steps = 200 if SOAK else 16
    sizes = sorted({int(largest * 1.1 * (n / steps) ** 2) for n in range(steps + 1)})
    told, codes = tmp_path / "told", []
    for size in sizes:

        def work(size: int = size) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            log = os.dup(2)
            devnull = os.open(os.devnull, os.O_WRONLY)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
            said = io.StringIO()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("sys.stderr", said)  # a file of its own would be cut too
                code = command("reindex", corpus, "--index", index, "--jobs", 1)
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            os.dup2(log, 2)
            os.write(2, said.getvalue().encode())
            os.close(devnull)
            if code == 74:
                assert titles(index) == old
                assert not list(index.glob(".build-*"))
                (corpus / "moi.txt").touch()
                assert command("reindex", corpus, "--index", tmp_path / "again", "--jobs", 1) == 0
                os._exit(74)
            os._exit(code)

        code = in_child(work, told)
        codes.append(code)
        message = told.read_text(encoding="utf-8")
        assert code in (0, 74), (size, code, message)
        if code == 74:
            assert "MB free, about" in message and message.count("\n") == 1, message
            assert titles(index) == old
        else:
            assert "Bài mới" in titles(index)
            break
    assert codes.count(74) > 8
    record_property("full disks survived", f"{codes.count(74)} sizes of the largest file")


class FullRaw(io.FileIO):
    """A file on a disk that is full after so many bytes in all."""

    left = 0

    def write(self, data: Any) -> int:
        if FullRaw.left < len(data):
            raise OSError(errno.ENOSPC, "No space left on device", self.name)
        FullRaw.left -= len(data)
        return super().write(data)


def test_a_disk_that_is_full_after_any_number_of_bytes(
    changed: tuple[Path, Path, set[str]], monkeypatch: pytest.MonkeyPatch, record_property: Property
) -> None:
    index, corpus, old = changed
    real = io.open

    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if not str(file).startswith(str(index)) or not {"w", "x", "a"} & {*mode}:
            return real(file, mode, *arguments, **options)
        raw = io.BufferedWriter(FullRaw(file, mode.replace("b", "").replace("t", "")))
        return raw if "b" in mode else io.TextIOWrapper(raw, encoding=options.get("encoding") or "utf-8")

    steps = 120 if SOAK else 16
    total = sum(path.stat().st_size for path in generations.current(index).rglob("*")) * 2
    failed = 0
    for step in range(steps + 1):
        FullRaw.left = total * step // steps
        with monkeypatch.context() as patch:
            patch.setattr(io, "open", opened)
            patch.setattr("builtins.open", opened)
            try:
                published = run(index, corpus).published
            except OSError as error:
                published = False
                assert error.errno == errno.ENOSPC
                assert "MB free, about" in str(error)
        if published:
            break
        failed += 1
        assert titles(index) == old
        assert not list(index.glob(".build-*"))
    assert failed > 4
    if not published:
        run(index, corpus)
    assert "Bài mới" in titles(index)
    record_property("full disks survived (bytes in all)", f"{failed} of {failed}")


def in_namespace(work: Callable[[], None], told: Path, folder: Path, size: str) -> int:
    """Exit code of work in a child that has a disk of so many bytes at `folder`; -1 where none can be had."""
    libc = ctypes.CDLL(None, use_errno=True)

    def mounted() -> None:
        private = libc.unshare(0x20000) == 0 and libc.mount(b"none", b"/", None, (1 << 18) | (1 << 14), None) == 0
        if not private or libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode()) != 0:
            os._exit(77)
        work()

    code = in_child(mounted, told)
    return -1 if code == 77 else code


def test_a_real_disk_that_is_full(changed: tuple[Path, Path, set[str]], tmp_path: Path) -> None:
    """A file system of its own (which needs the right to mount): full for the second run, then freed."""
    _, corpus, _ = changed
    disk, told = tmp_path / "disk", tmp_path / "told"
    disk.mkdir()

    def work() -> None:
        index = disk / "index"
        assert run(index, corpus).articles == 8
        before = titles(index)
        (corpus / "them.txt").write_text("Bài thêm nữa\n\n" + "Nội dung thêm. " * 200, encoding="utf-8")
        with (disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))
        os.truncate(disk / "ballast", (disk / "ballast").stat().st_size - (16 << 10))  # begun, and not ended
        code = command("reindex", corpus, "--index", index, "--jobs", 1)
        assert (code, titles(index), list(index.glob(".[bL][uA]*"))) == (74, before, [])  # nor a half .LAST_RUN
        (disk / "ballast").unlink()
        assert command("reindex", corpus, "--index", index, "--jobs", 1) == 0
        assert titles(index) == before | {"Bài thêm nữa"}

    code = in_namespace(work, told, disk, "2m")
    if code == -1:
        pytest.skip("nobody may mount here")
    message = told.read_text(encoding="utf-8")
    assert code == 0, message
    assert "MB free, about" in message and message.count("\n") == 1


def used_memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_too_little_memory_is_told_and_the_old_index_stays(
    changed: tuple[Path, Path, set[str]], tmp_path: Path, record_property: Property
) -> None:
    index, corpus, _ = changed
    text = "Nội dung dài {n} số {m} về việc chung. " * 400
    rows = ({"id": f"m{n}", "title": f"Bài {n} dài", "text": text.format(n=n, m=7 * n)} for n in range(80))
    write_rows(corpus / "dai.jsonl", *rows)
    told, codes = tmp_path / "told", []
    for megabytes in (
        (-50, -20, 0, 10, 20, 50, 100, 200) if SOAK else (0, 10, 150)
    ):  # the first that is enough is the last

        def work(megabytes: int = megabytes) -> None:
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)  # else what other tests have freed would do for this run
            limit = used_memory() + megabytes * (1 << 20)
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            os._exit(command("reindex", corpus, "--index", index, "--jobs", 1))

        before = titles(index)
        code = in_child(work, told)
        codes.append(code)
        assert code in (0, 71), told.read_text(encoding="utf-8")
        if code == 71:
            assert "out of memory" in told.read_text(encoding="utf-8")
            assert titles(index) == before
        else:
            break
    assert 71 in codes
    assert run(index, corpus).articles == 88
    record_property("memory limits survived", f"{len(codes)}, {codes.count(71)} of them told as 71")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_server_without_memory_says_so_and_recovers(tmp_path: Path) -> None:
    index, told = two_generations(tmp_path), tmp_path / "told"
    urls = ("/tim-kiem?q=b%C3%A0i&so=50", "/api/v1/search?q=n%E1%BB%99i*")

    def work() -> None:
        settings = Settings(index=index, rate_limit="")
        warm, *unopened = (create_app(settings, Live(index, WhooshEngine, every=0)).test_client() for _ in range(3))
        assert {warm.get(url).status_code for url in urls} == {200}
        for client in unopened:
            client.application.logger.addHandler(logging.StreamHandler())
            client.get("/static/site.css")
        limits = resource.getrlimit(resource.RLIMIT_AS)
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        resource.setrlimit(resource.RLIMIT_AS, (used_memory(), limits[1]))
        answers = [client.get(url) for client in unopened for url in urls]
        codes = {warm.get(urls[0]).status_code}
        resource.setrlimit(resource.RLIMIT_AS, limits)
        assert {answer.status_code for answer in answers} == {503}
        assert all("Retry-After" in answer.headers for answer in answers)
        assert codes <= {200, 503}
        for client in (warm, *unopened):
            assert client.get(urls[0]).status_code == 200
            assert client.get("/healthz").json["status"] == "ok"

    assert in_child(work, told) == 0, told.read_text(encoding="utf-8")
    assert "MemoryError" in told.read_text(encoding="utf-8"), "who runs it is told"


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_open_files_do_not_grow_with_publishes(tmp_path: Path, record_property: Property) -> None:
    index, corpus = two_generations(tmp_path), tmp_path / "corpus"
    live = Live(index, WhooshEngine, every=0)
    counts = []
    publishes = 200 if SOAK else 15
    for number in range(publishes):
        (corpus / "so.txt").write_text(f"Số {number}\n\nBài số {number}.", encoding="utf-8")
        run(index, corpus)
        assert live.engine().stats().articles == 8
        counts.append(open_files())
    # The thread that hashes a generation opens one file at a time.
    assert max(counts[5:]) <= max(counts[:5]) + 1, counts
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    assert maps.count("(deleted)") < 30
    record_property("open files over publishes", f"{counts[0]} → {counts[-1]} over {publishes}")


def take_all_descriptors(held: list[int]) -> None:
    """Open files until there are no more; first what garbage and threads that end would give back."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(10)
    gc.collect()
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        assert error.errno == errno.EMFILE


@pytest.mark.parametrize("command", ["check", "search bài", "doctor"])
def test_too_few_descriptors_are_no_damage(tmp_path: Path, command: str) -> None:
    """`check` called the generation that answers damaged, and advised to roll back."""
    index = two_generations(tmp_path)
    line = f'ulimit -n 10; exec "{sys.executable}" -m searchapp {command} --index "{index}"'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, cwd=tmp_path, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "oo many open files" in said and "raise `ulimit -n`" in said
    assert not any(word in said for word in ("damaged", "--full", "rollback", "Traceback")), said


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_a_server_without_free_descriptors_answers_on_and_recovers(tmp_path: Path) -> None:
    index = two_generations(tmp_path)
    told = tmp_path / "told"

    def work() -> None:
        settings = Settings(index=index, rate_limit="")
        # Three, because whatever closes a file meanwhile lets one of them open the index after all.
        unopened = [create_app(settings, Live(index, WhooshEngine, every=0)).test_client() for _ in range(3)]
        warm = create_app(settings, Live(index, WhooshEngine, every=0)).test_client()
        assert warm.get("/tim-kiem?q=b%C3%A0i").status_code == 200
        for client in unopened:
            assert client.get("/static/site.css").status_code in (200, 404)  # templates are read, the index is not
        # Whoever ran before in this process may hold many, and each of four servers holds some twenty once open:
        # a lower limit would leave too few of them to give back.
        highest = max(int(number) for number in os.listdir("/proc/self/fd"))  # noqa: PTH208
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        held: list[int] = []
        take_all_descriptors(held)
        assert held
        codes = [warm.get("/api/v1/search?q=b%C3%A0i").status_code for _ in range(200)]
        assert codes == [200] * 200, codes
        refused = []
        for client in unopened:
            take_all_descriptors(held)
            refused.append(client.get("/api/v1/search?q=b%C3%A0i").status_code)
        assert 503 in refused and set(refused) <= {200, 503}, refused
        for descriptor in held:
            os.close(descriptor)
        for client in (warm, *unopened):
            assert client.get("/api/v1/search?q=b%C3%A0i").status_code == 200
            assert client.get("/healthz").json["status"] == "ok"

    assert in_child(work, told) == 0, told.read_text(encoding="utf-8")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_index_of_somebody_else_is_served_to_nobody_and_written_by_nobody(tmp_path: Path) -> None:
    index, corpus = two_generations(tmp_path), tmp_path / "corpus"
    for path in [tmp_path, *tmp_path.parents][:4]:
        path.chmod(path.stat().st_mode | 0o055)  # only adds: the last of them may be the system's own /tmp

    def work() -> None:
        b"a".decode("utf-8-sig")  # where Python lies below /root, nobody can load what is not loaded yet
        os.setgid(65534)
        os.setuid(65534)
        # What root indexed may be read by others, who cannot have changed it; writing there is refused.
        assert len(titles(index)) == 7
        os._exit(command("reindex", corpus, "--index", index))

    told = tmp_path / "told"
    assert in_child(work, told) == 78, told.read_text(encoding="utf-8")
    assert "cannot be written" in told.read_text(encoding="utf-8")


NOBODY = 65534


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="needs root to become somebody else")
def test_what_root_left_in_state_is_told_to_the_site_in_one_line(tmp_path: Path) -> None:
    index = two_generations(tmp_path)
    for path in [tmp_path, *tmp_path.parents][:4]:
        path.chmod(path.stat().st_mode | 0o055)
    (tmp_path / "s.toml").write_text('state = "state"\npublic_base_url = "https://a.vn"\n[alerts]\nsender = "a@a.vn"\n')
    (tmp_path / "state").mkdir(mode=0o755)
    told = tmp_path / "told"

    def work() -> None:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os._exit(command("--config", tmp_path / "s.toml", "alerts", "send", "--index", index))

    assert command("--config", tmp_path / "s.toml", "alerts", "send", "--index", index) == 0
    assert in_child(work, told) == 78, told.read_text(encoding="utf-8")  # the folder is root's
    os.chown(tmp_path / "state", NOBODY, NOBODY)
    os.chown(tmp_path / "state" / "alerts.lock", NOBODY, NOBODY)
    assert in_child(work, told) == 1, told.read_text(encoding="utf-8")  # the file is
    assert "cannot be written by user 65534: check its rights" in told.read_text(encoding="utf-8")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_owner_who_lost_the_right_to_write_is_told_and_serves_on(tmp_path: Path) -> None:
    """As a user who is not root, to whom the modes of files mean something; and a file of the corpus closed to him."""
    index, corpus = two_generations(tmp_path), tmp_path / "corpus"
    for path in [tmp_path, *tmp_path.parents][:4]:
        path.chmod(path.stat().st_mode | 0o055)
    # Loads every module and codec: others may not be allowed to read Python's.
    (tmp_path / "x.toml").write_text("", encoding="utf-8-sig")
    assert create_app(Settings(index=index)).test_client().get("/tim-kiem?q=b%C3%A0i").status_code == 200
    for path in [index, *index.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    (corpus / "kin.txt").write_text("Kín\n\nKhông ai được đọc.", encoding="utf-8")
    (corpus / "kin.txt").chmod(0)
    told = tmp_path / "told"

    def work() -> None:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        assert command("reindex", corpus, "--index", index, "--jobs", 1) == 3  # what may not be read is named
        live = generations.current(index)
        client = create_app(replace(Settings(index=index), rate_limit="")).test_client()
        for folder in (live, live / "columns", index):
            folder.chmod(0o555)
        assert client.get("/tim-kiem?q=b%C3%A0i").status_code == 200
        opened_now = create_app(replace(Settings(index=index), rate_limit="")).test_client()
        assert opened_now.get("/tim-kiem?q=b%C3%A0i").status_code == 200
        assert opened_now.get("/healthz").json["status"] == "ok"
        code = command("reindex", corpus, "--index", index, "--jobs", 1)
        index.chmod(0o755)
        assert generations.current(index) == live
        os._exit(code)

    assert in_child(work, told) == 78, told.read_text(encoding="utf-8")
    assert "cannot be written" in told.read_text(encoding="utf-8")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="needs root to become somebody else")
def test_who_may_not_read_the_index_or_the_settings_is_told_what_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, file, told = two_generations(tmp_path), tmp_path / "searchapp.toml", tmp_path / "told"
    for path in [tmp_path, *tmp_path.parents][:4]:
        path.chmod(path.stat().st_mode | 0o055)
    monkeypatch.chdir(tmp_path)
    file.write_text("port = 8000\n", encoding="utf-8-sig")  # loads the codec, as the next line the modules
    assert command("stats") == 0
    index.chmod(0o700)

    def work() -> None:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os._exit(command("stats"))

    assert in_child(work, told) == 1, told.read_text(encoding="utf-8")
    assert "index: Permission denied: check its rights, or name another path" in told.read_text(encoding="utf-8")
    file.chmod(0o600)
    assert in_child(work, told) == 78, told.read_text(encoding="utf-8")
    assert "searchapp.toml: cannot be read (Permission denied): check its rights" in told.read_text(encoding="utf-8")


def test_readers_go_on_where_writing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = two_generations(tmp_path)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    client = create_app(replace(Settings(index=index), rate_limit="")).test_client()
    assert client.get("/tim-kiem?q=b%C3%A0i").status_code == 200
    assert json.loads(client.get("/healthz").text)["status"] == "ok"


ASKED = (
    "/", "/tim-kiem?q=thanh+pho", "/tim-kiem?q=phong+chong+dich&facets=none", "/tim-kiem?q=xin%20chao+moi",
    "/api/v1/search?q=c%E1%BA%A7u+m%E1%BB%9Bi+khanh+thanh", "/api/v1/suggest?q=ca", "/chu-de", "/van-ban",
    "/api/v1/documents", "/tim-kiem?q=ngh%E1%BB%8B+quy%E1%BA%BFt+05", "/tim-kiem.csv?q=bai", "/tim-kiem.atom?q=bai",
    "/so-sanh?q=bai", "/tim-kiem?q=baithem",
)  # fmt: skip


def test_a_replaced_generation_is_freed_without_the_collector(tmp_path: Path) -> None:
    """A server looks for cycles seldom: what stands in one would stay through many publishes."""
    index, corpus = two_generations(tmp_path), tmp_path / "corpus"
    client = create_app(replace(Settings(), index=index, corpus=(corpus,))).test_client()
    gc.collect()
    gc.disable()
    try:
        assert {client.get(url).status_code for url in ASKED} == {200}
        ours = (one for one in gc.get_objects() if isinstance(one, Segment) and one.folder.is_relative_to(index))
        segments = weakref.WeakSet(ours)
        assert segments
        run(index, corpus, full=True)
        time.sleep(1.1)  # a server looks for a new generation once a second
        for url in ASKED:
            client.get(url)
        assert [one.folder.name for one in segments if one.folder.name != generations.locate(index).folder.name] == []
    finally:
        gc.enable()
