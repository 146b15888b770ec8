"""On either engine the same: first ten, totals, steps and facets of 300 queries, and the pages of the sample site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from opensearch_support import cluster_settings, remove_everything

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from playwright.sync_api import expect

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.migrate import KINDS, compared
from searchapp.web import create_app

if TYPE_CHECKING:
    from browser_support import Reader  # pytest imports it, as a plugin

pytest_plugins = ("browser_support",)

QUERIES = 300
ENOUGH = 0.99
"""Share of queries with the same first ten; the others may change places among articles of one score."""


@pytest.fixture(scope="module")
def moved(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample corpus in the cluster, on more shards than one node has."""
    cluster = cluster_settings(shards=3, replicas=0)
    remove_everything(cluster)
    index: Path = tmp_path_factory.mktemp("parity")
    made = replace(sample_settings, engine="opensearch", opensearch=cluster, index=index)
    reindex(made.corpus, made.index, made, jobs=1)
    yield made
    remove_everything(cluster)


@pytest.fixture(scope="module")
def clients(
    moved: Settings, sample_settings: Settings, sample_engine: Callable[[], Engine]
) -> tuple[FlaskClient, FlaskClient]:
    """Of the sample site on the embedded engine, and on the cluster."""
    return create_app(sample_settings, sample_engine).test_client(), create_app(moved).test_client()


PAGES = (
    "/", "/tim-kiem?q=nghị+quyết", "/tim-kiem?q=nghi+quyet&nam=2021&trang=2", "/tim-kiem?q=05-NQ/TU",
    "/tim-kiem?q=zzzqqq", "/tim-kiem?q=ngjhi+quyet", '/tim-kiem?q="xây+dựng+đảng"&xep=moi', "/tim-kiem?q=",
    "/so-sanh?q=nghị+quyết", "/bai/ARTICLE", "/bai/ARTICLE?q=phuc+hoi", "/van-ban/DOCUMENT", "/van-ban?loai=nghi-quyet",
    "/ngay/2021-09-16", "/ngay/2021-10", "/chu-de/dan-van", "/chu-de", "/do-phu", "/tim-kiem?q=nghị+quyết&lang=en",
    "/api/v1/search?q=chuyen+doi+so", "/api/v1/suggest?q=ngh", "/api/v1/documents?size=50",
)  # fmt: skip
PASSING = re.compile(
    r"""\d+[.,]\d+\ (?:giây|s\b)|\?v=\w+|00000\d-\w{6}|lúc\ [\d/]+\ [\d:]+|"(?:took_ms|score)":[\d.]+""", re.VERBOSE
)
"""What differs from one request or index to the next; scores, which are sums of float32, in their last digit."""


def test_both_engines_rank_alike(
    moved: Settings, sample_engine: Callable[[], Engine], record_property: Callable[[str, object], None]
) -> None:
    found = list(compared(sample_engine(), open_engine(moved)(), QUERIES))
    assert {one.probe.kind for one in found} >= KINDS.keys()
    assert [one.probe.query.text for one in found if not one.counts] == []
    differ = [one.probe.query.text for one in found if not one.ranks]
    record_property("same first ten", f"{len(found) - len(differ)} of {len(found)}")
    assert len(differ) <= (1 - ENOUGH) * QUERIES, differ


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_letter_by_letter(
    clients: tuple[FlaskClient, FlaskClient], sample_pages: dict[str, str], path: str
) -> None:
    path = path.replace("ARTICLE", sample_pages["article"]).replace("DOCUMENT", sample_pages["document"])
    answers = [client.get(path, follow_redirects=True) for client in clients]
    assert [answer.status_code for answer in answers] == [200, 200]
    pages = [PASSING.sub("", answer.get_data(as_text=True)).splitlines() for answer in answers]
    assert pages[0] == pages[1]


@pytest.fixture(scope="module")
def site(serve: Callable[[Flask], str], moved: Settings) -> str:
    """Address of a server on the cluster: what `reader` opens in this module."""
    return serve(create_app(moved))


@pytest.mark.browser
def test_the_site_in_a_browser(reader: Reader) -> None:
    page = reader.open("/")
    page.locator("input[name=q]").press_sequentially("nghi quy")
    expect(page.get_by_role("option").first).to_contain_text("05-NQ/TU")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("kết quả cho “nghi quy”")
    page.goto(f"{reader.site}/tim-kiem?q=nghi+quyet")
    count = int(page.locator("fieldset[data-facet=theme] .count").first.inner_text().replace(".", ""))
    page.locator("fieldset[data-facet=theme] input").first.check()
    expect(page.locator("h1")).to_have_text(f"{count} kết quả cho “nghi quyet”")
    assert page.locator(".time svg a .bar").count() > 1
    page.locator("h2 a[href^='/bai/']").first.click()
    expect(page.locator("mark").first).to_be_visible()
    page.locator("a[href^='/van-ban/']").first.click()
    expect(page.locator("h1")).to_contain_text(re.compile(r"\d+[-/]"))
