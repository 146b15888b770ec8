"""A search engine for archives of Vietnamese political documents."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searchapp.collection import Collection
    from searchapp.config import Settings

__version__ = "0.2.0"


def open(index: str | os.PathLike[str] | None = None, settings: Settings | None = None) -> Collection:
    """Open an index for a Python program: `searchapp.open("index").search("nghị quyết")`.

    index: the index folder; None takes that of the settings. settings: None reads ./searchapp.toml and SEARCHAPP_*.
    Raises IndexProblemError when no index can answer, SettingsError for wrong settings.
    """
    from searchapp.collection import open_collection  # processes that only read a file need not load it

    return open_collection(index, settings)
