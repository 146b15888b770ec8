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
    {
        "id": "rung", "date": "2021-12-29", "number": "22/2021/TT-BNNPTNT", "kind": "Thông tư", "title": "Giống cây",
        "issuer": "Bộ Nông nghiệp và Phát triển nông thôn", "document_title": "Quy định danh mục cây lâm nghiệp",
        "text": "Thông tư này quy định giống cây.",
    },
    {
        "id": "xe", "date": "2021-09-30", "number": "22/2021/TT-BGTVT", "kind": "Thông tư", "title": "Hồ sơ",
        "issuer": "Bộ Giao thông vận tải", "document_title": "Quy định về tiêu chuẩn đánh giá hồ sơ mời thầu",
        "text": "Thông tư này quy định hồ sơ.",
    },
    {"id": "truong", "title": "Nhà trường", "text": "Việc đánh giá học sinh được nhà trường đổi mới."},
    {"id": "tin", "title": "Chốt kiểm tra", "text": "Cảnh sát dừng xe theo Nghị định 100/2019/NĐ-CP ở nhiều nơi."},
]  # fmt: skip


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


@pytest.mark.parametrize(
    ("text", "numbers", "titles"),
    [
        ("tt 22/2021 đánh giá học sinh", [], ["Nhà trường"]),  # that of another body
        ("thông tư 22/2021 đánh giá hồ sơ", ["22/2021/TT-BGTVT"], ["Hồ sơ"]),
        ("thông tư 22/2021 cây lâm nghiệp", ["22/2021/TT-BNNPTNT"], ["Giống cây"]),
        ("thông tư 22/2021 còn hiệu lực không", ["22/2021/TT-BNNPTNT", "22/2021/TT-BGTVT"], ["Giống cây", "Hồ sơ"]),
    ],
)
def test_of_several_bodies_with_one_number_those_of_other_matters_are_strangers(
    client: FlaskClient, text: str, numbers: list[str], titles: list[str]
) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert sorted(one["number"] for one in found["documents"]) == sorted(numbers)
    assert sorted(one["title"] for one in found["results"]) == titles
    told = [one["values"] for one in found["query"]["interpreted"] if one["code"] == "words-alone"]
    assert told == ([] if numbers else [["tt 22/2021", "đánh giá học sinh"]])


@pytest.mark.parametrize("asks", ["toàn văn {}", "{} còn hiệu lực không", "nội dung {}", "{} mới nhất"])
def test_what_only_asks_about_a_number_of_many_leaves_all_of_them(client: FlaskClient, asks: str) -> None:
    alone = client.get("/api/v1/search", query_string={"q": "nghị định 100"}).json
    told = client.get("/api/v1/search", query_string={"q": asks.format("nghị định 100")}).json
    assert {one["id"] for one in told["documents"]} == {one["id"] for one in alone["documents"]}
    assert "words-alone" not in [one["code"] for one in told["query"]["interpreted"]]
