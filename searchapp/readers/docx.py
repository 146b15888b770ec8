"""Word files (`.docx`): paragraphs, lists, tables, text boxes and notes, as a reader of the final text sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice, takewhile
from typing import Any, Final
from zipfile import ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree  # type: ignore[import-untyped]

from searchapp.article import Anchor
from searchapp.errors import BadRecordError
from searchapp.readers import marks, office
from searchapp.readers.items import Items, Scan
from searchapp.readers.scans.sheets import WITHIN, page_like
from searchapp.readers.visible import raised
from searchapp.readers.word_numbers import Numbers

_WORDS_A_PICTURE: Final = 100
"""A file with more words for each large picture is illustrated; a file with fewer has scanned pages."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SPECIAL: Final = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_DOCUMENT: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)
_NOTES: Final = ("/footnotes", "/endnotes")

# Deleted or moved text, and the second copy of a drawing for old programs.
_NOT_READ: Final = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr"})
_SPACES: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a Word file. Raises BadRecordError for another file, a locked file or a harmful file."""
    data, parts = office.transitional(data, office.parts(data))
    try:
        opened = Document(BytesIO(_ordinary(data, parts)))
        numbers = Numbers(_root(parts, "word/numbering.xml"), _root(parts, "word/styles.xml"))
        lines = [line for block in _blocks(opened.element.body, numbers) for line in block.split("\n")]
        notes = dict(_notes(opened))
        lines += [line for note in notes.values() for line in note]
        anchors = [(0, one) for one in (*_marks(opened.element.body, notes), *_merged(opened.element.body))]
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise BadRecordError(f"not a Word file: {str(error)[:80]}", code="format") from None
    # The properties are not read: their title and author mostly belong to a template ("Microsoft Word - …", "ADMIN").
    pictures = page_like(parts)
    words = sum(len(line.split()) for line in lines)
    if words or not pictures:
        yield from office.record(lines, name, title=_title(opened), anchors=anchors)
    if pictures and words < _WORDS_A_PICTURE * len(pictures):
        pages = ("", *(f"{picture}{WITHIN}0" for picture in pictures))
        yield Scan(name, pages, ("\n".join(lines), *("" for _ in pictures)), usable=int(words > 0))


def _ordinary(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the file as an ordinary document: macros and templates are never run."""
    kinds = parts.get("[Content_Types].xml", b"")
    if not _SPECIAL.search(kinds):
        return data
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, _SPECIAL.sub(_DOCUMENT, content) if part == "[Content_Types].xml" else content)
    return made.getvalue()


def _title(opened: Any) -> str:
    """Return the paragraph with the style "Title", else ""."""
    for paragraph in opened.paragraphs[:20]:
        if paragraph.style is not None and paragraph.style.name == "Title" and paragraph.text.strip():
            return " ".join(paragraph.text.split())
    return ""


def _root(parts: Mapping[str, bytes], name: str) -> Any | None:
    return etree.fromstring(parts[name], _PARSER) if name in parts else None


def _blocks(element: Any, numbers: Numbers) -> Iterator[str]:
    """Yield the paragraphs and table rows below an element, in order, with the numbers that Word gives them."""
    for child in element:
        if child.tag == f"{_W}p":
            text = _text(child)
            label = numbers.label(child) if text.strip() else ""
            yield f"{label} {text.lstrip()}" if label else text
            for box in child.iter(f"{_W}txbxContent"):
                if not any(parent.tag in _NOT_READ for parent in box.iterancestors()):
                    yield from _blocks(box, numbers)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child, numbers)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child, numbers)


def _rows(table: Any, numbers: Numbers) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # this row belongs to a table in a cell; it comes with its cell
        cells = [list(_blocks(cell, numbers)) for cell in row.iterchildren(f"{_W}tc")]
        # A row of facts is one line; cells of several paragraphs only place text on the page.
        if all(len(cell) == 1 and "\n" not in cell[0] for cell in cells):
            yield " | ".join(text for (text,) in cells if text.strip())
        else:
            for cell in cells:
                yield from cell


def _merged(body: Any) -> Iterator[Anchor]:
    """Yield an anchor for each row of a table with merged or empty cells."""
    for table in body.iter(f"{_W}tbl"):
        rows = [list(_cells(row)) for row in table.iterchildren(f"{_W}tr")][: marks.MAX_NOTES]
        if any(across > 1 or merge or not text.strip() for row in rows for text, _, across, merge in row):
            for number, row in enumerate(rows):
                shown = [
                    (text, across, _down(rows, number, column) if merge == "restart" else 1)
                    for text, column, across, merge in row
                    if merge != "continue"
                ]
                yield Anchor(kind="row", after=" ".join(text for text, _, _ in shown), label=marks.cells(shown))


def _cells(row: Any) -> Iterator[tuple[str, int, int, str]]:
    """Yield text, first column, columns and vertical merge of each cell: "restart", "continue" or ""."""
    column = 0
    for cell in row.iterchildren(f"{_W}tc"):
        span, merge = cell.find(f"{_W}tcPr/{_W}gridSpan"), cell.find(f"{_W}tcPr/{_W}vMerge")
        wide = span.get(f"{_W}val", "1") if span is not None else "1"
        across = min(int(wide), marks.MAX_SPAN) if wide.isascii() and wide.isdigit() else 1
        state = "" if merge is None else merge.get(f"{_W}val", "continue")
        yield " ".join(map(_text, cell.iter(f"{_W}p"))), column, across, state
        column += across


def _down(rows: Sequence[Sequence[tuple[str, int, int, str]]], number: int, column: int) -> int:
    """Return how many rows a cell covers that a merge begins with."""
    below = takewhile(
        lambda row: any(at == column and merge == "continue" for _, at, _, merge in row), rows[number + 1 :]
    )
    return 1 + sum(1 for _ in below)


def _marks(body: Any, notes: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Anchor]:
    """Yield the marks of notes in order, numbered as Word shows them."""
    count = {"footnote": 0, "endnote": 0}
    for mark in islice(body.iter(*(f"{_W}{kind}Reference" for kind in count)), marks.MAX_NOTES):
        kind = mark.tag.removeprefix(_W).removesuffix("Reference")
        paragraph = next(mark.iterancestors(f"{_W}p"), None)
        words = " ".join(notes.get((kind, mark.get(f"{_W}id", "")), ()))
        if paragraph is not None and words:
            count[kind] += 1
            before = _text(paragraph, until=mark)[-marks.WORDS :]
            yield Anchor(kind="note", before=before, label=str(count[kind]), note=words[: marks.WORDS])


def _text(paragraph: Any, until: Any = None) -> str:
    """Return the text of one paragraph, without its text boxes and without deleted or hidden runs.

    until: the element at which to stop.
    """
    pieces: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if node is until:
            break
        if node.tag in _NOT_READ or node.tag == f"{_W}txbxContent" or _is_hidden(node):
            continue
        if node.tag == f"{_W}t":
            text = node.text or ""
            pieces.append(raised(text, "".join(pieces[-2:])) if _is_raised(node) else text)
        elif node.tag in _SPACES:
            pieces.append(_SPACES[node.tag])
        else:
            stack.extend(reversed(node))
    return "".join(pieces)


def _is_raised(text: Any) -> bool:
    align = text.getparent().find(f"{_W}rPr/{_W}vertAlign")
    return align is not None and align.get(f"{_W}val") == "superscript"


def _is_hidden(node: Any) -> bool:
    if node.tag != f"{_W}r":
        return False
    vanish = node.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")


def _notes(opened: Any) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Yield footnotes, then endnotes, as kind, name and lines; they follow the text."""
    plain = Numbers(None, None)
    for relation in opened.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            root = etree.fromstring(relation.target_part.blob, _PARSER)
            for note in root:
                name = (note.tag.removeprefix(_W), note.get(f"{_W}id", ""))
                yield name, [line.strip() for line in _blocks(note, plain) if line.strip()]
