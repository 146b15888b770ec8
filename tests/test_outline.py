"""The tree of a text: which lines are its own Điều, what stands in them, what it is called, how small it is kept."""

import time

import pytest

from searchapp.outline import Outline, label, pack, split, title, unpack


def law(*numbers: int, text: str = "Nhà nước có chính sách về việc này.") -> str:
    return "\n".join(f"Điều {number}. Quy định thứ {number}\n{text}" for number in numbers)


def ids(text: str) -> list[str]:
    return [node.id for node in split(text)]


SIGNED = "TM. CHÍNH PHỦ\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nNguyễn Văn An"

TREES = {
    "nothing": ("", []),
    "no structure": ("Sáng 5/9, Bí thư Thành ủy dự lễ khai giảng.\nCùng dự có nhiều đại biểu.", []),
    "articles": (law(1, 2, 3), ["dieu-1", "dieu-2", "dieu-3"]),
    "capitals": ("ĐIỀU 1. PHẠM VI\nLuật này …\nĐIỀU 2. ĐỐI TƯỢNG\nMọi người.", ["dieu-1", "dieu-2"]),
    "colon or nothing after the number": ("Điều 1: Phạm vi\nAa.\nĐiều 2\nĐối tượng\nBb.", ["dieu-1", "dieu-2"]),
    "clauses and points": (
        "Điều 1. Phạm vi\n1. Một là:\na) cái này;\nb) cái kia;\n2. Hai là.\nĐiều 2. Đối tượng\na) người;\nđ) vật.",
        [
            "dieu-1", "dieu-1-khoan-1", "dieu-1-khoan-1-diem-a", "dieu-1-khoan-1-diem-b", "dieu-1-khoan-2",
            "dieu-2", "dieu-2-diem-a",
        ],
    ),
    "point đ": (
        "Điều 1. A\nc) ba;\nd) bốn;\nđ) năm;\ne) sáu;\nĐiều 2. B\nHết.",
        ["dieu-1", "dieu-1-diem-c", "dieu-1-diem-d", "dieu-1-diem-dd", "dieu-1-diem-e", "dieu-2"],
    ),
    "letters after numbers": (
        "Điều 3. A\nX.\nĐiều 3a. B\nY.\nĐiều 3b. C\nZ.\nĐiều 4. D\nT.", ["dieu-3", "dieu-3a", "dieu-3b", "dieu-4"]
    ),
    "chapters and sections": (
        "Phần thứ nhất\nQUY ĐỊNH CHUNG\nChương I\nPHẠM VI\nĐiều 1. A\nX.\nChương II\nMục 1. MỘT\nĐiều 2. B\nY.\n"
        "Mục 2. HAI\nĐiều 3. C\nZ.\nPhần thứ hai\nQUYỀN\nChương III\nĐiều 4. D\nT.",
        [
            "phan-1", "chuong-1", "dieu-1", "chuong-2", "chuong-2-muc-1", "dieu-2", "chuong-2-muc-2", "dieu-3",
            "phan-2", "chuong-3", "dieu-4",
        ],
    ),
    "a short decision and its regulations, of as many numbers again": (
        "BỘ TRƯỞNG BỘ Y TẾ\nCăn cứ Luật Y tế;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực từ ngày ký.\n"
        "BỘ TRƯỞNG\nLê Thị Lan\nQUY CHẾ\nLÀM VIỆC\nĐiều 1. A\nX.\nĐiều 2. B\nY.\nĐiều 3. C\nZ.\nĐiều 4. D\nT.",
        ["dieu-1", "dieu-2", "ky", "kem-theo-1", *(f"kem-theo-1-dieu-{n}" for n in range(1, 5))],
    ),
    "a number missing": (law(1, 2, 4, 5), ["dieu-1", "dieu-2", "dieu-4", "dieu-5"]),
    "a consolidated text that lost most": (law(24, 25, 26, 52, 53), [f"dieu-{n}" for n in (24, 25, 26, 52, 53)]),
    "a footnote glued to a number": (
        "Điều 23. A\nX.\nĐiều 248 (được bãi bỏ)\nĐiều 25. B\nY.", ["dieu-23", "dieu-24", "dieu-25"]
    ),
    "a section below a sentence without its point": (
        "Chương I\nCHUNG\nMục 1\nQUYỀN\nĐiều 1. A\nThực hiện các nghĩa vụ khác theo quy định của pháp luật\n"
        "Mục 2\nNGHĨA VỤ\n"
        "Điều 2. B\nThực hiện theo các quy định được ghi tại khoản 3 của\nMục 1\nvà Mục 2 nêu trên.",
        ["chuong-1", "chuong-1-muc-1", "dieu-1", "chuong-1-muc-2", "dieu-2"],
    ),
    "lists and forms behind a signature": (
        law(1, 2) + f"\n{SIGNED}\nDANH MỤC\nHÀNG HÓA\n(Ban hành kèm theo Thông tư số 1/2021/TT-BCT ngày 3/6/2021)\n"
        "MẪU SỐ 02\nĐƠN ĐỀ NGHỊ\n(Kèm theo Thông tư số 1/2021/TT-BCT)\nKính gửi: …\n"
        "DANH SÁCH\n(Kèm theo Quyết định số ……/QĐ-UBND)",
        ["dieu-1", "dieu-2", "ky", "kem-theo-1", "kem-theo-2"],
    ),
    "forms of an appendix below their list": (
        law(1, 2) + f"\n{SIGNED}\nPHỤ LỤC I\nBIỂU MẪU\n(Kèm theo Nghị định số 1/2025/NĐ-CP)\nMẫu số 01\nĐơn đề nghị\n"
        "Mẫu số 02\nBáo cáo\nMẫu số 01\nĐƠN ĐỀ NGHỊ\nKính gửi: …\n" + "1. Tên, địa chỉ của tổ chức: …\n" * 4
        + "Mẫu số 02a. Báo cáo kết quả\n" + "Kết quả của đơn vị: theo Mẫu số 01\n" * 4
        + "Phụ lục II\nDANH MỤC\n1. Đá\nMẫu số 09;\nMẫu số 08 của Thông tư này",
        ["dieu-1", "dieu-2", "ky", "phu-luc-1", "phu-luc-1-mau-1", "phu-luc-1-mau-2a", "phu-luc-2"],
    ),
    "an appendix whose title is a list": (
        law(1, 2) + f"\n{SIGNED}\nPHỤ LỤC\nDANH MỤC HÀNG HÓA\n(Kèm theo Thông tư số 1/2021/TT-BCT)\n1. Đá",
        ["dieu-1", "dieu-2", "ky", "phu-luc"],
    ),
    "a list behind a plan without articles": (
        "KẾ HOẠCH\nI. MỤC TIÊU\nĐi.\nII. VIỆC\nLàm.\nNơi nhận: Lưu.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn An\n"
        "DANH MỤC NHIỆM VỤ\n(Kèm theo Kế hoạch số 45/KH-UBND ngày 5/3/2025)\n1. Họp",
        ["muc-1", "muc-2", "ky", "kem-theo-1"],
    ),
    "quoted articles of an amended law": (
        "Điều 1. Sửa đổi Luật X\n1. Sửa đổi Điều 7 như sau:\n“Điều 7. Quyền\nCông dân có quyền.\nĐiều 8. Nghĩa vụ\n"
        "Có nghĩa vụ.”\n2. Bãi bỏ Điều 9.\nĐiều 2. Hiệu lực\nLuật này có hiệu lực.",
        ["dieu-1", "dieu-1-khoan-1", "dieu-1-khoan-2", "dieu-2"],
    ),
    "a quotation that never ends": (
        "Điều 1. A\nGọi là “bên mua.\n" + law(2, 3, 4, 5), [f"dieu-{n}" for n in range(1, 6)]
    ),
    "references at the beginning of lines": (
        "Điều 1. A\nTheo quy định tại\nĐiều 9, Điều 10 và\nĐiều 16 Nghị định số 1/2020/NĐ-CP.\nĐiều 2. B\nX.\n"
        "Điều 11 của Luật này.\nĐiều 3. C\nY.",
        ["dieu-1", "dieu-2", "dieu-3"],
    ),
    "forms after the signature": (
        f"{law(1, 2, 3)}\n{SIGNED}\nPhụ lục I\nBIỂU MẪU\nĐiều 1. Cấp phép cho …\nĐiều 2. Địa điểm …\nĐiều 4. Hiệu lực",
        ["dieu-1", "dieu-2", "dieu-3", "ky", "phu-luc-1"],
    ),
    "a whole text in an appendix": (
        f"{law(1, 2)}\n{SIGNED}\nPhụ lục I\nDANH MỤC\n(Kèm theo Nghị định số 1)\n{'Dòng. ' * 30}\n"
        "Phụ lục II\nĐIỀU LỆ MẪU\n"
        + law(1, 2, 3, 4, 5),
        ["dieu-1", "dieu-2", "ky", "phu-luc-1", "phu-luc-2", *(f"phu-luc-2-dieu-{n}" for n in range(1, 6))],
    ),
    "regulations that a decision issues": (
        f"{law(1, 2, 3)}\nBỘ TRƯỞNG\nTrần Thị Bình\nQUY CHẾ\nLàm việc của Hội đồng\nChương I\nQUY ĐỊNH CHUNG\n"
        + law(*range(1, 8)),
        ["dieu-1", "dieu-2", "dieu-3", "ky", "kem-theo-1", "kem-theo-1-chuong-1"]
        + [f"kem-theo-1-dieu-{n}" for n in range(1, 8)],
    ),
    "two laws in one": (
        law(*range(1, 7)) + "\n" + law(*range(1, 9)),
        [*(f"dieu-{n}" for n in range(1, 7)), "kem-theo-1", *(f"kem-theo-1-dieu-{n}" for n in range(1, 9))],
    ),
    "contents first": (
        "MỤC LỤC\n" + "\n".join(f"Điều {n}. Quy định thứ {n}" for n in range(1, 9)) + "\n" + law(*range(1, 9)),
        [f"dieu-{n}" for n in range(1, 9)],
    ),
    "no line breaks": (
        "QUY ĐỊNH CHUNG Điều 1. Phạm vi Luật này quy định. Điều 2. Đối tượng Luật này áp dụng. Điều 3. Hiệu lực.",
        ["dieu-1", "dieu-2", "dieu-3"],
    ),
    "as laws of 1946 count": ("Điều thứ 1: Một.\nĐiều thứ 2: Hai.\nĐiều thứ 3: Ba.", ["dieu-1", "dieu-2", "dieu-3"]),
    "a resolution of the Party": (
        "I. TÌNH HÌNH\n1. Kết quả\nĐã đạt nhiều kết quả.\n2. Hạn chế\nCòn hạn chế.\nII. NHIỆM VỤ\n1. Một.\n2. Hai.",
        ["muc-1", "muc-1-khoan-1", "muc-1-khoan-2", "muc-2", "muc-2-khoan-1", "muc-2-khoan-2"],
    ),
    "headings of news": (
        "\n".join([
            "Đoạn mở đầu nói về việc lớn của thành phố trong năm nay. " * 5, "Việc cần làm ngay",
            "Đoạn sau nói rõ hơn về những việc ấy, ai làm và bao giờ xong. " * 8, "Ảnh: Văn An",
            "Đoạn tiếp kể lại lời của người dân trong khu phố. " * 9, "Người dân nói gì", "Họ nói nhiều điều. " * 9,
        ]),
        ["de-muc-1", "de-muc-2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), TREES.values(), ids=TREES)
def test_the_parts_of_a_text(text: str, wanted: list[str]) -> None:
    assert ids(text) == wanted


@pytest.mark.parametrize("text", [text for text, _ in TREES.values()], ids=TREES)
def test_an_outline_is_kept_in_a_few_bytes(text: str) -> None:
    outline = split(text)
    packed = pack(outline)
    assert unpack(packed) == outline
    assert len(packed) <= 8 * len(outline) + 8


@pytest.mark.parametrize("damaged", ["!", "abc", "ZZZZZ", pack(split(law(1, 2, 3)))[:-1] + "\n"])
def test_a_damaged_outline_is_an_error(damaged: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(damaged)


@pytest.mark.parametrize(
    ("text", "ident", "wanted"),
    [
        ("Điều 1. Phạm vi điều chỉnh\nLuật này …\nĐiều 2. B\nX.", "dieu-1", "Điều 1. Phạm vi điều chỉnh"),
        ("Điều 1. Phạm vi điều chỉnh.\nLuật này …\nĐiều 2. B\nX.", "dieu-1", "Điều 1. Phạm vi điều chỉnh"),
        ("Điều 1\nPhạm vi\nLuật này …\nĐiều 2\nB\nX.", "dieu-1", "Điều 1. Phạm vi"),
        ("Điều 1. Chính sách về\nnhà ở\n1. Một.\nĐiều 2. B\nX.", "dieu-1", "Điều 1. Chính sách về nhà ở"),
        ("Điều 1. A\nX.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.", "dieu-2", "Điều 2"),
        ("Điều 1. A\nX.\nĐiều 2. Hiệu lực thi hành18\n1. Một.", "dieu-2", "Điều 2. Hiệu lực thi hành"),
        ("Chương II\nQUY ĐỊNH CHUNG\nĐiều 1. A\nX.\nĐiều 2. B\nY.", "chuong-2", "Chương II. QUY ĐỊNH CHUNG"),
        ("CHƯƠNG 2. Quy định chung\nĐiều 1. A\nX.\nĐiều 2. B\nY.", "chuong-2", "Chương 2. Quy định chung"),
        ("Điều 1. A\n1. Một.\n2. Hai.\nĐiều 2. B\nY.", "dieu-1-khoan-2", "Khoản 2"),
        ("I. TÌNH HÌNH\nA.\nII. NHIỆM VỤ\nB.", "muc-2", "II. NHIỆM VỤ"),
    ],
)
def test_a_part_is_called_as_the_text_calls_it(text: str, ident: str, wanted: str) -> None:
    node = split(text).find(ident)
    assert node is not None
    assert label(text, node) == wanted


def test_an_offset_tells_its_provision() -> None:
    text = f"Chương I\nCHUNG\nĐiều 1. A\n1. Một.\n2. Hai tám.\nĐiều 2. B\nY.\n{SIGNED}\nNơi nhận:\n- Như trên"
    outline = split(text)
    inner = outline.at(text.index("tám"))
    assert inner is not None
    assert [node.id for node in outline.path(inner)] == ["chuong-1", "dieu-1", "dieu-1-khoan-2"]
    assert (found := outline.provision(text.index("tám"))) is not None
    assert found.id == "dieu-1"
    assert outline.provision(text.index("Nguyễn")) is None
    assert outline.at(0) is not None
    assert outline.at(len(text) + 1) is None


def test_an_address_of_the_national_database_is_understood() -> None:
    outline = split("Chương II\nCHUNG\nĐiều 5. A\nX.\nĐiều 6. B\nY.")
    assert (found := outline.find("Chuong_II_Dieu_5")) is not None
    assert found.id == "dieu-5"
    assert outline.find("Chuong_II_Dieu_55") is None
    assert Outline().find("dieu-5") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("PHỤ LỤC IV\nDANH MỤC", "Phụ lục IV. DANH MỤC"), ("Phụ lục II\nDANH MỤC", "Phụ lục II. DANH MỤC"),
        ("PHỤ LỤC I\nX\nMẫu số 02\nĐƠN XIN\nKính gửi", "Mẫu số 2. ĐƠN XIN"),
        ("PHỤ LỤC I\nX\nMẫu số 03. Đơn xin\nKính gửi", "Mẫu số 3. Đơn xin"),
        ("PHỤ LỤC I\nX\nMẫu số 04\nỦY BAN NHÂN DÂN\nKính gửi", "Mẫu số 4"),
    ],
)  # fmt: skip
def test_an_appendix_and_a_form_have_their_names(line: str, said: str) -> None:
    text = f"{law(1, 2)}\n{SIGNED}\n{line}"
    assert label(text, list(split(text))[-1]) == said


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Điều 2.[2] Tiêu chuẩn", "Tiêu chuẩn"), ("Điều 2. Tiêu chuẩn[12]", "Tiêu chuẩn"),
        ("Điều 2.5 Tiêu chuẩn", "Tiêu chuẩn"), ("Điều 2.12Ủy ban nhân dân", "Ủy ban nhân dân"),
        ("Điều 2. 10 điều cần nhớ", "10 điều cần nhớ"), ("Điều 2. Tiêu chuẩn3", "Tiêu chuẩn"),
        ("Điều 2. Tiêu chuẩn [3]", "Tiêu chuẩn"), ("Điều 2. Mức [10] triệu đồng", "Mức [10] triệu đồng"),
    ],
)  # fmt: skip
def test_titles_have_no_marks_of_notes(line: str, heading: str) -> None:
    text = f"Điều 1. Phạm vi\nMột câu.\n{line}\nHai câu.\nĐiều 3. Hiệu lực\nBa câu."
    assert [title(text, node) for node in split(text)][1] == heading


def test_titles_never_hold_the_text_of_an_article() -> None:
    text = "Điều 1. " + "Rất dài " * 60 + "\nX.\nĐiều 2. B;\nY."
    assert [title(text, node) for node in split(text)] == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        law(*range(1, 2001)),
        "1. a\n" * 100_000,
        "a) x\n" * 100_000,
        "Điều 1. A\n" * 50_000,
        "Chương I\n" * 50_000,
        "“Điều 7. A\n" * 40_000,
        "Điều " + "1" * 100_000,
        '"' * 200_000,
        "Phụ lục\n" * 50_000,
        " " * 300_000 + "Điều 1.",
        "\n" * 300_000,
        "I. " * 100_000,
    ],
    ids=lambda text: f"{text[:8]!r}",
)
@pytest.mark.no_cover
@pytest.mark.clock
def test_time_grows_with_the_text_alone(text: str) -> None:
    start = time.process_time()
    outline = split(text)
    assert unpack(pack(outline)) == outline
    assert time.process_time() - start < 6


def test_two_thousand_articles_are_all_found() -> None:
    assert ids(law(*range(1, 2001))) == [f"dieu-{n}" for n in range(1, 2001)]
