"""The progress bar: how many a second and time left on a terminal, nothing in a pipe."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class progress:  # noqa: N801 - reads as a verb at its one use
    """A bar on a terminal, nothing in a pipe; what: the work, in a word."""

    def __init__(self, what: str = "Indexing") -> None:
        self.what = what

    def __enter__(self) -> Callable[[int, int], None]:
        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, transient=True,
        )  # fmt: skip
        self.bar.start()
        self.task = self.bar.add_task(self.what, total=None, rate="")
        return self.step

    def step(self, done: int, total: int) -> None:
        """done, total: articles or pages (total 0 while unknown)."""
        speed = self.bar.tasks[0].speed
        self.bar.update(self.task, completed=done, total=total or None, rate=f"{speed:,.0f}/s" if speed else "")

    def __exit__(self, *_: object) -> None:
        self.bar.stop()
