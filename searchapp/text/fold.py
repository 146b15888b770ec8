"""Folding: lower case without diacritics, for readers who type without them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from unidecode import unidecode

LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The letters in Vietnamese dictionary order, with the four that only foreign words have."""

TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Combining marks in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng."""

_VOWELS: Final = "aăâeêioôơuưy"


def _plain(letter: str) -> str:
    return "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]


_MARKED: Final = {
    unicodedata.normalize("NFC", vowel + tone): _plain(vowel)
    for vowel in _VOWELS
    for tone in TONES
    if tone or not vowel.isascii()
} | {"đ": "d"}
_TABLE: Final = (
    str.maketrans(_MARKED)
    | str.maketrans({letter.upper(): plain for letter, plain in _MARKED.items()})
    | {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
)
_HAS_MARKS: Final = re.compile(f"[{''.join(_MARKED)}{''.join(_MARKED).upper()}{''.join(TONES)}\u0302\u0306\u031b]")
_FOREIGN: Final = re.compile(r"[^\W_]*[^\W\x00-\x7f][^\W_]*")


def fold(text: str) -> str:
    """Lower-case without diacritics; as long as the text where its letters are Vietnamese.

    Words with other letters go through Unidecode one by one; signs stay as they are, because Unidecode would turn ₫
    into D and … into three points.

    >>> fold("Đảng Cộng sản")
    'dang cong san'
    """
    folded = text.translate(_TABLE)
    return folded if folded.isascii() else _FOREIGN.sub(_fold_foreign, folded)


def _fold_foreign(match: re.Match[str]) -> str:
    word = match[0]
    plain = "".join(filter(str.isalnum, unidecode(word, errors="preserve"))).lower()
    return plain or word.lower()


@lru_cache(maxsize=1 << 16)
def fold_key(key: str) -> str:
    """The folded search key of an accented one (`tokens.key`); equal keys fold equal."""
    return fold(key)


def has_marks(text: str) -> bool:
    """Whether a reader typed any Vietnamese diacritic, đ included."""
    return _HAS_MARKS.search(text) is not None
