"""Judge whether a text is Vietnamese enough for search: not another language, no rubbish of OCR or a wrong font."""

from __future__ import annotations

from typing import Final, NamedTuple

from searchapp.errors import SkipCode
from searchapp.text.normalize import normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

# Measured: codification ≥ .63, newspapers ≥ .84, official files ≥ .98; English .24, French .42.
_MIN_SHARE: Final = 0.30
_MIN_RECOGNISED: Final = 0.65  # scans of official documents .95, of English .4
_MIN_PLAIN: Final = 0.60
# Text without any diacritic: clean typing ≥ .97. A law after bad OCR has .86, and its words are full of digits.
_MIN_PLAIN_SHARE: Final = 0.90
_MIN_MARKED: Final = 0.02

_ENOUGH: Final = 30
_ENOUGH_PLAIN: Final = 200
_SAMPLE: Final = 40_000  # characters from the start and as many from the middle


class Doubt(NamedTuple):
    """Why a text should not be searched, and the kind of the reason."""

    reason: str
    code: SkipCode


def doubt(text: str, *, recognised: bool = False) -> Doubt | None:
    """Return the reason not to search this text as Vietnamese; None for an ordinary or a very short text.

    recognised: the text is from a scan: OCR makes pictures and other languages look more like Vietnamese.
    """
    middle = len(text) // 2
    sample = text if len(text) <= 2 * _SAMPLE else text[:_SAMPLE] + "\n" + text[middle : middle + _SAMPLE]
    sample = normalize(sample)
    # Words in capitals alone are abbreviations ("TW", "HĐND") or headings.
    words = [t.key for t in tokens(sample) if not t.key.isdigit() and not sample[t.start : t.end].isupper()]
    if len(words) < _ENOUGH:
        return None
    share = sum(map(is_syllable, words)) / len(words)
    marked = sum(not word.isascii() for word in words) / len(words)
    if share < (_MIN_RECOGNISED if recognised else _MIN_SHARE if marked >= _MIN_MARKED else _MIN_PLAIN):
        return Doubt(f"not Vietnamese enough ({share:.0%} of its words can be Vietnamese)", "foreign")
    if len(words) >= _ENOUGH_PLAIN and marked < _MIN_MARKED and share < _MIN_PLAIN_SHARE:
        return Doubt(f"text damaged by OCR or a font: no diacritics, {1 - share:.0%} of its words are none", "damaged")
    return None
