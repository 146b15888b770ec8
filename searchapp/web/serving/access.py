"""Decide who may ask, and how often: known hosts, trusted proxies, the read token, the requests of one client."""

from __future__ import annotations

import hmac
import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from flask import Flask, Response, abort, request
from flask_limiter import Limiter, RequestLimit
from limits.errors import ConfigurationError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from searchapp.config import Settings
from searchapp.errors import MissingExtraError

OPEN: Final = ("static", "script", "health", "ready", "leave")
"""Endpoints that are answered without token and limit: the looks of an error page, the server's monitors, and the
links by which mailboxes unsubscribe."""
_IPV6_CLIENT: Final = 64  # bits of an IPv6 address that belong to one customer; the rest is theirs to change
_REALM: Final = "searchapp"
STORE_SECONDS: Final = 1.0  # a counting server that answers later counts as down


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
    if not settings.read_token or is_open() or is_operators():
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
    address = ip_address(request.remote_addr or "0.0.0.0")
    if hidden or not any(address in ip_network(network) for network in networks):
        abort(404)


def is_operators() -> bool:
    """Whether this address is one of the operator's pages, which have a token of their own."""
    return (request.endpoint or "").rpartition(".")[2].startswith("admin_")


def is_open() -> bool:
    """Tell whether everybody gets an answer from this address."""
    return (request.endpoint or "").rpartition(".")[2] in OPEN


def client() -> str:
    """Return the client for counting: an IPv4 address or an IPv6 network; "" for this machine itself.

    A proxy on the same machine that `trusted_proxies` does not name would make all visitors one client.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a Unix socket has no address
        return ""
    if isinstance(address, IPv6Address):
        if not (inner := address.ipv4_mapped):
            return "" if address.is_loopback else str(ip_network((address, _IPV6_CLIENT), strict=False))
        address = inner
    return "" if address.is_loopback else str(address)


def _require_host(known: tuple[str, ...]) -> None:
    if not host_is_trusted(request.host.lower(), known):
        abort(400)


def _limit(app: Flask, settings: Settings) -> None:
    options = {} if settings.rate_store.startswith("memory") else {"socket_timeout": STORE_SECONDS}
    try:
        limiter = Limiter(
            client,
            app=app,
            application_limits=[settings.rate_limit],
            storage_uri=settings.rate_store,
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
