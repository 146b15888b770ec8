"""Who asks what another one asked gets the same answer, of the same generation, in a form that the client reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.errors import EngineUnavailableError
from searchapp.web import create_app
from searchapp.web.serving import headers, response_cache
from searchapp.web.serving.response_cache import ResponseCache

Make = Callable[..., FlaskClient]
PATHS = (
    "/tim-kiem?q=giáo+dục",
    "/api/v1/search?q=giáo+dục",
    "/",
    "/chu-de",
    "/nhung?q=giáo+dục",
    "/tim-kiem.atom?q=giáo+dục",
)


class Counted:
    """An engine that counts what it is asked; its generation can be set."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.searches = 0
        self.fails = False
        self.generation = engine.generation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, *arguments: Any) -> Any:
        if self.fails:
            raise EngineUnavailableError
        self.searches += 1
        return self._engine.search(*arguments)


@pytest.fixture
def engine(sample_engine: Callable[[], Engine]) -> Counted:
    return Counted(sample_engine())


@pytest.fixture
def make(sample_settings: Settings, engine: Counted) -> Iterator[Make]:
    def client(**changed: Any) -> FlaskClient:
        return create_app(replace(sample_settings, **changed), lambda: engine).test_client()

    return client


def _told(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted(row for row in answer.headers if row[0] not in ("Date", "X-Request-ID"))


def searches_of(site: FlaskClient, engine: Counted, path: str, **asked: Any) -> int:
    """How many searches the engine had to do for a request that is answered."""
    before = engine.searches
    assert site.get(path, **asked).status_code == 200
    return engine.searches - before


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_the_second_answer_is_the_first_without_a_search(make: Make, engine: Counted, path: str, coding: str) -> None:
    site, asked = make(), {"headers": {"Accept-Encoding": coding}}
    first = site.get(path, **asked)
    before = engine.searches
    second = site.get(path, **asked)
    assert engine.searches == before
    assert (second.status_code, second.data) == (200, first.data)
    assert _told(second) == _told(first)


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/tim-kiem?q=giáo+dục&lang=en"},
        {"path": "/tim-kiem?q=giáo+dục&trang=2"},
        {"path": "/tim-kiem?q=Giáo+dục"},
        {"path": "/tim-kiem?q=giáo+dục", "headers": {"Accept-Encoding": "gzip"}},
        {"path": "/tim-kiem?q=giáo+dục", "base_url": "https://localhost"},  # links of cards name the host
        {"path": "/tim-kiem?q=giáo+dục", "base_url": "http://localhost/tra-cuu"},
        {"path": "/tim-kiem?q=giáo+dục", "method": "HEAD"},
    ],
)
def test_another_request_is_answered_anew(make: Make, engine: Counted, other: dict[str, Any]) -> None:
    site = make()
    assert searches_of(site, engine, "/tim-kiem?q=giáo+dục") > 0
    before = engine.searches
    assert site.open(**other).status_code == 200
    assert engine.searches > before


def test_a_publish_makes_answers_anew(make: Make, engine: Counted) -> None:
    site = make()
    assert searches_of(site, engine, PATHS[0]) > 0 == searches_of(site, engine, PATHS[0])
    engine.generation += "x"
    assert searches_of(site, engine, PATHS[0]) > 0


def test_an_answer_is_kept_for_a_minute(make: Make, engine: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    kept = response_cache.TTLCache
    monkeypatch.setattr(response_cache, "TTLCache", lambda *given, **more: kept(*given, **more, timer=lambda: now[0]))
    site = make()
    assert searches_of(site, engine, PATHS[0]) > 0
    now[0] += headers.MAX_AGE - 1
    assert searches_of(site, engine, PATHS[0]) == 0
    now[0] += 2
    assert searches_of(site, engine, PATHS[0]) > 0


def test_none_is_kept_where_the_operator_wants_none(make: Make, engine: Counted) -> None:
    site = make(response_cache=0)
    for _ in range(2):
        assert searches_of(site, engine, PATHS[0]) > 0


@pytest.mark.parametrize("path", PATHS)
def test_a_failure_is_not_kept(make: Make, engine: Counted, path: str) -> None:
    site = make()
    engine.fails = True
    assert site.get(path).status_code == 503
    engine.fails = False
    assert site.get(path).status_code == 200


def test_the_budget_is_kept(make: Make, engine: Counted) -> None:
    site = make(response_cache=1)
    for number in range(40):  # a page of the sample has about 40 kB
        assert site.get(f"/tim-kiem?q=giáo+dục+{number}").status_code == 200
    assert searches_of(site, engine, "/tim-kiem?q=giáo+dục+39") == 0
    assert searches_of(site, engine, "/tim-kiem?q=giáo+dục+0") > 0


def test_kept_answers_count_as_answers(make: Make) -> None:
    site = make()
    for _ in range(3):
        site.get(PATHS[0])
    told = site.get("/metrics").get_data(as_text=True)
    assert re.search(r"^searchapp_search_results_count 3\.0$", told, re.MULTILINE), told


def test_a_private_collection_asks_for_its_token_each_time(make: Make) -> None:
    token = "kho-rieng-0123456789"
    site, allowed = make(read_token=token), {"Authorization": f"Bearer {token}"}
    assert [site.get(PATHS[1], headers=each).status_code for each in (allowed, {}, allowed)] == [200, 401, 200]


def test_a_large_answer_is_not_kept() -> None:
    cache = ResponseCache(8)
    for size in (200_000, 300_000):
        key = ("tag", "http://localhost/", f"/{size}", False)
        cache.put(key, response_cache.Response(b"x" * size), None)
        assert (cache.get(key) is not None) == (size < 262_144)
