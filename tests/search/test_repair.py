"""Typing repair and spelling, on the sample corpus."""

import unicodedata
from collections.abc import Callable

import pytest

from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.search import search

Current = Callable[[], Engine]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("nghij quyeets", "nghị quyết"),
        ("nghi5 quye61t", "nghị quyết"),
        ("ddarng booj", "đảng bộ"),
        ("dda3ng bo65", "đảng bộ"),
        ("phong tradof", ""),
        ("dang bo", ""),
        ("đảng bộ", ""),
        ("2021", ""),
        ("TPHCM", ""),
        ('"nghij quyeets"', '"nghị quyết"'),
        ("-nghij đảng", ""),
        ("NghÞ quyÕt", "Nghị quyết"),  # TCVN3
        ('"nghò quyeát"', '"nghị quyết"'),  # VNI
        ("Nghá»‹ quyáº¿t 05", "Nghị quyết 05"),  # UTF-8 taken for windows-1252
    ],
)
def test_raw_typing_and_old_encodings_are_read_as_meant(sample_engine: Current, typed: str, read: str) -> None:
    page = search(sample_engine(), Query(text=typed))
    said = [notice[1] for notice in page.notices if notice[0] == "decoded"]
    assert said == ([read] if read else [])
    if read:
        asked = search(sample_engine(), Query(text=read))
        assert [hit.article.key for hit in page.hits] == [hit.article.key for hit in asked.hits]
        assert search(sample_engine(), Query(text=typed, verbatim=True)).total != asked.total


@pytest.mark.parametrize(
    ("typed", "likelier"),
    [
        ("phogn chong dich", "phong chong dich"),
        ("nghi quyeet trung uong", "nghi quyet trung uong"),
        ("đảng bộ", ""),
        ("dang bo", ""),
        (unicodedata.normalize("NFD", "đảng bộ"), ""),
        ("05-NQ/TU", ""),
        ("", ""),
    ],
)
def test_a_likelier_spelling_is_offered_with_its_count(sample_engine: Current, typed: str, likelier: str) -> None:
    page = search(sample_engine(), Query(text=typed))
    told = [text for text, count in page.did_you_mean if count]
    told += [notice[2] for notice in page.notices if notice[0] == "corrected"]
    assert told == ([likelier] if likelier else [])
