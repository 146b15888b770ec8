"""PDF, Word, OpenDocument: the text as its reader sees it, and the facts of a document's heading block."""

import io
import json
import re
import shutil
import unicodedata
import zipfile
from collections import Counter

import docx as word
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import doc, docx, formats, heading, odt, office, pdf, read
from searchapp.readers.items import Bad, Note
from searchapp.text.encodings import language_doubt

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

DIRECTIVE = [
    "THÀNH ỦY BÌNH SƠN",
    "*",
    "Số 07-CT/TU",
    "ĐẢNG CỘNG SẢN VIỆT NAM",
    "Bình Sơn, ngày 05 tháng 3 năm 2022",
    "CHỈ THỊ",
    "Về tăng cường trồng cây",
    "trong trường học",
    "-----",
    "Căn cứ Điều lệ Đảng;",
    "Căn cứ Quy chế làm việc của Ban Chấp hành,",
    "khóa X.",
    "Ban Thường vụ Thành ủy Bình Sơn yêu cầu các cấp ủy thực hiện:",
    "1. Mỗi trường trồng thêm một trăm cây.",
    "T/M BAN THƯỜNG VỤ",
    "BÍ THƯ",
    "Trần Văn An",
]


def test_a_heading_block_says_what_the_document_is():
    assert heading.find(DIRECTIVE) == heading.Heading(
        number="07-CT/TU",
        type="Chỉ thị",
        issuer="Thành ủy Bình Sơn",
        date="2022-03-05",
        title="Về tăng cường trồng cây trong trường học",
        signer="Trần Văn An",
        basis=("Căn cứ Điều lệ Đảng", "Căn cứ Quy chế làm việc của Ban Chấp hành, khóa X"),
    )


MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.mark.parametrize(
    ("lines", "facts"),
    [
        ([MOTTO, "Luật Cây xanh số 09/2019/QH14", "Điều 1."],
         ("09/2019/QH14", "Luật", "Quốc hội", "", "Luật Cây xanh")),
        ([MOTTO, "LUẬT", "CÂY XANH", "Luật số: 09/2019/QH14", "Căn cứ Hiến pháp",
          "Luật này được Quốc hội thông qua ngày 4 tháng 8 năm 2019."],
         ("09/2019/QH14", "Luật", "Quốc hội", "2019-08-04", "Luật Cây xanh")),
        (["CHÍNH PHỦ", "Số:  12/2020/NĐ-CP", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Hà Nội, ngày 06  tháng 4 năm 2020",
          "NGHỊ ĐỊNH", "Về cây xanh", "CHÍNH PHỦ", "Căn cứ Luật"],
         ("12/2020/NĐ-CP", "Nghị định", "Chính phủ", "2020-04-06", "Về cây xanh")),
        (["Án lệ số 99/2016/AL", "Được Hội đồng Thẩm phán Tòa án nhân dân tối cao thông qua ngày 06 tháng 4 năm 2016"],
         ("99/2016/AL", "Án lệ", "Hội đồng Thẩm phán Tòa án nhân dân tối cao", "2016-04-06", "Án lệ số 99/2016/AL")),
        (["BỘ NỘI VỤ", MOTTO, "Số: 3/TB-BNV", "THÔNG BÁO", "Lịch nghỉ", "Theo kế hoạch, Bộ Nội vụ cho nghỉ."],
         ("3/TB-BNV", "Thông báo", "Bộ Nội vụ", "", "Lịch nghỉ")),
    ],
    ids=range(5),
)  # fmt: skip
def test_headings_of_many_kinds(lines, facts):
    found = heading.find(lines)
    assert found is not None
    assert (found.number, found.type, found.issuer, found.date, found.title) == facts


@pytest.mark.parametrize(
    ("lines", "basis"),
    [
        (["Căn cứ Luật A;", "Căn cứ Luật B", "Theo đề nghị của Bộ trưởng;", "Căn cứ đơn"], ("Luật A", "Luật B")),
        (["- Căn cứ Điều lệ Đảng;", "– Căn cứ Quy chế;", "- Xét đề nghị,"], ("Điều lệ Đảng", "Quy chế")),
        (["Căn cứ Luật A; Căn cứ Luật B;", "Căn cứ Luật C; Theo đề nghị."], ("Luật A", "Luật B", "Luật C")),
        (["Căn cứ Luật A sửa đổi theo", "Luật B,", "QUYẾT NGHỊ:", "Căn cứ c"], ("Luật A sửa đổi theo Luật B,",)),
        (["Căn cứ Nghị quyết A, Ban Thường vụ yêu cầu:", "1. Căn cứ tình hình, các đơn vị báo cáo."], ()),
        (["Điều 1. Phạm vi", "Căn cứ Luật A, các đơn vị thực hiện."], ()),
        (["Căn cứ Luật A.", "Ủy ban ban hành kế hoạch.", "Căn cứ Luật B."], ("Luật A",)),
    ],
    ids=range(7),
)  # fmt: skip
def test_a_legal_basis_is_the_block_above_what_is_decided(lines, basis):
    found = heading.find(["BỘ NỘI VỤ", MOTTO, "Số: 3/TB-BNV", "THÔNG BÁO", "Lịch nghỉ", *lines])
    assert found is not None and found.basis == tuple(f"Căn cứ {one}" for one in basis)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["Phường triển khai Nghị quyết số 05-NQ/TU ngày 15/9/2021"],
        ["Hội nghị ở phường", "Chi bộ học Chỉ thị số 05-CT/TW."],
        [MOTTO, "Không có số hiệu"],
        ["cong hoa xa hoi chu nghia viet nam", "so 05-NQ/TU"],
    ],
)
def test_an_article_that_cites_a_document_is_none(lines):
    assert heading.find(lines) is None


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (["Các chi bộ tổ chức học tập và làm theo, gắn với", "nhiệm vụ của từng đơn vị."],
         ["Các chi bộ tổ chức học tập và làm theo, gắn với nhiệm vụ của từng đơn vị."]),
        (["Điều 1. Phạm vi", "Điều 2. Đối tượng", "a) Một;", "b) Hai."],
         ["Điều 1. Phạm vi", "Điều 2. Đối tượng", "a) Một;", "b) Hai."]),
        (["Các đơn vị thực hiện chương trình phát triển kinh-", "tế."],
         ["Các đơn vị thực hiện chương trình phát triển kinh-tế."]),
        (["Các đơn vị thực hiện chương trình phát triển kinh tế -", "xã hội."],
         ["Các đơn vị thực hiện chương trình phát triển kinh tế - xã hội."]),
        (["Về việc trồng cây trong các trường học của thành phố", "Thực hiện Nghị quyết của Thành ủy, các phường"],
         ["Về việc trồng cây trong các trường học của thành phố", "Thực hiện Nghị quyết của Thành ủy, các phường"]),
        (["CHỈ THỊ", "Về việc trồng cây trong các trường học của thành phố"],
         ["CHỈ THỊ", "Về việc trồng cây trong các trường học của thành phố"]),
        (['1. Các đơn vị hành chính được tổ chức thành hai cấp."', "Điều 2", "Nghị quyết này có hiệu lực."],
         ['1. Các đơn vị hành chính được tổ chức thành hai cấp."', "Điều 2", "Nghị quyết này có hiệu lực."]),
        (["Bãi bỏ mục 3, Phần I và toàn bộ các nội dung khác tại mục 4,", "Phần II Hướng dẫn số 27-HD/BTCTW."],
         ["Bãi bỏ mục 3, Phần I và toàn bộ các nội dung khác tại mục 4, Phần II Hướng dẫn số 27-HD/BTCTW."]),
        (["Quản lý, sử dụng Quỹ phòng, chống thiên tai trên địa bàn tỉnh", "(Kèm theo Quyết định số 18/2025/QĐ-UBND)"],
         ["Quản lý, sử dụng Quỹ phòng, chống thiên tai trên địa bàn tỉnh", "(Kèm theo Quyết định số 18/2025/QĐ-UBND)"]),
        (["2 Quyết định 1627/2001/", "QĐ-NHNN", "31/12/2001 Ban hành Quy chế cho vay đối với khách", "3 Chỉ thị 3/CT"],
         ["2 Quyết định 1627/2001/QĐ-NHNN", "31/12/2001 Ban hành Quy chế cho vay đối với khách", "3 Chỉ thị 3/CT"]),
        (["Quy định chính sách hỗ trợ đào tạo, bồi dưỡng cán bộ", "3", "Nghị quyết"],
         ["Quy định chính sách hỗ trợ đào tạo, bồi dưỡng cán bộ", "3", "Nghị quyết"]),
        ([], []),
    ],
    ids=range(12),
)  # fmt: skip
def test_lines_of_a_page_become_paragraphs(lines, paragraphs):
    assert pdf.joined(lines) == paragraphs


def test_running_heads_and_page_numbers_go():
    head = "CÔNG BÁO/Số 30/Ngày 02-6-2026"
    pages = [[f"{head} {n}", f"Phụ lục {n}", "giữa", f"cuối {n}", f"- {n} -"] for n in (1, 2, 3)]
    assert pdf.without_running(pages) == [[f"Phụ lục {n}", "giữa", f"cuối {n}"] for n in (1, 2, 3)]
    assert pdf.without_running([["Một trang", "có hai dòng"]]) == [["Một trang", "có hai dòng"]]


def test_a_letterhead_that_returns_above_an_annex_stays():
    head = ["ỦY BAN NHÂN DÂN", "TỈNH BÌNH AN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "QUY CHẾ", "a", "b"]
    assert pdf.without_running([head, head]) == [head, head]
    runs = "CÔNG BÁO/Số 30/Ngày 02-6-2026"
    assert pdf.without_running([[runs, *head], [runs, "c", "d", "e"]]) == [head, ["c", "d", "e"]]
    issue = [["CÔNG BÁO", head[0], "Số 5", "Ngày 3 tháng 4 năm 2025"], head, head]
    assert pdf.without_running(issue) == issue, "the place of a gazette stands on its masthead too"


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_is_read_as_its_final_text():
    document = word.Document()
    document.add_paragraph("Phường họp bàn", style="Title")
    run = f'<w:r {W}><w:t xml:space="preserve">{{}}</w:t></w:r>'
    paragraph = document.add_paragraph("Giữ lại ")
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>đã xóa</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:moveFrom {W}>{run.format('đã chuyển')}</w:moveFrom>"))
    paragraph._p.append(parse_xml(f"<w:ins {W}>{run.format('thêm vào')}</w:ins>"))
    paragraph._p.append(parse_xml(f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"))
    document.add_paragraph("một dòng\nhai dòng", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Chỉ tiêu", "Năm", "Cây", "2021"), strict=True
    ):
        cell.text = text
    layout = document.add_table(1, 2)
    layout.cell(0, 0).text = "ĐẢNG ỦY"
    layout.cell(0, 0).add_paragraph("PHƯỜNG")
    layout.cell(0, 1).text = "Số 1"
    (record,) = docx.read(saved(document), "a.docx")
    assert record.title == "Phường họp bàn"
    assert record.text.split("\n") == [
        "Phường họp bàn", "Giữ lại thêm vào", "một dòng", "hai dòng", "Chỉ tiêu | Năm", "Cây | 2021",
        "ĐẢNG ỦY", "PHƯỜNG", "Số 1",
    ]  # fmt: skip


def test_notes_boxes_and_tables_in_tables_of_a_word_file_are_read_once():
    document = word.Document()
    paragraph = document.add_paragraph("Phường họp bàn.")
    box = f"<w:txbxContent {W}><w:p><w:r><w:t>Trong khung.</w:t></w:r></w:p></w:txbxContent>"
    again = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    kept, old = f'<mc:Choice Requires="wps">{box}</mc:Choice>', f"<mc:Fallback>{box}</mc:Fallback>"
    paragraph._p.append(parse_xml(f"<w:r {W} {again}><mc:AlternateContent>{kept}{old}</mc:AlternateContent></w:r>"))
    outer = document.add_table(1, 1).cell(0, 0)
    outer.paragraphs[0].text = "Ngoài"
    for cell, text in zip(outer.add_table(1, 2).row_cells(0), ("Cây", "2021"), strict=True):
        cell.text = text
    note = "<w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Theo báo cáo.</w:t></w:r><w:del><w:r>{}</w:r></w:del></w:p>"
    gone = "<w:delText>đã xóa</w:delText>"
    notes = f'<w:footnotes {W}><w:footnote w:id="1">{note.format(gone)}</w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.sections[0].header.paragraphs[0].text = "ĐẦU TRANG"
    (record,) = docx.read(saved(document), "a.docx")
    assert record.text.split("\n") == ["Phường họp bàn.", "Trong khung.", "Ngoài", "Cây | 2021", "Theo báo cáo."]


def test_word_documents_say_what_they_are():
    document = word.Document()
    for line in DIRECTIVE:
        document.add_paragraph(unicodedata.normalize("NFD", line))
    note, record = docx.read(saved(document), "a.docx")
    assert note == Note("a.docx", 0, "encoding", "letters in pieces (NFD)")
    assert (record.number, record.kind, record.issuer) == ("07-CT/TU", "Chỉ thị", "Thành ủy Bình Sơn")
    assert (record.date, record.signer, record.author) == ("2022-03-05", "Trần Văn An", "")
    assert record.basis == ("Căn cứ Điều lệ Đảng", "Căn cứ Quy chế làm việc của Ban Chấp hành, khóa X")
    assert record.title == "Về tăng cường trồng cây trong trường học"


ODT = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:tracked-changes>
 <text:changed-region><text:deletion><text:p>xóa</text:p></text:deletion></text:changed-region></text:tracked-changes>
 <text:h>Tiêu đề</text:h><text:p>Đoạn <text:span>một<text:s/>và<text:tab/>hai</text:span> đuôi<text:note>
 <text:note-citation>1</text:note-citation><text:note-body><text:p>Chú thích.</text:p></text:note-body></text:note>
 hết.<text:line-break/>Dòng mới</text:p></office:text></office:body></office:document-content>"""


def opendocument(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_opendocument():
    (record,) = odt.read(opendocument(ODT), "a.odt")
    assert record.text.split("\n") == ["Tiêu đề", "Đoạn một và hai đuôi hết.", "Dòng mới", "Chú thích."]


def test_a_row_of_facts_of_opendocument_is_one_line():
    table = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    cell = "<table:table-cell>{}</table:table-cell>"
    facts = cell.format("<text:p>Cây</text:p>") + cell.format("") + cell.format("<text:p>2021</text:p>")
    layout = cell.format("<text:p>ĐẢNG ỦY</text:p><text:p>PHƯỜNG</text:p>") + cell.format("<text:p>Số 1</text:p>")
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in (facts, layout))
    content = ODT.replace("<office:body>", f"<office:body {table}>")
    content = content.replace("</office:text>", f"<table:table>{rows}</table:table></office:text>")
    (record,) = odt.read(opendocument(content), "a.odt")
    assert record.text.split("\n")[3:] == ["Cây | 2021", "ĐẢNG ỦY", "PHƯỜNG", "Số 1", "Chú thích."]


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (odt.read, opendocument("<broken")),
        (odt.read, opendocument("<a/>")),
        (odt.read, opendocument("<!DOCTYPE a><a/>")),
        (docx.read, opendocument("<a/>")),
        (docx.read, b"PK\x03\x04"),
        (pdf.read, b"%PDF-1.4"),
    ],
    ids=range(6),
)
def test_broken_files_have_a_reason(reader, data):
    with pytest.raises(BadRecordError) as error:
        list(reader(data, "a"))
    assert str(error.value)


def test_old_word_files_need_a_program(tmp_path, monkeypatch):
    data = b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le") + b"x" * 100
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(BadRecordError, match="install antiword"):
        list(doc.read(data, "a.doc"))
    program = tmp_path / "antiword"
    program.write_text("#!/bin/sh\necho 'Phường họp bàn.'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda program: program)
    (record,) = doc.read(data, "a.doc")
    assert record.text == "Phường họp bàn."
    office = tmp_path / "soffice"
    office.write_text('#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\necho "Quận họp bàn." > "$2/file.txt"\n')
    office.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda program: program if program == "soffice" else None)
    (record,) = doc.read(data, "a.doc")
    assert record.text == "Quận họp bàn."
    office.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(BadRecordError, match="LibreOffice cannot read"):
        list(doc.read(data, "a.doc"))


def test_an_archive_is_read_member_by_member():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/hop.txt", "Phường họp bàn\nCác chi bộ tham gia đầy đủ, ý kiến thẳng thắn.")
        archive.writestr("b.txt", b"\0\0\0")
        archive.writestr("../../c.txt", "Ngoài thư mục.")
        archive.writestr("d.exe", b"MZ")
        archive.writestr("e.zip", b"PK\x03\x04")
        for litter in ("__MACOSX/a/._hop.txt", "a/~$hop.docx", "Thumbs.db", ".DS_Store", "a/Desktop.ini"):
            archive.writestr(litter, b"x")
    first, second, third, last = formats.read(stream.getvalue(), "tap.zip")
    assert isinstance(first, Record)
    assert (first.title, first.path) == ("Phường họp bàn", "tap.zip/a/hop.txt")
    assert second == Bad("tap.zip/b.txt", 0, "binary, not text", code="format")
    assert third.path == "tap.zip/../../c.txt"  # a name to show, never a place to write
    assert last == Bad("tap.zip/e.zip", 0, "an archive in an archive", code="format")


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("Các chi bộ tổ chức học tập Chỉ thị số 05-CT/TW trong tháng 10. " * 20, False),
        ("Cac chi bo to chuc hoc tap Chi thi so 05-CT/TW trong thang 10. " * 20, False),
        (unicodedata.normalize("NFD", "Đảng bộ phường hoà giải, thuỷ lợi. " * 20), False),
        ("The committee met this morning to discuss schools and roads. " * 20, True),
        ("HQI DONG BAU Cfr QUOC GlA tn^c thu0c Bi3U tinh1 cu& NghI qu~t nay dii&c " * 30, True),
        ("Ngắn", False),
        ("", False),
    ],
    ids=range(7),
)
def test_what_is_not_vietnamese_enough_is_doubted(text, doubtful):
    assert (language_doubt(text) is not None) == doubtful


@pytest.mark.shared
def test_the_real_files_say_what_they_are(shared_data):
    folder = shared_data / "files"
    rows = [json.loads(line) for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 12
    for row in rows:
        items = list(read(folder / row["file"], name=row["file"]))
        if "skip" in row:
            # Damaged text is named as such; a scan waits for OCR, which a note says.
            assert all(isinstance(item, Bad) for item in items), row
        else:
            (item,) = items
            assert (item.number, item.kind, item.issuer, item.date, item.title) == (
                row["number"], row["type"], row["issuer"], row["date"], row.get("called", row["title"]),
            )  # fmt: skip


@pytest.mark.shared
def test_the_real_gazettes_are_read_whole(shared_data):
    folder = shared_data / "files" / "office"
    # Page headers and the stamp of the electronic signature.
    running = re.compile(r"^(?: *\d* *CÔNG BÁO/Số|Người ký:|Email:|Cơ quan:|Thời gian ký:|\d+ *$).*$", re.MULTILINE)
    for path in sorted((folder / "text").glob("*.txt")):
        (record,) = read(folder / f"{path.stem}.pdf", name=f"{path.stem}.pdf")
        wanted = Counter(
            re.findall(r"\w+", running.sub("", path.read_text(encoding="utf-8")).replace("_", " ").lower())
        )
        found = Counter(re.findall(r"\w+", record.text.lower()))
        assert (wanted & found).total() >= 0.98 * wanted.total(), path.stem
        assert (found - wanted).total() <= 0.02 * found.total(), path.stem


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_strict_open_xml_is_read_as_the_usual_one(ending: str) -> None:
    data = io.BytesIO()
    if ending == "docx":
        document = word.Document()
        document.add_paragraph("Phường tổ chức ngày hội đại đoàn kết.", style="List Number")
        document.save(data)
    else:
        book = openpyxl.Workbook()
        book.active.append(["Phường", "Số bài"])
        book.save(data)
    strict = io.BytesIO()
    with zipfile.ZipFile(data) as usual, zipfile.ZipFile(strict, "w") as archive:
        for name in usual.namelist():
            names = rb"http://schemas\.openxmlformats\.org/(\w+ml|officeDocument)/2006/"
            archive.writestr(name, re.sub(names, rb"http://purl.oclc.org/ooxml/\1/", usual.read(name)))
    assert b"purl.oclc.org" in b"".join(office.parts(strict.getvalue()).values())
    assert list(formats.read(strict.getvalue(), f"a.{ending}")) == list(formats.read(data.getvalue(), f"a.{ending}"))


def test_a_sheet_without_a_name_of_its_own_is_called_by_its_first_row() -> None:
    data = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["DANH MỤC VĂN BẢN"])
    book.create_sheet("Năm 2024").append(["STT", "Số, ký hiệu"])
    book.save(data)
    (record,) = formats.read(data.getvalue(), "a.xlsx")
    assert isinstance(record, Record) and record.text == "DANH MỤC VĂN BẢN\nNăm 2024\nSTT | Số, ký hiệu"
