"""Turn the plan of a query into OpenSearch's own query.

It has matching articles, clauses that add to their scores, and counts within bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from searchapp.engines import steps
from searchapp.engines.opensearch.intervals import Clauses, either, near_filter, phrase_filter, term
from searchapp.engines.opensearch.mapping import CUTS, any_of, codes_of, decoded, ordinal, term_of
from searchapp.engines.plan import (
    EXACT_FIRST,
    MAX_VALUES,
    OWN_NUMBER,
    Clause,
    Plan,
    parts_of,
)
from searchapp.engines.steps import AUTO, LIFTED, Runs
from searchapp.engines.units import Group, Lexicon, Unit
from searchapp.fields import REPRINT, SYMBOL, stored
from searchapp.query import UNKNOWN, AllOf, AnyOf, Node, Not, Number, Phrase, Prefix, Query, Word
from searchapp.text.normalize import fold_key
from searchapp.text.tokens import doubted

_NOTHING: Final[Clauses] = {"match_none": {}}
EVERYTHING: Final[Clauses] = {"exists": {"field": "key"}}
"""Every article; the documents in the same index have no key."""


_Compiled: TypeAlias = Callable[[Node], Plan]
"""A part of the tree of a query, planned as the whole is."""

MAX_BUCKETS: Final = 65_535
"""The buckets of one answer, as OpenSearch allows them by default (`search.max_buckets`)."""


class Compiler:
    """A compiler of plans for one generation.

    count: in how many articles each of some filters holds; best: the best score of a query; lexicon: how the archive
    cuts words; expansions: the terms that a prefix stands for; text_of: key of the article that holds the text of a
    document, "" for none.
    """

    def __init__(
        self,
        count: Callable[[Sequence[Clauses]], list[int]],
        best: Callable[[Clauses], float],
        lexicon: Lexicon,
        expansions: Callable[[str], Sequence[str]],
        text_of: Callable[[str], str],
    ) -> None:
        self._count = count
        self._best = best
        self._lexicon = lexicon
        self._expansions = expansions
        self._text_of = text_of

    def query(self, plan: Plan, found: Clauses, *, scored: bool) -> Clauses:
        """Return the query over the articles `found`; without scores where the order does not need them."""
        should = self._scores(plan) if scored else []
        return {"bool": {"filter": [found], "should": should, "minimum_should_match": 0}}

    def find(self, plan: Plan, compiled: _Compiled, step: int = AUTO) -> tuple[Clauses, int]:
        """Return the filter of the articles that match, and the highest step of plain words (0: there are none)."""
        matcher = _Matcher(self, compiled, step)
        return matcher.match(plan.tree), matcher.step

    def rest(self, plan: Plan, allowed: Sequence[Clauses], without: Clauses) -> Clauses:
        """Return the query over allowed articles outside of a set whose words give them a score."""
        return {
            "bool": {
                "filter": list(allowed),
                "must_not": [without],
                "must": [self._words(plan)],
                "should": self._beside_words(plan),
                "minimum_should_match": 0,
            }
        }

    def _words(self, plan: Plan) -> Clauses:
        return either([self._clause(clause) for clause in plan.clauses if clause.weight])

    def _scores(self, plan: Plan) -> list[Clauses]:
        """Return the clauses that add to the score of an article."""
        return [*(self._clause(clause) for clause in plan.clauses if clause.weight), *self._beside_words(plan)]

    def _beside_words(self, plan: Plan) -> list[Clauses]:
        """Return the bonuses of exact accents and own numbers."""
        clauses = []
        if plan.exact:
            ways = [term(any_of("a"), plan.exact), term(any_of("w"), doubted(plan.exact))]
            clauses.append(_constant({"bool": {"should": ways}}, EXACT_FIRST))
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

    def _number(self, number: Number) -> Clauses:
        return either([{"terms": {SYMBOL: list(number.symbols)}}, {"terms": {"document": codes_of(number.documents)}}])


class _Matcher:
    """A reader of one tree; its sets of articles (`steps.Sets`) are filters."""

    def __init__(self, compiler: Compiler, compiled: _Compiled, asked: int) -> None:
        self._compiler = compiler
        self._compiled = compiled
        self._asked = asked
        self.step = 0

    def match(self, node: Node, *, excluded: bool = False) -> Clauses:
        if isinstance(node, Word):
            return self._words(((node,),), excluded)
        if isinstance(node, Phrase):
            return self.all() if self._asked == LIFTED and not excluded else phrase_filter(node)
        if isinstance(node, Prefix):
            return {"terms": {any_of("f"): list(self._compiler._expansions(node.letters))}}
        if isinstance(node, Number):
            return self._compiler._number(node)
        if isinstance(node, Not):
            return {"bool": {"filter": [EVERYTHING], "must_not": [self.match(node.child, excluded=True)]}}
        if isinstance(node, AnyOf):
            return either([self.match(child, excluded=excluded) for child in node.children])
        parts = parts_of(node)
        must = [self._words(parts.runs, excluded)] if parts.runs else []
        must += [self.match(child, excluded=excluded) for child in parts.rest]
        without = [self.match(child, excluded=True) for child in parts.without]
        return {"bool": {"filter": must or [EVERYTHING], "must_not": without}}

    def _words(self, runs: Runs, excluded: bool) -> Clauses:
        group = self._compiler._lexicon.group(runs)
        if excluded:
            return self.near(group)
        if self._asked != AUTO:
            self.step = self._asked
            return steps.taken(self, runs, group, self._asked)
        step, found = steps.first(self, runs, group)
        self.step = max(self.step, step)
        return found

    def near(self, group: Group) -> Clauses:
        return near_filter(group)

    def phrase(self, phrase: Phrase) -> Clauses:
        return phrase_filter(phrase)

    def every(self, group: Group) -> Clauses:
        return {"bool": {"filter": [_everywhere(unit) for unit in group.units]}}

    def scoring(self, runs: Runs, share: float) -> Clauses:
        plan = self._compiled(AllOf(tuple(word for run in runs for word in run)))
        scored = self._compiler._words(plan)
        best = self._compiler._best(scored)
        return {"function_score": {"query": scored, "min_score": best * share}} if best else _NOTHING

    def all(self) -> Clauses:
        return EVERYTHING

    def either(self, left: Clauses, right: Clauses) -> Clauses:
        return either([left, right])

    def count(self, articles: Clauses) -> int:
        return self._compiler._count([articles])[0]


def _everywhere(unit: Unit) -> Clauses:
    typed, *others = unit.ways
    whole = {"bool": {"filter": [term(any_of("f"), key) for key in dict.fromkeys(map(fold_key, typed.keys))]}}
    return either([whole, *map(phrase_filter, others)])


def _constant(clause: Clauses, worth: float) -> Clauses:
    return {"constant_score": {"filter": clause, "boost": worth}}


Counts: TypeAlias = tuple[tuple[str, int], ...]

SHARD_SIZES: Final = (2_000, 20_000, 60_000)
"""Values that each shard reports of a facet: more when the first were too few to be sure."""
_DAYS: Final = 20_000
"""The most different dates in a list: fifty years of days."""


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
        """Return the filter of the articles that pass every filter but the `lifted` facet, and the date limits."""
        clauses = [clause for name, clause in self._filters.items() if name != lifted]
        query = self._query
        clauses += [{"range": {"last": {"gte": ordinal(query.since)}}}] if query.since else []
        clauses += [{"range": {"first": {"lte": ordinal(query.until)}}}] if query.until else []
        return {"bool": {"filter": clauses}} if clauses else EVERYTHING

    def aggregations(self, shard_size: int) -> dict[str, Any]:
        """Return the counts to make: each facet and date step, over the articles that pass the other filters."""
        asked: dict[str, Any] = {}
        for name in stored(self._query.facets):
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
        """Return the facets in an answer."""
        found = {}
        for name in stored(self._query.facets):
            chosen = self._query.filters.get(name, ())
            one = counted[f"facet {name}"]
            found[name] = _date_facet(chosen, one) if name == "date" else _facet(name, chosen, one)
        return found

    def steps(self, counted: Mapping[str, Any]) -> dict[str, Counts]:
        """Return the date steps in an answer, undated last."""
        return {step: _with_undated(_rows(counted["steps"][step]), counted["steps"]) for step in self._query.steps}

    def folded(self, counted: Mapping[str, Any]) -> dict[str, int]:
        """Map each family to the number of its articles in the result set beside the listed one."""
        rows = counted["folded"]["families"]["buckets"] if self._query.fold else ()
        return {row["key"]: row["doc_count"] - 1 for row in rows if row["doc_count"] > 1}

    def _filter(self, name: str, values: Sequence[str], meanings: Callable[[str], Sequence[str]]) -> Clauses:
        if name == "date":
            return {"bool": {"should": [_day(value) for value in values], "minimum_should_match": 1}}
        if name == "document":
            return {"terms": {name: codes_of([slug for value in values for slug in meanings(value)])}}
        return {"terms": {name: self._families(values) if name == REPRINT else list(values)}}


def uncertain(counted: Mapping[str, Any]) -> bool:
    """Tell whether a shard left out values that might have been among the most frequent."""
    if counted.get("folded", {}).get("families", {}).get("sum_other_doc_count", 0):
        return True
    return bool(inexact_counts(counted))


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
    """Return the counts of years, of months in chosen years, of days in chosen months."""
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
    """Return the values in the order of the answer. A chosen one stays listed even at zero, or it could not be
    un-chosen.
    """
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


def portions(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the aggregations in requests that stay below MAX_BUCKETS; one that alone is above it comes alone."""
    portion: dict[str, Any] = {}
    size = 0
    for name, one in asked.items():
        more = most_values(one)
        if portion and size + more > MAX_BUCKETS:
            yield portion
            portion, size = {}, 0
        portion[name] = one
        size += more
    yield portion


def most_values(asked: Mapping[str, Any]) -> int:
    """Return how many buckets an aggregation can have at most, with those inside it."""
    inside = sum(most_values(one) for one in asked.get("aggs", {}).values())
    if "terms" in asked:
        return int(asked["terms"]["size"]) * (1 + inside)
    if "filters" in asked:
        return len(asked["filters"]["filters"]) * (1 + inside)
    return 1 + inside


def inexact_counts(counted: Mapping[str, Any]) -> list[str]:
    """Return the facets of which a shard left out values that might have been among the most frequent."""
    return [
        name.removeprefix("facet ")
        for name, one in counted.items()
        if one.get("values", {}).get("doc_count_error_upper_bound", 0)
    ]
