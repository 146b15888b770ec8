"""Mark the matches on the original text, and find the window around the best of them. Data, never HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from typing import Final, NamedTuple

from searchapp.article import Citation
from searchapp.query import Node, Number, Phrase, Prefix, Word, positive
from searchapp.results import Piece
from searchapp.text.abbreviations import CITY_KEY, Abbreviations, expansions
from searchapp.text.normalize import fold_key
from searchapp.text.sought import Sought
from searchapp.text.tokens import Cut, cut, tokens

WINDOW: Final = 240  # characters of a snippet: three lines on a desktop
_SCANNED: Final = 200_000  # characters of a text that are searched; a longer text is cut here
_GLANCES: Final = (12_000, 48_000, _SCANNED)  # a result page searches further only while a word is still missing
_SENTENCE_ENDS: Final = ".!?…;\n"


class Span(NamedTuple):
    """A marked stretch of a text; `term` is the folded key (or phrase) that it answers, for weighing windows."""

    start: int
    end: int
    term: str
    exact: bool


_span = partial(tuple.__new__, Span)


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
    _sought: Sought | None = None

    @classmethod
    def of(cls, tree: Node | None) -> Marker:
        """Return a marker for everything that a tree asks for positively."""
        marker = cls()
        for node in positive(tree):
            if isinstance(node, Word):
                marker.folded.add(fold_key(node.key))
                if node.marked:
                    marker.exact.add(node.key)
                else:
                    marker.plain.add(node.key)
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
                marker.symbols.update(() if node.documents else (node.symbol,))
        marker.phrases += (marker.synonyms | marker.respelt).difference(marker.phrases)
        return marker

    def glance(self, text: str, citations: Sequence[Citation] = ()) -> list[Span]:
        """Return marks enough for a snippet: those of the first part of a long text that answers
        everything as typed.
        """
        for size in _GLANCES:
            spans = self.spans(text, citations, size)
            terms = {span.term for span in spans if span.exact or not self.exact}
            begun = all(any(term.startswith(letters) for term in terms) for letters in self.prefixes)
            if len(text) <= size or (begun and not any(map(terms.isdisjoint, self.wanted))):
                break
        return spans

    def spans(self, text: str, citations: Sequence[Citation] = (), scanned: int = _SCANNED) -> list[Span]:
        """Return marks in a normalised text, in order and without overlap; citations: those of the same text."""
        plain: list[Span] = []
        others: list[Span] = []
        if self.exact or self.folded or self.phrases or self.prefixes:
            found = self._cut(text[:scanned])
            folds = {key: fold_key(key) for key in set(found.keys)}  # computed once a key, not once a syllable
            plain = self._syllables(found, folds)
            others += self._sequences(found, folds)
            others += self._abbreviations(found, folds)
        if self.documents or self.symbols:
            others += [
                Span(c.start, c.end, c.key, True)
                for c in citations
                if c.end <= len(text) and (c.document in self.documents or c.key in self.symbols)
            ]
        return _without_overlap([*plain, *others]) if others else plain

    def _cut(self, text: str) -> Cut:
        """Return the syllables of a text that any mark may need."""
        if self.prefixes:
            return cut(text)
        if self._sought is None:
            keys = {fold_key(key) for phrase in self.phrases for key in phrase.keys}
            self._sought = Sought(keys.union(self.folded, map(fold_key, self.exact | self.plain)), _capitals())
        return self._sought.cut(text)

    def _syllables(self, found: Cut, folds: Mapping[str, str]) -> list[Span]:
        # Other tones are marked only where the text lacks the syllable as typed.
        satisfied = {folds[key] for key in self.exact & folds.keys()}
        answers: dict[str, tuple[str, bool]] = {}
        for key, folded in folds.items():
            if key in self.exact:
                answers[key] = folded, True
            elif (
                key in self.plain
                or (folded in self.folded and folded not in satisfied)
                or folded.startswith(self.prefixes or ("\0",))
            ):
                answers[key] = folded, False
        rows = zip(found.starts, found.ends, found.keys, strict=True)
        return list(map(_span, [(start, end, *answers[key]) for start, end, key in rows if key in answers]))

    def _sequences(self, found: Cut, folds: Mapping[str, str]) -> Iterator[Span]:
        here = set(folds.values())
        folded: list[str] = []
        for phrase in self.phrases:
            keys = phrase.keys if phrase.marked else tuple(map(fold_key, phrase.keys))
            if not keys or not (folds.keys() if phrase.marked else here) >= set(keys):
                continue
            if not phrase.marked:
                folded = folded or [folds[key] for key in found.keys]
            texts = found.keys if phrase.marked else folded
            size = len(keys)
            exact = phrase.marked or phrase in self.synonyms
            at = 0
            for start in _places(keys[0], texts):
                last = start + size - 1
                if start < at or last >= len(texts) or found.places[last] - found.places[start] != size - 1:
                    continue
                if tuple(texts[start : start + size]) == keys:
                    at = start + size
                    yield Span(found.starts[start], found.ends[at - 1], _term(phrase), exact)

    def _abbreviations(self, found: Cut, folds: Mapping[str, str]) -> Iterator[Span]:
        """Yield abbreviations in the text that stand for a queried name, or for a word that is only
        abbreviated there.
        """
        missing = self.folded.difference(folds.values())
        if len(self.folded) < 2 and not missing:
            return
        capitals = _capitals().intersection(found.written)
        if CITY_KEY in folds:
            capitals |= {one for one, key in zip(found.written, found.keys, strict=True) if key == CITY_KEY}
            capitals = frozenset(one for one in capitals if one[-1].isupper() and one.isupper())
        known = {one for one in capitals if any(self._answers(full, missing) for full in expansions(one, typed=False))}
        for at in [at for at, one in enumerate(found.written) if one in known] if known else ():
            yield Span(found.starts[at], found.ends[at], fold_key(found.keys[at]), True)

    def _answers(self, full: str, missing: set[str]) -> bool:
        said = _said(full)
        return said <= self.folded or not said.isdisjoint(missing)


@cache
def _capitals() -> frozenset[str]:
    """Return our abbreviations of one meaning that are one token in capitals."""
    sure = Abbreviations.shipped().sure
    return frozenset(one for one in sure if len(one) > 1 and one.isupper() and one[-1].isupper() and one.isalnum())


@lru_cache(4096)
def _said(full: str) -> frozenset[str]:
    """Return the folded keys of an abbreviation's expansion."""
    return frozenset(fold_key(token.key) for token in tokens(full))


def _places(key: str, keys: Sequence[str]) -> Iterator[int]:
    at = -1
    with suppress(ValueError):  # no more of them
        while True:
            at = keys.index(key, at + 1)
            yield at


def highlight(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Return the whole text as pieces, marked where a span lies."""
    pieces: list[Piece] = []
    at = 0
    for span in spans:
        if span.start > at:
            pieces.append(Piece(text[at : span.start]))
        pieces.append(Piece(text[span.start : span.end], True))
        at = span.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def snippet(text: str, spans: Sequence[Span], weights: Mapping[str, float] | None = None) -> tuple[Piece, ...]:
    """Return the best window of a text (`best_window`) as pieces."""
    return excerpt(text, spans, best_window(text, spans, weights))


def excerpt(text: str, spans: Sequence[Span], window: tuple[int, int]) -> tuple[Piece, ...]:
    """Return a window of a text (`best_window`) as pieces, from about a sentence's beginning to a word's end."""
    start, end = _tidy(text, *window)
    inside = [span for span in spans if span[0] >= start and span[1] <= end]
    shifted = [Span(s.start - start, s.end - start, s.term, s.exact) for s in inside]
    pieces = [Piece(p.text.replace("\n", " "), p.marked) for p in highlight(text[start:end], shifted)]
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text.rstrip()):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def begins(spans: Sequence[Span], window: tuple[int, int]) -> int:
    """Return the place of the first mark of a window; 0 without a mark."""
    start, end = window
    return next((span.start for span in spans if span.start >= start and span.end <= end), 0)


def best_window(
    text: str, spans: Sequence[Span], weights: Mapping[str, float] | None = None, size: int = WINDOW
) -> tuple[int, int]:
    """Return about `size` characters around the densest group of different terms, at any place of the text.

    weights: folded key → idf, so that the window goes to the rare word; 1 where unknown.
    """
    best, best_worth = (0, min(size, len(text))), 0.0
    inside: dict[str, int] = {}
    worth = 0.0
    first = 0
    of: dict[tuple[str, bool], float] = {}
    for span in spans:
        _, end, term, exact = span
        counted = inside.get(term, 0)
        if not counted:
            if (term, exact) not in of:
                of[term, exact] = _worth(span, weights or {})
            worth += of[term, exact]
        else:
            worth += 0.05
        inside[term] = counted + 1
        while end - spans[first][0] > size and spans[first] is not span:
            gone = spans[first]
            inside[gone[2]] -= 1
            worth -= 0.05 if inside[gone[2]] else of.get((gone[2], gone[3])) or _worth(gone, weights or {})
            first += 1
        if worth > best_worth + 1e-9:
            best_worth, best = worth, (spans[first][0], end)
    margin = max(0, size - (best[1] - best[0])) // 3  # a third of the room before the match, the rest after
    start = max(0, best[0] - margin)
    return start, min(len(text), start + size)


def _worth(span: Span, weights: Mapping[str, float]) -> float:
    return weights.get(span.term, 1.0) * (1.0 if span.exact else 0.9)


def _tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Begin at a sentence where one begins near, else at a word; end at a word."""
    if start > 0:
        ahead = [at for at in range(max(0, start - 60), start) if text[at] in _SENTENCE_ENDS and text[at + 1].isspace()]
        start = ahead[-1] + 1 if ahead else max(text.rfind(" ", 0, start + 1), text.rfind("\n", 0, start + 1)) + 1
        while start < end and text[start].isspace():
            start += 1
    if end < len(text) and not text[end].isspace():
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > start else end
    return start, end


def _term(phrase: Phrase) -> str:
    return " ".join(phrase.keys if phrase.marked else map(fold_key, phrase.keys))


def _without_overlap(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    end = 0
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if span[0] >= end:
            kept.append(span)
            end = span[1]
    return kept
