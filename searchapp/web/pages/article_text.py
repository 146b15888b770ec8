"""Prepare an article's text for a reader: paragraphs, headings, citations to follow, marked search words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeVar
from urllib.parse import urlsplit

from searchapp.article import OWN, Article, Citation, Document
from searchapp.citations.find.grammar import find_citations
from searchapp.citations.find.pinpoint import pinpoints
from searchapp.outline import Node as OutlineNode
from searchapp.outline import Outline, provision_of
from searchapp.query import Node
from searchapp.results import Piece
from searchapp.search.snippets import Marker, Span, highlight

T = TypeVar("T")

_MAX_HEADING_CHARS: Final = 110
MAX_URL_CHARS: Final = 2000
HEAD_LINES: Final = 14
"""Lines above the text of an official document: issuer, motto, number, day, subject."""
_ENDS_SENTENCE: Final = re.compile(r"[.!?…:;,)”\"]\s*$")
_ITEM: Final = re.compile(r"^\s*[-–•*+]\s")
_ROW: Final = re.compile(r"^\s*\|.*\|\s*$")
_RULE: Final = re.compile(r"^[\s|:-]+$")
_CELL: Final = re.compile(r"\|((?:[^|\\]|\\.)*)(?=\|)")
_RECIPIENTS: Final = re.compile(r"^\s*Nơi nhận", re.IGNORECASE)
_MOTTO: Final = re.compile(r"^\s*Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc")
_CAPITAL: Final = {"phan", "chuong", "phu-luc", "kem-theo"}
_HEADED: Final = {*_CAPITAL, "muc", "tieu-muc", "de-muc", "dieu"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph, inside one citation or reference or outside of any.

    to: id of the provision of the same text that it names; unsure: OCR may have misread it.
    """

    pieces: tuple[Piece, ...]
    citation: Citation | None = None
    to: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text, or a table.

    kind: "heading", "item", "clause", "point", "head" (of an official document), "signed", "sent" (Nơi nhận), "table"
    or "text"; id, more: of the provisions that begin here; level: of a heading; rows: cells of a table, the first its
    heads where `headed`. scan: the page of the scan that begins here, 0 for none.
    """

    kind: str
    runs: tuple[Run, ...]
    id: str = ""
    more: tuple[str, ...] = ()
    level: int = 2
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    headed: bool = False
    scan: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """An article's shown text: its outline, its marks, and the provisions that it names."""

    article: Article
    outline: Outline
    spans: Sequence[Span]
    references: Sequence[tuple[int, int, str]]


def shown(article: Article, asked: Node | None, outline: Outline, part: tuple[int, int]) -> Shown:
    """Return the data for the page of a part of an article. asked: the words to mark."""
    start, end = part
    inside = [
        replace(each, start=each.start - start, end=each.end - start)
        for each in article.citations
        if start <= each.start and each.end <= end
    ]
    text = article.text[start:end]
    marks = together(text, Marker.of(asked).spans(text, inside)) if asked is not None else []
    spans = [span._replace(start=span.start + start, end=span.end + start) for span in marks]
    return Shown(article, outline, spans, list(references(article, outline, start, end)))


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


def together(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join neighbouring syllables into one mark; a syllable alone stays only where none of its hits has neighbours."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and not text[groups[-1][-1].end : span.start].strip(" ,-–"):
            groups[-1].append(span)
        else:
            groups.append([span])
    joined = {span.term for group in groups if len({each.term for each in group}) > 1 for span in group}
    return [
        Span(group[0].start, group[-1].end, group[0].term, all(each.exact for each in group))
        for group in groups
        if len(group) > 1 or group[0].term not in joined or " " in group[0].term
    ]


def paragraphs(page: Shown, part: tuple[int, int]) -> tuple[Paragraph, ...]:
    """Return a part of the text line by line, with the marks of the query."""
    text, (first, last) = page.article.text, part
    lines = [match.span() for match in re.compile(r"[^\n]*\S[^\n]*").finditer(text, first, last)]
    nodes = [node for node in page.outline if first <= node.start < last]
    body = next((node.start for node in page.outline if node.kind in _HEADED), 0) if first == 0 else 0
    units = any(node.kind in ("phan", "chuong", "muc") for node in page.outline)
    found: list[Paragraph] = []
    at = node_at = scan = 0
    while at < len(lines):
        start, end = lines[at]
        here = node_at
        while node_at < len(nodes) and nodes[node_at].start < end:
            node_at += 1
        begun = nodes[here:node_at]
        rows = 0
        if not begun:
            while at + rows < len(lines) and _ROW.match(text[slice(*lines[at + rows])]):
                rows += 1
        if rows > 1:
            found.append(_table(page, lines[at : at + rows]))
            at += rows
            continue
        if begun and begun[0].kind in _HEADED and begun[0].title_end > end:
            end = begun[0].title_end
        kind = _named(begun) or _official(page, lines, at, body) or _kind(text, lines, at, page.outline)
        level = 2 if not units or (begun and begun[0].kind in (*_CAPITAL, "muc")) else 3
        ids = tuple(node.id for node in begun)
        before, scan = scan, page.article.ocr.page_at(start) if page.article.ocr else 0
        turned = scan if scan != before else 0
        runs = _runs(page, (start, end))
        found.append(Paragraph(kind, runs, ids[0] if ids else "", ids[1:], level, scan=turned))
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


def _official(page: Shown, lines: Sequence[tuple[int, int]], at: int, body: int) -> str:
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


def _table(page: Shown, lines: Sequence[tuple[int, int]]) -> Paragraph:
    """Turn lines "| a | b |" into a table; a line of dashes below the first line makes that line its heads."""
    text = page.article.text
    headed = _RULE.fullmatch(text[slice(*lines[1])]) is not None
    rows = []
    for start, end in lines:
        if not _RULE.fullmatch(text[start:end]):
            rows.append(tuple(_runs(page, each.span(1)) for each in _CELL.finditer(text, start, end)))
    return Paragraph("table", (), rows=tuple(rows), headed=headed)


def _runs(page: Shown, within: tuple[int, int]) -> tuple[Run, ...]:
    article = page.article
    found = runs(article.text, article.citations, spans=page.spans, within=within, references=page.references)
    return tuple(_unsure(found, within[0], article.ocr.doubtful) if article.ocr else found)


def _unsure(found: Iterator[Run], at: int, doubtful: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """Yield the runs, cut where OCR may have misread a word; a link stays whole."""
    for run in found:
        end = at + sum(len(piece.text) for piece in run.pieces)
        places = doubtful[bisect_left(doubtful, at + 1, key=_end) : bisect_left(doubtful, end, key=_start)]
        if run.citation or run.to:
            yield replace(run, unsure=bool(places))
        else:
            edges = sorted({at, end, *(min(max(edge, at), end) for place in places for edge in place)})
            for start, stop in pairwise(edges):
                unsure = any(first <= start < last for first, last in places)
                yield Run(_cut(run.pieces, start - at, stop - at), unsure=unsure)
        at = end


def _start(place: tuple[int, int]) -> int:
    return place[0]


def _end(place: tuple[int, int]) -> int:
    return place[1]


def _cut(pieces: Sequence[Piece], start: int, end: int) -> tuple[Piece, ...]:
    """Return the part of the pieces between two places in them."""
    found, at = [], 0
    for piece in pieces:
        text = piece.text[max(0, start - at) : max(0, end - at)]
        if text:
            found.append(replace(piece, text=text))
        at += len(piece.text)
    return tuple(found)


def runs(
    text: str,
    citations: Sequence[Citation],
    *,
    spans: Sequence[Span] = (),
    within: tuple[int, int] | None = None,
    references: Sequence[tuple[int, int, str]] = (),
) -> Iterator[Run]:
    """Yield a stretch of a text (start and end; all of it) in runs. spans: the marks in the text."""
    at, end = within or (0, len(text))
    links: list[tuple[int, int, Citation | str]] = [
        (each.start, each.end, each) for each in _inside(citations, at, end, _citation_start) if each.end <= end
    ]
    links += [each for each in _inside(references, at, end, _reference_start) if each[1] <= end]
    for start, stop, target in sorted(links, key=lambda link: link[:2]):
        if start < at:
            continue
        if start > at:
            yield Run(_pieces(text, spans, at, start))
        pieces = _pieces(text, spans, start, stop)
        yield Run(pieces, to=target) if isinstance(target, str) else Run(pieces, target)
        at = stop
    if at < end:
        yield Run(_pieces(text, spans, at, end))


def _inside(found: Sequence[T], start: int, end: int, at: Callable[[T], int]) -> Sequence[T]:
    """Return the items that begin in a stretch; a text's own stand in its order (others, of title and basis, behind
    it).
    """
    first = bisect_left(found, start, key=at)
    return found[first : bisect_left(found, end, first, key=at)]


def _citation_start(citation: Citation) -> int:
    return citation.start


def _reference_start(reference: tuple[int, int, str]) -> int:
    return reference[0]


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


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[Piece, ...]:
    first = bisect_left(spans, start + 1, key=lambda span: span.end)
    inside = [
        Span(max(span.start, start) - start, min(span.end, end) - start, span.term, span.exact)
        for span in spans[first : bisect_left(spans, end, first, key=lambda span: span.start)]
    ]
    return highlight(text[start:end], inside)


_PREFIX: Final = re.compile(r"[Cc]ăn cứ\s+")


# "Luật Tổ chức chính quyền địa phương": all of a basis, or its beginning up to the words about it.
_TITLE: Final = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh) [^;.:()\d]{3,140}?(?=\s*(?:[;.:(]|,? ngày |$))", re.IGNORECASE)
_LIKELY: Final = 0.4
"""The certainty of a law named by its title alone: the text may mean an older or newer law of that title."""

Law = Callable[[str, str], Document | None]


def bases(shown: Article, law: Law | None = None) -> list[tuple[Run, ...]]:
    """Return each basis without its "Căn cứ", with its citations as the article has them.

    law: gives the law of a title that was in force on a day, for a basis that names a law by its title alone.
    """
    return [tuple(runs(*_with_law(shown, *_read(shown, basis), law))) for basis in shown.basis]


def _with_law(shown: Article, said: str, citations: list[Citation], law: Law | None) -> tuple[str, list[Citation]]:
    title = _TITLE.match(said) if law and not citations and shown.date else None
    meant = law(title[0], shown.date) if law and title else None
    if not title or not meant:
        return said, citations
    found = Citation(
        start=0, end=title.end(), text=title[0], kind="named", type=meant.type, key=title[0], document=meant.slug,
        how="known document", sure=_LIKELY,
    )  # fmt: skip
    return said, [found]


def _read(shown: Article, basis: str) -> tuple[str, list[Citation]]:
    # The text has a line feed for a space where lines were joined.
    place = re.search(r"\s+".join(map(re.escape, basis.split())), shown.text)
    if place is None:
        # A row of JSON may state a basis that its text does not have.
        said = _PREFIX.sub("", basis, count=1)
        meant = {citation.key: citation for citation in shown.citations}
        return said, [replace(meant.get(c.key, c), start=c.start, end=c.end) for c in find_citations(said)]
    start = place.start() + (prefix.end() if (prefix := _PREFIX.match(place[0])) else 0)
    inside = [c for c in shown.citations if start <= c.start and c.end <= place.end()]
    moved = [replace(c, start=c.start - start, end=c.end - start) for c in inside]
    return shown.text[start : place.end()].replace("\n", " "), moved
