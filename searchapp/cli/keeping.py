"""Commands that look after an index: is it sound, and back to the one before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import click

from searchapp.cli.group import cli, index_option, json_option, settings_for
from searchapp.engine import Condition
from searchapp.engines import manifest, open_index
from searchapp.ingest import ledger

DAMAGED: Final = 1  # the exit code when anything that could answer is not as it was published


@cli.command()
@index_option
@click.option("--quick", is_flag=True, help="Sizes and manifests only, no content.")
@json_option
def check(index: Path | None, quick: bool, as_json: bool) -> None:
    """Check every file of every generation kept, and the one that answers from the inside."""
    found = open_index(settings_for(index))
    problem, conditions = found.check(deep=not quick)
    if not quick:
        conditions = [_with_ledger(found.folder, one) for one in conditions]
    damaged = bool(problem) or any(one.problems for one in conditions)
    if as_json:
        rows = [{"live": row.pop("answers"), **row} for row in map(asdict, conditions)]
        click.echo(json.dumps({"ok": not damaged, "problem": problem, "generations": rows}, ensure_ascii=False))
    else:
        _print(problem, conditions)
    if damaged:
        sys.exit(DAMAGED)


def _with_ledger(folder: Path, one: Condition) -> Condition:
    """Also what is wrong with the ledger of the generation that answers, when nothing else is."""
    own = folder / one.generation
    if not one.answers or one.problems or not own.is_dir():
        return one
    return replace(one, problems=tuple(ledger.problems(own, manifest.read(own).articles)))


def _print(problem: str, conditions: Iterable[Condition]) -> None:
    if problem:
        click.echo(problem)
    for one in conditions:
        name = f"{one.generation}{' (answers)' if one.answers else ''}"
        click.echo(f"{name}: {'damaged' if one.problems else 'sound'}")
        for line in one.problems:
            click.echo(f"  {line}")
        for stray in one.foreign:
            click.echo(f"  {stray}: not of this index, never read; may be removed")


@cli.command()
@index_option
@click.option("--to", default="", metavar="GENERATION", help="Its name (default: the one before the live one).")
def rollback(index: Path | None, to: str) -> None:
    """Answer from the generation before, or from the one named, after checking all of it."""
    name, articles = open_index(settings_for(index)).rollback(to)
    click.echo(f"{name} is live again ({articles:,} articles); the next reindex brings in what has changed since")
