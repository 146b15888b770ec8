"""The steps of who follows: the form, the confirmation, leaving. None needs a cookie or a script.

What mails say is in `letters`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal

from flask import Response, abort, request

from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.visitors.alerts.book import Book, Every, Subscription, is_address
from searchapp.visitors.alerts.post import NotSentError, Post, UnsureError
from searchapp.web import links
from searchapp.web.counted import from_own_page
from searchapp.web.following.letters import MAX_ASKED, Letters, about, asked_of, called
from searchapp.web.request import Visit
from searchapp.web.serving.monitoring import tell

_PATIENCE: Final = 5.0  # seconds that a visitor waits for the mail server; a later round sends what it did not take
_WHOLE: Final = 8.0  # and for all its answers together
_MOST_BYTES: Final = 16_384
_OFTEN: Final[dict[str, Every]] = {"ngay": "daily", "tuan": "weekly"}


def form(visit: Visit, engine: Engine) -> Response:
    """`GET /theo-doi?q=…`: what is to be followed, and where mails go."""
    query = _query(visit)
    return _page(visit, "form", query=query, about=about(visit.lang, called(engine, query, visit.lang)))


def ask(visit: Visit, engine: Engine) -> Response:
    """`POST /theo-doi?q=…`: send the mail that asks for confirmation; the answer tells nothing of the address."""
    _check()
    query = _query(visit)
    address = request.form.get("email", "").strip()
    title = called(engine, query, visit.lang)
    every = _OFTEN.get(request.form.get("luc", ""), "daily")
    if not is_address(address):
        typed = {"typed": address, "every": every, "wrong": visit.say("follow.wrong")}
        page = _page(visit, "form", query=query, about=about(visit.lang, title), **typed)
        page.status_code = 400
        return page
    with Book(visit.site.settings.state) as book:
        if one := book.follow("mail", address, asked_of(query), title, every, visit.lang):
            _send(visit, book, one)
    return _page(visit, "asked")


def confirm(visit: Visit, engine: Engine, token: str) -> Response:
    """`/theo-doi/xac-nhan/<token>`: a page with a button, because programs look at the links of mails; POST does it."""
    return _step(visit, token, "confirm", "confirmed")


def leave(visit: Visit, engine: Engine, token: str) -> Response:
    """`/theo-doi/huy/<token>`: the same; the POST is also that of RFC 8058, from wherever the mailbox sends it."""
    return _step(visit, token, "leave", "left")


def _step(visit: Visit, token: str, purpose: Literal["confirm", "leave"], done: str) -> Response:
    with Book(visit.site.settings.state) as book:
        one = book.by_token(purpose, token)
        if one is None:
            page = _page(visit, "gone")
            page.status_code = 404
            return page
        if request.method != "POST":
            return _page(visit, purpose, about=about(visit.lang, one.title))
        (book.confirm if purpose == "confirm" else book.leave)(token)
    return _page(visit, done, about=about(visit.lang, one.title))


def _send(visit: Visit, book: Book, one: Subscription) -> None:
    post = Post(visit.site.settings.alerts, _PATIENCE, _WHOLE)
    letters = Letters(visit.site.settings, book, visit.site.settings.public_base_url + visit.links.prefix)
    try:
        post.send(letters.write("confirm", one, {}), one.target, lambda: True)
    except UnsureError:
        book.mailed(one)
    except NotSentError as error:
        tell("confirmation not sent", error=type(error).__name__)  # without the address; the next round tries again
    else:
        book.mailed(one)
    finally:
        post.close()


def _query(visit: Visit) -> Query:
    query = replace(links.read(request.args.items(multi=True)), page=1, after="")
    if len(asked_of(query)) > MAX_ASKED:
        abort(414)
    return query


def _check() -> None:
    if (request.content_length or 0) > _MOST_BYTES:
        abort(413)
    if not from_own_page():
        abort(400)


def _page(visit: Visit, step: str, **values: Any) -> Response:
    """A page that no cache keeps and whose address, which may hold a token, no other site is told."""
    shown = {"query": Query(), "about": "", "wrong": "", "typed": "", "every": "daily", **values}
    response = visit.render("follow.html", step=step, **shown)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
