"""Answers of one worker are made one after the other, but nothing waits for long: neither for a dear answer nor for a
reader."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import run_wsgi_app

from searchapp.web.serving.server import Turns

LONG = 30.0  # seconds that no test lasts: turns of this length never run out


class App:
    """An application that tells how many of its answers were made at once."""

    def __init__(self, make: Callable[[], Iterable[bytes]], headers: list[tuple[str, str]]) -> None:
        self._make = make
        self._headers = headers
        self._lock = threading.Lock()
        self._running = 0
        self.most = 0
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        with self:
            start_response("200 OK", self._headers)
            return self._made()

    def _made(self) -> Iterable[bytes]:
        pieces = self._make()
        return Pieces(self, iter(pieces)) if not self._headers else pieces

    def __enter__(self) -> None:
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._running -= 1


class Pieces:
    def __init__(self, app: App, pieces: Iterator[bytes]) -> None:
        self._app, self._pieces = app, pieces

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._app:
            return next(self._pieces)

    def close(self) -> None:
        self._app.closed += 1


def answer() -> list[bytes]:
    time.sleep(0.005)
    return [b"done"]


def streamed() -> Iterator[bytes]:
    for number in range(4):
        time.sleep(0.005)
        yield b"%d" % number


def asked(app: Turns, environ: dict[str, Any]) -> bytes:
    pieces, status, _ = run_wsgi_app(app, environ)  # type: ignore[arg-type]
    assert status == "200 OK"
    body = b"".join(pieces)
    if close := getattr(pieces, "close", None):
        close()
    return body


@pytest.mark.parametrize(
    ("make", "headers", "body"),
    [(answer, [("Content-Length", "4")], b"done"), (streamed, [], b"0123")],
    ids=["whole", "streamed"],
)
def test_one_answer_is_made_at_a_time(
    make: Callable[[], Iterable[bytes]], headers: list[tuple[str, str]], body: bytes
) -> None:
    app = App(make, headers)
    turns = Turns(app, LONG)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: asked(turns, {}), range(24)))
    assert bodies == [body] * 24
    assert app.most == 1
    assert app.closed == (0 if headers else 24)


def test_a_dear_answer_stops_no_other() -> None:
    begun, end = threading.Event(), threading.Event()

    def dear() -> list[bytes]:
        begun.set()
        assert end.wait(LONG)
        return [b"dear"]

    first = App(dear, [("Content-Length", "4")])
    turns = Turns(lambda environ, start: (first if environ else second)(environ, start), 0.02)
    second = App(answer, [("Content-Length", "4")])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked, turns, {"dear": True})
        assert begun.wait(LONG)
        assert [asked(turns, {}) for _ in range(3)] == [b"done"] * 3
        assert not waiting.done()
        end.set()
        assert waiting.result(LONG) == b"dear"
    assert asked(turns, {}) == b"done"


def test_a_slow_reader_has_no_turn() -> None:
    app = App(streamed, [])
    turns = Turns(app, LONG)
    pieces, _, _ = run_wsgi_app(turns, {})  # type: ignore[arg-type]
    reader = iter(pieces)
    assert next(reader) == b"0"
    assert asked(turns, {}) == b"0123"  # while the first reader takes its time
    assert b"".join(reader) == b"123"


def test_a_fault_ends_its_turn() -> None:
    def broken(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        raise ZeroDivisionError

    turns = Turns(broken, LONG)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            asked(turns, {})
