"""Read the waiting pages of scans beside the reindex, and count the archive's own language to mend their words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from searchapp.dates import today
from searchapp.engine import Engine
from searchapp.errors import SearchappError
from searchapp.ingest.deduplicate import Place
from searchapp.ingest.ledger import Entry, Ledger
from searchapp.readers import scans_in
from searchapp.readers.items import Bad, Note, waiting_in
from searchapp.readers.scans import language
from searchapp.readers.scans.readings import Progress, WaitingPage, digest_of, read_pages
from searchapp.readers.scans.recognition import available
from searchapp.readers.scans.resolving import LANGUAGE, Scans

_SLICE: Final = 600.0
"""Seconds after which the finished scans are published, while OCR reads on."""
_BATCH: Final = 64
_GROWN: Final = 1.25
"""The archive's growth before its language is counted again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file with waiting pages. pages: how many waited when a run last read the file."""

    place: Place
    path: Path
    name: str
    pages: int


def waiting(ledger: Ledger) -> list[_Waiting]:
    """Return the files of the last run that wait for OCR, those with the fewest pages first."""
    found = [
        _Waiting(place, entry.file.path, entry.file.shown, pages)
        for place, entry in ledger.entries.items()
        if entry.problems and (pages := _pages(entry))
    ]
    return sorted(found, key=lambda one: one.pages)


def _pages(entry: Entry) -> int:
    return sum(waiting_in(problem) for problem in entry.problems)


def read_waiting(
    files: Sequence[_Waiting], folder: Path, *, jobs: int, deadline: float | None, progress: Progress | None = None
) -> set[Place]:
    """Read pages until none waits or the deadline (`time.monotonic()`); return the files that are complete now.

    folder: of the index. A file that has gone, or whose pages were read before this run, costs nothing. Without
    Tesseract, only such files are returned.
    """
    scans = Scans(folder)
    open_pages: dict[Place, int] = {}
    if scans.readings is None:
        return set()

    def pages() -> Iterator[WaitingPage]:
        for one in files:
            open_pages[one.place] = 1  # 1 until all of its pages were handed out
            found = _waiting_pages(one, scans)
            if not available().missing:
                yield from found
            elif found:
                continue
            open_pages[one.place] = 0

    end = min(deadline or time.monotonic() + _SLICE, time.monotonic() + _SLICE)
    read_pages(pages(), sum(one.pages for one in files), scans.readings, jobs=jobs, deadline=end, progress=progress)
    return {place for place, left in open_pages.items() if not left}


def _waiting_pages(one: _Waiting, scans: Scans) -> list[WaitingPage]:
    found, data = scans_in(one.path, one.name)
    file = digest_of(data)
    return [WaitingPage(data, file, one.name, page) for scan in found for page in scans.waiting(scan, file)]


def prune(known: Ledger, folder: Path) -> None:
    """Remove the readings of scans that have gone from the corpus long ago. folder: of the index."""
    readings = Scans(folder).readings
    if readings is None or not readings.file.exists():
        return
    scans = [entry for entry in known.entries.values() if any(_is_scan(problem) for problem in entry.problems)]
    if any(not entry.digest for entry in scans):
        return  # a file that changed while it was read
    named = readings.names(entry.digest for entry in scans)
    for entry in scans:
        if entry.digest not in named:
            try:
                named[entry.digest] = digest_of(entry.file.path.read_bytes())
            except OSError:
                return  # a disk that is not there: nothing is known to be gone
    readings.prune(named, today().toordinal())


def _is_scan(problem: Bad | Note) -> bool:
    """Tell whether a problem is that of a scan: one that was read, waits, or cannot be read."""
    if isinstance(problem, Bad):
        return problem.waiting > 0 or problem.code == "scan"
    return problem.about in ("recognised", "waiting", "scan")


def count_language(engine: Engine, folder: Path) -> None:
    """Count the words of the archive, without those from OCR. Only where the last count was of a
    much smaller archive.
    """
    file = folder / LANGUAGE
    articles = engine.stats().articles
    with suppress(OSError, ValueError, KeyError):
        if articles < max(1, language.load(file).articles) * _GROWN:
            return
    beside = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        keys = [key for key, _ in engine.titles()]
        replace(language.counted(_texts(engine, keys)), articles=articles).save(beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _texts(engine: Engine, keys: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(keys), _BATCH):
        with suppress(SearchappError):
            for article in engine.articles(keys[start : start + _BATCH]):
                if article.ocr is None:
                    yield f"{article.title}\n{article.text}"
