"""A month that was typed among the words of a query: what was published in it may be meant, not what names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from searchapp.dates import is_valid
from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.web.visit import Visit

# "tháng 10/2021", "trong tháng 10 năm 2021", "10-2021"; a day is that of a document.
_MONTH: Final = re.compile(
    r"""(?<!\w)(?:(?:trong|vào|vao)\s+)?(?P<said>(?:tháng|thang)\s+)?(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])
    (?:(?P<sign>[/-])|\s+(?:(?:năm|nam)\s+)?)(?P<year>(?:19|20)\d\d)(?![\w/-])""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """The same query without the month, in which its articles are from. month: ISO."""

    month: str
    text: str
    total: int
    url: str


def month_offer(visit: Visit, engine: Engine, query: Query) -> Offer | None:
    """What the query finds in the month that it names; None where it names none, or is narrowed by a date already."""
    found = _MONTH.search(query.text)
    if not found or query.since or query.until or query.filters.get("date"):
        return None
    rest = " ".join(f"{query.text[: found.start()]} {query.text[found.end() :]}".split())
    month = f"{found['year']}-{int(found['month']):02}"
    if not rest or not is_valid(month) or not (found["said"] or found["sign"]):  # "nhiệm kỳ 5 2020"
        return None
    filters: Mapping[str, tuple[str, ...]] = MappingProxyType({**query.filters, "date": (month,)})
    asked = replace(query, text=rest, filters=filters, page=1, after="")
    total = visit.search(engine, replace(asked, size=1, facets=(), steps=()), whole=False).total
    return Offer(month, rest, total, visit.links.results(asked)) if total else None
