"""Move the articles of an index into another engine, and compare the two engines by queries of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_migration
from searchapp.errors import BadQueryError, CorruptIndexError
from searchapp.fields import STORED_FACETS
from searchapp.ingest.analysis import streams_of
from searchapp.query import Query
from searchapp.search.understand import understand
from searchapp.text.normalize import fold, fold_key, normalize
from searchapp.text.tokens import tokens

SAMPLE: Final = 40
"""Queries of every kind, from articles of the whole collection, asked of both engines before the switch."""
ALIKE: Final = 0.9
"""The share of the sample whose first ten must be the same; the rest may differ among equals."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """The result of a migration. alike: queries of the sample with the same first ten; resumed: an
    earlier try went on.
    """

    generation: str
    articles: int
    asked: int
    alike: int
    resumed: bool


def migrate(settings: Settings, progress: Callable[[int, int], None]) -> _Moved:
    """Move the current generation of the embedded engine into the cluster of the settings and publish it there.

    A new run goes on where an earlier run was ended. progress: called with the articles moved and the total. Raises
    NoIndexError, EngineUnavailableError, BusyIndexError; CorruptIndexError where the two engines differ. After any
    error, nothing is published.
    """
    with open_migration(settings, streams_of) as migration:
        done = 0
        for count in migration.move():
            done += count
            progress(done, len(migration))
        asked, alike = compare(migration.before, migration.after())
        return _Moved(migration.publish(), done, asked, alike, migration.resumed)


def compare(before: Engine, after: Engine) -> tuple[int, int]:
    """Return how many queries both engines were asked, and for how many the first ten are the same.

    Raises CorruptIndexError where totals or facets differ, or too many lists.
    """
    alike = asked = 0
    for one in compared(before, after, SAMPLE):
        if not one.counts:
            totals = " and ".join(f"{total:,}" for total in one.totals)
            said = f"{one.probe.query.text!r} finds {totals} articles, or other facets: nothing was published"
            raise CorruptIndexError(said)
        asked, alike = asked + 1, alike + one.ranks
    if alike < ALIKE * asked:
        raise CorruptIndexError(f"only {alike} of {asked} queries give the same first ten: nothing was published")
    return asked, alike


_TITLE: Final = 6
"""The syllables of a title that make a query."""
QUESTION: Final = 12
LETTERS: Final = 4
"""The letters of a prefix: so many stand for few syllables."""

Words = Sequence[str]
_WRITTEN: Final = (
    "đại hội 13", "dai hoi XIII", "Lê-nin", "covid19", "02/9", "1000 tỷ", "bằng lái xe", "sổ đỏ", "giấy khai sinh con",
    "TPHCM chuyển đổi", "UBND xã", "xin nghi viec",
)  # fmt: skip
"""Queries with numerals, hyphens, abbreviations, and words for which official ones stand."""
_STEPS: Final = (0, 0, 0, 1, 0, 2, 3, 4)
"""By which step plain words are taken, query by query: mostly by the first that will do."""


@dataclass(frozen=True, slots=True)
class _Probe:
    """A query for both engines, and its kind."""

    kind: str
    query: Query


KINDS: Final[Mapping[str, Callable[[Words, Words, Article], str]]] = MappingProxyType(
    {
        "title": lambda title, text, article: " ".join(title[:_TITLE]),
        "without accents": lambda title, text, article: fold(" ".join(title[:_TITLE])),
        "question": lambda title, text, article: " ".join(text[:QUESTION]),
        "two syllables": lambda title, text, article: " ".join(text[:2]),
        "syllable": lambda title, text, article: text[0],
        "phrase": lambda title, text, article: f'"{" ".join(text[:3])}"',
        "prefix": lambda title, text, article: f"{fold_key(max(text, key=len))[:LETTERS]}*",
        "one or the other": lambda title, text, article: f"{' '.join(title[:2])} OR {' '.join(text[:2])}",
        "without a word": lambda title, text, article: f"{' '.join(text[:2])} -{title[0]}",
        "number": lambda title, text, article: article.number or "".join(c.text for c in article.citations[:1]),
        "accents on some": lambda title, text, article: " ".join([*title[:2], *map(fold, title[2:4])]),
        "the other way round": lambda title, text, article: " ".join([*text[2:4], *text[:2]]),
        "far apart": lambda title, text, article: " ".join(text[:QUESTION:4]),
        "words of a group": lambda title, text, article: f"({title[0]} OR {text[0]}) {' '.join(text[2:4])}",
        "without accents on them": lambda title, text, article: f'{" ".join(text[:2])} -"{" ".join(title[:2])}"',
        "prefix and words": lambda title, text, article: (
            f"{' '.join(text[:2])} {fold_key(max(text[2:], default='nghi'))[:2]}*"
        ),
        "number and words": lambda title, text, article: f"{article.number or '05-NQ/TU'} {' '.join(text[:2])}",
        "numerals and other words": lambda title, text, article: _WRITTEN[len(text) % len(_WRITTEN)],
        "not in the archive": lambda title, text, article: f"{' '.join(text[:2])} zzq{text[0]}",
    }
)
"""Kind → a function from the syllables of a title and some from the middle of a text to a query."""


def probes(engine: Engine, count: int) -> Iterator[_Probe]:
    """Yield so many queries, all kinds in turn, of articles that are spread over the collection.

    The queries are the same each time for the same generation; none where it is empty.
    """
    step = max(1, engine.stats().articles // max(count, 1))
    keys = [key for key, _ in islice(engine.titles(), 0, count * step, step)]
    kinds = list(KINDS.items())
    for number in range(count if keys else 0):
        turn, at = divmod(number, len(keys))
        kind, made = kinds[(number + turn) % len(kinds)]
        for article in engine.articles([keys[at]]):
            title, text = _syllables(article.title), _syllables(article.text)
            middle = number * 31 % max(len(text) - QUESTION, 1)
            text = text[middle:] or title
            typed = made(title or text, text, article) if text else ""
            query = Query(facets=("date", *STORED_FACETS), sort="newest")
            if typed:
                step, fold_reprints = _STEPS[number // len(kinds) % len(_STEPS)], number % 3 == 0
                asked = replace(query, text=typed, sort="relevance", step=step, beyond=True, fold=fold_reprints)
                query = understand(engine, asked).query
            yield _Probe(kind if query.tree else "everything", query)


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers of two engines to one query. counts: whether totals, steps and facets are equal; ranks: the first
    ten, with what goes on below a short list.
    """

    probe: _Probe
    totals: tuple[int, int]
    counts: bool
    ranks: bool


def compared(one: Engine, other: Engine, count: int) -> Iterator[Compared]:
    """Ask both engines so many queries, without those that are too much for the first."""
    for probe in probes(one, count):
        try:
            answer = one.search(probe.query)
        except BadQueryError:
            continue
        beside = other.search(probe.query)
        totals = answer.total, beside.total
        told = [(found.step, found.step_counts, found.folded, found.facets) for found in (answer, beside)]
        counts = totals[0] == totals[1] and told[0] == told[1]
        lists = [[match.article.key for match in (*found.matches, *found.rest)] for found in (answer, beside)]
        yield Compared(probe, totals, counts, lists[0] == lists[1])


def _syllables(text: str) -> list[str]:
    plain = normalize(text)
    return [plain[token.start : token.end] for token in tokens(plain)]
