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
from searchapp.engines.whoosh.store.postings import U32, Postings
from searchapp.results import Places

_MOST: Final = 2_000
"""Places of words in one long text, after which no further word is looked up in it. Snippets hold as much of a question
as those from the whole text; twice as many places add one per cent and take a tenth of an answer's time.
"""
_POSITION: Final = (1 << 32) - 1


def places(view: View, numbers: Sequence[int], terms: Sequence[tuple[str, Sequence[str]]]) -> list[Places | None]:
    """Return about where terms (stream and keys) stand in the texts of articles; None for a text that is not long.

    A text has room for two thousand places: the rarest terms have theirs first.
    """
    told: list[Places | None] = [None] * len(numbers)
    wanted = [(f"body_{stream}", keys) for stream, keys in terms]
    for segment, base, lists in zip(view.segments, view.bases, view.lists, strict=True):
        inside = {number - base: row for row, number in enumerate(numbers) if 0 <= number - base < segment.size}
        long = {number: stops for number in sorted(inside) if (stops := segment.stops(number))}
        within = np.array(list(long), np.intp)
        found, kinds = _occurrences(lists, wanted, within)
        edges = np.searchsorted(found, within << 32).tolist()
        for (number, stops), (start, end) in zip(long.items(), pairwise([*edges, len(found)]), strict=True):
            told[inside[number]] = _in_characters(*stops, found[start:end] & _POSITION, kinds[start:end])
    return told


def _occurrences(
    lists: Lists, terms: Sequence[tuple[str, Sequence[str]]], within: DocIds
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return where terms stand in some articles, ascending, each with the number of its term.

    terms: field and keys side by side. The rarest come first; an article with enough places is not looked at for more.
    """
    held: list[tuple[int, int, list[Postings], DocIds]] = []
    for kind, (field, keys) in enumerate(terms):
        read = [postings for key in keys if (postings := lists.postings(field, key))]
        doc_ids = within if len(read) == len(keys) else within[:0]
        for postings in read:
            doc_ids = common(doc_ids, postings.doc_ids)
        if len(doc_ids):
            held.append((min(_count(doc_ids, postings) for postings in read), kind, read, doc_ids))
    found, kinds = [np.empty(0, np.int64)], [np.empty(0, np.intp)]
    room = np.full(len(within), _MOST)
    for _, kind, read, doc_ids in sorted(held, key=lambda row: row[:2]):
        some = doc_ids.compress(room.take(np.searchsorted(within, doc_ids)) > 0)
        if len(some):
            at = reduce(shared, (places_in(some, postings) - shift for shift, postings in enumerate(read)))
            room -= np.bincount(np.searchsorted(within, at >> 32), minlength=len(within))
            found.append(at)
            kinds.append(np.full(len(at), kind))
    every = np.concatenate(found)
    order = np.argsort(every, kind="stable")
    return every.take(order), np.concatenate(kinds).take(order)


def _count(doc_ids: DocIds, postings: Postings) -> int:
    """Return how often a term stands in some articles, all of which have it."""
    at = np.searchsorted(postings.doc_ids, doc_ids.astype(postings.doc_ids.dtype, copy=False))
    return int(postings.frequencies.take(at).sum())


def _in_characters(
    known: U32, characters: NDArray[np.int64], positions: NDArray[np.int64], kinds: NDArray[np.intp]
) -> Places:
    """Return positions as characters. Those before the text are of its title, those behind it of spelt-out letters."""
    at = np.interp(positions, known, characters).astype(np.intp)
    inside = (positions < known[-1]) & (at >= 0)
    return Places(at.compress(inside), kinds.compress(inside), characters)
