"""File an analysed article under the themes of today, with two settings that can go to another process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from searchapp import tables
from searchapp.article import Article
from searchapp.ingest.analysis import refiled


@dataclass(frozen=True, slots=True)
class Filer:
    """A function from an article to its themes by the archive's tables; tables, replace: as the settings name them."""

    tables: Path | None = None
    replace: tuple[str, ...] = ()

    def __call__(self, article: Article) -> tuple[str, ...]:
        """Return the themes of an article, as `analysis.refiled` does."""
        known = tables.load(self.tables, self.replace)
        return refiled(article, known.themes, known.sections)
