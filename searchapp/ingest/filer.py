"""File an analysed article under the themes of today, with settings that can go to another process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from searchapp import tables, themes
from searchapp.article import Article
from searchapp.citations.find.vocabulary import plain
from searchapp.ingest.analysis import refiled
from searchapp.tables import Tables, of_section

THEMES: Final = "themes.json"
"""The file of a generation that holds the taxonomy by which its articles are filed."""
_PHRASES: Final = ("strong", "key", "not")
_MASK: Final = ("", "mask")
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Filer:
    """A function from an article to its themes by the archive's tables.

    tables, replace: as the settings name them; before: the file of the taxonomy by which it is filed until now.
    """

    tables: Path | None = None
    replace: tuple[str, ...] = ()
    before: Path | None = None

    def __call__(self, article: Article) -> tuple[str, ...]:
        """Return the themes of an article, as `analysis.refiled` does."""
        known, change = _loaded(self)
        if change is not None and not change.may_concern(article):
            return article.themes
        return refiled(article, known.themes, known.sections)


def save(known: Tables, folder: Path) -> None:
    """Keep the taxonomy of a generation beside it."""
    told = {"taxonomy": known.themes.taxonomy, "sections": known.sections, "learned": "themes" not in known.replaced}
    (folder / THEMES).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Change:
    """What differs between two taxonomies. words: the syllables of each phrase that differs, as ASCII letters."""

    words: tuple[tuple[str, ...], ...]
    sections: tuple[Mapping[str, str], Mapping[str, str]]

    def may_concern(self, article: Article) -> bool:
        """Tell whether an article may have other themes now; its letters decide, so that no text is cut in vain."""
        if article.filed or of_section(article.section, self.sections[0]) != of_section(
            article.section, self.sections[1]
        ):
            return True
        letters = _letters(f"{article.title}\n{article.text}")
        return any(all(word in letters for word in words) for words in self.words)


@lru_cache(maxsize=2)
def _loaded(filer: Filer) -> tuple[Tables, _Change | None]:
    known = tables.load(filer.tables, filer.replace)
    return known, _change(known, filer.before)


def _change(known: Tables, before: Path | None) -> _Change | None:
    """Return the difference from the taxonomy of a file; None where any article may be concerned."""
    try:
        told = json.loads(before.read_text(encoding="utf-8")) if before else None
    except (OSError, ValueError):
        return None
    if not told or told["learned"] != ("themes" not in known.replaced):
        return None
    old, new = ({row[:3]: None for row in _rows(one)} for one in (told["taxonomy"], known.themes.taxonomy))
    shared = [[theme for theme in _themes(one) if theme in other] for one, other in _pairs(old, new)]
    moved = {theme for theme, _, _ in old.keys() ^ new.keys()} & _learned_or_cited()
    if shared[0] != shared[1] or moved - set(_themes(old)) or moved - set(_themes(new)):
        return None  # ties are broken by the order; a theme of ours that comes or goes has more than its phrases
    phrases = [_letters(phrase) for _, _, phrase in old.keys() ^ new.keys() if phrase]
    if any(letter.isalpha() and not letter.isascii() for phrase in phrases for letter in phrase):
        return None
    words = tuple(tuple(_WORD.findall(phrase)) for phrase in phrases)
    return _Change(words, (told["sections"], known.sections))


def _pairs(old: Mapping[Any, None], new: Mapping[Any, None]) -> tuple[tuple[Any, set[str]], tuple[Any, set[str]]]:
    return (old, set(_themes(new))), (new, set(_themes(old)))


def _themes(rows: Mapping[tuple[str, str, str], None]) -> list[str]:
    return list(dict.fromkeys(theme for theme, _, _ in rows if theme))


def _rows(taxonomy: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (theme, kind, phrase) of a taxonomy, in order; (theme, "label", "") for its name."""
    for group in taxonomy["groups"]:
        for theme in group["themes"]:
            yield theme["id"], "theme", ""
            for kind in _PHRASES:
                for phrase in theme.get(kind, ()):
                    yield theme["id"], kind, phrase
    for phrase in taxonomy.get("mask", ()):
        yield (*_MASK, phrase)


def _learned_or_cited() -> set[str]:
    return {*themes.documents().values(), *(theme for _, theme, _ in themes.learned())}


def _letters(text: str) -> str:
    """Return a text as ASCII letters in which kĩ is kỹ, as search keys have it."""
    return plain(text).replace("y", "i")
