"""A document by its number and its name together, as laws cite it and people paste it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search import search
from searchapp.web import create_app

ENTERPRISES = {
    "number": "59/2020/QH14", "kind": "Luật", "document_title": "Luật Doanh nghiệp", "issuer": "Quốc hội",
    "date": "2020-06-17",
}  # fmt: skip
LABOUR = {
    "number": "45/2019/QH14", "kind": "Bộ luật", "document_title": "Bộ luật Lao động", "issuer": "Quốc hội",
    "date": "2019-11-20",
}  # fmt: skip
INVOICES = {
    "number": "123/2020/NĐ-CP", "kind": "Nghị định", "document_title": "Quy định về hóa đơn, chứng từ",
    "issuer": "Chính phủ", "date": "2020-10-19",
}  # fmt: skip
TAXES = {
    "number": "80/2021/TT-BTC", "kind": "Thông tư", "issuer": "Bộ Tài chính", "date": "2021-09-29",
    "document_title": "Hướng dẫn thi hành một số điều của Luật Quản lý thuế và Nghị định số 126/2020/NĐ-CP",
}  # fmt: skip
CITY = {
    "number": "09-NQ/TU", "kind": "Nghị quyết", "document_title": "Phát triển đô thị", "date": "2021-11-02",
    "issuer": "Thành ủy TPHCM",
}  # fmt: skip
PROVINCE = {
    "number": "09-NQ/TU", "kind": "Nghị quyết", "document_title": "Cây cà phê", "date": "2021-08-06",
    "issuer": "Tỉnh ủy Đắk Lắk",
}  # fmt: skip
DOCUMENTS = (ENTERPRISES, LABOUR, INVOICES, TAXES, CITY, PROVINCE)
TITLES = ("Phạm vi điều chỉnh", "Giải thể", "Trách nhiệm của cơ quan nhà nước")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = tmp_path_factory.mktemp("pasted")
    settings = Settings(corpus=root / "corpus", index=root / "index")
    rows = [
        {**document, "title": title, "text": f"{title} được quy định như sau: việc {number} do cơ quan thực hiện."}
        for document in DOCUMENTS
        for number, title in enumerate(TITLES)
    ]
    settings.corpus.mkdir()
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (settings.corpus / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    reindex([settings.corpus], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


PASTED = [
    ("Luật Doanh nghiệp số 59/2020/QH14 ngày 17 tháng 6 năm 2020", ENTERPRISES),
    ("Căn cứ Luật Doanh nghiệp số 59/2020/QH14;", ENTERPRISES),
    ("luật doanh nghiệp ngày 17/6/2020", ENTERPRISES),
    ("luat doanh nghiep 59/2020", ENTERPRISES),
    ("luật DN số 59/2020/QH14", ENTERPRISES),
    ("bộ luật lao động 45/2019", LABOUR),
    ("Bộ luật Lao động số 45/2019/QH14", LABOUR),
    ("BLLĐ 45/2019/QH14", LABOUR),
    ("Nghị định số 123/2020/NĐ-CP ngày 19/10/2020 của Chính phủ quy định về hóa đơn, chứng từ", INVOICES),
    (
        "Thông tư số 80/2021/TT-BTC ngày 29/9/2021 của Bộ trưởng Bộ Tài chính hướng dẫn thi hành một số điều của Luật "
        "Quản lý thuế",
        TAXES,
    ),
]


@pytest.mark.parametrize(("text", "document"), PASTED, ids=[text[:40] for text, _ in PASTED])
def test_a_name_beside_the_number_is_no_word_to_be_found(
    client: FlaskClient, text: str, document: dict[str, str]
) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert answer["total"] == len(TITLES)
    assert [one["number"] for one in answer["documents"]] == [document["number"]]
    assert not answer["query"]["interpreted"]


@pytest.mark.parametrize(
    "text", ["Luật Doanh nghiệp số 59/2020/QH14 nhà nước", "nhà nước luật doanh nghiệp 59/2020/QH14"]
)
def test_other_words_are_still_found(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["title"] for one in answer["results"][:1]] == [TITLES[2]] and answer["total"] == 1


@pytest.mark.parametrize("text", ["luật đất đai 59/2020/QH14", "luật doanh nghiệp 123/2020/NĐ-CP"])
def test_the_name_of_another_document_is_told(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["code"] for one in answer["query"]["interpreted"]] == ["number-alone"]


@pytest.mark.parametrize(
    ("text", "codes", "total"),
    [
        ("59/2020/QH14 và 45/2019/QH14", ["any-of-them"], 6),
        ("luật doanh nghiệp 2020, nđ 123/2020", ["any-of-them"], 6),
        ("so sánh luật doanh nghiệp 2020 với bộ luật lao động 2019", ["number-alone", "any-of-them"], 6),
        ("giải thể 59/2020/QH14, 45/2019/QH14", ["any-of-them", "wider"], 2), ("59/2020/QH14 OR 45/2019/QH14", [], 6),
        ("59/2020/QH14 99/2020/QH14", ["unknown-among"], 3),
        ("59/2020/QH14, 99/2020/QH14 và 45/2019/QH14", ["unknown-among", "any-of-them"], 6),
    ],
)  # fmt: skip
def test_where_no_article_names_all_the_documents_those_of_one_are_found(
    client: FlaskClient, text: str, codes: list[str], total: int
) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    told = [one["code"] for one in answer["query"]["interpreted"]]
    assert (told, answer["total"]) == (codes, total)


@pytest.mark.parametrize("text", ["điều 99 luật doanh nghiệp 59/2020/QH14", "khoản 2 điều 99 bộ luật lao động 45/2019"])
def test_a_provision_of_it_that_is_not_held_is_told(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["code"] for one in answer["query"]["interpreted"]] == ["provision-unheld"]
    assert answer["total"] == len(TITLES)


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định 123/2020/NĐ-CP (Nghị định 70/2025/NĐ-CP)",
        "Nghị định 123/2020/NĐ-CP (sửa đổi bởi Nghị định 70/2025/NĐ-CP)",
        "nghị định 70/2025/nđ-cp sửa đổi nghị định 123/2020/nđ-cp",
        "Nghị định 123/2020/NĐ-CP và Nghị định 01/2017/NĐ-CP",
    ],
)
def test_beside_an_unknown_number_the_known_one_is_found(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["number"] for one in answer["documents"]] == [INVOICES["number"]]
    assert answer["total"] == len(TITLES)
    assert "unknown-among" in [one["code"] for one in answer["query"]["interpreted"]]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("nghị định 123/2020/NĐ-CP (nhà nước)", "nghị định 123/2020/NĐ-CP nhà nước"),
        ("cơ quan (nhà nước)", "cơ quan nhà nước"),
        ("(trách nhiệm) cơ quan (nhà nước)", "trách nhiệm cơ quan nhà nước"),
    ],
)
def test_brackets_around_words_say_nothing(client: FlaskClient, text: str, plain: str) -> None:
    asked, other = (client.get("/api/v1/search", query_string={"q": one}).json for one in (text, plain))
    assert [asked[key] for key in ("total", "step", "documents")] == [
        other[key] for key in ("total", "step", "documents")
    ]
    assert [(one["id"], one["snippet"]) for one in asked["results"]] == [
        (one["id"], one["snippet"]) for one in other["results"]
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("điều 1-luật doanh nghiệp 2020", True),
        ("điều 1 luật doanh nghiệp 2020 -giải", True),
        ("điều 1 -giải", False),  # it was refused: "there is nothing to find"
        ('điều 1 -"giải thể"', False),
        ("điều 1 -(giải thể) -phạm", False),
        ('"điều 1" luật doanh nghiệp 2020', False),  # a phrase holds
        ("điều 1 OR luật doanh nghiệp 2020", False),
    ],
)
def test_signs_beside_a_provision_hold(client: FlaskClient, text: str, shown: bool) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text})
    assert answer.status_code == 200
    told = answer.json
    assert (told["provision"] is not None or "provision-unheld" in str(told["query"])) == shown
    titles = [one["title"] for one in told["results"]]
    assert "-" not in text.replace("1-luật", "") or TITLES[1] not in titles


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ('"giải thể" 59/2020/QH14', [ENTERPRISES["number"]]),
        ("59/2020/QH14 giải*", [ENTERPRISES["number"]]),
        ('59/2020/QH14 OR "hóa đơn"', [ENTERPRISES["number"]]),
        ('"giải thể" -59/2020/QH14', []),
    ],
)
def test_a_number_beside_a_phrase_has_its_card(client: FlaskClient, text: str, numbers: list[str]) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["number"] for one in answer["documents"]] == numbers


@pytest.mark.parametrize("document", [CITY, PROVINCE])
def test_a_number_and_its_place_are_that_document(client: FlaskClient, document: dict[str, str]) -> None:
    """Also as our own labels say it, which people copy into the box."""
    place = document["issuer"].partition("ủy ")[2]
    ways = ("nghị quyết 09 {}", "09-NQ/TU {}", "09-NQ/TU của {}", "09-NQ/TU · {}", "09-NQ/TU · {} · 2020–2025")
    for text in (way.format(place) for way in ways):
        answer = client.get("/api/v1/search", query_string={"q": text}).json
        assert [one["title"] for one in answer["documents"]] == [document["document_title"]], text
        assert answer["total"] == len(TITLES), text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("hóa đơn 123/2020", [INVOICES["number"]]),
        ("123/2020 hoa don", [INVOICES["number"]]),
        ("45/2019 lao động", [LABOUR["number"]]),
        ("123/2020 lao động", []),  # of another subject
        ("hóa đơn 12/2020", []),  # a month
        ("NĐ 123/2020 + TT 80/2021", [INVOICES["number"], TAXES["number"]]),
    ],
)
def test_a_number_of_a_year_without_its_type_is_known_by_its_subject(
    client: FlaskClient, text: str, numbers: list[str]
) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert [one["number"] for one in answer["documents"]] == numbers


@pytest.mark.parametrize("dash", "‐‑‒−–-")
@pytest.mark.parametrize("text", ["80/2021/TT{}BTC", "van-ban:80/2021/TT{}BTC"])
def test_every_hyphen_of_a_number_is_one(client: FlaskClient, text: str, dash: str) -> None:
    assert client.get("/api/v1/search", query_string={"q": text.format(dash)}).json["total"] == len(TITLES)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("nq 18-nq/tw khóa 12", "18-NQ/TW"),  # the term in digits is no word to be found
        ("18-NQ/TW khóa XII", "18-NQ/TW"),
        ("nghị quyết tw 4", "04-NQ/TW"),  # what is read in another order is not unknown
    ],
)
def test_a_number_that_is_read_leaves_nothing_to_be_told(
    sample_engine: Callable[[], Engine], text: str, symbol: str
) -> None:
    page = search(sample_engine(), Query(text=text))
    assert page.card is not None and {one.symbol for one in page.card.documents} == {symbol}
    assert page.total and not page.notices


@pytest.mark.parametrize("text", ["luật DN 2020 và luật xyz 2030", "luật DN 2020, nghị định 123/2020/NĐ-CP"])
def test_a_law_by_an_abbreviation_is_known_beside_another_document(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": text}).json
    assert answer["documents"][0]["number"] == ENTERPRISES["number"]
    told = [one["text"] for one in answer["query"]["interpreted"]]
    assert not any("DN 2020" in one or "“và”" in one for one in told)
