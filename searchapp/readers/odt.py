"""OpenDocument text (`.odt`): paragraphs, headings, lists, tables and notes, without deleted text."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]

from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Items
from searchapp.readers.visible import raised

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ROW: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-row"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PARAGRAPHS: Final = (f"{_TEXT}p", f"{_TEXT}h")
_NOT_READ: Final = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"})


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of an OpenDocument text. Raises BadRecordError for another file."""
    content = office.parts(data).get("content.xml")
    if content is None:
        raise BadRecordError("not an OpenDocument text: no content.xml", code="format")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadRecordError(f"not an OpenDocument text: {str(error)[:80]}", code="format") from None
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    high = frozenset(style.get(f"{_STYLE}name") for style in root.iter(f"{_STYLE}style") if _is_high(style))
    lines = [line for block in _blocks(body, high) for line in block.split("\n")] if body is not None else []
    yield from office.record(lines, name)


def _is_high(style: Any) -> bool:
    """Tell whether text of a style stands above its line, as the mark of a note does."""
    return any(facts.get(f"{_STYLE}text-position", "").startswith("super") for facts in style)


def _blocks(body: Any, high: Container[str]) -> Iterator[str]:
    """Yield the paragraphs of the body in order; a paragraph within another (a note, a text box) comes after it.

    A row of facts is one line; cells of several paragraphs only place text on the page.
    """
    read: set[Any] = set()
    rows: dict[Any, list[Any]] = {None: []}  # a page laid out as a table may be one row
    for paragraph in body.iter(*_PARAGRAPHS):
        if paragraph in read or any(parent.tag in _NOT_READ for parent in paragraph.iterancestors()):
            continue
        around = next(paragraph.iterancestors(_ROW), None)
        row = rows[around] if around in rows else rows.setdefault(around, _facts(around))
        read.update(row)
        yield " | ".join(filter(str.strip, (_text(one, high) for one in row or [paragraph])))


def _facts(row: Any) -> list[Any]:
    """Return the paragraphs of a row whose cells have one each; nothing for any other row."""
    cells = [list(cell.iter(*_PARAGRAPHS)) for cell in row]
    return [cell[0] for cell in cells if cell] if all(len(cell) < 2 for cell in cells) else []


def _text(paragraph: Any, high: Container[str]) -> str:
    pieces: list[str] = []
    for piece, is_high in _pieces(paragraph, high):
        pieces.append(raised(piece, "".join(pieces[-2:])) if is_high else piece)
    return "".join(pieces)


def _pieces(paragraph: Any, high: Container[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a paragraph, and whether each stands above the line."""
    yield _spaced(paragraph.text), False
    # The loop uses a stack, not recursion: the file chooses the depth. None ends an element; its tail follows.
    stack: list[tuple[Any, bool]] = [(child, False) for child in reversed(paragraph)]
    while stack:
        node, done = stack.pop()
        if done:
            yield _spaced(node.tail), False
            continue
        stack.append((node, True))
        if node.tag in _PARAGRAPHS or node.tag in _NOT_READ:
            continue
        if node.tag == f"{_TEXT}s" or node.tag == f"{_TEXT}tab":
            yield " ", False
        elif node.tag == f"{_TEXT}line-break":
            yield "\n", False
        if isinstance(node.tag, str):
            yield _spaced(node.text), node.tag == f"{_TEXT}span" and node.get(f"{_TEXT}style-name") in high
        stack.extend((child, False) for child in reversed(node))


def _spaced(text: str | None) -> str:
    """Turn line breaks of the source into spaces."""
    return (text or "").replace("\n", " ")
