"""Make segments of segments: merged without the deleted articles, or filed anew under other themes.

No text is analysed again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Article
from searchapp.engines.reprint_groups import SKETCH
from searchapp.engines.stored import FactsWriter, line, pack
from searchapp.engines.whoosh.store.arrays import ArrayWriter
from searchapp.engines.whoosh.store.postings import U32, FieldReader, FieldWriter, Occurrences
from searchapp.engines.whoosh.store.segment import Segment, files
from searchapp.engines.whoosh.store.writer import TextWriter, segment_name, write_keys
from searchapp.fields import TEXT_FIELDS, TextField

RUN: Final = 1 << 21
"""Postings merged at once, unless one term alone has more: about 100 MB of memory."""

_CHUNK: Final = 1000
FEW: Final = 2000
"""So few articles are filed here, because another process would start too late."""

Filer = Callable[[Article], tuple[str, ...]]
"""A function that gives the themes of an article by the tables of today; it goes to other processes."""


def merge(folder: Path, segments: Sequence[Segment], deleted: Mapping[str, NDArray[np.bool_]], name: str = "") -> str:
    """Write a segment with the living articles of `segments`, in their order, and return its name.

    deleted: segment name → bool, shape (size,), True where an article is deleted; no entry: all are alive. No key may
    be alive in two of the segments. Raises CorruptIndexError when one of them cannot be read.
    """
    name = segment_name(name)
    sources = _sources(segments, deleted)
    post, text, facts = files(folder, name)
    try:
        _merge_text(text, sources)
        _merge_facts(facts, sources)
        _merge_post(folder, post, sources)
    except BaseException:
        for path in (post, text, facts):
            path.unlink(missing_ok=True)
        raise
    return name


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment with the fate of its articles. alive: bool, shape (size,); number: new numbers where alive."""

    segment: Segment
    alive: NDArray[np.bool_]
    number: U32


def _sources(segments: Sequence[Segment], deleted: Mapping[str, NDArray[np.bool_]]) -> list[_Source]:
    sources = []
    base = 0
    for segment in segments:
        dead = deleted.get(segment.name)
        alive = np.ones(segment.size, bool) if dead is None else ~np.asarray(dead, bool)
        if alive.shape != (segment.size,):
            raise ValueError(f"{segment.name} has {segment.size} articles, its deletions are for {alive.size}")
        sources.append(_Source(segment, alive, (base + np.cumsum(alive) - 1).astype(np.uint32)))
        base += int(alive.sum())
    return sources


def _merge_text(path: Path, sources: list[_Source]) -> None:
    out = TextWriter(path)
    for source in sources:
        for number in np.flatnonzero(source.alive).tolist():
            out.add(source.segment.packed(number), source.segment.stops(number))
    out.close()


def _merge_facts(path: Path, sources: list[_Source]) -> None:
    out = FactsWriter(path)
    for source in sources:
        for facts in compress(source.segment.lines(), source.alive.tolist()):
            out.write(facts)
    out.close()


def _merge_post(folder: Path, path: Path, sources: list[_Source]) -> None:
    out = ArrayWriter(path)
    keys = [key for source in sources for key in source.segment.keys()[source.alive].tolist()]
    write_keys(out, keys)
    sketches = [source.segment.sketches()[source.alive] for source in sources]
    out.put("sketches", np.concatenate([np.zeros(0, SKETCH), *sketches]).view(np.uint8))
    for field in TEXT_FIELDS:
        writer = FieldWriter(folder, field, len(keys))
        for run in _runs(field, sources):
            writer.extend(run)
        writer.close(out)
        lengths = [source.segment.lengths(field.name)[source.alive] for source in sources]
        out.put(f"{field.name}.lengths", np.concatenate([np.empty(0, np.uint32), *lengths]))
    out.close()


def _runs(field: TextField, sources: list[_Source]) -> Iterator[Occurrences]:
    """Yield the merged field, from one boundary between terms to the next."""
    readers = [source.segment.field(field.name) for source in sources]
    firsts = [0] * len(readers)
    for boundary in _boundaries(readers):
        lasts = [reader.dictionary.rank_from(boundary) if boundary else len(reader) for reader in readers]
        spans = list(zip(readers, firsts, lasts, strict=True))
        if merged := _merge_run(field, [(source, *span) for source, span in zip(sources, spans, strict=True)]):
            yield merged
        firsts = lasts


def _boundaries(readers: list[FieldReader]) -> Iterator[bytes]:
    """Yield terms at which to cut, so that no run has many more than RUN postings; b"" marks the end."""
    done = 0
    for term in sorted({term for reader in readers for term in reader.dictionary.firsts}):
        total = sum(reader.starts[reader.dictionary.rank_from(term)] for reader in readers)
        if total - done > RUN:
            yield term
            done = total
    yield b""


def _merge_run(field: TextField, spans: list[tuple[_Source, FieldReader, int, int]]) -> Occurrences | None:
    """Merge the terms numbered from first to last of each reader, which are the same stretch of the alphabet."""
    lists = [list(islice(reader.dictionary.iterate(first), last - first)) for _, reader, first, last in spans]
    terms = sorted(set().union(*lists))
    rank = {term: number for number, term in enumerate(terms)}
    columns = [
        _living(source, reader, np.fromiter(map(rank.__getitem__, names), np.uint32, len(names)), first, last)
        for names, (source, reader, first, last) in zip(lists, spans, strict=True)
    ]
    if not columns:
        return None
    ranks, doc_ids, frequencies, positions = (np.concatenate(column) for column in zip(*columns, strict=True))
    # Segments come in order and articles ascend within each, so a stable sort by term is enough.
    order = np.argsort(ranks, kind="stable")
    counts = np.bincount(ranks, minlength=len(terms))
    return Occurrences(
        list(compress(terms, counts.tolist())),
        counts[counts > 0],
        doc_ids[order],
        frequencies[order],
        _reordered(positions, frequencies, order) if field.positions else None,
    )


def _living(source: _Source, reader: FieldReader, ranks: U32, first: int, last: int) -> tuple[U32, U32, U32, U32]:
    """Return term, article and frequency of every living posting, and the positions of them all."""
    postings = reader.cut(first, last)
    starts = np.asarray(reader.starts[first : last + 1]).astype(np.int64)
    ranks = np.repeat(ranks, np.diff(starts))
    frequencies = postings.frequencies.astype(np.uint32)
    positions = postings.positions() if postings.has_positions else np.empty(0, np.uint32)
    alive = source.alive[postings.doc_ids]
    if not alive.all():
        if positions.size:
            positions = positions[np.repeat(alive, frequencies)]
        ranks, frequencies = ranks[alive], frequencies[alive]
        return ranks, source.number[postings.doc_ids[alive]], frequencies, positions
    return ranks, source.number[postings.doc_ids], frequencies, positions


def _reordered(positions: U32, frequencies: U32, order: NDArray[np.intp]) -> U32:
    """Return the positions of postings that were put in another order."""
    starts = np.cumsum(frequencies, dtype=np.int64) - frequencies
    frequencies = frequencies[order]
    shift = starts[order] - (np.cumsum(frequencies, dtype=np.int64) - frequencies)
    return positions[np.repeat(shift, frequencies) + np.arange(positions.size)]


def refile(base: Path, folder: Path, name: str, filer: Filer) -> tuple[str, list[int]]:
    """Write a segment of `base` into `folder` with other themes; return the new name, and the articles that changed."""
    segment = Segment(base, name)
    new = segment_name()
    old_post, _, _ = files(base, name)
    post, text, facts = files(folder, new)
    try:
        os.link(old_post, post, follow_symlinks=False)
    except OSError:
        shutil.copyfile(old_post, post)
    texts, lines = TextWriter(text), FactsWriter(facts)
    changed: dict[int, tuple[str, ...]] = {}
    known = enumerate(segment.lines())
    # Each part is written while other processes file the next ones.
    for part, found in _changed(base, name, segment.size, filer):
        changed.update(found)
        for number, told in islice(known, len(part)):
            if number in changed:
                article = replace(segment.article(number), themes=changed[number])
                texts.add(pack(article), segment.stops(number))
                lines.write(line(article))
            else:
                texts.add(segment.packed(number), segment.stops(number))
                lines.write(told)
    texts.close()
    lines.close()
    return new, sorted(changed)


_Found = list[tuple[int, tuple[str, ...]]]
"""The articles whose themes have changed, by number."""


def _changed(base: Path, name: str, size: int, filer: Filer) -> Iterator[tuple[range, _Found]]:
    """Yield parts of the articles in order, each with those whose themes have changed."""
    chunks = [range(start, min(size, start + _CHUNK)) for start in range(0, size, _CHUNK)]
    one = partial(_of_chunk, base, name, filer)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if size <= FEW or cores < 2:
        yield from ((chunk, one(chunk)) for chunk in chunks)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        yield from zip(chunks, pool.map(one, chunks), strict=True)


def _of_chunk(base: Path, name: str, filer: Filer, numbers: range) -> _Found:
    segment = Segment(base, name)
    found = []
    for number in numbers:
        article = segment.article(number)
        if (themes := filer(article)) != article.themes:
            found.append((number, themes))
    return found
