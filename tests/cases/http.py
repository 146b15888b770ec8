"""Headers, and the widget's frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Asked(NamedTuple):
    """A request and what its answer must be. has: header → text in it; lacks: texts in no header and not in the body.

    strict: the site knows its hosts (`trusted_hosts`).
    """

    id: str
    url: str
    status: int
    headers: Mapping[str, str] = {}
    has: Mapping[str, str] = {}
    lacks: tuple[str, ...] = ()
    strict: bool = False
    method: str = "GET"


CASES = (
    Asked("W1 foreign host", "/", 400, {"Host": "evil.example"}, strict=True, lacks=("//evil.example",)),
    Asked("W1 host with a port", "/", 200, {"Host": "search.example:8000"}, strict=True),
    Asked("W1 no host known", "/", 200, {"Host": "evil.example"}, lacks=("http://evil.example",)),
    Asked("W2 forwarded host", "/", 200, {"X-Forwarded-Host": "evil.example"}, lacks=("evil.example",)),
    Asked("W2 forwarded prefix", "/", 200, {"X-Forwarded-Prefix": "/evil"}, lacks=('"/evil',)),
    Asked("W2 forwarded proto", "/", 200, {"X-Forwarded-Proto": "javascript"}, lacks=("javascript:",)),
    Asked("W3 newline in q", "/tim-kiem?q=a%0d%0aX-Evil:%201", 200, has={"Content-Type": "text/html"}),
    Asked("W3 newline in a file name", "/tim-kiem.csv?q=a%0d%0aX-Evil:%201", 200, has={"Content-Type": "text/csv"}),
    Asked("W4 null origin", "/api/v1/search?q=a", 200, {"Origin": "null"}, has={"Access-Control-Allow-Origin": "*"}),
    Asked("W4 credentials", "/api/v1/search?q=a", 200, {"Origin": "https://evil.example", "Cookie": "a=b"},
          has={"Access-Control-Allow-Origin": "*"}, lacks=("Access-Control-Allow-Credentials", "Set-Cookie")),
    Asked("W4 page", "/tim-kiem?q=a", 200, {"Origin": "https://evil.example"}, lacks=("Access-Control-Allow-Origin",)),
    Asked("W5 languages", "/", 200, {"Accept-Language": "xx;q=9e9,*;q=-1,\t;;;"}),
    Asked("W5 accept", "/", 200, {"Accept": "*/*;q=nan, text/../html"}),
    Asked("W5 cookie", "/", 200, {"Cookie": "a=" + "x" * 4000}, lacks=("Set-Cookie",)),
    Asked("W6 range", "/tim-kiem?q=a", 200, {"Range": "bytes=5-1,-9"}),
    Asked("W6 tag of another type", "/tim-kiem?q=a", 200, {"If-None-Match": '"x", W/"y", ""'}),
    Asked("W6 date of nonsense", "/tim-kiem?q=a", 200, {"If-Modified-Since": "gestern"}),
    Asked("W7 the page in a frame", "/", 200, has={"Content-Security-Policy": "frame-ancestors 'none'"}),
    Asked("W7 the frame of nobody", "/nhung", 200, has={"Content-Security-Policy": "frame-ancestors"}, lacks=("frame-ancestors *",)),
    Asked("W8 script of the frame", "/nhung", 200, has={"Content-Security-Policy": "script-src 'self'"}, lacks=("unsafe-inline", "unsafe-eval")),
    Asked("W9 no inline script", "/nhung-vao-trang", 200, has={"Content-Security-Policy": "default-src 'none'"},
          lacks=("unsafe-inline", " onload=", " onclick=", "javascript:")),
    Asked("W10 caching", "/tim-kiem?q=a", 200, has={"Cache-Control": "public, max-age=60", "ETag": "W/"}, lacks=("Set-Cookie",)),
    Asked("W10 no caching of errors", "/tim-kiem?q=%00", 400, has={"Cache-Control": "no-store"}),
    # Our own.
    Asked("+ HEAD", "/tim-kiem?q=a", 200, method="HEAD"),
    Asked("+ OPTIONS", "/api/v1/search", 200, method="OPTIONS"),
    Asked("+ TRACE", "/", 405, method="TRACE"),
    Asked("+ unknown method", "/", 405, method="HACK"),
    Asked("+ sniffing", "/api/v1/search?q=a", 200, has={"X-Content-Type-Options": "nosniff"}),
    Asked("+ encodings", "/", 200, {"Accept-Encoding": "gzip;q=0, br, *;q=x"}),
    Asked("+ upgrade", "/", 200, {"Connection": "Upgrade", "Upgrade": "h2c"}),
    Asked("+ override", "/", 200, {"X-HTTP-Method-Override": "DELETE"}),
)  # fmt: skip
