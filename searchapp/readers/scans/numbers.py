"""Mend misread document numbers by their own grammar: a serial number, a year, a type, an issuer."""

from __future__ import annotations

import re
from typing import Final

from searchapp.citations.find.vocabulary import ISSUER_CODES, TYPE_NAMES, legislature

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


def mended(word: str) -> tuple[str, bool]:
    """Return a word that may hold a document number, mended by the grammar, and whether a digit was guessed.

    >>> mended("02-NO/TW"), mended("41/2024/QHI5"), mended("giáo"), mended("6/2024TT-BLĐIBXH")
    (('02-NQ/TW', False), ('41/2024/QH15', True), ('giáo', False), ('6/2024/TT-BLĐTBXH', False))
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
