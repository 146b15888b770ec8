"""Citations in running text: sentences in, keys and facts out."""

import json
import unicodedata
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.citations.find import find_citations, find_in_query


def keys(text: str) -> list[str]:
    return [citation.key for citation in find_citations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết số 29-NQ/TW", ["29-NQ/TW"]),
        ("Nghị quyết 29/NQ-TW", ["29-NQ/TW"]),
        ("Nghị quyết 5-NQ/TU", ["05-NQ/TU"]),
        ("Nghị quyết số: 16 - NQ / TƯ", ["16-NQ/TW"]),
        ("Nghị quyết số 68- NQ/T.Ư", ["68-NQ/TW"]),
        ("Nghị quyết số 79 NQ/TW", ["79-NQ/TW"]),
        ("theo văn kiện số 79 NQ/TW", ["79-NQ/TW"]),
        ("Quy định 37-QĐ-TW", ["37-QĐ/TW"]),
        ("Quy định 102-QD/TW", ["102-QĐ/TW"]),
        ("Quy định 08-QĐi/TW", ["08-QĐ/TW"]),
        ("Quy định số 3399/QyĐ-BTL", ["3399/QĐ-BTL"]),
        ("Chương trình hành động số 39-CTrHĐ/TU", ["39-CTr/TU"]),
        ("NQ05-NQ/TU", ["05-NQ/TU"]),
        ("TB 78/TB-UBND", ["78/TB-UBND"]),
        ("Đề án 04-ĐA/TU, Dự án 05-DA/TU", ["04-ĐA/TU", "05-DA/TU"]),
        ("10/CTR-BCA-X03", ["10/CTr-BCA-X03"]),
        ("Nghị định số 30/2020/NĐ-CP", ["30/2020/NĐ-CP"]),
        ("Nghị định số 30/2020/NĐ-CPngày 5/3/2020", ["30/2020/NĐ-CP"]),
        ("Nghị định số 30/2020/NĐ-CPngày5 tháng 3 năm 2020", ["30/2020/NĐ-CP"]),
        ("theo biểu mẫu số 07/2013/TT-LLTP thay mẫu 06/TT-LLTP, mẫu đơn số: 01/2020/NG-XNC", []),
        ("theo mẫu tại Thông tư số 12/2020/TT-BTC", ["12/2020/TT-BTC"]),
        ("Quyết định 12/2019/QĐ-TTgvề việc", ["12/2019/QĐ-TTg"]),
        ("Nghị quyết số 20-NQ/TWđã nêu", ["20-NQ/TW"]),
        ("theo 20-NQ/TWvà 16/CT-TTgcủa", ["20-NQ/TW", "16/CT-TTg"]),
        ("Thông tư 15/2020/TT-BGDĐT", ["15/2020/TT-BGDĐT"]),
        ("Nghị quyết số 05-NQ/Th.U ngày 3/2/2021", ["05-NQ/ThU"]),
        ("Nghị định số 13/CP", ["13/CP"]),
        ("nghị quyết 98/2023/qh15", ["98/2023/QH15"]),
        ("06/2022-QH15", ["06/2022/QH15"]),
        ("Nghị quyết số 749 / NQ - UBTVQH 14", ["749/NQ-UBTVQH14"]),
        ("Nghị quyết số 66.13/2026/NQ-CP", ["66.13/2026/NQ-CP"]),
        ("Nghị quyết số 522b/NQ-UBTVQH13", ["522B/NQ-UBTVQH13"]),
        ("Luật số 23-L/CTN, Luật số 21-LCT/HĐNN8", ["23-L/CTN", "21-LCT/HĐNN8"]),
        ("Pháp lệnh số 27/2005/PL-UBTVQH11", ["27/2005/PL-UBTVQH11"]),
        ("Thông tư liên tịch số 01/2018/TTLT-BCA-BQP- TANDTC", ["01/2018/TTLT-BCA-BQP-TANDTC"]),
        ("Thông tư số 26/2004/TT-BGD&ĐT", ["26/2004/TT-BGD&ĐT"]),
        ("công văn 3581/UBND-KT và văn bản số 567/TTg-NN", ["3581/UBND-KT", "567/TTg-NN"]),
        ("Công văn số 10061 - CV / VPTW", ["10061-CV/VPTW"]),
        ("Bộ luật Lao động số 45/2019/QH14", ["45/2019/QH14"]),
        ("Chỉ thị 11, 26-CT/TU", ["11-CT/TU", "26-CT/TU"]),
        ("Nghị quyết 57, 59, 66 và 68", ["57-NQ/?", "59-NQ/?", "66-NQ/?", "68-NQ/?"]),
        ("Nghị định 34/2011 và Nghị định 100", ["34/2011/NĐ-?", "100-NĐ/?"]),
        ("Nghị định số 1OO/2019/NĐ-CP, 3o/2020/NĐ-CP", ["100/2019/NĐ-CP", "30/2020/NĐ-CP"]),
        ("Thông tư số 2O/2O15/TT-BTC, Nghị định l5/2020/NĐ-CP", ["20/2015/TT-BTC", "15/2020/NĐ-CP"]),
        ("Nghị quyết số O5-NQ/TU, Luật số 5O/2O24/QHl5", ["05-NQ/TU", "50/2024/QH15"]),
        ("Nghị định 1OO/2019 của Chính phủ", ["100/2019/NĐ-?"]),
        ("H2O, 1OO/KH-X, mã 5O/2020, bản A4\\QĐ-TTg, 1O/2020 đơn vị", []),
        ("Nghị định số 30\\2020\\NĐ-CP, 30/2020\\NĐ-CP, 05-NQ\\TU", ["30/2020/NĐ-CP", "30/2020/NĐ-CP", "05-NQ/TU"]),
        ("Kế hoạch số 12-KH/TWĐTN-BTC, 345-CV/VPTW-TH", ["12-KH/TWĐTN-BTC", "345-CV/VPTW-TH"]),
        ("Nghị quyết 18-NQ/TW-BCT", ["18-NQ/TW"]),
        ("Công văn số 215/CV-HNDT, Kế hoạch số 45-KH/HNDTW", ["215-CV/HNDT", "45-KH/HNDTW"]),
        ("Bản án dân sự sơ thẩm số 15/2025/DS-ST, Bản án số 7/2008/HNGĐST", ["15/2025/DS-ST", "7/2008/HNGĐST"]),
        ("Quyết định giám đốc thẩm số 08/2020/kdtm-gđt; 15/2025/QĐST-HNGĐ", ["08/2020/KDTM-GĐT", "15/2025/QĐST-HNGĐ"]),
        ("thụ lý số 98/2025/TLST-HS, Quyết định xét xử số 105/2025/QĐXXST-HS, hộp 12/2020/HS-STK", []),
        ("", []),
        ("05", []),
        ("hoà bình, hòa bình, đảng bộ, Đảng bộ, dang bo", []),
    ],
)
def test_a_number_has_one_spelling(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết Trung ương 4 khóa XII", ["NQ-HNTW/4/XII"]),
        ("Nghị quyết Trung ương 4 khoá 12", ["NQ-HNTW/4/XII"]),
        ("NQTW 4 (khóa XI, XII)", ["NQ-HNTW/4/XI", "NQ-HNTW/4/XII"]),
        ("Nghị quyết T.Ư 4, 6, 7 khóa XII", ["NQ-HNTW/4/XII", "NQ-HNTW/6/XII", "NQ-HNTW/7/XII"]),
        ("Nghị quyết HNTW 4", ["NQ-HNTW/4/?"]),
        ("Nghị quyết Hội nghị lần thứ tư, BCHTW Đảng", ["NQ-HNTW/4/?"]),
        ("Nghị quyết Trung ương tám khóa XI", ["NQ-HNTW/8/XI"]),
        ("nghị quyết Trung ương bảy (khoá X)", ["NQ-HNTW/7/X"]),
        ("Nghị quyết Trung ương sau khóa XI", []),
        ("Nghị quyết Trung ương ba nội dung", []),
        ("Nghị quyết Trung ương 6, lần 2, khóa VIII", ["NQ-HNTW/6(2)/VIII"]),
        ("Nghị quyết Trung ương 6 (lần 2) khóa VIII", ["NQ-HNTW/6(2)/VIII"]),
        ("Nghị quyết Hội nghị lần thứ sáu, Ban Chấp hành Trung ương Đảng khóa XII", ["NQ-HNTW/6/XII"]),
        ("Kết luận Hội nghị Trung ương 4 khóa XIII", ["KL-HNTW/4/XIII"]),
        ("Nghị quyết 18 của Ban Chấp hành Trung ương khóa XII", ["18-NQ/?"]),
        ("Nghị quyết Đại hội lần thứ mười ba của Đảng", ["NQ-ĐH/TW/XIII"]),
        ("NQ ĐH 13", ["NQ-ĐH/TW/XIII"]),
        ("NGHỊ QUYẾT ĐẠI HỘI XIII VÌ DÂN", ["NQ-ĐH/TW/XIII"]),
        ("Nghị quyết Đại hội X của Đảng Nhân dân Cách mạng Lào", []),
        ("Nghị quyết Đại hội XVII của Đảng bộ tỉnh Bình Dương", ["NQ-ĐH/Bình Dương/XVII"]),
        ("Nghị quyết Đại hội Đảng bộ tỉnh Bình Dương lần thứ XI (nhiệm kỳ 2020-2025)", ["NQ-ĐH/Bình Dương/XI@2020"]),
        ("Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XI", ["NQ-ĐH/?/XI"]),
        ("Nghị quyết Hội nghị lần thứ 10 Ban Chấp hành Đảng bộ TPHCM khóa XI", ["NQ-HN/TPHCM/10/XI"]),
        ("Nghị quyết Hội nghị Thành ủy lần thứ bốn mươi", ["NQ-HN/?/40"]),
        ("Luật đất đai 2013 và Luật Phòng, chống tham nhũng năm 2018",
         ["Luật Đất đai 2013", "Luật Phòng, chống tham nhũng 2018"]),
        ("Bộ luật Hình sự năm 2015, Hiến pháp 2013", ["Bộ luật Hình sự 2015", "Hiến pháp 2013"]),
        ("Nghị quyết Hội nghị lần thứ 52 Ban Chấp hành Đảng bộ TPHCM khóa XI", ["NQ-HN/TPHCM/52/XI"]),
        ("Nghị quyết Hội nghị lần thứ XLII Ban Chấp hành Đảng bộ TPHCM khóa XI", ["NQ-HN/TPHCM/42/XI"]),
        ("Nghị quyết Hội nghị Thành ủy lần thứ năm mươi mốt", ["NQ-HN/?/51"]),
        ("Nghị quyết Hội nghị lần thứ L Ban Chấp hành Đảng bộ TPHCM", []),
        ("Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam năm 1992;", ["Hiến pháp 1992"]),
        ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015 và Luật Đầu tư công ngày 13/6/2019;",
         ["Luật Tổ chức chính quyền địa phương 2015", "Luật Đầu tư công 2019"]),
        ("Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015; Luật sửa đổi, bổ sung một số điều của "
         "Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22 tháng 11 năm 2019;",
         ["Luật Tổ chức Chính phủ 2015", "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức "
          "chính quyền địa phương 2019"]),
        ("Luật Biển Việt Nam năm 2012, Luật Điều ước quốc tế 2016, Luật Lý lịch Tư Pháp 2009",
         ["Luật Biển Việt Nam 2012", "Luật Điều ước quốc tế 2016", "Luật Lý lịch Tư Pháp 2009"]),
        ("phê chuẩn hiệp định theo Luật Điều ước quốc tế năm 2016", ["Luật Điều ước quốc tế 2016"]),
    ],
)  # fmt: skip
def test_what_has_no_number_is_cited_by_its_occasion(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Lệnh số 05/2018/L-CTN ngày 29/6/2018 của Chủ tịch nước", "Lệnh"), ("theo 12/2021/L-CTN", "Lệnh"),
        ("Lệnh số 03/2004/L/CTN", "Lệnh"), ("Luật số 23-L/CTN", "L"), ("Lệnh số 23-L/CTN", "Lệnh"),
        ("Luật số 21-LCT/HĐNN8", "L"), ("Bộ luật Lao động số 35-L/CTN", "BL"),
    ],
)  # fmt: skip
def test_an_order_of_the_state_president_is_no_law(text: str, kind: str) -> None:
    assert [citation.type for citation in find_citations(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 5 năm lần này", "ra quyết định 3 bước", "Kế hoạch 6 tháng cuối năm", "kết luận 4 vấn đề",
        "Kế hoạch 2021", "Kế hoạch 12/2021", "Nghị quyết 2016-2020", "Chương trình 12 nghìn tỷ", "tăng 29%",
        "Hướng dẫn 15 chi bộ",
        "quyết định 12,5 tỷ đồng", "TCVN 6909:2001", "QCVN 06:2022/BXD", "xe 51F-123.45", "số 028.3822.1234",
        "45/51 phiếu", "Covid-19", "Su-30/MK2", "ngày 15/9/2021", "đường 3/2", "nghị quyết đại hội Đảng các cấp",
        "để ăn 06 món", "đạo luật năm 1964", "Luật sư Nguyễn Văn A tư vấn năm 2022", "Hội Luật gia Việt Nam năm 2019",
        "Công ước của Liên hợp quốc về Luật Biển năm 1982", "Công ước Luật Biển 1982", "tuân thủ Luật Biển 1982",
        "Luật Hải cảnh Trung Quốc năm 2021", "Luật Hợp đồng năm 1999 của Trung Quốc", "Hiến pháp 1958 của Pháp",
        "vi phạm Luật Giao thông đường bộ ngày 12/3/2021", "Căn cứ lỗi vi phạm Luật Giao thông đường bộ ngày 12/3/2021",
        "hợp đồng số 12/2020/HĐ-KT", "HĐ số 12/HĐ-TĐ", "Cáo trạng số 12/CT-VKSTC",
        "kỷ luật 79 tổ chức đảng năm 2020", "pháp luật năm 2020", "Luật này có hiệu lực từ năm 2018", "Quyết định số 0",
    ],
)  # fmt: skip
def test_what_is_no_citation(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize(
    ("text", "date", "issuer", "place", "term"),
    [
        ("Nghị quyết 05-NQ/TU ngày 15/9/2021 của Thành ủy", "2021-09-15", "Thành ủy", "", ""),
        ("Nghị quyết 05-NQ/TU của Thành ủy Hà Nội, ngày 15-9-2021", "2021-09-15", "Thành ủy Hà Nội", "Hà Nội", ""),
        ("Nghị quyết 16-NQ/TW ngày 10.8.2012 của Bộ Chính trị khóa XI", "2012-08-10", "Bộ Chính trị", "", "XI"),
        ("Nghị quyết 35-NQ/TW của Bộ Chính trị (khóa 12) ngày 22 tháng 10 năm 2018",
         "2018-10-22", "Bộ Chính trị", "", "XII"),
        ("CHỈ THỊ SỐ 05-CT/TW NGÀY 15/5/2016 CỦA BỘ CHÍNH TRỊ VỀ", "2016-05-15", "BỘ CHÍNH TRỊ", "", ""),
        ("Nghị quyết 03-NQ/TU ngày 32/13/2021 của Tỉnh ủy Bình Dương", "", "Tỉnh ủy Bình Dương", "Bình Dương", ""),
        ("Quyết định 367/QĐ-TTg năm 1996 của Thủ tướng", "1996", "Thủ tướng", "", ""),
        ("Quyết định 12/QĐ-UBND tháng 3/2020 của UBND quận Bình Thạnh",
         "2020-03", "UBND quận Bình Thạnh", "quận Bình Thạnh", ""),
        ("Nghị quyết 18-NQ/TW của Hội nghị Trung ương 6 khóa XII", "", "Hội nghị Trung ương 6", "", "XII"),
        ("Nghị quyết 10-NQ/TU nhiệm kỳ 2020 - 2025", "", "", "", "2020-2025"),
        ("Luật số 57/2020/QH14 Luật Thanh niên ngày 16/06/2020 của Quốc hội, có hiệu lực",
         "2020-06-16", "Quốc hội", "", ""),
        ("Thông tư 05/1998/TTLT-TCCP-CCB về Hội ngày 30/09/1998 của Ban Cán bộ Trung ương và Hội, có hiệu lực",
         "1998-09-30", "Ban Cán bộ Trung ương và Hội", "", ""),
        ("Số: 21/VBHN-BTC\nTHÔNG TƯ\nThông tư số 4/2016/TT-BTC ngày 30/12/2016 của Bộ, có hiệu lực", "", "", "", ""),
        ("Thông tư 1/2019/TTLT-BCA-BQP ngày 2/1/2019 của Bộ Công an và Bộ Quốc phòng", "2019-01-02",
         "Bộ Công an và Bộ Quốc phòng", "", ""),
        ("Nghị quyết 05-NQ/TU do nhân dân góp ý", "", "", "", ""),
        ("Nghị quyết số 35 do Bộ Chính trị ban hành ngày 22/10/2018", "2018-10-22", "Bộ Chính trị", "", ""),
        ("Luật số 57/2020/QH14 do Quốc hội khóa XIV thông qua ngày 16/6/2020", "2020-06-16", "Quốc hội", "", "XIV"),
    ],
)  # fmt: skip
def test_a_tail_tells_date_issuer_and_term_in_any_order(
    text: str, date: str, issuer: str, place: str, term: str
) -> None:
    found = find_citations(text)[0]
    assert (found.date, found.issuer, found.place, found.term) == (date, issuer, place, term)


def test_a_list_shares_its_tail() -> None:
    found = find_citations("Nghị quyết số 18-NQ/TW và 19-NQ/TW ngày 25/10/2017 của Ban Chấp hành Trung ương")
    assert [(c.key, c.date) for c in found] == [("18-NQ/TW", "2017-10-25"), ("19-NQ/TW", "2017-10-25")]


SPELLINGS = {
    "as is": str,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "mixed": lambda text: text.replace("ị", "i\u0323"),
    "D with stroke": lambda text: text.replace("Đ", "Ð"),
    "odd dashes": lambda text: text.replace("-", "‑").replace("/", "∕"),
    "no-break": lambda text: text.replace(" ", "\u00a0"),
    "zero width": lambda text: text.replace("Q", "\u200bQ"),
}


@pytest.mark.parametrize("form", SPELLINGS.values(), ids=SPELLINGS)
def test_offsets_are_on_the_text_as_given(form) -> None:  # type: ignore[no-untyped-def]
    text = form("Ở Đà Nẵng: Quy định số 37-QĐ/TW ngày 25/10/2021 của Ban Chấp hành Trung ương, và Quyết định 12-QĐ/TU.")
    found = find_citations(text)
    assert [c.key for c in found] == ["37-QĐ/TW", "12-QĐ/TU"]
    assert [text[c.start : c.end] for c in found] == [c.text for c in found]
    plain = [unicodedata.normalize("NFC", c.text).replace("Ð", "Đ") for c in found]
    assert plain[0].startswith("Quy") and plain[0].endswith("TW")
    assert plain[1].startswith("Quy") and plain[1].endswith("TU")
    assert found[0].date == "2021-10-25"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("nq 05 nq tu", "05-NQ/TU"), ("NQ05-NQ/TU", "05-NQ/TU"), ("5-NQ/TU", "05-NQ/TU"), ("05‑NQ∕TU", "05-NQ/TU"),
        ("nghị quyết số 05 của thành ủy", "05-NQ/?"), ("nq 05", "05-NQ/?"), ("qd 2559 qd ubnd", "2559/QĐ-UBND"),
        ("nghi quyet trung uong 4 khoa 12", "NQ-HNTW/4/XII"), ("nq tw4", "NQ-HNTW/4/?"), ("20 nq tw", "20-NQ/TW"),
        ("30/2020/nd-cp", "30/2020/NĐ-CP"), ("20/2020/nq-hdnd", "20/2020/NQ-HĐND"),
        ("01/2021/tt-bgddt", "01/2021/TT-BGDĐT"),
        ("nghi quyet dai hoi 13", "NQ-ĐH/TW/XIII"), ("luật đất đai 2013", "Luật Đất đai 2013"),
        ("luật 45 2013", "45/2013/QH13"), ("điều 5 bộ luật số 45 2019", "45/2019/QH14"),
    ],
)  # fmt: skip
def test_a_query_needs_no_capitals_accents_or_signs(query: str, key: str) -> None:
    assert [citation.key for citation in find_in_query(query)] == [key]


@pytest.mark.parametrize(
    "query",
    [
        "", "đảng bộ", "quyet dinh 5 nam", "kế hoạch 2021", "05", "học tập 05", "kinh tế 2020-2025",
        "luật 12 2020 2021", "kỷ luật 45 2013", "luật 45 2013-2015",
    ],
)  # fmt: skip
def test_a_query_may_cite_nothing(query: str) -> None:
    assert find_in_query(query) == []


@pytest.mark.parametrize(
    "unit",
    [
        "1", "1/", "12 và ", "11, ", "Nghị quyết ", "Nghị quyết số 1, ", "Nghị quyết Trung ương 4, ", "khóa XI, ", "X",
        "Luật ", "Nghị quyết Đại hội Đảng bộ a ", "05/2020/TTLT-", "A-", "của Bộ Công an, ", "ngày 1/1/2020 ", " ",
        "\n", "có hiệu lực ", "05-NQ/BTC a ngày 1/1/2020 của Chính phủ ", "a\u0301", "😀", "thứ mười ",
        "Thành ủy A B C ", "5-NQ/TU của UBND xã A, huyện B, ",
        "Luật sửa đổi Luật A năm 2013 ", "Luật A số 1/2020/QH14 ",
        "Tỉnh ủy A B C ban hành 5-NQ/TU ", "của Cục A - va aa ", "nq57,", "năm học 2013-2014 Nghị định số 5 ",
    ],
)  # fmt: skip
@pytest.mark.clock
def test_hostile_texts_take_no_longer_than_others(unit: str) -> None:
    text = (unit * (50_000 // len(unit) + 1))[:50_000]
    started = process_time()
    find_citations(text)
    find_in_query(text)
    assert process_time() - started < 4  # all of them under 1 s on a quiet machine; a quadratic pattern takes minutes


@given(st.text(alphabet=st.sampled_from(list("0159 -/.,()ĐđNQCTWTUquyếtáX\u0301\u200b\nhóa"))))
def test_any_text_is_read_and_offsets_hold(text: str) -> None:
    for citation in [*find_citations(text), *find_in_query(text)]:
        assert 0 <= citation.start < citation.end <= len(text)
        assert text[citation.start : citation.end] == citation.text


@pytest.mark.shared
def test_the_gold_cases(shared_data: Path) -> None:
    lines = (shared_data / "language" / "citation_cases.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = []
    for case in map(json.loads, lines):
        text = unicodedata.normalize("NFC", case["text"]).replace("Ð", "Đ")
        found = (find_in_query if case["mode"] == "query" else find_citations)(text)
        gold = [(c["core_start"], c["core_end"], c["kind"], c["canon"]) for c in case["expect"]]
        if [(c.start, c.end, c.kind, c.key) for c in found] != gold:
            wrong.append(case["id"])
    assert wrong == []


@pytest.mark.shared
def test_other_texts_cite_nothing(shared_data: Path) -> None:
    files = [shared_data / "retrieval" / "xquad_vi" / "corpus.jsonl", shared_data / "wordseg" / "ud_vtb_test.jsonl"]
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert [key for text in texts for key in keys(text)] == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Nghị quyết Trung ương 4, 6 và 7 khóa XII", ["4/XII", "6/XII", "7/XII"]),
        ("nghị quyết Hội nghị lần thứ 4, lần thứ 6 Ban Chấp hành Trung ương khóa XII", ["4/XII", "6/XII"]),
        ("Nghị quyết Trung ương 4, Trung ương 6 khóa XII", ["4/XII", "6/XII"]),
        ("Nghị quyết TW4, TW6 khóa XII", ["4/XII", "6/XII"]),
        ("Nghị quyết Hội nghị Trung ương 4 và Hội nghị Trung ương 6 khóa XII", ["4/XII", "6/XII"]),
        ("Nghị quyết Trung ương 4 khóa XI, XII và XIII", ["4/XI", "4/XII", "4/XIII"]),
        ("Nghị quyết Trung ương 4 khóa XII và 6 khóa XIII", ["4/XII", "6/XIII"]),  # and no session VI
        ("Nghị quyết TW 4 (khóa XI, XII) và Trung ương 6 khóa XIII", ["4/XI", "4/XII", "6/XIII"]),
        ("Nghị quyết Trung ương 4 khóa XII, 6 khóa XIII và 8 khóa XIII", ["4/XII", "6/XIII", "8/XIII"]),
        ("Nghị quyết Trung ương 4 khóa XII và 12 nghị quyết khác", ["4/XII"]),
        ("Nghị quyết Trung ương 4 và 12 nghị quyết khác", ["4/?"]),
    ],
)
def test_several_plenums_are_as_many_documents(text: str, keys: list[str]) -> None:
    assert [citation.key for citation in find_citations(text)] == [f"NQ-HNTW/{key}" for key in keys]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Nghị quyết số 4 khóa XII và 6 khóa XIII", ["04-NQ/? XII", "06-NQ/? XIII"]),
        ("Nghị quyết số 4, khóa XII và số 6, khóa XIII", ["04-NQ/? XII", "06-NQ/? XIII"]),
        (
            "các Nghị quyết số 18, 19 (khóa XII), 27 và 28 (khóa XIII)",
            ["18-NQ/? XII", "19-NQ/? XII", "27-NQ/? XIII", "28-NQ/? XIII"],
        ),
        ("Chỉ thị 35 khóa XIII và 40 khóa XI", ["35-CT/? XIII", "40-CT/? XI"]),
        ("Kết luận số 21 khóa XIII, 14 khóa XII và 70 khóa XIII", ["21-KL/? XIII", "14-KL/? XII", "70-KL/? XIII"]),
        ("Nghị quyết số 4 khóa XII và 6 giải pháp khóa XIII", ["04-NQ/? XII"]),
    ],
)
def test_numbers_of_a_list_have_their_own_terms(text: str, keys: list[str]) -> None:
    assert [f"{citation.key} {citation.term}" for citation in find_citations(text)] == keys
