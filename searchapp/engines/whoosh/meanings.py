"""What the articles of all segments say of documents, put to the registry, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, compress, repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.article import Citation, Document
from searchapp.citations.registry import Registry, Statement
from searchapp.engines.whoosh.segment import Facts, Segment

KEPT_FACTS: Final = 200_000
"""Articles of a segment whose facts are held in memory: about 1 kB each."""


class Meanings:
    """The registry, asked by facts."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents by slug."""
        return self._registry.documents

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        """The article's citations with what they mean."""
        return tuple(self._registry.resolve(_statement(facts))) if facts.citations else ()

    def own(self, facts: Facts) -> str:
        """Slug of the document that the article itself is, or ""."""
        return self._registry.own(_statement(facts)) if facts.number or facts.type else ""


class Said:
    """The facts of a segment: they are asked for several times, so those of a small one are kept."""

    def __init__(self, segment: Segment, removed: NDArray[np.bool_] | None) -> None:
        self.name = segment.name
        self._segment = segment
        self._removed = removed
        self._kept = list(segment.facts()) if segment.size <= KEPT_FACTS else None

    def facts(self) -> Iterator[Facts]:
        """The facts of every article, removed ones included."""
        return iter(self._kept) if self._kept is not None else self._segment.facts()

    def ids(self) -> Iterator[str]:
        """The id of every article, "" for removed ones."""
        gone = chain(self._removed.tolist() if self._removed is not None else (), repeat(False))
        return ("" if removed else facts.id for facts, removed in zip(self.facts(), gone, strict=False))

    def living(self) -> Iterator[Facts]:
        """The facts of every article that is not removed."""
        return self.facts() if self._removed is None else compress(self.facts(), (~self._removed).tolist())


def statements(said: Sequence[Said]) -> Iterator[Statement]:
    """What every living article says, for the registry."""
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
