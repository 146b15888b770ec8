"""Find headings of texts without Điều: reports and resolutions of the Party (I., 1., a), news (short lines)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from searchapp.outline.lines import Line, lists, signature
from searchapp.outline.runs import Costs, between, chain, itemized, mark
from searchapp.outline.tree import Mark

_ROMAN: Final = Costs(gap=0.9)
_UNITS: Final = Costs(gap=0.9, restart=0.5)
_LEAST: Final = 2
_MAX_HEADING: Final = 160
_MIN_TEXT: Final = 1_200  # characters; shorter news needs no contents
_MIN_ABOVE: Final = 60
_MIN_BELOW: Final = 90
_OFFICIAL: Final = ("Nơi nhận", "TM.", "T/M", "KT.", "K/T", "Độc lập")
_ENDS: Final = re.compile(r"""[.,;:!…)”"»]$""")
_CAPTION: Final = re.compile(
    r"\b(?:[Ảả]nh|ẢNH|Nguồn|Video|Clip|Đồ họa)\b|^\W*(?:Theo|Bài|Tin|Xem thêm|>>)\b|^[-–•*+|]|https?:"
)


def headings(text: str, found: Sequence[Line]) -> Iterator[Mark]:
    """Yield the headings of a text without Điều; none for a text of paragraphs alone."""
    kinds = {kind: [line for line in found if line.kind == kind] for kind in ("phan", "chuong", "muc", "roman")}
    end = _end(text)
    if end < len(text):
        yield Mark("ky", 0, 0, end, end)
        annexes = [line for line in found if line.kind == "phu-luc" and line.start > end]
        yield from (mark(line) for run in chain(annexes, _UNITS) for line in run)
        yield from (Mark("kem-theo", at, 0, *where) for at, where in enumerate(lists(text, end), 1))
    top = [line for kind in ("phan", "chuong", "muc") for run in chain(kinds[kind], _UNITS) for line in run]
    top = [line for line in top if line.start < end]
    yield from map(mark, top)
    romans = _romans(kinds["roman"], [0, *sorted(line.start for line in top), end])
    yield from map(mark, romans)
    cuts = sorted({0, end, *(line.start for line in (*top, *romans))})
    small = [line for line in found if line.kind in ("khoan", "diem")]
    items = 0
    for start, stop in pairwise(cuts):
        for each in _items(text, between(small, start, stop)):
            items += 1
            yield each
    if not (top or romans or items):
        yield from _short_lines(text, end)


def _end(text: str) -> int:
    """Return where the signature of an official text begins; the end for other texts."""
    official = any(sign in text for sign in _OFFICIAL)
    signed = signature(text, len(text) // 4, len(text)) if official else None
    return len(text) if signed is None else signed


def _romans(found: list[Line], cuts: Sequence[int]) -> list[Line]:
    """Return "I.", "II." of each part, as sections."""
    chosen: list[Line] = []
    for start, end in pairwise(cuts):
        for run in chain(between(found, start, end), _ROMAN):
            if len(run) >= _LEAST:
                chosen += [replace(line, kind="muc", title_end=_title_end(line)) for line in run]
    return chosen


def _title_end(line: Line) -> int:
    return line.title_end if line.title_end - line.start <= 2 * _MAX_HEADING else line.start


def _items(text: str, found: Sequence[Line]) -> Iterator[Mark]:
    """Yield 1., 2., 3. and a), b) below them; an item that is a short line is a heading."""
    marks = list(itemized(found))
    if sum(each.kind == "khoan" for each in marks) < _LEAST:
        return
    for each in marks:
        end = text.find("\n", each.start)
        line = text[each.start : end if end >= 0 else len(text)]
        heads = each.kind == "khoan" and len(line) <= _MAX_HEADING and not _ENDS.search(line.rstrip())
        yield replace(each, title_end=each.start + len(line)) if heads else each


def _short_lines(text: str, end: int) -> Iterator[Mark]:
    """Yield short lines without an end between paragraphs: the headings of news."""
    if len(text) < _MIN_TEXT:
        return
    lines = [(match.start(), match[0].strip()) for match in re.finditer(r"[^\n]+", text[:end])]
    lines = [(start, line) for start, line in lines if line]
    number = 0
    for (_, above), (start, line), (_, below) in zip(lines, lines[1:], lines[2:], strict=False):
        if len(line) <= _MAX_HEADING // 2 * 1.5 and _heads(above, line, below):
            number += 1
            yield Mark("de-muc", number, 0, start, start + len(line))


def _heads(above: str, line: str, below: str) -> bool:
    return (
        len(above) >= _MIN_ABOVE
        and len(below) >= _MIN_BELOW
        and above[-1] in '.!?…”":)'
        and line[0].isupper()
        and len(line.split()) >= _LEAST
        and not _ENDS.search(line)
        and not _CAPTION.search(line)
    )
