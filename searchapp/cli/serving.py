"""The commands of who runs the site: serve it, and find out what stands in its way."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from searchapp.cli.group import cli, index_option, json_option, settings_for
from searchapp.config import Settings
from searchapp.doctor import examine as look
from searchapp.doctor import verdict
from searchapp.engines import open_engine
from searchapp.errors import SettingsError
from searchapp.web.server import serve as run_server

UNWELL = 1  # the exit code when something needs to be done


@cli.command()
@index_option
@click.option("--host", default=None)
@click.option("--port", type=click.IntRange(1, 65535), default=None)
def serve(index: Path | None, host: str | None, port: int | None) -> None:
    """Serve the search page."""
    settings = settings_for(index)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if "LISTEN_FDS" not in os.environ:  # else systemd listens for us
        _refuse_taken_port(settings)
    open_engine(settings)()  # an index that cannot answer is told before a server starts
    click.echo(f"http://{settings.host}:{settings.port}")
    run_server(settings)


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
            click.echo(finding.line())
    if verdict(findings) == "bad":
        sys.exit(UNWELL)


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): choose another with --port"
            ) from None
