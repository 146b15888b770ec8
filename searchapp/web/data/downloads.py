"""Write the result list as a file: one row an article, as CSV or JSON lines, written while it is read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Response

from searchapp.engine import Engine
from searchapp.export import COLUMNS as CITATION_COLUMNS
from searchapp.export import cell, citation_rows
from searchapp.query import Query
from searchapp.results import Match
from searchapp.search import find, put
from searchapp.web.request import Visit

MAX_ROWS: Final = 10_000
AT_ONCE: Final = 200
_ROWS_A_PIECE: Final = 100
FILES: Final = (
    ("/tim-kiem.csv", "download.table", "download.table.what"),
    ("/tim-kiem.jsonl", "download.lines", "download.lines.what"),
    ("/xuat/vien-dan.csv", "download.citations", "download.citations.what"),
)
"""The files that `/xuat` offers: address, name and contents."""
COLUMNS: Final = ("id", "title", "date", "source", "section", "url", "source_url", "documents", "themes", "score")


def as_csv(visit: Visit, engine: Engine) -> Response:
    """Return `/tim-kiem.csv`: COLUMNS in UTF-8 with a byte order mark, several values joined by "; "."""
    return _file(visit, engine, "text/csv", "ket-qua.csv", _csv)


def as_lines(visit: Visit, engine: Engine) -> Response:
    """Return `/tim-kiem.jsonl`: one JSON object a line, lists as lists."""
    return _file(visit, engine, "application/x-ndjson", "ket-qua.jsonl", _lines)


def citations_csv(visit: Visit, engine: Engine) -> Response:
    """Return `/xuat/vien-dan.csv`: every citation in the results, as `searchapp export --citations` writes them."""
    total, matches = _asked(visit, engine)
    keys = (match.article.key for match in matches)
    whole = (article for key in keys for article in engine.articles([key]))
    return _sent(_table(citation_rows(engine, whole), CITATION_COLUMNS), "text/csv", "vien-dan.csv", total)


def page(visit: Visit, engine: Engine) -> Response:
    """Return `/xuat`: the downloads of the results, or of the whole archive."""
    found = find(engine, replace(visit.query(), facets=(), steps=(), page=1, size=1))
    query = visit.query()
    files = [(visit.links.download(query, path), name, what) for path, name, what in FILES]
    return visit.render("downloads.html", query=query, files=files, total=found.answer.total, most=MAX_ROWS)


Row = dict[str, Any]


def _file(
    visit: Visit, engine: Engine, kind: str, name: str, write: Callable[[Iterable[Row]], Iterator[str]]
) -> Response:
    total, matches = _asked(visit, engine)
    return _sent(write(_row(visit, match) for match in matches), kind, name, total)


def _asked(visit: Visit, engine: Engine) -> tuple[int, Iterator[Match]]:
    """Return the number of results, and those that may be downloaded; an impossible query fails here."""
    found = find(engine, replace(visit.query(), facets=(), steps=(), page=1, size=AT_ONCE))
    return found.answer.total, _matches(engine, found.question.query, found.answer.matches)


def _sent(pieces: Iterator[str], kind: str, name: str, total: int) -> Response:
    response = Response(pieces, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Total-Count"] = str(total)
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
    return _table((map(_cell, row.values()) for row in rows), COLUMNS)


def _table(rows: Iterable[Iterable[Any]], columns: Sequence[str]) -> Iterator[str]:
    """Yield a table of safe cells as CSV, in pieces of some rows."""
    out = io.StringIO()
    table = csv.writer(out)
    out.write("\ufeff")
    table.writerow(columns)
    for count, cells in enumerate(rows, 1):
        table.writerow(cells)
        if count % _ROWS_A_PIECE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(value: Any) -> Any:
    return cell("; ".join(value) if isinstance(value, list) else value)


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
