"""Choose the format of a file, by name and content, and the reader for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import office, sniff
from searchapp.readers.items import PAPERS, Bad, Item, Items, Scan, converted
from searchapp.readers.scans.sheets import IMAGES, WITHIN, of_images
from searchapp.text.encodings import decode, language_doubt

Reader = Callable[[bytes, str], Items]


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
        if sniff.is_litter(member):
            continue
        # Bombs are packed as archives within archives.
        if not content or suffix(member) == ".zip":
            yield (
                Bad(path, 0, "an archive in an archive", code="format")
                if content
                else Bad(path, 0, "empty file", code="empty")
            )
        elif sniff.sniffed(suffix(member), content) == ".doc":
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
    if sniff.sniffed(suffix(path), data) == ".doc":
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
    ".doc": sniff.OLD_OFFICE,
    ".pdf": sniff.PDF,
    ".rtf": sniff.RTF,
    **dict.fromkeys((".docx", ".docm", ".odt", ".zip", ".epub", ".xlsx", ".pptx"), sniff.PACKAGE),
    ".png": b"\x89PNG",
    **dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd8"),
}
_BINARY: Final = {
    sniff.PDF: "a PDF",
    sniff.PACKAGE: "a ZIP",
    sniff.OLD_OFFICE: "an old Office file",
    b"\x89PNG": "an image",
}


_UNSEEN: Final = " .\t\u00a0\u200b"
"""What nobody sees behind an ending, in a list of files."""


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
            if suffix(name.rstrip(_UNSEEN)) != ending:
                raise BadRecordError("its name ends in a blank or a full stop: rename it", code="format")
            raise BadRecordError(f"no reader for {ending or 'a file without an ending'}", code="format")
        if not data.strip():
            raise BadRecordError("empty file", code="empty")
        ending = sniff.sniffed(ending, data)
        _check_content(ending, data)
        for item in _reader(ending)(data, name):
            of_text = isinstance(item, Record) and (not item.row or name.lower().endswith(PAPERS))
            yield doubted(item) if of_text else item
    except BadRecordError as error:
        yield Bad.of(name, 0, error)


def doubted(item: Item) -> Item:
    """Return the same item, or a Bad for a Record that is not Vietnamese enough."""
    if isinstance(item, Record) and (found := language_doubt(item.text)):
        return Bad(item.path, item.row, found.reason, code=found.code)
    return item


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
