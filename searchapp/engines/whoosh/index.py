"""The embedded engine's generations, for a reindex: folders beside each other on this disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.engines.lock import WriterLock
from searchapp.engines.whoosh.build import Build


class WhooshIndex:
    """An index folder as `engines.generations` keeps it."""

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
        """Folder of the generation that answers; errors as `generations.locate`."""
        return generations.current(self.folder)

    def begin(self, base: Path | None) -> Build:
        """A build on top of the generation `base`, or a whole one; under the lock."""
        return Build(self._lock, self.folder, self._settings, base)
