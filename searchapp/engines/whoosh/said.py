"""What the articles of a segment say of themselves, asked for several times in a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, compress, repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.stored import Facts
from searchapp.engines.whoosh.segment import Segment

KEPT_FACTS: Final = 200_000
"""Articles of a segment whose facts are held in memory: about 1 kB each."""


class Said:
    """The facts of a segment: they are asked for several times, so those of a small one are kept."""

    def __init__(self, segment: Segment, removed: NDArray[np.bool_] | None) -> None:
        self.name = segment.name
        self._segment = segment
        self._removed = removed
        self._kept: list[Facts] | None = None

    def sketches(self) -> NDArray[np.void]:
        """The sketch of every article, removed ones included."""
        return self._segment.sketches()

    def facts(self) -> Iterator[Facts]:
        """The facts of every article, removed ones included."""
        if self._kept is None and self._segment.size > KEPT_FACTS:
            return self._segment.facts()
        self._kept = self._kept or list(self._segment.facts())
        return iter(self._kept)

    def ids(self) -> Iterator[str]:
        """The id of every article, "" for removed ones."""
        gone = chain(self._removed.tolist() if self._removed is not None else (), repeat(False))
        return ("" if removed else facts.id for facts, removed in zip(self.facts(), gone, strict=False))

    def living(self) -> Iterable[Facts]:
        """The facts of every article that is not removed."""
        return self.facts() if self._removed is None else compress(self.facts(), (~self._removed).tolist())
