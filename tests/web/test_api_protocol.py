"""HTTP around API v1: methods, caching, compression, other origins, pages beyond the last that can be opened."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app
from searchapp.web.data import openapi, serialize

# No article of the sample has provisions: test_provisions asks for some.
READS = [f"/api/v1{path}" for path, methods in openapi.ROUTES.items() if "get" in methods and "{provision}" not in path]


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


@pytest.fixture(params=READS)
def url(request: pytest.FixtureRequest, sample_pages: dict[str, str]) -> str:
    """Every address of the API that is read."""
    filled = request.param.replace("{key}", sample_pages["article"]).replace("{name}", sample_pages["document"])
    return str(filled)


def test_reads_answer_head_and_options_and_nothing_else(client: FlaskClient, url: str) -> None:
    read, head = client.get(url), client.head(url)
    assert read.status_code == head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Type"] == read.headers["Content-Type"]
    options = client.options(url)
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} == set(options.allow or ())
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.open(url, method=method)
        assert answer.status_code == answer.json["status"] == 405
        assert "GET" in answer.headers["Allow"]
        assert set(answer.json) == {"ok", "status", "error", "errors"}


def test_reads_are_cached_by_their_tag(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    if url.endswith("/health"):
        assert answer.headers["Cache-Control"] == "no-store"
        return
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(url, headers={"If-None-Match": 'W/"another"'}).status_code == 200


def test_reads_are_open_to_every_origin_without_credentials(client: FlaskClient, url: str) -> None:
    headers = client.get(url, headers={"Origin": "https://khac.example", "Cookie": "a=b"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "Retry-After"} <= set(headers["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in headers and "Set-Cookie" not in headers


def test_unknown_parameters_change_nothing(client: FlaskClient, url: str) -> None:
    def told(query: str) -> dict[str, object]:
        return {**json.loads(client.get(url + query).text), "took_ms": 0}

    assert told("?la=1&callback=alert&_=2") == told("")


def test_long_answers_are_compressed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=đảng bộ", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert json.loads(gzip.decompress(answer.data))["ok"] is True


def test_a_browser_may_send_json_from_another_origin(client: FlaskClient) -> None:
    """The preflight that a browser sends before a JSON body."""
    asked = {"Origin": "https://khac.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "content-type"}  # fmt: skip
    answer = client.options("/api/v1/citations", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Origin" not in client.options("/tim-kiem").headers


def test_a_cursor_goes_on_where_pages_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchapp.search.MAX_HITS", 40)
    seen: list[str] = []
    next_url = "/api/v1/search?q=nghị quyết&dang_lai=rieng"
    asked = []
    while next_url:
        asked.append(next_url)
        told = client.get(next_url).json
        assert (told["prev_url"] is None) == ("trang=" not in next_url)
        seen += [hit["id"] for hit in told["results"]]
        next_url = told["next_url"]
    assert ["trang=" in url for url in asked[:5]] == [False, True, True, True, False]
    assert all("sau=" in url for url in asked[4:])
    assert len(seen) == len(set(seen)) == told["total"]


def test_a_cursor_that_is_none_is_refused(client: FlaskClient) -> None:
    for cursor in ("x y", "a" * 400, "%00"):
        assert client.get(f"/api/v1/search?q=a&sau={cursor}").json["errors"][0]["field"] == "sau"


def test_every_key_of_the_code_is_in_the_description() -> None:
    described = set(openapi.SCHEMAS["Results"]["properties"])
    assert described >= {"ok", "query", "total", "page", "next_url", "results", "facets"}
    assert serialize.PRECISIONS[10] in openapi.SCHEMAS["Result"]["properties"]["date_precision"]["enum"]
