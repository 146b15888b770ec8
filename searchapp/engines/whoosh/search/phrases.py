"""Find phrases and neighbours by positions.

A phrase is terms beside each other, with their frequency in each article; neighbours are units within a few
positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import phrase_stream, syllable_streams
from searchapp.engines.units import Group
from searchapp.engines.whoosh.store.postings import Postings
from searchapp.text.normalize import fold_key

DocIds: TypeAlias = NDArray[np.intp]

_Places = NDArray[np.int64]
"""Starts of an occurrence: article << 32 | position, ascending."""

_WAY_BITS: Final = 7
"""Room for the number of a way beside its place in one int64: 24 bits of article, 32 of position."""
_NEVER: Final = np.iinfo(np.int64).max >> _WAY_BITS


@dataclass(frozen=True, slots=True)
class Matches:
    """A set of live articles: ascending numbers, and for large sets one bool per article beside them."""

    doc_ids: DocIds
    mask: NDArray[np.bool_] | None = None

    @property
    def nbytes(self) -> int:
        """Return the size of the arrays."""
        return self.doc_ids.nbytes + (0 if self.mask is None else self.mask.nbytes)


class Lists(Protocol):
    """The posting lists of one segment, by field and term."""

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the list of a term, None where no article has it."""
        ...

    def frequency(self, field: str, term: str) -> int:
        """Return how many articles have a term, from the dictionary alone."""
        ...


def find_phrase(
    lists: Lists, part: str, stream: str, keys: Sequence[str], enough: int = 0
) -> tuple[DocIds, DocIds] | None:
    """Return articles of one segment where `keys` stand side by side in title or body, with their frequencies.

    stream and keys: as `plan.phrase_stream` gives them; enough: so many articles suffice, 0 for all. None when there
    are none.
    """
    if len(keys) == 1 or (stream == "f" and len(keys) == 2):
        # A pair of folded neighbours is a term of its own: no position has to be read.
        term = (f"{part}_{stream}", keys[0]) if len(keys) == 1 else (f"{part}_f2", " ".join(keys))
        one = lists.postings(*term)
        return None if one is None else (one.doc_ids.astype(np.intp), one.frequencies.astype(np.intp))
    found = find_lists(lists, part, stream, keys)
    if found is None:
        return None
    whole, candidates = found
    if not enough:
        return _count(candidates, whole)
    met: tuple[DocIds, DocIds] | None = None
    for begin in range(0, len(candidates), _FEW):
        some = _count(candidates[begin : begin + _FEW], whole)
        if some is not None:
            met = some if met is None else (np.concatenate([met[0], some[0]]), np.concatenate([met[1], some[1]]))
            if len(met[0]) >= enough:
                break
    return met


_FEW: Final = 64
"""The number of articles in one step where few are enough."""


def rarest(lists: Lists, part: str, stream: str, keys: Sequence[str]) -> int:
    """Return the most articles that a phrase may have, by its rarest key or pair; 0 where none has one of them."""
    return min(lists.frequency(*term) for term in (*_pairs(part, keys), *_words(part, stream, keys)))


def find_lists(
    lists: Lists, part: str, stream: str, keys: Sequence[str], within: DocIds | None = None
) -> tuple[Sequence[Postings], DocIds] | None:
    """Return the posting lists of a phrase's keys, and the articles that have all keys and all pairs of neighbours.

    Those articles are few, so that few positions are compared. within: only these articles matter. None when there are
    none.
    """
    words, pairs = _words(part, stream, keys), _pairs(part, keys)
    # An article with a pair has both of its syllables, in any accents.
    deciding = [*pairs, *(term for term in words if not pairs or not term[0].endswith("_f"))]
    counted = sorted(((lists.frequency(*term), term) for term in deciding), key=lambda row: row[0])
    if not counted[0][0]:
        return None
    candidates: NDArray[np.integer] | None = within
    for _, term in counted:
        postings = lists.postings(*term)
        if postings is None:
            return None
        if candidates is None:
            candidates = postings.doc_ids
        elif len(candidates) <= len(postings.doc_ids):
            candidates = common(candidates, postings.doc_ids)
        else:
            candidates = common(postings.doc_ids, candidates)
        if not len(candidates):
            return None
    whole = [postings for term in words if (postings := lists.postings(*term)) is not None]
    return (whole, candidates.astype(np.intp)) if len(whole) == len(words) and candidates is not None else None


def _words(part: str, stream: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{part}_{name}", key) for name, key in syllable_streams(stream, keys)]


def _pairs(part: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{part}_f2", f"{left} {right}") for left, right in pairwise(map(fold_key, keys))]


def _count(candidates: DocIds, lists: Sequence[Postings]) -> tuple[DocIds, DocIds] | None:
    """Keep the candidates where each list has a position right behind the position in the list before."""
    occurrences = [_occurrences(candidates, postings, len(lists) - place) for place, postings in enumerate(lists)]
    occurrences.sort(key=len)
    starts = occurrences[0]
    for other in occurrences[1:]:
        starts = common(starts, other)
    counts = np.bincount(starts >> 32, minlength=len(candidates))
    kept = np.flatnonzero(counts)
    return (candidates[kept], counts[kept]) if len(kept) else None


def _occurrences(candidates: DocIds, postings: Postings, shift: int) -> NDArray[np.int64]:
    """Return the places of a term in the candidates: (place among the candidates) << 32 | (position + shift),
    ascending.
    """
    at = np.searchsorted(postings.doc_ids, candidates.astype(postings.doc_ids.dtype, copy=False))
    counts = postings.frequencies.take(at).astype(np.intp)
    spread = ranges(postings.starts(at), counts)
    owners = np.repeat(np.arange(len(candidates), dtype=np.int64), counts)
    places: NDArray[np.int64] = postings.positions_at(spread).astype(np.int64) + shift
    return (owners << 32) | places


def ranges(starts: DocIds, counts: DocIds) -> DocIds:
    """Return the indices of all ranges start .. start + count, one behind the other.

    >>> ranges(np.array([5, 9]), np.array([2, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    offsets = np.cumsum(counts) - counts
    spread: DocIds = np.arange(int(counts.sum()), dtype=np.intp) + np.repeat(starts - offsets, counts)
    return spread


def common(few: NDArray[np.integer], many: NDArray[np.integer]) -> DocIds:
    """Return the common numbers of two ascending lists without repeats; quick when `few` is the shorter one."""
    if not len(few) or not len(many):
        return few[:0].astype(np.intp)
    at = np.searchsorted(many, few.astype(many.dtype, copy=False))
    at[at == len(many)] = 0
    shared: DocIds = few.compress(many.take(at) == few).astype(np.intp, copy=False)
    return shared


def places_of(listed: NDArray[np.integer], wanted: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return the places in `wanted` of its numbers that are listed too, both ascending without repeats."""
    if not len(listed) or not len(wanted):
        return np.empty(0, np.intp)
    if len(listed) > len(wanted):
        at = np.searchsorted(listed, wanted.astype(listed.dtype, copy=False))
        at[at == len(listed)] = 0
        return np.flatnonzero(listed.take(at) == wanted)
    at = np.searchsorted(wanted, listed.astype(wanted.dtype, copy=False))
    at[at == len(wanted)] = 0
    return at.compress(wanted.take(at) == listed)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a unit, in one segment and part; doc_ids: articles that have all of its pairs."""

    lists: Sequence[Postings]
    doc_ids: DocIds


_NO_WAY: Final = _Way((), np.empty(0, np.intp))


def find_near(lists: Lists, part: str, group: Group, within: DocIds | None = None) -> tuple[DocIds, DocIds]:
    """Return articles of one segment where the units of a group stand near each other in title or body.

    First those with the units in any order, then those among them with the units in the order of the group. By letters
    the first are all articles that the group, with its accents or without, may have. within: only these matter, as
    `candidates` of the group by its letters.
    """
    ways, found = _narrowed(lists, part, group, within)
    if not len(found):
        return found, found
    lengths = [[len(way.keys) for way in unit.ways] for unit in group.units]
    places = [[_places(way, found) for way in ways[at]] for at in range(len(group.units))]
    loose = _within(places, lengths, group.reach)
    if not len(loose):
        return loose, loose
    typed = [unit[0] for unit in places]
    moved = False
    for left in range(len(places) - 1):
        wrong, late = _reversed(typed[left], typed[left + 1], lengths[left][0], lengths[left + 1][0])
        if (len(wrong) or len(late)) and group.is_ordered(left):
            places[left][0] = _without(places[left][0], wrong)
            places[left + 1][0] = _without(places[left + 1][0], late)
            moved = True
    return loose, _within(places, lengths, group.reach) if moved else loose


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


def _places(way: _Way, candidates: DocIds) -> _Places:
    """Return the places where a way begins in the candidates that have it."""
    few, many = sorted((candidates, way.doc_ids), key=len)
    doc_ids = common(few, many)
    found = [places_in(doc_ids, postings) - shift for shift, postings in enumerate(way.lists)]
    return reduce(shared, sorted(found, key=len)) if found else np.empty(0, np.int64)


def places_in(doc_ids: DocIds, postings: Postings) -> _Places:
    """Return the places of a term in these articles, all of which have it: article << 32 | position, ascending."""
    at = np.searchsorted(postings.doc_ids, doc_ids.astype(postings.doc_ids.dtype, copy=False))
    counts = postings.frequencies.take(at).astype(np.intp)
    spread = ranges(postings.starts(at), counts)
    places: _Places = postings.positions_at(spread).astype(np.int64)
    return places | np.repeat(doc_ids.astype(np.int64) << 32, counts)


def shared(left: _Places, right: _Places) -> _Places:
    """Return the places that are in both, ascending."""
    few, many = (left, right) if len(left) <= len(right) else (right, left)
    return few.compress(_among(few, many))


def _among(few: _Places, many: _Places) -> NDArray[np.bool_]:
    """Return which of `few` are in `many`, both ascending."""
    if not len(few) or not len(many):
        return np.zeros(len(few), np.bool_)
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    found: NDArray[np.bool_] = many.take(at) == few
    return found


def _reversed(left: _Places, right: _Places, length: int, after: int) -> tuple[_Places, _Places]:
    """Return the places of typed ways that stand in reverse, unless they stand as typed as well."""
    wrong = left.compress(_among(left, right + after))
    late = right.compress(_among(right, left - after))
    return (
        wrong.compress(~_among(wrong, right - length)) if len(wrong) else wrong,
        late.compress(~_among(late, left + length)) if len(late) else late,
    )


def _without(places: _Places, dropped: _Places) -> _Places:
    return places.compress(~_among(places, dropped))


def _within(places: Sequence[Sequence[_Places]], lengths: Sequence[Sequence[int]], reach: int) -> DocIds:
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
