"""A gunicorn worker that keeps slow clients waiting outside: a thread starts only when a request is whole."""

from __future__ import annotations

import errno
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from os import SEEK_END
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from searchapp.web.serving.framing import MAX_BODY, MAX_HEAD, Framing, State
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
