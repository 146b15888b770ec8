"""The server as it runs: stopped, crashed, hung, starved, gossiping, and asked by the slow."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from reliability_support import run as reindex
from reliability_support import write_corpus
from server_support import HERE, PATIENCE, Running, serving, until

from searchapp.config import Settings

pytestmark = pytest.mark.clock

TRAPS = [str(HERE / "server_with_traps.py")]
IN_FLIGHT = 20
SLOW_CLIENTS = 50
SEARCH = "/tim-kiem?q=" + quote("nghị quyết")


@pytest.fixture(scope="module")
def index(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample index that this module may spoil."""
    copy = tmp_path_factory.mktemp("served") / "index"
    shutil.copytree(sample_settings.index, copy)
    return copy


@pytest.fixture(scope="module")
def trapped(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with addresses that are slow, crash and hang."""
    with serving(index, tmp_path_factory.mktemp("log") / "log", command=TRAPS) as running:
        yield running


# Stopping


def test_p18_ft9_a_stop_finishes_what_is_in_flight(index: Path, tmp_path: Path) -> None:
    environ = {"SEARCHAPP_THREADS": str(IN_FLIGHT)}
    marks = index.parent / "marks"
    with serving(index, tmp_path / "log", command=TRAPS, environ=environ) as running:
        before = len(list(marks.iterdir()))
        with ThreadPoolExecutor(IN_FLIGHT) as clients:
            answers = [clients.submit(running.get, "/slow") for _ in range(IN_FLIGHT)]
            until(lambda: len(list(marks.iterdir())) - before == IN_FLIGHT, "all to be under way")
            code = running.stop()
            assert [answer.result() for answer in answers] == [(200, b"slow")] * IN_FLIGHT
        assert code == 0
        with pytest.raises(ConnectionRefusedError):
            running.connect()


def test_p18_clients_that_keep_asking_lose_no_request(index: Path, tmp_path: Path) -> None:
    """Each request either gets its whole answer or was never taken: the connection could not be opened."""
    done: list[int] = []
    lost: list[str] = []

    def ask(running: Running) -> None:
        line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE)
        while True:
            try:
                line.connect()
            except (ConnectionRefusedError, ConnectionResetError):
                return
            closing = False
            while not closing:
                try:
                    line.request("GET", "/api/v1/suggest?q=ng")
                    answer = line.getresponse()
                    answer.read()
                    done.append(answer.status)
                    closing = answer.getheader("Connection") == "close"
                except (OSError, http.client.HTTPException) as error:
                    lost.append(repr(error))
                    return
            line.close()

    with serving(index, tmp_path / "log") as running:
        clients = [threading.Thread(target=ask, args=(running,)) for _ in range(8)]
        for client in clients:
            client.start()
        until(lambda: len(done) > 50, "some answers")
        assert running.stop() == 0
        for client in clients:
            client.join(PATIENCE)
    assert set(done) == {200} and lost == []


def test_p18_a_restart_behind_a_kept_socket_refuses_nobody(index: Path, tmp_path: Path) -> None:
    """With the listening socket held by systemd (here: by the test), one server ends and the next begins."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    port = listener.getsockname()[1]
    statuses: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            line.request("GET", "/readyz", headers={"Connection": "close"})
            statuses.append(line.getresponse().status)
            line.close()

    def server() -> subprocess.Popen[bytes]:
        start = (  # as systemd starts a service: the socket is descriptor 3, and a variable names the process
            "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()));"
            "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
        )
        command = [
            sys.executable,
            "-c",
            start,
            str(listener.fileno()),
            "-m",
            "searchapp",
            "serve",
            "--index",
            str(index),
        ]
        environ = {**os.environ, "PYTHONPATH": str(HERE.parent), "SEARCHAPP_WORKERS": "1"}
        with (tmp_path / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--port", str(port)],
                pass_fds=[listener.fileno()],
                env=environ,
                cwd=tmp_path,
                stderr=log,
                stdout=log,
            )

    first = server()
    client = threading.Thread(target=ask)
    client.start()
    until(lambda: len(statuses) > 5, "the first server")
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == 0
    second, seen = server(), len(statuses)
    until(lambda: len(statuses) > seen + 5, "the second server")
    stop.set()
    client.join(PATIENCE)
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0
    listener.close()
    assert set(statuses) == {200}


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_a_site_may_listen_on_an_address_of_ipv6(index: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("needs IPv6")
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--host", "::1", "--port", str(port)]
    environ = {**os.environ, "PYTHONPATH": str(HERE.parent), "SEARCHAPP_WORKERS": "1"}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=log, stderr=log)

    def answers() -> bool:
        assert server.poll() is None, (tmp_path / "log").read_text("utf-8")
        try:
            line = http.client.HTTPConnection("::1", port, timeout=PATIENCE)
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except OSError:
            return False

    until(answers, "the server to answer")
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0
    assert (tmp_path / "log").read_text("utf-8").startswith(f"http://[::1]:{port}\n")


def test_a_worker_replaced_after_an_upgrade_has_the_pages_of_its_code(index: Path, tmp_path: Path) -> None:
    shutil.copytree(HERE.parent / "searchapp", tmp_path / "searchapp", ignore=shutil.ignore_patterns("__pycache__"))
    # Python looks into the folder that it runs in first.
    with serving(index, tmp_path / "log", environ={"SEARCHAPP_WORKERS": "1"}) as running:
        assert running.get("/gioi-thieu")[0] == 200
        for file in (tmp_path / "searchapp" / "web" / "templates" / "searchapp").glob("*.html"):
            file.write_text("{{ what.only.the.next.version.knows }}", "utf-8")
        before = running.workers()
        os.kill(next(iter(before)), signal.SIGKILL)
        until(lambda: (now := running.workers()) and now != before, "another worker")
        assert [running.get(path)[0] for path in ("/gioi-thieu", "/tim-kiem?q=a", "/khong-co")] == [200, 200, 404]


# Taken down


def test_p6_what_is_removed_is_gone_from_every_worker(tmp_path: Path) -> None:
    corpus, served = write_corpus(tmp_path / "corpus"), tmp_path / "index"
    (corpus / "mat.txt").write_text("Tin mật zephyr\n\nChuyện riêng zephyr.", encoding="utf-8")
    reindex(served, corpus)
    with serving(served, tmp_path / "log") as running:
        assert {b"Tin m" in running.get("/tim-kiem?q=zephyr")[1] for _ in range(20)} == {True}
        (corpus / "mat.txt").unlink()
        reindex(served, corpus)
        time.sleep(1.5)  # each worker looks for a new generation once a second
        answers = [running.get("/tim-kiem?q=zephyr")[1] for _ in range(50)]
        assert not any("riêng".encode() in answer or "Tin mật".encode() in answer for answer in answers)
        assert all(json.loads(running.get("/api/v1/search?q=zephyr")[1])["total"] == 0 for _ in range(20))


# Crashes and hangs


def test_ft12_a_crashed_worker_is_replaced_and_the_other_answers(trapped: Running) -> None:
    before = trapped.workers()
    with pytest.raises((OSError, http.client.HTTPException)):
        trapped.get("/crash")
    assert trapped.get(SEARCH)[0] == 200
    until(lambda: len(trapped.workers()) == 2 and trapped.workers() != before, "a new worker")
    assert {trapped.get("/readyz")[0] for _ in range(6)} == {200}
    assert any("SIGABRT" in event["event"] for event in trapped.events())


def test_ft12_a_hung_worker_is_replaced(trapped: Running) -> None:
    before = trapped.workers()
    stuck = trapped.connect()
    stuck.sendall(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
    until(lambda: len(trapped.workers() - before) == 1 and len(trapped.workers()) == 2, "a new worker")
    stuck.close()
    assert {trapped.get("/readyz")[0] for _ in range(6)} == {200}


def test_a_bug_is_told_by_its_number_and_keeps_its_traceback(trapped: Running) -> None:
    status, body = trapped.get("/bug?q=bi-mat")
    assert status == 500 and "Có lỗi ở phía chúng tôi".encode() in body and b"ZeroDivision" not in body
    told = [event for event in trapped.events() if event.get("error") == "ZeroDivisionError"][-1]
    assert told["id"].encode() in body and any("server_with_traps.py" in line for line in told["at"])
    assert "bi-mat" not in json.dumps(told)


# The slow and the many


def test_ft10_slow_clients_wait_outside(trapped: Running, record_property: Callable[[str, object], None]) -> None:
    slow: list[socket.socket] = []
    beginnings = (
        b"",  # half open: connected, and silent
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nNgh",
        b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    )
    for number in range(SLOW_CLIENTS):
        line = trapped.connect()
        line.sendall(beginnings[number % len(beginnings)])
        slow.append(line)
    for _ in range(8):  # those who read nothing of what they asked for
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", trapped.port))
        line.sendall(b"GET /tim-kiem?so=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        slow.append(line)
    times = []
    for _ in range(10):
        started = time.monotonic()
        assert trapped.get(SEARCH)[0] == 200
        times.append(time.monotonic() - started)
        for line in slow[1:SLOW_CLIENTS:5]:
            with suppress(OSError):
                line.sendall(b"T")  # a byte now and then earns no more time
    record_property("seconds beside 58 slow clients", f"{max(times):.2f} at most")
    assert sorted(times)[5] < 3, "nobody waits for them: their patience is ten seconds"
    for line in slow[:SLOW_CLIENTS]:
        line.settimeout(PATIENCE)
        assert line.recv(1000)[:12] in (b"", b"HTTP/1.1 408", b"HTTP/1.1 400")  # closed in the end
        line.close()
    for line in slow[SLOW_CLIENTS:]:
        line.close()


@pytest.mark.parametrize(
    ("head", "piece", "times", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=", b"x" * 20_000, 1, 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", b"A: b\r\n", 200, 431),
        (b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n", b"a", 9, 413),
        # Nobody says beforehand how much comes: no more is read than a text may have.
        (
            b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"10000\r\n" + b"a" * 65_536 + b"\r\n",
            17,
            400,
        ),
    ],
    ids=["cookie", "headers", "length", "chunks"],
)
def test_w5_u16_what_is_too_large_is_refused(
    trapped: Running, head: bytes, piece: bytes, times: int, status: int
) -> None:
    line = trapped.connect()
    with suppress(OSError):  # it need not listen to the end
        line.sendall(head)
        for _ in range(times):
            line.sendall(piece)
        line.sendall(b"0\r\n\r\n")
    assert line.recv(1000).startswith(b"HTTP/1.1 %d " % status)
    line.close()
    assert trapped.get(SEARCH)[0] == 200


def test_ft10_a_reader_who_takes_nothing_is_let_go(trapped: Running) -> None:
    readers = [trapped.connect() for _ in range(20)]  # more than there are threads
    for line in readers:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert trapped.get(SEARCH)[0] == 200
    for line in readers:
        line.close()


def test_ft13_connections_stop_before_descriptors_do(index: Path, tmp_path: Path) -> None:
    def few() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    soon = {"SEARCHAPP_TEST_WAITING_SECONDS": "0.5"}  # two hundred that wait come in turns of forty
    with serving(index, tmp_path / "log", command=TRAPS, environ=soon, preexec_fn=few) as running:
        workers = running.workers()
        crowd = [running.connect() for _ in range(200)]
        for line in crowd:
            line.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n")  # never whole
        assert running.get(SEARCH)[0] == 200  # answered when the first of them are let go
        for line in crowd:
            line.close()
        assert running.get(SEARCH)[0] == 200
        assert running.workers() == workers
        assert running.stop() == 0


# What is logged


@pytest.mark.parametrize("queries", ["false", "true"])
def test_p17_one_request_is_one_line_and_no_query_is_kept(index: Path, tmp_path: Path, queries: str) -> None:
    hostile = [
        "a%0d%0aERROR%20fake",
        "%1b[31mred%1b[0m",
        "%C2%9B31mc1",
        "%E2%80%A8line%E2%80%A9para",
        "bi%20mat",
        "%22%7D%0A%7B%22event%22:%22fake",
    ]
    with serving(index, tmp_path / "log", environ={"SEARCHAPP_LOG_QUERIES": queries}) as running:
        for text in hostile:
            running.get(f"/tim-kiem?q={text}", headers={"X-Request-ID": "fake-request-id", "User-Agent": "fake"})
        running.get("/tim-kiem?q=" + "x" * 7000)
        line = running.connect()
        line.sendall(b"GET /tim-kiem?q=bi-mat-" + b"y" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        refused = line.recv(4000).decode()
        assert " 414 " in refused and "Địa chỉ quá dài" in refused and "yyy" not in refused
        line.close()
        line = running.connect()
        line.sendall(b"G\x1bT /bi-mat HTTP/9.9\r\nHost: a\r\n\r\n")
        assert b" 400 " in line.recv(1000)
        line.close()
        running.get("/healthz")
        until(lambda: len(running.events()) >= len(hostile) + 3, "all lines")
        raw = running.log.read_bytes()
        events = running.events()
    requests = [event for event in events if event["event"] == "request"]
    assert [event["route"] for event in requests] == ["/tim-kiem"] * (len(hostile) + 1)
    assert raw.isascii() and not any(byte < 32 and byte != 10 for byte in raw)
    assert not any("fake" in event.get("event", "") + event["level"] + event.get("id", "") for event in events)
    assert all({"time", "level", "method", "status", "ms", "bytes", "id"} <= set(event) for event in requests)
    assert [event["event"] for event in events if event["event"] != "request"] == ["bad request refused"] * 2
    if queries == "true":
        assert requests[4]["q"] == "bi mat" and len(requests[-1]["q"]) == 512
    else:
        assert b"mat" not in raw and b"fake" not in raw and b"xxx" not in raw and b"yyy" not in raw


@pytest.mark.parametrize("fault", ["standard error closed", "log disk full"])
def test_ft17_a_log_that_cannot_be_written_stops_nothing(index: Path, tmp_path: Path, fault: str) -> None:
    with Path("/dev/full").open("wb") as full:
        broken = {"stderr": full} if fault == "log disk full" else {"preexec_fn": lambda: os.closerange(0, 3)}
        with serving(index, tmp_path / "log", **broken) as running:
            assert {running.get(SEARCH)[0] for _ in range(30)} == {200}
            assert running.get("/tim-kiem?trang=0")[0] == 400
            assert running.stop() == 0
    assert (tmp_path / "log").read_bytes() == b""


# Counts


def test_the_counts_of_all_workers_are_read_together(index: Path, tmp_path: Path) -> None:
    with serving(index, tmp_path / "log") as running:
        for _ in range(30):
            running.get(SEARCH)
        for _ in range(10):
            running.get("/tim-kiem?q=xyzzy")
        running.get("/" + quote("không-có"))
        page = running.get("/metrics")[1].decode()
        os.kill(sorted(running.workers())[0], signal.SIGKILL)
        until(lambda: len(running.workers()) == 2, "a new worker")
        again = running.get("/metrics")[1].decode()
    values = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    counted = 'searchapp_answers_total{method="GET",route="/tim-kiem",status="200"}'
    assert float(values[counted]) == 40
    assert float(values["searchapp_search_results_count"]) == 40
    assert float(values['searchapp_search_results_bucket{le="0.0"}']) == 10  # a quarter found nothing
    assert float(values['searchapp_answer_seconds_count{route="/tim-kiem"}']) == 40
    assert float(values["searchapp_index_articles"]) > 100 and float(values["searchapp_index_up"]) == 1
    assert float(values["searchapp_index_age_seconds"]) >= 0 and float(values["searchapp_index_generation"]) >= 1
    assert float(values['searchapp_reindex_articles{kind="new"}']) > 100
    assert counted + " 40.0" in again.splitlines()  # what a dead worker counted stays counted
    assert not any("xyzzy" in line for line in page.splitlines())
