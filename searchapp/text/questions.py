"""Know the syllables of a question that only ask: "như thế nào", "bao nhiêu", "gì". Answers seldom contain them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import key


class Questions:
    """The phrases that only ask."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in question_words.tsv, with a `phrase` each."""
        phrases = {tuple(map(key, normalize(row["phrase"]).split())) for row in rows}
        self._phrases: dict[str, list[tuple[str, ...]]] = {}  # by their first syllable, as it may be typed
        for phrase in sorted(filter(None, phrases), key=lambda phrase: (-len(phrase), phrase)):
            for first in {phrase[0], fold_key(phrase[0])}:
                self._phrases.setdefault(first, []).append(phrase)

    def asking(self, keys: Sequence[str]) -> list[bool]:
        """Return, for each syllable of a question, whether it belongs to such a phrase; the longest phrase first.

        keys: accented search keys. Letters decide where a syllable has no accents, else the accents too: a question
        about "sọ não" does not ask "nào".

        >>> Questions.shipped().asking(["quyết", "toán", "như", "thế", "nào"])
        [False, False, True, True, True]
        """
        found = [False] * len(keys)
        at = 0
        while at < len(keys):
            likely = self._phrases.get(keys[at], ())
            length = next((len(phrase) for phrase in likely if _stands(phrase, keys[at : at + len(phrase)])), 0)
            found[at : at + length] = [True] * length
            at += length or 1
        return found

    @staticmethod
    @cache
    def shipped() -> Questions:
        """Return the phrases of data/question_words.tsv."""
        table = resources.files("searchapp").joinpath("data", "question_words.tsv").read_text(encoding="utf-8")
        return Questions({"phrase": line.split("\t")[0]} for line in table.splitlines()[1:] if line)


def asking(keys: Sequence[str]) -> list[bool]:
    """Return, for each syllable of a question, whether it belongs to a phrase of data/question_words.tsv."""
    return Questions.shipped().asking(keys)


def _stands(phrase: Sequence[str], keys: Sequence[str]) -> bool:
    return len(phrase) == len(keys) and all(
        typed in (meant, fold_key(meant)) for typed, meant in zip(keys, phrase, strict=True)
    )
