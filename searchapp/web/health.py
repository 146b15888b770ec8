"""Whether the site is well: for whoever watches it, and for the balancer that sends visitors to it."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final

from flask import Response

from searchapp import report
from searchapp.engine import Engine
from searchapp.errors import IndexProblemError
from searchapp.web.answers import as_json
from searchapp.web.visit import Site

HOUR: Final = 3600


def health(site: Site) -> Response:
    """`/healthz`: 200 when all is well; 503 with what is wrong, also while an older generation still answers."""
    told = _state(site)
    return _answered(told, 200 if told["status"] == "ok" else 503)


def ready(site: Site) -> Response:
    """`/readyz`: 200 while searches are answered from a whole generation, be it an older one."""
    told = _state(site)
    return _answered(told, 503 if told["status"] == "unavailable" else 200)


def _state(site: Site) -> dict[str, Any]:
    """status "ok", "degraded" or "unavailable"; problems name what somebody should look at, with `searchapp doctor`."""
    try:
        engine = site.engine()
        stats = engine.stats()
    except IndexProblemError as error:
        return {"ok": False, "status": "unavailable", "problems": [type(error).__name__], "error": type(error).__name__}
    problems = ["older-generation"] if getattr(site.engine, "problem", "") else []
    limit = site.settings.max_index_age_hours
    age = (time.time() - _renewed(site, stats.built)) / HOUR
    if limit and age > limit:
        problems.append("no-reindex")
    status = "degraded" if problems else "ok"
    return {"ok": not problems, "status": status, **_of(engine, stats.articles), "problems": problems}


def _of(engine: Engine, articles: int) -> dict[str, Any]:
    return {"generation": engine.generation, "articles": articles}


def _renewed(site: Site, built: str) -> float:
    """When a reindex last ended well, in seconds; it need not have found anything new to publish."""
    moment = datetime.fromisoformat(built).timestamp() if built else 0.0
    return max(float(report.last_run(site.settings.index).get("succeeded") or 0.0), moment)


def _answered(told: dict[str, Any], status: int) -> Response:
    response = as_json(told)
    response.headers["Cache-Control"] = "no-store"
    response.status_code = status
    return response
