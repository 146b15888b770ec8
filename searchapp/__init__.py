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
    Raises IndexProblemError when there is none that can answer, SettingsError for settings that are off.
    """
    from searchapp.collection import open_collection  # not loaded by the processes that only read a file

    return open_collection(index, settings)
