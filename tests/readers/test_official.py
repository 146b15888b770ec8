"""Signer and legal basis of official documents: from file or row through the index to page and API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from searchapp.article import Article, Record
from searchapp.config import Settings
from searchapp.engines import open_engine, stored
from searchapp.ingest import reindex
from searchapp.readers import markdown, sandbox
from searchapp.web import create_app

NAMED = "Nghị quyết số 905-NQ/TU ngày 15/9/2021 của Tỉnh ủy Bình Dương"
BASIS = ("Điều lệ Đảng Cộng sản Việt Nam", f"{NAMED} về trồng cây")
DIRECTIVE = f"""TỈNH ỦY BÌNH DƯƠNG
Số 07-CT/TU
ĐẢNG CỘNG SẢN VIỆT NAM
Thủ Dầu Một, ngày 05 tháng 3 năm 2022
CHỈ THỊ
Về tăng cường trồng cây trong trường học
- Căn cứ {BASIS[0]};
- Căn cứ {BASIS[1]};
Ban Thường vụ Tỉnh ủy yêu cầu:
1. Mỗi trường trồng thêm một trăm cây.
T/M BAN THƯỜNG VỤ
BÍ THƯ
Trần Văn An
"""
ROWS = (
    {"id": "nq", "title": "Về trồng cây", "text": "Tỉnh ủy quyết nghị trồng cây ở khắp nơi.", "number": "905-NQ/TU",
     "kind": "Nghị quyết", "issuer": "Tỉnh ủy Bình Dương", "date": "2021-09-15"},
    # Its text does not say what it rests on: the row does.
    {"id": "kh", "title": "Trồng cây quý một", "text": "Mỗi khu phố trồng mười cây xanh.", "number": "12-KH/TU",
     "kind": "Kế hoạch", "issuer": "Tỉnh ủy Bình Dương", "date": "2022-05-01", "signer": "Lê Thị Bình",
     "basis": f"Căn cứ {NAMED}; Luật Lâm nghiệp"},
    {"id": "tt", "title": "Nhiều căn cứ", "text": "Thông tư này hướng dẫn nhiều việc.", "number": "2/2021/TT-BNV",
     "kind": "Thông tư", "basis": [f"Căn cứ Nghị định số {n}/2020/NĐ-CP" for n in range(20, 32)]},
    {"id": "qd", "title": "Lập tổ trồng cây", "text": "Lập một tổ trồng cây.", "number": "31/2022/QĐ-UBND",
     "kind": "Quyết định", "issuer": "UBND tỉnh Bình Dương", "date": "2022-06-01",
     "basis": ["Căn cứ Luật Lâm nghiệp", "Luật Cây xanh ngày 5 tháng 6 năm 2020", "Luật Thủy sản"]},
    {"id": "luat", "title": "Rừng và luật", "date": "2023-01-02", "text": "Luật Lâm nghiệp 2004 được thay bằng Luật "
     "Lâm nghiệp 2017. Nay có Luật Lâm nghiệp năm 2023, Luật Thủy sản 2024 và Luật Cây xanh năm 2020."},
    {"id": "bao", "title": "Phường trồng cây", "text": "Sáng nay phường trồng cây.", "author": "Vũ Minh"},
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("official")
    (folder / "chi-thi.txt").write_text(DIRECTIVE, encoding="utf-8")
    rows = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (folder / "rows.jsonl").write_text(rows, encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "chi-thi.txt", folder / "rows.jsonl"))
    assert reindex(settings.corpus, settings.index, settings, jobs=1).articles == 7
    engine = open_engine(settings)
    yield create_app(settings, engine).test_client()
    engine().close()


def told(client: FlaskClient, title: str) -> dict[str, object]:
    found = client.get(f"/api/v1/search?q={title}&fields=id,title").get_json()["results"]
    key = next(one["id"] for one in found if one["title"].endswith(title))
    article: dict[str, object] = client.get(f"/api/v1/articles/{key}").get_json()["article"]
    return article


def test_a_file_says_who_signed_it_and_what_it_rests_on(client: FlaskClient) -> None:
    shown = told(client, "tăng cường trồng cây trong trường học")
    assert (shown["signer"], shown["author"]) == ("Trần Văn An", None)
    first, second = shown["basis"]  # type: ignore[misc]
    assert first == {"text": f"Căn cứ {BASIS[0]}", "documents": []}
    assert (second["text"], [one["number"] for one in second["documents"]]) == (f"Căn cứ {BASIS[1]}", ["905-NQ/TU"])
    page = client.get(shown["url"]).text  # type: ignore[arg-type]
    block = page.partition('<dl class="official">')[2].partition("</dl>")[0]
    link = f'href="{second["documents"][0]["url"]}"'
    assert "Căn cứ pháp lý" in block and f"<li>{BASIS[0]}</li>" in block and link in block
    assert "Người ký" in block and "Trần Văn An" in block


def test_a_basis_that_the_text_does_not_say_is_linked_too(client: FlaskClient) -> None:
    shown = told(client, "Trồng cây quý một")
    first, second = shown["basis"]  # type: ignore[misc]
    assert [one["number"] for one in first["documents"]] == ["905-NQ/TU"]
    (citation,) = shown["citations"]  # type: ignore[misc]
    assert (citation["key"], citation["document"]) == ("905-NQ/TU", first["documents"][0]["id"])
    cited = client.get(f"/api/v1/search?q=&van_ban={first['documents'][0]['id']}").get_json()["results"]
    assert shown["id"] in {one["id"] for one in cited}, "a basis is a citation, for facets and the document's page too"
    page = client.get(first["documents"][0]["url"]).text
    page = page.replace('<span class="whole">905-NQ/TU</span>', "905-NQ/TU")
    assert page.count("Căn cứ <mark>Nghị quyết số 905-NQ/TU</mark>") == 2, "with the sentence that cites it"
    assert (second["text"], shown["signer"]) == ("Luật Lâm nghiệp", "Lê Thị Bình")


def test_a_law_that_is_named_by_its_title_is_likely_the_last_before_that_day(client: FlaskClient) -> None:
    shown = told(client, "Lập tổ trồng cây")
    page = client.get(str(shown["url"])).text.partition('<dl class="official">')[2].partition("</dl>")[0]
    assert '<a class="cite doubt" href="/van-ban/quoc-hoi/luat-16-2017-qh14">Luật Lâm nghiệp</a>' in page
    assert "<li>Luật Thủy sản</li>" in page, "the only one that is known is younger"
    by_title, by_day, _ = shown["basis"]  # type: ignore[misc]
    assert by_title["documents"] == [], "a guess is not data"
    assert [one["id"] for one in by_day["documents"]] == [], "no Căn cứ before it"


def test_the_page_of_a_document_tells_the_same_as_its_text(client: FlaskClient) -> None:
    found = client.get("/api/v1/documents/07-CT%2FTU").get_json()["document"]
    assert found["signer"] == "Trần Văn An" and len(found["basis"]) == 2
    page = client.get(found["url"]).text
    assert "Người ký" in page and BASIS[0] in page.partition('<section class="basis"')[2]
    cited = client.get("/api/v1/documents/905-NQ%2FTU").get_json()["document"]
    assert (cited["signer"], cited["basis"]) == (None, [])


def test_many_bases_do_not_push_the_text_away(client: FlaskClient) -> None:
    page = client.get(str(told(client, "Nhiều căn cứ")["url"])).text
    shown, _, folded = page.partition('<dl class="official">')[2].partition("</dl>")[0].partition("<details>")
    assert (shown.count("<li>"), folded.count("<li>")) == (4, 8) and "Xem thêm 8" in folded


def test_an_article_that_is_no_document_has_no_block(client: FlaskClient) -> None:
    shown = told(client, "Phường trồng cây")
    assert (shown["signer"], shown["basis"], shown["author"]) == (None, [], "Vũ Minh")
    assert 'class="official"' not in client.get(shown["url"]).text  # type: ignore[arg-type]


def test_what_is_kept_and_sent_comes_back_the_same() -> None:
    article = Article(id="a", key="0" * 12, title="", text="Chữ.", signer="Trần Văn An", basis=("Luật A", "Luật B"))
    assert stored.unpack(stored.pack(article)) == stored.from_row(stored.as_row(article)) == article
    record = Record(text="Chữ.", signer="Trần Văn An", basis=("Luật A", "Luật B"))
    assert sandbox.decode(sandbox.encode([record])) == [record]


def test_an_index_of_before_opens_without_them() -> None:
    old = {"id": "a", "key": "0" * 12, "title": "", "text": "Chữ."}
    assert (stored.from_row(old).signer, stored.from_row(old).basis) == ("", ())


def test_front_matter_has_them() -> None:
    text = "---\ntitle: Kế hoạch\nsigner: Trần Văn An\nbasis:\n  - Căn cứ Luật A\n  - Luật B\n---\nChữ.\n"
    (record,) = markdown.read(text, "a.md")
    assert isinstance(record, Record)
    assert (record.signer, record.basis) == ("Trần Văn An", ("Căn cứ Luật A", "Luật B"))
