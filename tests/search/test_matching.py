"""What a query finds, at the door of the API: sets as relations, the step told, counts, and what goes on below."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.web import create_app

TEXTS = {
    **{f"số {n}": f"Bài {n} bàn về chuyển đổi số ở phường {n}." for n in range(12)},
    **{f"xa {n}": f"Chuyển nhà. {'Chuyện khác. ' * 9} Trao đổi {'và thêm ' * 9} con số {n}." for n in range(5)},
    **{f"đông {n}": f"Tuần tra Biển Đông lần {n}." for n in range(11)},
    **{f"động {n}": f"Giá cả biến động theo mùa {n}." for n in range(6)},
    **{f"cán bộ {n}": f"Đào tạo cán bộ, công chức khóa {n}." for n in range(14)},
    **{f"công chức {n}": f"Đội ngũ công chức, cán bộ xã {n}." for n in range(4)},
    **{f"hai đầu {n}": f"Công chức của huyện gặp cán bộ xã {n}." for n in range(2)},
    **{f"kỷ luật {n}": f"Giữ nghiêm kỷ luật đảng {n}." for n in range(11)},
    **{f"chống {n}": f"Công tác phòng, chống tham nhũng năm {n}." for n in range(10)},
    "liền": "Phòng chống tham nhũng là việc lâu dài.",
    **{f"bỏ {n}": f"Nhiều hộ đang bỏ ruộng {n}." for n in range(3)},
    **{f"bộ {n}": f"Đại hội đảng bộ xã {n}." for n in range(10)},
    "đầu đề": "Không có gì liên quan ở đây.",
    "covid": "Dịch Covid-19 đã lắng xuống.",
    "covid liền": "Tiêm đủ mũi covid19 cho người già.",
    "mỹ": "Quan hệ Việt Nam và Mỹ.",
    "dài": "Tuyến kênh dài 50 km chạy qua xã.",
    "dài liền": "Đoạn đê 50km vừa được đắp.",
    "rộng": "Mỗi căn hộ rộng 36 m2.",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("matching")
    titles = {name: title for title, name in TITLES.items()}
    rows = [
        {"id": name, "title": titles.get(name, name), "text": text, "date": f"20{10 + at % 9}-05-01"}
        for at, (name, text) in enumerate(TEXTS.items())
    ]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    yield create_app(settings, open_engine(settings)).test_client()


def asked(client: FlaskClient, q: str, **more: str) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string={"q": q, "so": "50", "dang_lai": "rieng", **more})
    assert answer.status_code == 200, answer.get_json()
    told = answer.get_json()
    assert isinstance(told, dict)
    return told


def found(client: FlaskClient, q: str, **more: str) -> set[str]:
    return {TITLES.get(hit["title"], hit["title"]) for hit in asked(client, q, **more)["results"]}


TITLES = {"Chuyển đổi số": "đầu đề"}


def of(*begins: str) -> set[str]:
    return {name for name in TEXTS if name.startswith(begins)}


@pytest.mark.parametrize(
    ("q", "names", "step"),
    [
        ("chuyển đổi số", of("số", "đầu đề"), 1),
        ("chuyen doi so", of("số", "đầu đề"), 1),
        ("chuyển doi số", of("số", "đầu đề"), 1),
        ("CHUYỂN ĐỔI SỐ", of("số", "đầu đề"), 1),
        ("biển đông", of("đông"), 1),
        ("bien dong", of("đông", "động"), 1),
        ("biến động", of("động"), 3),  # fewer than ten: what scores well comes too
        ("kĩ luật", of("kỷ luật"), 2),  # kỹ, a wrong tone
        ("kỷ luật", of("kỷ luật"), 1),
        ("cán bộ công chức", of("cán bộ", "hai đầu"), 1),  # the other way round does not count
        ("công chức cán bộ", of("công chức", "hai đầu"), 3),
        ("phòng, chống tham nhũng", of("chống", "liền"), 1),
        ("phòng chống tham nhũng", of("chống", "liền"), 1),
        ("đảng bo", of("bộ"), 1),
        ("đang bo", of("bỏ"), 3),
        ("đảng bộ -xã", set(), 1),
        ('đảng bộ "xã 3"', {"bộ 3"}, 1),
        ('"đảng bo"', of("bộ"), 0),
        ('"dang bo"', of("bộ", "bỏ"), 0),
        ('kỷ luật -"đảng 4"', of("kỷ luật") - {"kỷ luật 4"}, 1),
        ("kỷ luật -đăng", of("kỷ luật"), 1),  # accents hold in what is excluded
        ("kỷ luật -dang", set(), 1),
        ("xyzabc", set(), 1),
        ("kỷ luật OR chuyển đổi số", of("kỷ luật", "số", "đầu đề"), 1),
        ("(kỷ luật OR chuyển đổi số) -phường", of("kỷ luật", "đầu đề"), 1),
        ("chuyển đổi số ph*", of("số"), 1),
    ],
)
def test_a_query_finds_this_set_by_this_step(client: FlaskClient, q: str, names: set[str], step: int) -> None:
    told = asked(client, q)
    hits = found(client, q)
    assert told["step"] == step
    assert hits >= names if step == 3 else hits == names
    assert told["total"] == len(hits)


SAME = [
    ("covid 19", "Covid-19", "covid19"),
    ("50 km", "50km", "50 KM"),
    ("36 m2", "36m2", "36 m²"),
    ('"kỷluật"', "kỷ luật"),  # a phrase that nobody wrote so is read as its words, in any spelling
    ("hoà bình", "hòa bình"),
    ("02/9/2019", "2/9/2019", "2/09/2019"),
    ("đại hội 13", "đại hội XIII", "Đại hội xiii"),
    ("khóa 5", "khóa V", "khoá 5"),
    ("1000 tỷ", "1.000 tỷ"),
    ("10 triệu", "10tr", "10 TR"),
    ("chuyển đổi số OR kỷ luật", "kỷ luật OR chuyển đổi số"),
]


@pytest.mark.parametrize("ways", SAME)
def test_ways_to_write_the_same_find_the_same(client: FlaskClient, ways: tuple[str, ...]) -> None:
    assert len({frozenset(found(client, way)) for way in ways}) == 1
    assert len({asked(client, way)["step"] for way in ways}) == 1


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ('"chuyển đổi số"', "chuyển đổi số"),
        ("biển đông", "bien dong"),
        ("đảng bộ", "đảng bo"),
        ("kỷ luật -đảng", "kỷ luật"),
        ("kỷ luật", "kỷ luật OR biển đông"),
        ("chuyển đổi số", "chuyển đổi số&buoc=4"),
    ],
)
def test_what_asks_for_more_finds_no_more(client: FlaskClient, narrow: str, wide: str) -> None:
    text, _, step = wide.partition("&buoc=")
    assert found(client, narrow) <= found(client, text, **({"buoc": step} if step else {}))


def test_the_step_is_chosen_over_the_whole_archive_and_other_steps_are_counted(client: FlaskClient) -> None:
    whole = asked(client, "biển đông")
    narrowed = asked(client, "biển đông", nam="2013")
    counts = {row["value"]: row["count"] for row in whole["facets"]["date"]["values"]}
    assert narrowed["step"] == whole["step"] == 1
    assert narrowed["total"] == counts["2013"] > 0
    nothing = asked(client, "biển đông", nam="1999")
    assert nothing["total"] == 0
    assert {row["step"]: row["total"] for row in asked(client, "chuyển đổi số")["step_counts"]}[4] == 18
    for row in whole["step_counts"]:
        if row["step"] != 5:
            assert asked(client, "biển đông", buoc=str(row["step"]))["total"] == row["total"]


def test_every_order_and_form_shows_the_same_set(client: FlaskClient) -> None:
    wanted = found(client, "chuyển đổi số")
    for order in ("moi-nhat", "cu-nhat"):
        assert found(client, "chuyển đổi số", sap_xep=order) == wanted
    query = {"q": "chuyển đổi số", "dang_lai": "rieng"}
    rows = list(csv.DictReader(io.StringIO(client.get("/tim-kiem.csv", query_string=query).get_data(as_text=True))))
    assert len(rows) == len(wanted)
    feed = client.get("/tim-kiem.feed.json", query_string=query).get_json()
    assert {TITLES.get(item["title"], item["title"]) for item in feed["items"]} <= wanted
    bars = asked(client, "chuyển đổi số")["facets"]["date"]
    assert sum(row["count"] for row in bars["values"]) == len(wanted)


def test_a_short_list_goes_on_below_a_line_in_no_count(client: FlaskClient) -> None:
    told = asked(client, "biển đông")
    assert told["total"] == len(told["results"]) == 11
    below = [hit["title"] for hit in told["beyond"]]
    assert below and not set(below) & found(client, "biển đông")
    assert asked(client, "biển đông", sap_xep="moi-nhat")["beyond"] == []
    held = asked(client, "biển đông", nam="2013")
    assert all(hit["date"].startswith("2013") for hit in (*held["results"], *held["beyond"]))
    page = client.get("/tim-kiem", query_string={"q": "biển đông", "so": "50"}).get_data(as_text=True)
    assert 'id="con-lai"' in page


def test_the_page_offers_the_other_steps(client: FlaskClient) -> None:
    page = client.get("/tim-kiem", query_string={"q": "chuyển đổi số"}).get_data(as_text=True)
    assert "13 bài có các từ gần nhau" in page and "18 bài có đủ các tiếng" in page and "buoc=4" in page


@pytest.mark.parametrize(
    "q",
    [
        "a",
        "ă" * 512,
        " ".join(["đảng"] * 64),
        "như thế nào",
        "là gì",
        "😀",
        "Đảng 中国 шторм",
        "-",
        '"',
        "((((",
        "1 2 3",
    ],
)
def test_odd_input_is_answered(client: FlaskClient, q: str) -> None:
    assert asked(client, q)["ok"] is True
    assert client.get("/tim-kiem", query_string={"q": q}).status_code == 200


CORPUS = Path(__file__).parent / "queries_corpus.jsonl"
FOUND = {
    "đại hội 13": ["dh13"],
    "quốc hội khóa 15": ["khoa15"],
    "mác lênin": ["ml1", "ml2", "ml3"],
    "Lê-nin": ["ml1", "ml2", "ml3"],
    "campuchia": ["e1"],
    "02/09/1945": ["d1", "d2"],
    "12500 tỷ": ["n1", "n3"],
    "covid19": ["a1", "a2"],
    # Three more of each kind.
    "dai hoi lan thu 13": ["dh13"],
    "Đại hội xii": ["dh12"],
    "kỳ họp thứ IX": ["khoa15"],
    "khoá XV quốc hội": ["khoa15"],
    "ca na đa": ["e1"],
    "ốtxtrâylia": ["e1"],
    "xingapo": ["e1"],
    "2/9/1945": ["d1", "d2"],
    "12.500 tỷ": ["n1", "n3"],
    "1500000 đồng": ["n2"],
    "Covid-19": ["a1", "a2"],
    "phăng ghen": [],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    settings = Settings(index=tmp_path_factory.mktemp("written") / "index", corpus=(CORPUS,))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return create_app(settings, open_engine(settings)).test_client()


@pytest.mark.parametrize(("q", "ids"), FOUND.items())
def test_numerals_digits_and_hyphens_in_any_spelling(written: FlaskClient, q: str, ids: list[str]) -> None:
    told = asked(written, q)
    titles = {row["title"]: row["id"] for row in map(json.loads, CORPUS.read_text("utf-8").splitlines())}
    hits = [titles[hit["title"]] for hit in told["results"]]
    assert set(hits[: len(ids)]) == set(ids)


SPELT = {
    **{f"nhũng {n}": f"Công tác phòng, chống tham nhũng ở xã {n}." for n in range(12)},
    **{f"não {n}": f"Ca mổ chấn thương sọ não thứ {n}." for n in range(12)},
    **{f"những {n}": f"Người dân tham gia những việc của xã {n}." for n in range(12)},
    **{f"nhung {n}": f"Bà Nguyễn Thị Hồng Nhung, hiệu trưởng trường {n}." for n in range(12)},
    **{f"hồng {n}": f"Hoa hồng của những người trồng; bà Nguyễn Thị Hồng, hiệu trưởng trường {n}." for n in range(12)},
    **{f"kỳ họp {n}": f"Thảo luận kỳ họp XIII ở chi bộ {n}." for n in range(7)},
    **{f"kỳ họp số {n}": f"Thảo luận kỳ họp 13 ở tổ dân phố {n}." for n in range(4)},
    **{f"kỳ họp trước {n}": f"Thảo luận trước kỳ họp XIII ở tổ {n}." for n in range(3)},
    **{f"nào {n}": f"Giấy tờ nào cần cho hồ sơ đất đai {n}?" for n in range(12)},
}


@pytest.fixture(scope="module")
def spelt(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("spelt")
    rows = [json.dumps({"id": name, "title": name, "text": text}, ensure_ascii=False) for name, text in SPELT.items()]
    (folder / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return create_app(settings, open_engine(settings)).test_client()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tham nhung", "nhũng"),  # the letters of những, which only asks
        ("chong tham nhung", "nhũng"),
        ("THAM NHUNG", "nhũng"),
        ("-xyz tham nhung", "nhũng"),
        ("tham nhũng", "nhũng"),
        ("so nao", "não"),  # the letters of nào
        ("giay to nao can cho dat dai", "nào"),
        ("nhung giay to nao can cho dat dai", "nào"),
        ("hồng nhung", "nhung"),  # những is never the last word, nor typed without the accents of all others
        ("hong nhung", "nhung"),
        ("nguyễn thị hồng nhung hiệu trưởng", "nhung"),
    ],
)
def test_a_word_without_accents_asks_only_where_the_archive_spells_one_that_does(
    spelt: FlaskClient, typed: str, name: str
) -> None:
    titles = {hit["title"] for hit in asked(spelt, typed, so=50)["results"]}
    assert titles == {f"{name} {n}" for n in range(12)}


@pytest.mark.parametrize(
    "q", ["thảo luận kỳ họp 13", "thao luan ky hop XIII", "thảo luận kỳ họp", "nguyễn thị hồng hiệu trưởng"]
)
def test_a_count_of_a_step_opens_as_many(spelt: FlaskClient, q: str) -> None:
    page = spelt.get("/tim-kiem", query_string={"q": q}).text
    links = re.findall(r'<a\s[^>]*href="(/tim-kiem[^"]*)">(\d+) bài (?:có|khớp)', page)
    for url, said in links:
        opened = spelt.get(unescape(url).replace("/tim-kiem?", "/tim-kiem.json?")).json
        assert opened is not None and opened["total"] == int(said)


OFFICES = {
    "tên": "Bộ Tài nguyên và Môi trường trả lời cử tri.",
    "và": "Bộ TN&MT trả lời cử tri.",
    "gạch": "Bộ TN-MT trả lời cử tri.",
    "thưa": "Bộ TN & MT trả lời cử tri.",
    "liền": "Bộ TNMT trả lời cử tri.",
    "đường": "Bộ GTVT trả lời cử tri.",
    "đường dài": "Bộ Giao thông vận tải trả lời cử tri.",
    "văn hóa": "Bộ VH-TT&DL trả lời cử tri.",
    "văn hóa dài": "Bộ Văn hóa, Thể thao và Du lịch trả lời cử tri.",
    "thẻ": "Nhiều người đổi thẻ CCCD gắn chip.",
    "thẻ dài": "Nhiều người đổi thẻ căn cước công dân gắn chip.",
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("offices")
    rows = [json.dumps({"id": name, "title": name, "text": text}, ensure_ascii=False) for name, text in OFFICES.items()]
    (folder / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return create_app(settings, open_engine(settings)).test_client()


@pytest.mark.parametrize(
    ("ways", "names"),
    [
        (
            (
                "bộ tài nguyên và môi trường",
                "bo tai nguyen va moi truong",
                "bộ TN&MT",
                "bộ tn & mt",
                "bo tn-mt",
                "bo tnmt",
            ),
            {"tên", "và", "gạch", "thưa", "liền"},
        ),
        (("bộ giao thông vận tải", "bộ gtvt", "bo gtvt", "Bộ GT-VT"), {"đường", "đường dài"}),
        (("bộ văn hóa, thể thao và du lịch", "bộ VH-TT&DL", "bo vhttdl"), {"văn hóa", "văn hóa dài"}),
        (("căn cước công dân", "cccd", "CCCD gắn chip", "thẻ cccd"), {"thẻ", "thẻ dài"}),
    ],
)
def test_an_office_is_found_by_its_name_and_its_letters(
    offices: FlaskClient, ways: tuple[str, ...], names: set[str]
) -> None:
    for way in ways:
        told = asked(offices, way, buoc="1")
        assert {hit["title"] for hit in told["results"]} == names, way
