"""Tokens: the syllables of a text with their offsets, and the streams of search keys that an index stores."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import NamedTuple

from searchapp.text.keys import SYLLABLE, TPHCM
from searchapp.text.keys import key as key


class Token(NamedTuple):
    """One syllable: text[start:end], and its accented search key."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Stream:
    """What an index stores of a text: accented keys with their positions, and words of several syllables.

    positions: strictly rising, one step a syllable; a line break adds one more, so that neighbours on two lines are
    never adjacent. words: keys joined by "_" ("xây_dựng"), without positions.
    """

    keys: list[str]
    positions: array[int]
    words: list[str]


def tokens(text: str) -> list[Token]:
    """The syllables of a normalised text in order; the spellings of TPHCM are one token.

    >>> tokens("Thành uỷ TP.HCM")
    [Token(start=0, end=5, key='thành'), Token(start=6, end=8, key='ủy'), Token(start=9, end=15, key='tphcm')]
    """
    found = []
    start = 0
    for city in TPHCM.finditer(text):
        found += [Token(m.start(), m.end(), key(m[0])) for m in SYLLABLE.finditer(text, start, city.start())]
        found.append(Token(city.start(), city.end(), "tphcm"))
        start = city.end()
    found += [Token(m.start(), m.end(), key(m[0])) for m in SYLLABLE.finditer(text, start)]
    return found


def stream(text: str) -> Stream:
    """The stream of a normalised text."""
    keys: list[str] = []
    positions = array("I")
    start = 0
    for line in TPHCM.sub("TPHCM", text).split("\n"):
        found = [key(syllable) for syllable in SYLLABLE.findall(line)]
        keys += found
        positions.extend(range(start, start + len(found)))
        start += len(found) + 1
    return Stream(keys, positions, [])
