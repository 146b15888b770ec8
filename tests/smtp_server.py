"""A real mail server on loopback that can be told when to fail, and keeps what it accepted."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass
class Postbox:
    """accepted: (recipient, mail) in order. fails: the number of the next mail → what goes wrong with it.

    "refuse": 550 to the recipient · "refuse and hang up": the same, and good-bye · "greylist": 451 to the recipient ·
    "later": 451 after the mail · "hang up": before the mail is taken · "cut": in the middle of the mail ·
    "keep and hang up": the mail is taken, but no answer comes · "mumble": it is taken, the answer means nothing ·
    "enough": 421 to the second mail of a connection · "drip": an answer without end · "down": 421 to everything.
    "no sender": 550 to the sender. said: every line that came.
    """

    port: int = 0
    accepted: list[tuple[str, EmailMessage]] = field(default_factory=list)
    fails: Callable[[int], str] = field(default=lambda number: "")
    seen: int = 0
    said: list[bytes] = field(default_factory=list)

    def to(self) -> list[str]:
        return [recipient for recipient, _ in self.accepted]


_AT_RECIPIENT = {
    "refuse": "550 no such user",
    "refuse and hang up": "550 no such user",
    "greylist": "451 4.7.1 greylisted, come back later",
}


@contextmanager
def mail_server() -> Iterator[Postbox]:
    """The server, while the block lasts."""
    box = Postbox()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 loopback")
            recipient, mails = "", 0
            while line := self.rfile.readline():
                box.said.append(line)
                word = line[:4].upper()
                fault = box.fails(box.seen)
                if fault == "down" or (fault == "hang up" and word == b"DATA"):
                    box.seen += 1
                    if fault == "down":
                        self.say("421 closing")
                    return
                match word:
                    case b"EHLO" | b"HELO":
                        self.say("250 loopback")
                    case b"RCPT":
                        recipient = line.decode().partition("<")[2].partition(">")[0]
                        box.seen += fault in _AT_RECIPIENT
                        self.say(_AT_RECIPIENT.get(fault, "250 ok"))
                        if fault == "refuse and hang up":
                            return
                    case b"MAIL" if fault == "enough" and mails:
                        self.say("421 too many mails on this connection")
                        return
                    case b"MAIL" if fault == "no sender":
                        self.say("550 5.7.1 that sender may not send here")
                    case b"MAIL" if fault == "drip":
                        with suppress(OSError):
                            while True:
                                self.say("250-wait")
                                time.sleep(0.05)
                        return
                    case b"AUTH":
                        self.say("235 welcome")
                    case b"DATA":
                        self.say("354 go on")
                        mails += 1
                        if fault == "cut":
                            box.seen += 1
                            return
                        data = self.data()
                        if data is None:
                            return
                        box.seen += 1
                        if fault == "later":
                            self.say("451 try again")
                            continue
                        mail = cast(EmailMessage, message_from_bytes(data, policy=default))
                        box.accepted.append((recipient, mail))
                        if fault == "keep and hang up":
                            return
                        self.say("?!" if fault == "mumble" else "250 ok")
                    case b"QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 ok")

        def data(self) -> bytes | None:
            """The mail; None where its sender went away before the end of it, for then no server takes it."""
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                if not line.endswith(b"\n"):
                    return None
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield box
        server.shutdown()
