"""Count the statements about documents in all articles of a generation: they make the registry and reveal a change."""

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
    """Every different statement about documents, with the number of articles that make it.

    Arriving and leaving articles alone reveal a change; nobody asks the articles that stay.
    """

    def __init__(self, counts: Mapping[Statement | OwnStatement, int] | None = None) -> None:
        self._counts: Counter[Statement | OwnStatement] = Counter(counts or {})
        self._before = frozenset(self._counts)

    def add(self, facts: Facts) -> None:
        """Add the statements of an article."""
        self._counts.update(statements_of(facts))

    def remove(self, facts: Facts) -> None:
        """Remove the statements of an article."""
        self._counts.subtract(statements_of(facts))

    def statements(self) -> Iterator[Statement | OwnStatement]:
        """Yield all statements, each once, in order."""
        return iter(sorted(statement for statement, count in self._counts.items() if count > 0))

    @property
    def is_as_before(self) -> bool:
        """Tell whether the statements are the same as at the beginning, in any number: then all
        documents are the same.
        """
        return self._before == {statement for statement, count in self._counts.items() if count > 0}

    def counts(self) -> Iterator[int]:
        """Yield how many articles make each statement."""
        return iter(self._counts.values())

    def save(self, folder: Path) -> None:
        """Write the counts into a build."""
        rows = sorted([*statement, count] for statement, count in self._counts.items() if count > 0)
        (folder / EVIDENCE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load_mentions(folder: Path) -> MentionCounts:
    """Return the counts of a generation."""
    rows = json.loads((folder / EVIDENCE).read_text(encoding="utf-8"))
    return MentionCounts({_statement(row[:-1]): row[-1] for row in rows})


def _statement(values: list[str]) -> Statement | OwnStatement:
    return OwnStatement(*values) if len(values) == len(OwnStatement._fields) else Statement(*values)
