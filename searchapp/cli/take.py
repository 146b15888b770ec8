"""The command that takes the archive out, for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, Final

import click

from searchapp import export as graph_files
from searchapp.cli.group import cli, index_option, settings_for
from searchapp.cli.speech import echo
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.errors import UsageError
from searchapp.export.article_files import Written, open_whole, write_articles
from searchapp.export.database import write_database
from searchapp.search.standing import standing_of

_WRITERS: Final = ("csv", "graphml")
_Write = Callable[..., Written]


@cli.command()
@click.option("--articles", type=click.Path(path_type=Path), help="File: .jsonl, .jsonl.gz, .csv, .csv.gz, .parquet.")
@click.option("--sqlite", "database", type=click.Path(path_type=Path), help="File of a database with full-text search.")
@click.option("--citations", type=click.Path(path_type=Path), help="File to write: .csv or .graphml.")
@click.option("--relations", type=click.Path(path_type=Path), help="File to write: .csv of what documents do.")
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
            _write(file, write, query, settings)
    if relations:
        _write_relations(relations, settings)
    if citations:
        _write_citations(citations, kind, settings)


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
        count = graph_files.write_relations(engine, standing_of(engine, *settings.relation_tables).force, out)
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
            count = graph_files.write_graphml(engine, out, standing_of(engine, *settings.relation_tables).force)
    echo(f"{count:,} citations written to {file}" if kind == "csv" else f"{count:,} edges written to {file}", err=True)
