"""Writes docs/reference.md from the code: `python docs/reference.py > docs/reference.md` (make reference).

A test compares the page with what this prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any

import click

from searchapp.cli import cli
from searchapp.config import _PREFIX, Settings
from searchapp.config.conditions import CHECKS

HEAD = """# Reference

Every command and every setting, written from the code by `make reference`. Their purpose:
[operations](operations.md).
"""


def commands() -> Iterator[str]:
    """A section a command: what it does, its arguments and options."""
    context = click.Context(cli, info_name="searchapp")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield from command_section(command, click.Context(command, info_name=name, parent=context))


def command_section(command: click.Command, context: click.Context) -> Iterator[str]:
    """One command, and those below it."""
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"### `{context.command_path} {usage}`\n\n{' '.join((command.help or '').split())}\n"
    rows = [record for one in command.params if (record := one.get_help_record(context))]
    if rows:
        yield "| option | meaning |\n|---|---|"
        yield "\n".join(f"| `{names}` | {' '.join(told.split())} |".replace("|n", "") for names, told in rows) + "\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from command_section(inner, click.Context(inner, info_name=name, parent=context))


def settings(kind: type[Any] = Settings, table: str = "") -> Iterator[str]:
    """A row a setting: its name, its default, and what is allowed."""
    inner: list[tuple[str, type[Any]]] = []
    place = f"`[{table}]`" if table else "the head of `searchapp.toml`"
    yield f"### {place}\n\n| setting | default | allowed | environment |\n|---|---|---|---|"
    for one in fields(kind):
        value = default(one)
        if is_dataclass(value):
            inner.append((one.name, type(value)))
            continue
        allowed = CHECKS[one.name][1] if one.name in CHECKS and not table else ""
        variable = "" if table or isinstance(value, Mapping) else f"`{_PREFIX}{one.name.upper()}`"
        yield f"| `{one.name}` | {shown(value)} | {allowed} | {variable} |"
    yield ""
    for name, below in inner:
        yield from settings(below, name)


def default(one: Field[Any]) -> Any:
    """The value of a setting that nobody set."""
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else ""


def shown(value: Any) -> str:
    """A default as searchapp.toml would have it."""
    match value:
        case None | "" | Mapping():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case tuple():
            written = [f'"{item}"' if isinstance(item, (str, Path)) else str(item) for item in value]
            return f"`[{', '.join(written)}]`"
        case str() | Path():
            return f'`"{value}"`'
    return f"`{value}`"


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Commands\n", *commands(), "## Settings\n", *settings()]
    return "\n".join(parts).rstrip("\n") + "\n"


if __name__ == "__main__":
    print(page(), end="")
