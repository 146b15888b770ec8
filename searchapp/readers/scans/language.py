"""Count the syllables of the archive and their neighbours, so that misread words can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.text.normalize import fold, normalize
from searchapp.text.syllables import canon_syllable

Integers: TypeAlias = npt.NDArray[np.int64]

_MAX_TOKENS: Final = 20_000_000
"""The most syllables that are counted; more change no decision, and this takes half a minute."""
BOUNDARY: Final = ""
NUMBER: Final = "0"

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d[\d.,/]*|[.;:!?\n]")
_BATCH: Final = 2_000_000


@dataclass(frozen=True, slots=False)
class Language:
    """Counts of syllables (lower case, tone marks in the old style) and of neighbours; number 0 is a boundary.

    pairs: left * len(words) + right, sorted; neighbours: how often each pair was met; articles: in how many texts.
    """

    words: tuple[str, ...]
    counts: Integers
    pairs: Integers
    neighbours: Integers
    articles: int = 0

    @cached_property
    def ids(self) -> dict[str, int]:
        """Return the number of each syllable."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def by_letters(self) -> dict[str, list[int]]:
        """Return the syllables that are the same without their accents."""
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            found.setdefault(fold(word), []).append(number)
        return found

    @cached_property
    def total(self) -> int:
        """Return how many syllables were counted."""
        return int(self.counts.sum())

    def together(self, lefts: Integers, rights: Integers) -> Integers:
        """Return how often each left stood before each right, shape (lefts, rights); a number below 0 is an unknown
        word.
        """
        size = len(self.words)
        asked = lefts[:, None] * size + rights[None, :]
        if not len(self.pairs):
            return np.zeros(asked.shape, np.int64)
        places = np.minimum(np.searchsorted(self.pairs, asked), len(self.pairs) - 1)
        known = (self.pairs[places] == asked) & (lefts[:, None] >= 0) & (rights[None, :] >= 0)
        return np.where(known, self.neighbours[places], 0)

    def save(self, file: Path) -> None:
        """Write the counts to a file of their own."""
        text = np.frombuffer("\n".join(self.words).encode(), np.uint8)
        with file.open("wb") as stream:
            articles = np.array([self.articles])
            np.savez(
                stream, words=text, counts=self.counts, pairs=self.pairs, neighbours=self.neighbours, articles=articles
            )


def load(file: Path) -> Language:
    """Return the counts that `save` wrote. Raises OSError, ValueError or KeyError for another file."""
    with np.load(file) as table:
        words = tuple(table["words"].tobytes().decode().split("\n"))
        return Language(words, table["counts"], table["pairs"], table["neighbours"], int(table["articles"][0]))


def counted(texts: Iterable[str]) -> Language:
    """Count the syllables of texts, at most _MAX_TOKENS."""
    ids: dict[str, int] = {BOUNDARY: 0}
    spelt: dict[str, int] = {}
    kept: dict[int, int] = {}
    counts = np.zeros(1, np.int64)
    total = 0
    for stream in _batches(texts, ids, spelt):
        counts = np.bincount(stream, minlength=max(len(ids), len(counts))) + _widened(counts, len(ids))
        # Nobody meets 2**32 syllables: both numbers fit into one until the vocabulary is known.
        keys, found = np.unique((stream[:-1] << 32) + stream[1:], return_counts=True)
        for key, count in zip(keys.tolist(), found.tolist(), strict=True):
            kept[key] = kept.get(key, 0) + count
        total += len(stream)
        if total > _MAX_TOKENS:
            break
    keys = np.fromiter(kept.keys(), np.int64, len(kept))
    keys = (keys >> 32) * len(ids) + (keys & 0xFFFFFFFF)
    order = np.argsort(keys)
    neighbours = np.fromiter(kept.values(), np.int64, len(kept))[order]
    return Language(tuple(ids), counts, keys[order], neighbours)


def tokens(text: str) -> list[str]:
    """Return the letters of a text in lower case; NUMBER for a number, BOUNDARY for a stop."""
    return [_known(found) for found in _TOKEN.findall(text.lower())]


def _known(token: str) -> str:
    if token[0].isalpha():
        return canon_syllable(token)
    return NUMBER if token[0].isdigit() else BOUNDARY


def _batches(texts: Iterable[str], ids: dict[str, int], spelt: dict[str, int]) -> Iterator[Integers]:
    batch: list[int] = []
    for text in texts:
        batch.append(0)
        for token in _TOKEN.findall(normalize(text).lower()):
            number = spelt.get(token)
            if number is None:
                number = spelt[token] = ids.setdefault(_known(token), len(ids))
            batch.append(number)
        if len(batch) > _BATCH:
            yield np.array(batch, np.int64)
            batch = []
    if batch:
        yield np.array(batch, np.int64)


def _widened(counts: Integers, size: int) -> Integers:
    return np.concatenate([counts, np.zeros(max(0, size - len(counts)), np.int64)])
