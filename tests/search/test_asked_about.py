"""Questions about a document by its name: the list is that of the name, where hardly an article has the words too."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app

LAW = {"number": "31/2024/QH15", "kind": "Luật", "document_title": "Luật Đất đai", "date": "2024-01-18"}
ROWS = [
    {**LAW, "title": "Người sử dụng đất", "text": "Người sử dụng đất theo Luật Đất đai gồm tổ chức và cá nhân."},
    {**LAW, "title": "Giá đất", "text": "Bảng giá đất được ban hành theo Luật Đất đai."},
    {
        "title": "Xe buýt mới",
        "text": "Tuyến xe buýt mới nhất của thành phố đi qua khu đất cũ của vành đai, theo luật giao thông.",
    },
    {"title": "Ngập lụt", "text": "Đợt mưa lớn nhất từ đầu năm làm ngập nhiều đường mới, nhà cửa trên đất thấp."},
    {"title": "Thay thế", "text": "Nghị định này bị bãi bỏ, có văn bản thay thế luật đất đai của chế độ cũ."},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("asked")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir()
    lines = (json.dumps({"id": str(number), **one}, ensure_ascii=False) for number, one in enumerate(ROWS))
    (settings.corpus / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    reindex([settings.corpus], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


@pytest.mark.parametrize(
    ("text", "same", "left"),
    [
        ("luật đất đai mới nhất", "luật đất đai", "mới nhất"),
        ("luat dat dai con hieu luc khong", "luat dat dai", "con hieu luc khong"),
        ("toàn văn luật đất đai", "luật đất đai", "toàn văn"),
        ("luật đất đai hợp nhất", "luật đất đai", "hợp nhất"),
        ("giải thích từ ngữ trong luật đất đai", "luật đất đai", "giải thích từ ngữ trong"),
        ("điều khoản chuyển tiếp luật đất đai", "luật đất đai", "điều khoản chuyển tiếp"),
        ("trách nhiệm thi hành của luật đất đai", "luật đất đai", "trách nhiệm thi hành của"),
        ("văn bản thay thế luật đất đai", "", ""),  # an article says it so
        ("xe buýt mới nhất", "", ""),  # no document has this name
        ("luật đất đai", "luật đất đai", ""),
        ('luật đất đai "mới nhất"', "", ""),  # a phrase is no question
    ],
)
def test_the_words_that_ask_are_not_sought_where_they_stand_near_the_name_nowhere(
    client: FlaskClient, text: str, same: str, left: str
) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    told = [one["values"][0] for one in found["query"]["interpreted"] if one["code"] == "asked-about"]
    assert told == ([left] if left else [])
    if same:
        alone = client.get("/api/v1/search", query_string={"q": same}).get_json()
        assert [one["id"] for one in found["results"]] == [one["id"] for one in alone["results"]]
        assert found["total"] == alone["total"] and found["documents"] == alone["documents"]


@pytest.mark.parametrize("text", ["luật đất đai mới nhất", "luật đất đai có hiệu lực từ ngày nào"])
def test_each_count_of_such_a_page_opens_as_many(client: FlaskClient, text: str) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": text}).text)
    assert "hỏi về văn bản, nên không dùng để tìm bài" in page
    offers = re.findall(r'href="([^"]*)">(\d+) bài (?:có|khớp)', page)
    assert offers
    for url, count in offers:
        assert client.get(url.replace("/tim-kiem", "/tim-kiem.json")).json["total"] == int(count)
