"""Typing repair: raw Telex and VNI, typed while the input method was off, read as the syllables that were meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from searchapp.engine import Engine
from searchapp.query import AllOf, AnyOf, Node, Not, Phrase, Word
from searchapp.synonyms import with_abbreviations
from searchapp.text.fold import fold_key, has_marks
from searchapp.text.tokens import key as search_key
from searchapp.text.typing import decode

FAR_MORE: Final = 50
"""A token that does occur is still decoded beside decoded ones, when its decoded form occurs so many times as often:
"cos" in a query of raw Telex is có, not the cosine."""


def repaired(engine: Engine, tree: Node) -> tuple[Node, dict[str, str]]:
    """The tree with raw Telex and VNI decoded, and what was read as what: {"quyeets": "quyết"}.

    A token is decoded when nobody wrote it and its decoded form is known; numbers and accented words never are.
    """
    words = {key for key in _keys(tree) if key.isascii() and not key.isdigit()}
    readings = {word: search_key(read) for word in words if (read := decode(word)) and has_marks(read)}
    if not readings:
        return tree, {}
    raw = engine.frequencies({fold_key(word) for word in readings}, stream="f")
    meant = engine.frequencies(set(readings.values()), stream="a")
    known = {word: read for word, read in readings.items() if meant.get(read)}
    sure = {word: read for word, read in known.items() if not raw.get(fold_key(word))}
    if sure:
        sure |= {word: read for word, read in known.items() if meant[read] > FAR_MORE * raw.get(fold_key(word), 0)}
    return (_with(tree, sure), sure) if sure else (tree, {})


def plain_words(node: Node) -> list[Word]:
    """The words that are asked for, phrases and what is excluded left out."""
    if isinstance(node, Word):
        return [node]
    if isinstance(node, (AllOf, AnyOf)):
        return [word for child in node.children for word in plain_words(child)]
    return []


def _keys(node: Node) -> Iterator[str]:
    """What is asked for, in phrases too; what stands for something else is meant as it is."""
    if isinstance(node, Word) and not node.also:
        yield node.key
    elif isinstance(node, Phrase):
        yield from node.keys
    elif isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _keys(child)


def _with(node: Node, readings: Mapping[str, str]) -> Node:
    if isinstance(node, Word) and node.key in readings:
        return Word(readings[node.key], marked=True)
    if isinstance(node, Phrase) and not readings.keys().isdisjoint(node.keys):
        return Phrase(tuple(readings.get(key, key) for key in node.keys), marked=True)
    if isinstance(node, AllOf):
        return AllOf(tuple(with_abbreviations([_with(child, readings) for child in node.children])))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_with(child, readings) for child in node.children))
    return Not(node.child) if isinstance(node, Not) else node
