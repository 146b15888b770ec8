"""Prepare an article's text for a reader: paragraphs, headings, citations to follow, marked search words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from searchapp.article import OWN, PART, Article, Mark
from searchapp.citations.find.pinpoint import pinpoints
from searchapp.outline import Node as OutlineNode
from searchapp.outline import Outline, provision_of
from searchapp.query import Node
from searchapp.results import Span, together
from searchapp.search.highlighter import Marker
from searchapp.text.questions import Questions
from searchapp.web.pages.stretches import Run, on_lines, runs, unsure, with_notes

_MAX_HEADING_CHARS: Final = 110
MAX_URL_CHARS: Final = 2000
HEAD_LINES: Final = 14
"""Lines above the text of an official document: issuer, motto, number, day, subject."""
_ENDS_SENTENCE: Final = re.compile(r"[.!?…:;,)”\"]\s*$")
_ITEM: Final = re.compile(r"^\s*[-–•*+]\s")
_ROW: Final = re.compile(r"^\s*\|.*\|\s*$")
_RULE: Final = re.compile(r"^[\s|:-]+$")
_CELL: Final = re.compile(r"\|((?:[^|\\]|\\.)*)(?=\|)")
_BETWEEN: Final = " | "
"""Between the cells of a row of Word, OpenDocument or a sheet; empty cells are left out."""
_SPANS: Final = re.compile(r"(-?)(\d{1,2})x(\d{1,2})")
MEDIA: Final = ("image", "figure", "video", "audio")
_RECIPIENTS: Final = re.compile(r"^\s*Nơi nhận", re.IGNORECASE)
_MOTTO: Final = re.compile(r"^\s*Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc")
_CAPITAL: Final = {"phan", "chuong", "phu-luc", "kem-theo"}
_HEADED: Final = {*_CAPITAL, "muc", "tieu-muc", "de-muc", "dieu", "mau"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over so many columns and rows."""

    runs: tuple[Run, ...]
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A line of the text, or a table.

    kind: "heading", "item", "clause", "point", "head" (of an official document), "signed", "sent" (Nơi nhận), "table"
    or "text"; id, more: of the provisions that begin here; level: of a heading; rows: cells of a table, the first
    `headed` ones its heads. scan: the page of the scan that begins here, 0 for none. media: pictures and films of the
    source that stood behind it.
    """

    kind: str
    runs: tuple[Run, ...]
    id: str = ""
    more: tuple[str, ...] = ()
    level: int = 2
    rows: tuple[tuple[Cell, ...], ...] = ()
    headed: int = 0
    scan: int = 0
    media: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class _Shown:
    """An article's shown text: its outline, its marks, and the provisions that it names."""

    article: Article
    outline: Outline
    spans: Sequence[Span]
    references: Sequence[tuple[int, int, str]]

    @cached_property
    def rows(self) -> Mapping[int, str]:
        """Return the cells of rows with merged or empty cells, by the start of the row."""
        return {mark.at: mark.label for mark in self.article.marks if mark.kind == "row"}

    @cached_property
    def notes(self) -> Sequence[tuple[int, int, Mark]]:
        """Return the marks of notes and the beginnings of notes, in order: place, number of the note, its mark."""
        found = [(place, number, mark) for number, mark in numbered(self.article) for place in (mark.at, mark.to)]
        return sorted(found, key=lambda one: one[:2])

    @cached_property
    def lines(self) -> Sequence[int]:
        """Return where the lines of a scan begin."""
        return [line[0] for line in self.article.ocr.lines] if self.article.ocr else []

    @cached_property
    def media(self) -> Sequence[Mark]:
        """Return pictures and films that a visitor may follow or see, in order."""
        return [
            mark
            for mark in self.article.marks
            if mark.kind in MEDIA and (mark.url.startswith(PART) or safe_url(mark.url))
        ]


def numbered(article: Article) -> Iterator[tuple[int, Mark]]:
    """Yield the footnotes of an article with their numbers on the page; marks of one note share its number."""
    known: dict[int, int] = {}
    for mark in article.marks:
        if mark.kind == "note":
            yield known.setdefault(mark.to, len(known) + 1), mark


def shown(
    article: Article, asked: Node | None, outline: Outline, part: tuple[int, int], questions: Questions | None = None
) -> _Shown:
    """Return the data for the page of a part of an article. asked: the words to mark; questions: as in `Marker.of`."""
    start, end = part
    inside = [
        replace(each, start=each.start - start, end=each.end - start)
        for each in article.citations
        if start <= each.start and each.end <= end
    ]
    text = article.text[start:end]
    marks = together(text, Marker.of(asked, questions).spans(text, inside)) if asked is not None else []
    spans = [span._replace(start=span.start + start, end=span.end + start) for span in marks]
    return _Shown(article, outline, spans, list(references(article, outline, start, end)))


def references(article: Article, outline: Outline, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield places that name a provision of the same text ("khoản 2 Điều này", "Điều 5 Luật này"): start, end, id."""
    if not any(node.kind == "dieu" for node in outline):
        return
    for found in pinpoints(article.text[start:end]):
        if found.of == OWN:
            at = outline.at(start + found.start)
            node = provision_of(outline, found.parts[0], at)
            if node is not None and node is not at:
                yield start + found.start, start + found.end, node.id


def paragraphs(page: _Shown, part: tuple[int, int]) -> tuple[_Paragraph, ...]:
    """Return a part of the text line by line, with the marks of the query."""
    text, (first, last) = page.article.text, part
    lines = [match.span() for match in re.compile(r"[^\n]*\S[^\n]*").finditer(text, first, last)]
    nodes = [node for node in page.outline if first <= node.start < last]
    body = next((node.start for node in page.outline if node.kind in _HEADED), 0) if first == 0 else 0
    units = any(node.kind in ("phan", "chuong", "muc") for node in page.outline)
    found: list[_Paragraph] = []
    at = node_at = scan = 0
    above = False
    while at < len(lines):
        start, end = lines[at]
        here = node_at
        while node_at < len(nodes) and nodes[node_at].start < end:
            node_at += 1
        begun = nodes[here:node_at]
        rows = 0
        if not begun:
            while at + rows < len(lines) and _is_row(page, lines, at + rows, body):
                rows += 1
        if rows > 1:
            media = _media(page, start, lines[at + rows - 1][1])
            found.append(replace(_table(page, lines[at : at + rows]), media=media))
            at += rows
            continue
        if begun and begun[0].kind in _HEADED and begun[0].title_end > end:
            end = begun[0].title_end
        kind = _named(begun) or _official(page, lines, at, body) or _kind(text, lines, at, page.outline)
        top = not units or any(node.kind in (*_CAPITAL, "muc") for node in begun[:1])
        # A part that begins within a chapter, and a text before its first chapter, have no heading above.
        above = above or (units and top and kind == "heading")
        level = 3 if above and not top else 2
        ids = tuple(node.id for node in begun)
        before, scan = scan, page.article.ocr.page_at(start) if page.article.ocr else 0
        turned = scan if scan != before else 0
        runs = _runs(page, (start, end))
        media = _media(page, start, end)
        found.append(_Paragraph(kind, runs, ids[0] if ids else "", ids[1:], level, scan=turned, media=media))
        while at < len(lines) and lines[at][0] < end:
            at += 1
    return tuple(found)


def _named(begun: Sequence[OutlineNode]) -> str:
    if not begun:
        return ""
    kind = begun[0].kind
    if kind in _HEADED:
        return "heading" if begun[0].title_end > begun[0].start else "clause"
    return {"khoan": "clause", "diem": "point"}.get(kind, "")


def _official(page: _Shown, lines: Sequence[tuple[int, int]], at: int, body: int) -> str:
    """Return the kind of a line in the heading block of an official document and its signature, by its place."""
    start, end = lines[at]
    line = page.article.text[start:end]
    if at < HEAD_LINES and start < body and page.article.number:
        return "head" if line.isupper() or _MOTTO.match(line) else ""
    node = page.outline.at(start)
    if node is None or node.kind != "ky":
        return ""
    sent = any(_RECIPIENTS.match(page.article.text[slice(*each)]) for each in lines[max(0, at - 12) : at + 1])
    return "sent" if sent and (_ITEM.match(line) or _RECIPIENTS.match(line)) else "signed"


def _is_row(page: _Shown, lines: Sequence[tuple[int, int]], at: int, body: int) -> bool:
    """Tell whether a line is a row of a table; the two columns above an official document are none."""
    start, end = lines[at]
    line = page.article.text[start:end]
    if _ROW.match(line) or start in page.rows:
        return True
    return _BETWEEN in line and not (at < HEAD_LINES and start < body and page.article.number)


def _table(page: _Shown, lines: Sequence[tuple[int, int]]) -> _Paragraph:
    """Turn lines "| a | b |" or "a | b" into a table; a line of dashes below the first makes that line its heads."""
    text = page.article.text
    heads = _RULE.fullmatch(text[slice(*lines[1])]) is not None
    rows = [_row(page, line) for line in lines if not _RULE.fullmatch(text[slice(*line)])]
    headed = max((cell.down for cell in rows[0]), default=1) if heads else 0
    return _Paragraph("table", (), rows=tuple(rows), headed=headed)


def _row(page: _Shown, line: tuple[int, int]) -> tuple[Cell, ...]:
    text = page.article.text
    if _ROW.match(text[slice(*line)]):
        cells = [_stripped(text, *each.span(1)) for each in _CELL.finditer(text, *line)]
    else:
        ends = [each.start() for each in re.compile(re.escape(_BETWEEN)).finditer(text, *line)]
        starts = [line[0], *(end + len(_BETWEEN) for end in ends)]
        cells = list(zip(starts, [*ends, line[1]], strict=True))
    held = iter([cell for cell in cells if text[slice(*cell)].strip()])
    spans = _SPANS.findall(page.rows.get(line[0], ""))
    if sum(not empty for empty, _, _ in spans) != sum(bool(text[slice(*cell)].strip()) for cell in cells):
        return tuple(Cell(_runs(page, cell)) for cell in cells)
    return tuple(
        Cell(() if empty else _runs(page, next(held)), int(across), int(down)) for empty, across, down in spans
    )


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end].strip()
    begun = text.find(said, start) if said else end
    return begun, begun + len(said)


def _media(page: _Shown, start: int, end: int) -> tuple[Mark, ...]:
    """Return the pictures and films that stand behind a paragraph."""
    first = bisect_left(page.media, start, key=lambda mark: mark.at)
    return tuple(page.media[first : bisect_left(page.media, end + 1, first, key=lambda mark: mark.at)])


def _runs(page: _Shown, within: tuple[int, int]) -> tuple[Run, ...]:
    article = page.article
    found = runs(article.text, article.citations, spans=page.spans, within=within, references=page.references)
    if article.ocr:
        found = unsure(found, within[0], article.ocr.doubtful)
        found = on_lines(found, within[0], page.lines) if page.lines else found
    return tuple(with_notes(found, within, page.notes, article.text) if page.notes else found)


def safe_url(url: str) -> str:
    """Return the URL if a visitor may follow it (http or https, no user name in it), else ""."""
    if len(url) > MAX_URL_CHARS or re.search(r"[\s\\\x00-\x1f]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else ""


def _kind(text: str, lines: Sequence[tuple[int, int]], at: int, outline: Outline) -> str:
    start, end = lines[at]
    line = text[start:end]
    if _ITEM.match(line):
        return "item"
    if len(outline):  # the outline knows the headings
        return "text"
    followed = at + 1 < len(lines) and lines[at + 1][1] - lines[at + 1][0] > len(line)
    short = len(line) <= _MAX_HEADING_CHARS and not _ENDS_SENTENCE.search(line)
    return "heading" if short and followed and at > 0 and line[:1].isupper() else "text"
