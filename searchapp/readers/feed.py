"""Feeds as files: RSS and Atom (`.rss`, `.atom`, `.xml`) and JSON Feed (`.json`), an article an entry."""

from __future__ import annotations

import json
import re
from email.utils import parsedate
from io import BytesIO
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]

from searchapp.article import FEED, Record
from searchapp.errors import BadRecordError
from searchapp.readers.items import Bad, Items, Note
from searchapp.readers.markup import paragraphs
from searchapp.text.urls import canonical_url

MAX_ENTRIES: Final = 1_000
_BASE: Final = re.compile(rb"""\sxml:base\s*=\s*(?:"[^"]*"|'[^']*')""")
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_xml(data: bytes, name: str) -> Items:
    """Yield the entries of an RSS or Atom feed. Raises BadRecordError for another kind of XML, and for any DTD."""
    if _DTD.search(data) or _DTD.search(data.replace(b"\0", b"")):
        raise BadRecordError("the feed has a DTD, which no feed needs")
    # The address of the feed is unknown here, and the host that the feed names cannot be trusted.
    data = _BASE.sub(b" ", data)
    # A stream, because feedparser takes text or bytes for the name of a file or an address.
    feed: Any = feedparser.parse(BytesIO(data), resolve_relative_uris=False)
    if not feed.get("version") or (feed.bozo and not feed.entries):
        raise BadRecordError("not a feed", code="format")
    source = _plain(feed.feed.get("title", ""))
    yield from _capped(name, len(feed.entries))
    for row, entry in enumerate(feed.entries[:MAX_ENTRIES], start=1):
        contents = [content.get("value", "") for content in entry.get("content", ())]
        html = max([*contents, entry.get("summary", "")], key=len)
        tags = entry.get("tags") or [{}]
        yield from _entry(
            name,
            row,
            id=entry.get("id", ""),
            title=_plain(entry.get("title", "")),
            text="\n".join(paragraphs(html)),
            date=_iso(entry.get("published") or entry.get("updated") or ""),
            section=_plain(tags[0].get("term") or ""),
            source=source,
            url=entry.get("link", ""),
            author=_plain(entry.get("author", "")),
        )


def read_json(data: bytes, name: str) -> Items:
    """Yield the items of a JSON Feed (version 1 or 1.1). Raises BadRecordError for other JSON."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRecordError("not JSON", code="format") from None
    items = feed.get("items") if isinstance(feed, dict) and "jsonfeed.org" in str(feed.get("version")) else None
    if not isinstance(items, list):
        raise BadRecordError("not a JSON Feed (rows of JSON belong into a .jsonl file)", code="format")
    yield from _capped(name, len(items))
    for row, item in enumerate(items[:MAX_ENTRIES], start=1):
        if not isinstance(item, dict):
            yield Bad(name, row, "not an object", code="format")
            continue
        facts = {key: value for key, value in item.items() if isinstance(value, str)}
        tags = [tag for tag in item.get("tags") or () if isinstance(tag, str)]
        authors = [a.get("name") for a in item.get("authors") or () if isinstance(a, dict)]
        yield from _entry(
            name,
            row,
            id=facts.get("id", ""),
            title=_plain(facts.get("title", "")),
            text=facts.get("content_text") or "\n".join(paragraphs(facts.get("content_html", ""))),
            date=facts.get("date_published", ""),
            section=tags[0] if tags else "",
            source=feed["title"] if isinstance(feed.get("title"), str) else "",
            url=facts.get("url", ""),
            author=next((a for a in authors if isinstance(a, str)), ""),
        )


def _entry(name: str, row: int, **facts: Any) -> Items:
    if facts["text"].strip():
        # An entry and its page share the address; the id of an entry belongs to the feed alone.
        identity = "" if canonical_url(facts["url"]) else facts["id"]
        yield Record(**{**facts, "id": identity}, path=name, row=row, rank=FEED)
    else:
        yield Bad(name, row, "no text", code="empty")


def _capped(name: str, count: int) -> Items:
    if count > MAX_ENTRIES:
        yield Note(name, 0, "cut", f"only the first {MAX_ENTRIES:,} of {count:,} entries were read")


def _iso(written: str) -> str:
    """Return an RFC 822 date ("Wed, 15 Sep 2021 08:00:00 +0700") as the local day that was written;
    others unchanged.
    """
    found = parsedate(written)
    return f"{found[0]:04}-{found[1]:02}-{found[2]:02}" if found else written


def _plain(html: str) -> str:
    return " ".join(paragraphs(html))
