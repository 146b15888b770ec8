"""Remember earlier queries: values by key within a budget, and the posting lists of the last reads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Final

from searchapp.engines.whoosh.store.segment import Postings, Segment

_ENTRY: Final = 300
"""The overhead of an entry in bytes: key, tuple, array headers."""

_VIEWS: Final = 900
"""The overhead of a posting list in bytes: it is some views of the mapped file."""


class ByteCache:
    """Values by key, as many as fit the budget. Callers must not change the values."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """Return the value under `key`, or None."""
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

    def put(self, key: Hashable, value: Any, size: int) -> bool:
        """Keep a value of `size` bytes and say so; one that is larger than a quarter of the budget is not kept."""
        size += _ENTRY
        if size > self._budget // 4:
            return False
        with self._lock:
            old = self._entries.pop(key, None)
            self._used += size - (old[1] if old else 0)
            self._entries[key] = (value, size)
            while self._used > self._budget:
                self._used -= self._entries.popitem(last=False)[1][1]
        return True


class KeptLists:
    """The posting lists of one segment (`phrases.Lists`); the last ones stay in memory."""

    def __init__(self, segment: Segment, cache: ByteCache, number: int) -> None:
        self._segment = segment
        self._cache = cache
        self._number = number

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the list of a term, None where no article has it."""
        key = (self._number, field, term)
        found: Postings | None = self._cache.get(key)
        if found is None and (found := self._segment.postings(field, term)) is not None:
            self._cache.put(key, found, found.nbytes + _VIEWS)
        return found

    def frequency(self, field: str, term: str) -> int:
        """Return how many articles have a term."""
        return self._segment.frequency(field, term)
