"""Draw a document and its neighbours as data: boxes on two sides of a trunk. The template writes the SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.graph import Neighbour

_Side = Literal["", "in", "out"]
_Family = Literal["", "ends", "changes", "applies", "cites", "together"]

_BOX: Final = 58  # pixels: height of a box, room for what it is, its number and its name
_CENTRE: Final = 30
_ROW: Final = 68  # from one row of boxes to the next
_WIDTH: Final = 46.0  # of a box in percent: the trunk in the middle is never covered
_LETTERS: Final = 19  # that a box has room for on a phone of 360 px
_NUMBER_LETTERS: Final = 17  # bold
_CAPITAL: Final = 1.35  # times as wide as another letter
_CENTRE_LETTERS: Final = 38
_WIDE: Final = 2  # times as many on a screen of 768 px
_OUTWARD: Final = ("out.", "above", "cites")


def _of(family: _Family, *relations: str) -> dict[str, _Family]:
    return dict.fromkeys(relations, family)


_FAMILIES: Final[dict[str, _Family]] = {
    **_of("ends", *cues.ENDING, cues.SUSPENDS),
    **_of("changes", cues.AMENDS, cues.CORRECTS, cues.EXTENDS),
    **_of("applies", cues.GUIDES, cues.CONTINUES, cues.CONSOLIDATES, cues.CARRIES_OUT, cues.STAYS, "above", "below"),
    **_of("cites", "cites", "cited"),
    **_of("together", "together"),
}
_LEGEND: Final[tuple[_Family, ...]] = ("ends", "changes", "applies", "cites", "together")
"""The kinds of lines, in the order of the legend."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold a line of text of a box: as much as a phone has room for, and as much as a wider screen has."""

    short: str
    wide: str


@dataclass(frozen=True, slots=True)
class Box:
    """A document in the picture: its left edge in percent, its upper in pixels.

    relation, side, family: "" for the centre; kind: what it is to the centre; label: its number; name: its title, ""
    where that says no more.
    """

    x: float
    y: int
    side: _Side
    family: _Family
    kind: Line
    label: Line
    name: Line
    document: Document
    relation: str
    count: int = 0

    @property
    def middle(self) -> int:
        """Return where its line begins, in pixels."""
        return self.y + _BOX // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes with the centre first; a line leads from each other box to the trunk below the centre. height in pixels."""

    boxes: tuple[Box, ...]
    height: int
    families: tuple[_Family, ...]
    trunk: int

    @property
    def centre(self) -> Box:
        """Return the document that the picture shows."""
        return self.boxes[0]

    @property
    def others(self) -> tuple[Box, ...]:
        """Return the boxes around it."""
        return self.boxes[1:]


_Names = Callable[[Document], str]
_Kinds = Callable[[str], str]


def draw(document: Document, near: Sequence[Neighbour], label: _Names, kind: _Kinds = str) -> Picture | None:
    """Return the picture of a document's neighbourhood; None where nothing is near.

    label: how a box names a document; kind: how it names a relation.
    """
    if not near:
        return None
    sides: dict[_Side, list[Neighbour]] = {"in": [], "out": []}
    for one in near:
        if one.relation != "together":
            sides["out" if one.relation.startswith(_OUTWARD) else "in"].append(one)
    for one in near:
        if one.relation == "together":
            min(sides.values(), key=len).append(one)
    name = label(document)
    empty = Line("", "")
    boxes = [Box(0, 0, "", "", empty, _line(name, _CENTRE_LETTERS), empty, document, "")]
    for side, ones in sides.items():
        boxes += [_box(one, side, row, label, kind) for row, one in enumerate(ones)]
    families = {box.family for box in boxes}
    rows = max(map(len, sides.values()))
    last = _CENTRE + _ROW - _BOX + (rows - 1) * _ROW
    return Picture(tuple(boxes), last + _BOX, tuple(one for one in _LEGEND if one in families), last + _BOX // 2)


def _box(one: Neighbour, side: _Side, row: int, label: _Names, kind: _Kinds) -> Box:
    called = label(one.document)
    title = one.document.title if one.document.title != called else ""
    count = f" ({one.count})" if one.count else ""
    family = _FAMILIES[one.relation.rpartition(".")[2]]
    top = _CENTRE + _ROW - _BOX + row * _ROW
    x = 0 if side == "in" else 100 - _WIDTH
    told = _line(kind(one.relation) + count), _line(called, _NUMBER_LETTERS), _line(title)
    return Box(x, top, side, family, *told, one.document, one.relation, one.count)


def _line(text: str, letters: int = _LETTERS) -> Line:
    return Line(_cut(text, letters), _cut(text, letters * _WIDE))


def _cut(text: str, letters: int) -> str:
    widths = list(accumulate(_CAPITAL if letter.isupper() else 1 for letter in text))
    if not widths or widths[-1] <= letters:
        return text
    return f"{text[: sum(width <= letters - 1 for width in widths)].rstrip(' ·-')}…"
