"""Find articles of one segment where all units of a group stand within a few positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import phrase_stream
from searchapp.engines.units import Group
from searchapp.engines.whoosh.search.phrases import DocIds, Lists, common, find_lists, ranges, rarest
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


def find_near(
    lists: Lists, part: str, group: Group, within: DocIds | None = None, *, any_order: bool = False
) -> DocIds:
    """Return articles of one segment where the units of a group stand near each other in title or body.

    within: only these matter, as `candidates` of the group by its letters. any_order: the order of units is not looked
    at; by letters these are all articles that the group, with its accents or without, may have.
    """
    ways, found = _narrowed(lists, part, group, within)
    if not len(found):
        return found
    lengths = [[len(way.keys) for way in unit.ways] for unit in group.units]
    places = [[_places(way, found) for way in ways[at]] for at in range(len(group.units))]
    typed = [unit[0] for unit in places]
    for left in () if any_order else range(len(places) - 1):
        wrong, late = _reversed(typed[left], typed[left + 1], lengths[left][0], lengths[left + 1][0])
        if (len(wrong) or len(late)) and group.is_ordered(left):
            places[left][0] = _without(places[left][0], wrong)
            places[left + 1][0] = _without(places[left + 1][0], late)
    return _within(places, lengths, group.reach)


def candidates(lists: Lists, part: str, group: Group, within: DocIds | None = None) -> DocIds:
    """Return articles of one segment that have every unit somewhere, as far as pairs of neighbours tell.

    within: only these matter.
    """
    return _narrowed(lists, part, group, within)[1]


def _narrowed(lists: Lists, part: str, group: Group, within: DocIds | None) -> tuple[dict[int, list[_Way]], DocIds]:
    """Return every way of each unit, from the rarest unit on, and the articles that have all units in some way."""
    if within is not None and not len(within):
        return {}, within
    units = [[phrase_stream(way) for way in unit.ways] for unit in group.units]
    counted: list[int] = []
    for ways_of in units:
        counted.append(sum(rarest(lists, part, *way) for way in ways_of))
        if not counted[-1]:  # most titles lack some unit
            return {}, np.empty(0, np.intp)
    ways: dict[int, list[_Way]] = {}
    found = within
    for at in sorted(range(len(units)), key=counted.__getitem__):  # often no further than two
        ways[at] = [_way(lists, part, way, found) for way in units[at]]
        found = reduce(np.union1d, [way.doc_ids for way in ways[at]])
        if not len(found):
            return ways, found
    assert found is not None  # a group has units
    return ways, found


def _way(lists: Lists, part: str, way: tuple[str, Sequence[str]], within: DocIds | None) -> _Way:
    found = find_lists(lists, part, *way, within=within)
    return _NO_WAY if found is None else _Way(*found)


def _places(way: _Way, candidates: DocIds) -> Places:
    """Return the places where a way begins in the candidates that have it."""
    few, many = sorted((candidates, way.doc_ids), key=len)
    doc_ids = common(few, many)
    found = [_occurrences(doc_ids, postings) - shift for shift, postings in enumerate(way.lists)]
    return reduce(_shared, sorted(found, key=len)) if found else np.empty(0, np.int64)


def _occurrences(doc_ids: DocIds, postings: Postings) -> Places:
    """Return the places of a term in these articles, all of which have it."""
    at = np.searchsorted(postings.doc_ids, doc_ids.astype(postings.doc_ids.dtype, copy=False))
    counts = postings.frequencies.take(at).astype(np.intp)
    spread = ranges(postings.starts(at), counts)
    places: Places = postings.positions_at(spread).astype(np.int64)
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
    wrong = left.compress(_among(left, right + after))
    late = right.compress(_among(right, left - after))
    return (
        wrong.compress(~_among(wrong, right - length)) if len(wrong) else wrong,
        late.compress(~_among(late, left + length)) if len(late) else late,
    )


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
    found = begins.compress(fits) >> 32
    first = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found.compress(first).astype(np.intp, copy=False)
