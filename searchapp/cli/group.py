"""The command group and the options that every command shares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from searchapp import config
from searchapp.config import Settings

index_option = click.option("--index", type=click.Path(path_type=Path), help="Index folder (default: index).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings file (default: searchapp.toml).")
@click.version_option(package_name="searchapp")
@click.pass_context
def cli(context: click.Context, file: Path | None) -> None:
    """Search an archive of Vietnamese political documents."""
    context.obj = lambda: config.load(file)


def settings_for(index: Path | None) -> Settings:
    """The settings of this run, with the index folder of the command line where one is given."""
    settings: Settings = click.get_current_context().obj()
    return replace(settings, index=index) if index is not None else settings
