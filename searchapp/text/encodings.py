"""Turn bytes into text: find a file's real encoding by its content.

Repair old fonts within Unicode files, and doubt a text that is not Vietnamese.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

import viparse

from searchapp.errors import BadRecordError, SkipCode
from searchapp.text.normalize import normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

_MAX_DAMAGE: Final = 0.01
"""The share of a text that may be unreadable; a text with more is half an encoding."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FONTS: Final = ("tcvn3", "vni", "viscii")  # encodings that show as Latin-1 letters
_SAMPLE: Final = 4_000
_MIN_SHARE: Final = 0.8  # the share of Vietnamese syllables that makes a guess credible
_WORD: Final = re.compile(r"[^\W\d_]+")
# Letters that no old encoding leaves behind, and every Vietnamese sentence has.
_VIETNAMESE: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300-\u0303\u0306\u0309\u031b\u0323]")
# What old fonts show for Vietnamese letters, and no Vietnamese word has.
_SIGN: Final = re.compile("[\u00a1-\u00bf](?=[A-Za-zÀ-ÿ])|(?<=[A-Za-z])[\u00a1-\u00b6\u00b8\u00b9\u00bc-\u00bf]")
_FOREIGN: Final = re.compile("[\u00a1-\u00b4\u00b6-\u00b9\u00bb-\u00bfÄ-ÇËÎÏÑÖ-ØÛÜÞßä-çëîïñö-øûüþÿ]")
_HYPHENED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]+-[^\W\d_]*|-[^\W\d_]+)(?![^\W_]|-)")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LATIN_1: Final = re.compile("[\u0080-\u00ff]")
# TCVN3 and VNI were used on Windows, which has quotes where Latin-1 has controls; VISCII has letters there.
_WINDOWS: Final = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_BYTES: Final = {letter: code for code, letter in _WINDOWS.items()}
TWICE: Final = "UTF-8 encoded twice"
_CONTROLS: Final = re.compile(
    rb"[\x00-\x01\x03\x04\x07\x08\x0e-\x13\x15-\x18\x1a\x1c\x1d\x1f\x7f]"
)  # VISCII uses the rest

# Measured: codification ≥ .63, newspapers ≥ .84, official files ≥ .98; English .24, French .42.
_MIN_VIETNAMESE: Final = 0.30
_MIN_RECOGNISED: Final = 0.65  # scans of official documents .95, of English .4
_MIN_PLAIN: Final = 0.60
# Text without any diacritic: clean typing ≥ .97. A law after bad OCR has .86, and its words are full of digits.
_MIN_PLAIN_SHARE: Final = 0.90
_MIN_MARKED: Final = 0.02

_ENOUGH: Final = 30
_ENOUGH_PLAIN: Final = 200
_JUDGED: Final = 40_000  # characters from the start and as many from the middle


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its original encoding: "utf-8", "utf-16-le", "windows-1258", "tcvn3", "vni", "viscii" or TWICE.

    mended: the result of `mended` before the repair.
    """

    text: str
    encoding: str
    mended: tuple[str, ...] = ()


def mended(text: str) -> tuple[str, ...]:
    """Return the faults in a Unicode text's letters that `normalize` repairs, in words for the report.

    >>> mended("Ð\u1ea3ng")
    ('Ð for Đ',)
    """
    if text.isascii() and not _CONTROL.search(text):
        return ()
    found = {
        "letters in pieces (NFD)": not unicodedata.is_normalized("NFC", text),
        "Ð for Đ": "\u00d0" in text or "\u00f0" in text,
        "private-use characters": bool(_PRIVATE.search(text)),
        "control characters": bool(_CONTROL.search(text)),
        "unreadable characters": "\ufffd" in text,
    }
    return tuple(name for name, there in found.items() if there)


def decode(data: bytes) -> Decoded:
    """Return the text of a file in NFC, old fonts within Unicode repaired.

    Raises BadRecordError when the bytes are no text, or more than _MAX_DAMAGE of them fit no encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _unicode(data[len(bom) :], encoding)
    if encoding := _utf_16_without_mark(data[:_SAMPLE]):
        return _unicode(data, encoding)
    if len(_CONTROLS.findall(data[:_SAMPLE])) > _MAX_DAMAGE * len(data[:_SAMPLE]):
        raise BadRecordError("binary, not text", code="format")
    try:
        return repair(data.decode())
    except UnicodeDecodeError:
        return _eight_bit(data) or _unicode(data, "utf-8")


def repair(text: str) -> Decoded:
    """Return a Unicode text repaired, or in NFC where it needs no repair.

    All or some lines may have the letters of an old font (`Céng hßa x· héi`). Or somebody took the text for
    windows-1252 and encoded it once more (`Ä\x90áº£ng`).
    """
    wrong = mended(text)
    text = unicodedata.normalize("NFC", text)
    sample = text[:_SAMPLE]
    marks = len(_LATIN_1.findall(sample))
    if marks < 3 or marks < _MAX_DAMAGE * len(sample) or _VIETNAMESE.search(sample):
        return _by_line(text) or Decoded(text, "utf-8", wrong)
    if once := _once(text):
        return Decoded(once, TWICE)
    best, share = _best_font(sample)
    # `Công ty cà phê` has no letter that only Vietnamese has, and would make syllables of a font too.
    if share < _MIN_SHARE or share <= _share(sample):
        return Decoded(text, "utf-8", wrong)
    return Decoded(_from_font(text, best), best)


def is_strange(text: str) -> bool:
    """Tell whether a beginning of a text has accented letters but none that only Vietnamese has."""
    return bool(_LATIN_1.search(text)) and not _VIETNAMESE.search(text)


def pasted(text: str) -> str:
    """Return a few words in the letters that they mean, the text itself where no old encoding wrote it.

    All marked words must become syllables. Two words that are none as typed prove the font, or one with a letter that
    Vietnamese never has: few words may be a name of another language (`Zürich`), a unit or a slip.

    >>> pasted("LuËt §Êt ®ai"), pasted("Ñaûng boä"), pasted("Zürich, 5 µm · TPHCM")
    ('Luật Đất đai', 'Đảng bộ', 'Zürich, 5 µm · TPHCM')
    """
    if text.isascii() or _VIETNAMESE.search(unicodedata.normalize("NFC", text)):
        return text
    if once := _once(text):
        return once
    words = text.split()
    for font in _FONTS[:2]:  # nobody pastes VISCII, which reads a sign as a letter (`10 m²`)
        read = [_from_font(word, font) for word in words]
        changed = [word for word, meant in zip(words, read, strict=True) if word != meant and not _is_right(word)]
        if all(map(_is_right, read)) and (len(changed) > 1 or any(len(w) > 1 and _FOREIGN.search(w) for w in changed)):
            return _capitals(" ".join(read))
    return text


def _is_right(word: str) -> bool:
    """Tell whether a word has no sign of an old font in it, and no accents where no syllable or code has them."""
    marked = [part for part in _WORD.findall(word) if not part.isascii()]
    return not _SIGN.search(word) and all(part.isupper() or is_syllable(part.lower()) for part in marked)


def _once(text: str) -> str:
    """Return the original of a text that was encoded twice, "" for other texts."""
    data = bytearray()
    for letter in text:
        code = _BYTES.get(letter, ord(letter))
        if code > 0xFF:
            return ""
        data.append(code)
    once = data.decode("utf-8", "replace")
    damaged = once.count("\ufffd") > _MAX_DAMAGE * len(once)
    return "" if damaged or not _VIETNAMESE.search(once) else unicodedata.normalize("NFC", once)


def _by_line(text: str) -> Decoded | None:
    """Repair a text with some lines in an old font: written in one program and completed in another."""
    lines = text.split("\n")
    strange = [n for n, line in enumerate(lines) if is_strange(line) and _is_nonsense(line)]
    if not strange:
        return None
    best, _ = _best_font("\n".join(lines[n] for n in strange)[:_SAMPLE])
    found = {n: line for n in strange if _share(line := _from_font(lines[n], best)) >= _MIN_SHARE}
    return Decoded("\n".join(found.get(n, line) for n, line in enumerate(lines)), best) if found else None


def _is_nonsense(line: str) -> bool:
    marked = _marked(line)
    return len(marked) > 2 and sum(map(is_syllable, marked)) < 0.5 * len(marked)


def _unicode(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(1, _MAX_DAMAGE * len(text)):
        raise BadRecordError("half an encoding: neither UTF-8 nor anything else throughout", code="damaged")
    found = repair(text)
    return found if found.encoding != "utf-8" else Decoded(found.text, encoding, found.mended)


def _eight_bit(data: bytes) -> Decoded | None:
    """Return the text in the eight-bit encoding that gives most Vietnamese syllables; None when none gives enough."""
    sample = data[:_SAMPLE]
    best, share = _best_font(sample.decode("latin-1"))
    windows = unicodedata.normalize("NFC", sample.decode("cp1258", errors="replace"))
    if _share(windows) >= max(share, _MIN_SHARE):
        return Decoded(unicodedata.normalize("NFC", data.decode("cp1258", errors="replace")), "windows-1258")
    if share >= _MIN_SHARE:
        text = data.decode("latin-1")
        return Decoded(_from_font(text if best == "viscii" else text.translate(_WINDOWS), best), best)
    return None


def _best_font(sample: str) -> tuple[str, float]:
    return max(((font, _share(_from_font(sample, font))) for font in _FONTS), key=lambda guess: guess[1])


def _from_font(text: str, font: str) -> str:
    found = "\n".join(viparse.fix(line, encoding=font) if line else "" for line in text.split("\n"))
    if font != "tcvn3":
        return found
    if "\u00ad" not in text:
        found = _HYPHENED.sub(_with_its_letter, found)
    return "\n".join(map(_capitals, found.split("\n")))


def _with_its_letter(found: re.Match[str]) -> str:
    """Return a word with ư for its hyphen, where that makes a syllable. TCVN3 has ư at the place of the soft hyphen,
    which readers of PDF write as a hyphen (`ph-ờng`).
    """
    meant = found[0].replace("-", "ư")
    return meant if is_syllable(meant.lower()) else found[0]


def _capitals(line: str) -> str:
    """Capitalise a line whose plain letters are capitals: TCVN3 has no accented capitals, a second font shows them."""
    plain = [letter for letter in line if letter.isascii() and letter.isalpha()]
    return line.upper() if len(plain) > 3 and all(letter.isupper() for letter in plain) else line


def _marked(text: str) -> list[str]:
    words = (word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text)))
    return [word for word in words if not word.isascii()]


def _share(text: str) -> float:
    marked = _marked(text)
    return sum(map(is_syllable, marked)) / len(marked) if len(marked) > 2 else 0.0


def _utf_16_without_mark(sample: bytes) -> str:
    """Tell the byte order: every second byte of Vietnamese UTF-16 is often zero (spaces, plain letters), the others
    never.
    """
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.2 * len(sample) / 2 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.2 * len(sample) / 2 and not odd else ""


class Doubt(NamedTuple):
    """Why a text should not be searched, and the kind of the reason."""

    reason: str
    code: SkipCode


def language_doubt(text: str, *, recognised: bool = False) -> Doubt | None:
    """Return the reason not to search this text as Vietnamese; None for an ordinary or a very short text.

    recognised: the text is from a scan: OCR makes pictures and other languages look more like Vietnamese.
    """
    middle = len(text) // 2
    sample = text if len(text) <= 2 * _JUDGED else text[:_JUDGED] + "\n" + text[middle : middle + _JUDGED]
    sample = normalize(sample)
    # Words in capitals alone are abbreviations ("TW", "HĐND") or headings.
    words = [t.key for t in tokens(sample) if not t.key.isdigit() and not sample[t.start : t.end].isupper()]
    if len(words) < _ENOUGH:
        return None
    share = sum(map(is_syllable, words)) / len(words)
    marked = sum(not word.isascii() for word in words) / len(words)
    if share < (_MIN_RECOGNISED if recognised else _MIN_VIETNAMESE if marked >= _MIN_MARKED else _MIN_PLAIN):
        return Doubt(f"not Vietnamese enough ({share:.0%} of its words can be Vietnamese)", "foreign")
    if len(words) >= _ENOUGH_PLAIN and marked < _MIN_MARKED and share < _MIN_PLAIN_SHARE:
        return Doubt(f"text damaged by OCR or a font: no diacritics, {1 - share:.0%} of its words are none", "damaged")
    return None
