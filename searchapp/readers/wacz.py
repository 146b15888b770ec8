"""Web archive collections (`.wacz`): the captures in a ZIP; each of its files is read like a single WARC file."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from searchapp.errors import BadRecordError
from searchapp.readers.items import Items
from searchapp.readers.sandbox import parent

_MAX_MEMBERS: Final = 1_000
MAX_BYTES: Final = 4 << 30
"""The most bytes of all captures of one collection; the ZIP stores them unpacked."""


def read(path: Path, name: str) -> Items:
    """Yield the articles among the captures. Raises BadRecordError for another file."""
    for file in _files(path):
        yield from parent.read(file, name)


def captured(path: Path, url: str) -> tuple[str, bytes]:
    """Return the type and the content of a capture; ("", b"") without one. Raises BadRecordError for another file."""
    found = (parent.captured(file, url) for file in _files(path))
    return next((one for one in found if one[1]), ("", b""))


def _files(path: Path) -> Iterator[Path]:
    """Yield the files of captures in a collection, each for a moment."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            members = [one for one in archive.infolist() if one.filename.lower().endswith((".warc", ".warc.gz"))]
            if not members:
                raise BadRecordError("no captures in this file")
            if len(members) > _MAX_MEMBERS or sum(one.file_size for one in members) > MAX_BYTES:
                raise BadRecordError(
                    f"more than {_MAX_MEMBERS:,} files or {MAX_BYTES >> 30} GB of captures", code="limit"
                )
            for number, member in enumerate(members):
                # Only a file name of ours reaches the disk.
                gzipped = member.filename.lower().endswith(".gz")
                file = Path(folder) / f"{number}.warc{'.gz' if gzipped else ''}"
                with archive.open(member) as source, file.open("wb") as target:
                    shutil.copyfileobj(source, target)
                yield file
                file.unlink()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadRecordError(f"a damaged ZIP: {str(error)[:80]}") from None
