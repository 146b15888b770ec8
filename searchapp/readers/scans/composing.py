"""Compose one text of recognised pages: in order, without furniture, mended, with its doubtful words marked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from searchapp.readers.scans import layout, mending
from searchapp.readers.scans.language import BOUNDARY, NUMBER, Language
from searchapp.readers.scans.readings import Reading
from searchapp.readers.scans.recognition import Word
from searchapp.text.normalize import normalize
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
    arranged: list[list[list[Word]]] = []
    origins: list[tuple[int, Reading | None]] = []
    for number, page in enumerate(pages, 1):
        for sheet, origin in _sheets(page, first=not any(arranged)):
            arranged.append(sheet)
            origins.append((number, origin))
    kept = layout.without_running(arranged)
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
            lines = layout.arranged(reading.lines, *reading.size, first=first)
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
