"""Clean a text once at the door, before anybody takes an offset; fold a text by removing its diacritics."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from unidecode import unidecode

MAX_MARKS: Final = 4  # combining marks a letter; no writing needs more, and stacks of them ("zalgo") cover other lines

_SPACES: Final = "\t\x1c\x1d\x1e\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BREAKS: Final = "\r\x0b\x0c\x85\u2028\u2029"
_REMOVED: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls
    "\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, joiners, direction, BOM
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"  # annotation signs, non-characters, lone surrogates
    "\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff"  # private use, tags
)
_LOOKALIKES: Final = {"Ð": "Đ", "ð": "đ"} | {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)

_DIRTY: Final = re.compile(f"[{_SPACES}{_BREAKS}{_REMOVED}ÐðＡ-ｚ！-／０-９：-＠｛-～{_MARKS}]")
_REMOVE: Final = re.compile(f"[{_REMOVED}]+")
_SPACE: Final = re.compile(f"[{_SPACES}]")
_BREAK: Final = re.compile(f"\r\n|[{_BREAKS}]")
_LOOKALIKE: Final = re.compile("[ÐðＡ-ｚ！-／０-９：-＠｛-～]")
# Letters of Cyrillic that look like Latin ones, in a run that has Latin letters too: "TT-BТС". Russian words stay.
_CYRILLIC: Final = "АВЕЅІЈКМНОРСТХУаеоіјрсѕух"
_CYRILLIC_TO_LATIN: Final = str.maketrans(_CYRILLIC, "ABESIJKMHOPCTXYaeoijpcsyx")
_MIXED: Final = re.compile(
    rf"(?<![^\W_])(?=[\w/.&-]{{0,60}}[A-Za-zÀ-ỹ])(?=[\w/.&-]{{0,60}}[{_CYRILLIC}])[\w/.&-]{{2,60}}"
)
_STACK: Final = re.compile(f"([{_MARKS}]{{{MAX_MARKS}}})[{_MARKS}]+")


_LOOKS_LATIN: Final = re.compile(f"[{_CYRILLIC}]")
_OTHER_CYRILLIC: Final = re.compile(f"(?![{_CYRILLIC}])[\u0400-\u04ff]")


def _latin(found: re.Match[str]) -> str:
    return found[0] if _OTHER_CYRILLIC.search(found[0]) else found[0].translate(_CYRILLIC_TO_LATIN)


def normalize(text: str) -> str:
    r"""Clean a text: NFC, one kind of space and line break, nothing invisible; tone placement stays the author's.

    Icelandic Ð/ð become Đ/đ, full-width ASCII becomes ASCII; at most MAX_MARKS combining marks a letter. Idempotent.

    >>> normalize("Ðảng\u00a0bộ\r\nTP\u200b.HCM")
    'Đảng bộ\nTP.HCM'
    """
    if _LOOKS_LATIN.search(text):
        text = _MIXED.sub(_latin, text)
    if _DIRTY.search(text):
        text = _BREAK.sub("\n", _REMOVE.sub("", text))
        text = _LOOKALIKE.sub(lambda match: _LOOKALIKES[match[0]], _SPACE.sub(" ", text))
    elif unicodedata.is_normalized("NFC", text):
        return text
    # Stacks are cut before NFC, whose sorting of marks is quadratic, and again after it: U+0344 becomes two marks.
    text = _STACK.sub(r"\1", unicodedata.normalize("NFC", _STACK.sub(r"\1", text)))
    # A word may be of two scripts only once invisible signs are gone or NFC has cut its letters; each turn has fewer.
    latin = _MIXED.sub(_latin, text) if _LOOKS_LATIN.search(text) else text
    return text if latin == text else normalize(latin)


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
    """Lower-case a text without diacritics; the result is as long as the text where its letters are Vietnamese.

    Words with other letters go through Unidecode one by one. Signs stay as they are, because Unidecode would turn ₫
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
    """Return the folded search key of an accented one (`tokens.key`); equal keys fold equal."""
    return fold(key)


def has_marks(text: str) -> bool:
    """Tell whether a reader typed any Vietnamese diacritic, đ included."""
    return _HAS_MARKS.search(text) is not None


_BETWEEN: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str, limit: int = 80) -> str:
    """Return lower-case ASCII words joined by hyphens, at most `limit` characters and cut between words where possible.

    Đ and D give the same letter: a caller must tell ĐA from DA before.

    >>> slug("Thành ủy TPHCM")
    'thanh-uy-tphcm'
    """
    name = _BETWEEN.sub("-", fold(text)).strip("-")
    if len(name) <= limit:
        return name
    cut = name.rfind("-", 0, limit + 1)
    return name[:cut] if cut > 0 else name[:limit]
