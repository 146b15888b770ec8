"""Heading blocks as offices of every level write them: issuer, type, number, date, subject, signer."""

from __future__ import annotations

import re
import time

import pytest

from searchapp.citations.find.vocabulary import read_table
from searchapp.readers import heading
from searchapp.readers.institutions import cased
from searchapp.readers.record import record

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "---------------")
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"

DOCUMENTS = {
    "province": (
        ["ỦY BAN NHÂN DÂN", "TỈNH LAM GIANG", "-------", *STATE, "Số: 12/2023/QĐ-UBND",
         "Lam Giang, ngày 05 tháng 3 năm 2023", "QUYẾT ĐỊNH", "VỀ VIỆC BAN HÀNH QUY CHẾ", "QUẢN LÝ CÂY XANH",
         "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LAM GIANG", "Căn cứ Luật Tổ chức chính quyền địa phương;",
         "Theo đề nghị của Giám đốc Sở.", "QUYẾT ĐỊNH:", "Điều 1. Ban hành Quy chế.", "TM. ỦY BAN NHÂN DÂN",
         "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Trần Văn An"],
        ("Quyết định", "Ủy ban nhân dân tỉnh Lam Giang", "2023-03-05", "Về việc ban hành Quy chế quản lý cây xanh",
         "Trần Văn An"),
    ),
    "one line of two columns": (
        ["HỘI ĐỒNG NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "THÀNH PHỐ BẾN NHỎ Độc lập - Tự do - Hạnh phúc",
         "Số: 09/NQ-HĐND", "Bến Nhỏ, ngày 12 tháng 7 năm 2023", "NGHỊ QUYẾT", "Về kế hoạch đầu tư công",
         "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ BẾN NHỎ", "KHÓA X KỲ HỌP THỨ MƯỜI", "Xét Tờ trình;", "QUYẾT NGHỊ:", "Điều 1. X",
         "CHỦ TỊCH", "Lê Thị Bình"],
        ("Nghị quyết", "Hội đồng nhân dân thành phố Bến Nhỏ", "2023-07-12", "Về kế hoạch đầu tư công", "Lê Thị Bình"),
    ),
    "a department of a province": (
        ["ỦY BAN NHÂN DÂN TỈNH LAM GIANG", "SỞ LAO ĐỘNG - THƯƠNG BINH", "VÀ XÃ HỘI", *STATE, "Số: 7/KH-SLĐTBXH",
         "Lam Giang, ngày 1 tháng 2 năm 2022", "KẾ HOẠCH", "Chăm lo người có công", "Thực hiện Chỉ thị.",
         "GIÁM ĐỐC", "Vũ Văn Minh"],
        ("Kế hoạch", "Sở Lao động - Thương binh và Xã hội tỉnh Lam Giang", "2022-02-01", "Chăm lo người có công",
         "Vũ Văn Minh"),
    ),
    "a city's Party committee": (
        ["THÀNH ỦY BẾN NHỎ", "*", "Số 05-NQ/TU", PARTY, "Bến Nhỏ, ngày 15 tháng 9 năm 2021", "NGHỊ QUYẾT",
         "HỘI NGHỊ BAN CHẤP HÀNH ĐẢNG BỘ THÀNH PHỐ", "về phục hồi kinh tế", "-----", "I- TÌNH HÌNH",
         "T/M BAN THƯỜNG VỤ", "BÍ THƯ", "Trần Văn An"],
        ("Nghị quyết", "Thành ủy Bến Nhỏ", "2021-09-15", "Về phục hồi kinh tế", "Trần Văn An"),
    ),
    "the Central Committee": (
        ["BAN CHẤP HÀNH TRUNG ƯƠNG", "*", "Số 30-QĐ/TW", PARTY, "Hà Nội, ngày 1 tháng 6 năm 2022", "QUY ĐỊNH",
         "CỦA BAN CHẤP HÀNH TRUNG ƯƠNG", "VỀ NHỮNG ĐIỀU CẦN LÀM", "- Căn cứ Điều lệ Đảng;", "QUYẾT ĐỊNH:",
         "T/M BAN CHẤP HÀNH TRUNG ƯƠNG", "TỔNG BÍ THƯ", "Lê Văn Bình"],
        ("Quy định", "Ban Chấp hành Trung ương", "2022-06-01", "Về những điều cần làm", "Lê Văn Bình"),
    ),
    "a commission of a committee": (
        ["HUYỆN ỦY VÀM BÌNH", "BAN TUYÊN GIÁO", "*", "Số 12-HD/BTGHU", PARTY, "Vàm Bình, ngày 3 tháng 2 năm 2020",
         "HƯỚNG DẪN", "Tuyên truyền kỷ niệm", "Thực hiện Kế hoạch, Ban hướng dẫn:", "TRƯỞNG BAN", "Lò Văn An"],
        ("Hướng dẫn", "Ban Tuyên giáo Huyện ủy Vàm Bình", "2020-02-03", "Tuyên truyền kỷ niệm", "Lò Văn An"),
    ),
    "a committee below another": (
        ["ĐẢNG BỘ TỈNH LAM GIANG", "HUYỆN ỦY VÀM BÌNH", "*", "Số 3-CT/HU", PARTY, "Vàm Bình, ngày 3 tháng 2 năm 2020",
         "CHỈ THỊ", "Về trồng cây", "1. Trồng cây.", "BÍ THƯ", "Lò Văn An"],
        ("Chỉ thị", "Huyện ủy Vàm Bình", "2020-02-03", "Về trồng cây", "Lò Văn An"),
    ),
    "a letter": (
        ["VĂN PHÒNG CHÍNH PHỦ", *STATE, "Số: 123/VPCP-KGVX", "V/v triển khai tiêm chủng",
         "Hà Nội, ngày 3 tháng 2 năm 2021", "Kính gửi: Bộ Y tế", "Đề nghị Bộ báo cáo.",
         "KT. BỘ TRƯỞNG, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "Lê Văn Bình"],
        ("Công văn", "Văn phòng Chính phủ", "2021-02-03", "Triển khai tiêm chủng", "Lê Văn Bình"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_heading_block_is_read_as_its_office_meant_it(name: str) -> None:
    lines, facts = DOCUMENTS[name]
    found = heading.find(lines)
    assert found is not None
    assert (found.type, found.issuer, found.date, found.title, found.signer) == facts


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Đại tướng Trần Văn An", "Trần Văn An"),
        ("PGS.TS. Lê Thị Bình", "Lê Thị Bình"),
        ("Y Thanh Hà Niê Kđăm", "Y Thanh Hà Niê Kđăm"),
        ("H'Yim Kđoh", "H'Yim Kđoh"),
        ("Nơi nhận:", ""),
        ("Tsring Văn An", "Tsring Văn An"),
    ],
)
def test_a_signer_is_a_name_without_rank(line: str, name: str) -> None:
    lines, _ = DOCUMENTS["a letter"]
    found = heading.find([*lines[:-1], line])
    assert found is not None and found.signer == name


def test_a_motto_in_a_narrow_column_is_no_issuer() -> None:
    lines, facts = DOCUMENTS["province"]
    wrapped = [*lines[:3], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "NAM", *lines[4:]]
    found = heading.find(wrapped)
    assert found is not None and found.issuer == facts[1]


def test_a_decision_rests_on_what_stands_above_its_word() -> None:
    found = heading.find(DOCUMENTS["province"][0])
    assert found is not None and found.basis == ("Căn cứ Luật Tổ chức chính quyền địa phương",)


@pytest.mark.parametrize("title", ["", "Tên trong hàng"])
def test_a_row_that_says_only_its_text_gets_what_its_heading_says(title: str) -> None:
    lines, facts = DOCUMENTS["province"]
    found = record({"title": title, "text": "\n".join(lines), "signer": "Người Khác"}, path="a.jsonl", row=1)
    assert (found.kind, found.issuer, found.date, found.title) == (*facts[:3], title or facts[3])
    assert (found.number, found.signer, len(found.basis)) == ("12/2023/QĐ-UBND", "Người Khác", 1)
    known = record({"text": "\n".join(lines), "number": "1/QĐ"}, path="a.jsonl", row=1)
    assert (known.number, known.kind, known.issuer) == ("1/QĐ", "", ""), "who says its number knows the rest"


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "line",
    [
        "A" * MEGABYTE,
        "BAN THƯỜNG VỤ " * (MEGABYTE // 14),
        "số " * (MEGABYTE // 3),
        "Luật " + "a " * (MEGABYTE // 2),
        "ngày 1 tháng 1 năm " * (MEGABYTE // 19),
        "Căn cứ a; " * (MEGABYTE // 10),
        "Được A" + "a" * MEGABYTE,
    ],
    ids=range(7),
)
@pytest.mark.clock
def test_no_line_takes_long(line: str) -> None:
    lines, _ = DOCUMENTS["province"]
    start = time.process_time()
    heading.find([line, *lines[2:]])
    for place in (0, 7, 10, 14, len(lines)):
        heading.find([*lines[:place], line, 2 * line.lower(), *lines[place:]])
    heading.find([*lines[:7], line[: MEGABYTE // 2] + "B", *lines[10:], line.lower()])
    assert time.process_time() - start < 5


def test_institutions_are_written_as_people_write_them() -> None:
    names = [row["name"] for row in read_table("issuers.tsv")]
    known = [name for name in names if " " in name and not re.search("[A-ZĐ]{2}", name)]
    wrong = [name for name in known if cased(name.upper()) != name]
    assert len(known) > 50 and wrong == ["Ủy ban Thể dục Thể thao"], "no rule knows that both words are fields"
