"""What a page's title says of its being there, and which pages are the same."""

from __future__ import annotations

import pytest

from searchapp.crawl.politeness import is_missing, text_of
from searchapp.readers.hyperlinks import read
from searchapp.readers.items import Outline


@pytest.mark.parametrize(
    ("title", "missing"),
    [
        ("404", True),
        ("404 Not Found", True),
        ("Lỗi 404", True),
        ("Lỗi 404 | Cổng thông tin tỉnh", True),
        ("Cổng thông tin huyện - Không tìm thấy trang", True),
        ("Trang bạn tìm không tồn tại", True),
        ("Page not found – Portal", True),
        ("Quyết định số 1404", False),
        ("Quyết định số 404", False),
        ("404 hộ nghèo được nhận nhà mới", False),
        ("Nhiều hiện vật không tìm thấy sau lũ", False),
        ("Không tìm thấy sai phạm tại hai xã sau thanh tra", False),
        ("", False),
    ],
)
def test_a_title_says_that_there_is_no_page(title: str, missing: bool) -> None:
    assert is_missing(Outline("page", title=title, words=1), soft=2) is missing


PAGE = """<html><head><title>Lịch tiếp công dân tháng {month}/2023</title></head><body><div>Hôm nay: {clock}</div>
<p>Ủy ban nhân dân huyện Lam Sơn thông báo lịch tiếp công dân định kỳ trong tháng {month} năm 2023.</p>
<p>Lượt truy cập: {clock}</p></body></html>"""


def same(one: str, two: str) -> bool:
    found = [
        next(item for item in read(page.encode(), "https://a.example.vn/") if isinstance(item, Outline))
        for page in (one, two)
    ]
    return text_of(found[0]) == text_of(found[1])


def test_pages_that_differ_in_figures_of_their_text_are_two() -> None:
    may, june = (PAGE.format(month=month, clock=1) for month in (5, 6))
    assert not same(may, june)
    assert same(may, PAGE.format(month=5, clock=2)), "a clock beside the text makes no other page"
