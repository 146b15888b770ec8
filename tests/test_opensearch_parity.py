"""OpenSearch ranks as the embedded engine does: the same first ten, totals and facets, over three shards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from opensearch_support import cluster_settings, remove_everything

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.probes import KINDS, compared

QUERIES = 400
ENOUGH = 0.99
"""Share of queries with the same first ten; the others may change places among articles of one score."""


@pytest.fixture(scope="module")
def moved(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample corpus in the cluster, on more shards than one node has."""
    cluster = cluster_settings(shards=3, replicas=0)
    remove_everything(cluster)
    index: Path = tmp_path_factory.mktemp("parity")
    made = replace(sample_settings, engine="opensearch", opensearch=cluster, index=index)
    reindex(made.corpus, made.index, made, jobs=1)
    yield made
    remove_everything(cluster)


def test_both_engines_rank_alike(
    moved: Settings, sample_engine: Callable[[], Engine], record_property: Callable[[str, object], None]
) -> None:
    found = list(compared(sample_engine(), open_engine(moved)(), QUERIES))
    assert {one.probe.kind for one in found} >= KINDS.keys()
    assert [one.probe.query.text for one in found if not one.counts] == []
    differ = [one.probe.query.text for one in found if not one.ranks]
    record_property("same first ten", f"{len(found) - len(differ)} of {len(found)}")
    assert len(differ) <= (1 - ENOUGH) * QUERIES, differ
