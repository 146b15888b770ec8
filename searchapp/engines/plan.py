"""Turn the query tree into a plan, alike for every engine: required words, and scores by field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from typing import Final, Literal, TypeAlias

from searchapp.fields import TEXT_FIELDS, TextField, Weights
from searchapp.query import AllOf, AnyOf, Leaf, Node, Not, Number, Phrase, Prefix, Word, positive
from searchapp.text.normalize import fold_key, has_marks
from searchapp.text.questions import Questions, is_question, words_asking
from searchapp.text.tokens import tokens, words_asked

ENOUGH_TO_SPELL: Final = 1_000
"""Articles that an archive needs before its own spelling ranks a query without accents: fewer teach too little."""
SLACK: Final = 1e-5
"""Sums of float32 are not exact: a share of exactly a half must not fail by its last bit."""
OWN_NUMBER: Final = 10_000.0
"""A bonus for the text of a document whose number was asked for: more than any sum of words."""
EXACT_FIRST: Final = 100.0
"""A bonus where the one asked syllable stands with its accents: more than any score of one syllable."""
MAX_EXPANSIONS: Final = 200
"""The most terms that a prefix stands for, the most frequent first."""
MAX_VALUES: Final = 200
"""The values listed of one facet, beside the chosen ones."""

Kind: TypeAlias = Literal["phrase", "prefix"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that adds to the score of the articles where it occurs.

    kind "phrase": `keys` stand side by side in the field (one key is a plain term); "prefix": keys[0] begins a term.
    """

    field: TextField
    keys: tuple[str, ...]
    weight: float
    kind: Kind = "phrase"


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query: the flattened tree, its clauses, and the documents asked for by number.

    exact: the one syllable of a query that is nothing but a syllable with accents, else "". Articles with this syllable
    come before those that have the same letters with another tone.
    """

    tree: Node
    clauses: tuple[Clause, ...]
    numbers: tuple[Number, ...]
    exact: str = ""


def compile_query(
    tree: Node, text: str, weights: Weights, questions: Questions | None = None, restored: str = ""
) -> Plan:
    """Plan a tree; `text`: the typed words, for words of several syllables; questions: the words that only ask.

    restored: a text without accents as the archive most likely spells it, which then scores a little too.

    Scores are a sum over all positive leaves, in any place of the tree. Each leaf counts once, however often the query
    has it. When any word of the query is marked, a word counts on the accented and the folded stream. Otherwise it
    counts on the folded one alone. Neighbouring words count as pairs.
    """
    flat = _flatten(tree)
    leaves = list(positive(flat))
    accented = any(leaf.marked for leaf in leaves if isinstance(leaf, Word))
    worth: dict[tuple[str, tuple[str, ...]], float] = {}
    for name, keys, share in chain(
        _spoken(flat, accented, weights, questions or Questions.shipped()), _joined(leaves, text, accented, weights)
    ):
        worth[name, keys] = max(share, worth.get((name, keys), 0.0))
    if restored and not accented:
        worth |= dict(_restored(leaves, restored, weights))
    clauses = [
        Clause(field, keys, share * weights.of(field, accented=accented))
        for (name, keys), share in worth.items()
        for field in TEXT_FIELDS
        if field.stream == name and share
    ]
    for prefix in (leaf for leaf in leaves if isinstance(leaf, Prefix)):
        fields = [field for field in TEXT_FIELDS if field.stream == "f"]
        clauses += [Clause(f, (prefix.letters,), weights.of(f, accented=accented), "prefix") for f in fields]
    exact = flat.key if isinstance(flat, Word) and flat.marked else ""
    return Plan(flat, tuple(clauses), tuple(leaf for leaf in leaves if isinstance(leaf, Number)), exact)


def _restored(
    leaves: Sequence[Leaf], restored: str, weights: Weights
) -> Iterator[tuple[tuple[str, tuple[str, ...]], float]]:
    """Yield stream, keys and share of likely accents, as far as the tree asks for their letters."""
    asked = {fold_key(leaf.key) for leaf in leaves if isinstance(leaf, Word)}
    keys = [token.key for token in tokens(restored) if fold_key(token.key) in asked]
    yield from ((("a", (key,)), weights.restored) for key in keys if has_marks(key))
    words = (word for word in words_asked(restored) if asked.issuperset(map(fold_key, word.split("_"))))
    yield from ((("w", (word,)), weights.restored) for word in words)


def _spoken(
    flat: Node, accented: bool, weights: Weights, known: Questions
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Yield stream, key and share of every plain word and every pair of neighbours."""
    for run in _runs(flat, known, question=is_question(flat)):
        folded = [fold_key(word.key) for word, _ in run]
        shares = [weights.question if asks else 1.0 for _, asks in run]
        yield from (("f", (key,), share) for key, share in zip(folded, shares, strict=True))
        yield from (
            ("f2", (" ".join(pair),), max(of)) for pair, of in zip(pairwise(folded), pairwise(shares), strict=True)
        )
        if accented:
            yield from (("a", (word.key,), share) for (word, _), share in zip(run, shares, strict=True))


def _joined(
    leaves: Sequence[Leaf], text: str, accented: bool, weights: Weights
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Yield stream, keys and share of words of several syllables, of phrases, and of spelled-out abbreviations."""
    if accented:
        known = {key for leaf in leaves for key in _keys(leaf)}
        words = chain.from_iterable(map(words_asked, _said(text, known)))
        yield from (("w", (word,), 1.0) for word in words if known.issuperset(word.split("_")))
    for leaf in leaves:
        if isinstance(leaf, Phrase):
            yield from ((*way, 1.0) for way in _scored(leaf))
        elif isinstance(leaf, Word):
            yield from ((*_scored(phrase)[0], weights.synonym) for phrase in (*leaf.same, *leaf.also))


_UNSAID: Final = re.compile(
    r'(?<!\S)-(?:["“„][^"”]*["”]?|\([^)]*\)?|\S+)|(?<!\S)(?P<field>[a-z][a-z_-]+):(?:"[^"]*"?|\S+)|["“”„]'
)
_ALTERNATIVES: Final = re.compile(r"\bOR\b|[()]")


def _said(text: str, known: set[str]) -> list[str]:
    """Return the pieces of a typed text that are cut into words: neighbours are cut by each other, so that what is left
    out, a field, a phrase or an alternative must stand apart.

    known: the keys of the query's words; a field of no such name ("date:hôm nay") is words.

    >>> _said('Bắc Giang -"thanh tra" nguon:abc', {"bắc", "giang"}), _said("date:hôm nay", {"date", "hôm", "nay"})
    (['Bắc Giang ', ' ', ''], ['date:hôm nay'])
    """
    apart = _UNSAID.sub(lambda found: found.group() if found["field"] in known else "\0", text)
    return (_ALTERNATIVES.sub("\0", apart) if "OR" in apart else apart).split("\0")


def _scored(phrase: Phrase) -> list[tuple[str, tuple[str, ...]]]:
    """Return streams and keys by which a phrase scores: first with its typed accents, then by letters."""
    stream, _ = phrase_stream(phrase)
    folded = ("f", tuple(map(fold_key, phrase.keys)))
    return [folded] if stream == "f" else [("a", phrase.keys)] if stream == "a" else [("a", phrase.keys), folded]


def idf(matching: int, articles: int) -> float:
    """Return the weight of a term: ln(1 + (N - n + .5) / (n + .5)), never negative.

    >>> round(idf(1, 10), 4)
    1.9924
    """
    return math.log(1 + (articles - matching + 0.5) / (matching + 0.5))


def _flatten(node: Node) -> Node:
    """Return the same tree with every AllOf inside an AllOf taken apart: their words are weighed together."""
    if isinstance(node, Not):
        return Not(_flatten(node.child))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_flatten(child) for child in node.children))
    if not isinstance(node, AllOf):
        return node
    children: list[Node] = []
    for child in (_flatten(child) for child in node.children):
        children += child.children if isinstance(child, AllOf) else (child,)
    return children[0] if len(children) == 1 else AllOf(tuple(children))


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an AllOf. runs: its plain words, adjacent words together."""

    runs: tuple[tuple[Word, ...], ...]
    rest: tuple[Node, ...]
    without: tuple[Node, ...]


def parts_of(node: AllOf) -> Parts:
    """Return the words of an AllOf, its other required parts, and its forbidden parts."""
    runs = tuple(
        tuple(child for child in group if isinstance(child, Word))
        for words, group in groupby(node.children, lambda child: isinstance(child, Word))
        if words
    )
    rest = tuple(child for child in node.children if not isinstance(child, (Word, Not)))
    return Parts(runs, rest, tuple(child.child for child in node.children if isinstance(child, Not)))


MIXED: Final = "m"
"""The accented stream, where a key without accents stands for any: no field of its own, positions of two."""


def phrase_stream(phrase: Phrase) -> tuple[str, tuple[str, ...]]:
    """Return the stream in which a phrase is looked up, with its keys there: typed accents hold.

    >>> phrase_stream(Phrase(("chuyển", "doi"), marked=True))
    ('m', ('chuyển', 'doi'))
    """
    if phrase.exact:
        return "a", phrase.keys
    marked = [phrase.marked and has_marks(key) for key in phrase.keys]
    keys = tuple(key if exact else fold_key(key) for exact, key in zip(marked, phrase.keys, strict=True))
    return ("a" if all(marked) else MIXED if any(marked) else "f"), keys


def syllable_streams(stream: str, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each key of a phrase (`phrase_stream`) with the stream "a" or "f" that holds its positions."""
    for key in keys:
        yield (("a" if has_marks(key) else "f") if stream == MIXED else stream), key


def _runs(node: Node, known: Questions, *, question: bool = False) -> Iterator[list[tuple[Word, bool]]]:
    """Yield adjacent words, each with whether it only asks."""
    if isinstance(node, Word):
        yield [(node, False)]
    elif isinstance(node, (AllOf, AnyOf)):
        for words, group in groupby(node.children, lambda child: isinstance(child, Word)):
            if words and isinstance(node, AllOf):
                run = [child for child in group if isinstance(child, Word)]
                asks = words_asking(run, known) if question else []
                yield list(zip(run, [False] * len(run) if all(asks) else asks, strict=True))
            else:
                for child in group:
                    yield from _runs(child, known)


def _keys(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, Word):
        return (leaf.key,)
    return leaf.keys if isinstance(leaf, Phrase) else ()
