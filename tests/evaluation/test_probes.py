"""The queries that hold one engine against another: of every kind, always the same, and they notice a difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines.generations import current
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.errors import CorruptIndexError
from searchapp.fields import Weights
from searchapp.migrate import KINDS, compare, compared, probes
from searchapp.query import Query
from searchapp.results import Answer


def test_they_are_of_every_kind_and_find_what_they_were_made_of(sample_engine: Callable[[], Engine]) -> None:
    made = list(probes(sample_engine(), 400))
    kinds = Counter(probe.kind for probe in made)
    assert len(made) == 400
    assert all(kinds[kind] >= 18 for kind in KINDS)
    assert made == list(probes(sample_engine(), 400))
    assert len({probe.query.text for probe in made}) > 300
    found = [bool(sample_engine().search(probe.query).total) for probe in made if not probe.query.step]
    assert sum(found) >= 0.9 * len(found)  # some exclude what they ask for, or ask for a number beside foreign words


def test_an_engine_is_like_itself_and_another_order_is_noticed(
    sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    engine = sample_engine()
    assert all(one.ranks and one.counts for one in compared(engine, engine, 100))
    other = WhooshEngine(current(sample_settings.index), Weights(title=9.0))
    found = list(compared(engine, other, 100))
    assert all(one.counts for one in found if one.probe.kind in ("syllable", "phrase", "everything"))
    assert not all(one.ranks for one in found)


class Forgetful(WhooshEngine):
    """Does not know the year 2021."""

    def search(self, query: Query) -> Answer:
        answer = super().search(query)
        dates = tuple(row for row in answer.facets["date"] if row[0] != "2021")
        return replace(answer, facets={**answer.facets, "date": dates})


def test_a_missing_value_of_a_facet_ends_a_migration(
    sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    with pytest.raises(CorruptIndexError, match="nothing was published"):
        compare(sample_engine(), Forgetful(current(sample_settings.index)))
