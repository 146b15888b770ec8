"""Know which letters make a Vietnamese syllable: initials, rhymes, and the spelling rules between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from searchapp.text.normalize import TONES, fold

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
