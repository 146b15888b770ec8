"""Build a generation in the cluster: stage its articles on this disk, take over those of the one before, publish."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, compress
from pathlib import Path
from types import TracebackType
from typing import Final

from searchapp import tables
from searchapp.article import Article, Facts
from searchapp.citations.resolve import Registry, build
from searchapp.citations.resolve.mention import MentionCounts, load_mentions
from searchapp.config import Settings
from searchapp.engine import Counts
from searchapp.engines import generations, stored
from searchapp.engines.facet_values import known_beforehand
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import WriterLock, remove
from searchapp.engines.opensearch import cluster as alias
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.engine import OpenSearchEngine
from searchapp.engines.opensearch.loading import Entry, Families, Loading
from searchapp.engines.opensearch.reader import Reading
from searchapp.engines.stored import FactsWriter
from searchapp.errors import BadRecordError, CorruptIndexError, EngineUnavailableError
from searchapp.query import Query
from searchapp.text.tokens import Stream

_MAX_ID: Final = 8_000
"""The longest id in characters: Lucene takes no term of more than 32,766 bytes."""
_MEMORY: Final = 16
"""Written bytes for a byte that counts as memory: batches are closed only so that a dying process loses little."""


class _SpoolWriter:
    """A batch of articles on its way to a folder; nobody reads it before `finish`."""

    def __init__(self, folder: Path) -> None:
        self._name = f"batch-{secrets.token_hex(8)}"
        self._paths = _files(folder, self._name)
        self._articles = gzip.GzipFile(self._paths[0], "wb", 1, mtime=0)
        self._facts = FactsWriter(self._paths[1])
        self._written = 0

    @property
    def bytes(self) -> int:
        """Return the rough memory in use."""
        return self._written // _MEMORY

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """Add all of an article or, with BadRecordError, nothing of it."""
        if len(article.id) > _MAX_ID:
            raise BadRecordError(f"{article.id[:80]}…: an id has at most {_MAX_ID:,} characters")
        try:
            entry = Entry.of(article, title, body)
            row = {"article": stored.as_row(article), "fields": entry.fields, "sketch": entry.sketch.hex()}
            line, facts = json.dumps(row, ensure_ascii=False).encode(), stored.line(article)
        except UnicodeEncodeError as error:
            raise BadRecordError(f"{article.id!r}: {error.reason} at character {error.start}") from None
        self._articles.write(line + b"\n")
        self._facts.write(facts)
        self._written += len(line)

    def finish(self) -> str:
        """Close the batch; return its name."""
        self._articles.close()
        self._facts.close()
        return self._name

    def abort(self) -> None:
        """Remove the written files."""
        self.finish()
        for path in self._paths:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _NewSpool:
    """A maker of batch writers in a folder; it goes to worker processes."""

    folder: Path

    def __call__(self) -> _SpoolWriter:
        """Return a writer for one batch."""
        return _SpoolWriter(self.folder)


@dataclass(frozen=True, slots=True)
class _Spool:
    """A finished batch. dead: keys in it that another batch serves."""

    folder: Path
    name: str
    dead: Collection[str] = ()

    def facts(self) -> Iterator[Facts]:
        """Yield the facts of each article."""
        return (facts for facts in self._facts() if facts.key not in self.dead)

    def entries(self) -> Iterator[Entry]:
        """Yield the articles with their text fields."""
        with gzip.open(_files(self.folder, self.name)[0], "rb") as lines:
            for line in compress(lines, (facts.key not in self.dead for facts in self._facts())):
                row = json.loads(line)
                yield Entry(stored.from_row(row["article"]), row["fields"], bytes.fromhex(row["sketch"]))

    def remove(self) -> None:
        """Remove it from the disk."""
        for path in _files(self.folder, self.name):
            path.unlink(missing_ok=True)

    def _facts(self) -> Iterator[Facts]:
        return map(stored.read_facts, stored.read_lines(_files(self.folder, self.name)[1]))


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.articles", folder / f"{name}.facts"


class OpenSearchBuild:
    """A generation in the making: an index without an alias, and on this disk its ledger and its
    articles' statements.
    """

    def __init__(
        self, lock: WriterLock, folder: Path, settings: Settings, cluster: Cluster, base: Path | None, origin: str
    ) -> None:
        self._lock = lock
        self._settings = settings
        self._cluster = cluster
        self._base = base
        self._origin = origin
        self.tables = tables.load(settings.tables, settings.replace)
        self.issuers = {name: source.issuer for name, source in sorted(settings.sources.items()) if source.issuer}
        self.folder = folder
        self.new_writer = _NewSpool(self.folder)
        name = generations.name_of(self.folder)
        self.loading = Loading(cluster, settings.opensearch, settings.weights, name)
        self._counts = Counts(0, 0, 0, 0, 0)
        self._context = ""
        self._begun = self._published = False

    def __enter__(self) -> OpenSearchBuild:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.folder)
        if self._begun and not self._published:
            with suppress(EngineUnavailableError):  # the next build sweeps an index that cannot be removed now
                self.loading.discard()

    def refile(self, filer: Callable[[Article], tuple[str, ...]]) -> bool:
        """Return False: the cluster gets its articles anew."""
        return False

    def assemble(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]], context: str
    ) -> Counts:
        """Put the generation together; see `engine.Build`."""
        spools = [_Spool(self.folder, name, frozenset(dead.get(name, ()))) for name in new]
        mentions, came = self._mention_counts(spools, gone)
        registry = build(mentions.statements(), self.issuers, self.tables.places, *known_beforehand(self.tables))
        families, moved = self._families(spools, gone)
        self._begun = True
        expected = came
        if self._base is None:
            self.loading.create(origin=self._origin)
        else:
            base = Reading(self._cluster, self._index_of(self._base))
            expected += base.articles - len(gone)
            self.loading.clone(self._index_of(self._base), origin=self._origin)
            self.loading.remove(gone)
        rejected = self.loading.write(chain.from_iterable(spool.entries() for spool in spools), registry, families)
        if self._base is not None and self._means_otherwise(registry, context):
            self.loading.mean(registry)
        self.loading.regroup(moved, families)
        self.loading.write_documents(registry.documents)
        self.loading.settle(expected - len(rejected))
        for facts in self._fresh(spools):
            if facts.key in rejected:
                mentions.remove(facts)
        families.remove(rejected)
        mentions.save(self.folder)
        families.save(self.folder)
        for spool in spools:
            spool.remove()
        self._context, self._counts = context, self._count(rejected)
        self._probe()
        return self._counts

    def publish(self) -> Path:
        """Make it the live generation: first this disk's part of it, then, in one step, the alias."""
        articles = self._counts.articles
        folder = generations.publish(self._lock, self.folder, articles=articles, context=self._context)
        name = self._settings.opensearch.name
        before = self._index_of(self._base) if self._base else alias.live_or_none(self._cluster, name)
        alias.switch(self._cluster, name, self.loading.index, before)
        self._published = True
        return folder

    def _mention_counts(self, spools: Sequence[_Spool], gone: Collection[str]) -> tuple[MentionCounts, int]:
        """Return the statements of all articles, and the number of new articles."""
        mentions = load_mentions(self._base) if self._base else MentionCounts()
        if self._base:
            known = Reading(self._cluster, self._index_of(self._base))
            for row in known.sources(list(gone), ["article"]).values():
                mentions.remove(stored.from_row(row["article"]).facts)
        came = 0
        for facts in self._fresh(spools):
            mentions.add(facts)
            came += 1
        return mentions, came

    def _families(self, spools: Sequence[_Spool], gone: Collection[str]) -> tuple[Families, set[str]]:
        """Return all families of reprints, and the keys of articles that stay but change their family."""
        families = Families.load(self._base) if self._base else Families()
        families.remove(gone)
        came = set()
        for entry in chain.from_iterable(spool.entries() for spool in spools):
            families.add(entry.article, entry.sketch)
            came.add(entry.article.key)
        return families, families.group() - came - set(gone)

    def _fresh(self, spools: Sequence[_Spool]) -> Iterator[Facts]:
        return chain.from_iterable(spool.facts() for spool in spools)

    def _means_otherwise(self, registry: Registry, context: str) -> bool:
        """Tell whether a citation of an article that stays may have another meaning than in the base."""
        assert self._base is not None
        if manifest.read(self._base).context != context:
            return True
        rows = Reading(self._cluster, self._index_of(self._base)).documents()
        return registry.documents != {str(row["slug"]): stored.document_from_row(row) for row in rows}

    def _count(self, rejected: Mapping[str, str]) -> Counts:
        summary = self.loading.reading.summary()
        articles = summary["key"]
        undated, themeless = articles - summary["dated"], articles - summary["themed"]
        return Counts(articles, undated, themeless, summary["cited"], summary["open"], rejected)

    def _probe(self) -> None:
        """Query the new generation before it is published."""
        engine = OpenSearchEngine(self._cluster, self.loading.index, self._settings.weights)
        answer = engine.search(Query(facets=("date", "theme"), size=1))
        shown = engine.articles([answer.matches[0].article.key]) if answer.matches else []
        if answer.total != self._counts.articles or bool(shown) != bool(answer.total):
            of = f"{answer.total} of {self._counts.articles}"
            raise CorruptIndexError(f"{self.loading.index}: {of} articles answer; nothing was published")

    def _index_of(self, folder: Path) -> str:
        return f"{self._settings.opensearch.name}-{folder.name}"
