"""Documents asked for by their names: type and subject, abbreviations, raw Telex, the newest in force first."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app


def row(number: str, kind: str, called: str, title: str, day: str, **more: str) -> dict[str, str]:
    """A provision of a document, as a codification has it."""
    body = f"{title} được quy định như sau: cơ quan, tổ chức và cá nhân có trách nhiệm thực hiện."
    return {"number": number, "kind": kind, "document_title": called, "title": title, "date": day, "text": body, **more}


ROWS = [
    row("91/2015/QH13", "Bộ luật", "Bộ luật Dân sự", "Phạm vi điều chỉnh", "2015-11-24"),
    row("91/2015/QH13", "Bộ luật", "Bộ luật Dân sự", "Công nhận quyền dân sự", "2015-11-24"),
    row("45/2013/QH13", "Luật", "Đất đai", "Người sử dụng đất", "2013-11-29"),
    row("31/2024/QH15", "Luật", "Luật Đất đai", "Nguyên tắc sử dụng đất", "2024-01-18"),
    row("08/2021/NĐ-CP", "Nghị định", "Quy định về quản lý hoạt động đường thủy nội địa", "Cảng", "2021-01-28"),
    row("17/2021/NĐ-CP", "Nghị định", "Về chính sách đối với thanh niên xung phong", "Chính sách", "2021-03-09"),
    row("52/2014/QH13", "Luật", "Luật Hôn nhân và gia đình", "Kết hôn trái luật", "2014-06-19"),
    {
        "title": "Người dân hỏi về sổ đỏ",
        "date": "2024-05-02",
        "text": "Luật Đất đai số 31/2024/QH15 thay thế Luật Đất đai số 45/2013/QH13. Nghị quyết số 57-NQ/TW nói gì?",
    },
    {
        "title": "Văn bản mới của các bộ",
        "date": "2026-02-09",
        "text": "Thông tư số 12/2024/TT-BLĐTBXH, Thông tư số 12/2024/TT-BYT, Quyết định số 333/QĐ-BTC ngày 5/2/2026.",
    },
    {
        "title": "Việc của các cấp",
        "text": "Các cấp thực hiện Nghị quyết số 18-NQ/TW.",
    },  # of which term?
    row(
        "37/2015/QĐ-TTg", "Quyết định", "Về phòng cháy rừng", "Trách nhiệm", "2015-12-18", issuer="Thủ tướng Chính phủ"
    ),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("named")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    settings.corpus.mkdir()
    lines = (json.dumps({"id": str(number), **one}, ensure_ascii=False) for number, one in enumerate(ROWS))
    (settings.corpus / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    reindex([settings.corpus], settings.index, settings, jobs=1)
    return create_app(settings).test_client()


def meant(client: FlaskClient, text: str) -> list[str]:
    answer = client.get("/api/v1/search", query_string={"q": text}).get_json()
    return [one["number"] for one in answer["documents"]]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("bộ luật dân sự", ["91/2015/QH13"]),
        ("BLDS", ["91/2015/QH13"]),
        ("luật dân sự 2015", ["91/2015/QH13"]),
        ("luật ĐĐ", ["31/2024/QH15", "45/2013/QH13"]),  # initials of a law's name, from the titles that are known
        ("luat dd 2013", ["45/2013/QH13"]),
        ("luật DĐ", []),
        ("LĐĐ", ["31/2024/QH15", "45/2013/QH13"]),  # the letter of the type too
        ("ldd 2013", ["45/2013/QH13"]),
        ("LHNGĐ năm 2014", ["52/2014/QH13"]),
        ("LĐĐ nhà", []),
        ("lan", []),
        ("luật an", []),  # a syllable is a word
        ("luat dat dai", ["31/2024/QH15", "45/2013/QH13"]),
        ("luật đất đai năm 2013", ["45/2013/QH13"]),
        ("luat hon nhan gia dinh", ["52/2014/QH13"]),  # people leave "và" out
        ("luật hôn nhân và gia đình 2014", ["52/2014/QH13"]),
        ("luat hon nhan gia dinh 2014", ["52/2014/QH13"]),
        ("luật hôn nhân gia đình năm 2014", ["52/2014/QH13"]),
        ("điều 900 blds 2015", ["91/2015/QH13"]),  # beside a provision that is not here
        ("luat dat dai dieu 900", ["31/2024/QH15", "45/2013/QH13"]),
        ("khoản 2 điều 900 luật HN&GĐ", ["52/2014/QH13"]),
        ("số 17/2021/NĐ-CP", ["17/2021/NĐ-CP"]),
        ("số, ký hiệu: 17/2021/NĐ-CP", ["17/2021/NĐ-CP"]),
        ("van ban so 17/2021/nd-cp", ["17/2021/NĐ-CP"]),
        ("thông tư bộ lao động 12/2024", ["12/2024/TT-BLĐTBXH"]),  # the number behind the body
        ("thong tu cua bo y te so 12 nam 2024", ["12/2024/TT-BYT"]),
        ("thông tư 12 bộ y tế 2024", ["12/2024/TT-BYT"]),
        ("thông tư bộ nội vụ 12/2024", []),
        ("nghị định về thanh niên xung phong 17/2021", ["17/2021/NĐ-CP"]),  # and behind the subject
        ("luật đất đai 45/2013", ["45/2013/QH13"]),
        ("nghi dinh 17/2021 con hieu luc khong", ["17/2021/NĐ-CP"]),  # a question about a document
        ("văn bản nào thay thế luật đất đai 2013", ["45/2013/QH13"]),
        ("luật đất đai còn hiệu lực không", ["31/2024/QH15", "45/2013/QH13"]),  # and about a name
        ("luat hon nhan gia dinh het hieu luc chua?", ["52/2014/QH13"]),
        ("luật nào thay thế bộ luật dân sự", ["91/2015/QH13"]),
        ("nghị định về thanh niên xung phong mới nhất", ["17/2021/NĐ-CP"]),
        ("luật mới nhất", []),
        ("luật đất đai bồi thường có hiệu lực không", []),
        ("NĐ-CP 17/2021", ["17/2021/NĐ-CP"]),  # the code first
        ("nd-cp số 17/2021", ["17/2021/NĐ-CP"]),
        ("covid-cp 17/2021", []),
        ("17/NĐ-CP/2021", ["17/2021/NĐ-CP"]),  # the year last
        ("nghị định 17/nđ-cp/2021 thanh niên", ["17/2021/NĐ-CP"]),
        ("17/covid-cp/2021", []),
        ("17 2021 nd cp", ["17/2021/NĐ-CP"]),  # without any sign
        ("qh13 91/2015", ["91/2015/QH13"]),
        ("thông tư 12/2024/BYT", ["12/2024/TT-BYT"]),  # the type before the number alone
        ("thông tư 12/2024/BNV", []),
        ("17/2021", ["17/2021/NĐ-CP"]),  # neither type nor issuer
        ("số 17/2021", ["17/2021/NĐ-CP"]),
        ("van ban so 17/2021", ["17/2021/NĐ-CP"]),
        ("17/2019", []),
        ("12/2024", []),  # a month
        ("luật đất đai 2013 và 2024", ["45/2013/QH13", "31/2024/QH15"]),  # several years of a name
        ("luat dat dai 2013, nam 2024", ["45/2013/QH13", "31/2024/QH15"]),
        ("so sánh luật đất đai 2013 với luật đất đai 2024", ["45/2013/QH13", "31/2024/QH15"]),
        ("so sánh luật đất đai 2013 2024", ["45/2013/QH13", "31/2024/QH15"]),
        ("luật đất đai 2013 và 1999", ["45/2013/QH13"]),  # and the page says what is unknown
        ("bộ luật dân sự 2015 sửa đổi bổ sung 2017", ["91/2015/QH13"]),
        ("luật đất đai 2013-2024 -nhà", []),
        ("nghị định 17-2021", ["17/2021/NĐ-CP"]),
        ("nđ17 2021", ["17/2021/NĐ-CP"]),
        ("nghị định 2017-2021", []),
        ("nghị định về thanh niên xung phong 17/2021 của chính phủ", ["17/2021/NĐ-CP"]),  # subject, number, body
        ("thông tư về lao động 12/2024 bộ y tế", ["12/2024/TT-BYT"]),
        ("thông tư về lao động 12/2024 bộ nội vụ", []),
        ("nghị định 17 năm 2021", ["17/2021/NĐ-CP"]),
        ("nghị định số 17/NĐ-CP năm 2021", ["17/2021/NĐ-CP"]),  # the year belongs into the symbol
        ("nghị định số 17/NĐ-CP năm 2019", []),
        ("nghị định 17 năm 2019", []),  # the symbol says another year
        ("nghị quyết 57 năm 2024", ["57-NQ/TW"]),
        ("nghị định 17/2021 bộ y tế", []),  # of another body, of another year
        ("nghị định 17/2021 sửa đổi 2019", []),
        ("luật đát đai", []),  # accents hold where they were typed
        ("đất đai", []),  # a subject alone is no name
        ("luật đất đai mới nhất", ["31/2024/QH15", "45/2013/QH13"]),  # what people ask of a document
        ("luat hon nhan gia dinh con hieu luc khong", ["52/2014/QH13"]),
        ("luật hôn nhân và gia đình khi nào hết hiệu lực", ["52/2014/QH13"]),
        ("luật đất đai có hiệu lực từ ngày nào", ["31/2024/QH15", "45/2013/QH13"]),
        ("bộ luật dân sự đã bị sửa đổi chưa", ["91/2015/QH13"]),
        ("BLDS hiện hành là bộ luật nào", ["91/2015/QH13"]),
        ("văn bản nào thay thế luật đất đai", ["31/2024/QH15", "45/2013/QH13"]),
        ("toàn văn luật đất đai", ["31/2024/QH15", "45/2013/QH13"]),
        ("nghị định về thanh niên xung phong còn hiệu lực không", ["17/2021/NĐ-CP"]),
        ("luật đất đai nhà ở", []),
        ("đất đai mới nhất", []),
        ("luật đất đai mới", ["31/2024/QH15", "45/2013/QH13"]),
        ("nghị định về thanh niên xung phong mới", []),  # "nông thôn mới"
        ("mới nhất", []),
        ("nghị định về thanh niên xung phong", ["17/2021/NĐ-CP"]),
        ("nghị định năm 2021 về thanh niên xung phong", ["17/2021/NĐ-CP"]),
        ("nd 2021 duong thuy noi dia", ["08/2021/NĐ-CP"]),
        ("nghị định năm 2019 về thanh niên xung phong", []),
        ("nd thanh nien xung phong", ["17/2021/NĐ-CP"]),
        ("nghị định về đường thủy nội địa", ["08/2021/NĐ-CP"]),
        ("nghị quyết về chuyển đổi số", ["57-NQ/TW"]),
        ("nghị quyết nào về chuyển đổi số", ["57-NQ/TW"]),
        ("luật gì về hôn nhân và gia đình", ["52/2014/QH13"]),
        ("nghij quyeets 57", ["57-NQ/TW"]),
        ("nghi quyeets 57", ["57-NQ/TW"]),
        ("nghi quyết 57", ["57-NQ/TW"]),
        ("nq57", ["57-NQ/TW"]),
        ("57 nq tw", ["57-NQ/TW"]),
        ("thông tư 12/2024", ["12/2024/TT-BLĐTBXH", "12/2024/TT-BYT"]),
        ("thông tư 12/2024 của bộ lao động", ["12/2024/TT-BLĐTBXH"]),
        ("thông tư 12 của bộ lao động năm 2024", ["12/2024/TT-BLĐTBXH"]),
        ("thong tu 12/2024 bo y te", ["12/2024/TT-BYT"]),
        ("thông tư 12/2024 BYT", ["12/2024/TT-BYT"]),
        ("tt 12/2024 bldtbxh", ["12/2024/TT-BLĐTBXH"]),
        ("thông tư 12/2024 bộ LĐTBXH", ["12/2024/TT-BLĐTBXH"]),
        ("thông tư 12/2024 của bộ công an", []),  # another body's circulars are not theirs
        ("tt 12/2024 bca", []),
        ("tt byt 12 2024", ["12/2024/TT-BYT"]),  # the pieces in any order
        ("12 tt-byt 2024", ["12/2024/TT-BYT"]),
        ("2024 byt tt 12", ["12/2024/TT-BYT"]),
        ("tt bca 12 2024", []),
        ("12 2024 tt", []),
        ("thong tu 12/2024 bo noi vu", []),
        ("nghị quyết 57 của chính phủ", []),
        ("quy định 37", ["37-QĐ/TW", "37/2015/QĐ-TTg"]),  # the type that was typed comes first
        ("quyết định 37", ["37/2015/QĐ-TTg", "37-QĐ/TW"]),
        ("nghị quyết 57 của ban bí thư", ["57-NQ/TW"]),  # one code
        ("quyết định 333 bộ tài chính", ["333/QĐ-BTC"]),
        ("quyet dinh 333 cua bo tai chinh", ["333/QĐ-BTC"]),
        ("quyết định 333 bộ mới", []),
        ("thông tư 12/2024 -bộ y tế", []),  # an exclusion names no body
        ("thông tư 12/2024 OR bộ y tế", []),
        ('"luật đất đai"', []),  # a phrase asks for words
        ("luật đất đai -nhà", []),
    ],
)
def test_a_name_gives_the_card_of_its_documents(client: FlaskClient, text: str, numbers: list[str]) -> None:
    assert meant(client, text) == numbers


@pytest.mark.parametrize("joint", [" và ", ", ", " với ", " hay "])
def test_what_joins_two_numbers_is_no_word_to_be_found(client: FlaskClient, joint: str) -> None:
    found = client.get("/api/v1/search", query_string={"q": f"luật đất đai 2013{joint}luật đất đai 2024"}).get_json()
    assert [one["title"] for one in found["results"]] == ["Người dân hỏi về sổ đỏ"]
    assert found["query"]["interpreted"] == []


@pytest.mark.parametrize("text", ["17/NĐ-CP/2021", "NĐ-CP 17/2021", "luật đất đai 2013 và 2024"])
def test_a_number_that_is_read_is_not_called_unknown(client: FlaskClient, text: str) -> None:
    assert "chưa biết văn bản nào" not in client.get("/tim-kiem", query_string={"q": text}).text


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("BLDS 2015", "bộ luật dân sự 2015"),
        ("blds năm 2015", "bộ luật dân sự năm 2015"),
        ("BLDS 1999", ""),
        ("lđđ 2024", "luật đất đai 2024"),  # by letters that no table has
        ("LHNGĐ năm 2014", "luật hôn nhân và gia đình năm 2014"),
    ],
)
def test_a_law_of_a_year_by_its_abbreviation_is_that_law(client: FlaskClient, short: str, full: str) -> None:
    found, same = (client.get("/api/v1/search", query_string={"q": q}).get_json() for q in (short, full or "xyzzy"))
    assert found["documents"] == same["documents"]
    if full:
        assert {one["id"] for one in found["results"]} == {one["id"] for one in same["results"]}
        assert found["step"] == 0 and found["query"]["interpreted"] == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("phạm vi điều chỉnh bộ luật dân sự", "Phạm vi điều chỉnh"),
        ("pham vi dieu chinh cua BLDS 2015", "Phạm vi điều chỉnh"),
        ("luật hôn nhân và gia đình 2014: kết hôn trái luật", "Kết hôn trái luật"),
        ("chính sách nghị định 17/2021/NĐ-CP", "Chính sách"),
        ("kết hôn bộ luật dân sự", ""),
        ("kết hôn trái luật", ""),  # no document is named
        ('"kết hôn trái luật" luật hôn nhân và gia đình 2014', ""),
    ],
)
def test_a_provision_that_is_an_article_is_found_by_its_heading(client: FlaskClient, text: str, label: str) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert (found["provision"] or {"label": ""})["label"] == label
    if label:
        assert found["results"][0]["title"] == label and len(found["documents"]) == 1


@pytest.mark.parametrize("text", ["17/2021/NĐ-CP thanh niên xung phong", "57-NQ/TW 17/2021/NĐ-CP"])
def test_documents_that_a_card_names_are_not_offered_below_it_in_another_count(client: FlaskClient, text: str) -> None:
    page = client.get("/tim-kiem", query_string={"q": text, "nguyen_van": "1"}).text
    assert "Không có bài nào khớp" in page and 'class="card' in page and "có tên hoặc số hiệu như vậy" not in page


@pytest.mark.parametrize("text", ["thông tư 12/2024/TT - BYT", "thông tư 12/2024/TT- BYT", "57 - NQ/TW", "57-NQ / TW"])
def test_spaces_inside_of_a_number_are_nothing(client: FlaskClient, text: str) -> None:
    assert meant(client, text) in (["12/2024/TT-BYT"], ["57-NQ/TW"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("luật đất đai 1999 2013 2024", ["luật đất đai 1999"]),
        ("luật đất đai 1998, 1999 và 2024", ["luật đất đai 1998, luật đất đai 1999"]),
        ("luật đất đai 2013 2024", []),
    ],
)
def test_of_several_years_the_unknown_are_told(client: FlaskClient, text: str, told: list[str]) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert [one["values"][0] for one in found["query"]["interpreted"]] == told
    assert found["documents"] and found["total"] >= 1


def test_a_short_number_finds_what_cites_its_whole_symbol_without_a_term(client: FlaskClient) -> None:
    whole, short = (
        client.get("/api/v1/search", query_string={"q": q}).get_json() for q in ("18-NQ/TW", "nghị quyết 18")
    )
    assert len(whole["documents"]) > 1 and whole["total"] == 1
    assert [one["title"] for one in short["results"]] == ["Việc của các cấp"]
    marked = "".join(piece["text"] for piece in short["results"][0]["snippet"] if piece["marked"])
    assert marked.endswith("18-NQ/TW")


def test_a_law_of_which_articles_are_held_has_its_name_and_is_not_cited_by_itself(client: FlaskClient) -> None:
    page = client.get("/van-ban/91/2015/QH13", follow_redirects=True).get_data(as_text=True)
    assert "Bộ luật Dân sự</h1>" in page
    assert "Đọc 2 điều, phần có ở đây" in page
    assert "Chưa có bài nào nhắc đến văn bản này" in page
    assert "Luật Đất đai" in client.get("/van-ban").get_data(as_text=True)


def test_a_document_without_its_text_says_so_and_where_it_may_be(client: FlaskClient) -> None:
    page = client.get("/van-ban/57-NQ/TW", follow_redirects=True).get_data(as_text=True)
    assert "chưa có toàn văn" in page
    assert "tulieuvankien.dangcongsan.vn" in page
    assert "chưa có toàn văn" in client.get("/tim-kiem?q=nq57").get_data(as_text=True)
    assert "Chưa có bài nào ở đây nhắc đến" in client.get("/tim-kiem?q=05-NQ/TW").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "slug", "articles"),
    [
        ("Bộ luật Dân sự 2015", "quoc-hoi/bo-luat-91-2015-qh13", {"Phạm vi điều chỉnh", "Công nhận quyền dân sự"}),
        ("luật đất đai năm 2024", "quoc-hoi/luat-31-2024-qh15", {"Nguyên tắc sử dụng đất", "Người dân hỏi về sổ đỏ"}),
        # Its title is only "Đất đai".
        ("luat dat dai 2013", "quoc-hoi/luat-45-2013-qh13", {"Người sử dụng đất", "Người dân hỏi về sổ đỏ"}),
    ],
)
def test_a_law_is_known_by_its_year_though_no_text_calls_it_so(
    client: FlaskClient, typed: str, slug: str, articles: set[str]
) -> None:
    found = client.get("/api/v1/search", query_string={"q": typed}).get_json()
    assert found["query"]["interpreted"] == []
    assert [one["id"] for one in found["documents"]] == [slug]
    assert {one["title"] for one in found["results"]} == articles and found["total"] == len(articles)


@pytest.mark.parametrize(
    ("text", "same", "left"),
    [
        ("nghi dinh 17/2021 con hieu luc khong", "nghi dinh 17/2021", "con hieu luc khong"),
        ("luat dat dai 2013 con hieu luc khong", "luat dat dai 2013", "con hieu luc khong"),
        ("nghị định 17/2021 -xyz con hieu luc khong", "", ""),  # more than words: as typed
        ('nghị định 17/2021 "còn hiệu lực không"', "", ""),
    ],
)
def test_a_question_about_a_document_that_no_article_answers_finds_what_names_it(
    client: FlaskClient, text: str, same: str, left: str
) -> None:
    found, alone = (client.get("/api/v1/search", query_string={"q": q}).get_json() for q in (text, same or "x"))
    told = [one["values"][0] for one in found["query"]["interpreted"] if one["code"] == "number-alone"]
    assert told == ([left] if left else [])
    assert not left or {one["code"] for one in found["query"]["interpreted"]} == {"number-alone"}
    assert found["total"] == (alone["total"] if same else 0) and bool(found["total"]) == bool(same)
    if left:
        assert f"cùng các từ “{left}”" in client.get("/tim-kiem", query_string={"q": text}).text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("loai:nghi-dinh thanh niên", ["loai"]),
        ('co-quan:"Bộ Y tế"', ["co-quan"]),
        ("coquan: bộ y tế", ["coquan"]),
        ("so-hieu:57-NQ/TW", ["so-hieu"]),
        ("chu-de:dan-van", []),
        ("van-ban:57-NQ/TW thanh niên", []),
        ("Cam-pu-chia: hợp tác", []),  # a name, and what is said of it
        ("thanh niên: loại nào", []),
    ],
)
def test_a_field_that_the_box_does_not_have_is_told(client: FlaskClient, text: str, names: list[str]) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert [one["values"][0] for one in found["query"]["interpreted"] if one["code"] == "no-field"] == names
    if names:
        assert f"không có trường “{names[0]}:”" in client.get("/tim-kiem", query_string={"q": text}).text


@pytest.mark.parametrize("text", ["luat ddai 2013", "luat thsnh nien 2013", "luat ld 2013"])
def test_no_spelling_is_offered_that_is_the_typed_one(client: FlaskClient, text: str) -> None:
    found = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert text not in [one["q"] for one in found["query"]["did_you_mean"]]


def test_a_law_of_a_year_without_any_keeps_its_accents_as_words(client: FlaskClient) -> None:
    found = client.get("/api/v1/search", query_string={"q": "Luật Đất đai 1999"}).get_json()
    codes = [one["code"] for one in found["query"]["interpreted"]]
    assert "unknown-number" in codes and "folded" not in codes


def test_an_unknown_number_keeps_the_year_among_its_words(client: FlaskClient) -> None:
    found = client.get("/api/v1/search", query_string={"q": "nghị định 17 năm 2019"}).get_json()
    told = {one["code"]: (one["values"], one["text"]) for one in found["query"]["interpreted"]}
    values, said = told["unknown-number"]
    assert values == ["nghị định 17 năm 2019"] and "số hiệu hoặc tên “nghị định 17 năm 2019”" in said
    assert "số hiệu hoặc tên “nghị định 17 năm 2019”" in client.get("/tim-kiem?q=nghị định 17 năm 2019").text


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("quyết định tháng 02/2026", True),
        ("quyết định ngày 9 tháng 2 năm 2026", False),  # a day belongs to a document
        ("quyết định từ tháng 2/2026 đến tháng 3/2026", False),  # a span is no month
        ("văn bản mới 02/2026", True),
        ("thông tư 12/2024", False),
    ],
)
def test_the_number_of_a_document_is_no_month(client: FlaskClient, text: str, offered: bool) -> None:
    pages = client.get("/tim-kiem", query_string={"q": text}).text
    assert ("Chỉ bài đăng trong tháng" in pages) == offered


@pytest.mark.parametrize("text", ["17/2021/NĐ-CP, 57-NQ/TW", "so sánh nghị định 17/2021 và nghị quyết 57-NQ/TW"])
def test_numbers_that_no_article_names_together_find_what_names_one(client: FlaskClient, text: str) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": text}).text)
    assert "dưới đây là các bài nhắc đến ít nhất một văn bản" in page
    assert client.get("/tim-kiem.json", query_string={"q": text}).json["total"] == 2


def test_without_a_phrase_that_no_article_has_they_are_offered_one_by_one(client: FlaskClient) -> None:
    page = unescape(client.get("/tim-kiem", query_string={"q": '"không đâu có" 17/2021/NĐ-CP, 57-NQ/TW'}).text)
    offers = re.findall(r'href="([^"]*)">Tìm bài nhắc đến ít nhất một văn bản: (\d+) bài', page)
    assert len(offers) == 1 and offers[0][1] == "2"
    assert client.get(offers[0][0].replace("/tim-kiem", "/tim-kiem.json")).json["total"] == 2
    assert "Chưa có bài nào ở đây nhắc đến" not in page  # an article names one of them
