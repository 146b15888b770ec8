"""Counts of a cluster that are exact or refused, in requests that it allows; without any cluster."""

from __future__ import annotations

from typing import Any

import pytest

from searchapp.engines.opensearch.query import (
    MAX_BUCKETS,
    SHARD_SIZES,
    Selection,
    inexact_counts,
    most_values,
    portions,
)
from searchapp.fields import FACET_NAMES
from searchapp.query import STEPS, Query

MANY = tuple(map(str, range(90)))


@pytest.mark.parametrize("shard_size", SHARD_SIZES)
@pytest.mark.parametrize(
    "filters", [{}, {"date": ("2021-09",), "theme": ("kinh-te",), "issuer": tuple(map(str, range(90)))}]
)
def test_no_request_asks_for_more_buckets_than_a_cluster_allows(
    shard_size: int, filters: dict[str, tuple[str, ...]]
) -> None:
    query = Query(facets=FACET_NAMES, steps=STEPS, fold=True, filters=filters)
    asked = Selection(query, lambda value: (value,), lambda keys: list(keys)).aggregations(shard_size)
    found: dict[str, Any] = {}
    for portion in portions(asked):
        assert portion and sum(map(most_values, portion.values())) <= MAX_BUCKETS
        found |= portion
    assert found == asked


@pytest.mark.parametrize(
    ("counted", "facets"),
    [
        ({}, []),
        ({"facet theme": {"values": {"doc_count_error_upper_bound": 0}}, "steps": {}}, []),
        ({"facet document": {"values": {"doc_count_error_upper_bound": 3}}, "folded": {}}, ["document"]),
        ({"facet date": {"year": {"buckets": []}}}, []),
    ],
)
def test_counts_that_may_be_wrong_are_named(counted: dict[str, Any], facets: list[str]) -> None:
    assert inexact_counts(counted) == facets
