"""Kinds of citations that were misread once, each by several of its kind: laws, decree-laws, short forms, letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.citations.find import find_citations, find_in_query
from searchapp.citations.resolve.builder import OwnStatement, own_identity


def keys(text: str) -> list[str]:
    return [citation.key for citation in find_citations(text)]


@pytest.mark.parametrize(
    "law",
    [
        "Luật Hôn nhân và gia đình 2014", "Luật Phòng, chống tác hại của rượu, bia 2019", "Pháp lệnh Dân số 2003",
        "Luật Lực lượng dự bị động viên 2019", "Luật An ninh quốc gia 2004", "Luật Biên giới quốc gia 2003",
        "Luật Người lao động Việt Nam đi làm việc ở nước ngoài theo hợp đồng 2020", "Luật Luật sư 2006",
        "Luật Hoạt động giám sát của Quốc hội và Hội đồng nhân dân 2015", "Luật Hòa giải, đối thoại tại Tòa án 2020",
        "Pháp lệnh Ưu đãi người có công với cách mạng 2020", "Luật Khoa học, công nghệ và đổi mới sáng tạo 2025",
        "Luật Nhập cảnh, xuất cảnh, quá cảnh, cư trú của người nước ngoài tại Việt Nam 2014",
        "Luật Tham gia lực lượng gìn giữ hòa bình của Liên hợp quốc 2025", "Luật Dự trữ quốc gia 2012",
        "Luật Phòng, chống nhiễm vi rút gây ra hội chứng suy giảm miễn dịch mắc phải ở người (HIV/AIDS) 2006",
        # no law has these names: the words of a name are told from prose by their neighbours
        "Luật Phòng, chống tác hại của tiếng ồn 2027", "Luật Trang bị công trình không gian ngầm 2027",
        "Pháp lệnh Hộ gia đình tham gia dân số 2027", "Luật Cho thuê nhà của người cao tuổi 2028",
    ],
)  # fmt: skip
def test_a_law_is_cited_whatever_words_its_name_holds(law: str) -> None:
    name, _, year = law.rpartition(" ")
    assert keys(f"Thực hiện {name} năm {year}.") == [law]
    assert keys(f"Căn cứ {name} ngày 18 tháng 01 năm\n{year};") == [law]
    assert [citation.key for citation in find_in_query(f"{name} {year}".lower())] == [
        citation.key for citation in find_in_query(f"{name.lower()} năm {year}")
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Công văn số 12/CT-TTHT ngày 5/5/2020 của Cục Thuế tỉnh Nam Định", "CV"),
        ("công văn số 890/TT-CLT ngày 2/3/2021 của Cục Trồng trọt", "CV"),
        ("Chỉ thị số 12/CT-SGDĐT", "CT"),
        ("công văn số 16/CT-TTg", "CT"),
        ("công văn số 12-CT/TW", "CT"),
    ],
)
def test_the_number_of_a_letter_may_begin_with_its_office(text: str, kind: str) -> None:
    assert [citation.type for citation in find_citations(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "áp dụng Án lệ số 04/2016/AL và các Án lệ: 11/2017/AL, 12/2017/AL",
            ["04/2016/AL", "11/2017/AL", "12/2017/AL"],
        ),
        ("ÁN LỆ SỐ 72/2024/AL", ["72/2024/AL"]),
        ("xe số 51/2016/ALX, giá 5/2016/al", []),
        ("Bộ-luật Lao-động năm 1952 và Luật Công-đoàn năm 1957", ["Bộ luật Lao động 1952", "Luật Công đoàn 1957"]),
    ],
)
def test_precedents_and_laws_of_old_spelling(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_a_precedent_is_a_document_of_the_council_of_judges() -> None:
    own = OwnStatement("a", "2024-06-04", "", "an-le", "72/2024/AL", "", "Về di sản")
    found = own_identity(own, "")
    assert found is not None and found.slug == "hoi-dong-tham-phan-toa-an-nhan-dan-toi-cao/an-le-72-2024-al"


def test_a_code_may_only_abbreviate_a_type_without_a_code() -> None:
    body = "Viện kiểm sát nhân dân tỉnh Bắc Ninh"
    own = OwnStatement("a", "2023-05-05", "", "cao-trang", "11/CT-VKS", body, "Cáo trạng")
    assert own_identity(own, "") is None
    directive = OwnStatement("a", "2023-05-05", "", "chi-thi", "11/CT-VKS", body, "Về công tác kiểm sát")
    assert own_identity(directive, "") is not None


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("các Quy định số 10-QĐ/TU, ngày 5/1/2021, số 11-QĐ/TU và 12-QĐ/TU", ["QĐi", "QĐi", "QĐi"]),
        ("Quy chế số 1-QĐ/TU và Quyết định số 3-QĐ/TU, số 4-QĐ/TU", ["QC", "QĐ", "QĐ"]),
        ("Quy định số 22-QĐ/TW thực hiện 102-QĐ/TW", ["QĐi", "QĐ"]),
    ],
)
def test_a_bare_number_has_the_type_of_its_list(text: str, types: list[str]) -> None:
    assert [citation.type for citation in find_citations(text)] == types


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Luật sửa đổi, bổ sung một số điều của Luật Cư trú năm 2013",
         ["Luật sửa đổi, bổ sung một số điều của Luật Cư trú 2013"]),
        ("Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Đầu tư ngày 10 tháng 6 năm 2025;",
         ["Luật sửa đổi, bổ sung một số điều của Luật Đầu tư 2025"]),
        ("Quốc hội thông qua Luật Sửa đổi, bổ sung một số điều của Luật Kế toán và Luật Quản lý thuế năm 2024.",
         ["Luật sửa đổi, bổ sung một số điều của Luật Kế toán và Luật Quản lý thuế 2024"]),
        ("Luật sửa đổi, bổ sung một số điều của 37 luật có liên quan đến quy hoạch năm 2018",
         ["Luật sửa đổi, bổ sung một số điều của 37 luật có liên quan đến quy hoạch 2018"]),
        ("Pháp lệnh sửa đổi Điều 10 của Pháp lệnh Dân số năm 2008",
         ["Pháp lệnh sửa đổi Điều 10 của Pháp lệnh Dân số 2008"]),
        ("Căn cứ Luật sửa đổi, bổ sung một số\nđiều của Luật Công chứng\nngày 10 tháng 6\nnăm 2018;",
         ["Luật sửa đổi, bổ sung một số điều của Luật Công chứng 2018"]),
        # the year is that of the law which is amended
        ("Luật sửa đổi, bổ sung một số điều của Luật Đất đai năm 2013", ["Luật Đất đai 2013"]),
        ("dự thảo Luật sửa đổi, bổ sung một số điều của Luật Cư trú năm 2013", []),
        ("việc sửa đổi Luật Dân số năm 2003", ["Luật Dân số 2003"]),
        ("Luật Đất đai (sửa đổi) năm 2024", ["Luật Đất đai 2024"]),
        ("theo Luật Đèn đường trong ngõ số 12/2027/QH16 thì Luật Đèn đường trong ngõ năm 2027",
         ["12/2027/QH16", "Luật Đèn đường trong ngõ 2027"]),
        ("thi hành Luật Đầu tư tại TPHCM năm 2020", []), ("luật của Quốc hội năm 2013", []),
        ("Luật Đất đai của Việt Nam năm 2013", []), ("luật gia Trần Văn B sinh năm 1960", []),
    ],
)  # fmt: skip
def test_a_law_that_amends_is_itself_and_not_the_other(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo Sắc lệnh số 64/SL ngày 23/11/1945", ["64/SL"]), ("bản 197/SL", ["197/SL"]),
        ("Sắc lệnh số 13 ngày 24/1/1946 của Chủ tịch nước", ["13/SL"]), ("Sắc lệnh 29-SL", ["29/SL"]),
        ("SẮC LỆNH SỐ 148 NGÀY 25-10-1945", ["148/SL"]), ("Sắc lệnh 102-SL/L-004", ["102-SL/L-004"]),
        ("các Sắc lệnh số 13, 14 và 15", ["13/SL", "14/SL", "15/SL"]), ("Sắc lệnh 5 điều", []), ("cỡ 12 SL", []),
    ],
)  # fmt: skip
def test_decree_laws_are_cited(text: str, expected: list[str]) -> None:
    assert keys(text) == expected
    assert {citation.type for citation in find_citations(text)} <= {"SL"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết 66.19/2026 của Chính phủ", ["66.19/2026/NQ-?"]),
        ("Nghị quyết số 66.7/2025, 66.19/2026 của Chính phủ", ["66.7/2025/NQ-?", "66.19/2026/NQ-?"]),
        ("theo Luật 54/2024 và Luật số 45/2019", ["54/2024/QH15", "45/2019/QH14"]),
        ("theo Luật 73/2021", ["73/2021/L-?"]), ("Luật 54 điều", []), ("Luật 5", []),
        ("Nghị quyết 130/2020 của Quốc hội", ["130/2020/NQ-?"]),
        ("theo nq57, NQ59 và nđ168/2024", ["57-NQ/?", "59-NQ/?", "168/2024/NĐ-?"]),
        ("QĐ217 của Bộ Chính trị, NQ05", ["217-QĐ/?", "05-NQ/?"]), ("tòa CT2, máy TT15, mã TB5, lô HD12", []),
        ("theo Thông tư số 18/2022/TTBLĐTBXH", ["18/2022/TT-BLĐTBXH"]),
        ("Quyết định 12/QĐUBND, 05-NQTU, 40/2026/NĐCP", ["12/QĐ-UBND", "05-NQ/TU", "40/2026/NĐ-CP"]),
        ("Nghị định số 40/2026/NĐ-СР, Nghị quyết số 05-NQ/ТU", ["40/2026/NĐ-CP", "05-NQ/TU"]),
        ("Quyết định số 12/QĐ-ТТg; Thông tư 06/2022/ТТ-ВТС", ["12/QĐ-TTg", "06/2022/TT-BTC"]),
    ],
)  # fmt: skip
def test_short_and_damaged_forms(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("nq57", "57-NQ/?"), ("NQ05", "05-NQ/?"), ("nđ30", "30-NĐ/?"), ("NĐ15/2020", "15/2020/NĐ-?"),
        ("64/sl", "64/SL"),
        ("sac lenh 13", "13/SL"), ("luat 54/2024", "54/2024/QH15"), ("tt200/2014", "200/2014/TT-?"),
        ("ct05", "05-CT/?"), ("nghị quyết 66.19/2026", "66.19/2026/NQ-?"), ("kl01", "01-KL/?"), ("qd217", "217-QĐ/?"),
    ],
)  # fmt: skip
def test_the_search_box_takes_glued_and_short_forms(query: str, key: str) -> None:
    assert [citation.key for citation in find_in_query(query)] == [key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a capital begins a name, whatever stands before it
        ("hướng dẫn thi hành Luật Đất đai năm 2013", ["Luật Đất đai 2013"]),
        ("theo quy định Luật Giá năm 2012", ["Luật Giá 2012"]), ("áp dụng Luật Xây dựng 2014", ["Luật Xây dựng 2014"]),
        ("trái Pháp lệnh Dân số năm 2003", ["Pháp lệnh Dân số 2003"]), ("việc thi hành luật năm 2013", []),
        ("liên quan Bộ luật Lao động 2019", ["Bộ luật Lao động 2019"]), ("định luật Newton năm 1987", []),
        # whose it is
        ("Hiến pháp Việt Nam năm 2013", ["Hiến pháp 2013"]),
        ("Hiến pháp của nước Việt Nam năm 1980", ["Hiến pháp 1980"]),
        ("Bộ luật Hình sự nước Cộng hòa xã hội chủ nghĩa Việt Nam năm 1985", ["Bộ luật Hình sự 1985"]),
        ("giảng viên Luật Hiến pháp năm 2011", []), ("triển khai thi hành Hiến pháp năm 2014", []),
        # a school, a firm, a subject
        ("Trường Đại học Luật Hà Nội năm 2019", []), ("Khoa Luật Đại học Quốc gia năm 2010", []),
        ("Công ty Luật Hoàng Long năm 2015", []), ("Văn phòng Luật Phúc Đức năm 2019", []),
        ("cử nhân Luật Kinh tế năm 2017", []), ("Tạp chí Luật học năm 2012", []), ("môn Luật Dân sự 2015", []),
        ("Viện Luật So sánh năm 2015", []), ("Luật pháp quốc tế năm 2013", []),
        ("Luật sửa đổi, bổ sung một số điều của Luật thuế tài nguyên, có hiệu lực kể từ ngày 01/01/2016", []),
    ],
)  # fmt: skip
def test_laws_are_told_from_what_only_sounds_like_them(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết 580/2018 / UBTVQH 14 và Nghị quyết số 100/2015 / QH 13", ["580/2018/UBTVQH14", "100/2015/QH13"]),
        ("Nghị quyết số 19-2017/NQ-CP, Nghị định số 13-2020-NĐ-CP", ["19/2017/NQ-CP", "13/2020/NĐ-CP"]),
        ("Thông tư liên tịch số 02/2018/TTLT--VKSTC-BCA", ["02/2018/TTLT-VKSTC-BCA"]),
        ("Điều 11 Thông tư liên tịch số 01/2017; Nghị quyết liên tịch 403/2017", ["01/2017/TTLT-?", "403/2017/NQLT-?"]),
        ("Quy định số 181của Bộ Chính trị; Nghị định số 12ngày 5/6/2019", ["181-QĐ/?", "12-NĐ/?"]),
        ("Thông tư số 219/2013/TT BTC; THÔNG TƯ SỐ 5/2020/TT BAN HÀNH", ["219/2013/TT-BTC", "5/2020/TT-?"]),
        ("Luật số 45/2013/QH-13; Thông tư số 22/2013/BTTTT, Nghị định 108/2014/CP",
         ["45/2013/QH13", "22/2013/TT-BTTTT", "108/2014/NĐ-CP"]),
        ("QCVN 11:2015/BKHCN, TCVN 2015/BKHCN", []),
        # what a document does, and what is counted
        ("Nghị định 53 quy định về nghỉ hưu", ["53-NĐ/?"]), ("ban hành Nghị định 138 cho phép", ["138-NĐ/?"]),
        ("Quyết định 367 phê duyệt quy hoạch", ["367-QĐ/?"]), ("Nghị quyết 08 cần toát lên", ["08-NQ/?"]),
        ("Nghị quyết 36 Trung ương 8 khóa XII", ["36-NQ/?"]), ("xe 12 chỗ theo quyết định 12 chỗ", []),
        ("Nghị quyết 12 trung tâm", []), ("Nghị quyết 12 căn nhà", []), ("quyết định 15 phê duyệt", []),
        ("các Quyết định 217, 218 và 2 năm thực hiện", ["217-QĐ/?", "218-QĐ/?"]),
        # forms and files
        ("(mẫu TT04), mẫu số NQ05", []), ("theomẫu số 01/TB-BSTT-NNT", []), ("kem theo Nghi dinh so 13_2018.doc", []),
        ("Nghị quyết Đại hội Đảng toàn quốc lần XII; Nghị quyết Đại hội Đảng lần này", ["NQ-ĐH/TW/XII"]),
        ("Nghị quyết Đại hội Đảng bộ TPHCM lần X", ["NQ-ĐH/TPHCM/X"]),
    ],
)  # fmt: skip
def test_numbers_in_the_forms_of_newspapers(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Căn cứ Luật Ban hành văn bản quy phạm pháp luật số 64/2025/QH15;",
         "Luật Ban hành văn bản quy phạm pháp luật số 64/2025/QH15"),
        ("theo Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13", "Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13"),
        ("văn bản quy phạm pháp luật số 12/2020/QĐ-UBND", "12/2020/QĐ-UBND"),
        ("theo luật số 14/2012/QH13", "luật số 14/2012/QH13"),
    ],
)  # fmt: skip
def test_a_law_begins_with_its_name(text: str, core: str) -> None:
    assert [citation.text for citation in find_citations(text)] == [core]


@pytest.mark.parametrize(
    ("tail", "issuer"),
    [
        ("của UBND tỉnh. Thực hiện ngay", "UBND tỉnh"), ("của HĐND huyện. Sau đó", "HĐND huyện"),
        ("của UBND TP. Cần Thơ.", "UBND TP. Cần Thơ"), ("của UBND Tp.Đà Nẵng", "UBND Tp.Đà Nẵng"),
        ("của Cục trưởng Cục Bản đồ Nhà nước và Quy trình hiện chỉnh", "Cục trưởng Cục Bản đồ Nhà nước"),
        ("của Bộ Lao động-Thương binh và Xã hội về", "Bộ Lao động-Thương binh và Xã hội"),
        ("của Bộ trưởng Bộ Giáo dục & Đào tạo.", "Bộ trưởng Bộ Giáo dục & Đào tạo"),
        ("của Bộ Văn hoá Thể thao và Du lịch", "Bộ Văn hoá Thể thao và Du lịch"), ("của Bộ GD-ĐT", "Bộ GD-ĐT"),
        ("của Ban Tuyên giáo Trung ương.", "Ban Tuyên giáo Trung ương"), ("của Ban Dân tộc.", "Ban Dân tộc"),
    ],
)  # fmt: skip
def test_the_name_of_an_issuer_ends_where_it_ends(tail: str, issuer: str) -> None:
    assert [one.issuer for one in find_citations(f"Quyết định số 12/QĐ-XYZ ngày 5/6/2019 {tail}")] == [issuer]


@pytest.mark.parametrize("query", ["covid19", "g7", "nq", "asean2025", "vov1"])
def test_other_words_with_numbers_are_none(query: str) -> None:
    assert find_in_query(query) == []


@pytest.mark.parametrize(
    "date", ["15 tháng\n9 năm\n2021", "15\ntháng 9\nnăm 2021", "15/9/\n2021", "15 tháng 9 năm\n2021"]
)
def test_a_line_may_break_within_a_date(date: str) -> None:
    assert find_citations(f"Nghị quyết số 05-NQ/TU ngày {date} của Thành ủy Hà Nội")[0].date == "2021-09-15"


CASES = Path(__file__).parents[1] / "cases" / "citations.tsv"


@pytest.mark.parametrize("line", CASES.read_text(encoding="utf-8").splitlines()[1:])
def test_the_table_of_cases(line: str) -> None:
    mode, text, expected = line.split("\t")
    found = (find_in_query if mode == "query" else find_citations)(text.replace("\\n", "\n"))
    wanted = [tuple(fact.strip() for fact in one.split(";")) for one in expected.split("|") if one]
    assert [(c.key, c.date, c.issuer, c.place, c.term) for c in found] == wanted
