"""Decide which of the archive's themes an article is about, by phrases of a taxonomy and by learned words."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from searchapp.text.normalize import normalize, slug
from searchapp.text.tokens import tokens

LEAD: Final = 80
"""Syllables at the beginning that tell the theme: with a hit there .85 of themes were right, else .43."""
READ: Final = 1000
"""Syllables of a text that are read for themes: a long law costs no more than a long article."""
MAX_THEMES: Final = 3

# The value of a hit. In the body a repeated phrase counts up to three times.
_STRONG: Final = 1.0
KEY: Final = 0.33
_IN_TITLE: Final = 1.0
IN_LEAD: Final = 0.6
_IN_BODY: Final = 0.15
MAX_HITS: Final = 3
ENOUGH: Final = 0.6
"""The evidence that files an article: a strong phrase in title or lead, or four strong ones in the body."""
_SHARE_OF_BEST: Final = 0.4

# Constants of learned words: the value of a phrase by its place (as it was learned), the bonus of the taxonomy's
# evidence, and the score that files. They were chosen on half of the judged articles and on 800 labelled titles:
# benchmarks/themes.py.
WORD_IN_BODY: Final = 0.25
EVIDENCE: Final = 2.0
_MOST_EVIDENCE: Final = 2.5
_FILED: Final = 0.0
_SILENT: Final = -1.0
"""The score of learned words where the text has none: a strong phrase in title or lead then files alone."""
_HALF_TRUSTED: Final = 10
"""The number of learned phrases in an article at which the code trusts them by half."""
_REASONS: Final = 5
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in a tenth of the time, where libyaml is
LONGEST: Final = 12  # syllables of a phrase; longer phrases are not checked for overlaps
_ROOTS: Final = tuple(n**0.5 for n in range(MAX_HITS + 1))


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme with its label and the label of its group."""

    id: str
    label: str
    group: str


@dataclass(slots=True, eq=False)
class _Phrase:
    """Neighbouring keys, and their evidence.

    weights: by theme, as the taxonomy has it; against: themes whose hits it cancels; masks: it cancels any hit inside
    it; row: of its learned weights, -1 for none; number: its place among all phrases.
    """

    keys: tuple[str, ...]
    weights: dict[str, float] = field(default_factory=dict)
    against: set[str] = field(default_factory=set)
    masks: bool = False
    row: int = -1
    number: int = -1


class _Read(NamedTuple):
    """The evidence of an article's phrases: those of the taxonomy by number, learned ones by row."""

    evidence: dict[int, float]
    words: dict[int, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for a theme of an article: its score, and the supporting phrases, the strongest first."""

    theme: str
    score: float
    phrases: tuple[str, ...]


class Themes:
    """The taxonomy, and the rules that assign it."""

    def __init__(
        self,
        taxonomy: Mapping[str, Any],
        documents: Mapping[str, str],
        learned: Iterable[tuple[str, str, float]] = (),
    ) -> None:
        """taxonomy: as in themes.yaml; documents: canonical key of a citation → the theme that it is evidence for.

        learned: (phrase, theme, weight), as in theme_words.tsv; the phrase "" is a theme's weight before any hit.
        """
        self.taxonomy = taxonomy
        self._themes = {
            theme["id"]: Theme(theme["id"], theme["label"], group["label"])
            for group in taxonomy["groups"]
            for theme in group["themes"]
        }
        self._documents = {key: theme for key, theme in documents.items() if theme in self._themes}
        self._known: dict[tuple[str, ...], _Phrase] = {}
        for group in taxonomy["groups"]:
            for theme in group["themes"]:
                self._teach(theme)
        for text in taxonomy.get("mask", ()):
            self._phrase(text).masks = True
        words = [(text, name, weight) for text, name, weight in learned if name in self._themes]
        self._base = {name: weight for text, name, weight in words if not text}
        self._weights = self._learn([word for word in words if word[0]])
        self._phrases = [phrase for phrase in self._known.values() if phrase.keys]
        self._by_key: dict[str, _Phrase] = {}
        self._by_pair: dict[tuple[str, str], list[tuple[_Phrase, tuple[str, ...]]]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            phrase.number = number
            if len(phrase.keys) == 1:
                self._by_key[phrase.keys[0]] = phrase
            else:
                self._by_pair[phrase.keys[0], phrase.keys[1]].append((phrase, phrase.keys[2:]))
        named = [one for group in taxonomy["groups"] for one in (group, *group["themes"])]
        self.english = {one["label"]: one["label_en"] for one in named if "label_en" in one}
        self._places = {theme: place for place, theme in enumerate(self._themes)}
        self._names = {slug(theme.label): theme.id for theme in self._themes.values()}

    @property
    def order(self) -> tuple[str, ...]:
        """Return the ids of all themes, group by group, in their order of listing."""
        return tuple(self._themes)

    def label(self, theme: str) -> str:
        """Return the theme's name for readers; an id that is not in the taxonomy is its own name."""
        return self._themes[theme].label if theme in self._themes else theme

    def group(self, theme: str) -> str:
        """Return the heading above a theme; "" for one that is not in the taxonomy."""
        return self._themes[theme].group if theme in self._themes else ""

    def place(self, theme: str) -> int:
        """Return the place of a theme in the taxonomy; unknown ones come last."""
        order = self.order
        return order.index(theme) if theme in order else len(order)

    def find(self, name: str) -> str:
        """Return the id of the theme that a file names by id or label, in any spelling; else ""."""
        key = slug(normalize(name))
        return key if key in self._themes else self._names.get(key, "")

    def assign(self, title: Sequence[str], body: Sequence[str], citations: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the ids of the themes of an article, the surest first, at most MAX_THEMES.

        title, body: search keys of the text in order, "" where a citation or the end of a sentence stood; citations:
        canonical keys, one for each time that a document is cited.
        """
        return tuple(theme for theme, _ in self._filed(self._read(title, body), citations))

    def why(self, title: Sequence[str], body: Sequence[str], citations: Iterable[str] = ()) -> list[Reason]:
        """Return the themes of `assign`, each with its score and its supporting phrases."""
        read = self._read(title, body)
        return [Reason(theme, score, self._spoke(theme, read)) for theme, score in self._filed(read, citations)]

    def _spoke(self, theme: str, read: _Read) -> tuple[str, ...]:
        told: Counter[str] = Counter()
        column = list(self._base).index(theme) if theme in self._base else -1
        for phrase in self._phrases:
            score = phrase.weights.get(theme, 0.0) * read.evidence.get(phrase.number, 0.0)
            if column >= 0 and phrase.row in read.words:
                score += max(0.0, float(self._weights[phrase.row, column])) * read.words[phrase.row]
            if score > 0:
                told[" ".join(phrase.keys)] = score  # type: ignore[assignment]
        return tuple(text for text, _ in told.most_common(_REASONS))

    def _teach(self, theme: Mapping[str, Any]) -> None:
        for name, weight in (("strong", _STRONG), ("key", KEY)):
            for text in theme.get(name, ()):
                self._phrase(text).weights[theme["id"]] = weight
        for text in theme.get("not", ()):
            self._phrase(text).against.add(theme["id"])

    def _learn(self, words: Sequence[tuple[str, str, float]]) -> NDArray[np.float64]:
        """Return the weights of learned phrases, a row each, a column for each theme that has any."""
        phrases = dict.fromkeys(text for text, _, _ in words)
        for row, text in enumerate(phrases):
            self._phrase(text).row = row
        weights = np.zeros((len(phrases), len(self._base)))
        columns = {theme: column for column, theme in enumerate(self._base)}
        for text, theme, weight in words:
            weights[self._phrase(text).row, columns[theme]] = weight
        return weights

    def _phrase(self, text: str) -> _Phrase:
        keys = tuple(token.key for token in tokens(normalize(text)))
        return self._known.setdefault(keys, _Phrase(keys))

    def _read(self, title: Sequence[str], body: Sequence[str]) -> _Read:
        """Return the evidence of the taxonomy's phrases in this article, and that of the learned ones."""
        in_title, in_body = self._hits(title), self._hits(body[:READ])
        zones: tuple[Counter[int], Counter[int], Counter[int]] = (Counter(), Counter(), Counter())
        learned: tuple[Counter[int], Counter[int], Counter[int]] = (Counter(), Counter(), Counter())
        for hits, first in ((in_title, True), (in_body, False)):
            silent = _silent(hits)
            for phrase, start in hits:
                zone = 0 if first else 1 if start < LEAD else 2
                if phrase.row >= 0:
                    learned[zone][phrase.row] += 1
                if phrase.weights and not (silent and (phrase.number, start) in silent):
                    zones[zone][phrase.number] += 1
        titled, lead, rest = zones
        evidence = {
            number: _IN_TITLE * (number in titled) + IN_LEAD * (number in lead) + _IN_BODY * min(MAX_HITS, rest[number])
            for number in {*titled, *lead, *rest}
        }
        titled, lead, rest = learned
        words = {
            row: (row in titled) + IN_LEAD * (row in lead) + WORD_IN_BODY * _ROOTS[min(MAX_HITS, rest[row])]
            for row in {*titled, *lead, *rest}
        }
        return _Read(evidence, words)

    def _filed(self, read: _Read, citations: Iterable[str]) -> list[tuple[str, float]]:
        told: dict[str, float] = defaultdict(float)
        for number, value in read.evidence.items():
            for theme, weight in self._phrases[number].weights.items():
                told[theme] += weight * value
        for theme, times in Counter(self._documents[key] for key in citations if key in self._documents).items():
            told[theme] += IN_LEAD * min(2, times)
        best = max((told[theme] for theme in told if theme not in self._base), default=0.0)
        scores = {
            theme: evidence - ENOUGH
            for theme, evidence in told.items()
            if theme not in self._base and evidence >= max(ENOUGH, _SHARE_OF_BEST * best)
        }
        for theme, score in self._decisions(read.words).items():
            total = score + EVIDENCE * min(_MOST_EVIDENCE, told.get(theme, 0.0)) - _FILED
            if total >= 0:
                scores[theme] = total
        return sorted(scores.items(), key=lambda item: (-item[1], self._places[item[0]]))[:MAX_THEMES]

    def _decisions(self, words: Mapping[int, float]) -> dict[str, float]:
        """Return the score of learned words for each theme: a linear model over the phrases, length taken out."""
        if not words:
            return dict.fromkeys(self._base, _SILENT)
        values = np.fromiter(words.values(), np.float64, len(words))
        told = values @ self._weights[np.fromiter(words, np.intp, len(words))] / np.sqrt(values @ values)
        trust = len(words) / (len(words) + _HALF_TRUSTED)
        return {
            theme: trust * (base + float(told[column])) + (1 - trust) * _SILENT
            for column, (theme, base) in enumerate(self._base.items())
        }

    def _hits(self, keys: Sequence[str]) -> list[tuple[_Phrase, int]]:
        """Return each phrase that stands in the keys, with its place."""
        keys = tuple(keys)
        known = self._by_pair
        hits: list[tuple[_Phrase, int]] = []
        for start, pair in [(start, pair) for start, pair in enumerate(pairwise(keys)) if pair in known]:
            for phrase, tail in known[pair]:
                if not tail or keys[start + 2 : start + 2 + len(tail)] == tail:
                    hits.append((phrase, start))
        if alone := self._by_key.keys() & set(keys):
            hits += [(self._by_key[key], start) for start, key in enumerate(keys) if key in alone]
            hits.sort(key=lambda hit: hit[1])
        return hits


def _silent(hits: Sequence[tuple[_Phrase, int]]) -> set[tuple[int, int]]:
    """Return number and place of hits that do not count; the hits are given in order.

    Three kinds do not count. A mask covers a hit (a title of office is no subject). A `not` of all its themes touches a
    hit. A hit of one or two syllables lies across the end of a longer phrase: "giáo khoa | giáo dục" is no "khoa giáo".
    """
    silent: set[tuple[int, int]] = set()
    for at, (other, begins) in enumerate(hits):
        if len(other.keys) < 3 and not other.masks and not other.against:
            continue
        ends = begins + len(other.keys)
        for phrase, start in _near(hits, at, begins, ends):
            end = start + len(phrase.keys)
            if phrase is other or end <= begins or ends <= start:
                continue
            inside, around = begins <= start and end <= ends, start <= begins and ends <= end
            across = (
                not inside and not around and len(phrase.keys) < 3 and not phrase.weights.keys() & other.weights.keys()
            )
            if (other.masks and inside) or across or (other.against and phrase.weights.keys() <= other.against):
                silent.add((phrase.number, start))
    return silent


def _near(hits: Sequence[tuple[_Phrase, int]], at: int, begins: int, ends: int) -> Iterator[tuple[_Phrase, int]]:
    """Yield the hits around a hit that may share a syllable with it."""
    first = at
    while first and hits[first - 1][1] > begins - LONGEST:
        first -= 1
    for number in range(first, len(hits)):
        if hits[number][1] >= ends:
            break
        yield hits[number]


@cache
def load() -> Themes:
    """Return the themes of the tables that come with searchapp, read once."""
    return Themes(taxonomy(), documents(), learned())


@cache
def taxonomy() -> dict[str, Any]:
    """Return the taxonomy that comes with searchapp, as themes.yaml has it; callers must not change it."""
    found: dict[str, Any] = yaml.load(_text("themes.yaml"), Loader=_LOADER)
    return found


@cache
def documents() -> dict[str, str]:
    """Map the canonical key of a citation to the theme that it is evidence for."""
    return {row["canon"]: row["theme"] for row in _rows(_text("theme_documents.tsv"))}


@cache
def learned() -> tuple[tuple[str, str, float], ...]:
    """Return the learned phrases: phrase, theme, weight."""
    return tuple((row["phrase"], row["theme"], float(row["weight"])) for row in _rows(_text("theme_words.tsv")))


def _text(name: str) -> str:
    return (files("searchapp") / "data" / name).read_text(encoding="utf-8")


def _rows(text: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(text.splitlines(), delimiter="\t")


def label(theme: str) -> str:
    """Return the Vietnamese name of a theme id; an unknown id unchanged."""
    return load().label(theme)


def group(theme: str) -> str:
    """Return the heading above a theme."""
    return load().group(theme)


def place(theme: str) -> int:
    """Return the place of a theme in the taxonomy; unknown ones come last."""
    return load().place(theme)
