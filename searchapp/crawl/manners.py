"""How a guest behaves: robots.txt, a pause between requests, and waiting when asked to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from protego import Protego

from searchapp.crawl.fetch import Answer

MAX_ROBOTS: Final = 500 << 10  # bytes of robots.txt that are read (RFC 9309)
BACK_OFF: Final = 30.0
"""Seconds before a second try where a server asks for patience without saying how much; doubled each time."""
PATIENCE: Final = 600.0
"""Seconds that a run waits because a server asks it to; for more it stops, to go on another time."""
TRIES: Final = 3


class Clock(Protocol):
    """Time, as a crawl sees it."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt of one host allows to one agent. delay: seconds between requests that it asks for."""

    allows: Callable[[str], bool]
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()


def robots(answer: Answer, agent: str) -> Robots | None:
    """The rules in an answer for robots.txt (RFC 9309): with 4xx all is allowed; None: nothing may be asked now."""
    if answer.status >= 500 or answer.status == 429:
        return None
    if answer.status != 200:
        return Robots(lambda url: True)
    rules = Protego.parse(answer.content[:MAX_ROBOTS].decode("utf-8-sig", "replace"))
    rate = rules.request_rate(agent)
    delay = max(rules.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return Robots(lambda url: bool(rules.can_fetch(url, agent)), delay, tuple(rules.sitemaps))


def retry_after(answer: Answer, now: float, tries: int) -> float:
    """Seconds to wait before asking again: what the server says, else longer each time."""
    said = answer.header("retry-after").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        date = parsedate_to_datetime(said)
    except ValueError:
        return BACK_OFF * 2.0**tries
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)


class Pace:
    """Keeps the pause between two requests, counted from the end of the one before."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self._clock = clock
        self._last = 0.0
        self.delay = delay

    def wait(self) -> None:
        """Return when the next request may begin."""
        left = self._last + self.delay - self._clock.now()
        # A clock that was set back must not make us wait for a year.
        if left > 0:
            self._clock.sleep(min(left, self.delay))

    def done(self) -> None:
        """A request has ended."""
        self._last = self._clock.now()
