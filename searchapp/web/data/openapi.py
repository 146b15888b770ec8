"""The OpenAPI 3.1 document of API v1: the input and output of every route, as one table of data."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from typing import Any, Final, Protocol

from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import VALUES
from searchapp.fields import FACET_NAMES, FACETS
from searchapp.outline import KINDS
from searchapp.query import MAX_HITS, WORD_STEPS
from searchapp.search.document_list import MAX_PAGES, NARROWED_BY
from searchapp.web import texts
from searchapp.web.links import LANGS, MAX_VALUE_CHARS, NO_FACETS, SIZES, SORTS, Lang

Json = dict[str, Any]

RESULT_FIELDS: Final = (
    "id", "url", "title", "snippet", "date", "date_precision", "source", "section", "documents", "themes", "why",
    "score", "reprints", "reprints_url", "provision", "provisions",
)  # fmt: skip
"""The fields of a result that `fields=` may choose."""

_WORDS: Final[Json] = {"type": "string"}
_VALUES: Final[Json] = {
    "type": "array",
    "items": {"type": "string", "maxLength": MAX_VALUE_CHARS, "pattern": r"^[^\x00-\x1f\x7f]*$"},
}
_YEARS: Final[Json] = {"type": "array", "items": {"type": "string", "pattern": "^[12][0-9]{3}$"}}
_DAY: Final[Json] = {
    "anyOf": [{"enum": ["khong-ro"]}, {"pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"}, {"format": "date"}], **_WORDS
}  # fmt: skip
_DAYS: Final[Json] = {"type": "array", "items": _DAY}
_REPRINTS: Final[Json] = {"type": "string", "pattern": "^(rieng|[0-9a-f]{12})$"}


class Say(Protocol):
    """A function that gives a text of the table in one language."""

    def __call__(self, key: str, **values: object) -> str: ...  # noqa: D102 - said above


def lang(say: Say) -> Json:
    """Return the parameter for the language of an answer."""
    return _query("lang", {"enum": list(LANGS)}, say("api.given.lang"))


def words(say: Say) -> Json:
    """Return the parameter for the search words."""
    return _query("q", _WORDS, say("api.given.q"), example="nghị quyết")


def _narrowing(say: Say) -> list[Json]:
    """Return the parameters that narrow a search."""
    return [
        words(say),
        _query("tu", _WORDS, say("api.given.tu"), example="2021-01-01"),
        _query("den", _WORDS, say("api.given.den"), example="2021-12-31"),
        _query("nam", _YEARS, say("api.given.nam")),
        _query("ngay", _DAYS, say("api.given.ngay"), example=["2021-09"]),
        *_facets(say, (name for name in FACET_NAMES if name != "date")),
        _query("nguyen_van", {"enum": ["1"]}, say("api.given.nguyen-van")),
        _query("dang_lai", _REPRINTS, say("api.given.dang-lai")),
        _query("buoc", {"enum": [str(step) for step in WORD_STEPS]}, say("api.given.buoc")),
        lang(say),
    ]


def counting(say: Say) -> Json:
    """Return the parameter for the facets of the answer."""
    says = say("api.given.facets", names=", ".join(FACET_NAMES), none=NO_FACETS)
    return _query("facets", _WORDS, says, example="theme,date")


def paging(say: Say) -> list[Json]:
    """Return the parameters for the page of results, their order and their fields."""
    return [
        _query("sap_xep", {"enum": list(SORTS)}, say("api.given.sap-xep")),
        _query("so", {"enum": [str(size) for size in SIZES]}, say("api.given.so")),
        _page(say, MAX_HITS // max(SIZES)),
        _query("sau", _WORDS, say("api.given.sau")),
        counting(say),
        _query("fields", _WORDS, say("api.given.fields", names=", ".join(RESULT_FIELDS)), example="id,title,url"),
    ]


def listing(say: Say) -> list[Json]:
    """Return the parameters of the list of documents."""
    return [
        _query("q", _WORDS, say("api.given.q-documents"), example="05-NQ/TU"),
        *_facets(say, NARROWED_BY),
        _query("sap_xep", {"enum": list(SORTS)}, say("api.given.sap-xep-documents")),
        _page(say, MAX_PAGES),
        lang(say),
    ]


def key(say: Say) -> Json:
    """Return the parameter that names an article."""
    return _path("key", say("api.given.key"), "000000000000")


def provision(say: Say) -> Json:
    """Return the parameter that names a provision of an article."""
    return _path("provision", say("api.given.provision"), "dieu-5")


def name(say: Say) -> Json:
    """Return the parameter that names a document."""
    return _path("name", say("api.given.name"), "30-2020-nd-cp")


def _facets(say: Say, names: Iterable[str]) -> list[Json]:
    known = {facet.name: facet for facet in FACETS}
    lang = say("api.lang")
    return [_query(known[name].parameter, _VALUES, known[name].description(lang)) for name in names]


def _page(say: Say, last: int) -> Json:
    return _query("trang", {"type": "integer", "minimum": 1, "maximum": last}, say("api.given.trang"))


def _query(name: str, schema: Json, says: str, **more: Any) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": says, **more}


def _path(name: str, says: str, example: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": _WORDS, "description": says, "example": example}


VERSION: Final = "1.0"

_TEXT: Final[Json] = {"type": "string"}
_MAYBE: Final[Json] = {"type": ["string", "null"]}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_TRUE: Final[Json] = {"type": "boolean", "const": True}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: Json, **optional: Json) -> Json:
    """Return the schema of an object; further keys may appear, as docs/api.md promises."""
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


SCHEMAS: Final[Json] = {
    "Piece": _object({"text": _TEXT, "marked": {"type": "boolean"}}),
    "DocumentLink": _object({"id": _TEXT, "number": _TEXT, "title": _MAYBE, "term": _MAYBE, "url": _TEXT},
                            slug=_TEXT),
    "Theme": _object({"id": _TEXT, "label": _TEXT, "url": _TEXT}),
    "Result": _object(
        {},
        id=_TEXT, url=_TEXT, title=_TEXT, snippet=_list(_ref("Piece")), date=_MAYBE,
        date_precision={"enum": ["day", "month", "year", "unknown"]}, source=_MAYBE, section=_MAYBE,
        documents=_list(_ref("DocumentLink")), themes=_list(_ref("Theme")), why=_list(_TEXT), score={"type": "number"},
        reprints=_COUNT, reprints_url=_MAYBE, provisions=_list(_ref("Provision")),
        provision={"anyOf": [_ref("Provision"), {"type": "null"}]},
    ),
    "Provision": _object(
        {"id": _MAYBE, "label": _TEXT, "url": _TEXT}, article=_ref("ArticleLink"), text=_TEXT,
        exact={"type": "boolean"}, start=_COUNT, end=_COUNT, page={"type": ["integer", "null"]},
    ),
    "Original": _object(
        {"name": _TEXT, "bytes": _COUNT, "type": _TEXT, "url": _TEXT, "page": {"type": ["integer", "null"]},
         "sha256": _TEXT, "date": _TEXT}
    ),
    "Node": _object(
        {"id": _TEXT, "kind": {"enum": list(KINDS)}, "number": _MAYBE, "title": _MAYBE, "start": _COUNT, "end": _COUNT,
         "parent": _MAYBE}
    ),
    "ArticleLink": _object({"id": _TEXT, "url": _TEXT, "title": _TEXT, "date": _MAYBE, "source": _MAYBE}),
    "Value": _object(
        {"value": _TEXT, "label": _TEXT, "count": _COUNT, "selected": {"type": "boolean"}, "toggle_url": _TEXT},
        group=_TEXT, values=_list(_ref("Value")),
    ),
    "Facet": _object(
        {"parameter": _TEXT, "label": _TEXT, "values": _list(_ref("Value"))},
        buckets=_list(_object({"from": _TEXT, "to": _TEXT, "count": _COUNT})),
    ),
    "Facets": {"type": "object", "additionalProperties": _ref("Facet")},
    "Results": _object(
        {
            "ok": _TRUE,
            "query": _object(
                {
                    "q": _TEXT, "normalized": _TEXT,
                    "interpreted": _list(_object({"code": _TEXT, "values": _list(_TEXT), "text": _TEXT})),
                    "accented": _list(_object({"text": _TEXT, "q": _TEXT, "total": _COUNT})),
                    "did_you_mean": _list(_object({"q": _TEXT, "total": _COUNT})),
                }
            ),
            "total": _COUNT, "total_relation": {"const": "eq"}, "folded": _COUNT,
            "step": {"enum": [0, *WORD_STEPS]},
            "step_counts": _list(_object({"step": {"enum": [*WORD_STEPS, 5]}, "total": _COUNT})),
            "beyond": _list(_ref("Result")),
            "page": {"type": "integer", "minimum": 1}, "size": {"enum": list(SIZES)},
            "next_url": _MAYBE, "prev_url": _MAYBE, "took_ms": {"type": "number"},
            "generation": _TEXT, "results": _list(_ref("Result")), "documents": _list(_ref("DocumentLink")),
            "facets": _ref("Facets"), "provision": {"anyOf": [_ref("Provision"), {"type": "null"}]},
        }
    ),
    "Citation": _object(
        {
            "start": _COUNT, "end": _COUNT, "text": _TEXT, "kind": _TEXT, "type": _TEXT, "key": _TEXT, "date": _TEXT,
            "issuer": _TEXT, "place": _TEXT, "term": _TEXT, "document": _MAYBE, "how": _TEXT,
            "sure": {"type": "number", "minimum": 0, "maximum": 1}, "pinpoint": _list(_TEXT),
        },
        url=_MAYBE, candidates=_list(_ref("DocumentLink")), about=_MAYBE, doubtful={"type": "boolean"},
    ),
    "Article": _object(
        {
            "id": _TEXT, "url": _TEXT, "title": _TEXT, "text": _TEXT, "date": _MAYBE, "date_precision": _TEXT,
            "source": _MAYBE, "section": _MAYBE, "author": _MAYBE, "source_url": _MAYBE, "type": _MAYBE,
            "sources": _list(_ref("Origin")), "number": _MAYBE, "issuer": _MAYBE, "signer": _MAYBE,
            "basis": _list(_ref("Basis")), "themes": _list(_ref("Theme")),
            "citations": _list(_ref("Citation")), "outline": _list(_ref("Node")),
            "ocr": {"anyOf": [_ref("Recognition"), {"type": "null"}]},
            "original": {"anyOf": [_ref("Original"), {"type": "null"}]},
            "pages": _list(_object({"page": _COUNT, "start": _COUNT})),
            "notes": _list(_object({"start": _COUNT, "sign": _TEXT, "note": _COUNT})),
            "media": _list(_object({"start": _COUNT, "kind": _TEXT, "url": _TEXT, "caption": _MAYBE})),
        }
    ),
    "Recognition": _object(
        {
            "confidence": {"type": "number", "minimum": 0, "maximum": 1}, "pages": _COUNT,
            "doubtful": _list(_object({"start": _COUNT, "end": _COUNT})),
            "mended": _list(_object({"start": _COUNT, "end": _COUNT, "read": _TEXT})),
            "lines": _list(_object({"start": _COUNT, "page": _COUNT, "box": _list(_COUNT)})),
        }
    ),
    "Basis": _object({"text": _TEXT, "documents": _list(_ref("DocumentLink"))}),
    "Origin": _object({"kind": {"enum": ["file", "feed", "page"]}, "path": _TEXT, "seen": _MAYBE}),
    "Document": _object(
        {"slug": _TEXT, "symbol": _TEXT, "type": _TEXT, "issuer": _TEXT, "date": _TEXT, "term": _TEXT, "title": _TEXT},
        place=_TEXT, term_id=_TEXT, doubtful={"type": "boolean"}, article=_TEXT,
        url=_TEXT, aliases=_list(_TEXT), signer=_MAYBE, basis=_list(_ref("Basis")),
        carries_out=_list(_ref("Stated")), carried_out_by=_list(_ref("Stated")),
        parts=_list(_object({"article": _TEXT, "url": _TEXT})), missing_parts=_list(_TEXT),
        in_force=_MAYBE, status=_ref("Status"), relations=_list(_ref("Relation")),
    ),
    "Status": _object(
        {"value": {"enum": list(VALUES)}, "since": _MAYBE, "by": {"type": ["object", "null"]},
         "sure": {"type": "number"}, "on": _TEXT},
        later=_MAYBE,
    ),
    "Relation": _object(
        {"kind": {"enum": list(cues.KINDS)}, "direction": {"enum": ["out", "in"]}, "document": _ref("DocumentLink"),
         "part": _list(_TEXT), "day": _MAYBE, "sure": {"type": "number"}, "article": {"type": ["object", "null"]},
         "sentence": _list(_ref("Piece"))},
        until=_MAYBE, exception={"type": "boolean"}, source=_MAYBE,
    ),
    "ListedDocument": _object(
        {"id": _TEXT, "number": _TEXT, "title": _MAYBE, "term": _MAYBE, "url": _TEXT, "articles": _COUNT},
        type=_MAYBE, issuer=_MAYBE, date=_MAYBE,
    ),
    "Stated": _object(
        {"document": _ref("DocumentLink"), "sentence": _list(_ref("Piece")), "article": {"type": "object"}}
    ),
    "Suggestion": _object(
        {"kind": {"enum": ["document", "theme", "title", "phrase"]}, "text": _TEXT, "url": _TEXT, "count": _COUNT},
        note=_MAYBE,
    ),
    "Stats": _object(
        {
            "ok": _TRUE, "engine": _TEXT, "generation": _TEXT, "built": _TEXT, "articles": _COUNT, "undated": _COUNT,
            "documents": _COUNT, "citations": _COUNT, "unresolved": _COUNT, "first": _TEXT, "last": _TEXT,
            "bytes": _COUNT, "segments": _COUNT,
        }
    ),
    "Health": _object(
        {"ok": {"type": "boolean"}, "status": {"enum": ["ok", "degraded", "unavailable"]}, "problems": _list(_TEXT)},
        generation=_TEXT, articles=_COUNT, error=_TEXT,
    ),
    "Error": _object(
        {
            "ok": {"type": "boolean", "const": False}, "status": {"type": "integer"}, "error": _TEXT,
            "errors": _list(_object({"field": _TEXT, "message": _TEXT}, allowed=_list(_TEXT))),
        }
    ),
}  # fmt: skip


def _get(say: Say, schema: Json, title: str, *parameters: Json, missing: bool = False) -> Json:
    answers = {
        "200": {"description": say("api.answer.200"), "content": {"application/json": {"schema": schema}}},
        "304": {"description": say("api.answer.304")},
        "400": _error(say("api.answer.400")),
        "414": _error(say("api.answer.414")),
        "503": _error(say("api.answer.503")),
    }
    if missing:
        answers["404"] = _error(say("api.answer.404"))
    return {"get": {"summary": title, "parameters": list(parameters), "responses": dict(sorted(answers.items()))}}


def _error(says: str) -> Json:
    return {"description": says, "content": {"application/json": {"schema": _ref("Error")}}}


def _citations(say: Say) -> Json:
    sent = {
        "application/json": {"schema": _object({"text": {"type": "string", "maxLength": 200_000}}, offset=_COUNT)},
        "text/plain": {"schema": _TEXT},
    }
    found = _object({"ok": _TRUE, "citations": _list(_ref("Citation")), "truncated": {"type": "boolean"}}, next=_COUNT)
    answers = {
        "200": {"description": say("api.answer.citations"), "content": {"application/json": {"schema": found}}},
        "400": _error(say("api.answer.no-text")),
        "413": _error(say("api.answer.413")),
        "503": _error(say("api.answer.503")),
    }
    body = {"required": True, "content": sent}
    return {"post": {"summary": say("api.route.citations"), "requestBody": body, "responses": answers}}


def _health(say: Say) -> Json:
    answers = {
        "200": {
            "description": say("api.answer.up"), "content": {"application/json": {"schema": _ref("Health")}}
        },
        "503": {
            "description": say("api.answer.down"), "content": {"application/json": {"schema": _ref("Health")}}
        },
    }  # fmt: skip
    return {"get": {"summary": say("api.route.health"), "parameters": [], "responses": answers}}


@cache
def routes(language: Lang) -> dict[str, Json]:
    """Return path → its description, input and output, in a language."""
    say: Say = partial(texts.say, language)
    get, one = partial(_get, say), (key(say), lang(say))
    return {
        "/search": get(_ref("Results"), say("api.route.search"), *_narrowing(say), *paging(say)),
        "/facets": get(
            _object({"ok": _TRUE, "total": _COUNT, "facets": _ref("Facets")}), say("api.route.facets"),
            *_narrowing(say), counting(say),
        ),
        "/suggest": get(
            _object({"ok": _TRUE, "q": _TEXT, "suggestions": _list(_ref("Suggestion"))}), say("api.route.suggest"),
            words(say), lang(say),
        ),
        "/articles/{key}": get(
            _object({"ok": _TRUE, "article": _ref("Article")}), say("api.route.article"), *one,
            _query("q", _WORDS, say("api.given.q")), missing=True,
        ),
        "/articles/{key}/{provision}": get(
            _object({"ok": _TRUE, "provision": _ref("Provision")}),
            say("api.route.provision"), key(say), provision(say), lang(say), missing=True,
        ),
        "/articles/{key}/documents": get(
            _object({"ok": _TRUE, "documents": _list(_object({"document": _ref("DocumentLink"), "times": _COUNT,
                     "sure": {"type": "number"}}))}),
            say("api.route.article-documents"), *one, missing=True,
        ),
        "/articles/{key}/related": get(
            _object({"ok": _TRUE, "related": _list(_ref("ArticleLink")), "reprints": _list(_ref("ArticleLink"))}),
            say("api.route.related"), *one, missing=True,
        ),
        "/documents": get(
            _object({"ok": _TRUE, "total": _COUNT, "page": {"type": "integer", "minimum": 1}, "size": _COUNT,
                     "next_url": _MAYBE, "prev_url": _MAYBE, "documents": _list(_ref("ListedDocument")),
                     "facets": _ref("Facets")}),
            say("api.route.documents"), *listing(say),
        ),
        "/documents/{name}": get(
            _object({"ok": _TRUE, "document": _ref("Document"), "same_symbol": _list(_ref("DocumentLink"))}),
            say("api.route.document"), name(say), lang(say), missing=True,
        ),
        "/citations": _citations(say),
        "/stats": get(
            _ref("Stats"), say("api.route.stats"), lang(say)
        ),
        "/health": _health(say),
    }  # fmt: skip


ROUTES: Final = routes("en")
"""The routes in English, which programmers everywhere read."""


def document(title: str, server: str) -> Json:
    """Return the whole description; server: the address of the API, e.g. "/tra-cuu/api/v1"."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": "Keys are frozen; new ones may appear."},
        "servers": [{"url": server}],
        "paths": ROUTES,
        "components": {"schemas": SCHEMAS},
    }
