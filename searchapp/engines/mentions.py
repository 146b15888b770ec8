"""What all articles of a generation say of documents, counted: the registry is made from it, a change told by it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from searchapp.article import Facts
from searchapp.citations.resolve.mention import OwnStatement, Statement, statements_of

EVIDENCE: Final = "evidence.json"


class MentionCounts:
    """Every different thing that is said of documents, with the number of articles that say it.

    So a change is told from what comes and what goes, without asking the articles that stay.
    """

    def __init__(self, counts: Mapping[Statement | OwnStatement, int] | None = None) -> None:
        self._counts: Counter[Statement | OwnStatement] = Counter(counts or {})
        self._before = frozenset(self._counts)

    def add(self, facts: Facts) -> None:
        """An article comes."""
        self._counts.update(statements_of(facts))

    def remove(self, facts: Facts) -> None:
        """An article goes."""
        self._counts.subtract(statements_of(facts))

    def statements(self) -> Iterator[Statement | OwnStatement]:
        """All that is said, each thing once, in order."""
        return iter(sorted(statement for statement, count in self._counts.items() if count > 0))

    @property
    def is_as_before(self) -> bool:
        """Whether the same things are said as when it was made, by however many: then all documents are the same."""
        return self._before == {statement for statement, count in self._counts.items() if count > 0}

    def counts(self) -> Iterator[int]:
        """How many articles say each thing."""
        return iter(self._counts.values())

    def save(self, folder: Path) -> None:
        """Write it into a build."""
        rows = sorted([*statement, count] for statement, count in self._counts.items() if count > 0)
        (folder / EVIDENCE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load_mentions(folder: Path) -> MentionCounts:
    """The counts of a generation."""
    rows = json.loads((folder / EVIDENCE).read_text(encoding="utf-8"))
    return MentionCounts({_statement(row[:-1]): row[-1] for row in rows})


def _statement(values: list[str]) -> Statement | OwnStatement:
    return OwnStatement(*values) if len(values) == len(OwnStatement._fields) else Statement(*values)
