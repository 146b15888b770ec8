"""An operator's own encoder: a folder with model.onnx and tokenizer.json, in the layout of sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from searchapp.errors import MissingExtraError, SettingsError
from searchapp.meaning import Floats

_TOKENS: Final = 256


class Onnx:
    """A model of sentences: the mean of its last layer over the tokens, scaled to length 1."""

    def __init__(self, folder: Path, session: Any, tokenizer: Any) -> None:
        self.name = f"onnx-{folder.name}"
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = {one.name for one in session.get_inputs()}
        self.dim = int(self.passages(["a"]).shape[1])

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of articles."""
        rows = self._tokenizer.encode_batch(list(texts))
        masks = np.array([row.attention_mask for row in rows], np.int64)
        given = {"input_ids": np.array([row.ids for row in rows], np.int64), "attention_mask": masks}
        given["token_type_ids"] = np.zeros_like(masks)
        layers = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        weights = masks[:, :, None].astype(np.float32)
        means = (layers * weights).sum(1) / weights.sum(1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-9), np.float32)

    def query(self, text: str) -> Floats:
        """Return the vector of a query."""
        vector: Floats = self.passages([text])[0]
        return vector


def open_encoder(argument: str) -> Onnx:
    """Return the model of a folder. Raises SettingsError, MissingExtraError."""
    folder = Path(argument)
    missing = [name for name in ("model.onnx", "tokenizer.json") if not (folder / name).is_file()]
    if not argument or missing:
        raise SettingsError(f"meaning = 'onnx:{argument}': {folder} has no {missing[0] if missing else 'model'}")
    try:
        onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
    except ImportError:
        raise MissingExtraError("meaning = 'onnx:…' needs: pip install onnxruntime tokenizers") from None
    try:
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(_TOKENS)
        tokenizer.enable_padding()
        return Onnx(folder, session, tokenizer)
    except Exception as error:
        raise SettingsError(f"meaning = 'onnx:{argument}': not a model of sentences: {error}") from None
