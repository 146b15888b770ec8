"""All segments of a generation as one: live posting lists in global article numbers, and values derived from them."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines.plan import MAX_EXPANSIONS, MIXED, syllable_streams
from searchapp.engines.stored import Meaning
from searchapp.engines.units import Group
from searchapp.engines.whoosh.search import ranking
from searchapp.engines.whoosh.search.cache import ByteCache, KeptLists
from searchapp.engines.whoosh.search.phrases import (
    DocIds,
    Matches,
    candidates,
    common,
    find_near,
    find_phrase,
)
from searchapp.engines.whoosh.search.ranking import Listed, Scored, Spread
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.fields import TEXT_FIELDS, Weights

Integers: TypeAlias = NDArray[np.integer]

_CACHE_BYTES: Final = 32 * 2**20
"""Room for hot posting lists: those of some hundred questions. Twice as much spares 3 to 4 % of an answer."""
_CACHE_PER_ARTICLE: Final = 512
"""Room for each article of a larger archive: enough for a hundred syllables that most of its articles have."""
_MOST_CACHED: Final = 2**30
_FIELDS: Final = {field.name: field for field in TEXT_FIELDS}
_GROUP: Final = 4000
"""Bytes of a group of units as a key: words, phrases and their texts."""
_RAW_BYTES: Final = 12 * 2**20
"""Room for lists as stored: one query reads the same lists for its phrases, its units and its steps."""
_MAX_HOLDERS: Final = 1 << 14
"""The number of terms whose article counts are remembered."""
_DENSE: Final = 4
"""A list of more than a 4th of all articles is kept as one frequency per article: smaller, and faster."""


_NOTHING: Final = Listed(0.0, np.empty(0, np.uint32), np.empty(0, np.float32))


class View:
    """Posting lists over several segments, without removed articles; safe to share between threads.

    removed: per segment a bool per article, or None where nothing was removed.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        removed: Sequence[NDArray[np.bool_] | None] = (),
        weights: Weights | None = None,
    ) -> None:
        self.segments = tuple(segments)
        self.weights = weights or Weights()
        sizes = [segment.size for segment in segments]
        self.bases = tuple(int(base) for base in np.cumsum([0, *sizes])[:-1])
        self.size = sum(sizes)
        gone = [mask if mask is not None and mask.any() else None for mask in removed or [None] * len(sizes)]
        self._kept = [None if mask is None else ~mask for mask in gone]
        self.live: NDArray[np.bool_] | None = None
        if any(mask is not None for mask in self._kept):
            parts = [np.ones(n, np.bool_) if kept is None else kept for n, kept in zip(sizes, self._kept, strict=True)]
            self.live = np.concatenate(parts)
        self.everything: DocIds = np.arange(self.size) if self.live is None else np.flatnonzero(self.live)
        self.count = len(self.everything)
        self._cache = ByteCache(min(max(_CACHE_BYTES, _CACHE_PER_ARTICLE * self.size), _MOST_CACHED))
        self._fields: dict[str, tuple[ranking.Floats, int]] = {}
        self._holders: dict[tuple[str, str], int] = {}
        self._raw = ByteCache(_RAW_BYTES)
        self._number = np.min_scalar_type(self.size)
        self.lists = [KeptLists(segment, self._raw, number) for number, segment in enumerate(segments)]

    def forget(self) -> None:
        """Drop the posting lists of earlier queries from memory."""
        self._cache.clear()
        self._raw.clear()
        self._holders.clear()

    def postings_of(self, field: str, term: str) -> int:
        """Return how many postings a term touches, known without reading them."""
        known: Scored | None = self._cache.get((field, term))
        if known is not None:
            return known.matching
        return self._stored(field, term)

    def _stored(self, field: str, term: str) -> int:
        """Return the length of a term's lists, removed articles included."""
        return sum(segment.frequency(field, term) for segment in self.segments)

    def scored(self, field: str, term: str) -> Scored | None:
        """Return one term with its BM25 shares; None when no live article has it."""
        found: Scored | None = self._cache.get((field, term))
        if found is None:
            doc_ids, frequencies = self._join(field, term)
            if len(doc_ids):
                weight = ranking.idf(len(doc_ids), self._field(field)[1])
                found = self._share(field, doc_ids, frequencies, weight)
            else:
                found = _NOTHING
            self._keep((field, term), found)
        return found if found.matching else None

    def phrase(self, part: str, stream: str, keys: tuple[str, ...]) -> Scored | None:
        """Return neighbouring terms with the BM25 shares of a term that occurs where they do (as Lucene's PhraseQuery).

        stream and keys: as `plan.phrase_stream` gives them.
        """
        if len(keys) == 1:
            return self.scored(f"{part}_{stream}", keys[0])
        found: Scored | None = self._cache.get((part, stream, keys))
        if found is None:
            terms = (self.scored(f"{part}_{name}", key) for name, key in syllable_streams(stream, keys))
            weights = [term.weight for term in terms if term]
            field = f"{part}_{'a' if stream == MIXED else stream}"
            found = self._share(field, *self._occurring(part, stream, keys), sum(weights))
            self._keep((part, stream, keys), found)
        return found if found.matching else None

    def prefix(self, part: str, letters: str) -> Scored | None:
        """Return articles that have a folded syllable with this beginning in title or body; each earns a worth of 1."""
        field = f"{part}_f"
        found: Scored | None = self._cache.get((field, "*", letters))
        if found is None:
            hit = np.zeros(self.size, np.bool_)
            for term in self.expansions(letters):
                hit[self._join(field, term)[0]] = True
            doc_ids = np.flatnonzero(hit)
            found = Listed(1.0, doc_ids.astype(self._number), np.ones(len(doc_ids), np.float32))
            self._keep((field, "*", letters), found)
        return found if found.matching else None

    def expansions(self, letters: str) -> tuple[str, ...]:
        """Return the most frequent folded syllables with this beginning, at most MAX_EXPANSIONS."""
        found: tuple[str, ...] | None = self._cache.get(("*", letters))
        if found is None:
            counts: Counter[str] = Counter()
            for field in ("body_f", "title_f"):
                counts.update(dict(self.terms(field, letters)))
            found = tuple(sorted(counts, key=lambda term: (-counts[term], term))[:MAX_EXPANSIONS])
            self._cache.put(("*", letters), found, 80 * len(found))
        return found

    def matches(self, stream: str, keys: tuple[str, ...]) -> Matches:
        """Return articles that have a term, or the phrase, in title or body."""
        key = ("matches", stream, keys)
        found: Matches | None = self._cache.get(key)
        if found is None:
            body, title = (self._having(part, stream, keys) for part in ("body", "title"))
            found = self._either(body, title)
            self._cache.put(key, found, found.nbytes)
        return found

    def having(self, key: str, doc_ids: DocIds) -> DocIds:
        """Return those of some articles that have a folded syllable in title or body."""
        hit = np.zeros(len(doc_ids), np.bool_)
        for part in ("body", "title"):
            scored = self.scored(f"{part}_f", key)
            if scored is not None:
                hit |= scored.has(doc_ids)
        return doc_ids.compress(hit)

    def _having(self, part: str, stream: str, keys: tuple[str, ...]) -> DocIds:
        """Return the articles of a term or phrase, without the scores of a phrase that nobody needs."""
        if len(keys) == 1 or self._cache.get((part, stream, keys)) is not None:
            scored = self.phrase(part, stream, keys)
            return self.everything[:0] if scored is None else scored.numbers()
        return self._occurring(part, stream, keys)[0]

    def _occurring(self, part: str, stream: str, keys: tuple[str, ...]) -> tuple[DocIds, Integers]:
        """Return articles of a phrase with its frequencies; they are matched first, and scored after that."""
        found: tuple[DocIds, Integers] | None = self._raw.get(("phrase", part, stream, keys))
        if found is None:
            found = self._merge([find_phrase(lists, part, stream, keys) for lists in self.lists])
            self._raw.put(("phrase", part, stream, keys), found, found[0].nbytes + found[1].nbytes)
        return found

    def near(self, group: Group, within: DocIds | None = None) -> Matches:
        """Return articles where the units of a group, at least two, stand near each other in title or body.

        within: articles that have all of its syllables by letters, where those are known.
        """
        found: Matches | None = self._cache.get(group)
        if found is None:
            body, title = (self._near(part, group, within) for part in ("body", "title"))
            found = self._either(body, title)
            self._cache.put(group, found, found.nbytes + _GROUP)
        return found

    def _near(self, part: str, group: Group, inside: DocIds | None) -> DocIds:
        pieces = []
        letters = group.by_letters()
        for lists, (within, near) in zip(self.lists, self._by_letters(part, letters, inside), strict=True):
            if near is None or group != letters:
                near = find_near(lists, part, group, within)[1] if len(within) else within
            pieces.append(near)
        return self._merge([(numbers, numbers) for numbers in pieces])[0]

    def _by_letters(self, part: str, letters: Group, inside: DocIds | None) -> list[tuple[DocIds, DocIds | None]]:
        """Return articles of each segment that have all units by letters; a search with accents begins there too.

        Beside them stand those with the units near each other and in order, where that was looked at.
        """
        found: list[tuple[DocIds, DocIds | None]] | None = self._cache.get((part, letters))
        if found is None:
            if inside is None:
                found = [(candidates(lists, part, letters), None) for lists in self.lists]
            else:  # few articles: that most of them have the units far apart is seen once, for all steps
                rows = zip(self.lists, self._parted(inside), strict=True)
                found = [find_near(lists, part, letters, within) for lists, within in rows]
            self._cache.put((part, letters), found, sum(one.nbytes for one, _ in found) + _GROUP)
        return found

    def _parted(self, doc_ids: DocIds) -> list[DocIds]:
        """Return some articles by their segments, numbered as there."""
        pieces = np.split(doc_ids, np.searchsorted(doc_ids, self.bases[1:]))
        return [numbers - base for numbers, base in zip(pieces, self.bases, strict=True)]

    def _either(self, body: DocIds, title: DocIds) -> Matches:
        """Return the union of two ascending lists: by a sort that sees their runs, or by a mask for long ones."""
        if not len(title):
            return self.as_matches(body)
        if (len(body) + len(title)) * _DENSE < self.size:
            both = np.sort(np.concatenate([body, title]), kind="stable")
            first = np.ones(len(both), np.bool_)
            np.not_equal(both[1:], both[:-1], out=first[1:])
            return Matches(both.compress(first))
        mask = np.zeros(self.size, np.bool_)
        mask[body] = mask[title] = True
        return Matches(np.flatnonzero(mask), mask)

    def holders(self, stream: str, term: str) -> int:
        """Return how many articles have a term in title or body; the dictionaries suffice where
        only one part has it.
        """
        found = self._holders.get((stream, term))
        if found is None:
            if len(self._holders) >= _MAX_HOLDERS:
                self._holders.clear()
            title, body = (self._stored(f"{part}_{stream}", term) for part in ("title", "body"))
            alone = self.live is None and not (title and body)
            found = self._holders[stream, term] = title + body if alone else self.spread(stream, term)
        return found

    def holding(self, keys: tuple[str, ...]) -> int:
        """Return how many articles have these folded syllables side by side in title or body."""
        if len(keys) > 2:
            return len(self.matches("f", keys).doc_ids)
        return self.holders("f" if len(keys) == 1 else "f2", " ".join(keys))

    def held(self, keys: tuple[str, ...], least: int) -> bool:
        """Tell whether at least so many articles have these keys side by side; the search ends at that number."""
        if len(keys) < 3 or self._cache.get(("matches", "f", keys)) is not None:
            return self.holding(keys) >= least
        body = self._merge([find_phrase(lists, "body", "f", keys, least) for lists in self.lists])[0]
        if len(body) >= least:
            return True
        title = self._merge([find_phrase(lists, "title", "f", keys) for lists in self.lists])[0]
        return len(np.union1d(body, title)) >= least

    def speaking(self, words: Sequence[str]) -> int:
        """Return how many articles have any of these terms of stream w."""
        if len(words) == 1:
            return self.holders("w", words[0])
        total = 0
        for segment, kept in zip(self.segments, self._kept, strict=True):
            found = [segment.postings(f"{part}_w", word) for word in words for part in ("title", "body")]
            hit = np.zeros(segment.size, np.bool_)
            for one in found:
                if one is not None:
                    hit[one.doc_ids] = True
            total += int(np.count_nonzero(hit if kept is None else hit & kept))
        return total

    def words(self) -> Iterator[str]:
        """Yield every term of stream w, some of them twice."""
        return (term for part in ("title", "body") for term, _ in self.terms(f"{part}_w", ""))

    def spread(self, stream: str, term: str) -> int:
        """Return how many articles have a term in title or body, without keeping anything for later."""
        total = 0
        for lists, kept in zip(self.lists, self._kept, strict=True):
            found = [lists.postings(f"{part}_{stream}", term) for part in ("body", "title")]
            numbers = [one.doc_ids if kept is None else one.doc_ids[kept.take(one.doc_ids)] for one in found if one]
            both = len(common(*sorted(numbers, key=len))) if len(numbers) > 1 else 0
            total += sum(map(len, numbers)) - both
        return total

    def as_matches(self, doc_ids: DocIds) -> Matches:
        """Return a set from its ascending numbers; large ones get a mask, which makes intersecting quick."""
        if len(doc_ids) * _DENSE < self.size:
            return Matches(doc_ids)
        mask = np.zeros(self.size, np.bool_)
        mask[doc_ids] = True
        return Matches(doc_ids, mask)

    def terms(self, field: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield terms that begin with `prefix` over all segments with the summed lengths of their
        lists, in byte order.
        """
        streams = [segment.terms(field, prefix) for segment in self.segments]
        last, total = "", 0
        for term, count in heapq.merge(*streams, key=lambda entry: entry[0].encode()):
            if term != last:
                if total:
                    yield last, total
                last, total = term, 0
            total += count
        if total:
            yield last, total

    def locate(self, key: str) -> int | None:
        """Return the global number of a live article by its key."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            number = segment.number_of(key)
            if number is not None and (self.live is None or self.live[base + number]):
                return base + number
        return None

    def article(self, number: int, meanings: Sequence[Meaning]) -> Article:
        """Return the stored article with this global number, its citations with these meanings."""
        place = int(np.searchsorted(self.bases, number, side="right")) - 1
        return self.segments[place].article(number - self.bases[place], meanings)

    def _join(self, field: str, term: str) -> tuple[Integers, Integers]:
        """Return the live articles of a term and its frequencies: the list itself where one segment is all."""
        lists = [lists.postings(field, term) for lists in self.lists]
        if len(lists) == 1 and lists[0] is not None and self._kept[0] is None:
            return lists[0].doc_ids, lists[0].frequencies
        return self._merge([None if p is None else (p.doc_ids, p.frequencies) for p in lists])

    def _merge(self, pieces: Sequence[tuple[Integers, Integers] | None]) -> tuple[DocIds, Integers]:
        """Return segment results as global numbers, without removed articles."""
        if len(pieces) == 1 and pieces[0] is not None and self._kept[0] is None:
            return pieces[0][0].astype(np.intp), pieces[0][1]
        doc_ids: list[DocIds] = []
        frequencies: list[Integers] = []
        for piece, base, kept in zip(pieces, self.bases, self._kept, strict=True):
            if piece is None:
                continue
            numbers, counts = piece[0].astype(np.intp), piece[1]
            if kept is not None:
                alive = np.flatnonzero(kept.take(numbers))
                numbers, counts = numbers.take(alive), counts.take(alive)
            doc_ids.append(numbers + base if base else numbers)
            frequencies.append(counts)
        if not doc_ids:
            return np.empty(0, np.intp), np.empty(0, np.intp)
        if len(doc_ids) == 1:
            return doc_ids[0], frequencies[0]
        return np.concatenate(doc_ids), np.concatenate(frequencies)

    def _share(self, field: str, doc_ids: Integers, frequencies: Integers, weight: float) -> Scored:
        norms, _ = self._field(field)
        if len(doc_ids) * _DENSE < self.size:
            shares = ranking.shares(frequencies, norms.take(doc_ids))
            return Listed(weight, doc_ids.astype(self._number, copy=False), shares)
        everywhere = np.zeros(self.size, np.min_scalar_type(frequencies.max(initial=0)))
        everywhere[doc_ids] = frequencies
        return Spread(weight, len(doc_ids), everywhere, norms)

    def _field(self, field: str) -> tuple[ranking.Floats, int]:
        """Return the length norms of a field, and how many live articles have it at all (Lucene's docCount)."""
        found = self._fields.get(field)
        if found is None:
            lengths = np.zeros(self.size, np.uint32)
            for segment, base in zip(self.segments, self.bases, strict=True):
                lengths[base : base + segment.size] = segment.lengths(field)
            live = lengths if self.live is None else lengths[self.live]
            filled = int(np.count_nonzero(live))
            average = float(live.sum(dtype=np.uint64)) / max(filled, 1)
            found = (ranking.norms(lengths, max(average, 1.0), *self.weights.curve(_FIELDS[field])), filled)
            self._fields[field] = found
        return found

    def _keep(self, key: Hashable, scored: Scored) -> None:
        self._cache.put(key, scored, scored.nbytes)
