"""OpenSearch keeps the same contract as the embedded engine, on a real cluster."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from engine_contract import EngineContract
from opensearch_support import cluster_settings
from oracle import Registry

from searchapp.article import Article
from searchapp.config import OpenSearchSettings
from searchapp.engine import Engine
from searchapp.fields import Weights
from searchapp.text.tokens import stream

opensearchpy = pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")
from searchapp.engines.opensearch.cluster import Cluster  # noqa: E402
from searchapp.engines.opensearch.engine import OpenSearchEngine  # noqa: E402
from searchapp.engines.opensearch.loading import (  # noqa: E402
    Entry,
    Families,
    Loading,
)


class TestOpenSearch(EngineContract):
    """Two shards, so that statistics, counts and orders are put together."""

    settings: OpenSearchSettings
    numbers = count(1)

    @pytest.fixture(autouse=True)
    def _cluster(self) -> None:
        type(self).settings = cluster_settings(shards=2, replicas=0)
        type(self).cluster = Cluster(self.settings)

    def open(self, folder: Path, articles: Sequence[Article], registry: Registry) -> Engine:
        loading = Loading(self.cluster, self.settings, Weights(), f"{next(self.numbers):06d}-contract")
        loading.discard()
        loading.create()
        entries = [Entry.of(one, stream(one.title), stream(one.text)) for one in articles]
        families = Families()
        for entry in entries:
            families.add(entry.article, entry.sketch)
        families.group()
        assert loading.write(entries, registry, families) == {}
        loading.write_documents(registry.documents)
        loading.settle(len(articles))
        return Opened(self.cluster, loading)


class Opened(OpenSearchEngine):
    """An engine that takes its index with it."""

    def __init__(self, cluster: Cluster, loading: Loading) -> None:
        super().__init__(cluster, loading.index)
        self._loading = loading

    def close(self) -> None:
        self._loading.discard()
