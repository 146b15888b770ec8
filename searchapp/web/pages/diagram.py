"""Draw a document and its neighbours as data: rows of boxes with links. The template writes the SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from searchapp.article import Document
from searchapp.graph import Neighbour, Relation

_ROW: Final = 46  # pixels from one row of boxes to the next
BOX: Final = 26  # height of a box
_IN_ROW: Final = 2  # boxes side by side: a phone of 360 px has room for two
WIDTHS: Final = {1: 84.0, 2: 47.0}  # of a box in percent, by the number of boxes in its row
LETTERS: Final = {1: 34, 2: 18}  # letters that fit into such a box on that phone
WIDE: Final = 3  # times as many on a screen of 768 px
_OVER: Final[tuple[Relation, ...]] = ("above", "cites")  # older, so above it
_UNDER: Final[tuple[Relation, ...]] = ("below", "cited", "together")


@dataclass(frozen=True, slots=True)
class Box:
    """A document in the picture: the middle in percent and pixels, width in percent; relation "" for the centre.

    label: as much of its name as fits on a phone; wide: as much as fits on a wider screen.
    """

    x: float
    y: int
    width: float
    label: str
    wide: str
    document: Document
    relation: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes with the centre first; a line leads from each other box to the centre. height in pixels."""

    boxes: tuple[Box, ...]
    height: int
    box: int = BOX

    @property
    def centre(self) -> Box:
        """Return the document that the picture is about."""
        return self.boxes[0]

    @property
    def others(self) -> tuple[Box, ...]:
        """Return its neighbours."""
        return self.boxes[1:]


def draw(document: Document, near: Sequence[Neighbour], label: Callable[[Document], str]) -> Picture | None:
    """Return the picture of a document's neighbourhood; None where nothing is near. label: names a
    document in a box.
    """
    if not near:
        return None
    rows = _rows(near, _OVER)
    centre_row = len(rows)
    rows += [[], *_rows(near, _UNDER)]
    boxes = [_box(50, centre_row, 1, document, "", 0, label)]
    for number, row in enumerate(rows):
        for at, one in enumerate(row):
            middle = 100 * (at + 0.5) / len(row)
            boxes.append(_box(middle, number, len(row), one.document, one.relation, one.count, label))
    return Picture(tuple(boxes), len(rows) * _ROW)


def _rows(near: Sequence[Neighbour], relations: Sequence[Relation]) -> list[list[Neighbour]]:
    rows: list[list[Neighbour]] = []
    for relation in relations:
        group = [one for one in near if one.relation == relation]
        rows += [group[at : at + _IN_ROW] for at in range(0, len(group), _IN_ROW)]
    return rows


def _box(
    x: float, row: int, beside: int, document: Document, relation: str, count: int, label: Callable[[Document], str]
) -> Box:
    name = label(document)
    short, wide = _cut(name, LETTERS[beside]), _cut(name, LETTERS[beside] * WIDE)
    return Box(round(x, 2), row * _ROW + _ROW // 2, WIDTHS[beside], short, wide, document, relation, count)


def _cut(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip(' ·-')}…"
