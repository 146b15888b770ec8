"""Compare files with the last run: which files stay, which are read again, in tasks for the workers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from searchapp.article import Record
from searchapp.errors import SettingsError
from searchapp.ingest import files
from searchapp.ingest.deduplicate import LIVE, Place, Row, identified
from searchapp.ingest.files import File, Root, content_digest
from searchapp.ingest.ledger import Entry, Ledger
from searchapp.ingest.worker import Job, Task, settled
from searchapp.readers import CAPTURES, read
from searchapp.readers.items import Bad

_TASK_FILES: Final = 64
_TASK_BYTES: Final = 1 << 20

ROWS: Final = (".jsonl", ".jsonl.gz", *CAPTURES)
LARGE: Final = 1 << 20
"""The parent process reads a file of rows or pages above this size, and shares out its articles."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A file to read; known: its served articles by key; they stay if their digest is the same."""

    file: File
    known: dict[int, Row] = field(default_factory=dict)

    @property
    def shared_out(self) -> bool:
        """Tell whether it holds so many rows that several workers take part."""
        return self.file.size > LARGE and self.file.name.lower().endswith(ROWS)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run. kept: unchanged entries; troubles: places that the walk could not enter or does not follow.

    held: articles of the places that the walk could not enter this time; they stay. lost: the files there, where
    everything is read anew.
    """

    roots: list[Root]
    kept: list[Entry]
    pending: list[Pending]
    troubles: list[Bad]
    held: int = 0
    lost: list[Entry] = field(default_factory=list)


def plan(
    paths: Sequence[Path],
    index: Path,
    before: Ledger,
    *,
    add: bool,
    fresh: bool,
    verify: bool,
    again: Container[Place] = (),
) -> Plan:
    """Compare the PATHs with the ledger of the index.

    add: articles outside of the PATHs stay. fresh: every file is read and every article analysed. again: files to read
    though they did not change. Raises UsageError for a missing PATH, SettingsError for a PATH in the index folder.
    """
    given = files.roots(paths, before.roots if add else ())
    for root in given:
        if Root(str(index.resolve())).holds(root):
            raise SettingsError(f"{root.folder} is in the index folder {index}: give another --index")
    others = [root for root in before.roots if add and not any(one.holds(root) for one in given)]
    made = Plan([*others, *(root for root in given if not any(other.holds(root) for other in others))], [], [], [])
    if add:
        made.kept.extend(_outside(before.entries.values(), given))
    held = 0
    for root in given:
        for item in files.walk(root, index):
            if isinstance(item, Bad):
                made.troubles.append(item)
                if item.passing:
                    below = [entry for entry in before.entries.values() if _is_below(entry, root, item.path)]
                    (made.lost if fresh else made.kept).extend(below)
                    held += 0 if fresh else sum(row.where == LIVE for entry in below for row in entry.rows)
            else:
                entry = before.entries.get((item.root, item.name))
                changed = entry is not None and (item.root, item.name) in again
                _compare(item, entry, made, fresh=fresh, verify=verify, again=changed)
    # Captures come last, the newest first: their common pages are then analysed once.
    captures = [pending for pending in made.pending if _is_capture(pending)]
    made.pending[:] = [*(pending for pending in made.pending if not _is_capture(pending)), *reversed(captures)]
    return replace(made, held=held)


def tasks(pending: Sequence[Pending], entries: Sequence[Entry]) -> Iterator[Task]:
    """Yield the work in portions. The code enters its facts about large files into entries, one for
    each pending file.
    """
    batch: list[Job] = []
    size = 0
    for number, (one, entry) in enumerate(zip(pending, entries, strict=True)):
        if one.shared_out:
            yield from _shares(number, one, entry)
            continue
        batch.append(Job(number, one.file, {key: row.digest for key, row in one.known.items()}))
        size += one.file.size
        if len(batch) == _TASK_FILES or size > _TASK_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _outside(entries: Iterable[Entry], given: Sequence[Root]) -> Iterator[Entry]:
    for entry in entries:
        place = Root(entry.file.root, entry.file.name)
        if not any(root.holds(place) for root in given):
            yield entry


def _compare(file: File, entry: Entry | None, made: Plan, *, fresh: bool, verify: bool, again: bool) -> None:
    if entry is None or fresh:
        made.pending.append(Pending(file))
    elif again:
        made.pending.append(_once_more(file, entry))
    elif file == entry.file and not verify:
        made.kept.append(entry)
    elif file.size == entry.file.size and _digest(file) == entry.digest:
        made.kept.append(Entry(file._replace(mtime=settled(file)), entry.digest, entry.rows, entry.problems))
    else:
        made.pending.append(_once_more(file, entry))


def _once_more(file: File, entry: Entry) -> Pending:
    return Pending(file, {row.key: row for row in entry.rows if row.where == LIVE})


def _is_below(entry: Entry, root: Root, shown: str) -> bool:
    """Tell whether a file lies in a folder of a root, or has this shown name."""
    name = entry.file.shown
    return entry.file.root == root.folder and (shown in (".", name) or name.startswith(f"{shown}/"))


def _is_capture(pending: Pending) -> bool:
    return pending.file.name.lower().endswith(CAPTURES)


def _digest(file: File) -> int | None:
    try:
        return content_digest(file.path)
    except OSError:
        return None


def _shares(number: int, one: Pending, entry: Entry) -> Iterator[Task]:
    """Yield the new or changed rows of a large file, in portions."""
    try:
        entry.digest = content_digest(one.file.path)
        changed = _changed(one, entry)
        while share := tuple(_portion(changed)):
            yield (Job(number, one.file, records=share),)
        entry.file = one.file._replace(mtime=settled(one.file))
    except OSError as error:
        entry.problems.append(Bad(one.file.shown, 0, f"cannot be read: {error.strerror or error}", passing=True))


def _changed(one: Pending, entry: Entry) -> Iterator[Record]:
    for item in read(one.file.path, name=one.file.shown, report=entry.problems.append):
        if isinstance(item, Bad):
            entry.problems.append(item)
            continue
        key, digest = identified(item)
        if key in one.known and one.known[key].digest == digest:
            entry.rows.append(one.known[key]._replace(row=item.row, rank=item.rank))
        else:
            yield item


def _portion(records: Iterator[Record]) -> Iterator[Record]:
    size = 0
    for record in islice(records, _TASK_FILES):
        yield record
        size += len(record.text)
        if size > _TASK_BYTES // 2:
            return


Progress = Callable[[int, int], None]
"""A function that takes the articles done and the total, 0 while the total is unknown."""


def ticker(progress: Progress | None, pending: Sequence[Pending]) -> Callable[[int], None]:
    """Return a function for each portion done; it passes sums on."""
    rows = any(one.file.name.lower().endswith(ROWS) for one in pending)
    total, done = 0 if rows else len(pending), 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, total)

    return tick
