"""Mend what Tesseract misread: syllables by a noisy channel against the language, numbers by their own grammar."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from searchapp.citations.find.vocabulary import ISSUER_CODES, TYPE_NAMES, legislature
from searchapp.readers.scans.language import BOUNDARY, Integers, Language
from searchapp.text.normalize import fold
from searchapp.text.syllables import FOLDED, is_syllable

CHOICES: Final = 10
"""The number of readings weighed for one syllable."""
_MARGIN: Final = 2.0
"""Nats by which another reading must be likelier than the reading of OCR."""
NAMED: Final = 5.0
"""MARGIN for a syllable with a capital within a sentence: names have no neighbours that the archive knows."""
DOUBT: Final = 3.0
"""Nats; a reading whose lead over the next one is smaller is shown as doubtful."""

_BACKED: Final = 8.0  # with so many counts of a left neighbour, a pair weighs as much as the syllable alone
_IMPOSSIBLE: Final = 3.0  # nats against accents that no syllable bears
_FAR: Final = 9.0  # nats of a misread letter, in a word that is no Vietnamese syllable
# Confidence of Tesseract → share of misread words; values between these points lie on a line.
_CONFIDENCES: Final = (0.0, 60.0, 75.0, 85.0, 92.0, 96.0)
_MISREAD: Final = (0.6, 0.4, 0.3, 0.18, 0.05, 0.01)

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300\u0309\u0303\u0301\u0323"
_TONES: Final = _GRAVE + _HOOK + _TILDE + _ACUTE + _DOT
# Nats of a tone pair (meant, read) for a misread syllable.
_TONE_COSTS: Final = {
    (_HOOK, ""): 1.3, (_ACUTE, ""): 2.0, (_GRAVE, ""): 2.0, (_HOOK, _ACUTE): 2.3, (_HOOK, _GRAVE): 2.3,
    ("", _HOOK): 3.0, (_GRAVE, _HOOK): 3.5, (_HOOK, _TILDE): 3.5, (_TILDE, _HOOK): 3.5, ("", _DOT): 4.0,
    (_DOT, ""): 4.0, (_TILDE, ""): 3.5, (_ACUTE, _HOOK): 4.0,
}  # fmt: skip
_OTHER_TONE: Final = 5.0
_HAT: Final = 3.0  # a lost or confused circumflex, horn or breve
_BAR: Final = 4.0  # đ for d
# Letters that look alike, without accents.
_LOOK_ALIKES: Final = "rn m,ri n,l i,l t,i t,c e,o c,o e,h b,n u,v y,g q,f t,a o,u v,ii u,cl d,r t,s g,n h,p n,l k"
_ALIKE: Final = tuple(
    pair for one, other in map(str.split, _LOOK_ALIKES.split(",")) for pair in ((one, other), (other, one))
)


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable as OCR read it, lower case, tone mark in the old style; confidence: Tesseract's, 0 to 100.

    name: whether it may be part of a name.
    """

    letters: str
    confidence: float
    name: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen reading of a syllable, and its lead over every other reading in nats."""

    letters: str
    margin: float


def mended(syllables: Sequence[Syllable], language: Language) -> list[Choice]:
    """Return the likeliest readings of a run of syllables; BOUNDARY and NUMBER among them stay.

    The reading of OCR stays where no other one is likelier by _MARGIN, and where the archive knows too little.
    """
    if not syllables:
        return []
    options = [_options(one, language) for one in syllables]
    best, margins = _likeliest(options, language)
    return [
        _decided(one, option, place, margin)
        for one, option, place, margin in zip(syllables, options, best, margins, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Options:
    """Possible readings of one syllable, the reading of OCR first. words: -1 for a word that the
    archive does not have.
    """

    letters: tuple[str, ...]
    words: Integers
    costs: tuple[float, ...]


def _decided(one: Syllable, options: _Options, best: int, margin: tuple[float, float]) -> Choice:
    over_read, over_next = margin
    if best and over_read < (NAMED if one.name else _MARGIN):
        return Choice(one.letters, 0.0)
    return Choice(options.letters[best], over_next)


def _options(one: Syllable, language: Language) -> _Options:
    known = language.ids.get(one.letters, -1)
    read = _misread(one.confidence)
    if not one.letters.isalpha():
        return _Options((one.letters,), np.array([known]), (0.0,))
    found = [(cost - math.log(read), word) for word, cost in _near(one.letters, known, language)]
    found.sort()
    kept = found[: CHOICES - 1]
    return _Options(
        (one.letters, *(language.words[word] for _, word in kept)),
        np.array([known, *(word for _, word in kept)]),
        (_as_read(one.letters, read), *(cost for cost, _ in kept)),
    )


def _as_read(letters: str, misread: float) -> float:
    """Return the nats of the reading of OCR being right."""
    impossible = not is_syllable(letters) and fold(letters) in FOLDED
    return -math.log(1 - misread) + (_IMPOSSIBLE if impossible else 0.0)


def _near(letters: str, known: int, language: Language) -> Iterator[tuple[int, float]]:
    """Yield words of the archive that OCR may have misread so, with the nats of that mistake."""
    plain = fold(letters)
    for word in language.by_letters.get(plain, ()):
        if word != known:
            yield word, _accents(language.words[word], letters)
    if (known >= 0 and is_syllable(letters)) or len(letters) < 2:
        return
    for other in _looking_alike(plain):
        for word in language.by_letters.get(other, ()):
            if is_syllable(language.words[word]):
                yield word, _FAR + min(_HAT, _accents_beside(language.words[word], letters))


def _looking_alike(plain: str) -> set[str]:
    found: set[str] = set()
    for read, meant in _ALIKE:
        place = plain.find(read)
        while place >= 0:
            found.add(plain[:place] + meant + plain[place + len(read) :])
            place = plain.find(read, place + 1)
    # OCR read a letter twice, or a speck beside the word as a letter.
    found.update(plain[:place] + plain[place + 1 :] for place in range(len(plain)))
    found.discard(plain)
    return found


@lru_cache(maxsize=1 << 16)
def _accents(meant: str, read: str) -> float:
    """Return the nats of other accents over the same letters."""
    if len(meant) != len(read):
        return _OTHER_TONE
    tones = _tone(meant), _tone(read)
    cost = 0.0 if tones[0] == tones[1] else _TONE_COSTS.get(tones, _OTHER_TONE)
    for one, other in zip(_toneless(meant), _toneless(read), strict=False):
        if one != other:
            cost += _BAR if "đ" in (one, other) else _HAT
    return cost


def _accents_beside(meant: str, read: str) -> float:
    return 0.0 if _tone(meant) == _tone(read) else _HAT


def _tone(letters: str) -> str:
    return next((mark for mark in unicodedata.normalize("NFD", letters) if mark in _TONES), "")


def _toneless(letters: str) -> str:
    split = unicodedata.normalize("NFD", letters)
    return unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in _TONES))


def _misread(confidence: float) -> float:
    return float(np.interp(confidence, _CONFIDENCES, _MISREAD))


def _likeliest(options: Sequence[_Options], language: Language) -> tuple[list[int], list[tuple[float, float]]]:
    """Return the best path through the options (Viterbi), and each place's margins over the OCR reading and the next
    one.
    """
    edge = np.array([language.ids.get(BOUNDARY, -1)])
    steps = [_step(left, right, language) for left, right in pairwise([edge, *(one.words for one in options), edge])]
    forward = np.zeros(1)
    scores, back = [], []
    for one, step in zip(options, steps, strict=False):
        through = forward[:, None] + step
        back.append(through.argmax(axis=0))
        forward = through.max(axis=0) - np.array(one.costs)
        scores.append(forward)
    behind = [np.zeros(len(options[-1].words))] * len(options)
    after = steps[-1][:, 0]
    for place in range(len(options) - 1, -1, -1):
        behind[place] = after
        if place:
            after = (steps[place] + (after - np.array(options[place].costs))[None, :]).max(axis=1)
    best, margins = [], []
    for score, rest in zip(scores, behind, strict=True):
        whole = score + rest
        place = int(whole.argmax())
        others = np.delete(whole, place)
        margins.append((float(whole[place] - whole[0]), float(whole[place] - others.max()) if len(others) else 99.0))
        best.append(place)
    return best, margins


def _step(lefts: Integers, rights: Integers, language: Language) -> npt.NDArray[np.float64]:
    """Return the log probability of each right after each left: the pairs of the archive, backed by its single
    syllables.
    """
    counts, total = language.counts, language.total
    alone = (np.where(rights >= 0, counts[rights], 0) + 0.5) / (total + len(counts))
    before = np.where(lefts >= 0, counts[lefts], 0)[:, None]
    return np.log((language.together(lefts, rights) + _BACKED * alone[None, :]) / (before + _BACKED))


_SIGNS: Final = str.maketrans({"⁄": "/", "∕": "/", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "Ð": "Đ"})
_DIGITS: Final = str.maketrans(
    {"l": "1", "I": "1", "|": "1", "i": "1", "O": "0", "o": "0", "Q": "0", "S": "5", "B": "8"}
)
_LETTERS: Final = str.maketrans({"Đ": "D", "O": "Q", "0": "Q", "1": "I", "l": "I", "|": "I"})
_SERIAL: Final = re.compile(r"[\dlI|iOoS]{1,5}")
_YEAR: Final = re.compile(r"[12lI|][09Oo][\dlI|OoS]{2}")
_ASSEMBLY: Final = re.compile(r"(?P<body>UBTV[QO0]|[QO0])H(?P<term>[\dlI|iOo]{1,2})")
_PARTS: Final = re.compile(r"[/-]")
_NUMBER: Final = re.compile(r"[^\s/-]{1,5}(?:/[^\s/-]{4})?[/-](?:[^\W\d_]|0(?=H))[^\s]*")
_LOST_SIGN: Final = re.compile(r"(?<!\d)(\d{1,4}/(?:19|20)\d\d)(?=[A-ZĐ]{2,4}[/-])")  # "12/2022TT-BTC"
_GLUED: Final = re.compile(r"(?<![\w/-])(\d{1,4})((?:19[89]|20[0-3])\d/(?=[^\W\d_]))")  # "062024/TT-BTC"
_REPORT: Final = re.compile(r"TT[:;.,](?=-)|TT(?=--)")  # OCR reads the small r of TTr as a colon
_KNOWN: Final = {code.translate(_LETTERS): code for code in sorted(TYPE_NAMES)}
# A number with a letter among its digits: "l6", "I1", "2O24".
_LOOSE: Final = re.compile(r"(?=.*\d)(?=.*[lI|Oo])[\dlI|Oo]{2,4}")
_TERMS: Final = range(1, 31)
_LONG: Final = 5
"""The fewest letters of an issuer's code that is mended by its shape: shorter ones are like others."""
_SHAPES: Final = str.maketrans("TIL1l|OQDĐ0CGEFVYUHNMK8BRPS5", "IIIIIIOOOOOOOEEVVVNNNNBBBBSS")


def _by_shape() -> dict[str, str]:
    shapes: dict[str, list[str]] = {}
    for code in ISSUER_CODES.values():
        shapes.setdefault(code.translate(_SHAPES), []).append(code)
    return {shape: codes[0] for shape, codes in shapes.items() if len(codes) == 1 and len(shape) >= _LONG}


_ISSUERS: Final = _by_shape()


def mended_number(word: str) -> tuple[str, bool]:
    """Return a word that may hold a document number, mended by the grammar, and whether a digit was guessed.

    >>> [mended_number(word) for word in ("02-NO/TW", "41/2024/QHI5", "giáo", "6/2024TT-BLĐIBXH")]
    [('02-NQ/TW', False), ('41/2024/QH15', True), ('giáo', False), ('6/2024/TT-BLĐTBXH', False)]
    """
    if _LOOSE.fullmatch(bare := word.strip(".,;:()")):
        return word.replace(bare, bare.translate(_DIGITS)), True
    tidy = _LOST_SIGN.sub(r"\1/", _REPORT.sub("TTr", word.translate(_SIGNS)).replace("--", "-"))
    glued = _GLUED.sub(r"\1/\2", tidy)
    guessed, tidy = glued != tidy, glued
    found = _NUMBER.search(tidy)
    if found is None or not any(map(str.isdigit, found[0])):
        assembly = _ASSEMBLY.fullmatch(tidy.strip(".,;:()"))
        return (_assembly(assembly, tidy) if assembly and not tidy.isdigit() else word), assembly is not None
    core = found[0].rstrip(".,;:()")
    pieces = _PARTS.split(core)
    signs = _PARTS.findall(core)
    for place, piece in enumerate(pieces):
        new = _of_year(_piece(piece, place), pieces)
        guessed = guessed or (any(map(str.isdigit, new)) and new != piece)
        pieces[place] = new
    whole = pieces[0] + "".join(sign + piece for sign, piece in zip(signs, pieces[1:], strict=True))
    return tidy[: found.start()] + whole + tidy[found.start() + len(core) :], guessed


def _piece(piece: str, place: int) -> str:
    if place == 0:
        return piece.translate(_DIGITS) if _SERIAL.fullmatch(piece) and any(map(str.isdigit, piece)) else piece
    if place == 1 and _YEAR.fullmatch(piece):
        return piece.translate(_DIGITS)
    if assembly := _ASSEMBLY.fullmatch(piece):
        return _assembly(assembly, piece)
    if piece in TYPE_NAMES:
        return piece
    meant = _KNOWN.get(piece.translate(_LETTERS), piece)
    if meant == piece and piece.isupper() and piece not in ISSUER_CODES.values():
        return _ISSUERS.get(piece.translate(_SHAPES), piece)
    return meant


def _of_year(piece: str, pieces: list[str]) -> str:
    """Return a piece with the National Assembly of the number's year, where it names one that did not sit then."""
    assembly = _ASSEMBLY.fullmatch(piece)
    house = legislature(pieces[1]) if assembly and len(pieces) > 2 else ""
    return f"{piece[: assembly.start('body')]}{assembly['body'][:-1]}{house}" if assembly and house else piece


def _assembly(found: re.Match[str], whole: str) -> str:
    term = found["term"].translate(_DIGITS)
    if not term.isdigit() or int(term) not in _TERMS:
        return whole
    body = "UBTVQ" if found["body"].startswith("UBTV") else "Q"
    return f"{whole[: found.start()]}{body}H{term}{whole[found.end() :]}"
