"""One reader per format: `read` takes a file and yields its Records, and a Bad for each skipped part."""

from __future__ import annotations

import base64
import gzip
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from searchapp.article import Record
from searchapp.dates import parse_date, today
from searchapp.errors import BadRecordError
from searchapp.readers import formats, jsonl, sidecar, sniff, wacz
from searchapp.readers.items import Bad, Found, Item, Items, Note, Report, Scan, SheetImage
from searchapp.readers.sandbox import parent
from searchapp.readers.sandbox.parent import Sandbox
from searchapp.readers.scans.resolving import Scans
from searchapp.text.encodings import is_strange, language_doubt, mended, repair

__all__ = ["SUFFIXES", "Bad", "Note", "outline", "prepare", "read", "scans_in"]

# A long document stands in several issues of the gazette, one file each.
_PART: Final = re.compile(r"\((?:Xem tiếp|Tiếp theo(?: và hết)?) Công báo (?:từ )?số[^)\n]{1,60}\)")
MAX_BYTES: Final = 20 << 20
_SCANS: Final = (".pdf", ".tif", ".tiff")
MAX_SCAN_BYTES: Final = 100 << 20
"""The largest file whose pages may be pictures: 200 pages at 300 dpi in grey."""

ROWS: Final = (".jsonl", ".ndjson")
CAPTURES: Final = (".warc", ".warc.gz")
SUFFIXES: Final = (*formats.READERS, *ROWS, *(f"{ending}.gz" for ending in ROWS), *CAPTURES, ".wacz")
"""The endings of file names that `read` knows."""

MAX_CHARS: Final = 2_000_000
"""The longest text in characters; a law with all its annexes has about 1,000,000."""

_GLANCE: Final = 1_000  # characters; no Vietnamese text has so many without a diacritic
_YEAR: Final = re.compile(r"/((?:19|20)\d\d)/")
_SANDBOX: Final = Sandbox()
NO_SCANS: Final = Scans(None)


def prepare() -> None:
    """Start the process that reads foreign files, so that the caller's first `read` need not wait."""
    with suppress(OSError):  # the first file tells the reason
        _SANDBOX.start()


def read(path: Path, *, name: str, report: Report | None = None, scans: Scans = NO_SCANS) -> Iterator[Record | Bad]:
    """Yield the articles of a file in its order. An article that cannot be read becomes a Bad with its reason, never an
    exception.

    name: the path as it is shown and kept in Record.path; report: called with each Note on the file; scans: the texts
    that OCR has read already.
    """
    told: set[str] = set()
    mended, wrong = sidecar.read(path, name)
    for note in (*([wrong] if wrong else ()), *mended.notes()):
        if report:
            report(note)
    for item in _items(path, name, scans):
        for checked in _checked(mended.amended(item) if isinstance(item, Record) else item, told):
            if isinstance(checked, Note):
                if report:
                    report(checked)
            elif not isinstance(checked, Scan):
                yield checked


def outline(data: bytes, url: str) -> list[Found]:
    """Return the kind of a page, sitemap or feed and its links; one Bad where the reader finds neither."""
    return _SANDBOX.outline(data, url)


def scans_in(path: Path, name: str) -> tuple[list[Scan], bytes]:
    """Return the scans of a file and its content; nothing where the file has gone or cannot be read."""
    try:
        items, data = _whole(path, name)
    except (OSError, BadRecordError):
        return [], b""
    return [item for item in items if isinstance(item, Scan)], data


def page_picture(path: Path, address: str) -> bytes:
    """Return a page (from "0") of a PDF or an image file, or a picture of an office file ("word/media/1.png!0"),
    as JPEG; b"" where it cannot be shown.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    found = next(iter(_SANDBOX.picture(data, path.name, address)), None)
    return base64.b64decode(found.png) if isinstance(found, SheetImage) else b""


def captured(path: Path, url: str) -> tuple[str, bytes]:
    """Return the type and the content of a captured page in a file of captures; ("", b"") without one."""
    try:
        return wacz.captured(path, url) if path.name.lower().endswith(".wacz") else parent.captured(path, url)
    except (OSError, BadRecordError):
        return "", b""


def _items(path: Path, name: str, scans: Scans) -> Items:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadRecordError("not a file", code="link")
        lower = path.name.lower()
        if lower.endswith(ROWS):
            with path.open("rb") as stream:
                yield from jsonl.read(stream, name)
        elif lower.endswith(tuple(f"{ending}.gz" for ending in ROWS)):
            with gzip.open(path) as stream:
                yield from jsonl.read(stream, name)  # type: ignore[arg-type]
        elif lower.endswith(CAPTURES):
            yield from parent.read(path, name)
        elif lower.endswith(".wacz"):
            yield from wacz.read(path, name)
        else:
            yield from scans.resolved(*_whole(path, name))
    except BadRecordError as error:
        yield Bad.of(name, 0, error)
    except OSError as error:
        yield Bad(name, 0, f"cannot be read: {error.strerror or error}", passing=True)


def _whole(path: Path, name: str) -> tuple[list[Item], bytes]:
    """Return the items of a file, and its content."""
    limit = MAX_SCAN_BYTES if formats.suffix(path.name) in _SCANS else MAX_BYTES
    if path.stat().st_size > limit:
        raise BadRecordError(f"larger than {limit >> 20} MB", code="limit")
    # The code checks the size again, because a file may grow while the program reads it.
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise BadRecordError(f"larger than {limit >> 20} MB", code="limit")
    ending = sniff.sniffed(formats.suffix(path.name), data)
    if ending in formats.OWN or ending not in formats.READERS or not data:
        return list(formats.read(data, name)), data
    return _SANDBOX.read(data, name), data


def _checked(item: Item, told: set[str]) -> Items:
    """Yield the item, without a date that nobody can understand: the article stays.

    A row in another language is kept (its file's owner chose it), but noted. told: the notes on this file so far.
    """
    if isinstance(item, Record):
        if item.row and is_strange(item.text[:_GLANCE]):
            item, encoding = _repaired(item)
            if encoding not in ("utf-8", *told):
                told.add(encoding)
                yield Note(item.path, 0, "encoding", encoding)
        yield from _noted(item, told)
        if len(item.text) > MAX_CHARS:
            item = replace(item, text=item.text[:MAX_CHARS])
        if item.date and not parse_date(item.date):
            item = replace(item, date="")
    yield item


def _repaired(record: Record) -> tuple[Record, str]:
    """Return a row exported in an old font as Unicode text, with the font's name; return other rows unchanged."""
    found = repair("\n".join([" ".join(record.title.split()), record.text]))
    if found.encoding == "utf-8":
        return record, found.encoding
    title, _, text = found.text.partition("\n")
    return replace(record, title=title, text=text), found.encoding


def _noted(record: Record, told: set[str]) -> Items:
    path, row, date = record.path, record.row, parse_date(record.date)
    glance = record.text[:_GLANCE]
    if row and (glance.isascii() or is_strange(glance)) and (found := language_doubt(record.text)):
        yield Note(path, row, "quality", found.reason)
    for name in mended(record.text):
        if name not in told:
            told.add(name)
            yield Note(path, 0, "encoding", name)
    if record.number and (part := _PART.search(record.text)):
        yield Note(path, row, "cut", f"only a part of a document: {part[0]}")
    if len(record.text) > MAX_CHARS:
        yield Note(path, row, "cut", f"text cut after {MAX_CHARS:,} characters")
    if (year := _YEAR.search(record.number)) and date and not date.startswith(year[1]):
        yield Note(path, row, "date", f"its number says {year[1]}, its day is {date}: one of them is wrong")
    if record.date and not date:
        yield Note(path, row, "date", f"date left out: {record.date[:40]!r}")
    elif date > (today() + timedelta(days=1)).isoformat():
        yield Note(path, row, "date", f"date in the future: {date}")
