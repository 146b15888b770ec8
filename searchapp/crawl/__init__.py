"""Crawl portals politely and keep their pages as WARC files, which `reindex` reads like any other file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

import searchapp
from searchapp.config.sites import Hints, SiteSettings
from searchapp.crawl import politeness
from searchapp.crawl.fetch import Answer, Fetcher, FetchError, RefusedAddressError, Resolve, resolve
from searchapp.crawl.frontier import BUSY, Frontier, Kind, Known, Scope, explained, is_other_spelling, shape
from searchapp.crawl.politeness import REDIRECTS, BusyError, Clock, EnoughError, Guest, StopError, SystemClock
from searchapp.crawl.tally import NONE, SAME, CrawlReport
from searchapp.crawl.warc_writer import Store
from searchapp.errors import SettingsError
from searchapp.readers import outline
from searchapp.readers.items import Bad, Found, Link, Outline

__all__ = ["CrawlReport", "crawl"]

_REPORT: Final = ".report.json"

_MAX_NESTING: Final = 3  # levels of sitemaps in sitemaps
_MAX_FAILURES: Final = 20
"""So many 4xx answers in a row: the site wants us gone. Each other failure counts as four: the site is down."""
_BARREN: Final = 20
"""So many pages of one shape without text or new links are a calendar, or something like it."""
COMMON: Final = 2
"""A sentence on more pages than these belongs to the site, not to a page."""

_DAY: Final = 86_400.0


def crawl(
    name: str,
    site: SiteSettings,
    *,
    clock: Clock | None = None,
    resolve: Resolve = resolve,
    tick: Callable[[int, int], None] = lambda requests, left: None,
) -> CrawlReport:
    """Visit the new and due pages of a site, and go on where the last run was stopped.

    tick: called with the requests made and the addresses left. The crawl never removes a kept page. Raises
    BusyIndexError while another crawl of the site is running; SettingsError, StateError where its folder cannot be
    used; OSError for a full disk. The fetched pages are kept, however the crawl ends.
    """
    started = time.monotonic()
    try:
        site.store.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        raise SettingsError(
            f"{site.store}: {error.strerror}: give another folder in 'store' of [sites.{name}]"
        ) from None
    report = CrawlReport(site=name, folder=str(site.store))
    agent = f"{site.agent}/{searchapp.__version__} (+{site.contact})"
    with explained(site.store), contextlib.ExitStack() as closing:
        frontier = Frontier(site.store)
        closing.callback(frontier.close)
        hints(site).save(site.store)
        store = Store(site.store, name, {"software": f"searchapp {searchapp.__version__}", "http-header-from": agent})
        closing.callback(store.close)
        private = frozenset(urlsplit(f"//{host}").hostname or "" for host in site.hosts if site.private)
        fetcher = Fetcher(agent, private=private, resolve=resolve)
        closing.callback(fetcher.close)
        report.resumed = frontier.resumed
        clock = clock or SystemClock()
        guest = Guest(site, fetcher, clock, report)
        Run(site, guest, frontier, store, outline, clock, report).go(tick)
        report.left = frontier.left()
        store.close()
    report.files = [file.name for file in store.files]
    report.seconds = time.monotonic() - started
    (site.store / _REPORT).write_text(json.dumps(report.as_json(), ensure_ascii=False) + "\n", encoding="utf-8")
    return report


def hints(site: SiteSettings) -> Hints:
    """Return the settings by which `reindex` reads the pages of a site."""
    return Hints(site.source, site.title_at, site.date_at, site.text_at, site.articles, site.deny)


class Run:
    """The parts that a run through a site needs."""

    def __init__(
        self, site: SiteSettings, guest: Guest, frontier: Frontier, store: Store,
        outline: Callable[[bytes, str], Sequence[Found]], clock: Clock, report: CrawlReport,
    ) -> None:  # fmt: skip
        self._site, self._guest, self._frontier, self._store = site, guest, frontier, store
        self._outline, self._clock, self._report = outline, clock, report
        self._scope = Scope(site)
        self._named = {self._scope.address(url) for url in self._starts()}
        self._began = clock.now()
        self._failures: list[int] = []

    def go(self, tick: Callable[[int, int], None]) -> None:
        """Ask for every due address; tick: called with the requests made and the addresses left."""
        try:
            if not self._frontier.resumed:
                self._begin()
            while known := self._frontier.next():
                if self._report.requests >= self._site.pages:
                    raise EnoughError(f"{self._site.pages:,} requests made, as many as a run may")
                self._visit(known)
                tick(self._report.requests, self._frontier.left())
            self._frontier.finish()
        except StopError as stop:
            self._report.stopped, self._report.enough = str(stop), isinstance(stop, EnoughError)

    def _begin(self) -> None:
        hosts = sorted(self._site.hosts)
        schemes = {urlsplit(url).netloc: urlsplit(url).scheme for url in self._starts()}
        rules = [self._guest.rules(f"{schemes.get(host, 'https')}://{host}/") for host in hosts]
        sitemaps = self._site.sitemaps or [url for one in rules for url in one.sitemaps]
        for kind, urls in (("sitemap", sitemaps), ("feed", self._site.feeds), ("page", self._site.start)):
            for url in filter(self._scope.is_inside, map(self._scope.address, urls)):
                self._add(url, kind, 0)  # type: ignore[arg-type]
                if known := self._frontier.get(url):
                    self._frontier.ask_again(known)
        self._frontier.ask_again_old(self._clock.now() - self._site.recheck * _DAY)
        self._probe()
        self._frontier.begun()

    def _starts(self) -> list[str]:
        return [*self._site.start, *self._site.sitemaps, *self._site.feeds]

    def _probe(self) -> None:
        """Learn the site's page for an impossible address, where the site does not answer "404"."""
        first = self._scope.address(self._starts()[0])
        url = urljoin(first, f"/khong-co-{secrets.token_hex(8)}")
        if self._scope.refusal(url) or not self._guest.rules(url).allows(url):
            return
        try:
            answer = self._guest.ask(url, {})
        except FetchError:
            return
        if answer.status == 200:
            found = self._outline(answer.content, url)
            self._frontier.soft = next((one.words for one in found if isinstance(one, Outline)), 0)

    def _visit(self, known: Known) -> None:
        refusal = self._refusal(known)
        if refusal:
            self._report.refuse(refusal, known.url)
            self._miss(known)
            self._end(known, refusal)
            return
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        try:
            answer = self._guest.ask(known.url, {name: value for name, value in asked.items() if value})
        except RefusedAddressError as error:
            self._report.refuse(str(error), known.url)
            self._miss(known)
            self._end(known, str(error))
            return
        except BusyError as busy:
            if known.outcome != BUSY:  # the next run begins with the others
                self._frontier.put_off(known)
                raise
            self._failed(known, str(busy))
            return
        except FetchError as error:
            self._failed(known, str(error))
            return
        self._take(known, answer)

    def _refusal(self, known: Known) -> str:
        if not self._guest.rules(known.url).allows(known.url):
            return "robots.txt"
        if known.kind != "page":
            return ""
        if refusal := self._scope.refusal(known.url):
            return refusal
        if self._frontier.is_barren(known.shape, _BARREN):
            return f"like {_BARREN} pages with nothing to read (a calendar, or the like)"
        return ""

    def _take(self, known: Known, answer: Answer) -> None:
        if answer.status in (200, 304, 404, 410, *REDIRECTS):
            self._failures.clear()
        if answer.status in REDIRECTS:
            self._redirected(known, self._scope.address(answer.redirect))
        elif answer.status == 304:
            self._unchanged(known, answer)
        elif answer.status in (404, 410):
            self._gone(known, answer)
        elif answer.status != 200:
            self._failed(known, f"the site answered {answer.status}", weight=4 if answer.status >= 500 else 1)
        elif known.kind == "page":
            self._page(known, answer)
        else:
            self._list(known, answer)

    def _redirected(self, known: Known, target: str) -> None:
        if refusal := self._scope.redirect_refusal(known.url, target, known.hops):
            self._report.refuse(refusal, known.url)
            self._miss(known)
        elif not self._add(target, known.kind, known.depth, hops=known.hops + 1):
            old = self._frontier.get(target)
            if old and old.checked < self._began:  # a sitemap of the settings moved long ago: its content is asked for
                self._frontier.ask_again(old)
        self._end(known, refusal or f"redirects to {target}")

    def _unchanged(self, known: Known, answer: Answer) -> None:
        if known.captured:
            self._store.revisit(answer, known.payload, known.captured)
            self._report.unchanged += 1
        self._end(known, "unchanged")

    def _gone(self, known: Known, answer: Answer) -> None:
        if known.captured:
            self._report.gone += 1
        else:
            self._report.fail(f"the site answered {answer.status}", known.url)
        self._miss(known)
        self._end(known, f"gone: {answer.status}")

    def _list(self, known: Known, answer: Answer) -> None:
        """Read a sitemap or feed: its addresses are added, and addresses that it no longer names stay."""
        found = self._outline(answer.content, known.url)
        outline = next((one for one in found if isinstance(one, Outline)), None)
        if outline is None or outline.kind == "page":
            reason = next((one.reason for one in found if isinstance(one, Bad)), "a page")
            self._failed(known, f"no {known.kind} but {reason}: what is known stays", weight=0)
            return
        with self._frontier.together():
            for link in found:
                if isinstance(link, Link):
                    self._listed(known, link)
        self._remember(known, answer)
        self._end(known, "read")

    def _listed(self, known: Known, link: Link) -> None:
        url = self._scope.address(link.url)
        if not (self._scope.is_inside(url) if link.kind == "sitemap" else self._scope.is_page(url)):
            self._report.refuse("on another site, or no page", url or link.url)
            return
        if link.kind == "sitemap" and known.depth >= _MAX_NESTING:
            self._report.refuse(f"sitemaps more than {_MAX_NESTING} deep", url)
            return
        depth = known.depth + 1 if link.kind == "sitemap" else 1
        old = self._frontier.get(url)
        if old is None:
            self._add(url, link.kind, depth, changed=link.changed)
        # A sitemap of sitemaps may name itself.
        elif old.checked < self._began and (link.kind == "sitemap" or politeness.is_newer(link, old)):
            old.changed = link.changed
            self._frontier.ask_again(old)

    def _page(self, known: Known, answer: Answer) -> None:
        kind = politeness.kind_of(answer)
        if kind not in politeness.READABLE:
            self._report.refuse(f"not a text ({kind[:60]})", known.url)
            self._miss(known)
            self._end(known, kind)
            return
        if kind not in politeness.HTML:
            self._keep(known, answer)
            return
        found = self._outline(answer.content, known.url)
        outline = next((one for one in found if isinstance(one, Outline)), None)
        if outline is None:
            self._failed(known, next((one.reason for one in found if isinstance(one, Bad)), "no page"))
            return
        target = self._scope.address(outline.refresh)
        if target != known.url and self._scope.is_inside(target):
            self._redirected(known, target)
            return
        first = not known.words
        own = [one for one in outline.prose.split() if not self._frontier.is_common(one, COMMON)]
        known.words = politeness.text_of(outline, own=bool(own))
        refusal = self._page_refusal(known, outline, answer)
        follow = "nofollow" not in politeness.asks(outline, answer, self._site.agent)
        if not refusal or (refusal == "noindex" and follow):
            with self._frontier.together():
                ways = self._follow(known, found) if follow else 0
                if first:
                    self._frontier.met(outline.prose.split())
            known.barren = -1 if own or ways else 1
        if refusal:
            self._report.refuse(refusal, known.url)
            if refusal == NONE:
                self._miss(known)
            self._end(known, refusal)
        else:
            self._keep(known, answer)

    def _page_refusal(self, known: Known, outline: Outline, answer: Answer) -> str:
        """Return the reason not to keep a page, "" to keep it."""
        if politeness.is_missing(outline, self._frontier.soft):
            return NONE
        canonical = self._scope.address(outline.canonical)
        if is_other_spelling(known.url, canonical) and self._scope.is_inside(canonical):
            self._add(canonical, "page", known.depth)
            return "another address of a page, as the page says"
        if "noindex" in politeness.asks(outline, answer, self._site.agent):
            return "noindex"
        if self._frontier.twin(known):
            return SAME
        return ""

    def _follow(self, known: Known, found: Sequence[Found]) -> int:
        """Add the links of a page; return how many of them are new and lead to another sort of page."""
        ways = 0
        for link in found:
            url = self._scope.address(link.url) if isinstance(link, Link) else ""
            if not self._scope.is_page(url):
                continue
            if known.depth >= self._site.depth:
                if self._frontier.get(url) is None:
                    self._report.refuse(f"more than {self._site.depth} links from a start page", url)
                continue
            if self._add(url, "page", known.depth + 1):
                ways += shape(url) != known.shape
        return ways

    def _keep(self, known: Known, answer: Answer) -> None:
        content = hashlib.sha256(answer.content).hexdigest()
        if content == known.content:
            self._store.revisit(answer, known.payload, known.captured)
            self._report.unchanged += 1
        else:
            self._report.changed += bool(known.captured)
            self._report.new += not known.captured
            known.payload, known.captured = self._store.response(answer)
            known.content = content
        self._remember(known, answer)
        self._end(known, "kept")

    @staticmethod
    def _remember(known: Known, answer: Answer) -> None:
        known.etag, known.modified = answer.header("etag"), answer.header("last-modified")

    def _failed(self, known: Known, reason: str, *, weight: int = 4) -> None:
        """Record a failure: the next run asks again, and the kept pages of the address stay."""
        self._report.fail(reason, known.url)
        self._end(known, reason)
        known.checked = 0.0
        self._frontier.save(known)
        self._miss(known)
        self._failures.append(weight)
        if weight and sum(self._failures) >= _MAX_FAILURES:
            raise StopError(f"{len(self._failures)} requests in a row failed, the last one: {reason}")

    def _miss(self, known: Known) -> None:
        """Record an address that leads to nothing; an address of the settings is reported apart."""
        if known.url in self._named:
            self._report.missing.append(known.url)

    def _end(self, known: Known, outcome: str) -> None:
        known.checked, known.outcome = self._clock.now(), outcome
        self._frontier.save(known)

    def _add(self, url: str, kind: Kind, depth: int, *, hops: int = 0, changed: str = "") -> bool:
        return self._frontier.add(url, kind, depth, shape=shape(url), hops=hops, changed=changed)
