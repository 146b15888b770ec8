"""A guest of a site: knows its robots.txt, pauses before each request, and waits when it is asked to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from searchapp.crawl import manners
from searchapp.crawl.fetch import Answer, Fetcher, FetchError
from searchapp.crawl.manners import Clock, Pace, Robots
from searchapp.crawl.network import RefusedAddressError
from searchapp.crawl.report import CrawlReport
from searchapp.crawl.scope import MAX_HOPS
from searchapp.sites import SiteSettings

REDIRECTS: Final = (301, 302, 303, 307, 308)


class StopError(Exception):
    """The run cannot go on now; str() says why."""


class EnoughError(StopError):
    """The run has made as many requests as it may; nothing is wrong."""


class Guest:
    """Asks one site, counting each request in the report."""

    def __init__(self, site: SiteSettings, fetcher: Fetcher, clock: Clock, report: CrawlReport) -> None:
        self._site, self._fetcher, self._clock, self._report = site, fetcher, clock, report
        self._pace = Pace(clock, site.delay)
        self._robots: dict[str, Robots] = {}

    def rules(self, url: str) -> Robots:
        """The rules of a host, asked for once a run. Raises StopError where it does not say what they are."""
        root = urljoin(url, "/robots.txt")
        if root not in self._robots:
            answer = self._robots_txt(root)
            rules = manners.robots(answer, self._site.agent) if isinstance(answer, Answer) else None
            if rules is None:
                why = f"the site answered {answer.status}" if isinstance(answer, Answer) else answer
                raise StopError(f"{root} cannot be read ({why}), so nothing may be asked for")
            self._robots[root] = rules
            self._pace.delay = max(self._pace.delay, rules.delay)
        return self._robots[root]

    def _robots_txt(self, url: str) -> Answer | str:
        """The answer, or why there is none."""
        for _ in range(MAX_HOPS + 1):
            try:
                answer = self.ask(url, {})
            except (FetchError, RefusedAddressError) as error:
                return str(error)
            if answer.status not in REDIRECTS:
                return answer
            url = urljoin(url, answer.header("location"))
        return f"more than {MAX_HOPS} redirects"

    def ask(self, url: str, headers: dict[str, str]) -> Answer:
        """One answer, after the pause that is due; where the site asks for patience, after that.

        Raises FetchError, RefusedAddressError, and StopError for a site that wants more patience than a run has.
        """
        for tries in range(manners.TRIES + 1):
            self._pace.wait()
            try:
                answer = self._fetcher.get(url, headers)
            finally:
                self._report.requests += 1
                self._pace.done()
            if answer.status not in (429, 503):
                return replace(answer, at=datetime.fromtimestamp(self._clock.now(), UTC))
            wait = manners.retry_after(answer, self._clock.now(), tries)
            if tries == manners.TRIES or wait > manners.PATIENCE:
                break
            self._clock.sleep(wait)
        raise StopError(f"{urlsplit(url).netloc} is busy ({answer.status}) and asks to come back in {wait:,.0f} s")
