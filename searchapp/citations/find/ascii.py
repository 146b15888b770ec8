"""Turn a text into ASCII letters, one for each letter of the original, so that one grammar reads every spelling."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_TABLE_SIZE: Final = 0x10000
_DROP: Final = 0
_OTHER: Final = ord("~")
_DASHES: Final = "‐‑‒–—―−﹣－"
_SLASHES: Final = "⁄∕／"
_ZERO_WIDTH: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Letters of other scripts that look Latin: people type or scan them into numbers ("NĐ-СР" with two Cyrillic letters).
_LOOKALIKES: Final = str.maketrans("АВЕЅІЈКМНОРСТХаеорсхіѕјΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABESIJKMHOPCTXaeopcxisjABEZHIKMNOPTXo")
_ALIKE: Final = {"đð": "d", "ĐÐ": "D", _DASHES: "-", _SLASHES: "/", "“”„": '"', "‘’": "'", "\n": "\n"}


def _table() -> NDArray[np.uint8]:
    table = np.full(_TABLE_SIZE, _OTHER, dtype=np.uint8)
    for code in (*range(0x250), *range(0x1E00, 0x2070), *range(0xFF01, 0xFF5F)):
        letter = unicodedata.normalize("NFKD", chr(code))[:1]
        if letter.isspace() or code < ord(" "):
            letter = " "
        if letter.isascii() and letter:
            table[code] = ord(letter)
    for letters, plain in _ALIKE.items():
        table[[ord(letter) for letter in letters]] = ord(plain)
    for code, alike in _LOOKALIKES.items():
        table[code] = alike
    table[0x300:0x370] = _DROP  # combining marks: an accent typed apart (NFD) is no letter of its own
    table[[ord(letter) for letter in _ZERO_WIDTH]] = _DROP
    return table


_TABLE: Final = _table()


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text in ASCII. cased, lower: the same letters, same length; where: positions in the original, None if equal."""

    text: str
    cased: str
    lower: str
    where: NDArray[np.intp] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of a shadow's span in the original text, with the marks after its last letter."""
        if self.where is None or start >= end:
            return start, end
        first, last = int(self.where[start]), int(self.where[end - 1]) + 1
        while last < len(self.text) and unicodedata.combining(self.text[last]):
            last += 1
        return first, last

    def written(self, start: int, end: int) -> str:
        """Return the original letters behind a span of the shadow: NFC, without zero-width signs, Ð as Đ."""
        first, last = self.span(start, end)
        text = self.text[first:last]
        if text.isascii():
            return text
        text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES).replace("Ð", "Đ").replace("ð", "đ")
        return "".join(letter for letter in text if letter not in _ZERO_WIDTH)


def shadow(text: str) -> Shadow:
    """Return the shadow of a text in any Unicode form; about 30 microseconds for 6 kB.

    >>> shadow("Đảng bộ, số 05‑NQ∕TU").lower
    'dang bo, so 05-nq/tu'
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = _TABLE[np.minimum(codes, _TABLE_SIZE - 1)]
    where = None
    if not letters.all():
        where = np.flatnonzero(letters)
        letters = letters[where]
    cased = letters.tobytes().decode("ascii")
    return Shadow(text, cased, cased.lower(), where)
