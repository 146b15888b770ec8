"""Commands that take data out of an index."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from searchapp import export as graph_files
from searchapp.cli.group import cli, index_option, settings_for
from searchapp.engines import open_engine
from searchapp.errors import UsageError

_WRITERS: Final = {"csv": graph_files.write_csv, "graphml": graph_files.write_graphml}


@cli.command()
@click.option("--citations", required=True, type=click.Path(path_type=Path), help="File to write: .csv or .graphml.")
@click.option("--format", "kind", type=click.Choice(list(_WRITERS)), help="Default: what the file name ends in.")
@index_option
def export(citations: Path, kind: str | None, index: Path | None) -> None:
    """Write who cites what: a table (CSV) or a graph (GraphML); "-" is standard output."""
    kind = kind or citations.suffix.lower().lstrip(".")
    if kind not in _WRITERS:
        raise UsageError(f"{citations}: name it .csv or .graphml, or say --format csv")
    engine = open_engine(settings_for(index))()
    with click.open_file(str(citations), "w", encoding="utf-8", atomic=str(citations) != "-") as out:
        count = _WRITERS[kind](engine, out)
    click.echo(f"{count:,} {'citations' if kind == 'csv' else 'edges'} written to {citations}", err=True)
