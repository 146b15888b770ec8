"""What the search half needs of a segment: its posting lists, lengths, terms and articles, by its own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines.stored import Facts


class PostingList(Protocol):
    """What is needed of a segment's posting list: arrays of article numbers, frequencies and positions."""

    @property
    def documents(self) -> NDArray[np.unsignedinteger]:
        """Ascending article numbers."""
        ...

    @property
    def frequencies(self) -> NDArray[np.unsignedinteger]:
        """How often the term stands in each."""
        ...

    def positions(self) -> NDArray[np.uint32]:
        """All positions, article after article."""
        ...


class SegmentReader(Protocol):
    """What is needed of a segment (see segment.Segment): article numbers are its own, from 0."""

    @property
    def size(self) -> int:
        """Articles in it, removed ones included."""
        ...

    def postings(self, field: str, term: str) -> PostingList | None:
        """The posting list of a term."""
        ...

    def frequency(self, field: str, term: str) -> int:
        """Length of the posting list."""
        ...

    def lengths(self, field: str) -> NDArray[np.unsignedinteger]:
        """Tokens of each article in this field."""
        ...

    def terms(self, field: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Terms that begin with `prefix`, with the lengths of their lists, in byte order."""
        ...

    def article(self, number: int) -> Article:
        """The stored article."""
        ...

    def lines(self) -> Iterator[bytes]:
        """The facts of every article as they lie in the file, deleted ones included."""
        ...

    def facts(self) -> Iterator[Facts]:
        """The facts of each article in order."""
        ...

    def number_of(self, key: str) -> int | None:
        """The number of an article by its key."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
