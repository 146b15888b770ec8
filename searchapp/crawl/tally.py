"""Count the results of a crawl: fetched, unchanged, gone and refused pages, with the reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

LISTED: Final = 5
"""The number of addresses listed for one reason."""
KEPT: Final = 1_000


_MANY: Final = 10
"""The number of pages dropped for one reason that is worth a look, where fewer pages are kept."""
SAME: Final = "the same text as another page"
NONE: Final = "a page that says that there is none (soft 404)"
_DROPPED: Final = (SAME, NONE, "noindex")
"""The reasons for dropping pages that the crawl asked for and received."""


@dataclass(slots=True, kw_only=True)
class CrawlReport:
    """The report of a crawl. requests: requests to the site, robots.txt included; new, changed, unchanged: pages.

    gone: pages that the site no longer has (their captures stay); refused, failed: reason → addresses; counts: reason →
    how many; missing: addresses of the settings that gave nothing; stopped: why the run ended early; enough: because it
    made as many requests as it may; left: addresses that the next run begins with; files: written.
    """

    site: str
    folder: str
    requests: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    resumed: bool = False
    missing: list[str] = field(default_factory=list)
    stopped: str = ""
    enough: bool = False
    left: int = 0
    files: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def refuse(self, reason: str, url: str) -> None:
        """Count an address that was not asked for or not kept."""
        self._count(self.refused, reason, url)

    def fail(self, reason: str, url: str) -> None:
        """Count an address that gave no usable answer."""
        self._count(self.failed, reason, url)

    @property
    def incomplete(self) -> bool:
        """Tell whether somebody should look: the site ended the run, or the settings name missing pages.

        Single pages fail on every site in every night; the report names them, and the next run asks again.
        """
        return bool(self.missing or (self.stopped and not self.enough))

    def lines(self) -> list[str]:
        """Return the report in plain lines."""
        told = [
            f"{self.site}: {self.requests:,} requests in {self.seconds:,.0f} s: {self.new:,} new pages, "
            f"{self.changed:,} changed, {self.unchanged:,} unchanged, {self.gone:,} gone"
        ]
        if self.stopped:
            told.append(f"stopped: {self.stopped}")
            told += [f"{self.left:,} addresses left: run it again to go on"] if self.left else []
        told += [f"nothing usable at an address of the settings: {url}" for url in self.missing]
        told += self._many()
        for head, reasons in (("failed", self.failed), ("not taken", self.refused)):
            for reason, urls in reasons.items():
                told.append(f"{head}, {self.counts[reason]:,}: {reason}")
                told += [f"  {url}" for url in urls[:LISTED]]
                if self.counts[reason] > LISTED:
                    told.append(f"  … {self.counts[reason] - LISTED:,} more")
        told += [f"written: {Path(self.folder, name)}" for name in self.files]
        if self.new or self.changed:
            told.append(f"now read them: searchapp reindex --add {self.folder}")
        return told

    def _many(self) -> list[str]:
        """Return a line for each reason that dropped most of the answered pages: a rule that fits this site badly."""
        kept = self.new + self.changed + self.unchanged
        return [
            f"look at this: of {kept + count:,} pages {count:,} were dropped for one reason: {reason}"
            for reason in self.refused
            if reason in _DROPPED and (count := self.counts[reason]) >= _MANY and count > kept
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as values of JSON."""
        return {**asdict(self), "incomplete": self.incomplete}

    def _count(self, reasons: dict[str, list[str]], reason: str, url: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        listed = reasons.setdefault(reason, [])
        if len(listed) < KEPT:
            listed.append(url)
