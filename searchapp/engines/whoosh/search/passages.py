"""Look up where words stand in long texts: their positions in the index, as characters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.engines.whoosh.search.phrases import DocIds, Lists, common, places_in, shared
from searchapp.engines.whoosh.search.reader import View
from searchapp.engines.whoosh.store.postings import U32
from searchapp.engines.whoosh.store.segment import STOP
from searchapp.results import Places

_MOST: Final = 4_000
"""Places of words in one long text, after which no further word is looked up in it."""
_POSITION: Final = (1 << 32) - 1


def places(view: View, numbers: Sequence[int], terms: Sequence[tuple[str, Sequence[str]]]) -> list[Places | None]:
    """Return about where terms (stream and keys) stand in the texts of articles; None for a text that is not long.

    The first terms are the most wanted: a text has room for some thousand places.
    """
    told: list[Places | None] = [None] * len(numbers)
    wanted = [(f"body_{stream}", keys) for stream, keys in terms]
    for segment, base, lists in zip(view.segments, view.bases, view.lists, strict=True):
        inside = {number - base: row for row, number in enumerate(numbers) if 0 <= number - base < segment.size}
        within = np.array([number for number in sorted(inside) if len(segment.stops(number))], np.intp)
        found, kinds = _occurrences(lists, wanted, within)
        edges = np.searchsorted(found, within << 32).tolist()
        for number, (start, end) in zip(within.tolist(), pairwise([*edges, len(found)]), strict=True):
            positions = found[start:end] & _POSITION
            told[inside[number]] = _in_characters(segment.stops(number), positions, kinds[start:end])
    return told


def _occurrences(
    lists: Lists, terms: Sequence[tuple[str, Sequence[str]]], within: DocIds
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return where terms stand in some articles, ascending, each with the number of its term.

    terms: field and keys side by side. An article with enough places is not looked at for the remaining terms.
    """
    found, kinds = [np.empty(0, np.int64)], [np.empty(0, np.intp)]
    room = np.full(len(within), _MOST)
    for kind, (field, keys) in enumerate(terms):
        doc_ids = within.compress(room > 0)
        read = [postings for key in keys if (postings := lists.postings(field, key))]
        for postings in read if len(read) == len(keys) else ():
            doc_ids = common(doc_ids, postings.doc_ids)
        if len(doc_ids) and len(read) == len(keys):
            at = reduce(shared, (places_in(doc_ids, postings) - shift for shift, postings in enumerate(read)))
            room -= np.bincount(np.searchsorted(within, at >> 32), minlength=len(within))
            found.append(at)
            kinds.append(np.full(len(at), kind))
    every = np.concatenate(found)
    order = np.argsort(every, kind="stable")
    return every.take(order), np.concatenate(kinds).take(order)


def _in_characters(stops: U32, positions: NDArray[np.int64], kinds: NDArray[np.intp]) -> Places:
    """Return positions as characters, which is exact at stops. Those before the text are of its title, those behind it
    of spelt-out letters.
    """
    before, end = stops[:2].tolist()
    known = np.minimum(np.arange(len(stops) - 2) * STOP, end)
    at = np.interp(positions, known, stops[2:]).astype(np.intp) - before
    inside = (positions < end) & (at >= 0)
    return Places(at.compress(inside), kinds.compress(inside))
