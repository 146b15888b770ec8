"""Where an article was found, and what the last reindex said: read from the generation once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from searchapp import origins, reasons, report
from searchapp.article import Article
from searchapp.origins import Origin, Origins

_TOLD: Final = (
    "read", "new", "changed", "unchanged", "removed", "copies", "skipped", "undated", "themeless", "suspicious"
)  # fmt: skip
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

    def told(self) -> list[tuple[str, int]]:
        """The counts of the report, by the ends of the keys of their texts; nothing where there is no report."""
        report, sizes = self.report, {name: len(self.report.get(name, ())) for name in ("skipped", "suspicious")}
        counts = {name: report.get(name, 0) for name in _TOLD}
        return [(name, sizes.get(name, counts[name])) for name in _TOLD] if report else []

    def skipped(self) -> dict[str, int]:
        """How many files and rows were skipped, by sort of reason (`reasons.SORTS`)."""
        return reasons.counted(bad["reason"] for bad in self.report.get("skipped", ()))

    def converted(self) -> dict[str, int]:
        """How many files were converted, by the name of their encoding."""
        return dict(self.report.get("converted", {}))

    def sources(self, shown: Article) -> tuple[Origin, ...]:
        """Every place of an article, the one that is served first."""
        return self.origins.get(shown.key) or (Origin(_kind(shown.path), shown.path),)


def _kind(path: str) -> origins.Kind:
    if ".warc" in path:
        return "page"
    return "feed" if PurePosixPath(path).suffix.lower() in _FEEDS else "file"
