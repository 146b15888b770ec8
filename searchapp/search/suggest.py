"""Suggest while a visitor types: documents, themes, frequent phrases and titles that begin so, in any accent state."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, NamedTuple

from searchapp.citations.find.vocabulary import TYPE_NAMES
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.search.document_list import counts_of
from searchapp.search.snapshot import Survey
from searchapp.text.normalize import fold, fold_key, has_marks, normalize
from searchapp.text.syllables import begun, key, pieces
from searchapp.text.tokens import DOUBTED, keys_of
from searchapp.text.typed import as_we_write

Kind = Literal["document", "theme", "phrase", "title"]

LIMIT: Final = 8
_SHARES: Final[dict[Kind, int]] = {"document": 3, "theme": 2, "phrase": 3, "title": 4}
_MIN_PHRASE: Final = 3  # articles that must have the phrase
_TITLE_STARTS: Final = 4  # words of a title at which a prefix may begin, while there are not too many
_MANY_TITLES: Final = 50_000
_MAX_ASKED: Final = 4096  # remembered answers
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion. value: slug, theme id, phrase or article key; count: articles, 0 where the number means nothing."""

    kind: Kind
    text: str
    value: str
    count: int = 0


class Typed(NamedTuple):
    """The text in the box.

    prefixes: its letters; two where the syllable under way is none yet (ki of kiện is no ky). finished: the syllables
    that the reader has left behind, with their accents; last: the one under way, which may still get some. Accents that
    were typed hold where any suggestion has them.
    """

    prefixes: tuple[str, ...]
    finished: tuple[str, ...]
    last: str

    @classmethod
    def of(cls, text: str) -> Typed:
        """Read the box."""
        normal = normalize(text)
        ended = normal[-1:].isspace()
        keys, words = _words(normal), re.findall(r"\w+", normal.lower())
        if not keys or ended:
            return cls((" ".join([*keys, ""]),) if keys else (), tuple(words), "")
        last = fold(words[-1])
        prefixes = [keys, [*keys[:-1], last]] if last[:-1] == keys[-1][:-1] else [keys]
        return cls(tuple(dict.fromkeys(map(" ".join, prefixes))), tuple(words[:-1]), words[-1])


class _Completions:
    """The suggestions of a generation, sorted by their folded text. quick: those alone that are read at once."""

    def __init__(self, engine: Engine, *, quick: bool = False) -> None:
        parts = (_documents, _themes) if quick else (_documents, _themes, _phrases, _titles)
        rows = sorted({row for read in parts for row in read(engine)}, key=_order)
        self._types = {document.slug: TYPE_NAMES.get(document.type, "") for document in engine.documents()}
        self._starts = [start for start, _ in rows]
        self._found = [found for _, found in rows]
        # The code avoids lru_cache: its cycle would keep all this until the collector comes by.
        self._asked: dict[tuple[Typed, int], tuple[Suggestion, ...]] = {}

    def beginning(self, typed: Typed, limit: int) -> tuple[Suggestion, ...]:
        """Return at most `limit` suggestions that begin so, best first."""
        asked = typed, limit
        found = self._asked.get(asked)
        if found is None:
            if len(self._asked) >= _MAX_ASKED:
                self._asked.clear()
            found = self._asked[asked] = self._beginning(*asked)
        return found

    def _beginning(self, typed: Typed, limit: int) -> tuple[Suggestion, ...]:
        kinds: dict[Kind, dict[str, Suggestion]] = {kind: {} for kind in _SHARES}
        alike = [found for prefix in typed.prefixes for found in self._after(prefix)]
        for found in self._with_accents(alike, typed) or alike:
            # Several articles of one title would be one line again and again.
            kinds[found.kind].setdefault(found.text if found.kind == "title" else found.value, found)
        chosen: list[Suggestion] = []
        for kind, share in _SHARES.items():
            best = heapq.nsmallest(share, kinds[kind].values(), key=lambda s: (-s.count, len(s.text), s.text))
            # So many articles have the phrase as one word of theirs; a search for its syllables finds others too.
            chosen += [replace(one, count=0) for one in best] if kind == "phrase" else best
        return tuple(chosen[:limit])

    def _after(self, prefix: str) -> Sequence[Suggestion]:
        first = bisect_left(self._starts, prefix)
        return self._found[first : bisect_left(self._starts, prefix + _LAST, first)]

    def _with_accents(self, found: Sequence[Suggestion], typed: Typed) -> list[Suggestion]:
        """Return the suggestions with the accents that were typed; [] for none."""
        if not any(map(has_marks, (*typed.finished, typed.last))):
            return []
        words = [(re.escape(word) if has_marks(word) else r"\w+") + r"(?!\w)" for word in typed.finished]
        if has_marks(typed.last):  # quí may still become quích, and is quý
            words.append("(?:" + "|".join(begun(way) for way in (typed.last, key(typed.last))) + ")")
        accented = re.compile(r"(?<!\w)" + r"[\W_]+".join(words))
        return [one for one in found if accented.search(self._spelt(one))]

    def _spelt(self, one: Suggestion) -> str:
        """Return a suggestion as people may type it; a document with its type too: "nghị định số 10/2018/NĐ-CP"."""
        kind = self._types.get(one.value, "") if one.kind == "document" else ""
        return (f"{kind} số {kind} {one.text}" if kind else one.text).lower()


_COMPLETIONS: Final = Survey("suggestions", _Completions)
_QUICK: Final = Survey("documents to suggest", partial(_Completions, quick=True))


def suggest(engine: Engine, text: str, limit: int = LIMIT) -> tuple[Suggestion, ...]:
    """Return at most `limit` suggestions that begin with the typed text, best first; none for an empty text."""
    typed = Typed.of(text)
    if not typed.prefixes:
        return ()
    # Nobody waits seconds for a suggestion: until all of them are read, documents and themes are there.
    known = _COMPLETIONS.at_hand(engine) or _QUICK.of(engine)
    return known.beginning(typed, limit) or next(
        (found for full in _written_out(engine, text) if (found := known.beginning(Typed.of(full), limit))), ()
    )


def _written_out(engine: Engine, text: str) -> Iterator[str]:
    """Yield a text as documents write it ("labour code"), and with an abbreviation in it written out: "UBND tỉnh"."""
    if (written := as_we_write(text)) != text:
        yield written
    words = normalize(text).split(" ")
    for at, word in enumerate(words):
        for full in engine.tables.abbreviations.expansions(word):
            yield " ".join([*words[:at], full, *words[at + 1 :]])


def _folded(text: str) -> str:
    return " ".join(_words(normalize(text)))


def _words(normal: str) -> list[str]:
    """Return the folded syllables of a normalised text."""
    return [fold_key(key) for key in keys_of(pieces(normal))]


def _order(row: tuple[str, Suggestion]) -> tuple[str, str, str]:
    return row[0], row[1].kind, row[1].value


def _documents(engine: Engine) -> Iterator[tuple[str, Suggestion]]:
    counts = counts_of(engine)
    for document in engine.documents():
        found = Suggestion("document", document.name, document.slug, counts.get(document.slug, 0))
        symbol = _folded(document.symbol)
        kind = _folded(TYPE_NAMES.get(document.type, ""))
        names = [symbol, f"{kind} {symbol}", f"{kind} so {symbol}", symbol.lstrip("0"), f"{kind} {symbol.lstrip('0')}"]
        code = _folded(document.type)  # "nq 18", as people write it in haste
        names += [f"{code} {symbol}", f"{code} {symbol.lstrip('0')}"] if code and symbol else []
        names += [_folded(name) for name in (document.title, *document.aliases)]
        yield from ((name, found) for name in names if name)


def _themes(engine: Engine) -> Iterator[tuple[str, Suggestion]]:
    for theme, count in engine.search(Query(facets=("theme",), size=1)).facets.get("theme", ()):
        label = engine.tables.themes.label(theme)
        found = Suggestion("theme", label, theme, count)
        yield from ((_folded(part), found) for part in {label, *re.split(r"[,–-]", label)} if _folded(part))


def _phrases(engine: Engine) -> Iterator[tuple[str, Suggestion]]:
    for word, count in engine.vocabulary("", stream="w"):
        if count >= _MIN_PHRASE and not word.startswith(DOUBTED):
            text = word.replace("_", " ")
            yield _folded(text), Suggestion("phrase", text, text, count)


def _titles(engine: Engine) -> Iterator[tuple[str, Suggestion]]:
    titles = list(engine.titles())
    starts = _TITLE_STARTS if len(titles) <= _MANY_TITLES else 1
    for article, title in titles:
        words = _words(title)
        found = Suggestion("title", title, article)
        yield from ((" ".join(words[at : at + 8]), found) for at in range(min(starts, len(words))))
