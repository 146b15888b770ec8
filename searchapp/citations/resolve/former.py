"""Keep former addresses of a document alive: each leads to the document, or to a choice of documents."""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from searchapp.article import Document
from searchapp.citations.find.bodies import kinds
from searchapp.citations.resolve.identity import parts_of
from searchapp.citations.resolve.periods import heir
from searchapp.text.normalize import slug

_HEADS: Final = {"ubnd": "uy-ban-nhan-dan", "hdnd": "hoi-dong-nhan-dan"}
_PERIOD: Final = re.compile(r"/2025-07$")
_BEFORE_PERIODS: Final = ("", "/2025", "/2020-2025")
_AMENDS: Final = re.compile(r".*(?P<law>(?:Bộ luật|Luật|Pháp lệnh) .+ \d{4})$")


def former_slugs(document: Document) -> tuple[str, ...]:
    """Return further slugs that lead to a document, without its own."""
    seat, _, rest = document.slug.partition("/")
    rests = [rest, *(_PERIOD.sub(each, rest) for each in _BEFORE_PERIODS if _PERIOD.search(rest))]
    slugs = {f"{one}/{other}" for one, other in product(_seats(document, seat), rests)}
    if " sửa đổi" in document.symbol and (law := _AMENDS.match(document.symbol)):
        slugs.add(f"{seat}/{slug(law['law'])}")  # an earlier version took it for the law that it amends
    return tuple(sorted(slugs - {document.slug}))


def _seats(document: Document, seat: str) -> set[str]:
    seats = {seat}
    parts = parts_of(document.symbol)
    if parts and not parts.year and slug(parts.issuer) != seat:
        # an earlier version took an unknown code for the body: "snv/ke-hoach-12-kh-snv/2024"
        seats.add(slug(parts.issuer))
    if not document.place:
        return seats
    unit, _, province = document.place.rpartition(", ")
    if unit:  # an earlier version left the province out
        seats |= {one.removesuffix(f"-{slug(province)}") for one in seats}
    elif document.place in kinds() or heir(document.place) != document.place:
        seats |= {form for one in seats for form in _forms(one, document.place)}
    head = seat.partition("-")[0]
    return seats | {one.replace(head, _HEADS[head], 1) for one in seats if head in _HEADS}


def _forms(seat: str, place: str) -> set[str]:
    """Return a seat of a province with and without its level: "ubnd-tinh-lao-cai", "ubnd-lao-cai", "ubnd-tp-ha-noi"."""
    today, level = slug(heir(place)), re.compile(rf"-(?:tinh-)?{slug(heir(place))}$")
    if not level.search(seat):
        return set()
    head = level.sub("", seat)
    forms = {f"{head}-{today}", f"{head}-tinh-{today}", f"{head}-tp-{today}", f"{head}-thanh-pho-{today}"}
    if head in ("thanh-uy", "tinh-uy"):
        forms = {f"thanh-uy-{today}", f"tinh-uy-{today}"}
    if heir(place) != place:
        forms |= {f"{head}-tinh-{slug(place)}", f"{head}-{slug(place)}", f"tinh-uy-{slug(place)}"}
    return forms
