"""What an operator changes: sidecars and rows of tables, files that are sent, and the reindex that brings them in."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
import subprocess
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import yaml

from searchapp import visitors
from searchapp.article import Article, Record
from searchapp.errors import BadRecordError, SearchappError
from searchapp.ingest.ledger import Entry
from searchapp.readers import SUFFIXES, read, record, sidecar
from searchapp.readers.items import Bad
from searchapp.readers.sidecar import ENDING, is_sidecar
from searchapp.readers.sniff import is_litter
from searchapp.tables import SHAPES
from searchapp.tables import read as read_tables
from searchapp.tables.rows import STARTERS, Problems, Row, numbered_rows, read_text
from searchapp.text.normalize import normalize

FIELDS: Final = ("title", "date", "section", "source", "number", "issuer", "signer")
"""What the form asks, beside the themes."""


def mended(entry: Entry, article: Article, said: Mapping[str, Any]) -> Path:
    """Write what an operator said of an article into the sidecar of its file; the sidecar.

    A file of several articles has the facts of each under its own key. What else the sidecar says stays. Raises
    BadRecordError for what is no fact.
    """
    place = sidecar.beside(entry.file.path)
    if len(os.fsencode(place.name)) > _NAME_BYTES:
        raise BadRecordError(f"the name of the file is too long for {ENDING} behind it: rename it")
    if place.is_symlink():
        raise BadRecordError(f"{place.name} is a symbolic link")
    with _alone(place.parent):
        values = _written(place)
        inner = _inner(entry, article)
        told = values.setdefault(sidecar.INNER, {}).setdefault(inner, {}) if inner else values
        for key, value in said.items():
            told[key] = value
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)
        sidecar.parse(text, entry.file.shown)
        _replaced(place, text)
    return place


def pending(entry: Entry, article: Article) -> dict[str, Any]:
    """What the sidecar of a file says of an article, which may wait for a reindex; nothing where it cannot be read."""
    try:
        values = _written(sidecar.beside(entry.file.path))
    except (BadRecordError, OSError, ValueError):
        return {}
    own = values.get(sidecar.INNER)
    inner = _inner(entry, article)
    said = own.get(inner) if inner and isinstance(own, dict) else None
    return {**values, **(said if isinstance(said, dict) else {})}


def _written(place: Path) -> dict[str, Any]:
    return record.yaml_facts(place.read_text(encoding="utf-8-sig"), "sidecar") if place.is_file() else {}


def _inner(entry: Entry, article: Article) -> str:
    """The key of an article in the sidecar of a file of several, "" where it is the whole file."""
    member = article.path.removeprefix(f"{entry.file.shown}/") if article.path != entry.file.shown else ""
    if article.row:
        return sidecar.place_of(member, article.row)
    if len(entry.rows) < 2 or (member and article.id == article.path and not article.number):
        return member
    # A file that is a document may hold others.
    return sidecar.place_of(member, 1) if article.id == article.path else article.id


class RefusedRowError(SearchappError):
    """A row that would break its table; str() is the end of the key of its text. detail: the fault of the table."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


def added(tables: Path, name: str, row: tuple[str, ...], replace: Sequence[str] = ()) -> Path:
    """Add a row to a table of the operator, which begins as `searchapp tables init` writes it; the table.

    row: the cells of the columns that a row must have; replace: as in the settings. Raises RefusedRowError for a row
    with which the tables could not be read: the table stays as it was.
    """
    path = tables / name
    cells = _cells(name, row)
    with _alone(tables):
        text, rows, header = _read(path)
        if any(known.items() >= cells.items() for _, known in rows):
            return path
        line = "\t".join(cells.get(column, "") for column in header).rstrip("\t")
        if line.startswith(("-", "#")):  # a row that takes away, and a remark
            raise RefusedRowError("sign")
        text = f"{text.rstrip(chr(10))}\n{line}\n"
        _require_sound(tables, name, text, replace)
        _replaced(path, text)
    return path


def dropped(tables: Path, name: str, row: tuple[str, ...]) -> Path:
    """Take the rows away that have these cells; the table. Raises RefusedRowError for a table that cannot be read."""
    path = tables / name
    cells = _cells(name, row)
    with _alone(tables):
        text, rows, _ = _read(path)
        gone = {number for number, known in rows if known.items() >= cells.items()}
        if gone:
            kept = [line for number, line in enumerate(text.splitlines(), 1) if number not in gone]
            _replaced(path, "\n".join(kept) + "\n")
    return path


def _cells(name: str, row: tuple[str, ...]) -> dict[str, str]:
    shape = SHAPES[name.partition(".")[0]]
    return dict(zip(shape.must, (" ".join(normalize(cell).split()) for cell in row), strict=False))


def _read(path: Path) -> tuple[str, list[tuple[int, Row]], list[str]]:
    """The text of a table, its rows with their lines, and the names of its columns."""
    problems = Problems()
    text = read_text(path, problems) if path.is_file() else STARTERS[path.name]
    rows = numbered_rows(path, SHAPES[path.name.partition(".")[0]], problems)[0] if path.is_file() else []
    if text is None or problems.lines:
        raise RefusedRowError("wrong", problems.lines[0])
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if not head:  # remarks alone
        head = STARTERS[path.name].splitlines()[-1]
        text = f"{text.rstrip(chr(10))}\n{head}\n".lstrip("\n")
    return text, rows, [cell.strip() for cell in head.split("\t")]


def _require_sound(tables: Path, name: str, text: str, replace: Sequence[str]) -> None:
    """Read all tables as the next start will, with this text in place of a table. Raises RefusedRowError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for file in tables.resolve().iterdir():
            if file.name != name and file.is_file():
                (place / file.name).symlink_to(file)
        (place / name).write_text(text, encoding="utf-8")
        wrong = [line for line in read_tables(place, replace)[1] if line.startswith(f"{place / name}")]
    if wrong:
        raise RefusedRowError("wrong", wrong[0].removeprefix(f"{place}/"))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One change of the files of a folder at a time: a second operator's comes after the first's, not over it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replaced(path: Path, text: str) -> None:
    """Write a file in one step: nobody reads half of it. It keeps its rights."""
    waiting = path.with_name(f".{secrets.token_hex(8)}-{path.name}"[:200])
    try:
        with waiting.open("x", encoding="utf-8") as file:
            if path.is_file():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


_NAME_BYTES: Final = 255  # of file systems
MAX_BYTES: Final = 100 << 20
_MAX_NAME: Final = 180  # bytes; file systems take 255, and the sidecar's name is longer
_PIECE: Final = 1 << 20
_OF_WINDOWS: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names of devices there: an archive kept in git could not be checked out."""
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
    if target.is_symlink() or (target.exists() and not (replace and target.is_file())) or _has_twin(target):
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


def _has_twin(target: Path) -> bool:
    """Tell whether a file beside differs by case or Unicode form alone, which is one file on Windows and macOS."""
    same = unicodedata.normalize("NFC", target.name).casefold()
    names = (one.name for one in target.parent.iterdir())
    return any(name != target.name and unicodedata.normalize("NFC", name).casefold() == same for name in names)


def _name(name: str) -> str:
    """The name of a file as it is kept. Raises RefusedUploadError."""
    plain = unicodedata.normalize("NFC", name.strip())
    if (
        not plain
        or _WRONG.search(plain)
        or _OF_WINDOWS.match(plain)
        or normalize(plain) != plain
        or is_litter(plain)
        or plain.endswith((".", " "))
    ):
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


LOG, _LOCK = "reindex.log", "reindex.lock"
_TAIL: Final = 8_000  # characters of the report that are shown


class Runs:
    """The runs of one archive. command: what `searchapp reindex` is here; every worker of a server knows of a run."""

    def __init__(self, state: Path, command: Sequence[str]) -> None:
        self._state, self._command = state, list(command)

    def start(self) -> bool:
        """Start one, unless one is running."""
        visitors.private_folder(self._state)
        lock = (self._state / _LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        descriptor = os.open(self._state / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with lock, os.fdopen(descriptor, "wb") as log:
            # The lock goes with the process that inherits it, however that ends.
            process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, pass_fds=(lock.fileno(),),
            )  # fmt: skip
        threading.Thread(target=process.wait, daemon=True).start()
        return True

    def is_running(self) -> bool:
        """Whether one is running."""
        try:
            with (self._state / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def report(self) -> str:
        """What the last one said."""
        try:
            return (self._state / LOG).read_text(encoding="utf-8", errors="replace")[-_TAIL:]
        except FileNotFoundError:
            return ""
