"""Dates counted by year, month and day: one pass over the articles, the rest is adding up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.column import Column, ResultSet

UNKNOWN: Final = "unknown"
STEPS: Final = {"year": 4, "month": 7, "day": 10}
"""Date steps with how much of an ISO date they keep."""


class _Step:
    """The dates of a generation cut to one step: which cut date each date falls in."""

    def __init__(self, dates: Sequence[str], width: int) -> None:
        cut = [day[:width] for day in dates]
        labels = list(dict.fromkeys(cut))  # in date order, as the dates are
        place = {label: at for at, label in enumerate(labels)}
        self.labels = np.array(labels, dtype=object)
        self.groups = np.array([place[label] for label in cut], np.intp)

    def add_up(self, counts: NDArray[np.intp]) -> list[tuple[str, int]]:
        """Counts of whole dates as (cut date, count), in date order, without zeros."""
        totals = np.bincount(self.groups, weights=counts, minlength=len(self.labels)).astype(np.intp)
        some = np.flatnonzero(totals)
        return list(zip(self.labels.take(some).tolist(), totals.take(some).tolist(), strict=True))


class Calendar:
    """The date column of a generation, read by year, month or day."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._steps = {step: _Step(column.values, width) for step, width in STEPS.items()}

    def having(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """Which articles have a date within one of these years, months or days, or none where "unknown" is wanted."""
        wanted = np.zeros(len(self._column.values) + 1, np.bool_)
        for value in values:
            if value == UNKNOWN:
                wanted[0] = True
            else:
                wanted[1:] |= np.array([day[: len(value)] == value for day in self._column.values], np.bool_)
        return self._column.having(wanted)

    def count(self, results: ResultSet, steps: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """For each step (cut date, count) in date order; what is known less exactly keeps its own cut; undated last."""
        if not steps:
            return {}
        counts = self._column.count(results)[1:]
        undated = len(results) - int(counts.sum())
        tail = [(UNKNOWN, undated)] if undated else []
        return {step: self._steps[step].add_up(counts) + tail for step in steps}
