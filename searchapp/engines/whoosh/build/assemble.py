"""Build a generation of the embedded engine: segments kept, merged and new, then the tables over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp import tables
from searchapp.article import Facts
from searchapp.citations.resolve import Registry, build
from searchapp.citations.resolve.issuers import bodies_of
from searchapp.citations.resolve.mention import EVIDENCE, MentionCounts, load_mentions, statements_of
from searchapp.config import Settings
from searchapp.engine import Counts
from searchapp.engines import generations
from searchapp.engines.facet_values import known_beforehand
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import WriterLock, remove
from searchapp.engines.whoosh.build.table_writer import (
    BLANK,
    SegmentFacts,
    write_generation_tables,
    write_ids,
    write_spliced_tables,
)
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.interop.codec import write_toc
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.search.reprints import write_reprints
from searchapp.engines.whoosh.store.merge import Filer, merge, refile
from searchapp.engines.whoosh.store.segment import EXTENSIONS, Segment, files
from searchapp.engines.whoosh.store.tables import (
    Resolutions,
    SegmentList,
    read_documents,
    read_segments,
)
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.errors import CorruptIndexError
from searchapp.query import Query

MAX_SEGMENTS: Final = 8
"""More segments than these are merged: each costs every query a little."""

FEW: Final = 2_000
"""A change of so many articles, coming or going, is spliced into the old tables."""


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A maker of segment writers in a folder; it goes to worker processes."""

    folder: Path

    def __call__(self) -> SegmentWriter:
        """Return a writer for one segment."""
        return SegmentWriter(self.folder)


class Build:
    """A generation in the making beside the live one; without `publish` nothing of it stays.

    base: the generation whose segments go on, None to begin anew. issuers: source → its speaker. The caller holds the
    lock.
    """

    def __init__(self, lock: WriterLock, index: Path, settings: Settings, base: Path | None) -> None:
        self._lock = lock
        self._base = base
        self.tables = tables.load(settings.tables, settings.replace)
        self.issuers = {name: source.issuer for name, source in sorted(settings.sources.items()) if source.issuer}
        self._counts = Counts(0, 0, 0, 0, 0)
        self._context = ""
        self._refiled: dict[str, tuple[str, list[int]]] = {}
        self.folder = generations.begin(index)
        self.new_writer = NewSegment(self.folder)

    def __enter__(self) -> Build:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.folder)

    def assemble(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]], context: str
    ) -> Counts:
        """Put the generation together, tables included.

        new: segments written by `new_writer`; gone: keys that the base serves no more; dead: new segment → keys in it
        that another segment serves; context: for the manifest, the facts beside the articles that decide the tables.
        Raises CorruptIndexError when the new generation does not answer.
        """
        if self._base:  # tables are spliced from those of the base
            manifest.require_intact(self._base, [n for n in manifest.names(self._base) if not n.endswith(EXTENSIONS)])
        pieces, change = self._pieces(new, gone, dead)
        if self._base is None or manifest.read(self._base).context != context:
            change = None
        pieces = self._merged([piece for piece in pieces if not piece.removed.all()])
        self._settle([piece.segment for piece in pieces])
        self._write_tables(pieces, change)
        write_toc(self.folder)
        self._context, self._counts = context, _count(self.folder, pieces)
        self._probe()
        return self._counts

    def refile(self, filer: Filer) -> bool:
        """Give the articles of the base the themes of today."""
        for name in read_segments(self._base).names if self._base else ():
            manifest.require_intact(self._base or self.folder, [f"{name}{ending}" for ending in EXTENSIONS])
            self._refiled[name] = refile(self._base or self.folder, self.folder, name, filer)
        return True

    def publish(self) -> Path:
        """Make it the live generation."""
        articles = self._counts.articles
        return generations.publish(self._lock, self.folder, articles=articles, context=self._context, base=self._base)

    def _pieces(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]]
    ) -> tuple[list[_Piece], _Difference | None]:
        """Return all segments, and the difference from the base where it is small."""
        listed = read_segments(self._base) if self._base else None
        pieces: list[_Piece] = []
        difference = _Difference([], [])
        start = 0
        for name in listed.names if listed and self._base else ():
            segment = self._segment(name)
            before = listed.removed.get(name) if listed else None
            removed = _marked(segment, gone, before)
            newly = np.flatnonzero(removed if before is None else removed & ~before).tolist()
            difference.gone.extend((segment, number) for number in newly)
            take = np.where(removed, BLANK, start + np.arange(segment.size))
            if name in self._refiled and self._base:
                difference.swap(Segment(self._base, name), segment, self._refiled[name][1], removed, take)
            pieces.append(_Piece(segment, removed, take))
            start += segment.size
        for name in new:
            segment = Segment(self.folder, name)
            removed = _marked(segment, dead.get(name, ()))
            numbers = -2 - len(difference.fresh) - (np.cumsum(~removed) - 1)
            if len(difference.fresh) + segment.size <= FEW:
                difference.fresh.extend(compress(segment.facts(), (~removed).tolist()))
            pieces.append(_Piece(segment, removed, np.where(removed, BLANK, numbers)))
        told = self._base is not None and (self._base / EVIDENCE).exists()
        sizes = sum(Segment(self.folder, name).size for name in new)
        few = told and max(sizes, len(difference.fresh), len(difference.gone)) <= FEW
        return pieces, difference if few else None

    def _segment(self, name: str) -> Segment:
        """Return a segment of the base, unchanged or filed anew."""
        if name in self._refiled:
            return Segment(self.folder, self._refiled[name][0])
        return Segment(self._base or self.folder, name)

    def _write_tables(self, pieces: Sequence[_Piece], difference: _Difference | None) -> None:
        listed = SegmentList(
            tuple(piece.segment.name for piece in pieces),
            {piece.segment.name: piece.removed for piece in pieces if piece.removed.any()},
        )
        facts = [SegmentFacts(piece.segment, listed.removed.get(piece.segment.name)) for piece in pieces]
        before = {one.slug: one for one in read_documents(self._base)} if difference and self._base else None
        as_before = before is not None and difference and difference.tells_nothing
        mentions = None if as_before else self._mention_counts(facts, difference)
        if mentions is None or (before is not None and mentions.is_as_before):
            registry = Registry(before or {}, self.issuers, self.tables.places, bodies_of(self.tables))
        else:
            registry = build(mentions.statements(), self.issuers, self.tables.places, *known_beforehand(self.tables))
        if mentions is not None:
            mentions.save(self.folder)
        elif self._base:
            generations.carry(self._base, self.folder, EVIDENCE)
        if difference and self._base and registry.documents == before:
            take = np.concatenate([np.empty(0, np.int64), *(piece.take for piece in pieces)])
            write_spliced_tables(self.folder, self._base, listed, registry, difference.fresh, take)
            parts = ((piece.segment.sketches(), piece.removed) for piece in pieces)
            write_reprints(self.folder, parts, Columns.open(self.folder).oldest)
        else:
            write_generation_tables(self.folder, facts, listed.removed, registry)
            write_ids(self.folder, (identity for one in facts for identity in one.ids()))

    def _mention_counts(self, segments: Sequence[SegmentFacts], difference: _Difference | None) -> MentionCounts:
        if difference is None or self._base is None:
            mentions = MentionCounts()
            for facts in chain.from_iterable(one.living() for one in segments):
                mentions.add(facts)
            return mentions
        mentions = load_mentions(self._base)
        for segment, number in difference.gone:
            mentions.remove(segment.article(number).facts)
        for facts in difference.fresh:
            mentions.add(facts)
        return mentions

    def _merged(self, pieces: list[_Piece]) -> list[_Piece]:
        living = {piece.segment.name: int((~piece.removed).sum()) for piece in pieces}
        sizes = {piece.segment.name: piece.segment.size for piece in pieces}
        chosen = to_merge(living, sizes, whole=self._base is None)
        if not chosen:
            return pieces
        inputs = [piece for piece in pieces if piece.segment.name in chosen]
        if self._base:
            manifest.require_intact(self._base, [f"{name}{ending}" for name in chosen for ending in EXTENSIONS])
        removed = {piece.segment.name: piece.removed for piece in inputs}
        segment = Segment(self.folder, merge(self.folder, [piece.segment for piece in inputs], removed))
        take = np.concatenate([piece.take[~piece.removed] for piece in inputs])
        kept = [piece for piece in pieces if piece.segment.name not in chosen]
        return [*kept, _Piece(segment, np.zeros(segment.size, np.bool_), take)]

    def _settle(self, segments: Sequence[Segment]) -> None:
        """Link the kept files of the base; remove merged segments and the remains of a dead worker."""
        wanted = {path.name for segment in segments for path in files(self.folder, segment.name)}
        for path in self.folder.iterdir():
            if path.name not in wanted:
                path.unlink()
        for segment in segments:
            if self._base and segment.folder == self._base:
                for path in files(self._base, segment.name):
                    generations.carry(self._base, self.folder, path.name)

    def _probe(self) -> None:
        """Query the new generation before it is published."""
        articles = self._counts.articles
        engine = WhooshEngine(self.folder)
        answer = engine.search(Query(facets=("date", "theme"), size=1))
        shown = engine.articles([answer.matches[0].article.key]) if answer.matches else []
        engine.close()
        if answer.total != articles or bool(shown) != bool(articles):
            raise CorruptIndexError(
                f"{self.folder}: {answer.total} of {articles} articles answer; nothing was published"
            )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment with its removed articles, and the former places of its articles (`splice.Change.take`)."""

    segment: Segment
    removed: NDArray[np.bool_]
    take: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Difference:
    """The articles that go, by segment and number in it, and those that come."""

    gone: list[tuple[Segment, int]]
    fresh: list[Facts]

    @property
    def tells_nothing(self) -> bool:
        """Tell whether those that come state of documents what those that go did, as often."""
        gone = (segment.article(number).facts for segment, number in self.gone)
        said, unsaid = (Counter(chain.from_iterable(map(statements_of, some))) for some in (self.fresh, gone))
        return said == unsaid

    def swap(
        self, old: Segment, new: Segment, changed: Sequence[int], removed: NDArray[np.bool_], take: NDArray[np.int64]
    ) -> None:
        """Let articles that were filed anew go and come; take: their places, which change."""
        living = [number for number in changed if not removed[number]]
        if len(self.fresh) + len(living) > FEW:
            self.gone.extend((old, number) for number in living)  # too many: all tables are made anew
            return
        for number in living:
            take[number] = -2 - len(self.fresh)
            self.gone.append((old, number))
            self.fresh.append(new.article(number).facts)


def _marked(segment: Segment, keys: Iterable[str], before: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return which articles are removed: those removed before and those with one of the keys."""
    removed = np.zeros(segment.size, np.bool_) if before is None else np.array(before)
    for key in keys:
        if (number := segment.number_of(key)) is not None:
            removed[number] = True
    return removed


def to_merge(living: Mapping[str, int], sizes: Mapping[str, int], *, whole: bool) -> list[str]:
    """Return names of the segments to merge: all for a whole build, else the smallest when there are too many.

    living, sizes: articles by segment, without and with removed ones. A segment that is mostly removed is made anew.
    """
    if whole:
        return list(living) if len(living) > 1 or any(living[name] < sizes[name] for name in living) else []
    chosen = [name for name in living if living[name] * 2 < sizes[name]]
    rest = sorted((name for name in living if name not in chosen), key=lambda name: (living[name], name))
    total = sum(living[name] for name in chosen)
    while rest and (len(rest) + bool(chosen) > MAX_SEGMENTS or (len(chosen) > 1 and living[rest[0]] <= total)):
        # One more segment is merged if it is no larger than all others in the merge: each article is merged log n
        # times.
        total += living[rest[0]]
        chosen.append(rest.pop(0))
    return chosen


def _count(folder: Path, pieces: Sequence[_Piece]) -> Counts:
    columns = Columns.open(folder)
    alive = ~np.concatenate([np.empty(0, np.bool_), *(piece.removed for piece in pieces)])
    theme = columns.facets["theme"]
    themed = theme.having(theme.lookup(theme.values))
    meant = Resolutions(folder)
    return Counts(
        articles=int(alive.sum()),
        undated=int((alive & (columns.first == 0)).sum()),
        themeless=int((alive & ~themed).sum()),
        citations=meant.count,
        unresolved=meant.unresolved,
    )
