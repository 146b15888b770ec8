"""An operator's own encoder: a folder with model.onnx and tokenizer.json, in the layout of sentence-transformers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from searchapp.errors import MissingExtraError, SettingsError
from searchapp.meaning import Floats

_TOKENS: Final = 256


class _Onnx:
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


class _Pairs:
    """A cross-encoder: one number for a query and an article."""

    def __init__(self, folder: Path, session: Any, tokenizer: Any) -> None:
        self.name = f"onnx-pairs-{folder.name}"
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = {one.name for one in session.get_inputs()}
        self.scores("a", ["a"])

    def scores(self, query: str, passages: Sequence[str]) -> Floats:
        """Return the model's last number for each article."""
        rows = self._tokenizer.encode_batch([(query, passage) for passage in passages])
        given = {
            "input_ids": np.array([row.ids for row in rows], np.int64),
            "attention_mask": np.array([row.attention_mask for row in rows], np.int64),
            "token_type_ids": np.array([row.type_ids for row in rows], np.int64),
        }
        numbers = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        return np.asarray(numbers, np.float32).reshape(len(passages), -1)[:, -1]


def open_encoder(argument: str) -> _Onnx:
    """Return the encoder of a folder. Raises SettingsError, MissingExtraError."""
    encoder: _Onnx = _opened("onnx", argument, _Onnx, "not a model of sentences")
    return encoder


def open_reranker(argument: str) -> _Pairs:
    """Return the cross-encoder of a folder. Raises SettingsError, MissingExtraError."""
    reranker: _Pairs = _opened("onnx-pairs", argument, _Pairs, "not a model of pairs")
    return reranker


def _opened(name: str, argument: str, made: Callable[[Path, Any, Any], Any], told: str) -> Any:
    folder = Path(argument)
    missing = [file for file in ("model.onnx", "tokenizer.json") if not (folder / file).is_file()]
    if not argument or missing:
        raise SettingsError(f"meaning = '{name}:{argument}': {folder} has no {missing[0] if missing else 'model'}")
    try:
        onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
    except ImportError:
        raise MissingExtraError(f"meaning = '{name}:…' needs: pip install onnxruntime tokenizers") from None
    try:
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(_TOKENS)
        tokenizer.enable_padding()
        return made(folder, session, tokenizer)
    except Exception as error:
        raise SettingsError(f"meaning = '{name}:{argument}': {told}: {' '.join(str(error).split())}") from None
