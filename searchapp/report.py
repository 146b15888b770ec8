"""The report of a reindex: files read, changed and skipped, with reasons, as plain lines and as JSON."""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from searchapp.readers.items import Bad, Note, waiting_in

NAME: Final = "report.json"
_LAST_RUN: Final = "LAST_RUN.json"
WELL: Final = (0, 3)  # exit codes of a run after which index and files agree
LISTED: Final = 10
"""The number of names listed for one reason; report.json has them all."""
_FIGURES: Final = re.compile(r"[0-9]+(?:[-.,/][0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of a reindex. articles: the number that the generation serves; read: files opened in this run.

    kept: articles served as before because their files could not be read this time; copies: further copies of a served
    article, from a file, a feed or a site; skipped: files and rows that are not served, of this run and of unchanged
    files alike; converted: encoding → files; suspicious and notes: remarks on content that was read, but not as it
    stands; undated, themeless: articles without date or theme; citations, unresolved: places that name a document, and
    those without a certain document; published: False when nothing had changed, so that the generation before goes on.
    """

    generation: str
    articles: int
    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    copies: int = 0
    kept: int = 0
    read: int = 0
    undated: int = 0
    themeless: int = 0
    citations: int = 0
    unresolved: int = 0
    recognised: int = 0
    mended: int = 0
    doubtful: int = 0
    skipped: tuple[Bad, ...] = ()
    converted: Mapping[str, int] = field(default_factory=dict)
    suspicious: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0
    published: bool = True

    def lines(self) -> list[str]:
        """Return the report in plain lines, for a terminal."""
        number = int(self.generation.partition("-")[0] or 0)
        lines = [
            f"{_many(self.articles, 'article')} in generation {number} ({self.seconds:.1f} s): {self.new:,} new, "
            f"{self.changed:,} changed, {self.removed:,} removed, {self.unchanged:,} unchanged"
        ]
        if self.read:
            lines.append(f"{_many(self.read, 'file')} read")
        if self.kept:
            lines.append(f"{_many(self.kept, 'article')} kept from before: their files could not be read this time")
        if self.copies:
            lines.append(f"{self.copies:,} {'copy' if self.copies == 1 else 'copies'} of these, kept as their sources")
        if self.undated or self.themeless:
            lines.append(f"{self.undated:,} undated, {self.themeless:,} without theme")
        if self.citations:
            lines.append(
                f"{_many(self.citations, 'citation')}, {self.unresolved:,} of them open: which document is not certain"
            )
        if self.recognised:
            lines.append(
                f"{_many(self.recognised, 'page')} recognised from scans: {_many(self.mended, 'word')} mended, "
                f"{self.doubtful:,} doubtful"
            )
        if self.converted:
            told = (f"{name}: {count:,}" for name, count in sorted(self.converted.items(), key=lambda one: -one[1]))
            lines.append(f"files converted or mended, by what was in them: {', '.join(told)}")
        lines += _listing("looks wrong, indexed all the same", self.suspicious)
        lines += _listing("read, but", self.notes)
        return [*lines, *self.skipped_lines()]

    @property
    def waiting(self) -> int:
        """Return the pages of scans that wait for OCR."""
        told: tuple[Bad | Note, ...] = (*self.skipped, *self.notes)
        return sum(waiting_in(problem) for problem in told)

    def followed_by(self, later: Report) -> Report:
        """Return both runs as one: the later one's findings of the present, and the work of both."""
        return replace(
            later,
            new=self.new + later.new,
            changed=self.changed + later.changed,
            removed=self.removed + later.removed,
            unchanged=self.unchanged,
            read=self.read + later.read,
            seconds=self.seconds + later.seconds,
            published=self.published or later.published,
        )

    def skipped_lines(self) -> list[str]:
        """Return the skipped files and reasons in plain lines."""
        return list(_listing(f"{_counted(self.skipped)} skipped", self.skipped))

    def as_json(self) -> dict[str, Any]:
        """Return the report as values of JSON; reasons: of the skipped files, with how many for each."""
        values = asdict(self)
        values["skipped"] = [asdict(bad) for bad in self.skipped]
        values["reasons"] = dict(Counter(map(_reason, self.skipped)).most_common())
        return values

    def save(self, folder: Path) -> None:
        """Write the report into a build."""
        (folder / NAME).write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> dict[str, Any]:
    """Return the report of a generation as values of JSON; empty when there is none."""
    try:
        values: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values


def scan_counts(index: Path) -> dict[str, int]:
    """Return the live generation's pages read by OCR, waiting pages, mended and doubtful words; {} without scans."""
    try:
        live = (index / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        return {}
    found = load(index / Path(live).name)
    counts = {name: found.get(name, 0) for name in ("recognised", "mended", "doubtful")}
    counts["waiting"] = waiting_pages(index)
    return counts if any(counts.values()) else {}


def waiting_pages(index: Path) -> int:
    """Return the pages of scans that wait for OCR, by the report of the last generation."""
    try:
        live = (index / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        return 0
    told = load(index / Path(live).name)
    notes: int = sum(note.get("count", 0) for note in told.get("notes", ()) if note.get("about") == "waiting")
    skipped: int = sum(bad.get("waiting", 0) for bad in told.get("skipped", ()))
    return notes + skipped


def save_run(index: Path, *, exit_code: int, seconds: float) -> None:
    """Note in the index how its last reindex ended, published or not; a full disk gives no second error."""
    now = time.time()
    succeeded = now if exit_code in WELL else last_run(index).get("succeeded")
    values = {"ended": now, "exit": exit_code, "seconds": round(seconds, 3), "succeeded": succeeded}
    beside = index / f".{_LAST_RUN}-{os.getpid()}"
    with suppress(OSError):
        try:
            # Whatever the umask: nobody else says how a run ended.
            with open(beside, "w", encoding="utf-8", opener=lambda name, how: os.open(name, how, 0o644)) as file:
                file.write(json.dumps(values) + "\n")
            beside.replace(index / _LAST_RUN)
        finally:
            beside.unlink(missing_ok=True)  # on a full disk an empty file would stay


def last_run(index: Path) -> dict[str, Any]:
    """Return how the last reindex ended: ended and succeeded (seconds since 1970, or null), exit, seconds; {} if none
    did.
    """
    try:
        values = json.loads((index / _LAST_RUN).read_text(encoding="utf-8"))
        return {
            "ended": float(values["ended"]),
            "succeeded": float(values["succeeded"]) if values["succeeded"] else None,
            "exit": int(values["exit"]),
            "seconds": float(values["seconds"]),
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}  # a power cut may leave anything


def sorted_out(problems: Iterable[Bad | Note]) -> dict[str, Any]:
    """Return the problems, sorted by the fields of a Report."""
    listed = list(problems)
    notes = [problem for problem in listed if isinstance(problem, Note)]
    return {
        "skipped": tuple(problem for problem in listed if isinstance(problem, Bad)),
        "converted": dict(Counter(note.text for note in notes if note.about == "encoding")),
        "suspicious": tuple(note for note in notes if note.about == "quality"),
        "notes": tuple(note for note in notes if note.about not in ("encoding", "quality", "recognised")),
        **scanned(note for note in notes if note.about == "recognised"),
    }


def scanned(notes: Iterable[Note]) -> dict[str, int]:
    """Return OCR's results: pages, mended words and doubtful words."""
    found = {"recognised": 0, "mended": 0, "doubtful": 0}
    for note in notes:
        mended, _, doubtful = note.text.partition(" ")
        found["recognised"] += note.count
        found["mended"] += int(mended)
        found["doubtful"] += int(doubtful)
    return found


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _counted(skipped: Iterable[Bad]) -> str:
    rows = Counter(bool(bad.row) for bad in skipped)
    told = [(rows[False], "file"), (rows[True], "row")]
    return " and ".join(_many(count, what) for count, what in told if count)


def _listing(head: str, problems: Sequence[Bad | Note]) -> Iterator[str]:
    """Yield a heading and one line for each, the first few of each reason; figures make no reason of their own."""
    if problems:
        yield f"{head}:"
    alike: dict[str, list[str]] = {}
    for problem in problems:
        alike.setdefault(_kind(problem), []).append(_reason(problem))
    seen: Counter[str] = Counter()
    for problem in problems:
        kind = _kind(problem)
        seen[kind] += 1
        if seen[kind] <= LISTED:
            yield f"  {problem}"
        elif seen[kind] == len(alike[kind]):
            said = kind if len(set(alike[kind])) > 1 else alike[kind][0]
            yield f"  … {seen[kind] - LISTED:,} more: {said}"


def _reason(problem: Bad | Note) -> str:
    # The words after the colon belong to one file alone.
    return (problem.reason if isinstance(problem, Bad) else problem.text).partition(":")[0]


def _kind(problem: Bad | Note) -> str:
    """Return the reason without its days and numbers, which differ from file to file."""
    return _FIGURES.sub("…", _reason(problem))


_ORIGINS: Final = "origins.json"

Kind: TypeAlias = Literal["file", "feed", "page"]
"""page: captured from a site."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One place of an article. path: as the report names it; seen: the ISO day of a page's capture, else ""."""

    kind: Kind
    path: str
    seen: str = ""


Origins: TypeAlias = Mapping[str, tuple[Origin, ...]]
"""Key of an article → its places, the served one first; only articles found in several."""


def save_origins(origins: Origins, folder: Path) -> None:
    """Write the places into a build."""
    values = {key: [astuple(origin) for origin in found] for key, found in origins.items()}
    (folder / _ORIGINS).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def load_origins(folder: Path) -> Origins:
    """Return the places of a generation; none where it has no list."""
    try:
        values = json.loads((folder / _ORIGINS).read_text(encoding="utf-8"))
        return {key: tuple(Origin(*origin) for origin in found) for key, found in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
