"""Read a whole generation once for all requests; while a large one is read, the older reading serves."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

from searchapp.engine import Engine

T = TypeVar("T")

AT_ONCE: Final = 5_000  # articles that can be read in the time of a few keystrokes
PAUSE: Final = 30.0  # seconds between two readings of a large archive, however often it is published
OLDEST: Final = 60.0  # seconds for which a removed article may still be served from an older reading
MAX_ARCHIVES: Final = 8  # more than one process serves


@dataclass(slots=True)
class _Kept(Generic[T]):
    """One reading and its generation. Times in seconds of the monotonic clock: when the next reading may begin, and
    when the generation was last the live one.
    """

    generation: str
    value: T
    until: float
    seen: float


class Survey(Generic[T]):
    """A value that takes seconds to read from a large archive, such as its vocabulary. Safe to share between threads.

    For an archive of up to AT_ONCE articles it is always the value of the asked generation. For a larger one it may be
    that of an earlier generation. This lasts for PAUSE and, once somebody asks, the time of one reading. A process
    reads one generation at a time and holds one. So publishing every few seconds costs neither its memory nor its
    answers.
    """

    def __init__(self, name: str, read: Callable[[Engine], T]) -> None:
        self._name = name
        self._read = read
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()
        self._under_way: set[str] = set()
        self._reading = Lock()
        self._lock = Lock()

    def of(self, engine: Engine) -> T:
        """Return the cached value; the first caller waits until it is read."""
        known = self._known(engine)
        if known is None:
            with self._reading:
                known = self._known(engine) or self._keep(engine)
        return known.value

    def at_hand(self, engine: Engine) -> T | None:
        """Return the cached value.

        Return None while a large archive is read for the first time, or when the cache is older than OLDEST.
        """
        if engine.stats().articles <= AT_ONCE:
            return self.of(engine)
        known = self._known(engine)
        if known is None:
            self._begin(engine)
            return None
        behind = time.monotonic() - known.seen if known.generation != engine.generation else 0.0
        return known.value if behind <= OLDEST else None

    def _known(self, engine: Engine) -> _Kept[T] | None:
        kept = self._kept.get(engine.archive)
        if kept is None:
            return None
        if kept.generation == engine.generation:
            kept.seen = time.monotonic()
            return kept
        if engine.stats().articles <= AT_ONCE:
            return None
        if time.monotonic() >= kept.until:
            self._begin(engine)
        return kept

    def _begin(self, engine: Engine) -> None:
        with self._lock:
            if engine.archive in self._under_way:
                return
            self._under_way.add(engine.archive)
        try:
            Thread(target=self._beside, args=(engine,), name=self._name, daemon=True).start()
        except RuntimeError:  # no thread can be started now: the next request tries again
            self._end(engine)

    def _beside(self, engine: Engine) -> None:
        try:
            self._keep(engine)
        finally:
            self._end(engine)

    def _end(self, engine: Engine) -> None:
        with self._lock:
            self._under_way.discard(engine.archive)

    def _keep(self, engine: Engine) -> _Kept[T]:
        began = time.monotonic()
        value = self._read(engine)
        kept = _Kept(engine.generation, value, time.monotonic() + PAUSE, began)
        with self._lock:
            self._kept[engine.archive] = kept
            self._kept.move_to_end(engine.archive)
            if len(self._kept) > MAX_ARCHIVES:
                self._kept.popitem(last=False)
        return kept
