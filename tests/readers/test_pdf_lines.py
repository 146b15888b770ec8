"""Lines of PDF pages: their order, pieces that belong together, paragraphs, and pages with torn words."""

from __future__ import annotations

from searchapp.readers import pdf_lines
from searchapp.readers.pdf_lines import _Line


def line(text: str, left: float, top: float, width: float = 200) -> _Line:
    return _Line(text, left, left + width, top - 10, top)


def ordered(*lines: _Line) -> list[str]:
    return [one.text for one in pdf_lines._ordered(pdf_lines._whole(list(lines)))]


def test_a_heading_that_was_drawn_last_is_read_first() -> None:
    body = [line(f"thân {n}", 50, 600 - 20 * n, 450) for n in range(3)]
    assert ordered(*body, line("SỐ", 50, 780), line("TÊN", 200, 700)) == ["SỐ", "TÊN", "thân 0", "thân 1", "thân 2"]


def test_columns_stay_one_after_the_other() -> None:
    left = [line(f"trái {n}", 50, 700 - 20 * n) for n in range(6)]
    right = [line(f"phải {n}", 300, 700 - 20 * n) for n in range(3)]
    assert ordered(*left, *right) == [one.text for one in (*left, *right)]


def test_pieces_of_one_line_are_one_line() -> None:
    pieces = (line("Ban hành theo Quy", 50, 700, 100), line("ết định s", 151, 700, 60), line("ố 169", 212, 701, 40))
    assert ordered(*pieces, line("dòng sau", 50, 680)) == ["Ban hành theo Quyết định số 169", "dòng sau"]


def test_a_wide_table_cuts_no_paragraph() -> None:
    prose = [
        "Các cơ quan, đơn vị và địa phương thực hiện nghiêm những quy định",
        "Của luật này trong năm nay, báo cáo sau.",
    ] * 30
    wide = ["Một dòng của bảng nằm ngang " * 12] * 5
    assert pdf_lines.joined([*prose, *wide])[:2] == [" ".join(prose[:2])] * 2


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    assert pdf_lines.joined(["theo Thông tư số 18/2022/TT-", "BLĐTBXH của Bộ."]) == [
        "theo Thông tư số 18/2022/TT-BLĐTBXH của Bộ."
    ]


def test_pages_with_torn_words_are_told() -> None:
    whole = ["Hội nghị đã thảo luận sôi nổi, thẳng thắn và thống nhất cao nhiều nội dung quan trọng."] * 4
    torn = ["H ội ngh ị đ ã th ảo lu ận s ôi n ổi, th ẳng th ắn v à th ống nh ất cao nhi ều n ội dung quan tr ọng."] * 4
    assert pdf_lines.torn([whole, torn, torn, whole, torn]) == "2-3, 5"
    assert pdf_lines.torn([whole, ["BẢNG A1 B2"]]) == ""
