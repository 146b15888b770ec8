"""The child process that reads foreign files: parent, child and limits.

Their messages are a length, then JSON or bytes; never pickles.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final, Literal, TypeAlias

from searchapp.article import Anchor, Record
from searchapp.errors import SKIP_CODES
from searchapp.readers.items import Bad, Found, Item, Link, Note, Outline, Scan, SheetImage

LENGTH: Final = struct.Struct(">Q")
MAX_REPLY: Final = 128 << 20
_KINDS: Final[dict[str, Callable[..., Item | Found]]] = {
    kind.__name__.lower(): kind for kind in (Record, Bad, Note, Link, Outline, Scan, SheetImage)
}

Task: TypeAlias = Literal["records", "outline", "sheets", "picture"]


def packed(payload: bytes) -> bytes:
    """Return a payload with its length before it."""
    return LENGTH.pack(len(payload)) + payload


def encode(items: Iterable[Item | Found]) -> bytes:
    """Return items as JSON."""
    return json.dumps([{"kind of item": type(item).__name__.lower(), **asdict(item)} for item in items]).encode()


def decode(payload: bytes) -> list[Item | Found]:
    """Return items from JSON, each of its type. Raises ValueError, TypeError or KeyError for anything else."""
    return [_item(values) for values in json.loads(payload)]


def _item(values: dict[str, Any]) -> Item | Found:
    item = _KINDS[values.pop("kind of item")]
    values.pop("ocr", None)  # composed from recognised words, never in a reader process
    for name in ("themes", "basis", "pages", "texts"):
        if name in values:
            values[name] = tuple(map(str, values[name]))
    if "anchors" in values:
        values["anchors"] = tuple(_anchor(**found) for found in values["anchors"])
    if values.get("code", "other") not in SKIP_CODES:
        raise ValueError("a skip code that nobody knows")
    if not all(isinstance(value, (str, int, tuple)) for value in values.values()):
        raise TypeError("a value that is no text, number or list")
    return item(**values)


def _anchor(**values: str) -> Anchor:
    return Anchor(**{name: str(value) for name, value in values.items()})
