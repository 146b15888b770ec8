"""Tokens: the syllables of a text with their offsets, and the streams of search keys that an index stores."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, compress
from typing import Final, NamedTuple

from searchapp.text.abbreviations import injected
from searchapp.text.keys import PIECE, SYLLABLE, TPHCM, merge_tphcm
from searchapp.text.keys import key as key
from searchapp.text.segment import joined
from searchapp.text.tones import new_style

_CUT: Final = re.compile(f"({SYLLABLE.pattern})")


class Token(NamedTuple):
    """One syllable: text[start:end], and its accented search key."""

    start: int
    end: int
    key: str


_token = partial(tuple.__new__, Token)


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
    found: list[Token] = []
    start = 0
    for city in TPHCM.finditer(text):
        found += _syllables(text[start : city.start()], start)
        found.append(Token(city.start(), city.end(), "tphcm"))
        start = city.end()
    return found + _syllables(text[start:], start)


def _syllables(text: str, offset: int) -> list[Token]:
    # Splitting and adding up lengths makes no Python object a match: three times as fast as finditer.
    parts = _CUT.split(text)
    ends = list(accumulate(map(len, parts), initial=offset))
    return list(map(_token, zip(ends[1::2], ends[2::2], map(key, parts[1::2]), strict=False)))


def stream(text: str) -> Stream:
    """The stream of a normalised text; after it, what its abbreviations stand for, each once.

    Those keys (`abbreviations.injected`) stand two positions apart, so that no phrase or pair of neighbours is in them.
    """
    pieces = PIECE.findall(merge_tphcm(text))
    keys, positions, words = _read(pieces)
    for meaning in injected(pieces):
        more, _, compounds = _read(PIECE.findall(meaning))
        after = positions[-1] + 2 if positions else 0
        positions.extend(range(after, after + 2 * len(more), 2))
        keys += more
        words += compounds
    return Stream(keys, positions, words)


def _read(pieces: Sequence[str]) -> tuple[list[str], array[int], list[str]]:
    readings = [_reading(piece) for piece in pieces]
    if not readings:
        return [], array("I"), []
    keys, lexical, steps = zip(*readings, strict=True)
    positions = array("I", compress(accumulate(steps, initial=0), keys))
    return list(filter(None, keys)), positions, _words(keys, joined(lexical))


def _words(keys: Sequence[str], inside: Sequence[bool]) -> list[str]:
    words: list[str] = []
    last = -1
    for at in [at for at, joins in enumerate(inside) if joins and keys[at] and keys[at - 1]]:
        if at == last + 1 and words:
            words[-1] += f"_{keys[at]}"
        else:
            words.append(f"{keys[at - 1]}_{keys[at]}")
        last = at
    return words


@lru_cache(maxsize=1 << 16)
def _reading(piece: str) -> tuple[str, str, int]:
    """A piece's key ("" for a sign), the piece as pyvi knows it (lower case, tones in the new style), and its steps.

    Segmented so, a heading in capitals and a query in lower case have the same words.
    """
    if SYLLABLE.match(piece):
        return key(piece), new_style(piece.lower()), 1
    return "", piece, int(piece == "\n")
