"""The posting lists of one field: a few long columns in term order, of which every list is a slice.

Per term: where its postings begin, and where its positions begin. Per posting: the article's number (16 bits, and 8
more where a segment has more than 65,536 articles) and the frequency. Per occurrence: the position.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.store.arrays import (
    ArrayFile,
    ArrayWriter,
    Packed,
    PackedRange,
    PackedWriter,
    Unsigned,
    spool,
)
from searchapp.fields import TextField

U32 = NDArray[np.uint32]

_LOW_BITS: Final = 16
MAX_ARTICLES: Final = 1 << 24
"""Articles a segment can number: 16 bits and 8."""


_SUMMED: Final = 64
"""Postings a block: their frequencies are added up together."""
_OFFSETS: Final = np.arange(_SUMMED)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Some terms with all their data, in term order: the input of a field writer.

    counts: postings of each term, shape (terms,), none 0; doc_ids, frequencies: shape (postings,), the doc_ids of a
    term ascending; positions: shape (sum of frequencies,), ascending within a posting; None where none are kept.
    """

    terms: Sequence[bytes]
    counts: NDArray[np.int64]
    doc_ids: U32
    frequencies: U32
    positions: U32 | None


@dataclass(frozen=True)
class Postings:
    """One posting list. doc_ids: unsigned, ascending; frequencies: unsigned, same shape. Arrays are read-only views
    where they can be."""

    doc_ids: Unsigned
    frequencies: Unsigned
    stored_positions: PackedRange | None = None

    @property
    def nbytes(self) -> int:
        """Return the room of what is no view, the sums by blocks among it."""
        return (0 if self.doc_ids.base is not None else self.doc_ids.nbytes) + len(self.doc_ids) * 8 // _SUMMED

    @property
    def has_positions(self) -> bool:
        """Whether the field keeps positions."""
        return self.stored_positions is not None

    def positions(self) -> U32:
        """Return the positions of every occurrence, document after document: shape (sum of frequencies,).

        Raises ValueError for a field without positions.
        """
        return self._positions().cut().astype(np.uint32)

    def positions_at(self, places: NDArray[np.intp]) -> Unsigned:
        """Return some of `positions`, by their places there; the others are not read."""
        return self._positions().take(places)

    def _positions(self) -> PackedRange:
        if self.stored_positions is None:
            raise ValueError("this field has no positions: phrases are searched in streams a and f")
        return self.stored_positions

    def starts(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return where the positions of some postings begin in `positions`; of few postings by sums of blocks."""
        if len(at) * _SUMMED > len(self.frequencies):
            ends: NDArray[np.intp] = self.frequencies.astype(np.intp).cumsum()
            return ends.take(at) - self.frequencies.take(at)
        block = at // _SUMMED
        inside = np.minimum(block[:, None] * _SUMMED + _OFFSETS, len(self.frequencies) - 1)
        earlier = self.frequencies.take(inside) * ((at % _SUMMED)[:, None] > _OFFSETS)
        found: NDArray[np.intp] = self._blocks.take(block) + earlier.sum(axis=1, dtype=np.intp)
        return found

    @cached_property
    def _blocks(self) -> NDArray[np.intp]:
        """Return where the positions of each block of postings begin."""
        first = np.arange(0, len(self.frequencies), _SUMMED)
        sums = np.add.reduceat(self.frequencies, first, dtype=np.intp)
        return np.cumsum(sums) - sums


class FieldWriter:
    """A writer of one field from runs of terms; each run comes after the one before it in byte order."""

    def __init__(self, folder: Path, field: TextField, articles: int) -> None:
        if articles > MAX_ARTICLES:
            raise ValueError(f"a segment holds at most {MAX_ARTICLES:,} articles, not {articles:,}")
        self._name = field.name
        self._dictionary = DictionaryWriter(folder, field.name)
        self._low = spool(folder)
        self._high = spool(folder) if articles > 1 << _LOW_BITS else None
        self._frequencies = PackedWriter(folder, f"{field.name}.frequencies", np.uint8)
        self._positions = PackedWriter(folder, f"{field.name}.positions", np.uint16) if field.positions else None
        self._counts: list[NDArray[np.int64]] = []
        self._spans: list[NDArray[np.int64]] = []

    def extend(self, run: Occurrences) -> None:
        """Append a run of terms."""
        if not run.terms:
            return
        self._dictionary.extend(run.terms)
        self._low.write(run.doc_ids.astype(np.uint16).tobytes())
        if self._high is not None:
            self._high.write((run.doc_ids >> _LOW_BITS).astype(np.uint8).tobytes())
        self._frequencies.extend(run.frequencies)
        self._counts.append(run.counts)
        if self._positions is not None:
            assert run.positions is not None
            self._positions.extend(run.positions)
            starts = np.cumsum(run.counts) - run.counts
            self._spans.append(np.add.reduceat(run.frequencies, starts, dtype=np.int64))

    def close(self, out: ArrayWriter) -> None:
        """Move the field into the segment's file."""
        self._dictionary.close(out)
        out.put(f"{self._name}.starts", _starts(self._counts))
        out.copy(f"{self._name}.documents", np.uint16, self._low)
        self._low.close()
        if self._high is not None:
            out.copy(f"{self._name}.documents.high", np.uint8, self._high)
            self._high.close()
        self._frequencies.close(out)
        if self._positions is not None:
            out.put(f"{self._name}.spans", _starts(self._spans))
            self._positions.close(out)


class FieldReader:
    """A reader of one field: a posting list is a slice of each column."""

    def __init__(self, file: ArrayFile, field: TextField) -> None:
        self.dictionary = _Dictionary(file, field.name)
        # Items of a memoryview are Python integers, and four times as fast to get as those of an array.
        self.starts = file.array(f"{field.name}.starts").data
        self._low = file.array(f"{field.name}.documents")
        high = f"{field.name}.documents.high"
        self._high = file.array(high) if high in file else None
        self._frequencies = Packed.open(file, f"{field.name}.frequencies")
        self._positions = Packed.open(file, f"{field.name}.positions") if field.positions else None
        self.spans = file.array(f"{field.name}.spans").data if field.positions else None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def postings(self, term: bytes) -> Postings | None:
        """Return the posting list of a term, None where no article has it."""
        rank = self.dictionary.rank(term)
        return None if rank < 0 else self.cut(rank, rank + 1)

    def frequency(self, term: bytes) -> int:
        """Return how many articles have a term, deleted ones included."""
        rank = self.dictionary.rank(term)
        return 0 if rank < 0 else self.starts[rank + 1] - self.starts[rank]

    def cut(self, first: int, last: int) -> Postings:
        """Return the posting lists of the terms numbered from `first` to `last`, end to end."""
        start, end = self.starts[first], self.starts[last]
        doc_ids = self._low[start:end]
        if self._high is not None:
            doc_ids = doc_ids | self._high[start:end].astype(np.uint32) << np.uint32(_LOW_BITS)
        positions = None
        if self._positions is not None and self.spans is not None:
            positions = PackedRange(self._positions, self.spans[first], self.spans[last])
        return Postings(doc_ids, self._frequencies.cut(start, end), positions)

    def terms(self, prefix: bytes) -> Iterator[tuple[bytes, int]]:
        """Yield terms that begin with `prefix` and how many articles have them, in byte order."""
        rank = self.dictionary.rank_from(prefix)
        for number, term in enumerate(self.dictionary.iterate(rank), rank):
            if not term.startswith(prefix):
                return
            yield term, self.starts[number + 1] - self.starts[number]


def _starts(counts: list[NDArray[np.int64]]) -> Unsigned:
    ends = np.cumsum(np.concatenate(counts)) if counts else np.empty(0, np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends])
    return starts.astype(np.uint32 if starts[-1] <= np.iinfo(np.uint32).max else np.uint64)


BLOCK: Final = 64
"""Terms a block: one find() in 600 bytes costs 0.2 µs, and one term in 64 is kept in memory."""


_MAX_KNOWN: Final = 1 << 12
"""The number of remembered terms of a field: a query needs each of its own ten times and more."""


def is_term(text: str) -> bool:
    """Tell whether a dictionary can hold this: no text before or like its separators, no lone surrogate."""
    return bool(text) and min(text) > " " and text.isprintable()


class DictionaryWriter:
    """A collector of terms that arrive in byte order, each one once."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._file = spool(folder)
        self._places = array("Q")
        self._pending: list[bytes] = []

    def extend(self, terms: Iterable[bytes]) -> None:
        """Append terms, all of them after the earlier ones."""
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


class _Dictionary:
    """A finder of terms in the mapped file; memory keeps only the first term of each block."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._terms = file.array(f"{name}.terms").data
        self._places = file.array(f"{name}.blocks").data
        self._known: dict[bytes, int] = {}

    def rank(self, term: bytes) -> int:
        """Return the number of a term in byte order, or -1; the last terms are remembered."""
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            found = self._known[term] = self._rank(term)
        return found

    def _rank(self, term: bytes) -> int:
        block = bisect_right(self.firsts, term) - 1
        if block < 0 or b"\n" in term:
            return -1
        data = self._block(block)
        at = data.find(b"\n%b\n" % term)
        return -1 if at < 0 else block * BLOCK + data.count(b"\n", 0, at)

    def rank_from(self, term: bytes) -> int:
        """Return the number of the first term that is not before this one; the count of terms where all are."""
        block = max(bisect_right(self.firsts, term) - 1, 0)
        if not self.firsts:
            return 0
        return block * BLOCK + sum(other < term for other in self._split(block))

    def iterate(self, rank: int) -> Iterator[bytes]:
        """Yield terms in byte order, beginning with this number."""
        block, skip = divmod(rank, BLOCK)
        for number in range(block, len(self._places)):
            yield from self._split(number)[skip:]
            skip = 0

    @cached_property
    def firsts(self) -> list[bytes]:
        """Return the first term of each block."""
        return [self._block(number)[1:].partition(b"\n")[0] for number in range(len(self._places))]

    def _block(self, number: int) -> bytes:
        end = self._places[number + 1] if number + 1 < len(self._places) else len(self._terms) - 1
        return bytes(self._terms[self._places[number] : end + 1])

    def _split(self, number: int) -> list[bytes]:
        return self._block(number)[1:-1].split(b"\n")
