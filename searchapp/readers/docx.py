"""Word files (`.docx`), as a reader of the final text sees them.

The text has paragraphs with their automatic numbers, lists, tables, text boxes and notes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
from searchapp.readers.markup import raised, roman
from searchapp.readers.scans.sheets import WITHIN, Picture, page_like, within

_WORDS_A_PICTURE: Final = 100
"""A file with more words for each large picture is illustrated; a file with fewer has scanned pages."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EMU: Final = 9525  # a point of a screen
_NO_CAPTION: Final = re.compile(
    r"[\\/:]|\.(?:png|jpe?g|gif|tiff?)$|^(?:picture|image|hình|ảnh|ảnh chụp màn hình) ?\d*$", re.I
)
"""The file's name or a program's own words, instead of what a picture shows."""
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

_MAX_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a Word file. Raises BadRecordError for another file, a locked file or a harmful file."""
    data, parts = office.transitional(data, office.parts(data))
    try:
        opened = Document(BytesIO(_ordinary(data, parts)))
        numbers = _Numbers(_root(parts, "word/numbering.xml"), _root(parts, "word/styles.xml"))
        lines = [line for block in _blocks(opened.element.body, numbers) for line in block.split("\n")]
        notes = dict(_notes(opened))
        lines += [line for note in notes.values() for line in note]
        body = opened.element.body
        shown = within(parts, _pictures(body, opened.part.related_parts))
        anchors = [(0, one) for one in (*_marks(body, notes), *_merged(body), *shown)]
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


def _blocks(element: Any, numbers: _Numbers) -> Iterator[str]:
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


def _rows(table: Any, numbers: _Numbers) -> Iterator[str]:
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


def _pictures(body: Any, related: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the pictures of the text; linked ones are somebody else's."""
    before = ""
    waiting: list[Picture] = []
    for paragraph in body.iter(f"{_W}p"):
        if any(parent.tag in _NOT_READ for parent in paragraph.iterancestors()):
            continue
        own = " ".join(_text(paragraph).split())
        if own:
            yield from ((name, size, replace(one, after=own[: marks.WORDS])) for name, size, one in waiting)
            waiting.clear()
        for blip in paragraph.iter(f"{_A}blip"):
            part = related.get(blip.get(f"{_R}embed", ""))
            if part is None or any(parent.tag in _NOT_READ for parent in blip.iterancestors()):
                continue
            drawn = next(blip.iterancestors(f"{_WP}inline", f"{_WP}anchor"), None)
            words = " ".join(_text(paragraph, until=blip).split()) or before
            anchor = Anchor(kind="figure", before=words[-marks.WORDS :], label=_caption(drawn))
            waiting.append((str(part.partname).lstrip("/"), _size(drawn), anchor))
        before = own or before
    yield from waiting


def _size(drawn: Any) -> tuple[int, int]:
    extent = drawn.find(f"{_WP}extent") if drawn is not None else None
    sides = [extent.get(side, "") if extent is not None else "" for side in ("cx", "cy")]
    width, height = (int(side) // _EMU if side.isascii() and side.isdigit() else 0 for side in sides)
    return width, height


def _caption(drawn: Any) -> str:
    """Return what a picture shows, in its author's words; "" where only a program said something."""
    said = drawn.find(f"{_WP}docPr") if drawn is not None else None
    words = " ".join((said.get("descr") or "").split()) if said is not None else ""
    return "" if _NO_CAPTION.search(words) else words


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
    plain = _Numbers(None, None)
    for relation in opened.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            root = etree.fromstring(relation.target_part.blob, _PARSER)
            for note in root:
                name = (note.tag.removeprefix(_W), note.get(f"{_W}id", ""))
                yield name, [line.strip() for line in _blocks(note, plain) if line.strip()]


class _Numbers:
    """The counters of one document; `label` is asked once for each paragraph, in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        """numbering, styles: the roots of numbering.xml and styles.xml, None where the file lacks them."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, Any]] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _MAX_LEVELS)
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._learn(numbering)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            self._styles[_value(style, "styleId")] = (_child(style, "basedOn"), style.find(f"{_W}pPr/{_W}numPr"))

    def _learn(self, numbering: Any) -> None:
        for abstract in numbering.iter(f"{_W}abstractNum"):
            self._levels[_value(abstract, "abstractNumId")] = {
                level: (_child(one, "numFmt") or "decimal", _child(one, "lvlText"), _number(_child(one, "start"), 1))
                for one in abstract.iter(f"{_W}lvl")
                if 0 <= (level := _number(_value(one, "ilvl"), 0)) < _MAX_LEVELS
            }
        for num in numbering.iter(f"{_W}num"):
            identity = _value(num, "numId")
            self._lists[identity] = _child(num, "abstractNumId")
            self._starts[identity] = {
                _number(_value(one, "ilvl"), 0): _number(start, 1)
                for one in num.iter(f"{_W}lvlOverride")
                if (start := _child(one, "startOverride"))
            }

    def label(self, paragraph: Any) -> str:
        """Return the label that Word shows before this paragraph: "Điều 3.", "" for a bullet or nothing."""
        identity, level = self._place(paragraph)
        levels = self._levels.get(self._lists.get(identity, ""), {})
        if level not in levels:
            return ""
        counts = self._counts[self._lists[identity]]
        self._count(identity, level, levels, counts)
        kind, text, _ = levels[level]
        if kind in ("bullet", "none"):
            return ""  # a sign of the page, not of the text

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return _written(counts[at], levels[at][0] if at in levels else "decimal")

        return _PLACEHOLDER.sub(shown, text)

    def _count(self, identity: str, level: int, levels: dict[int, tuple[str, str, int]], counts: list[int]) -> None:
        starts = self._starts.get(identity, {})
        if level in starts and (identity, level) not in self._begun:
            counts[level] = starts[level]
        else:
            counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        self._begun.add((identity, level))
        for lower in range(level + 1, _MAX_LEVELS):
            counts[lower] = 0
        for upper in range(level):
            counts[upper] = counts[upper] or (levels[upper][2] if upper in levels else 1)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph, its own or those of its style."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = _child(paragraph.find(f"{_W}pPr"), "pStyle")
        identity = _child(own, "numId") if own is not None else ""
        level = _child(own, "ilvl") if own is not None else ""
        for _ in range(_MAX_LEVELS):  # styles may be based on one another in a circle
            if (identity and level) or style not in self._styles:
                break
            style, numbered = self._styles[style]
            identity = identity or (_child(numbered, "numId") if numbered is not None else "")
            level = level or (_child(numbered, "ilvl") if numbered is not None else "")
        return identity, _number(level, 0)


def _written(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < count < 90:
        return roman(count) if kind == "lowerRoman" else roman(count).upper()
    return f"{count:02}" if kind == "decimalZero" else str(count)


def _child(element: Any | None, name: str) -> str:
    found = element.find(f"{_W}{name}") if element is not None else None
    return _value(found, "val") if found is not None else ""


def _value(element: Any, name: str) -> str:
    return str(element.get(f"{_W}{name}") or "")


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else otherwise
