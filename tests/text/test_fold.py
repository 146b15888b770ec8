"""Folding, and the slugs and the order of lists that are built on it."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.text.normalize import LETTERS, TONES, fold, fold_key, has_marks, normalize, slug
from searchapp.text.syllables import sort_key

ALPHABET = [unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưy" for tone in TONES] + ["đ"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Đảng Cộng sản", "dang cong san"),
        ("HOÀ BÌNH hòa bình", "hoa binh hoa binh"),
        (normalize(unicodedata.normalize("NFD", "Thuỷ lợi")), "thuy loi"),
        (normalize("Ðoàn kết"), "doan ket"),
        ("khong dau", "khong dau"),
        ("05-NQ/TU, 1.234", "05-nq/tu, 1.234"),
        ("10.000₫ … “x” — °", "10.000₫ … “x” — °"),
        ("Čapek và Łódź", "capek va lodz"),
        ("漢字", "hanzi"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_every_vietnamese_letter_folds_to_one_ascii_letter():
    for letter in ALPHABET + [letter.upper() for letter in ALPHABET]:
        assert len(fold(letter)) == 1
        assert fold(letter).isascii()
    assert len(ALPHABET) == 73


@given(st.text(st.sampled_from("".join(ALPHABET) + "bcdghklmnpqrstvx 0-_₫…\n"), max_size=60))
def test_folding_vietnamese_keeps_offsets(text):
    assert len(fold(text)) == len(text)
    assert len(fold(text.upper())) == len(text)


@given(st.text(max_size=20).map(normalize))
def test_a_key_never_folds_to_nothing(text):
    assert bool(fold_key(text)) == bool(text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("", False),
        ("dang 05", False),
        ("da", False),
        ("đa", True),
        ("Ủy", True),
        ("ĐA", True),
        ("ƯU", True),
        ("…₫", False),
    ],
)
def test_has_marks(text, marked):
    assert has_marks(text) is marked
    assert has_marks(unicodedata.normalize("NFD", text)) is marked


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Thành ủy TPHCM", 80, "thanh-uy-tphcm"),
        ("", 80, ""),
        ("— ! —", 80, ""),
        ("  Nghị định 30/2020/NĐ-CP ", 80, "nghi-dinh-30-2020-nd-cp"),
        ("hoà và hòa", 80, "hoa-va-hoa"),
        ("Đề án, Ðề án", 80, "de-an-de-an"),
        ("cải cách hành chính", 12, "cai-cach"),
        ("cải cách hành chính", 8, "cai-cach"),
        ("nghiêng", 5, "nghie"),
    ],
)
def test_slug(text, limit, expected):
    assert slug(text, limit) == expected


def test_dictionary_order():
    ordered = ["", "2", "10", "B1", "Ba", "chi bộ", "chi ủy", "chì", "chỉ", "Chỉ thị", "chĩ", "chí hướng", "chị"]
    ordered += [
        "da",
        "dân vận",
        "đa",
        "Đảng",
        "em",
        "ê",
        "phi",
        "phở",
        "Quận 2",
        "Quận 10",
        "ta",
        "tă",
        "tâ",
        "U Minh",
        "Ủy ban",
    ]
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered
    assert "".join(sorted(set(LETTERS), key=sort_key)) == LETTERS


def test_huge_numbers_sort():
    assert sort_key("9" * 5000) < sort_key("1" + "0" * 5000)
