"""Pages lead on: without results, at the end of what can be paged, beside undated articles, and by useful facets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.web import create_app


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


def shown(client: FlaskClient, url: str) -> str:
    return client.get(url).get_data(as_text=True)


def test_words_that_find_nothing_are_told_apart_from_those_that_do(client: FlaskClient) -> None:
    page = shown(client, "/tim-kiem?q=qwrtp+zzkkq")
    assert "qwrtp: không có bài nào" in page and "zzkkq: không có bài nào" in page


def test_filters_that_leave_nothing_can_be_given_up(client: FlaskClient) -> None:
    page = shown(client, "/tim-kiem?q=d%C3%A2n+v%E1%BA%ADn&tu=1990&den=1991")
    assert "Xóa hết bộ lọc" in page and "dân:" in page


@pytest.mark.parametrize("typed", ["15/9/2021", "09/2021", "2021"])
def test_days_are_typed_and_shown_in_vietnamese_order(client: FlaskClient, typed: str) -> None:
    page = shown(client, f"/tim-kiem?tu={typed}")
    first = re.search(r'name="tu" value="([^"]*)"', page)
    assert first and re.fullmatch(r"(?:15/9|01/9|01/01)/2021", first[1])
    assert 'type="date"' not in page


def test_the_most_useful_facets_come_first_and_the_others_are_folded(client: FlaskClient) -> None:
    names = re.findall(r'<fieldset class="facet( folded)?" data-facet="([a-z]+)"', shown(client, "/tim-kiem"))
    assert [name for _, name in names][:5] == ["date", "type", "issuer", "theme", "document"]
    assert {name for folded, name in names if folded} >= {"source", "section"}
    chosen = shown(client, "/tim-kiem?nguon=B%C3%A1o+S%C3%B4ng+S%C3%A0i+G%C3%B2n")
    assert '<fieldset class="facet" data-facet="source"' in chosen


def test_a_facet_with_one_value_is_no_choice(client: FlaskClient) -> None:
    url = "/tim-kiem?q=05-NQ%2FTU&nam=2022"
    page, told = shown(client, url), client.get("/api/v1/search?q=05-NQ%2FTU&nam=2022").get_json()["facets"]
    single = {name for name, facet in told.items() if name != "date" and len(facet["values"]) == 1}
    assert [name for name in single if f'data-facet="{name}"' in page] == []


def test_the_timeline_tells_how_many_articles_it_leaves_out(client: FlaskClient) -> None:
    page = shown(client, "/tim-kiem")
    found = re.search(r'<p class="say undated"><a href="([^"]+)">\+ (\d+) bài không rõ ngày', page)
    assert found and int(found[2]) == client.get("/api/v1/search?ngay=khong-ro").get_json()["total"]


def test_a_word_that_no_article_has_is_told_beside_what_the_others_find(client: FlaskClient) -> None:
    assert "Không bài nào có “qwrtp”" in shown(client, "/tim-kiem?q=nghị+quyết+qwrtp")
    assert "Không bài nào có" not in shown(client, "/tim-kiem?q=nghị+quyết")


def test_a_reason_that_the_page_tells_is_not_said_at_each_hit(client: FlaskClient) -> None:
    page = shown(client, "/tim-kiem?q=nghị+quyết+qwrtp")
    assert "Gồm cả: NQ" in page and "qua từ viết tắt" not in page and "chỉ một phần các từ" not in page


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": "a", "title": "Bài không ngày", "text": "Nội dung tiếng Việt không có ngày tháng nào."}],
        [{"id": "a", "title": "Bài của năm", "text": "Nội dung tiếng Việt chỉ biết năm.", "date": "2021"}],
        [{"id": "a", "title": "Nghị quyết 05", "text": "Theo Nghị quyết số 05-NQ/TU.", "date": "2021-09"}],
    ],
    ids=["undated", "a year", "a month"],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_link_of_a_small_archive_can_be_opened(rows: list[dict[str, str]], lang: str, tmp_path: Path) -> None:
    """An archive without a day, a theme or a document has the same menu; no place of it is empty."""
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = create_app(settings, open_engine(settings)).test_client()
    seen: dict[str, int] = {}
    new = {f"/?lang={lang}", f"/tim-kiem?lang={lang}", f"/tim-kiem?q=khong+co&lang={lang}"}
    while new and len(seen) < 150:
        link = new.pop()
        answer = site.get(link, follow_redirects=True)
        seen[link] = answer.status_code
        if "html" in answer.content_type:
            new |= {unescape(found).partition("#")[0] for found in re.findall(r'href="(/[^"]*)"', answer.text)} - set(
                seen
            )
    assert len(seen) > 20
    assert any(link.startswith("/ngay") for link in seen) == ("date" in rows[0])  # no way to days where there are none
    assert {link: status for link, status in seen.items() if status >= 400} == {}
