"""The schema that Whoosh sees: text fields with our tokenizer as analyzer, facets as fields with columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.analysis.filters import Filter
from whoosh.analysis.tokenizers import IDTokenizer, Tokenizer
from whoosh.columns import Column
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format

from searchapp.fields import STORED_FACETS, TEXT_FIELDS, TextField
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import tokens, words_asked

READ_ONLY: Final = "Whoosh reads this index, it does not write it: run 'searchapp reindex'"

KEY: Final = "key"
"""The field that finds an article by its key."""
DATE: Final = "date"
VALUED: Final = STORED_FACETS
"""Facets of which an article may have several values; facts that depend on the day (validity) are not stored."""
ORDERS: Final = ("newest", "oldest")
"""Columns to sort by: the place of an article in that order, ties by id, as everywhere else."""
STORED_ONLY: Final = ("id", "title", "text", "url", "number")
"""Stored values beside the searched fields."""


class Frequencies(Format):
    """A format whose values are the frequency of the term in the article: uint32, little-endian."""

    def word_values(self, value: Any, analyzer: Any, **kwargs: Any) -> Iterable[tuple[bytes, int, float, bytes]]:
        """Refuse: Whoosh does not write here."""
        raise NotImplementedError(READ_ONLY)

    def encode(self, frequency: int) -> bytes:
        """Return the value of a posting."""
        return np.uint32(frequency).tobytes()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often the term stands in the article."""
        return int(np.frombuffer(value, "<u4")[0])

    def decode_weight(self, value: bytes) -> float:
        """Return the frequency in the type of Whoosh's scorers."""
        return float(self.decode_frequency(value))


class Positions(Frequencies):
    """A format whose values are arrays of positions: uint32, little-endian; no pickle, unlike Whoosh's own format."""

    def decode_frequency(self, value: bytes) -> int:
        """Return how often the term stands in the article."""
        return len(value) // 4

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions of the term, ascending."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions


class SyllableTokenizer(Tokenizer):
    """A tokenizer into accented syllables (stream a), so that Whoosh's query parser and highlighter cut as we do.

    >>> [(token.text, token.startchar) for token in SyllableTokenizer()("Thành uỷ TP.HCM", chars=True)]
    [('thành', 0), ('ủy', 6), ('tphcm', 9)]
    """

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """Yield the syllables of a text as Whoosh's tokens; typed text (mode "query") is normalised first."""
        for position, (start, end, key) in enumerate(tokens(normalize(value) if mode == "query" else value)):
            yield _token(key, position, start, end, mode)


class WordTokenizer(Tokenizer):
    """A tokenizer into words of several syllables (stream w); Whoosh gets no offsets for them.

    >>> [token.text for token in WordTokenizer()("xây dựng Đảng")]
    ['xây_dựng']
    """

    def __call__(self, value: str, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """Yield the words of a text as Whoosh's tokens."""
        for position, word in enumerate(words_asked(normalize(value))):
            yield _token(word, position, 0, 0, mode)


class _FoldFilter(Filter):
    """A filter that folds accented syllables (stream f)."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:  # type: ignore[override]  # as Whoosh does
        """Yield the same tokens without diacritics."""
        for token in tokens:
            token.text = fold_key(token.text)
            yield token


class _PairFilter(Filter):
    """A filter that makes pairs of neighbours (stream f2) of single syllables."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:  # type: ignore[override]  # as Whoosh does
        """Yield each token joined with the one before it."""
        before: Token | None = None
        for token in tokens:
            if before is not None:
                text = f"{before.text} {token.text}"
                yield _token(text, before.pos, before.startchar, token.endchar, token.mode)
            before = token


def _token(text: str, position: int, start: int, end: int, mode: str) -> Token:
    token = Token(True, True, mode=mode)
    token.text, token.pos, token.startchar, token.endchar, token.boost = text, position, start, end, 1.0
    return token


class Backwards(str):
    """A string whose sort order is reversed: Whoosh reverses a column by its keys."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)


class _FacetColumn(Column):
    """The column of a facet; the generation's columns hold its values. many: several an article."""

    reversible = True

    def __init__(self, *, many: bool) -> None:
        self.many = many

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _FacetColumn) and self.many == other.many

    def __hash__(self) -> int:
        return hash((_FacetColumn, self.many))

    def stores_lists(self) -> bool:
        """Tell whether an article may have several values."""
        return self.many

    def default_value(self, reverse: bool = False) -> str:
        """Return the sort key of an article without a value."""
        return Backwards() if reverse else ""


class _OrderColumn(Column):
    """A column of places in an order."""

    reversible = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OrderColumn)

    def __hash__(self) -> int:
        return hash(_OrderColumn)

    def default_value(self, reverse: bool = False) -> int:
        """Return a place before everything; every article has a place."""
        return 0


class _FacetField(FieldType):
    """A facet field: each value is a term. Every article's values are stored, and make a column to
    sort and group by.
    """

    def __init__(self, *, many: bool) -> None:
        super().__init__(Frequencies(), IDTokenizer(), stored=True, sortable=_FacetColumn(many=many))  # type: ignore[arg-type]

    def from_column_value(self, value: object) -> str:
        """Return the value unchanged; a value that sorts backwards becomes a plain string."""
        return str(value) if isinstance(value, Backwards) else value  # type: ignore[return-value]  # lists pass through


class _OrderField(FieldType):
    """A field of the order of all articles, to sort by only."""

    indexed = False
    column_type = _OrderColumn()

    def __init__(self) -> None:
        """Set nothing: the field has neither terms nor stored values."""

    def from_column_value(self, value: object) -> Any:
        """Return the place unchanged."""
        return value


def schema() -> Schema:
    """Return the schema of every index; terms are as `text.tokens` and `text.normalize.fold` make them."""
    fields: dict[str, FieldType] = {field.name: _text_field(field) for field in TEXT_FIELDS}
    fields |= {name: _FacetField(many=True) for name in VALUED}
    fields |= {name: _OrderField() for name in ORDERS}
    fields |= {name: STORED() for name in STORED_ONLY}
    fields[DATE] = _FacetField(many=False)
    fields[KEY] = FieldType(Frequencies(), IDTokenizer(), stored=True, unique=True)  # type: ignore[arg-type]
    return Schema(**fields)


def _text_field(field: TextField) -> FieldType:
    format_ = Positions() if field.positions else Frequencies()
    return FieldType(format_, _analyzer(field.stream), scorable=True, stored=field.positions)


def _analyzer(stream: str) -> Any:
    match stream:
        case "a":
            return SyllableTokenizer()
        case "f":
            return CompositeAnalyzer(SyllableTokenizer(), _FoldFilter())
        case "f2":
            return CompositeAnalyzer(SyllableTokenizer(), _FoldFilter(), _PairFilter())
        case _:
            return WordTokenizer()
