"""The command that serves the page."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import click

from searchapp.cli.group import cli, index_option, settings_for
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.errors import SettingsError
from searchapp.web.server import serve as run_server


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


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): choose another with --port"
            ) from None
