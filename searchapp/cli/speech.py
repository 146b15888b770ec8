"""What the command line says, in English or Vietnamese, translated where it is printed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from searchapp.errors import SettingsError
from searchapp.text.translated import in_vietnamese

LANGS: Final = ("vi", "en")
_NOUNS: Final = "article|citation|day|document|edge|file|generation|page|relation|row|table|vector|word"
_ONE: Final = re.compile(rf"(?<![^\s(])(1 (?:\w+ )?(?:{_NOUNS}))s\b")  # "1 articles", "1 older generations"
_EXTRA: Final = "  ["  # Click adds "[default: …]" to the help of an option


def language(environ: Mapping[str, str] = os.environ) -> str:
    """SEARCHAPP_LANG, else the language of the terminal's locale: "vi" or "en".

    Raises SettingsError for another SEARCHAPP_LANG.
    """
    said = environ.get("SEARCHAPP_LANG", "")
    if said:
        if said not in LANGS:
            raise SettingsError(f"SEARCHAPP_LANG: {said!r} is no language; use vi or en")
        return said
    return _of_locale(environ)


def _of_locale(environ: Mapping[str, str]) -> str:
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    return "vi" if locale.split("_")[0].split(".")[0] == "vi" else "en"


def told(text: str, lang: str = "") -> str:
    """Lines of ours in the language of the reader; what the table does not know stays as it is."""
    if (lang or _language()) == "en":
        return _ONE.sub(r"\1", text)
    return in_vietnamese(text)


def echo(text: str, **options: Any) -> None:
    """Print lines of ours, as click.echo does."""
    click.echo(told(text), **options)


def _language() -> str:
    try:
        return language()
    except SettingsError:  # the command itself tells what is wrong
        return _of_locale(os.environ)


class _Formatter(click.HelpFormatter):
    """Help in the language of the reader."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, told("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Above options and commands."""
        super().write_heading(told(heading))

    def write_text(self, text: str) -> None:
        """What a command does."""
        super().write_text(told(" ".join(text.split())))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        """Options or commands, each with its meaning."""
        super().write_dl([(name, meaning_of(text)) for name, text in rows], *args, **options)


def meaning_of(text: str, lang: str = "") -> str:
    """The help of a command or option in the language of the reader, with what Click adds."""
    head, mark, rest = f"  {text}".partition(_EXTRA)  # an option may have nothing else
    extras = "; ".join(told(one, lang) for one in rest.removesuffix("]").split("; "))
    return (told(" ".join(head.split()), lang) + (f"{mark}{extras}]" if mark else "")).strip()


class Context(click.Context):
    """A context whose help is in the language of the reader."""

    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is in the language of the reader."""

    context_class = Context

    def get_short_help_str(self, limit: int = 0) -> str:
        """All of it: no line is cut."""
        return meaning_of(self.help or "")


class Group(click.Group):
    """A group of commands: names each with its whole first sentence, and the nearest name for one that is none."""

    context_class = Context
    command_class = Command

    def get_short_help_str(self, limit: int = 0) -> str:
        """All of it: no line is cut."""
        return meaning_of(self.help or "")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All commands; no line is cut."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str()) for name, one in found if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


Group.group_class = Group


def show(error: click.ClickException) -> None:
    """What Click says of a command line that is off, with its help line."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # "searchapp tables": the help is what was missing
        click.echo(error.format_message(), err=True)
        return
    if context is not None:
        hint = told(f"Try '{context.command_path} --help' for help.")
        click.echo(f"{context.get_usage()}\n{hint}\n", err=True)
    echo(f"Error: {told(error.format_message())}", err=True)
