"""A file of several official documents (an issue of a gazette, a letter with decisions) is read as each of them."""

import random
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from ocr_support import drawn, needs_tesseract, scanned_pdf

from searchapp.article import Record
from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.readers import read, scans_in
from searchapp.readers.items import Bad, Note
from searchapp.readers.scans.readings import WaitingPage, digest_of, read_pages
from searchapp.readers.scans.resolving import Scans
from searchapp.web import create_app

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def decision(number: str, day: str, about: str, *, name: str = "Lê Thị Hồng", body: str = "Giao cơ quan thực hiện."):
    return [
        "ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI", *MOTTO, f"Số: {number}", f"Lào Cai, ngày {day}", "QUYẾT ĐỊNH", about,
        "ỦY BAN NHÂN DÂN TỈNH LÀO CAI", "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "QUYẾT ĐỊNH:", f"Điều 1. {body}", "Điều 2. Quyết định này có hiệu lực từ ngày ký.", "Nơi nhận:",
        "- Như Điều 2;", "- Lưu: VT.", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", name,
    ]  # fmt: skip


def party(number: str, day: str, kind: str, about: str) -> list[str]:
    return [
        "TỈNH ỦY LÀO CAI", "*", f"Số {number}", "ĐẢNG CỘNG SẢN VIỆT NAM", f"Lào Cai, ngày {day}", kind, about, "-----",
        "Căn cứ Điều lệ Đảng;", "Ban Thường vụ Tỉnh ủy yêu cầu:", "1. Quán triệt sâu rộng.", "Nơi nhận:",
        "- Các huyện ủy,", "T/M BAN THƯỜNG VỤ", "BÍ THƯ", "Đỗ Văn Thành",
    ]  # fmt: skip


MASTHEAD = [
    "CÔNG BÁO", "TỈNH LÀO CAI", "Số 15 + 16", "Ngày 20 tháng 3 năm 2025", "MỤC LỤC",
    *(f"05-3-2025 Quyết định số {n}/2025/QĐ-UBND quy định về quản lý lĩnh vực {n} trong tỉnh. {n}" for n in (11, 12)),
    "10-3-2025 Quyết định số 13/2025/QĐ-UBND ban hành bảng giá dịch vụ ra vào bến xe trong tỉnh. 20",
]  # fmt: skip
FORM = [
    "Mẫu số 01", "ỦY BAN NHÂN DÂN XÃ …", *MOTTO, "Số: …/GP-UBND", "…, ngày … tháng … năm …", "GIẤY PHÉP",
    "Căn cứ Quyết định số 11/2025/QĐ-UBND;", "Điều 1. Cấp phép cho ông (bà) …", "CHỦ TỊCH",
]  # fmt: skip
REGULATION = [
    "ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI", *MOTTO, "QUY CHẾ", "Quản lý bến thủy nội địa",
    "(Ban hành kèm theo Quyết định số 11/2025/QĐ-UBND ngày 05 tháng 3 năm 2025)", "Điều 1. Chủ bến quản lý bến.",
]  # fmt: skip
D11 = decision("11/2025/QĐ-UBND", "05 tháng 3 năm 2025", "Ban hành Quy chế quản lý bến thủy nội địa")
D12 = decision("12/2025/QĐ-UBND", "07 tháng 3 năm 2025", "Về quản lý chợ", name="NGUYỄN VĂN HÙNG")
D13 = decision("13/2025/QĐ-UBND", "10 tháng 3 năm 2025", "Ban hành bảng giá dịch vụ ra vào bến xe")
DRAFT = decision("     /2025/QĐ-UBND", "   tháng    năm 2025", "Quy định mức thu phí", name="")
LETTER = [
    "SỞ NỘI VỤ", "Số: 245/SNV-CCHC", "V/v triển khai Quyết định của Ủy ban nhân dân tỉnh", *MOTTO,
    "Lào Cai, ngày 14 tháng 4 năm 2025", "Kính gửi: Các cơ quan chuyên môn.",
    "Sở Nội vụ đề nghị các cơ quan triển khai Quyết định gửi kèm.", "Nơi nhận:", "- Như trên;", "GIÁM ĐỐC",
    "Vũ Đức Thịnh",
]  # fmt: skip
ORDER = [
    "CHỦ TỊCH NƯỚC", *MOTTO, "Số: 14/2025/L-CTN", "Hà Nội, ngày 10 tháng 7 năm 2025", "LỆNH",
    "Về việc công bố Luật", "Căn cứ Điều 88 của Hiến pháp;", "NAY CÔNG BỐ", "Luật Lưu trữ số",
    "Đã được Quốc hội thông qua ngày 26 tháng 6 năm 2025.", "CHỦ TỊCH", "Trần Văn Quang",
]  # fmt: skip
LAW = [
    "QUỐC HỘI", *MOTTO, "Luật số: 91/2025/QH15", "LUẬT", "LƯU TRỮ SỐ", "Căn cứ Hiến pháp;",
    "Quốc hội ban hành Luật Lưu trữ số.", "Điều 1. Phạm vi", "Luật này quy định việc lưu trữ.",
    "Luật này được Quốc hội khóa XV, kỳ họp thứ 9 thông qua ngày 26 tháng 6 năm 2025.", "CHỦ TỊCH QUỐC HỘI",
    "Phan Thị Mai",
]  # fmt: skip
CONSOLIDATED = [
    "VĂN BẢN HỢP NHẤT - BỘ NỘI VỤ", *MOTTO, "THÔNG TƯ", "Quy định chế độ báo cáo",
    "Thông tư số 4/2019/TT-BNV có hiệu lực từ ngày 01 tháng 3 năm 2019, được sửa đổi, bổ sung bởi:",
    "Thông tư số 7/2023/TT-BNV.", "Căn cứ Nghị định số 9/2019/NĐ-CP;", "Điều 1. Chế độ báo cáo", "Báo cáo hằng quý.",
    "BỘ NỘI VỤ", "Số: 6/VBHN-BNV", "XÁC THỰC VĂN BẢN HỢP NHẤT", "Hà Nội, ngày 05 tháng 9 năm 2023", "KT. BỘ TRƯỞNG",
    "THỨ TRƯỞNG", "Vũ Văn Hòa",
]  # fmt: skip
COPIED = [
    "VĂN PHÒNG TỈNH ỦY", "*", "Số 88-BS/VPTU", "SAO NGUYÊN VĂN", "ĐẢNG CỘNG SẢN VIỆT NAM",
    "Lào Cai, ngày 20 tháng 2 năm 2024", "Nơi nhận:", "- Các chi bộ,", "CHÁNH VĂN PHÒNG", "Hà Thị Lan",
]  # fmt: skip
N12 = party("12-NQ/TU", "3 tháng 2 năm 2024", "NGHỊ QUYẾT", "về phát triển kinh tế biển")
C31 = party("31-CT/TU", "8 tháng 2 năm 2024", "CHỈ THỊ", "về tăng cường công tác dân vận")

FILES: dict[str, tuple[list[list[str]], list[tuple[str, str]]]] = {
    "an issue of a gazette with its contents": (
        [MASTHEAD, D11, REGULATION, FORM, D12, D13],
        [("", ""), ("11/2025/QĐ-UBND", "2025-03-05"), ("12/2025/QĐ-UBND", "2025-03-07"),
         ("13/2025/QĐ-UBND", "2025-03-10")],
    ),
    "a letter and the decision that it sends": (
        [LETTER, D12], [("245/SNV-CCHC", "2025-04-14"), ("12/2025/QĐ-UBND", "2025-03-07")],
    ),
    "an order and its law": ([ORDER, LAW], [("14/2025/L-CTN", "2025-07-10"), ("91/2025/QH15", "2025-06-26")]),
    "papers of the Party": ([N12, C31], [("12-NQ/TU", "2024-02-03"), ("31-CT/TU", "2024-02-08")]),
    "a consolidated text between two others": (
        [D11, CONSOLIDATED, D12],
        [("11/2025/QĐ-UBND", "2025-03-05"), ("6/VBHN-BNV", "2023-09-05"), ("12/2025/QĐ-UBND", "2025-03-07")],
    ),
    "a decision with its annex and a form": ([D11, REGULATION, FORM], [("11/2025/QĐ-UBND", "2025-03-05")]),
    "a letter and a draft without a number": ([LETTER, DRAFT], [("245/SNV-CCHC", "2025-04-14")]),
    "a paper and the stamp of its copy": ([N12, COPIED], [("12-NQ/TU", "2024-02-03")]),
    "the same decision twice": ([D12, D12], [("12/2025/QĐ-UBND", "2025-03-07")]),
    "a decision that nobody signed, and another": ([D12[:-6], D13], [("12/2025/QĐ-UBND", "2025-03-07")]),
}  # fmt: skip


def text_file(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def word_file(path: Path, lines: list[str]) -> Path:
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(str(path))
    return path


def records(path: Path) -> list[Record]:
    return [one for one in read(path, name=path.name) if isinstance(one, Record)]


@pytest.mark.parametrize("save", [text_file, word_file])
@pytest.mark.parametrize("name", FILES)
def test_each_document_of_a_file_is_read(tmp_path, name, save):
    papers, wanted = FILES[name]
    path = tmp_path / ("a.txt" if save is text_file else "a.docx")
    found = records(save(path, [line for one in papers for line in one]))
    assert [(one.number, one.date if one.number else "") for one in found] == wanted
    if papers[0] is MASTHEAD:
        assert (found[0].title, found[0].date) == ("Công báo tỉnh Lào Cai số 15 + 16, ngày 20/3/2025", "2025-03-20")
    assert [one.row for one in found] == [0, *range(2, len(wanted) + 1)]
    together = "\n".join(one.text for one in found)
    assert all(line in together for paper in papers[1:] for line in paper if "Điều" in line), "no line is lost"


def test_short_papers_keep_their_whole_letterheads(tmp_path):
    """The letterhead of one may begin a dozen lines below that of the paper before."""
    for papers, issuer in (
        ([N12[:9] + N12[-3:], C31[:9] + C31[-3:], N12], "Tỉnh ủy Lào Cai"),
        ([LETTER, D12[:12] + D12[-3:], D13], "Ủy ban nhân dân tỉnh Lào Cai"),
    ):
        found = records(text_file(tmp_path / "a.txt", [line for one in papers for line in one]))
        assert found[1].issuer == found[-1].issuer == issuer


def test_a_misread_signer_in_capitals_stays_with_its_document(tmp_path):
    misread = decision("11/2025/QĐ-UBND", "05 tháng 3 năm 2025", "Về quản lý chợ", name="NGUYỄN VĂN B1NH")
    (tmp_path / "a.txt").write_text("\n".join([*misread, *D13]), encoding="utf-8")
    first, second = (item for item in read(tmp_path / "a.txt", name="a.txt") if isinstance(item, Record))
    assert first.text.endswith("NGUYỄN VĂN B1NH") and second.text.startswith("ỦY BAN NHÂN DÂN\nTỈNH LÀO CAI")


def test_a_spoiled_document_is_skipped_alone(tmp_path):
    spoiled = ["Oiie klf wrtz boaf jzk pfgt vnmw qrst xzuj dkfw lmzq hjtr pwxv bncq."] * 30  # a lost font
    lines = [*D11, *D12[:10], *spoiled, *D12[10:], *D13]
    first, bad, last = read(text_file(tmp_path / "a.txt", lines), name="a.txt")
    assert isinstance(first, Record) and isinstance(last, Record) and isinstance(bad, Bad)
    assert str(bad).startswith("a.txt, document 2: ")
    assert (first.number, last.number) == ("11/2025/QĐ-UBND", "13/2025/QĐ-UBND")


def test_joined_files_of_the_gazette_are_read_as_each_alone(tmp_path, shared_data):
    facts = {}
    for file in sorted((shared_data / "files" / "gazette").glob("*.pdf")):
        if file.stat().st_size < 500_000:
            facts[file] = records(file)[0]
    chance = random.Random(20)
    for _ in range(3):
        joined = pypdfium2.PdfDocument.new()
        some = chance.sample(sorted(facts), 4)
        pages = [0]
        for file in some:
            joined.import_pages(pypdfium2.PdfDocument(file))
            pages.append(len(joined))
        joined.save(tmp_path / "so 5.pdf")
        found = records(tmp_path / "so 5.pdf")
        alone = [facts[file] for file in some]
        assert [(o.number, o.kind, o.issuer, o.date, o.title, o.signer, o.basis) for o in found] == [
            (o.number, o.kind, o.issuer, o.date, o.title, o.signer, o.basis) for o in alone
        ]
        first = [next(int(one.label) for one in record.anchors if one.kind == "page") for record in found]
        assert first == [page + 1 for page in pages[:-1]]


@needs_tesseract
def test_a_scan_of_two_documents_is_two_readings(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned_pdf([drawn(D11), drawn(D13)]))
    scans, notes = Scans(tmp_path), list[Note]()
    waiting, data = scans_in(path, "a.pdf")
    pages = [WaitingPage(data, digest_of(data), "a.pdf", page) for scan in waiting for page in scan.pages]
    assert scans.readings
    read_pages(pages, len(pages), scans.readings, jobs=1)
    found = [one for one in read(path, name="a.pdf", report=notes.append, scans=scans) if isinstance(one, Record)]
    assert [one.number for one in found] == ["11/2025/QĐ-UBND", "13/2025/QĐ-UBND"]
    read_of = [one.ocr for one in found if one.ocr]
    assert [(one.pages, {line[1] for line in one.lines}) for one in read_of] == [(1, {1}), (1, {2})]
    assert [note.count for note in notes if note.about == "recognised"] == [2]


def test_a_person_mends_the_first_document_or_one_by_its_place(tmp_path):
    path = text_file(tmp_path / "a.txt", [*D11, *D12])
    (tmp_path / "a.txt.meta.yaml").write_text(
        'number: "10/2025/QĐ-UBND"\nsource: Công báo tỉnh\narticles: {"2": {title: Chợ}}\n', encoding="utf-8"
    )
    first, second = records(path)
    assert (first.number, first.source) == ("10/2025/QĐ-UBND", "Công báo tỉnh")
    assert (second.number, second.source, second.title) == ("12/2025/QĐ-UBND", "Công báo tỉnh", "Chợ")


def test_each_document_has_its_page_its_effects_and_the_whole_file(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    body = "Bãi bỏ Quyết định số 40/2019/QĐ-UBND ngày 12 tháng 11 năm 2019 của Ủy ban nhân dân tỉnh Lào Cai."
    ends = decision("13/2025/QĐ-UBND", "10 tháng 3 năm 2025", "Về bến xe", body=body)
    text_file(corpus / "cong-bao-15.txt", [*D11, *D12, *ends])
    settings = replace(Settings(), index=tmp_path / "index", corpus=(corpus,))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = create_app(settings).test_client()
    found = (site.get("/api/v1/search?q=12/2025/QĐ-UBND").json or {})["results"]
    assert [one["title"] for one in found][:1] == ["Về quản lý chợ"]
    article = (site.get(f"/api/v1/articles/{found[0]['id']}").json or {})["article"]
    assert "Hồng" not in article["text"] and article["original"]["name"] == "cong-bao-15.txt"
    assert site.get(article["original"]["url"]).data == (corpus / "cong-bao-15.txt").read_bytes()
    (ended,) = (one["id"] for one in site.get("/api/v1/documents").get_json()["documents"] if "40-2019" in one["id"])
    (by,) = site.get(f"/api/v1/documents/{ended}").get_json()["document"]["relations"]
    assert "quyet-dinh-13-2025" in str(by) and "quyet-dinh-11-2025" not in str(by)
