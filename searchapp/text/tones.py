"""Where the tone mark sits: hòa and hoà, thúy and thuý, tòan and toàn are one word."""

from __future__ import annotations

import unicodedata
from typing import Final

from searchapp.text.fold import TONES
from searchapp.text.syllables import PLAIN, split

_VOWELS: Final = frozenset("aăâeêioôơuưy")
_STRONG: Final = frozenset("ăâêôơư")  # a vowel with a mark of its own takes the tone, the last one of two (ươ)
_MOVED: Final = ("oa", "oe", "uy")  # the only endings on which old and new style differ


def place(plain: str, tone: int) -> str:
    """A toneless syllable with a tone (an index into TONES) in the old style, which Party documents use: hòa, thủy."""
    if tone <= 0:
        return plain
    seat = _seat(plain)
    return unicodedata.normalize("NFC", plain[: seat + 1] + TONES[tone] + plain[seat + 1 :])


def _seat(plain: str) -> int:
    start = 2 if plain.startswith("qu") or (plain.startswith("gi") and plain[2:3] in _VOWELS) else 0
    while start < len(plain) and plain[start] not in _VOWELS:
        start += 1
    end = start
    while end < len(plain) and plain[end] in _VOWELS:
        end += 1
    strong = [at for at in range(start, end) if plain[at] in _STRONG]
    if strong:
        return strong[-1]
    if end < len(plain):
        return end - 1
    return start + 1 if end - start == 3 else start


def canon_syllable(syllable: str) -> str:
    """A lower-case syllable with its tone where the old style puts it; anything that is no such syllable unchanged.

    >>> canon_syllable("hoà"), canon_syllable("tòan"), canon_syllable("qúy")
    ('hòa', 'toàn', 'quý')
    """
    plain, tone = split(syllable)
    return place(plain, tone) if tone > 0 and plain in PLAIN else syllable


def new_style(syllable: str) -> str:
    """A lower-case syllable in the style of newer dictionaries (hoà, thuỷ), in which pyvi's lexicon is written."""
    plain, tone = split(syllable)
    if tone <= 0 or plain not in PLAIN:
        return syllable
    if plain.endswith(_MOVED) and not plain.startswith("qu"):
        return unicodedata.normalize("NFC", plain + TONES[tone])
    return place(plain, tone)
