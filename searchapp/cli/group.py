"""The command group and the options that every command shares."""

from __future__ import annotations

import errno
import importlib
import signal
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click

from searchapp import config, dates
from searchapp.cli.speech import Group
from searchapp.config import Settings
from searchapp.errors import SearchappError

COMPLETE: Final = "_SEARCHAPP_COMPLETE"  # with it in the environment a shell asks for what may be typed next
OUT_OF_MEMORY, DISK, INTERRUPTED = 71, 74, 130
_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)


_EMPTY: Final = "it is empty: is a variable of the shell unset?"


class NamedPath(click.Path):
    """A path that somebody names: "", as of a variable of the shell that is unset, would be the current folder."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; an empty one is no value."""
        if value == "":
            self.fail(_EMPTY, param, ctx)
        return super().convert(value, param, ctx)


def given(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """Return a name that was given, "" where none was; an empty one is none that somebody means."""
    if value == "":
        raise click.BadParameter(_EMPTY, ctx, param)
    return value or ""


index_option = click.option("--index", type=NamedPath(), help="Index folder (default: index).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


FAMILIES: Final = {
    "ask": ("search", "cite", "evaluate", "stats", "export"),
    "reindex": ("reindex", "watch", "encode", "migrate"),
    "gather": ("crawl",),
    "serve": ("serve", "doctor", "check", "rollback", "mcp"),
    "begin": ("init", "tables", "completion"),
    "visitors": ("insights", "alerts"),
}
"""Module of this package → its commands."""


class Families(Group):
    """A group that imports a family of commands at its first use: a reindex need not wait for those of the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(name for names in FAMILIES.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; importing its family adds it to the group."""
        for family, names in FAMILIES.items():
            if cmd_name in names:
                importlib.import_module(f"searchapp.cli.{family}")
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; the nearest name is offered for one that is none."""
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing and not name.startswith("-"):
            near = get_close_matches(name.lower(), self.list_commands(ctx), 1)
            ctx.fail(f"No such command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=Families, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "file", type=NamedPath(), help="Settings file (default: searchapp.toml).")
@click.version_option(package_name="searchapp")
@click.pass_context
def cli(context: click.Context, file: Path | None) -> None:
    """Search an archive of Vietnamese political documents."""
    context.obj = lambda: config.load(file)


def exit_code(error: BaseException) -> int:
    """Return the exit code of a command that this error ended."""
    match error:
        case SearchappError():
            return error.exit_code
        case SystemExit():
            return error.code if isinstance(error.code, int) else 0
        case KeyboardInterrupt():
            return INTERRUPTED
        case MemoryError():
            return OUT_OF_MEMORY
        case OSError() if error.errno in _DISK_ERRORS:
            return DISK
    return 1


def settings_for(index: Path | None) -> Settings:
    """Return the settings of this run, with the index folder of the command line where one is given."""
    settings: Settings = click.get_current_context().obj()
    dates.live_in(settings.timezone)
    return replace(settings, index=index) if index is not None else settings


Handler = Callable[[int, FrameType | None], None]


def end_with(handler: Handler, *, interrupted: bool = False) -> None:
    """Call `handler` when the command shall end; interrupted: at Ctrl-C too.

    A signal that its parent made it ignore, as nohup and `&` do, stays ignored.
    """
    signal.signal(signal.SIGTERM, handler)
    others = ["SIGHUP", "SIGINT"] if interrupted else ["SIGHUP"]
    for number in (getattr(signal, name) for name in others if hasattr(signal, name)):  # Windows has no SIGHUP
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)
