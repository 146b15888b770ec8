"""Send one request and read its answer: bounded in time and size, unpacked with care, redirects left to the caller."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpcore

from searchapp.crawl import network
from searchapp.crawl.network import Resolve, Road, resolve

MAX_BYTES: Final = 10 << 20
"""The largest answer, as sent and after unpacking."""


class FetchError(Exception):
    """The request has no usable answer; str() says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server. headers: as sent, in order; body: as sent; content: the body
    unpacked; address: its IP.
    """

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    content: bytes
    address: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def header(self, name: str) -> str:
        """Return the value of a header, "" without it."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class Fetcher:
    """A connection to one host at a time."""

    def __init__(self, agent: str, *, private: frozenset[str] = frozenset(), resolve: Resolve = resolve) -> None:
        """agent: the User-Agent header; private: hosts that may be in a private network."""
        self._road = Road(private, resolve)
        self._headers = [("User-Agent", agent), ("Accept-Encoding", "gzip"), ("Accept-Language", "vi,en;q=0.5")]
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=1, network_backend=self._road
        )

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address. Raises FetchError, RefusedAddressError."""
        self._road.begin()
        try:
            with self._pool.stream("GET", url, headers=[*self._headers, *(headers or {}).items()]) as response:
                return self._read(url, response)
        except (httpcore.TimeoutException, TimeoutError):
            raise FetchError(f"no whole answer within {network.SECONDS:g} s") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
            raise FetchError(_said(error)) from None

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def _read(self, url: str, response: httpcore.Response) -> Answer:
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > MAX_BYTES:
                raise FetchError(f"more than {MAX_BYTES >> 20} MB")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        packed = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        content = unpacked(bytes(body), packed.strip().lower())
        return Answer(url, response.status, reason, headers, bytes(body), content, self._road.address)


def _said(error: Exception) -> str:
    """Return the error in words: OpenSSL's own text names a line of its source."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {cause.verify_message.rstrip('.')}"
    if isinstance(cause, ssl.SSLError):
        return f"no encrypted connection: {(cause.reason or str(cause)).replace('_', ' ').lower()}"
    return str(error) or type(error).__name__


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return a body without its Content-Encoding. Raises FetchError when the body is damaged, unknown or a bomb."""
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"packed in a way that was not asked for ({encoding[:40]})")
    # Servers say deflate for both of its forms.
    bare = encoding == "deflate" and body[0] & 0x0F != 8
    packer = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
    try:
        content = packer.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        raise FetchError("damaged while packed") from None
    if len(content) > MAX_BYTES:
        raise FetchError(f"unpacks to more than {MAX_BYTES >> 20} MB")
    if not packer.eof:
        raise FetchError("cut short while packed")
    return content
