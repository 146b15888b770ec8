"""Know which letters make a Vietnamese syllable: initials, rhymes, and the spelling rules between them.

The search key of a syllable is the common part of two spellings of it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from searchapp.text.normalize import LETTERS, TONES, fold

CAPITALS: Final = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""Every capital letter, for the class of a pattern: a range such as À-Ỹ holds the small ones too."""
SMALL: Final = CAPITALS.lower()

_INITIALS: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"

_RHYMES: Final = """
a ac ach ai am an ang anh ao ap at au ay  ăc ăm ăn ăng ăp ăt  âc âm ân âng âp ât âu ây
e ec em en eng eo ep et  ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu  y yêm yên yêng yêt yêu ych ynh yt
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt  ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut
uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
"""

_STOPS: Final = ("c", "p", "t", "ch")
_STOP_TONES: Final = (0, 4, 5)  # none written, sắc, nặng

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


def _fits(initial: str, rhyme: str) -> bool:
    """Tell whether spelling rules allow the pair: c/k, g/gh, ng/ngh by the next vowel.

    y… and u… follow few initials.
    """
    vowel, front = rhyme[0], rhyme[0] in "eêiy"
    if initial in ("c", "ng"):
        return not front
    if initial == "g":
        return vowel not in "eêy"  # people write "gì", "gìn" without a second i
    if initial in ("gh", "ngh"):
        return front and vowel != "y"
    if initial == "k":
        return front or vowel == "a"  # Bắc Kạn
    if initial == "gi":
        return vowel not in "iy"
    if initial == "qu":
        return vowel not in "ouư"
    return len(rhyme) == 1 or vowel != "y" or not initial


PLAIN: Final = frozenset(
    initial + rhyme for initial in ["", *_INITIALS.split()] for rhyme in _RHYMES.split() if _fits(initial, rhyme)
)
"""Every syllable that can be written, without its tone: "quyêt", "đang"."""

FOLDED: Final = frozenset(map(fold, PLAIN))
"""The same syllables by letters alone: "quyet", "dang"."""

_TONE_OF: Final = {
    unicodedata.normalize("NFC", vowel + mark): (vowel, tone)
    for vowel in "aăâeêioôơuưy"
    for tone, mark in enumerate(TONES)
    if mark
}


def split(syllable: str) -> tuple[str, int]:
    """Return the letters of a lower-case syllable without its tone, and the tone as an index into TONES.

    The tone is -1 for several tones.

    >>> split("quyết")
    ('quyêt', 4)
    """
    tone = 0
    letters = []
    for letter in syllable:
        plain, found = _TONE_OF.get(letter, (letter, 0))
        letters.append(plain)
        if found:
            tone = found if tone == 0 else -1
    return "".join(letters), tone


def begun(typed: str) -> str:
    """Return a pattern for what a half-typed syllable in lower case may become: a letter may get marks, and loses none.

    >>> [word for word in ("đất", "đấu", "đâu", "đầu", "đánh", "dấu") if re.match(begun("đấ"), word)]
    ['đất', 'đấu']
    """
    plain, tone = split(typed)
    letters = "".join(f"[{_may_become(letter)}]" for letter in plain)
    bearing = "".join(toned for toned, (_, found) in _TONE_OF.items() if found == tone)
    return (rf"(?=\w*[{bearing}])" if bearing else "") + letters + r"\w*"


@lru_cache(1 << 10)
def _may_become(letter: str) -> str:
    """Return all letters that a toneless one may become, for a class of a pattern."""
    toned = "".join(toned for toned, (plain, _) in _TONE_OF.items() if letter in (plain, fold(plain)))
    marked = "".join(vowel for vowel in (*_VOWELS, "đ") if fold(vowel) == letter)
    return re.escape(letter) + marked + toned


_LONGEST: Final = max(map(len, PLAIN))


def is_syllable(key: str) -> bool:
    """Tell whether these lower-case letters can be a Vietnamese syllable, accented or without any diacritic.

    A syllable that ends in c, ch, p or t bears sắc or nặng; one without its tone passes too.
    """
    return len(key) <= _LONGEST and _is_syllable(key)


@lru_cache(1 << 14)
def _is_syllable(key: str) -> bool:
    plain, tone = split(key)
    if tone == 0 and plain in FOLDED:
        return True
    return plain in PLAIN and (tone in _STOP_TONES if plain.endswith(_STOPS) else tone >= 0)


_VOWELS: Final = frozenset("aăâeêioôơuưy")
_STRONG: Final = frozenset("ăâêôơư")  # a vowel with a mark of its own takes the tone, the last one of two (ươ)
_MOVED: Final = ("oa", "oe", "uy")  # the only endings on which old and new style differ


def place(plain: str, tone: int) -> str:
    """Return a toneless syllable with a tone (an index into TONES) in the old style of Party documents: hòa, thủy."""
    if tone <= 0:
        return plain
    seat = _seat(plain)
    return unicodedata.normalize("NFC", plain[: seat + 1] + TONES[tone] + plain[seat + 1 :])


def _seat(plain: str) -> int:
    start = 2 if plain.startswith("qu") or (plain.startswith("gi") and plain[2:3] in _VOWELS) else 0
    while start < len(plain) and plain[start] not in _VOWELS:
        start += 1
    end = start
    while end < len(plain) and plain[end] in _VOWELS:
        end += 1
    strong = [at for at in range(start, end) if plain[at] in _STRONG]
    if strong:
        return strong[-1]
    if end < len(plain):
        return end - 1
    return start + 1 if end - start == 3 else start


def canon_syllable(syllable: str) -> str:
    """Return a lower-case syllable with its tone where the old style puts it; any other text unchanged.

    >>> canon_syllable("hoà"), canon_syllable("tòan"), canon_syllable("qúy")
    ('hòa', 'toàn', 'quý')
    """
    plain, tone = split(syllable)
    return place(plain, tone) if tone > 0 and plain in PLAIN else syllable


def new_style(syllable: str) -> str:
    """Return a lower-case syllable in the style of newer dictionaries (hoà, thuỷ), as in pyvi's lexicon."""
    plain, tone = split(syllable)
    if tone <= 0 or plain not in PLAIN:
        return syllable
    if plain.endswith(_MOVED) and not plain.startswith("qu"):
        return unicodedata.normalize("NFC", plain + TONES[tone])
    return place(plain, tone)


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
