"""The door: what normalize() changes and what it leaves to the author."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchapp.text.normalize import MAX_MARKS, normalize


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        ("Nghị quyết 05", "Nghị quyết 05"),
        (unicodedata.normalize("NFD", "Đường lối của Đảng"), "Đường lối của Đảng"),
        ("hoà bình, hòa bình", "hoà bình, hòa bình"),
        ("khong dau 2021", "khong dau 2021"),
        ("Ðảng uỷ và ðồng chí", "Đảng uỷ và đồng chí"),
        ("Thành\u00a0ủy\u2003TPHCM\u3000họp", "Thành ủy TPHCM họp"),
        ("một\thai", "một hai"),
        ("một\r\nhai\rba\u2028bốn\u2029năm\x85sáu\x0cbảy\n", "một\nhai\nba\nbốn\nnăm\nsáu\nbảy\n"),
        ("giáo\u00addục\u200b\u200d\ufeff", "giáodục"),
        ("\u202eđảo\u202c chữ\u2066\u2069", "đảo chữ"),
        ("a\x00b\x1bc\x7fd\x9be", "abcde"),
        ("nửa \ud83d cặp", "nửa  cặp"),
        ("riêng \ue000\uf8ff\U000f0000tư", "riêng tư"),
        ("ＮＱ－ＴＷ　２０２１！", "NQ-TW 2021!"),
        ("10.000₫ … 50% — “x”", "10.000₫ … 50% — “x”"),
        ("e\u0302\u200b\u0301", "ế"),
    ],
)
def test_a_text_is_cleaned(text, clean):
    assert normalize(text) == clean
    assert normalize(clean) == clean


def test_stacked_marks_are_cut():
    assert normalize("a" + "\u0301\u0489" * 1000) == "á" + normalize("\u0489\u0301\u0489")
    assert len(normalize("a" + "\u0344" * 50)) <= 1 + MAX_MARKS


def test_a_clean_text_is_not_copied():
    text = "Đảng bộ Thành phố hoàn thành nhiệm vụ năm 2021.\n"
    assert normalize(text) is text


@example("\u0430\u30fa\ufb30\u04df")  # NFC makes two letters of one, and two words of a word of two scripts
@given(
    st.text(st.characters(), max_size=80)
    | st.text("aTТаж\ufb30\u0301\u200b.", max_size=12)
    | st.text("aeô đÐ\u0301\u0302\u0323\u0344\u200b\r\n\u00a0Ａ", max_size=40)
)
def test_normalizing_twice_is_normalizing_once(text):
    clean = normalize(text)
    assert normalize(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode()
