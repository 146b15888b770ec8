"""From the plan of a query to OpenSearch's own query: which articles match, and what adds to their scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from searchapp.engines.opensearch.mapping import CUTS, any_of, codes_of, decoded, ordinal, term_of
from searchapp.engines.plan import (
    COVERAGE,
    EXACT_FIRST,
    FEW_WORDS,
    MAX_VALUES,
    OWN_NUMBER,
    SLACK,
    Clause,
    Parts,
    Plan,
    idf,
    parts_of,
    phrase_stream,
)
from searchapp.engines.stored import SYMBOL
from searchapp.fields import REPRINT
from searchapp.query import UNKNOWN, AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word
from searchapp.text.normalize import fold_key

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


Counts: TypeAlias = tuple[tuple[str, int], ...]

SHARD_SIZES: Final = (2_000, 20_000, 60_000)
"""Values that each shard reports of a facet: more when the first were too few to be sure of the most frequent."""
_DAYS: Final = 20_000
"""Different dates listed at most: fifty years of days."""


class Selection:
    """The filters of one query.

    meanings: the documents that a filter value means: itself, or all that bear this symbol. families: the families of
    reprints of some articles, by key.
    """

    def __init__(
        self, query: Query, meanings: Callable[[str], Sequence[str]], families: Callable[[Sequence[str]], list[str]]
    ) -> None:
        self._query = query
        self._families = families
        self._filters = {name: self._filter(name, values, meanings) for name, values in query.filters.items() if values}
        self._meanings = meanings

    def narrow(self, *, lifted: str = "") -> Clauses:
        """The filter of what passes every filter but the `lifted` facet, and the date limits."""
        clauses = [clause for name, clause in self._filters.items() if name != lifted]
        query = self._query
        clauses += [{"range": {"last": {"gte": ordinal(query.since)}}}] if query.since else []
        clauses += [{"range": {"first": {"lte": ordinal(query.until)}}}] if query.until else []
        return {"bool": {"filter": clauses}} if clauses else EVERYTHING

    def aggregations(self, shard_size: int) -> dict[str, Any]:
        """What to count: each facet and date step among what passes the other filters."""
        asked: dict[str, Any] = {}
        for name in self._query.facets:
            chosen = self._query.filters.get(name, ())
            inside = _date_counts(chosen) if name == "date" else {"values": _terms(name, shard_size)}
            if chosen and name != "date":
                filters = {value: self._filter(name, (value,), self._meanings) for value in chosen}
                inside["chosen"] = {"filters": {"filters": filters}}
            asked[f"facet {name}"] = {"filter": self.narrow(lifted=name), "aggs": inside}
        if self._query.steps:
            inside = {step: _dates(step) for step in self._query.steps}
            asked["steps"] = {"filter": self.narrow(), "aggs": inside}
        if self._query.fold:
            asked["folded"] = {"filter": self.narrow(), "aggs": {"families": _families(shard_size)}}
        return asked

    def facets(self, counted: Mapping[str, Any]) -> dict[str, Counts]:
        """The facets in an answer."""
        found = {}
        for name in self._query.facets:
            chosen = self._query.filters.get(name, ())
            one = counted[f"facet {name}"]
            found[name] = _date_facet(chosen, one) if name == "date" else _facet(name, chosen, one)
        return found

    def steps(self, counted: Mapping[str, Any]) -> dict[str, Counts]:
        """The date steps in an answer, undated last."""
        return {step: _with_undated(_rows(counted["steps"][step]), counted["steps"]) for step in self._query.steps}

    def folded(self, counted: Mapping[str, Any]) -> dict[str, int]:
        """Family → articles of it in the result set beside the one that is listed."""
        rows = counted["folded"]["families"]["buckets"] if self._query.fold else ()
        return {row["key"]: row["doc_count"] - 1 for row in rows if row["doc_count"] > 1}

    def _filter(self, name: str, values: Sequence[str], meanings: Callable[[str], Sequence[str]]) -> Clauses:
        if name == "date":
            return {"bool": {"should": [_day(value) for value in values], "minimum_should_match": 1}}
        if name == "document":
            return {"terms": {name: codes_of([slug for value in values for slug in meanings(value)])}}
        return {"terms": {name: self._families(values) if name == REPRINT else list(values)}}


def uncertain(counted: Mapping[str, Any]) -> bool:
    """Whether a shard left out values that might have been among the most frequent."""
    if counted.get("folded", {}).get("families", {}).get("sum_other_doc_count", 0):
        return True
    return any(one.get("values", {}).get("doc_count_error_upper_bound", 0) for one in counted.values())


def _terms(name: str, shard_size: int) -> dict[str, Any]:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": name, "size": MAX_VALUES, "shard_size": shard_size, "order": order}}


def _families(shard_size: int) -> dict[str, Any]:
    return {"terms": {"field": "family", "size": shard_size, "shard_size": shard_size}}


def _dates(cut: str, **more: Any) -> dict[str, Any]:
    return {"terms": {"field": cut, "size": _DAYS, "order": {"_key": "asc"}, **more}}


def _day(value: str) -> Clauses:
    if value == UNKNOWN:
        return {"bool": {"must_not": [{"exists": {"field": "first"}}]}}
    return {"term": {_cut_of(value): value}}


def _cut_of(value: str) -> str:
    return next(cut for cut, width in CUTS.items() if len(value) <= width)


def _date_counts(chosen: Sequence[str]) -> dict[str, Any]:
    """Years, the months of chosen years, the days of chosen months."""
    asked = {"year": _dates("year")}
    for cut, parents in _parents(chosen).items():
        if parents:
            asked[cut] = _dates(cut, include=f"({'|'.join(sorted(parents))})-..")
    return asked


def _parents(chosen: Sequence[str]) -> dict[str, set[str]]:
    known = [value for value in chosen if value != UNKNOWN]
    return {
        "month": {value[: CUTS["year"]] for value in known},
        "day": {value[: CUTS["month"]] for value in known if len(value) > CUTS["year"]},
    }


def _date_facet(chosen: Sequence[str], counted: Mapping[str, Any]) -> Counts:
    found = dict.fromkeys(chosen, 0) | dict(_with_undated(_rows(counted["year"]), counted))
    for cut in ("month", "day"):
        found |= _rows(counted[cut]) if cut in counted else {}
    return _ordered(found)


def _facet(name: str, chosen: Sequence[str], counted: Mapping[str, Any]) -> Counts:
    """The values in the order of the answer; a chosen one stays listed even at zero, or it could not be un-chosen."""
    read = decoded if name == "document" else str
    rows = [(row["key"], row["doc_count"]) for row in counted["values"]["buckets"]]
    shown = {read(code) for code, _ in rows}
    missing = [value for value in dict.fromkeys(chosen) if value not in shown]
    if not missing:
        return tuple((read(code), count) for code, count in rows)
    counts = counted["chosen"]["buckets"]
    added = [(value, counts[value]["doc_count"]) for value in missing]
    # A value of no known order comes last among equals.
    places = {read(code): place for place, (code, _) in enumerate(rows)}
    found = [*((read(code), count) for code, count in rows), *added]
    return tuple(sorted(found, key=lambda row: (-row[1], places.get(row[0], len(rows)), row[0])))


def _rows(counted: Mapping[str, Any]) -> dict[str, int]:
    return {row["key"]: row["doc_count"] for row in counted["buckets"]}


def _with_undated(rows: Mapping[str, int], counted: Mapping[str, Any]) -> Counts:
    undated = counted["doc_count"] - sum(rows.values())
    return (*rows.items(), (UNKNOWN, undated)) if undated else tuple(rows.items())


def _ordered(found: Mapping[str, int]) -> Counts:
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))
