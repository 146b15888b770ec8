"""The ledger of an index: every file and row of the last run, so that the next one analyses changed files only.

With `originals = "copy"`, copies of the originals stand beside the index, named by their content.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from searchapp.errors import OF_THE_PROCESS
from searchapp.ingest.deduplicate import LIVE, NOWHERE, Owners, Place, Row, owners
from searchapp.ingest.files import File, Root, content_digest
from searchapp.readers.items import PAPERS, Bad, Note

NAME: Final = "sources.npz"
# the columns of a Row, in its order
_COLUMNS: Final = ("row", "key", "record", "where", "named", "page", "words", "rank")

_FOLDER: Final = "originals"
MAX_COPY_BYTES: Final = 500 << 20
"""Larger files are neither copied nor offered."""
_WHOLE: Final = (".epub", *PAPERS)
"""Files that are the original of each of their articles: the chapters of a book, the documents of an issue."""


@dataclass(slots=True)
class Entry:
    """One file as the run read it: digest of its content (64 bits), its articles, and its problems.

    file.mtime is 0 where the file may have changed after reading without a new time.
    """

    file: File
    digest: int
    rows: list[Row] = field(default_factory=list)
    problems: list[Bad | Note] = field(default_factory=list)


@dataclass(slots=True)
class Ledger:
    """Entries by place, in the order of roots and names that decides between two articles with one id.

    recipe: versions and tables of the analysis; entries of another recipe are analysed again.
    """

    recipe: str = ""
    roots: list[Root] = field(default_factory=list)
    entries: dict[Place, Entry] = field(default_factory=dict)
    _owners: Owners | None = field(default=None, compare=False, repr=False)

    def live(self) -> dict[int, int]:
        """Map each key to the digest of its article, for all articles that the index serves."""
        return {row.key: row.digest for entry in self.entries.values() for row in entry.rows if row.where != NOWHERE}

    def problems(self) -> Iterator[Bad | Note]:
        """Yield all problems, file by file."""
        for entry in self.entries.values():
            yield from entry.problems

    def owners(self) -> Owners:
        """Return which rows are served, decided once: entries do not change after that."""
        if self._owners is None:
            self._owners = owners((place, row) for place, entry in self.entries.items() for row in entry.rows)
        return self._owners


def load(folder: Path) -> Ledger:
    """Return the ledger of a generation (its rows are LIVE or NOWHERE); an empty one when there is none."""
    try:
        with np.load(folder / NAME) as table:
            return _from_arrays({name: table[name] for name in table.files})
    except FileNotFoundError:
        return Ledger()


def problems(folder: Path, articles: int) -> list[str]:
    """Return the faults in the ledger of a generation that serves so many articles, one line each."""
    try:
        served = len(load(folder).live())
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, BadZipFile, zlib.error) as error:
        if isinstance(error, OSError) and error.errno in OF_THE_PROCESS:
            raise
        return [f"{folder / NAME}: cannot be read ({error!r:.200}): run 'searchapp reindex --full'"]
    if served != articles:
        return [f"{folder / NAME}: knows {served} of {articles} articles: run 'searchapp reindex --full'"]
    return []


def save(ledger: Ledger, folder: Path) -> None:
    """Write the ledger into a build, as columns: a hundred thousand files load in a fraction of a second."""
    entries = list(ledger.entries.values())
    rows = [row for entry in entries for row in entry.rows]
    first = ledger.owners().first
    number = {root: n for n, root in enumerate(dict.fromkeys(entry.file.root for entry in entries))}
    problems = [[n, _packed(problem)] for n, entry in enumerate(entries) for problem in entry.problems]
    head = {
        "recipe": ledger.recipe,
        "roots": [[root.folder, root.part] for root in ledger.roots],
        "folders": list(number),
        "problems": problems,
    }
    owned = {id(row) for _, row in first.values()}
    np.savez(
        folder / NAME,
        head=_bytes(json.dumps(head).encode()),
        names=_bytes(b"\0".join(os.fsencode(entry.file.name) for entry in entries)),
        root=np.array([number[entry.file.root] for entry in entries], np.int32),
        size=np.array([entry.file.size for entry in entries], np.int64),
        mtime=np.array([entry.file.mtime for entry in entries], np.int64),
        digest=np.array([entry.digest for entry in entries], np.uint64),
        count=np.array([len(entry.rows) for entry in entries], np.int64),
        row=np.array([row.row for row in rows], np.int64),
        key=np.array([row.key for row in rows], np.uint64),
        record=np.array([row.digest for row in rows], np.uint64),
        where=np.array([LIVE if id(row) in owned else NOWHERE for row in rows], np.int8),
        named=np.array([row.named for row in rows], np.int8),
        page=np.array([row.page for row in rows], np.uint64),
        words=np.array([row.words for row in rows], np.uint64),
        rank=np.array([row.rank for row in rows], np.int64),
    )


def _from_arrays(table: dict[str, Any]) -> Ledger:
    head = json.loads(table["head"].tobytes())
    names = [os.fsdecode(name) for name in table["names"].tobytes().split(b"\0")] if len(table["size"]) else []
    folders = [head["folders"][n] for n in table["root"].tolist()]
    rows = list(map(Row, *(table[name].tolist() for name in _COLUMNS)))
    files = map(File, folders, names, table["size"].tolist(), table["mtime"].tolist())
    bounds = pairwise(accumulate(table["count"].tolist(), initial=0))
    entries = {
        (file.root, file.name): Entry(file, digest, rows[start:end])
        for file, digest, (start, end) in zip(files, table["digest"].tolist(), bounds, strict=True)
    }
    listed = list(entries.values())
    for n, packed in head["problems"]:
        listed[n].problems.append(_unpacked(packed))
    return Ledger(head["recipe"], [Root(*root) for root in head["roots"]], entries)


def ordered(roots: Sequence[Root], entries: Iterable[Entry]) -> dict[Place, Entry]:
    """Return entries in the order of their roots, then by name."""
    rank = {root.folder: n for n, root in reversed(list(enumerate(roots)))}
    listed = sorted(entries, key=lambda entry: (rank.get(entry.file.root, len(rank)), entry.file.name))
    return {(entry.file.root, entry.file.name): entry for entry in listed}


def _bytes(data: bytes) -> Any:
    return np.frombuffer(data, np.uint8)


def _packed(problem: Bad | Note) -> dict[str, Any]:
    return asdict(problem)


def _unpacked(values: dict[str, Any]) -> Bad | Note:
    return Note(**values) if "about" in values else Bad(**values)


def place_of_original(index: Path, digest: int, size: int) -> Path:
    """Return where the copy of a file of this content and size stands."""
    name = f"{digest:016x}-{size}"
    return index / _FOLDER / name[:2] / name


def keep_original(index: Path, known: Ledger) -> None:
    """Copy the files of a ledger that have no copy, and remove copies that no generation below `index` needs."""
    wanted = {place_of_original(index, entry.digest, entry.file.size): entry for entry in _with_originals(known)}
    for copy, entry in wanted.items():
        if not copy.is_file():
            _copy(entry, copy)
    for older in (*index.glob(f"*/{NAME}"), *index.glob(f"*/*/{NAME}")):
        try:
            entries = list(_with_originals(load(older.parent)))
        except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, BadZipFile, zlib.error):
            return  # a damaged ledger may need any of them
        wanted.update({place_of_original(index, entry.digest, entry.file.size): entry for entry in entries})
    for copy in (index / _FOLDER).glob("*/*"):
        if copy not in wanted:
            copy.unlink(missing_ok=True)


def _with_originals(known: Ledger) -> Iterable[Entry]:
    """Yield the files that hold documents: the others, of rows and pages, have no page that would offer them."""
    for entry in known.entries.values():
        one = len(entry.rows) == 1 and not entry.rows[0].row
        if (one or entry.file.shown.lower().endswith(_WHOLE)) and entry.file.size <= MAX_COPY_BYTES:
            yield entry


def _copy(entry: Entry, copy: Path) -> None:
    """Copy a file, unless it has changed since it was read; a broken copy never gets its name."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    with suppress(OSError):  # a file that is gone has nothing to keep
        shutil.copyfile(entry.file.path, part, follow_symlinks=False)
        if part.is_file() and not part.is_symlink() and content_digest(part, entry.file.path) == entry.digest:
            moment = entry.file.mtime or part.stat().st_mtime_ns
            os.utime(part, ns=(moment, moment))
            part.replace(copy)
    part.unlink(missing_ok=True)
