"""Decide whether a document holds on a day: edges between documents with their certainty, and the resulting status.

A document with no facts is not "in force", and a newspaper alone ends nothing (docs/validity.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal

from searchapp.article import OWN, Citation, Document, Relation
from searchapp.citations.find.relations import cues
from searchapp.citations.find.relations.days import in_days

Value = Literal["con", "het", "mot-phan", "chua", "ngung", "khong-ro"]
VALUES: Final[tuple[Value, ...]] = ("con", "het", "mot-phan", "chua", "ngung", "khong-ro")
"""In force · ended · ended in part · not yet in force · suspended · not known, as URL, query and API name them."""

CERTAIN: Final = 0.9
"""From this certainty on an edge decides a status."""
LISTED: Final = 0.95
"""From this certainty on, the author of the statement that a document holds is an authority."""
_OWN_CLAUSE, _HEAD, _TITLE, _PRESS = 1.0, 0.95, 0.9, 0.6
_SETTLED: Final = timedelta(days=180)  # after its date, a document without a known first day is in force
_WHOLE_DAY: Final = len("2021-09-15")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The effect of one document on another, as an article states it: slugs, and the facts of `Relation`.

    sure: 0 to 1; article: key of the article, start, end: the place of the statement ("" and 0 for a table of the
    site).
    """

    kind: str
    doer: str
    target: str
    part: tuple[str, ...] = ()
    day: str = ""
    until: str = ""
    exception: bool = False
    sure: float = 1.0
    article: str = ""
    start: int = 0
    end: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The status. value: since a day ("" unknown), by the edge that says so; later: a day in future on which it ends.

    on: the day asked about.
    """

    value: Value
    on: str
    since: str = ""
    edge: Edge | None = None
    later: str = ""

    @property
    def sure(self) -> float:
        """Return its certainty, 0 to 1; 0 where nothing is known."""
        return self.edge.sure if self.edge else 0.0


def edges(
    relations: Sequence[Relation], citations: Sequence[Citation], own: str, *, key: str, consolidated: bool
) -> Iterator[Edge]:
    """Yield the edges of an article with resolved citations; own: slug of the article's own document, "" for none."""
    meant = {citation.start: (citation.document, citation.sure) for citation in citations}
    meant[OWN] = (own, 1.0 if own else 0.0)
    for r in relations:
        (doer, doer_sure), (target, target_sure) = meant.get(r.doer, ("", 0.0)), meant.get(r.target, ("", 0.0))
        if not doer or not target:
            continue
        # A text tells its own days by "this"; its number below "Danh mục … hết hiệu lực" only names the decision.
        if doer == target and (r.doer != r.target or r.kind not in (cues.IN_FORCE, cues.ENDS)):
            continue
        said = _OWN_CLAUSE if r.doer == OWN else _HEAD if consolidated else _TITLE if own else _PRESS
        if r.kind == cues.IN_FORCE and own and r.doer != OWN:
            said = _HEAD
        certain = min(doer_sure, target_sure)
        sure = said if certain >= LISTED else min(said, certain)
        yield Edge(
            kind=r.kind, doer=doer, target=target, part=r.part, day=r.day, until=r.until, exception=r.exception,
            sure=round(sure, 2), article=key, start=r.start, end=r.end,
        )  # fmt: skip


def packed(edge: Edge) -> str:
    """Return an edge as one line, as an index keeps it."""
    row = [edge.kind, edge.doer, edge.target, "|".join(edge.part), edge.day, edge.until, "!" * edge.exception]
    return "\t".join([*row, f"{edge.sure:g}", edge.article, str(edge.start), str(edge.end)])


def unpacked(line: str) -> Edge:
    """Return the edge that `packed` took."""
    kind, doer, target, part, day, until, exception, sure, article, start, end = line.split("\t")
    return Edge(
        kind=kind, doer=doer, target=target, part=tuple(filter(None, part.split("|"))), day=day, until=until,
        exception=bool(exception), sure=float(sure), article=article, start=int(start), end=int(end),
    )  # fmt: skip


class Force:
    """All edges of a generation, and the status of a document on a day."""

    def __init__(self, edges: Iterable[Edge], documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._edges = sorted(edges, key=lambda e: (-e.sure, e.article, e.start, e.kind, e.doer, e.target))
        self._to: dict[str, list[Edge]] = defaultdict(list)
        self._by: dict[str, list[Edge]] = defaultdict(list)
        for edge in self._edges:
            self._to[edge.target].append(edge)
            if edge.doer != edge.target:
                self._by[edge.doer].append(edge)

    def __iter__(self) -> Iterator[Edge]:
        return iter(self._edges)

    def __len__(self) -> int:
        return len(self._edges)

    @cached_property
    def _starts(self) -> dict[str, Edge]:
        """Map each document to the edge for its first day in force, the most certain first."""
        found: dict[str, Edge] = {}
        for edge in self._edges:
            if edge.kind == cues.IN_FORCE and not edge.part and edge.sure >= CERTAIN and edge.target not in found:
                day = in_days(edge.day, self._date(edge.target))
                if day:
                    found[edge.target] = replace(edge, day=day)
        return found

    def in_force(self, slug: str) -> str:
        """Return the day in force of a document, ISO, "" where no certain statement tells it."""
        edge = self._starts.get(slug)
        return edge.day if edge else ""

    def commencement(self, slug: str) -> Edge | None:
        """Return the edge that tells the day in force of a document."""
        return self._starts.get(slug)

    def of(self, slug: str) -> tuple[list[Edge], list[Edge]]:
        """Return the effects of a document on others, and theirs on it: each other document and kind once, with its
        day.
        """
        return _once(map(self.dated, self._by.get(slug, ()))), _once(map(self.dated, self._to.get(slug, ())))

    def status(self, slug: str, day: str) -> Status:
        """Return the status of a document on a day (ISO): the first of the rules of docs/validity.md that applies."""
        starts = self.in_force(slug)
        if starts and starts > day:
            return Status("chua", day, starts, self._starts[slug])
        to = [self.dated(edge) for edge in self._to.get(slug, ()) if edge.sure >= CERTAIN]
        ends = [edge for edge in to if edge.kind in cues.ENDING]
        whole = sorted((edge for edge in ends if not edge.part), key=lambda edge: edge.day or "9")
        for edge in whole:
            if self._applies(edge, day):
                return Status("het", day, edge.day, edge)
        later = next((edge.day for edge in whole if edge.day > day), "")
        held = [edge for edge in to if edge.kind == cues.SUSPENDS and (not edge.until or day < edge.until)]
        for edge in held:
            if self._applies(edge, day):
                return Status("ngung", day, edge.day, edge, later)
        for edge in ends:
            if edge.part and self._applies(edge, day):
                return Status("mot-phan", day, edge.day, edge, later)
        for edge in to:
            if edge.sure >= LISTED and edge.kind in (cues.STAYS, cues.CONSOLIDATES) and not edge.part:
                if edge.until and edge.until <= day:
                    continue  # "tiếp tục có hiệu lực đến hết ngày 31/12/2025" says nothing of the days after
                said = self._said(edge)
                if said and said <= day:
                    return Status("con", day, said, edge, later)
        return Status("khong-ro", day, later=later)

    def contradictions(self) -> Iterator[tuple[str, tuple[Edge, ...]]]:
        """Yield documents whose certain statements disagree on their day in force, or on the day of their end."""
        for slug, to in sorted(self._to.items()):
            for kinds in ((cues.IN_FORCE,), tuple(cues.ENDING)):
                days: dict[str, Edge] = {}
                for edge in map(self.dated, to):
                    if edge.kind in kinds and not edge.part and edge.sure >= CERTAIN and len(edge.day) == _WHOLE_DAY:
                        days.setdefault(edge.day, edge)
                if len(days) > 1:
                    yield slug, tuple(days[day] for day in sorted(days))

    def _date(self, slug: str) -> str:
        document = self._documents.get(slug)
        return document.date if document else ""

    def dated(self, edge: Edge) -> Edge:
        """Return the edge with its day: "own" is the doer's, "+45" counts from the doer's date."""
        day = self.in_force(edge.doer) if edge.day == "own" else in_days(edge.day, self._date(edge.doer))
        return replace(edge, day=day)

    def _applies(self, edge: Edge, day: str) -> bool:
        """Tell whether the effect of an edge has happened by a day."""
        starts = self.in_force(edge.doer)
        if starts and starts > day and edge.doer != edge.target:
            return False
        if edge.day:
            return edge.day <= day
        try:
            return date.fromisoformat(self._date(edge.doer)) + _SETTLED <= date.fromisoformat(day)
        except ValueError:
            return False

    def _said(self, edge: Edge) -> str:
        """Return the day on which a source says that a document holds."""
        return edge.day if edge.kind == cues.STAYS and edge.day else self._date(edge.doer)


def _once(edges: Iterable[Edge]) -> list[Edge]:
    """Return each kind between the same documents and provisions once, the most certain first, by day."""
    found: dict[tuple[str, str, str, tuple[str, ...]], Edge] = {}
    for edge in edges:
        found.setdefault((edge.kind, edge.doer, edge.target, edge.part), edge)
    return sorted(found.values(), key=lambda edge: (edge.day or "9", edge.kind, edge.doer, edge.target, edge.part))
