"""Read the site's own table of relations (`relations.tsv`): facts of its operator that no text of
the archive states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import Edge
from searchapp.errors import SettingsError
from searchapp.tables import SHAPES
from searchapp.tables.rows import Problems, numbered_rows

_SHAPE: Final = SHAPES["relations"]


def corrections(path: Path, named: Callable[[str], Sequence[Document]]) -> Iterator[Edge]:
    """Yield the edges of a table, certainty 1, each with its source; named: the documents that bear a number or slug.

    Raises SettingsError for a meaningless row: an unknown kind, an unknown document, no source.
    """
    problems = Problems()
    rows, _ = numbered_rows(path, _SHAPE, problems)
    if problems.lines:
        raise SettingsError("\n".join(problems.lines))
    for line, row in rows:
        kind = row["kind"]
        target = _one(path, line, row["target"], named)
        doer = target if kind == cues.IN_FORCE else _one(path, line, row["doer"], named)
        part = tuple(filter(None, (one.strip() for one in row["part"].split(","))))
        yield Edge(kind=kind, doer=doer, target=target, part=part, day=row["day"] or "own", source=row["source"])


def _one(path: Path, line: int, name: str, named: Callable[[str], Sequence[Document]]) -> str:
    found = named(name) if name else []
    if len(found) != 1:
        many = ", ".join(one.slug for one in found[:5]) or "none here"
        raise SettingsError(f"{path}, line {line}: {name!r} must mean one document (it means {many}): give its slug")
    return found[0].slug
