"""Map every name of a document, in any spelling, to the documents with that name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from searchapp.article import Document
from searchapp.citations.find.grammar import find_in_query
from searchapp.citations.find.vocabulary import loose
from searchapp.citations.resolve.former import former_slugs
from searchapp.citations.resolve.identity import HOUSE_TYPES, is_house, parts_of, short_parts, without_type
from searchapp.citations.resolve.known import plenum_of, usual_of_plenum
from searchapp.citations.resolve.unnumbered import plenum_slug


class Names:
    """A lookup of documents by number, key, alias or slug; documents given first come first."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._named: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], list[str]] = defaultdict(list)
        for document in documents:
            for name in dict.fromkeys(loose(name) for name in _names(document)):
                self._named[name].append(document.slug)
            parts = parts_of(document.symbol)
            if parts:
                self._numbered[(parts.number, document.type)].append(document.slug)

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
    names = [document.symbol, document.slug, *document.aliases, *former_slugs(document)]
    if plenum := plenum_of(document.slug):
        usual = usual_of_plenum(plenum)
        names += [plenum_slug(plenum), *([plenum] if usual is None or usual.slug == document.slug else [])]
    if document.type == "Lệnh":  # an earlier version took them for laws
        names.append(document.slug.replace("/lenh-", "/luat-", 1))
    if is_house(document.symbol):  # "quoc-hoi/45-2019-qh14", "quoc-hoi/bo-luat-45-2019-qh14"
        seat, _, number = without_type(document.slug).partition("/")
        names += [f"{seat}/{number}", *(f"{seat}/{kind}-{number}" for kind in HOUSE_TYPES)]
    return names
