"""Move a generation of the embedded engine into the cluster; a new try goes on where an earlier one ended."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, TypeAlias

from searchapp import tables
from searchapp.article import Article
from searchapp.citations.resolve.registry import Registry, build
from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import remove
from searchapp.engines.mentions import EVIDENCE
from searchapp.engines.opensearch import cluster
from searchapp.engines.opensearch.engine import OpenSearchEngine
from searchapp.engines.opensearch.index import OpenSearchIndex
from searchapp.engines.opensearch.loading import Entry, Loading
from searchapp.engines.opensearch.reprints import Families
from searchapp.engines.stored import known_beforehand
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.tables import Held, Unloading
from searchapp.errors import CorruptIndexError
from searchapp.text.tokens import Stream

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
