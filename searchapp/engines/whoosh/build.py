"""Builds a generation of the embedded engine: segments kept, merged and new, then the tables over all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Citation, Document
from searchapp.citations import registry
from searchapp.citations.registry import Registry, Statement
from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.engines.folders import remove
from searchapp.engines.lock import WriterLock
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.merge import merge
from searchapp.engines.whoosh.segment import Facts, Segment, files
from searchapp.engines.whoosh.tables import read_segments, write_generation_tables
from searchapp.engines.whoosh.writer import SegmentWriter
from searchapp.errors import CorruptIndexError
from searchapp.query import Query

MAX_SEGMENTS: Final = 8
"""More than these are merged: each costs every query a little."""

KEPT_FACTS: Final = 200_000
"""Articles of a segment whose facts are held in memory: about 1 kB each."""

Removed = dict[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class NewSegment:
    """Makes writers of segments in a folder; goes to worker processes."""

    folder: Path

    def __call__(self) -> SegmentWriter:
        """A writer for one segment."""
        return SegmentWriter(self.folder)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a generation holds."""

    articles: int
    undated: int
    themeless: int


class Build:
    """A generation being made beside the live one; without `publish` nothing of it stays.

    base: the generation whose segments go on, None to begin anew. issuers: who speaks in which source. The caller holds
    the lock.
    """

    def __init__(self, lock: WriterLock, index: Path, settings: Settings, base: Path | None) -> None:
        self._lock = lock
        self._base = base
        self.issuers = {name: source.issuer for name, source in sorted(settings.sources.items()) if source.issuer}
        self._articles = 0
        self.folder = generations.begin(index)
        self.new_writer = NewSegment(self.folder)

    def __enter__(self) -> Build:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove(self.folder)

    def assemble(self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]]) -> Counts:
        """Put the generation together, tables included.

        new: segments written by `new_writer`; gone: keys that the base serves no more; dead: new segment → keys in it
        that another segment serves. Raises CorruptIndexError when what was built does not answer.
        """
        segments, removed = self._opened(new, gone, dead)
        segments = self._merged(segments, removed)
        self._settle(segments)
        removed = {segment.name: removed[segment.name] for segment in segments if removed[segment.name].any()}
        said = [_Said(segment, removed.get(segment.name)) for segment in segments]
        counts = _count(said)
        meanings = _Meanings(registry.build(lambda: _statements(said), self.issuers))
        write_generation_tables(self.folder, said, removed, meanings)
        self._probe(counts.articles)
        self._articles = counts.articles
        return counts

    def publish(self, context: str) -> Path:
        """Make it the live generation; `context` as in its manifest."""
        return generations.publish(self._lock, self.folder, articles=self._articles, context=context, base=self._base)

    def _opened(
        self, new: Sequence[str], gone: Collection[str], dead: Mapping[str, Collection[str]]
    ) -> tuple[list[Segment], Removed]:
        """All segments that have a living article, and which of each have none."""
        listed = read_segments(self._base) if self._base else None
        old = [Segment(self._base, name) for name in listed.names] if self._base and listed else []
        segments = old + [Segment(self.folder, name) for name in new]
        removed: Removed = {}
        for segment in segments:
            known = listed.removed.get(segment.name) if listed else None
            mask = np.zeros(segment.size, np.bool_) if known is None else np.array(known)
            for key in dead.get(segment.name, ()) if segment.folder == self.folder else gone:
                if (number := segment.number_of(key)) is not None:
                    mask[number] = True
            removed[segment.name] = mask
        return [segment for segment in segments if not removed[segment.name].all()], removed

    def _merged(self, segments: list[Segment], removed: Removed) -> list[Segment]:
        living = {segment.name: int((~removed[segment.name]).sum()) for segment in segments}
        chosen = to_merge(living, {name: len(mask) for name, mask in removed.items()}, whole=self._base is None)
        if not chosen:
            return segments
        inputs = [segment for segment in segments if segment.name in chosen]
        name = merge(self.folder, inputs, {segment.name: removed[segment.name] for segment in inputs})
        merged = Segment(self.folder, name)
        removed[name] = np.zeros(merged.size, np.bool_)
        return [segment for segment in segments if segment.name not in chosen] + [merged]

    def _settle(self, segments: Sequence[Segment]) -> None:
        """Link what is kept of the base; remove what was merged or left behind by a worker that died."""
        wanted = {path.name for segment in segments for path in files(self.folder, segment.name)}
        for path in self.folder.iterdir():
            if path.name not in wanted:
                path.unlink()
        for segment in segments:
            if self._base and segment.folder == self._base:
                for path in files(self._base, segment.name):
                    generations.carry(self._base, self.folder, path.name)

    def _probe(self, articles: int) -> None:
        """Ask the new generation before it is published."""
        engine = WhooshEngine(self.folder)
        answer = engine.search(Query(facets=("date", "theme"), size=1))
        shown = engine.articles([answer.matches[0].article.key]) if answer.matches else []
        engine.close()
        if answer.total != articles or bool(shown) != bool(articles):
            raise CorruptIndexError(
                f"{self.folder}: {answer.total} of {articles} articles answer; nothing was published"
            )


def to_merge(living: Mapping[str, int], sizes: Mapping[str, int], *, whole: bool) -> list[str]:
    """Names of the segments to make one of: all for a whole build, else the smallest when there are too many.

    living, sizes: articles by segment, without and with removed ones. A segment that is mostly removed is made anew.
    """
    if whole:
        return list(living) if len(living) > 1 or any(living[name] < sizes[name] for name in living) else []
    chosen = [name for name in living if living[name] * 2 < sizes[name]]
    rest = sorted((name for name in living if name not in chosen), key=lambda name: (living[name], name))
    total = sum(living[name] for name in chosen)
    while rest and (len(rest) + bool(chosen) > MAX_SEGMENTS or (len(chosen) > 1 and living[rest[0]] <= total)):
        # One more at no more than what is merged anyway: in the end each article is merged log n times.
        total += living[rest[0]]
        chosen.append(rest.pop(0))
    return chosen


class _Meanings:
    """The registry, asked by facts."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @property
    def documents(self) -> Mapping[str, Document]:
        return self._registry.documents

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        return tuple(self._registry.resolve(_statement(facts))) if facts.citations else ()

    def own(self, facts: Facts) -> str:
        return self._registry.own(_statement(facts)) if facts.number or facts.type else ""


class _Said:
    """The facts of a segment: they are asked for several times, so those of a small one are kept."""

    def __init__(self, segment: Segment, removed: NDArray[np.bool_] | None) -> None:
        self.name = segment.name
        self._segment = segment
        self._removed = removed
        self._kept = list(segment.facts()) if segment.size <= KEPT_FACTS else None

    def facts(self) -> Iterator[Facts]:
        """The facts of every article, removed ones included."""
        return iter(self._kept) if self._kept is not None else self._segment.facts()

    def living(self) -> Iterator[Facts]:
        """The facts of every article that is not removed."""
        return self.facts() if self._removed is None else compress(self.facts(), (~self._removed).tolist())


def _statements(said: Sequence[_Said]) -> Iterator[Statement]:
    return (_statement(facts) for one in said for facts in one.living())


def _statement(facts: Facts) -> Statement:
    return Statement(
        key=facts.key,
        date=facts.date,
        source=facts.source,
        type=facts.type,
        number=facts.number,
        issuer=facts.issuer,
        title=facts.title,
        citations=facts.citations,
    )


def _count(said: Sequence[_Said]) -> Counts:
    articles = undated = themeless = 0
    for one in said:
        for facts in one.living():
            articles += 1
            undated += not facts.date
            themeless += not facts.themes
    return Counts(articles, undated, themeless)
