"""Make hits of matches: passages of long texts, snippets around the best marks, and reasons. Data, never HTML."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Citation
from searchapp.engine import Engine
from searchapp.results import JOINTS, Hit, Match, Piece, Places, Span, highlight, together
from searchapp.search import provisions
from searchapp.search.facets import link
from searchapp.search.highlighter import NONE, Marker, Marks, Target
from searchapp.text.distinct import LONG
from searchapp.text.normalize import fold_key

_Column = NDArray[np.integer[Any]]

WINDOW: Final = 240  # characters of a snippet: three lines on a desktop
_SENTENCE_END: Final = re.compile(r"[.!?…;\n](?=\s)")
_AGAIN: Final = 0.05
"""The worth of a further mark of a term that a window has already."""
_EQUAL: Final = 1e-9


def snippet(text: str, marks: Marks, weights: Mapping[str, float] | None = None) -> tuple[Piece, ...]:
    """Return the best window of a text (`best_windows`) as pieces."""
    return excerpt(text, marks, best_windows([(text, marks)], weights)[0])


def excerpt(text: str, marks: Marks, window: tuple[int, int], elsewhere: Set[str] = frozenset()) -> tuple[Piece, ...]:
    """Return a window of a text as pieces, from about a sentence's beginning to a word's end; elsewhere: `together`."""
    start, end = _tidy(text, *window)
    shifted = [Span(s.start - start, s.end - start, s.term, s.exact) for s in marks.within(start, end)]
    shown = text[start:end].replace("\n", " ")
    pieces = [*highlight(shown, together(shown, shifted, elsewhere))]
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text.rstrip()):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def best_windows(
    texts: Sequence[tuple[str, Marks]], weights: Mapping[str, float] | None = None, size: int = WINDOW
) -> list[tuple[int, int]]:
    """Return about `size` characters of each text around the densest group of different terms, at any place of it.

    weights: folded key → idf, so that the window goes to the rare word; 1 where unknown. One window slides over all
    texts, laid far from each other.
    """
    found = dense([(len(text), marks) for text, marks in texts], weights or {}, size)
    best = [told[0] if told else (0, min(size, len(text))) for told, (text, _) in zip(found, texts, strict=True)]
    margins = [max(0, size - (end - start)) // 3 for start, end in best]  # a third before the match, the rest after
    starts = [max(0, start - margin) for (start, _), margin in zip(best, margins, strict=True)]
    return [(start, min(len(text), start + size)) for start, (text, _) in zip(starts, texts, strict=True)]


def dense(
    texts: Sequence[tuple[int, Marks]], weights: Mapping[str, float], size: int = WINDOW, most: int = 1
) -> list[list[tuple[int, int]]]:
    """Return of each text, by its length and marks, where most different terms stand together: the best first.

    most: so many groups at most, of more than half of the best one's worth, `size` characters apart.
    """
    apart = list(accumulate((length + size + 1 for length, _ in texts), initial=0))
    edges = list(accumulate((len(marks) for _, marks in texts), initial=0))
    if not edges[-1]:
        return [[] for _ in texts]
    firsts, worths = _windows([marks for _, marks in texts], apart, weights, size)
    found: list[list[tuple[int, int]]] = []
    for (_, marks), start, end in zip(texts, edges, edges[1:], strict=False):
        some, groups = worths[start:end], list[tuple[int, int]]()
        least = some.max(initial=0.0) / 2
        while len(some) and len(groups) < most and (top := some.max()) > max(least, _EQUAL):
            last = int(np.argmax(some >= top - _EQUAL))
            group = int(marks.starts[firsts[start + last] - start]), int(marks.ends[last])
            groups.append(group)
            if len(groups) < most:
                some = np.where((marks.ends > group[0] - size) & (marks.starts < group[1] + size), 0.0, some)
        found.append(groups)
    return found


def _windows(
    each: Sequence[Marks], apart: Sequence[int], weights: Mapping[str, float], size: int
) -> tuple[_Column, NDArray[np.float64]]:
    """Return for each mark the first one of the window that ends with it, and that window's worth.

    A window slides over the marks. The first mark of a term in it counts by its weight, the others a little.
    apart: where each text begins, so that no window has marks of two.
    """
    said = [(number, *kind) for number, marks in enumerate(each) for kind in marks.said]
    skips = accumulate((len(marks.said) for marks in each), initial=0)
    kinds = np.concatenate([marks.kinds + skipped for marks, skipped in zip(each, skips, strict=False)])
    starts, ends = (
        np.concatenate([getattr(marks, side) + at for marks, at in zip(each, apart, strict=False)])
        for side in ("starts", "ends")
    )
    count = len(starts)
    firsts = np.minimum(np.searchsorted(starts, ends - size), np.arange(count))
    before = np.concatenate([[0], firsts[:-1]])
    names = {term: number for number, term in enumerate(dict.fromkeys(kind[:2] for kind in said))}
    small = np.min_scalar_type(len(names))  # numbers of 16 bits are sorted by their digits
    terms = np.array([names[kind[:2]] for kind in said], small).take(kinds)
    alike = np.argsort(terms, kind="stable")
    same = terms.take(alike[1:]) == terms.take(alike[:-1])
    previous, following = np.full(count, -1), np.full(count, count)
    previous[alike[1:][same]] = alike[:-1][same]
    following[alike[:-1][same]] = alike[1:][same]
    worth = np.array([weights.get(term, 1.0) * (1.0 if exact else 0.9) for _, term, exact in said]).take(kinds)
    gone = np.arange(firsts[-1])  # marks that leave, each when a later one comes
    when = np.searchsorted(firsts, gone, "right")
    # Sums of the window in the order of events: a mark comes, then those leave that are too far before it.
    events = np.empty(count + len(gone))
    events[np.arange(count) + before] = np.where(previous < before, worth, _AGAIN)
    events[when + 1 + gone] = -np.where(following.take(gone) <= when, _AGAIN, worth.take(gone))
    return firsts, np.cumsum(events).take(np.arange(count) + firsts)


def _tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Begin at a sentence where one begins near, else at a word; end at a word."""
    if start > 0:
        ends = [found.end() for found in _SENTENCE_END.finditer(text, max(0, start - 60), start + 1)]
        start = ends[-1] if ends else max(text.rfind(" ", 0, start + 1), text.rfind("\n", 0, start + 1)) + 1
        while start < end and text[start].isspace():
            start += 1
    if end < len(text) and not text[end].isspace():
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > start else end
    return start, end


_MAX_CITED: Final = 100
"""The most documents that a hit tells; the article tells all. A law cites some dozens, a made-up text ten thousand."""
_AROUND: Final = 200
"""Characters that are read before and behind a group of words."""
_FAR: Final = 2_000
"""Characters by which the place of a word may be wrong: in a table of words far from each other."""
_BESIDE: Final = 150
"""Characters around a word that stands in no group."""
_GROUPS: Final = 3
_ROOM: Final = 11_000
"""The most characters of a long text that are read, so that one glance sees them all."""
_JOINT: Final = "\n·x·\n"
"""Stands between two passages, with a syllable, so that words of both are no neighbours."""
_WORD: Final = 100
"""The most characters of a word that is not cut in two."""
_LETTERS: Final = 4
"""About the length of a syllable."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The part of an article's text that is searched: all of a short text, passages of a long one.

    starts: where each passage begins in `text`; places: where in the article, and its end there. typed: terms that the
    article has as typed, so that other tones of them are not marked.
    """

    text: str
    citations: Sequence[Citation]
    starts: NDArray[np.intp] | None = None
    places: Sequence[tuple[int, int]] = ()
    typed: Set[str] = frozenset()

    def placed(self, marks: Marks) -> Marks:
        """Return marks of this part as marks of the article."""
        if self.starts is None:
            return marks
        meant = np.array([exact or term not in self.typed for term, exact in marks.said], np.bool_)
        passage = np.searchsorted(self.starts, marks.starts, "right") - 1
        begins, ends = np.array(self.places, np.intp).T
        shift = begins.take(passage) - self.starts.take(passage)
        inside = meant.take(marks.kinds) & (marks.ends + shift <= ends.take(passage))
        return replace(marks, starts=marks.starts + shift, ends=marks.ends + shift).part(inside)


def _looked(engine: Engine, articles: Sequence[Article], marker: Marker, weights: Mapping[str, float]) -> list[_Look]:
    """Return what is searched of each text. Of a long one that is where the index says that the words stand."""
    long = [at for at, article in enumerate(articles) if len(article.text) > LONG]
    targets = marker.targets() if long else []
    keys = [articles[at].key for at in long] if targets else []
    told = zip(long, engine.places(keys, [(one.stream, one.keys) for one in targets]), strict=bool(targets))
    listed = {at: _Listed(places, targets) for at, places in told if places is not None}
    cited = [_cited(articles[at], marker) for at in listed]
    marks = [one.marks(spans) for one, spans in zip(listed.values(), cited, strict=True)]
    lengths = [len(articles[at].text) for at in listed]
    groups = dense(list(zip(lengths, marks, strict=True)), weights, most=_GROUPS)
    passages = {
        at: _passages(articles[at], found, best, marker, one)
        for (at, one), found, best in zip(listed.items(), marks, groups, strict=True)
    }
    return [passages.get(at) or _Look(article.text, article.citations) for at, article in enumerate(articles)]


class _Listed:
    """The places of targets in a long text. Where a word stands as typed, its other tones count no more."""

    def __init__(self, places: Places, targets: Sequence[Target]) -> None:
        present = set(np.unique(places.terms).tolist())
        self.typed = frozenset(targets[kind].term for kind in present if targets[kind].stream == "a")
        counts = [one.exact or one.term not in self.typed for one in targets]
        kept = np.array(counts, np.bool_).take(places.terms)
        self._targets = targets
        self._stops = places.stops
        self._starts, self._kinds = places.starts.compress(kept), places.terms.compress(kept)

    def marks(self, cited: Sequence[Span]) -> Marks:
        """Return about the marks of the text, with those of documents."""
        said = [(one.term, one.exact) for one in self._targets]
        if not cited:
            return Marks(self._starts, self._starts + _LETTERS, self._kinds, said)
        said += [(span.term, span.exact) for span in cited]
        starts = np.concatenate([self._starts, [span.start for span in cited]]).astype(np.intp)
        kinds = np.concatenate([self._kinds, np.arange(len(self._targets), len(said))])
        order = np.argsort(starts, kind="stable")
        starts = starts.take(order)
        return Marks(starts, starts + _LETTERS, kinds.take(order), said)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch that holds a group of words that stand about there, and some characters more."""
        first = max(0, int(np.searchsorted(self._stops, start, "right")) - 1)
        last = min(len(self._stops) - 1, int(np.searchsorted(self._stops, end, "right")))
        begins, ends = min(start, int(self._stops[first])), max(end, int(self._stops[last]))
        return max(begins, start - _FAR) - _AROUND, min(ends, end + _FAR) + _AROUND


def _cited(article: Article, marker: Marker) -> list[Span]:
    if not (marker.documents or marker.symbols):
        return []
    told = (c for c in article.citations if c.document in marker.documents or c.key in marker.symbols)
    return [Span(c.start, c.end, c.key, True) for c in told if c.end <= len(article.text)]


def _passages(
    article: Article, marks: Marks, groups: Sequence[tuple[int, int]], marker: Marker, listed: _Listed
) -> _Look:
    """Return the passages with the groups, and with one place of each wanted word that stands in none of them."""
    text = article.text
    chosen = [_widened(text, *listed.around(*group)) for group in groups] or [_widened(text, 0, _AROUND)]
    inside = np.zeros(len(marks), np.bool_)
    for start, end in chosen:
        inside[slice(*np.searchsorted(marks.starts, (start + _LETTERS, end - _LETTERS)).tolist())] = True
    seen = {marks.said[kind][0] for kind in np.unique(marks.kinds.compress(inside)).tolist()}
    for wanted in marker.wanted:
        if seen.isdisjoint(wanted) and len(at := marks.beginnings(wanted)):
            nearest = int(at[np.argmin(np.abs(at - chosen[0][0]))])
            chosen.append(_widened(text, nearest - _BESIDE, nearest + _BESIDE))
    places: list[tuple[int, int]] = []
    room = _ROOM
    for start, end in chosen:
        room -= end - start + len(_JOINT)
        if room > 0:
            places.append((start, end))
    places = _apart(places)
    starts = list(accumulate((end - start + len(_JOINT) for start, end in places), initial=0))
    moved = [
        replace(c, start=c.start - place + start, end=c.end - place + start)
        for (place, end), start in zip(places, starts, strict=False)
        for c in (article.citations if marker.documents or marker.symbols else ())
        if place <= c.start and c.end <= end
    ]
    joined = _JOINT.join(text[start:end] for start, end in places)
    return _Look(joined, moved, np.array(starts[:-1], np.intp), places, listed.typed)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of a text from the beginning of a word to the end of one, as far as words end near."""
    start, end = max(0, start), min(len(text), end)
    before = max(text.rfind(sign, max(0, start - _WORD), start) for sign in " \n")
    behind = [at for sign in " \n" if (at := text.find(sign, end, end + _WORD)) >= 0]
    return before + 1 if before >= 0 else start, min(behind, default=end)


def _apart(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in order, those that meet as one.

    >>> _apart([(50, 70), (0, 20), (10, 30)])
    [(0, 30), (50, 70)]
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


_NEIGHBOURS: Final = 200
"""The number of marks of a text that tell which syllables have neighbours."""


def _neighbours(text: str, marks: Marks) -> Set[str]:
    """Return the terms of marks that stand beside other ones."""
    terms = [marks.said[kind][0] for kind in marks.kinds[:_NEIGHBOURS].tolist()]
    gaps = zip(pairwise(terms), marks.ends[:_NEIGHBOURS].tolist(), marks.starts[1:_NEIGHBOURS].tolist(), strict=False)
    found: set[str] = set()
    for pair, end, start in gaps:
        if pair[0] != pair[1] and not found.issuperset(pair) and not text[end:start].strip(JOINTS):
            found.update(pair)
    return found


def hits_of(
    engine: Engine, matches: Sequence[Match], marker: Marker, weights: Mapping[str, float], until: float
) -> tuple[Hit, ...]:
    """Return matches as hits. weights: folded key → idf; until: moment after which texts are searched no more."""
    articles = [match.article for match in matches]
    texts = [article.text for article in articles]
    titles = [(article.title, ()) for article in articles]
    looked = _looked(engine, articles, marker, weights) if matches and time.perf_counter() < until else []
    found = marker.glances([*titles, *((look.text, look.citations) for look in looked)]) if matches else []
    bodies = [look.placed(marks) for look, marks in zip(looked, found[len(titles) :], strict=True)]
    bodies = bodies or [NONE] * len(titles)
    windows = best_windows(list(zip(texts, bodies, strict=True)), weights)
    rows = zip(matches, zip(found, bodies, windows, strict=False), strict=True)
    return tuple(_hit(engine, match, marker, weights, *row) for match, row in rows)


def _hit(
    engine: Engine,
    match: Match,
    marker: Marker,
    weights: Mapping[str, float],
    title: Marks,
    body: Marks,
    window: tuple[int, int],
) -> Hit:
    article = match.article
    met = _neighbours(article.title, title) | _neighbours(article.text, body)
    places = provisions.met(article, body, weights, window) if article.outline else ()
    return Hit(
        article=article,
        title=highlight(article.title, together(article.title, title)) or (Piece(article.id),),
        snippet=excerpt(article.text, body, window, met),
        documents=tuple(link(engine.document(slug), slug) for slug in match.documents[:_MAX_CITED]),
        themes=tuple((theme, engine.tables.themes.label(theme)) for theme in article.themes),
        score=match.score,
        why=_why(marker, title.last() | body.last(), match),
        reprints=match.reprints,
        provisions=places,
    )


_MARKABLE: Final = re.compile("[aeiouyd]")
"""Letters that can bear a mark: without one of them a term is always as typed."""


def _why(marker: Marker, words: Mapping[str, bool], match: Match) -> tuple[str, ...]:
    """Return short codes for "vì sao có kết quả này"; words: the marked terms, whether each is as typed."""
    why = []
    if marker.documents.intersection(match.documents):
        why.append("number")
    exact = {fold_key(key) for key in marker.exact}
    if exact and all(words.get(term) for term in exact):
        why.append("exact")
    elif any(not words[term] and _MARKABLE.search(term) for term in words):
        why.append("folded")
    if any(
        " ".join(phrase.keys) in words for phrase in marker.phrases if phrase not in marker.synonyms | marker.respelt
    ):
        why.append("phrase")
    if any(" ".join(phrase.keys) in words for phrase in marker.synonyms):
        why.append("synonym")
    if any(map(words.keys().isdisjoint, marker.wanted)):
        why.append("part")
    if match.meant:
        why.append("meaning")
    return tuple(why)


def idf(engine: Engine, marker: Marker) -> dict[str, float]:
    """Return the weights of a marker's words: folded key → idf."""
    if not marker.folded:
        return {}
    total = max(1, engine.stats().articles)
    counts = engine.frequencies(marker.folded, stream="f")
    return {key: math.log(1 + total / (1 + counts.get(key, 0))) for key in marker.folded}
