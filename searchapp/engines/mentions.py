"""What all articles say of documents, put to the registry, and what it answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from searchapp.article import Article, Citation, Document
from searchapp.citations.resolve.registry import Registry, Statement
from searchapp.engines.stored import Facts

EVIDENCE: Final = "evidence.json"
_OWN: Final = ("key", "date", "source", "type", "number", "issuer", "title")
_CITED: Final = ("kind", "type", "key", "date", "issuer", "place", "term")

Sentence: TypeAlias = tuple[str, ...]
"""Either the values of _OWN of an article that is a document, or a source and the values of _CITED of a citation."""


class Evidence:
    """From what the registry is made: every different thing that is said, with the number of articles that say it.

    So a change is told from what comes and what goes, without asking the articles that stay.
    """

    def __init__(self, said: Mapping[Sentence, int] | None = None) -> None:
        self._said: Counter[Sentence] = Counter(said or {})
        self._before = frozenset(self._said)

    def add(self, article: Facts | Article) -> None:
        """An article comes."""
        self._said.update(_sentences(article))

    def remove(self, article: Facts | Article) -> None:
        """An article goes."""
        self._said.subtract(_sentences(article))

    def statements(self) -> Iterator[Statement]:
        """All that is said, each thing once."""
        for sentence in sorted(sentence for sentence, count in self._said.items() if count > 0):
            if len(sentence) == len(_OWN):
                yield Statement(**dict(zip(_OWN, sentence, strict=True)))  # type: ignore[arg-type]
            else:
                facts = dict(zip(_CITED, sentence[1:], strict=True))
                yield Statement("", source=sentence[0], citations=(Citation(start=0, end=0, text="", **facts),))  # type: ignore[arg-type]

    @property
    def is_as_before(self) -> bool:
        """Whether the same things are said as when it was made, by however many: then all documents are the same."""
        return self._before == {sentence for sentence, count in self._said.items() if count > 0}

    def counts(self) -> Iterator[int]:
        """How many articles say each thing."""
        return iter(self._said.values())

    def save(self, folder: Path) -> None:
        """Write it into a build."""
        rows = sorted([*sentence, count] for sentence, count in self._said.items() if count > 0)
        (folder / EVIDENCE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load_evidence(folder: Path) -> Evidence:
    """The evidence of a generation."""
    rows = json.loads((folder / EVIDENCE).read_text(encoding="utf-8"))
    return Evidence({tuple(row[:-1]): row[-1] for row in rows})


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
        return self._registry.resolve(_statement(facts)) if facts.citations else ()

    def own(self, facts: Facts) -> str:
        """Slug of the document that the article itself is, or ""."""
        return self._registry.own(_statement(facts)) if facts.number else ""


def _sentences(article: Facts | Article) -> set[Sentence]:
    said = {(article.source, *(getattr(citation, name) for name in _CITED)) for citation in article.citations}
    if article.number:
        said.add(tuple(getattr(article, name) for name in _OWN))
    return said


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
