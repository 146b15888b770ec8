"""The bounds of counts in a cluster: what one request may count at most, and which counts would not be exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

MAX_BUCKETS: Final = 65_535
"""The buckets of one answer, as OpenSearch allows them by default (`search.max_buckets`)."""


def portions(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the aggregations in requests that stay below MAX_BUCKETS; one that alone is above it comes alone."""
    portion: dict[str, Any] = {}
    size = 0
    for name, one in asked.items():
        more = most(one)
        if portion and size + more > MAX_BUCKETS:
            yield portion
            portion, size = {}, 0
        portion[name] = one
        size += more
    yield portion


def most(asked: Mapping[str, Any]) -> int:
    """Return how many buckets an aggregation can have at most, with those inside it."""
    inside = sum(most(one) for one in asked.get("aggs", {}).values())
    if "terms" in asked:
        return int(asked["terms"]["size"]) * (1 + inside)
    if "filters" in asked:
        return len(asked["filters"]["filters"]) * (1 + inside)
    return 1 + inside


def inexact(counted: Mapping[str, Any]) -> list[str]:
    """Return the facets of which a shard left out values that might have been among the most frequent."""
    return [
        name.removeprefix("facet ")
        for name, one in counted.items()
        if one.get("values", {}).get("doc_count_error_upper_bound", 0)
    ]
