"""Telex and VNI, decoded and encoded."""

import pytest

from searchapp.text.keyboard import decode, is_syllable, telex, vni
from searchapp.text.normalize import has_marks
from searchapp.text.syllables import PLAIN, place


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nghij", "nghị"),
        ("quyeets", "quyết"),
        ("quyeest", "quyết"),
        ("nghi5", "nghị"),
        ("quye61t", "quyết"),
        ("quyet61", "quyết"),
        ("ddarng", "đảng"),
        ("dangdr", "đảng"),
        ("dda3ng", "đảng"),
        ("d9ang3", "đảng"),
        ("nhwngx", "những"),
        ("truwowngf", "trường"),
        ("truongwf", "trường"),
        ("dduwowcj", "được"),
        ("hoaf", "hòa"),
        ("uyr", "ủy"),
        ("NGHIJ", "nghị"),
        ("khoeof", "khoèo"),
        ("", None),
        ("dang", None),
        ("hoa", None),
        ("đảng", None),
        ("hoàf", None),
        ("2021", None),
        ("1a", None),
        ("nq05", None),
        ("covid19", None),
        ("tphcm", None),
        ("quyeetss", None),
        ("nghi55", None),
        ("strength", None),
        ("x" * 500, None),
    ],
)
def test_keystrokes_are_read_back(typed, meant):
    assert decode(typed) == meant


def test_every_accented_syllable_survives_both_methods():
    syllables = [place(plain, tone) for plain in PLAIN for tone in range(6)]
    syllables = [syllable for syllable in syllables if has_marks(syllable) and is_syllable(syllable)]
    assert len(syllables) > 15_000
    for encode in (telex, vni):
        lost = [syllable for syllable in syllables if decode(encode(syllable)) != syllable]
        assert lost == []


@pytest.mark.parametrize(
    ("syllable", "in_telex", "in_vni"),
    [
        ("đường", "dduwowngf", "d9u7o7ng2"),
        ("ấp", "aaps", "a6p1"),
        ("boong", "booong", "boong"),
        ("ta", "ta", "ta"),
        ("", "", ""),
    ],
)
def test_encoders(syllable, in_telex, in_vni):
    assert (telex(syllable), vni(syllable)) == (in_telex, in_vni)
