"""Commands that bring articles in: from a site, and from folders as they change."""

from __future__ import annotations

import json
import sys
import threading
from difflib import get_close_matches
from pathlib import Path
from types import FrameType

import click

from searchapp.cli.group import cli, end_with, index_option, json_option, settings_for
from searchapp.cli.reindex import noted, progress
from searchapp.cli.speech import echo
from searchapp.crawl import crawl as run_crawl
from searchapp.errors import UsageError
from searchapp.ingest import reindex
from searchapp.ingest.watch import QUIET
from searchapp.ingest.watch import watch as run_watch
from searchapp.report import Report

_SCAN_MINUTES = 1.0  # the longest wait of a watched folder while scans are read
_INCOMPLETE = 3  # the exit code of a run that kept its pages, but the site ended it or had none


@cli.command()
@click.argument("site")
@json_option
def crawl(site: str, as_json: bool) -> None:
    """Visit SITE of the settings and keep its new pages; `reindex` reads them.

    Exit code 3: the site ended the run, or an address of the settings gave nothing.
    """
    sites = settings_for(None).sites
    if site not in sites:
        near = get_close_matches(site, sites, 1)
        if near:
            raise UsageError(f"no site {site!r} in the settings: did you mean {near[0]!r}?")
        raise UsageError(f"no site {site!r} in the settings: add a table [sites.{site}] to searchapp.toml")
    with progress("Asking") as step:
        report = run_crawl(site, sites[site], tick=lambda asked, left: step(asked, asked + left))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            echo(line)
    if report.incomplete:
        sys.exit(_INCOMPLETE)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
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
            return reindex(watched, settings.index, settings, jobs=jobs, ocr=True, ocr_minutes=_SCAN_MINUTES)

    end_with(end, interrupted=True)
    try:
        echo(f"watching {', '.join(map(str, watched))}")
        run_watch(watched, settings.index, run, echo, stop, quiet=quiet)
    except KeyboardInterrupt:
        echo("stopped; the index stays as it is")
