"""The report of a reindex: every category that an operator asks for, in plain lines, as JSON and on the page."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from searchapp import report
from searchapp.cli import main
from searchapp.config import Settings
from searchapp.engines import generations
from searchapp.errors import ShrunkIndexError
from searchapp.ingest import reindex
from searchapp.readers import read
from searchapp.readers.items import Bad
from searchapp.readers.jsonl import MAX_LINE
from searchapp.report import Report
from searchapp.text.encodings import TWICE, mended
from searchapp.web import create_app
from searchapp.web.provenance import Provenance
from searchapp.web.texts import TABLE

TEXT = "Sáng nay, Đảng bộ phường Bến Nhỏ tổ chức hội nghị bàn việc làm cầu qua rạch. " * 6


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", ("xqzw kjhg wrty plmk bvcx " * 80).encode(), "foreign"),
        ("a.txt", b"", "empty"),
        ("a.html", b"<html><title>x</title><body></body></html>", "empty"),
        ("a.jsonl", b'{"text": ""}', "empty"),
        ("a.jsonl", b'{"text": "' + b"x" * MAX_LINE + b'"}', "limit"),
        ("a.jsonl", b"[" * 100_000, "limit"),
        ("a.zip", _zip("b.zip"), "format"),
        ("a.docx", b"PK\x03\x04 broken", "other"),
        ("a.pdf", b"%PDF-1.4 broken", "other"),
        ("a.pdf", b"<html><body>x</body></html>", "format"),
        ("a.xls", b"x", "format"),
        ("a.jsonl", b'{"text": 5}', "other"),
        ("a.jsonl", b"[1]", "format"),
    ],
)
def test_every_skipped_file_has_the_code_of_its_reason(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = [item for item in read(tmp_path / name, name=name) if isinstance(item, Bad)]
    assert {bad.code for bad in found} == {code}, found


@pytest.fixture
def run(tmp_path: Path) -> Report:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text(f"Cầu mới\n\n{TEXT}", encoding="utf-8")
    (corpus / "a2.txt").write_text(f"Cầu mới\n\n{TEXT}", encoding="utf-8")
    (corpus / "b.txt").write_bytes(f"Chợ mới\n\n{TEXT}Khai trương hôm qua.".encode("utf-16"))
    (corpus / "c.jsonl").write_text(
        json.dumps({"id": "7", "text": "The quick brown fox jumps. " * 60}), encoding="utf-8"
    )
    (corpus / "d.pdf").write_bytes(b"<html>")
    (corpus / "e.xls").write_bytes(b"x")
    (corpus / "f.txt").write_bytes(b"")
    return reindex([corpus], index, Settings(index=index), jobs=1)


def test_one_reason_with_many_figures_is_listed_once(tmp_path: Path) -> None:
    rows = [
        {
            "id": str(n),
            "number": f"{n}/{1960 + n}/NĐ-CP",
            "date": f"{1990 + n % 9}-01-0{n % 9 + 1}",
            "text": TEXT + str(n),
        }
        for n in range(1, 31)
    ]
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = reindex([corpus], index, Settings(index=index), jobs=1).lines()
    assert len([line for line in lines if "its number says" in line]) == report.LISTED + 1
    assert lines[-1] == "  … 20 more: its number says …, its day is …"


def test_the_lines_name_every_category(run: Report) -> None:
    told = "\n".join(run.lines())
    assert "3 articles in generation 1" in told and "3 new, 0 changed, 0 removed, 0 unchanged" in told
    for line in (
        "7 files read",
        "1 copy of these, kept as their sources",
        "3 undated",
        "files converted or mended, by what was in them: utf-16-le: 1",
        "looks wrong, indexed all the same:",
        "3 files skipped:",
        "  d.pdf: named .pdf, but holds HTML",
        "  e.xls: no reader for .xls",
        "  f.txt: empty file",
    ):
        assert line in told, told


def test_it_is_written_beside_the_generation(run: Report, tmp_path: Path) -> None:
    kept = report.load(generations.current(tmp_path / "index"))
    assert kept == json.loads(json.dumps(run.as_json())) | {"seconds": kept["seconds"]}
    counts = ("read", "new", "changed", "unchanged", "removed", "copies", "undated", "themeless")
    assert [kept[name] for name in counts] == [7, 3, 0, 0, 0, 1, 3, 3]
    assert kept["converted"] == {"utf-16-le": 1} and len(kept["suspicious"]) == 1
    assert kept["reasons"] == {"named .pdf, but holds HTML": 1, "no reader for .xls": 1, "empty file": 1}


def test_the_page_shows_it_without_names_of_files(run: Report, tmp_path: Path) -> None:
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    page = client.get("/do-phu").text
    for text in ("Lần cập nhật gần nhất", "Tệp và dòng bỏ qua", "2 định dạng không đọc được", "1 không có nội dung"):
        assert text in page
    assert "1 tệp mã UTF-16, đã chuyển sang Unicode" in page
    assert ".xls" not in page and "d.pdf" not in page
    assert "The last update" in client.get("/do-phu?lang=en").text


def test_every_way_of_mending_has_a_text_of_its_own() -> None:
    every = [*mended("\u00d0a\u0309ng \uf0b7 bộ\x0e"), TWICE, "windows-1258", "utf-16-be"]
    shown = Provenance("", {}, {"converted": dict.fromkeys(every, 1)}).converted()
    assert [sort for sort, _, _ in shown] == ["pieces", "eth", "private", "control", "twice", "encoding", "encoding"]
    assert [encoding for _, encoding, _ in shown[-2:]] == ["Windows-1258", "UTF-16"]
    assert all(f"converted.{sort}" in TABLE for sort, _, _ in shown)


def test_a_run_that_could_read_nothing_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.xls").write_bytes(b"x")
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(SystemExit) as left:
        main(["reindex", str(tmp_path), "--index", str(tmp_path / "index")])
    assert left.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        "2 files skipped:",
        "  a.xls: no reader for .xls",
        "  b.txt: empty file",
        "searchapp: no article was found: nothing was published; check the PATHs, or run it with --allow-shrink",
    ]


def test_half_of_the_articles_gone_is_not_published(run: Report, tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    for name in ("a.txt", "a2.txt", "c.jsonl"):
        (corpus / name).unlink()
    with pytest.raises(ShrunkIndexError, match=r"1 articles found, the index has 3.*--allow-shrink"):
        reindex([corpus], index, Settings(index=index), jobs=1)
    assert generations.current(index).name == run.generation
    assert reindex([corpus], index, Settings(index=index), jobs=1, allow_shrink=True).removed == 2
