"""The opaque place in a result list behind which paging goes on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import BadCursorError


class Cursor(NamedTuple):
    """A hit: the generation and order it was met in, its order key (`topk`) and its article's key."""

    generation: str
    order: str
    key: int
    article: str


def write(cursor: Cursor) -> str:
    """A cursor as text for a URL."""
    plain = f"{cursor.generation} {cursor.order} {cursor.key:x} {cursor.article}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str, order: str) -> Cursor:
    """The cursor that `write` wrote. Raises BadCursorError for another text, or one of another order."""
    try:
        plain = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        generation, found, key, article = plain.split(" ")
        cursor = Cursor(generation, found, int(key, 16), article)
    except (ValueError, binascii.Error):
        raise BadCursorError from None
    if cursor.order != order or not 0 <= cursor.key < 1 << 64:
        raise BadCursorError
    return cursor


def bound(cursor: Cursor, generation: str, places: NDArray[np.uint32], locate: Callable[[str], int | None]) -> int:
    """The order key below which the list goes on; in a newer generation from where the same article stands now.

    places: place of every article among equals; locate: article key to its number. Raises BadCursorError when the
    article is gone.
    """
    if cursor.generation == generation:
        return cursor.key
    number = locate(cursor.article)
    if number is None:
        raise BadCursorError
    return cursor.key >> 32 << 32 | 0xFFFFFFFF - int(places[number])
