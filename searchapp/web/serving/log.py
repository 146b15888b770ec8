"""Log one event as one line of JSON while the server runs; a visitor's query stays out of the log."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, request

from searchapp.config import Settings
from searchapp.web.serving.access import is_open

_LOGGER: Final = "searchapp"
MAX_TEXT: Final = 512  # characters of one fact; the longest query that is searched for
REFUSED: Final = (401, 429)  # with these the log has the visitor's address: the guard of the site needs it
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Lines(logging.Formatter):
    """A formatter of records as lines of JSON: only ASCII, so that no line breaks or escape sequences pass."""

    def __init__(self, *, queries: bool = False) -> None:
        super().__init__()
        self._queries = queries

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; the message of a bug may quote a query, so it is logged only where queries may be."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": moment.replace("+00:00", "Z"), "level": record.levelname.lower()}
        line["event"] = record.getMessage()[:MAX_TEXT]
        line.update(getattr(record, "facts", {}))
        if has_request_context() and "request_id" in g:
            line["id"] = g.request_id
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["at"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
            if self._queries:
                line["message"] = str(error)[:MAX_TEXT]
        return json.dumps(line)


def start(settings: Settings) -> logging.Handler:
    """Send everything to standard error as lines of JSON; a line that cannot be written is dropped, never an error."""
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(queries=settings.log_queries))
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.INFO)
    logger.handlers = [handler]
    logger.propagate = False
    return handler


def tell(event: str, level: int = logging.INFO, **facts: Any) -> None:
    """Log one event with its facts, whose values JSON knows."""
    logging.getLogger(_LOGGER).log(level, event, extra={"facts": facts})


def watch(app: Flask, settings: Settings) -> None:
    """Give every request an id, and log it when it is answered; this runs before all other hooks of the application."""

    def begin() -> None:
        g.started = time.monotonic()
        given = request.headers.get("X-Request-ID", "") if settings.trusted_proxies else ""
        g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)

    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if not (is_open() and response.status_code < 400):  # requests of every second would drown the rest
            tell("request", **facts(response, queries=settings.log_queries))
        return response

    app.before_request(begin)
    app.after_request(end)


def facts(response: Response, *, queries: bool) -> dict[str, Any]:
    """Return the logged facts of an answered request. ms: until its first byte; route: the pattern, not the address."""
    told: dict[str, Any] = {
        "method": request.method[:10],
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.monotonic() - g.started) * 1000, 1),
        "bytes": response.content_length,
    }
    if "results" in g:
        told["results"] = g.results
    if response.status_code in REFUSED:
        told["client"] = request.remote_addr
    if queries:
        told["path"] = request.path[:MAX_TEXT]
        told["q"] = request.args.get("q", "")[:MAX_TEXT]
    return told
