"""Crawl portals politely and keep their pages as WARC files, which `reindex` reads like any other file."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from typing import Final

import searchapp
from searchapp.config.sites import Hints, SiteSettings
from searchapp.crawl.fetch import Fetcher, Resolve, resolve
from searchapp.crawl.frontier import Frontier
from searchapp.crawl.politeness import Clock, Guest, SystemClock
from searchapp.crawl.run import Run
from searchapp.crawl.tally import CrawlReport
from searchapp.crawl.warc_writer import Store
from searchapp.readers import outline

__all__ = ["CrawlReport", "crawl"]

_REPORT: Final = ".report.json"


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
    BusyIndexError while another crawl of the site is running; OSError for a full disk. The fetched pages are kept,
    however the crawl ends.
    """
    started = time.monotonic()
    site.store.mkdir(parents=True, exist_ok=True)
    report = CrawlReport(site=name, folder=str(site.store))
    agent = f"{site.agent}/{searchapp.__version__} (+{site.contact})"
    with contextlib.ExitStack() as closing:
        frontier = Frontier(site.store)
        closing.callback(frontier.close)
        hints(site).save(site.store)
        store = Store(site.store, name, {"software": f"searchapp {searchapp.__version__}", "http-header-from": agent})
        closing.callback(store.close)
        private = frozenset(host.partition(":")[0] for host in site.hosts) if site.private else frozenset()
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
