"""Accents restored from the index, on the sample corpus: what is offered, and that one click locks it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query, Word
from searchapp.search import search
from searchapp.search.diacritics import OFFERED, SHARE, spellings
from searchapp.text.normalize import fold
from searchapp.text.tokens import tokens
from searchapp.web import create_app

Current = Callable[[], Engine]


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Current) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cai cach hanh chinh", '"cải cách hành chính"'),
        ("CAI CACH HANH CHINH", '"cải cách hành chính"'),
        ("dang bo", '"đảng bộ"'),
        ("y te", '"y tế"'),
        ("ky luat", '"kỷ luật"'),
        ("van hoa", '"văn hóa"'),
        ("phong chong dich", '"phòng chống dịch"'),  # also where a comma stands between
        ("tram y te luu dong", '"trạm y tế lưu động"'),
        ("nam 2021", '"năm" 2021'),
        ("tphcm ban hanh", 'tphcm "ban hành"'),
        ("luu dong cai cach", '"lưu động" "cải cách"'),  # nowhere side by side
    ],
)
def test_the_likeliest_spelling_is_that_of_the_articles(sample_engine: Current, typed: str, first: str) -> None:
    found = spellings(sample_engine(), [Word(token.key) for token in tokens(typed)])
    assert found[0].query == first
    assert found[0].text == first.replace('"', "")


@pytest.mark.parametrize(
    "typed",
    ["cải cách hanh chinh", '"cai cach"', "-cai cach", "cai OR cach", "05-NQ/TU", "xyzzy", "covid", "", "2021", "ca*",
     unicodedata.normalize("NFD", "đảng bộ"), " ".join(["dang"] * 13)],
)  # fmt: skip
def test_nothing_is_offered_where_accents_were_typed_or_nothing_is_likelier(sample_engine: Current, typed: str) -> None:
    assert search(sample_engine(), Query(text=typed, sort="newest") if typed else Query()).accented == ()


def test_counts_are_what_the_offered_query_finds_under_the_same_filters(sample_engine: Current) -> None:
    engine = sample_engine()
    for typed in ("dang", "cai cach hanh chinh", "ban", "chi bo", "nghi quyet trung uong"):
        for filters in ({}, {"date": ("2021",)}):
            page = search(engine, Query(text=typed, filters=filters))
            assert len(page.accented) <= OFFERED
            for way in page.accented:
                locked = search(engine, Query(text=way.query, filters=filters))
                assert locked.total == way.total > 0
                assert fold(way.text) == typed
                assert locked.accented == ()


@pytest.mark.parametrize(
    "typed",
    [
        'nguon:"Báo Sông Sài Gòn" phogn dich',
        'nguon:"Báo Sông Sài Gòn" phogn',
        'nguon:"Báo Sông Sài Gòn" cai cach',
        "dan van tu:2021",
        "chu-de:dan-van nghi quyet",
        "phogn dich -covid",
        "phogn OR dich",
        '"nghị quyết" phogn',
        "nam 2021",
        "dai hoi 13",
        "bi thu TP HCM",
    ],
)
def test_an_offer_keeps_the_rest_of_the_query_and_opens_its_count(client: FlaskClient, typed: str) -> None:
    """Fields, phrases, exclusions and numbers stand in the offered query; a number stays beside its word."""
    told = client.get("/api/v1/search", query_string={"q": typed}).get_json()
    offers = [*told["query"]["accented"], *told["query"]["did_you_mean"]]
    assert offers or "corrected" in {one["code"] for one in told["query"]["interpreted"]}
    for offer in offers:
        opened = client.get("/api/v1/search", query_string={"q": offer["q"]}).get_json()
        assert opened["total"] == offer["total"], offer
        if offer in told["query"]["accented"] and told["step"] == opened["step"] == 1:
            assert opened["total"] <= told["total"], offer
    for sign in ("nguon:", "tu:2021", "chu-de:", "-covid", "OR", '"nghị quyết"', "2021", "13", "TP HCM"):
        assert all(sign in offer["q"] for offer in offers) or sign not in typed


def test_what_is_truly_ambiguous_has_several_spellings(sample_engine: Current) -> None:
    page = search(sample_engine(), Query(text="dang"))
    texts = [way.text for way in page.accented]
    assert texts[0] == "đảng"
    assert len(texts) > 1
    totals = [way.total for way in page.accented]
    assert totals == sorted(totals, reverse=True)
    assert min(totals) >= SHARE * totals[0]


def test_every_locked_result_has_the_accents(sample_engine: Current) -> None:
    page = search(sample_engine(), Query(text='"đảng"', size=50))
    for hit in page.hits:
        keys = {token.key for token in tokens(f"{hit.article.title}\n{hit.article.text}")}
        assert "đảng" in keys


def test_the_page_offers_the_spelling_and_one_click_locks_it(client: FlaskClient) -> None:
    page = client.get("/tim-kiem", query_string={"q": "cai cach hanh chinh"}).get_data(as_text=True)
    offered = re.search(r'Chỉ tìm đúng dấu: <a\s+href="([^"]+)"><b>cải cách hành chính</b></a> \((\d+)\)', page)
    assert offered
    locked = client.get(unescape(offered[1])).get_data(as_text=True)
    assert f'<h1 tabindex="-1" id="ket-qua">{offered[2]} kết quả' in locked
    assert "Chỉ tìm đúng dấu" not in locked
    told = client.get("/api/v1/search", query_string={"q": "cai cach hanh chinh"}).get_json()["query"]["accented"]
    assert told[0]["text"] == "cải cách hành chính"
    assert told[0]["total"] == int(offered[2])
    english = client.get("/tim-kiem", query_string={"q": "cai cach", "lang": "en"}).get_data(as_text=True)
    assert "Only with these accents" in english


def test_spellings_are_counted_not_guessed(tmp_path: Path) -> None:
    for number, text in enumerate(["bản đồ mới"] * 4 + ["bán đồ cũ"] * 2 + ["ban do"] * 3 + ["bạn đó"]):
        (tmp_path / f"{number}.txt").write_text(f"Bài số {number}: {text}.", encoding="utf-8")
    settings = Settings(index=tmp_path / "index")
    reindex([tmp_path], settings.index, settings, jobs=1)
    engine = open_engine(settings)()
    page = search(engine, Query(text="ban do"))
    assert [(way.text, way.total) for way in page.accented] == [("bản đồ", 4), ("bán đồ", 2), ("bạn đó", 1)]
