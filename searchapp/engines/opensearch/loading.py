"""Fill a generation in the cluster: create or clone it, write it, group its reprints, settle it; nobody asks yet."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article, Document
from searchapp.citations.resolve import Registry
from searchapp.config import OpenSearchSettings
from searchapp.engines import reprint_groups, stored
from searchapp.engines.facet_values import row_of
from searchapp.engines.opensearch import mapping
from searchapp.engines.opensearch.cluster import Action, Cluster
from searchapp.engines.opensearch.mapping import dates, streams
from searchapp.engines.opensearch.reader import Reading
from searchapp.engines.reprint_groups import SKETCH, sketch
from searchapp.errors import CorruptIndexError
from searchapp.fields import VALUED, Weights
from searchapp.text.tokens import Stream

_SETTLING: Final = 600.0
"""Seconds that copying shards may take: replicas at the end of a build, the segments of a cloned base."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its text fields, as `mapping.streams` makes them, and the sketch that tells its reprints."""

    article: Article
    fields: Mapping[str, Any]
    sketch: bytes

    @classmethod
    def of(cls, article: Article, title: Stream, body: Stream) -> Entry:
        """Return the entry of an analysed article. Raises BadRecordError for a stream that cannot be indexed."""
        return cls(article, streams(title, body), sketch(title, body, article.number).tobytes())


class Loading:
    """The index of one generation, before it is published."""

    def __init__(self, cluster: Cluster, settings: OpenSearchSettings, weights: Weights, generation: str) -> None:
        self.index = f"{settings.name}-{generation}"
        self._cluster = cluster
        self._settings = settings
        self._weights = weights
        built = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._meta = mapping.meta_of(generation, weights, built)
        self.reading = Reading(cluster, self.index)

    def create(self, **meta: str) -> None:
        """Begin with nothing. meta: further facts that the index shall state of itself."""
        body = mapping.index_body(self._settings, self._weights, {**self._meta, **meta})
        self._cluster.request("PUT", f"/{self.index}", body)

    def clone(self, base: str, **meta: str) -> None:
        """Begin with the articles of another index: the cluster links its segments, and none is sent."""
        fresh = {"index.number_of_replicas": 0, "index.refresh_interval": -1, "index.blocks.write": None}
        path = f"/{base}/_clone/{self.index}"
        self._cluster.request("POST", path, {"settings": fresh}, seconds=_SETTLING, wait_for_active_shards=1)
        self._cluster.request("PUT", f"/{self.index}/_mapping", {"_meta": {**self._meta, **meta}})

    def write(self, entries: Iterable[Entry], registry: Registry, families: Families) -> dict[str, str]:
        """Send articles; return key → reason of those that the cluster refused."""
        return dict(self._cluster.bulk(self._action(entry, registry, families) for entry in entries))

    def regroup(self, keys: Iterable[str], families: Families) -> None:
        """Correct the family of articles."""
        self._bulk(
            {"_op_type": "update", "_index": self.index, "_id": key, "doc": families.fields(key)} for key in keys
        )

    def remove(self, keys: Iterable[str]) -> None:
        """Remove articles."""
        self._bulk({"_op_type": "delete", "_index": self.index, "_id": key} for key in keys)

    def mean(self, registry: Registry) -> int:
        """Correct every article with a citation whose meaning has changed; return how many."""
        changed = 0

        def corrections() -> Iterator[Action]:
            nonlocal changed
            fields = ["cited", "open", *VALUED, "article"]
            for source in self.reading.scan({"exists": {"field": "symbol"}}, fields):
                known = stored.from_row({"text": "", **source["article"]})
                fresh, facets = self._meaning(known, registry)
                if fresh != known or any(source.get(name, []) != value for name, value in facets.items()):
                    changed += 1
                    citations = stored.as_row(fresh).get("citations", [])
                    part = {**facets, "article": {"citations": citations}}
                    yield {"_op_type": "update", "_index": self.index, "_id": known.key, "doc": part}

        self.refresh()
        self._bulk(corrections())
        return changed

    def write_documents(self, documents: Mapping[str, Document]) -> None:
        """Send the table of documents, and remove its former documents."""
        self.refresh()
        gone = {str(row["slug"]) for row in self.reading.documents()} - documents.keys()
        self._bulk({"_op_type": "delete", "_index": self.index, "_id": _held(slug)} for slug in gone)
        self._bulk(
            {
                "_op_type": "index", "_index": self.index, "_id": _held(slug), "slug": slug,
                "held": stored.document_as_row(one),
            }
            for slug, one in documents.items()
        )  # fmt: skip

    def refresh(self) -> None:
        """Make the written articles findable."""
        self._cluster.request("POST", f"/{self.index}/_refresh")

    def settle(self, articles: int) -> None:
        """Make the index findable, safe and unchangeable. Raises CorruptIndexError unless it holds so many articles."""
        self.refresh()
        found = self.reading.articles
        if found != articles:
            raise CorruptIndexError(f"{self.index}: {found} of {articles} articles arrived; nothing was published")
        self._cluster.request("POST", f"/{self.index}/_flush", seconds=_SETTLING)
        final = {
            "index.number_of_replicas": self._settings.replicas,
            "index.refresh_interval": None,
            "index.blocks.write": True,
        }
        self._cluster.request("PUT", f"/{self.index}/_settings", final)
        # Languid: the cluster's manager first begins the work for the new number of replicas.
        health = self._cluster.request(
            "GET", f"/_cluster/health/{self.index}", seconds=_SETTLING, wait_for_status="yellow",
            wait_for_no_initializing_shards="true", wait_for_events="languid", timeout="300s",
        )  # fmt: skip
        if health["status"] == "red":
            raise CorruptIndexError(f"{self.index}: a shard is lost; nothing was published: see GET _cluster/health")

    def discard(self) -> None:
        """Remove it from the cluster, if it is there."""
        self._cluster.request("DELETE", f"/{self.index}", ignore_unavailable="true")

    def _action(self, entry: Entry, registry: Registry, families: Families) -> Action:
        article, facets = self._meaning(entry.article, registry)
        return {
            "_op_type": "index", "_index": self.index, "_id": article.key, "key": article.key, "id": article.id,
            "title": article.title, "article": stored.as_row(article), **mapping.dates(article.date), **entry.fields,
            **facets, **families.fields(article.key),
        }  # fmt: skip

    def _meaning(self, article: Article, registry: Registry) -> tuple[Article, dict[str, Any]]:
        """Return the article with the meanings of its citations, and its facets."""
        facts = article.facts
        citations = registry.resolve(facts)
        values = row_of(facts, citations, registry).values
        return stored.with_citations(article, citations), mapping.facets(values, citations, registry.documents)

    def _bulk(self, actions: Iterable[Action]) -> None:
        for identity, reason in self._cluster.bulk(actions):
            raise CorruptIndexError(f"{self.index}: {identity} was refused ({reason}); nothing was published")


def _held(slug: str) -> str:
    """Return the id of a document, which no key of an article can be."""
    return f"document {slug}"


NAME: Final = "reprints.npz"


class Families:
    """Key, day, id and sketch of every article. Articles of one text are a family, named by its original's key."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._days: list[int] = []
        self._ids: list[str] = []
        self._sketches: list[NDArray[Any]] = []
        self.families: dict[str, str] = {}

    @classmethod
    def load(cls, folder: Path) -> Families:
        """Return the families of a generation."""
        found = cls()
        with np.load(folder / NAME, allow_pickle=False) as table:
            found._keys = table["keys"].astype(str).tolist()
            found._days = table["days"].tolist()
            found._ids = table["ids"].tobytes().decode().split("\0")[:-1]
            found._sketches = [table["sketches"]] if found._keys else []
            found.families = dict(zip(*table["families"].astype(str).tolist(), strict=True))
        return found

    def save(self, folder: Path) -> None:
        """Write the families into a build."""
        ids = "".join(f"{identity}\0" for identity in self._ids).encode()
        np.savez(
            folder / NAME,
            keys=np.array(self._keys, "S64"),
            days=np.array(self._days, np.int64),
            ids=np.frombuffer(ids, np.uint8),
            sketches=self._table(),
            families=np.array([list(self.families), list(self.families.values())], "S64"),
        )

    def add(self, article: Article, sketch: bytes) -> None:
        """Add an article. sketch: a row of `text.sketch.SKETCH`."""
        self._keys.append(article.key)
        self._days.append(dates(article.date)["oldest"])
        self._ids.append(article.id)
        self._sketches.append(np.frombuffer(sketch, SKETCH))

    def remove(self, keys: Collection[str]) -> None:
        """Remove articles."""
        gone = set(keys)
        kept = [number for number, key in enumerate(self._keys) if key not in gone]
        self._sketches = [self._table()[kept]] if kept else []
        self._keys = [self._keys[number] for number in kept]
        self._days = [self._days[number] for number in kept]
        self._ids = [self._ids[number] for number in kept]

    def group(self) -> set[str]:
        """Find the families; return keys of the articles whose family has changed."""
        ranked = sorted(range(len(self._keys)), key=lambda number: (self._days[number], self._ids[number]))
        order = np.empty(len(ranked), np.uint32)
        order[ranked] = np.arange(len(ranked), dtype=np.uint32)
        groups = reprint_groups.groups(self._table(), order).tolist() if ranked else []
        first: dict[int, str] = {}
        found = {}
        for number in ranked:
            if groups[number]:
                found[self._keys[number]] = first.setdefault(groups[number], self._keys[number])
        before, self.families = self.families, found
        return {key for key in {*before, *found} if before.get(key) != found.get(key)}

    def fields(self, key: str) -> dict[str, Any]:
        """Return the fields of an article that tell its family: `family` only where it is not alone."""
        family = self.families.get(key)
        return {"reprint": family or key, "family": family}

    def _table(self) -> NDArray[Any]:
        return np.concatenate([np.zeros(0, SKETCH), *(np.atleast_1d(row) for row in self._sketches)])
