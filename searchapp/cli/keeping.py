"""Commands that look after an index: is it sound, and back to the one before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from searchapp.cli.group import cli, index_option, json_option, settings_for
from searchapp.config import Settings
from searchapp.engines import examine, generations, manifest
from searchapp.errors import CorruptIndexError, IndexProblemError, StaleIndexError
from searchapp.ingest import ledger

DAMAGED: Final = 1  # the exit code when anything that could answer is not as it was published


@cli.command()
@index_option
@click.option("--quick", is_flag=True, help="Sizes and manifests only, no content.")
@json_option
def check(index: Path | None, quick: bool, as_json: bool) -> None:
    """Check every file of every generation kept, and the one that answers from the inside."""
    settings = settings_for(index)
    found = _located(settings.index)
    rows = []
    for folder in generations.published(settings.index):
        live = folder == found.folder
        lines = list(_problems(settings, folder, quick=quick, inside=live and not quick))
        rows.append({"generation": folder.name, "live": live, "problems": lines, "foreign": _foreign(folder)})
    damaged = bool(found.problem) or any(row["problems"] for row in rows)
    if as_json:
        click.echo(json.dumps({"ok": not damaged, "problem": found.problem, "generations": rows}, ensure_ascii=False))
    else:
        _print(found.problem, rows)
    if damaged:
        sys.exit(DAMAGED)


def _located(index: Path) -> generations.Located:
    """What answers; with the folder of the index itself where nothing does."""
    try:
        return generations.locate(index)
    except (CorruptIndexError, StaleIndexError) as error:
        return generations.Located(index, str(error))


def _problems(settings: Settings, folder: Path, *, quick: bool, inside: bool) -> Iterator[str]:
    try:
        lines = generations.check(folder, deep=not quick)
        if inside and not lines:
            lines = [*examine(settings, folder), *ledger.problems(folder, manifest.read(folder).articles)]
    except IndexProblemError as error:
        lines = [str(error)]
    yield from lines


def _foreign(folder: Path) -> list[str]:
    try:
        return generations.foreign(folder)
    except IndexProblemError:
        return []


def _print(problem: str, rows: list[dict[str, object]]) -> None:
    if problem:
        click.echo(problem)
    for row in rows:
        name = f"{row['generation']}{' (answers)' if row['live'] else ''}"
        problems, foreign = row["problems"], row["foreign"]
        assert isinstance(problems, list) and isinstance(foreign, list)
        click.echo(f"{name}: {'damaged' if problems else 'sound'}")
        for line in problems:
            click.echo(f"  {line}")
        for stray in foreign:
            click.echo(f"  {stray}: not of this index, never read; may be removed")


@cli.command()
@index_option
@click.option("--to", default="", metavar="GENERATION", help="Its name (default: the one before the live one).")
def rollback(index: Path | None, to: str) -> None:
    """Answer from the generation before, or from the one named, after checking all of it."""
    folder = generations.rollback(settings_for(index).index, to)
    articles = manifest.read(folder).articles
    click.echo(
        f"{folder.name} is live again ({articles:,} articles); the next reindex brings in what has changed since"
    )
