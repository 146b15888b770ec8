"""The site inside of another Flask site: any prefix, the host's templates and settings, two collections at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import searchapp
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.ingest import reindex
from searchapp.web import blueprint, create_app

PACKAGE = Path(searchapp.__file__).parent

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a second, small collection of its own."""
    folder = tmp_path_factory.mktemp("ward")
    (folder / "bai").mkdir()
    (folder / "bai" / "mot.md").write_text("---\ntitle: Tin phường\ndate: 2024-05-01\n---\nTổ dân phố họp.\n")
    settings = Settings(index=folder / "index", corpus=(folder / "bai",), title="Kho của phường")
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return settings


@pytest.fixture
def host(sample_settings: Settings, ward: Settings) -> FlaskClient:
    """A host with a page, an error page and JSON settings of its own, and two collections below it."""
    app = Flask("host")
    app.register_blueprint(blueprint(sample_settings), url_prefix="/api/tra-cuu")
    app.register_blueprint(blueprint(ward, name="ward"), url_prefix="/p/h")
    app.add_url_rule("/", "front", lambda: "host page")
    app.register_error_handler(404, lambda error: ("host 404", 404))
    app.register_error_handler(500, lambda error: ("host 500", 500))
    return app.test_client()


def test_two_collections_keep_apart(host: FlaskClient) -> None:
    first, second = (host.get(f"{prefix}/api/v1/stats").json for prefix in ("/api/tra-cuu", "/p/h"))
    assert first["articles"] > 100 and second["articles"] == 1
    assert "Kho của phường" in host.get("/p/h/").text and "Kho của phường" not in host.get("/api/tra-cuu/").text
    assert host.get("/p/h/api/v1/search?q=nghị quyết").json["total"] == 0
    suggested = [host.get(f"{prefix}/api/v1/suggest?q=tin phuong").json for prefix in ("/p/h", "/api/tra-cuu")]
    assert [[one["text"] for one in told["suggestions"]] for told in suggested] == [["Tin phường"], []]
    tags = [host.get(f"{prefix}/do-phu").headers["ETag"] for prefix in ("/api/tra-cuu", "/p/h")]
    assert tags[0] != tags[1]


@pytest.mark.parametrize("prefix", ["/api/tra-cuu", "/p/h"])
def test_everything_stays_below_its_prefix(host: FlaskClient, prefix: str) -> None:
    found = host.get(f"{prefix}/api/v1/search").json
    assert found["results"][0]["url"].startswith(f"{prefix}/bai/")
    toggles = [value["toggle_url"] for facet in found["facets"].values() for value in facet["values"]]
    assert toggles and all(url.startswith(f"{prefix}/api/v1/search?") for url in toggles)
    assert host.get(f"{prefix}/api/v1/openapi.json").json["servers"] == [{"url": f"{prefix}/api/v1"}]
    assert f"Disallow: {prefix}/tim-kiem" in host.get(f"{prefix}/robots.txt").text
    assert f'template="http://localhost{prefix}/tim-kiem?q=' in host.get(f"{prefix}/opensearch.xml").text
    assert f"http://localhost{prefix}/sitemap/bai-1.xml" in host.get(f"{prefix}/sitemap.xml").text
    assert f'api="http://localhost{prefix}"' in host.get(f"{prefix}/nhung-vao-trang").text.replace("&#34;", '"')
    assert host.get(f"{prefix}/oembed?url=http://localhost{prefix}/tim-kiem?q=a").json["title"]
    for path in ("/static/searchapp.css", "/embed/v1/tim-kiem.js", "/tim-kiem.atom", "/tim-kiem.csv", "/healthz"):
        assert host.get(prefix + path).status_code == 200


def test_the_host_keeps_its_own(host: FlaskClient) -> None:
    answer = host.get("/")
    assert answer.text == "host page" and "Content-Security-Policy" not in answer.headers
    assert host.get("/khong-co").text == "host 404"
    assert host.post("/").status_code == 405


def test_a_prefix_called_api_makes_no_page_into_data(host: FlaskClient) -> None:
    page = host.get("/api/tra-cuu/tim-kiem?trang=0")
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "Access-Control-Allow-Origin" not in host.get("/api/tra-cuu/").headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/search?trang=0", 400),
        ("GET", "/api/v1/khong-co", 404),
        ("GET", "/api/v1/articles/000000000000", 404),
        ("POST", "/api/v1/search", 405),
        ("GET", "/api/v1/citations", 405),
        ("DELETE", "/api/v1/documents/a/b", 405),
        ("PUT", "/api/v1/khong-co", 404),
    ],
)
def test_errors_of_the_api_have_their_shape_in_a_host_too(
    host: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = host.open(f"/p/h{path}", method=method)
    assert answer.status_code == answer.json["status"] == status
    assert set(answer.json) == {"ok", "status", "error", "errors"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if status == 405:
        assert ("GET" in answer.headers["Allow"]) == ("citations" not in path)


def test_json_is_the_same_whatever_the_host_has_set(
    sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    def told(app: Flask, prefix: str) -> Any:
        answer = app.test_client().get(f"{prefix}/api/v1/search?q=đảng bộ").text.replace(f'"{prefix}/', '"/')
        return {**json.loads(answer), "took_ms": 0}, answer.count("\\u")

    host = Flask("host")
    host.json.sort_keys = True  # type: ignore[attr-defined]
    host.json.ensure_ascii = True  # type: ignore[attr-defined]
    host.register_blueprint(blueprint(sample_settings, sample_engine), url_prefix="/a")
    alone, mounted = told(create_app(sample_settings, sample_engine), ""), told(host, "/a")
    assert alone == mounted
    assert list(mounted[0])[:2] == ["ok", "query"] and mounted[1] == 0


def test_a_host_below_a_path_of_its_server(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> None:
    app = Flask("host")
    app.register_blueprint(blueprint(sample_settings, sample_engine), url_prefix="/tra-cuu")
    client = app.test_client()
    found = client.get("/tra-cuu/api/v1/search?q=a", base_url="http://localhost/cong").json
    assert found["results"][0]["url"].startswith("/cong/tra-cuu/bai/")
    assert client.get("/tra-cuu/api/v1/x", base_url="http://localhost/cong").json["status"] == 404


def test_templates_of_the_host_replace_blocks(
    tmp_path: Path, sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    mine = tmp_path / "templates" / "searchapp"
    mine.mkdir(parents=True)
    (mine / "base.html").write_text(
        '{% extends "searchapp-default/base.html" %}'
        '{% block extra %}<link rel="stylesheet" href="/host.css">{% endblock %}'
        "{% block top %}<p>Đầu trang của chủ nhà</p>{{ super() }}{% endblock %}"
        "{% block foot %}<p>Chân</p>{% endblock %}",
        encoding="utf-8",
    )
    (mine / "about.html").write_text(
        '{% extends "searchapp-default/about.html" %}{% block main %}<h1>Cách tìm của chúng tôi</h1>{% endblock %}',
        encoding="utf-8",
    )
    app = Flask("host", root_path=str(tmp_path))
    app.register_blueprint(blueprint(sample_settings, sample_engine), url_prefix="/tra-cuu")
    client = app.test_client()
    for path in ("/tim-kiem?q=a", "/chu-de", "/bai/000000000000"):
        text = client.get("/tra-cuu" + path).text
        assert text.count("Đầu trang của chủ nhà") == text.count("host.css") == text.count("<p>Chân</p>") == 1
        assert "<footer" not in text and 'id="tim"' in text
    assert "<h1>Cách tìm của chúng tôi</h1>" in client.get("/tra-cuu/gioi-thieu").text


def test_too_much_text_is_refused_whatever_the_host_allows(host: FlaskClient) -> None:
    answer = host.post("/p/h/api/v1/citations", data=b"a" * 1_100_000, content_type="text/plain")
    assert answer.status_code == answer.json["status"] == 413


def test_an_index_that_is_missing_closes_only_its_own_part(
    tmp_path: Path, sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> None:
    app = Flask("host")
    app.register_blueprint(blueprint(sample_settings, sample_engine), url_prefix="/a")
    app.register_blueprint(blueprint(replace(sample_settings, index=tmp_path), name="empty"), url_prefix="/b")
    client = app.test_client()
    assert client.get("/b/").status_code == client.get("/b/api/v1/search").json["status"] == 503
    assert client.get("/a/").status_code == client.get("/b/embed/v1/tim-kiem.js").status_code == 200


_UPGRADED = """
import sys
from pathlib import Path
import searchapp
from searchapp.config import Settings
from searchapp.web import create_app
client = create_app(Settings(index=Path(sys.argv[1]))).test_client()
for file in Path(searchapp.__file__).parent.glob("web/templates/searchapp/*.html"):
    file.write_text("{{ what.only.the.next.version.knows }}", "utf-8")
print(*(client.get(path).status_code for path in ("/gioi-thieu", "/tim-kiem?q=a", "/khong-co")))
"""


def test_templates_that_an_upgrade_replaces_do_not_reach_a_running_server(
    sample_settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "searchapp", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-c", _UPGRADED, str(sample_settings.index)]
    told = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert told.stdout.split() == ["200", "200", "404"], told.stderr
