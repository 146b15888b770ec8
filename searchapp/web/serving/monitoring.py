"""What a server tells its operator: counts for Prometheus, and each event as one line of JSON.

A visitor's query stays out of the log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, make_response, request

from searchapp import report
from searchapp.config import SHARED, Settings
from searchapp.engine import Engine
from searchapp.errors import IndexProblemError
from searchapp.web.request import Site
from searchapp.web.serving.access import is_open, require_near
from searchapp.web.serving.headers import as_json

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_RESULTS: Final = (0, 1, 10, 100, 1000, 10_000)
# other methods are a visitor's invention, and each would be a series
_METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")

_LOGGER: Final = "searchapp"
MAX_TEXT: Final = 512  # characters of one fact; the longest query that is searched for
REFUSED: Final = (401, 429)  # with these the log has the visitor's address: the guard of the site needs it
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Metrics:
    """The counts of one application; with SHARED set, one of several processes whose counts are read together."""

    def __init__(self, settings: Settings, engine: Callable[[], Engine]) -> None:
        # The import stands here: the library decides at import whether processes share their counts, and serve() says
        # so.
        import prometheus_client

        self._library = prometheus_client
        self._index = _IndexFacts(settings, engine)
        self._own = own = prometheus_client.CollectorRegistry()
        self.answers = prometheus_client.Counter(
            "searchapp_answers", "Requests answered", ("route", "method", "status"), registry=own
        )
        self.seconds = prometheus_client.Histogram(
            "searchapp_answer_seconds", "Time until the first byte", ("route",), registry=own, buckets=SECONDS
        )
        self.results = prometheus_client.Histogram(
            "searchapp_search_results", "Results of searches; bucket 0: nothing found", registry=own, buckets=_RESULTS
        )

    def watch(self, app: Flask, networks: tuple[str, ...]) -> None:
        """Count every answer, and show the counts at /metrics to these networks."""
        app.after_request(self._count)

        def shown() -> Response:
            require_near(networks)
            response = make_response(self.text())
            response.headers["Content-Type"] = self._library.CONTENT_TYPE_LATEST
            response.headers["Cache-Control"] = "no-store"
            return response

        app.add_url_rule("/metrics", "metrics", shown)

    def text(self) -> bytes:
        """Return all counts in Prometheus' text format, with those of the other workers."""
        registry = self._own
        if SHARED in os.environ:
            from prometheus_client import multiprocess

            registry = self._library.CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        index = self._library.CollectorRegistry()
        index.register(self._index)
        return self._library.generate_latest(registry) + self._library.generate_latest(index)

    def _count(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in _METHODS else "other"
        self.answers.labels(route, method, response.status_code).inc()
        if started := g.get("started"):
            self.seconds.labels(route).observe(time.monotonic() - started)
        if searched := g.get("searched"):
            self.results.observe(searched.total)
        return response


class _IndexFacts:
    """The facts of the index at each reading of the counts; a collector of the Prometheus library."""

    def __init__(self, settings: Settings, engine: Callable[[], Engine]) -> None:
        self._settings = settings
        self._engine = engine

    def collect(self) -> Iterator[Any]:
        """Yield gauges of the live generation and of the last reindex; only `up` while there is no index."""
        from prometheus_client.core import GaugeMetricFamily as Gauge

        told: dict[str, tuple[str, float]] = {"index_up": ("Whether searches are answered", 0)}
        with suppress(IndexProblemError):
            told |= self._of_index(self._engine())
        for name, (text, value) in told.items():
            yield Gauge(f"searchapp_{name}", text, value=value)
        done = Gauge("searchapp_reindex_articles", "What the reindex behind this generation did", labels=["kind"])
        for kind, count in self._of_reindex().items():
            done.add_metric([kind], count)
        yield done

    def _of_index(self, engine: Engine) -> dict[str, tuple[str, float]]:
        stats = engine.stats()
        built = datetime.fromisoformat(stats.built).timestamp() if stats.built else 0.0
        number = engine.generation.partition("-")[0]
        run = report.last_run(self._settings.index)
        return {
            "index_up": ("Whether searches are answered", 1),
            "index_degraded": ("Whether an older generation answers", bool(getattr(self._engine, "problem", ""))),
            "index_articles": ("Articles in the index", stats.articles),
            "index_documents": ("Documents known", stats.documents),
            "index_bytes": ("Size of the generation", stats.bytes),
            "index_generation": ("Number of the generation", int(number) if number.isdigit() else 0),
            "index_built_timestamp_seconds": ("When the generation was built", built),
            "index_age_seconds": ("Time since the generation was built", max(0.0, time.time() - built)),
            "reindex_last_success_timestamp_seconds": ("When a reindex last ended well", run.get("succeeded") or built),
            "reindex_last_exit": ("Exit code of the last reindex", run.get("exit", 0)),
            "reindex_seconds": ("Time of the last reindex", run.get("seconds", 0.0)),
        }

    def _of_reindex(self) -> dict[str, int]:
        with suppress(IndexProblemError):
            values = report.load(self._settings.generations / self._engine().generation)
            counts = {kind: values.get(kind, 0) for kind in ("new", "changed", "removed", "unchanged")}
            return {**counts, "skipped": len(values.get("skipped", ()))}
        return {}


_HOUR: Final = 3600


def health(site: Site) -> Response:
    """Return `/healthz`: 200 when all is well; 503 with the fault, also while an older generation still answers."""
    told = _state(site)
    return _answered(told, 200 if told["status"] == "ok" else 503)


def ready(site: Site) -> Response:
    """Return `/readyz`: 200 while searches are answered from a whole generation, even an older one."""
    told = _state(site)
    return _answered(told, 503 if told["status"] == "unavailable" else 200)


def _state(site: Site) -> dict[str, Any]:
    """Return status "ok", "degraded" or "unavailable"; problems name work for a person, with `searchapp doctor`."""
    try:
        engine = site.engine()
        stats = engine.stats()
    except IndexProblemError as error:
        return {"ok": False, "status": "unavailable", "problems": [type(error).__name__], "error": type(error).__name__}
    problems = ["older-generation"] if getattr(site.engine, "problem", "") else []
    limit = site.settings.max_index_age_hours
    renewed = _renewed(site, stats.built)
    if renewed is None:
        problems.append("clock")
    elif limit and (time.time() - renewed) / _HOUR > limit:
        problems.append("no-reindex")
    status = "degraded" if problems else "ok"
    return {"ok": not problems, "status": status, **_of(engine, stats.articles), "problems": problems}


def _of(engine: Engine, articles: int) -> dict[str, Any]:
    return {"generation": engine.generation, "articles": articles}


def _renewed(site: Site, built: str) -> float | None:
    """Return the time of the last successful reindex, in seconds; it need not have found anything new to publish.

    None where all that is known is still to come: the clock is wrong, or was.
    """
    moment = datetime.fromisoformat(built).timestamp() if built else 0.0
    known = (float(report.last_run(site.settings.index).get("succeeded") or 0.0), moment)
    return max((one for one in known if one and one <= time.time() + _HOUR), default=None if any(known) else 0.0)


def _answered(told: dict[str, Any], status: int) -> Response:
    response = as_json(told)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status
    return response


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


def start_log(settings: Settings) -> logging.Handler:
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


def watch_log(app: Flask, settings: Settings) -> None:
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
    if searched := g.get("searched"):
        told["results"] = searched.total
    if response.status_code in REFUSED:
        told["client"] = request.remote_addr
    if queries:
        told["path"] = request.path[:MAX_TEXT]
        told["q"] = request.args.get("q", "")[:MAX_TEXT]
    return told
