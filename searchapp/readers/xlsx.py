"""Spreadsheets (`.xlsx`): the rows of all visible sheets, a row a line, cells with their shown values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from searchapp.errors import BadRecordError
from searchapp.readers import office
from searchapp.readers.items import Items, Note

MAX_ROWS: Final = 20_000
_UNNAMED: Final = re.compile(r"(?:Sheet|Trang tính|Bảng)\s?\d*")  # as programs name sheets themselves


def read(data: bytes, name: str) -> Items:
    """Yield the one Record of a spreadsheet. Raises BadRecordError for another file."""
    data, _ = office.transitional(data, office.parts(data))
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        lines: list[str] = []
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                named = [] if _UNNAMED.fullmatch(sheet.title) else [sheet.title]
                lines += [*named, *_rows(sheet, MAX_ROWS - len(lines))]
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise BadRecordError(f"not a spreadsheet: {str(error)[:80]}", code="format") from None
    if len(lines) >= MAX_ROWS:
        yield Note(name, 0, "cut", f"only the first {MAX_ROWS:,} rows were read")
    yield from office.record(lines, name)


def _rows(sheet: Any, most: int) -> Iterator[str]:
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number >= most:
            return
        if cells := [text for cell in row if (text := _shown(cell))]:
            yield " | ".join(cells)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell.day}/{cell.month}/{cell.year}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
