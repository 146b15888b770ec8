"""Mark the matches on the original text: spans of what a query asks for, in columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Citation
from searchapp.query import Node, Number, Phrase, Prefix, Word, positive
from searchapp.results import Span
from searchapp.text.abbreviations import CITY_KEY, Abbreviations, expansions
from searchapp.text.distinct import LONG, Distinct, distinct, distinct_each
from searchapp.text.normalize import fold_key
from searchapp.text.questions import Questions, only_asking
from searchapp.text.tokens import key, tokens

_Column = NDArray[np.integer[Any]]

_SCANNED: Final = 200_000  # characters of a text that are searched; a longer text is cut here
_GLANCES: Final = (LONG, 48_000, _SCANNED)  # a result page searches further only while a word is still missing


@dataclass(frozen=True, slots=True)
class Marks:
    """Spans in columns, in order and without overlap: a long text has thousands; said: term and exactness of a kind."""

    starts: _Column
    ends: _Column
    kinds: _Column
    said: Sequence[tuple[str, bool]]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> Marks:
        """Return spans as columns."""
        known: dict[tuple[str, bool], int] = {}
        kinds = [known.setdefault((span.term, span.exact), len(known)) for span in spans]
        starts, ends = (np.array([span[side] for span in spans], np.intp) for side in (0, 1))
        return cls(starts, ends, np.array(kinds, np.intp), list(known))

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Span]:
        rows = zip(self.starts.tolist(), self.ends.tolist(), self.kinds.tolist(), strict=True)
        return (Span(start, end, *self.said[kind]) for start, end, kind in rows)

    def part(self, chosen: NDArray[Any] | slice) -> Marks:
        """Return some of the marks, in order."""
        return Marks(self.starts[chosen], self.ends[chosen], self.kinds[chosen], self.said)

    def beginnings(self, terms: Set[str]) -> _Column:
        """Return where marks of some terms begin."""
        meant = np.array([term in terms for term, _ in self.said], np.bool_)
        return self.starts.compress(meant.take(self.kinds)) if meant.any() else self.starts[:0]

    def within(self, start: int, end: int) -> Marks:
        """Return the marks inside a stretch of the text."""
        first, after = np.searchsorted(self.starts, start), np.searchsorted(self.ends, end, "right")
        return self.part(slice(int(first), int(after)))

    def last(self) -> dict[str, bool]:
        """Return every term with the exactness of its last mark."""
        if not len(self.kinds):
            return {}
        latest = np.full(len(self.said), -1, np.intp)
        latest[self.kinds] = np.arange(len(self.kinds))  # of equal places the last one stays
        return dict(self.said[kind] for kind in np.argsort(latest).tolist() if latest[kind] >= 0)


NONE: Final = Marks.of(())


class Target(NamedTuple):
    """What a mark is for: its term, whether that is as typed, and the stream and keys of an index that hold it."""

    term: str
    exact: bool
    stream: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Marker:
    """The targets of marks, collected once a query: syllables, phrases, prefixes and documents."""

    exact: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    folded: set[str] = field(default_factory=set)
    phrases: list[Phrase] = field(default_factory=list)
    prefixes: tuple[str, ...] = ()
    documents: set[str] = field(default_factory=set)
    symbols: set[str] = field(default_factory=set)
    synonyms: set[Phrase] = field(default_factory=set)
    respelt: set[Phrase] = field(default_factory=set)
    wanted: set[frozenset[str]] = field(default_factory=set)
    _letters: Set[str] | None = None
    _known: tuple[Sequence[str], Sequence[int], Set[str]] = ((), (), frozenset())

    @classmethod
    def of(cls, tree: Node | None, questions: Questions | None = None) -> Marker:
        """Return a marker for all that a tree asks for positively, without words that only ask; questions: those."""
        marker = cls()
        asking = only_asking(tree, questions or Questions.shipped())
        for node in positive(tree):
            if isinstance(node, Word) and node.key not in asking:
                marker.folded.add(fold_key(node.key))
                (marker.exact if node.marked else marker.plain).add(node.key)
                marker.synonyms.update(node.also)
                marker.respelt.update(node.same)
                marker.wanted.add(frozenset((fold_key(node.key), *map(_term, (*node.also, *node.same)))))
            elif isinstance(node, Phrase):
                marker.phrases.append(node)
                marker.wanted.add(frozenset((_term(node),)))
            elif isinstance(node, Prefix):
                marker.prefixes = (*marker.prefixes, node.letters)
            elif isinstance(node, Number):
                marker.documents.update(node.documents)
                marker.symbols.update(node.symbols)
        marker.phrases += (marker.synonyms | marker.respelt).difference(marker.phrases)
        return marker

    def glances(self, texts: Sequence[tuple[str, Sequence[Citation]]]) -> list[Marks]:
        """Return of each text, with its citations, the marks of its first part that answers everything as typed."""
        size = _GLANCES[0]
        if self._reads:
            looked = distinct_each([text[:size] for text, _ in texts], self._told())
            first = [self._marks(found, *text) for found, text in zip(looked, texts, strict=True)]
        else:
            first = [self.spans(*text) for text in texts]
        return [self._enough(marks, *text) for marks, text in zip(first, texts, strict=True)]

    def _enough(self, marks: Marks, text: str, citations: Sequence[Citation]) -> Marks:
        """Return the marks of the first part of a text, or of a longer one where a word is still missing."""
        found = None
        for size, longer in pairwise((*_GLANCES, 0)):
            if len(text) <= size or not longer:
                break
            present = [marks.said[kind] for kind in np.unique(marks.kinds).tolist()]
            terms = {term for term, exact in present if exact or not self.exact}
            begun = all(any(term.startswith(letters) for term in terms) for letters in self.prefixes)
            if begun and not any(map(terms.isdisjoint, self.wanted)):
                break
            found = found or self._all(text)
            marks = self._marks(found and found.until(longer), text, citations)
        return marks

    def spans(self, text: str, citations: Sequence[Citation] = ()) -> Marks:
        """Return marks in a normalised text, in order and without overlap; citations: those of the same text."""
        return self._marks(self._all(text), text, citations)

    def _all(self, text: str) -> Distinct | None:
        # The whole of a long text is remembered.
        return distinct(text[:_SCANNED], self._told()) if self._reads else None

    def _told(self) -> Set[str] | None:
        return None if self.prefixes else self._sought()

    def targets(self) -> list[Target]:
        """Return what an index may look up; nothing for beginnings of words."""
        if self.prefixes:
            return []
        typed = [Target(fold_key(key), True, "a", (key,)) for key in self.exact]
        whole = [
            Target(_term(one), one.marked or one in self.synonyms, "a" if one.marked else "f", _said_by(one))
            for one in self.phrases
        ]
        short = {letters for one in self.folded for letters in _abbreviated().get(one, ())}
        plain = [Target(key, False, "f", (key,)) for key in {*self.folded, *map(fold_key, self.plain), *short}]
        return [*typed, *whole, *plain]

    @property
    def _reads(self) -> bool:
        """Whether any mark needs the syllables of a text."""
        return bool(self.exact or self.folded or self.phrases or self.prefixes)

    def _marks(self, found: Distinct | None, text: str, citations: Sequence[Citation]) -> Marks:
        plain = NONE
        others: list[Span] = []
        if found is not None:
            meant = self._meant(found)
            plain = self._syllables(found, meant)
            others += self._sequences(found, meant)
            others += self._abbreviations(found, meant)
        if self.documents or self.symbols:
            others += [
                Span(c.start, c.end, c.key, True)
                for c in citations
                if c.end <= len(text) and (c.document in self.documents or c.key in self.symbols)
            ]
        return _without_overlap(plain, others) if others else plain

    def _meant(self, found: Distinct) -> dict[str, list[int]]:
        """Return the kinds of syllables that any mark may need, by their letters."""
        if self._known[0] is not found.folded:  # texts of one look share their kinds
            letters, begun = self._sought(), self.prefixes or ("\0",)
            kinds = [at for at, one in enumerate(found.folded) if one in letters or one.startswith(begun)]
            self._known = found.folded, kinds, _capitals().intersection(found.written)
        meant: defaultdict[str, list[int]] = defaultdict(list)
        for kind in filter(found.held.__getitem__, self._known[1]):
            meant[found.folded[kind]].append(kind)
        return meant

    def _sought(self) -> Set[str]:
        """Return the letters of all syllables that a mark may need, abbreviations among them, beside the prefixes."""
        if self._letters is None:
            keys = self.exact.union(self.plain, *(phrase.keys for phrase in self.phrases))
            short = (_abbreviated().get(one, ()) for one in self.folded)
            self._letters = self.folded.union(map(fold_key, keys), *short, [CITY_KEY])
        return self._letters

    def _syllables(self, found: Distinct, meant: Mapping[str, Sequence[int]]) -> Marks:
        said: list[tuple[str, bool]] = []
        answers = np.full(len(found.keys), -1, np.int32)
        bare, other = {fold_key(key) for key in self.plain}, list[int]()  # other tones than those that were typed
        for folded, kinds in meant.items():
            exact = [kind for kind in kinds if found.keys[kind] in self.exact]
            # Other tones are marked only where the text lacks the syllable as typed.
            every = (folded in self.folded and not exact) or (self.prefixes and folded.startswith(self.prefixes))
            plain = [kind for kind in kinds if every or found.keys[kind] in self.plain]
            if folded not in bare and not self.prefixes:
                other += plain
            for answering, typed in ((plain, False), (exact, True)):
                if answering:
                    answers[answering] = len(said)
                    said.append((folded, typed))
        answered = answers.take(found.kinds)
        at = np.flatnonzero(answered >= 0)
        if other:  # alone they say nothing, where any mark is left
            sure = np.ones(len(found.keys), np.bool_)
            sure[other] = False
            kept = found.beside(at) | sure.take(found.kinds.take(at))
            at = at.compress(kept) if kept.any() else at
        return Marks(found.starts.take(at), found.ends.take(at), answered.take(at), said)

    def _sequences(self, found: Distinct, meant: Mapping[str, Sequence[int]]) -> Iterator[Span]:
        for phrase in self.phrases:
            groups = [meant.get(fold_key(key), ()) for key in phrase.keys]
            if phrase.marked:
                rows = zip(phrase.keys, groups, strict=True)
                groups = [[kind for kind in kinds if found.keys[kind] == key] for key, kinds in rows]
            if not groups or not all(groups):
                continue
            exact = phrase.marked or phrase in self.synonyms
            at = 0
            for start in _sequence(found, groups):
                if start >= at:
                    at = start + len(groups)
                    yield Span(int(found.starts[start]), int(found.ends[at - 1]), _term(phrase), exact)

    def _abbreviations(self, found: Distinct, meant: Mapping[str, Sequence[int]]) -> Iterator[Span]:
        """Yield abbreviations in the text that stand for a queried name, or for a word that is only short there."""
        missing = self.folded - meant.keys()
        if len(self.folded) < 2 and not missing:
            return
        cities = [kind for kind in meant.get(CITY_KEY, ()) if found.written[kind].isupper()]
        capitals = map(found.written.index, self._known[2])
        for kind in dict.fromkeys((*cities, *capitals)):
            one = found.written[kind]
            if found.held[kind] and any(self._answers(full, missing) for full in expansions(one, typed=False)):
                for at in np.flatnonzero(found.kinds == kind).tolist():
                    yield Span(int(found.starts[at]), int(found.ends[at]), found.folded[kind], True)

    def _answers(self, full: str, missing: set[str]) -> bool:
        said = _said(full)
        return said <= self.folded or not said.isdisjoint(missing)


def _sequence(found: Distinct, meant: Sequence[Sequence[int]]) -> list[int]:
    """Return the places from which one kind of each group follows the other."""
    at = np.arange(len(found.kinds) - len(meant) + 1)
    for shift, group in enumerate(meant):
        wanted = np.zeros(len(found.keys), np.bool_)
        wanted[group] = True
        at = at.compress(wanted.take(found.kinds.take(at + shift)))
    last = len(meant) - 1
    places: list[int] = at.compress(found.numbers.take(at + last) - found.numbers.take(at) == last).tolist()
    return places


@cache
def _capitals() -> frozenset[str]:
    """Return our abbreviations of one meaning that are one token in capitals."""
    sure = Abbreviations.shipped().sure
    return frozenset(one for one in sure if len(one) > 1 and one.isupper() and one[-1].isupper() and one.isalnum())


@cache
def _abbreviated() -> dict[str, set[str]]:
    """Map each syllable of an abbreviation's expansion to the letters of such abbreviations."""
    found: dict[str, set[str]] = {}
    for one in _capitals():
        for said in {each for full in expansions(one, typed=False) for each in _said(full)}:
            found.setdefault(said, set()).add(fold_key(key(one)))
    return found


@lru_cache(4096)
def _said(full: str) -> frozenset[str]:
    """Return the folded keys of an abbreviation's expansion."""
    return frozenset(fold_key(token.key) for token in tokens(full))


def _said_by(phrase: Phrase) -> tuple[str, ...]:
    return phrase.keys if phrase.marked else tuple(map(fold_key, phrase.keys))


def _term(phrase: Phrase) -> str:
    return " ".join(_said_by(phrase))


def _without_overlap(plain: Marks, others: Sequence[Span]) -> Marks:
    """Return both in order; of two that overlap the one that begins first stays, then the longer one."""
    first = np.searchsorted(plain.ends, [span.start for span in others], "right")
    after = np.searchsorted(plain.starts, [span.end for span in others])
    met = np.zeros(len(plain), np.bool_)
    for begin, end in zip(first.tolist(), after.tolist(), strict=True):
        met[begin:end] = True
    kept: list[Span] = []
    end = 0
    for span in sorted([*plain.part(met), *others], key=lambda s: (s[0], -s[1])):
        if span[0] >= end:
            kept.append(span)
            end = span[1]
    free, rest = plain.part(~met), Marks.of(kept)
    starts, ends = np.concatenate([free.starts, rest.starts]), np.concatenate([free.ends, rest.ends])
    kinds = np.concatenate([free.kinds, rest.kinds + len(free.said)])
    return Marks(starts, ends, kinds, [*free.said, *rest.said]).part(np.argsort(starts, kind="stable"))
