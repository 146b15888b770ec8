"""The command that visits sites; a module of its own, since a reindex need not wait for what only a visit imports."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import sys
from difflib import get_close_matches

import click

from searchapp.cli.group import cli, json_option, settings_for
from searchapp.cli.reindex import progress
from searchapp.cli.speech import echo
from searchapp.crawl import crawl as run_crawl
from searchapp.errors import UsageError

_INCOMPLETE = 3  # the exit code of a run that kept its pages, but the site ended it or had none


@cli.command()
@click.argument("site")
@json_option
def crawl(site: str, as_json: bool) -> None:
    """Visit SITE of the settings and keep its new pages; `reindex` reads them.

    Exit code 3: the site ended the run, or an address of the settings gave nothing.
    """
    sites = settings_for(None).sites
    if site not in sites:
        near = get_close_matches(site, sites, 1)
        if near:
            raise UsageError(f"no site {site!r} in the settings: did you mean {near[0]!r}?")
        raise UsageError(f"no site {site!r} in the settings: add a table [sites.{site}] to searchapp.toml")
    try:
        with progress("Asking") as step:
            report = run_crawl(site, sites[site], tick=lambda asked, left: step(asked, asked + left))
    except (KeyboardInterrupt, SystemExit):
        echo("searchapp: what was fetched is kept; the same command goes on from here", err=True)
        raise
    except sqlite3.OperationalError as error:  # it names no file
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(sites[site].store)) from None
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            echo(line)
    if report.incomplete:
        sys.exit(_INCOMPLETE)
