"""Text files: plain ones, and portal pages with everything around the article."""

import unicodedata

import pytest

from searchapp.article import Record
from searchapp.readers import read
from searchapp.readers.items import Bad, Note

P1 = "Sáng nay, Đảng ủy phường triển khai Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy đến tất cả các chi bộ."
P2 = (
    "Các đại biểu thống nhất tập trung ba việc: tiêm chủng, chăm lo hộ nghèo và mở lại chợ truyền thống trong tháng 10."
)

PORTAL = f"""Trang chủ
Giới thiệu
Xây dựng Đảng Xây dựng Đảng
Thứ tư, 22/9/2021, 08:15 (GMT+7)
Phường đưa nghị quyết đến từng tổ dân phố

\xa0

(Trangtinphuong.vn) – {P1}

Ba việc phải làm ngay

{P2}

Tin liên quan
Phường bạn khai trương chợ mới
{P1}

H. Lan

CÁC TIN BÀI KHÁC:
Xem tin theo ngày
Ngày
Tin nổi bật Tin nổi bật
  Lễ hội hoa xuân ở công viên (17/5/2022)
  Phát động tháng công nhân (5/5/2022)
Video Video"""


def records(tmp_path, content, name="bai.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    notes: list[Note] = []
    return list(read(path, name=name, report=notes.append)), notes


def test_the_article_is_cut_out_of_a_portal_page(tmp_path):
    (record,), notes = records(tmp_path, PORTAL)
    assert record == Record(
        title="Phường đưa nghị quyết đến từng tổ dân phố",
        text="\n".join([P1, "Ba việc phải làm ngay", P2, P1]),
        date="2021-09-22",
        section="Xây dựng Đảng",
        source="Trangtinphuong.vn",
        author="H. Lan",
        path="bai.txt",
    )
    assert notes == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_and_unicode_forms_make_no_difference(tmp_path, form, ending):
    (record,), _ = records(tmp_path, unicodedata.normalize(form, PORTAL).replace("\n", ending))
    assert unicodedata.normalize("NFC", record.title) == "Phường đưa nghị quyết đến từng tổ dân phố"
    assert unicodedata.normalize("NFC", record.text).endswith(P1)
    assert unicodedata.normalize("NFC", record.author) == "H. Lan"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"Hội nghị ở phường\n\n{P1}", "Hội nghị ở phường", P1),
        (f"Hội nghị ở phường\n{P1}\n{P2}", "Hội nghị ở phường", f"{P1}\n{P2}"),
        (f"{P1}\n{P2}", "", f"{P1}\n{P2}"),
        (P1, "", P1),
        ("Một dòng", "", "Một dòng"),
        (f"Trang chủ > Tin tức > Thời sự\nHội nghị ở phường\n{P1}", "Hội nghị ở phường", P1),
        (f"Hoà bình\n{P1}", "Hoà bình", P1),
        (f"Ðại hội\n{P1}", "Đại hội", P1),
        (f"hoi nghi o phuong\n{P1}", "hoi nghi o phuong", P1),
        (f"2021\n{P1}", "", P1),
        (f"Ghi chép\n{P1}\n- Nghị quyết thứ nhất (15/9/2021)\n{P2}", "Ghi chép",
         f"{P1}\n- Nghị quyết thứ nhất (15/9/2021)\n{P2}"),
        (f"Ghi chép\n{P1}\nTin thứ nhất (15/9/2021)\nTin thứ hai (16/9/2021)", "Ghi chép", P1),
        (f"Ghi chép\n{P1}\nVideo\nXem clip hội nghị", "Ghi chép", P1),
    ],
)  # fmt: skip
def test_plain_text_keeps_all_its_paragraphs(tmp_path, text, title, body):
    (record,), _ = records(tmp_path, text)
    assert (record.title, record.text) == (title, body)


@pytest.mark.parametrize(
    ("last", "author"),
    [
        ("S. Hải", "S. Hải"),
        ("Nguyễn Thị Bình", "Nguyễn Thị Bình"),
        ("(Hồng Hà - Minh Anh)", "Hồng Hà - Minh Anh"),
        ("Bài, ảnh: Thu Hà", "Thu Hà"),
        ("Tin, ảnh: Thu Hà", "Thu Hà"),
        ("Tác giả: Đỗ Quyên", "Đỗ Quyên"),
        ("Việc cần làm ngay", ""),
        ("Phường sẽ tổng kết vào cuối năm.", ""),
    ],
)
def test_the_last_line_names_the_author_or_stays(tmp_path, last, author):
    (record,), _ = records(tmp_path, f"Hội nghị ở phường\n{P1}\n{last}")
    assert record.author == author
    assert record.text == (P1 if author else f"{P1}\n{last}")


def test_lines_broken_at_a_width_become_paragraphs(tmp_path):
    words = (P1 + " " + P2).split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 70:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    broken = "\n".join([*lines, line])
    (record,), _ = records(tmp_path, f"Hội nghị ở phường\n\n{broken}\n\n{broken}\n")
    assert record.title == "Hội nghị ở phường"
    assert record.text.split("\n") == [f"{P1} {P2}"] * 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b" \n\t\r\n", "empty file"),
        ("\u200b\n \u00a0".encode(), "no text"),
        (b"\x00\x01\x02" * 100, "binary, not text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "named .txt, but holds an image"),
        (b"%PDF-1.4 x", "named .txt, but holds a PDF"),
        ((P1 + P2).encode()[:-1] + b"\xff\xfe\xfa" * 20, "half an encoding"),
        (
            ("The committee met this morning to discuss the budget for roads and schools. " * 8).encode(),
            "not Vietnamese",
        ),
    ],
    ids=range(8),
)
def test_a_bad_file_is_skipped_with_its_reason(tmp_path, content, reason):
    (bad,), _ = records(tmp_path, content)
    assert isinstance(bad, Bad)
    assert bad.path == "bai.txt"
    assert reason in bad.reason


def test_one_damaged_character_does_not_lose_an_article(tmp_path):
    (record,), _ = records(tmp_path, (P1 * 3).encode()[:-1])
    assert isinstance(record, Record)


def test_what_is_no_file_is_skipped(tmp_path):
    (bad,) = read(tmp_path, name="folder.txt")
    assert bad == Bad("folder.txt", 0, "not a file", code="link")
    (bad,) = read(tmp_path / "gone.txt", name="gone.txt")
    assert "cannot be read" in bad.reason
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert list(read(tmp_path / "a.exe", name="a.exe")) == [Bad("a.exe", 0, "no reader for .exe", code="format")]


@pytest.mark.shared
def test_the_page_of_the_party_portal_is_read_as_people_read_it(shared_data):
    seed = shared_data / "seed" / "thanhuytphcm-2022.txt"
    page = seed.read_text(encoding="utf-8").splitlines()
    (record,) = read(seed, name="seed.txt")
    assert record.title == page[1]
    assert (record.source, record.section, record.author) == ("Thanhuytphcm.vn", "Thông tin lý luận", "S. Hải")
    assert record.date == ""
    paragraphs = record.text.split("\n")
    assert len(paragraphs) == 15
    assert page[5].endswith(paragraphs[0])
    assert {"Đạt được những kết quả tích cực", "8 nhiệm vụ trọng tâm"} <= set(paragraphs)
    assert paragraphs[-1] == page[page.index("S. Hải") - 2]
    for noise in ("CÁC TIN", "Xem tin", "Tin nổi bật", "Video", "Huy hiệu Đảng", "5/5/2022"):
        assert noise not in record.text


def test_the_date_of_a_document_is_that_of_its_heading(tmp_path):
    text = f"""BỘ NỘI VỤ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 3/TB-BNV
Hà Nội, ngày 05 tháng 3 năm 2022
THÔNG BÁO
Lịch trực
Căn cứ Luật số 45/2019/QH14;
Bộ Nội vụ thông báo:
1. Lịch này có hiệu lực từ
Ngày 01/01/2022
{P1}"""
    (record,), _ = records(tmp_path, text)
    assert (record.number, record.date) == ("3/TB-BNV", "2022-03-05")
