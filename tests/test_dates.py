"""Dates as people write them → ISO cut to what is known."""

import unicodedata

import pytest

from searchapp.dates import MAX_CHARS, display, is_valid, parse_date, span


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-09-15", "2021-09-15"),
        ("2021-9-5", "2021-09-05"),
        ("2021-09-15T23:30:00+07:00", "2021-09-15"),
        ("2021-09-15T16:30:00Z", "2021-09-15"),
        ("2021-09-15T17:30:00Z", "2021-09-16"),
        ("2021-09-15 08:00", "2021-09-15"),
        ("2021/09/15", "2021-09-15"),
        ("15/9/2021", "2021-09-15"),
        ("15/09/2021.", "2021-09-15"),
        ("15-9-2021", "2021-09-15"),
        ("15.9.2021", "2021-09-15"),
        ("15 / 9 / 2021", "2021-09-15"),
        ("ngày 15 tháng 9 năm 2021", "2021-09-15"),
        ("NGÀY 15 THÁNG 9 NĂM 2021", "2021-09-15"),
        ("ngay 15 thang 9 nam 2021", "2021-09-15"),
        (unicodedata.normalize("NFD", "ngày 15 tháng 9 năm 2021"), "2021-09-15"),
        ("15 tháng 9, 2021", "2021-09-15"),
        ("Thứ tư, 15/9/2021, 00:05 (GMT+7)", "2021-09-15"),
        ("08:30 15/9/2021", "2021-09-15"),
        ("Cập nhật: 15/9/2021", "2021-09-15"),
        ("２０２１-０９-１５", "2021-09-15"),
        ("9/2021", "2021-09"),
        ("2021-09", "2021-09"),
        ("tháng 9 năm 2021", "2021-09"),
        ("tháng 9/2021", "2021-09"),
        ("2021", "2021"),
        ("năm 2021", "2021"),
        ("1945", "1945"),
        ("29/2/2024", "2024-02-29"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_written_date_is_read(written, iso):
    assert parse_date(written) == iso
    assert is_valid(iso)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "31/02/2021", "29/2/2023", "32/13/2021", "13/2021", "0000-01-01", "0000", "15/9/21"),
        *("2021-02-30T00:00", "20/15/9/2021", "05-NQ/TU", "hôm nay", "Đ", "Ð", "1.234.567", "20212022"),
        *("9" * 5000, "1/1/2021" + "x" * MAX_CHARS),
    ],
)
def test_what_is_no_date_or_no_real_day_is_unknown(written):
    assert parse_date(written) == ""


@pytest.mark.parametrize("iso", ["", "2021-9-5", "2021-09-31", "2021-13", "21", "2021-09-15T00:00", "0000", "２０２１"])
def test_only_exact_iso_dates_are_valid(iso):
    assert not is_valid(iso)
    assert display(iso) == ""
    with pytest.raises(ValueError, match="not an ISO date"):
        span(iso)


@pytest.mark.parametrize(
    ("iso", "shown", "first", "last"),
    [
        ("2021-09-05", "05/9/2021", "2021-09-05", "2021-09-05"),
        ("2021-09", "9/2021", "2021-09-01", "2021-09-30"),
        ("2024-02", "02/2024", "2024-02-01", "2024-02-29"),
        ("2021", "2021", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_date_is_shown_as_vietnamese_readers_write_it_and_spans_its_days(iso, shown, first, last):
    assert display(iso) == shown
    assert span(iso) == (first, last)
