"""Terms of office: a body and a date in, a term out."""

import pytest

from searchapp.citations.find.vocabulary import ordinal, roman
from searchapp.citations.resolve.terms_of_office import ASSEMBLY, PARTY, TERMS, term_at, term_called, term_label

CITY = "Đảng bộ TPHCM"


@pytest.mark.parametrize(
    ("body", "date", "term"),
    [
        (PARTY, "2021-02-01", "dang-xii-2016"),  # the closing day belongs to the term before
        (PARTY, "2021-02-02", "dang-xiii-2021"),
        (PARTY, "2021", ""),  # may fall in two
        (PARTY, "2022", "dang-xiii-2021"),
        (PARTY, "2026-01-24", "dang-xiv-2026"),
        (PARTY, "1900-01-01", ""),
        (PARTY, "", ""),
        (CITY, "2021-09-15", "dang-bo-tphcm-xi-2020"),
        (CITY, "2026-03-01", "dang-bo-tphcm-i-(2025)-2025"),
        ("Đảng bộ Bình Dương", "2021-03-01", "dang-bo-cap-tinh-2020"),
        ("Đảng bộ Bình Dương", "2020-10-01", ""),  # the month of the congresses
        (ASSEMBLY, "2018-05", "quoc-hoi-xiv-2016"),
        ("Hội khác", "2021-01-01", ""),
    ],
)
def test_a_date_falls_in_one_term_or_in_none(body: str, date: str, term: str) -> None:
    found = term_at(body, date)
    assert (found.id if found else "") == term


@pytest.mark.parametrize(
    ("body", "name", "term"),
    [
        (PARTY, "XII", "dang-xii-2016"),
        (CITY, "XI", "dang-bo-tphcm-xi-2020"),
        (CITY, "2020-2025", "dang-bo-tphcm-xi-2020"),
        (CITY, "I", ""),  # 1977 or 2025: the numbering began anew
        (CITY, "2025-2030", "dang-bo-tphcm-i-(2025)-2025"),
        (CITY, "", ""),
    ],
)
def test_an_ordinal_alone_may_be_no_key(body: str, name: str, term: str) -> None:
    found = term_called(body, name)
    assert (found.id if found else "") == term


@pytest.mark.parametrize(
    ("term", "label"),
    [
        ("dang-xiii-2021", "Đại hội XIII của Đảng (2021–2026)"),
        ("dang-bo-tphcm-xi-2020", "Đại hội XI Đảng bộ TPHCM (2020–2025)"),
        ("dang-bo-tphcm-i-(2025)-2025", "Đại hội I Đảng bộ TPHCM (2025–2030)"),
        ("dang-bo-cap-tinh-2020", "Nhiệm kỳ 2020–2025 (cấp tỉnh)"),
        ("quoc-hoi-xv-2021", "Quốc hội khóa XV (2021–2026)"),
        ("dang-xiv-2026", "Đại hội XIV của Đảng (từ 2026)"),
        ("khong-co", "khong-co"),
    ],
)
def test_a_term_is_shown_by_body_and_years(term: str, label: str) -> None:
    assert term_label(term) == label


def test_labels_tell_all_terms_apart() -> None:
    assert len({term_label(term) for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize(
    ("text", "number"),
    [("XIII", 13), ("13", 13), ("muoi ba", 13), ("hai muoi mot", 21), ("bon muoi", 40), ("nhat", 1), ("le", 0),
     ("", 0), ("XLII", 42), ("nam muoi hai", 52), ("99", 99), ("100", 0), ("L", 50), ("C", 0)],
)  # fmt: skip
def test_an_ordinal_is_one_number(text: str, number: int) -> None:
    assert ordinal(text) == number


def test_roman_numerals_come_back() -> None:
    assert [ordinal(roman(number)) for number in range(1, 100)] == list(range(1, 100))
