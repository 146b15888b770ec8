"""Road 1: turn files into Records, Articles, segments and, in the end, a generation that mirrors the given PATHs."""

from __future__ import annotations

import errno
import gc
import hashlib
import shutil
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from searchapp import dates, readers, tables
from searchapp import report as reports
from searchapp.config import Settings
from searchapp.engine import Build, Index
from searchapp.engines import generations, open_engine, open_index
from searchapp.engines.generations import manifest
from searchapp.errors import CorruptIndexError, IndexProblemError, NoIndexError, ShrunkIndexError, StaleIndexError
from searchapp.fields import ANALYZER
from searchapp.ingest import ledger, pool, reconcile
from searchapp.ingest.analysis import article as article
from searchapp.ingest.changes import Pending, Plan, Progress, plan, tasks, ticker
from searchapp.ingest.deduplicate import Place
from searchapp.ingest.ledger import Ledger
from searchapp.ingest.ocr import count_language, prune, read_waiting, waiting
from searchapp.ingest.reconcile import Harvest, Outcome
from searchapp.ingest.worker import THEMES, Filer, Setup
from searchapp.ingest.worker import save as save_themes
from searchapp.readers.scans import readings
from searchapp.readers.scans.recognition import available
from searchapp.report import Report
from searchapp.report import load_origins as load_found
from searchapp.report import save_origins as save_found

__all__ = ["article", "reindex"]

MEMORY: Final = 256 << 20
"""Bytes of open segments in all workers together; writing one out takes a few times its size for a moment."""

FEW_FILES: Final = 50
FEW_BYTES: Final = 2 << 20
"""With so few bytes, this process does the work before a worker would have started."""

_PASSES: Final = 3
"""The most passes: one is usual; a second when an article takes over the id of a gone one. A third if its file changes
then.
"""

_PER_BYTE: Final = 8
"""Bytes on the disk for a byte read, while segments are merged: the old segments and the new one."""

_COUNTED: Final = ("undated", "themeless", "citations", "unresolved")  # a run that changes nothing repeats these counts
_RECIPE: Final = (
    "text",
    "citations",
    "outline",
    "data",
    "readers",
    "ingest/analysis.py",
    "themes.py",
    "tables",
    "dates.py",
)
_SUFFIXES: Final = (".py", ".tsv", ".yaml")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def reindex(
    paths: Sequence[Path],
    index: Path,
    settings: Settings,
    *,
    add: bool = False,
    full: bool = False,
    verify: bool = False,
    jobs: int | None = None,
    allow_shrink: bool = False,
    progress: Progress | None = None,
    ocr: bool = False,
    ocr_minutes: float = 0.0,
    ocr_progress: readings.Progress | None = None,
) -> Report:
    """Make the index mirror the PATHs, with work for changed files only, and publish it. The old one answers until
    then.

    add: keep the articles of other PATHs. full: analyse everything again. verify: compare contents, not size and time,
    those of the index too. progress: called with the articles done and the total (0: unknown).

    ocr: then read the waiting scans, for so many minutes at most (0: until none waits), and publish their articles.

    Raises UsageError, BusyIndexError, UnsafeIndexError, ShrunkIndexError. StaleIndexError where `add` cannot keep the
    articles of another version; OSError for a full disk, with the free and the needed space. After any error, nothing
    is published and nothing is left behind.
    """
    options: dict[str, Any] = {
        "add": add,
        "verify": verify,
        "jobs": jobs,
        "allow_shrink": allow_shrink,
        "progress": progress,
    }
    dates.live_in(settings.timezone)
    try:
        report, known = _reindex(paths, index, settings, full=full, **options)
    except CorruptIndexError:
        if full or add:
            raise
        # The base of this run is damaged: build everything anew, as if there had been nothing.
        report, known = _reindex(paths, index, settings, full=True, **options)
    if ocr:
        end = time.monotonic() + 60 * ocr_minutes if ocr_minutes else None
        for ready in _recognised(known, index, settings, jobs, end, ocr_progress):
            options["allow_shrink"] = True  # articles that this run itself published are no reason to stop now
            more, known = _reindex(paths, index, settings, full=False, again=ready, **options)
            report = report.followed_by(more)
    prune(known, index)
    return report


def _recognised(
    known: Ledger,
    index: Path,
    settings: Settings,
    jobs: int | None,
    end: float | None,
    progress: readings.Progress | None,
) -> Iterator[set[Place]]:
    """Read the pages of waiting scans until none waits; yield now and then the files that are complete. known: the
    ledger of the run before.
    """
    target = open_index(replace(settings, index=index))
    counted, told = False, set[Place]()
    while (files := waiting(known)) and (end is None or time.monotonic() < end):
        if not counted:
            with closing(open_engine(replace(settings, index=index))()) as engine:
                count_language(engine, index)
            counted = True
        ready = read_waiting(files, index, jobs=jobs or pool.cores(), deadline=end, progress=progress)
        if not ready:
            if end is None and not available().missing:
                continue  # one file has more pages than a slice of time
            return
        if ready <= told:
            return  # this file changes all the time
        told |= ready
        yield ready
        known = ledger.load(target.current())


def _reindex(
    paths: Sequence[Path],
    index: Path,
    settings: Settings,
    *,
    add: bool,
    full: bool,
    verify: bool,
    jobs: int | None,
    allow_shrink: bool,
    progress: Progress | None,
    again: Container[Place] = (),
) -> tuple[Report, Ledger]:
    started = time.monotonic()
    known = tables.load(settings.tables, settings.replace)  # the code checks this before it reads anything
    recipe = _recipe(settings)
    target = open_index(replace(settings, index=index))
    with target.lock(), _without_collector():
        before, base = _before(target, recipe, full=full, add=add, verify=verify)
        if base:
            readers.prepare()  # a few files are read in this process, or none
        todo = plan(paths, index, before, add=add, fresh=full or base is None, verify=verify, again=again)
        with _told_when_full(index, todo), target.begin(base) as build:
            if base and before.recipe != recipe:
                build.refile(Filer(settings.tables, settings.replace, base / THEMES))
            harvest = _read(todo, build, settings, jobs, progress, index)
            if base is None and before.entries:
                _hold(harvest, before, todo, build, replace(settings, index=index))
            outcome = harvest.outcome(before, recipe, based=base is not None)
            report = _report(todo, outcome, harvest)
            context = (
                f"{recipe.partition('.')[0]} {build.issuers} {known.print_of('places', 'known_documents', 'terms')}"
            )
            same = base is not None and before.recipe == recipe
            alike = base and same and not _differs(outcome, before, base) and manifest.read(base).context == context
            # Where CURRENT is damaged, or what it names, only a publish ends what /healthz complains about.
            if base and alike and not target.check(deep=False)[0]:
                _keep(settings, index, outcome)
                report = replace(report, **_as_before(base), published=False, seconds=time.monotonic() - started)
                return report, outcome.ledger
            if not allow_shrink and (lost := _lost(target, outcome, before)):
                raise ShrunkIndexError(lost, report.skipped_lines())
            counts = build.assemble(outcome.segments, outcome.gone, outcome.dead, context)
            if counts.rejected:
                outcome = outcome.without(counts.rejected)
                report = _report(todo, outcome, harvest)
            ledger.save(outcome.ledger, build.folder)
            save_found(outcome.origins, build.folder)
            save_themes(known, build.folder)
            seconds = time.monotonic() - started
            name = generations.name_of(build.folder)
            counted = {field: getattr(counts, field) for field in _COUNTED}
            report = replace(report, generation=name, seconds=seconds, **counted)
            report.save(build.folder)
            _keep(settings, index, outcome)
            build.publish()
            return replace(report, seconds=time.monotonic() - started), outcome.ledger


def _before(index: Index, recipe: str, *, full: bool, add: bool, verify: bool) -> tuple[Ledger, Path | None]:
    """Return the ledger of the last run, and the generation to build on; None where everything is built anew."""
    try:
        folder = index.current()
        if verify and (lines := generations.check(folder, deep=True)):
            raise CorruptIndexError(lines[0])
        known = ledger.load(folder)
    except NoIndexError:
        return Ledger(), None
    except (CorruptIndexError, StaleIndexError, BadZipFile, ValueError, KeyError, EOFError) as error:
        if add:
            raise StaleIndexError(f"{error} (with all PATHs: --add has nothing sound to add to)") from None
        return Ledger(), None
    alike = known.recipe == recipe or (index.refiles and known.recipe.partition(".")[0] == recipe.partition(".")[0])
    if add and not alike:
        raise StaleIndexError("the rules of analysis have changed: run 'searchapp reindex' once with all PATHs")
    return known, folder if alike and (add or not full) else None


def _read(
    todo: Plan, build: Build, settings: Settings, jobs: int | None, progress: Progress | None, index: Path
) -> Harvest:
    """Read and analyse the pending files; twice where an article counts only because another one has gone."""
    harvest = Harvest(todo.roots, todo.kept)
    pending: Sequence[Pending] = todo.pending
    for _ in range(_PASSES):
        few = len(pending) <= FEW_FILES and sum(one.file.size for one in pending) <= FEW_BYTES
        count = 1 if few else jobs or pool.cores()
        entries = harvest.expect(pending)
        own = (settings.timezone, settings.tables, settings.replace)
        setup = Setup(build.new_writer, MEMORY // count, *own, scans=index)
        for segment, parts in pool.work(tasks(pending, entries), setup, count, ticker(progress, pending)):
            harvest.take(segment, parts)
        harvest.keep_from_before()
        pending = harvest.unserved()
        if not pending:
            break
    return harvest


def _hold(harvest: Harvest, before: Ledger, todo: Plan, build: Build, settings: Settings) -> None:
    try:
        engine = open_engine(settings)()
    except IndexProblemError:
        return
    with closing(engine):
        reconcile.hold(harvest, before, todo.lost, build, engine)


def _differs(outcome: Outcome, before: Ledger, base: Path) -> bool:
    now = outcome.ledger
    told = list(now.problems()) != list(before.problems()) or outcome.origins != load_found(base)
    return bool(outcome.segments or outcome.gone or told or now.roots != before.roots)


def _lost(index: Index, outcome: Outcome, before: Ledger) -> str:
    """Return the message for a missing folder, when too many articles are gone for anything else; else ""."""
    old = outcome.unchanged + outcome.changed + outcome.removed if before.entries else _articles_before(index)
    # A waiting scan is there, though the index does not serve it yet.
    if (outcome.articles + len(waiting(outcome.ledger))) * 2 >= max(old, 1):
        return ""
    found = f"{outcome.articles:,} articles found, the index has {old:,}" if old else "no article was found"
    return f"{found}: nothing was published; check the PATHs, or run it with --allow-shrink"


def _articles_before(index: Index) -> int:
    """Return the number of articles of the newest generation, even one that can no longer be opened."""
    for folder in generations.published(index.folder):
        with suppress(CorruptIndexError):
            return manifest.read(folder).articles
    return 0


def _report(todo: Plan, outcome: Outcome, harvest: Harvest) -> Report:
    problems = [*todo.troubles, *outcome.ledger.problems(), *outcome.late]
    return Report(
        generation="",
        articles=outcome.articles,
        new=outcome.new,
        changed=outcome.changed,
        removed=outcome.removed,
        unchanged=outcome.unchanged,
        copies=outcome.copies,
        read=harvest.read,
        kept=todo.held + harvest.held,
        **reports.sorted_out(problems),
    )


def _keep(settings: Settings, index: Path, outcome: Outcome) -> None:
    if settings.originals == "copy":
        ledger.keep_original(index, outcome.ledger)


def _as_before(base: Path) -> dict[str, Any]:
    old = reports.load(base)
    return {"generation": base.name} | {name: old.get(name, 0) for name in _COUNTED}


def _recipe(settings: Settings) -> str:
    """Return two hashes joined by a point: of the rules that read a text, and of the archive's own themes.

    When the first hash changes, all is analysed again. When only the second changes, articles are filed anew. The
    archive's own issuers belong to the first.
    Abbreviations, question words and pins work on the query. Every generation reads places and known documents anew.
    """
    rules = _rules(settings.timezone)
    if bodies := tables.load(settings.tables, settings.replace).print_of("issuers"):
        rules = hashlib.sha256(f"{rules} {bodies}".encode()).hexdigest()[: len(rules)]
    own = settings.tables / tables.THEMES if settings.tables else None
    if "themes" not in settings.replace and (own is None or not own.is_file()):
        return f"{rules}."
    told = own.read_bytes() if own and own.is_file() else b""
    return f"{rules}.{hashlib.sha256(told + str('themes' in settings.replace).encode()).hexdigest()[:16]}"


@cache
def _rules(zone: str) -> str:
    package = Path(__file__).parents[1]
    found = hashlib.sha256(f"{ANALYZER} {zone}".encode())
    parts = [path for name in _RECIPE for path in sorted((package / name).rglob("*")) if path.suffix in _SUFFIXES]
    for path in [*parts, *(package / name for name in _RECIPE if name.endswith(".py"))]:
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _without_collector() -> Iterator[None]:
    """Stop the search for cycles: a million small objects have none, and it takes a third of a small run."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _told_when_full(index: Path, todo: Plan) -> Iterator[None]:
    """Add the free space and about the needed space to the error of a full disk."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        needed = _PER_BYTE * sum(one.file.size for one in todo.pending) + (1 << 20)
        free = shutil.disk_usage(index).free
        message = f"no space left ({free >> 20:,} MB free, about {needed >> 20:,} MB needed)"
        raise OSError(error.errno, message, str(index)) from error
