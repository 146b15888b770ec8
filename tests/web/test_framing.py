"""Every request that RFC 9112 knows, and every one that it refuses, gets a status at once; nothing else waits long."""

import http.client
import re
import shutil
import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from server_support import Running, serving

from searchapp.config import Settings
from searchapp.web import create_app
from searchapp.web.serving.gunicorn_worker import MAX_BODY, MAX_HEAD, Framing, State

pytestmark = pytest.mark.clock

CHUNKED = (
    b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
)
LENGTH = b"POST /api/v1/citations HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
CHUNKED = LENGTH + b"Transfer-Encoding: chunked\r\n"
GET = b"GET /gioi-thieu HTTP/1.1\r\nHost: localhost\r\n\r\n"
AT_ONCE = 4.0  # seconds; a machine that is busy with other tests is slower than one


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"", State.WAITING),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", State.WAITING),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r", State.WAITING),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", State.WHOLE),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b", State.WHOLE),
        (b"GET / HTTP/1.1\nHost: a\n\n", State.BROKEN),
        (b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", State.BROKEN),
        (b"GET /\r\n", State.BROKEN),  # HTTP/0.9
        (LENGTH + b"Content-Length: 5\r\n\r\nabcd", State.WAITING),
        (LENGTH + b"Content-Length: 5\r\n\r\nabcde", State.WHOLE),
        (LENGTH + b"content-length:5\r\n\r\nabcd", State.WAITING),
        (LENGTH + b"Content-Length: 0\r\n\r\n", State.WHOLE),
        (LENGTH + b"Content-Length: 99999999\r\n\r\n", State.WHOLE),  # refused by its length, not waited for
        (LENGTH + b"Content-Length: x\r\n\r\n", State.WHOLE),  # gunicorn says what is wrong
        (LENGTH + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nabcd", State.WHOLE),
        (LENGTH + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", State.WAITING),
        (LENGTH + b"Expect: miracles\r\nContent-Length: 5\r\n\r\n", State.WHOLE),
        (CHUNKED + b"\r\n5\r\nabcde\r\n", State.WAITING),
        (CHUNKED + b"\r\n5\r\nabcde\r\n0\r\n\r\n", State.WHOLE),
        (CHUNKED + b"\r\n0\r\n\r\n", State.WHOLE),
        (CHUNKED + b"\r\n5;a=b\r\nabcde\r\n0\r\nDigest: x\r\n", State.WAITING),
        (CHUNKED + b"\r\n5;a=b\r\nabcde\r\n0\r\nDigest: x\r\n\r\n", State.WHOLE),
        (CHUNKED + b"\r\n5\r\nabcde\r\n0\r\n\r\n" + GET, State.WHOLE),
        (CHUNKED + b"\r\n5\r\nabcdefgh", State.BROKEN),
        (CHUNKED + b"\r\nx" + b"y" * 20, State.WAITING),
        (CHUNKED + b"\r\nx" + b"y" * 20 + b"\r\n", State.BROKEN),
        (CHUNKED + b"\r\n5\nabcde\n0\n\n", State.BROKEN),
        (CHUNKED + b"\r\n" + b"1\r\na\r\n" * 20_000, State.BROKEN),  # a thousand times its size in work
        (CHUNKED + b"\r\n100001\r\n" + b"x" * (MAX_BODY + 1), State.WHOLE),
        (CHUNKED + b"Content-Length: 5\r\n\r\n", State.WHOLE),
        (CHUNKED.replace(b"chunked", b"gzip, chunked") + b"\r\n", State.WAITING),
        (CHUNKED + b"\r\n5;=\r\nabcde\r\n0\r\n\r\n", State.BROKEN),
        (CHUNKED + b"\r\n0\r\nbad trailer\r\n\r\n", State.BROKEN),
        (CHUNKED + b"\r\n0\r\nContent-Length: 5\r\n\r\n", State.BROKEN),
        (CHUNKED.replace(b"chunked", b"unchunked") + b"\r\n", State.WHOLE),
        (CHUNKED.replace(b"/1.1", b"/1.0") + b"\r\n", State.WHOLE),
        (b"GET /" + b"a" * MAX_HEAD, State.WHOLE),  # never will be one
        (b"\x16\x03\x01\x02\x00", State.WAITING),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_where_a_request_ends(data: bytes, state: State, piece: int) -> None:
    framing, said = Framing(), State.WAITING
    for at in range(0, len(data), piece):
        said = framing.fed(data[at : at + piece])
        if said is not State.WAITING:
            break
    assert said is state


@pytest.fixture(scope="module")
def running(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("framing")
    shutil.copytree(sample_settings.index, folder / "index")
    with serving(folder / "index", folder / "log") as server:
        yield server


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (GET, [200]),
        (b"\r\n" + GET, [200]),
        (GET + GET, [200, 200]),
        (GET + b"\r\n" + GET, [200, 200]),
        (GET.replace(b"\r\n", b"\n"), [400]),
        (b"GET /\r\n", [400]),
        (b"GET / HTTP/1.1\r\n\r\n", [200, 400]),
        (b"GET / HTTP/3.7\r\nHost: a\r\n\r\n", [400, 505]),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", [400]),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n", [400]),
        (LENGTH + b"Content-Length: 8\r\n\r\n05-NQ/TU" + GET, [200, 200]),
        (LENGTH + b"Content-Length: 8, 8\r\n\r\n05-NQ/TU", [400]),
        (LENGTH + b"Content-Length: +8\r\n\r\n05-NQ/TU", [400]),
        (LENGTH + b"Content-Length: 8\r\nContent-Length: 9\r\n\r\n05-NQ/TU", [400]),
        (LENGTH + b"Expect: miracles\r\nContent-Length: 8\r\n\r\n05-NQ/TU", [400, 417, 200]),
        (CHUNKED + b"\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n", [200]),
        (CHUNKED + b"Trailer: Digest\r\n\r\n8;a=b\r\n05-NQ/TU\r\n0\r\nDigest: x\r\n\r\n", [200]),
        (CHUNKED + b"\r\n8\r\n05-NQ/TU\r\n0\r\nDigest: x\r\n\r\n" + GET, [200, 200]),
        (CHUNKED + b"\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n" + GET + GET, [200, 200, 200]),
        (CHUNKED + b"\r\n8\n05-NQ/TU\n0\n\n", [400]),
        (CHUNKED + b"\r\n9\r\n05-NQ/TU\r\n0\r\n\r\n", [400]),
        (CHUNKED + b"\r\n-8\r\n05-NQ/TU\r\n0\r\n\r\n", [400]),
        (CHUNKED + b"\r\nFFFFFFFFFFFFFFFF\r\n05-NQ/TU\r\n", [400]),
        (CHUNKED + b"\r\n8;=\r\n05-NQ/TU\r\n0\r\n\r\n", [400]),
        (CHUNKED + b"\r\n8\r\n05-NQ/TU\r\n0\r\nbad trailer\r\n\r\n", [400]),
        (CHUNKED + b"Content-Length: 8\r\n\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n", [400]),
        (CHUNKED.replace(b"chunked", b"gzip, chunked") + b"\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n", [400, 501, 200]),
        (CHUNKED.replace(b"chunked", b"unchunked") + b"\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n", [400, 501]),
        (CHUNKED.replace(b"/1.1", b"/1.0") + b"\r\n8\r\n05-NQ/TU\r\n0\r\n\r\n", [400, 200]),
    ],
)
def test_every_framing_gets_a_status_at_once(running: Running, sent: bytes, statuses: list[int]) -> None:
    """statuses: one for each request that is understood; a single answer may be any of them where several are."""
    line = running.connect()
    started, said = time.monotonic(), b""
    line.sendall(sent)
    wanted = sent.count(b"/gioi-thieu ") + sent.count(b"POST ") if 400 not in statuses else 1
    line.settimeout(AT_ONCE * 2)
    while len(re.findall(rb"HTTP/1\.1 [2-5]\d\d ", said)) < wanted:
        data = line.recv(1 << 16)
        assert data, "closed without a status"
        said += data
    assert time.monotonic() - started < AT_ONCE * wanted
    found = [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-5]\d\d) ", said)]
    assert found[0] in statuses if 400 in statuses else found == statuses, found
    line.close()


def test_who_waits_for_100_is_told_to_go_on(running: Running) -> None:
    line = running.connect()
    line.sendall(LENGTH + b"Expect: 100-continue\r\nContent-Length: 8\r\n\r\n")
    line.settimeout(AT_ONCE * 2)
    assert line.recv(100).startswith(b"HTTP/1.1 100 ")
    line.sendall(b"05-NQ/TU")
    answer = http.client.HTTPResponse(line)
    answer.begin()
    assert answer.status == 200
    line.close()


def test_who_does_not_close_stops_nobody(running: Running) -> None:
    lines = [running.connect() for _ in range(40)]
    for line in lines:
        line.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    started = time.monotonic()
    assert running.get("/gioi-thieu")[0] == 200
    assert time.monotonic() - started < AT_ONCE, "each of them was waited for, for two seconds"
    for line in lines:
        line.close()


# What a cache is told


@pytest.fixture(scope="module")
def client(sample_settings: Settings) -> FlaskClient:
    return create_app(sample_settings).test_client()


PAGES = (
    "/", "/tim-kiem?q=đảng", "/tim-kiem.json?q=đảng", "/tim-kiem.csv?q=đảng", "/tim-kiem.atom?q=đảng", "/van-ban",
    "/ngay", "/nhung?q=a", "/oembed?url=http://localhost/", "/sitemap.xml",
    "/api/v1/stats", "/robots.txt", "/opensearch.xml",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("star", [False, True])
def test_what_has_not_changed_varies_as_it_did(client: FlaskClient, path: str, star: bool) -> None:
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    if first.status_code != 200 or "ETag" not in first.headers:
        pytest.skip(f"{first.status_code}, no tag")
    again = client.get(path, headers={"If-None-Match": "*" if star else first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    for name in ("Vary", "ETag", "Cache-Control"):
        assert again.headers.get(name) == first.headers.get(name), name


@pytest.mark.parametrize(
    "path",
    ["/bai/000000000000", "/van-ban/khong/co", "/ngay/2021-99-99", "/chu-de/khong-co", "/tim-kiem?trang=x", "/goc/0",
     "/api/v1/articles/000000000000", "/dia-ban/khong-co", "/khong-co"],
)  # fmt: skip
def test_what_does_not_exist_is_never_unchanged(client: FlaskClient, path: str) -> None:
    asked = client.get(path)
    assert asked.status_code >= 400
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == asked.status_code
