"""Write the result list as a file: one row an article, as CSV or JSON lines, written while it is read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from flask import Response

from searchapp.engine import Engine
from searchapp.export import cell
from searchapp.query import Query
from searchapp.results import Match
from searchapp.search import find, put
from searchapp.web.request import Visit

MAX_ROWS: Final = 10_000
AT_ONCE: Final = 200
COLUMNS: Final = ("id", "title", "date", "source", "section", "url", "source_url", "documents", "themes", "score")


def as_csv(visit: Visit, engine: Engine) -> Response:
    """Return `/tim-kiem.csv`: COLUMNS in UTF-8 with a byte order mark, several values joined by "; "."""
    return _file(visit, engine, "text/csv", "ket-qua.csv", _csv)


def as_lines(visit: Visit, engine: Engine) -> Response:
    """Return `/tim-kiem.jsonl`: one JSON object a line, lists as lists."""
    return _file(visit, engine, "application/x-ndjson", "ket-qua.jsonl", _lines)


Row = dict[str, Any]


def _file(
    visit: Visit, engine: Engine, kind: str, name: str, write: Callable[[Iterable[Row]], Iterator[str]]
) -> Response:
    # An impossible query must fail before the first byte is sent.
    found = find(engine, replace(visit.query(), facets=(), steps=(), page=1, size=AT_ONCE))
    rows = (_row(visit, match) for match in _matches(engine, found.question.query, found.answer.matches))
    response = Response(write(rows), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Total-Count"] = str(found.answer.total)
    return response


def _matches(engine: Engine, query: Query, matches: tuple[Match, ...]) -> Iterator[Match]:
    count = 0
    while matches and count < MAX_ROWS:
        yield from matches
        count += len(matches)
        if len(matches) < AT_ONCE:
            return
        matches = put(engine, replace(query, after=matches[-1].cursor)).matches


def _row(visit: Visit, match: Match) -> Row:
    shown = match.article
    base = visit.site.settings.public_base_url.rstrip("/")
    return {
        "id": shown.key,
        "title": shown.title,
        "date": shown.date,
        "source": shown.source,
        "section": shown.section,
        "url": base + visit.links.article(shown.key, shown.title),
        "source_url": shown.url,
        "documents": list(match.documents),
        "themes": list(shown.themes),
        "score": round(match.score, 6),
    }


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    out = io.StringIO()
    table = csv.writer(out)
    yield "\ufeff"
    for cells in (COLUMNS, *(map(_cell, row.values()) for row in rows)):
        table.writerow(cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _cell(value: Any) -> Any:
    return cell("; ".join(value) if isinstance(value, list) else value)


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
