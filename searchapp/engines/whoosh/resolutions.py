"""Which document each citation of each article means, as the registry of this generation found it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Citation
from searchapp.errors import CorruptIndexError

_TABLE: Final = "resolutions.npy"
_STARTS: Final = "resolutions.starts.npy"
_WORDS: Final = "resolutions.json"
_ROW: Final = np.dtype([("document", "<u4"), ("how", "<u2"), ("sure", "<f4")])


def write(folder: Path, resolved: Sequence[Sequence[Citation]]) -> None:
    """Write the resolutions of all articles, in article order; removed ones have none."""
    words: dict[str, int] = {"": 0}
    counts = np.fromiter((len(citations) for citations in resolved), np.int64, len(resolved))
    table = np.zeros(int(counts.sum()), _ROW)
    every = (citation for citations in resolved for citation in citations)
    for row, citation in enumerate(every):
        if citation.document or citation.how:
            document = words.setdefault(citation.document, len(words))
            table[row] = (document, words.setdefault(citation.how, len(words)), citation.sure)
    np.save(folder / _TABLE, table, allow_pickle=False)
    np.save(folder / _STARTS, np.concatenate([[0], np.cumsum(counts)]), allow_pickle=False)
    (folder / _WORDS).write_text(json.dumps(list(words), ensure_ascii=False), encoding="utf-8")


class Resolutions:
    """The resolutions of a generation, read from its folder. Raises CorruptIndexError when opened."""

    def __init__(self, folder: Path) -> None:
        try:
            self._words: list[str] = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
            self._starts: NDArray[Any] = np.load(folder / _STARTS, allow_pickle=False)
            self._table: NDArray[Any] = np.load(folder / _TABLE, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndexError(f"{folder}: {error}; run 'searchapp reindex --full'") from None

    def apply(self, number: int, article: Article) -> Article:
        """The article with what its citations mean."""
        if not article.citations:
            return article
        rows = self._table[self._starts[number] : self._starts[number + 1]].tolist()
        if len(rows) != len(article.citations):
            raise CorruptIndexError(f"citations of {article.id} do not fit; run 'searchapp reindex --full'")
        pairs = zip(article.citations, rows, strict=True)
        citations = tuple(
            replace(citation, document=self._words[document], how=self._words[how], sure=round(sure, 3))
            if document or how
            else citation
            for citation, (document, how, sure) in pairs
        )
        return replace(article, citations=citations)
