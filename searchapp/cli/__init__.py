"""The command line: sentences in, plain lines out. Exit codes are those of the query language's page in docs/."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sqlite3
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from types import FrameType
from typing import Final

import click
from click.shell_completion import shell_complete

from searchapp.cli.group import COMPLETE, DISK, INTERRUPTED, OUT_OF_MEMORY, cli, end_with, exit_code
from searchapp.cli.speech import language, show, told
from searchapp.errors import BadQueryError, SearchappError, UsageError

__all__ = ["cli", "main"]


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command line; every expected failure is one line and a documented exit code."""
    if os.name != "posix":
        _fail("runs on Linux and macOS; under Windows inside WSL", 1)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal of another encoding gets \u1ecb for what it cannot show
            stream.reconfigure(errors="backslashreplace")
    if asked := os.environ.get(COMPLETE):
        sys.exit(shell_complete(cli, {}, "searchapp", COMPLETE, asked))
    end_with(_terminated)
    atexit.register(gc.disable)  # a process that ends need not look for garbage
    try:
        language()  # a wrong SEARCHAPP_LANG is told at once
        with cli.make_context("searchapp", list(sys.argv[1:] if arguments is None else arguments)) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        show(error)
        sys.exit(UsageError.exit_code)
    except BadQueryError as error:  # what a visitor reads: in both languages already
        _fail(str(error) if language() == "vi" else error.english, error.exit_code)
    except SearchappError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nobody needs a message
        sys.exit(0)
    except MemoryError:
        _fail("out of memory: run with fewer --jobs or more memory; the old index is unchanged", OUT_OF_MEMORY)
    except OSError as error:
        if error.errno in _FULL:
            _fail(f"{error.filename or 'disk'}: {error.strerror}: free some space; the old index is unchanged", DISK)
        if exit_code(error) == DISK and error.errno != errno.EROFS:
            _fail(f"{error.filename or 'disk'}: {error.strerror}: look at the disk; the old index is unchanged", DISK)
        if error.errno in (errno.EMFILE, errno.ENFILE):
            _fail("too many open files: raise `ulimit -n`; the old index is unchanged", exit_code(error))
        if error.errno in _NO_LOCKS:
            _fail(f"the file system has no locks ({error.strerror}): use a folder of a local disk", exit_code(error))
        if not error.filename or error.errno not in _OF_A_PATH:
            raise
        _fail(f"{error.filename}: {error.strerror}: check its rights, or name another path", exit_code(error))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
            raise
        _fail("disk: No space left on device: free some space; the old index is unchanged", DISK)
    except UnicodeDecodeError as error:
        _fail(f"byte {error.start} of the text is not UTF-8: save it as UTF-8", exit_code(error))


def _open_closed_streams() -> None:
    """Open the null device as each standard stream that the caller closed, as `>&-` and some supervisors do.

    Else the next file, one of the index perhaps, takes its number, and what a child prints is written into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
_OF_A_PATH: Final = (
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ENOTEMPTY,
    errno.ENAMETOOLONG,
)
"""What is wrong with a path that a person named; any other error of the system is a bug, and keeps its traceback."""


def _fail(message: str, code: int) -> None:
    click.echo(f"searchapp: {told(message)}", err=True)
    sys.exit(code)


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)
