"""The engines; `open_engine` is the only place that names them."""

from __future__ import annotations

from collections.abc import Callable

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.errors import SettingsError


def open_engine(settings: Settings) -> Callable[[], Engine]:
    """A call that gives the engine of the live generation; a new generation is noticed within two seconds.

    Raises SettingsError for an engine that does not exist; the call raises IndexProblemError while there is no index.
    """
    match settings.engine:
        case "whoosh":
            # Imported here so that nobody needs an engine that they don't use.
            from searchapp.engines.generations import Live
            from searchapp.engines.whoosh.engine import WhooshEngine

            return Live(settings.index, lambda folder: WhooshEngine(folder, settings.weights)).engine
        case other:
            raise SettingsError(f'engine = {other!r}: no such engine; use "whoosh"')
