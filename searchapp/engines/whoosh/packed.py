"""Small numbers in a narrow array, with the few that do not fit beside it: frequencies and positions."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter

Unsigned = NDArray[np.unsignedinteger[Any]]

IN_MEMORY: Final = 1 << 22
"""Bytes of a growing column that are kept in memory before it goes to a temporary file."""


def spool(folder: Path) -> BinaryIO:
    """A growing column: in memory while it is small, then a nameless file in `folder`, where there is room for it."""
    return cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY, dir=str(folder)))


class PackedWriter:
    """A growing column of numbers, most of which fit `dtype` (uint8 or uint16)."""

    def __init__(self, folder: Path, name: str, dtype: type[np.unsignedinteger[Any]]) -> None:
        self._name = name
        self._dtype = dtype
        self._file = spool(folder)
        self._count = 0
        self._at = array("Q")
        self._values = array("I")

    def extend(self, values: Unsigned) -> None:
        """Append numbers below 2 ** 32."""
        large = np.flatnonzero(values > np.iinfo(self._dtype).max)
        self._at.extend((large + self._count).tolist())
        self._values.extend(values[large].tolist())
        self._file.write(values.astype(self._dtype).tobytes())
        self._count += values.size

    def close(self, out: ArrayWriter) -> None:
        """Move the column into its place."""
        out.copy(self._name, self._dtype, self._file)
        self._file.close()
        if self._at:
            out.put(f"{self._name}.at", np.array(self._at, np.uint64))
            out.put(f"{self._name}.value", np.array(self._values, np.uint32))


@dataclass(frozen=True, slots=True)
class Packed:
    """The column as it is read. at: places of the numbers that do not fit, ascending; value: those numbers."""

    narrow: Unsigned
    at: Unsigned
    value: Unsigned

    @classmethod
    def open(cls, file: ArrayFile, name: str) -> Packed:
        """The column of this name."""
        narrow = file.array(name)
        if f"{name}.at" not in file:
            return cls(narrow, narrow[:0], narrow[:0])
        return cls(narrow, file.array(f"{name}.at"), file.array(f"{name}.value"))

    def cut(self, start: int, end: int) -> Unsigned:
        """Numbers from `start` to `end`: a view of the file unless one of them needs the wider type."""
        part = self.narrow[start:end]
        # bisect on the buffer: searchsorted takes three times as long to start as it does to search.
        first = bisect_left(self.at.data, start)
        last = bisect_left(self.at.data, end, first)
        if first == last:
            return part
        wide = part.astype(np.uint32)
        wide[self.at[first:last].astype(np.int64) - start] = self.value[first:last]
        return wide
