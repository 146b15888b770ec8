"""Where a request ends in what a connection has sent, by RFC 9112; every byte is looked at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from gunicorn.http.message import RFC9110_6_5_1_FORBIDDEN_TRAILER

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
