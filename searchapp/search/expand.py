"""Expand abbreviations in a query, both ways: MTTQ finds Mặt trận Tổ quốc, and the full name finds MTTQ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searchapp.query import AllOf, AnyOf, Node, Phrase, Word
from searchapp.text.abbreviations import CITY_KEY, Abbreviations, city_length
from searchapp.text.lay_terms import LayTerms
from searchapp.text.normalize import fold, has_marks, normalize
from searchapp.text.syllables import is_syllable
from searchapp.text.tokens import tokens

_QUOTED: Final = re.compile(r'"[^"]*"?')


def in_capitals(text: str, known: Abbreviations) -> bool:
    """Tell whether a query is a sentence typed in capitals, where TU in TU TUONG is an ordinary syllable.

    It has several words, no small letter, and a syllable that is no abbreviation: "BTV TU" is two abbreviations.
    """
    words = [text[token.start : token.end] for token in tokens(_QUOTED.sub(" ", text))]
    words = [word for word in words if not word.isdigit() and word != "OR"]
    if len(words) < 2 or not all(word.isupper() for word in words):
        return False
    return any(is_syllable(fold(word)) and not known.expansions(word) for word in words)


def written_out(typed: str, known: Abbreviations) -> tuple[Phrase, ...]:
    """Return the expansions of an abbreviation in a query, as phrases; () for any other word."""
    return tuple(_phrase(text) for text in known.expansions(typed.replace("&", "-")))


def with_abbreviations(children: Sequence[Node], known: Abbreviations) -> list[Node]:
    """Return neighbours in a query; the abbreviation of a full name also answers the name's syllables.

    Each syllable of "ủy ban nhân dân" gets UBND as its synonym. So it still counts among the words of the query, and
    articles where the syllables stand apart are found too. The spellings of one city become its one token.
    """
    found: list[Node] = []
    at = 0
    said = _runs(children)
    while at < len(children):
        if length := city_length(said[at]):
            found.append(Word(CITY_KEY, also=written_out(CITY_KEY, known)))
            at += length
        else:
            found.append(children[at])
            at += 1
    for start, run in enumerate(_runs(found)):
        for length, short in known.stand_for(run) if run else ():
            also = Phrase(tuple(short.split()), has_marks(short) and " " in short)
            for place in range(start, start + length):
                word = found[place]
                if isinstance(word, Word) and also not in word.also:
                    found[place] = replace(word, also=(*word.also, also))
    return found


def with_official_terms(node: Node, terms: LayTerms) -> Node:
    """Return the tree where the laws' word also answers each term of laypeople; two-way terms work back as well.

    Words in quotes or behind a minus stay. The search for terms goes from the left, the longest first.
    """
    if isinstance(node, AnyOf):
        return AnyOf(tuple(with_official_terms(child, terms) for child in node.children))
    children: list[Node] = list(node.children) if isinstance(node, AllOf) else [node]
    at = 0
    said = _runs(children)
    while at < len(children):
        length, others = terms.stand_for(said[at])
        also = tuple(Phrase(keys, any(map(has_marks, keys))) for keys in others)
        for place in range(at, at + length):
            word = children[place]
            if isinstance(word, Word):
                children[place] = replace(word, also=(*word.also, *(way for way in also if way not in word.also)))
        if not length and isinstance(children[at], (AllOf, AnyOf)):
            children[at] = with_official_terms(children[at], terms)
        at += length or 1
    return AllOf(tuple(children)) if isinstance(node, AllOf) else children[0]


def _runs(children: Sequence[Node]) -> list[list[str]]:
    """Return for each child the keys of the adjacent plain words that begin there."""
    keys = [child.key if isinstance(child, Word) else "" for child in children]
    ends = [len(keys)] * (len(keys) + 1)
    for at in range(len(keys) - 1, -1, -1):
        ends[at] = ends[at + 1] if isinstance(children[at], Word) else at
    return [keys[at : ends[at]] for at in range(len(keys))]


def _phrase(text: str) -> Phrase:
    return Phrase(tuple(token.key for token in tokens(normalize(text))), has_marks(text))
