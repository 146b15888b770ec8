"""The OpenAPI 3.1 document of API v1: what every route takes and gives, as one table of data."""

from __future__ import annotations

from typing import Any, Final

from searchapp.fields import FACET_NAMES, FACETS
from searchapp.shelf import MAX_PAGES, NARROWED_BY
from searchapp.web.links import LANGS, MAX_HITS, MAX_VALUE_CHARS, NO_FACETS, SIZES, SORTS

Json = dict[str, Any]

VERSION: Final = "1.0"
RESULT_FIELDS: Final = (
    "id", "url", "title", "snippet", "date", "date_precision", "source", "section", "documents", "themes", "why",
    "score", "reprints", "reprints_url",
)  # fmt: skip
"""What `fields=` may choose of a result."""

_TEXT: Final[Json] = {"type": "string"}
_MAYBE: Final[Json] = {"type": ["string", "null"]}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_TRUE: Final[Json] = {"type": "boolean", "const": True}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: Json, **optional: Json) -> Json:
    """An object; further keys may appear, as docs/api.md promises."""
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


SCHEMAS: Final[Json] = {
    "Piece": _object({"text": _TEXT, "marked": {"type": "boolean"}}),
    "DocumentLink": _object({"id": _TEXT, "number": _TEXT, "title": _MAYBE, "term": _MAYBE, "url": _TEXT}),
    "Theme": _object({"id": _TEXT, "label": _TEXT, "url": _TEXT}),
    "Result": _object(
        {},
        id=_TEXT, url=_TEXT, title=_TEXT, snippet=_list(_ref("Piece")), date=_MAYBE,
        date_precision={"enum": ["day", "month", "year", "unknown"]}, source=_MAYBE, section=_MAYBE,
        documents=_list(_ref("DocumentLink")), themes=_list(_ref("Theme")), why=_list(_TEXT), score={"type": "number"},
        reprints=_COUNT, reprints_url=_MAYBE,
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
                    "interpreted": _list(_object({"code": _TEXT, "values": _list(_TEXT)})),
                    "accented": _list(_object({"text": _TEXT, "q": _TEXT, "total": _COUNT})),
                    "did_you_mean": _list(_object({"q": _TEXT, "total": _COUNT})),
                }
            ),
            "total": _COUNT, "total_relation": {"const": "eq"}, "folded": _COUNT,
            "page": {"type": "integer", "minimum": 1}, "size": {"enum": list(SIZES)},
            "next_url": _MAYBE, "prev_url": _MAYBE, "took_ms": {"type": "number"},
            "generation": _TEXT, "results": _list(_ref("Result")), "documents": _list(_ref("DocumentLink")),
            "facets": _ref("Facets"),
        }
    ),
    "Citation": _object(
        {
            "start": _COUNT, "end": _COUNT, "text": _TEXT, "kind": _TEXT, "type": _TEXT, "key": _TEXT, "date": _TEXT,
            "issuer": _TEXT, "place": _TEXT, "term": _TEXT, "document": _MAYBE, "how": _TEXT,
            "sure": {"type": "number", "minimum": 0, "maximum": 1},
        },
        url=_MAYBE, candidates=_list(_ref("DocumentLink")),
    ),
    "Article": _object(
        {
            "id": _TEXT, "url": _TEXT, "title": _TEXT, "text": _TEXT, "date": _MAYBE, "date_precision": _TEXT,
            "source": _MAYBE, "section": _MAYBE, "author": _MAYBE, "source_url": _MAYBE, "type": _MAYBE,
            "sources": _list(_ref("Origin")), "number": _MAYBE, "issuer": _MAYBE, "signer": _MAYBE,
            "basis": _list(_ref("Basis")), "themes": _list(_ref("Theme")),
            "citations": _list(_ref("Citation")),
        }
    ),
    "Basis": _object({"text": _TEXT, "documents": _list(_ref("DocumentLink"))}),
    "Origin": _object({"kind": {"enum": ["file", "feed", "page"]}, "path": _TEXT, "seen": _MAYBE}),
    "Document": _object(
        {"slug": _TEXT, "symbol": _TEXT, "type": _TEXT, "issuer": _TEXT, "date": _TEXT, "term": _TEXT, "title": _TEXT},
        url=_TEXT, aliases=_list(_TEXT), signer=_MAYBE, basis=_list(_ref("Basis")),
        carries_out=_list(_ref("Stated")), carried_out_by=_list(_ref("Stated")),
    ),
    "ListedDocument": _object(
        {"id": _TEXT, "number": _TEXT, "title": _MAYBE, "term": _MAYBE, "url": _TEXT, "articles": _COUNT},
        type=_MAYBE, issuer=_MAYBE, date=_MAYBE,
    ),
    "Stated": _object(
        {"document": _ref("DocumentLink"), "sentence": _list(_ref("Piece")), "article": {"type": "object"}}
    ),
    "Suggestion": _object(
        {"kind": {"enum": ["document", "theme", "title", "phrase"]}, "text": _TEXT, "url": _TEXT, "count": _COUNT}
    ),
    "Error": _object(
        {
            "ok": {"type": "boolean", "const": False}, "status": {"type": "integer"}, "error": _TEXT,
            "errors": _list(_object({"field": _TEXT, "message": _TEXT}, allowed=_list(_TEXT))),
        }
    ),
}  # fmt: skip


def _query(name: str, schema: Json, says: str, **more: Any) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": says, **more}


def _path(name: str, says: str, example: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "description": says, "example": example}


_VALUES: Final = _list({"type": "string", "maxLength": MAX_VALUE_CHARS, "pattern": r"^[^\x00-\x1f\x7f]*$"})
_DAYS: Final = _list(
    {"anyOf": [{"enum": ["khong-ro"]}, {"pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"}, {"format": "date"}], **_TEXT}
)
LANG: Final = _query("lang", {"enum": list(LANGS)}, "Language of labels and messages.")
NARROW: Final = [
    _query("q", _TEXT, "What to search for, in the query language of the search box.", example="nghị quyết"),
    _query("tu", _TEXT, "First day, ISO (2021-09-15) or d/m/yyyy.", example="2021-01-01"),
    _query("den", _TEXT, "Last day.", example="2021-12-31"),
    _query("nam", _list({"type": "string", "pattern": "^[12][0-9]{3}$"}), "Years; any of them."),
    _query("ngay", _DAYS, "Days or months (2021-09), or khong-ro; any of them.", example=["2021-09"]),
    *(
        _query(facet.parameter, _VALUES, f"{facet.label_en}: any of these values of the facet.")
        for facet in FACETS
        if facet.name != "date"
    ),
    _query("nguyen_van", {"enum": ["1"]}, "1: as typed, without repair."),
    _query(
        "dang_lai",
        {"type": "string", "pattern": "^(rieng|[0-9a-f]{12})$"},
        "rieng: reprints one by one; the id of an article: that one and its reprints.",
    ),
    LANG,
]
COUNTED: Final = _query(
    "facets", _TEXT, f"Facets to count, by comma: {', '.join(FACET_NAMES)}; or {NO_FACETS}.", example="theme,date"
)
PAGING: Final = [
    _query("sap_xep", {"enum": list(SORTS)}, "Order."),
    _query("so", {"enum": [str(size) for size in SIZES]}, "Results a page."),
    _query("trang", {"type": "integer", "minimum": 1, "maximum": MAX_HITS // max(SIZES)}, "Page, from 1."),
    _query("sau", _TEXT, "Cursor: from next_url, for pages of any depth."),
    COUNTED,
    _query("fields", _TEXT, f"Keys of a result to keep, by comma: {', '.join(RESULT_FIELDS)}.", example="id,title,url"),
]


LISTED: Final = [
    _query("q", _TEXT, "Words of its number, title or issuer.", example="05-NQ/TU"),
    *(
        _query(facet.parameter, _VALUES, f"{facet.label_en}: any of these values of the facet.")
        for facet in FACETS
        if facet.name in NARROWED_BY
    ),
    _query("sap_xep", {"enum": list(SORTS)}, "Order; lien-quan is by the number of articles."),
    _query("trang", {"type": "integer", "minimum": 1, "maximum": MAX_PAGES}, "Page, from 1."),
    LANG,
]


def _get(path: str, title: str, schema: Json, *parameters: Json, missing: bool = False) -> tuple[str, Json]:
    answers = {
        "200": {"description": "The answer.", "content": {"application/json": {"schema": schema}}},
        "304": {"description": "Nothing has changed since the ETag in If-None-Match."},
        "400": _error("A value that cannot be meant; `allowed` lists what can."),
        "414": _error("The address is too long."),
        "503": _error("There is no index, or it does not answer in time."),
    }
    if missing:
        answers["404"] = _error("There is none.")
    return path, {"get": {"summary": title, "parameters": list(parameters), "responses": answers}}


def _error(says: str) -> Json:
    return {"description": says, "content": {"application/json": {"schema": _ref("Error")}}}


_KEY: Final = _path("key", "Id of the article, 12 hexadecimal digits.", "000000000000")
_NAME: Final = _path("name", "Slug of the document, or its number where that means one.", "30-2020-nd-cp")
_POST: Final[Json] = {
    "post": {
        "summary": "The citations in a text",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _object({"text": {"type": "string", "maxLength": 200_000}})},
                "text/plain": {"schema": _TEXT},
            },
        },
        "responses": {
            "200": {
                "description": "The citations in order; offsets are code points of the text as sent.",
                "content": {
                    "application/json": {"schema": _object({"ok": _TRUE, "citations": _list(_ref("Citation"))})}
                },
            },
            "400": _error("No text, or one that is too long."),
            "413": _error("The body is larger than 1 MB."),
            "503": _error("There is no index, or it does not answer in time."),
        },
    }
}
ROUTES: Final[dict[str, Json]] = dict(
    [
        _get("/search", "Search", _ref("Results"), *NARROW, *PAGING),
        _get(
            "/facets", "The facets of a query", _object({"ok": _TRUE, "total": _COUNT, "facets": _ref("Facets")}),
            *NARROW, COUNTED,
        ),
        _get(
            "/suggest", "What the words typed so far may become",
            _object({"ok": _TRUE, "q": _TEXT, "suggestions": _list(_ref("Suggestion"))}), NARROW[0], LANG,
        ),
        _get(
            "/articles/{key}", "An article", _object({"ok": _TRUE, "article": _ref("Article")}), _KEY, LANG,
            missing=True,
        ),
        _get(
            "/articles/{key}/documents", "The documents that an article cites",
            _object({"ok": _TRUE, "documents": _list(_object({"document": _ref("DocumentLink"), "times": _COUNT,
                     "sure": {"type": "number"}}))}), _KEY, LANG, missing=True,
        ),
        _get(
            "/articles/{key}/related", "Articles that share weighty words and documents with one, and its reprints",
            _object({"ok": _TRUE, "related": _list(_ref("ArticleLink")), "reprints": _list(_ref("ArticleLink"))}),
            _KEY, LANG, missing=True,
        ),
        _get(
            "/documents", "The documents that articles are or cite",
            _object({"ok": _TRUE, "total": _COUNT, "page": {"type": "integer", "minimum": 1}, "size": _COUNT,
                     "next_url": _MAYBE, "prev_url": _MAYBE, "documents": _list(_ref("ListedDocument")),
                     "facets": _ref("Facets")}),
            *LISTED,
        ),
        _get(
            "/documents/{name}", "A document",
            _object({"ok": _TRUE, "document": _ref("Document"), "same_symbol": _list(_ref("DocumentLink"))}),
            _NAME, LANG, missing=True,
        ),
        ("/citations", _POST),
        _get("/stats", "What the index holds", _object({"ok": _TRUE, "articles": _COUNT, "generation": _TEXT}), LANG),
        ("/health", {"get": {"summary": "Whether searches are answered", "parameters": [], "responses": {
            "200": {"description": "They are.", "content": {"application/json": {"schema": _object({"ok": _TRUE})}}},
            "503": {"description": "They are not.", "content": {"application/json": {"schema": {"type": "object"}}}},
        }}}),
    ]
)  # fmt: skip


def document(title: str, server: str) -> Json:
    """The whole description; server: where the API is, e.g. "/tra-cuu/api/v1"."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": "Keys are frozen; new ones may appear."},
        "servers": [{"url": server}],
        "paths": ROUTES,
        "components": {"schemas": SCHEMAS},
    }
