"""Read pages, sitemaps and feeds for a crawl: their links, and whether they have text."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, markup
from searchapp.readers.items import Found, Link, Outline
from searchapp.text.encodings import decode
from searchapp.text.normalize import normalize
from searchapp.text.urls import MAX_URL

MAX_LINKS: Final = 50_000  # a sitemap may have as many
MAX_UNPACKED: Final = 10 << 20
_PROSE: Final = 8  # the number of longest sentences that tell pages apart
_GZIP: Final = b"\x1f\x8b"
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REFRESH: Final = re.compile(r"""\s*(?:10|\d)(?:\.\d*)?\s*[;,]\s*url\s*=\s*['"]?(?P<url>[^'"]+)""", re.IGNORECASE)
_NO_LETTER: Final = re.compile(r"[\W\d_]+")


def read(data: bytes, url: str) -> Iterator[Found]:
    """Yield an Outline and its Links for the content of `url`. Raises BadRecordError where it is no page, sitemap or
    feed.
    """
    if data.startswith(_GZIP):
        data = _unzipped(data)
    head = data[:1024].lstrip().lower()
    if head.startswith(b"{"):
        yield from _json_feed(data)
    elif b"<urlset" in head or b"<sitemapindex" in head:
        yield from _sitemap(data)
    elif b"<rss" in head or b"<feed" in head or b"<rdf:rdf" in head:
        yield from _feed(data)
    elif head.startswith(b"http"):
        yield Outline("sitemap")
        yield from (Link(line.strip()) for line in data.decode("utf-8", "replace").splitlines()[:MAX_LINKS])
    else:
        yield from _page(data, url)


def _unzipped(data: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as stream:
            unpacked = stream.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise BadRecordError("a damaged gzip") from None
    if len(unpacked) > MAX_UNPACKED:
        raise BadRecordError(f"unpacks to more than {MAX_UNPACKED >> 20} MB", code="limit")
    return unpacked


def _sitemap(data: bytes) -> Iterator[Found]:
    if _DTD.search(data):
        raise BadRecordError("the sitemap has a DTD, which none needs")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise BadRecordError("a broken sitemap")
    yield Outline("sitemap")
    for entry in list(root)[:MAX_LINKS]:
        facts = {etree.QName(fact).localname: (fact.text or "").strip() for fact in entry if isinstance(fact.tag, str)}
        if facts.get("loc"):
            kind = etree.QName(entry).localname
            yield Link(facts["loc"], "sitemap" if kind == "sitemap" else "page", facts.get("lastmod", ""))


def _feed(data: bytes) -> Iterator[Found]:
    if _DTD.search(data):
        raise BadRecordError("the feed has a DTD, which no feed needs")
    feed: Any = feedparser.parse(BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    if not feed.get("version"):
        raise BadRecordError("not a feed", code="format")
    yield Outline("feed")
    for entry in feed.entries[:MAX_LINKS]:
        changed = entry.get("updated_parsed") or entry.get("published_parsed")
        day = f"{changed[0]:04}-{changed[1]:02}-{changed[2]:02}" if changed else ""
        if isinstance(entry.get("link"), str):
            yield Link(entry["link"], changed=day)


def _json_feed(data: bytes) -> Iterator[Found]:
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRecordError("not JSON", code="format") from None
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        raise BadRecordError("not a feed", code="format")
    yield Outline("feed")
    for item in items[:MAX_LINKS]:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            changed = item.get("date_modified") or item.get("date_published")
            yield Link(item["url"], changed=changed[:10] if isinstance(changed, str) else "")


def _page(data: bytes, url: str) -> Iterator[Found]:
    tree = markup.parse(decode(data).text)
    lines = markup.lines(tree)
    anchors = {" ".join(link.text_content().split()) for link in tree.iter("a")}
    prose = sorted((line for line in set(lines) - anchors if boilerplate.is_prose(line)), key=len)[-_PROSE:]
    base = _base(tree, url)
    yield Outline(
        "page",
        title=" ".join(" ".join(tree.xpath("//head/title//text()")).split())[:300],
        canonical=_joined(url, next(iter(tree.xpath('//link[@rel="canonical"]/@href')), "")),
        robots=" ".join(_robots(tree)),
        words=_hash(_NO_LETTER.sub("", normalize(" ".join(lines)).casefold())),
        prose=" ".join(f"{_hash(line):x}" for line in prose),
        refresh=_joined(base, next(_refreshes(tree), "")),
    )
    for link in list(tree.iter("a", "area"))[:MAX_LINKS]:
        # Paid links and links of visitors are not the site's own.
        if link.get("href") and not {"nofollow", "ugc", "sponsored"} & set((link.get("rel") or "").lower().split()):
            yield Link(_joined(base, link.get("href")))


def _robots(tree: Any) -> Iterable[str]:
    for content in tree.xpath('//meta[translate(@name, "ROBTS", "robts")="robots"]/@content'):
        yield from re.findall(r"[a-z]+", content.lower())


def _refreshes(tree: Any) -> Iterator[str]:
    """Yield the addresses that the page leads to by itself within ten seconds, as many front pages do."""
    for content in tree.xpath('//meta[translate(@http-equiv, "REFSH", "refsh")="refresh"]/@content'):
        if found := _REFRESH.match(content):
            yield found["url"]


def _base(tree: Any, url: str) -> str:
    """Return the base of relative links: the page, or a folder of the same host that the page names."""
    named = _joined(url, next(iter(tree.xpath("//head/base/@href")), ""))
    same = named and urlsplit(named)[:2] == urlsplit(url)[:2]
    return named if same else url


def _joined(base: str, href: str) -> str:
    try:
        path, mark, rest = href.strip().partition("?")
        joined = urljoin(base, path.replace("\\", "/") + mark + rest) if path or mark else ""  # as browsers read it
    except ValueError:
        return ""
    return joined if len(joined) <= MAX_URL else ""


def _hash(text: str) -> int:
    """Return a hash of 63 bits, never 0 for a text."""
    if not text:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) >> 1 | 1
