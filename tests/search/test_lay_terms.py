"""Terms of laypeople are answered by the official ones, one way or both, and the reader is told."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search import search
from searchapp.text.questions import LayTerms
from searchapp.text.tokens import tokens

TEXTS = {
    "phép": "Giấy phép lái xe có thời hạn mười năm.",
    "bằng": "Nhiều người quên bằng lái xe ở nhà.",
    "đất": "Giấy chứng nhận quyền sử dụng đất được cấp cho hộ gia đình.",
    "hưu": "Tuổi nghỉ hưu của lao động nam tăng dần.",
    "bồi thường": "Việc bồi thường được công khai.",
    **{f"sơ đồ {at}": f"Sơ đồ thửa đất số {at} do cấp xã vẽ." for at in range(3)},
    "khác": "Bằng chứng về lái xe liên tục, nhiều xe khác.",
    **{f"vật {at}": f"Vật 8 trong danh mục số {at}. Vật liệu xây dựng." for at in range(5)},
    "thuế": "Thuế giá trị gia tăng được giảm còn 8.",
    **{f"hà nội {at}": f"Sở TN&TT Hà Nội báo cáo lần {at}." for at in range(5)},
    **{
        f"hồ sơ {at}": "Hồ sơ đề nghị và chế độ cho cán bộ do công an cấp xã lưu. Trợ cấp một lần. Động vật hoang dã."
        for at in range(4)
    },
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("lay")
    rows = [json.dumps({"id": name, "title": name, "text": text}, ensure_ascii=False) for name, text in TEXTS.items()]
    (folder / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "a.jsonl",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return open_engine(settings)()


@pytest.mark.parametrize(
    ("typed", "found", "told"),
    [
        ("bằng lái xe", {"bằng", "phép"}, "giấy phép lái xe"),
        ("bang lai xe", {"bằng", "phép"}, "giấy phép lái xe"),
        ("BẰNG LÁI XE", {"bằng", "phép"}, "giấy phép lái xe"),
        ("giấy phép lái xe", {"phép", "bằng"}, "bằng lái xe"),  # both ways
        ("sổ đỏ", {"đất"}, "giấy chứng nhận quyền sử dụng đất"),
        ("giấy chứng nhận quyền sử dụng đất", {"đất"}, "QSDĐ"),  # one way: no sổ đỏ
        ("tuổi về hưu", {"hưu"}, "tuổi nghỉ hưu"),
        ('"bằng lái xe"', {"bằng"}, ""),  # a phrase is as it stands
        ("khác -bằng", set(), ""),
        ("ho so de nghi", {"hồ sơ 0"}, ""),  # no số đề: words of the archive reach across its ends
        ("trợ cấp một lần", {"hồ sơ 0"}, ""),  # no primary school (cấp một)
        ("tro cap mot lan", {"hồ sơ 0"}, ""),
        ("dong vat hoang da", {"hồ sơ 0"}, ""),  # no tax (VAT)
        ("che do cho can bo", {"hồ sơ 0"}, ""),  # nor a dog that bites (chó cắn)
        ("cong an cap xa", {"hồ sơ 0"}, ""),  # nor a theft (ăn cắp)
    ],
)
def test_a_lay_term_finds_the_official_one(engine: Engine, typed: str, found: set[str], told: str) -> None:
    page = search(engine, Query(text=typed))
    assert found <= {hit.article.id for hit in page.hits}
    also = [notice[-1] for notice in page.notices if notice[0] in ("also", "official")]
    assert told in also if told else not also


def test_the_official_name_is_not_answered_by_a_term_that_works_one_way(engine: Engine) -> None:
    page = search(engine, Query(text="giấy chứng nhận quyền sử dụng đất"))
    assert "sổ đỏ" not in [said for notice in page.notices for said in notice]


def test_a_term_that_no_article_has_gives_way_to_its_official_name(engine: Engine) -> None:
    page = search(engine, Query(text="cấp sổ đỏ"))
    assert [hit.article.id for hit in page.hits] == ["đất"]  # not what says sơ đồ
    assert ("official", "sổ đỏ", "giấy chứng nhận quyền sử dụng đất") in page.notices
    assert page.accented == page.did_you_mean == ()
    marked = {piece.text.lower() for piece in page.hits[0].snippet if piece.marked}
    assert any("giấy chứng nhận quyền sử dụng đất" in text for text in marked)
    for text in ("bằng lái xe", "so do"):  # articles have it, or its letters: "sơ đồ"
        assert "official" not in [notice[0] for notice in search(engine, Query(text=text)).notices]


def test_the_typed_word_comes_before_what_stands_for_it(engine: Engine) -> None:
    assert search(engine, Query(text="bằng lái xe")).hits[0].article.id == "bằng"
    assert search(engine, Query(text="giấy phép lái xe")).hits[0].article.id == "phép"


def test_as_typed_there_are_no_other_terms(engine: Engine) -> None:
    page = search(engine, Query(text="sổ đỏ", verbatim=True, step=1))
    assert page.total == 0
    assert not [notice for notice in page.notices if notice[0] == "also"]


def test_the_table_is_large_and_sound() -> None:
    text = resources.files("searchapp").joinpath("data", "lay_terms.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    pairs = [(row["lay"], official) for row in rows for official in row["official"].split("|")]
    assert len(pairs) >= 800
    assert len({row["lay"] for row in rows}) == len(rows)
    assert {row["ways"] for row in rows} == {"", "both"}
    assert not [pair for pair in pairs if pair[0] == pair[1] or not pair[1].strip()]
    terms = LayTerms.shipped()
    for lay, official in pairs:
        keys = [token.key for token in tokens(lay)]
        term, others = terms.stand_for(keys)
        assert len(term) == len(keys), lay
        assert others, (lay, official)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("VAT 8", []),  # it stands for a tax, as it was typed
        ("vat lieu xay dung", ["vật liệu xây dựng"]),  # part of a word, it is none
        ("bang lai xe", ["bằng lái xe"]),  # a term that lost its accents gets them back
    ],
)
def test_a_term_without_accents_is_offered_none(engine: Engine, typed: str, offered: list[str]) -> None:
    assert [way.text for way in search(engine, Query(text=typed)).accented] == offered


@pytest.mark.parametrize("typed", ["Sở TN&MT Hà Nội", "so tn&mt ha noi"])
def test_what_stands_for_a_term_is_no_slip(engine: Engine, typed: str) -> None:
    page = search(engine, Query(text=typed))
    assert page.did_you_mean == () and "corrected" not in [notice[0] for notice in page.notices]


def test_a_point_between_digits_is_told_as_people_write_it(engine: Engine) -> None:
    page = search(engine, Query(text="cách mạng công nghiệp lần thứ tư"))
    assert ("also", "cách mạng 4.0") in page.notices  # an official name does not give way to it
