"""From the query tree to a plan, alike for every engine: what must match, what scores in which field and how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from searchapp.fields import TEXT_FIELDS, TextField, Weights
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word
from searchapp.text.fold import fold_key
from searchapp.text.tokens import stream

FEW_WORDS: Final = 4
"""Up to so many different words an article must have all; with more, the query is a question (query.md)."""
COVERAGE: Final = 0.3
"""The share of a question's idf mass that an article must cover."""
SLACK: Final = 1e-5
"""Sums of float32 are not exact: a share of exactly .3 must not fail by its last bit."""
OWN_NUMBER: Final = 10_000.0
"""Added to the text of a document whose number was asked for: more than any sum of words, so that it comes first."""
EXACT_FIRST: Final = 100.0
"""Added where the one syllable asked for stands with its accents: more than any score of one syllable."""
MAX_EXPANSIONS: Final = 200
"""Terms that a prefix stands for at most, the most frequent first."""
MAX_VALUES: Final = 200
"""Values listed of one facet, beside the chosen ones."""

Kind: TypeAlias = Literal["phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Clause:
    """Something that adds to the score of the articles where it occurs.

    kind "phrase": `keys` stand side by side in the field (one key is a plain term); "prefix": keys[0] begins a term.
    """

    field: TextField
    keys: tuple[str, ...]
    weight: float
    kind: Kind = "phrase"


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query: the flattened tree, what scores, and the documents asked for by number.

    exact: the one syllable of a query that is nothing but a syllable with accents, else "": articles that have it so
    come before those that have only the same letters with another tone.
    """

    tree: Node
    clauses: tuple[Clause, ...]
    numbers: tuple[Number, ...]
    exact: str = ""


def compile_query(tree: Node, text: str, weights: Weights) -> Plan:
    """Plan a tree; `text` is what was typed, for its words of several syllables.

    Scores are a sum over all positive leaves, wherever they stand in the tree: a word counts on the accented and the
    folded stream when any word of the query is marked, else on the folded one alone; neighbouring words as bigrams.
    """
    flat = flatten(tree)
    leaves = list(_positive(flat))
    words = [leaf for leaf in leaves if isinstance(leaf, Word)]
    counts: Counter[tuple[str, tuple[str, ...], float]] = Counter()
    counts.update(("f", (fold_key(word.key),), 1.0) for word in words)
    counts.update(("f2", (pair,), 1.0) for pair in _pairs(flat))
    if any(word.marked for word in words):
        counts.update(("a", (word.key,), 1.0) for word in words)
        known = {key for leaf in leaves for key in _keys(leaf)}
        counts.update(("w", (word,), 1.0) for word in stream(text).words if known.issuperset(word.split("_")))
    counts.update((*phrase_stream(phrase), 1.0) for phrase in leaves if isinstance(phrase, Phrase))
    # Once, even where every syllable of a name has the same abbreviation beside it.
    also = dict.fromkeys(phrase for word in words for phrase in word.also)
    counts.update((*phrase_stream(phrase), weights.synonym) for phrase in also)
    clauses = [
        Clause(field, keys, worth * times * weights.of(field))
        for (name, keys, worth), times in counts.items()
        for field in TEXT_FIELDS
        if field.stream == name
    ]
    for prefix in (leaf for leaf in leaves if isinstance(leaf, Prefix)):
        clauses += [Clause(f, (prefix.letters,), weights.of(f), "prefix") for f in TEXT_FIELDS if f.stream == "f"]
    exact = flat.key if isinstance(flat, Word) and flat.marked else ""
    return Plan(flat, tuple(clauses), tuple(leaf for leaf in leaves if isinstance(leaf, Number)), exact)


def flatten(node: Node) -> Node:
    """The same tree with every AllOf inside an AllOf taken apart: their words are weighed together."""
    if isinstance(node, Not):
        return Not(flatten(node.child))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(flatten(child) for child in node.children))
    if not isinstance(node, AllOf):
        return node
    children: list[Node] = []
    for child in (flatten(child) for child in node.children):
        children += child.children if isinstance(child, AllOf) else (child,)
    return children[0] if len(children) == 1 else AllOf(tuple(children))


@dataclass(frozen=True, slots=True)
class Parts:
    """What an AllOf asks for. words: its different words by letters alone, each with all other ways to write it."""

    words: dict[str, tuple[Phrase, ...]]
    rest: list[Node]
    without: list[Node]


def parts_of(node: AllOf) -> Parts:
    """The words of an AllOf, what else must match, and what must not."""
    parts = Parts({}, [], [])
    for child in node.children:
        if isinstance(child, Word):
            key = fold_key(child.key)
            parts.words[key] = (*parts.words.get(key, ()), *child.also)
        elif isinstance(child, Not):
            parts.without.append(child.child)
        else:
            parts.rest.append(child)
    return parts


def phrase_stream(phrase: Phrase) -> tuple[str, tuple[str, ...]]:
    """The stream in which a phrase is looked up, with its keys there."""
    if phrase.marked:
        return "a", phrase.keys
    return "f", tuple(fold_key(key) for key in phrase.keys)


def _pairs(node: Node) -> Iterator[str]:
    """Folded bigrams of words that stand side by side in the query."""
    if isinstance(node, AllOf):
        for left, right in pairwise(node.children):
            if isinstance(left, Word) and isinstance(right, Word):
                yield f"{fold_key(left.key)} {fold_key(right.key)}"
    if isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _pairs(child)


def _positive(node: Node) -> Iterator[Word | Phrase | Prefix | Number]:
    if isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _positive(child)
    elif not isinstance(node, Not):
        yield node


def leaves_of(node: Node) -> Iterator[Word | Phrase | Prefix | Number]:
    """All leaves of a tree, also those that must not match."""
    if isinstance(node, Not):
        yield from leaves_of(node.child)
    elif isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from leaves_of(child)
    else:
        yield node


def _keys(leaf: Word | Phrase | Prefix | Number) -> tuple[str, ...]:
    if isinstance(leaf, Word):
        return (leaf.key,)
    return leaf.keys if isinstance(leaf, Phrase) else ()
