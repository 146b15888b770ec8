"""Ordinals of congresses, plenums and terms: digits, Roman numerals, Vietnamese words, all to one number."""

from __future__ import annotations

from typing import Final

_ONES: Final = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_ROMAN: Final = ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
MAX_ORDINAL: Final = 99
MAX_CONGRESS: Final = 39

# "13", "XIII"; words only stand after "thứ": "mười ba", "hai mươi mốt", "nhất".
# A committee that meets every month gets beyond the fortieth ("XLII"); a lone L or C is a letter.
ROMAN: Final = r"(?:(?:xc|xl|lx{1,3}|l(?=[vi])|x{1,3})(?:ix|iv|v?i{0,3})|ix|iv|vi{0,3}|i{1,3})(?![a-z0-9])"
DIGITS: Final = r"\d{1,2}(?![\d.,]?\d|[/%])"
_ONE: Final = "(?:mot|nhat|hai|ba|tu|bon|nam|lam|sau|bay|tam|chin)"
WORDS: Final = rf"(?:(?:(?:hai|ba|bon|nam|sau|bay|tam|chin)[ ]muoi|muoi)(?:[ ]{_ONE})?|{_ONE})(?![a-z])"


def roman(number: int) -> str:
    """A number up to 99 as a Roman numeral.

    >>> roman(13), roman(39), roman(44)
    ('XIII', 'XXXIX', 'XLIV')
    """
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text += sign
            number -= value
    return text


def ordinal(text: str) -> int:
    """The number that an ordinal in ASCII letters means, 0 when it means none.

    >>> [ordinal(word) for word in ("XIII", "13", "muoi ba", "hai muoi mot", "muoi", "nhat", "le")]
    [13, 13, 13, 21, 10, 1, 0]
    """
    text = text.lower().strip()
    if text.isdigit():
        return int(text) if int(text) <= MAX_ORDINAL else 0
    return _NUMERALS.get(text) or _spelled(text.split())


def _spelled(words: list[str]) -> int:
    if "muoi" in words:
        before, after = words[: words.index("muoi")], words[words.index("muoi") + 1 :]
        tens = _ONES.get(before[0], 0) if before else 1
        return 10 * tens + (_ONES.get(after[0], 0) if after else 0)
    return _ONES.get(words[0], 0) if len(words) == 1 else 0


_NUMERALS: Final = {roman(number).lower(): number for number in range(1, MAX_ORDINAL + 1)}
