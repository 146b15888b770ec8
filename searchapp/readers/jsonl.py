"""Rows of JSON, one article a line (`.jsonl`, `.jsonl.gz`): a bad row is named, and reading goes on after it."""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, NoReturn

from searchapp.errors import BadRecordError
from searchapp.readers.items import Bad, Items
from searchapp.readers.record import record, unknown

MAX_LINE: Final = 32 << 20
MAX_BYTES: Final = 16 << 30  # unpacked; an archive of a million articles has about 6 GB
_CHUNK: Final = 1 << 20
_LINE_END: Final = re.compile(rb"\r\n?|\n")


def read(stream: BinaryIO, name: str) -> Items:
    """Yield Records of a stream of JSON rows, a Bad for each bad row, a Note for each unknown key.

    Memory is bounded by MAX_LINE: a longer line is skipped without being held. UTF-8 (with or without BOM) or UTF-16.
    """
    seen: set[str] = set()
    row = 0
    try:
        for row, line in enumerate(_lines(stream), start=1):
            if line is None:
                yield Bad(name, row, f"line longer than {MAX_LINE >> 20} MB", code="limit")
            elif line.strip():
                yield from _row(line, name, row, seen)
    except (OSError, EOFError, zlib.error, BadRecordError) as error:
        # The file is cut short: the rows before the cut stay good.
        yield Bad(name, row + 1, f"breaks off: {error}")
    else:
        if row == 0:
            yield Bad(name, 0, "empty file", code="empty")


def _row(line: bytes, name: str, row: int, seen: set[str]) -> Items:
    try:
        values = _object(line)
        found = record(values, path=name, row=row)
    except BadRecordError as error:
        yield Bad.of(name, row, error)
        return
    yield from unknown(values, seen, path=name, row=row)
    yield found


def _object(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadRecordError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise BadRecordError(f"not JSON: {error.msg} at character {error.pos}", code="format") from None
    except RecursionError:
        raise BadRecordError("nested too deep", code="limit") from None
    except ValueError as error:  # an integer of thousands of digits raises ValueError
        raise BadRecordError(f"not JSON: {str(error).split(':')[0]}", code="format") from None
    if not isinstance(value, dict):
        raise BadRecordError(f"not an object but {type(value).__name__}", code="format")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise BadRecordError("the same key twice")
    return values


def _no_constant(name: str) -> NoReturn:
    raise BadRecordError(f"not JSON: {name}", code="format")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines without their ends (LF, CRLF or CR); None for a line that is too long."""
    held, skipping = b"", False
    for chunk in _utf8(stream):
        *whole, rest = _LINE_END.split(chunk)
        for line in whole:
            yield None if skipping or len(held) + len(line) > MAX_LINE else held + line
            held, skipping = b"", False
        skipping = skipping or len(held) + len(rest) > MAX_LINE
        held = b"" if skipping else held + rest
    if held or skipping:
        yield None if skipping else held


def _utf8(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in chunks of UTF-8 without BOM, never cut between CR and LF."""
    total, decode, last = 0, None, b""
    while chunk := stream.read(_CHUNK):
        if total == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            decode = codecs.getincrementaldecoder("utf-16")(errors="replace").decode
        elif total == 0:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        total += _CHUNK
        if total > MAX_BYTES:
            raise BadRecordError(f"more than {MAX_BYTES >> 30} GB when unpacked", code="limit")
        chunk = last + (decode(chunk).encode() if decode else chunk)
        last = b"\r" if chunk.endswith(b"\r") else b""
        yield chunk.removesuffix(b"\r") if last else chunk
    if last:
        yield b"\r"
