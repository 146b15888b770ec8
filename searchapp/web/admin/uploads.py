"""Files that an operator sends: a plain name, of a format that is read, tried by its reader before it is kept."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from searchapp.article import Record
from searchapp.errors import SearchappError
from searchapp.readers import SUFFIXES, read
from searchapp.readers.formats import is_litter
from searchapp.readers.items import Bad
from searchapp.readers.sidecar import ENDING, is_sidecar
from searchapp.text.normalize import normalize

MAX_BYTES: Final = 100 << 20
_MAX_NAME: Final = 180  # bytes; file systems take 255, and the sidecar's name is longer
_PIECE: Final = 1 << 20
_WRONG: Final = re.compile(r'[/\\\x00-\x1f\x7f<>:"|?*]')
_TITLES: Final = 5


class RefusedUploadError(SearchappError):
    """A file that is not kept; str() is the end of the key of its text. detail: what its reader said."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What was kept. articles: how many; titles: of the first of them."""

    path: Path
    articles: int
    titles: tuple[str, ...]


def keep(stream: IO[bytes], name: str, folder: Path, *, replace: bool) -> Uploaded:
    """Keep a file in a folder of the corpus. Raises RefusedUploadError; then the folder is as it was.

    replace: a file of this name may be there.
    """
    plain = _name(name)
    target = folder / plain
    if target.is_symlink() or (target.exists() and not (replace and target.is_file())):
        raise RefusedUploadError("taken")
    # A hidden name with the same ending: no reindex reads it, its reader knows it.
    waiting = folder / f".{secrets.token_hex(8)}-{plain}"
    try:
        _write(stream, waiting)
        found = list(read(waiting, name=plain))
        records = [one for one in found if isinstance(one, Record)]
        if not records:
            reasons = [one.reason for one in found if isinstance(one, Bad)]
            raise RefusedUploadError("unread", reasons[0] if reasons else "")
        _publish(waiting, target, replace=replace)
    finally:
        waiting.unlink(missing_ok=True)
    titles = tuple(dict.fromkeys(one.title for one in records if one.title))[:_TITLES]
    return Uploaded(target, len(records), titles)


def _name(name: str) -> str:
    """The name of a file as it is kept. Raises RefusedUploadError."""
    plain = unicodedata.normalize("NFC", name.strip())
    if not plain or _WRONG.search(plain) or normalize(plain) != plain or is_litter(plain) or plain.endswith((".", " ")):
        raise RefusedUploadError("name")
    if len(plain.encode()) > _MAX_NAME:
        raise RefusedUploadError("long")
    if is_sidecar(plain) or plain.lower().endswith(ENDING) or not plain.lower().endswith(SUFFIXES):
        raise RefusedUploadError("format")
    return plain


def _write(stream: IO[bytes], path: Path) -> None:
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644), "wb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > MAX_BYTES:
                raise RefusedUploadError("large")
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise RefusedUploadError("unread")


def _publish(waiting: Path, target: Path, *, replace: bool) -> None:
    """Give the file its name in one step; never over another that came meanwhile."""
    if replace:
        waiting.replace(target)
        return
    try:
        target.hardlink_to(waiting)
    except FileExistsError:
        raise RefusedUploadError("taken") from None
