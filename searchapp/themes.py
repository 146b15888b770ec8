"""Themes: which of the archive's subjects an article is about, by the phrases of data/themes.yaml."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log2
from typing import Any, Final

import yaml

from searchapp.text.normalize import normalize, slug
from searchapp.text.tokens import tokens

# The scoring rule and its numbers stand at the head of themes.yaml.
STRONG: Final = 3.0
KEY: Final = 1.0
MAX_HITS: Final = 3
TITLE: Final = 2.0
# Not 2.0 as in the taxonomy: on 140 judged short articles 1.0 finds 58 % of the themes, not 43 %, 96 % of them right.
FLOOR: Final = 1.0
SHARE_OF_BEST: Final = 0.35
MAX_THEMES: Final = 4

_NOT: Final = 0.0


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme with its label and the label of its group."""

    id: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Neighbouring keys that speak for a theme; weight 0: what they cover does not count."""

    keys: tuple[str, ...]
    theme: str
    weight: float


class Themes:
    """The taxonomy, and the rules that assign it."""

    def __init__(self, taxonomy: Mapping[str, Any], documents: Mapping[str, str]) -> None:
        """taxonomy: as in themes.yaml; documents: canonical key of a citation → the theme that it is evidence for."""
        self._themes = {
            theme["id"]: Theme(theme["id"], theme["label"], group["label"])
            for group in taxonomy["groups"]
            for theme in group["themes"]
        }
        self._documents = dict(documents)
        self._by_key: dict[str, list[_Phrase]] = defaultdict(list)
        self._by_pair: dict[tuple[str, str], list[_Phrase]] = defaultdict(list)
        for group in taxonomy["groups"]:
            for theme in group["themes"]:
                for name, weight in (("strong", STRONG), ("key", KEY), ("not", _NOT)):
                    for phrase in theme.get(name, ()):
                        self._add(_Phrase(tuple(t.key for t in tokens(phrase)), theme["id"], weight))
        self._names = {slug(theme.label): theme.id for theme in self._themes.values()}

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of all themes, group by group, as they are listed."""
        return tuple(self._themes)

    def label(self, theme: str) -> str:
        """The theme's name for readers; an id that is not in the taxonomy is its own name."""
        return self._themes[theme].label if theme in self._themes else theme

    def group(self, theme: str) -> str:
        """The heading that the theme stands under; "" for one that is not in the taxonomy."""
        return self._themes[theme].group if theme in self._themes else ""

    def find(self, name: str) -> str:
        """The id of the theme that a file names by id or label, in any spelling; "" when there is none."""
        key = slug(normalize(name))
        return key if key in self._themes else self._names.get(key, "")

    def assign(self, title: Sequence[str], body: Sequence[str], citations: Iterable[str] = ()) -> tuple[str, ...]:
        """The ids of the themes of an article, the surest first, at most MAX_THEMES.

        title, body: search keys of the text in order, "" where a citation stood; citations: canonical keys, one for
        each time a document is cited.
        """
        scores = self.scores(title, body, citations)
        floor = max(FLOOR, SHARE_OF_BEST * max(scores.values(), default=0.0))
        sure = [theme for theme in sorted(scores, key=lambda theme: -scores[theme]) if scores[theme] >= floor]
        return tuple(sure[:MAX_THEMES])

    def scores(self, title: Sequence[str], body: Sequence[str], citations: Iterable[str] = ()) -> dict[str, float]:
        """The score of each theme that has any evidence, in taxonomy order."""
        found: Counter[str] = Counter()
        for phrase, hits in self._hits(body).items():
            found[phrase.theme] += phrase.weight * min(MAX_HITS, hits)  # type: ignore[assignment]
        for phrase, hits in self._hits(title).items():
            found[phrase.theme] += TITLE * phrase.weight * hits  # type: ignore[assignment]
        for theme, hits in Counter(self._documents[c] for c in citations if c in self._documents).items():
            found[theme] += STRONG * min(MAX_HITS, hits)  # type: ignore[assignment]
        length = log2(8 + len(body) / 100)
        return {theme: found[theme] / length for theme in self._themes if found[theme]}

    def _add(self, phrase: _Phrase) -> None:
        if len(phrase.keys) == 1:
            self._by_key[phrase.keys[0]].append(phrase)
        else:
            self._by_pair[phrase.keys[:2]].append(phrase)  # type: ignore[index]

    def _hits(self, keys: Sequence[str]) -> Counter[_Phrase]:
        """How often each phrase stands in the keys, without hits that a `not` phrase of their theme covers."""
        keys = tuple(keys)
        places: list[tuple[_Phrase, int]] = []
        known = self._by_pair
        for start, pair in [(start, pair) for start, pair in enumerate(pairwise(keys)) if pair in known]:
            places += [(p, start) for p in known[pair] if keys[start : start + len(p.keys)] == p.keys]
        nots = [(phrase, start) for phrase, start in places if phrase.weight == _NOT]
        hits = Counter(phrase for phrase, start in places if not _covered(phrase, start, nots))
        for key in self._by_key.keys() & set(keys):
            hits.update(dict.fromkeys(self._by_key[key], keys.count(key)))
        return hits


def _covered(phrase: _Phrase, start: int, nots: Sequence[tuple[_Phrase, int]]) -> bool:
    """Whether a hit shares a syllable with a `not` phrase of its theme, or is one."""
    end = start + len(phrase.keys)
    return phrase.weight == _NOT or any(
        other.theme == phrase.theme and at < end and start < at + len(other.keys) for other, at in nots
    )


@cache
def load() -> Themes:
    """The themes of the tables that come with searchapp, read once."""
    data = files("searchapp") / "data"
    taxonomy = yaml.safe_load((data / "themes.yaml").read_text(encoding="utf-8"))
    rows = csv.DictReader((data / "theme_documents.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return Themes(taxonomy, {row["canon"]: row["theme"] for row in rows})


def label(theme: str) -> str:
    """The Vietnamese name of a theme id; an unknown id as it is."""
    return load().label(theme)


def group(theme: str) -> str:
    """The heading that a theme stands under."""
    return load().group(theme)


def place(theme: str) -> int:
    """Where a theme stands in the taxonomy; unknown ones last."""
    order = load().order
    return order.index(theme) if theme in order else len(order)
