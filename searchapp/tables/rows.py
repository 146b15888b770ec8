"""Read an operator's tables of rows: columns, checks with line numbers, and their changes to ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 20 << 20
"""The largest table; one of all wards with their predecessors has 1 MB."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table. key: those that tell rows apart; may: columns that may be left out, with their defaults.

    check: returns the fault of a row, "" for none.
    """

    name: str
    must: tuple[str, ...]
    key: tuple[str, ...]
    may: Mapping[str, str]
    check: Callable[[Row], str] = lambda row: ""

    def id_of(self, row: Row) -> tuple[str, ...]:
        """Return the values that tell this row from every other."""
        return tuple(row[column] for column in self.key)


class Problems:
    """The problems of an operator's tables, a line each: place, fault, and remedy."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, file: Path, line: int, text: str) -> None:
        """Note a problem; line 0: of the whole file."""
        self.lines.append(f"{file}{f', line {line}' if line else ''}: {text}")


def read_text(file: Path, problems: Problems) -> str | None:
    """Return a file's text in NFC without a byte-order mark; None where it cannot be read."""
    try:
        if file.stat().st_size > MAX_BYTES:
            problems.add(file, 0, f"more than {MAX_BYTES >> 20} MB: is this the right file?")
            return None
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(file, 0, f"byte {error.start} is not UTF-8: save it as UTF-8")
        return None
    except OSError as error:
        problems.add(file, 0, f"cannot be read ({error.strerror}): check its rights")
        return None
    if "\0" in text:
        problems.add(file, 0, "has NUL bytes: save it as UTF-8, not UTF-16")
        return None
    return unicodedata.normalize("NFC", text)


def read_rows(file: Path, shape: Shape, problems: Problems) -> tuple[list[Row], dict[tuple[str, ...], int]]:
    """Return the rows of a file, and the ids (with lines) of those it takes away, which begin with "-"."""
    rows, taken = numbered_rows(file, shape, problems)
    return [row for _, row in rows], taken


def numbered_rows(
    file: Path, shape: Shape, problems: Problems
) -> tuple[list[tuple[int, Row]], dict[tuple[str, ...], int]]:
    """Return the same rows, each with its line."""
    text = read_text(file, problems)
    if text is None:
        return [], {}
    lines = text.splitlines()
    at = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), -1)
    if at < 0:
        return [], {}
    header = [cell.strip() for cell in lines[at].split("\t")]
    if not _good_header(file, at + 1, header, shape, problems):
        return [], {}
    rows: list[tuple[int, Row]] = []
    taken: dict[tuple[str, ...], int] = {}
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > len(header):
            problems.add(file, number, f"{len(cells)} cells, the first line names {len(header)}: is a tab too many?")
            continue
        row = {**shape.may, **dict(zip(header, cells, strict=False))}
        away = line.startswith("-")
        if away:
            row[header[0]] = row[header[0]][1:].strip()
        wrong = _wrong(row, shape, away=away)
        if not wrong and (first := seen.get(shape.id_of(row))):
            wrong = f"{' '.join(shape.id_of(row))!r} is in line {first} already: keep one of them"
        if wrong:
            problems.add(file, number, wrong)
            continue
        seen[shape.id_of(row)] = number
        if away:
            taken[shape.id_of(row)] = number
        else:
            rows.append((number, row))
    return rows, taken


def merged(
    ours: Sequence[Row], theirs: Sequence[Row], taken: Mapping[tuple[str, ...], int], shape: Shape, told: Told
) -> list[Row]:
    """Return our rows without removed ones, each replaced by theirs of the same id; then their new rows."""
    known = {shape.id_of(row) for row in ours}
    for one, line in taken.items():
        if one not in known:
            told(line, f"no row {' '.join(one)!r} to take away{nearest(' '.join(one), (' '.join(k) for k in known))}")
    own = {shape.id_of(row): row for row in theirs}
    kept = [own.pop(shape.id_of(row), row) for row in ours if shape.id_of(row) not in taken]
    return [*kept, *own.values()]


Told = Callable[[int, str], None]


def shipped_rows(shape: Shape) -> list[Row]:
    """Return the rows of the table that comes with searchapp; none where there is no such table."""
    table = files("searchapp") / "data" / shape.name
    if not table.is_file():
        return []
    lines = table.read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    return [{**shape.may, **dict(zip(header, line.split("\t"), strict=False))} for line in lines[1:] if line.strip()]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?' with the nearest known name, "" where none is near."""
    near = get_close_matches(name, sorted(set(known)), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _good_header(file: Path, line: int, header: Sequence[str], shape: Shape, problems: Problems) -> bool:
    known = (*shape.must, *shape.may)
    strange = [name for name in header if name not in known]
    missing = [name for name in shape.must if name not in header]
    for name in strange:
        problems.add(file, line, f"unknown column {name!r}{nearest(name, known)}; columns: {', '.join(known)}")
    for name in missing:
        problems.add(file, line, f"no column {name!r}; the first line names the columns, with tabs between them")
    return not strange and not missing


def _wrong(row: Row, shape: Shape, *, away: bool) -> str:
    wanted = shape.key if away else shape.must
    empty = [name for name in wanted if not row.get(name)]
    if empty:
        return f"{empty[0]} is empty"
    return "" if away else shape.check(row)
