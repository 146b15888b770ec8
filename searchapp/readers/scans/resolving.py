"""Turn a scan into a Record when all its pages are read; until then it waits, and says so."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from searchapp.article import Recognition, Record
from searchapp.dates import parse_date
from searchapp.readers import stated_facts
from searchapp.readers.items import Bad, Items, Note, Scan
from searchapp.readers.pdf_lines import joined
from searchapp.readers.scans import language
from searchapp.readers.scans.composing import Piece, composed
from searchapp.readers.scans.language import Language
from searchapp.readers.scans.readings import Reading, Readings, digest_of
from searchapp.readers.scans.recognition import available
from searchapp.text.encodings import language_doubt
from searchapp.text.normalize import fold

LANGUAGE: Final = "scans-language.npz"
READABLE: Final = 50.0
"""The mean confidence below which a page holds handwriting or a picture; typed pages have 90, dirty ones 75."""
FEWEST: Final = 5  # words; a document has at least so many

_HEAD: Final = 40  # lines; number and day stand among them
_FILLED_IN: Final = 95.0
_SURE_NAME: Final = 60.0
_FEWEST_OF_A_BODY: Final = 2  # words: "Chính phủ"


class Scans:
    """The readings of scans in an index folder; None: there are no readings."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.readings = Readings(folder) if folder else None

    @cached_property
    def language(self) -> Language | None:
        """Return the counts of the archive for mending; None where it is not counted yet."""
        if self.folder is None:
            return None
        try:
            return language.load(self.folder / LANGUAGE)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def waiting(self, scan: Scan, file: str) -> list[str]:
        """Return the addresses of the scan's pages that nobody has read yet. file: digest of the scan's file."""
        return [page for page in scan.pages if page and self._page(file, page) is None]

    def resolved(self, items: Sequence[Record | Bad | Note | Scan], data: bytes) -> Items:
        """Yield the items of a file, with each Scan as a Record, or as a note that it waits."""
        done: set[str] = set()
        if any(isinstance(item, Scan) for item in items):
            file = digest_of(data)
            for item in items:
                if isinstance(item, Scan):
                    found = list(self._read(item, file))
                    if any(isinstance(one, Record) for one in found):
                        done.add(item.path)
                    yield from found
        # The text of some pages is no article of its own once all pages are known.
        yield from (
            item
            for item in items
            if not isinstance(item, Scan) and not (isinstance(item, Record) and item.path in done)
        )

    def _read(self, scan: Scan, file: str) -> Items:
        if waiting := len(self.waiting(scan, file)):
            missing = ": install tesseract-ocr-vie ('searchapp doctor')" if available().missing else ""
            count = "1 page" if waiting == 1 else f"{waiting:,} pages"
            told = f"{count} without text wait for OCR{missing}"
            yield (
                Note(scan.path, 0, "waiting", told, waiting)
                if scan.usable
                else Bad(scan.path, 0, told, waiting=waiting, code="scan")
            )
            return
        pages: list[Sequence[Reading] | Sequence[str]] = [
            self._page(file, page) or [] if page else text.split("\n")
            for page, text in zip(scan.pages, scan.texts, strict=True)
        ]
        yield from _troubles(scan.path, pages)
        yield from recognised(scan.path, pages, self.language)

    def _page(self, file: str, page: str) -> list[Reading] | None:
        return self.readings.page(file, page) if self.readings else None


def _troubles(path: str, pages: Sequence[Sequence[Reading] | Sequence[str]]) -> Iterator[Note]:
    for number, page in enumerate(pages, 1):
        for reading in page:
            if isinstance(reading, Reading) and reading.problem:
                yield Note(path, 0, "scan", f"page {number} is left out: {reading.problem}")


def recognised(path: str, pages: Sequence[Sequence[Reading] | Sequence[str]], known: Language | None) -> Items:
    """Yield the Record of a scan with all its pages read, or one for each document; or a Bad for a useless text."""
    lines = [line for line in composed(pages, known) if line]
    confidence = _confidence(lines)
    if sum(map(len, lines)) < FEWEST:
        yield Bad(path, 0, "a scan without text: its pages are blank or pictures", code="scan")
        return
    if confidence < READABLE:
        yield Bad(
            path,
            0,
            f"a scan that cannot be read: handwriting or a picture (confidence {confidence:.0f} %)",
            code="scan",
        )
        return
    texts = [" ".join(piece.text for piece in line) for line in lines]
    if found := language_doubt("\n".join(joined(texts)), recognised=True):
        yield Bad(path, 0, f"a scan, {found.reason}", code="scan")
        return
    read = {number for number, page in enumerate(pages, 1) if any(isinstance(one, Reading) for one in page)}
    parts = stated_facts.documents(texts)
    records = [_record(path, row, lines[start:end], read, whole=len(parts) == 1) for row, start, end in parts]
    said = [record.ocr for record in records if record.ocr]
    told = f"{sum(len(one.mended) for one in said)} {sum(len(one.doubtful) for one in said)}"
    yield Note(path, 0, "recognised", told, len(read))
    yield from records


def _record(path: str, row: int, lines: Sequence[Sequence[Piece]], read: set[int], *, whole: bool) -> Record:
    """Return the Record of a document. read: the pages of its file that OCR has read; whole: it is all of the file."""
    texts = [" ".join(piece.text for piece in line) for line in lines]
    text = "\n".join(joined(texts))
    places = list(_located(text, lines))
    held = read if whole else read & {piece.page for line in lines for piece in line}
    record = Record(
        text=text,
        path=path,
        row=row,
        ocr=Recognition(
            confidence=round(_confidence(lines) / 100, 3),
            pages=len(held),
            doubtful=tuple((start, end) for piece, start, end in places if piece.doubtful),
            mended=tuple((start, end, piece.read) for piece, start, end in places if piece.read != piece.text),
            lines=tuple(_boxes(lines, places)),
        ),
    )
    return _only_sure(stated_facts.applied(record, stated_facts.heading_of(texts, "", row)), lines[:_HEAD])


def _confidence(lines: Sequence[Sequence[Piece]]) -> float:
    """Return the mean confidence of the recognised letters, 0 to 100."""
    words = [piece for line in lines for piece in line if piece.page]
    letters = sum(len(piece.read) for piece in words)
    return sum(len(piece.read) * piece.confidence for piece in words) / max(1, letters)


def _located(text: str, lines: Sequence[Sequence[Piece]]) -> Iterator[tuple[Piece, int, int]]:
    """Yield each piece with its place in the joined text; a few pieces that were merged have no place."""
    end = 0
    for line in lines:
        for piece in line:
            start = text.find(piece.text, end)
            if 0 <= start <= end + 2:
                end = start + len(piece.text)
                yield piece, start, end


def _boxes(
    lines: Sequence[Sequence[Piece]], places: Sequence[tuple[Piece, int, int]]
) -> Iterator[tuple[int, int, int, int, int, int]]:
    starts = {id(piece): start for piece, start, _ in places}
    for line in lines:
        boxed = [piece for piece in line if piece.page]
        start = next((starts[id(piece)] for piece in line if id(piece) in starts), None)
        if boxed and start is not None:
            left, top, right, bottom = zip(*(piece.box for piece in boxed), strict=True)
            yield start, boxed[0].page, min(left), min(top), max(right), max(bottom)


def _only_sure(record: Record, head: Sequence[Sequence[Piece]]) -> Record:
    """Return the record without a doubtful number, day or issuer of its heading: no fact is better than a wrong one."""
    number, date, issuer = record.number, record.date, fold(record.issuer).split()
    if len(issuer) < _FEWEST_OF_A_BODY or any(fold(one.text) in issuer for line in head for one in line if _weak(one)):
        record = replace(record, issuer="")
    if number and any(one in number for line in head for one in _unsure(line)):
        number = ""
    for line in head:
        if date and parse_date(" ".join(piece.text for piece in line)) == parse_date(date) and any(_unsure(line)):
            date = ""
    return replace(record, number=number, date=date)


def _weak(piece: Piece) -> bool:
    return piece.page > 0 and (piece.doubtful or piece.confidence < _SURE_NAME)


def _unsure(line: Sequence[Piece]) -> Iterator[str]:
    """Yield words with digits that nothing confirms; a number filled in by hand or stamp stands apart from its tail."""
    for piece, after in zip(line, [*line[1:], None], strict=True):
        digits = piece.text.strip(".,;:()")
        if not piece.page or not any(map(str.isdigit, digits)):
            continue
        filled_in = after is not None and after.text[:1] in "/-" and piece.confidence < _FILLED_IN
        if piece.doubtful or filled_in:
            yield digits
