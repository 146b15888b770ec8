"""Read the site's own table of relations (`relations.tsv`): facts of its operator that no text of
the archive states.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import Edge
from searchapp.errors import SettingsError

COLUMNS: Final = ("doer", "kind", "target", "part", "day", "source")
_KINDS: Final = (*cues.KINDS, cues.IN_FORCE, cues.STAYS)


def corrections(path: Path, named: Callable[[str], Sequence[Document]]) -> Iterator[Edge]:
    """Yield the edges of a table, certainty 1, each with its source; named: the documents that bear a number or slug.

    Raises SettingsError for a meaningless row: an unknown kind, an unknown document, no source.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}: give another path in 'relations', or none") from None
    for number, row in enumerate(rows, 2):
        kind = (row.get("kind") or "").strip()
        if kind not in _KINDS or not (row.get("source") or "").strip():
            raise SettingsError(f"{path}:{number}: needs a source and a kind of {', '.join(_KINDS)}")
        target = _one(path, number, row.get("target") or "", named)
        doer = _one(path, number, row.get("doer") or "", named) if kind not in (cues.IN_FORCE,) else target
        part = tuple(filter(None, (one.strip() for one in (row.get("part") or "").split(","))))
        day = (row.get("day") or "").strip() or "own"
        yield Edge(kind=kind, doer=doer, target=target, part=part, day=day, source=(row["source"] or "").strip())


def _one(path: Path, number: int, name: str, named: Callable[[str], Sequence[Document]]) -> str:
    found = named(name.strip()) if name.strip() else []
    if len(found) != 1:
        many = ", ".join(one.slug for one in found[:5]) or "none here"
        raise SettingsError(f"{path}:{number}: {name!r} must mean one document (it means {many}): give its slug")
    return found[0].slug
