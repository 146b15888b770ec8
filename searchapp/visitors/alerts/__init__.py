"""One round after a reindex tells those who follow what is new, once.

`book` knows who follows what, `post` sends mails and webhooks.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any, Final, Literal, TypeAlias

from searchapp import visitors
from searchapp.errors import BusyIndexError, SearchappError
from searchapp.visitors.alerts import post
from searchapp.visitors.alerts.book import TRIES, Book, Message, Subscription
from searchapp.visitors.alerts.post import Hooks, NotSentError, Post, TakenError, UnsureError

_LOCK: Final = "alerts.lock"
_LOST: Final = 3  # failures of the mail server in a row after which the rest waits for the next round

Find: TypeAlias = Callable[[str, Sequence[str]], dict[str, Any] | None]
"""A query and keys → the articles among them that it finds, as JSON knows them; None for none."""
Write: TypeAlias = Callable[[Literal["confirm", "news"], Subscription, dict[str, Any]], EmailMessage]


@dataclass(slots=True)
class Outcome:
    """What a round did. problems: a line for each thing that a person should know."""

    sent: int = 0
    waiting: int = 0
    unsure: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One round at a time. Raises BusyIndexError."""
    with (visitors.private_folder(state) / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyIndexError("another 'searchapp alerts send' is running: let it end") from None
        yield


class Round:
    """post, hooks: the two roads; find, write: what the site says of queries and in mails; stop: set to end early."""

    def __init__(
        self, book: Book, post: Post, hooks: Hooks, find: Find, write: Write, stop: Event | None = None
    ) -> None:
        self._book, self._post, self._hooks = book, post, hooks
        self._find, self._write = find, write
        self._stop = stop or Event()
        self._lost, self._down = 0, False
        self.outcome = Outcome()

    def run(self, keys: Iterable[str]) -> Outcome:
        """Tell everybody who is due what is new among the articles of these keys.

        Told to stop, it ends behind the message on its way: that one would count as unsure and be lost.
        """
        self.outcome.unsure += self._book.recover()
        self._book.sweep()
        number = self._book.note(keys)
        self._compose(number)
        for one in self._book.unmailed():
            if not self._stop.is_set():
                self._ask(one)
        for message in self._book.waiting():
            if not self._stop.is_set():
                self._tell(message)
        if self._lost >= _LOST:
            self.outcome.problems.append(
                "the mail server takes no mail: the rest waits for the next round; look at it and at [alerts]"
            )
        elif self._down:
            self.outcome.problems.append("the mail server failed: look at it and at [alerts]")
        self.outcome.waiting = self._book.states().get("waiting", 0)
        return self.outcome

    def _compose(self, number: int) -> None:
        found: dict[tuple[str, int], dict[str, Any] | None] = {}
        for one in self._book.due(number):
            asked = (one.asked, one.covered)
            if asked not in found:
                try:
                    found[asked] = self._find(one.asked, self._book.new_since(one.covered))
                except SearchappError as error:
                    self.outcome.problems.append(f"{one.title or one.asked}: {error}")
                    continue
            self._book.write(one, number, found[asked])

    def _ask(self, one: Subscription) -> None:
        if self._lost >= _LOST:
            return
        try:
            self._post.send(self._write("confirm", one, {}), one.target, lambda: True)
        except NotSentError as error:
            self._failed(f"confirmation to subscription {one.id}: {error}", down=error.down)
        except UnsureError:
            self._book.mailed(one)
        else:
            self._book.mailed(one)
            self._lost = 0

    def _tell(self, message: Message) -> None:
        one, by_mail = message.subscription, message.subscription.kind == "mail"
        if self._lost >= _LOST if by_mail else self._book.is_paused(one.target):
            return
        try:
            if by_mail:
                mail = self._write("news", one, {**message.news, "upto": message.upto})
                self._post.send(mail, one.target, lambda: self._book.take(message))
            else:
                key = post.hook_key(self._book.secret("webhooks"), one.target)
                said = {"type": "searchapp.new-articles", **message.news}
                ident = f"msg_{one.id}_{message.upto}"
                self._hooks.send(one.target, key, ident, said, lambda: self._book.take(message))
        except TakenError:
            return
        except NotSentError as error:
            self._not_sent(message, error)
        except UnsureError as error:
            self._book.done(message, "unsure")
            self.outcome.unsure += 1
            self._failed(f"subscription {one.id}: may have arrived, not sent again ({error})", down=by_mail)
        else:
            self._book.done(message, "sent")
            self.outcome.sent += 1
            self._lost = self._lost if not by_mail else 0

    def _not_sent(self, message: Message, error: NotSentError) -> None:
        one, by_mail = message.subscription, message.subscription.kind == "mail"
        down = error.down and by_mail
        if error.wait:
            self._book.pause(one.target, error.wait)
        if down and not error.tried:
            self._book.again(message)  # a server that is down is no fault of the message
            self._failed(f"subscription {one.id}: {error}", down=down)
        elif not self._book.failed(message):
            self._failed(f"subscription {one.id}: given up, not sent again ({error})", down=down)
        elif error.gone and self._book.refused(one, TRIES if by_mail else 1):
            self._failed(f"subscription {one.id}: left alone from now on ({error})", down=down)
        else:
            self._failed(f"subscription {one.id}: {error}", down=down)

    def _failed(self, line: str, *, down: bool) -> None:
        self._lost = self._lost + 1 if down else self._lost
        self._down = self._down or down
        self.outcome.problems.append(line)


def exported(book: Book | None, address: str = "") -> str:
    """What is kept, of one address or of all, as JSON."""
    if book is None:
        return json.dumps({"subscriptions": [], "messages": {}}, indent=1)
    found = [one for one in book.everyone() if not address or one.target.lower() == address.lower()]
    rows = [{name: getattr(one, name) for name in Subscription.__dataclass_fields__} for one in found]
    return json.dumps({"subscriptions": rows, "messages": book.states()}, ensure_ascii=False, indent=1)
