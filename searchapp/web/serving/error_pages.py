"""Show errors to a visitor: a page in words, or JSON for a client that asked for data."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, current_app, g, make_response, request
from werkzeug.exceptions import HTTPException, default_exceptions

from searchapp.errors import BadQueryError, IndexProblemError, NoIndexError, StateError
from searchapp.query import Query
from searchapp.web.request import Visit
from searchapp.web.serving.headers import as_json
from searchapp.web.serving.monitoring import tell

DATA: Final = (
    ".json", ".jsonl", ".csv", ".atom", ".ics", ".xml", ".txt", "/healthz", "/readyz", "/metrics", "/oembed",
    "/opensearch/suggest",
)  # fmt: skip
KNOWN: Final = (400, 401, 404, 405, 413, 414, 429, 500, 501, 503)
_RETRY_SECONDS: Final = "30"
_PASSED_ON: Final = ("Allow", "WWW-Authenticate", "Retry-After")  # headers that tell the client its next step
_MAX_WANTED_CHARS: Final = 100
_MAX_TYPED: Final = 2_000  # a pasted paragraph is longer than a query may be


def register(board: Blueprint, visit: Callable[[], Visit], *, alone: bool) -> None:
    """Answer the errors of the blueprint's views; `alone`: also those of unknown addresses."""

    def bad_query(error: BadQueryError) -> Response:
        wanted = _asked() if error.field not in ("", "q") else ""
        seen = visit()
        said = str(error) if seen.lang == "vi" else error.english
        return _answer(
            seen, 400, said, field=error.field, allowed=error.allowed, wanted=wanted, typed=_asked(_MAX_TYPED)
        )

    def no_answer(error: IndexProblemError) -> Response:
        seen = visit()
        nothing = isinstance(error, NoIndexError)
        reason = seen.say("error.empty" if nothing else "error.503.text")
        response = _answer(seen, 503, reason, passing=not nothing)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response

    def no_state(error: StateError) -> Response:
        tell("state cannot be used", logging.ERROR, error=str(error))
        response = _answer(visit(), 503, visit().say("error.503.state"), passing=True)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response

    def no_memory(error: MemoryError) -> Response:
        current_app.logger.error("out of memory", exc_info=error)
        response = _answer(visit(), 503, "", passing=True)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response

    def http(error: HTTPException) -> Response:
        if error.code is not None and 300 <= error.code < 400:  # a redirect is no problem
            return make_response(error.get_response())
        seen, status = visit(), error.code if error.code in KNOWN else 500
        told = [(name, value) for name, value in error.get_response().headers if name in _PASSED_ON]
        wait = dict(told).get("Retry-After", "") if status == 429 else ""
        reason = seen.say("error.429.wait", n=int(wait)) if wait else ""
        if status == 500 and "request_id" in g:
            reason = seen.say("error.500.id", id=g.request_id)
        response = _answer(seen, status, reason, wanted=_wanted(error), passing=status in (429, 503))
        for name, value in told:
            response.headers.add(name, value)
        return response

    on_error = board.app_errorhandler if alone else board.errorhandler
    on_error(BadQueryError)(bad_query)
    on_error(IndexProblemError)(no_answer)
    on_error(StateError)(no_state)
    on_error(MemoryError)(no_memory)
    on_error(HTTPException)(http)
    for code in default_exceptions:  # each by its number too: a host's own 404 would go before the class
        on_error(code)(http)


def _answer(
    visit: Visit,
    status: int,
    reason: str,
    *,
    field: str = "",
    allowed: tuple[str, ...] = (),
    wanted: str = "",
    passing: bool = False,
    typed: str = "",
) -> Response:
    """passing: the same address, with its filters and its place in a list, may be answered in a while.

    wanted: words for another search; typed: those to be mended in the box.
    """
    title = visit.say(f"error.{status}")
    if status == 404 and visit.path().startswith("/api/"):
        reason = reason or visit.say("error.404.data", at=f"{visit.links.prefix}/api/v1/openapi.json")
    reason = reason or visit.say(f"error.{status}.text")
    if wants_data(visit):
        errors = [{"field": field, "message": reason, "allowed": list(allowed)}] if field or allowed else []
        response = as_json({"ok": False, "status": status, "error": reason, "errors": errors})
        response.status_code = status
    else:
        again = visit.here(visit.lang) if passing else ""
        query = Query(text=typed or (_asked() if passing else wanted))
        shown = {"status": status, "title": title, "reason": reason, "wanted": wanted, "again": again, "query": query}
        response = visit.render("error.html", status, **shown)
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_data(visit: Visit) -> bool:
    """Tell whether this address is one of data, not of a page."""
    path = visit.path()
    return path.startswith("/api/") or path.endswith(DATA)


def _asked(most: int = _MAX_WANTED_CHARS) -> str:
    """Return the query, to be asked again."""
    return "".join(filter(str.isprintable, request.args.get("q", "")[:most]))


def _wanted(error: HTTPException) -> str:
    """Return the words for another search: for a missing page the view's, else those of its address."""
    if error.code != 404:
        return ""
    said = error.description or ""
    if said != type(error).description:
        return said[:_MAX_WANTED_CHARS]
    return request.path.rstrip("/").rsplit("/", 1)[-1].replace("-", " ")[:_MAX_WANTED_CHARS]
