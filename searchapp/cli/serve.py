"""The commands of a site's operator: serve the site, and find the obstacles in its way."""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import click

from searchapp.cli.doctor import examine as look
from searchapp.cli.doctor import verdict
from searchapp.cli.group import cli, given, index_option, json_option, settings_for
from searchapp.cli.speech import echo, told
from searchapp.config import LOOPBACK, Settings
from searchapp.engine import Condition
from searchapp.engines import open_engine, open_index
from searchapp.engines.generations import manifest
from searchapp.errors import SettingsError
from searchapp.ingest import ledger
from searchapp.search.standing import stated_rows
from searchapp.visitors import private_folder

_UNWELL = 1  # the exit code when something needs to be done


@cli.command()
@index_option
@click.option("--host", default=None, help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port to listen on (default: 8000).")
@click.option("--admin", is_flag=True, help="With the operator's pages, /quan-tri: upload, mend, reindex.")
def serve(index: Path | None, host: str | None, port: int | None, admin: bool) -> None:
    """Serve the search page."""
    settings = settings_for(index)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if settings.admin and not (settings.operator_token or admin):  # a reindex of cron needs no token of the site's
        raise SettingsError("admin: set operator_token too, or use 'searchapp serve --admin', which makes one")
    if "LISTEN_FDS" not in os.environ:  # else systemd listens for us
        _refuse_taken_port(settings)
    open_engine(settings)()  # the command reports a broken index before a server starts
    for table in settings.relation_tables:  # and a table that every page about a document would fail on
        stated_rows(Path(table))
    if settings.alerts.sender or settings.admin or admin:
        private_folder(settings.state)  # whoever asks to be told must be remembered
    click.echo(f"http://{settings.address}")
    if admin:
        settings = _with_admin(settings)
    from searchapp.web.serving.server import serve as run_server  # `doctor` and `check` do without the web

    run_server(settings, _reindex_command(settings) if settings.admin else ())


def _with_admin(settings: Settings) -> Settings:
    """The settings with the operator's pages; on this machine alone a token for this run is made and told."""
    token = settings.operator_token
    if not token:
        if settings.host not in (LOOPBACK, "::1", "localhost"):
            raise SettingsError("--admin: set operator_token (SEARCHAPP_OPERATOR_TOKEN), or listen on 127.0.0.1")
        token = secrets.token_urlsafe(24)
        echo(f"/quan-tri opens with {token}")
    return replace(settings, admin=True, operator_token=token)


def _reindex_command(settings: Settings) -> list[str]:
    """The command that renews this index, as if typed here."""
    file = click.get_current_context().find_root().params.get("file")
    config = ["--config", str(Path(file).resolve())] if file else []
    return [sys.executable, "-m", "searchapp", *config, "reindex", "--index", str(settings.index)]


@cli.command()
@index_option
@click.option("--http", is_flag=True, help="Answer over HTTP on 127.0.0.1 instead of standard input.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="With --http.")
def mcp(index: Path | None, http: bool, port: int) -> None:
    """Answer assistants by the Model Context Protocol (needs searchapp[mcp])."""
    from searchapp.assistants.transports import serve_http, serve_stdio

    settings = settings_for(index)
    if not http:
        serve_stdio(open_engine(settings), settings)
        return
    _refuse_taken_port(replace(settings, host=LOOPBACK, port=port))
    serve_http(open_engine(settings), settings, port)


@cli.command()
@index_option
@json_option
def doctor(index: Path | None, as_json: bool) -> None:
    """Look at machine, settings, corpus and index, and say what to do."""
    findings = list(look(settings_for(index)))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.line(told))
    if verdict(findings) == "bad":
        sys.exit(_UNWELL)


def _refuse_taken_port(settings: Settings) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in _ABOUT_PORT:
            said = f"cannot listen on {settings.address} ({error.strerror}): choose another with --port"
            raise SettingsError(said) from None
        reason = getattr(error, "strerror", "") or error
        raise SettingsError(f"cannot listen on {settings.address} ({reason}): choose another with --host") from None


_ABOUT_PORT: Final = (errno.EADDRINUSE, errno.EACCES)


_DAMAGED: Final = 1  # the exit code when any generation differs from its publication


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
        sys.exit(_DAMAGED)


def _with_ledger(folder: Path, one: Condition) -> Condition:
    """Add the faults in the ledger of the answering generation, when nothing else is wrong."""
    own = folder / one.generation
    if not one.answers or one.problems or not own.is_dir():
        return one
    return replace(one, problems=tuple(ledger.problems(own, manifest.read(own).articles)))


def _print(problem: str, conditions: Sequence[Condition]) -> None:
    if problem:
        echo(problem)
    for one in conditions:
        name = f"{one.generation}{' (answers)' if one.answers else ''}"
        echo(f"{name}: {'damaged' if one.problems else 'sound'}{', of another release' if one.of_another else ''}")
        for line in one.problems:
            echo(f"  {line}")
        for stray in one.foreign:
            echo(f"  {stray}: not of this index, never read; may be removed")
    if advice := _advice(problem, conditions):
        echo(advice)


def _advice(problem: str, conditions: Sequence[Condition]) -> str:
    """Return what to do about what was found, in one line; "" where nothing is to be done, or the problem tells it."""
    live = next((one for one in conditions if one.answers), None)
    damaged = [one for one in conditions if one.problems]
    if live is None or not (problem or damaged):
        return ""
    if live.problems:
        sound = next((one for one in conditions if not (one.problems or one.of_another)), None)
        if sound is None:
            return "what to do: run 'searchapp reindex --full'"
        return f"what to do: run 'searchapp rollback' to answer from {sound.generation}, then 'searchapp reindex'"
    if problem:
        return "what to do: run 'searchapp reindex': it publishes a sound generation"
    return f"what to do: nothing now: {live.generation} answers, what is damaged before it goes with the next reindexes"


@cli.command()
@index_option
@click.option("--to", callback=given, metavar="GENERATION", help="Its name (default: the one before the live one).")
def rollback(index: Path | None, to: str) -> None:
    """Answer from the generation before, or from the one named, after checking all of it."""
    name, articles = open_index(settings_for(index)).rollback(to)
    echo(f"{name} is live again ({articles:,} articles); the next reindex brings in what has changed since")
