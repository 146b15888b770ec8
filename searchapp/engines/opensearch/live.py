"""The engine of the live generation in a process that goes on: it follows the alias, and is quick to say "not now"."""

from __future__ import annotations

import threading
import time
from typing import Final

from searchapp.config import OpenSearchSettings
from searchapp.engines.opensearch import alias
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.engine import OpenSearchEngine
from searchapp.errors import IndexProblemError
from searchapp.fields import Weights

EVERY: Final = 1.0
"""Seconds after which the alias is looked up again."""


class Following:
    """Gives the engine of the live generation. Safe to share between threads.

    Requests that began on an older generation keep it. While the cluster does not answer, one thread tries and the
    others are told at once, so that no visitor waits for what another has found out.
    """

    def __init__(self, settings: OpenSearchSettings, weights: Weights) -> None:
        self._error: IndexProblemError | None = None
        self._settings = settings
        self._weights = weights
        self._cluster: Cluster | None = None
        self._engine: OpenSearchEngine | None = None
        self._index = ""
        self._next = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> OpenSearchEngine:
        """The engine to use for one whole request. Raises EngineUnavailableError, NoIndexError, StaleIndexError."""
        if self._cluster is not None:
            self._cluster.begin()
        if time.monotonic() >= self._next:
            first = self._engine is None and self._error is None  # then there is nothing yet that others could be told
            if self._lock.acquire(blocking=first):
                try:
                    if time.monotonic() >= self._next:
                        self._look()
                finally:
                    self._lock.release()
        if self._error is not None:
            raise type(self._error)(str(self._error))
        assert self._engine is not None
        return self._engine

    @property
    def problem(self) -> str:
        """Why the cluster does not answer, "" when it does."""
        return str(self._error or "")

    def _look(self) -> None:
        try:
            # Made here and not at the start: a connection must not be shared with forked processes.
            if self._cluster is None:
                self._cluster = Cluster(self._settings, seconds=self._settings.timeout)
                self._cluster.begin()
            index = alias.live(self._cluster, self._settings.name)
            if self._engine is None or index != self._index:
                self._engine = OpenSearchEngine(self._cluster, index, self._weights)
                self._index = index
            self._error = None
        except IndexProblemError as error:
            self._error = error
        finally:
            self._next = time.monotonic() + EVERY
