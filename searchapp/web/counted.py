"""Which requests are counted for `query_statistics`: questions that were really asked, and the beacon of the pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Response, abort, request

from searchapp.config import SHARED, Settings
from searchapp.visitors.statistics import ARROW, Statistics
from searchapp.web.request import Visit
from searchapp.web.serving.access import client
from searchapp.web.serving.response_cache import Searched

_DRAFT: Final = "X-Draft"
"""The header of a page that is fetched while somebody is still typing."""
_MOST_BYTES: Final = 4096
_MEMORY: Final = Path("/dev/shm")  # a folder elsewhere would be on a disk, where clients are never written


def opened(settings: Settings) -> Statistics | None:
    """The counts of these settings, shared by the workers of a server; None where nothing is counted."""
    if not settings.query_statistics:
        return None
    shared = Path(os.environ.get(SHARED, ""))
    in_memory = shared if shared.is_relative_to(_MEMORY) else None
    return Statistics(settings.state, settings.query_statistics_days, in_memory)


def searched(kept: Statistics | None, asked: Searched) -> None:
    """Count the question of a first page, and its filters."""
    query = asked.query
    if (
        kept is None
        or query is None
        or query.page > 1
        or query.after
        or request.method != "GET"
        or _DRAFT in request.headers
        or _declined()
    ):
        return
    if query.text:
        found = bool(asked.total or query.filters or query.since or query.until)
        kept.asked("query", query.text, client(), empty=not found)
    for name, values in query.filters.items():
        for value in values:
            kept.asked("filter", f"{name}={value}", client())


def beacon(visit: Visit) -> Response:
    """`POST /thong-ke`: what only the page knows: a result was opened, a spelling taken, a draft meant."""
    kept = visit.site.statistics
    if (request.content_length or 0) > _MOST_BYTES:
        abort(413)
    if not from_own_page():
        abort(400)
    said = request.form
    text, other = said.get("q", ""), said.get("thanh", "")
    if kept is not None and not _declined():
        match said.get("viec"):
            case "mo":
                kept.opened(text)
            case "hoi":
                kept.asked("query", text, client(), empty=said.get("rong") == "1")
            case "sua" if text and other:
                kept.asked("spelling", f"{text}{ARROW}{other}", client())
    return Response(status=204)


def from_own_page() -> bool:
    """Whether a browser says that this request comes from a page of this site; programs say nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _declined() -> bool:
    """Whether the visitor's browser asks not to be counted."""
    return request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"
