"""The generations in a cluster, for their builders; and the move of an embedded index into the cluster."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from searchapp import tables
from searchapp.article import Article
from searchapp.citations.resolve import Registry, build
from searchapp.citations.resolve.mention import EVIDENCE
from searchapp.config import Settings
from searchapp.engine import Condition
from searchapp.engines import generations
from searchapp.engines.facet_values import known_beforehand
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import WriterLock, remove
from searchapp.engines.opensearch import cluster
from searchapp.engines.opensearch.build import OpenSearchBuild
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.engine import OpenSearchEngine
from searchapp.engines.opensearch.loading import Entry, Families, Loading
from searchapp.engines.opensearch.mapping import curves, drift
from searchapp.engines.opensearch.reader import Reading
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.tables import Held, Unloading
from searchapp.errors import CorruptIndexError, IndexProblemError, NoIndexError, StaleIndexError
from searchapp.text.tokens import Stream


class OpenSearchIndex:
    """The index: the alias names the live generation; its folder, where it was built here, holds its ledger."""

    refiles = False

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.generations
        self.cluster = Cluster(settings.opensearch)
        self._settings = settings
        self._name = settings.opensearch.name
        self._lock = WriterLock(self.folder)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer on this machine. Raises BusyIndexError, UnsafeIndexError."""
        generations.prepare(self._settings.index)
        generations.prepare(self.folder)
        with self._lock:
            yield

    def current(self) -> Path:
        """Return the folder of the generation that answers.

        Raises NoIndexError; StaleIndexError where no build can go on from it: another version's, or not built here.
        """
        index = cluster.live(self.cluster, self._name)
        reading = Reading(self.cluster, index)
        reading.require_current()
        if reading.meta["curves"] != curves(self._settings.weights):
            raise StaleIndexError(f"index {index} was built with another k1 or b: run 'searchapp reindex --full'")
        folder = self.folder / reading.generation
        try:
            problems = generations.check(folder)
        except (NoIndexError, CorruptIndexError) as error:
            raise StaleIndexError(f"index {index} was not built from this folder ({error})") from None
        if problems:
            raise CorruptIndexError(f"{problems[0]}: run 'searchapp reindex --full'")
        return folder

    def begin(self, base: Path | None) -> OpenSearchBuild:
        """Return a build on top of the generation `base`, or a whole one; under the lock."""
        self._sweep()
        return OpenSearchBuild(self._lock, self.begin_folder(), self._settings, self.cluster, base, self.origin)

    def begin_folder(self, name: str = "") -> Path:
        """Return the folder of a build on this disk. name: of the generation, "" for a new one, newer than any in the
        cluster.

        Generations that this disk does not know count too: restored from a snapshot, or built on another machine.
        """
        return generations.begin(self.folder, name, cluster.generations(self.cluster, self._name))

    def check(self, *, deep: bool) -> tuple[str, list[Condition]]:
        """Return every generation of this name in the cluster: schema, count, shards. Raises NoIndexError."""
        live = cluster.live(self.cluster, self._name)
        health = self.cluster.request("GET", f"/_cluster/health/{self._name}-*", level="indices")
        known = cluster.generations(self.cluster, self._name)
        colours = {index: str(health["indices"].get(index, {}).get("status", "red")) for index in known.values()}
        found = [
            Condition(name, index == live, tuple(self._problems(name, index, colours[index], deep=deep)))
            for name, index in known.items()
        ]
        return "", found

    def _problems(self, name: str, index: str, colour: str, *, deep: bool) -> Iterator[str]:
        if colour == "red":
            yield f"{index}: a shard is lost (red): bring its node back, or run 'searchapp rollback'"
            return
        if colour == "yellow":
            yield f"{index}: a replica is missing (yellow): bring a node back, or lower replicas in [opensearch]"
        try:
            reading = Reading(self.cluster, index)
            reading.require_current()
            folder = self.folder / name
            if folder.is_dir():
                yield from generations.check(folder, deep=deep)
                wanted = manifest.read(folder).articles
                if reading.articles != wanted:
                    yield f"{index}: {reading.articles} of {wanted} articles: run 'searchapp reindex --full'"
            if fields := drift(reading.properties):
                names = ", ".join(fields)
                yield f"{index}: the mapping of {names} is not ours: run 'searchapp reindex --full'"
        except IndexProblemError as error:
            yield str(error)

    def rollback(self, to: str = "") -> tuple[str, int]:
        """Make the generation before the live one live again, or the one named `to`."""
        before = cluster.live(self.cluster, self._name)
        known = cluster.generations(self.cluster, self._name)
        names = [name for name, index in known.items() if (name == to if to else index < before)]
        if not names:
            raise NoIndexError(f"{self._name!r} has no generation {to or 'to go back to'}: see GET _cat/aliases")
        reading = Reading(self.cluster, known[names[0]])
        reading.require_current()
        cluster.switch(self.cluster, self._name, known[names[0]], before)
        return names[0], reading.articles

    def unfinished(self, source: str) -> str:
        """Return the generation that an earlier migration of `source` has begun here, "" for none."""
        found = cluster.generations(self.cluster, self._name, origin=self.origin, source=source)
        known = {folder.name for folder in generations.published(self.folder)}
        return next((name for name in found if name not in known), "")

    def publish(self, build: Path, *, articles: int, context: str) -> Path:
        """Keep the facts of a generation that the next reindex needs; return its folder. Under the lock."""
        return generations.publish(self._lock, build, articles=articles, context=context)

    @property
    def origin(self) -> str:
        """Return the origin of this folder's builds, so that nobody sweeps the build of another machine."""
        return f"{socket.gethostname()}:{self.folder.resolve()}"

    def _sweep(self) -> None:
        """Remove indices of ours that no folder knows any more: of killed builds, and older than the kept ones."""
        kept = {folder.name for folder in generations.published(self.folder)}
        live = cluster.live_or_none(self.cluster, self._name)
        for name, index in cluster.generations(self.cluster, self._name, origin=self.origin).items():
            if name not in kept and index != live:
                self.cluster.request("DELETE", f"/{index}", ignore_unavailable="true")


CHUNK: Final = 500
"""The number of articles between two checks of the cluster's content."""
_OWN: Final = (EVIDENCE, "sources.npz", "report.json", "origins.json")
"""Files of a generation that a reindex goes on from, with any engine."""

Cut: TypeAlias = Callable[[Article, bool], tuple[Stream, Stream]]
"""A function from (article, whether its title was indexed) to the streams of title and text."""


class Moving:
    """A move from the current generation of the embedded engine to one in the cluster; the caller holds the lock."""

    def __init__(self, settings: Settings, index: OpenSearchIndex, cut: Cut) -> None:
        self._settings = settings
        self._index = index
        self._cut = cut
        self._source = Unloading(generations.current(settings.index))
        source = self._source.folder.name
        unfinished = index.unfinished(source)
        self.resumed = bool(unfinished)
        self._build = index.begin_folder(unfinished)
        name = generations.name_of(self._build)
        self._loading = Loading(index.cluster, settings.opensearch, settings.weights, name)
        if not unfinished:
            self._loading.create(origin=index.origin, source=source)
        self.before = WhooshEngine(self._source.folder, settings.weights)

    def __len__(self) -> int:
        """Return the number of articles to move."""
        return len(self._source)

    def move(self) -> Iterator[int]:
        """Send all missing articles; yield after each chunk how many articles it had."""
        registry = self._registry()
        families = Families()  # computed before anything is sent: a second copy would count in the statistics of words
        for held in self._source:
            families.add(held.article, held.sketch)
        families.group()
        held_in_order = iter(self._source)
        while chunk := list(islice(held_in_order, CHUNK)):
            there = self._loading.reading.sources([held.article.key for held in chunk], ["key"]) if self.resumed else {}
            missing = (self._entry(held) for held in chunk if held.article.key not in there)
            if rejected := self._loading.write(missing, registry, families):
                key, reason = next(iter(rejected.items()))
                raise CorruptIndexError(f"OpenSearch refuses article {key} ({reason}): nothing was published")
            yield len(chunk)
        self._loading.write_documents(registry.documents)
        self._loading.settle(len(self._source))
        families.save(self._build)
        for name in _OWN:
            if (self._source.folder / name).exists():
                shutil.copyfile(self._source.folder / name, self._build / name)

    def after(self) -> OpenSearchEngine:
        """Return the new engine, for questions before its publication."""
        return OpenSearchEngine(self._index.cluster, self._loading.index, self._settings.weights)

    def publish(self) -> str:
        """Publish the new generation to every site with these settings; return its name."""
        context = manifest.read(self._source.folder).context
        folder = self._index.publish(self._build, articles=len(self._source), context=context)
        name = self._settings.opensearch.name
        cluster.switch(self._index.cluster, name, self._loading.index, cluster.live_or_none(self._index.cluster, name))
        return folder.name

    def close(self) -> None:
        """Remove the move's own files on this disk; the articles in the cluster stay for the next try."""
        remove(self._build)

    def _registry(self) -> Registry:
        sources = self._settings.sources
        issuers = {name: source.issuer for name, source in sorted(sources.items()) if source.issuer}
        known = tables.load(self._settings.tables, self._settings.replace)
        return build(self._source.mentions().statements(), issuers, known.places, *known_beforehand(known))

    def _entry(self, held: Held) -> Entry:
        return Entry.of(held.article, *self._cut(held.article, held.titled))
