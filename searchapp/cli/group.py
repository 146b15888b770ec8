"""The command group and the options that every command shares."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from searchapp import config
from searchapp.config import Settings
from searchapp.errors import SearchappError

OUT_OF_MEMORY, DISK, INTERRUPTED = 71, 74, 130
_DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)

index_option = click.option("--index", type=click.Path(path_type=Path), help="Index folder (default: index).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings file (default: searchapp.toml).")
@click.version_option(package_name="searchapp")
@click.pass_context
def cli(context: click.Context, file: Path | None) -> None:
    """Search an archive of Vietnamese political documents."""
    context.obj = lambda: config.load(file)


def exit_code(error: BaseException) -> int:
    """With which code a command ends that this error ended."""
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
    """The settings of this run, with the index folder of the command line where one is given."""
    settings: Settings = click.get_current_context().obj()
    return replace(settings, index=index) if index is not None else settings
