"""What every visitor may expect of Vietnamese, line by line, through the page: over HTTP, as typed.

Each test is a line of what is promised; most ask an index of articles that are in the corpus for one reason each.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.ingest import reindex
from searchapp.text.normalize import fold
from searchapp.web import create_app

# Name of an article → its text. Titles are numbers, so that nothing but the text matches.
TEXTS = {
    "đảng": "Chi bộ kết nạp thêm một đảng viên, Đảng ta mạnh thêm một người.",
    "đang": "Trời đang mưa, ghe đang về bến.",
    "dạng": "Đa dạng cây trồng trên một thửa vườn.",
    "dang": "Dang tay ra đo thử bề ngang con hẻm.",
    "năm": "Mỗi năm một mùa nước, năm nay nước về muộn.",
    "nằm": "Con mèo nằm trên mái nhà, nằm suốt buổi trưa.",
    "đường": "Con đường làng mới trải nhựa.",
    "dương": "Cành dương liễu bên giếng.",
    "hòa cũ": "Hòa giải ở cơ sở cần người khéo, thủy lợi cần người bền.",
    "hoà mới": "Hoà giải viên được tập huấn về thuỷ lợi nội đồng.",
    "toàn lệch": "Phiếu ghi tay: bảo đảm an tòan cho bà con qua đò.",
    "toàn": "Tuyến đò dọc được kiểm tra an toàn mỗi tuần.",
    "kỹ": "Kỹ sư nông nghiệp chỉ cách ghép cành.",
    "kĩ": "Kĩ thuật ghép cành không khó.",
    "mỹ": "Hội mỹ thuật trưng bày tranh sơn mài, lý lịch tác giả in ở bìa.",
    "mĩ": "Thầy dạy mĩ thuật kể lí do chọn nghề.",
    "Eth": "Ðiện về tới cù lao, Ðảng bộ xã mừng vui.",
    "full-width": "Ｎghị trường hôm nay bàn việc ＮＵÔＩ tôm.",
    "zero width": "Cải\u200b cách thủ\u00ad tục ở bến phà.",
    "nfd": unicodedata.normalize("NFD", "Mặt trận ấp hỗ trợ người già neo đơn ở Đồng Nhỏ."),
    "comma": "Tổ phòng, chống cháy rừng trực đêm.",
    "no comma": "Lực lượng phòng chống cháy rừng được thưởng.",
    "điều 5": "Theo điều 5 của quy ước, nhà nào cũng góp công.",
    "điều 6": "Theo điều 6 của quy ước, đường hẹp thì nhường nhau.",
    "y tế": "Trạm y tế có thêm giường.",
    "ý kiến": "Ý kiến của bà con được ghi sổ.",
    "MTTQ": "Cán bộ MTTQ đi từng nhà.",
    "mặt trận tổ quốc": "Cán bộ Mặt trận Tổ quốc đi từng nhà.",
    "TPHCM": "Xe khách về TPHCM lúc nửa đêm.",
    "TP.HCM": "Xe tải về TP.HCM lúc gần sáng.",
    "Tp. HCM": "Xe buýt về Tp. HCM lúc trưa.",
    "thành phố hồ chí minh": "Tàu hỏa về Thành phố Hồ Chí Minh lúc chiều.",
    "TU": "Văn phòng TU gửi giấy mời họp.",
    "thành ủy": "Văn phòng Thành ủy gửi giấy mời họp.",
    "tu": "Ông sư đi tu từ nhỏ.",
    "ĐA": "Nhóm viết ĐA trồng rừng ngập mặn.",
    "đề án": "Nhóm viết đề án trồng rừng ngập mặn.",
    "đa": "Gốc đa đầu làng.",
    "all capitals": "CON ĐƯỜNG TU SỬA XONG TRƯỚC TẾT",
    "nghị quyết": "Nghị quyết của chi bộ bàn chuyện con đò.",
    "công tác": "Đoàn công tác xuống ấp.",
    "05 city": "Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy TPHCM bàn việc phục hồi.",
    "05 province": "Nghị quyết số 05-NQ/TU ngày 20/10/2021 của Tỉnh ủy Bình Dương bàn việc khác.",
    "29": "Nghị quyết số 29-NQ/TW ngày 04/11/2013 về giáo dục.",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("behaviour")
    rows = [{"id": name, "title": f"{at:03}", "text": text} for at, (name, text) in enumerate(TEXTS.items(), 100)]
    (folder / "texts.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    settings = Settings(index=folder / "index", corpus=(folder,))
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert report.articles == len(TEXTS)
    return create_app(settings).test_client()


@pytest.fixture(scope="module")
def sample(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


def asked(client: FlaskClient, q: str, **more: str) -> dict[str, Any]:
    answer = client.get("/tim-kiem.json", query_string={"q": q, "so": "50", **more})
    assert answer.status_code == 200, q
    told: dict[str, Any] = answer.get_json()
    return told


def names(client: FlaskClient, q: str, **more: str) -> list[str]:
    """Which articles are found, in the order of the page."""
    order = list(TEXTS)
    return [order[int(row["title"]) - 100] for row in asked(client, q, **more)["results"]]


def page(client: FlaskClient, q: str, **more: str) -> str:
    answer = client.get("/tim-kiem", query_string={"q": q, **more})
    assert answer.status_code == 200, q
    return answer.get_data(as_text=True)


# Lines on accents

NFD = unicodedata.normalize("NFD", "Đảng")


@pytest.mark.parametrize("typed", ["dang", "DANG"])
def test_a_syllable_without_accents_is_any(client: FlaskClient, typed: str) -> None:
    assert set(names(client, typed)) == {"đảng", "đang", "dạng", "dang", "Eth"}


@pytest.mark.parametrize("typed", ["đảng", "ĐẢNG", NFD, "Ðảng"])
def test_typed_accents_hold(client: FlaskClient, typed: str) -> None:
    assert set(names(client, typed)) == {"đảng", "Eth"}
    below = asked(client, typed)["beyond"]
    assert len(below) == 3  # by letters, and not counted


@pytest.mark.parametrize(("typed", "other"), [("năm", "nằm"), ("nằm", "năm")])
def test_nam_never_shows_another_tone(client: FlaskClient, typed: str, other: str) -> None:
    assert names(client, typed) == [typed]
    assert names(client, other) == [other]


def test_nam_on_the_sample_never_shows_another_tone_on_top(sample: FlaskClient) -> None:
    keys = [row["id"] for row in asked(sample, "năm")["results"][:10]]
    for key in keys:
        text = sample.get(f"/api/v1/articles/{key}").get_json()["article"]
        assert re.search(r"(?<!\w)năm(?!\w)", f"{text['title']}\n{text['text']}".lower())


def test_duong_finds_both(client: FlaskClient) -> None:
    assert {"đường", "dương"} <= set(names(client, "duong"))


def test_a_mixed_query_grades_each_syllable(client: FlaskClient) -> None:
    assert names(client, "đảng vien")[0] == "đảng"
    assert names(client, "con dường")[0] == "đường"
    assert names(client, "con đuong")[0] == "đường"


# Lines on spellings that are one

SAME = {
    "tone placement hòa/hoà": ("hòa giải", "hoà giải", {"hòa cũ", "hoà mới"}),
    "tone placement thủy/thuỷ": ("thủy lợi", "thuỷ lợi", {"hòa cũ", "hoà mới"}),
    "misplaced tone tòan": ("an toàn", "an tòan", {"toàn", "toàn lệch"}),
    "i/y kỹ/kĩ": ("kỹ", "kĩ", {"kỹ", "kĩ"}),
    "i/y mỹ/mĩ": ("mỹ thuật", "mĩ thuật", {"mỹ", "mĩ"}),
    "i/y lý/lí": ("lý do", "lí do", {"mĩ"}),
    "Đ/Ð": ("Đảng bộ xã", "Ðảng bộ xã", {"Eth"}),
    "case": ("điện", "ĐIỆN", {"Eth"}),
    "NFC/NFD": ("neo đơn", unicodedata.normalize("NFD", "neo đơn"), {"nfd"}),
    "full-width": ("nuôi tôm", "ｎｕôｉ ｔôｍ", {"full-width"}),
    "soft hyphen": ("thủ tục", "thủ\u00ad tục", {"zero width"}),
    "zero width": ("cải cách", "cả\u200bi cá\u200bch", {"zero width"}),
    "no-break space": ("y tế", "y\u00a0tế", {"y tế"}),
}


@pytest.mark.parametrize(("one", "other", "found"), SAME.values(), ids=SAME)
def test_two_spellings_are_one(client: FlaskClient, one: str, other: str, found: set[str]) -> None:
    first, second = asked(client, one), asked(client, other)
    assert [(row["id"], row["score"]) for row in first["results"]] == [
        (row["id"], row["score"]) for row in second["results"]
    ]
    assert set(names(client, one)) == found
    assert set(names(client, f'"{one}"')) == found
    for row in first["results"]:
        assert "exact" in row["why"], "an equal spelling is exact, not fuzzy"


@pytest.mark.parametrize("typed", ["phòng chống", "phòng, chống", '"phòng chống"', '"phòng, chống"', "phong, chong"])
def test_a_comma_between_is_nothing(client: FlaskClient, typed: str) -> None:
    assert set(names(client, typed)) == {"comma", "no comma"}


@pytest.mark.parametrize(
    ("typed", "found"), [("Điều 5", "điều 5"), ("ý kiến", "ý kiến"), ("an toàn", "toàn"), ("y tế", "y tế")]
)
def test_short_words_keep_every_syllable(client: FlaskClient, typed: str, found: str) -> None:
    told = names(client, typed)
    assert told[0] == found
    assert "điều 6" not in told


# Lines on document numbers


@pytest.mark.parametrize(
    "typed",
    [
        "05-NQ/TU", "5-NQ/TU", "NQ05-NQ/TU", "nghị quyết số 05 NQ TU", "nq 05 nq tu", "05/NQ-TU",
        "NGHỊ QUYẾT SỐ 05-NQ/TU",
    ],
)  # fmt: skip
def test_every_spelling_of_a_number_is_one_thing(client: FlaskClient, typed: str) -> None:
    assert set(names(client, typed)) == {"05 city", "05 province"}
    assert {row["number"] for row in asked(client, typed)["documents"]} == {"05-NQ/TU"}


def test_a_number_that_means_several_opens_the_chooser(client: FlaskClient, sample: FlaskClient) -> None:
    for site in (client, sample):
        card = page(site, "NQ 05").split('<section class="card several">')[1].split("</section>")[0]
        meant = asked(site, "NQ 05")["documents"]
        assert len(meant) > 1
        assert all(f'href="{row["url"]}"' in card for row in meant)


# Lines on abbreviations

ABBREVIATIONS = {
    "tphcm in any case": ("tphcm", {"TPHCM", "TP.HCM", "Tp. HCM", "thành phố hồ chí minh", "05 city"}),
    "TPHCM": ("TPHCM", {"TPHCM", "TP.HCM", "Tp. HCM", "thành phố hồ chí minh", "05 city"}),
    "TP.HCM": ("TP.HCM", {"TPHCM", "TP.HCM", "Tp. HCM", "thành phố hồ chí minh", "05 city"}),
    "tp hcm": ("tp hcm", {"TPHCM", "TP.HCM", "Tp. HCM", "thành phố hồ chí minh", "05 city"}),
    "the city written out": (
        "Thành phố Hồ Chí Minh", {"TPHCM", "TP.HCM", "Tp. HCM", "thành phố hồ chí minh", "05 city"},
    ),
    "MTTQ": ("MTTQ", {"MTTQ", "mặt trận tổ quốc"}),
    "mttq, no Vietnamese syllable": ("mttq", {"MTTQ", "mặt trận tổ quốc"}),
    "the name written out": ("Mặt trận Tổ quốc", {"MTTQ", "mặt trận tổ quốc"}),
    "without accents": ("mat tran to quoc", {"MTTQ", "mặt trận tổ quốc"}),
    "ĐA in capitals": ("ĐA rừng", {"ĐA", "đề án"}),
    "đa is a syllable": ("đa rừng", {"ĐA"}),
    "TU in capitals": ("TU giấy mời", {"TU", "thành ủy"}),
    "tu is a syllable": ("tu giấy mời", {"TU"}),
    "a phrase is never expanded": ('"MTTQ"', {"MTTQ"}),
    "a phrase written out neither": ('"Mặt trận Tổ quốc"', {"mặt trận tổ quốc"}),
    "not in a sentence all in capitals": ("TU SỬA CON ĐƯỜNG", {"all capitals"}),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "found"), ABBREVIATIONS.values(), ids=ABBREVIATIONS)
def test_abbreviations_stand_for_what_they_mean(client: FlaskClient, typed: str, found: set[str]) -> None:
    assert set(names(client, typed)[: len(found)]) == found


def test_in_articles_only_capitals_are_abbreviations_and_not_in_a_line_of_capitals(client: FlaskClient) -> None:
    assert not {"tu", "all capitals"} & set(names(client, "thành ủy"))
    assert not {"đa"} & set(names(client, "đề án"))


@pytest.mark.parametrize(
    ("typed", "name", "marked"),
    [
        ("MTTQ", "mặt trận tổ quốc", "Mặt trận Tổ quốc"),
        ("Mặt trận Tổ quốc", "MTTQ", "MTTQ"),
        ("Thành phố Hồ Chí Minh", "TP.HCM", "TP.HCM"),
        ("TPHCM", "thành phố hồ chí minh", "Thành phố Hồ Chí Minh"),
    ],
)
def test_the_snippet_shows_what_matched(client: FlaskClient, typed: str, name: str, marked: str) -> None:
    rows = {list(TEXTS)[int(row["title"]) - 100]: row for row in asked(client, typed)["results"]}
    assert marked in "".join(piece["text"] + ("" if piece["marked"] else "|") for piece in rows[name]["snippet"])
    assert any(piece["marked"] for piece in rows[name]["snippet"])


# Lines on highlights and typing


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("hòa giải", "<mark>Hoà giải</mark>"),
        ("hoà giải", "<mark>Hòa giải</mark>"),
        ("đảng bộ", "<mark>Đảng bộ</mark>"),
        ("an toàn", "<mark>an tòan</mark>"),
        ("phòng chống", "<mark>phòng, chống</mark>"),
        ('"phòng chống"', "<mark>phòng, chống</mark>"),
        ("mi thuat", "<mark>mỹ thuật</mark>"),
    ],
)
def test_highlights_sit_on_the_original_text(client: FlaskClient, typed: str, written: str) -> None:
    assert written in page(client, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nghij quyeets", "nghị quyết"),  # tone key last
        ("nghi5 quye61t", "nghị quyết"),  # VNI, tone key last
        ("ddarng vieen", "đảng viên"),  # tone key inside
        ("d9a3ng vie6n", "đảng viên"),  # VNI, tone key inside
        ("coong tacs", "công tác"),
        ("co6ng ta1c", "công tác"),
    ],
)
def test_raw_telex_and_vni_offer_what_was_meant_with_both_links(client: FlaskClient, typed: str, meant: str) -> None:
    html = page(client, typed)
    told = re.search(
        r'Hiển thị kết quả cho <a\s+href="([^"]+)"><b>([^<]+)</b></a>, '
        r'<a\s+href="([^"]+)">tìm nguyên văn “([^”]+)”</a>',
        html,
    )
    assert told
    assert (told[2], told[4]) == (meant, typed)
    assert names(client, typed) == names(client, meant)
    assert client.get(unescape(told[1])).status_code == 200
    assert "Hiển thị kết quả cho" not in client.get(unescape(told[3])).get_data(as_text=True)


# Bad input: results or a plain message, never an error

BAD = {
    "emoji": "😀🎉",
    "emoji and words": "đảng 😀 bộ",
    "mixed scripts": "đảng партия 党 حزب",
    "256 characters": "nghị quyết về con đò " * 12,
    "512 characters": "a" * 512,
    "one long word": "đ" * 300,
    "only punctuation": "?!… — – «» ()[]{}",
    "only operators": 'OR OR - - ( ) "',
    "only stop-like words": "là của và những các thì mà",
    "several marks": "a\u0323\u0302\u0301\u0301\u0301 ê\u0309\u0303",
    "marks alone": "\u0301\u0323\u0309",
    "surrogates of an emoji family": "👨‍👩‍👧‍👦",
    "right to left override": "\u202eđảng",
    "zero width alone": "\u200b\u200d\ufeff",
    "numbers": "1234567890123456789012345678901234567890",
    "markup": "<script>alert(1)</script>",
    "sql": "' OR 1=1 --",
    "wildcards": "* ** a* ?",
}


@pytest.mark.parametrize("typed", BAD.values(), ids=BAD)
def test_bad_input_gives_results_or_a_plain_message(client: FlaskClient, typed: str) -> None:
    for q in (typed, fold(typed), unicodedata.normalize("NFD", typed)):
        answer = client.get("/tim-kiem", query_string={"q": q[:512]})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "<script>alert" not in html
        assert 'class="hits"' in html or "Không có bài nào khớp" in html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a" * 513, "512"),
        ("đảng\x00", ""),
        ("-đảng", "Cần ít nhất một từ để tìm"),
        ("đảng tu:2021 den:2020", "Ngày bắt đầu (tu:) đứng sau ngày kết thúc (den:)"),
    ],
)
def test_what_is_absurd_is_refused_in_vietnamese(client: FlaskClient, typed: str, told: str) -> None:
    answer = client.get("/tim-kiem", query_string={"q": typed})
    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)
    assert "Hãy" in answer.get_data(as_text=True)


def test_a_ward_is_found_by_its_letter_and_number(tmp_path: Path) -> None:
    rows = {"mot": "Bí thư quận 2 tiếp dân.", "hai": "Bí thư quận 12 tiếp dân.", "ba": "Dân phường 12, quận 3."}
    for name, text in rows.items():
        (tmp_path / f"{name}.txt").write_text(f"{text}\n\n{text}", "utf-8")
    settings = Settings(corpus=(tmp_path,), index=tmp_path / "index")
    reindex(settings.corpus, settings.index, settings, jobs=1)
    made = create_app(settings).test_client()
    assert [asked(made, q)["total"] for q in ("q2", "Q12", "p12", "q4")] == [1, 1, 1, 0]


@pytest.mark.parametrize("beside", [" -zzz", ' -"zz zy"', " OR zzz", " den:2030"])
def test_what_stands_beside_words_cuts_none_of_them(sample: FlaskClient, beside: str) -> None:
    plain, other = (asked(sample, f"Lam Giang{more}") for more in ("", beside))
    assert [(one["id"], one["score"]) for one in other["results"]] == [
        (one["id"], one["score"]) for one in plain["results"]
    ]
