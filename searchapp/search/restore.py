"""The most likely accents of words typed without any: Viterbi over what the archive writes, for ranking alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

from searchapp.engine import Engine
from searchapp.search.diacritics import forms
from searchapp.text.syllables import is_syllable

FORMS: Final = 6  # spellings weighed for one syllable, the most frequent
MAX_SYLLABLES: Final = 40
_UNSEEN: Final = 0.02
"""What a pair that is in no word of the archive is worth beside one that is: most neighbours are two words."""
_MAX_KNOWN: Final = 1 << 15

Forms = Mapping[str, int]
"""Spelling of a syllable → articles that have it, the most frequent first."""


class _Known:
    """What is remembered of one generation."""

    def __init__(self) -> None:
        self.forms: dict[str, Forms] = {}
        self.pairs: dict[tuple[str, str], Mapping[tuple[str, str], int]] = {}


_KNOWN: Final[WeakKeyDictionary[Engine, _Known]] = WeakKeyDictionary()


def restored(engine: Engine, keys: Sequence[str]) -> list[str]:
    """These folded keys as the archive most likely spells them, each by itself where no article has it.

    How often a syllable is spelt so, against how often it is so spelt beside its neighbour inside a word of stream w.
    """
    known = _KNOWN.setdefault(engine, _Known())
    if not 0 < len(keys) <= MAX_SYLLABLES:
        return list(keys)
    choices = [_forms(engine, key, known) for key in keys]
    paths: dict[str, tuple[float, tuple[str, ...]]] = {
        form: (_log(count, choices[0]), (form,)) for form, count in choices[0].items()
    }
    for at, (before, here) in enumerate(pairwise(choices), 1):
        pairs = _pairs(engine, (keys[at - 1], keys[at]), before, here, known)
        reached: dict[str, tuple[float, tuple[str, ...]]] = {}
        for form, count in here.items():
            alone = _log(count, here)
            score, path = max(
                (so_far + alone + _beside(pairs, last, form, before[last]), path)
                for last, (so_far, path) in paths.items()
            )
            reached[form] = score, (*path, form)
        paths = reached
    return list(max(paths.values())[1])


def _log(count: int, among: Forms) -> float:
    return math.log((count + 0.5) / (sum(among.values()) + 1))


def _beside(pairs: Mapping[tuple[str, str], int], left: str, right: str, count: int) -> float:
    return math.log(_UNSEEN + pairs.get((left, right), 0) / (count + 1))


def _forms(engine: Engine, key: str, known: _Known) -> Forms:
    found = known.forms.get(key)
    if found is None:
        counts = engine.frequencies(forms(key), stream="a") if is_syllable(key) else {}
        ranked = sorted(((form, n) for form, n in counts.items() if n), key=lambda row: (-row[1], row[0]))
        found = dict(ranked[:FORMS]) or {key: 0}
        if len(known.forms) > _MAX_KNOWN:
            known.forms.clear()
        known.forms[key] = found
    return found


def _pairs(
    engine: Engine, keys: tuple[str, str], left: Forms, right: Forms, known: _Known
) -> Mapping[tuple[str, str], int]:
    """In how many articles each way to spell two neighbours is a word."""
    found = known.pairs.get(keys)
    if found is None:
        words = {f"{one}_{other}": (one, other) for one in left for other in right}
        counts = engine.frequencies(words, stream="w")
        found = {words[word]: n for word, n in counts.items() if n}
        if len(known.pairs) > _MAX_KNOWN:
            known.pairs.clear()
        known.pairs[keys] = found
    return found
