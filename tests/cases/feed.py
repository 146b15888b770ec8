"""RSS, Atom and JSON Feed, as files; what fetching a feed must survive is in test_crawl_network."""

from __future__ import annotations

import json
from collections.abc import Callable

from test_bombs import LAUGHS

from cases.foreign import Foreign, P, page


def rss(items: str, title: str = "Báo") -> Callable[[], str]:
    return lambda: f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def item(text: str = P, more: str = "", link: str = "https://example.org/1") -> str:
    return f"<item><title>Bài</title><link>{link}</link><description>{text}</description>{more}</item>"


CASES = (
    Foreign("FE1 script link", "a.rss", rss(item(link="javascript:alert(1)")), text="ngày hội", count=1),
    Foreign("FE2 script title", "a.rss", rss(item(), "&lt;script&gt;bimat&lt;/script&gt;Báo"), text="Báo", lacks=("bimat", "<script"), title="Bài"),
    Foreign("FE4 a path", "a.rss", lambda: b"/etc/passwd", bad="not a feed"),
    Foreign("FE4 an address", "a.rss", lambda: b"file:///etc/passwd", bad="not a feed"),
    Foreign("FE8 without ids", "a.rss", rss(item(link="") * 3), count=3),
    Foreign("FE8 many", "a.rss", rss(item("a") * 1_200), note="cut", count=1_000),
    Foreign("FE8 in the future", "a.rss", rss(item(more="<pubDate>Mon, 01 Jan 2099 00:00:00 GMT</pubDate>")), text="2099-01-01", note="date"),
    Foreign("FE9 error page", "a.rss", page(""), bad="not a feed"),
    Foreign("FE9 empty feed", "a.rss", rss(""), count=0),
    Foreign("FE10 base of another host", "a.atom", lambda: '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://evil.example/">'
            f'<title>Báo</title><entry><id>1</id><title>Bài</title><link href="/1"/><summary>{P}</summary></entry></feed>',
            text="ngày hội", lacks=("evil.example",)),
    Foreign("+ laughs in UTF-16", "a.rss", lambda: f"{LAUGHS}<rss/>".encode("utf-16"), bad="DTD"),
    Foreign("+ JSON Feed of lists", "a.json", lambda: json.dumps({"version": "https://jsonfeed.org/version/1", "items": [[], 5, None]}), bad="not an object"),
    Foreign("+ JSON Feed without items", "a.json", lambda: json.dumps({"version": "https://jsonfeed.org/version/1"}), bad="JSON Feed"),
)  # fmt: skip
