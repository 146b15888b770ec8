"""The command line: sentences in, plain lines out. Exit codes are those of the query language's page in docs/."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import Any, Final, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from searchapp import config
from searchapp import evaluate as evaluation
from searchapp.citations.grammar import find_citations
from searchapp.config import Settings
from searchapp.dates import display
from searchapp.engines import open_engine
from searchapp.errors import SearchappError, SettingsError, UsageError
from searchapp.ingest import reindex as run_reindex
from searchapp.parser import parse
from searchapp.query import Query
from searchapp.results import Page
from searchapp.search import search as run_search
from searchapp.web.api import results as as_json_page
from searchapp.web.links import Links
from searchapp.web.server import serve as run_server
from searchapp.web.visit import Site, Visit

SKIPPED, OUT_OF_MEMORY, DISK = 3, 71, 74
_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)
_SORTS: Final = click.Choice(["relevance", "newest", "oldest"])

index_option = click.option("--index", type=click.Path(path_type=Path), help="Index folder (default: index).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings file (default: searchapp.toml).")
@click.version_option(package_name="searchapp")
@click.pass_context
def cli(context: click.Context, file: Path | None) -> None:
    """Search an archive of Vietnamese political documents."""
    context.obj = lambda: config.load(file)


def _settings(index: Path | None) -> Settings:
    settings: Settings = click.get_current_context().obj()
    return replace(settings, index=index) if index is not None else settings


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option("--add", is_flag=True, help="Keep what other PATHs brought.")
@click.option("--full", is_flag=True, help="Analyse everything again.")
@click.option("--verify", is_flag=True, help="Compare contents, not size and time.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Worker processes (default: the cores).")
@click.option("--allow-shrink", is_flag=True, help="Publish even if most articles are gone.")
@json_option
def reindex(paths: tuple[Path, ...], index: Path | None, as_json: bool, **options: Any) -> None:
    """Make the index mirror PATHS exactly (default: those of the settings, else corpus/)."""
    settings = _settings(index)
    with _progress() as step:
        report = run_reindex(paths or settings.corpus, settings.index, settings, progress=step, **options)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    if report.skipped:
        sys.exit(SKIPPED)


@cli.command()
@click.argument("query")
@index_option
@click.option("--from", "since", default="", help="First day, d/m/yyyy or ISO.")
@click.option("--to", "until", default="", help="Last day.")
@click.option("--document", multiple=True, help="Document symbol or slug; may be repeated.")
@click.option("--theme", multiple=True, help="Theme id; may be repeated.")
@click.option("--sort", type=_SORTS, default="relevance")
@click.option("--limit", type=click.IntRange(1, 50), default=10)
@json_option
def search(
    query: str, index: Path | None, since: str, until: str, document: tuple[str, ...], theme: tuple[str, ...],
    sort: Any, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Search the index for QUERY, as the page would."""
    limits = parse(" ".join(f'{name}:"{value}"' for name, value in (("tu", since), ("den", until)) if value))
    asked = Query(
        text=query, filters={"document": document, "theme": theme}, since=limits.since, until=limits.until,
        sort=sort, size=limit,
    )  # fmt: skip
    settings = _settings(index)
    current = open_engine(settings)
    page = run_search(current(), asked)
    if as_json:
        visit = Visit(Site(settings, current, stamp=""), "vi", Links())
        click.echo(json.dumps(as_json_page(visit, asked, page), ensure_ascii=False))
    else:
        _print_page(page)


def _print_page(page: Page) -> None:
    click.echo(f"{page.total:,} results in {page.took_ms:.1f} ms")
    for rank, hit in enumerate(page.hits, 1):
        title = "".join(piece.text for piece in hit.title)
        facts = " · ".join(filter(None, (display(hit.article.date), hit.article.source, hit.article.section)))
        click.echo(f"\n{rank}. {title}")
        click.echo(f"   {facts or 'undated'} · {hit.article.key}")
        marked = (click.style(p.text, bold=True) if p.marked else p.text for p in hit.snippet)
        click.echo("   " + "".join(marked))


@cli.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
def cite(file: TextIO) -> None:
    """Find citations: lines of text in, one JSON object a line out."""
    for line in file:
        text = line.rstrip("\r\n")
        found = [{k: v if v != "" else None for k, v in asdict(c).items()} for c in find_citations(text)]
        click.echo(json.dumps({"line": text, "citations": found}, ensure_ascii=False))


@cli.command()
@click.option("--queries", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--qrels", required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@click.option("--fold-queries", is_flag=True, help="Ask every query without diacritics.")
@click.option("--sample", type=click.IntRange(0), default=0, help="A fixed sample of N queries.")
@json_option
def evaluate(queries: Path, qrels: Path, index: Path | None, fold_queries: bool, sample: int, as_json: bool) -> None:
    """Measure ranking on judged queries."""
    judged = evaluation.sample(evaluation.read_judged(queries, qrels), sample)
    engine = open_engine(_settings(index))()
    figures = evaluation.evaluate(engine, judged, folded=fold_queries)
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
    rows = asdict(open_engine(_settings(index))().stats())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, value in rows.items():
        click.echo(f"{name:<11}{value:,}" if isinstance(value, int) else f"{name:<11}{value}")


@cli.command()
@index_option
@click.option("--host", default=None)
@click.option("--port", type=click.IntRange(1, 65535), default=None)
def serve(index: Path | None, host: str | None, port: int | None) -> None:
    """Serve the search page."""
    settings = _settings(index)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    _refuse_taken_port(settings)
    open_engine(settings)()  # an index that cannot answer is told before a server starts
    click.echo(f"http://{settings.host}:{settings.port}")
    run_server(settings)


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): choose another with --port"
            ) from None


class _progress:  # noqa: N801 - reads as a verb at its one use
    """A bar on a terminal, nothing in a pipe."""

    def __enter__(self) -> Callable[[int, int], None]:
        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, transient=True,
        )  # fmt: skip
        self.bar.start()
        self.task = self.bar.add_task("Indexing", total=None, rate="")
        return self.step

    def step(self, done: int, total: int) -> None:
        """done, total: articles (total 0 while unknown)."""
        speed = self.bar.tasks[0].speed
        self.bar.update(self.task, completed=done, total=total or None, rate=f"{speed:,.0f}/s" if speed else "")

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command line; every expected failure is one line and a documented exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        with cli.make_context("searchapp", list(sys.argv[1:] if arguments is None else arguments)) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except SearchappError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nothing to say
        sys.exit(0)
    except MemoryError:
        _fail("out of memory: run with fewer --jobs or more memory; the old index is unchanged", OUT_OF_MEMORY)
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            raise
        _fail(f"{error.filename or 'disk'}: {error.strerror}: free some space; the old index is unchanged", DISK)


def _fail(message: str, code: int) -> None:
    click.echo(f"searchapp: {message}", err=True)
    sys.exit(code)


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)
