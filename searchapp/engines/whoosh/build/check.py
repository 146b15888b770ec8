"""Examine a generation from the inside: every posting list, every stored article, every table, sample queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import whoosh.index
from numpy.typing import NDArray
from whoosh.query.compound import Or
from whoosh.query.terms import Term

from searchapp.citations.resolve.mention import EVIDENCE, load_mentions
from searchapp.engines.stored import read_facts
from searchapp.engines.whoosh.build.table_writer import IDS, read_ids
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.interop.codec import TOC_NAME, read_whoosh_index, toc_bytes
from searchapp.engines.whoosh.search.doc_values import Columns
from searchapp.engines.whoosh.store.merge import RUN
from searchapp.engines.whoosh.store.postings import FieldReader, Postings
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import Resolutions, read_documents, read_segments
from searchapp.errors import OF_THE_PROCESS, BadQueryError, CorruptIndexError
from searchapp.fields import TEXT_FIELDS, TextField
from searchapp.query import Query, Word

_TOLD: Final = 20
"""The most lines about one generation: one damage shows in many places."""

SAMPLES: Final = 100
"""The terms for sample searches, evenly spread over each segment's dictionary."""

Whole = NDArray[np.int64]


def examine(folder: Path) -> list[str]:
    """Return the contradictions in a generation folder, one line each, at most _TOLD; none when it is sound.

    The check reads everything: about a second for 10,000 articles.
    """
    return list(islice(_all(folder), _TOLD))


def _all(folder: Path) -> Iterator[str]:
    try:
        listed = read_segments(folder)
        segments = [Segment(folder, name) for name in listed.names]
        for segment in segments:
            yield from (f"{folder / segment.name}: {line}" for line in _segment(segment))
        gone = [listed.removed.get(segment.name, np.zeros(segment.size, np.bool_)) for segment in segments]
        yield from (f"{folder}: {line}" for line in _tables(folder, segments, gone))
        yield from (f"{folder}: {line}" for line in _answers(folder, segments))
        yield from (f"{folder / TOC_NAME}: {line}" for line in _through_whoosh(folder, segments))
    except CorruptIndexError as error:
        yield str(error)
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        OSError,
        OverflowError,
        BadQueryError,
        whoosh.index.IndexError,
    ) as error:
        if isinstance(error, OSError) and error.errno in OF_THE_PROCESS:
            raise
        # A damaged file may be wrong in any way; a list may even be too long to ask for.
        yield f"{folder}: cannot be read ({error!r:.200}): run 'searchapp rollback' or 'searchapp reindex --full'"


def _segment(segment: Segment) -> Iterator[str]:
    for field in TEXT_FIELDS:
        yield from (f"{field.name}: {line}" for line in _field(segment, field))
    keys = [key.decode() for key in segment.keys().tolist()]
    if len(set(keys)) < segment.size:
        yield "two articles with one key"
    for number, (key, line) in enumerate(zip(keys, segment.lines(), strict=False)):
        article, facts = segment.article(number), read_facts(line)
        told = (article.key, article.id, article.title, article.date, article.citations)
        if told != (facts.key, facts.id, facts.title, facts.date, facts.citations) or article.key != key:
            yield f"article {number}: text, facts and key are not of one article"
        if segment.number_of(key) != number:
            yield f"article {number}: its key leads to another"


def _field(segment: Segment, field: TextField) -> Iterator[str]:
    """Check the dictionary's order, ascending posting lists, frequencies that count positions, lengths that are their
    sums.
    """
    reader = segment.field(field.name)
    yield from _dictionary(reader)
    starts = np.asarray(reader.starts).astype(np.int64)
    if starts[0] != 0 or (np.diff(starts) <= 0).any():
        yield "a posting list without articles"
        return
    lengths = np.zeros(segment.size, np.int64)
    for first, last in _runs(starts):
        postings = reader.cut(first, last)
        counts = np.diff(starts[first : last + 1])
        if len(postings.doc_ids) != counts.sum() or len(postings.frequencies) != counts.sum():
            yield "posting lists break off"
            return
        yield from _lists(reader, postings, first, counts, segment.size)
        if (postings.doc_ids < segment.size).all():
            lengths += np.bincount(postings.doc_ids, postings.frequencies, segment.size).astype(np.int64)
    wrong = np.flatnonzero(lengths != segment.lengths(field.name))
    if len(wrong):
        yield f"article {wrong[0]}: {lengths[wrong[0]]} occurrences, its length says otherwise"


def _dictionary(reader: FieldReader) -> Iterator[str]:
    count, before = 0, b""
    for term in reader.dictionary.iterate(0):
        if term <= before:
            yield f"term {term!r} after {before!r}"
        count, before = count + 1, term
    if count != len(reader):
        yield f"{count} terms, {len(reader)} posting lists"


def _runs(starts: Whole) -> Iterator[tuple[int, int]]:
    """Yield stretches of terms with about RUN postings, so that memory does not grow with the index."""
    first, terms = 0, len(starts) - 1
    while first < terms:
        last = int(np.searchsorted(starts, starts[first] + RUN, side="right")) - 1
        last = min(max(last, first + 1), terms)
        yield first, last
        first = last


def _lists(reader: FieldReader, postings: Postings, first: int, counts: Whole, size: int) -> Iterator[str]:
    doc_ids, frequencies = postings.doc_ids, postings.frequencies
    if (doc_ids >= size).any():
        yield "a posting of an article that is not there"
    if not _rising(doc_ids, counts):
        yield "a posting list whose articles do not ascend"
    if not (frequencies > 0).all():
        yield "a posting that occurs nowhere"
    if not postings.has_positions or reader.spans is None:
        return
    ends = np.cumsum(counts)
    held = np.add.reduceat(frequencies, ends - counts, dtype=np.int64)
    spans = np.diff(np.asarray(reader.spans[first : first + len(counts) + 1]).astype(np.int64))
    positions = postings.positions()
    if not np.array_equal(held, spans) or len(positions) != held.sum():
        yield "positions and frequencies differ"
    elif not _rising(positions, frequencies.astype(np.int64)):
        yield "positions that do not ascend"


def _rising(values: NDArray[np.uint32], counts: Whole) -> bool:
    """Tell whether each of the lists that lie end to end, `counts` long, ascends strictly."""
    rising = values[1:] > values[:-1]
    rising[np.cumsum(counts)[:-1] - 1] = True  # from one list to the next
    return bool(rising.all())


def _tables(folder: Path, segments: list[Segment], gone: list[NDArray[np.bool_]]) -> Iterator[str]:
    columns, meant = Columns.open(folder), Resolutions(folder)
    slugs = {document.slug for document in read_documents(folder)}
    if not slugs.issuperset(columns.facets["document"].values):
        yield "a facet value that is no document"
    for order in ("newest", "oldest"):
        if not np.array_equal(np.sort(getattr(columns, order)), np.arange(columns.articles)):
            yield f"the order {order} is none"
    if (columns.first > columns.last).any():
        yield "a date that ends before it begins"
    for name, column in columns.facets.items():
        if (column.codes > len(column.values)).any():
            yield f"facet {name}: a code without a value"
        if column.starts is not None and (column.starts[0] != 0 or (np.diff(column.starts) < 0).any()):
            yield f"facet {name}: articles that do not follow each other"
    if sum(segment.size for segment in segments) != columns.articles:
        yield "columns and segments differ"
        return
    number = 0
    for segment, removed in zip(segments, gone, strict=True):
        if len(removed) != segment.size:
            yield f"{segment.name}: {len(removed)} marks for {segment.size} articles"
            return
        for own in range(segment.size):
            if not removed[own]:
                segment.article(own, meant.of(number))  # raises where the citations are not the article's
            number += 1
    yield from _beside(folder, segments, gone)


def _beside(folder: Path, segments: list[Segment], gone: list[NDArray[np.bool_]]) -> Iterator[str]:
    """Check the tables for the next run: ids and evidence."""
    ids = (
        "" if removed else facts.id
        for segment, marks in zip(segments, gone, strict=True)
        for facts, removed in zip(segment.facts(), marks.tolist(), strict=True)
    )
    if list(ids) != read_ids(folder):
        yield f"{IDS}: not the ids of the articles"
    if any(count <= 0 for count in load_mentions(folder).counts()):
        yield f"{EVIDENCE}: something that nobody says"


def _answers(folder: Path, segments: Iterable[Segment]) -> Iterator[str]:
    """Check sample queries: everything, and terms from all over the dictionaries, counted in two ways."""
    engine = WhooshEngine(folder)
    everything = engine.search(Query(facets=("date", "theme", "document"), size=10))
    if everything.total != engine.stats().articles:
        yield f"{everything.total} articles answer, the index counts {engine.stats().articles}"
    keys = [match.article.key for match in everything.matches]
    if [article.key for article in engine.articles(keys)] != keys:
        yield "articles are not found by their keys"
    for segment in segments:
        terms = [term for term, _ in segment.terms("body_f")]
        for term in terms[:: max(1, len(terms) // SAMPLES)]:
            total = engine.search(Query(text=term, tree=Word(term))).total
            if total != engine.frequencies([term], stream="f")[term]:
                yield f"the search for {term!r} gives {total} articles, its posting list another number"
    engine.close()


def _through_whoosh(folder: Path, segments: Iterable[Segment]) -> Iterator[str]:
    """Check the same generation as Whoosh opens it: its number of articles, and terms from all over the dictionaries.

    Whoosh unpickles its table of contents, so the check compares it with our own output before Whoosh sees it.
    """
    path = folder / TOC_NAME
    if not path.exists() or path.read_bytes() != toc_bytes(folder):
        yield "not what this version writes for Whoosh: run 'searchapp reindex --full'"
        return
    engine = WhooshEngine(folder)
    with read_whoosh_index(folder).searcher() as searcher:
        if searcher.doc_count() != engine.stats().articles:
            yield f"{searcher.doc_count()} articles for Whoosh, the index counts {engine.stats().articles}"
        for segment in segments:
            terms = [term for term, _ in segment.terms("body_f")]
            for term in terms[:: max(1, len(terms) // SAMPLES)]:
                query = Or([Term(f"{part}_f", term) for part in ("title", "body")])
                total = sum(1 for _ in searcher.docs_for_query(query))
                if total != engine.frequencies([term], stream="f")[term]:
                    yield f"Whoosh finds {term!r} in {total} articles, its posting list says another number"
    engine.close()
