"""Move the articles of an index into another engine, without reading their sources again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_migration
from searchapp.errors import CorruptIndexError
from searchapp.evaluation.parity import compared
from searchapp.ingest.analysis import streams_of

SAMPLE: Final = 40
"""Queries of every kind, from articles of the whole collection, asked of both engines before the switch."""
ALIKE: Final = 0.9
"""The share of the sample whose first ten must be the same; the rest may differ among equals."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The result of a migration. alike: queries of the sample with the same first ten; resumed: an
    earlier try went on.
    """

    generation: str
    articles: int
    asked: int
    alike: int
    resumed: bool


def migrate(settings: Settings, progress: Callable[[int, int], None]) -> Moved:
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
        return Moved(migration.publish(), done, asked, alike, migration.resumed)


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
