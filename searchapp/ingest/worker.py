"""One process at work: it reads files and writes their articles into segments of its own.

It analyses each Record and files it under the themes of today.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from searchapp import tables, themes
from searchapp.article import Article, Record
from searchapp.citations.find.vocabulary import plain
from searchapp.citations.resolve.issuers import bodies_of
from searchapp.dates import ZONE, parse_date
from searchapp.engine import Writer
from searchapp.errors import BadRecordError
from searchapp.ingest.analysis import analyse, refiled
from searchapp.ingest.deduplicate import LIVE, NOWHERE, Row, identified, row_of
from searchapp.ingest.files import File, content_digest, stamp
from searchapp.readers import read
from searchapp.readers.items import Bad, Note
from searchapp.readers.scans.resolving import Scans
from searchapp.tables import Tables, of_section

OPEN: Final = -3
"""`Row.where`: the row is in the segment that is still open."""

_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a new change shows a new time; clocks of file systems may tick by the second."""

THEMES: Final = "themes.json"
"""The file of a generation that holds the taxonomy by which its articles are filed."""
_PHRASES: Final = ("strong", "key", "not")
_MASK: Final = ("", "mask")
_WORD: Final = re.compile(r"[a-z0-9]+")


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


@dataclass(frozen=True, slots=True)
class Filer:
    """A function from an article to its themes by the archive's tables.

    tables, replace: as the settings name them; before: the file of the taxonomy by which it is filed until now.
    """

    tables: Path | None = None
    replace: tuple[str, ...] = ()
    before: Path | None = None

    def __call__(self, article: Article) -> tuple[str, ...]:
        """Return the themes of an article, as `analysis.refiled` does."""
        known, change = _loaded(self)
        if change is not None and not change.may_concern(article):
            return article.themes
        return refiled(article, known.themes, known.sections)


def save(known: Tables, folder: Path) -> None:
    """Keep the taxonomy of a generation beside it."""
    told = {"taxonomy": known.themes.taxonomy, "sections": known.sections, "learned": "themes" not in known.replaced}
    (folder / THEMES).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Change:
    """What differs between two taxonomies. words: the syllables of each phrase that differs, as ASCII letters."""

    words: tuple[tuple[str, ...], ...]
    sections: tuple[Mapping[str, str], Mapping[str, str]]

    def may_concern(self, article: Article) -> bool:
        """Tell whether an article may have other themes now; its letters decide, so that no text is cut in vain."""
        if article.filed or of_section(article.section, self.sections[0]) != of_section(
            article.section, self.sections[1]
        ):
            return True
        letters = _letters(f"{article.title}\n{article.text}")
        return any(all(word in letters for word in words) for words in self.words)


@lru_cache(maxsize=2)
def _loaded(filer: Filer) -> tuple[Tables, _Change | None]:
    known = tables.load(filer.tables, filer.replace)
    return known, _change(known, filer.before)


def _change(known: Tables, before: Path | None) -> _Change | None:
    """Return the difference from the taxonomy of a file; None where any article may be concerned."""
    try:
        told = json.loads(before.read_text(encoding="utf-8")) if before else None
    except (OSError, ValueError):
        return None
    if not told or told["learned"] != ("themes" not in known.replaced):
        return None
    old, new = ({row[:3]: None for row in _rows(one)} for one in (told["taxonomy"], known.themes.taxonomy))
    shared = [[theme for theme in _themes(one) if theme in other] for one, other in _pairs(old, new)]
    moved = {theme for theme, _, _ in old.keys() ^ new.keys()} & _learned_or_cited()
    if shared[0] != shared[1] or moved - set(_themes(old)) or moved - set(_themes(new)):
        return None  # ties are broken by the order; a theme of ours that comes or goes has more than its phrases
    phrases = [_letters(phrase) for _, _, phrase in old.keys() ^ new.keys() if phrase]
    if any(letter.isalpha() and not letter.isascii() for phrase in phrases for letter in phrase):
        return None
    words = tuple(tuple(_WORD.findall(phrase)) for phrase in phrases)
    return _Change(words, (told["sections"], known.sections))


def _pairs(old: Mapping[Any, None], new: Mapping[Any, None]) -> tuple[tuple[Any, set[str]], tuple[Any, set[str]]]:
    return (old, set(_themes(new))), (new, set(_themes(old)))


def _themes(rows: Mapping[tuple[str, str, str], None]) -> list[str]:
    return list(dict.fromkeys(theme for theme, _, _ in rows if theme))


def _rows(taxonomy: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (theme, kind, phrase) of a taxonomy, in order; (theme, "label", "") for its name."""
    for group in taxonomy["groups"]:
        for theme in group["themes"]:
            yield theme["id"], "theme", ""
            for kind in _PHRASES:
                for phrase in theme.get(kind, ()):
                    yield theme["id"], kind, phrase
    for phrase in taxonomy.get("mask", ()):
        yield (*_MASK, phrase)


def _learned_or_cited() -> set[str]:
    return {*themes.documents().values(), *(theme for _, theme, _ in themes.learned())}


def _letters(text: str) -> str:
    """Return a text as ASCII letters in which kĩ is kỹ, as search keys have it."""
    return plain(text).replace("y", "i")
