"""A gunicorn worker that keeps slow clients waiting outside: a thread starts only when a request is whole."""

from __future__ import annotations

import errno
import re
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from searchapp.web.texts import say

MAX_HEAD: Final = 64 << 10  # bytes of request line and headers; gunicorn refuses less, in words
MAX_BODY: Final = 1 << 20  # bytes of an awaited body; the application refuses a longer one by its length
_SEND_BUFFER: Final = (
    512 << 10
)  # bytes: any page of ours fits, so that a slow reader keeps the system busy, not a thread
AT_ONCE: Final = 64 << 10
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
_LAST_CHUNK: Final = b"0\r\n\r\n"
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

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread once its request is whole; until then the poller watches it."""
        try:
            ready = self._gathered(conn)
        except OSError:
            ready = True  # gunicorn's own code closes it
        if ready:
            conn.due = None
            conn.data_ready = True
            super().enqueue_req(conn)
            return
        if not getattr(conn, "due", None):
            conn.due = time.monotonic() + self.patience
        conn.timeout = conn.due
        conn.sock.setblocking(False)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _gathered(self, conn: Any) -> bool:
        """Read the received bytes; return whether they are a whole request, or one that will never be whole."""
        if not conn.initialized:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            conn.init()
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(self.patience))
        buffer = conn.parser.unreader.buf
        conn.sock.setblocking(False)
        while True:
            try:
                data = conn.sock.recv(AT_ONCE)
            except OSError as error:
                if error.errno not in _TRY_LATER:
                    raise
                return whole(buffer.getvalue())
            if not data:
                return True  # the client has closed: nothing more will come
            buffer.seek(0, 2)
            buffer.write(data)
            if buffer.tell() > MAX_HEAD + MAX_BODY:
                return True

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

    def murder_pending(self) -> None:
        """Close clients without a whole request in time; the first clients need not stand first any more."""
        now = time.monotonic()
        if any(conn.timeout <= now for conn in self.pending_conns):
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


def whole(data: bytes) -> bool:
    """Tell whether these bytes are at least one request with its body, or too long to become one.

    >>> whole(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n"), whole(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    (False, True)
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return len(data) > MAX_HEAD
    head, size = data[: end + 2], len(data) - end - 4
    if _CHUNKED.search(head):
        return data.endswith(_LAST_CHUNK) or size > MAX_BODY
    length = _LENGTH.search(head)
    return length is None or int(length[1]) > MAX_BODY or size >= int(length[1])


def _timeval(seconds: float) -> bytes:
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))  # struct timeval
