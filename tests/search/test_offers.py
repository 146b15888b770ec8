"""Offers of other spellings: made of words that exist, with all of their accents, or none at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search import search
from searchapp.text.dictionary import covered


@pytest.mark.parametrize(
    ("text", "following", "are_words"),
    [
        ("sáp nhập tỉnh", "", True),
        ("sáp nhập tinh", "", False),  # half of the accents
        ("dân vận", "", True),
        ("dẫn văn", "", False),
        ("quận", "9", True),
        ("quản", "9", False),
        ("quân", "9", False),
        ("phường", "5", True),
        ("nghỉ", "5", False),  # the table says nothing: nobody knows
        ("nghị", "5", False),
        ("quý", "ii", True),
        ("quỹ", "ii", False),
        ("tiền thuê đất", "", True),
        ("tiền thuế đất", "", True),
        ("luật đất đai", "", True),
        ("bị thu", "", False),  # other accents make one word of the same letters
        ("", "", False),
        ("đảng", "", True),
        ("xây dựng đang", "", False),  # needs more words behind
        ("tín dụng đến", "", False),
        ("trong rừng", "", False),  # nobody's words begin so
    ],
)
def test_which_spellings_are_words(text: str, following: str, *, are_words: bool) -> None:
    assert covered(text.split(), following=following) is are_words


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("quan 9", "quản"),
        ("dan van", "dẫn"),
        ("sap nhap tinh", "nhập tinh"),
        ('"huy hiệu đảng"', "bieu"),
        ("pho thu tuong", "phố"),
        ("quan 1", "quân"),
        ("http://nghi-quyeet.org/a", ""),  # an address is spelt as it is
        ("LDN 2020", "l"),  # an abbreviation is no slip
        ("tố cáo nặc danh", ""),  # words are none, though no article here has them
        ("móc ngoặc", ""),
        ("quan liêu hách dịch", ""),
        ("HTX kđt", "kết"),
        ("nghị quyết hđt", "hết"),
    ],
)
def test_nothing_silly_is_offered(sample_engine: Callable[[], Engine], text: str, never: str) -> None:
    page = search(sample_engine(), Query(text=text))
    offered = [*(one.text for one in page.accented), *(one for one, _ in page.did_you_mean)]
    assert [one for one in offered if never in one] == []


def test_a_syllable_without_its_vowel_is_a_slip(sample_engine: Callable[[], Engine]) -> None:
    page = search(sample_engine(), Query(text="phng chong dich"))
    told = [notice[2] for notice in page.notices if notice[0] == "corrected"]
    assert ["phong chong dich"] in ([one for one, _ in page.did_you_mean], told)


def test_a_word_comes_before_a_row_of_syllables_and_strangers_give_no_offer(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.md").write_text(f"Cách hợp lý hơn {number}: buổi chiều họp, sáng nghỉ.\n", "utf-8")
    (tmp_path / "word.md").write_text("Tòa án xử vụ ly hôn, chiếu phim miễn phí, sang đường.\n", "utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path,))
    reindex([tmp_path], settings.index, settings, jobs=1)
    with closing(open_engine(settings)()) as engine:
        assert search(engine, Query(text="ly hon")).accented[0].text == "ly hôn"
        assert search(engine, Query(text="chieu sang")).accented == ()


@pytest.mark.parametrize(
    ("texts", "typed", "first"),
    [
        (["Kiểm toán, trường hợp khác.", "Do kiểm toán trường hợp này."], "kiem toan truong", ""),  # half of a word
        (["Người giới thiệu thuốc mới."], "thieu thuoc", ""),
        (["Luật gia có mặt."] * 2 + ["Luật giá có hiệu lực."] * 2, "luat gia", ""),  # about as frequent
        (["Luật gia có mặt."] + ["Luật giá có hiệu lực."] * 11, "luat gia", "luật giá"),
        (["Thuốc dài hạn, thuốc dại, bệnh dại ở chó."] * 3, "benh dai", "bệnh dại"),
    ],
)
def test_halves_of_words_and_close_counts_give_no_offer(
    tmp_path: Path, texts: list[str], typed: str, first: str
) -> None:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.md").write_text(f"Bài {number}\n\n{text}\nÔng trưởng đoàn thiếu tiền.\n", "utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path,))
    reindex([tmp_path], settings.index, settings, jobs=1)
    with closing(open_engine(settings)()) as engine:
        offered = search(engine, Query(text=typed)).accented
        assert (offered[0].text if offered else "") == first
