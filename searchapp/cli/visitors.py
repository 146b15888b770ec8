"""The commands of who asks what visitors want: counts of queries, and those who follow."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any, Final

import click

from searchapp import visitors
from searchapp.cli.ask import theme_of
from searchapp.cli.group import cli, end_with, index_option, json_option, settings_for
from searchapp.cli.speech import echo, told
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import UsageError
from searchapp.query import Query
from searchapp.text.urls import canonical_url
from searchapp.visitors.alerts import Round, alone, exported, post
from searchapp.visitors.alerts.book import FILE as ALERTS
from searchapp.visitors.alerts.book import Book
from searchapp.visitors.alerts.post import Hooks, Post
from searchapp.visitors.statistics import ENOUGH, Insights, Row, forget
from searchapp.visitors.statistics import insights as read_insights
from searchapp.web.following.letters import Letters, asked_of, called, news

_WAITING: Final = 1  # the exit code when messages wait for the next round
_STATES: Final = {
    "mail asked": "by mail, not confirmed yet",
    "mail live": "by mail",
    "mail off": "by mail, left alone because the server refused them",
    "webhook live": "by webhook",
    "webhook off": "by webhook, left alone because the server refused them",
}
_MESSAGES: Final = {
    "waiting": "messages that wait for the next round",
    "sending": "messages on their way",
    "sent": "messages sent",
    "unsure": "messages that may have arrived",
    "given-up": "messages given up after five rounds and two days",
}


@cli.group()
def alerts() -> None:
    """Mails and webhooks for those who follow a query or document (needs [alerts])."""


@alerts.command()
@index_option
@json_option
def send(index: Path | None, as_json: bool) -> None:
    """Tell everybody who is due what is new; after each reindex, and once a day."""
    settings = _following(index)
    engine = open_engine(settings)()
    post, hooks = Post(settings.alerts), Hooks(frozenset(settings.alerts.private_hosts))
    with alone(settings.state), Book(settings.state) as book, closing(post), closing(hooks):
        find = partial(news, engine, settings.public_address)
        round_of = Round(book, post, hooks, find, Letters(settings, book).write, _stopped_politely())
        done = round_of.run(key for key, _ in engine.titles())
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    echo(f"{done.sent:,} sent, {done.waiting:,} waiting, {done.unsure:,} that may have arrived and are not sent again")
    for line in done.problems:
        echo(f"  {line}", err=True)
    if done.waiting:
        sys.exit(_WAITING)


def _stopped_politely() -> Event:
    """Return what is set when the command shall end: it ends behind the message on its way, at once when told again."""
    stop = Event()

    def end(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            sys.exit(128 + number)
        stop.set()

    end_with(end, interrupted=True)
    return stop


@alerts.command()
@json_option
def status(as_json: bool) -> None:
    """Tell how many follow, and what became of the messages; no addresses."""
    states, messages = Counter[str](), dict[str, int]()
    with _kept() as book:
        if book is not None:
            states = Counter(f"{one.kind} {one.state}" for one in book.everyone())
            messages = book.states()
    if as_json:
        click.echo(json.dumps({"subscriptions": states, "messages": messages}))
        return
    rows = [(_STATES[name], count) for name, count in sorted(states.items())]
    rows += [(_MESSAGES[name], count) for name, count in messages.items()]
    for said, count in rows:
        click.echo(f"{count:>8,}  {told(said)}")
    if not states:
        echo("nobody follows")


@alerts.command()
@click.argument("address", default="")
def export(address: str) -> None:
    """Print what is kept, as JSON: of all, or of ADDRESS."""
    with _kept() as book:
        click.echo(exported(book, address))


@alerts.command(name="forget")
@click.argument("address", default="")
@click.option("--all", "everybody", is_flag=True, help="Delete every address, and what is known of the articles.")
def forget_address(address: str, everybody: bool) -> None:
    """Delete what is kept of ADDRESS (a mail address or a webhook's)."""
    if bool(address) == everybody:
        raise UsageError("name an address, or use --all")
    state = settings_for(None).state
    if everybody and (state / ALERTS).exists():
        with alone(state):  # a round would go on telling those whom it has read
            visitors.remove_database(state / ALERTS)
        echo("deleted")
        return
    if everybody:
        echo("nothing was kept")
        return
    with _kept() as book:
        gone = book.forget(address) if book is not None else 0
        echo(f"{gone:,} subscription{'s' if gone != 1 else ''} deleted")


@alerts.command(name="add-webhook")
@click.argument("url")
@click.option("--query", default="", help="Words to follow, as in the search box.")
@click.option("--document", multiple=True, help="Document symbol or slug; may be repeated.")
@click.option("--theme", multiple=True, help="Theme id or name; may be repeated.")
@click.option(
    "--every",
    type=click.Choice(["now", "daily", "weekly"]),
    default="now",
    show_default=True,
    help="How often to send.",
)
@index_option
def add_webhook(
    url: str, query: str, document: tuple[str, ...], theme: tuple[str, ...], every: Any, index: Path | None
) -> None:
    """Send a signed JSON body to URL when something new is found; print the key that signs."""
    settings = _following(index)
    if not (address := canonical_url(url)):
        raise UsageError(f"{url}: a webhook needs a plain http or https address")
    engine = open_engine(settings)()
    slugs = tuple(_slug(engine, name) for name in document)
    themes = tuple(theme_of(engine, name) for name in theme)
    filters = {name: values for name, values in (("document", slugs), ("theme", themes)) if values}
    asked = Query(text=query, filters=filters)
    with Book(settings.state) as book:
        one = book.follow("webhook", address, asked_of(asked), called(engine, asked, "vi"), every, live=True)
        key = post.hook_key(book.secret("webhooks"), address)
    echo(f"{'follows already' if one is None else 'follows'}: {called(engine, asked, 'vi')}")
    echo(f"its key (HMAC-SHA256, webhook-signature): {post.shown_hook_key(key)}")


@contextmanager
def _kept() -> Iterator[Book | None]:
    """The book, None where there is none: who looks leaves no file, which would be theirs and not the site's."""
    state = settings_for(None).state
    if not (state / ALERTS).exists():
        yield None
        return
    with Book(state) as book:
        yield book


def _slug(engine: Engine, name: str) -> str:
    if engine.document(name):
        return name
    found = engine.documents(name)
    if len(found) != 1:
        many = ", ".join(one.slug for one in found[:5]) or "none here"
        raise UsageError(f"{name!r} must mean one document (it means {many}): give its slug")
    return found[0].slug


def _following(index: Path | None) -> Settings:
    settings = settings_for(index)
    if not settings.alerts.sender:
        raise UsageError('nobody can follow: set sender = "Name <address>" under [alerts] in searchapp.toml')
    return settings


@cli.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rows of each list.")
@click.option("--proposals", is_flag=True, help="Print rows for your own tables, to be filled in.")
@click.option("--forget", "forgotten", metavar="QUERY", help="Delete what is kept of one query.")
@click.option("--forget-all", is_flag=True, help="Delete every count.")
@json_option
def insights(limit: int, proposals: bool, forgotten: str | None, forget_all: bool, as_json: bool) -> None:
    """Tell what visitors seek and do not find (needs query_statistics = true)."""
    settings = settings_for(None)
    if forget_all or forgotten is not None:
        if not forget_all and not (forgotten or "").strip():
            raise UsageError("name the query to forget, or use --forget-all")
        gone = forget(settings.state, "" if forget_all else forgotten or "")
        echo("deleted" if gone else "nothing was kept")
        return
    found = read_insights(settings.state, limit)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    elif proposals:
        for table, row in found.proposals():
            click.echo(f"{table}\t{row}")
    elif not found.since:
        echo(_nothing(settings.query_statistics))
    else:
        _print(found)


def _nothing(counting: bool) -> str:
    if counting:
        return f"nothing yet: a query is written down when {ENOUGH} different days or clients have asked it"
    return "nothing is counted: set query_statistics = true in searchapp.toml"


def _print(found: Insights) -> None:
    echo(f"counted since {found.since}")
    _table("asked most", found.queries)
    _table("nothing found", found.nothing_found)
    _table("found, but seldom opened", found.seldom_opened)
    _table("filters", found.filters)
    _table("spellings taken", found.spellings)


def _table(title: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    click.echo(f"\n{told(title)}\n{told('asked'):>8} {told('empty'):>8} {told('opened'):>8}")
    for row in rows:
        click.echo(f"{row.asked:>8,} {row.empty:>8,} {row.opened:>8,}  {row.text}")
