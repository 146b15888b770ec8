"""The keyboard: read keystrokes of Telex and VNI back as syllables, and know which keys are neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from searchapp.text.normalize import fold
from searchapp.text.syllables import PLAIN, is_syllable, place, split

__all__ = ["NEIGHBOURS", "decode", "is_syllable", "telex", "vni"]

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_TELEX_TONES: Final = {"f": 1, "r": 2, "x": 3, "s": 4, "j": 5}
_VNI_TONES: Final = {"2": 1, "3": 2, "4": 3, "1": 4, "5": 5}
_TELEX_MARKS: Final = {"â": "a", "ê": "e", "ô": "o", "đ": "d", "ă": "w", "ơ": "w", "ư": "w"}
_VNI_MARKS: Final = {"â": "6", "ê": "6", "ô": "6", "ơ": "7", "ư": "7", "ă": "8", "đ": "9"}
_VOWELS: Final = "aeiouyw"  # a lone w is ư


def _index(marks: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Map (letters, marks typed for them, each once and sorted) to a syllable without its tone."""
    index = {}
    for plain in sorted(PLAIN):
        index[fold(plain), "".join(sorted({marks[letter] for letter in plain if letter in marks}))] = plain
    return index


_TELEX: Final = _index(_TELEX_MARKS)
_VNI: Final = _index(_VNI_MARKS)


def decode(token: str) -> str | None:
    """Return the accented syllable that raw Telex or VNI keystrokes meant; None if there is none.

    The tone key may stand last or inside, marks beside their letter or later. Letters without any key give None: they
    already are the word. Many short foreign words decode too ("has" → há), so look for known words first.

    >>> decode("nghij"), decode("quye61t"), decode("ddarng"), decode("xin")
    ('nghị', 'quyết', 'đảng', None)
    """
    token = token.lower()
    if not (token.isascii() and token.isalnum()):
        return None
    readings = _telex_readings(token) if token.isalpha() else _vni_readings(token)
    for plain, tone in readings:
        syllable = place(plain, tone)
        if syllable != token and is_syllable(syllable) and (tone or not syllable.isascii()):
            return syllable
    return None


def _telex_readings(token: str) -> Iterator[tuple[str, int]]:
    first = next((at for at, letter in enumerate(token) if letter in _VOWELS), len(token))
    # After the first vowel no syllable has s, f, r, x or j: there they are tone keys.
    tones = [letter for letter in token[first:] if letter in _TELEX_TONES]
    if len(tones) > 1:
        return
    letters = token[:first] + "".join(letter for letter in token[first:] if letter not in _TELEX_TONES)
    tone = _TELEX_TONES[tones[0]] if tones else 0
    if "w" in letters and not any(vowel in letters[: letters.index("w")] for vowel in "aou"):
        letters = letters.replace("w", "uw", 1)
    marks = {"w"} & set(letters)
    letters = letters.replace("w", "")
    if letters.startswith("d") and "d" in letters[1:]:
        marks.add("d")
        at = letters.index("d", 1)
        letters = letters[:at] + letters[at + 1 :]
    for base, more in _undoubled(letters):
        plain = _TELEX.get((base, "".join(sorted(marks | more))))
        if plain is not None:
            yield plain, tone


def _undoubled(letters: str) -> Iterator[tuple[str, set[str]]]:
    """Yield a second a, e or o as the circumflex of the first; as itself in boong, khoeo (typed "booong", "khoeo")."""
    for vowel in "aeo":
        if letters.count(vowel) > 1:
            at = letters.rindex(vowel)
            more = set() if letters.count(vowel) == 3 else {vowel}
            yield letters[:at] + letters[at + 1 :], more
    yield letters, set()


def _vni_readings(token: str) -> Iterator[tuple[str, int]]:
    digits = [letter for letter in token if letter.isdigit()]
    letters = "".join(letter for letter in token if letter.isalpha())
    tones = [_VNI_TONES[digit] for digit in digits if digit in _VNI_TONES]
    marks = {digit for digit in digits if digit not in _VNI_TONES}
    if len(tones) <= 1 and token[0].isalpha():
        plain = _VNI.get((letters, "".join(sorted(marks))))
        if plain is not None:
            yield plain, tones[0] if tones else 0
        elif len(digits) == 1 and tones:
            # Some keyboards allow both methods mixed: "dda3ng".
            yield from _telex_readings(letters + next(key for key in _TELEX_TONES if _TELEX_TONES[key] == tones[0]))


def telex(syllable: str) -> str:
    """Return the keystrokes of a lower-case syllable in Telex, tone key last.

    >>> telex("đường")
    'dduwowngf'
    """
    plain, _ = split(syllable)
    typed = _keystrokes(syllable, _TELEX_MARKS, _TELEX_TONES)
    return typed.replace("oo", "ooo", 1) if "oo" in plain else typed  # boong, soóc: two o's would be ô


def vni(syllable: str) -> str:
    """Return the keystrokes of a lower-case syllable in VNI, tone key last.

    >>> vni("đường")
    'd9u7o7ng2'
    """
    return _keystrokes(syllable, _VNI_MARKS, _VNI_TONES)


def _keystrokes(syllable: str, marks: Mapping[str, str], tones: Mapping[str, int]) -> str:
    plain, tone = split(syllable)
    letters = "".join(fold(letter) + marks.get(letter, "") for letter in plain)
    return letters + next((pressed for pressed, index in tones.items() if index == tone), "")


def _neighbours() -> dict[str, str]:
    """Map keys to their neighbours: in a row, and two above and below (each row stands half a key further right)."""
    found: dict[str, str] = {}
    for line, row in enumerate(_ROWS):
        for at, letter in enumerate(row):
            beside = [row[n] for n in (at - 1, at + 1) if 0 <= n < len(row)]
            above = [_ROWS[line - 1][n] for n in (at, at + 1) if line and n < len(_ROWS[line - 1])]
            below = [_ROWS[line + 1][n] for n in (at - 1, at) if line < 2 and 0 <= n < len(_ROWS[line + 1])]
            found[letter] = "".join(sorted(beside + above + below))
    return found


NEIGHBOURS: Final[Mapping[str, str]] = MappingProxyType(_neighbours())
"""Letter → the letters beside it on a keyboard."""
