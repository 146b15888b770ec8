"""Commands that bring articles in: from a site, and from folders as they change."""

from __future__ import annotations

import json
import sys
from difflib import get_close_matches

import click

from searchapp.cli.group import cli, json_option, settings_for
from searchapp.cli.progress import progress
from searchapp.crawl import crawl as run_crawl
from searchapp.errors import UsageError

INCOMPLETE = 3  # the exit code of a run that kept what it fetched, but could not fetch everything


@cli.command()
@click.argument("site")
@json_option
def crawl(site: str, as_json: bool) -> None:
    """Visit SITE of the settings and keep its new pages; `reindex` reads them."""
    sites = settings_for(None).sites
    if site not in sites:
        near = get_close_matches(site, sites, 1)
        known = f"did you mean {near[0]!r}?" if near else f"add a table [sites.{site}] to searchapp.toml"
        raise UsageError(f"no site {site!r} in the settings: {known}")
    with progress("Asking") as step:
        report = run_crawl(site, sites[site], tick=lambda asked, left: step(asked, asked + left))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    if report.stopped or report.failed:
        sys.exit(INCOMPLETE)
