"""Build OpenSearch's interval queries for adjacent syllables and for units near each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any, Final, NamedTuple, TypeAlias

from searchapp.engines.opensearch.mapping import any_of, term_of
from searchapp.engines.plan import MIXED, phrase_stream, syllable_streams
from searchapp.engines.units import Group
from searchapp.query import Phrase

Clauses: TypeAlias = dict[str, Any]

_MOST_TERMS: Final = 250
"""Terms that the rules of one group may name in a part: a cluster takes 1,024 in a query."""
_PARTS: Final = ("title", "body")


class _Rule(NamedTuple):
    """A rule for a unit of some length; terms: how many it names."""

    length: int
    clauses: Clauses
    terms: int


def phrase_filter(phrase: Phrase) -> Clauses:
    """Return the filter of title or text with the phrase; two folded neighbours are a term of their own."""
    stream, keys = phrase_stream(phrase)
    if len(keys) == 1:
        return term(any_of(stream), keys[0])
    if stream == "f" and len(keys) == 2:
        return term(any_of("f2"), term_of("f2", " ".join(keys)))
    if stream == MIXED:
        return either([_intervals(part, _phrase(part, phrase)) for part in _PARTS])
    return either([{"match_phrase": {f"{part}_{stream}": " ".join(keys)}} for part in _PARTS])


def near_filter(group: Group) -> Clauses:
    """Return the filter of units near each other in title or text; a single unit is a phrase."""
    if len(group.units) == 1:
        return either([phrase_filter(way) for way in group.units[0].ways])
    return either([_intervals(part, _near(part, group)) for part in _PARTS])


def term(field: str, value: str) -> Clauses:
    """Return the filter of the articles with a term."""
    return {"term": {field: value}}


def either(clauses: Sequence[Clauses]) -> Clauses:
    """Return the filter of articles that pass any of these clauses, of no article for no clause."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}} if clauses else {"match_none": {}}


def _intervals(part: str, rule: Clauses) -> Clauses:
    return {"intervals": {f"{part}_f": rule}}


def _near(part: str, group: Group) -> Clauses:
    """Return the rule of all units within the reach of a group.

    OpenSearch counts the gaps beside the units, so each combination of lengths has a rule of its own.
    """
    units = [_by_length(part, group, at) for at in range(len(group.units))]
    rules: list[Clauses] = []
    terms = 0
    for ways in sorted(islice(product(*map(enumerate, units)), _MOST_TERMS), key=_replaced):
        different = list({str(rule.clauses): rule for _, rule in ways}.values())  # by letters two units may be one
        room = group.reach - sum(rule.length for rule in different)
        terms += sum(rule.terms for rule in different)
        if rules and terms > _MOST_TERMS:
            break
        if room >= 0:
            rules.append(_all_of([rule.clauses for rule in different], gaps=room))
    return _any_rule(rules) if rules else {"match": {"query": ""}}


def _replaced(ways: Sequence[tuple[int, _Rule]]) -> int:
    """Count the units in which another length stands for the typed one."""
    return sum(number > 0 for number, _ in ways)


def _by_length(part: str, group: Group, at: int) -> list[_Rule]:
    """Return the rules of one unit, its ways of the same length together; that of the typed way first."""
    typed, *others = group.units[at].ways
    found: defaultdict[int, list[Clauses]] = defaultdict(list)
    found[len(typed.keys)].append(_typed(part, group, at))
    for way in others:
        found[len(way.keys)].append(_phrase(part, way))
    return [_Rule(length, _any_rule(rules), str(rules).count("'use_field'")) for length, rules in found.items()]


def _typed(part: str, group: Group, at: int) -> Clauses:
    """Return the rule of a unit as typed, but not where a pair of units stands in reverse."""
    rule = _phrase(part, group.units[at].ways[0])
    reversed_ = list(_reversed(part, group, at))
    return _all_of([rule], filter={"not_contained_by": _any_rule(reversed_)}) if reversed_ else rule


def _reversed(part: str, group: Group, at: int) -> Iterator[Clauses]:
    """Yield the rules of a unit that stands in reverse beside its neighbour, and not as typed too."""
    own = _phrase(part, group.units[at].ways[0])
    for left in group.ordered & {at, at - 1}:
        other = _phrase(part, group.units[left + 1 if left == at else left].ways[0])
        pair = [other, own] if left == at else [own, other]
        whole = [*pair, other] if left == at else [other, *pair]
        yield _beside(pair, filter={"not_contained_by": _beside(whole)})


def _phrase(part: str, phrase: Phrase) -> Clauses:
    """Return the rule of adjacent syllables: accented ones read from stream a, whose positions are those of f."""
    streams = syllable_streams(*phrase_stream(phrase))
    single = [{"match": {"query": key, "use_field": f"{part}_{name}"}} for name, key in streams]
    return single[0] if len(single) == 1 else _beside(single)


def _beside(rules: Sequence[Clauses], **more: Any) -> Clauses:
    return _all_of(rules, ordered=True, gaps=0, **more)


def _all_of(rules: Sequence[Clauses], *, ordered: bool = False, gaps: int = -1, **more: Any) -> Clauses:
    return {"all_of": {"intervals": list(rules), "ordered": ordered, "max_gaps": gaps, **more}}


def _any_rule(rules: Sequence[Clauses]) -> Clauses:
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": list(rules)}}
