"""Behave like a guest: robots.txt, pauses, waiting when asked; and judge each answer, with its demands on robots."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

from protego import Protego

from searchapp.config.sites import SiteSettings
from searchapp.crawl.fetch import Answer, Fetcher, FetchError, RefusedAddressError
from searchapp.crawl.frontier import MAX_HOPS, Known
from searchapp.crawl.tally import CrawlReport
from searchapp.readers.items import Link, Outline

_MAX_ROBOTS: Final = 500 << 10  # the first bytes of robots.txt that are read (RFC 9309)
_BACK_OFF: Final = 30.0
"""Seconds before a second try where a server asks for patience without a number; doubled each time."""
PATIENCE: Final = 600.0
"""Seconds that a run waits at a server's wish; for a longer wait, the run stops and goes on another time."""
_TRIES: Final = 3


class Clock(Protocol):
    """The time, as a crawl sees it."""

    def now(self) -> float:
        """Return seconds since 1970."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host's robots.txt for one agent. delay: seconds between requests that it asks for."""

    allows: Callable[[str], bool]
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()


def robots(answer: Answer, agent: str) -> Robots | None:
    """Return the rules in an answer for robots.txt (RFC 9309): 4xx allows all; None: nothing may be asked now."""
    if answer.status >= 500 or answer.status == 429:
        return None
    if answer.status != 200:
        return Robots(lambda url: True)
    rules = Protego.parse(answer.content[:_MAX_ROBOTS].decode("utf-8-sig", "replace"))
    rate = rules.request_rate(agent)
    delay = max(rules.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return Robots(lambda url: bool(rules.can_fetch(url, agent)), delay, tuple(rules.sitemaps))


def retry_after(answer: Answer, now: float, tries: int) -> float:
    """Return the seconds before the next try: the server's number, else longer each time."""
    said = answer.header("retry-after").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        date = parsedate_to_datetime(said)
    except ValueError:
        return _BACK_OFF * 2.0**tries
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)


class Pace:
    """A pause between two requests, counted from the end of the one before."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self._clock = clock
        self._last = 0.0
        self.delay = delay

    def wait(self) -> None:
        """Wait until the next request may begin."""
        left = self._last + self.delay - self._clock.now()
        # A clock that was set back must not make the run wait for a year.
        if left > 0:
            self._clock.sleep(min(left, self.delay))

    def done(self) -> None:
        """Note the end of a request."""
        self._last = self._clock.now()


REDIRECTS: Final = (301, 302, 303, 307, 308)


class StopError(Exception):
    """The run cannot go on now; str() says why."""


class BusyError(StopError):
    """The site asks for more patience than a run has."""


class EnoughError(StopError):
    """The run has made as many requests as it may; nothing is wrong."""


class Guest:
    """A guest of one site that counts each request in the report."""

    def __init__(self, site: SiteSettings, fetcher: Fetcher, clock: Clock, report: CrawlReport) -> None:
        self._site, self._fetcher, self._clock, self._report = site, fetcher, clock, report
        self._pace = Pace(clock, site.delay)
        self._robots: dict[str, Robots] = {}

    def rules(self, url: str) -> Robots:
        """Return the rules of a host; the guest asks once a run. Raises StopError where the host
        does not state them.
        """
        root = urljoin(url, "/robots.txt")
        if root not in self._robots:
            answer = self._robots_txt(root)
            rules = robots(answer, self._site.agent) if isinstance(answer, Answer) else None
            if rules is None:
                why = f"the site answered {answer.status}" if isinstance(answer, Answer) else answer
                raise StopError(f"{root} cannot be read ({why}), so nothing may be asked for")
            if rules.delay > PATIENCE:
                raise StopError(f"{root} asks for {rules.delay:,.0f} s between two requests, longer than a run waits")
            self._robots[root] = rules
            self._pace.delay = max(self._pace.delay, rules.delay)
        return self._robots[root]

    def _robots_txt(self, url: str) -> Answer | str:
        """Return the answer, or the reason for having none."""
        for _ in range(MAX_HOPS + 1):
            try:
                answer = self.ask(url, {})
            except (FetchError, RefusedAddressError) as error:
                return str(error)
            if answer.status not in REDIRECTS:
                return answer
            url = answer.redirect
            if not url:
                return "redirects to another site, of no web address"
        return f"more than {MAX_HOPS} redirects"

    def ask(self, url: str, headers: dict[str, str]) -> Answer:
        """Return one answer, after the due pause; where the site asks for patience, after that.

        Raises FetchError, RefusedAddressError, and BusyError for a site that wants more patience than a run has.
        """
        for tries in range(_TRIES + 1):
            self._pace.wait()
            try:
                answer = self._fetcher.get(url, headers)
            finally:
                self._report.requests += 1
                self._pace.done()
            if answer.status not in (429, 503):
                return replace(answer, at=datetime.fromtimestamp(self._clock.now(), UTC))
            wait = retry_after(answer, self._clock.now(), tries)
            if tries == _TRIES or wait > PATIENCE:
                break
            self._clock.sleep(wait)
        raise BusyError(f"{urlsplit(url).netloc} is busy ({answer.status}) and asks to come back in {wait:,.0f} s")


HTML: Final = ("text/html", "application/xhtml+xml")


# Portals send attached documents with this type, so that browsers save them instead of showing them.
_ANY_FILE: Final = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/force-download",
    "application/download",
    "application/x-download",
)
_ENDINGS: Final = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".epub": "application/epub+zip",
    ".rtf": "application/rtf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

READABLE: Final = (*HTML, "text/plain", "text/rtf", *_ENDINGS.values())
"""The media types that have readers."""

# A pattern for the whole title, or one of its parts between bars: "Quyết định số 1404" and "404 hộ thoát nghèo" are
# pages.
_MISSING: Final = re.compile(
    r"(?:trang\s|page\s)?(?:lỗi|error|http|mã lỗi)?\s*:?\s*404(?:\s(?:error|lỗi|(?:page\s|file\s)?not found"
    r"|không .*|trang .*))?[.!]?"
    r"|(?:error\s)?(?:page|file|document)?\s?not found[.!]?"
    r"|(?:rất tiếc,?\s|xin lỗi,?\s)?không tìm thấy(?:\s(?:trang|nội dung|bài viết|dữ liệu|đường dẫn|tin"
    r"|kết quả)(?:\s.{0,40})?)?[.!]?"
    r"|(?:trang|nội dung|bài viết|đường dẫn|tin bài)(?:\s.{0,30})? (?:không tồn tại|không tìm thấy)(?:\s.{0,30})?[.!]?"
)
_PARTS: Final = re.compile(r"\s*[|»›:]\s*|\s+[-–—]\s+")


def kind_of(answer: Answer) -> str:
    """Return the media type; where it is missing or only says "a file", the type of the address's
    ending, else a page.
    """
    told = re.split("[;,]", answer.header("content-type"))[0].strip().lower()  # some servers state it twice
    if told not in _ANY_FILE:
        return told
    ending = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    return _ENDINGS.get(ending, told or HTML[0])


def is_missing(outline: Outline, soft: int) -> bool:
    """Tell whether a page only says that there is none, though the server sent it as a page.

    soft: word hash of the site's page for an impossible address.
    """
    title = outline.title.lower().strip()
    return (outline.words == soft != 0) or any(map(_MISSING.fullmatch, (title, *_PARTS.split(title))))


def text_of(outline: Outline, *, own: bool = True) -> int:
    """Return a hash of a page's text, 0 without any: its letters, and title and sentences with their figures.

    Pages whose sentences differ in figures alone are different pages, such as monthly notices. Clocks and counters
    beside the text make no new page. own: whether it has sentences of its own.
    """
    if not outline.prose or not own:
        return outline.words  # no text to read: the days of a calendar are one page
    said = f"{outline.words} {outline.title} {outline.prose}".encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), signed=True) or 1


def asks(outline: Outline, answer: Answer, agent: str) -> set[str]:
    """Return the demands of a page or its server on robots of this name: noindex, nofollow, …

    A server may send several headers, and name one robot in each: "X-Robots-Tag: otherbot: noindex, nofollow".
    """
    said = set(outline.robots.split())
    for value in answer.every("x-robots-tag"):
        named = _ROBOT.match(value)
        if named is None or named["name"].lower() == agent.lower():
            said.update(part.strip().lower() for part in value[named.end() if named else 0 :].split(","))
    return said | ({"noindex", "nofollow"} if "none" in said else set())


_ROBOT: Final = re.compile(r"\s*(?!unavailable_after|max-)(?P<name>[\w-]+)\s*:", re.IGNORECASE)


def is_newer(link: Link, known: Known) -> bool:
    """Tell whether a page has changed since the last visit, by a sitemap or feed."""
    return link.changed > known.changed if known.changed else link.changed[:10] > known.captured[:10]
