"""Which Vietnamese words exist: pyvi's lexicon, and how a syllable is written that stands alone or before a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Final

from searchapp.text.normalize import fold_key, has_marks
from searchapp.text.syllables import key as search_key

_ROMAN: Final = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_LONGEST: Final = 5  # syllables of a word; longer ones are sayings
Words = Collection[tuple[str, ...]]
"""Words of several syllables, as search keys."""


def covered(keys: Sequence[str], more: Words = frozenset(), following: str = "", *, strict: bool = True) -> bool:
    """Return whether words of the lexicon, of `more`, and syllables that stand alone make up all of these keys.

    following: the key after the last, which may be a number. strict: a syllable of which the table says nothing does
    not stand alone; else only one that lacks its accents does not. Where other accents make fewer words of the same
    letters, the keys are a mere row of syllables ("hai phòng" beside "Hải Phòng").

    >>> covered(["sáp", "nhập", "tỉnh"]), covered(["sáp", "nhập", "tinh"]), covered(["dẫn", "văn"])
    (True, False, False)
    """
    after = [*keys[1:], following]

    def stands(at: int) -> bool:
        return _stands(keys[at], after[at], strict=strict, first=at == 0)

    needed = _fewest(keys, stands, lambda word: word in _lexicon() or word in more)
    folded = [fold_key(key) for key in keys]
    named = _without_accents(frozenset(more))
    letters = _fewest(folded, lambda _: True, lambda word: word in _without_accents(_lexicon()) or word in named)
    return bool(needed) and needed <= letters


def _fewest(keys: Sequence[str], alone: Callable[[int], bool], is_word: Callable[[tuple[str, ...]], bool]) -> int:
    """Return how few words make up all keys, 0 where none do."""
    none = len(keys) + 1
    fewest = [0, *(none for _ in keys)]
    for at in range(len(keys)):
        if fewest[at] == none:
            continue
        ends = range(at + 1, min(at + _LONGEST, len(keys)) + 1)
        for end in ends:
            if alone(at) if end == at + 1 else is_word(tuple(keys[at:end])):
                fewest[end] = min(fewest[end], fewest[at] + 1)
    return fewest[-1] if fewest[-1] < none else 0


def _stands(key: str, after: str, *, strict: bool, first: bool) -> bool:
    """Whether a syllable that belongs to no word is written so; a foreign one and a number are as they are."""
    alone, counted, leading = _standing()
    folded = fold_key(key)
    if key in leading.get(folded, ()):
        return bool(after) and not first  # nobody's words end in "của", few begin with it
    if is_number(after) and folded in counted:
        return key in counted[folded]
    if strict:
        return is_number(key) or key in alone.get(folded, ())
    return has_marks(key) or key in alone.get(folded, (key,))


def is_word(keys: tuple[str, ...]) -> bool:
    """Tell whether these keys are a word of the lexicon."""
    return keys in _lexicon()


def is_syllable_of_words(key: str) -> bool:
    """Tell whether a word of the lexicon has this syllable, with these accents."""
    return key in _syllables()


@cache
def _syllables() -> frozenset[str]:
    return frozenset(chain.from_iterable(_lexicon()))


def is_number(key: str) -> bool:
    """Tell whether a key is a number in digits or in Roman numerals, as "khóa XIII" and "quý II" have them."""
    return key.isdigit() or bool(_ROMAN.fullmatch(key))


def _lines() -> list[str]:
    return (resources.files("searchapp") / "data" / "standing_words.tsv").read_text("utf-8").splitlines()[1:]


@cache
def _standing() -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]]]:
    """Folded key → keys, of a syllable that stands alone (rent and tax may both), of one before a number, and of one
    that needs more words behind.
    """
    rows = [line.partition("\t") for line in _lines()]
    tables: dict[str, dict[str, set[str]]] = {"": {}, "number": {}, "more": {}}
    for word, _, before in rows:
        if " " in word:
            continue  # a term of offices, in the lexicon
        key = search_key(word)
        tables[before].setdefault(fold_key(key), set()).add(key)
    return tables[""], tables["number"], tables["more"]


@lru_cache(maxsize=8)
def _without_accents(words: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(map(fold_key, word)) for word in words if len(word) > 1)


@cache
def _lexicon() -> frozenset[tuple[str, ...]]:
    """pyvi's words of several syllables; none where it comes without them."""
    try:
        text = resources.files("pyvi").joinpath("models", "words.txt").read_text("utf-8")
    except OSError:
        return frozenset()
    ours = (line.partition("\t")[0] for line in _lines())
    words = (line.split() for line in (*text.lower().split("\n"), *ours))
    return frozenset(tuple(map(search_key, word)) for word in words if 1 < len(word) <= _LONGEST)
