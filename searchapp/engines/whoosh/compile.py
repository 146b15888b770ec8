"""From the query tree to a plan: what must match, what scores in which field with which weight, what it will cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from searchapp.engines.whoosh.view import View
from searchapp.errors import BadQueryError
from searchapp.fields import TEXT_FIELDS, TextField, Weights
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word
from searchapp.text.fold import fold_key
from searchapp.text.tokens import stream

MAX_POSTINGS: Final = 100_000_000
"""Postings that one query may touch: about a second of work (5 to 10 ns each)."""
_POSITIONS: Final = 4
"""What a posting of a phrase costs beside a plain one: its positions are read too."""

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


def check_cost(view: View, plan: Plan, limit: int = MAX_POSTINGS) -> int:
    """How many postings a plan will touch. Raises BadQueryError, in Vietnamese, above the limit."""
    cost = sum(_cost(view, clause.field.name, clause.keys, clause.kind) for clause in plan.clauses)
    for leaf in _leaves(plan.tree):
        for part in ("title", "body"):
            cost += _matching_cost(view, part, leaf)
    if cost > limit:
        raise BadQueryError(
            "Câu tìm này phải đọc quá nhiều dữ liệu. Hãy bỏ bớt những từ rất phổ biến hoặc dùng ít từ hơn."
        )
    return cost


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


def _leaves(node: Node) -> Iterator[Word | Phrase | Prefix | Number]:
    if isinstance(node, Not):
        yield from _leaves(node.child)
    elif isinstance(node, (AllOf, AnyOf)):
        for child in node.children:
            yield from _leaves(child)
    else:
        yield node


def _keys(leaf: Word | Phrase | Prefix | Number) -> tuple[str, ...]:
    if isinstance(leaf, Word):
        return (leaf.key,)
    return leaf.keys if isinstance(leaf, Phrase) else ()


def _matching_cost(view: View, part: str, leaf: Node) -> int:
    if isinstance(leaf, Word):
        also = sum(_matching_cost(view, part, phrase) for phrase in leaf.also)
        return also + _cost(view, f"{part}_f", (fold_key(leaf.key),))
    if isinstance(leaf, Phrase):
        name, keys = phrase_stream(leaf)
        return _cost(view, f"{part}_{name}", keys)
    if isinstance(leaf, Prefix):
        return _cost(view, f"{part}_f", (leaf.letters,), "prefix")
    return 0  # a number is looked up in a column


def _cost(view: View, field: str, keys: tuple[str, ...], kind: Kind = "phrase") -> int:
    terms = view.expansions(keys[0]) if kind == "prefix" else keys
    each = _POSITIONS if kind == "phrase" and len(keys) > 1 else 1
    return each * sum(view.postings_of(field, term) for term in terms)
