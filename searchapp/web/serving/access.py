"""Decide who may ask, how often and how much: known hosts, proxies, the read token, a budget for each client."""

from __future__ import annotations

import hmac
import math
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, NoReturn

from flask import Flask, Response, abort, g, request
from flask_limiter import Limiter, RequestLimit
from limits import RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import TooManyRequests, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from searchapp.config import Settings
from searchapp.errors import MissingExtraError

OPEN: Final = ("static", "script", "health", "ready", "leave")
"""Endpoints that are answered without token and limit: the looks of an error page, the server's monitors, and the
links by which mailboxes unsubscribe."""
_IPV6_CLIENT: Final = 64  # bits of an IPv6 address that belong to one customer; the rest is theirs to change
_WITH_PORT: Final = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]+)\](?::\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+")
_REALM: Final = "searchapp"
_STORE_SECONDS: Final = 1.0  # a counting server that answers later counts as down


def admit(app: Flask, settings: Settings) -> None:
    """Check hosts, trust as many proxies as the settings say, and limit the requests of each client."""
    if settings.trusted_hosts:  # not Flask's own TRUSTED_HOSTS: it leaves no way to build the page of the refusal
        app.before_request(lambda: _require_host(settings.trusted_hosts))
    if settings.trusted_proxies:
        # Host stays the proxy's own Host header: one forwarded header less for a visitor to forge.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=0, x_prefix=0
        )
    if settings.rate_limit:
        _limit(app, settings)


def require_token(settings: Settings) -> None:
    """Answer 401 unless the collection is open, or the read token came as bearer or as any user's password."""
    if not settings.read_token or is_open() or _is_operators():
        return
    sent = request.authorization
    said = (sent.token if sent.type == "bearer" else sent.password) if sent else None
    if not hmac.compare_digest((said or "").encode("utf-8", "surrogateescape"), settings.read_token.encode()):
        # Bearer for programs; Basic, so that browsers and feed readers ask for it.
        ways = [WWWAuthenticate("basic", {"realm": _REALM, "charset": "UTF-8"}), WWWAuthenticate("bearer")]
        raise Unauthorized(www_authenticate=ways)


def require_near(networks: tuple[str, ...]) -> None:
    """Answer 404 to clients outside of these networks, and to requests through a proxy that the
    settings do not name.
    """
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    hidden = forwarded and "werkzeug.proxy_fix.orig" not in request.environ
    address = _address()
    if hidden or address is None or not any(address in ip_network(network) for network in networks):
        abort(404)


def _address() -> IPv4Address | IPv6Address | None:
    """Return the address of who asks, None where it is none; some proxies forward it with a port, or in brackets."""
    said = request.remote_addr or ""
    found = _WITH_PORT.fullmatch(said)
    try:
        address = ip_address((found["six"] or found["four"]) if found else said)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _is_operators() -> bool:
    """Whether this address is one of the operator's pages, which have a token of their own."""
    return (request.endpoint or "").rpartition(".")[2].startswith("admin_")


def is_open() -> bool:
    """Tell whether everybody gets an answer from this address."""
    return (request.endpoint or "").rpartition(".")[2] in OPEN


def client() -> str:
    """Return the client for counting: an IPv4 address or an IPv6 network; "" for this machine itself.

    A proxy on the same machine that `trusted_proxies` does not name would make all visitors one client.
    """
    address = _address()
    if address is None or address.is_loopback:  # a Unix socket has no address
        return ""
    return str(ip_network((address, _IPV6_CLIENT), strict=False) if isinstance(address, IPv6Address) else address)


def _require_host(known: tuple[str, ...]) -> None:
    if not host_is_trusted(request.host.lower(), known):
        abort(400)


def _limit(app: Flask, settings: Settings) -> None:
    near = settings.rate_store.startswith("memory")
    options = {} if near else {"socket_timeout": _STORE_SECONDS}
    try:
        limiter = Limiter(
            client,
            app=app,
            application_limits=[settings.rate_limit],
            storage_uri=f"{SteadyStorage.STORAGE_SCHEME[0]}://" if near else settings.rate_store,
            storage_options=options,  # type: ignore[arg-type]  # the library's type knows strings only
            in_memory_fallback_enabled=True,  # a counting server that is down must not close the site
            on_breach=_too_many,
            request_identifier=lambda: request.endpoint or "none",  # else addresses that do not exist go uncounted
        )
    except ConfigurationError:
        raise MissingExtraError("rate_store: Redis needs a library: pip install 'searchapp[redis]'") from None
    limiter.request_filter(lambda: is_open() or not client())


def _too_many(limit: RequestLimit) -> Response:
    """Return the answer for its header alone: the page is that of every error."""
    return Response(status=429, headers={"Retry-After": str(max(1, math.ceil(limit.reset_at - time.time())))})


_MS: Final = 1000
_BYTES_A_MS: Final = 20_000
"""What is sent counts as time too: a download of 100 MB as five seconds."""
_FREE: Final = 2
"""Threads of a worker that one client leaves to the others."""


@dataclass(slots=True)
class _Spent:
    """One request under way; bytes: those that were sent while they were made."""

    who: str
    began: float = field(default_factory=time.thread_time)
    bytes: int = 0
    handed_on: bool = False


class Budget:
    """The spending of all clients, counted where their requests are."""

    def __init__(self, settings: Settings) -> None:
        self._at_once = max(1, settings.threads - _FREE)
        self._limit = RateLimitItemPerMinute(max(1, round(settings.processor_seconds * _MS)))
        self._counts = FixedWindowRateLimiter(_storage(settings))
        self._own = FixedWindowRateLimiter(SteadyStorage())  # while the counting server is down
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def watch(self, app: Flask) -> None:
        """Refuse whoever has spent too much, and count what the others spend until their answer is sent."""
        app.before_request(self._begin)
        app.after_request(self._answered)
        app.teardown_request(self._torn_down)

    def _begin(self) -> None:
        who = client()
        if not who or is_open():
            return
        if wait := self._wait(who):
            _refuse(wait)
        with self._lock:
            if self._running[who] >= self._at_once:
                _refuse(1)
            self._running[who] += 1
        g.spent = _Spent(who)

    def _answered(self, response: Response) -> Response:
        spent: _Spent | None = g.get("spent")
        if spent:
            spent.bytes = response.content_length or 0
            spent.handed_on = True
            if not response.is_streamed:  # all of it is made
                self._end(spent)
                return response
            if not response.direct_passthrough:
                response.response = _counted(response.response, spent)  # type: ignore[arg-type]
            response.call_on_close(partial(self._end, spent))
        return response

    def _torn_down(self, _: BaseException | None) -> None:
        spent: _Spent | None = g.get("spent")
        if spent and not spent.handed_on:
            self._end(spent)

    def _end(self, spent: _Spent) -> None:
        with self._lock:
            self._running[spent.who] -= 1
            if not self._running[spent.who]:
                del self._running[spent.who]
        cost = round((time.thread_time() - spent.began) * _MS) + spent.bytes // _BYTES_A_MS
        if cost > 0:
            try:
                self._counts.hit(self._limit, spent.who, cost=cost)
            except StorageError:
                self._own.hit(self._limit, spent.who, cost=cost)

    def _wait(self, who: str) -> int:
        """Return the seconds until a client may ask again, 0 for now."""
        for counts in (self._counts, self._own):
            try:
                if not counts.test(self._limit, who):
                    return max(1, math.ceil(counts.get_window_stats(self._limit, who).reset_time - time.time()))
            except StorageError:
                continue
        return 0


class SteadyStorage(MemoryStorage):
    """Counts in memory that end when their time is over, also where the machine's clock is set meanwhile.

    The library counts by the clock: one that was a year ahead, and is mended, would close the site for a year.
    """

    STORAGE_SCHEME = ["steady"]  # noqa: RUF012  # as in the library

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        self._ahead = _ahead()
        self._moving = threading.Lock()
        super().__init__(uri, **options)

    def get(self, key: str) -> int:
        """Return the count of a key."""
        self._follow()
        return super().get(key)

    def get_expiry(self, key: str) -> float:
        """Return when the count of a key ends, by the clock of now."""
        self._follow()
        return super().get_expiry(key)

    def _follow(self) -> None:
        """Move what the clock's last jump moved away."""
        if abs(_ahead() - self._ahead) < _JUMP:
            return
        with self._moving:
            jump = _ahead() - self._ahead
            self._ahead += jump
            for key, end in list(self.expirations.items()):
                self.expirations[key] = end + jump


def _ahead() -> float:
    """Return by how much the clock is ahead of the time that nobody sets."""
    return time.time() - time.monotonic()


_JUMP: Final = 1.0  # seconds; less is no jump, but a clock that is led back slowly


def _storage(settings: Settings) -> Storage:
    if settings.rate_store.startswith("memory"):
        return SteadyStorage()
    try:
        return storage_from_string(settings.rate_store, wrap_exceptions=True, socket_timeout=_STORE_SECONDS)  # type: ignore[return-value]
    except ConfigurationError:
        raise MissingExtraError("rate_store: Redis needs a library: pip install 'searchapp[redis]'") from None


def _counted(pieces: Iterable[bytes], spent: _Spent) -> Iterator[bytes]:
    for piece in pieces:
        spent.bytes += len(piece)
        yield piece


def _refuse(seconds: int) -> NoReturn:
    """Refuse a request; only the header counts, the page is that of every error."""
    raise TooManyRequests(response=Response(status=429, headers={"Retry-After": str(seconds)}))
