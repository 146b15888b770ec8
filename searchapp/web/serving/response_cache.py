"""Keep finished answers for a minute: many visitors ask the same, and the answer of a generation is the same for all.

An answer is kept under its ETag, which changes with the index, the release, the settings and the day, under the whole
address with its host, and under the coding that the client reads. So nothing has to be thrown away when an index is
published. A minute is what caches on the way are told too.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import TTLCache
from flask import Request, Response

from searchapp.query import Query
from searchapp.web.serving.headers import MAX_AGE

_LARGEST: Final = 262_144  # bytes of one answer; a larger one would drive out a hundred others
_ENTRY: Final = 2_000  # bytes that an entry takes beside its body: address, headers
_MB: Final = 1_000_000

Key = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Searched:
    """What an answer tells the counts of the site. query: None where the question itself is not counted."""

    total: int
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    searched: Searched | None


class ResponseCache:
    """The answers of the last minute within a budget, those asked last. Safe to share between threads.

    megabytes: the budget of a process; 0 keeps nothing.
    """

    def __init__(self, megabytes: int) -> None:
        self._lock = Lock()
        self._kept: TTLCache[Key, _Kept] = TTLCache(megabytes * _MB, MAX_AGE, getsizeof=_size)

    def get(self, key: Key | None) -> tuple[Response, Searched | None] | None:
        """Return an answer of its own for this request, and what it tells the counts; None where none is kept."""
        if key is None:
            return None
        with self._lock:
            kept = self._kept.get(key)
        return (Response(kept.body, headers=kept.headers), kept.searched) if kept else None

    def put(self, key: Key | None, response: Response, searched: Searched | None) -> None:
        """Keep an answer as it is sent, unless it is too large."""
        if key is None:
            return
        kept = _Kept(response.get_data(), tuple(response.headers), searched)
        if _size(kept) <= min(_LARGEST, self._kept.maxsize):
            with self._lock:
                self._kept[key] = kept


def key_of(request: Request, tag: str) -> Key | None:
    """Return what tells the answer to this request from all others; None where it is not asked for with GET.

    The address itself is a part: of the tag's short digest somebody could find a second address.
    """
    if request.method != "GET":
        return None
    return tag, request.root_url, request.full_path, bool(request.accept_encodings["gzip"])


def _size(kept: _Kept) -> int:
    return len(kept.body) + _ENTRY
