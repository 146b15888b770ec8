"""The serving process: gunicorn with threaded workers, each with an index of its own and shared counts.

The threads of a worker answer in turns.
"""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit
from typing import TYPE_CHECKING, Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from searchapp.config import SHARED, Settings
from searchapp.engines import open_engine
from searchapp.errors import IndexProblemError
from searchapp.web import create_app
from searchapp.web.routes import templates
from searchapp.web.serving import monitoring
from searchapp.web.serving.gunicorn_worker import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


FEWEST, MOST = 2, 8  # workers without a setting: when one dies, another still answers
GRACE: Final = 8  # seconds for requests in flight after SIGTERM
_HANGING: Final = 30  # seconds after which a silent worker is replaced
_KEPT_OPEN: Final = 5  # seconds that a connection waits for its next request
HELD: Final = 48  # descriptors of a worker: the files of one generation, counts, pipes, and some to spare
_LINE_LIMIT: Final = 8190  # bytes of a request line: 512 Vietnamese letters need 4,600; longer is 414
HEADERS_LIMIT, HEADER_LIMIT = 64, 8190  # more or longer is 431
_TURN: Final = 0.0005  # seconds of a thread's turn; Python's own 5 ms let a dear request stop a search 100 times
_NEW_OBJECTS: Final = 50_000  # objects before a search for garbage: about 5 MB
_SHM: Final = Path("/dev/shm")  # memory: counts and signs of life need no disk, which may be full

_SECONDS: Final = 0.04
"""How long others wait for an answer under way. Most answers need half of it; with 0.1 s, a search beside dear requests
waits twice as long."""


def serve(settings: Settings, reindex: Sequence[str] = ()) -> None:
    """Serve until SIGTERM or Ctrl-C; requests in flight are finished first. reindex: as in `blueprint`."""
    _keep_standard_streams()
    templates()  # a worker that takes another's place after an upgrade has the pages of its code, not newer ones
    with _shared_counts() as counts:
        os.environ[SHARED] = str(counts)
        Server(settings, lambda: _application(settings, reindex)).run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings. load: makes the application, once in every worker; options:
    change ours, for tests.
    """

    def __init__(self, settings: Settings, load: Callable[[], Flask], **options: Any) -> None:
        self._load = load
        self._options = {
            "bind": settings.address,
            "workers": settings.workers or max(FEWEST, min(os.cpu_count() or 1, MOST)),
            "worker_class": Worker,
            "threads": settings.threads,
            "worker_connections": _connections(settings.threads, getrlimit(RLIMIT_NOFILE)[0]),
            "graceful_timeout": GRACE,
            "timeout": _HANGING,
            "keepalive": _KEPT_OPEN,
            "limit_request_line": _LINE_LIMIT,
            "limit_request_fields": HEADERS_LIMIT,
            "limit_request_field_size": HEADER_LIMIT,
            "forwarded_allow_ips": "",  # `trusted_proxies` alone names trusted proxies
            "worker_tmp_dir": _memory(),
            "logger_class": _log_class(settings),
            "loglevel": "warning",
            "control_socket_disable": True,
            **options,
        }
        super().__init__()

    def load_config(self) -> None:
        """Load our settings for gunicorn, without any file or variable of its own."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Load the application in the worker: each maps the index itself, so that the parent keeps no old generation
        open.
        """
        return self._load()


def _connections(threads: int, descriptors: int) -> int:
    """Return how many connections a worker holds: half of its descriptors, and never those that its index needs."""
    return max(threads * 2, min(1000, descriptors // 2, descriptors - HELD))


def look_for_garbage_seldom() -> None:
    """Let an answer make its few ten thousand objects before the search for cycles: nearly none of them is in one.

    Python's own setting searches after every 700, which takes a fifth of an answer's time.
    """
    gc.set_threshold(_NEW_OBJECTS, 20, 50)


_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_MAPPED: Final = 2**20
"""Blocks from this size on are given back to the system as soon as they are free."""


def _give_memory_back() -> None:
    """Let the threads of a worker share one heap, and return what is free in it after each search for garbage.

    Each thread has a heap of its own in glibc, full of holes that the others cannot use. Other C libraries do not.
    """
    libc = ctypes.CDLL(None)
    if not (hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim")):
        return
    libc.mallopt(_ARENA_MAX, 1)
    libc.mallopt(_MMAP_THRESHOLD, _MAPPED)

    def trim(phase: str, facts: Mapping[str, int]) -> None:
        if phase == "stop" and facts["generation"]:
            libc.malloc_trim(0)

    gc.callbacks.append(trim)


def _application(settings: Settings, reindex: Sequence[str] = ()) -> Flask:
    look_for_garbage_seldom()
    _give_memory_back()
    sys.setswitchinterval(_TURN)
    engine = open_engine(settings)
    with suppress(IndexProblemError):
        engine()  # opened before the first visitor comes; every visitor is told its faults instead
    app = create_app(settings, engine, reindex)
    if settings.engine == "whoosh":  # another engine answers elsewhere, and many may wait for it at once
        app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _log_class(settings: Settings) -> type[Logger]:
    class Log(Logger):  # type: ignore[misc]
        """Log gunicorn's own events as our lines; its lines about a request would quote the address, and so a query."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers = [monitoring.start_log(settings)]

        def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
            super().warning("bad request refused" if msg.startswith("Invalid request") else msg, *args, **kwargs)

        def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
            self.error_log.error("error while serving", exc_info=True)

    return Log


@contextmanager
def _shared_counts() -> Iterator[Path]:
    """Yield a folder for the counts of all workers, in memory where the system has one. It goes
    when the server ends.
    """
    folder, owner = Path(tempfile.mkdtemp(prefix="searchapp-counts-", dir=_memory())), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == owner:  # workers are forked inside of this
            shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    return str(_SHM) if os.access(_SHM, os.W_OK) else None


def _keep_standard_streams() -> None:
    """Open closed ones of standard input, output and error: the next opened file would take their place."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


class Turns:
    """A WSGI application whose answers are made in turns. A streamed answer takes a turn for each piece, so that
    nobody waits for its reader.
    """

    def __init__(self, app: WSGIApplication, seconds: float = _SECONDS) -> None:
        self._app = app
        self._seconds = seconds
        self._ended = threading.Condition()
        self._running: object | None = None
        self._until = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        streamed = False

        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            nonlocal streamed
            streamed = status.startswith("200") and all(name.lower() != "content-length" for name, _ in headers)
            return start_response(status, headers, *error)

        with self._turn():
            pieces = self._app(environ, started)
        return self._each(pieces) if streamed else pieces

    def _each(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        try:
            rest = iter(pieces)
            while True:
                with self._turn():
                    piece = next(rest, None)
                if piece is None:
                    return
                yield piece
        finally:
            if close := getattr(pieces, "close", None):
                close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until the running turn ends or has lasted long enough; then begin one."""
        own = object()
        with self._ended:
            while self._running is not None and (left := self._until - time.monotonic()) > 0:
                self._ended.wait(left)
            self._running = own
            self._until = time.monotonic() + self._seconds
        try:
            yield
        finally:
            with self._ended:
                if self._running is own:  # else the next one has begun beside it
                    self._running = None
                    self._ended.notify()
