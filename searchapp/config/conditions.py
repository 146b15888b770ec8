"""The conditions of a setting beyond its type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Any, Final

from searchapp.dates import ZONE, is_zone

_PORT: Final = r"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
_ORIGIN: Final = re.compile(rf"https?://(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::{_PORT})?")
_PATH: Final = re.compile(r"(?:/[\w.~-]{1,60}){0,8}", re.ASCII)
_HOST: Final = re.compile(r"\.?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?")
_LISTENER: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?", re.IGNORECASE)
_RATE: Final = re.compile(r"[1-9]\d{0,6} ?(?:per|/) ?(?:[1-9]\d{0,3} )?(?:second|minute|hour|day)s?")
_STORE: Final = re.compile(r"memory://|(?:rediss?|redis\+unix)://\S+")
_NODE: Final = re.compile(r"https?://[^\s/@?#]+")
_ALIAS: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_ADDRESS: Final = re.compile(r"[^\s@<>]{1,64}@[a-z0-9.-]{3,253}", re.IGNORECASE)
_SERVER: Final = re.compile(rf"[^\s/@]{{1,253}}:{_PORT}")
_TOKEN: Final = re.compile(r"[!-~]{16,200}")


def _between(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: bool(least <= value <= most)


def _all(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda values: all(pattern.fullmatch(value) for value in values)


def _is_network(text: str) -> bool:
    with suppress(ValueError):
        return bool(ip_network(text))
    return False


def _is_listener(text: str) -> bool:
    return bool(_LISTENER.fullmatch(text)) or (":" in text and "/" not in text and _is_network(text))


CHECKS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "title": (
        lambda text: bool(text.strip()) and text.isprintable() and len(text) <= 200,
        "one line of 1 to 200 letters",
    ),
    # "" would listen on every address of the machine
    "host": (_is_listener, "a host name or an address, without scheme and port"),
    "port": (_between(1, 65535), "a port from 1 to 65535"),
    "timezone": (is_zone, f'a time zone as "{ZONE}"'),
    "public_base_url": (lambda text: not text or bool(_ORIGIN.fullmatch(text)), "https://host[:port] without a path"),
    "public_path": (lambda text: bool(_PATH.fullmatch(text)), 'the path below which pages are mounted, as "/tra-cuu"'),
    "embed_origins": (_all(_ORIGIN), 'sites as "https://host[:port]"'),
    "trusted_hosts": (_all(_HOST), "host names without scheme and port (.example.vn: also those below it)"),
    "trusted_proxies": (_between(0, 8), "a number of proxies from 0 to 8"),
    "rate_limit": (
        lambda text: all(_RATE.fullmatch(part.strip()) for part in text.split(";")) or not text,
        'limits as "20 per second; 600 per minute", or "" for none',
    ),
    "rate_store": (lambda text: bool(_STORE.fullmatch(text)), '"memory://" or "redis://host:port/number"'),
    "processor_seconds": (_between(0, 3600), "a number of seconds from 0 to 3600, 0 for no limit"),
    "response_cache": (_between(0, 4096), "a number of megabytes from 0 to 4096, 0 to keep no answer"),
    "workers": (_between(0, 64), "a number of processes from 1 to 64, or 0 for one a core"),
    "threads": (_between(1, 64), "a number from 1 to 64"),
    "metrics_from": (lambda values: all(map(_is_network, values)), 'addresses or networks as "10.0.0.0/8"'),
    "ocr_minutes": (_between(0, 100_000), "a number of minutes, or 0 for as long as it takes"),
    "max_index_age_hours": (_between(0, 10_000), "a number of hours, or 0 for any age"),
    "opensearch.hosts": (
        lambda urls: bool(urls) and _all(_NODE)(urls),
        'nodes as "https://host:port", without a password',
    ),
    "opensearch.name": (lambda text: bool(_ALIAS.fullmatch(text)), "small letters, digits, - and _"),
    "opensearch.shards": (_between(1, 1024), "a number of shards from 1 to 1024"),
    "opensearch.replicas": (_between(0, 10), "a number of replicas from 0 to 10"),
    "opensearch.timeout": (_between(0.1, 30), "seconds from 0.1 to 30"),
    "query_statistics_days": (_between(1, 3660), "a number of days from 1 to 3660"),
    "alerts.sender": (
        lambda text: not text or bool(_ADDRESS.fullmatch(parseaddr(text)[1]) and "\n" not in text),
        'a mail address as "Tra cứu <tra-cuu@example.vn>"',
    ),
    "alerts.smtp": (lambda text: bool(_SERVER.fullmatch(text)), "host:port"),
    "alerts.tls": (lambda text: text in ("none", "starttls", "tls"), '"none", "starttls" or "tls"'),
    "alerts.sendmail": (lambda text: not text or text.startswith("/"), "the path of a program, from /"),
    "originals": (
        lambda text: text in ("link", "copy", "off"),
        '"link" (offer the files of the corpus), "copy" or "off"',
    ),
    "operator_token": (lambda text: not text or bool(_TOKEN.fullmatch(text)), "16 to 200 signs without spaces"),
    "read_token": (lambda text: not text or bool(_TOKEN.fullmatch(text)), "16 to 200 signs without spaces"),
}
"""The conditions of a setting beyond its type, in the words of the error."""
