"""Decide which documents of a generation hold on a day, for pages, API and exports.

Filter articles by the status of their own document: `hieu-luc:`, `sua-doi:`, `thay-the:`, `ngay-hieu-luc:`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import CERTAIN, VALUES, Edge, Force, Status, Value, unpacked
from searchapp.dates import parse_date, span, today
from searchapp.engine import Engine
from searchapp.errors import BadQueryError, SettingsError
from searchapp.fields import EFFECT, OWN_DOCUMENT
from searchapp.query import Query
from searchapp.results import Answer
from searchapp.tables import SHAPES
from searchapp.tables.rows import Problems, Row, numbered_rows

STATUS_LABELS: Final[Mapping[str, str]] = {
    "con": "Còn hiệu lực", "het": "Hết hiệu lực", "mot-phan": "Hết hiệu lực một phần", "chua": "Chưa có hiệu lực",
    "ngung": "Ngưng hiệu lực", "khong-ro": "Không rõ",
}  # fmt: skip
_SHAPE: Final = SHAPES["relations"]
_CHANGES: Final = cues.ENDING | {cues.AMENDS, cues.SUSPENDS, cues.CORRECTS, cues.EXTENDS}

_FIELDS: Final = ("validity", "amends", "replaces", "starts")
_REPLACING: Final = frozenset({cues.REPLACES, cues.REPEALS, cues.ENDS})
_NONE: Final = ("-",)  # no document has this slug


class Standing:
    """The edges between the documents of one generation and the status of each on a day.

    problems: the rows of the site's own tables that mean nothing in this generation, and so count for nothing.
    """

    def __init__(
        self, generation: str, force: Force, documents: Collection[Document], problems: Sequence[str] = ()
    ) -> None:
        self.generation = generation
        self.problems = problems
        self.force = force
        self._documents = documents
        self._values: tuple[str, dict[str, Value]] = ("", {})
        self._told: tuple[str, dict[str, Status]] = ("", {})
        self._having: tuple[str, dict[str, tuple[str, ...]]] = ("", {})

    @classmethod
    def of(cls, engine: Engine, *own_tables: str) -> Standing:
        """Return the standing by the articles of an engine and by the site's own tables (`corrections`)."""
        documents, problems = engine.documents(), Problems()
        stated = map(unpacked, engine.values(EFFECT))
        own = [edge for table in own_tables for edge in corrections(Path(table), engine.documents, problems)]
        force = Force([*stated, *own], {one.slug: one for one in documents})
        return cls(engine.generation, force, documents, tuple(problems.lines))

    def status(self, slug: str, day: str) -> Status:
        """Return the status of a document on a day; those of one day are remembered."""
        known = self._told
        if known[0] != day:
            known = self._told = (day, {})
        found = known[1].get(slug)
        if found is None:
            found = known[1][slug] = self.force.status(slug, day)
        return found

    def values(self, day: str) -> Mapping[str, Value]:
        """Return the status of every document with a known fact on a day; all others are "khong-ro"."""
        known, found = self._values
        if known != day:
            found = {slug: self.force.status(slug, day).value for slug in self._touched}
            self._values = (day, found)
        return found

    def having(self, wanted: Collection[str], day: str) -> tuple[str, ...]:
        """Return the documents that have one of these statuses on a day."""
        found = self._by_value(day)
        return tuple(sorted(chain.from_iterable(found.get(value, ()) for value in wanted)))

    def _by_value(self, day: str) -> Mapping[str, tuple[str, ...]]:
        """Return status → the documents that have it on a day, sorted; computed once a day."""
        known, found = self._having
        if known != day:
            values, having = self.values(day), defaultdict[str, list[str]](list)
            for one in self._documents:
                having[values.get(one.slug, "khong-ro")].append(one.slug)
            found = {value: tuple(sorted(slugs)) for value, slugs in having.items()}
            self._having = (day, found)
        return found

    def having_one(self, value: str, day: str) -> tuple[str, ...]:
        """Return the documents of one status: always the same tuple, which engines know without comparing it."""
        return self._by_value(day).get(value, ())

    def changing(self, slugs: Collection[str], kinds: Collection[str] = _CHANGES) -> tuple[str, ...]:
        """Return the documents that change one of these ("sua-doi:30/2020/NĐ-CP"), or do one of `kinds` to it."""
        found = (edge.doer for edge in self.force if edge.target in slugs and edge.kind in kinds)
        return tuple(dict.fromkeys(found))

    def starting(self, first: str, last: str) -> tuple[str, ...]:
        """Return the documents that come into force within two days."""
        days = ((slug, self.force.in_force(slug)) for slug in self._touched)
        return tuple(slug for slug, day in days if day and first <= day <= last)

    def warnings(self, slugs: Collection[str], day: str) -> Iterator[tuple[str, Status]]:
        """Yield those documents that have certainly ended, or are suspended, with their status."""
        for slug in slugs:
            status = self.status(slug, day)
            if status.value in ("het", "ngung") and status.sure >= CERTAIN:
                yield slug, status

    @cached_property
    def _touched(self) -> tuple[str, ...]:
        return tuple(sorted({edge.target for edge in self.force}))


_KNOWN: Final[dict[tuple[str, ...], Standing]] = {}
_MOST: Final = 2  # archives and generations in memory: the live one, and the one before


def standing_of(engine: Engine) -> Standing:
    """Return the standing of an engine's generation, with the operator's own relations; it is read once."""
    name = (engine.archive, engine.generation, *engine.tables.relations)
    known = _KNOWN.get(name)
    if known is None:
        known = Standing.of(engine, *engine.tables.relations)
        while len(_KNOWN) >= _MOST:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[name] = known
    return known


def events(standing: Standing, slug: str) -> list[Edge]:
    """Return the history of a document by day: it begins, is changed, ends. Documents that only
    apply it are left out.
    """
    starts = standing.force.commencement(slug)
    done = [edge for edge in standing.force.of(slug)[1] if edge.kind in _CHANGES or edge.kind == cues.STAYS]
    rest = [edge for edge in done if edge.kind != cues.IN_FORCE]
    return sorted([*([starts] if starts else []), *rest], key=lambda edge: edge.day or "9")


def corrections(path: Path, named: Callable[[str], Sequence[Document]], problems: Problems) -> Iterator[Edge]:
    """Yield the edges of a table, certainty 1, each with its source; named: the documents that bear a number or slug.

    A meaningless row (an unknown kind, a number of no or several documents, no source) is a problem and counts for
    nothing: after a reindex one number may mean two documents, and pages must go on.
    """
    rows, _ = numbered_rows(path, _SHAPE, problems)
    for line, row in rows:
        kind = row["kind"]
        try:
            target = _one(path, line, row["target"], named)
            doer = target if kind == cues.IN_FORCE else _one(path, line, row["doer"], named)
        except SettingsError as error:
            problems.lines.append(str(error))
            continue
        part = tuple(filter(None, (one.strip() for one in row["part"].split(","))))
        yield Edge(kind=kind, doer=doer, target=target, part=part, day=row["day"] or "own", source=row["source"])


def stated_rows(path: Path) -> list[tuple[int, Row]]:
    """Return the rows of a table by their lines; raise SettingsError for a file that is none."""
    problems = Problems()
    rows, _ = numbered_rows(path, _SHAPE, problems)
    if problems.lines:
        raise SettingsError("\n".join(problems.lines))
    return rows


def _one(path: Path, line: int, name: str, named: Callable[[str], Sequence[Document]]) -> str:
    found = named(name) if name else []
    if len(found) != 1:
        many = ", ".join(one.slug for one in found[:5]) or "none here"
        raise SettingsError(f"{path}, line {line}: {name!r} must mean one document (it means {many}): give its slug")
    return found[0].slug


@dataclass(frozen=True, slots=True)
class Wanted:
    """The condition on an article's own document. among: documents that pass all but the status,
    None for any document.
    """

    validity: tuple[str, ...]
    day: str
    among: frozenset[str] | None
    standing: Standing

    def documents(self, validity: Collection[str]) -> tuple[str, ...]:
        """Return the documents that pass with one of these statuses (with any, where none is given)."""
        if len(validity) == 1 and self.among is None:
            return self.standing.having_one(next(iter(validity)), self.day) or _NONE
        having = self.standing.having(validity, self.day) if validity else tuple(self.among or ())
        kept = having if self.among is None or not validity else tuple(s for s in having if s in self.among)
        return tuple(sorted(kept)) or _NONE


def status_asked(engine: Engine, filters: Mapping[str, tuple[str, ...]], day: str) -> Wanted | None:
    """Return the conditions on documents in a query's filters, None for no condition. Raises BadQueryError."""
    if not any(filters.get(name) for name in _FIELDS):
        return None
    standing = standing_of(engine)
    statuses = tuple(value.lower() for value in filters.get("validity", ()))
    for value in statuses:
        if value not in VALUES:
            names = ", ".join(VALUES)
            message = f"“hieu-luc:{value[:20]}” không hợp lệ: hãy dùng {names}."
            english = f"“hieu-luc:{value[:20]}” is not valid: use {names}."
            raise BadQueryError(message, english, field="q", allowed=VALUES)
    among: frozenset[str] | None = None
    for found in _sets(engine, standing, filters):
        among = found if among is None else among & found
    return Wanted(statuses, day or today().isoformat(), among, standing)


def passing_status(filters: Mapping[str, tuple[str, ...]], wanted: Wanted | None) -> dict[str, tuple[str, ...]]:
    """Return the filters in the form that an engine knows."""
    kept = {name: values for name, values in filters.items() if name not in _FIELDS}
    if wanted is not None:
        kept[OWN_DOCUMENT] = wanted.documents(wanted.validity)
    return kept


def status_counts(
    engine: Engine, query: Query, wanted: Wanted | None, search: Callable[[Query], Answer]
) -> tuple[tuple[str, int], ...]:
    """Return how many articles of a query have each status; its own choice is lifted, chosen values stay at zero."""
    day = wanted.day if wanted else query.on or today().isoformat()
    known = wanted or Wanted((), day, None, standing_of(engine))
    if not len(known.standing.force):
        return ()
    # The count needs only the total: nothing is scored, and nothing beyond the set is looked for.
    asked = replace(query, sort="newest", beyond=False, size=0, page=1, after="", facets=(), steps=(), fold=False)
    found = []
    for value in VALUES:
        total = search(replace(asked, filters={**query.filters, OWN_DOCUMENT: known.documents((value,))})).total
        if total or value in known.validity:
            found.append((value, total))
    return tuple(found)


def _sets(engine: Engine, standing: Standing, filters: Mapping[str, tuple[str, ...]]) -> Iterator[frozenset[str]]:
    for name, kinds in (("amends", None), ("replaces", _REPLACING)):
        if filters.get(name):
            slugs = {one.slug for value in filters[name] for one in engine.documents(value)}
            yield frozenset(standing.changing(slugs, kinds) if kinds else standing.changing(slugs))
    for value in filters.get("starts", ()):
        day = parse_date(value) if len(value) <= len("15/09/2021") else ""
        if not day:
            message = f"“ngay-hieu-luc:{value[:20]}” không hợp lệ: hãy viết như 2025-07-01, 1/7/2025 hoặc 2025-07."
            english = f"“ngay-hieu-luc:{value[:20]}” is no day: write it as 2025-07-01, 1/7/2025 or 2025-07."
            raise BadQueryError(message, english, field="q")
        yield frozenset(standing.starting(*span(day)))
