"""Which syllables of a question only ask: "như thế nào", "bao nhiêu", "gì". Answers seldom contain them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from searchapp.text.normalize import fold_key
from searchapp.text.tokens import key


def asking(keys: Sequence[str]) -> list[bool]:
    """For each syllable of a question, whether it belongs to a phrase of data/question_words.tsv; longest first.

    keys: accented search keys. Letters decide where a syllable has no accents, else the accents too: a question about
    "sọ não" does not ask "nào".

    >>> asking(["quyết", "toán", "như", "thế", "nào"])
    [False, False, True, True, True]
    """
    found = [False] * len(keys)
    at = 0
    while at < len(keys):
        length = next((len(phrase) for phrase in _phrases() if _stands(phrase, keys[at : at + len(phrase)])), 0)
        found[at : at + length] = [True] * length
        at += length or 1
    return found


def _stands(phrase: Sequence[str], keys: Sequence[str]) -> bool:
    return len(phrase) == len(keys) and all(
        typed in (meant, fold_key(meant)) for typed, meant in zip(keys, phrase, strict=True)
    )


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    """The phrases as search keys, the longest first."""
    table = resources.files("searchapp").joinpath("data", "question_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t")[0].split() for line in table.splitlines()[1:])
    return tuple(sorted((tuple(map(key, row)) for row in rows), key=len, reverse=True))
