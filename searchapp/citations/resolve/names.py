"""Map every name of a document, in any spelling, to the documents with that name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from searchapp.article import Document
from searchapp.citations.find import find_in_query
from searchapp.citations.find.bodies import kinds
from searchapp.citations.find.vocabulary import TYPE_NAMES, loose
from searchapp.citations.resolve.identity import (
    CALLED_BY_NAME,
    HOUSE_TYPES,
    is_house,
    parts_of,
    short_parts,
    without_type,
)
from searchapp.citations.resolve.known import law_slug, plenum_of, plenum_slug, usual_of_plenum
from searchapp.citations.resolve.terms_of_office import heir
from searchapp.text.normalize import slug


class Names:
    """A lookup of documents by number, key, alias or slug; documents given first come first."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._named: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], list[str]] = defaultdict(list)
        of_the_assembly: dict[str, list[str]] = {}
        for document in documents:
            if is_house(document.symbol):
                of_the_assembly[loose(document.slug)] = [document.slug]
            for name in dict.fromkeys(loose(name) for name in _names(document)):
                self._named[name].append(document.slug)
            parts = parts_of(document.symbol)
            if parts:
                self._numbered[(parts.number, document.type)].append(document.slug)
        self._named.update(of_the_assembly)  # not also the resolution of the same number

    def find(self, name: str) -> tuple[str, ...]:
        """Return the slugs of the documents with this name: "05-NQ/TU", "5-nq/tu", "nq 05 nq tu",
        "05-NQ/?", an alias.
        """
        found = self._exactly(name)
        if found:
            return found
        said = find_in_query(name)
        return self._exactly(said[0].key) if len(said) == 1 else ()

    def _exactly(self, name: str) -> tuple[str, ...]:
        short = short_parts(name)
        if short:
            codes = (short.code, "QĐi") if short.code == "QĐ" else (short.code,)
            found = (slug for code in codes for slug in self._numbered.get((short.number, code), ()))
            return tuple(slug for slug in found if f"-{short.year}-" in slug or not short.year)
        return tuple(self._named.get(loose(name), ()))


def _names(document: Document) -> list[str]:
    """Return number, slug, other names, the plenum that adopted it, and further slugs of a document."""
    names = [document.symbol, document.slug, *document.aliases, *_former_slugs(document)]
    names += [*filter(None, map(law_slug, document.aliases)), *_of_its_year(document)]
    if document.type in CALLED_BY_NAME:  # people write "Luật Phòng cháy chữa cháy", "Luật Quốc tịch"
        names += [name.replace(" và ", " ") for name in names if " và " in name]
        names += [name.replace(" Việt Nam", "") for name in names if " Việt Nam" in name]
    if plenum := plenum_of(document.slug):
        usual = usual_of_plenum(plenum)
        names += [plenum_slug(plenum), *([plenum] if usual is None or usual.slug == document.slug else [])]
    if document.type == "Lệnh":  # an earlier version took them for laws
        names.append(document.slug.replace("/lenh-", "/luat-", 1))
    if is_house(document.symbol):  # "quoc-hoi/45-2019-qh14", "quoc-hoi/bo-luat-45-2019-qh14"
        seat, _, number = without_type(document.slug).partition("/")
        names += [f"{seat}/{number}", *(f"{seat}/{kind}-{number}" for kind in HOUSE_TYPES)]
    return names


_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _of_its_year(document: Document) -> Iterator[str]:
    """Yield a law's name with its year, as people ask for it: "Luật Thanh niên 2020"; no text need call it so."""
    year = _YEAR.match(document.date) or _YEAR.search(document.symbol)
    if document.type in CALLED_BY_NAME and document.title and year and not _YEAR.search(document.title):
        kind = TYPE_NAMES[document.type]
        whole = loose(document.title).startswith(loose(kind))
        yield f"{document.title if whole else f'{kind} {document.title}'} {year[0]}"


_HEADS: Final = {"ubnd": "uy-ban-nhan-dan", "hdnd": "hoi-dong-nhan-dan"}
_OF_A_DAY: Final = re.compile(r"-(?:lb|ttlb|ln|ttln)/\d{4}(?P<rest>-\d\d-\d\d)$")
_PERIOD: Final = re.compile(r"/2025-07$")
_BEFORE_PERIODS: Final = ("", "/2025", "/2020-2025")
_AMENDS: Final = re.compile(r".*(?P<law>(?:Bộ luật|Luật|Pháp lệnh) .+ \d{4})$")


def _former_slugs(document: Document) -> tuple[str, ...]:
    """Return further slugs that lead to a document, without its own."""
    seat, _, rest = document.slug.partition("/")
    rests = [rest, *(_PERIOD.sub(each, rest) for each in _BEFORE_PERIODS if _PERIOD.search(rest))]
    if day := _OF_A_DAY.search(rest):
        rests.append(rest[: day.start("rest")])  # an earlier version told joint circulars by their year
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
