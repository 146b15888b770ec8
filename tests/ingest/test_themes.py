"""Themes: phrases and citations → what an article is about."""

import csv
import json
import random
import time
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from searchapp.article import Record
from searchapp.readers import read
from searchapp.text.normalize import normalize
from searchapp.text.tokens import tokens
from searchapp.themes import MAX_THEMES, load

ROOT = Path(__file__).parents[2]
DATA = files("searchapp") / "data"


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


def test_a_phrase_counts_three_times_at_most_and_a_title_twice_as_much():
    themes = load()
    three, many = (themes.scores([], keys("chuyển đổi số ") * times)["chuyen-doi-so"] for times in (3, 4))
    assert many == pytest.approx(three, rel=0.01)
    one = themes.scores([], keys("chuyển đổi số"))["chuyen-doi-so"]
    assert themes.scores(keys("chuyển đổi số"), [])["chuyen-doi-so"] == pytest.approx(2 * one, rel=0.01)


def test_at_most_four_themes_the_surest_first():
    themes = load()
    phrases = "chuyển đổi số, cải cách hành chính, dân vận khéo, nông thôn mới, khen thưởng, quốc phòng an ninh"
    found = themes.assign(keys(phrases), keys(phrases + ", công tác dân vận"))
    assert len(found) == MAX_THEMES
    assert found[0] == "dan-van"


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
