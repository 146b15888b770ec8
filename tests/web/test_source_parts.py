"""What a source has beside its words: pages, footnotes, pictures and films, merged cells; from its file to its page."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches
from flask.testing import FlaskClient
from PIL import Image

from searchapp.article import Anchor, Article
from searchapp.config import Settings
from searchapp.engines.stored import as_row, from_row, pack, unpack
from searchapp.ingest import reindex
from searchapp.ingest.analysis import article
from searchapp.readers import formats
from searchapp.readers.marks import placed
from searchapp.themes import load as load_themes
from searchapp.web import create_app

SAID = (
    "Ủy ban nhân dân thành phố tổ chức hội nghị về {} với nhiều nội dung quan trọng, các đại biểu đã phát biểu ý kiến."
)
PAGE = f"""<html lang="vi"><head><title>Hội nghị về công tác dân vận</title></head><body><article>
<h1>Hội nghị về công tác dân vận</h1><p>{SAID.format("công tác cán bộ")}</p>
<figure><img src="/anh/hop.jpg" alt="ảnh"><figcaption>Quang cảnh phiên họp sáng nay</figcaption></figure>
<p>{SAID.format("công tác dân vận")} Theo Nghị quyết 05<sup><a href="#n1" id="m1">1</a></sup> của Trung ương.</p>
<p>Lời dẫn này có một dấu<a href="#_ftn2" name="_ftnref2">[2]</a> đứng giữa câu về việc tổ chức thực hiện.</p>
<table><tr><th rowspan="2">Đơn vị</th><th colspan="2">Số hội viên</th></tr><tr><th>Năm 2024</th><th>Năm 2025</th></tr>
<tr><td>Quận Một</td><td>31</td><td>42</td></tr><tr><td colspan="3">Cộng cả thành phố</td></tr></table>
<p>{SAID.format("công tác xây dựng Đảng")}</p>
<iframe src="https://www.youtube.com/embed/abc" title="Phóng sự"></iframe>
<p>{SAID.format("phòng, chống tham nhũng")}</p>
<ol><li id="n1">Nghị quyết số 05-NQ/TW ngày 1/1/2020. <a href="#m1">↩</a></li></ol>
<p><a name="_ftn2" href="#_ftnref2">[2]</a> Chú thích viết bằng Word.</p></article>
<aside><h2>Tin khác</h2><a href="/k"><img src="/anh/khac.jpg" width="300" alt="tin khác"> Tin khác hẳn
ở bên cạnh</a></aside>
</body></html>"""


def word() -> bytes:
    """A Word file with a footnote, and a table with merged and with empty cells."""
    made = Document()
    made.add_paragraph(SAID.format("công tác cán bộ"))
    paragraph = made.add_paragraph("Chế độ này áp dụng từ năm 2025")
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "7")
    paragraph.add_run()._r.append(mark)
    paragraph.add_run(" theo nghị quyết của hội đồng.")
    table = made.add_table(3, 3)
    for row, texts in enumerate((("Đơn vị", "Số người", ""), ("", "Nam", "Nữ"), ("Phường Một", "12", ""))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    for cell in (table.cell(0, 0), table.cell(0, 1)):  # merging keeps the empty paragraph of the other cell
        for empty in cell.paragraphs[1:]:
            empty._p.getparent().remove(empty._p)
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="7"><w:p>'
        "<w:r><w:t>Điểm này được sửa đổi theo Nghị định mới.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


FIRST = ("Uy ban nhan dan thanh pho hop ban viec chuyen doi so", "va giao cac so, nganh to chuc thuc hien trong",
         "nam nay va cac nam sau, theo quy dinh cua phap luat:")  # fmt: skip
SECOND = ("2. Van phong giup viec cho hoi dong nhan dan", "va bao cao hang thang ve tinh hinh thuc hien.")


def lines(*texts: str) -> str:
    return "".join(f"0 -14 Td ({text}) Tj " for text in texts)


def pdf() -> bytes:
    """A PDF of two pages, the second with the raised mark of a note and its note."""
    mark = "0 -14 Td (1. Chi dao theo Nghi dinh moi) Tj /F 7 Tf 6 Ts (1) Tj 0 Ts /F 12 Tf ( ve can bo.) Tj "
    note = "0 -80 Td (1 Nghi dinh nay duoc sua doi nam 2025.) Tj "
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[4 0 R 6 0 R]>>",
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]  # fmt: skip
    for number, drawn in enumerate((lines(*FIRST), mark + lines(*SECOND) + note)):
        page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>"
        content = f"BT /F 12 Tf 50 700 Td {drawn}ET"
        objects += [
            f"{page}/Contents {5 + 2 * number} 0 R>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
        ]
    body, offsets = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(f"{len(body):010} 00000 n \n")
        body += f"{number} 0 obj{one}endobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(offsets)}"
    return f"{body}{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>startxref {len(body)}\n%%EOF".encode()


def read(data: bytes, name: str) -> Article:
    formats.load()
    (record,) = formats.read(data, name)
    return article(replace(record, url="https://bao.vn/tin/1.html"), load_themes())  # type: ignore[type-var]


def around(found: Article, kind: str) -> list[tuple[str, str]]:
    """What stands before each mark, and its label or the beginning of its note."""
    marks = [mark for mark in found.marks if mark.kind == kind]
    return [(found.text[mark.at - 8 : mark.at], mark.url or found.text[mark.to :][:14]) for mark in marks]


def test_a_page_keeps_pictures_films_and_notes_but_not_those_of_other_articles() -> None:
    found = read(PAGE.encode(), "a.html")
    assert around(found, "figure") == [(" ý kiến.", "https://bao.vn/anh/hop.jpg")]
    assert around(found, "video") == [(" ý kiến.", "https://www.youtube.com/embed/abc")]
    assert around(found, "image") == []
    assert around(found, "note") == [("quyết 05", "Nghị quyết số "), (" một dấu", "Chú thích viết")]
    assert "Quang cảnh" not in found.text, "never indexed"


@pytest.mark.parametrize("figure", ["²", "9" * 60, "-1", "½", ""])
def test_a_number_that_is_none_costs_no_article(figure: str) -> None:
    sized = f'<img width="{figure}" height="{figure}" '
    page = PAGE.replace("<img ", sized, 1).replace('colspan="3"', f'colspan="{figure}" rowspan="{figure}"')
    assert around(read(page.encode(), "a.html"), "figure") == [(" ý kiến.", "https://bao.vn/anh/hop.jpg")]


@pytest.mark.parametrize("address", ["http://[x/hop.jpg", "//[", "http://[::1"])
@pytest.mark.parametrize("url", ["https://a.vn/tin/1", "http://["])
def test_a_picture_without_an_address_costs_no_article(address: str, url: str, tmp_path: Path) -> None:
    """The whole article was skipped as an error of ours."""
    page = PAGE.replace("/anh/hop.jpg", address)
    row = json.dumps({"title": "Hội nghị", "text": page, "url": url}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(row, encoding="utf-8")
    (tmp_path / "b.html").write_text(page.replace("<head>", f'<head><link rel="canonical" href="{url}">'), "utf-8")
    settings = replace(Settings(), index=tmp_path / "index", corpus=(tmp_path,))
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert not [bad for bad in report.skipped if "error of ours" in bad.reason], report.skipped
    anchors = (Anchor(kind="figure", before="Phiên họp sáng nay", label="ảnh", url=address),)
    assert [mark.url for mark in placed(anchors, "Phiên họp sáng nay", url)] == []


def test_word_keeps_its_notes_and_its_merged_cells() -> None:
    found = read(word(), "a.docx")
    assert around(found, "note") == [("năm 2025", "Điểm này được ")]
    rows = [(found.text[mark.at :].split("\n")[0], mark.label) for mark in found.marks if mark.kind == "row"]
    assert rows == [
        ("Đơn vị | Số người", "1x2 2x1"), ("Nam | Nữ", "1x1 1x1"), ("Phường Một | 12", "1x1 1x1 -1x1"),
    ]  # fmt: skip


def test_a_pdf_keeps_its_pages_and_its_notes() -> None:
    found = read(pdf(), "a.pdf")
    begun = [(mark.label, found.text[mark.at :][:6]) for mark in found.marks if mark.kind == "page"]
    assert begun == [("1", "Uy ban"), ("2", "1. Chi")]
    assert around(found, "note") == [("dinh moi", "1 Nghi dinh na")]
    assert [found.page_at(found.text.index(words)) for words in ("chuyen doi", "Van phong")] == [1, 2]


def test_marks_are_stored_and_come_back() -> None:
    found = read(PAGE.encode(), "a.html")
    assert unpack(pack(found)) == found == from_row(as_row(found))


@pytest.mark.parametrize(
    ("anchors", "text", "wanted"),
    [
        ((), "một", []),
        ((Anchor(kind="page", after="hai", label="2"),), "một\nhai", [4]),
        ((Anchor(kind="page", before="một", after="hai", label="2"),), "hai một hai", [8]),
        ((Anchor(kind="page", before="một", after="ba", label="2"),), "một hai", []),
        ((Anchor(kind="page", before="19/2020/TT-", after="BTC", label="2"),), "số 19/2020/TT-BTC", [14]),
        ((Anchor(kind="note", before="không có", label="1", note="hai"),), "một hai", []),
        ((Anchor(kind="image", before="một", after="ba", url="u"),), "một\nhai", []),
        ((Anchor(kind="image", before="một", after="hai", url="u"),), "một\nhai", [3]),
        ((Anchor(kind="row", after="a.*b", label="2x1"),), "| a.* | b |", [0]),
        ((Anchor(kind="row", after="", label="2x1"),), "| | |", []),
    ],
)
def test_an_anchor_has_its_place_or_none(anchors: tuple[Anchor, ...], text: str, wanted: list[int]) -> None:
    assert [mark.at for mark in placed(anchors, text, "")] == wanted


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("parts")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "trang.html").write_text(PAGE.replace("/anh/", "https://bao.vn/anh/"), "utf-8")
    (corpus / "van-ban.docx").write_bytes(word())
    (corpus / "hai-trang.pdf").write_bytes(pdf())
    made = replace(Settings(), index=folder / "index", corpus=(corpus,))
    assert not reindex(made.corpus, made.index, made, jobs=1).skipped
    yield create_app(made).test_client()


def page_of(client: FlaskClient, words: str) -> str:
    (hit,) = (client.get("/api/v1/search", query_string={"q": words}).json or {})["results"]
    return client.get(hit["url"]).text


def test_the_page_shows_them(client: FlaskClient) -> None:
    page = page_of(client, '"Lời dẫn này"')
    assert '<a href="https://bao.vn/anh/hop.jpg" rel="noopener noreferrer nofollow external">' in page
    assert "Quang cảnh phiên họp sáng nay" in page
    assert "<img" not in page and "<iframe" not in page, "nothing is loaded from elsewhere"
    assert '<sup class="fn"><a id="chu-1-tu" href="#chu-1"' in page and 'id="chu-1" href="#chu-1-tu"' in page
    assert '<sup class="fn"><a id="chu-2-tu" href="#chu-2"' in page and "dấu[2]" not in page
    assert '<th scope="col" rowspan="2">Đơn vị</th><th scope="colgroup" colspan="2">Số hội viên</th></tr>' in page
    assert '<tr><th scope="col">Năm 2024</th>' in page and "<tr><td>Quận Một</td>" in page
    assert '<td colspan="3">Cộng cả thành phố</td></tr>' in page
    assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page)))


def test_the_page_of_a_word_file_shows_them(client: FlaskClient) -> None:
    page = page_of(client, '"Chế độ này"')
    assert '<td rowspan="2">Đơn vị</td><td colspan="2">Số người</td></tr><tr><td>Nam</td><td>Nữ</td></tr>' in page
    assert "<td>Phường Một</td><td>12</td><td></td></tr>" in page
    assert 'href="#chu-1"' in page and 'href="#chu-1-tu"' in page


def test_the_original_opens_at_the_page_of_the_hit(client: FlaskClient) -> None:
    (hit,) = (client.get("/api/v1/search?q=%22giup viec%22").json or {})["results"]
    found = (client.get(f"/api/v1/articles/{hit['id']}?q=%22giup viec%22").json or {})["article"]
    assert found["original"]["page"] == 2
    assert f'href="{found["original"]["url"]}#page=2">Xem</a>' in client.get(f"{hit['url']}?q=giup viec").text
    assert (client.get(f"/api/v1/articles/{hit['id']}").json or {})["article"]["original"]["page"] is None


def picture(width: int, height: int) -> io.BytesIO:
    data = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(data, "PNG")
    data.seek(0)
    return data


def illustrated() -> bytes:
    """A Word file with an icon and two pictures, one of them with words of its author."""
    made = Document()
    made.add_paragraph(SAID.format("công tác cán bộ"))
    made.add_picture(picture(40, 40))
    made.add_picture(picture(400, 300), Inches(4))
    made.paragraphs[-1]._p.xpath(".//wp:docPr")[0].set("descr", "Sơ đồ tổ chức")
    made.add_paragraph(SAID.format("công tác dân vận"))
    made.add_picture(picture(300, 200))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def open_document() -> bytes:
    """An OpenDocument text with a note in a table with a merged cell, and a picture."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(
        f'xmlns:{short}="{urn}:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                            ("svg", "svg-compatible"))
    )  # fmt: skip
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Sửa'
        " đổi theo Nghị định mới.</text:p></text:note-body></text:note>"
    )
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    wide = cell.format(' table:number-columns-spanned="2"', "Số người")
    rows = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in (
            cell.format("", "Đơn vị") + wide,
            "".join(cell.format("", w) for w in ("Phường Một" + note, "1", "2")),
        )
    )
    frame = (
        '<draw:frame svg:width="10cm" svg:height="7.5cm"><draw:image xlink:href="Pictures/a.png"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"/><svg:desc>Sơ đồ tổ chức</svg:desc></draw:frame>'
    )
    body = (
        f"<text:p>{SAID.format('công tác cán bộ')}</text:p><table:table>{rows}</table:table>"
        f"<text:p>{SAID.format('công tác dân vận')}{frame}</text:p>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        archive.writestr("Pictures/a.png", picture(400, 300).getvalue())
    return data.getvalue()


def test_notes_and_merged_cells_of_an_open_document() -> None:
    found = read(open_document(), "a.odt")
    assert found.text.split("\n")[-1] == "Sửa đổi theo Nghị định mới."
    assert "Đơn vị | Số người\nPhường Một | 1 | 2\n" in found.text
    assert around(found, "note") == [("ường Một", "Sửa đổi theo N")]
    assert [mark.label for mark in found.marks if mark.kind == "row"] == ["1x1 2x1", "1x1 1x1 1x1"]


@pytest.mark.parametrize(("name", "data", "captions"), [
    ("a.docx", illustrated, ["Sơ đồ tổ chức", None]), ("a.odt", open_document, ["Sơ đồ tổ chức"]),
])  # fmt: skip
def test_pictures_in_an_office_file_are_shown(
    name: str, data: Callable[[], bytes], captions: list[str | None], tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / name).write_bytes(data())
    settings = replace(Settings(), index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = create_app(settings).test_client()
    (hit,) = (site.get("/api/v1/search?q=dân vận").json or {})["results"]
    told = (site.get(f"/api/v1/articles/{hit['id']}").json or {})["article"]["media"]
    assert [one["caption"] for one in told] == captions
    page = site.get(hit["url"], follow_redirects=True).text
    for one in told:
        assert f'<img src="{one["url"]}" width="' in page
        answer = site.get(one["url"])
        assert answer.mimetype == "image/jpeg" and Image.open(io.BytesIO(answer.data)).width > 300
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert site.get(told[-1]["url"].replace(f"/{len(told)}.jpg", "/9.jpg")).status_code == 404
    (tmp_path / "corpus" / name).unlink()
    assert site.get(told[0]["url"]).status_code == 404 and "<img src=" not in site.get(hit["url"] + "?").text
