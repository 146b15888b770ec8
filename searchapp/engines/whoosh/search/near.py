"""Find articles of one segment where all units of a group stand within a few positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import phrase_stream
from searchapp.engines.units import Group, Unit
from searchapp.engines.whoosh.search.phrases import DocIds, Lookup, common, find_lists, ranges
from searchapp.engines.whoosh.store.postings import Postings

Places = NDArray[np.int64]
"""Starts of an occurrence: article << 32 | position, ascending."""

_WAY_BITS: Final = 7
"""Room for the number of a way beside its place in one int64: 24 bits of article, 32 of position."""
_NEVER: Final = np.iinfo(np.int64).max >> _WAY_BITS


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a unit, in one segment and part; doc_ids: articles that have all of its pairs."""

    lists: Sequence[Postings]
    doc_ids: DocIds


_NO_WAY: Final = _Way((), np.empty(0, np.intp))


def find_near(lookup: Lookup, part: str, group: Group) -> DocIds:
    """Return articles of one segment where the units of a group stand near each other in title or body."""
    units = [_ways(lookup, part, unit) for unit in group.units]
    candidates = _candidates(units)
    if not len(candidates):
        return candidates
    lengths = [[len(way.keys) for way in unit.ways] for unit in group.units]
    places = [[_places(way, candidates) for way in unit] for unit in units]
    typed = [unit[0] for unit in places]
    for left in group.ordered:
        wrong, late = _reversed(typed[left], typed[left + 1], lengths[left][0], lengths[left + 1][0])
        places[left][0] = _without(places[left][0], wrong)
        places[left + 1][0] = _without(places[left + 1][0], late)
    return _within(places, lengths, group.reach)


def _ways(lookup: Lookup, part: str, unit: Unit) -> list[_Way]:
    """Return every way of a unit; the typed one stays the first, with no articles where nothing has it."""
    found = (find_lists(lookup, part, *phrase_stream(phrase)) for phrase in unit.ways)
    return [_NO_WAY if way is None else _Way(*way) for way in found]


def _candidates(units: Sequence[Sequence[_Way]]) -> DocIds:
    """Return articles that have every unit in some way, as far as pairs of neighbours tell."""
    sets = []
    for unit in units:
        doc_ids = unit[0].doc_ids
        for way in unit[1:]:
            doc_ids = np.union1d(doc_ids, way.doc_ids)
        sets.append(doc_ids)
    sets.sort(key=len)
    found = sets[0]
    for doc_ids in sets[1:]:
        found = common(found, doc_ids)
    return found


def _places(way: _Way, candidates: DocIds) -> Places:
    """Return the places where a way begins in the candidates that have it."""
    few, many = sorted((candidates, way.doc_ids), key=len)
    doc_ids = common(few, many)
    found = [_occurrences(doc_ids, postings) - shift for shift, postings in enumerate(way.lists)]
    return reduce(_shared, sorted(found, key=len)) if found else np.empty(0, np.int64)


def _occurrences(doc_ids: DocIds, postings: Postings) -> Places:
    """Return the places of a term in these articles, all of which have it."""
    at = np.searchsorted(postings.doc_ids, doc_ids.astype(postings.doc_ids.dtype, copy=False))
    frequencies = postings.frequencies
    ends = np.cumsum(frequencies, dtype=np.intp).take(at)
    counts = frequencies.take(at).astype(np.intp)
    spread = ranges(ends - counts, counts)
    places: Places = postings.positions().take(spread).astype(np.int64)
    return places | np.repeat(doc_ids.astype(np.int64) << 32, counts)


def _shared(left: Places, right: Places) -> Places:
    few, many = (left, right) if len(left) <= len(right) else (right, left)
    return few.compress(_among(few, many))


def _among(few: Places, many: Places) -> NDArray[np.bool_]:
    """Return which of `few` are in `many`, both ascending."""
    if not len(few) or not len(many):
        return np.zeros(len(few), np.bool_)
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    found: NDArray[np.bool_] = many.take(at) == few
    return found


def _reversed(left: Places, right: Places, length: int, after: int) -> tuple[Places, Places]:
    """Return the places of typed ways that stand in reverse, unless they stand as typed as well."""
    wrong = _among(left, right + after) & ~_among(left, right - length)
    late = _among(right, left - after) & ~_among(right, left + length)
    return left.compress(wrong), right.compress(late)


def _without(places: Places, dropped: Places) -> Places:
    return places.compress(~_among(places, dropped))


def _within(places: Sequence[Sequence[Places]], lengths: Sequence[Sequence[int]], reach: int) -> DocIds:
    """Return articles with a place from which every unit begins, and ends within `reach` positions."""
    ways = [
        (unit, length, where)
        for unit, rows in enumerate(places)
        for length, where in zip(lengths[unit], rows, strict=True)
    ]
    tagged = np.concatenate([where << _WAY_BITS | number for number, (_, _, where) in enumerate(ways)])
    tagged.sort()
    begins, number = tagged >> _WAY_BITS, tagged & ((1 << _WAY_BITS) - 1)
    limit = begins + reach
    fits = np.ones(len(tagged), np.bool_)
    for unit in range(len(places)):
        held = np.zeros(len(tagged), np.bool_)
        for way, (of, length, _) in enumerate(ways):
            if of == unit:
                next_end = np.where(number == way, begins + length, _NEVER)
                np.minimum.accumulate(next_end[::-1], out=next_end[::-1])
                held |= next_end <= limit
        fits &= held
    return np.unique(begins.compress(fits) >> 32).astype(np.intp)
