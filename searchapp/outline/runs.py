"""Find the longest run of numbered lines by dynamic programming: these "Điều n" are the text's own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from searchapp.outline.lines import Line
from searchapp.outline.tree import Mark

SKIPPED: Final = {(4, 6)}
"""Steps over numbers that nobody need write: many authors have no điểm đ between d and e."""

_Best = tuple[float, int]
_NONE: Final[_Best] = (float("-inf"), -1)


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
