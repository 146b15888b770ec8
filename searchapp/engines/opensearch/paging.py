"""The orders of a result list, and the opaque place in it behind which paging goes on."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Final

from searchapp.errors import BadCursorError

WINDOW: Final = 10_000
"""Hits that an index gives by page number (index.max_result_window); beyond them one page follows another."""

_ORDERS: Final[dict[str, list[dict[str, str]]]] = {
    "relevance": [{"_score": "desc"}, {"newest": "desc"}, {"id": "asc"}],
    "newest": [{"newest": "desc"}, {"id": "asc"}],
    "oldest": [{"oldest": "asc"}, {"id": "asc"}],
}


def sorting(order: str) -> list[dict[str, str]]:
    """The sort keys of an order: ties by date, newest first, then by id."""
    return _ORDERS[order]


def write(order: str, values: Sequence[Any]) -> str:
    """The place of a hit as text for a URL; values: its sort keys."""
    plain = json.dumps([order, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str, order: str) -> list[Any]:
    """The sort keys that `write` wrote. Raises BadCursorError for another text, or one of another order."""
    try:
        plain = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        found, *values = list(json.loads(plain))
    except (ValueError, TypeError, binascii.Error):
        raise BadCursorError from None
    kinds = [str if "id" in key else (int, float) for key in _ORDERS[order]]
    if found != order or len(values) != len(kinds) or not all(map(isinstance, values, kinds)):
        raise BadCursorError
    return values
