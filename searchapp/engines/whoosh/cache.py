"""A small thread-safe cache of arrays with a budget in bytes; the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Final

_ENTRY: Final = 300
"""Bytes that an entry costs beside its arrays: key, tuple, array headers."""


class ByteCache:
    """Values by key, as many as fit the budget. Values must not be changed by those who get them."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """The value under `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._used = 0

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of `size` bytes; one that is larger than a quarter of the budget is not kept."""
        size += _ENTRY
        if size > self._budget // 4:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            self._used += size - (old[1] if old else 0)
            self._entries[key] = (value, size)
            while self._used > self._budget:
                self._used -= self._entries.popitem(last=False)[1][1]
