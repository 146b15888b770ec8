"""Formats beside the common ones, and files that are not what their names say, through the door of the readers."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from docx import Document
from openpyxl import Workbook
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searchapp.article import Record
from searchapp.readers import formats, read
from searchapp.readers.items import Bad

SAID = "Hội nghị đã thảo luận sôi nổi, thẳng thắn và thống nhất cao nhiều nội dung quan trọng về xây dựng Đảng."
PAGE = f"<html><head><meta charset='utf-8'><title>Họp</title></head><body><p>{SAID}</p><p>{SAID} Hai.</p></body></html>"
SLIDE = (
    '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
)


def rtf(text: str) -> bytes:
    letters = "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in text)
    return f"{{\\rtf1\\ansi\\ansicpg1258\\deff0 {letters}\\par}}".encode("ascii")


def docx(macros: bool = False) -> bytes:
    made = Document()
    made.add_paragraph(SAID)
    stream = io.BytesIO()
    made.save(stream)
    if not macros:
        return stream.getvalue()
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            special = b"application/vnd.ms-word.document.macroEnabled.main+xml"
            target.writestr(name, source.read(name).replace(kind, special))
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append([SAID, 12, None, "đồng"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pptx() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, text in ((2, "Trang hai"), (10, "Trang mười"), (1, SAID)):
            archive.writestr(f"ppt/slides/slide{number}.xml", SLIDE.format(text))
    return stream.getvalue()


def warc(encoding: str, *, kind: str = "response") -> bytes:
    data = PAGE.encode()
    packed = {"br": brotli.compress, "zstd": zstandard.compress}.get(encoding, bytes)(data)
    headers = [("Content-Type", "text/html; charset=utf-8")] + ([("Content-Encoding", encoding)] if encoding else [])
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if kind == "response" else None
    told = {} if http else {"warc_content_type": "text/html"}
    url = "https://tinh.example.vn/bai"
    writer.write_record(writer.create_warc_record(url, kind, payload=io.BytesIO(packed), http_headers=http, **told))
    return stream.getvalue()


def wacz() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", warc(""))
    return stream.getvalue()


MHT = (
    "From: <Saved by Blink>\r\nSubject: Hop\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n'
    f"Content-Transfer-Encoding: 8bit\r\n\r\n{PAGE}\r\n--x--\r\n"
).encode()

FILES = {
    "a.rtf": rtf(SAID),
    "a.xlsx": xlsx(),
    "a.pptx": pptx(),
    "a.docm": docx(macros=True),
    "a.xhtml": PAGE.encode(),
    "a.mht": MHT,
    "a.ndjson": json.dumps({"title": "a", "text": SAID}).encode(),
    "a.ndjson.gz": gzip.compress(json.dumps({"title": "a", "text": SAID}).encode()),
    "a.wacz": wacz(),
    "brotli.warc.gz": warc("br"),
    "zstd.warc.gz": warc("zstd"),
    "resource.warc.gz": warc("", kind="resource"),
    # What lies under the names of office files.
    "html.doc": PAGE.encode(),
    "docx.doc": docx(),
    "rtf.doc": rtf(SAID),
    "mht.doc": MHT,
    "html.docx": PAGE.encode(),
    "rtf.docx": rtf(SAID),
    "docx.rtf": docx(),
}


@pytest.mark.parametrize("name", FILES)
def test_its_text_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    (record,) = read(tmp_path / name, name=name)
    assert isinstance(record, Record), record
    assert SAID in record.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.rtf", b"{\\rtf1"), ("a.xlsx", pptx()), ("a.pptx", xlsx()), ("a.wacz", b"PK\x03\x04 no zip"),
        ("a.mht", b"x: y\n\nz"),
        ("a.pdf", PAGE.encode()), ("a.docm", b"no zip"), ("a.doc", b"\x00\x01\x02 nothing known"),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_none_has_its_reason(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (bad,) = read(tmp_path / name, name=name)
    assert isinstance(bad, Bad) and bad.reason


@pytest.mark.parametrize("name", ["a.md ", "a.docx.", "a.pdf\u00a0", "a.jsonl ", "thu muc/a.txt \t"])
def test_a_name_that_ends_unseen_says_so(name: str) -> None:
    """The reason was "no reader for .md ", in which nobody sees the blank."""
    (bad,) = formats.read(SAID.encode(), name)
    assert isinstance(bad, Bad) and bad.reason == "its name ends in a blank or a full stop: rename it"


def test_slides_come_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(pptx())
    (record,) = read(tmp_path / "a.pptx", name="a.pptx")
    assert isinstance(record, Record)
    assert record.text.split("\n") == [SAID, "Trang hai", "Trang mười"]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ol><li>Một</li><li>Hai</li></ol>", ["1. Một", "2. Hai"]),
        ('<ol type="a" start="3"><li>Ba</li><li><p>Bốn</p></li></ol>', ["c) Ba", "d) Bốn"]),
        ('<ol type="I"><li value="4">Bốn</li><li>Năm</li></ol>', ["IV. Bốn", "V. Năm"]),
        ("Nghị quyết số 05-NQ/TU<sup>[4]</sup> ngày", ["Nghị quyết số 05-NQ/TU ngày"]),
        ("rộng 50 m<sup>2</sup>, 20 km<sup>2</sup>", ["rộng 50 m², 20 km²"]),
        ("lần thứ 1<sup>st</sup>", ["lần thứ 1st"]),
    ],
)
def test_a_page_keeps_its_numbers_and_loses_marks_of_notes(html: str, lines: list[str]) -> None:
    from searchapp.readers.markup import paragraphs

    assert paragraphs(f"<div>{html}</div>") == lines


@pytest.mark.parametrize(
    ("row", "title", "text"),
    [
        ({"title": "A &lt; B", "text": "<p>Một</p><p>Hai<br/>Ba</p>"}, "A < B", "Một\nHai\nBa"),
        ({"title": "Bộ GD&amp;ĐT", "text": "Chữ &ldquo;thường&rdquo;"}, "Bộ GD&ĐT", "Chữ “thường”"),
        ({"title": "x < y > z", "text": "Giá <tên> và R&D"}, "x < y > z", "Giá <tên> và R&D"),
        ({"title": "a", "text": "<script>var p = 1;</script><div>Chữ<!-- ẩn --></div>"}, "a", "Chữ"),
        ({"title": "a", "text": "<p>50<sup>2</sup> triệu</p>"}, "a", "50 triệu"),
    ],
)
def test_rows_lose_their_markup_and_nothing_else(tmp_path: Path, row: dict[str, str], title: str, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (record,) = read(tmp_path / "a.jsonl", name="a.jsonl")
    assert isinstance(record, Record)
    assert (record.title, record.text) == (title, text)
