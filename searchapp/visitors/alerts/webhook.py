"""Webhooks: a signed JSON body (Standard Webhooks), to a vetted address only, never along a redirect."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpcore

from searchapp.crawl.fetch import RefusedAddressError, Road
from searchapp.visitors.alerts.post import NotSentError, UnsureError

_AGENT: Final = "searchapp-alerts"
_REFUSED: Final = 410
"""The receiver says that it wants no more."""


def key_of(secret: bytes, target: str) -> bytes:
    """The key that signs for one receiver; it knows its own alone."""
    return hmac.new(secret, target.encode(), hashlib.sha256).digest()


def shown(key: bytes) -> str:
    """A key as receivers write it down: "whsec_…"."""
    return f"whsec_{base64.b64encode(key).decode()}"


def signature(key: bytes, ident: str, moment: int, body: bytes) -> str:
    """What `webhook-signature` says of a body (https://www.standardwebhooks.com)."""
    signed = hmac.new(key, f"{ident}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class Hooks:
    """Sends bodies. private: hosts that may be in a private network."""

    def __init__(self, private: frozenset[str], road: Road | None = None) -> None:
        self._road = road or Road(private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=1, max_keepalive_connections=0,
            network_backend=self._road,
        )  # fmt: skip

    def send(self, url: str, key: bytes, ident: str, said: Mapping[str, Any], take: Callable[[], bool]) -> None:
        """Send what is said; only an answer of 2xx counts as taken. Raises NotSentError, UnsureError.

        take: called before the first moment at which it may arrive; False stops it.
        """
        body, moment = json.dumps(said, ensure_ascii=False).encode(), int(time.time())
        headers = [
            ("User-Agent", _AGENT), ("Content-Type", "application/json"), ("webhook-id", ident),
            ("webhook-timestamp", str(moment)), ("webhook-signature", signature(key, ident, moment, body)),
        ]  # fmt: skip
        if not take():
            raise NotSentError("another run sends it")
        self._road.begin()
        try:
            with self._pool.stream("POST", url, headers=headers, content=body) as response:
                status = response.status  # what it says besides is not read
        except RefusedAddressError as error:
            raise NotSentError(f"{error}: name the host in private_hosts if that is meant") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.UnsupportedProtocol) as error:
            raise NotSentError(str(error) or type(error).__name__) from None
        except (httpcore.TimeoutException, TimeoutError):
            raise UnsureError("no answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise UnsureError(str(error) or type(error).__name__) from None
        if not 200 <= status < 300:
            redirected = "; redirects are not followed" if 300 <= status < 400 else ""
            raise NotSentError(f"answered {status}{redirected}", gone=status == _REFUSED)

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()
