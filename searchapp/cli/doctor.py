"""Examine machine, settings, corpus and index, and report each obstacle to a good service in one line."""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

from searchapp import report, tables
from searchapp.config import Settings
from searchapp.engines import generations, open_engine, open_index
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import require_safe, sync
from searchapp.errors import IndexProblemError, MissingExtraError, SearchappError
from searchapp.meaning import Vectors, is_reranker, open_encoder, open_reranker
from searchapp.readers.scans.recognition import INSTALL, available
from searchapp.search.standing import standing_of

_EXAMPLES: Final = 3  # contradictions that a line names

State = Literal["ok", "warning", "bad"]

_LIBRARIES: Final = ("whoosh3", "numpy", "pyvi", "flask", "gunicorn", "trafilatura", "pypdfium2")
_FEW_DESCRIPTORS: Final = 256
_ROOM: Final = 3  # generations of today's size; the disk should still take a build and its merge
_MOST_VECTORS: Final = 0.95  # of the articles: those of one text share a vector
_LITTLE: Final = 512 << 20  # bytes; less is little for any index


@dataclass(frozen=True, slots=True)
class Finding:
    """One examined thing: its name, its state, the observation, and the advice ("" where nothing is to be done)."""

    about: str
    state: State
    seen: str
    todo: str = ""

    def line(self, told: Callable[[str], str] = str) -> str:
        """Return a line of `searchapp doctor`; told: gives each part in the language of the reader."""
        parts = [told(part) for part in (self.seen, self.todo) if part]
        joined = ": ".join(part for part in (self.seen, self.todo) if part)
        said = told(joined) if {*parts} & {self.seen, self.todo} else ": ".join(parts)  # some are one sentence
        return f"{told(self.state):<8}{told(self.about):<15}{said}"


def examine(settings: Settings) -> Iterator[Finding]:
    """Examine everything; the only trace is a small file beside the generations, which is removed again."""
    yield _versions()
    yield from _limits()
    yield from _settings(settings)
    yield from _tables(settings)
    yield from _state(settings)
    for path in settings.corpus:
        yield _corpus(path)
    yield _folder(settings.index)
    if settings.index.is_dir():
        yield from _file_system(settings.index)
        yield _disk(settings.index)
    yield _scans(settings)
    yield from _generations(settings)
    yield from _vectors(settings)
    yield from _last_run(settings)
    yield from _contradictions(settings)
    yield from _featured(settings)


def _versions() -> Finding:
    found = []
    for name in ("searchapp", *_LIBRARIES):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            return Finding("versions", "bad", f"{name} is not installed", "pip install searchapp")
    return Finding("versions", "ok", f"Python {platform.python_version()} on {sys.platform}, {', '.join(found)}")


def _scans(settings: Settings) -> Finding:
    """Return whether this machine can read scans, and how many pages wait."""
    pages = report.waiting_pages(settings.index)
    waiting = f", {pages:,} pages wait" if pages else ""
    found = available()
    if found.missing:
        return Finding("scans", "warning", f"{found.missing}{waiting}", f"{INSTALL}, then searchapp reindex")
    todo = "searchapp reindex" if pages else ""
    return Finding("scans", "warning" if pages else "ok", f"tesseract {found.version}, Vietnamese{waiting}", todo)


def _vectors(settings: Settings) -> Iterator[Finding]:
    """Tell whether the encoder of the settings opens, and how many vectors of it there are."""
    if not settings.meaning:
        return
    try:
        if is_reranker(settings.meaning):
            yield Finding("meaning", "ok", f"{open_reranker(settings.meaning).name} reads the best articles")
            return
        vectors = Vectors(settings.generations, open_encoder(settings.meaning))
        articles = open_engine(settings)().stats().articles
    except SearchappError as error:
        yield Finding("meaning", "bad", str(error))
        return
    others = ", ".join(vectors.others())
    beside = f"; of another encoder lie there too: {others}" if others else ""
    few = len(vectors) < articles * _MOST_VECTORS
    todo = "searchapp encode: articles without one keep their place by score" if few else ""
    seen = f"{len(vectors):,} vectors for {articles:,} articles{beside}"
    yield Finding("meaning", "warning" if few else "ok", seen, todo)


def _limits() -> Iterator[Finding]:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    low = files < _FEW_DESCRIPTORS
    yield Finding(
        "descriptors", "warning" if low else "ok", f"{files} open files allowed", "raise `ulimit -n`" if low else ""
    )


def _settings(settings: Settings) -> Iterator[Finding]:
    near = settings.host in ("127.0.0.1", "::1", "localhost")
    named = bool(settings.public_base_url)
    yield Finding("address", "ok" if named else "warning", settings.public_base_url or "no public_base_url",
                  "" if named else "set it, or sitemaps and feeds name paths only")  # fmt: skip
    if not settings.trusted_hosts and named:
        yield Finding("hosts", "warning", "any Host header is answered", "set trusted_hosts")
    if near and named and not settings.trusted_proxies:
        yield Finding("proxy", "warning", "listens on this machine only, and believes no proxy",
                      "with a proxy in front set trusted_proxies, or no visitor is ever limited")  # fmt: skip
    if not near and not settings.rate_limit:
        yield Finding("limit", "warning", "no rate_limit, and open to the network", "set one")
    if settings.admin and not settings.operator_token:
        yield Finding("token", "warning", "admin without operator_token here", "the site needs it: set it for `serve`")
    if settings.read_token and settings.public_base_url.startswith("http:"):
        yield Finding("token", "bad", "read_token goes over plain http", "serve over https")


def _tables(settings: Settings) -> Iterator[Finding]:
    if settings.tables is None and not settings.replace:
        return
    found, lines = tables.read(settings.tables, settings.replace)
    for line in lines:
        yield Finding("own tables", "bad", line)
    if not lines:
        yield Finding("own tables", "ok", f"{settings.tables}: {', '.join(found.own) or 'nothing changed'}")


def _state(settings: Settings) -> Iterator[Finding]:
    """Tell whether the folder of what visitors leave can be written, where something is kept there."""
    if not (settings.query_statistics or settings.alerts.sender or settings.admin):
        return
    there = next((one for one in (settings.state, *settings.state.absolute().parents) if one.exists()), settings.state)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        closed = [file for file in there.glob("*.*") if there == settings.state and not os.access(file, os.W_OK)]
        for file in closed:
            seen = f"{file} cannot be written by user {os.geteuid()}"
            yield Finding("state folder", "bad", seen, "make it this user's: chown")
        if not closed:
            yield Finding("state folder", "ok", str(settings.state))
        return
    seen = f"{settings.state} cannot be written by user {os.geteuid()}"
    yield Finding("state folder", "bad", seen, "change `state`: nothing that visitors leave is kept")


def _corpus(path: Path) -> Finding:
    if not path.exists():
        return Finding(
            "corpus folder", "bad", f"{path} is not there", "mount it, or change `corpus`; reindex refuses to lose it"
        )
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        return Finding("corpus folder", "bad", f"{path} cannot be read by user {os.geteuid()}", f"chmod -R a+rX {path}")
    if path.is_dir() and not any(path.iterdir()):
        return Finding("corpus folder", "warning", f"{path} is empty", "is it mounted?")
    return Finding("corpus folder", "ok", str(path))


def _folder(index: Path) -> Finding:
    if not index.exists():
        return Finding("index folder", "bad", f"{index} is not there", "run 'searchapp reindex'")
    try:
        require_safe(index)
    except IndexProblemError as error:
        return Finding("index folder", "bad", *_split(error))
    if not os.access(index, os.W_OK | os.X_OK):
        return Finding("index folder", "warning", f"{index} cannot be written by user {os.geteuid()}",
                       "enough to serve; run reindex as its owner")  # fmt: skip
    return Finding("index folder", "ok", str(index))


def _file_system(index: Path) -> Iterator[Finding]:
    """Try in the index folder itself the operations that a publish relies on."""
    if not os.access(index, os.W_OK):
        return
    with tempfile.TemporaryDirectory(prefix=".doctor-", dir=index) as folder:
        for about, attempt, todo in (
            ("locking", _locks, "move the index to a local disk: two reindexes would not see each other"),
            ("fsync", _syncs, "move the index to a local disk: a power cut may lose what was published"),
            ("rename", _renames, "move the index to a local disk: publishing needs a rename that replaces"),
            ("hard links", _links, "works without, but every reindex copies what has not changed"),
        ):
            try:
                problem = attempt(Path(folder))
            except OSError as error:
                problem = error.strerror or str(error)
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    todo = "free some space"
            bad: State = "warning" if about == "hard links" else "bad"
            yield Finding(about, bad if problem else "ok", problem or "works", todo if problem else "")


def _locks(folder: Path) -> str:
    with (folder / "lock").open("w") as one, (folder / "lock").open("w") as other:
        fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ""
    return "two writers can hold the lock at once"


def _syncs(folder: Path) -> str:
    (folder / "file").write_text("x", encoding="ascii")
    sync(folder / "file")
    sync(folder)
    return ""


def _renames(folder: Path) -> str:
    (folder / "new").write_text("new", encoding="ascii")
    (folder / "old").write_text("old", encoding="ascii")
    (folder / "new").replace(folder / "old")
    return "" if (folder / "old").read_text(encoding="ascii") == "new" else "a rename did not replace"


def _links(folder: Path) -> str:
    (folder / "one").touch()
    try:
        os.link(folder / "one", folder / "two")
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "no hard links")
    return ""


def _disk(index: Path) -> Finding:
    free = shutil.disk_usage(index).free
    live = next(iter(generations.published(index)), None)
    size = sum(path.stat().st_size for path in live.rglob("*") if path.is_file()) if live else 0
    needed = max(_LITTLE, _ROOM * size)
    seen = f"{free >> 20:,} MB free, the index has {size >> 20:,} MB"
    return Finding("disk", "ok", seen) if free >= needed else Finding(
        "disk", "warning", seen, f"free {(needed - free) >> 20:,} MB before the next full reindex"
    )  # fmt: skip


def _generations(settings: Settings) -> Iterator[Finding]:
    if settings.engine != "whoosh":
        yield from _elsewhere(settings)
        return
    try:
        # Opened as for a visitor: sizes may be right where the content is not. The model is examined by itself.
        opened = open_engine(replace(settings, meaning=""))
        name = opened().generation
        told = manifest.read(settings.index / name)
    except (IndexProblemError, MissingExtraError) as error:
        yield Finding("generation", "bad", *_split(error))
        return
    age = (datetime.now(UTC) - datetime.fromisoformat(told.built)).days
    seen = f"{name}: {told.articles:,} articles, built {told.built} ({age} days ago)"
    if problem := getattr(opened, "problem", ""):
        said = problem.partition(": run '")[0]
        yield Finding("generation", "bad", said, f"{name} answers instead: run 'searchapp check'")
    else:
        yield Finding("generation", "ok" if age >= -1 else "warning", seen, "" if age >= -1 else "is the clock right?")
    yield _to_go_back(len(generations.published(settings.index)) - 1)


def _elsewhere(settings: Settings) -> Iterator[Finding]:
    """Examine the generations of an engine that keeps them in another place."""
    try:
        stats = open_engine(settings)().stats()  # with the time limit of a visitor
        _, known = open_index(settings).check(deep=False)
    except (IndexProblemError, MissingExtraError) as error:
        yield Finding("generation", "bad", *_split(error))
        return
    seen = f"{stats.generation} in {settings.engine}: {stats.articles:,} articles, built {stats.built}"
    yield Finding("generation", "ok", seen)
    for line in [line for one in known if one.answers for line in one.problems]:
        yield Finding("generation", "warning", *_split(line))
    yield _to_go_back(len(known) - 1)


def _to_go_back(others: int) -> Finding:
    return Finding("to go back to", "ok" if others else "warning", f"{others} older generations",
                   "" if others else "there will be one after the next reindex that finds something new")  # fmt: skip


def _last_run(settings: Settings) -> Iterator[Finding]:
    run = report.last_run(settings.index)
    if not run:
        return
    hours = (time.time() - run["ended"]) / 3600
    if hours < -1:
        seen = f"the last reindex ended in {-hours:,.0f} hours, by this machine's clock"
        yield Finding("clock", "bad", seen, "set the clock, then run 'searchapp reindex'")
        return
    seen = f"ended {hours:.1f} hours ago with {run['exit']}"
    if run["exit"] not in report.WELL:
        yield Finding("last reindex", "bad", seen, "run it by hand and read what it says")
    elif settings.max_index_age_hours and hours > settings.max_index_age_hours:
        yield Finding("last reindex", "bad", seen, "look at what should start it (cron, systemd)")
    else:
        yield Finding("last reindex", "ok", seen)


def _contradictions(settings: Settings) -> Iterator[Finding]:
    """Find sources that disagree on a document's first or last day in force, and wrong rows of the site's table."""
    try:
        engine = open_engine(settings)()
    except SearchappError:
        return  # the check of the generations reports this
    standing = standing_of(engine)
    for problem in standing.problems:
        yield Finding("relations", "bad", *_split(problem))
    force = standing.force
    found = list(force.contradictions())
    said = "; ".join(f"{slug}: {', '.join(edge.day for edge in edges)}" for slug, edges in found[:_EXAMPLES])
    if found:
        todo = f"name a table in 'relations' that decides (docs/validity.md), first of all for {said}"
        yield Finding("relations", "warning", f"{len(found):,} documents whose sources disagree on a day", todo)
    elif len(force):
        yield Finding("relations", "ok", f"{len(force):,} between documents, no two that disagree on a day")


def _featured(settings: Settings) -> Iterator[Finding]:
    """Find featured articles that are not in the archive: the home page leaves them out."""
    if not settings.featured:
        return
    try:
        held = {one.key for one in open_engine(settings)().articles(settings.featured)}
    except SearchappError:
        return  # the check of the generations reports this
    gone = [key for key in settings.featured if key not in held]
    if gone:
        seen = f"featured: {len(gone)} of {len(settings.featured)} articles are not here: {', '.join(gone[:_EXAMPLES])}"
        yield Finding("featured", "warning", seen, "use the 12 letters behind /bai/ in an article's address")
    else:
        yield Finding("featured", "ok", f"{len(held)} articles")


def _split(error: SearchappError | str) -> tuple[str, str]:
    """Return an error's fact and its advice, which stand on two sides of its last colon."""
    seen, _, todo = str(error).rpartition(": ")
    return (seen, todo) if seen else (todo, "")


def verdict(findings: Iterable[Finding]) -> State:
    """Return the worst state among findings."""
    order: Callable[[State], int] = ("ok", "warning", "bad").index
    return max((finding.state for finding in findings), key=order, default="ok")
