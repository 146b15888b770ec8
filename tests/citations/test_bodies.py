"""Bodies that issue documents: read after and before a citation, at every level, and of one name each."""

from __future__ import annotations

import pytest

from searchapp.citations.find import find_citations
from searchapp.citations.find.bodies import body_of, located, one_name


@pytest.mark.parametrize(
    ("names", "one"),
    [
        (["Uỷ ban nhân dân tỉnh Lào Cai", "UBND tỉnh Lào Cai", "ỦY BAN NHÂN DÂN TỈNH LÀO CAI"],
         "Ủy ban nhân dân tỉnh Lào Cai"),
        (["UBND TPHCM", "UBND Tp. Hồ Chí Minh", "Uỷ ban Nhân dân Thành phố Hồ Chí Minh", "UBND TP.HCM"],
         "Ủy ban nhân dân thành phố Hồ Chí Minh"),
        (["UBND xã Tân Thành, tỉnh Cà Mau", "UBND xã Tân Thành (Cà Mau)", "ỦY BAN NHÂN DÂN XÃ TÂN THÀNH, TỈNH CÀ MAU"],
         "Ủy ban nhân dân xã Tân Thành, tỉnh Cà Mau"),
        (["UBND Quận 3", "UBND quận 3, TPHCM"], "Ủy ban nhân dân quận 3"),
        (["Bộ Lao động thương binh và Xã hội", "Bộ Lao động -thươngbinh và Xã hội", "Bộ LĐ-TB&XH",
          "BỘ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"], "Bộ Lao động - Thương binh và Xã hội"),
        (["Bộ Văn hoá, Thể thao và Du lịch", "Bộ Văn hóa - Thể thao & Du lịch", "Bộ VHTTDL"],
         "Bộ Văn hóa, Thể thao và Du lịch"),
        (["Sở Văn hoá–Thể thao và Du lịch tỉnh Lào Cai", "Sở VHTTDL Lào Cai"],
         "Sở Văn hóa, Thể thao và Du lịch tỉnh Lào Cai"),
        (["Ban Thường vụ Tỉnh ủy Sơn La", "Tỉnh uỷ Sơn La", "BTV TỈNH ỦY SƠN LA"], "Tỉnh ủy Sơn La"),
        (["Đảng uỷ Uỷ ban nhân dân tỉnh Lào Cai", "Đảng ủy UBND tỉnh Lào Cai"], "Đảng ủy UBND tỉnh Lào Cai"),
        (["Uỷ ban MTTQ Việt Nam tỉnh Lào Cai", "UB MTTQ tỉnh Lào Cai"],
         "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Lào Cai"),
        (["Toà án nhân dân tỉnh Lào Cai", "TAND tỉnh Lào Cai"], "Tòa án nhân dân tỉnh Lào Cai"),
        (["Ban Chấp hành Đoàn tỉnh Lào Cai", "BCH ĐOÀN TỈNH LÀO CAI", "Tỉnh Đoàn Lào Cai"], "Tỉnh đoàn Lào Cai"),
        (["Đoàn TP. Hồ Chí Minh", "BTV Đoàn thành phố Hồ Chí Minh", "Thành đoàn TPHCM"], "Thành đoàn TPHCM"),
        (["Đoàn thanh tra tỉnh Lào Cai"], "Đoàn thanh tra tỉnh Lào Cai"),
        (["Hội đồng nhân dân thành phố Đồng Nai"], "Hội đồng nhân dân thành phố Đồng Nai"),
        (["HĐND tỉnh Đồng Nai"], "Hội đồng nhân dân tỉnh Đồng Nai"),
        (["Tòa án nhân dân khu vực 2 - Hà Nội"], "Tòa án nhân dân khu vực 2 - Hà Nội"),
        (["Công ty Hoà Phát"], "Công ty Hòa Phát"), (["Chính phủ"], "Chính phủ"),
        (["Uỷ ban nhân dân tỉnh Lam Giang"], "Ủy ban nhân dân tỉnh Lam Giang"),
    ],
)  # fmt: skip
def test_one_body_has_one_name(names: list[str], one: str) -> None:
    assert {one_name(name) for name in names} == {one}
    assert one_name(one) == one


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Đảng ủy đặc khu Phú Quốc, tỉnh An Giang", "đặc khu Phú Quốc, An Giang"), ("Quận ủy 7", "quận 7"),
        ("Thành ủy Thủ Đức", "thành phố Thủ Đức"), ("Thành ủy Cà Mau", "thành phố Cà Mau, Cà Mau"),
        ("Chi bộ thôn Bản Lầu", ""), ("Chi bộ khu phố 5, phường An Bình", "phường An Bình"),
        ("Chi bộ 3 xã Tà Phời", "xã Tà Phời"),
        ("Ban Cán sự đảng UBND tỉnh Lào Cai", "Lào Cai"), ("Vụ Pháp chế Bộ Tài chính", ""),
        ("Chi bộ tổ dân phố số 7, phường An Bình", "phường An Bình"),
        ("Trường Đại học Khoa học Xã hội và Nhân văn", ""), ("Học viện Nông nghiệp Việt Nam", ""), ("Bạn đọc", None),
        ("Trường Đại học Sư phạm Kỹ thuật TPHCM", ""),
        ("Huyện ủy Củ Chi", "huyện Củ Chi"), ("HĐND thành phố Đồng Nai", "Đồng Nai"),
        ("UBND xã Tân Thành, huyện Đức Huệ, tỉnh Long An", "xã Tân Thành, huyện Đức Huệ, Long An"),
        ("Phòng Văn hóa - Xã hội phường Bến Thành", "phường Bến Thành"), ("Tỉnh đoàn Lào Cai", "Lào Cai"),
        ("Liên đoàn Lao động tỉnh Lào Cai", "Lào Cai"), ("Công đoàn Viên chức tỉnh Lào Cai", "Lào Cai"),
        ("Ban Pháp chế Hội đồng nhân dân tỉnh Cà Mau", "Cà Mau"), ("Đoàn đại biểu Quốc hội thành phố Huế", "Huế"),
        ("Liên minh Hợp tác xã tỉnh Lào Cai", "Lào Cai"), ("quy hoạch tỉnh Lào Cai", None),
        ("Viện kiểm sát nhân dân quận Bình Thạnh", "quận Bình Thạnh"), ("Học viện Chính trị quốc gia", ""),
    ],
)  # fmt: skip
def test_every_body_is_known_with_its_place(name: str, place: str | None) -> None:
    body = body_of(name)
    assert (body.place if body else None) == place


@pytest.mark.parametrize(
    ("text", "issuer", "place", "date"),
    [
        ("Ban Thường vụ Tỉnh ủy Sơn La ban hành Nghị quyết số 11-NQ/TU ngày 1/2/2023.", "Ban Thường vụ Tỉnh ủy Sơn La",
         "Sơn La", "2023-02-01"),
        ("Ngày 5/8/2025, UBND tỉnh Lào Cai đã ban hành Kế hoạch số 120/KH-UBND", "UBND tỉnh Lào Cai", "Lào Cai",
         "2025-08-05"),
        ("Chính phủ vừa ký ban hành Nghị định số 30/2020/NĐ-CP", "Chính phủ", "", ""),
        ("Theo đề nghị của Giám đốc Sở Tư pháp tỉnh Lào Cai tại Tờ trình số 12/TTr-STP ngày 2/3/2025",
         "Giám đốc Sở Tư pháp tỉnh Lào Cai", "Lào Cai", "2025-03-02"),
        ("UBND tỉnh Lào Cai đã phê duyệt tại Quyết định số 12/QĐ-UBND", "UBND tỉnh Lào Cai", "Lào Cai", ""),
        ("UBND tỉnh Lào Cai, tại Thông tư số 12/2020/TT-BYT", "", "", ""),
        ("kết luận của Thủ tướng Chính phủ tại Thông báo 64 ngày 2/3/2016", "", "", "2016-03-02"),
        ("Sở Nội vụ ban hành Quyết định số 12/QĐ-UBND", "", "", ""),  # who proposed it
        ("Chính phủ ban hành Thông tư 12/2020/TT-BYT", "", "", ""),
        ("UBND tỉnh Lào Cai thực hiện Nghị quyết số 11-NQ/TU", "", "", ""),
        ("Kế hoạch số 20-KH/ĐU ngày 5/8/2025 của Đảng ủy UBND tỉnh Lào Cai", "Đảng ủy UBND tỉnh Lào Cai", "Lào Cai",
         "2025-08-05"),
        ("Quyết định số 12-QĐ/TWĐTN ngày 5/6/2023 của Ban Bí thư Trung ương Đoàn TNCS Hồ Chí Minh",
         "Ban Bí thư Trung ương Đoàn TNCS Hồ Chí Minh", "", "2023-06-05"),
        ("Quyết định 10/QĐ-UBND của UBND xã Tân Thành, tỉnh Cà Mau ngày 3/9/2025 về đất đai",
         "UBND xã Tân Thành, tỉnh Cà Mau", "xã Tân Thành, Cà Mau", "2025-09-03"),
        ("Quyết định 5/QĐ-UBND của UBND Quận 3, TPHCM và UBND huyện Củ Chi", "UBND Quận 3, TPHCM", "quận 3, TPHCM", ""),
        ("NGHỊ QUYẾT SỐ 05-NQ/ĐU NGÀY 1/8/2025 CỦA ĐẢNG ỦY XÃ TÂN THÀNH VỀ CHUYỂN ĐỔI SỐ", "ĐẢNG ỦY XÃ TÂN THÀNH",
         "xã Tân Thành", "2025-08-01"),
        ("theo Chỉ thị 05 của Đà Nẵng", "", "Đà Nẵng", ""),
        ("Quyết định số 5/QĐ-ĐHQN ngày 5/6/2024 của Trường Đại học Quảng Nam năm 2024", "Trường Đại học Quảng Nam", "",
         "2024-06-05"),
        ("Quyết định số 12/2023/QĐ-UBND UBND tỉnh Lào Cai ngày 5/6/2023 về giá đất", "UBND tỉnh Lào Cai", "Lào Cai",
         "2023-06-05"),
        ("Nghị quyết số 05-NQ/TU ngày 1/2/2023 (Tỉnh ủy Sơn La)", "Tỉnh ủy Sơn La", "Sơn La", "2023-02-01"),
        ("Quyết định số 12/2023/QĐ-UBND ngày 5/6/2023 UBND tỉnh Lào Cai đã giao", "", "", "2023-06-05"),
        ("Quyết định số 12/2023/QĐ-UBND ngày 5/6/2023, UBND tỉnh Lào Cai phê duyệt", "", "", "2023-06-05"),
        ("Quyết định số 12/2023/QĐ-TTg UBND tỉnh Lào Cai phê duyệt", "", "", ""),
        ("Kế hoạch 12/KH-SNV của Sở Nội vụ tỉnh Lào Cai thực hiện", "Sở Nội vụ tỉnh Lào Cai", "Lào Cai", ""),
    ],
)  # fmt: skip
def test_who_issues_is_read_after_and_before(text: str, issuer: str, place: str, date: str) -> None:
    found = find_citations(text)[0]
    assert (found.issuer, found.place, found.date) == (issuer, place, date)


def test_a_youth_union_paper_is_numbered_as_written() -> None:
    assert find_citations("Quyết định số 12-QĐ/TWĐTN")[0].key == "12-QĐ/TWĐTN"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quy định số 263-QĐ/TW và Quy định số 181-QĐ/TW của Bộ Chính trị (khóa XI)",
         [("", "Bộ Chính trị", "XI")] * 2),
        ("Quy định số 263-QĐ/TW ngày 1/10/2014 và Quy định số 181-QĐ/TW ngày 30/3/2013 của Bộ Chính trị",
         [("2014-10-01", "Bộ Chính trị", ""), ("2013-03-30", "Bộ Chính trị", "")]),
        ("Quy định số 263 và Quy định số 181 của Bộ Chính trị (khóa XI)", [("", "Bộ Chính trị", "XI")] * 2),
        ("18-NQ/TW và Nghị quyết số 19-NQ/TW ngày 25/10/2017", [("2017-10-25", "", "")] * 2),
        ("Nghị quyết 05-NQ/TU, Kế hoạch 12-KH/TU ngày 3/4/2021 của Thành ủy Hà Nội",
         [("", "Thành ủy Hà Nội", ""), ("2021-04-03", "Thành ủy Hà Nội", "")]),
        ("Nghị quyết 18-NQ/TW và Kết luận 50-KL/TW của Bộ Chính trị", [("", "", ""), ("", "Bộ Chính trị", "")]),
        ("Nghị quyết 18-NQ/TW thay Nghị quyết 19-NQ/TW của Bộ Chính trị", [("", "", ""), ("", "Bộ Chính trị", "")]),
    ],
)  # fmt: skip
def test_a_list_shares_the_tail_of_its_last(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(c.date, c.issuer, c.term) for c in find_citations(text)] == expected


def test_a_heading_says_the_province_whatever_the_text_names() -> None:
    text = (
        "UBND TỈNH NGHỆ AN\nUBND XÃ TÂN PHÚ\nSố: 3/QĐ-UBND\nTân Phú, ngày 2 tháng 8 năm 2025\nQUYẾT ĐỊNH\n"
        "Gửi UBND tỉnh Hà Tĩnh và UBND tỉnh Thanh Hóa để phối hợp."
    )
    assert located("UBND xã Tân Phú", text) == "Ủy ban nhân dân xã Tân Phú, tỉnh Nghệ An"
    assert located("UBND xã Tân Phú", text.partition("\n")[2]) == "Ủy ban nhân dân xã Tân Phú"
