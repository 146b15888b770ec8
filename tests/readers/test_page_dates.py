"""When a page says that its article appeared, in every form that Vietnamese portals use, and when it does not say."""

from __future__ import annotations

import pytest

from searchapp.article import Record
from searchapp.dates import parse_date
from searchapp.readers import html

TEXT = (
    "<p>Hội nghị đã thảo luận sôi nổi, thẳng thắn và thống nhất cao nhiều nội dung quan trọng về xây dựng Đảng.</p>"
    "<p>Phát biểu kết luận, đồng chí Bí thư đề nghị các cấp ủy tiếp tục đổi mới phương thức lãnh đạo, gần dân.</p>"
)


def date_of(*, above: str = "", below: str = "", after: str = "", head: str = "", title: str = "Tỉnh ủy họp") -> str:
    page = (
        f"<html><head><title>{title}</title>{head}</head><body><div>Thứ bảy, 28/11/2026</div><ul><li>Tin</li>"
        f"<li>Ảnh</li><li>Văn bản</li></ul>{above}<h1>{title}</h1>{below}<div class=content>{TEXT}</div>{after}"
        "<div class=footer>© 2024 Cổng thông tin</div></body></html>"
    )
    (record,) = html.read(page, "a.html")
    assert isinstance(record, Record)
    return parse_date(record.date)


LINES = (
    "Thứ tư, 15/09/2021, 10:30 (GMT+7)", "Ngày đăng: 15-09-2021 08:30:00", "10:30 | 15/09/2021",
    "Cập nhật: 15/09/2021 08:15", "Cập nhật lúc: 08:15, 15/09/2021", "Thứ Tư, ngày 15 tháng 9 năm 2021",
    "15 Tháng 9 2021", "15 Tháng Chín, 2021", "15.9.2021", "15/9/2021 10h30", "2021-09-15 10:30", "Đăng ngày 15/9/2021",
    "Ngày xuất bản: 15/9/2021", "Cập nhật cuối: 15/09/2021 | Lượt xem: 1205", "15/09/2021 10:30:00 SA",
    "Thứ 4, 15/09/2021", "08:30 15/09/2021", "(15/9/2021)", "Ngày 15/9/2021 - 10 giờ 30",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_dateline_below_the_title_is_the_day(line: str) -> None:
    assert date_of(below=f"<span class=date>{line}</span>") == "2021-09-15"


@pytest.mark.parametrize("line", LINES[:4])
def test_a_dateline_above_the_title_is_the_day_and_the_clock_is_not(line: str) -> None:
    assert date_of(above=f"<p>{line}</p>") == "2021-09-15"


@pytest.mark.parametrize(
    ("head", "below", "date"),
    [
        ('<meta property="article:published_time" content="2023-05-12T18:30:00Z">', "", "2023-05-13"),
        ('<meta name="pubdate" content="2023-05-12T08:30:00+07:00">', "15/9/2021", "2023-05-12"),
        ('<meta itemprop="datePublished" content="12/5/2023">', "", "2023-05-12"),
        ('<script type="application/ld+json">{"@graph":[{"datePublished":"2023-05-12T17:00:00.000Z"}]}</script>', "",
         "2023-05-13"),
        ("", '<time datetime="2023-05-12T08:00">hôm qua</time>', "2023-05-12"),
        ("", "Cập nhật: 16/9/2021 08:00<br>Ngày đăng: 15/9/2021 07:00", "2021-09-15"),
        ('<meta property="article:modified_time" content="2023-05-12">', "", "2023-05-12"),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_a_page_says_for_programs_comes_first(head: str, below: str, date: str) -> None:
    assert date_of(head=head, below=f"<div>{below}</div>") == date


@pytest.mark.parametrize(
    "title",
    [
        "Lịch tiếp công dân tháng 5/2023",
        "Thông báo tháng 05-2023",
        "Nghị quyết số 12/2022/NQ-HĐND",
        "Kỳ 2021-2025",
    ],
)
def test_no_date_is_made_of_a_title(title: str) -> None:
    assert date_of(title=title) == ""


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("9/15/2021 10:30:00 AM", "2021-09-15"),
        ("9/5/2021", "2021-05-09"),
        (1631669400, "2021-09-15"),
        (1631669400000, "2021-09-15"),
        ("Wed, 15 Sep 2021 23:00:00 GMT", "2021-09-16"),
        ("Sep 15, 2021", "2021-09-15"),
        ("15 September 2021", "2021-09-15"),
        ("2021-09-15T23:30:00-05:00", "2021-09-16"),
    ],
)
def test_dates_of_rows(written: str | int, date: str) -> None:
    assert parse_date(str(written)) == date


def test_another_zone_has_another_day() -> None:
    assert parse_date("2021-09-14T17:00:00Z", "Europe/Berlin") == "2021-09-14"


@pytest.mark.parametrize(
    "line",
    [
        "T6, 17/09/2021",
        "CN 17/09/2021 • 08:05",
        "Cập nhật lần cuối: 17/09/2021 - 10h30'",
        "[ 17/09/2021 ]",
        "Tác giả: Văn An - 17/09/2021",
        "Người đăng: Ban biên tập | 17/09/2021 08:05",
        "08h05, ngày 17/09/2021",
        "Ngày 17-09-2021, 08:05 GMT+7",
        "2021/09/17 08:05",
        "Thứ sáu, 17 Tháng Chín 2021 08:05",
        "Fri, 17/09/2021 - 08:05",
        "Friday, 17/09/2021",
        "Được đăng: Thứ sáu, 17 Tháng 9 2021 08:05",
        "Posted: 17/09/2021 08:05",
    ],
)
def test_more_datelines(line: str) -> None:
    prose = "<p>Hội nghị đã thảo luận sôi nổi về công tác xây dựng Đảng tại địa phương, với nhiều đại biểu.</p>" * 4
    page = f"<html><body><article><h1>Hội nghị sơ kết</h1><div>{line}</div>{prose}</article></body></html>"
    (record,) = html.read(page, "a.html")
    assert isinstance(record, Record)
    assert parse_date(record.date) == "2021-09-17"


def test_the_clock_of_a_page_with_a_short_menu_is_not_its_day() -> None:
    page = f"<html><body><div>Thứ bảy, 28/11/2026</div><ul><li>Tin</li></ul><h1>Tỉnh ủy họp</h1>{TEXT}</body></html>"
    (record,) = html.read(page, "a.html")
    assert isinstance(record, Record)
    assert record.date == ""
