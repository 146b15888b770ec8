"""Tell where an article was found, and the result of the last reindex: read from the generation once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from searchapp import report
from searchapp.article import Article
from searchapp.report import Kind, Origin, Origins, load_origins
from searchapp.text.encodings import TWICE

_TOLD: Final = (
    "read", "new", "changed", "unchanged", "removed", "copies", "skipped", "undated", "themeless", "suspicious"
)  # fmt: skip
# The report's name → end of the key of its text; any other name is an encoding.
_MENDED: Final = {
    "letters in pieces (NFD)": "pieces",
    "Ð for Đ": "eth",
    "private-use characters": "private",
    "control characters": "control",
    TWICE: "twice",
}
_FEEDS: Final = (".rss", ".atom", ".xml", ".json")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The facts of one generation about its sources. report: as in report.json, empty where there is none."""

    generation: str
    origins: Origins
    report: dict[str, Any]

    @classmethod
    def of(cls, index: Path, generation: str) -> Provenance:
        """Read the files beside a generation."""
        folder = index / generation
        return cls(generation, load_origins(folder), report.load(folder))

    def told(self) -> list[tuple[str, int]]:
        """Return the counts of the report, by the ends of the keys of their texts; nothing where there is no report."""
        report, sizes = self.report, {name: len(self.report.get(name, ())) for name in ("skipped", "suspicious")}
        counts = {name: report.get(name, 0) for name in _TOLD}
        return [(name, sizes.get(name, counts[name])) for name in _TOLD] if report else []

    def skipped(self) -> dict[str, int]:
        """Return how many files and rows were skipped, by the code of the reason, the most frequent first."""
        return dict(Counter(bad.get("code", "other") for bad in self.report.get("skipped", ())).most_common())

    def converted(self) -> list[tuple[str, str, int]]:
        """Return end of the key of its text, name of the encoding and number of files, the most frequent first."""
        counts = sorted(self.report.get("converted", {}).items(), key=lambda one: -one[1])
        return [(_MENDED.get(name, "encoding"), _encoding(name), count) for name, count in counts]

    def sources(self, shown: Article) -> tuple[Origin, ...]:
        """Return every place of an article, the served one first."""
        return self.origins.get(shown.key) or (Origin(_kind(shown.path), shown.path),)


def _encoding(name: str) -> str:
    """Return the name as people write it: "UTF-16", "TCVN3", "Windows-1258"."""
    return name.capitalize() if name.startswith("windows") else name.upper().removesuffix("-LE").removesuffix("-BE")


def _kind(path: str) -> Kind:
    if ".warc" in path:
        return "page"
    return "feed" if PurePosixPath(path).suffix.lower() in _FEEDS else "file"
