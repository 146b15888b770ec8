"""Books (`.epub`): an article for each chapter that has text, with the book as its source."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, markup, office
from searchapp.readers.items import Items
from searchapp.text.encodings import decode

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_FONTS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read(data: bytes, name: str) -> Items:
    """Yield the chapters in the order of the book. Raises BadRecordError for another file or a locked book."""
    parts = office.parts(data)
    if b"EncryptionMethod" in (lock := parts.get("META-INF/encryption.xml", b"")) and not _only_fonts(lock):
        raise BadRecordError("has a password", code="locked")
    place = _attribute(_tree(parts, "META-INF/container.xml"), "rootfile", "full-path")
    book = _tree(parts, place)
    title, author, date = (_said(book, fact) for fact in ("title", "creator", "date"))
    found = False
    for number, content in enumerate(_chapters(book, posixpath.dirname(place), parts), start=1):
        tree = markup.parse(decode(content).text)
        lines = markup.lines(tree)
        heading = next((line for line in (_text(h) for h in tree.iter("h1", "h2", "h3")) if line), "")
        if any(map(boilerplate.is_prose, lines)):
            found = True
            text = "\n".join(lines[1:] if lines[0] == heading and len(lines) > 1 else lines)
            yield Record(
                title=heading or title, text=text, date=date, source=title, author=author, path=name, row=number
            )
    if not found:
        raise BadRecordError("no text", code="empty")


def _chapters(book: Any, folder: str, parts: Mapping[str, bytes]) -> Iterator[bytes]:
    items = {item.get("id"): item.get("href") or "" for item in book.iter("{*}item")}
    # Each part is read once: a book may name one chapter a hundred thousand times.
    for name in dict.fromkeys(step.get("idref") for step in book.iter("{*}itemref")):
        href = unquote(items.get(name, "").partition("#")[0])
        content = parts.get(posixpath.normpath(posixpath.join(folder, href)))
        if content:
            yield content


def _tree(parts: Mapping[str, bytes], name: str) -> Any:
    try:
        return etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.XMLSyntaxError):
        raise BadRecordError(f"not a book: no {name or 'list of its parts'}", code="format") from None


def _attribute(tree: Any, tag: str, attribute: str) -> str:
    return next((element.get(attribute) or "" for element in tree.iter(f"{{*}}{tag}")), "")


def _said(book: Any, fact: str) -> str:
    return next((text for element in book.iter(_DC + fact) if (text := _text(element))), "")


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _only_fonts(lock: bytes) -> bool:
    """Tell whether a book only hides its fonts, as usual, and not its text."""
    tree = etree.fromstring(lock, etree.XMLParser(resolve_entities=False, no_network=True))
    return all(method.get("Algorithm") in _FONTS for method in tree.iter("{*}EncryptionMethod"))
