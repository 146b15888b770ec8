"""What visitors leave, in a real Chromium: the beacons of the result page, following, the operator's pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_support import Reader
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from searchapp.config import AlertSettings, Settings
from searchapp.engine import Engine
from searchapp.visitors.statistics import FILE, Statistics
from searchapp.web import create_app

pytest_plugins = ("browser_support",)
pytestmark = pytest.mark.browser

TOKEN = "ma-quan-tri-0123456789"


@pytest.fixture
def settings(sample_settings: Settings, tmp_path: Path) -> Settings:
    return replace(
        sample_settings,
        query_statistics=True,
        state=tmp_path / "state",
        admin=True,
        operator_token=TOKEN,
        public_base_url="https://tracuu.example.vn",
        alerts=AlertSettings(sender="Tra cứu <a@example.vn>", smtp="127.0.0.1:9"),
    )


@pytest.fixture
def own(
    chromium: Browser, serve: Callable[[Flask], str], settings: Settings, sample_engine: Callable[[], Engine]
) -> Iterator[Reader]:
    made = Reader(chromium, serve(create_app(settings, sample_engine)))
    yield made
    for page in made.pages:
        page.context.close()
    assert made.complaints == []


def beacons(page: Page) -> list[str]:
    """What the page tells from now on."""
    told: list[str] = []
    page.on("request", lambda one: told.append(unquote_plus(one.post_data or "")) if "/thong-ke" in one.url else None)
    return told


def test_a_result_that_is_opened_is_told_once_and_by_nobody(own: Reader, settings: Settings) -> None:
    page = own.open("/tim-kiem?q=nghị+quyết")
    told = beacons(page)
    for _ in range(2):
        with page.context.expect_page() as opened:
            page.locator(".hits h2 a").first.click(modifiers=["Control"])
        opened.value.close()
    assert told == ["viec=mo&q=nghị quyết"]
    assert page.context.cookies() == []
    with sqlite3.connect(settings.state / FILE) as rows:
        assert rows.execute("SELECT asked, opened FROM waiting").fetchall() == [(1, 1)]


def test_what_is_typed_is_counted_when_it_is_meant(own: Reader, settings: Settings) -> None:
    page = own.open("/tim-kiem?q=nghị+quyết")
    told = beacons(page)
    box = page.locator("#tim input[name=q]")
    box.fill("chuyển đổi số")
    expect(page.locator("h1")).to_contain_text("chuyển đổi số")
    assert told == []
    box.press("Escape")
    box.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    assert told == ["viec=hoi&q=chuyển đổi số&rong="]


def test_the_operators_pages_are_readable_at_every_width(own: Reader, settings: Settings) -> None:
    kept = Statistics(settings.state, 365)
    for client in "abcdef":
        kept.asked("query", "giờ mở cửa thư viện huyện vào các ngày lễ, tết và cuối tuần", client, empty=True)
    page = own.open("/quan-tri")
    assert Axe().run(page).violations_count == 0 and page.locator("main input:visible").count() == 1
    page.fill("#ma", TOKEN)
    page.locator("main button").click()
    expect(page.locator("h1")).to_have_text("Quản trị")
    key = page.evaluate("fetch('/api/v1/search?q=a').then(a => a.json()).then(a => a.results[0].id)")
    for path in ("/quan-tri", "/quan-tri/thong-ke", f"/quan-tri/bai/{key}", "/theo-doi?q=nghị+quyết"):
        for width in (390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(own.site + path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found] == [], path
