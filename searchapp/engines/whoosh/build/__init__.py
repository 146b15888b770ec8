"""The embedded engine's generations, for a reindex: folders beside each other on this disk.

A build makes one whole, or from the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchapp.config import Settings
from searchapp.engine import Condition
from searchapp.engines import generations
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import WriterLock
from searchapp.engines.whoosh.build.assemble import Build
from searchapp.engines.whoosh.build.check import examine
from searchapp.errors import CorruptIndexError, IndexProblemError, StaleIndexError


class WhooshIndex:
    """An index folder as `engines.generations` keeps it."""

    refiles = True

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.index
        self._settings = settings
        self._lock = WriterLock(settings.index)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer. Raises BusyIndexError, UnsafeIndexError."""
        generations.prepare(self.folder)
        with self._lock:
            yield

    def current(self) -> Path:
        """Return the folder of the generation that answers; errors as `generations.locate`."""
        return generations.current(self.folder)

    def begin(self, base: Path | None) -> Build:
        """Return a build on top of the generation `base`, or a whole one; under the lock."""
        return Build(self._lock, self.folder, self._settings, base)

    def check(self, *, deep: bool) -> tuple[str, list[Condition]]:
        """Check every file of every generation, and the inside of the one that answers. Raises NoIndexError."""
        try:
            found = generations.locate(self.folder)
        except (CorruptIndexError, StaleIndexError) as error:
            found = generations.Located(self.folder, str(error))
        folders = generations.published(self.folder)
        return found.problem, [self._condition(folder, folder == found.folder, deep) for folder in folders]

    def rollback(self, to: str = "") -> tuple[str, int]:
        """Make the newest sound generation before the live one live again, or the one named `to`."""
        folder = generations.rollback(self.folder, to)
        return folder.name, manifest.read(folder).articles

    def _condition(self, folder: Path, answers: bool, deep: bool) -> Condition:
        of_another = False
        try:
            try:
                problems = generations.check(folder, deep=deep)
            except StaleIndexError:
                of_another = True
                problems = generations.check(folder, deep=deep, any_release=True)
            if deep and answers and not problems:
                problems = examine(folder)
        except IndexProblemError as error:
            problems = [str(error)]
        try:
            foreign = generations.foreign(folder)
        except IndexProblemError:
            foreign = []
        return Condition(folder.name, answers, tuple(problems), tuple(foreign), of_another)
