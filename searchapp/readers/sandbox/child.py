"""The process that reads foreign files: it takes one file after the other from its parent, until the parent ends."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import BinaryIO, Final

from searchapp.errors import BadRecordError
from searchapp.readers import formats, hyperlinks
from searchapp.readers.items import Bad, Found, Item
from searchapp.readers.sandbox import LENGTH, encode, limits, packed
from searchapp.readers.scans import sheets

_READY: Final = b"ready"
_TIRED: Final = limits.MEMORY * 3 // 4  # a process that holds more memory gets no further file


def main() -> None:
    """Answer jobs on standard input (task, address, name, content) with items on standard output."""
    answers = settled()
    jobs = sys.stdin.buffer
    # An ending with code 0 asks for a successor.
    while (task := _receive(jobs)) is not None:
        url, name, data = ((_receive(jobs) or b"") for _ in range(3))
        limits.allow_cpu()
        send(answers, answered(partial(_items, task.decode(), url.decode(), name.decode(), data), name.decode()))
        del data
        if limits.memory_held() > _TIRED:
            return


def settled() -> BinaryIO:
    """Confine this process, tell its parent that it is ready, and return the stream for answers."""
    formats.load()
    # The output of libraries must not mix with the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limits.confine()
    send(answers, _READY)
    return answers


def answered(read: Callable[[], Iterable[Item | Found]], name: str) -> bytes:
    """Return the items of a reader as a message; any fault becomes a Bad."""
    try:
        return encode(list(read()))
    except MemoryError:
        # The half-built items are garbage by now, and there is room again for one line.
        return encode([Bad(name, 0, f"needs more than {limits.MEMORY >> 20} MB to read", code="limit")])
    except BadRecordError as error:
        return encode([Bad.of(name, 0, error)])
    except Exception as error:  # a library's bug is a bad file here, named as such
        return encode([Bad(name, 0, f"cannot be read ({type(error).__name__}: {str(error)[:80]})")])


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one message."""
    stream.write(packed(payload))
    stream.flush()


def _items(task: str, url: str, name: str, data: bytes) -> Iterable[Item | Found]:
    if task == "sheets":
        turn, _, address = url.partition(" ")
        return sheets.sheets(data, address, int(turn))
    if task == "picture":
        return sheets.shown(data, url)
    return hyperlinks.read(data, url) if task == "outline" else formats.read(data, name)


def _receive(stream: BinaryIO) -> bytes | None:
    try:
        (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    except struct.error:
        return None
    return stream.read(length)


if __name__ == "__main__":
    main()
