"""What the routes of API v1 take: every parameter, told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

from searchapp.fields import FACET_NAMES, FACETS
from searchapp.shelf import MAX_PAGES, NARROWED_BY
from searchapp.web.links import LANGS, MAX_HITS, MAX_VALUE_CHARS, NO_FACETS, SIZES, SORTS

Json = dict[str, Any]

RESULT_FIELDS: Final = (
    "id", "url", "title", "snippet", "date", "date_precision", "source", "section", "documents", "themes", "why",
    "score", "reprints", "reprints_url",
)  # fmt: skip
"""What `fields=` may choose of a result."""

_TEXT: Final[Json] = {"type": "string"}
_VALUES: Final[Json] = {
    "type": "array",
    "items": {"type": "string", "maxLength": MAX_VALUE_CHARS, "pattern": r"^[^\x00-\x1f\x7f]*$"},
}
_YEARS: Final[Json] = {"type": "array", "items": {"type": "string", "pattern": "^[12][0-9]{3}$"}}
_DAY: Final[Json] = {
    "anyOf": [{"enum": ["khong-ro"]}, {"pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"}, {"format": "date"}], **_TEXT
}  # fmt: skip
_DAYS: Final[Json] = {"type": "array", "items": _DAY}
_REPRINTS: Final[Json] = {"type": "string", "pattern": "^(rieng|[0-9a-f]{12})$"}


class Say(Protocol):
    """A text of the table in one language."""

    def __call__(self, key: str, **values: object) -> str: ...  # noqa: D102 - said above


def lang(say: Say) -> Json:
    """The language of an answer."""
    return _query("lang", {"enum": list(LANGS)}, say("api.given.lang"))


def words(say: Say) -> Json:
    """What is searched for."""
    return _query("q", _TEXT, say("api.given.q"), example="nghị quyết")


def narrowing(say: Say) -> list[Json]:
    """What a search may be narrowed by."""
    return [
        words(say),
        _query("tu", _TEXT, say("api.given.tu"), example="2021-01-01"),
        _query("den", _TEXT, say("api.given.den"), example="2021-12-31"),
        _query("nam", _YEARS, say("api.given.nam")),
        _query("ngay", _DAYS, say("api.given.ngay"), example=["2021-09"]),
        *_facets(say, (name for name in FACET_NAMES if name != "date")),
        _query("nguyen_van", {"enum": ["1"]}, say("api.given.nguyen-van")),
        _query("dang_lai", _REPRINTS, say("api.given.dang-lai")),
        lang(say),
    ]


def counting(say: Say) -> Json:
    """Which facets come with the answer."""
    says = say("api.given.facets", names=", ".join(FACET_NAMES), none=NO_FACETS)
    return _query("facets", _TEXT, says, example="theme,date")


def paging(say: Say) -> list[Json]:
    """Which of the results come, in which order, and how much of each."""
    return [
        _query("sap_xep", {"enum": list(SORTS)}, say("api.given.sap-xep")),
        _query("so", {"enum": [str(size) for size in SIZES]}, say("api.given.so")),
        _page(say, MAX_HITS // max(SIZES)),
        _query("sau", _TEXT, say("api.given.sau")),
        counting(say),
        _query("fields", _TEXT, say("api.given.fields", names=", ".join(RESULT_FIELDS)), example="id,title,url"),
    ]


def listing(say: Say) -> list[Json]:
    """What the list of documents takes."""
    return [
        _query("q", _TEXT, say("api.given.q-documents"), example="05-NQ/TU"),
        *_facets(say, NARROWED_BY),
        _query("sap_xep", {"enum": list(SORTS)}, say("api.given.sap-xep-documents")),
        _page(say, MAX_PAGES),
        lang(say),
    ]


def key(say: Say) -> Json:
    """Which article."""
    return _path("key", say("api.given.key"), "000000000000")


def name(say: Say) -> Json:
    """Which document."""
    return _path("name", say("api.given.name"), "30-2020-nd-cp")


def _facets(say: Say, names: Iterable[str]) -> list[Json]:
    known = {facet.name: facet.parameter for facet in FACETS}
    return [_query(known[name], _VALUES, say(f"api.given.{name}")) for name in names]


def _page(say: Say, last: int) -> Json:
    return _query("trang", {"type": "integer", "minimum": 1, "maximum": last}, say("api.given.trang"))


def _query(name: str, schema: Json, says: str, **more: Any) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": says, **more}


def _path(name: str, says: str, example: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "description": says, "example": example}
