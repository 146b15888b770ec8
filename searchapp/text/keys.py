"""The search key of one syllable: the common part of two spellings of the same syllable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from searchapp.text.normalize import LETTERS, fold
from searchapp.text.syllables import canon_syllable, split

MAX_KEY: Final = 64  # characters; the longest Vietnamese syllable has 7, and a longer string is a URL or noise

_MARKS: Final = "\u0300-\u036f"
SYLLABLE: Final = re.compile(f"[^\\W_]+(?:[{_MARKS}]+[^\\W_]*)*")
"""A run of letters and digits; a combining mark that fits no letter does not cut it."""

PIECE: Final = re.compile(f"{SYLLABLE.pattern}|[^\\w\\s]|[_\\n]")
"""A syllable, one sign or a line break: the units of segmentation."""

_PLAIN_PIECE: Final = re.compile(r"[^\W_]+|[^\w\s]|[_\n]")  # the same in a text without marks, in half the time

# "TP.HCM", "Tp. HCM", "tp hcm", "T.P HCM", "TPHCM", "HCMC": one place, one token, but not across a line break. The
# pattern begins with letters, and looks back after them, because the regex engine skips quickly only to a letter.
TPHCM: Final = re.compile(
    r"""
    (?: [Tt] (?<![^\W_].) \.? [Pp] \.? \ ? [Hh][Cc][Mm] | [Hh] (?<![^\W_].) [Cc][Mm][Cc] ) (?![^\W_])
    """,
    re.VERBOSE,
)

_STRAY: Final = re.compile(f"[{_MARKS}]")

# kỹ and kĩ, quý and quí: alone after these initials i and y sound alike. The key is the spelling of official texts.
_I_FOR_Y: Final = re.compile(r"^(h|k|l|m|t|qu) ([iìỉĩíị]) $", re.VERBOSE)
_Y_FOR_I: Final = re.compile(r"^(s) ([yỳỷỹýỵ]) $", re.VERBOSE)
_SWAP: Final = str.maketrans("iìỉĩíịyỳỷỹýỵ", "yỳỷỹýỵiìỉĩíị")


@lru_cache(maxsize=1 << 16)
def key(syllable: str) -> str:
    """Return the accented search key of one syllable: lower case, tone placement repaired, i/y unified, cut to MAX_KEY.

    >>> key("HOÀ"), key("thuỷ"), key("kĩ"), key("qúi")
    ('hòa', 'thủy', 'kỹ', 'quý')
    """
    if not syllable.isascii():
        lower = _STRAY.sub("", unicodedata.normalize("NFC", syllable.lower()))
        syllable = canon_syllable(lower)
    else:
        syllable = syllable.lower()
    return _unify(syllable)[:MAX_KEY]


def _unify(syllable: str) -> str:
    if match := _I_FOR_Y.match(syllable) or _Y_FOR_I.match(syllable):
        return match[1] + match[2].translate(_SWAP)
    return syllable


def merge_tphcm(text: str) -> str:
    """Return the text with every spelling of TPHCM as that one word, in capitals where its HCM is."""
    if "hcm" not in text.lower():  # five times as fast as the pattern
        return text
    return TPHCM.sub(lambda city: "TPHCM" if "HCM" in city[0] else "tphcm", text)


def pieces(text: str) -> list[str]:
    """Return a normalised text as PIECE cuts it, each spelling of TPHCM in one piece.

    >>> pieces("Quận 1, TP.HCM")
    ['Quận', '1', ',', 'TPHCM']
    """
    text = merge_tphcm(text)
    return (PIECE if _STRAY.search(text) else _PLAIN_PIECE).findall(text)


# Digits sort first, so that "B1" comes before "Ba".
_RANKS: Final = str.maketrans({letter: chr(0x100 + rank) for rank, letter in enumerate(LETTERS)})


@lru_cache(1 << 14)
def sort_key(text: str) -> str:
    """Return a key that sorts as a Vietnamese dictionary does: syllable by syllable, letters before tones, numbers by
    value.

    >>> sorted(["Quận 10", "chị", "chí hướng", "Quận 2", "chi ủy", "chì", "đi", "da"], key=sort_key)
    ['chi ủy', 'chì', 'chí hướng', 'chị', 'da', 'đi', 'Quận 2', 'Quận 10']
    """
    ranks = "".join(map(_rank, SYLLABLE.findall(text.lower())))
    return f"{ranks}\0{text}"  # \0 is below the beginning of any further syllable


@lru_cache(1 << 13)
def _rank(syllable: str) -> str:
    """Return letters that sort as a syllable does; the lowest ones end it, so that a shorter syllable comes first."""
    if syllable.isascii() and syllable.isdigit():
        digits = syllable.lstrip("0")
        return f"\1{chr(1 + min(len(digits), 0xD000))}{digits}"  # int() refuses very long numbers
    plain, tone = split(syllable)
    known = "".join(letter if letter in LETTERS else fold(letter) for letter in plain)  # é sorts as e
    return f"\2{known.translate(_RANKS)}\0{chr(1 + tone)}"
