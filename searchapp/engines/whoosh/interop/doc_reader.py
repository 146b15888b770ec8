"""Whoosh's view of the articles: true lengths, stored fields, columns to sort and group by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader

from searchapp.engines.whoosh.interop.schema import DATE, ORDERS, STORED_ONLY, VALUED, Backwards
from searchapp.engines.whoosh.interop.terms import Live
from searchapp.engines.whoosh.search import doc_values
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.fields import TEXT_FIELDS

_TEXTS = {field.name: field for field in TEXT_FIELDS}


class ColumnDocumentReader(base.PerDocumentReader):
    """The articles of one segment; lengths are those of living ones, true and not rounded to a byte.

    base: the number of its first article in the generation's columns. live: None: none is removed.
    """

    def __init__(self, segment: Segment, columns: Columns, base: int, live: Live | None) -> None:
        self._segment = segment
        self._columns = columns
        self._base = base
        self._live = live
        self._gone: frozenset[int] = frozenset(() if live is None else np.flatnonzero(~live).tolist())

    def doc_count(self) -> int:
        """Return the number of living articles."""
        return self._segment.size if self._live is None else int(np.count_nonzero(self._live))

    def doc_count_all(self) -> int:
        """Return the number of articles, removed ones included."""
        return self._segment.size

    def has_deletions(self) -> bool:
        """Tell whether an article is removed."""
        return self._live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether this one is removed; Whoosh asks for numbers behind the last too."""
        return docnum in self._gone

    def deleted_docs(self) -> Iterator[int]:
        """Yield the numbers of the removed ones."""
        return iter(sorted(self._gone))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the tokens of an article in a field."""
        return int(self._segment.lengths(fieldname)[docnum]) if fieldname in _TEXTS else default

    def field_length(self, fieldname: str) -> int:
        """Return the tokens of all articles in a field."""
        return int(self._lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the tokens of the shortest article in a field."""
        return int(min(self._lengths(fieldname), default=0))

    def max_field_length(self, fieldname: str) -> int:
        """Return the tokens of the longest article in a field."""
        return int(self._lengths(fieldname).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored values of an article, by field: texts, facts, facet values."""
        article = self._segment.article(docnum)
        number = self._base + docnum
        stored: dict[str, Any] = {name: getattr(article, name) for name in (*STORED_ONLY, "key", DATE)}
        stored |= {name: list(self._columns.facets[name].of(number)) for name in VALUED}
        texts = {"title": article.title, "body": article.text}
        return stored | {field.name: texts[field.part] for field in TEXT_FIELDS if field.positions}

    def supports_columns(self) -> bool:
        """Return True, always."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field can be sorted and grouped by."""
        return fieldname in (DATE, *VALUED, *ORDERS)

    def list_columns(self) -> list[str]:
        """Return the fields that can be sorted and grouped by."""
        return [DATE, *VALUED, *ORDERS]

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:
        """Return the values of a field, article by article."""
        if fieldname in ORDERS:
            places: NDArray[np.uint32] = getattr(self._columns, fieldname)
            return _PlaceReader(places[self._base : self._base + self._segment.size])
        return _ValueReader(self._columns.facets[fieldname], self._base, self._segment.size, many=column.stores_lists())

    def _lengths(self, fieldname: str) -> NDArray[np.uint32]:
        if fieldname not in _TEXTS:
            return np.empty(0, np.uint32)
        lengths = self._segment.lengths(fieldname)
        return lengths if self._live is None else lengths[self._live]


class _ValueReader(ColumnReader):
    """The values of a facet: a list for an article that may have several, else one, "" for none."""

    def __init__(self, column: doc_values.Column, base: int, size: int, *, many: bool) -> None:
        self._column = column
        self._base = base
        self._doccount = size
        self._many = many
        self._reverse = False

    def __getitem__(self, docnum: int) -> Any:
        values = self._column.of(self._base + docnum)
        return list(values) if self._many else self._one(values)

    def sort_key(self, docnum: int) -> Any:
        """Return the sort key of an article: its first value."""
        return self._one(self._column.of(self._base + docnum))

    def set_reverse(self) -> None:
        """Sort the other way round."""
        self._reverse = True

    def _one(self, values: tuple[str, ...]) -> str:
        value = values[0] if values else ""
        return Backwards(value) if self._reverse else value


class _PlaceReader(ColumnReader):
    """The place of each article in an order."""

    def __init__(self, places: NDArray[np.uint32]) -> None:
        self._places = places
        self._doccount = len(places)
        self._sign = 1

    def __getitem__(self, docnum: int) -> Any:
        return int(self._places[docnum]) * self._sign

    def sort_key(self, docnum: int) -> Any:
        """Return the place; negative where the order is reversed."""
        return self[docnum]

    def set_reverse(self) -> None:
        """Sort the other way round."""
        self._sign = -1
