"""The commands of an archive's own tables: write them out to begin with, and check them."""

from __future__ import annotations

from pathlib import Path

import click

from searchapp.cli.group import cli, settings_for
from searchapp.cli.speech import echo
from searchapp.errors import SettingsError, UsageError
from searchapp.tables import NAMES, read
from searchapp.tables.rows import STARTERS


@cli.group()
def tables() -> None:
    """Themes, abbreviations, places and pins of your own archive."""


@tables.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write every table into FOLDER, with comments, to be filled in."""
    taken = [name for name in STARTERS if (folder / name).exists()]
    if taken:
        raise UsageError(f"{folder / taken[0]} is there already: choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in STARTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    echo(f"{len(STARTERS)} tables in {folder}: fill in what you need, remove the rest, and say in searchapp.toml")
    click.echo(f'  tables = "{folder}"')


@tables.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def check(folder: Path | None) -> None:
    """Look at the tables of the settings, or of FOLDER, and say what is wrong, a line each."""
    settings = settings_for(None)
    where = folder or settings.tables
    if where is None:
        raise UsageError("no tables: name a folder, or set `tables` in searchapp.toml")
    found, lines = read(where, settings.replace if folder is None else ())
    if lines:
        raise SettingsError("\n".join(lines))
    echo(f"{where}: sound; {', '.join(name for name in NAMES if name in found.own) or 'nothing is changed'}")
