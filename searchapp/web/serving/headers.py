"""Set the headers of every answer: security policy, caching, reading from another origin."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from html import unescape
from typing import Final

import orjson
from flask import Request, Response

from searchapp.dates import today

MAX_AGE: Final = 60  # seconds; after this a takedown is gone from caches (reliability.md FT18)
_COMPRESSIBLE: Final = (
    "application/json", "application/atom+xml", "application/feed+json", "application/xml", "image/svg+xml",
)  # fmt: skip
_MIN_COMPRESSED: Final = 1400  # bytes; a smaller answer fits into one packet anyway
_GZIP_LEVEL: Final = 4  # of a page 10.6 kB in 0.64 ms; 5 makes 10.3 kB in 1.07 ms, 2 makes 11.5 kB in 0.44 ms
STATIC_MAX_AGE: Final = 31_536_000  # their URLs carry the release's stamp

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
NOBODY: Final = "'none'"
_PREFLIGHT_AGE: Final = 86_400  # seconds; browsers cap it lower
_LINKED: Final = ("canonical", "alternate", "search", "service-desc")
"""The relations of a page's `<link>`s that also become Link headers (RFC 8288). Links for a browser that shows the page
do not.
"""
MAX_LINKS: Final = 2000
"""The most letters of all links together: an address may have 8,000, and proxies refuse headers of more than 4,096."""
_LINK: Final = re.compile(r"<link ([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r'([a-z]+)="([^"]*)"')
_ADDRESS: Final = re.compile(r"[!-;=?-~]+")
READABLE: Final = "ETag, Link, Retry-After, X-Total-Count"
"""Headers that scripts of other origins may read besides the safe ones."""


def secure(response: Response) -> Response:
    """Add the headers that every answer has; none of them repeats the visitor's input."""
    if response.status_code != 304:  # a cache would replace the policy that came with the page
        response.headers.setdefault("Content-Security-Policy", f"{_POLICY}; frame-ancestors {NOBODY}")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    return response


def framable(response: Response, origins: Iterable[str]) -> Response:
    """Let the pages of these sites show this answer in a frame; without any, no page may."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}; frame-ancestors {' '.join(origins) or NOBODY}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def framing(response: Response) -> Response:
    """Let this page show frames of this same site."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}; frame-src 'self'; frame-ancestors {NOBODY}"
    return response


def linked(response: Response, html: str) -> Response:
    """Copy the links of a page's head into headers, for clients that ask with HEAD or read no HTML."""
    left = MAX_LINKS
    for tag in _LINK.finditer(html, 0, html.find("</head>")):
        said = dict(_ATTRIBUTE.findall(tag[1]))
        address = unescape(said.get("href", ""))
        if said.get("rel") not in _LINKED or not _ADDRESS.fullmatch(address):
            continue
        value = f'<{address}>; rel="{said["rel"]}"' + (f'; type="{said["type"]}"' if "type" in said else "")
        left -= len(value)
        if left >= 0:
            response.headers.add("Link", value)
    return response


def described(response: Response, address: str) -> Response:
    """Add the address of the API's description (RFC 8631)."""
    response.headers.add("Link", f'<{address}>; rel="service-desc"; type="application/json"')
    return response


def etag(request: Request, generation: str, stamp: str) -> str:
    """Return a tag that changes with the index, the release, the URL and the day, by which documents hold or not."""
    address = hashlib.sha256(request.full_path.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{generation}.{stamp}.{today().toordinal():x}.{address}"


def cacheable(response: Response, tag: str, *, private: bool = False) -> Response:
    """Let caches keep an answer for a minute and ask again with its tag; private: only the reader's own cache."""
    response.set_etag(tag, weak=True)  # weak: the time of a search is part of the text
    response.headers["Cache-Control"] = f"{'private' if private else 'public'}, max-age={MAX_AGE}"
    response.vary.add("Accept-Encoding")  # said of every answer, so that a 304 says what the answer in the cache said
    if private:
        response.vary.add("Authorization")
    return response


def compressed(request: Request, response: Response) -> Response:
    """Send a larger text gzipped to clients that can read it; nothing in it is secret, so its length may show."""
    kind = response.mimetype or ""
    if (
        not kind.startswith(("text/", *_COMPRESSIBLE))
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or (response.is_streamed and not response.direct_passthrough)  # written while it is read
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.method == "HEAD" or not request.accept_encodings["gzip"] or "Content-Range" in response.headers:
        return response
    response.direct_passthrough = False  # a static file is read into memory: none is larger than a page
    body = response.get_data()
    if len(body) >= _MIN_COMPRESSED:
        response.set_data(gzip.compress(body, _GZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def readable_anywhere(response: Response) -> Response:
    """Let scripts of any origin read this answer; there are no cookies or credentials to leak."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = READABLE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def preflight(response: Response, methods: Iterable[str]) -> Response:
    """Answer OPTIONS: scripts of any origin may ask this with a JSON body or a tag."""
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
    response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_AGE)
    return response


def as_json(value: object, kind: str = "application/json") -> Response:
    """Return a value as UTF-8 without blanks, keys in their own order: a host's JSON settings change nothing."""
    try:
        body = orjson.dumps(value)  # the same bytes in a tenth of the time
    except TypeError:  # keys that are no text, numbers of more than 64 bits
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body + b"\n", mimetype=kind)
