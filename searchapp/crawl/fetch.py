"""Ask a host for one address: connect to a vetted one only, send a request, read its answer; all is bounded."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urljoin

import httpcore

from searchapp.text.urls import sent_url

SECONDS: Final = 20.0
"""Seconds from the first packet to the last byte of an answer, however slowly a server sends."""

CONNECT_SECONDS: Final = 8.0
_MAX_ADDRESSES: Final = 3  # addresses of a host that are tried

Resolve: TypeAlias = Callable[[str, int], list[str]]
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddressError(Exception):
    """A host that leads to a forbidden address."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host by the system's resolver, which also reads 0177.0.0.1 and 2130706433."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(text: str) -> bool:
    """Tell whether an address is public on the internet, also an IPv4 address in IPv6 form.

    >>> is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1"), is_public("169.254.169.254"), is_public("1.1.1.1")
    (False, False, False, True)
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meant(address))


def _meant(address: Address) -> Iterable[Address]:
    """Yield the address and every IPv4 address that routers may make of it."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            yield address.ipv4_mapped
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield from address.teredo
        if address in _NAT64 or address in _COMPATIBLE:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


class Road(httpcore.NetworkBackend):
    """A connector to the vetted address, never to a name: a second answer of the name server changes nothing.

    TLS still verifies the name, and the Host header still states it. private: hosts that may be in a private network.
    """

    def __init__(self, private: frozenset[str] = frozenset(), resolve: Resolve = resolve) -> None:
        self._private = private
        self._resolve = resolve
        self._end = 0.0
        self.address = ""

    def begin(self) -> None:
        """Start the time of the next request."""
        self._end = time.monotonic() + SECONDS

    def left(self, timeout: float | None = None) -> float:
        """Return the seconds left. Raises httpcore.ReadTimeout when none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no time left")
        return min(left, timeout) if timeout is not None else left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to a host."""
        *others, last = self._vetted(host, port)
        for self.address in others:
            try:
                return self._connected(port, local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # a host without a road to IPv6 may have one to IPv4
        self.address = last
        return self._connected(port, local_address)

    def _connected(self, port: int, local_address: str | None) -> httpcore.NetworkStream:
        plain = httpcore.SyncBackend().connect_tcp(self.address, port, self.left(CONNECT_SECONDS), local_address)
        return _Timed(plain, self)

    def _vetted(self, host: str, port: int) -> list[str]:
        try:
            found = list(dict.fromkeys(self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", "") or error
            raise httpcore.ConnectError(f"{host} has no address: {why}") from None
        if not found:
            raise httpcore.ConnectError(f"{host} has no address")
        if host not in self._private and not all(map(is_public, found)):
            raise RefusedAddressError(f"{host} leads into a private network ({found[0]})")
        return found[:_MAX_ADDRESSES]


class _Timed(httpcore.NetworkStream):
    """A stream that ends with the time of its request."""

    def __init__(self, stream: httpcore.NetworkStream, road: Road) -> None:
        self._stream = stream
        self._road = road

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._road.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._road.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._road.left(timeout)), self._road)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


MAX_BYTES: Final = 10 << 20
"""The largest answer, as sent and after unpacking."""


_NUMBER: Final = re.compile(r"\[Errno -?\d+\] ")  # of the system's, before its words


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
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> list[str]:
        """Return the values of all headers of a name."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def redirect(self) -> str:
        """Return the address that the server names instead, "" where it is none; many name it by its bare bytes."""
        named = self.header("location").encode("latin-1")
        try:
            return sent_url(urljoin(self.url, named.decode("utf-8", "replace")))
        except ValueError:
            return ""


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
        sent = sent_url(url)
        self._road.begin()
        try:
            with self._pool.stream("GET", sent, headers=[*self._headers, *(headers or {}).items()]) as response:
                return self._read(url, response)
        except (httpcore.TimeoutException, TimeoutError):
            raise FetchError(f"no whole answer within {SECONDS:g} s") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
            raise FetchError(in_words(error)) from None

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


def in_words(error: Exception) -> str:
    """Return an error of the network in words: OpenSSL's own text names a line of its source."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {cause.verify_message.rstrip('.')}"
    if isinstance(cause, ssl.SSLError):
        return f"no encrypted connection: {(cause.reason or str(cause)).replace('_', ' ').lower()}"
    if isinstance(error, httpcore.ProtocolError):
        return next((ours for theirs, ours in _BROKEN if theirs in str(error)), f"no answer of HTTP ({error})")
    return _NUMBER.sub("", str(error)) or type(error).__name__


_BROKEN: Final = (
    ("without sending a response", "the connection was closed without an answer"),
    ("without sending complete message body", "the answer ends before its end"),
)
"""What the library says of an answer, and what we do."""


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return a body without its Content-Encoding. Raises FetchError when the body is damaged, unknown or a bomb."""
    if encoding in _PLAIN or not body:
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


_PLAIN: Final = ("", "identity", "none", "utf-8", "utf8", "binary", "8bit", "chunked", "text/html")
"""Packed in no way: what some servers state instead of nothing, which browsers pass over."""
