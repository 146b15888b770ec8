"""The file that an article was read from: as it was indexed, harmless, in ranges, and never another one."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import Workbook
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from werkzeug.http import parse_options_header

from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.ingest import reindex
from searchapp.web import create_app
from searchapp.web.data.originals import TYPES

TEXT = "Thành ủy họp bàn về công tác dân vận.\n\nHội nghị thống nhất nhiều việc cần làm trong năm.\n"
HTML = f"<html lang=vi><title>Dân vận</title><script>alert(1)</script><article><p>{TEXT * 3}</p></article></html>"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    (corpus / "thư mục").mkdir(parents=True)
    (corpus / "thư mục" / "công tác.txt").write_text(TEXT, "utf-8")
    (corpus / "trang.html").write_text(HTML, "utf-8")
    row = {"id": "r", "title": "Một dòng", "text": "Một dòng của tệp có nhiều bài viết khác nhau."}
    (corpus / "rows.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    made = replace(Settings(), index=tmp_path / "index", corpus=(corpus,))
    reindex(made.corpus, made.index, made, jobs=1)
    return made


def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def keys(site: FlaskClient) -> dict[str, str]:
    found = (site.get("/api/v1/search?q=h%E1%BB%99i OR d%C3%B2ng&so=50").json or {})["results"]
    return {one["title"]: one["id"] for one in found}


def original(site: FlaskClient, key: str) -> dict[str, str] | None:
    return (site.get(f"/api/v1/articles/{key}").json or {})["article"]["original"]  # type: ignore[no-any-return]


def text_key(site: FlaskClient) -> str:
    return next(key for title, key in keys(site).items() if title.startswith("Thành ủy"))


IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}
"""Pages of scans, which need OCR."""
SAID = "Cơ quan {} họp bàn về công tác dân vận, phân công các tổ chức đoàn thể ở cơ sở cùng thực hiện trong năm nay."
BODIES = (
    "thuế, hải quan, kho bạc, thống kê, kiểm lâm, thanh tra, y tế, văn hóa, lao động, nội vụ, tư pháp, công thương, "
)
BODIES += "giao thông, xây dựng, giáo dục, dân tộc, báo chí"


def packed(parts: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def word(text: str) -> bytes:
    made, data = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(data)
    return data.getvalue()


def sheet(text: str) -> bytes:
    made, data = Workbook(), io.BytesIO()
    assert made.active is not None
    made.active.append([text])
    made.save(data)
    return data.getvalue()


def drawn(text: str) -> bytes:
    del text
    lines = "(Uy ban nhan dan hop ban viec chuyen doi so) Tj 0 -14 Td (giao cac so, nganh to chuc.) Tj 0 -14 Td "
    content = f"BT /F 9 Tf 50 700 Td {lines * 6}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
    )  # fmt: skip
    body, offsets = "%PDF-1.4\n", ""
    for number, one in enumerate(objects, 1):
        offsets += f"{len(body):010} 00000 n \n"
        body += f"{number} 0 obj{one}endobj\n"
    table = f"xref\n0 6\n0000000000 65535 f \n{offsets}"
    return f"{body}{table}trailer<</Size 6/Root 1 0 R>>startxref {len(body)}\n%%EOF".encode()


def rich(text: str) -> bytes:
    letters = "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in text)
    return f"{{\\rtf1\\ansi\\ansicpg1258 {letters}\\par}}".encode("ascii")


def web(text: str) -> bytes:
    return f"<html lang='vi'><head><title>Dân vận</title></head><body><p>{text}</p></body></html>".encode()


def mail(kind: str, content: str) -> bytes:
    head = f"From: a@example.vn\r\nSubject: Tin\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
    return f"{head}Content-Transfer-Encoding: 8bit\r\n\r\n{content}\r\n".encode()


def book(text: str) -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="a" href="a.xhtml"'
        ' media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    return packed({"META-INF/container.xml": container, "a.opf": opf, "a.xhtml": web(text).decode()})


def slide(text: str) -> bytes:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    names = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{drawing}"'
    return packed({"ppt/slides/slide1.xml": f"<p:sld {names}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"})


def open_document(text: str) -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:o="{urn}:office:1.0" xmlns:text="{urn}:text:1.0"'
    inner = f"<o:body><o:text><text:p>{text}</text:p></o:text></o:body>"
    return packed({"content.xml": f"<o:document-content {names}>{inner}</o:document-content>"})


FORMATS: dict[str, Callable[[str], bytes]] = {
    **dict.fromkeys((".txt", ".md"), str.encode), **dict.fromkeys((".html", ".htm", ".xhtml"), web),
    **dict.fromkeys((".rtf", ".doc"), rich), **dict.fromkeys((".docx", ".docm"), word), ".xlsx": sheet, ".pdf": drawn,
    ".pptx": slide, ".odt": open_document, ".epub": book, ".eml": lambda text: mail("plain", text),
    **dict.fromkeys((".mht", ".mhtml"), lambda text: mail("html", web(text).decode())),
}  # fmt: skip


def test_the_file_of_every_format_proves_its_hash(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for (ending, made), body in zip(FORMATS.items(), BODIES.split(", "), strict=True):
        (corpus / f"a{ending}").write_bytes(made(f"{SAID.format(body)} {body.capitalize()} {body} {body}. " * 2))
    settings = replace(Settings(), index=tmp_path / "index", corpus=(corpus,))
    done = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert not done.skipped
    site, proved = client(settings), set()
    for row in (site.get("/api/v1/search?so=50&dang_lai=rieng").json or {})["results"]:
        told = original(site, row["id"])
        assert told is not None, row
        data = site.get(told["url"]).data
        assert data == (corpus / told["name"]).read_bytes()
        assert told["sha256"] == hashlib.sha256(data).hexdigest()
        assert told["sha256"] in site.get(row["url"]).text
        proved.add(Path(told["name"]).suffix)
    assert proved == set(FORMATS) and proved | IMAGES == set(TYPES)


def test_the_file_proves_its_hash(settings: Settings) -> None:
    site = client(settings)
    told = original(site, text_key(site))
    assert told is not None
    answer = site.get(told["url"])
    assert answer.data.decode() == TEXT
    assert told["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (told["name"], told["bytes"], told["type"]) == ("công tác.txt", len(TEXT.encode()), "text/plain")
    assert told["sha256"] in site.get(f"/bai/{text_key(site)}", follow_redirects=True).text
    assert "attachment" in site.get(told["url"] + "?tai=1").headers["Content-Disposition"]


def test_a_file_may_be_read_in_ranges(settings: Settings) -> None:
    site = client(settings)
    url = f"/goc/{text_key(site)}"
    part = site.get(url, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, TEXT.encode()[:5])
    assert site.get(url, headers={"Range": "bytes=999999-"}).status_code == 416


def test_a_page_that_wants_to_run_does_not(settings: Settings) -> None:
    site = client(settings)
    key = next(key for title, key in keys(site).items() if title == "Dân vận")
    answer = site.get(f"/goc/{key}")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hai\ndòng.txt", "hai_dòng.txt"), ("về\rđầu.txt", "về_đầu.txt"), ("màu\x1b[31m.txt", "màu_[31m.txt"),
        ("xóa\x7f.txt", "xóa_.txt"), ("c1\x85.txt", "c1_.txt"), ("bidi\u202etxt.txt", "bidi_txt.txt"),
        ("đoạn\u2029.txt", "đoạn_.txt"), ("cách\t.txt", "cách_.txt"), ('"nháy\'.txt', '"nháy\'.txt'),
        ("a\\b.txt", "a\\b.txt"), ("😀.txt", "😀.txt"), ("đ" * 125 + ".txt", "đ" * 125 + ".txt"),
    ],
)  # fmt: skip
def test_a_file_of_any_name_is_sent(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / name).write_text(TEXT, "utf-8")
    made = replace(Settings(), index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    reindex(made.corpus, made.index, made, jobs=1)
    site = client(made)
    for wanted in ("inline", "attachment"):
        answer = site.get(f"/goc/{text_key(site)}" + ("?tai=1" if wanted == "attachment" else ""))
        kind, options = parse_options_header(answer.headers["Content-Disposition"])
        assert (answer.status_code, answer.data, kind) == (200, TEXT.encode(), wanted)
        assert options["filename"] == told


@pytest.mark.parametrize(("zone", "day"), [("Asia/Ho_Chi_Minh", "01/01/2025"), ("Europe/London", "31/12/2024")])
def test_a_file_has_the_day_of_the_readers(settings: Settings, zone: str, day: str) -> None:
    file, moment = settings.corpus[0] / "thư mục" / "công tác.txt", datetime(2024, 12, 31, 17, 30, tzinfo=UTC)
    os.utime(file, (moment.timestamp(),) * 2)
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = client(replace(settings, timezone=zone))
    assert f"tệp ngày {day}" in site.get(f"/bai/{text_key(site)}", follow_redirects=True).text


@pytest.mark.parametrize(
    ("zone", "told"), [("Asia/Ho_Chi_Minh", "01/01/2025 00:30"), ("Europe/London", "31/12/2024 17:30")]
)
def test_the_index_was_built_at_the_hour_of_the_readers(settings: Settings, zone: str, told: str) -> None:
    moment = datetime(2024, 12, 31, 17, 30, tzinfo=UTC).timestamp()
    os.utime(generations.current(settings.index) / "segments.json", (moment, moment))
    assert f"dựng lúc {told}" in client(replace(settings, timezone=zone)).get("/do-phu").text


def test_a_file_of_many_articles_is_no_original(settings: Settings) -> None:
    site = client(settings)
    key = keys(site)["Một dòng"]
    assert original(site, key) is None
    assert site.get(f"/goc/{key}").status_code == 404


@pytest.mark.parametrize("what", ["gone", "changed", "link", "folder"])
def test_only_what_was_indexed_is_shown(settings: Settings, tmp_path: Path, what: str) -> None:
    site = client(settings)
    key = text_key(site)
    file = settings.corpus[0] / "thư mục" / "công tác.txt"
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT, "utf-8")
    file.unlink()
    if what == "changed":
        file.write_text("Khác", "utf-8")
    elif what == "link":
        file.symlink_to(secret)
    elif what == "folder":
        file.mkdir()
    assert site.get(f"/goc/{key}").status_code == 404
    assert original(site, key) is None


def test_a_file_from_a_backup_has_another_time_and_is_offered(settings: Settings, tmp_path: Path) -> None:
    file = settings.corpus[0] / "thư mục" / "công tác.txt"
    os.utime(file, (1e9, 1e9))
    settings = replace(settings, index=tmp_path / "first read long after it was written")
    reindex(settings.corpus, settings.index, settings, jobs=1)
    key = text_key(client(settings))
    for moment in (1.1e9, 0.9e9):
        os.utime(file, (moment, moment))
        assert original(client(settings), key) is not None
        reindex(settings.corpus, settings.index, settings, jobs=1)
        assert client(settings).get(f"/goc/{key}").data.decode() == TEXT
    file.write_text(TEXT[::-1], "utf-8")
    assert original(client(settings), key) is None, "other words of the same size are another file"


def test_a_copy_is_kept_of_a_file_that_a_person_mended(settings: Settings) -> None:
    kept = replace(settings, originals="copy")
    file = kept.corpus[0] / "thư mục" / "công tác.txt"
    file.with_name("công tác.txt.meta.yaml").write_text("source: Báo\n", "utf-8")
    reindex(kept.corpus, kept.index, kept, jobs=1)
    key = text_key(client(kept))
    file.unlink()
    told = original(client(kept), key)
    assert told is not None and client(kept).get(told["url"]).data.decode() == TEXT


@pytest.mark.parametrize("path", ["/goc/../../etc/passwd", "/goc/000000000000", "/goc/%2e%2e", "/goc/trang.html"])
def test_no_path_of_an_address_names_a_file(settings: Settings, path: str) -> None:
    assert client(settings).get(path).status_code in (301, 308, 404)


@pytest.mark.parametrize("what", ["gone", "changed", "link"])
def test_a_copy_is_offered_when_the_file_is_no_longer_as_it_was(settings: Settings, tmp_path: Path, what: str) -> None:
    kept = replace(settings, originals="copy")
    reindex(kept.corpus, kept.index, kept, jobs=1)
    file = kept.corpus[0] / "thư mục" / "công tác.txt"
    file.unlink()
    if what == "changed":
        file.write_text("Khác", "utf-8")
    elif what == "link":
        (tmp_path / "secret.txt").write_text("bí mật", "utf-8")
        file.symlink_to(tmp_path / "secret.txt")
    site = client(kept)
    told = original(site, text_key(site))
    assert told is not None and told["name"] == "công tác.txt"
    assert site.get(told["url"]).data.decode() == TEXT
    assert told["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert original(client(settings), text_key(site)) is None


def test_copies_are_made_once_and_those_that_nobody_needs_go(settings: Settings) -> None:
    kept = replace(settings, originals="copy")
    reindex(kept.corpus, kept.index, kept, jobs=1)
    made = {copy.name: copy.stat().st_ino for copy in (kept.index / "originals").glob("*/*")}
    assert len(made) == 2, "the file of rows has no page that would offer it"
    stray = kept.index / "originals" / "00" / "0000000000000000-1"
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("x", "utf-8")
    (kept.corpus[0] / "mới.txt").write_text(TEXT + "Thêm một dòng nữa cho bài mới.", "utf-8")
    reindex(kept.corpus, kept.index, kept, jobs=1)
    now = {copy.name: copy.stat().st_ino for copy in (kept.index / "originals").glob("*/*")}
    assert len(now) == 3 and made.items() <= now.items() and not stray.exists()


def test_an_operator_may_keep_the_files_to_himself(settings: Settings) -> None:
    site = client(replace(settings, originals="off"))
    key = text_key(site)
    assert original(site, key) is None
    assert site.get(f"/goc/{key}").status_code == 404
    closed = client(replace(settings, read_token="x" * 20))
    assert closed.get(f"/goc/{key}").status_code in (401, 403)


PAGE = f"""<html lang=vi><head><title>Họp dân vận</title><script>alert(1)</script></head>
<body><article><h1>Họp dân vận</h1>
<p>{TEXT.strip()}</p><p>Ủy ban nhân dân thành phố giao các sở, ngành tổ chức thực hiện trong năm nay.</p>
</article></body></html>""".encode()
URL = "https://bao.example.vn/tin/hop-dan-van.html"
MHT = (
    f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n'
    "Content-Transfer-Encoding: 8bit\r\n\r\n"
).encode() + PAGE + b"\r\n--x--\r\n"  # fmt: skip


def warc() -> bytes:
    """Two captures of one page: the newer one is the article."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for day, body in ((1, PAGE.replace(b"trong n", b"truoc n")), (2, PAGE)):
        http = StatusAndHeaders("200 OK", [("Content-Type", 'text/html; charset="UTF-8"')], protocol="HTTP/1.1")
        facts = {"WARC-Date": f"2026-01-0{day}T03:04:05Z"}
        made = writer.create_warc_record(
            URL, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=facts
        )
        writer.write_record(made)
    return stream.getvalue()


def wacz() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.warc.gz", warc())
    return stream.getvalue()


@pytest.mark.parametrize(("name", "made"), [("a.warc.gz", warc), ("b.wacz", wacz)])
def test_a_captured_page_leads_to_its_address_and_its_capture(tmp_path: Path, name: str, made: Any) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / name).write_bytes(made())
    settings = replace(Settings(), index=tmp_path / "index", corpus=(corpus,))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = client(settings)
    key = text_key_of(site)
    page = site.get(f"/bai/{key}", follow_redirects=True).text
    assert f'href="{URL}"' in page and f'href="/goc/{key}"' in page and name in page
    answer = site.get(f"/goc/{key}")
    assert (answer.data, answer.headers["Content-Type"]) == (PAGE, 'text/html; charset="utf-8"')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "attachment" in site.get(f"/goc/{key}?tai=1").headers["Content-Disposition"]
    (corpus / name).write_bytes(made() + b" ")
    assert site.get(f"/goc/{key}").status_code == 404
    assert client(replace(settings, originals="off")).get(f"/goc/{key}").status_code == 404


def text_key_of(site: FlaskClient) -> str:
    (found,) = (site.get("/api/v1/search?q=d%C3%A2n%20v%E1%BA%ADn").json or {})["results"]
    return str(found["id"])


def test_a_saved_page_leads_to_its_address(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.mht").write_bytes(MHT)
    settings = replace(Settings(), index=tmp_path / "index", corpus=(corpus,))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    site = client(settings)
    page = site.get(f"/bai/{text_key_of(site)}", follow_redirects=True).text
    assert f'href="{URL}"' in page and f'href="/goc/{text_key_of(site)}?tai=1"' in page
    assert site.get(f"/goc/{text_key_of(site)}?tai=1").data == MHT
