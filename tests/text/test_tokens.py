"""Keys, tokens and the streams that an index stores."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.text.normalize import fold, fold_key, normalize
from searchapp.text.syllables import MAX_KEY, PLAIN, place
from searchapp.text.tokens import key, stream, tokens


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("… — !", []),
        ("Đảng ta", ["đảng", "ta"]),
        (unicodedata.normalize("NFD", "Thuỷ lợi Ðông"), ["thủy", "lợi", "đông"]),
        ("hoà HÒA Hoà", ["hòa"] * 3),
        ("khong dau", ["khong", "dau"]),
        (
            "kĩ kỹ, lí lý, mĩ Mỹ, tỉ tỷ, hi hy, kì kỳ",
            ["kỹ", "kỹ", "lý", "lý", "mỹ", "mỹ", "tỷ", "tỷ", "hy", "hy", "kỳ", "kỳ"],
        ),
        ("sĩ sỹ quí quý qui quy", ["sĩ", "sĩ", "quý", "quý", "quy", "quy"]),
        ("túi túy hai hay vi vy y", ["túi", "túy", "hai", "hay", "vi", "vy", "y"]),
        ("đa ĐA Đa Ða", ["đa"] * 4),
        ("phòng, chống", ["phòng", "chống"]),
        ("05-NQ/TU", ["05", "nq", "tu"]),
        ("1.234,5 km2", ["1", "234", "5", "km2"]),
        ("a_b__c", ["a", "b", "c"]),
        ("TPHCM TP.HCM TP HCM Tp. HCM tp.hcm T.P HCM HCMC", ["tphcm"] * 7),
        ("TP. Hồ Chí Minh", ["tp", "hồ", "chí", "minh"]),
        ("TP\nHCM ctp hcm TPHCMX HCM", ["tp", "hcm", "ctp", "hcm", "tphcmx", "hcm"]),
        ("ＮＱ ２９", ["nq", "29"]),
        ("giáo\u00addục", ["giáodục"]),
        ("q\u0301uy q\u0301", ["quy", "q"]),
        ("chữ 漢字 привет 😀", ["chữ", "漢字", "привет"]),
    ],
)
def test_tokens_have_one_key_a_spelling(text, keys):
    clean = normalize(text)
    found = tokens(clean)
    assert [token.key for token in found] == keys
    assert stream(clean).keys[: len(keys)] == keys


def test_offsets_point_into_the_text():
    text = "Thành uỷ TP. HCM họp;\nNQ 05"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Thành", "uỷ", "TP. HCM", "họp", "NQ", "05"]


def test_long_runs_are_cut():
    (token,) = tokens("x" * 5000)
    assert (token.end, len(token.key)) == (5000, MAX_KEY)


@given(st.text(max_size=60).map(normalize))
def test_any_text_has_ordered_tokens_and_stable_keys(text):
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.key
        assert key(token.key) == token.key
        end = token.end
    found = stream(text)
    assert len(found.keys) == len(found.positions)
    assert list(found.positions) == sorted(set(found.positions))


def test_a_reader_without_accents_reaches_every_syllable():
    for plain in PLAIN:
        for tone in range(6):
            syllable = place(plain, tone)
            assert fold_key(key(fold(syllable))) == fold_key(key(syllable))


def test_lines_are_never_neighbours():
    assert list(stream("một hai\nba\n\nbốn năm").positions) == [0, 1, 3, 6, 7]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Xây dựng Đảng", ["xây_dựng"]),
        ("XÂY DỰNG ĐẢNG BỘ THÀNH PHỐ", ["xây_dựng", "đảng_bộ", "thành_phố"]),
        ("hoà bình", ["hòa_bình"]),
        ("hòa bình", ["hòa_bình"]),
        ("kĩ thuật", ["kỹ_thuật"]),
        ("kỹ thuật", ["kỹ_thuật"]),
        ("xay dung dang", []),
        ("05/2021", []),
        ("", []),
    ],
)
def test_words_are_the_same_in_every_spelling(text, words):
    assert stream(normalize(text)).words == words


def test_abbreviations_stand_for_their_words_once_and_apart():
    found = stream("MTTQ quận và MTTQ phường")
    assert found.keys == ["mttq", "quận", "và", "mttq", "phường", "mặt", "trận", "tổ", "quốc"]
    assert list(found.positions) == [0, 1, 2, 3, 4, 6, 8, 10, 12]
    assert "mặt_trận" in found.words
    assert stream("MTTQ QUẬN").keys == ["mttq", "quận"]
    assert stream("mttq quận").keys == ["mttq", "quận"]
