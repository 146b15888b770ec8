"""The commands of the first hour.

They make a folder to begin with, write out and check an archive's own tables, and teach a shell the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from searchapp.cli.group import COMPLETE, NamedPath, cli, settings_for
from searchapp.cli.speech import echo
from searchapp.errors import SettingsError, UsageError
from searchapp.tables import NAMES, read
from searchapp.tables.rows import STARTERS

_SHELLS: Final = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
_STARTERS: Final = Path(__file__).parents[1] / "data" / "init"
_PLACES: Final = {"searchapp.toml": "searchapp.toml", "README.md": "README.md", "chao-mung.md": "van-ban/chao-mung.md"}


@cli.command()
@click.argument("folder", type=NamedPath())
def init(folder: Path) -> None:
    """Make FOLDER an archive to begin with: settings, tables, a first article, and what to do next."""
    files = {place: (_STARTERS / name).read_text(encoding="utf-8") for name, place in _PLACES.items()}
    files |= {f"bang/{name}": text for name, text in STARTERS.items()}
    if taken := next((folder / place for place in files if (folder / place).exists()), None):
        raise UsageError(f"{taken} is there already: choose another folder")
    for place, text in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    echo(f"{folder} is ready. Next:")
    click.echo(f"  cd {folder}\n  searchapp reindex\n  searchapp serve")


@cli.command()
@click.argument("shell", type=click.Choice(list(_SHELLS)))
def completion(shell: str) -> None:
    """Print what makes SHELL complete commands and options."""
    click.echo(_SHELLS[shell](cli, {}, "searchapp", COMPLETE).source())


@cli.group()
def tables() -> None:
    """Themes, abbreviations, places and pins of your own archive."""


@tables.command("init")
@click.argument("folder", type=NamedPath())
def init_tables(folder: Path) -> None:
    """Write every table into FOLDER, with comments, to be filled in."""
    taken = [name for name in STARTERS if (folder / name).exists()]
    if taken:
        raise UsageError(f"{folder / taken[0]} is there already: choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in STARTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    echo(f"{len(STARTERS)} tables in {folder}: fill in what you need, remove the rest, and say in searchapp.toml")
    click.echo(f'  tables = "{folder}"')


@tables.command("check")
@click.argument("folder", type=NamedPath(), required=False)
def check_tables(folder: Path | None) -> None:
    """Look at the tables of the settings, or of FOLDER, and say what is wrong, a line each."""
    settings = settings_for(None)
    where = folder or settings.tables
    if where is None:
        raise UsageError("no tables: name a folder, or set `tables` in searchapp.toml")
    found, lines = read(where, settings.replace if folder is None else ())
    if lines:
        raise SettingsError("\n".join(lines))
    echo(f"{where}: sound; {', '.join(name for name in NAMES if name in found.own) or 'nothing is changed'}")
