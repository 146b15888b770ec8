"""Themes: phrases and citations → what an article is about."""

import csv
import json
import random
import re
import subprocess
import sys
import time
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from searchapp.article import Record
from searchapp.readers import read
from searchapp.text.normalize import normalize
from searchapp.text.syllables import pieces
from searchapp.text.tokens import keys_in_sentences, tokens
from searchapp.themes import MAX_THEMES, Themes, load

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
DATA = files("searchapp") / "data"


def in_sentences(text):
    return keys_in_sentences(pieces(normalize(text)))


def keys(text):
    return [token.key for token in tokens(normalize(text))]


@pytest.mark.parametrize(
    ("title", "body", "citations", "themes"),
    [
        (
            "",
            "Phường tiêm vắc xin lưu động, giữ vững phòng, chống dịch, trở lại bình thường mới.",
            [],
            ("phong-chong-dich",),
        ),
        ("", "phòng chống dịch, giãn cách xã hội, F0", [], ("phong-chong-dich",)),
        (unicodedata.normalize("NFD", "Đẩy mạnh chuyển đổi số"), "", [], ("chuyen-doi-so",)),
        ("ĐẨY MẠNH CHUYỂN ĐỔI SỐ", "", [], ("chuyen-doi-so",)),
        ("Ðại hội chi bộ", "", [], ("dai-hoi-dang",)),
        ("Âm mưu diễn biến hoà bình", "", [], ("bao-ve-nen-tang-tu-tuong",)),
        ("Âm mưu diễn biến hòa bình", "", [], ("bao-ve-nen-tang-tu-tuong",)),
        ("Uỷ ban Kiểm tra họp", "Thi hành kỷ luật ba đảng viên.", [], ("kiem-tra-giam-sat",)),
        ("Khởi công đường vành đai 3", "", [], ("do-thi-ha-tang-moi-truong",)),
        ("", "phong chong dich, gian cach xa hoi", [], ()),
        ("", "", [], ()),
        ("", "Một bài về nấu ăn và thời tiết.", [], ()),
        ("", "", ["05-CT/TW", "05-CT/TW", "05-CT/TW"], ("hoc-tap-lam-theo-bac",)),
        ("", "", ["05-NQ/TU"] * 3, ()),  # every province has its own
        ("", "Triển khai nghị quyết đại hội đại biểu toàn quốc. " * 3, [], ()),
        ("Trù bị đại hội đại biểu toàn quốc", "", [], ("dai-hoi-dang",)),
    ],
)
def test_an_article_gets_the_themes_it_speaks_of(title, body, citations, themes):
    assert load().assign(keys(title), keys(body), citations) == themes


def test_a_masked_citation_is_no_phrase():
    themes = load()
    body = keys("chuyển đổi số, kinh tế số, xã hội số")
    assert themes.assign([], body)
    masked = ["" if key == "số" else key for key in body]
    assert themes.assign([], masked) == ()


OWN = {
    "groups": [
        {
            "id": "G1",
            "label": "Thư viện",
            "themes": [
                {"id": "ban-doc", "label": "Bạn đọc", "strong": ["phục vụ bạn đọc", "thẻ bạn đọc"]},
                {"id": "sach-cu", "label": "Sách cũ", "strong": ["sách cũ", "phục chế sách"], "not": ["chợ sách cũ"]},
            ],
        }
    ],
    "mask": ["trưởng phòng phục vụ bạn đọc"],
}


@pytest.mark.parametrize(
    ("title", "body", "themes"),
    [
        ("Cấp thẻ bạn đọc tại nhà", "Thư viện huyện mở cửa cả chủ nhật.", ("ban-doc",)),
        ("Tin trong tuần", "Việc phục chế sách đã xong.", ("sach-cu",)),
        ("Tin trong tuần", "một hai ba bốn " * 30 + "Có người hỏi mua sách cũ.", ()),  # in passing, far from the lead
        ("Tin trong tuần", "một hai ba bốn " * 30 + "Sách cũ và phục chế sách. " * 2, ("sach-cu",)),
        ("Họp chợ sách cũ", "", ()),
        ("Tiếp trưởng phòng phục vụ bạn đọc", "", ()),
        ("Sách. Cũ", "", ()),  # two sentences are no phrase
        ("Phục vụ, bạn đọc", "", ("ban-doc",)),  # a comma parts none
        ("THẺ BẠN ĐỌC", "", ("ban-doc",)),
        (unicodedata.normalize("NFD", "Thẻ bạn đọc"), "", ("ban-doc",)),
        ("", "", ()),
    ],
)
def test_a_taxonomy_of_ones_own_with_two_phrases_a_theme_files_articles(title, body, themes):
    own = Themes(OWN, {})
    assert own.assign(in_sentences(title), in_sentences(body)) == themes


def test_two_hundred_themes_of_two_phrases_each_file_articles():
    taxonomy = {
        "groups": [
            {
                "id": f"G{g}",
                "label": f"Nhóm {g}",
                "themes": [
                    {"id": f"t{g}-{n}", "label": f"Chủ đề {g} {n}", "strong": [f"xóm {g} tổ {n}", f"ấp {g} đội {n}"]}
                    for n in range(20)
                ],
            }
            for g in range(10)
        ]
    }
    own = Themes(taxonomy, {})
    for g in range(10):
        for n in range(20):
            assert own.assign(keys(f"Họp ở ấp {g} đội {n}"), []) == (f"t{g}-{n}",)


def test_a_theme_is_explained_by_its_phrases():
    reason = load().why(keys("Kỷ luật cảnh cáo một giám đốc sở"), keys("Ủy ban Kiểm tra Tỉnh ủy thi hành kỷ luật."))[0]
    assert reason.theme == "kiem-tra-giam-sat"
    assert "thi hành kỷ luật" in reason.phrases or "ủy ban kiểm tra" in reason.phrases


def test_the_judged_rows_name_themes_that_exist():
    for name in ("theme_gold.tsv", "theme_titles.tsv"):
        rows = list(csv.DictReader((CASES / name).read_text(encoding="utf-8").splitlines(), delimiter="\t"))
        told = {theme for row in rows for column in ("main", "also") for theme in row[column].split("|") if theme}
        assert told <= set(load().order)
        assert len({row["row"] for row in rows}) == len(rows)
    gold, titles = (
        {row["row"] for row in csv.DictReader((CASES / name).open(encoding="utf-8"), delimiter="\t")}
        for name in ("theme_gold.tsv", "theme_titles.tsv")
    )
    assert not gold & titles  # what is judged by was not learned from


@pytest.mark.shared
def test_newspaper_articles_are_filed_as_a_librarian_files_them(shared_data):
    told = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "themes.py", shared_data], capture_output=True, text=True, check=True
    ).stdout
    total = next(line for line in told.splitlines() if line.startswith("all:"))
    precision, recall, wrong = map(float, re.findall(r"(?:precision|recall|theme) (\d+(?:\.\d+)?)", total))
    assert precision >= 0.9
    assert recall >= 0.85
    assert wrong <= 15


def test_at_most_three_themes_the_surest_first():
    themes = load()
    phrases = "chuyển đổi số, cải cách hành chính, dân vận khéo, nông thôn mới, khen thưởng, quốc phòng an ninh"
    found = themes.assign(keys(phrases), keys(phrases + ", công tác dân vận"))
    assert len(found) == MAX_THEMES


def test_themes_have_labels_groups_and_an_order():
    themes = load()
    assert len(themes.order) == 25
    assert len({themes.group(theme) for theme in themes.order}) == 8
    assert (themes.label("dan-van"), themes.group("dan-van")) == ("Dân vận", "Dân vận - Mặt trận - đoàn thể")
    assert (themes.label("khac"), themes.group("khac")) == ("khac", "")


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        ("dan-van", "dan-van"),
        ("Dân vận", "dan-van"),
        ("DÂN VẬN", "dan-van"),
        ("dan van", "dan-van"),
        (unicodedata.normalize("NFD", "Dân vận"), "dan-van"),
        ("", ""),
        ("Bóng đá", ""),
    ],
)
def test_a_file_may_name_its_themes_by_id_or_label(name, theme):
    assert load().find(name) == theme


def test_the_tables_are_consistent():
    taxonomy = yaml.safe_load((DATA / "themes.yaml").read_text(encoding="utf-8"))
    rows = list(csv.DictReader((DATA / "theme_documents.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    themes = load()
    assert len({row["canon"] for row in rows}) == len(rows)
    assert {row["theme"] for row in rows} <= set(themes.order)
    assert all(row["source"] in ("title", "hand") for row in rows)
    assert not [row for row in rows if row["canon"].endswith("/TU")]
    phrases = [
        tuple(keys(phrase))
        for group in taxonomy["groups"]
        for theme in group["themes"]
        for name in ("strong", "key")
        for phrase in theme.get(name, ())
    ]
    assert len(set(phrases)) == len(phrases)


@pytest.mark.shared
def test_the_page_of_the_party_portal_has_its_themes(shared_data):
    seed = shared_data / "seed" / "thanhuytphcm-2022.txt"
    record = next(item for item in read(seed, name=seed.name) if isinstance(item, Record))
    found = load().assign(keys(record.title), keys(record.text))
    assert found[0] == "xay-dung-dang"
    assert {"phong-chong-dich", "dan-van"} <= set(found)
    assert "hoc-tap-lam-theo-bac" not in found


@pytest.mark.clock
def test_thousands_of_articles_a_second():
    vocabulary = keys((DATA / "themes.yaml").read_text(encoding="utf-8"))
    draw = random.Random(7)
    bodies = [draw.choices(vocabulary, k=1300) for _ in range(200)]  # 1,300 syllables are about 6 kB
    themes = load()
    start = time.process_time()
    for body in bodies:
        themes.assign(body[:12], body, ["05-CT/TW"])
    assert len(bodies) / (time.process_time() - start) > 700  # measured: several thousand; a loaded machine is slower


def test_the_sample_corpus_gets_the_themes_a_reader_gives_it():
    gold = ROOT / "corpus" / "expected.jsonl"
    if not gold.exists():
        pytest.skip("no sample corpus")
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    assert {theme for row in rows for theme in row["themes"]} <= set(load().order)
