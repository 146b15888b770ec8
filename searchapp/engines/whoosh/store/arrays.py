"""One file of named arrays, little-endian and aligned, written once and read as views of a memory map."""

from __future__ import annotations

import errno
import json
import mmap
import re
import shutil
import struct
import zlib
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from searchapp.errors import OF_THE_PROCESS, CorruptIndexError

_MAGIC: Final = b"srcharr1"
_FOOTER: Final = struct.Struct("<QQI8s")
"""The last 28 bytes: place and length of the directory, its CRC-32, _MAGIC; so a file cut short is noticed."""
_ALIGNMENT: Final = 16
# Only plain numbers and byte strings are allowed: a dtype of objects would be read as pointers.
_DTYPE: Final = re.compile(r"<u[248]|\|u1|\|S[1-9]\d{0,3}")


class ArrayWriter:
    """A writer of arrays one after the other; `close` adds the directory that makes the file readable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._begun = ("", "", 0)

    def begin(self, name: str, dtype: DTypeLike) -> None:
        """Start an array; all bytes of `write` until the next `begin` belong to it."""
        self._end()
        if name in self._directory:
            raise ValueError(f"two arrays named {name}")
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        self._begun = (name, np.dtype(dtype).newbyteorder("<").str, self._file.tell())

    def write(self, data: bytes | memoryview) -> None:
        """Add bytes to the array begun last."""
        self._file.write(data)

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Write a whole array."""
        self.begin(name, array.dtype)
        if array.size:
            self.write(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data.cast("B"))

    def copy(self, name: str, dtype: DTypeLike, source: BinaryIO) -> None:
        """Write an array whose bytes were collected in a file."""
        self.begin(name, dtype)
        source.seek(0)
        shutil.copyfileobj(source, self._file, 1 << 20)

    def close(self) -> None:
        """Write the directory. Without it the file is unreadable."""
        self._end()
        end = self._file.tell()
        directory = json.dumps(self._directory).encode()
        self._file.write(directory)
        self._file.write(_FOOTER.pack(end, len(directory), zlib.crc32(directory), _MAGIC))
        self._file.close()

    def discard(self) -> None:
        """Close and remove the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _end(self) -> None:
        name, dtype, start = self._begun
        if name:
            self._directory[name] = (dtype, start, (self._file.tell() - start) // np.dtype(dtype).itemsize)


def load(path: Path) -> NDArray[Any]:
    """Return the array that `np.save` wrote, mapped and read-only.

    Raises OSError, EOFError or ValueError for a damaged file, whatever numpy raises. One wrong bit of the header may
    end in an error of Python's own tokenizer.
    """
    try:
        # A plain array, because numpy's memmap class costs microseconds with every slice.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except OSError as error:
        raise _blamed(error, path) from None
    except (EOFError, ValueError, MemoryError):
        raise
    except Exception as error:
        raise ValueError(f"{path.name}: {error}") from None


def _blamed(error: OSError, path: Path) -> OSError | MemoryError:
    """Return the error, unless this process is short of memory."""
    return MemoryError(f"{path}: {error.strerror}") if error.errno == errno.ENOMEM else error


class ArrayFile:
    """A file of arrays, mapped; the views keep the map alive, the descriptor is closed at once.

    Raises CorruptIndexError when the file is missing, cut short or something else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            if error.errno in OF_THE_PROCESS:  # the file is not to blame
                raise _blamed(error, path) from None
            raise self._damaged(str(error)) from None
        except ValueError as error:  # an empty file cannot be mapped
            raise self._damaged(str(error)) from None
        self._directory = self._read_directory()

    def array(self, name: str) -> NDArray[Any]:
        """Return the array of this name, read-only, straight from the page cache."""
        if name not in self._directory:
            raise self._damaged(f"no array {name}")
        dtype, start, count = self._directory[name]
        return np.frombuffer(self._map, dtype, count, start) if count else np.empty(0, dtype)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def _read_directory(self) -> dict[str, tuple[np.dtype[Any], int, int]]:
        if len(self._map) < _FOOTER.size:
            raise self._damaged("cut short")
        place, length, crc, magic = _FOOTER.unpack(self._map[-_FOOTER.size :])
        directory = self._map[place : place + length] if magic == _MAGIC else b""
        if magic != _MAGIC or place + length + _FOOTER.size != len(self._map) or zlib.crc32(directory) != crc:
            raise self._damaged("cut short or not an index file")
        return {name: self._entry(name, place, *row) for name, row in json.loads(directory).items()}

    def _entry(self, name: str, limit: int, code: str, start: int, count: int) -> tuple[np.dtype[Any], int, int]:
        if not _DTYPE.fullmatch(code) or not 0 <= start <= start + count * np.dtype(code).itemsize <= limit:
            raise self._damaged(f"array {name} is not what this version writes")
        return np.dtype(code), start, count

    def _damaged(self, what: str) -> CorruptIndexError:
        return CorruptIndexError(f"{self._path}: {what}; run 'searchapp reindex --full'")


Unsigned = NDArray[np.unsignedinteger[Any]]

_IN_MEMORY: Final = 1 << 22
"""Bytes of a growing column that are kept in memory before it goes to a temporary file."""


def spool(folder: Path) -> BinaryIO:
    """Return a growing column: in memory while it is small, then in a nameless file of `folder`, which has room."""
    return cast(BinaryIO, SpooledTemporaryFile(_IN_MEMORY, dir=str(folder)))


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
    """The column for reading. at: places of the numbers that do not fit, ascending; value: those numbers."""

    narrow: Unsigned
    at: Unsigned
    value: Unsigned

    @classmethod
    def open(cls, file: ArrayFile, name: str) -> Packed:
        """Return the column of this name."""
        narrow = file.array(name)
        if f"{name}.at" not in file:
            return cls(narrow, narrow[:0], narrow[:0])
        return cls(narrow, file.array(f"{name}.at"), file.array(f"{name}.value"))

    def cut(self, start: int, end: int) -> Unsigned:
        """Return numbers from `start` to `end`: a view of the file unless one of them needs the wider type."""
        part = self.narrow[start:end]
        first, last = self._wider(start, end)
        if first == last:
            return part
        wide = part.astype(np.uint32)
        wide[self.at[first:last].astype(np.int64) - start] = self.value[first:last]
        return wide

    def take(self, start: int, end: int, places: NDArray[np.intp]) -> Unsigned:
        """Return numbers of that range by their places in it; nothing else is read or copied."""
        found: Unsigned = self.narrow[start:end].take(places)
        first, last = self._wider(start, end)
        if first == last:
            return found
        at = self.at[first:last].astype(np.int64) - start
        slot = np.minimum(np.searchsorted(at, places), len(at) - 1)
        wide = at.take(slot) == places
        found = found.astype(np.uint32)
        found[wide] = self.value[first:last].take(slot[wide])
        return found

    def _wider(self, start: int, end: int) -> tuple[int, int]:
        """Return where the wider numbers of a range begin and end in `at`."""
        # bisect works on the buffer: searchsorted takes three times as long to start as to search.
        first = bisect_left(self.at.data, start)
        return first, bisect_left(self.at.data, end, first)


@dataclass(frozen=True, slots=True)
class PackedRange:
    """A range of a column, read only when it is asked for."""

    column: Packed
    start: int
    end: int

    @classmethod
    def of(cls, numbers: Unsigned) -> PackedRange:
        """Return numbers in memory as a range."""
        return cls(Packed(numbers, numbers[:0], numbers[:0]), 0, len(numbers))

    def cut(self) -> Unsigned:
        """Return all numbers: a view of the file where it can be."""
        return self.column.cut(self.start, self.end)

    def take(self, places: NDArray[np.intp]) -> Unsigned:
        """Return numbers by their places in the range."""
        return self.column.take(self.start, self.end, places)
