"""Everything that a generation of the embedded engine holds, read out for another engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.article import Article
from searchapp.engines.meanings import Evidence, load_evidence
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.tables import read_segments


@dataclass(frozen=True, slots=True)
class Held:
    """A live article. titled: whether its title was indexed; sketch: what tells its reprints."""

    article: Article
    titled: bool
    sketch: bytes


class Unloading:
    """The live articles of a generation in the order of its segments; citations are as their text says them."""

    def __init__(self, folder: Path) -> None:
        """Open a generation folder. Raises CorruptIndexError."""
        self.folder = folder
        self._listed = read_segments(folder)
        self._segments = [Segment(folder, name) for name in self._listed.names]

    def __len__(self) -> int:
        removed = sum(int(mask.sum()) for mask in self._listed.removed.values())
        return sum(segment.size for segment in self._segments) - removed

    def __iter__(self) -> Iterator[Held]:
        for segment in self._segments:
            gone = self._listed.removed.get(segment.name)
            lengths, sketches = segment.lengths("title_f"), segment.sketches()
            for number in range(segment.size):
                if gone is None or not gone[number]:
                    yield Held(segment.article(number), bool(lengths[number]), sketches[number].tobytes())

    def evidence(self) -> Evidence:
        """What its articles say of documents."""
        return load_evidence(self.folder)
