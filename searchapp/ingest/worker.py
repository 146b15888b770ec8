"""One process at work: it reads files, analyses their Records and writes them into segments of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from searchapp import tables
from searchapp.article import Record
from searchapp.citations.resolve.issuers import bodies_of
from searchapp.dates import ZONE, parse_date
from searchapp.engine import Writer
from searchapp.errors import BadRecordError
from searchapp.ingest.analysis import analyse
from searchapp.ingest.deduplicate import LIVE, NOWHERE, Row, identified, row_of
from searchapp.ingest.files import File, content_digest, stamp
from searchapp.readers import read
from searchapp.readers.items import Bad, Note
from searchapp.readers.scans.resolving import Scans

OPEN: Final = -3
"""`Row.where`: the row is in the segment that is still open."""

_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a new change shows a new time; clocks of file systems may tick by the second."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings that a process needs to begin.

    limit: bytes of an open segment after which it is written out; zone: the time zone of days. tables, replace: the
    archive's own tables, as its settings name them. scans: the folder in which readings of scans are kept.
    """

    new_writer: Callable[[], Writer]
    limit: int
    zone: str = ZONE
    tables: Path | None = None
    replace: tuple[str, ...] = ()
    scans: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, or some Records of a large one; known: key → digest of served articles that may stay."""

    number: int
    file: File
    known: Mapping[int, int] = field(default_factory=dict)
    records: tuple[Record, ...] | None = None


Task: TypeAlias = tuple[Job, ...]
"""Jobs for one process, done in a fraction of a second."""


@dataclass(slots=True)
class Part:
    """The result of a job; digest and mtime as in `ledger.Entry`, None where the file was read elsewhere."""

    number: int
    rows: list[Row] = field(default_factory=list)
    problems: list[Bad | Note] = field(default_factory=list)
    digest: int | None = None
    mtime: int = 0


class _SpoiledError(Exception):
    """The open segment may hold half an article: it is given up with the whole build. `__cause__` is the error."""


class Workbench:
    """A worker that reads, analyses and writes. A bad file or row is a line in its Part and leaves
    no trace elsewhere.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._writer: Writer | None = None
        self._keys: set[int] = set()
        self._tables = tables.load(setup.tables, setup.replace)
        self._bodies = bodies_of(self._tables)
        self._scans = Scans(setup.scans)

    @property
    def full(self) -> bool:
        """Tell whether the open segment should be written out."""
        return self._writer is not None and self._writer.bytes >= self._setup.limit

    def work(self, job: Job) -> Part:
        """Do a job. An error here (a full disk, no memory) ends the whole build."""
        part = Part(job.number)
        try:
            if job.records is not None:
                self._take(job.records, job, part)
            else:
                self._read(job, part)
        except _SpoiledError as spoiled:
            raise spoiled.__cause__ or spoiled from None
        return part

    def flush(self) -> str:
        """Write out the open segment; return its name, "" when there is none."""
        if self._writer is None:
            return ""
        writer, self._writer = self._writer, None
        self._keys.clear()
        return writer.finish()

    def abort(self) -> None:
        """Drop the open segment."""
        if self._writer is not None:
            self._writer.abort()
            self._writer = None

    def _read(self, job: Job, part: Part) -> None:
        try:
            part.digest = content_digest(job.file.path)
            items = read(job.file.path, name=job.file.shown, report=part.problems.append, scans=self._scans)
            self._take(items, job, part)
            part.mtime = settled(job.file)
        except OSError as error:
            part.problems.append(Bad(job.file.shown, 0, f"cannot be read: {error.strerror or error}", passing=True))

    def _take(self, items: Iterable[Record | Bad], job: Job, part: Part) -> None:
        row = 0
        try:
            for item in items:
                row = item.row
                if isinstance(item, Bad):
                    part.problems.append(item)
                else:
                    self._try(item, job.known, part)
        except (_SpoiledError, MemoryError):
            raise
        except Exception as error:  # a bug in a reader costs the rest of one file, and the report says so
            part.problems.append(Bad(job.file.shown, row, _told(error)))

    def _try(self, record: Record, known: Mapping[int, int], part: Part) -> None:
        try:
            part.rows.append(self._record(record, known))
        except (_SpoiledError, MemoryError):
            raise
        except Exception as error:
            part.problems.append(Bad(record.path, record.row, _told(error)))

    def _record(self, record: Record, known: Mapping[int, int]) -> Row:
        key, digest = identified(record)
        if known.get(key) == digest:
            return row_of(record, key, digest, LIVE)
        if key in self._keys:
            return row_of(record, key, digest, NOWHERE)
        self._add(record)
        self._keys.add(key)
        return row_of(record, key, digest, OPEN)

    def _add(self, record: Record) -> None:
        dated = replace(record, date=parse_date(record.date, self._setup.zone))
        done = analyse(dated, self._tables.themes, self._tables.sections, self._bodies)
        try:
            if self._writer is None:
                self._writer = self._setup.new_writer()
            self._writer.add(*done)
        except BadRecordError:
            raise
        except Exception as error:
            raise _SpoiledError from error


def settled(file: File) -> int:
    """Return the time of a file that was just read, 0 when it is gone or a change could hide behind the same time."""
    try:
        same = stamp(file.path) == (file.size, file.mtime)
    except OSError:
        return 0
    return file.mtime if same and time.time_ns() - file.mtime > _SETTLED else 0


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, BadRecordError) else f"error of ours, please report: {error!r}"[:200]
