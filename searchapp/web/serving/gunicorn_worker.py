"""A gunicorn worker that keeps slow clients waiting outside: a thread starts only when a request is whole.

RFC 9112 decides where a request ends; every byte is looked at once.
"""

from __future__ import annotations

import errno
import re
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from os import SEEK_END
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.http.message import RFC9110_6_5_1_FORBIDDEN_TRAILER
from gunicorn.workers.gthread import ThreadWorker

from searchapp.web.texts import say

_SEND_BUFFER: Final = (
    512 << 10
)  # bytes: any page of ours fits, so that a slow reader keeps the system busy, not a thread
AT_ONCE: Final = 64 << 10
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_TIMED_OUT: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LINGER: Final = 2.0  # seconds that a client has to close after its last answer
_MOST_LINGERING: Final = 64  # connections that wait so; beyond them the first is closed
_TRY_LATER: Final = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)

MAX_HEAD: Final = 64 << 10
"""Bytes of request line and headers, or of trailers; gunicorn refuses less, in words."""
MAX_BODY: Final = 1 << 20
"""Bytes of a body that is waited for; what is longer the application refuses by its length."""
_MAX_CHUNKS: Final = 10_000
"""Chunks of a body; a client that sends 1 MB in chunks of a few bytes wants to be expensive."""
_SIZE_LINE: Final = 8190
"""Bytes of the line before a chunk, as gunicorn takes them."""
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([^\r]*?)[ \t]*(?=\r\n)", re.IGNORECASE)
_CODING: Final = re.compile(rb"\r\ntransfer-encoding[ \t]*:[ \t]*([^\r]*?)[ \t]*(?=\r\n)", re.IGNORECASE)
_EXPECT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_EXPECTS: Final = re.compile(rb"\r\nexpect[ \t]*:", re.IGNORECASE)
_VERSION: Final = re.compile(rb"HTTP/\d\.\d$")
_OLD: Final = b"HTTP/1.0"
# What gunicorn would refuse in the middle of an answer: an extension of a chunk, a trailer.
_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_EXTENSION: Final = (
    rb"[ \t]*;[ \t]*" + _TOKEN + rb"(?:[ \t]*=[ \t]*(?:" + _TOKEN + rb'|"[^"\\\x00-\x08\x0a-\x1f\x7f]*"))?'
)
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:" + _EXTENSION + rb")*")
_TRAILER: Final = re.compile(_TOKEN + rb":[\t -~\x80-\xff]*")
_NO_TRAILERS: Final = tuple(f"{name.lower()}:".encode() for name in RFC9110_6_5_1_FORBIDDEN_TRAILER)
_BARE: Final = re.compile(rb"(?<!\r)\n")


def _too_long() -> bytes:
    """Return the answer to an address that is not read to its end, in both languages: the cut may
    hide the chosen one.
    """
    texts = [(lang, say(lang, "error.414"), say(lang, "error.414.text")) for lang in ("vi", "en")]
    said = "".join(f'<section lang="{lang}"><h1>{title}</h1><p>{text}</p></section>' for lang, title, text in texts)
    html = (
        '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{texts[0][1]}</title>{said}'
    ).encode()
    head = "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
    return f"{head}X-Content-Type-Options: nosniff\r\nContent-Length: {len(html)}\r\n\r\n".encode() + html


_TOO_LONG: Final = _too_long()


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, but its poller gathers each request before a thread sees it."""

    patience = 10.0
    """Seconds for a request to come in whole, and for a reader who takes nothing of the answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lingering: dict[socket.socket, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread once its request is whole; until then the poller watches it.

        What can never become one is refused here: gunicorn's parser would wait for more of it in a thread.
        """
        try:
            state = self._gathered(conn)
        except OSError:
            state = State.WHOLE  # gunicorn's own road closes it
        if state is State.WAITING:
            self._wait(conn)
            return
        conn.due = conn.framing = None
        if state is State.BROKEN:
            self.handle_error(None, conn.sock, conn.client, InvalidRequestLine("not framed as RFC 9112 says"))
            self.nr_conns -= 1
            self._linger(conn.sock)
            return
        conn.data_ready = True
        super().enqueue_req(conn)

    def _wait(self, conn: Any) -> None:
        if conn.framing.expects:
            conn.framing.expects = False
            with suppress(OSError):
                conn.sock.send(_CONTINUE)
        if not getattr(conn, "due", None):
            conn.due = time.monotonic() + self.patience
        conn.timeout = conn.due
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _gathered(self, conn: Any) -> State:
        """Read the received bytes; return the state of the request."""
        if not conn.initialized:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            conn.init()
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(self.patience))
        buffer = conn.parser.unreader.buf
        conn.sock.setblocking(False)
        data = b""
        if getattr(conn, "framing", None) is None:
            conn.framing = Framing()
            data = buffer.getvalue()  # of a client that does not wait for answers
            buffer.seek(0)
            buffer.truncate()
        while True:
            if not conn.framing.begun:
                data = data.lstrip(b"\r\n")  # RFC 9112 2.2: empty lines before a request mean nothing
            buffer.seek(0, SEEK_END)
            buffer.write(data)
            state = conn.framing.fed(data)
            if state is not State.WAITING or buffer.tell() > MAX_HEAD + MAX_BODY:
                return State.BROKEN if state is State.BROKEN else State.WHOLE
            try:
                data = conn.sock.recv(AT_ONCE)
            except OSError as error:
                if error.errno not in _TRY_LATER:
                    raise
                return State.WAITING
            if not data:
                return State.WHOLE  # the client has closed: nothing more will come

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Refuse an address too long even for gunicorn in the words of our page. Handle other
        errors as gunicorn does.
        """
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request")
        with suppress(OSError):
            util.write_nonblock(client, _TOO_LONG)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Finish as gunicorn does, but wait for no client to close: one who stays would stop all others."""

        def close(graceful: bool = False) -> None:
            if graceful:
                self._linger(conn.sock)
            else:
                util.close(conn.sock)

        conn.close = close
        super().finish_request(conn, fs)

    def _linger(self, sock: socket.socket) -> None:
        """Close when the client has closed, or soon (RFC 9112 9.6): closed at once, our answer may never arrive."""
        try:
            sock.setblocking(False)
            sock.shutdown(socket.SHUT_WR)
            self.poller.register(sock, EVENT_READ, self._drain)
        except (OSError, ValueError, KeyError):
            util.close(sock)
            return
        self._lingering[sock] = time.monotonic() + _LINGER
        while len(self._lingering) > _MOST_LINGERING:
            self._drained(next(iter(self._lingering)))

    def _drain(self, sock: socket.socket) -> None:
        try:
            more = bool(sock.recv(AT_ONCE))
        except OSError as error:
            more = error.errno in _TRY_LATER
        if not more:
            self._drained(sock)

    def _drained(self, sock: socket.socket) -> None:
        del self._lingering[sock]
        with suppress(OSError, ValueError, KeyError):
            self.poller.unregister(sock)
        util.close(sock)

    def murder_pending(self) -> None:
        """Close clients without a whole request in time; the first clients need not stand first any more."""
        now = time.monotonic()
        for sock in [sock for sock, end in self._lingering.items() if end <= now]:
            self._drained(sock)
        if any(conn.timeout <= now for conn in self.pending_conns):
            for conn in self.pending_conns:
                if conn.timeout <= now and conn.framing.begun:
                    with suppress(OSError):
                        conn.sock.send(_TIMED_OUT)
            ordered = sorted(self.pending_conns, key=lambda conn: conn.timeout)
            self.pending_conns.clear()
            self.pending_conns.extend(ordered)
            super().murder_pending()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take the accepted connections of a stopping worker, then close the door: others are refused.

        gunicorn keeps the door open until the last request in flight is answered, and then drops the newcomers.
        """
        stopping = not enabled and not self.alive
        super().set_accept_enabled(enabled)
        for listener in self.sockets if stopping else ():
            while self._accept_one(listener):
                pass
            listener.close()

    def _accept_one(self, listener: socket.socket) -> bool:
        before = self.nr_conns
        self.accept(listener)
        return bool(self.nr_conns > before)


def _timeval(seconds: float) -> bytes:
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))  # struct timeval


class State(Enum):
    """What is known of a request: more of it must come, it can be answered, it can only be refused."""

    WAITING = auto()
    WHOLE = auto()
    BROKEN = auto()


class Framing:
    """One request on its way in.

    >>> framing = Framing()
    >>> framing.fed(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n"), framing.fed(b"\\r\\n")
    (<State.WAITING: 1>, <State.WHOLE: 2>)
    """

    def __init__(self) -> None:
        self._rest = bytearray()  # what has not been understood yet
        self._searched = 0  # where the search for the end of a line goes on
        self._line = -1  # where the request line ends
        self._left = 0  # bytes of the body, or of a chunk with its line break, that are still to come
        self._body = 0
        self._chunks = 0
        self._step: Callable[[], State | None] = self._head
        self.expects = False
        """Whether the client waits for "100 Continue" before it sends the body."""

    @property
    def begun(self) -> bool:
        """Tell whether anything of the request has come."""
        return bool(self._rest) or self._step != self._head

    def fed(self, data: bytes) -> State:
        """Take the next bytes; what stands behind the end of the request is left alone."""
        self._rest += data
        while (state := self._step()) is None:
            pass
        return state

    def _line_break(self, wanted: bytes, limit: int) -> int | State:
        """Find the wanted line break; refuse a bare LF before it, as gunicorn does."""
        end = self._rest.find(wanted, max(0, self._searched - len(wanted) + 1))
        bare = _BARE.search(self._rest, self._searched, len(self._rest) if end < 0 else end)
        if bare:
            return State.BROKEN
        if end >= 0:
            self._searched = 0
            return end
        self._searched = len(self._rest)
        return State.WHOLE if len(self._rest) > limit else State.WAITING

    def _head(self) -> State | None:
        if self._line < 0:
            self._line = self._rest.find(b"\r\n", 0, MAX_HEAD)
            if self._line >= 0 and not _VERSION.search(self._rest, 0, self._line):
                return State.BROKEN
        end = self._line_break(b"\r\n\r\n", MAX_HEAD)
        if isinstance(end, State):
            return end  # too long: gunicorn says so
        head = bytes(self._rest[: end + 2])
        del self._rest[: end + 4]
        lengths, codings = _LENGTH.findall(head), _CODING.findall(head)
        old = head.startswith(_OLD, self._line - len(_OLD))
        self.expects = bool(_EXPECT.search(head)) and not old
        if bool(_EXPECTS.search(head)) != bool(_EXPECT.search(head)):
            return State.WHOLE
        if codings:
            # Two framings, an old client or another coding: gunicorn refuses them by the head alone.
            last = codings[-1].lower().rpartition(b",")[2].strip()
            if lengths or last != b"chunked" or old:
                return State.WHOLE
            self._step = self._size
            return None
        if len(lengths) != 1 or not lengths[0].isdigit() or len(lengths[0]) > 12 or int(lengths[0]) > MAX_BODY:
            return State.WHOLE  # none, or one that is refused
        self._left = int(lengths[0])
        self._step = self._known
        return None

    def _known(self) -> State:
        self._left -= len(self._rest)
        self._rest.clear()
        return State.WHOLE if self._left <= 0 else State.WAITING

    def _size(self) -> State | None:
        end = self._line_break(b"\r\n", _SIZE_LINE)
        if isinstance(end, State):
            return State.BROKEN if end is State.WHOLE else end
        size = _SIZE.fullmatch(bytes(self._rest[:end]))
        if size is None:
            return State.BROKEN
        del self._rest[: end + 2]
        length = int(size[1], 16)
        self._body += length
        self._chunks += 1
        if self._body > MAX_BODY:
            return State.WHOLE
        if self._chunks > _MAX_CHUNKS:
            return State.BROKEN
        self._left, self._step = length + 2, self._chunk if length else self._trailers
        return None

    def _chunk(self) -> State | None:
        taken = min(len(self._rest), self._left - 2)
        del self._rest[:taken]
        self._left -= taken
        if len(self._rest) < self._left:
            return State.WAITING
        if self._rest[:2] != b"\r\n":
            return State.BROKEN
        del self._rest[:2]
        self._step = self._size
        return None

    def _trailers(self) -> State:
        if self._rest.startswith(b"\r\n"):
            return State.WHOLE
        end = self._line_break(b"\r\n\r\n", MAX_HEAD)
        if isinstance(end, State):
            return State.BROKEN if end is State.WHOLE else end
        lines = bytes(self._rest[:end]).split(b"\r\n")
        sound = all(_TRAILER.fullmatch(line) and not line.lower().startswith(_NO_TRAILERS) for line in lines)
        return State.WHOLE if sound else State.BROKEN
