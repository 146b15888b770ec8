"""Filter articles by the status of their own document: `hieu-luc:`, `sua-doi:`, `thay-the:`, `ngay-hieu-luc:`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import VALUES
from searchapp.dates import parse_date, span
from searchapp.engine import Engine
from searchapp.errors import BadQueryError
from searchapp.fields import OWN_DOCUMENT
from searchapp.query import Query
from searchapp.results import Answer
from searchapp.search.standing import Standing, standing_of

_FIELDS: Final = ("validity", "amends", "replaces", "starts")
_REPLACING: Final = frozenset({cues.REPLACES, cues.REPEALS, cues.ENDS})
_NONE: Final = ("-",)  # no document has this slug


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


def asked(engine: Engine, filters: Mapping[str, tuple[str, ...]], day: str) -> Wanted | None:
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
    return Wanted(statuses, day or date.today().isoformat(), among, standing)


def passing(filters: Mapping[str, tuple[str, ...]], wanted: Wanted | None) -> dict[str, tuple[str, ...]]:
    """Return the filters in the form that an engine knows."""
    kept = {name: values for name, values in filters.items() if name not in _FIELDS}
    if wanted is not None:
        kept[OWN_DOCUMENT] = wanted.documents(wanted.validity)
    return kept


def counts(
    engine: Engine, query: Query, wanted: Wanted | None, search: Callable[[Query], Answer]
) -> tuple[tuple[str, int], ...]:
    """Return how many articles of a query have each status; its own choice is lifted, chosen values stay at zero."""
    today = wanted.day if wanted else query.on or date.today().isoformat()
    known = wanted or Wanted((), today, None, standing_of(engine))
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
