"""Cut a long text into parts that load quickly, and list its contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from searchapp.outline import Node, Outline, label

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
