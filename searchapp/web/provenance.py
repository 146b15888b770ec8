"""Where an article was found, and what the last reindex said: read from the generation once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from searchapp import origins, report
from searchapp.article import Article
from searchapp.origins import Origin, Origins

_FEEDS: Final = (".rss", ".atom", ".xml", ".json")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What one generation tells of its sources. report: as in report.json, empty where there is none."""

    generation: str
    origins: Origins
    report: dict[str, Any]

    @classmethod
    def of(cls, index: Path, generation: str) -> Provenance:
        """Read what lies beside a generation."""
        folder = index / generation
        return cls(generation, origins.load(folder), report.load(folder))

    def sources(self, shown: Article) -> tuple[Origin, ...]:
        """Every place of an article, the one that is served first."""
        return self.origins.get(shown.key) or (Origin(_kind(shown.path), shown.path),)


def _kind(path: str) -> origins.Kind:
    if ".warc" in path:
        return "page"
    return "feed" if PurePosixPath(path).suffix.lower() in _FEEDS else "file"
