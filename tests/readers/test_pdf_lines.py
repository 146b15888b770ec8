"""Lines of PDF pages: their order, pieces that belong together, paragraphs, and pages with torn words."""

from __future__ import annotations

from searchapp.readers import formats, pdf_lines
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


def drawn(*lines: list[tuple[str, int, int]]) -> bytes:
    """A page of lines; each piece of a line with its size and how high it is raised."""
    shown = ""
    for number, pieces in enumerate(lines):
        told = " ".join(f"/F {size} Tf {rise} Ts ({text}) Tj" for text, size, rise in pieces)
        shown += f"BT 50 {780 - 20 * number} Td {told} ET\n"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    body = "".join(f"{number} 0 obj{one}endobj\n" for number, one in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer<</Size 6/Root 1 0 R>>\n%%EOF".encode("latin-1")


def test_marks_of_notes_are_never_read_with_a_number() -> None:
    def note(mark: str) -> tuple[str, int, int]:
        return (mark, 7, 5)

    page = drawn(
        [("theo so 05-NQ/TU", 12, 0), note("1"), (" ngay 5/9/2021", 12, 0), note("12"), (", so 54/2024/QH15", 12, 0)],
        [
            ("dien tich 100 m", 12, 0),
            note("2"),
            (" nam 2021", 12, 0),
            note("3"),
            (" va H", 12, 0),
            ("2", 7, -3),
            ("O", 12, 0),
        ],
        *[[("Cac co quan va dia phuong thuc hien nghiem quy dinh nay", 12, 0)] for _ in range(6)],
    )
    (record,) = formats.read(page, "a.pdf")
    assert record.text.startswith("theo so 05-NQ/TU ngay 5/9/2021, so 54/2024/QH15 dien tich 100 m² nam 2021 va H2O")
