"""Choose the runs among candidates, and khoản and điểm among them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from searchapp.outline.lines import Line
from searchapp.outline.runs import Costs, Step, longest
from searchapp.outline.tree import Mark

_ITEMS: Final = Costs(gap=1.05)
"""A lone number after a gap is no item: "20. 1. 2026" at the beginning of a line."""


def chain(candidates: Sequence[Line], costs: Costs, cuts: Sequence[int] = ()) -> list[list[Line]]:
    """Return the runs among candidates. cuts: the places of signatures and the like."""
    steps = [Step(line.start, line.number, line.sub, line.weight, bisect_left(cuts, line.start)) for line in candidates]
    return [[candidates[index] for index in run] for run in longest(steps, costs)]


def between(found: Sequence[Line], start: int, end: int) -> Sequence[Line]:
    """Return the candidates of a stretch; `found` is in the order of the text."""
    first = bisect_left(found, start, key=_start)
    return found[first : bisect_left(found, end, first, key=_start)]


def _start(line: Line) -> int:
    return line.start


def itemized(items: Sequence[Line]) -> Iterator[Mark]:
    """Yield the khoản of one Điều, and the điểm of each."""
    clauses = [line for run in chain([line for line in items if line.kind == "khoan"], _ITEMS) for line in run]
    yield from map(mark, clauses)
    points = [line for line in items if line.kind == "diem"]
    at = 0
    for end in [*(clause.start for clause in clauses), float("inf")]:
        first = at
        while at < len(points) and points[at].start < end:
            at += 1
        for run in chain(points[first:at], _ITEMS):
            yield from map(mark, run)


def mark(line: Line) -> Mark:
    """Return the mark of a chosen candidate."""
    return Mark(line.kind, line.number, line.sub, line.start, line.title_end)
