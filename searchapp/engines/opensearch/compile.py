"""From the plan of a query to OpenSearch's own query: which articles match, and what adds to their scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from searchapp.engines.opensearch.mapping import any_of, codes_of, term_of
from searchapp.engines.plan import (
    COVERAGE,
    EXACT_FIRST,
    FEW_WORDS,
    OWN_NUMBER,
    SLACK,
    Clause,
    Parts,
    Plan,
    idf,
    parts_of,
    phrase_stream,
)
from searchapp.engines.rows import SYMBOL
from searchapp.query import AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Word
from searchapp.text.fold import fold_key

Clauses = dict[str, Any]

NOTHING: Final[Clauses] = {"match_none": {}}
EVERYTHING: Final[Clauses] = {"exists": {"field": "key"}}
"""Every article; the documents in the same index have no key."""


class Compiler:
    """Compiles plans for one generation.

    count: in how many articles each of some filters holds; expansions: the terms that a prefix stands for; articles:
    how many there are in all; text_of: key of the article that holds the text of a document, "" for none.
    """

    def __init__(
        self,
        count: Callable[[Sequence[Clauses]], list[int]],
        expansions: Callable[[str], Sequence[str]],
        articles: Callable[[], int],
        text_of: Callable[[str], str],
    ) -> None:
        self._count = count
        self._expansions = expansions
        self._articles = articles
        self._text_of = text_of

    def query(self, plan: Plan, found: Clauses, *, scored: bool) -> Clauses:
        """The query over the articles `found`; without scores where the order does not need them."""
        should = self.scores(plan) if scored else []
        return {"bool": {"filter": [found], "should": should, "minimum_should_match": 0}}

    def found(self, plan: Plan) -> Clauses:
        """The filter of the articles that match."""
        return self._match(plan.tree)

    def most_of(self, plan: Plan) -> Clauses | None:
        """The filter of the articles with the most words, for when none has all; None where this does not apply."""
        if not isinstance(plan.tree, AllOf):
            return None
        parts = parts_of(plan.tree)
        if not 1 < len(parts.words) <= FEW_WORDS:
            return None
        words = [self._word(key, also) for key, also in parts.words.items()]
        levels = [self._all_of([_any(words, most)], parts) for most in range(len(words) - 1, 0, -1)]
        counts = self._count(levels)
        return next((level for level, count in zip(levels, counts, strict=True) if count), None)

    def scores(self, plan: Plan) -> list[Clauses]:
        """What adds to the score of an article."""
        clauses = [self._clause(clause) for clause in plan.clauses if clause.weight]
        if plan.exact:
            clauses.append(_constant(_term(any_of("a"), plan.exact), EXACT_FIRST))
        for number in plan.numbers:
            clauses.append(_constant(self._number(number), 1.0))
            texts = [key for key in map(self._text_of, number.documents) if key]
            if texts:
                clauses.append(_constant({"terms": {"key": texts}}, OWN_NUMBER))
        return clauses

    def _clause(self, clause: Clause) -> Clauses:
        name, stream = clause.field.name, clause.field.stream
        if clause.kind == "prefix":
            return _constant({"terms": {name: list(self._expansions(clause.keys[0]))}}, clause.weight)
        if len(clause.keys) == 1:
            return {"term": {name: {"value": term_of(stream, clause.keys[0]), "boost": clause.weight}}}
        return {"match_phrase": {name: {"query": " ".join(clause.keys), "boost": clause.weight}}}

    def _match(self, node: Node) -> Clauses:
        if isinstance(node, Word):
            return self._word(fold_key(node.key), node.also)
        if isinstance(node, Phrase):
            return _phrase(node)
        if isinstance(node, Prefix):
            return {"terms": {any_of("f"): list(self._expansions(node.letters))}}
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Not):
            return {"bool": {"filter": [EVERYTHING], "must_not": [self._match(node.child)]}}
        if isinstance(node, AnyOf):
            return _any([self._match(child) for child in node.children])
        parts = parts_of(node)
        words = [self._word(key, also) for key, also in parts.words.items()]
        return self._all_of([self._covering(words)] if len(words) > FEW_WORDS else words, parts)

    def _all_of(self, words: list[Clauses], parts: Parts) -> Clauses:
        """All of the words, as they were compiled, with what else is asked for."""
        must = [*words, *map(self._match, parts.rest)]
        return {"bool": {"filter": must or [EVERYTHING], "must_not": [self._match(node) for node in parts.without]}}

    def _word(self, key: str, also: Sequence[Phrase]) -> Clauses:
        plain = _term(any_of("f"), key)
        return _any([plain, *map(_phrase, dict.fromkeys(also))]) if also else plain

    def _covering(self, words: Sequence[Clauses]) -> Clauses:
        """Articles that have at least COVERAGE of the idf mass of these words, without those that no article has."""
        counts = self._count(words)
        worth = [(word, idf(count, self._articles())) for word, count in zip(words, counts, strict=True) if count]
        if not worth:
            return NOTHING
        least = sum(mass for _, mass in worth) * (COVERAGE - SLACK)
        masses = {"bool": {"should": [_constant(word, mass) for word, mass in worth]}}
        return {"function_score": {"query": masses, "min_score": least}}

    def _number(self, number: Number) -> Clauses:
        return _any([_term(SYMBOL, number.symbol), {"terms": {"document": codes_of(number.documents)}}])


def _phrase(phrase: Phrase) -> Clauses:
    """Title or text with the phrase; two folded neighbours are a term of their own."""
    stream, keys = phrase_stream(phrase)
    if len(keys) == 1:
        return _term(any_of(stream), keys[0])
    if stream == "f" and len(keys) == 2:
        return _term(any_of("f2"), term_of("f2", " ".join(keys)))
    return _any([{"match_phrase": {f"{part}_{stream}": " ".join(keys)}} for part in ("title", "body")])


def _term(field: str, value: str) -> Clauses:
    return {"term": {field: value}}


def _any(clauses: Sequence[Clauses], least: int = 1) -> Clauses:
    return {"bool": {"should": list(clauses), "minimum_should_match": least}} if clauses else NOTHING


def _constant(clause: Clauses, worth: float) -> Clauses:
    return {"constant_score": {"filter": clause, "boost": worth}}
