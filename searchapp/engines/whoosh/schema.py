"""The index schema in Whoosh's own terms: a field for each token stream, formats that read columns, an analyzer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format

from searchapp.fields import TEXT_FIELDS
from searchapp.text.fold import fold_key
from searchapp.text.tokens import tokens

ARTICLE = "article"
"""The stored field: an article as JSON."""


class Frequencies(Format):
    """A posting's value is how often the term stands in the article: uint32, little-endian."""

    def word_values(self, value: Any, analyzer: Any, **kwargs: Any) -> Iterable[tuple[bytes, int, float, bytes]]:
        """Not for writing: segments are written by `writer.SegmentWriter`."""
        raise NotImplementedError("write segments with searchapp.engines.whoosh.writer.SegmentWriter")

    def encode(self, frequency: int) -> bytes:
        """The value of a posting."""
        return np.uint32(frequency).tobytes()

    def decode_frequency(self, value: bytes) -> int:
        """How often the term stands in the article."""
        return int(np.frombuffer(value, "<u4")[0])

    def decode_weight(self, value: bytes) -> float:
        """The frequency as Whoosh's scorers want it."""
        return float(self.decode_frequency(value))


class Positions(Frequencies):
    """A posting's value is an array of positions: uint32, little-endian; no pickle, unlike Whoosh's own format."""

    def decode_frequency(self, value: bytes) -> int:
        """How often the term stands in the article."""
        return len(value) // 4

    def decode_positions(self, value: bytes) -> list[int]:
        """Where it stands, ascending."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions


class SyllableTokenizer(Tokenizer):
    """Cuts typed text into the syllables of streams a and f, so that Whoosh's query parser can be used on them."""

    def __init__(self, folded: bool) -> None:
        self.folded = folded

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SyllableTokenizer) and self.folded == other.folded

    def __hash__(self) -> int:
        return hash((SyllableTokenizer, self.folded))

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """The syllables of a text as Whoosh's tokens."""
        for position, (start, end, key) in enumerate(tokens(value)):
            token = Token(True, True, mode=mode)
            token.text = fold_key(key) if self.folded else key
            token.pos, token.startchar, token.endchar, token.boost = position, start, end, 1.0
            yield token


def schema() -> Schema:
    """The schema of every index; terms are as `text.tokens` and `text.fold` make them."""
    columns = {}
    for field in TEXT_FIELDS:
        analyzer = SyllableTokenizer(field.stream == "f") if field.positions else None
        format_ = Positions() if field.positions else Frequencies()
        columns[field.name] = FieldType(format_, analyzer, scorable=True)  # type: ignore[arg-type]  # Whoosh allows None
    return Schema(**columns, **{ARTICLE: STORED()})
