"""The book of those who follow: subscriptions, which articles are known, and what became of every message."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from searchapp import dates, visitors

FILE: Final = "alerts.sqlite"
_UNCONFIRMED_DAYS: Final = 3
"""Days after which an address that did not confirm is forgotten."""
_KEPT_DAYS: Final = 30  # what was sent, so that nothing is sent twice
ASKED_A_DAY: Final = 3
"""Confirmations that one address gets in a day, whoever asks for them."""
_ASKED_IN_ALL: Final = 300
"""Confirmations of a day, so that nobody makes us a source of mail that nobody wants."""
TRIES: Final = 5
"""Rounds in which a message is tried at least, and refusals after which an address is left alone."""
_TRIED_DAYS: Final = 2  # days in which it is tried at least: rounds may come every few minutes
_LONGEST_PAUSE: Final = _TRIED_DAYS * 86_400.0

Every: TypeAlias = Literal["now", "daily", "weekly"]
_DAYS: Final = {"now": 0, "daily": 1, "weekly": 7}

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, round INT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_round ON known (round);
CREATE TABLE IF NOT EXISTS subscriptions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, target TEXT, asked TEXT, title TEXT, every TEXT, lang TEXT,
  state TEXT, since TEXT, mailed INT DEFAULT 0, covered INT DEFAULT 0, last TEXT DEFAULT '', refused INT DEFAULT 0,
  UNIQUE (kind, target, asked));
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, subscription INT, upto INT, news TEXT, state TEXT, tries INT DEFAULT 0,
  day TEXT, UNIQUE (subscription, upto));
CREATE TABLE IF NOT EXISTS pauses (host TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""
# Plain addresses alone: no comments, quotes or lists, nothing that could begin another header or recipient.
_ADDRESS: Final = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)


def is_address(text: str) -> bool:
    r"""Whether mail can be sent there.

    >>> is_address("an@example.org"), is_address("an@example.org\nBcc: b@example.org"), is_address("an@localhost")
    (True, False, False)
    """
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text and not text.startswith((".", "-"))


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who follows what. target: address of mail or of a webhook; asked: the query as parameters of our URLs.

    state: "asked" until it is confirmed, "live", or "off" after too many refusals; covered: the round up to which it
    was told.
    """

    id: int
    kind: Literal["mail", "webhook"]
    target: str
    asked: str
    title: str
    every: Every
    lang: Literal["vi", "en"]
    state: str
    since: str
    mailed: int
    covered: int
    last: str
    refused: int


_COLUMNS: Final = ", ".join(Subscription.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent to a subscription. news: articles as JSON knows them; upto: its round; day: of writing."""

    id: int
    subscription: Subscription
    upto: int
    news: dict[str, Any]
    tries: int
    day: str


class Book:
    """The file. Every step that must not be done twice is one transaction, written through to the disk."""

    def __init__(self, state: Path, today: Callable[[], date] = dates.today) -> None:
        self._path = state / FILE
        self._rows = visitors.private_database(self._path, _TABLES)
        self._today = today

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Close the file. Raises StateError where the file itself was at fault."""
        with visitors.explained(self._path):
            self.close()
            if isinstance(error, sqlite3.Error):
                raise error

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def follow(
        self, kind: str, target: str, asked: str, title: str, every: Every, lang: str = "vi", *, live: bool = False
    ) -> Subscription | None:
        """Write down who wants to follow; None where nothing is to be sent: it is live already, or asked too often."""
        day = self._today().isoformat()
        with self._change():
            known = self._one("kind = ? AND target = ? AND asked = ?", kind, target, asked)
            if known and known.state == "live":
                return None
            if not live and (self._asked_today(target) >= ASKED_A_DAY or self._asked_today() >= _ASKED_IN_ALL):
                return None
            if known:
                self._rows.execute(
                    "UPDATE subscriptions SET every = ?, lang = ?, state = ?, refused = 0 WHERE id = ?",
                    (every, lang, "live" if live else "asked", known.id),
                )
            else:
                self._rows.execute(
                    "INSERT INTO subscriptions (kind, target, asked, title, every, lang, state, since, covered)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (kind, target, asked, title, every, lang, "live" if live else "asked", day, self.round()),
                )
            return self._one("kind = ? AND target = ? AND asked = ?", kind, target, asked)

    def mailed(self, one: Subscription) -> None:
        """The mail that asks for confirmation went out."""
        self._rows.execute(
            "UPDATE subscriptions SET mailed = mailed + 1, since = ? WHERE id = ?",
            (self._today().isoformat(), one.id),
        )

    def unmailed(self) -> list[Subscription]:
        """Who waits for the mail that asks for confirmation."""
        return self._all("state = 'asked' AND mailed = 0")

    def confirm(self, token: str) -> Subscription | None:
        """Begin to follow, from now on; None for a token that is none."""
        one = self.by_token("confirm", token)
        if one and one.state == "asked":
            self._rows.execute(
                "UPDATE subscriptions SET state = 'live', covered = ? WHERE id = ?", (self.round(), one.id)
            )
        return one

    def leave(self, token: str) -> Subscription | None:
        """Forget a subscription by the token of its mails; None where it is none (any more)."""
        one = self.by_token("leave", token)
        if one:
            self._delete([one.id])
        return one

    def token(self, purpose: Literal["confirm", "leave"], one: Subscription) -> str:
        """What a link of a mail proves that its reader may do this."""
        told = f"{purpose} {one.id} {one.target} {one.asked}"
        return f"{one.id}-{hmac.new(self.secret('links'), told.encode(), hashlib.sha256).hexdigest()[:32]}"

    def by_token(self, purpose: Literal["confirm", "leave"], token: str) -> Subscription | None:
        """The subscription of a link."""
        number = token.partition("-")[0]
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            return None
        one = self._one("id = ?", int(number))
        right = one is not None and hmac.compare_digest(
            self.token(purpose, one).encode(), token.encode("utf-8", "replace")
        )
        return one if right else None

    def secret(self, name: str) -> bytes:
        """A key of this book, made when it is first asked for."""
        self._rows.execute("INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, secrets.token_bytes(32)))
        return bytes(self._rows.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()[0])

    def everyone(self) -> list[Subscription]:
        """All subscriptions, oldest first."""
        return self._all("1")

    def forget(self, target: str) -> int:
        """Delete every subscription of an address, and what was to be sent there; how many there were."""
        found = [one.id for one in self._all("lower(target) = lower(?)", target)]
        self._delete(found)
        return len(found)

    def note(self, keys: Iterable[str]) -> int:
        """Which articles there are now, in a new round where some are new; its number. The first time none is new."""
        with self._change():
            last = self.round()
            empty = self._rows.execute("SELECT 1 FROM known LIMIT 1").fetchone() is None
            number = last if empty else last + 1
            rows = ((key, number) for key in keys)
            self._rows.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", rows)
        return self.round()

    def round(self) -> int:
        """The last round that brought something new."""
        return int(self._rows.execute("SELECT coalesce(max(round), 0) FROM known").fetchone()[0])

    def new_since(self, covered: int) -> list[str]:
        """Keys of the articles that came after a round."""
        return [row[0] for row in self._rows.execute("SELECT key FROM known WHERE round > ? ORDER BY key", (covered,))]

    def due(self, number: int) -> list[Subscription]:
        """Who may be told of this round today."""
        today = self._today()
        live = self._all("state = 'live' AND covered < ?", number)
        return [one for one in live if not one.last or _next(one) <= today]

    def write(self, one: Subscription, number: int, news: dict[str, Any] | None) -> None:
        """A subscription is told everything up to a round: by this message, or by none where nothing is new for it."""
        day = self._today().isoformat()
        with self._change():
            told = (number, day if news else one.last, one.id)
            self._rows.execute("UPDATE subscriptions SET covered = ?, last = ? WHERE id = ?", told)
            if news:
                self._rows.execute(
                    "INSERT OR IGNORE INTO messages (subscription, upto, news, state, day)"
                    " VALUES (?, ?, ?, 'waiting', ?)",
                    (one.id, number, json.dumps(news, ensure_ascii=False), day),
                )

    def waiting(self) -> Iterator[Message]:
        """Messages that are still to be sent; what failed most comes last, so that it holds nobody up."""
        found = self._rows.execute(
            "SELECT id, subscription, upto, news, tries, day FROM messages WHERE state = 'waiting' ORDER BY tries, id"
        )
        for number, owner, upto, news, tries, day in found.fetchall():
            if (one := self._one("id = ?", owner)) and one.state == "live":
                yield Message(number, one, upto, json.loads(news), tries, day)

    def take(self, message: Message) -> bool:
        """Before the last byte is sent: whatever happens now, this message is never sent again by itself."""
        changed = self._rows.execute(
            "UPDATE messages SET state = 'sending', tries = tries + 1 WHERE id = ? AND state = 'waiting'", (message.id,)
        )
        return changed.rowcount == 1

    def done(self, message: Message, state: Literal["sent", "unsure"]) -> None:
        """What became of it."""
        self._rows.execute("UPDATE messages SET state = ? WHERE id = ?", (state, message.id))

    def failed(self, message: Message) -> bool:
        """It surely did not arrive; False: it was tried in enough rounds and days, and is given up."""
        tries = message.tries + 1
        recent = message.day > (self._today() - timedelta(_TRIED_DAYS)).isoformat()
        state = "waiting" if tries < TRIES or recent else "given-up"
        self._rows.execute("UPDATE messages SET state = ?, tries = ? WHERE id = ?", (state, tries, message.id))
        return state == "waiting"

    def again(self, message: Message) -> None:
        """It surely did not arrive, for no fault of its own."""
        self._rows.execute("UPDATE messages SET state = 'waiting', tries = ? WHERE id = ?", (message.tries, message.id))

    def refused(self, one: Subscription, times: int = TRIES) -> bool:
        """The address does not exist any more, by what its server says; True: so often that it is left alone."""
        with self._change():
            self._rows.execute(
                "UPDATE subscriptions SET refused = refused + 1, state = CASE WHEN refused + 1 >= ? THEN 'off'"
                " ELSE state END WHERE id = ?",
                (times, one.id),
            )
            left = self._one("id = ? AND state = 'off'", one.id) is not None
            if left:
                gone = "UPDATE messages SET state = 'given-up' WHERE state = 'waiting' AND subscription = ?"
                self._rows.execute(gone, (one.id,))
        return left

    def pause(self, target: str, seconds: float) -> None:
        """The host of a webhook wants to be left alone; for as long as a message is tried at most."""
        until = time.time() + min(seconds, _LONGEST_PAUSE)
        self._rows.execute("INSERT OR REPLACE INTO pauses VALUES (?, ?)", (urlsplit(target).netloc, until))

    def is_paused(self, target: str) -> bool:
        """Whether it still does; a clock that was ahead when it said so silences nobody."""
        now = time.time()
        asked = (urlsplit(target).netloc, now, now + _LONGEST_PAUSE)
        return bool(
            self._rows.execute("SELECT 1 FROM pauses WHERE host = ? AND until BETWEEN ? AND ?", asked).fetchone()
        )

    def recover(self) -> int:
        """After a crash: what was being sent may have arrived, so it is not sent again; how many."""
        found = self._rows.execute("UPDATE messages SET state = 'unsure' WHERE state = 'sending'")
        return found.rowcount

    def states(self) -> dict[str, int]:
        """How many messages there are in each state."""
        return dict(self._rows.execute("SELECT state, count(*) FROM messages GROUP BY state ORDER BY state").fetchall())

    def sweep(self) -> None:
        """Forget who did not confirm, and old messages. A day to come, of a clock that was wrong, becomes today."""
        day = self._today()
        for table, column in (("subscriptions", "since"), ("subscriptions", "last"), ("messages", "day")):
            to_come = f"UPDATE {table} SET {column} = ? WHERE {column} > ?"
            self._rows.execute(to_come, (day.isoformat(), day.isoformat()))
        late = (day - timedelta(_UNCONFIRMED_DAYS)).isoformat()
        self._delete([one.id for one in self._all("state = 'asked' AND since < ?", late)])
        old = (day - timedelta(_KEPT_DAYS)).isoformat()
        self._rows.execute("DELETE FROM messages WHERE state != 'waiting' AND day < ?", (old,))
        self._rows.execute("DELETE FROM pauses WHERE until < ?", (time.time(),))

    def _asked_today(self, target: str = "") -> int:
        """Confirmations of today, to one address or to all."""
        day = self._today().isoformat()
        where, values = ("AND lower(target) = lower(?)", (day, target)) if target else ("", (day,))
        found = self._rows.execute(
            f"SELECT coalesce(sum(max(mailed, 1)), 0) FROM subscriptions WHERE kind = 'mail' AND since = ? {where}",
            values,
        )
        return int(found.fetchone()[0])

    def _delete(self, numbers: Sequence[int]) -> None:
        with self._change():
            for number in numbers:
                self._rows.execute("DELETE FROM messages WHERE subscription = ?", (number,))
                self._rows.execute("DELETE FROM subscriptions WHERE id = ?", (number,))
        if numbers:
            self._rows.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _one(self, where: str, *values: object) -> Subscription | None:
        return next(iter(self._all(where, *values)), None)

    def _all(self, where: str, *values: object) -> list[Subscription]:
        found = self._rows.execute(f"SELECT {_COLUMNS} FROM subscriptions WHERE {where} ORDER BY id", values)
        return [Subscription(*row) for row in found.fetchall()]

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield self._rows
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise
        self._rows.execute("COMMIT")


def _next(one: Subscription) -> date:
    """The first day on which the next digest may be sent."""
    return date.fromisoformat(one.last) + timedelta(_DAYS[one.every])
