"""Did you mean: likelier spellings of a query, from the index's own folded vocabulary and its pairs of neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from searchapp.engine import Engine
from searchapp.text.fold import fold_key
from searchapp.text.typing import is_syllable

MAX_CHARS: Final = 12  # longer tokens are names or numbers, not slips
BEAM: Final = 6  # readings of a query that are followed from syllable to syllable
RARE: Final = 3  # a syllable in so few articles may itself be a slip
_LETTERS: Final = "abcdeghiklmnopqrstuvxy"
_KEPT: Final = 0.0
_EDITED: Final = -7.0  # log-odds of one slip in a syllable
_PAIR: Final = 1.2  # weight of a pair of neighbours beside single counts


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to read the first syllables of a query, with its log-probability."""

    words: tuple[str, ...]
    score: float


_VOCABULARIES: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()


def vocabulary(engine: Engine) -> dict[str, int]:
    """Folded syllable → articles that have it; read once a generation."""
    known = _VOCABULARIES.get(engine)
    if known is None:
        known = _VOCABULARIES[engine] = dict(engine.vocabulary("", stream="f"))
    return known


def corrected(engine: Engine, keys: Sequence[str]) -> tuple[str, ...] | None:
    """The likeliest folded spelling of these syllables, None when it is the one that was typed.

    Norvig's model: how common a syllable and its pair with its neighbour are, against the odds of a slip.
    """
    counts = vocabulary(engine)
    typed = tuple(fold_key(key) for key in keys)
    readings = [_Reading((), 0.0)]
    for word in typed:
        choices = list(_choices(word, counts))
        followed = [
            _Reading((*reading.words, other), reading.score + cost + _pair(engine, reading.words[-1:], other))
            for reading in readings
            for other, cost in choices
        ]
        readings = sorted(followed, key=lambda reading: (-reading.score, reading.words))[:BEAM]
    best = readings[0].words
    return best if best != typed else None


def _choices(word: str, counts: dict[str, int]) -> Iterator[tuple[str, float]]:
    yield word, _KEPT + math.log(counts.get(word, 0) + 0.1)
    if word.isdigit() or len(word) > MAX_CHARS or counts.get(word, 0) > RARE:
        return
    near = {other for other in edits(word) if counts.get(other, 0) > counts.get(word, 0) and is_syllable(other)}
    ranked = sorted(near, key=lambda other: (-counts[other], other))[:24]
    yield from ((other, _EDITED + math.log(counts[other])) for other in ranked)


def edits(word: str) -> set[str]:
    """All strings one slip away: a letter left out, doubled, wrong, or two swapped (Damerau 1964)."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS),
        *(left + letter + right for left, right in cuts for letter in _LETTERS),
    } - {word, ""}


def _pair(engine: Engine, before: tuple[str, ...], word: str) -> float:
    if not before:
        return 0.0
    together = engine.frequencies([f"{before[0]} {word}"], stream="f2")
    return _PAIR * math.log(together[f"{before[0]} {word}"] + 0.5)
