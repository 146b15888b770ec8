"""Vietnamese dictionary order, for lists that people read."""

from __future__ import annotations

from typing import Final, TypeAlias

from searchapp.text.fold import LETTERS, fold
from searchapp.text.keys import SYLLABLE
from searchapp.text.syllables import split

# Above all digits, so that "B1" comes before "Ba".
_RANKS: Final = str.maketrans({letter: chr(0x100 + rank) for rank, letter in enumerate(LETTERS)})

SortKey: TypeAlias = tuple[tuple[tuple[int, int, str, int], ...], str]


def sort_key(text: str) -> SortKey:
    """A key that sorts as a Vietnamese dictionary does: syllable by syllable, letters before tones, numbers by value.

    >>> sorted(["Quận 10", "chị", "chí hướng", "Quận 2", "chi ủy", "chì", "đi", "da"], key=sort_key)
    ['chi ủy', 'chì', 'chí hướng', 'chị', 'da', 'đi', 'Quận 2', 'Quận 10']
    """
    return tuple(map(_rank, SYLLABLE.findall(text.lower()))), text


def _rank(syllable: str) -> tuple[int, int, str, int]:
    if syllable.isascii() and syllable.isdigit():
        digits = syllable.lstrip("0")
        return 0, len(digits), digits, 0  # compared as text of equal length: int() refuses very long numbers
    plain, tone = split(syllable)
    known = "".join(letter if letter in LETTERS else fold(letter) for letter in plain)  # é sorts as e
    return 1, 0, known.translate(_RANKS), tone
