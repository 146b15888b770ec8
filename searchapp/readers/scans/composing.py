"""Compose one text of recognised pages: words as lines in reading order, without furniture.

The text is mended, and its doubtful words are marked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from statistics import median
from typing import Final

from searchapp.readers.scans import mending
from searchapp.readers.scans.language import BOUNDARY, NUMBER, Language
from searchapp.readers.scans.readings import Reading
from searchapp.readers.scans.recognition import Word
from searchapp.text.normalize import fold, normalize
from searchapp.text.syllables import canon_syllable, is_syllable

SURE: Final = 80.0
"""The confidence below which letters are doubtful where the archive does not confirm them."""
SURE_NUMBER: Final = 85.0
"""The same confidence for digits, which nothing confirms."""
UNITS: Final = 10_000
"""The unit of boxes: parts of the width and the height of a page."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_STOP: Final = re.compile(r"[.;:!?][^\w]*$")
_LETTER_SIGNS: Final = str.maketrans({"⁄": "/", "∕": "/"})


_Line = list[Word]

_GAP: Final = 1.6  # heights of a line; a wider space divides the columns of a heading
_TOP: Final = 0.5  # a heading stands in the upper half of the first page
_SLACK: Final = 0.04  # share of the width; a column may reach over the middle so far
_UNSURE: Final = 45.0  # letters that are no syllable and have less confidence are ink, not text
_REPEATED: Final = re.compile(r"(\w)\1{3,}|(\w\w)\2{2,}")
_RECIPIENTS: Final = "noi nhan"

_EDGE: Final = 2  # lines of a running head
_FOOT: Final = 1
_EDGES: Final = (0.08, 0.93)  # page numbers stand above and below these parts of the height
_ALIKE: Final = 0.8
_APART: Final = 0.8  # heights of a line
_AROUND: Final = 8  # pages before and after that are compared
_SHORTEST: Final = 12
_NO_LETTERS: Final = re.compile(r"[^a-z]+")
_PAGE_NUMBER: Final = re.compile(r"[-–—. ]*[\dIilOo§#]{1,4}[-–—. ]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the text. read: the recognised letters; doubtful: nothing confirms the word; box:
    in UNITS of its page.
    """

    text: str
    read: str
    doubtful: bool
    confidence: float
    page: int
    box: tuple[int, int, int, int]


Page = Sequence[Reading] | Sequence[str]
"""The sheets of a recognised page, or the lines of its text layer."""


def composed(pages: Sequence[Page], language: Language | None) -> list[list[Piece]]:
    """Return the lines of all pages, mended by the counts of the archive (None: the words of OCR)."""
    sheets: list[list[list[Word]]] = []
    origins: list[tuple[int, Reading | None]] = []
    for number, page in enumerate(pages, 1):
        for sheet, origin in _sheets(page, first=not any(sheets)):
            sheets.append(sheet)
            origins.append((number, origin))
    kept = without_running(sheets)
    placed = [
        [_piece(word, number, origin) for word in line]
        for sheet, (number, origin) in zip(kept, origins, strict=True)
        for line in sheet
    ]
    return _mended(placed, language) if language else placed


def _sheets(page: Page, *, first: bool) -> Iterator[tuple[list[list[Word]], Reading | None]]:
    texts = [words for one in page if isinstance(one, str) and (words := one.split())]
    if texts:
        yield [[Word(word, 100.0, 0, 0, 0, 0) for word in words] for words in texts], None
    for reading in page:
        if isinstance(reading, Reading):
            lines = arranged(reading.lines, *reading.size, first=first)
            yield lines, reading
            first = first and not lines


def _piece(word: Word, page: int, origin: Reading | None) -> Piece:
    text = normalize(word.text.translate(_LETTER_SIGNS))
    if origin is None:
        return Piece(text, text, False, 100.0, 0, (0, 0, 0, 0))
    mended, guessed = mending.mended_number(text)
    digits = any(map(str.isdigit, mended))
    doubtful = digits and (guessed or word.confidence < SURE_NUMBER)
    return Piece(mended, text, doubtful, word.confidence, page, placed(word, origin))


def placed(word: Word, reading: Reading) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a word on its scanned page, in UNITS."""
    corners = [
        _on_page(x, y, reading) for x in (word.left, word.left + word.width) for y in (word.top, word.top + word.height)
    ]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _on_page(x: float, y: float, reading: Reading) -> tuple[int, int]:
    """Map a point of a sheet to its page: undo the cut, the turn and the quarter turns in order."""
    width, height = reading.size
    share = max(reading.right - reading.left, 0.01)
    whole = width / share
    x += reading.left * whole
    radians = math.radians(reading.angle)
    dx, dy = x - whole / 2, y - height / 2
    # An image that was turned to the left about its middle is turned back.
    x = whole / 2 + dx * math.cos(radians) - dy * math.sin(radians)
    y = height / 2 + dx * math.sin(radians) + dy * math.cos(radians)
    u, v = x / whole, y / height
    for _ in range(reading.turn):
        u, v = 1 - v, u
    return round(min(max(u, 0.0), 1.0) * UNITS), round(min(max(v, 0.0), 1.0) * UNITS)


def _mended(lines: Sequence[Sequence[Piece]], language: Language) -> list[list[Piece]]:
    """Mend all syllables in one run, so that each line knows how the line before it ended."""
    run: list[mending.Syllable] = []
    for line in lines:
        for piece in line:
            run += _syllables(piece)
    choices = iter(mending.mended(run, language))
    return [[_chosen(piece, choices) for piece in line] for line in lines]


def _syllables(piece: Piece) -> list[mending.Syllable]:
    if any(map(str.isdigit, piece.text)):
        found = [mending.Syllable(NUMBER, 100.0)]
    else:
        letters = _LETTERS.findall(piece.text)
        found = [
            mending.Syllable(
                canon_syllable(one.lower()), piece.confidence, name=one.istitle() and is_syllable(one.lower())
            )
            for one in letters
        ]
    return [*found, mending.Syllable(BOUNDARY, 100.0)] if _STOP.search(piece.text) else found


def _chosen(piece: Piece, choices: Iterator[mending.Choice]) -> Piece:
    """Return the piece with its chosen syllables; it takes as many choices as `_syllables` gave."""
    doubtful = piece.doubtful
    if any(map(str.isdigit, piece.text)):
        next(choices)
        text = piece.text
    else:
        parts, end = [], 0
        for found in _LETTERS.finditer(piece.text):
            choice = next(choices)
            same = choice.letters == canon_syllable(found[0].lower())
            parts += [piece.text[end : found.start()], _cased(found[0], found[0].lower() if same else choice.letters)]
            end = found.end()
            doubtful = doubtful or (choice.margin < mending.DOUBT and piece.confidence < SURE) or not choice.margin
        text = "".join(parts) + piece.text[end:]
    if _STOP.search(piece.text):
        next(choices)
    return replace(piece, text=normalize(text), doubtful=doubtful)


def _cased(read: str, letters: str) -> str:
    """Return letters in the case that OCR read; a capital within a word is a mistake."""
    if read.isupper() and len(read) > 1:
        return letters.upper()
    if read[0].isupper() and (len(read) == 1 or not read[1:].isupper()):
        return letters[:1].upper() + letters[1:]
    return read if read.lower() == letters and not read[0].islower() else letters


@dataclass(frozen=True, slots=True)
class _Segment:
    words: _Line
    left: int
    right: int
    middle: float
    height: float


def arranged(lines: Sequence[Sequence[Word]], width: int, height: int, *, first: bool) -> list[_Line]:
    """Return the lines of one sheet in the order of reading. first: whether a document begins on the sheet."""
    kept = [clean for line in lines if (clean := [word for word in line if not _is_litter(word)])]
    if not kept:
        return []
    tall = median(word.height for line in kept for word in line)
    segments = [_segment(words) for line in kept for words in _parts(line, _GAP * min(tall, _height(line)))]
    segments = [one for one in segments if not _is_page_number(one, height)]
    if first:
        head, body = _heading(segments, width, height)
    else:
        head, body = [], segments
    text, end = _signature(body, width, height)
    return [segment.words for segment in (*head, *_whole_lines(text, tall), *end)]


def without_running(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Return pages without page numbers, and without the lines that return at the same edge of most pages around."""
    keys = [[_running(line) for line in page] for page in pages]
    tops, feet = [page[:_EDGE] for page in keys], [page[-_FOOT:] for page in keys]

    def stays(number: int, at: int) -> bool:
        line, key = pages[number][at], keys[number][at]
        if at < _EDGE and (_is_number(line) or _returns(key, number, tops)):
            return False
        if at < len(keys[number]) - _FOOT:
            return True
        return not (_is_number(line) or (_stands_apart(pages[number], at) and _returns(key, number, feet)))

    return [[line for at, line in enumerate(page) if stays(number, at)] for number, page in enumerate(pages)]


def _stands_apart(page: Sequence[_Line], at: int) -> bool:
    """Tell whether white stands above a line: the last line of a footnote follows the others closely."""
    if at == 0 or not page[at][0].height:
        return at == 0
    white = min(word.top for word in page[at]) - max(word.top + word.height for word in page[at - 1])
    return white > _APART * median(word.height for word in page[at])


def _is_number(line: _Line) -> bool:
    return len(line) <= 2 and _PAGE_NUMBER.fullmatch(" ".join(word.text for word in line)) is not None


def _returns(key: str, number: int, edges: Sequence[Sequence[str]]) -> bool:
    """Tell whether a line stands at this edge of at least half of the pages around; few footnotes are alike."""
    if len(key) < _SHORTEST:
        return False
    start, end = max(0, number - _AROUND), min(len(edges), number + _AROUND + 1)
    others = [edges[other] for other in range(start, end) if other != number]
    met = sum(any(_alike(key, other) for other in edge) for edge in others)
    return met * 2 >= len(others) > 0


def _alike(key: str, other: str) -> bool:
    if key == other:
        return True
    if abs(len(key) - len(other)) > len(key) * (1 - _ALIKE):
        return False
    matcher = SequenceMatcher(None, key, other, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _running(line: _Line) -> str:
    """Return the letters alone: page numbers and days change, and OCR misreads accents now and then."""
    return _NO_LETTERS.sub("", fold(" ".join(word.text for word in line)))


def _is_litter(word: Word) -> bool:
    """Tell whether a word is a part of a drawing, a signature or a row of dots."""
    letters = "".join(filter(str.isalpha, word.text)).lower()
    if _REPEATED.search(word.text.lower()) and not is_syllable(letters):
        return True
    if word.confidence >= _UNSURE or any(map(str.isdigit, word.text)):
        return False
    return not is_syllable(letters) if letters else True


def _is_page_number(one: _Segment, height: int) -> bool:
    at_edge = not _EDGES[0] * height < one.middle < _EDGES[1] * height
    return at_edge and _PAGE_NUMBER.fullmatch(" ".join(word.text for word in one.words)) is not None


def _parts(line: Sequence[Word], gap: float) -> Iterator[_Line]:
    part: _Line = []
    for word in sorted(line, key=lambda word: word.left):
        if part and word.left - (part[-1].left + part[-1].width) > gap:
            yield part
            part = []
        part.append(word)
    yield part


def _height(line: Sequence[Word]) -> float:
    return median(word.height for word in line)


def _segment(words: _Line) -> _Segment:
    return _Segment(
        words,
        min(word.left for word in words),
        max(word.left + word.width for word in words),
        median(word.top + word.height / 2 for word in words),
        _height(words),
    )


def _heading(segments: Sequence[_Segment], width: int, height: int) -> tuple[list[_Segment], list[_Segment]]:
    """Return the block above the title, left column before the right one, and the rest. No block
    without both columns.
    """
    by_height = sorted(segments, key=lambda one: one.middle)
    left, right, above = list[_Segment](), list[_Segment](), list[_Segment]()
    end = 0.0
    for one in by_height:
        side = _side(one, width)
        if one.middle > _TOP * height or (side == "both" and left and right):
            break
        if side == "both":
            above.append(one)  # running heads and other lines over the columns
        else:
            (left if side == "left" else right).append(one)
        end = one.middle
    if not left or not right or any(one.middle > min(n.middle for n in (*left, *right)) for one in above):
        return [], list(segments)
    return [*above, *left, *right], [one for one in segments if one.middle > end]


def _side(one: _Segment, width: int) -> str:
    if one.right <= width * (0.5 + _SLACK):
        return "left"
    return "right" if one.left >= width * (0.5 - 3 * _SLACK) else "both"


def _signature(segments: Sequence[_Segment], width: int, height: int) -> tuple[list[_Segment], list[_Segment]]:
    """Return the text, and recipients and signature column by column where they stand side by side."""
    start = next(
        (
            one
            for one in segments
            if fold(" ".join(word.text for word in one.words[:2])).startswith(_RECIPIENTS) and one.left < width / 3
        ),
        None,
    )
    if start is None:
        return list(segments), []
    top = start.middle - 1.5 * start.height
    beside = [one for one in segments if one.middle >= top]
    columns = [[one for one in beside if _side(one, width) == side] for side in ("right", "left")]
    if not columns[0] or any(_side(one, width) == "both" for one in beside):
        return list(segments), []
    ordered = [one for column in columns for one in sorted(column, key=lambda one: one.middle)]
    return [one for one in segments if one.middle < top], ordered


def _whole_lines(segments: Sequence[_Segment], tall: float) -> Iterator[_Segment]:
    """Join segments of one line again: a wide space within a line of text is only a space."""
    line: _Segment | None = None
    for one in segments:
        if line is not None and abs(one.middle - line.middle) < tall / 2 and one.left > line.right:
            line = _segment([*line.words, *one.words])
            continue
        if line is not None:
            yield line
        line = one
    if line is not None:
        yield line
