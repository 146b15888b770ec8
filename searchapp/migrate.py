"""Moves the articles of an index into another engine, without reading their sources again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_migration
from searchapp.errors import CorruptIndexError
from searchapp.fields import FACET_NAMES
from searchapp.ingest.analysis import streams_of
from searchapp.parser import parse
from searchapp.query import Query
from searchapp.text.fold import fold

SAMPLE: Final = 40
"""Queries asked of both engines before the switch: titles of the whole collection, every other one without accents."""
WORDS: Final = 6
"""Syllables of a title that make a query."""
ALIKE: Final = 0.9
"""Share of the sample of which the first ten must be the same; the rest may differ among equals."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a migration did. alike: queries of the sample with the same first ten; resumed: an earlier try went on."""

    generation: str
    articles: int
    asked: int
    alike: int
    resumed: bool


def migrate(settings: Settings, progress: Callable[[int, int], None]) -> Moved:
    """Move the current generation of the embedded engine into the cluster of the settings and publish it there.

    A run that was ended goes on where it was when it is started again. progress: called with the articles moved and
    how many there are. Raises NoIndexError, EngineUnavailableError, BusyIndexError; CorruptIndexError where the two
    engines do not say the same. Whatever is raised, nothing was published.
    """
    with open_migration(settings, streams_of) as migration:
        done = 0
        for count in migration.move():
            done += count
            progress(done, len(migration))
        asked, alike = compare(migration.before, migration.after())
        return Moved(migration.publish(), done, asked, alike, migration.resumed)


def compare(before: Engine, after: Engine) -> tuple[int, int]:
    """How many queries were asked of both, and of how many the first ten are the same.

    Raises CorruptIndexError where totals or facets differ, or too many lists.
    """
    alike = asked = 0
    for query in sample(before):
        answers = [engine.search(query) for engine in (before, after)]
        if answers[0].total != answers[1].total or answers[0].facets != answers[1].facets:
            totals = " and ".join(f"{answer.total:,}" for answer in answers)
            raise CorruptIndexError(f"{query.text!r} finds {totals} articles, or other facets: nothing was published")
        lists = [[match.article.key for match in answer.matches] for answer in answers]
        asked, alike = asked + 1, alike + (lists[0] == lists[1])
    if alike < ALIKE * asked:
        raise CorruptIndexError(f"only {alike} of {asked} queries give the same first ten: nothing was published")
    return asked, alike


def sample(engine: Engine) -> Iterator[Query]:
    """Everything, and queries out of titles that are spread over the collection."""
    everything = Query(facets=FACET_NAMES, sort="newest")
    yield everything
    step = max(1, engine.stats().articles // SAMPLE)
    for number, (_, title) in enumerate(islice(engine.titles(), 0, SAMPLE * step, step)):
        text = " ".join(title.split()[:WORDS])
        text = fold(text) if number % 2 else text
        yield replace(everything, tree=parse(text).tree, text=text, sort="relevance")
