"""Simulate typists: the same question without accents, half-accented, in raw Telex, with a slip of the finger."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from searchapp.text.keyboard import NEIGHBOURS, telex
from searchapp.text.normalize import fold, normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

_MIN_SLIP: Final = 3  # letters; a slip in a shorter syllable mostly makes another good syllable
OFTEN: Final = 0.15  # share of syllables that a careless typist gets wrong

_Typist = Callable[[str, random.Random], str]


def as_typed(text: str, chance: random.Random) -> str:
    """Return the question itself."""
    return text


def without_accents(text: str, chance: random.Random) -> str:
    """Return the question without diacritics."""
    return fold(text)


def _half_accented(text: str, chance: random.Random) -> str:
    """Remove the diacritics of each syllable by the toss of a coin."""
    return _each(text, lambda syllable: fold(syllable) if chance.random() < 0.5 else syllable)


def _raw_telex(text: str, chance: random.Random) -> str:
    """Return the keystrokes of Telex while the input method is off, tone key last; foreign words stay."""
    return _each(text, lambda s: telex(s.lower()) if is_syllable(s.lower()) else s)


def _with_typo(text: str, chance: random.Random) -> str:
    """Make one slip in one syllable of the question: a neighbouring key, a letter left out, doubled, or two swapped."""
    spans = [(t.start, t.end) for t in tokens(text) if _can_slip(text[t.start : t.end])]
    if not spans:
        return text
    start, end = chance.choice(spans)
    return text[:start] + slip(text[start:end], chance) + text[end:]


def careless(text: str, chance: random.Random) -> str:
    """Return the question without accents, with a slip in every seventh syllable (OFTEN)."""
    return _each(fold(text), lambda s: slip(s, chance) if _can_slip(s) and chance.random() < OFTEN else s)


HABITS: Final[Mapping[str, _Typist]] = MappingProxyType(
    {
        "typed": as_typed,
        "folded": without_accents,
        "half": _half_accented,
        "telex": _raw_telex,
        "typo": _with_typo,
        "careless": careless,
    }
)
"""Name → a function that types a question by this habit."""


def typed(text: str, habit: str, seed: str) -> str:
    """Return a question as a typist of this habit types it. The same for the same seed, on every machine.

    >>> typed("Thời hiệu xử lý kỷ luật", "telex", "1")
    'thowif hieeuj xuwr lys kyr luaatj'
    """
    return HABITS[habit](normalize(text), random.Random(f"{habit} {seed}"))


def slip(syllable: str, chance: random.Random) -> str:
    """Return the syllable with one slip of the finger."""
    kind = chance.choice(("beside", "missing", "doubled", "swapped"))
    at = chance.randrange(len(syllable))
    if kind == "beside":
        pressed = chance.choice(NEIGHBOURS.get(fold(syllable[at]), syllable[at]))
        return syllable[:at] + pressed + syllable[at + 1 :]
    if kind == "missing":
        return syllable[:at] + syllable[at + 1 :]
    if kind == "doubled":
        return syllable[: at + 1] + syllable[at:]
    at = min(at, len(syllable) - 2)
    return syllable[:at] + syllable[at + 1] + syllable[at] + syllable[at + 2 :]


def _can_slip(syllable: str) -> bool:
    return len(syllable) >= _MIN_SLIP and syllable.isalpha()


def _each(text: str, change: Callable[[str], str]) -> str:
    for token in reversed(tokens(text)):
        text = text[: token.start] + change(text[token.start : token.end]) + text[token.end :]
    return text
