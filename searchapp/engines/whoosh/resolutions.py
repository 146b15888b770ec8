"""Which document each citation of each article means, as the registry of this generation found it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Citation
from searchapp.engines.whoosh import arrays
from searchapp.errors import CorruptIndexError

_TABLE: Final = "resolutions.npy"
_STARTS: Final = "resolutions.starts.npy"
_WORDS: Final = "resolutions.json"
_ROW: Final = np.dtype([("document", "<u4"), ("how", "<u4"), ("sure", "<f8")])


class ResolutionsWriter:
    """Takes the resolved citations of each article in order and writes them; removed articles have none."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {"": 0}
        self._documents, self._hows, self._sures = array("I"), array("I"), array("d")
        self._starts = array("Q", [0])

    def add(self, citations: Sequence[Citation]) -> None:
        """Append an article."""
        words = self._words
        for citation in citations:
            self._documents.append(words.setdefault(citation.document, len(words)))
            self._hows.append(words.setdefault(citation.how, len(words)))
            self._sures.append(citation.sure)
        self._starts.append(len(self._documents))

    def close(self, folder: Path) -> None:
        """Write everything into a generation folder."""
        table = np.zeros(len(self._documents), _ROW)
        table["document"], table["how"], table["sure"] = self._documents, self._hows, self._sures
        np.save(folder / _TABLE, table, allow_pickle=False)
        np.save(folder / _STARTS, np.array(self._starts, np.int64), allow_pickle=False)
        (folder / _WORDS).write_text(json.dumps(list(self._words), ensure_ascii=False), encoding="utf-8")


class Resolutions:
    """The resolutions of a generation, read from its folder. Raises CorruptIndexError when opened."""

    def __init__(self, folder: Path) -> None:
        try:
            self._words: list[str] = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
            self._starts: NDArray[Any] = arrays.load(folder / _STARTS)
            self._table: NDArray[Any] = arrays.load(folder / _TABLE)
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndexError(f"{folder}: {error}; run 'searchapp reindex --full'") from None

    @property
    def count(self) -> int:
        """Citations of the live articles; removed ones have none here."""
        return int(self._table.size)

    @property
    def unresolved(self) -> int:
        """Citations of which it is not certain what they mean."""
        return int(np.count_nonzero(self._table["document"] == self._words.index("")))

    def apply(self, number: int, article: Article) -> Article:
        """The article with what its citations mean."""
        if not article.citations:
            return article
        rows = self._table[self._starts[number] : self._starts[number + 1]].tolist()
        if len(rows) != len(article.citations):
            raise CorruptIndexError(f"citations of {article.id} do not fit; run 'searchapp reindex --full'")
        pairs = zip(article.citations, rows, strict=True)
        citations = tuple(
            replace(citation, document=self._words[document], how=self._words[how], sure=sure)
            if document or how
            else citation
            for citation, (document, how, sure) in pairs
        )
        return replace(article, citations=citations)
