"""The term dictionary of one field: terms in byte order, in blocks that are found by bisection."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packed import spool

BLOCK: Final = 64
"""Terms a block: one find() in 600 bytes costs 0.2 µs, and one term in 64 is kept in memory."""


def is_term(text: str) -> bool:
    """Whether a dictionary can hold this: nothing that sorts before or like its separators, no lone surrogate."""
    return bool(text) and min(text) > " " and text.isprintable()


class DictionaryWriter:
    """Collects terms that arrive in byte order, each one once."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._file = spool(folder)
        self._places = array("Q")
        self._pending: list[bytes] = []

    def extend(self, terms: Iterable[bytes]) -> None:
        """Append terms, all of them after those that are there."""
        rest = iter(terms)
        while more := list(islice(rest, BLOCK - len(self._pending))):
            self._pending += more
            if len(self._pending) == BLOCK:
                self._flush()

    def close(self, out: ArrayWriter) -> None:
        """Move the terms into their place."""
        if self._pending:
            self._flush()
        self._file.write(b"\n")
        out.copy(f"{self._name}.terms", np.uint8, self._file)
        out.put(f"{self._name}.blocks", np.array(self._places, np.uint64))
        self._file.close()

    def _flush(self) -> None:
        self._places.append(self._file.tell())
        self._file.write(b"\n" + b"\n".join(self._pending))
        self._pending.clear()


class Dictionary:
    """Finds terms in the mapped file; only the first term of each block is kept in memory, from the first use on."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._terms = file.array(f"{name}.terms").data
        self._places = file.array(f"{name}.blocks").data

    def rank(self, term: bytes) -> int:
        """The number of a term in byte order, or -1."""
        block = bisect_right(self.firsts, term) - 1
        if block < 0 or b"\n" in term:
            return -1
        data = self._block(block)
        at = data.find(b"\n%b\n" % term)
        return -1 if at < 0 else block * BLOCK + data.count(b"\n", 0, at)

    def rank_from(self, term: bytes) -> int:
        """The number of the first term that is not before this one; the count of terms where all are."""
        block = max(bisect_right(self.firsts, term) - 1, 0)
        if not self.firsts:
            return 0
        return block * BLOCK + sum(other < term for other in self._split(block))

    def iterate(self, rank: int) -> Iterator[bytes]:
        """Terms in byte order, beginning with this number."""
        block, skip = divmod(rank, BLOCK)
        for number in range(block, len(self._places)):
            yield from self._split(number)[skip:]
            skip = 0

    @cached_property
    def firsts(self) -> list[bytes]:
        """The first term of each block."""
        return [self._block(number)[1:].partition(b"\n")[0] for number in range(len(self._places))]

    def _block(self, number: int) -> bytes:
        end = self._places[number + 1] if number + 1 < len(self._places) else len(self._terms) - 1
        return bytes(self._terms[self._places[number] : end + 1])

    def _split(self, number: int) -> list[bytes]:
        return self._block(number)[1:-1].split(b"\n")
