"""How people ask: the syllables that only ask, and people's words for the words of laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Final

from searchapp.query import AllOf, Node, Word
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import key, tokens

_ANOTHER: Final = ("…",)  # at the end of a phrase: some word must follow
_FEW_WORDS: Final = 4
"""With more different words a query is a question: words that only ask count nothing, and fewer matches suffice."""


class Questions:
    """The phrases that only ask."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in question_words.tsv, with a `phrase` each; one that ends in "…" asks only before another word."""
        written = {tuple(normalize(row["phrase"]).split()) for row in rows}
        self._leading = {tuple(map(key, words[:-1])) for words in written if words[-1:] == _ANOTHER}
        phrases = {tuple(map(key, words)) for words in written if words[-1:] != _ANOTHER} | self._leading
        self._phrases: dict[str, list[tuple[str, ...]]] = {}  # by their first syllable, as it may be typed
        for phrase in sorted(filter(None, phrases), key=lambda phrase: (-len(phrase), phrase)):
            for first in {phrase[0], fold_key(phrase[0])}:
                self._phrases.setdefault(first, []).append(phrase)

    def asking(self, keys: Sequence[str], *, spelt: bool = False) -> list[bool]:
        """Return, for each syllable of a question, whether it belongs to such a phrase; the longest phrase first.

        keys: accented search keys. Letters decide where a syllable has no accents, else the accents too: a question
        about "sọ não" does not ask "nào". spelt: only phrases that stand with all their accents.

        >>> Questions.shipped().asking(["quyết", "toán", "như", "thế", "nào"])
        [False, False, True, True, True]
        """
        found = [False] * len(keys)
        at = 0
        while at < len(keys):
            likely = self._phrases.get(keys[at], ())
            stands = _is_spelt if spelt else _stands
            fits = (phrase for phrase in likely if stands(phrase, keys[at : at + len(phrase)]))
            length = next((len(one) for one in fits if at + len(one) < len(keys) or one not in self._leading), 0)
            found[at : at + length] = [True] * length
            at += length or 1
        return found

    def is_leading(self, key: str) -> bool:
        """Tell whether letters are those of one syllable that asks only before another word: "nhung"."""
        return any(len(phrase) == 1 and fold_key(phrase[0]) == key for phrase in self._leading)

    @staticmethod
    @cache
    def shipped() -> Questions:
        """Return the phrases of data/question_words.tsv."""
        table = resources.files("searchapp").joinpath("data", "question_words.tsv").read_text(encoding="utf-8")
        return Questions({"phrase": line.split("\t")[0]} for line in table.splitlines()[1:] if line)


def asking(keys: Sequence[str]) -> list[bool]:
    """Return, for each syllable of a question, whether it belongs to a phrase of data/question_words.tsv."""
    return Questions.shipped().asking(keys)


def words_asking(run: Sequence[Word], questions: Questions) -> list[bool]:
    """Return which neighbours of a query only ask; a word that stays does not."""
    return [asks and not word.stays for asks, word in zip(questions.asking([w.key for w in run]), run, strict=True)]


def is_question(node: Node | None) -> bool:
    """Tell whether a query is long enough to be a question (query.md)."""
    words = [child for child in node.children if isinstance(child, Word)] if isinstance(node, AllOf) else []
    return len({fold_key(word.key) for word in words}) > _FEW_WORDS


def only_asking(node: Node | None, questions: Questions) -> frozenset[str]:
    """Return the keys of a question that only ask in all of its places: nobody looks for them in a text."""
    asks: set[str] = set()
    said: set[str] = set()
    if isinstance(node, AllOf) and is_question(node):
        for plain, group in groupby(node.children, lambda child: isinstance(child, Word)):
            run = [child for child in group if isinstance(child, Word)] if plain else []
            told = words_asking(run, questions)
            for word, asking_ in zip(run, told, strict=True):
                (asks if asking_ and not all(told) else said).add(word.key)
    return frozenset(asks - said)


def _is_spelt(phrase: Sequence[str], keys: Sequence[str]) -> bool:
    return list(phrase) == list(keys)


def _stands(phrase: Sequence[str], keys: Sequence[str]) -> bool:
    return len(phrase) == len(keys) and all(
        typed in (meant, fold_key(meant)) for typed, meant in zip(keys, phrase, strict=True)
    )


Keys = tuple[str, ...]


class LayTerms:
    """The terms of a table, one way or both."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        """rows: as in lay_terms.tsv: lay, official (several with | between them), ways ("both" or "")."""
        self._terms: defaultdict[str, list[tuple[Keys, list[Keys]]]] = defaultdict(list)
        meant: defaultdict[Keys, dict[Keys, None]] = defaultdict(dict)
        laid: set[Keys] = set()
        for row in rows:
            lay, officials = _keys(row["lay"]), [_keys(text) for text in row["official"].split("|")]
            laid.add(lay)
            meant[lay] |= dict.fromkeys(officials)
            if row.get("ways") == "both":
                for official in officials:
                    meant[official][lay] = None
        self._officials = set(meant) - laid
        for said, others in meant.items():
            if said:
                self._terms[fold_key(said[0])].append((said, list(others)))
        for found in self._terms.values():
            found.sort(key=lambda row: (-len(row[0]), row[0]))

    def is_official(self, term: Keys) -> bool:
        """Tell whether a term is an official name alone, and no lay term of another."""
        return term in self._officials

    def stand_for(self, keys: Sequence[str]) -> tuple[Keys, list[Keys]]:
        """Return the longest term that these search keys begin with, and its other names.

        A syllable typed without accents counts for the accented one.

        >>> LayTerms.shipped().stand_for(["bang", "lái", "xe", "cũ"])
        (('bằng', 'lái', 'xe'), [('giấy', 'phép', 'lái', 'xe')])
        """
        for said, others in self._terms.get(fold_key(keys[0]), ()) if keys else ():
            pairs = zip(keys, said, strict=False)
            if len(keys) >= len(said) and all(typed in (full, fold_key(full)) for typed, full in pairs):
                return said, others
        return (), []

    @staticmethod
    @cache
    def shipped() -> LayTerms:
        """Return the terms of data/lay_terms.tsv."""
        table = resources.files("searchapp").joinpath("data", "lay_terms.tsv").read_text(encoding="utf-8")
        names = ("lay", "official", "ways")
        cells = (line.split("\t") for line in table.splitlines()[1:] if line)
        return LayTerms(dict(zip(names, [*row, "", ""], strict=False)) for row in cells)


def _keys(text: str) -> Keys:
    return tuple(key(token.key) for token in tokens(normalize(text)))
