"""Keep a copy of every original beside the index, named by its content, for the setting `originals = "copy"`."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from searchapp.ingest import ledger
from searchapp.ingest.files import content_digest
from searchapp.ingest.ledger import Entry, Ledger

_FOLDER: Final = "originals"
MAX_BYTES: Final = 500 << 20
"""Larger files are neither copied nor offered."""
BOOKS: Final = ".epub"
"""Each chapter is an article, and the book is the original of each."""


def place(index: Path, digest: int, size: int) -> Path:
    """Return where the copy of a file of this content and size stands."""
    name = f"{digest:016x}-{size}"
    return index / _FOLDER / name[:2] / name


def keep(index: Path, known: Ledger) -> None:
    """Copy the files of a ledger that have no copy, and remove copies that no generation below `index` needs."""
    wanted = {place(index, entry.digest, entry.file.size): entry for entry in _single(known)}
    for copy, entry in wanted.items():
        if not copy.is_file():
            _copy(entry, copy)
    for older in (*index.glob(f"*/{ledger.NAME}"), *index.glob(f"*/*/{ledger.NAME}")):
        try:
            entries = list(_single(ledger.load(older.parent)))
        except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, BadZipFile, zlib.error):
            return  # a damaged ledger may need any of them
        wanted.update({place(index, entry.digest, entry.file.size): entry for entry in entries})
    for copy in (index / _FOLDER).glob("*/*"):
        if copy not in wanted:
            copy.unlink(missing_ok=True)


def _single(known: Ledger) -> Iterable[Entry]:
    """Yield the files that hold one article, and books: the others have no page that would offer them."""
    for entry in known.entries.values():
        one = len(entry.rows) == 1 and not entry.rows[0].row
        if (one or entry.file.shown.lower().endswith(BOOKS)) and entry.file.size <= MAX_BYTES:
            yield entry


def _copy(entry: Entry, copy: Path) -> None:
    """Copy a file, unless it has changed since it was read; a broken copy never gets its name."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    with suppress(OSError):  # a file that is gone has nothing to keep
        shutil.copyfile(entry.file.path, part, follow_symlinks=False)
        if part.is_file() and not part.is_symlink() and content_digest(part) == entry.digest:
            moment = entry.file.mtime or part.stat().st_mtime_ns
            os.utime(part, ns=(moment, moment))
            part.replace(copy)
    part.unlink(missing_ok=True)
