"""PDF: the text layer by PDFium, without page headers and numbers, its lines joined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from searchapp.article import Anchor
from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.issuer import MOTTO
from searchapp.readers.items import Items, Note, Scan
from searchapp.readers.marks import MAX_NOTES, WORDS
from searchapp.readers.pdf_lines import Raised, joined, lines_of, torn

# PDFium gives the same syllables as pdfplumber, and more than pypdf, which cuts words on two of five gazette files. It
# is 25 times faster: a gazette of 300 pages stays within the 10 s of a reader.

MAX_PAGES: Final = 5_000
MAX_CHARS: Final = 2_000_000
_WORDS_A_PAGE: Final = 25  # a scan with a stamp and a page header has about ten

_COVERED: Final = 0.25  # share of a page; a logo, a stamp and a signature have less
_OUTLINES: Final = 300  # paths; a page of a hundred outlined letters has as many

_EDGE: Final = 2  # headers, footers and page numbers stand on the first or last two lines
_PAGE_NUMBER: Final = re.compile(r"^\d+\s+|\s+\d+$")
_LETTERHEAD: Final = 8  # lines from the issuer to the motto
_RUNNING_CHARS: Final = 12  # shorter lines are headings that return: "Phụ lục 1", "Phụ lục 2"


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a PDF. Raises BadRecordError for a scan, a password or a broken file."""
    pages, pictures, cut, notes = _pages(data)
    if cut:
        yield Note(name, 0, "cut", cut)
    kept = without_running(pages)
    lines = [line for page in kept for line in page]
    waiting = [number in pictures and _words(page) < _WORDS_A_PAGE for number, page in enumerate(kept)]
    usable = _words(lines) >= _WORDS_A_PAGE * max(1, len(pages) - sum(waiting))
    if not usable and not any(waiting):
        raise BadRecordError("no usable text layer, and no page is a picture that OCR could read", code="scan")
    if usable:
        if unclear := torn(pages):
            yield Note(name, 0, "quality", f"words torn apart or glued on pages: {unclear}")
        starts = list(accumulate(map(len, kept), initial=0))[:-1]
        numbered = [(number, start) for number, (start, page) in enumerate(zip(starts, kept, strict=True), 1) if page]
        yield from office.record(lines, name, joined=joined, anchors=notes, pages=numbered)
    if any(waiting):
        addresses = tuple(str(number) if one else "" for number, one in enumerate(waiting))
        texts = tuple("" if one else "\n".join(page) for one, page in zip(waiting, kept, strict=True))
        yield Scan(name, addresses, texts, usable=int(usable))


def _words(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _pages(data: bytes) -> tuple[list[list[str]], set[int], str, list[tuple[int, Anchor]]]:
    """Return the lines of each page, the pages that are mostly a picture, the part beyond a limit, and the notes."""
    pages: list[list[str]] = []
    pictures: set[int] = set()
    notes: list[tuple[int, Anchor]] = []
    chars = 0
    try:
        opened = pypdfium2.PdfDocument(data)
        count = len(opened)
        for number in range(min(count, MAX_PAGES)):
            page = opened[number]
            lines, raised = lines_of(page.get_textpage())
            pages.append(lines)
            if len(notes) < MAX_NOTES:
                notes += [(number + 1, note) for note in _notes(lines, raised)]
            chars += sum(map(len, pages[-1]))
            if _words(pages[-1]) < 2 * _WORDS_A_PAGE and _is_picture(page):
                pictures.add(number)
            if chars > MAX_CHARS:
                said = f"text cut after page {number + 1} of {count} ({MAX_CHARS:,} characters)"
                return pages, pictures, said, notes
    except pypdfium2.PdfiumError as error:
        # PDFium may repeat the message of the file before.
        if "assword" in str(error) and b"/Encrypt" in data:
            raise BadRecordError("has a password", code="locked") from None
        raise BadRecordError(f"a broken PDF: {str(error)[:80]}") from None
    said = f"text cut after page {MAX_PAGES:,} of {count:,}" if count > MAX_PAGES else ""
    return pages, pictures, said, notes


def _notes(lines: Sequence[str], raised: Sequence[Raised]) -> list[Anchor]:
    """Return the notes of a page. raised: the marks.

    A note stands below its mark, and begins with its sign; the last such line is meant.
    """
    found = []
    for before, sign, after in raised:
        begins = re.compile(rf"(?:\[{sign}\]|\({sign}\)|{sign}(?=[\s“\"]|[^\W\d_]))\s*(?=[^\W\d_]|[“\"])")
        below = [number for number, line in enumerate(lines) if begins.match(line)]
        mark = next((number for number, line in enumerate(lines) if before and before in line), -1)
        if mark >= 0 and below and below[-1] > mark:
            found.append(Anchor(kind="note", before=before, after=after, label=sign, note=lines[below[-1]][:WORDS]))
    return found


def _is_picture(page: Any) -> bool:
    """Tell whether images cover much of a page, or its letters are drawn as outlines."""
    covered, drawn = 0.0, 0
    for found in page.get_objects(max_depth=3):
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = found.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
        drawn += found.type == raw.FPDF_PAGEOBJ_PATH
        if drawn > _OUTLINES:
            break
    width, height = page.get_size()
    return drawn > _OUTLINES or covered >= _COVERED * width * height


def without_running(pages: list[list[str]]) -> list[list[str]]:
    """Return the pages without page numbers and without running lines, which return at the edges of pages."""
    edges = Counter(
        key
        for page in pages
        for key in {_running(line) for line in page[:_EDGE] + page[-_EDGE:]}
        if len(key) >= _RUNNING_CHARS
    )
    running = {key for key, count in edges.items() if count > 1 and count * 2 >= len(pages)}
    heads = [_letterhead(page) for page in pages]
    # The issuer of a decision may return above its annexes; a running line stands on other pages too.
    bare = {_running(line) for page, head in zip(pages, heads, strict=True) if not head for line in page[:_EDGE]}

    def stays(number: int, line: str, last: int, letterhead: int) -> bool:
        at_edge = number < _EDGE or number > last - _EDGE
        runs = _running(line) in running and (number >= letterhead or _running(line) in bare)
        return not (at_edge and (runs or line.strip("-–— ").isdigit()))

    return [
        [line for n, line in enumerate(page) if stays(n, line, len(page) - 1, head)]
        for page, head in zip(pages, heads, strict=True)
    ]


def _letterhead(page: Sequence[str]) -> int:
    """Return the number of lines above the motto of a page, or of a masthead; 0 for a page that begins no document."""
    if page[:1] == ["CÔNG BÁO"]:
        return _EDGE
    return next((number for number, line in enumerate(page[:_LETTERHEAD]) if MOTTO.search(line)), 0)


def _running(line: str) -> str:
    return _PAGE_NUMBER.sub("", line)
