"""Which index is live: the alias that every site asks, moved from one generation to the next in a single step."""

from __future__ import annotations

import re
from typing import Final

from searchapp.engines.opensearch.cluster import Cluster
from searchapp.errors import BusyIndexError, NoIndexError

_GENERATION: Final = r"-(?P<generation>\d{6,9}-[0-9a-f]{6})"


def live(cluster: Cluster, name: str) -> str:
    """The index that answers. Raises NoIndexError."""
    index = live_or_none(cluster, name)
    if not index:
        raise NoIndexError(f"nothing has been indexed in OpenSearch as {name!r} yet: run 'searchapp reindex'")
    return index


def live_or_none(cluster: Cluster, name: str) -> str:
    """The index that answers, "" when there is none."""
    try:
        found: dict[str, object] = cluster.request("GET", f"/{name}/_alias/{name}", local="true")
    except NoIndexError:
        return ""
    return max(found, default="")


def switch(cluster: Cluster, name: str, index: str, before: str = "") -> None:
    """Make an index the live one, whole or not at all.

    before: the one that is live now, "" for none. Raises BusyIndexError when another one was published meanwhile.
    """
    actions: list[dict[str, dict[str, object]]] = [{"add": {"index": index, "alias": name}}]
    if before and before != index:
        actions.insert(0, {"remove": {"index": before, "alias": name, "must_exist": True}})
    try:
        cluster.request("POST", "/_aliases", {"actions": actions})
    except NoIndexError:
        raise BusyIndexError(f"another reindex of {name!r} was published meanwhile: run it again") from None


def generations(cluster: Cluster, name: str, **said: str) -> dict[str, str]:
    """Name of generation → index, newest first; said: what those must say of themselves ("origin", "source")."""
    pattern = re.compile(re.escape(name) + _GENERATION)
    answer = cluster.request("GET", f"/{name}-*/_mapping", ignore_unavailable="true", allow_no_indices="true")
    found = {}
    for index in sorted(answer, reverse=True):
        meta = answer[index]["mappings"].get("_meta", {})
        match = pattern.fullmatch(index)
        if match and all(meta.get(key) == value for key, value in said.items()):
            found[match["generation"]] = index
    return found
