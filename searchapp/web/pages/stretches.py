"""Cut a long text into parts that load quickly, with its contents; and into runs.

The runs are citations to follow, provisions of the same text, marked words and doubtful ones.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import Final, TypeVar

from searchapp.article import Article, Citation, Document, Mark
from searchapp.citations.find import find_citations
from searchapp.outline import Node, Outline, label
from searchapp.results import Piece, Span, highlight

T = TypeVar("T")

_PREFIX: Final = re.compile(r"[Cc]ăn cứ\s+")


# "Luật Tổ chức chính quyền địa phương": all of a basis, or its beginning up to the words about it.
_TITLE: Final = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh) [^;.:()\d]{3,140}?(?=\s*(?:[;.:(]|,? ngày |$))", re.IGNORECASE)
_LIKELY: Final = 0.4
"""The certainty of a law named by its title alone: the text may mean an older or newer law of that title."""

_Law = Callable[[str, str], Document | None]

_WHOLE_BYTES: Final = 60_000
"""A text of so many bytes is one page: 15 to 20 kB when sent."""
PART_CHARS: Final = 26_000
PART_ARTICLES: Final = 40
LISTED: Final = 60
"""The most Điều in the contents of every part; a longer text lists only the part's own, beside all chapters."""
_HEADING_CHARS: Final = 300
_STRONG: Final = ("phan", "chuong", "phu-luc", "kem-theo")
_UNITS: Final = (*_STRONG, "muc", "tieu-muc", "de-muc", "mau")
_LEVELS: Final = {
    "phan": 0, "chuong": 1, "muc": 2, "tieu-muc": 2, "de-muc": 1, "dieu": 3, "phu-luc": 0, "kem-theo": 0, "mau": 1
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph, inside one citation or reference or outside of any.

    to: id of the provision of the same text that it names; unsure: OCR may have misread it. note, back: number of the
    footnote whose mark it is, and of the footnote that begins here; sign: of the mark. line: number of the line of the
    scan that it stands in.
    """

    pieces: tuple[Piece, ...]
    citation: Citation | None = None
    to: str = ""
    unsure: bool = False
    note: int = 0
    back: int = 0
    sign: str = ""
    line: int | None = None


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


def unsure(found: Iterator[Run], at: int, doubtful: Sequence[tuple[int, int]]) -> Iterator[Run]:
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


def on_lines(found: Iterable[Run], at: int, starts: Sequence[int]) -> Iterator[Run]:
    """Yield the runs, cut where a line of the scan begins, each with the number of its line; a link stays whole."""
    for run in found:
        end = at + sum(len(piece.text) for piece in run.pieces)
        number = bisect_right(starts, at) - 1
        if run.citation or run.to:
            yield replace(run, line=max(number, 0))
        else:
            edges = [at, *starts[number + 1 : bisect_left(starts, end, number + 1)], end]
            for start, stop in pairwise(edges):
                yield replace(run, pieces=_cut(run.pieces, start - at, stop - at), line=max(number, 0))
                number += 1
        at = end


def with_notes(
    found: Iterable[Run], within: tuple[int, int], notes: Sequence[tuple[int, int, Mark]], text: str
) -> Iterator[Run]:
    """Yield the runs of a stretch, with the marks of footnotes and the ways back from them; a link stays whole.

    notes: places, numbers and marks in order. A sign that the text itself has becomes the mark.
    """
    at, end = within
    first = bisect_left(notes, at, key=itemgetter(0))
    waiting = list(notes[first : bisect_left(notes, end + 1, first, key=itemgetter(0))])
    for run in found:
        size = sum(len(piece.text) for piece in run.pieces)
        begun = at
        while waiting and waiting[0][0] < (at + 1 if run.citation or run.to else at + size):
            place, number, mark = waiting.pop(0)
            if place > begun:
                yield replace(run, pieces=_cut(run.pieces, begun - at, place - at))
            begun = max(begun, place)
            yield _noted(place, number, mark)
            sign = re.compile(rf"\[\s*{re.escape(mark.label)}\s*\]|\(\s*{re.escape(mark.label)}\s*\)")
            if place == mark.at and (written := sign.match(text, place, at + size)):
                begun = written.end()
        if begun < at + size:
            yield replace(run, pieces=_cut(run.pieces, begun - at, size)) if begun > at else run
        at += size
    yield from (_noted(*one) for one in waiting)


def _noted(place: int, number: int, mark: Mark) -> Run:
    return Run((), note=number, sign=mark.label) if place == mark.at else Run((), back=number)


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


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[Piece, ...]:
    first = bisect_left(spans, start + 1, key=lambda span: span.end)
    inside = [
        Span(max(span.start, start) - start, min(span.end, end) - start, span.term, span.exact)
        for span in spans[first : bisect_left(spans, end, first, key=lambda span: span.start)]
    ]
    return highlight(text[start:end], inside)


def bases(shown: Article, law: _Law | None = None) -> list[tuple[Run, ...]]:
    """Return each basis without its "Căn cứ", with its citations as the article has them.

    law: gives the law of a title that was in force on a day, for a basis that names a law by its title alone.
    """
    return [tuple(runs(*_with_law(shown, *_read(shown, basis), law))) for basis in shown.basis]


def _with_law(shown: Article, said: str, citations: list[Citation], law: _Law | None) -> tuple[str, list[Citation]]:
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


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: number from 1, start and end."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents. level: 0 (Phần, phụ lục) to 3 (Điều); here: it stands in the shown part."""

    id: str
    label: str
    level: int
    here: bool


def sections(text: str, outline: Outline) -> list[Section]:
    """Return the parts of a text, one for a short one: by chapters, by 40 Điều, by lines where it has no structure."""
    if not is_long(text):
        return [Section(1, 0, len(text))]
    starts = [0]
    size = articles = 0
    for start, end, strong in _atoms(text, outline):
        full = articles >= PART_ARTICLES or size + end - start > PART_CHARS or (strong and size > PART_CHARS // 3)
        if size and full:
            starts.append(start)
            size = articles = 0
        starts += _within(text, start, end)
        size = end - max(start, starts[-1]) + (size if starts[-1] <= start else 0)
        articles += 1
    ends = [*starts[1:], len(text)]
    return [Section(n, start, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)]


def is_long(text: str) -> bool:
    """Tell whether a text comes by parts."""
    return len(text) > PART_CHARS and len(text.encode("utf-8", "replace")) > _WHOLE_BYTES


def section_of(parts: list[Section], outline: Outline, asked: str) -> Section:
    """Return the part that `doan=` asks for, by its number or by a provision that stands in it. The
    first without it.
    """
    if asked.isdecimal() and 0 < int(asked) <= len(parts):
        return parts[int(asked) - 1]
    node = outline.find(asked) if asked else None
    at = node.start if node else 0
    return next((part for part in parts if part.start <= at < part.end), parts[0])


def contents(text: str, outline: Outline, part: Section) -> list[Entry]:
    """Return chapters, sections and Điều; of a text with very many Điều only those of the shown part."""
    many = sum(node.kind == "dieu" for node in outline) > LISTED
    listed = [node for node in outline if _is_listed(node)]
    top = min((_LEVELS.get(node.kind, 1) for node in listed), default=0)
    found = []
    for node in listed:
        here = part.start <= node.start < part.end
        if here or not many or node.kind in _UNITS:
            found.append(Entry(node.id, label(text, node), _LEVELS.get(node.kind, 2) - top, here))
    return found if len(found) > 1 else []


def _is_listed(node: Node) -> bool:
    """Tell whether the contents name a node: headings do, also numbered ones of reports."""
    return node.kind in _LEVELS or (node.kind == "khoan" and node.title_end > node.start)


def _atoms(text: str, outline: Outline) -> Iterator[tuple[int, int, bool]]:
    """Yield uncut units: a Điều with the headings above it; and whether a chapter begins with it."""
    has_articles = any(node.kind == "dieu" for node in outline)
    kinds = (*_UNITS, "dieu", "ky") if has_articles else (*_UNITS, "khoan", "ky")
    begun: list[tuple[int, bool]] = [(0, False)]
    last: Node | None = None
    for node in outline:
        if node.kind not in kinds:
            continue
        strong = node.kind in _STRONG
        if last is not None and last.kind in _UNITS and node.start - last.start < _HEADING_CHARS:
            begun[-1] = (begun[-1][0], begun[-1][1] or strong)
        elif node.start > begun[-1][0]:
            begun.append((node.start, strong))
        last = node
    for (start, strong), (end, _) in zip(begun, [*begun[1:], (len(text), False)], strict=True):
        yield start, end, strong


def _within(text: str, start: int, end: int) -> list[int]:
    """Return the cuts of a stretch that is too long: at its lines."""
    found: list[int] = []
    at = start
    while end - at > PART_CHARS * 3 // 2:
        line = text.rfind("\n", at + PART_CHARS // 2, at + PART_CHARS)
        at = line + 1 if line > 0 else at + PART_CHARS
        found.append(at)
    return found
