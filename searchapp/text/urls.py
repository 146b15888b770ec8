"""Spell each web address in one way, and tell when two addresses are one page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from searchapp.text.normalize import normalize

MAX_URL: Final = 2_000

# People who share links add these parameters; the page is the same without them.
_TRACKING: Final = re.compile(r"utm_\w+|fbclid|gclid|zarsrc", re.ASCII)


@lru_cache(1 << 10)
def canonical_url(url: str) -> str:
    """Return one spelling of a web address, "" unless it is a plain http or https address without a password.

    >>> canonical_url("HTTPS://Example.org/bai?id=7&utm_source=zalo#top")
    'https://example.org/bai?id=7'
    """
    url = normalize(url).strip()
    if len(url) > MAX_URL or re.search(r'[\s<>"\\^`{|}]', url):
        return ""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            return ""
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        host = name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"
    except ValueError:
        return ""
    query = urlencode([pair for pair in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(pair[0])])
    kept = parts.query if not _TRACKING.search(parts.query) else query
    return urlunsplit((parts.scheme, host, parts.path or "/", kept, ""))


_SENT: Final = "%/:=&?~+!$,;'@()*[]"


def sent_url(url: str) -> str:
    """Return an address as a browser sends it, "" for one that is none: no letter but those of ASCII, and no blank.

    >>> sent_url("http://việt.example.org/nghị quyết.pdf?số=5#1")
    'http://xn--vit-5kz.example.org/ngh%E1%BB%8B%20quy%E1%BA%BFt.pdf?s%E1%BB%91=5'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except ValueError:
        return ""
    path, query = (quote(part, _SENT, errors="replace") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def page_of(url: str) -> str:
    """Return the common part of all canonical addresses of one page: no scheme, no "www.", no slash at the end.

    >>> page_of("https://www.example.org/bai/") == page_of("http://example.org/bai")
    True
    """
    return url.partition("://")[2].removeprefix("www.").rstrip("/")
