"""Provisions from a query to the place in the text: 40 spellings, the page by parts, addresses, the API."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searchapp.assistants import Tools
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search import search
from searchapp.web import create_app

WORDS = "Nhà nước bảo đảm quyền của người dân theo pháp luật và có chính sách hỗ trợ phù hợp."


def law(count: int, chapter: int, words: str = WORDS) -> str:
    lines = []
    for number in range(1, count + 1):
        if number % chapter == 1:
            lines += [f"Chương {number // chapter + 1}", "QUY ĐỊNH CỦA CHƯƠNG"]
        lines += [f"Điều {number}. Quy định thứ {number}", f"1. {words}", "2. Các trường hợp khác gồm:"]
        lines += [f"a) Trường hợp một của Điều {number};", "b) Trường hợp hai theo khoản 1 Điều này."]
    return "\n".join(lines)


def row(number: str, title: str, kind: str, issuer: str, date: str, text: str) -> dict[str, str]:
    facts = {"number": number, "title": title, "kind": kind, "issuer": issuer, "date": date, "text": text}
    return {"id": number, "source": "Công báo", **facts}


BIG = "Hợp đồng, tài sản, thừa kế và bồi thường thiệt hại do các bên tự thỏa thuận với nhau. " * 6
ROWS = [
    row("91/2015/QH13", "Bộ luật Dân sự", "Bộ luật", "Quốc hội", "2015-11-24", law(400, 20, BIG)),
    row("45/2019/QH14", "Bộ luật Lao động", "Bộ luật", "Quốc hội", "2019-11-20", law(60, 12)),
    row("45/2013/QH13", "Luật Đất đai", "Luật", "Quốc hội", "2013-11-29", law(30, 10)),
    row("31/2024/QH15", "Luật Đất đai", "Luật", "Quốc hội", "2024-01-18", law(30, 10)),
    row("30/2020/NĐ-CP", "Về công tác văn thư", "Nghị định", "Chính phủ", "2020-03-05", law(38, 10)),
    row("158/2025/NĐ-CP", "Về bảo hiểm xã hội", "Nghị định", "Chính phủ", "2025-06-25", law(20, 10)),
    row(
        "12/2024/TT-BLĐTBXH", "Về tiền lương", "Thông tư", "Bộ Lao động - Thương binh và Xã hội", "2024-11-14",
        law(12, 6) + "\nKT. BỘ TRƯỞNG\nLê Văn An\nPhụ lục I\nDANH MỤC\n| Số | Tên |\n|---|---|\n| 1 | Một |",
    ),
    {"id": "phat", "title": "Xử phạt", "source": "Báo", "date": "2025-07-02",
     "text": "Mức phạt theo Nghị định số 77/2021/NĐ-CP ngày 1/8/2021 của Chính phủ về cây xanh."},
    {"id": "tin", "title": "Điều 7 được bàn nhiều", "source": "Báo", "date": "2025-07-01",
     "text": "Người dân hỏi về khoản 2 Điều 7 Nghị định số 158/2025/NĐ-CP.\nCơ quan đã trả lời rõ."},
]  # fmt: skip

QUERIES = [
    ("nd 158 2025 dieu 7", "158/2025/NĐ-CP", "dieu-7"),
    ("điều 7 nghị định số 158 2025", "158/2025/NĐ-CP", "dieu-7"),
    ("điều 7 nghị định 158\\2025\\nđ-cp", "158/2025/NĐ-CP", "dieu-7"),
    ("điều 3 thông tư 12 của bộ lao động năm 2024", "12/2024/TT-BLĐTBXH", "dieu-3"),
    ("khoản 2 điều 7 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("khoan 2 dieu 7 nghi dinh 158/2025/nd-cp", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("đ7 nđ158/2025", "158/2025/NĐ-CP", "dieu-7"),
    ("d7 nd158/2025", "158/2025/NĐ-CP", "dieu-7"),
    ("đ.7 k.2 nđ 158/2025", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("k2 đ7 nđ 158/2025", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("k2đ7 nđ 158/2025", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("điều 7 khoản 2 nghị định 158/2025", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("Điều 7, khoản 2, điểm a Nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7-khoan-2-diem-a"),
    ("điểm a khoản 2 điều 7 nghị định số 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7-khoan-2-diem-a"),
    ("nghị định 158/2025 điều 7", "158/2025/NĐ-CP", "dieu-7"),
    ("158/2025/NĐ-CP điều 7", "158/2025/NĐ-CP", "dieu-7"),
    ("ĐIỀU 7 NGHỊ ĐỊNH 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("Ðiều 7 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("điều 7 của nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("quy định tại điều 7 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("nội dung điều 7 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("từ Điều 7 đến Điều 9 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("theo quy định tại các điều 7, 8 nghị định 158/2025/NĐ-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("điều 7 luật đất đai", "31/2024/QH15", "dieu-7"),
    ("khoản 2 điều 7 luật đất đai", "31/2024/QH15", "dieu-7-khoan-2"),
    ("khoản 2 điều 7 luật đất đai 2013", "45/2013/QH13", "dieu-7-khoan-2"),
    ("khoản 2 điều 7 luật đất đai năm 2024", "31/2024/QH15", "dieu-7-khoan-2"),
    ("luật đất đai điều 7", "31/2024/QH15", "dieu-7"),
    ("luật đất đai 2013 điều 7", "45/2013/QH13", "dieu-7"),
    ("dieu 7 luat dat dai 2024", "31/2024/QH15", "dieu-7"),
    ("điều 7 Luật 31/2024/QH15", "31/2024/QH15", "dieu-7"),
    ("đ7 luật đất đai", "31/2024/QH15", "dieu-7"),
    ("Điều 36 Bộ luật Lao động", "45/2019/QH14", "dieu-36"),
    ("điểm b khoản 2 điều 36 bộ luật lao động 2019", "45/2019/QH14", "dieu-36-khoan-2-diem-b"),
    ("dieu 36 bo luat lao dong", "45/2019/QH14", "dieu-36"),
    ("điều 351 bộ luật dân sự", "91/2015/QH13", "dieu-351"),
    ("điều 351 bộ luật dân sự 2015", "91/2015/QH13", "dieu-351"),
    ("điều 351 BLDS", "91/2015/QH13", "dieu-351"),
    ("điều 351 blds 2015", "91/2015/QH13", "dieu-351"),
    ("đ351 91/2015/QH13", "91/2015/QH13", "dieu-351"),
    ("điều 8 nghị định 30/2020/NĐ-CP", "30/2020/NĐ-CP", "dieu-8"),
    ("nd 30/2020 dieu 8", "30/2020/NĐ-CP", "dieu-8"),
    ("điều 3 thông tư 12/2024/TT-BLĐTBXH", "12/2024/TT-BLĐTBXH", "dieu-3"),
    ("đ3 tt12/2024", "12/2024/TT-BLĐTBXH", "dieu-3"),
    ("điều 3 thông tư 12/2024 của bộ lao động", "12/2024/TT-BLĐTBXH", "dieu-3"),
    ("phụ lục I thông tư 12/2024/TT-BLĐTBXH", "12/2024/TT-BLĐTBXH", "phu-luc-1"),
    ("chương 2 nghị định 30/2020/NĐ-CP", "30/2020/NĐ-CP", "chuong-2"),
    ("điều 7 luật đất đai quy định gì", "31/2024/QH15", "dieu-7"),  # further words
    ("điều 7 luật đất đai chính sách hỗ trợ", "31/2024/QH15", "dieu-7"),
    ("chính sách hỗ trợ theo khoản 1 điều 7 luật đất đai 2013", "45/2013/QH13", "dieu-7-khoan-1"),
    ("điều 351 blds 2015 mức phạt", "91/2015/QH13", "dieu-351"),
    ("dieu 351 blds muc phat", "91/2015/QH13", "dieu-351"),
    ("điều 36 bộ luật lao động 2019 quy định về gì", "45/2019/QH14", "dieu-36"),
    ("Article 7 Decree 158/2025/ND-CP", "158/2025/NĐ-CP", "dieu-7"),
    ("Clause 2 Article 7 of Decree No. 158/2025/ND-CP", "158/2025/NĐ-CP", "dieu-7-khoan-2"),
    ("điều 36-40 bộ luật lao động 2019", "45/2019/QH14", "dieu-36"),
    ("quy định thứ 7 luật đất đai 2013", "45/2013/QH13", "dieu-7"),  # by its heading
    ("quy dinh thu 36 cua bo luat lao dong", "45/2019/QH14", "dieu-36"),
    ("bộ luật lao động quy định thứ 36", "45/2019/QH14", "dieu-36"),
    ("quy định thứ 8 trong nghị định 30/2020/NĐ-CP", "30/2020/NĐ-CP", "dieu-8"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("provisions")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "laws.jsonl").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in ROWS), "utf-8")
    made = replace(Settings(), index=folder / "index", corpus=(corpus,))
    report = reindex(made.corpus, made.index, made, jobs=1)
    assert not report.skipped, report.lines()
    return made


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return open_engine(settings)()


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[FlaskClient]:
    yield create_app(settings).test_client()


def key_of(engine: Engine, number: str) -> str:
    return next(one.article for one in engine.documents(number) if one.article)


@pytest.mark.parametrize(("query", "number", "ident"), QUERIES, ids=[query for query, _, _ in QUERIES])
def test_a_provision_is_answered_by_its_number(engine: Engine, query: str, number: str, ident: str) -> None:
    page = search(engine, Query(text=query))
    assert page.provision is not None
    assert (page.provision.article.number, page.provision.id, page.provision.exact) == (number, ident, True)
    assert page.hits[0].article.number == number
    assert [one.id for one in page.hits[0].provisions] == [ident]
    assert page.provision.text


def test_an_assistant_is_told_the_provision_that_it_asks_for(engine: Engine, settings: Settings) -> None:
    tools = Tools(lambda: engine, settings)
    told = tools.search("khoản 2 điều 7 luật đất đai 2013")["provision"]
    assert (told["id"], told["exact"]) == ("dieu-7-khoan-2", True) and told["label"].startswith("Khoản 2 Điều 7")
    read = tools.read_article(told["article"]["id"], provision=told["id"])["quote"]["text"]
    assert read.strip().startswith(told["text"].strip()[:60])
    assert tools.search("lương hưu")["provision"] is None


@pytest.mark.parametrize(
    "query",
    ["điều kiện hưởng lương hưu", "điều 7", "nghị định 158/2025/NĐ-CP", "điều 7 luật không có", '"điều 7 luật"'],
)
def test_other_queries_are_answered_by_their_words(engine: Engine, query: str) -> None:
    assert search(engine, Query(text=query)).provision is None


@pytest.mark.parametrize(
    ("query", "ident", "exact"),
    [("điều 99 nghị định 158/2025/NĐ-CP", "", False), ("khoản 9 điều 7 nghị định 158/2025/NĐ-CP", "dieu-7", False)],
)
def test_an_unknown_provision_is_told(engine: Engine, client: FlaskClient, query: str, ident: str, exact: bool) -> None:
    page = search(engine, Query(text=query))
    assert page.provision is not None
    assert (page.provision.id, page.provision.exact) == (ident, exact)
    text = client.get("/tim-kiem", query_string={"q": query}).text
    assert ("Văn bản này không có Điều 99" in text) == (ident == "")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("điểm a khoản 2 điều 5 nghị định 77/2021", ("điểm a khoản 2 Điều 5", "nghị định 77/2021")),
        ("nd 77 2021 dieu 9", ("Điều 9", "nd 77 2021")),
        ("mục 1 chương 2 nghị định 77/2021/NĐ-CP", ("Mục 1 Chương 2", "nghị định 77/2021/NĐ-CP")),
    ],
)
def test_a_provision_that_no_article_has_leads_to_the_articles_that_name_its_document(
    engine: Engine, client: FlaskClient, query: str, told: tuple[str, str]
) -> None:
    page = search(engine, Query(text=query))
    assert [hit.article.id for hit in page.hits] == ["phat"]
    assert ("provision-unheld", *told) in page.notices
    assert f"Ở đây chưa có {told[0]} của " in client.get("/tim-kiem", query_string={"q": query}).text


def test_filters_hold_beside_a_provision(engine: Engine) -> None:
    page = search(engine, Query(text="đ7 nđ158/2025", filters={"source": ("Báo",)}))
    assert [hit.article.source for hit in page.hits] == ["Báo"]
    assert page.total == 1


def test_hits_name_their_provisions(engine: Engine, client: FlaskClient) -> None:
    page = search(engine, Query(text="quy định thứ 17"))
    named = [one.label for hit in page.hits for one in hit.provisions]
    assert "Điều 17. Quy định thứ 17" in named
    assert all(len(hit.provisions) <= 3 for hit in page.hits)
    found: dict[str, Any] = client.get("/api/v1/search", query_string={"q": "quy định thứ 17"}).json or {}
    with_provision = [one for one in found["results"] if one["provisions"]]
    assert with_provision and all(one["provision"] == one["provisions"][0] for one in with_provision)


def test_of_the_provisions_in_a_snippet_the_one_with_most_of_the_words_leads(tmp_path: Path) -> None:
    text = "\n".join(
        f"Điều {n}. {name}\n{words}"
        for n, (name, words) in enumerate([
            ("Phạm vi", "Quy chế này áp dụng cho thư viện."), ("Nguyên tắc", "Bình đẳng giữa các bạn đọc."),
            ("Thẻ", "Thẻ bạn đọc có giá trị ba năm."), ("Hiệu lực", "Quy chế có hiệu lực từ hôm nay."),
        ], 1)
    )  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "title": "Quy chế", "text": text}), "utf-8")
    settings = Settings(index=tmp_path / "index")
    reindex([tmp_path / "a.jsonl"], settings.index, settings, jobs=1)
    page = search(open_engine(settings)(), Query(text="thẻ bạn đọc"))
    assert [one.id for one in page.hits[0].provisions][:1] == ["dieu-3"]


def test_a_long_text_comes_by_small_parts(engine: Engine, client: FlaskClient) -> None:
    key = key_of(engine, "91/2015/QH13")
    answer = client.get(f"/bai/{key}/dieu-351", headers={"Accept-Encoding": "gzip"}, follow_redirects=True)
    assert answer.status_code == 200
    assert len(answer.data) < 30_000
    page = gzip.decompress(answer.data).decode()
    assert 'id="dieu-351"' in page and 'id="dieu-351-khoan-2-diem-a"' in page
    assert 'id="dieu-1"' not in page
    assert 'rel="prev"' in page and 'rel="next"' in page
    whole = client.get(answer.request.path, query_string={"toan-van": "1"}).text
    assert all(f'id="dieu-{number}"' in whole for number in (1, 200, 351, 400))


def test_a_text_names_its_own_provisions_as_links(engine: Engine, client: FlaskClient) -> None:
    page = client.get(f"/bai/{key_of(engine, '30/2020/NĐ-CP')}", follow_redirects=True).text
    assert '<a class="see" href="#dieu-8-khoan-1">khoản 1 Điều này</a>' in page
    assert "<table>" not in page
    table = client.get(f"/bai/{key_of(engine, '12/2024/TT-BLĐTBXH')}", follow_redirects=True).text
    assert '<th scope="col">' in table and "|---|" not in table


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-7", "#dieu-7"),
        ("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-7-khoan-2", "#dieu-7-khoan-2"),
        ("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-7-khoan-99", "#dieu-7"),
        ("/van-ban/158/2025/NĐ-CP/dieu-7", "#dieu-7"),
        ("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/Chuong_I_Dieu_7", "#dieu-7"),
        ("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-99", "/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp"),
    ],
)
def test_an_address_of_a_provision_leads_to_its_place(client: FlaskClient, path: str, place: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.location.endswith(place)


def test_a_document_lists_what_cites_its_provisions(client: FlaskClient) -> None:
    page = client.get("/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp").text
    told = page[page.index("Bài nhắc từng điều") :]
    assert 'href="/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-7">Điều 7</a>' in told
    assert "Điều 7 được bàn nhiều</a>" in told


@pytest.mark.parametrize("path", ["/van-ban/khong-co/dieu-7", "/bai/000000000000/dieu-7"])
def test_a_provision_of_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_title_of_an_article_may_look_like_a_provision(engine: Engine, client: FlaskClient) -> None:
    found = search(engine, Query(text="Người dân hỏi về")).hits[0].article
    answer = client.get(f"/bai/{found.key}/dieu-7-duoc-ban-nhieu")
    assert answer.status_code == 200
    assert 'href="/van-ban/chinh-phu/nghi-dinh-158-2025-nd-cp/dieu-7-khoan-2"' in answer.text


def test_the_api_tells_outline_and_provision(engine: Engine, client: FlaskClient) -> None:
    key = key_of(engine, "158/2025/NĐ-CP")
    article = (client.get(f"/api/v1/articles/{key}").json or {})["article"]
    nodes = {node["id"]: node for node in article["outline"]}
    assert nodes["dieu-7"]["title"] == "Quy định thứ 7"
    assert nodes["dieu-7-khoan-2-diem-a"]["parent"] == "dieu-7-khoan-2"
    assert article["text"][nodes["dieu-7"]["start"] :].startswith("Điều 7. Quy định thứ 7")
    one = (client.get(f"/api/v1/articles/{key}/dieu-7-khoan-2").json or {})["provision"]
    assert one["text"].startswith("2. Các trường hợp khác") and one["url"].endswith("#dieu-7-khoan-2")
    assert client.get(f"/api/v1/articles/{key}/dieu-99").status_code == 404
    asked = client.get("/api/v1/search", query_string={"q": "đ7 nđ158/2025"}).json or {}
    assert asked["provision"]["id"] == "dieu-7" and asked["results"][0]["id"] == key
    assert (client.get("/api/v1/search", query_string={"q": "lương"}).json or {})["provision"] is None


def test_citations_in_the_api_have_their_provisions(client: FlaskClient) -> None:
    told = client.post(
        "/api/v1/citations", json={"text": "theo điểm a khoản 2 Điều 7 Nghị định số 158/2025/NĐ-CP"}
    ).json
    assert [one["pinpoint"] for one in (told or {})["citations"]] == [["7/2/a"]]


@pytest.mark.parametrize("part", ["1", "2", "3"])
def test_headings_leave_out_no_level(engine: Engine, client: FlaskClient, part: str) -> None:
    page = client.get(f"/bai/{key_of(engine, '91/2015/QH13')}?doan={part}", follow_redirects=True).text
    levels = [int(found) for found in re.findall(r"<h(\d)", page[page.index("<main") : page.index("</article>")])]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = re.findall(r'<nav class="parts" aria-label="([^"]+)"', page)
    assert len(names) == len(set(names)) == 2


# A codification: every Điều is an article of its own.


def part(ident: str, number: str, called: str, title: str, text: str, **more: str) -> dict[str, str]:
    kind = "Nghị định" if "NĐ" in number else "Nghị quyết" if called.startswith("Nghị quyết") else "Luật"
    year = number.split("/")[1]
    row = {"id": ident, "number": number, "kind": kind, "document_title": called, "title": title, "text": text}
    return {**row, "date": f"{year}-06-17", "issuer": "Chính phủ" if "NĐ" in number else "Quốc hội", **more}


_VBPL = "http://vbpl.vn/TW/Pages/vbpq-toanvan.aspx?ItemID="
_BODY = "1. Doanh nghiệp có người đại diện.\n2. Điều lệ quy định cụ thể:\na) Số lượng;\nb) Chức danh."
PARTS = [
    part("by-address", "59/2020/QH14", "Luật Doanh nghiệp", "Người đại diện", _BODY, url=f"{_VBPL}1#Chuong_I_Dieu_12"),
    part("older", "68/2014/QH13", "Luật Doanh nghiệp", "Điều lệ", _BODY, url=f"{_VBPL}2#Dieu_12"),
    part(
        "by-note", "59/2020/QH14", "Luật Doanh nghiệp", "Quyền của doanh nghiệp", "Tự do kinh doanh.",
        cite="(Điều 7 Luật số 59/2020/QH14, có hiệu lực thi hành kể từ ngày 01/01/2021)",
    ),
    part("by-heading", "59/2020/QH14", "Luật Doanh nghiệp", "Điều 8. Nghĩa vụ của doanh nghiệp", "Nộp thuế."),
    part("by-line", "59/2020/QH14", "Luật Doanh nghiệp", "Báo cáo", "Điều 9. Báo cáo\n1. Hằng năm.\n2. Hằng quý."),
    part(
        "by-line-of-source", "123/2020/NĐ-CP", "Quy định về hóa đơn, chứng từ", "Điều 33.7.NĐ.5.8. Loại hóa đơn",
        "(Điều 8 Nghị định số 123/2020/NĐ-CP, có hiệu lực thi hành kể từ ngày 01/7/2022)\nHóa đơn gồm các loại.",
    ),
    part(
        "amending", "03/2022/QH15", "Luật sửa đổi, bổ sung một số điều của Luật Doanh nghiệp", "Sửa đổi Luật",
        "Sửa đổi, bổ sung Điều 12 của Luật Doanh nghiệp:\n“Điều 12. Người đại diện\nCó thể có nhiều người.”",
        url=f"{_VBPL}3#Dieu_7",
    ),
    part(
        "notes", "123/2020/NĐ-CP", "Quy định về hóa đơn, chứng từ", "Ủy nhiệm", "(Điều 3)\n" * 3000 + "Lập hóa đơn.",
        url=f"{_VBPL}8#Dieu_3",
    ),
    part("letter", "72/2013/NĐ-CP", "Về Internet", "Thu hồi", "Bị thu hồi.", url=f"{_VBPL}4#Dieu_32e_Dieu_35%C4%91"),
    # What contradicts itself, or another article, answers nothing.
    part("one", "72/2013/NĐ-CP", "Về Internet", "Một", "Lời thứ nhất.", url=f"{_VBPL}4#Dieu_5"),
    part("other", "72/2013/NĐ-CP", "Về Internet", "Hai", "Lời thứ hai, không giống.", url=f"{_VBPL}4#Dieu_5"),
    part("two", "72/2013/NĐ-CP", "Về Internet", "Điều 6. Ba", "Lời thứ ba.", url=f"{_VBPL}4#Dieu_16"),
    part(
        "foreign", "72/2013/NĐ-CP", "Về Internet", "Bốn", "Lời thứ tư.",
        cite="(Điều 9 Nghị định số 27/2018/NĐ-CP, có hiệu lực thi hành kể từ ngày 15/4/2018)",
    ),
    # One of two laws whose names begin alike; the other is cited alone.
    part(
        "water", "23/2004/QH11", "Luật Giao thông đường thủy nội địa", "Luồng",
        "Theo Luật Giao thông đường bộ số 23/2008/QH12.", url=f"{_VBPL}7#Dieu_4",
    ),
    part(
        "road", "11/2010/NĐ-CP", "Về kết cấu hạ tầng giao thông đường bộ", "Căn cứ",
        "Căn cứ Luật Giao thông đường bộ ngày 13 tháng 11 năm 2008.",
    ),
    # A law and a resolution of one number.
    part(
        "law", "18/2008/QH12", "Luật Năng lượng nguyên tử", "Áp dụng", "Theo Luật này.", date="2008-06-03",
        url=f"{_VBPL}5#Dieu_4",
    ),
    part("resolution", "18/2008/QH12", "Nghị quyết về y tế", "Giám sát", "Quốc hội giám sát.", url=f"{_VBPL}6#Dieu_4"),
]  # fmt: skip


@pytest.fixture(scope="module")
def codified(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("codified")
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in PARTS), "utf-8")
    made = Settings(index=folder / "index")
    report = reindex([folder / "rows.jsonl"], made.index, made, jobs=1)
    assert not report.skipped and not any("unknown key" in line for line in report.lines())
    return create_app(made).test_client()


@pytest.mark.parametrize(
    ("query", "article", "label", "text"),
    [
        ("Điều 12 Luật Doanh nghiệp 2020", "by-address", "Điều 12. Người đại diện", "1. Doanh nghiệp có"),
        ("Điều 12 Luật Doanh nghiệp", "by-address", "Điều 12. Người đại diện", "1. Doanh nghiệp có"),
        ("điều 12 luật doanh nghiệp 2014", "older", "Điều 12. Điều lệ", "1. Doanh nghiệp có"),
        ("khoản 2 Điều 12 Luật 59/2020/QH14", "by-address", "Khoản 2 Điều 12. Người đại diện", "2. Điều lệ quy"),
        ("d12 k2 luat doanh nghiep 2020", "by-address", "Khoản 2 Điều 12. Người đại diện", "2. Điều lệ quy"),
        ("điểm b khoản 2 điều 12 luật doanh nghiệp", "by-address", "Điểm b khoản 2 Điều 12. Người đại diện", "b) Chức"),
        ("Điều 7 Luật Doanh nghiệp 2020", "by-note", "Điều 7. Quyền của doanh nghiệp", "Tự do kinh doanh."),
        ("Điều 8 Luật Doanh nghiệp 2020", "by-heading", "Điều 8. Nghĩa vụ của doanh nghiệp", "Nộp thuế."),
        ("Điều 9 Luật Doanh nghiệp 2020", "by-line", "Điều 9. Báo cáo", "1. Hằng năm."),
        ("Điều 8 Nghị định 123/2020/NĐ-CP", "by-line-of-source", "Điều 8. Loại hóa đơn", "Hóa đơn gồm"),
        ("Điều 3 Nghị định 123/2020/NĐ-CP", "notes", "Điều 3. Ủy nhiệm", "(Điều 3)\n(Điều 3)"),
        ("Điều 7 Luật 03/2022/QH15", "amending", "Điều 7. Sửa đổi Luật", "Sửa đổi, bổ sung Điều 12"),
        ("điều 35đ nghị định 72/2013/NĐ-CP", "letter", "Điều 35đ. Thu hồi", "Bị thu hồi."),
        ("điều 4 luật năng lượng", "law", "Điều 4. Áp dụng", "Theo Luật này."),  # the beginning of one name alone
        ("điều 12 luật dn", "by-address", "Điều 12. Người đại diện", "1. Doanh nghiệp có"),
        ("dieu 4 luat giao thong duong thuy", "water", "Điều 4. Luồng", "Theo Luật Giao thông"),
        ("Điều 4 Luật Năng lượng nguyên tử", "law", "Điều 4. Áp dụng", "Theo Luật này."),
    ],
)  # fmt: skip
def test_an_article_that_is_one_provision_answers_for_it(
    codified: FlaskClient, query: str, article: str, label: str, text: str
) -> None:
    told = codified.get("/api/v1/search", query_string={"q": query}).get_json()
    found = told["provision"]
    first = codified.get(f"/api/v1/articles/{told['results'][0]['id']}").get_json()["article"]
    assert (first["url"].rpartition("/")[2], found["label"]) == (found["article"]["url"].rpartition("/")[2], label)
    assert found["exact"] is True and found["text"].startswith(text)
    assert first["title"] == next(one["title"] for one in PARTS if one["id"] == article)
    assert [one["number"] for one in told["documents"]] == [next(o["number"] for o in PARTS if o["id"] == article)]
    page = codified.get("/tim-kiem", query_string={"q": query}).text
    assert label in page and "Đọc trong toàn văn" in page and "Văn bản này không có" not in page


@pytest.mark.parametrize(
    "query",
    [
        "Điều 5 Nghị định 72/2013/NĐ-CP",
        "Điều 6 Nghị định 72/2013/NĐ-CP",
        "Điều 16 Nghị định 72/2013/NĐ-CP",
        "Điều 9 Nghị định 72/2013/NĐ-CP",
        "Điều 99 Luật Doanh nghiệp 2020",
        "Điều 12 Luật Doanh nghiệp 2005",
        "Điều 12 Luật 03/2022/QH15",
        "điều 4 luật giao thông",
        "điều 4 luật giao thông đường",
    ],
)
def test_no_article_answers_for_a_provision_in_doubt(codified: FlaskClient, query: str) -> None:
    assert codified.get("/api/v1/search", query_string={"q": query}).get_json()["provision"] is None


def test_a_document_held_in_parts_lists_them_in_order_and_its_card_leads_there(codified: FlaskClient) -> None:
    address = "/van-ban/quoc-hoi/luat-59-2020-qh14"
    held = re.search(r'<details class="held" id="cac-dieu".*?</details>', codified.get(address).text, re.DOTALL)
    assert held is not None
    listed = re.findall(r'<li><a href="(/bai/[^"]+)">([^<]+)</a>', held.group())
    headings = [heading for _, heading in listed]
    assert headings == [
        "Điều 7. Quyền của doanh nghiệp", "Điều 8. Nghĩa vụ của doanh nghiệp", "Điều 9. Báo cáo",
        "Điều 12. Người đại diện",
    ]  # fmt: skip
    assert f"Đọc {len(listed)} điều, phần có ở đây" in held.group()
    assert all(codified.get(url).status_code == 200 for url, _ in listed)
    card = codified.get("/tim-kiem?q=59/2020/QH14").text
    assert f'href="{address}#cac-dieu"' in card and "chưa có toàn văn" not in card


@pytest.mark.parametrize("words", ["tự do kinh doanh", "nộp thuế", "hằng năm"])
def test_further_words_hold_and_what_is_listed_is_counted(codified: FlaskClient, words: str) -> None:
    told = codified.get("/api/v1/search", query_string={"q": f"điều 12 luật doanh nghiệp 2020 {words}"}).get_json()
    assert told["provision"]["label"] == "Điều 12. Người đại diện"
    snippet = "".join(piece["text"] for piece in told["results"][0]["snippet"])
    assert told["total"] == len(told["results"]) and words in snippet.lower()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/van-ban/quoc-hoi/luat-59-2020-qh14/dieu-12", "nguoi-dai-dien"),
        ("/van-ban/quoc-hoi/luat-59-2020-qh14/dieu-12-khoan-2", "nguoi-dai-dien"),
        ("/van-ban/quoc-hoi/luat-59-2020-qh14/Chuong_I_Dieu_7", "quyen-cua-doanh-nghiep"),
        ("/van-ban/chinh-phu/nghi-dinh-72-2013-nd-cp/dieu-35dd", "thu-hoi"),
        ("/van-ban/quoc-hoi/luat-59-2020-qh14/dieu-99", "luat-59-2020-qh14"),
    ],
)
def test_an_address_of_a_provision_leads_to_its_article(codified: FlaskClient, path: str, title: str) -> None:
    answer = codified.get(path)
    assert answer.status_code == 302 and answer.location.endswith(f"/{title}")
