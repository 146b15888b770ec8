"""OpenDocument text (`.odt`): paragraphs, headings, lists, tables and notes, without deleted text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]

from searchapp.article import Anchor
from searchapp.errors import BadRecordError
from searchapp.readers import marks, office
from searchapp.readers.items import Items
from searchapp.readers.markup import raised
from searchapp.readers.scans.sheets import Picture, within

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ROW: Final = f"{_TABLE}table-row"
_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG: Final = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt|pc)")
_POINTS: Final = {"cm": 96 / 2.54, "mm": 96 / 25.4, "in": 96.0, "pt": 96 / 72, "pc": 16.0}
"""Points of a screen in each unit."""
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NOTE: Final = f"{_TEXT}note"
_PARAGRAPHS: Final = (f"{_TEXT}p", f"{_TEXT}h")
_NOT_READ: Final = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"})


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of an OpenDocument text. Raises BadRecordError for another file."""
    parts = office.parts(data)
    content = parts.get("content.xml")
    if content is None:
        raise BadRecordError("not an OpenDocument text: no content.xml", code="format")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadRecordError(f"not an OpenDocument text: {str(error)[:80]}", code="format") from None
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    high = frozenset(style.get(f"{_STYLE}name") for style in root.iter(f"{_STYLE}style") if _is_high(style))
    if body is None:
        yield from office.record([], name)
        return
    notes = [_lines(note, high) for note in body.iter(_NOTE)]
    lines = [*_lines(body, high), *(line for note in notes for line in note)]
    found = (*_marks(body, high, notes), *_merged(body, high), *within(parts, _pictures(body, high)))
    yield from office.record(lines, name, anchors=[(0, one) for one in found])


def _is_high(style: Any) -> bool:
    """Tell whether text of a style stands above its line, as the mark of a note does."""
    return any(facts.get(f"{_STYLE}text-position", "").startswith("super") for facts in style)


def _lines(part: Any, high: Container[str]) -> list[str]:
    """Return the lines of the body without its notes, or of a note."""
    return [line for block in _blocks(part, high) for line in block.split("\n")]


def _blocks(part: Any, high: Container[str]) -> Iterator[str]:
    """Yield the paragraphs of a part in order; a paragraph within another (a text box) comes after it, notes are left
    out.

    A row of facts is one line; cells of several paragraphs only place text on the page.
    """
    read: set[Any] = set()
    rows: dict[Any, list[Any]] = {None: []}  # a page laid out as a table may be one row
    for paragraph in part.iter(*_PARAGRAPHS):
        if paragraph in read or not _belongs(paragraph, part):
            continue
        around = next(paragraph.iterancestors(_ROW), None)
        row = rows[around] if around in rows else rows.setdefault(around, _facts(around, part))
        read.update(row)
        yield " | ".join(filter(str.strip, (_text(one, high) for one in row or [paragraph])))


def _belongs(paragraph: Any, part: Any) -> bool:
    """Tell whether a paragraph is read with a part: it is neither deleted nor a note within it."""
    for parent in paragraph.iterancestors():
        if parent is part:
            return True
        if parent.tag in _NOT_READ or parent.tag == _NOTE:
            return False
    return True


def _facts(row: Any, part: Any) -> list[Any]:
    """Return the paragraphs of a row whose cells have one each; nothing for any other row."""
    cells = [[one for one in cell.iter(*_PARAGRAPHS) if _belongs(one, part)] for cell in row]
    return [cell[0] for cell in cells if cell] if all(len(cell) < 2 for cell in cells) else []


def _marks(body: Any, high: Container[str], notes: Sequence[Sequence[str]]) -> Iterator[Anchor]:
    """Yield the marks of notes in order, with the signs that the file gives them."""
    for note, lines in islice(zip(body.iter(_NOTE), notes, strict=True), marks.MAX_NOTES):
        paragraph = next(note.iterancestors(*_PARAGRAPHS), None)
        words = " ".join(" ".join(lines).split())
        if paragraph is not None and words:
            sign = "".join((note.findtext(f"{_TEXT}note-citation") or "").split())
            before = _text(paragraph, high, until=note)[-marks.WORDS :]
            yield Anchor(kind="note", before=before, label=sign, note=words[: marks.WORDS])


def _merged(body: Any, high: Container[str]) -> Iterator[Anchor]:
    """Yield an anchor for each row of a table with merged or empty cells."""
    for table in body.iter(f"{_TABLE}table"):
        rows = [list(_cells(row, body, high)) for row in islice(_rows(table), marks.MAX_NOTES)]
        if any(across > 1 or down > 1 or not text.strip() for row in rows for text, across, down in row):
            for row in rows:
                yield Anchor(kind="row", after=" ".join(text for text, _, _ in row), label=marks.cells(row))


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in table.iter(_ROW) if next(row.iterancestors(f"{_TABLE}table")) is table)


def _cells(row: Any, body: Any, high: Container[str]) -> Iterator[tuple[str, int, int]]:
    """Yield text, columns and rows of each cell; an empty cell that is written once for many is as many."""
    for cell in row.iterchildren(f"{_TABLE}table-cell"):
        text = " ".join(_text(one, high) for one in cell.iter(*_PARAGRAPHS) if _belongs(one, body))
        for _ in range(_number(cell, "number-columns-repeated")):
            yield text, _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")


def _number(cell: Any, name: str) -> int:
    value = cell.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(value), marks.MAX_SPAN)) if value.isascii() and value.isdigit() else 1


def _pictures(body: Any, high: Container[str]) -> Iterator[Picture]:
    """Yield the pictures of the text; linked ones are somebody else's."""
    before = ""
    waiting: list[Picture] = []
    for paragraph in body.iter(*_PARAGRAPHS):
        if not _belongs(paragraph, body):
            continue
        own = " ".join(_text(paragraph, high).split())
        if own:
            yield from ((name, size, replace(one, after=own[: marks.WORDS])) for name, size, one in waiting)
            waiting.clear()
        for image in paragraph.iter(f"{_DRAW}image"):
            frame = image.getparent()
            if next(image.iterancestors(*_PARAGRAPHS)) is paragraph:
                words = " ".join(_text(paragraph, high, until=frame).split()) or before
                anchor = Anchor(kind="figure", before=words[-marks.WORDS :], label=_caption(frame))
                waiting.append((image.get(_HREF, "").removeprefix("./"), _size(frame), anchor))
        before = own or before
    yield from waiting


def _size(frame: Any) -> tuple[int, int]:
    sides = [_LENGTH.fullmatch(frame.get(f"{_SVG}{side}", "")) for side in ("width", "height")]
    width, height = (int(float(side[1]) * _POINTS[side[2]]) if side else 0 for side in sides)
    return width, height


def _caption(frame: Any) -> str:
    """Return what a picture shows, in its author's words."""
    said = (frame.findtext(f"{_SVG}{name}") for name in ("desc", "title"))
    return " ".join(next(filter(None, said), "").split())


def _text(paragraph: Any, high: Container[str], until: Any = None) -> str:
    """Return the text of a paragraph, up to an element."""
    pieces: list[str] = []
    for piece, is_high in _pieces(paragraph, high, until):
        pieces.append(raised(piece, "".join(pieces[-2:])) if is_high else piece)
    return "".join(pieces)


def _pieces(paragraph: Any, high: Container[str], until: Any) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a paragraph, and whether each stands above the line."""
    yield _spaced(paragraph.text), False
    # The loop uses a stack, not recursion: the file chooses the depth. None ends an element; its tail follows.
    stack: list[tuple[Any, bool]] = [(child, False) for child in reversed(paragraph)]
    while stack:
        node, done = stack.pop()
        if node is until:
            return
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
