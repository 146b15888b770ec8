"""What one client may cost: processor time and bytes a minute, and requests under way at once."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NoReturn

from flask import Flask, Response, g
from limits import RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from searchapp.config import Settings
from searchapp.errors import MissingExtraError
from searchapp.web.serving.access import STORE_SECONDS, client, is_open

_MS: Final = 1000
_BYTES_A_MS: Final = 20_000
"""What is sent counts as time too: a download of 100 MB as five seconds."""
_FREE: Final = 2
"""Threads of a worker that one client leaves to the others."""


@dataclass(slots=True)
class _Spent:
    """One request under way; bytes: those that were sent while they were made."""

    who: str
    began: float = field(default_factory=time.thread_time)
    bytes: int = 0
    handed_on: bool = False


class Budget:
    """The spending of all clients, counted where their requests are."""

    def __init__(self, settings: Settings) -> None:
        self._at_once = max(1, settings.threads - _FREE)
        self._limit = RateLimitItemPerMinute(max(1, round(settings.processor_seconds * _MS)))
        self._counts = FixedWindowRateLimiter(_storage(settings))
        self._own = FixedWindowRateLimiter(MemoryStorage())  # while the counting server is down
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def watch(self, app: Flask) -> None:
        """Refuse whoever has spent too much, and count what the others spend until their answer is sent."""
        app.before_request(self._begin)
        app.after_request(self._answered)
        app.teardown_request(self._torn_down)

    def _begin(self) -> None:
        who = client()
        if not who or is_open():
            return
        if wait := self._wait(who):
            _refuse(wait)
        with self._lock:
            if self._running[who] >= self._at_once:
                _refuse(1)
            self._running[who] += 1
        g.spent = _Spent(who)

    def _answered(self, response: Response) -> Response:
        spent: _Spent | None = g.get("spent")
        if spent:
            spent.bytes = response.content_length or 0
            spent.handed_on = True
            if not response.is_streamed:  # all of it is made
                self._end(spent)
                return response
            if not response.direct_passthrough:
                response.response = _counted(response.response, spent)  # type: ignore[arg-type]
            response.call_on_close(partial(self._end, spent))
        return response

    def _torn_down(self, _: BaseException | None) -> None:
        spent: _Spent | None = g.get("spent")
        if spent and not spent.handed_on:
            self._end(spent)

    def _end(self, spent: _Spent) -> None:
        with self._lock:
            self._running[spent.who] -= 1
            if not self._running[spent.who]:
                del self._running[spent.who]
        cost = round((time.thread_time() - spent.began) * _MS) + spent.bytes // _BYTES_A_MS
        if cost > 0:
            try:
                self._counts.hit(self._limit, spent.who, cost=cost)
            except StorageError:
                self._own.hit(self._limit, spent.who, cost=cost)

    def _wait(self, who: str) -> int:
        """Return the seconds until a client may ask again, 0 for now."""
        for counts in (self._counts, self._own):
            try:
                if not counts.test(self._limit, who):
                    return max(1, math.ceil(counts.get_window_stats(self._limit, who).reset_time - time.time()))
            except StorageError:
                continue
        return 0


def _storage(settings: Settings) -> Storage:
    if settings.rate_store.startswith("memory"):
        return MemoryStorage()
    try:
        return storage_from_string(settings.rate_store, wrap_exceptions=True, socket_timeout=STORE_SECONDS)  # type: ignore[return-value]
    except ConfigurationError:
        raise MissingExtraError("rate_store: Redis needs a library: pip install 'searchapp[redis]'") from None


def _counted(pieces: Iterable[bytes], spent: _Spent) -> Iterator[bytes]:
    for piece in pieces:
        spent.bytes += len(piece)
        yield piece


def _refuse(seconds: int) -> NoReturn:
    """Refuse a request; only the header counts, the page is that of every error."""
    raise TooManyRequests(response=Response(status=429, headers={"Retry-After": str(seconds)}))
