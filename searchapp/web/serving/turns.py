"""Let the threads of a worker answer one after the other, instead of all at once and slowly.

Python runs one thread at a time, but NumPy leaves it for each operation. With several threads, each operation hands the
interpreter to another core and back. Several pages at once then take two to three times the processor time of pages
in a row. So an answer is made in a turn, and the others wait for it. A turn is a courtesy and no lock: after a
while the next one begins beside it. So a dear request delays the others once and little, and nothing can wait forever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SECONDS: Final = 0.04
"""How long others wait for an answer under way. Most answers need half of it; with 0.1 s, a search beside dear requests
waits twice as long."""


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
