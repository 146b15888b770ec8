"""What depends on the whole corpus, written at the end of a build: segment list, columns, documents, resolutions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Citation, Document
from searchapp.citations.carrying import edges
from searchapp.engines.whoosh.columns import SYMBOL, ColumnsWriter, Order, Row
from searchapp.engines.whoosh.resolutions import ResolutionsWriter
from searchapp.engines.whoosh.stored import Facts
from searchapp.errors import CorruptIndexError
from searchapp.fields import CHAIN

SEGMENTS: Final = "segments.json"
DOCUMENTS: Final = "documents.jsonl"
LEADING_TYPES: Final = ("NQ", "CT")
"""Resolutions and directives come before other documents at equal counts (query.md)."""

Removed = Mapping[str, NDArray[np.bool_]]
"""Segment name to one bool per article: which of them a later build removed."""


class Registry(Protocol):
    """Which document is meant (citations.registry), asked about one article at a time by its facts."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents by slug."""
        ...

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        """The article's citations, in order, with document, how and sure filled in."""
        ...

    def own(self, facts: Facts) -> str:
        """Slug of the document that the article itself is, or ""."""
        ...


class FactsSource(Protocol):
    """A segment as far as its facts go."""

    @property
    def name(self) -> str:
        """Its name in the folder."""
        ...

    def facts(self) -> Iterator[Facts]:
        """The facts of each article in order, removed ones included."""
        ...


@dataclass(frozen=True, slots=True)
class SegmentList:
    """The segments of a generation in order, and which of their articles are removed."""

    names: tuple[str, ...]
    removed: Mapping[str, NDArray[np.bool_]]


def write_generation_tables(
    folder: Path, segments: Sequence[FactsSource], removed: Removed, registry: Registry
) -> None:
    """Write segment list, columns, documents and resolutions of a generation: a build calls this last."""
    write_segments(folder, [segment.name for segment in segments], removed)
    documents = registry.documents
    rows = ColumnsWriter(orders(documents))
    resolved = ResolutionsWriter()
    cited: Counter[str] = Counter()
    for segment in segments:
        gone = removed.get(segment.name)
        for number, facts in enumerate(segment.facts()):
            if gone is not None and gone[number]:
                rows.add(Row())
                resolved.add(())
                continue
            citations = registry.resolve(facts)
            row = row_of(facts, citations, registry)
            cited.update(row.values["document"])
            rows.add(row)
            resolved.add(citations)
    rows.close(folder)
    resolved.close(folder)
    write_documents(folder, documents, cited)


def orders(documents: Mapping[str, Document]) -> dict[str, Order]:
    """Which of several facet values goes first at equal counts."""
    leading = {slug for slug, document in documents.items() if document.type in LEADING_TYPES}
    return {"document": lambda slug: (slug not in leading, slug)}


def write_segments(folder: Path, names: Sequence[str], removed: Removed) -> None:
    """Write the list of segments and one file of tombstones for each that has any."""
    files = {}
    for name in names:
        if name in removed and removed[name].any():
            files[name] = f"{name}.removed.npy"
            np.save(folder / files[name], removed[name].astype(np.bool_), allow_pickle=False)
    text = json.dumps({"segments": list(names), "deleted": files}, indent=1)
    (folder / SEGMENTS).write_text(text, encoding="utf-8")


def read_segments(folder: Path) -> SegmentList:
    """The list that `write_segments` wrote. Raises CorruptIndexError."""
    path = folder / SEGMENTS
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        names = tuple(str(name) for name in table["segments"])
        removed = {str(k): np.load(folder / v, allow_pickle=False) for k, v in table["deleted"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None
    return SegmentList(names, removed)


def write_documents(folder: Path, documents: Mapping[str, Document], cited: Mapping[str, int]) -> None:
    """Write all documents, the most cited first; cited: slug → articles that are or cite it, 0 where it is missing."""
    with (folder / DOCUMENTS).open("w", encoding="utf-8") as file:
        for document in sorted(documents.values(), key=lambda one: (-cited.get(one.slug, 0), one.slug)):
            known = {name: value for name, value in asdict(document).items() if value}
            file.write(json.dumps(known, ensure_ascii=False) + "\n")


def read_documents(folder: Path) -> list[Document]:
    """All documents of a generation, the most cited first. Raises CorruptIndexError."""
    path = folder / DOCUMENTS
    try:
        with path.open(encoding="utf-8") as lines:
            return [_document(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise CorruptIndexError(f"{path}: {error}; run 'searchapp reindex --full'") from None


def row_of(facts: Facts, citations: Sequence[Citation], registry: Registry) -> Row:
    """The facet values of a live article: its documents are those that it is or cites, its terms are theirs."""
    own = registry.own(facts)
    slugs = _distinct([own, *(citation.document for citation in citations)])
    held = [registry.documents[slug] for slug in slugs if slug in registry.documents]
    issuer = facts.issuer or (registry.documents[own].issuer if own in registry.documents else "")
    values = {
        "document": slugs,
        "theme": _distinct(facts.themes),
        "term": _distinct(document.term_id for document in held),
        "issuer": _distinct([issuer]),
        "type": _distinct([facts.type]),
        "section": _distinct([facts.section]),
        "source": _distinct([facts.source]),
        SYMBOL: _distinct([facts.number, *(citation.key for citation in citations)]),
        CHAIN: _distinct(end for edge in edges(own, citations, registry.documents) for end in (edge.upper, edge.lower)),
    }
    return Row(id=facts.id, date=facts.date, values=values)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _document(row: dict[str, Any]) -> Document:
    # Empty facts are not written; a number of the National Assembly may come without a type.
    return Document(**{"type": "", **row, "aliases": tuple(row.get("aliases", ()))})
