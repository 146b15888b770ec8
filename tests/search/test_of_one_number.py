"""Documents of one number, of which words beside it say which is meant."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app


def decree(year: int, called: str, text: str = "") -> dict[str, str]:
    text = text or f"Nghị định này quy định về nội dung của năm {year}."
    facts = {"number": f"100/{year}/NĐ-CP", "kind": "Nghị định", "document_title": called, "title": "Phạm vi"}
    return {"id": str(year), "date": f"{year}-03-01", **facts, "text": text}


ROWS = [
    decree(2013, "Quy định về lễ hội"),
    decree(2014, "Quy định về sữa cho trẻ nhỏ"),
    decree(2015, "Quy định về nhà ở xã hội"),
    decree(2016, "Quy định về thuế giá trị gia tăng"),
    decree(2019, "Xử phạt vi phạm hành chính trong giao thông đường bộ"),
    decree(2020, "Quy định về kinh doanh miễn thuế"),
    {"id": "tin", "title": "Chốt kiểm tra", "text": "Cảnh sát dừng xe theo Nghị định 100/2019/NĐ-CP ở nhiều nơi."},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("numbers")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir()
    lines = (json.dumps(one, ensure_ascii=False) for one in ROWS)
    (settings.corpus / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    reindex([settings.corpus], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("nghị định 100 phạt nồng độ cồn", [2019]),
        ("nghi dinh 100 phat nong do con", [2019]),
        ("nghị định 100 lễ hội", [2013]),
        ("nghị định 100 thuế", [2016, 2020]),  # two speak of it
        ("nghị định 100 thuế giá trị gia tăng", [2016]),
        ("nghị định 100 lệ phí", []),  # accents hold
        ("nghị định 100 quy định", []),  # titles of any document say so
        ("nghị định 100 nông thôn", []),
    ],
)
def test_words_of_a_title_say_which_of_many_is_meant(client: FlaskClient, text: str, years: list[int]) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert sorted(one["number"] for one in found["documents"]) == [f"100/{year}/NĐ-CP" for year in years]


def test_where_no_article_has_the_words_too_that_document_is_found(client: FlaskClient) -> None:
    found = client.get("/api/v1/search", query_string={"q": "nghị định 100 phạt nồng độ cồn"}).get_json()
    alone = client.get("/api/v1/search", query_string={"q": "100/2019/NĐ-CP"}).get_json()
    assert {one["id"] for one in found["results"]} == {one["id"] for one in alone["results"]}
    assert [one["values"] for one in found["query"]["interpreted"]] == [["phạt nồng độ cồn"]]
