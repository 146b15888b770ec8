"""Decide which addresses belong to a crawl, and which only look new: session ids, endless paths, calendars."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from searchapp.config.sites import SiteSettings, matches
from searchapp.text.urls import canonical_url

MAX_HOPS: Final = 3  # redirects in a row
_MAX_REPEATS: Final = 3
"""A folder that returns so often in one path comes from a wrong relative link: /tin/tin/tin/tin/."""

_SESSION: Final = re.compile(
    r"(?:php|j|asp|aspx)?sess(?:ion)?_?(?:id)?\w*|sid|cfid|cftoken|token|_ga\w*", re.IGNORECASE
)
_SESSION_IN_PATH: Final = re.compile(r";jsessionid=[^/?]*|/\(S\([a-z0-9]+\)\)", re.IGNORECASE)
_NO_PAGE: Final = re.compile(
    r"""\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff? | css|js|json|map|woff2?|ttf|eot
         | mp[34]|m4[av]|avi|wmv|mov|flv|webm|wav|ogg | zip|rar|7z|gz|exe|apk|dmg|iso | xlsx?|pptx?|csv)$""",
    re.IGNORECASE | re.VERBOSE,
)
_VARYING: Final = re.compile(r"[0-9a-f]{16,}|\d+")


class Scope:
    """The addresses of one site."""

    def __init__(self, site: SiteSettings) -> None:
        self._site = site
        begun = map(canonical_url, (*site.start, *site.sitemaps, *site.feeds))
        self._secure = {urlsplit(url).netloc for url in begun if url.startswith("https:")}

    def address(self, url: str) -> str:
        """Return one spelling of an address, without parts that name the visitor; "" for one that no crawl asks for."""
        canonical = canonical_url(_SESSION_IN_PATH.sub("", url))
        if not canonical:
            return ""
        parts = urlsplit(canonical)
        pairs = parse_qsl(parts.query, True)
        kept = [pair for pair in pairs if not _SESSION.fullmatch(pair[0])]
        # A host with known https is never asked without it.
        scheme = "https" if parts.netloc in self._secure else parts.scheme
        query = parts.query if len(kept) == len(pairs) else urlencode(kept)
        return urlunsplit((scheme, parts.netloc, parts.path, query, ""))

    def is_inside(self, url: str) -> bool:
        """Tell whether an address is on one of the site's hosts."""
        return urlsplit(url).netloc in self._site.hosts

    def is_page(self, url: str) -> bool:
        """Tell whether an address is on the site's hosts and looks like a page, not a picture, film or program."""
        return self.is_inside(url) and not _NO_PAGE.search(urlsplit(url).path)

    def refusal(self, url: str) -> str:
        """Return the reason not to ask for a page of the site, "" to ask for it."""
        parts = urlsplit(url)
        if matches(parts.path, self._site.deny):
            return "denied by the settings"
        if not self._site.admits(parts.path) and url not in self._begun:
            return "outside of the paths allowed by the settings"
        steps = Counter(step for step in parts.path.split("/") if step)
        if max(steps.values(), default=0) > _MAX_REPEATS:
            return "a path that repeats itself"
        return ""

    def redirect_refusal(self, url: str, target: str, hops: int) -> str:
        """Return the reason not to follow a redirect, "" to follow it; hops: how many redirects led here."""
        if target == url:
            return "redirects to itself"
        if not self.is_inside(target):
            return f"redirects to another site, {urlsplit(target).netloc[:100] or 'of no web address'}"
        if url.startswith("https:") and not target.startswith("https:"):
            return "redirects from https to http"
        return f"more than {MAX_HOPS} redirects" if hops >= MAX_HOPS else ""

    @property
    def _begun(self) -> set[str]:
        return {self.address(url) for url in self._site.start}


def shape(url: str) -> str:
    """Return the common shape of addresses that differ only in numbers: the pages of a calendar, or a site's articles.

    >>> shape("https://example.org/lich/2026/11?ngay=3&tuan=47")
    'example.org/lich/#/#?ngay&tuan'
    """
    parts = urlsplit(url)
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, True)}))
    path = _VARYING.sub("#", parts.path)
    return f"{parts.netloc}{path}?{names}" if names else f"{parts.netloc}{path}"


def is_other_spelling(url: str, canonical: str) -> bool:
    """Tell whether to believe a page that states another address as its real one.

    Some sites name their front page or a section on every page: an address above the page's own is not believed.
    """
    own, said = urlsplit(url), urlsplit(canonical)
    if not canonical or canonical == url or own.netloc != said.netloc:
        return False
    if own.path == said.path:
        return bool(own.query) and own.query != said.query
    above = said.path if said.path.endswith("/") else said.path + "/"
    return not own.path.startswith(above)
