"""Commands that write an index."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from searchapp.cli.group import cli, index_option, json_option, settings_for
from searchapp.cli.progress import progress
from searchapp.ingest import reindex as run_reindex

SKIPPED = 3  # the exit code of a run that published, but could not read every file


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option("--add", is_flag=True, help="Keep what other PATHs brought.")
@click.option("--full", is_flag=True, help="Analyse everything again.")
@click.option("--verify", is_flag=True, help="Compare contents, not size and time; check the index too.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Worker processes (default: the cores).")
@click.option("--allow-shrink", is_flag=True, help="Publish even if most articles are gone.")
@json_option
def reindex(paths: tuple[Path, ...], index: Path | None, as_json: bool, **options: Any) -> None:
    """Make the index mirror PATHS exactly (default: those of the settings, else corpus/)."""
    settings = settings_for(index)
    with progress() as step:
        report = run_reindex(paths or settings.corpus, settings.index, settings, progress=step, **options)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    if report.skipped:
        sys.exit(SKIPPED)
