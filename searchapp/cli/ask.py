"""Commands that ask an index or a text, and that take the archive out for other programs."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, replace
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, Final, TextIO

import click

from searchapp import evaluation
from searchapp import export as graph_files
from searchapp.citations.find import find_citations
from searchapp.cli.group import NamedPath, cli, index_option, json_option, settings_for
from searchapp.cli.speech import echo, told
from searchapp.config import Settings
from searchapp.dates import display
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import UsageError
from searchapp.evaluation import HABITS
from searchapp.export import citation_as_json
from searchapp.export.article_files import Written, open_whole, write_articles
from searchapp.export.database import write_database
from searchapp.query import SORTS, Query
from searchapp.report import scan_counts
from searchapp.results import Page
from searchapp.search import search as run_search
from searchapp.search.parser import parse
from searchapp.search.standing import standing_of

_SORTS: Final = click.Choice(SORTS)

_WRITERS: Final = ("csv", "graphml")
_Write = Callable[..., Written]


@cli.command()
@click.argument("query")
@index_option
@click.option("--from", "since", default="", help="First day, d/m/yyyy or ISO.")
@click.option("--to", "until", default="", help="Last day.")
@click.option("--document", multiple=True, help="Document symbol or slug; may be repeated.")
@click.option("--theme", multiple=True, help="Theme id or name; may be repeated.")
@click.option("--sort", type=_SORTS, default="relevance", show_default=True, help="The order of the results.")
@click.option("--limit", type=click.IntRange(1, 50), default=10, show_default=True, help="Results to print.")
@json_option
def search(
    query: str, index: Path | None, since: str, until: str, document: tuple[str, ...], theme: tuple[str, ...],
    sort: Any, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Search the index for QUERY, as the page would."""
    limits = parse(" ".join(f'{name}:"{value}"' for name, value in (("tu", since), ("den", until)) if value))
    settings = settings_for(index)
    current = open_engine(settings)
    themes = tuple(theme_of(current(), name) for name in theme)
    asked = Query(
        text=query, filters={"document": document, "theme": themes}, since=limits.since, until=limits.until,
        sort=sort, size=limit,
    )  # fmt: skip
    page = run_search(current(), replace(asked, fold=True))
    if as_json:
        from searchapp.web.data.serialize import page_json  # the web doubles the time of a command's start
        from searchapp.web.links import Links
        from searchapp.web.request import Site, Visit

        visit = Visit(Site(settings, current, stamp=""), "vi", Links())
        click.echo(json.dumps(page_json(visit, asked, page), ensure_ascii=False))
    else:
        _print_page(page)


def theme_of(engine: Engine, name: str) -> str:
    """Return the id of the theme that somebody names by id or name. Raises UsageError."""
    known = engine.tables.themes
    if found := known.find(name):
        return found
    if near := get_close_matches(name, known.order, 1):
        raise UsageError(f"no theme {name!r}: did you mean {near[0]!r}?")
    raise UsageError(f"no theme {name!r}: the addresses of the pages of themes end in their ids")


def _print_page(page: Page) -> None:
    echo(f"{page.total:,} {'result' if page.total == 1 else 'results'} in {page.took_ms:.1f} ms")
    for rank, hit in enumerate(page.hits, 1):
        title = "".join(piece.text for piece in hit.title)
        facts = " · ".join(filter(None, (display(hit.article.date), hit.article.source, hit.article.section)))
        click.echo(f"\n{rank}. {title}")
        again = told(f"+{hit.reprints} reprints") if hit.reprints else ""
        click.echo("   " + " · ".join(filter(None, (facts or told("undated"), hit.article.key, again))))
        marked = (click.style(p.text, bold=True) if p.marked else p.text for p in hit.snippet)
        click.echo("   " + "".join(marked))


@cli.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"), default="-")
def cite(file: TextIO) -> None:
    """Find citations: lines of text in, one JSON object a line out."""
    for line in file:
        text = line.rstrip("\r\n")
        found = [{k: v if v != "" else None for k, v in citation_as_json(c).items()} for c in find_citations(text)]
        click.echo(json.dumps({"line": text, "citations": found}, ensure_ascii=False))


@cli.command()
@click.option("--queries", required=True, type=NamedPath(exists=True), help="JSON lines: id and text.")
@click.option("--qrels", required=True, type=NamedPath(exists=True), help="Lines: query, article, grade.")
@index_option
@click.option("--habit", type=click.Choice(list(HABITS)), default="typed", help="How the queries are typed.")
@click.option("--fold-queries", is_flag=True, help="Ask every query without diacritics, as --habit folded does.")
@click.option("--sample", type=click.IntRange(0), default=0, help="A fixed sample of N queries.")
@json_option
def evaluate(
    queries: Path, qrels: Path, index: Path | None, habit: str, fold_queries: bool, sample: int, as_json: bool
) -> None:
    """Measure ranking on judged queries."""
    judged = evaluation.sample(evaluation.read_judged(queries, qrels), sample)
    engine = open_engine(settings_for(index))()
    figures = evaluation.evaluate(engine, judged, habit="folded" if fold_queries else habit)
    if as_json:
        click.echo(json.dumps(figures))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<11}{value:g}")


@cli.command()
@index_option
@json_option
def stats(index: Path | None, as_json: bool) -> None:
    """Say what the index holds."""
    settings = settings_for(index)
    rows = asdict(open_engine(settings)().stats()) | scan_counts(settings.generations)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    shown = [f"{value:,}" if isinstance(value, int) else value for value in rows.values()]
    said = [told(f"stats: {name} {value}").removeprefix("stats: ") for name, value in zip(rows, shown, strict=True)]
    parts = [line.rpartition(" ") for line in said]
    size = max(len(name) for name, _, _ in parts) + 1
    for name, _, value in parts:
        click.echo(f"{name:<{size}}{value}")


@cli.command()
@click.option("--articles", type=NamedPath(), help="File: .jsonl, .jsonl.gz, .csv, .csv.gz, .parquet.")
@click.option("--sqlite", "database", type=NamedPath(), help="File of a database with full-text search.")
@click.option("--citations", type=NamedPath(), help="File to write: .csv or .graphml.")
@click.option("--relations", type=NamedPath(), help="File to write: .csv of what documents do.")
@click.option("--query", default="", help="Only the articles that this finds, with --articles and --sqlite.")
@click.option("--format", "kind", type=click.Choice(_WRITERS), help="Of --citations; default: what the name ends in.")
@index_option
def export(
    articles: Path | None, database: Path | None, citations: Path | None, relations: Path | None, query: str,
    kind: str | None, index: Path | None,
) -> None:  # fmt: skip
    """Write the archive as data: the articles, who cites what, what documents do; "-" is standard output of tables."""
    if not (articles or database or citations or relations):
        raise UsageError("say what to write: --articles, --sqlite, --citations or --relations FILE")
    for named in filter(None, (articles, database, citations, relations)):
        if not named.parent.is_dir():
            raise UsageError(f"{named.parent}: no such folder: make it, or name another file")
    settings = settings_for(index)
    wanted: tuple[tuple[Path | None, _Write], ...] = ((articles, write_articles), (database, write_database))
    for file, write in wanted:
        if file:
            with _named(file):
                _write(file, write, query, settings)
    if relations:
        with _named(relations):
            _write_relations(relations, settings)
    if citations:
        with _named(citations):
            _write_citations(citations, kind, settings)


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Name the file whose disk is full or broken: the system names none while it writes, and a machine has several."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _OF_A_DISK:
            raise
        raise OSError(*_OF_A_DISK[error.sqlite_errorcode & 0xFF], str(file)) from error
    except FileNotFoundError as error:  # its folder is there and takes no file: /proc, or removed meanwhile
        raise UsageError(f"{file}: no file can be made there: name another") from error
    except OSError as error:
        error.filename = error.filename or str(file)
        raise


_OF_A_DISK: Final = {
    sqlite3.SQLITE_FULL: (errno.ENOSPC, os.strerror(errno.ENOSPC)),
    sqlite3.SQLITE_IOERR: (errno.EIO, os.strerror(errno.EIO)),
}


def _write(file: Path, write: _Write, query: str, settings: Settings) -> None:
    if str(file) == "-":
        raise UsageError("articles go into a file, which can be gone on with: give it a name")
    done = write(open_engine(settings)(), file, query, _progress)
    again = f" ({done.resumed:,} by the run before)" if done.resumed else ""
    echo(f"{done.count:,} articles written to {file}{again}; sum in {done.checksum}", err=True)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {of:,}", err=True, nl=done == of)


def _opened(file: Path) -> AbstractContextManager[IO[Any]]:
    return click.open_file("-", "w", encoding="utf-8") if str(file) == "-" else open_whole(file)


def _write_relations(file: Path, settings: Settings) -> None:
    with _opened(file) as out:
        engine = open_engine(settings)()
        count = graph_files.write_relations(engine, standing_of(engine).force, out)
    echo(f"{count:,} relations written to {file}", err=True)


def _write_citations(file: Path, kind: str | None, settings: Settings) -> None:
    kind = kind or file.suffix.lower().lstrip(".")
    if kind not in _WRITERS:
        raise UsageError(f"{file}: name it .csv or .graphml, or say --format csv")
    engine = open_engine(settings)()
    with _opened(file) as out:
        if kind == "csv":
            count = graph_files.write_csv(engine, out)
        else:
            count = graph_files.write_graphml(engine, out, standing_of(engine).force)
    echo(f"{count:,} citations written to {file}" if kind == "csv" else f"{count:,} edges written to {file}", err=True)
