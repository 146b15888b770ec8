"""The process in which foreign files are read: takes one after the other from its parent, until the parent ends."""

from __future__ import annotations

import os
import struct
import sys
from typing import BinaryIO, Final

from searchapp.readers import confine, formats
from searchapp.readers.messages import LENGTH, encode, packed
from searchapp.readers.outcome import Bad, Item

READY: Final = b"ready"
TIRED: Final = confine.MEMORY * 3 // 4  # a process that holds so much is not trusted with the next file


def main() -> None:
    """Answer jobs on standard input (name, then content) with items on standard output."""
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    jobs = sys.stdin.buffer
    confine.confine()
    _send(answers, READY)
    # Ending with code 0 asks for a successor.
    while (name := _receive(jobs)) is not None:
        data = _receive(jobs) or b""
        confine.allow_cpu()
        _send(answers, _answer(name.decode(), data))
        del data
        if confine.memory_held() > TIRED:
            return


def _answer(name: str, data: bytes) -> bytes:
    try:
        items: list[Item] = list(formats.read(data, name))
        return encode(items)
    except MemoryError:
        # What was half built is garbage by now, and there is room again for one line.
        return encode([Bad(name, 0, f"needs more than {confine.MEMORY >> 20} MB to read")])
    except Exception as error:  # a library's bug is a bad file here, named as such
        return encode([Bad(name, 0, f"cannot be read ({type(error).__name__}: {str(error)[:80]})")])


def _receive(stream: BinaryIO) -> bytes | None:
    try:
        (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    except struct.error:
        return None
    return stream.read(length)


def _send(stream: BinaryIO, payload: bytes) -> None:
    stream.write(packed(payload))
    stream.flush()


if __name__ == "__main__":
    main()
