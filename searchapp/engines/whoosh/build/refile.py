"""File segments anew: the same articles and posting lists, other themes; no file is read, no token cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from searchapp.article import Article
from searchapp.engines.stored import FactsWriter, line, pack
from searchapp.engines.whoosh.store.segment import Segment, files
from searchapp.engines.whoosh.store.writer import TextWriter, segment_name

CHUNK: Final = 1000
FEW: Final = 2000
"""So few articles are filed here, because another process would start too late."""

Filer = Callable[[Article], tuple[str, ...]]
"""A function that gives the themes of an article by the tables of today; it goes to other processes."""


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
                texts.add(pack(article))
                lines.write(line(article))
            else:
                texts.add(segment.packed(number))
                lines.write(told)
    texts.close()
    lines.close()
    return new, sorted(changed)


_Found = list[tuple[int, tuple[str, ...]]]
"""The articles whose themes have changed, by number."""


def _changed(base: Path, name: str, size: int, filer: Filer) -> Iterator[tuple[range, _Found]]:
    """Yield parts of the articles in order, each with those whose themes have changed."""
    chunks = [range(start, min(size, start + CHUNK)) for start in range(0, size, CHUNK)]
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
