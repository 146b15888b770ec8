"""Find phrases: neighbouring terms by their positions, with their frequency in each article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import syllable_streams
from searchapp.engines.whoosh.store.postings import Postings
from searchapp.text.normalize import fold_key

DocIds: TypeAlias = NDArray[np.intp]


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
