"""Find the numbered lines that are a text's own.

They are the longest run of "Điều n", by dynamic programming, or the headings of texts without Điều.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from searchapp.outline.lines import Line, lists, signature
from searchapp.outline.tree import Mark

SKIPPED: Final = {(4, 6)}
"""Steps over numbers that nobody need write: many authors have no điểm đ between d and e."""

_Best = tuple[float, int]
_NONE: Final[_Best] = (float("-inf"), -1)

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


@dataclass(frozen=True, slots=True)
class Step:
    """A candidate of a run. line: index of its line; number, sub: "3a" is (3, 1); weight: its certainty; part: how many
    signatures and the like stand above it.
    """

    line: int
    number: int
    sub: int
    weight: float
    part: int = 0


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of a run, for three faults.

    The faults are: a missing number (or a start other than 1), a new beginning at 1, and going on behind a signature.
    """

    gap: float
    restart: float = float("inf")
    part: float = 0.0


_ROMAN: Final = Costs(gap=0.9)
_UNITS: Final = Costs(gap=0.9, restart=0.5)


def longest(steps: Sequence[Step], costs: Costs) -> list[list[int]]:
    """Return the heaviest ascending runs: indices of `steps`, a list for each time the numbers begin at 1 again.

    Two readings of one line never both count. O(n log n); the numbers 1, 2, 3 … weigh more than any with gaps.

    >>> longest([Step(0, 1, 0, 1), Step(1, 9, 0, 1), Step(2, 2, 0, 1), Step(3, 3, 0, 1)], Costs(gap=0.9))
    [[0, 2, 3]]
    """
    table = _Table(steps, costs)
    best: list[_Best] = []
    at = 0
    while at < len(steps):
        last = at
        while last < len(steps) and steps[last].line == steps[at].line:
            best.append(table.before(steps[last]))
            last += 1
        for index in range(at, last):
            table.add(steps[index], best[index][0] + steps[index].weight, index)
        at = last
    return _walk_back(steps, best, table.top[1])


def _walk_back(steps: Sequence[Step], best: Sequence[_Best], at: int) -> list[list[int]]:
    runs: list[list[int]] = []
    after: Step | None = None
    while at >= 0:
        if after is None or _key(steps[at]) >= _key(after):
            runs.append([])
        runs[-1].append(at)
        after, at = steps[at], best[at][1]
    return [run[::-1] for run in reversed(runs)]


def _key(step: Step) -> tuple[int, int]:
    return step.number, step.sub


class _Table:
    """The best run so far that ends at each number."""

    def __init__(self, steps: Sequence[Step], costs: Costs) -> None:
        self._costs = costs
        keys = sorted({_key(step) for step in steps})
        self._rank = {key: rank for rank, key in enumerate(keys, start=1)}
        self._prefix = [_NONE] * (len(keys) + 1)  # a Fenwick tree of maxima
        self._of_number: dict[int, _Best] = {}
        self.top: _Best = (0.0, -1)

    def before(self, step: Step) -> _Best:
        """Return the best run that this step may continue, and its value before the step's own weight."""
        costs, crossed = self._costs, self._costs.part * step.part
        value, index = self._less(self._rank[_key(step)] - 1)
        found = [(value - costs.gap, index), self._of_number.get(step.number - 1, _NONE)]
        found += [self._of_number.get(first, _NONE) for first, second in SKIPPED if step.number == second]
        if step.sub and self._of_number.get(step.number) == (value, index):
            found.append((value, index))  # 3, 3a before 3b
        value, index = max(found, key=_value)
        begun = [(0.0, -1) if step.number <= 1 else (-costs.gap, -1), (value - crossed, index)]
        if step.number == 1 and not step.sub and self.top[1] >= 0:
            begun.append((self.top[0] - costs.restart, self.top[1]))
        return max(begun, key=_value)

    def add(self, step: Step, value: float, index: int) -> None:
        """Add a run that ends with this step; of equal runs the first stays."""
        self.top = max(self.top, (value, index), key=_value)
        # The cost of a signature is known where the run goes on: the sum is kept as if it had lost nothing.
        rank, best = self._rank[_key(step)], (value + self._costs.part * step.part, index)
        self._of_number[step.number] = max(self._of_number.get(step.number, _NONE), best, key=_value)
        while rank < len(self._prefix):
            self._prefix[rank] = max(self._prefix[rank], best, key=_value)
            rank += rank & -rank

    def _less(self, rank: int) -> _Best:
        found = _NONE
        while rank:
            found = max(found, self._prefix[rank], key=_value)
            rank -= rank & -rank
        return found


def _value(best: _Best) -> float:
    return best[0]


_ITEMS: Final = Costs(gap=1.05)
"""A lone number after a gap is no item: "20. 1. 2026" at the beginning of a line."""


def chain(candidates: Sequence[Line], costs: Costs, cuts: Sequence[int] = ()) -> list[list[Line]]:
    """Return the runs among candidates. cuts: the places of signatures and the like."""
    if not cuts and all(
        line.number == number and not line.sub and line.weight > 0 for number, line in enumerate(candidates, 1)
    ):
        return [list(candidates)] if candidates else []  # 1, 2, 3 …: no run weighs more than all of them
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
