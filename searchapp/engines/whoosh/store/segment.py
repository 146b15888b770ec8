"""One segment open for reading: posting lists, lengths, terms and stored articles, straight from the page cache.

Files of a segment: NAME.post (dictionaries, posting lists, lengths, keys), NAME.text (stored articles, and places of
the syllables of long ones), NAME.facts (facts of every article, for the end of a build). None of them changes once it
is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Facts
from searchapp.engines.reprint_groups import SKETCH
from searchapp.engines.stored import Meaning, read_facts, read_lines, unpack
from searchapp.engines.whoosh.store.arrays import ArrayFile
from searchapp.engines.whoosh.store.postings import U32, FieldReader, Postings
from searchapp.errors import CorruptIndexError
from searchapp.fields import TEXT_FIELDS

__all__ = ["EXTENSIONS", "Postings", "Segment", "files"]

EXTENSIONS: Final = (".post", ".text", ".facts")
STOP: Final = 128
"""Positions of a long text from one known character to the next."""
STOPS: Final = ("starts", "before", "positions", "characters")
"""The arrays of the stops of long texts. Of each article: where they begin, and the length of the title that is indexed
before the text; then their columns."""


def files(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the files of a segment, whether they exist or not: a new generation links them."""
    return tuple(folder / f"{name}{extension}" for extension in EXTENSIONS)


class Segment:
    """Articles numbered from 0 to `size` - 1, deleted ones included: a segment does not know its deleted articles.

    Every thread may read one segment at the same time. Terms are as `text.tokens` and `fold` make them. Raises
    CorruptIndexError when a file is missing, cut short or foreign.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        post, text, self._facts = files(folder, name)
        self._post = ArrayFile(post)
        self._text = ArrayFile(text)
        self._fields = {field.name: FieldReader(self._post, field) for field in TEXT_FIELDS}
        self._keys = self._post.array("keys")
        self._numbers = self._post.array("keys.number")
        self._articles = self._text.array("articles").data
        self._starts = self._text.array("starts").data
        self._stops = [self._text.array(f"stops.{name}") for name in STOPS] if "stops.starts" in self._text else None
        self.size = len(self._keys)
        if len(self._starts) != self.size + 1 or self._starts[-1] > len(self._articles):
            raise CorruptIndexError(f"{text}: does not belong to {post.name}; run 'searchapp reindex --full'")

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the posting list of a term, None where no article has it."""
        return self._fields[field].postings(term.encode())

    def frequency(self, field: str, term: str) -> int:
        """Return how many articles have a term, deleted ones included; read from the dictionary alone."""
        return self._fields[field].frequency(term.encode())

    def lengths(self, field: str) -> U32:
        """Return the tokens of each article in a field: uint32, shape (size,), read-only."""
        return self._post.array(f"{field}.lengths")

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield terms that begin with `prefix` and how many articles have them, in byte order."""
        for term, count in self._fields[field].terms(prefix.encode()):
            yield term.decode(), count

    def article(self, number: int, meanings: Sequence[Meaning] | None = None) -> Article:
        """Return the stored article with this number, its citations with these meanings. Raises IndexError where there
        is none, CorruptIndexError where the meanings are another article's.
        """
        return unpack(self.packed(number), meanings)

    def packed(self, number: int) -> memoryview:
        """Return the stored article as it lies in the file."""
        if not 0 <= number < self.size:
            raise IndexError(f"{self.name} has no article {number}")
        return self._articles[self._starts[number] : self._starts[number + 1]]

    def stops(self, number: int) -> tuple[U32, NDArray[np.int64]] | None:
        """Return the `text.distinct.stops` of a long text, with characters below 0 for its title; None for others."""
        if self._stops is None:
            return None
        starts, before, positions, characters = self._stops
        start, end = int(starts[number]), int(starts[number + 1])
        if start == end:
            return None
        return positions[start:end], characters[start:end].astype(np.int64) - int(before[number])

    def facts(self) -> Iterator[Facts]:
        """Yield the facts of every article, deleted ones included, in the order of their numbers."""
        return map(read_facts, self.lines())

    def lines(self) -> Iterator[bytes]:
        """Yield the facts of every article as they lie in the file, line by line."""
        count = 0
        for line in read_lines(self._facts):
            count += 1
            yield line
        if count != self.size:
            raise CorruptIndexError(f"{self._facts}: {count} articles, not {self.size}; run 'searchapp reindex --full'")

    def number_of(self, key: str) -> int | None:
        """Return the number of the article with this key."""
        wanted = key.encode()
        at = int(np.searchsorted(self._keys, np.bytes_(wanted)))
        return int(self._numbers[at]) if at < self.size and self._keys[at] == wanted else None

    def keys(self) -> NDArray[np.bytes_]:
        """Return the key of every article, in the order of their numbers."""
        keys = np.empty_like(self._keys)
        keys[self._numbers] = self._keys
        return keys

    def sketches(self) -> NDArray[np.void]:
        """Return the sketch of every article in the order of their numbers: rows of `text.sketch.SKETCH`, shape
        (size,).
        """
        packed = self._post.array("sketches")
        if packed.size != self.size * SKETCH.itemsize:
            raise CorruptIndexError(f"{self.name}: sketches are missing; run 'searchapp reindex --full'")
        return packed.view(SKETCH)

    def field(self, name: str) -> FieldReader:
        """Return the columns of one field, for a merge and for Whoosh's readers."""
        return self._fields[name]

    def close(self) -> None:
        """Close nothing: each map ends with the last array that was read from it, so a search may finish."""
