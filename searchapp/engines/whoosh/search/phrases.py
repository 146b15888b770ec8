"""Find phrases: neighbouring terms by their positions, with their frequency in each article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.plan import syllable_streams
from searchapp.engines.whoosh.store.postings import Postings
from searchapp.text.normalize import fold_key

DocIds: TypeAlias = NDArray[np.intp]


Lookup: TypeAlias = Callable[[str, str], Postings | None]
"""A function from (field, term) to the posting list of one segment."""


def find_phrase(lookup: Lookup, part: str, stream: str, keys: Sequence[str]) -> tuple[DocIds, DocIds] | None:
    """Return articles of one segment where `keys` stand side by side in title or body, with their frequencies.

    stream and keys: as `plan.phrase_stream` gives them. None when there are none.
    """
    if len(keys) == 1 or (stream == "f" and len(keys) == 2):
        # A pair of folded neighbours is a term of its own: no position has to be read.
        whole = lookup(f"{part}_{stream}", keys[0]) if len(keys) == 1 else lookup(f"{part}_f2", " ".join(keys))
        return None if whole is None else (whole.doc_ids.astype(np.intp), whole.frequencies.astype(np.intp))
    found = find_lists(lookup, part, stream, keys)
    return _count(found[1], found[0]) if found is not None else None


def find_lists(lookup: Lookup, part: str, stream: str, keys: Sequence[str]) -> tuple[Sequence[Postings], DocIds] | None:
    """Return the posting lists of a phrase's keys, and the articles that have all keys and all pairs of neighbours.

    Those articles are few, so that few positions are compared. None when there are none.
    """
    lists = [lookup(f"{part}_{name}", key) for name, key in syllable_streams(stream, keys)]
    folded = [fold_key(key) for key in keys]
    pairs = [lookup(f"{part}_f2", f"{left} {right}") for left, right in pairwise(folded)]
    whole = [postings for postings in lists if postings is not None]
    every = [postings.doc_ids for postings in [*pairs, *whole] if postings is not None]
    if len(every) < len(lists) + len(pairs):
        return None
    every.sort(key=len)
    candidates = every[0].astype(np.intp)
    for doc_ids in every[1:]:
        candidates = common(candidates, doc_ids)
    return (whole, candidates) if len(candidates) else None


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
    at = np.searchsorted(postings.doc_ids, candidates)
    frequencies = postings.frequencies.astype(np.intp)
    ends = np.cumsum(frequencies)[at]
    counts = frequencies[at]
    spread = ranges(ends - counts, counts)
    owners = np.repeat(np.arange(len(candidates), dtype=np.int64), counts)
    places: NDArray[np.int64] = postings.positions()[spread].astype(np.int64) + shift
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
