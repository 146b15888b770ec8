"""Choose the format of a file, by name and content, and the reader for it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Bad, Item, Items, Scan, converted
from searchapp.readers.scans.sheets import IMAGES, WITHIN, of_images
from searchapp.text.encodings import decode, language_doubt

Reader = Callable[[bytes, str], Items]

_OFFICE: Final = frozenset({".doc", ".docx", ".docm", ".odt", ".rtf"})
"""Endings that say only "a text of an office program": the content of such a file decides its format."""

_PACKAGE: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_PDF: Final = b"%PDF-"
_RTF: Final = b"{\\rtf"
_GLANCE: Final = 4_096
_PARTS: Final = (
    (b"word/document.xml", ".docx"), (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"ppt/presentation", ".pptx"), (b"xl/workbook.xml", ".xlsx"), (b"META-INF/container.xml", ".epub"),
    (b"word/", ".docx"),
)  # fmt: skip
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table)[\s>]", re.IGNORECASE)
_MESSAGE: Final = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){1,40}?Content-Type:", re.IGNORECASE)


def _decoded(reader: Callable[[str, str], Items]) -> Reader:
    """Turn a reader of text into a reader of bytes; an encoding other than UTF-8 is noted."""

    def read_bytes(data: bytes, name: str) -> Items:
        found = decode(data)
        yield from converted(name, found)
        yield from reader(found.text, name)

    return read_bytes


def _archive(data: bytes, name: str) -> Items:
    images: dict[str, bytes] = {}
    for member, content in office.entries(data):
        path = f"{name}/{member}"
        if is_litter(member):
            continue
        # Bombs are packed as archives within archives.
        if not content or suffix(member) == ".zip":
            yield (
                Bad(path, 0, "an archive in an archive", code="format")
                if content
                else Bad(path, 0, "empty file", code="empty")
            )
        elif sniffed(suffix(member), content) == ".doc":
            yield Bad(path, 0, "an old Word file in an archive: unpack it first", code="format")
        elif suffix(member) in IMAGES:
            images[member] = content
        elif suffix(member) in READERS:
            for item in read(content, path):
                yield _within(item, member) if isinstance(item, Scan) else item
    yield from of_images(images, name)


def _within(scan: Scan, member: str) -> Scan:
    return replace(scan, pages=tuple(f"{member}{WITHIN}{page}" if page else "" for page in scan.pages))


def _attached(data: bytes, path: str) -> Items:
    """Yield the items of an attachment; pictures of a letterhead and signatures are not worth a word."""
    if sniffed(suffix(path), data) == ".doc":
        yield Bad(path, 0, "an old Word file in a message: save it as a file of its own", code="format")
    elif suffix(path) in READERS and suffix(path) not in (".eml", ".mbox", ".mht", ".mhtml", *IMAGES):
        for item in read(data, path):
            yield item.as_bad("a message") if isinstance(item, Scan) else item


READERS: Final = {
    ".txt": "text.read",
    ".md": "markdown.read",
    ".html": "html.read",
    ".htm": "html.read",
    ".pdf": "pdf.read",
    ".docx": "docx.read",
    ".docm": "docx.read",
    ".doc": "doc.read",
    ".rtf": "rtf.read",
    ".xlsx": "xlsx.read",
    ".pptx": "pptx.read",
    ".xhtml": "html.read",
    ".mht": "mail.read_page",
    ".mhtml": "mail.read_page",
    ".odt": "odt.read",
    ".rss": "feed.read_xml",
    ".atom": "feed.read_xml",
    ".xml": "feed.read_xml",
    ".json": "feed.read_json",
    ".epub": "epub.read",
    ".eml": "mail.read_message",
    ".mbox": "mail.read_mailbox",
    **dict.fromkeys(IMAGES, "image.read"),
    ".zip": "",
}
"""The reader function for each ending; an archive is read here, each member by its own ending."""

OWN: Final = frozenset({".txt", ".doc"})
"""Formats that need no child process: this project's own code reads them, or a confined program does."""

_TEXTS: Final = frozenset({".txt", ".md", ".html", ".htm", ".xhtml"})

_BEGINNINGS: Final = {
    ".doc": _OLD_OFFICE,
    ".pdf": _PDF,
    ".rtf": _RTF,
    **dict.fromkeys((".docx", ".docm", ".odt", ".zip", ".epub", ".xlsx", ".pptx"), _PACKAGE),
    ".png": b"\x89PNG",
    **dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd8"),
}
_BINARY: Final = {
    _PDF: "a PDF",
    _PACKAGE: "a ZIP",
    _OLD_OFFICE: "an old Office file",
    b"\x89PNG": "an image",
}


def suffix(name: str) -> str:
    """Return the ending of a file name in lower case: ".pdf"; "" without an ending."""
    return PurePosixPath(name.lower()).suffix


def load() -> None:
    """Import all readers, for a process that soon can open no more files."""
    for ending in READERS:
        _reader(ending)


@cache
def _reader(ending: str) -> Reader:
    """Import a reader at its first file, so that a run need not wait for the libraries of other formats."""
    if ending == ".zip":
        return _archive
    module, function = READERS[ending].split(".")
    reader = getattr(importlib.import_module(f"searchapp.readers.{module}"), function)
    if ending in _TEXTS:
        return _decoded(reader)
    return partial(reader, attached=_attached) if ending in (".eml", ".mbox") else reader


def read(data: bytes, name: str, ending: str = "") -> Items:
    """Yield the items of a file, by the reader for its name, or for the ending that it should have.

    A bad file is one Bad with its own name (or, in an archive, its member's name) and the reason.
    """
    try:
        ending = ending or suffix(name)
        if ending not in READERS:
            raise BadRecordError(f"no reader for {ending or 'a file without an ending'}", code="format")
        if not data.strip():
            raise BadRecordError("empty file", code="empty")
        ending = sniffed(ending, data)
        _check_content(ending, data)
        for item in _reader(ending)(data, name):
            yield doubted(item) if isinstance(item, Record) and not item.row else item
    except BadRecordError as error:
        yield Bad.of(name, 0, error)


def doubted(record: Item) -> Item:
    """Return the same item, or a Bad for a Record that is not Vietnamese enough."""
    found = language_doubt(record.text) if isinstance(record, Record) else None
    return Bad(record.path, 0, found.reason, code=found.code) if found else record


def _check_content(ending: str, data: bytes) -> None:
    """Raise BadRecordError when the content of a file does not fit its name."""
    wanted = _BEGINNINGS.get(ending)
    # The header of a PDF may stand anywhere in its first kilobyte.
    if wanted and (wanted not in data[:1024] if ending == ".pdf" else not data.startswith(wanted)):
        what = (
            "HTML" if b"<html" in data[:1024].lower() or b"<!doctype html" in data[:1024].lower() else "something else"
        )
        raise BadRecordError(f"named {ending}, but holds {what}", code="format")
    held = next((what for beginning, what in _BINARY.items() if data.startswith(beginning)), "")
    if held and not wanted:
        raise BadRecordError(f"named {ending}, but holds {held}", code="format")


def sniffed(ending: str, data: bytes) -> str:
    """Return the ending that a file with this ending should have by its content. The same ending where the name is
    right.

    >>> sniffed(".doc", b"{\\\\rtf1 ..."), sniffed(".doc", b"<html><body>"), sniffed(".txt", b"<html>")
    ('.rtf', '.html', '.txt')
    """
    if ending not in _OFFICE:
        return ending
    head = data[:_GLANCE].lstrip(b"\xef\xbb\xbf\r\n\t \0")
    if data.startswith(_PACKAGE):
        return next((meant for part, meant in _PARTS if part in data), ending)
    if data.startswith(_OLD_OFFICE):
        return ".doc"
    if _PDF in data[:1024]:
        return ".pdf"
    if head.startswith(_RTF):
        return ".rtf"
    if _MESSAGE.match(head):
        return ".mht"
    return ".html" if _HTML.search(head.replace(b"\0", b"")) else ending


_LITTER: Final = re.compile(r"\.|~\$|__MACOSX$|(?:eh)?thumbs\.db$|desktop\.ini$", re.IGNORECASE)


def is_litter(name: str) -> bool:
    """Tell whether a file is litter, by its name or one of its folders.

    >>> is_litter("van-ban/~$qd-12.docx"), is_litter("__MACOSX/._a.txt"), is_litter("van-ban/qd-12.docx")
    (True, True, False)
    """
    if "/" not in name:
        return _LITTER.match(name) is not None and name not in (".", "..")
    return any(_LITTER.match(part) for part in name.split("/") if part not in ("", ".", ".."))
