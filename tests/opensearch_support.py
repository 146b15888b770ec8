"""The cluster of the tests that need a real one: $SEARCHAPP_TEST_OPENSEARCH, URLs of its nodes with commas between."""

from __future__ import annotations

import os
from typing import Any

import pytest

from searchapp.config import OpenSearchSettings

VARIABLE = "SEARCHAPP_TEST_OPENSEARCH"


def cluster_settings(**more: Any) -> OpenSearchSettings:
    """Settings for the cluster; skips the test where there is none."""
    hosts = os.environ.get(VARIABLE, "")
    if not hosts:
        pytest.skip(f"no cluster: set {VARIABLE}, or run 'make test-cluster'")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    values: dict[str, Any] = {"hosts": tuple(hosts.split(",")), "name": f"test-{worker}"}
    return OpenSearchSettings(**values | more)


def remove_everything(settings: OpenSearchSettings) -> None:
    """Leave no index of these settings in the cluster."""
    from searchapp.engines.opensearch.cluster import Cluster

    cluster = Cluster(settings)
    found = cluster.request("GET", f"/{settings.name}-*/_settings", ignore_unavailable="true")
    for index in found:
        cluster.request("DELETE", f"/{index}", ignore_unavailable="true")
