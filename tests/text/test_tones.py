"""Syllables and where their tone sits."""

import unicodedata

import pytest

from searchapp.text.normalize import TONES, fold
from searchapp.text.syllables import FOLDED, PLAIN, canon_syllable, is_syllable, new_style, place, split


@pytest.mark.parametrize(
    ("written", "canon"),
    [
        ("hoà", "hòa"),
        ("hòa", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("uỷ", "ủy"),
        ("tòan", "toàn"),
        ("nghịêp", "nghiệp"),
        ("gìa", "già"),
        ("qúy", "quý"),
        ("đựơc", "được"),
        ("thủơ", "thuở"),
        ("khủyu", "khuỷu"),
        ("ngoẹo", "ngoẹo"),
        ("hoàn", "hoàn"),
        ("quỳnh", "quỳnh"),
        ("gì", "gì"),
        ("giếng", "giếng"),
        ("của", "của"),
        ("mía", "mía"),
        ("", ""),
        ("khong", "khong"),
        ("2021", "2021"),
        ("clò", "clò"),
        ("hoàà", "hoàà"),
    ],
)
def test_tone_placement_is_repaired(written, canon):
    assert canon_syllable(written) == canon
    assert canon_syllable(canon) == canon


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("hòa", "hoà"),
        ("hoà", "hoà"),
        ("thủy", "thuỷ"),
        ("ủy", "uỷ"),
        ("quý", "quý"),
        ("toàn", "toàn"),
        ("tòan", "toàn"),
        ("", ""),
    ],
)
def test_new_style(written, new):
    assert new_style(written) == new


def test_placing_and_splitting_undo_each_other():
    for plain in PLAIN:
        for tone in range(len(TONES)):
            syllable = place(plain, tone)
            assert split(syllable) == (plain, tone)
            assert canon_syllable(syllable) == syllable == unicodedata.normalize("NFC", syllable)
            assert canon_syllable(new_style(syllable)) == syllable
            assert fold(syllable) == fold(plain)
            assert fold(plain) in FOLDED


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        ("nghị", True),
        ("nghi", True),
        ("nghj", False),
        ("quyết", True),
        ("quyêt", True),
        ("quyềt", False),
        ("dang", True),
        ("đang", True),
        ("đ", False),
        ("tu", True),
        ("tw", False),
        ("tphcm", False),
        ("mttq", False),
        ("ai", True),
        ("kạn", True),
        ("ngi", False),
        ("ghanh", False),
        ("05", False),
        ("", False),
    ],
)
def test_is_syllable(key, is_one):
    assert is_syllable(key) is is_one
