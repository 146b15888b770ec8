"""The JSON API and the feeds: frozen keys, one shape of errors, paging, data instead of markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.fields import FACET_NAMES
from searchapp.web import create_app

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


def get(client: FlaskClient, url: str, **query: str) -> Any:
    answer = client.get(url, query_string=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_keys_of_a_result_page_are_frozen(client: FlaskClient) -> None:
    data = get(client, "/api/v1/search", q="nghị quyết 05-NQ/TU")
    assert {"ok", "query", "total", "total_relation", "page", "size", "next_url", "prev_url", "took_ms", "results",
            "facets"} <= set(data)  # fmt: skip
    assert {"q", "normalized", "interpreted", "did_you_mean"} <= set(data["query"])
    result = data["results"][0]
    assert {"id", "url", "title", "snippet", "date", "date_precision", "source", "section", "documents", "themes",
            "score"} <= set(result)  # fmt: skip
    assert {"id", "number", "title", "term", "url"} <= set(result["documents"][0])
    assert set(result["snippet"][0]) == {"text", "marked"}
    assert {"from", "to", "count"} == set(data["facets"]["date"]["buckets"][0])
    assert set(data["facets"]) <= set(FACET_NAMES)
    for name, facet in data["facets"].items():
        assert facet["label"]
        for value in facet["values"]:
            assert {"value", "label", "count", "selected", "toggle_url"} <= set(value), name


@pytest.mark.parametrize(
    ("lang", "text"), [("", "Đã tìm không phân biệt dấu"), ("en", "Searched without regard to accents")]
)
def test_how_a_query_was_read_is_told_in_the_words_of_the_page(client: FlaskClient, lang: str, text: str) -> None:
    told = get(client, "/api/v1/search", q="dang bo", lang=lang)["query"]["interpreted"]
    assert {"code": "folded", "values": [], "text": text} in told


def test_a_place_that_is_gone_names_its_parameter(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=a&sau=zzz")
    assert answer.status_code == 400 and [one["field"] for one in answer.json["errors"]] == ["sau"]


@pytest.mark.parametrize("q", ["nghị quyết", "dang bo", '"đảng bộ"', "05-NQ/TU"])
@pytest.mark.parametrize("fields", ["id,title,url", "id,title,score,documents", "why", "provision", "snippet,id"])
def test_fields_leave_out_and_change_nothing(client: FlaskClient, q: str, fields: str) -> None:
    whole = get(client, "/api/v1/search", q=q)["results"]
    chosen = get(client, "/api/v1/search", q=q, fields=fields)["results"]
    assert chosen == [{name: hit[name] for name in fields.split(",")} for hit in whole]


@pytest.mark.parametrize("url", ["/tim-kiem.json", "/api/v1/search"])
@pytest.mark.parametrize("q", ["dang bo", "đảng bộ", "đảng bộ", "ĐẢNG BỘ", "05-NQ/TU", "2021", ""])
def test_page_and_api_say_the_same(client: FlaskClient, url: str, q: str) -> None:
    data = get(client, url, q=q)
    assert data["query"]["q"] == q and data["total"] == get(client, "/api/v1/search", q=q)["total"] > 0
    assert len(data["results"]) == min(10, data["total"])


def test_snippets_are_pieces_of_plain_text(client: FlaskClient) -> None:
    data = get(client, "/api/v1/search", q="nghị quyết")
    pieces = [piece for result in data["results"] for piece in result["snippet"]]
    assert any(piece["marked"] for piece in pieces) and not any("<" in piece["text"] for piece in pieces)
    assert all(isinstance(result["title"], str) for result in data["results"])


def test_pages_follow_each_other_to_the_end(client: FlaskClient) -> None:
    url, seen, folded, pages = "/api/v1/search?q=nghị quyết&so=20", [], 0, 0
    while url and pages < 60:
        data = get(client, url)
        seen += [result["id"] for result in data["results"]]
        folded += sum(result["reprints"] for result in data["results"])
        url, pages = data["next_url"], pages + 1
    assert len(seen) == len(set(seen)) == data["total"] - folded
    assert data["prev_url"] and get(client, data["prev_url"])["page"] == pages - 1


@pytest.mark.parametrize("url", ["/api/v1/search", "/api/v1/facets", "/tim-kiem.json", "/chu-de/dan-van.json"])
def test_only_the_facets_that_are_wanted_are_counted(client: FlaskClient, url: str) -> None:
    asked = {"q": "nghị quyết", "chu_de": "dan-van", "nam": "2021"}
    whole = get(client, url, **asked)
    assert set(whole["facets"]) <= set(FACET_NAMES) and len(whole["facets"]) > 4
    for wanted in ("theme", "date", "source, theme", "date,document,type"):
        told = get(client, url, **asked, facets=wanted)
        names = {name.strip() for name in wanted.split(",")}
        assert told["facets"] == {name: facet for name, facet in whole["facets"].items() if name in names}
        assert told["total"] == whole["total"]
    bare = get(client, url, **asked, facets="none")
    assert bare["facets"] == {} and bare["total"] == whole["total"]
    assert bare.get("results") == whole.get("results")


def test_a_facet_that_is_none_is_told_with_those_that_are(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string={"q": "nghị quyết", "facets": "theme,themes"})
    assert answer.status_code == answer.json["status"] == 400
    (error,) = answer.json["errors"]
    assert error["field"] == "facets" and error["allowed"] == [*FACET_NAMES, "none"]
    assert "themes" in error["message"]
    assert client.get("/tim-kiem?facets=themes").status_code == 200  # pages know no such parameter


def test_suggested_documents_say_whose_they_are(client: FlaskClient) -> None:
    found = get(client, "/api/v1/suggest", q="nghị quyết 05")["suggestions"]
    notes = [one["note"] for one in found if one["text"].startswith("05-NQ/TU")]
    assert len(notes) == 2 and "Thành ủy TPHCM" in notes[0] + notes[1] and "Tỉnh ủy Lam Giang" in notes[0] + notes[1]
    others = get(client, "/api/v1/suggest", q="dân")["suggestions"]
    assert others and all((one["note"] is None) == (one["kind"] not in ("document", "title")) for one in others)


def test_choosing_a_value_by_its_url(client: FlaskClient) -> None:
    data = get(client, "/api/v1/search", q="nghị quyết")
    value = data["facets"]["theme"]["values"][0]
    chosen = get(client, value["toggle_url"])
    assert chosen["total"] == value["count"]
    again = next(v for v in chosen["facets"]["theme"]["values"] if v["value"] == value["value"])
    assert again["selected"] and get(client, again["toggle_url"])["total"] == data["total"]
    assert {v["value"]: v["count"] for v in chosen["facets"]["theme"]["values"]} == {
        v["value"]: v["count"] for v in data["facets"]["theme"]["values"]
    }


def test_dates_say_how_exact_they_are(client: FlaskClient) -> None:
    dated = get(client, "/api/v1/search", nam="2021")["results"]
    assert all(r["date_precision"] == "day" and r["date"].startswith("2021") for r in dated)
    undated = get(client, "/api/v1/search", ngay="khong-ro")
    assert undated["total"] == 3
    assert {(r["date"], r["date_precision"]) for r in undated["results"]} == {(None, "unknown")}


def test_buckets_of_the_timeline_add_up(client: FlaskClient) -> None:
    data = get(client, "/api/v1/search", q="nghị quyết", tu="2021-01-01", den="2021-12-31")
    buckets = data["facets"]["date"]["buckets"]
    assert sum(bucket["count"] for bucket in buckets) == data["total"]
    assert all(bucket["from"] <= bucket["to"] for bucket in buckets)


def test_articles_documents_and_counts(client: FlaskClient) -> None:
    result = get(client, "/api/v1/search", q="05-NQ/TU")["results"][0]
    article = get(client, f"/api/v1/articles/{result['id']}")["article"]
    assert article["title"] == result["title"] and article["url"] == result["url"]
    for citation in article["citations"]:
        assert article["text"][citation["start"] : citation["end"]] == citation["text"]
    document = result["documents"][0]
    data = get(client, f"/api/v1/documents/{document['id']}")
    assert data["document"]["symbol"] == document["number"] and data["document"]["slug"] == document["id"]
    assert get(client, "/api/v1/stats")["articles"] >= 120
    assert get(client, "/healthz")["ok"] is True
    assert get(client, "/api/v1/facets", q="nghị quyết")["facets"]["theme"]["values"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy", ["05-NQ/TU"]),
        ("Chỉ thị 05-CT/TW và Ðề án 06", ["05-CT/TW"]),
        ("không có gì, 29%", []),
        ("", []),
    ],
)
def test_citations_of_a_text(client: FlaskClient, text: str, keys: list[str]) -> None:
    sent = client.post("/api/v1/citations", json={"text": text})
    plain = client.post("/api/v1/citations", data=text.encode(), content_type="text/plain")
    assert sent.status_code == plain.status_code == 200
    assert sent.json == plain.json
    found = [citation for citation in sent.json["citations"] if citation["kind"] == "number"]
    assert [citation["key"] for citation in found] == keys
    for citation in found:
        assert text[citation["start"] : citation["end"]] == citation["text"] and citation["candidates"]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"text": 5}', b'"x"', b'{"text": "\\ud800"}', b"null"])
def test_citations_refuse_what_is_no_text(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/citations", data=body, content_type="application/json")
    assert answer.status_code == 400 and answer.json["ok"] is False


def test_too_much_text_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/v1/citations", data=b"a" * 300_000, content_type="text/plain").status_code == 400
    assert client.post("/api/v1/citations", data=b"a" * 1_100_000, content_type="text/plain").status_code == 413


@pytest.mark.parametrize(
    ("url", "status", "field"),
    [
        ("/api/v1/search?trang=x", 400, "trang"),
        ("/api/v1/search?sap_xep=x", 400, "sap_xep"),
        ("/api/v1/articles/none", 404, ""),
        ("/api/v1/documents/none", 404, ""),
        ("/api/v1/nothing", 404, ""),
        ("/tim-kiem.json?so=1", 400, "so"),
        ("/tim-kiem.atom?so=1", 400, "so"),
        ("/ngay/2021-02-31.json", 404, ""),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, url: str, status: int, field: str) -> None:
    answer = client.get(url)
    assert answer.status_code == answer.json["status"] == status
    assert (
        answer.json["ok"] is False and answer.json["error"] and set(answer.json) == {"ok", "status", "error", "errors"}
    )
    assert [error["field"] for error in answer.json["errors"]] == ([field] if field else [])


def test_wrong_choices_come_with_the_allowed_ones(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?sap_xep=x").json
    assert answer["errors"][0]["allowed"] == ["lien-quan", "moi-nhat", "cu-nhat"]


def test_data_may_be_read_from_any_origin_without_credentials(client: FlaskClient) -> None:
    for url in ("/api/v1/search?q=a", "/tim-kiem.json?q=a", "/tim-kiem.atom?q=a", "/api/v1/search?trang=0"):
        headers = client.get(url, headers={"Origin": "https://evil.example"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in headers
    assert "Access-Control-Allow-Origin" not in client.get("/tim-kiem?q=a").headers


def test_jsonp_does_not_exist(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=a&callback=alert(1)")
    assert answer.mimetype == "application/json" and json.loads(answer.text)["ok"]


@pytest.mark.parametrize(
    "url",
    [
        "/tim-kiem.atom?q=nghị quyết",
        "/tim-kiem.atom",
        "/chu-de/dan-van.atom",
        "/ngay/2021-10.atom",
        "/van-ban/DOC.atom",
    ],
)
def test_feeds_are_atom_with_the_newest_first(client: FlaskClient, url: str) -> None:
    slug = get(client, "/api/v1/search", q="Nghị quyết 05-NQ/TU ngày 15/9/2021")["documents"][0]["id"]
    answer = client.get(url.replace("DOC", slug))
    feed = ElementTree.fromstring(answer.data)
    assert answer.mimetype == "application/atom+xml" and feed.tag == ATOM + "feed"
    assert feed.findtext(ATOM + "id") and feed.findtext(ATOM + "title")
    entries = feed.findall(ATOM + "entry")
    moments = [entry.findtext(ATOM + "updated", "") for entry in entries]
    assert entries and moments == sorted(moments, reverse=True)
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    link = entries[0].find(ATOM + "link")
    assert link is not None and client.get(link.attrib["href"]).status_code == 200


def test_feeds_name_the_public_address_when_it_is_set(
    sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    public = Settings(index=sample_settings.index, public_base_url="https://example.org/")
    feed = create_app(public, sample_engine).test_client().get("/tim-kiem.atom?q=a", headers={"Host": "evil.example"})
    assert 'href="https://example.org/tim-kiem' in feed.text and "evil.example" not in feed.text


def undescribed(schemas: dict[str, Any], schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    """Every key of an answer that the OpenAPI document does not tell, and every promised one that is missing."""
    if "anyOf" in schema:
        schema = next((one for one in schema["anyOf"] if "$ref" in one), {})
        if value is None:
            return
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in schema:
        yield from (f"{place}: no {key}" for key in schema.get("required", ()) if key not in value)
        for key, inner in value.items():
            if key not in schema["properties"]:
                yield f"{place}.{key}"
            else:
                yield from undescribed(schemas, schema["properties"][key], inner, f"{place}.{key}")
    elif isinstance(value, list) and "items" in schema:
        for one in value:
            yield from undescribed(schemas, schema["items"], one, f"{place}[]")


def test_the_openapi_document_tells_every_key_of_every_answer(client: FlaskClient) -> None:
    told = get(client, "/api/v1/openapi.json")
    articles = [hit["id"] for hit in get(client, "/api/v1/search", q="nghị quyết", so="20")["results"]]
    documents = [one["id"] for one in get(client, "/api/v1/documents")["documents"]]
    asked = {
        "/search": ["/search?q=nghi+quyet+05", "/search?q=dan+van&nam=2021", "/search?q=khong+co+gi"],
        "/facets": ["/facets?q=nghi+quyet"],
        "/suggest": ["/suggest?q=nghi"],
        "/documents": ["/documents"],
        "/stats": ["/stats"],
        "/health": ["/health"],
        "/articles/{key}": [f"/articles/{key}" for key in articles],
        "/articles/{key}/documents": [f"/articles/{key}/documents" for key in articles],
        "/articles/{key}/related": [f"/articles/{key}/related" for key in articles],
        "/documents/{name}": [f"/documents/{slug}" for slug in documents],
    }
    left = set()
    for path, urls in asked.items():
        schema = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for url in urls:
            left |= set(undescribed(told["components"]["schemas"], schema, get(client, f"/api/v1{url}"), path))
    assert left == set()


@pytest.mark.parametrize(("lang", "says"), [("vi", "Không có gì ở địa chỉ này"), ("en", "There is nothing at this")])
@pytest.mark.parametrize("path", ["/api/v1/articles/none", "/api/v1/documents/none", "/api/v1/nothing", "/api/v9"])
def test_a_program_that_asks_for_nothing_is_led_to_the_description(
    client: FlaskClient, path: str, lang: str, says: str
) -> None:
    answer = client.get(path, query_string={"lang": lang}).json
    assert answer is not None and answer["error"].startswith(says) and "/api/v1/openapi.json" in answer["error"]
