"""What people type in their own way: laws in English, letters of laws, provisions that are not held, loose numbers."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app

LABOUR = {"number": "45/2019/QH14", "kind": "Bộ luật", "document_title": "Bộ luật Lao động", "date": "2019-11-20"}
DECREE = {"number": "15/2021/NĐ-CP", "kind": "Nghị định", "document_title": "Quản lý dự án", "date": "2021-03-03"}
ROWS = [
    {
        **LABOUR,
        "cite": "(Điều 35 Bộ luật số 45/2019/QH14)",
        "title": "Điều 35. Quyền chấm dứt hợp đồng",
        "text": "Điều 35. Quyền chấm dứt hợp đồng\n1. Báo trước 30 ngày.\n2. Không cần báo trước khi bị ép buộc.",
    },
    {**DECREE, "title": "Điều 4. Dự án", "text": "Điều 4. Dự án đầu tư xây dựng được quản lý theo Nghị định này."},
    {
        "title": "Thông quan",
        "text": "Theo Luật Hải quan số 54/2014/QH13 và Nghị định số 15/2021/NĐ-CP, tờ khai được nộp điện tử.",
    },
    {
        "title": "Vốn",
        "text": "Luật Đầu tư công số 39/2019/QH14 quy định về vốn; nghị định còn hiệu lực. Năm 2016 có bài số 46.",
    },
    {"title": "Công ty", "text": "Doanh nghiệp nộp hồ sơ sáp nhập và sửa đổi, bổ sung điều lệ khi luật viên chức đổi."},
    {"title": "Điều 9 khoản 2", "text": "Viên chức, luật sư và hải quan ở điều 9, chương 2, năm 2019, 2014."},
    {"title": "Bộ luật", "text": "Người lao động đọc điều lệ và Bộ luật Lao động."},
    {
        "title": "Năng động",
        "text": "Kết luận số 14-KL/TW ngày 22/9/2021 của Bộ Chính trị về khuyến khích cán bộ năng động, sáng tạo.",
    },
    *(
        {"title": f"Mạng {number}", "text": f"Luật An ninh mạng số 24/2018/QH14 nói về mạng, phần {number}."}
        for number in range(11)
    ),
    {"title": "Âm nhạc", "text": "Luật Âm nhạc mới số 9/2018/QH14 và Luật Thanh tra số 56/2010/QH12 được nhắc đến."},
    {"title": "Cây", "text": "Luật Trồng trọt số 31/2018/QH14 nói về cây."},
    {"title": "Hai bước", "text": "Đơn vị ra quyết định 14 ngày sau hai bước kiểm tra."},
    {"title": "Tin", "text": "Người được nghỉ phép bao nhiêu ngày, không kể ngày lễ."},
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("typed")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir()
    lines = (json.dumps({"id": str(number), **one}, ensure_ascii=False) for number, one in enumerate(ROWS))
    (settings.corpus / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    reindex([settings.corpus], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


def asked(client: FlaskClient, text: str) -> tuple[list[str], list[str], str]:
    """The numbers of the card, the codes of the notices, and the provision that is shown."""
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    notices = [one["code"] for one in told["query"]["interpreted"]]
    return [one["number"] for one in told["documents"]], notices, (told["provision"] or {}).get("label", "")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("labour code 2019", ["45/2019/QH14"]),
        ("the 2019 Labor Code", ["45/2019/QH14"]),
        ("law on public investment", ["39/2019/QH14"]),
        ("Public Investment Law of Vietnam", ["39/2019/QH14"]),
        ("customs law 2014", ["54/2014/QH13"]),
        ("law on Public-Investment 2019", ["39/2019/QH14"]),
        ("law no. 54/2014/QH13", ["54/2014/QH13"]),
        ("code 123", []),
        ("law of customs", []),
    ],
)
def test_laws_are_read_in_english(client: FlaskClient, text: str, numbers: list[str]) -> None:
    found, notices, _ = asked(client, text)
    assert found == numbers
    assert ("in-english" in notices) == (bool(numbers) and "54/2014/QH13" not in text)


def test_english_words_in_quotes_stay(client: FlaskClient) -> None:
    assert "in-english" not in asked(client, '"labour code"')[1]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("article 35 of the labour code", "Điều 35"),
        ("clause 2 article 35 labor code 2019", "Khoản 2 Điều 35"),
        ("điều 35.2 bộ luật lao động", "Khoản 2 Điều 35"),
        ("ddieeuf 35 booj luaatj lao ddoongj", "Điều 35"),
        ("d9ie62u 35 bo65 lua65t lao d9o65ng", "Điều 35"),
    ],
)
def test_a_provision_is_shown_however_it_is_typed(client: FlaskClient, text: str, label: str) -> None:
    numbers, _, shown = asked(client, text)
    assert numbers == ["45/2019/QH14"]
    assert shown.startswith(label)


@pytest.mark.parametrize(
    ("text", "numbers", "notice"),
    [
        ("luật hải quan điều 9", ["54/2014/QH13"], "provision-unheld"),
        ("khoản 2 điều 9 luật hải quan 2014", ["54/2014/QH13"], "provision-unheld"),
        ("chương 2 luật đầu tư công", ["39/2019/QH14"], "provision-unheld"),
        ("luật viên chức điều 9", [], "unknown-number"),
        ("dieu 9 luat vien chuc", [], "unknown-number"),
        ("điều 9 luật sư", [], ""),
    ],
)
def test_a_provision_that_is_not_held_is_told(client: FlaskClient, text: str, numbers: list[str], notice: str) -> None:
    found, notices, shown = asked(client, text)
    assert found == numbers
    assert not shown
    assert {"provision-unheld", "unknown-number"}.intersection(notices) == ({notice} if notice else set())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("luật ĐTC", ["39/2019/QH14"]),
        ("luật ĐTC 2019", ["39/2019/QH14"]),
        ("luat dtc 2019", ["39/2019/QH14"]),
        ("luật XYZ", []),
    ],
)
def test_a_law_by_its_letters_finds_what_names_it(client: FlaskClient, text: str, numbers: list[str]) -> None:
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert [one["number"] for one in told["documents"]] == numbers
    assert [one["title"] for one in told["results"]] == ["Vốn"] * len(numbers) or not numbers


@pytest.mark.parametrize(
    "text",
    ["nđ 15.2021", "nghị định số 15.2021", "15/2021/NĐ", "15/2021/nd", '"nghị định 15/2021"', '"nđ 15/2021"'],
)
def test_loose_numbers_name_their_document(client: FlaskClient, text: str) -> None:
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert [one["number"] for one in told["documents"]] == ["15/2021/NĐ-CP"]
    assert {one["title"] for one in told["results"]} == {"Điều 4. Dự án", "Thông quan"}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("nghị định 46/2016", 0),
        ("nđ 46/2016 còn hiệu lực ko", 0),
        ("nghị định 46/2016/NĐ-CP hết hiệu lực khi nào", 0),
        ("nghị định 46/2016 nghỉ phép bao nhiêu ngày", 1),  # further words are searched
    ],
)
def test_pieces_of_an_unknown_number_find_no_strangers(client: FlaskClient, text: str, total: int) -> None:
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert "unknown-number" in {one["code"] for one in told["query"]["interpreted"]}
    assert "corrected" not in {one["code"] for one in told["query"]["interpreted"]}
    assert (told["total"] > 0) == (total > 0)


@pytest.mark.parametrize("text", ["nghỉ phép dc bn ngày", "nghi phep dc bn ngay", "đc nghỉ phép bn ngày ko"])
def test_shorthand_of_chats_is_read(client: FlaskClient, text: str) -> None:
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert [one["title"] for one in told["results"]] == ["Tin"]
    assert told["query"]["did_you_mean"] == []


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("van-ban:abc", "no-document"),
        ("thay-the:abc nghỉ phép", "no-document"),
        ("sua-doi:99/1999/NĐ-CP", "no-document"),
        ("van-ban:15/2021/NĐ-CP", ""),
        ("sua-doi:15/2021/NĐ-CP", ""),
    ],
)
def test_a_field_of_an_unknown_document_is_told(client: FlaskClient, text: str, notice: str) -> None:
    assert ("no-document" in asked(client, text)[1]) == bool(notice)


def test_rare_letters_of_a_type_are_not_told_beside_its_name(client: FlaskClient) -> None:
    told = client.get("/api/v1/search", query_string={"q": "quy định về vốn"}).get_json()
    assert not {"QĐi", "QyĐ"}.intersection(one["values"][0] for one in told["query"]["interpreted"] if one["values"])


def test_a_wrong_spelling_in_many_texts_finds_the_right_one(client: FlaskClient) -> None:
    told = client.get("/api/v1/search", query_string={"q": "sát nhập"}).get_json()
    assert [one["title"] for one in told["results"]] == ["Công ty"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("kết luận 14 cán bộ năng động", ["14-KL/TW"]),
        ("ket luan 14 khuyen khich sang tao", ["14-KL/TW"]),
        ("kết luận số 14 bảo vệ cán bộ", ["14-KL/TW"]),
        ("quyết định 14 ngày", []),
        ("kết luận 14 bước kiểm tra", []),
    ],
)
def test_a_number_of_an_everyday_type_has_its_subject_behind_it(
    client: FlaskClient, text: str, numbers: list[str]
) -> None:
    assert asked(client, text)[0] == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("labor code", ["45/2019/QH14"]),
        ("luật ĐTC", ["39/2019/QH14"]),
        ("điều 35 bộ luật lao động", ["45/2019/QH14"]),
        ("customs law", ["54/2014/QH13"]),
        ("-abc", []),
        ("cinema law", []),
    ],
)
def test_the_list_of_documents_reads_names_as_the_search_does(
    client: FlaskClient, text: str, numbers: list[str]
) -> None:
    told = client.get("/api/v1/documents", query_string={"q": text}).get_json()
    assert [one["number"] for one in told["documents"]] == numbers


@pytest.mark.parametrize("text", ["labour code", "public investment law", "nđ 15.2021"])
def test_suggestions_read_what_is_typed_in_another_way(client: FlaskClient, text: str) -> None:
    told = client.get("/api/v1/suggest", query_string={"q": text}).get_json()["suggestions"]
    assert [one["kind"] for one in told] == ["document"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("điều 5 luật ANM", ["24/2018/QH14"]),  # eleven articles name it, one the other of these letters
        ("điều 5 luật trt", []),
    ],
)
def test_letters_of_several_laws_mean_the_one_of_nearly_all_articles(
    client: FlaskClient, text: str, numbers: list[str]
) -> None:
    assert asked(client, text)[0] == numbers
