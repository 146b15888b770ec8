"""Scans on the road into the index: beside the reindex, kept whatever ends a run, honest in what they say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from ocr_support import drawn, needs_tesseract, saved, scanned_pdf
from PIL import Image

import searchapp
from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.readers.scans import language, readings
from searchapp.readers.scans.readings import NAME, Reading, Readings, digest_of
from searchapp.readers.scans.recognition import Word
from searchapp.readers.scans.resolving import LANGUAGE
from searchapp.report import Report
from searchapp.web import create_app

PAGE = [
    "Điều 1. Ủy ban nhân dân thành phố chịu trách nhiệm tổ chức thực hiện",
    "Nghị quyết số 912-NQ/TW ngày 17 tháng 3 năm 2026 của Bộ Chính trị.",
    "Điều 2. Bộ trưởng Bộ Nông nghiệp và Môi trường hướng dẫn việc quản lý",
    "tài nguyên rừng, đất đai, tài sản và nhân sự của vườn quốc gia.",
]


@pytest.fixture(autouse=True)
def by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by the program, also where tesserocr is installed."""
    monkeypatch.setattr(readings, "has_fast", lambda: False)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bai.txt").write_text("Vườn quốc gia bàn giao\n\nThành phố tổ chức thực hiện việc quản lý rừng.", "utf-8")
    (folder / "van-ban.pdf").write_bytes(two_pages())
    return folder


@cache
def two_pages() -> bytes:
    """A PDF of two scanned pages; the same bytes for all tests."""
    return scanned_pdf([drawn(PAGE), drawn(PAGE[2:])])


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The readings of `two_pages`, as a run leaves them."""
    folder = tmp_path_factory.mktemp("read") / "corpus"
    folder.mkdir()
    (folder / "van-ban.pdf").write_bytes(two_pages())
    run(folder)
    return folder.parent / "index" / NAME


@pytest.fixture
def read(corpus: Path, read_once: Path) -> Path:
    """The corpus, with its scans read before."""
    index = corpus.parent / "index"
    index.mkdir()
    shutil.copy(read_once, index)
    return corpus


def run(corpus: Path, **options: object) -> Report:
    settings = Settings(index=corpus.parent / "index")
    return reindex([corpus], settings.index, settings, jobs=1, **{"ocr": True, **options})  # type: ignore[arg-type]


def waiting(report: Report) -> int:
    assert all(bad.waiting for bad in report.skipped), report.skipped
    return report.waiting


def found(corpus: Path, text: str) -> list[str]:
    with searchapp.open(corpus.parent / "index") as collection:
        return [hit.article.path for hit in collection.search(text).hits]


def test_without_ocr_everything_else_is_published_and_the_report_says_what_waits(corpus):
    report = run(corpus, ocr=False)
    assert (report.articles, waiting(report), len(report.skipped)) == (1, 2, 1)
    assert "van-ban.pdf" not in found(corpus, '"tài nguyên rừng"')
    assert any("2 pages without text wait for OCR" in line for line in report.lines())


def test_where_tesseract_is_missing_the_same_and_how_to_install_it(corpus, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    from searchapp.readers.scans.recognition import available

    available.cache_clear()
    try:
        report = run(corpus)
    finally:
        available.cache_clear()
    assert (report.articles, waiting(report), len(report.skipped)) == (1, 2, 1)
    assert any("wait for OCR: install tesseract-ocr-vie" in line for line in report.lines())


@needs_tesseract
def test_a_scan_is_found_by_its_words_and_by_what_it_cites(corpus):
    report = run(corpus)
    assert (report.articles, report.new, waiting(report), report.skipped) == (2, 2, 0, ())
    assert report.recognised == 2 and any("2 pages recognised from scans" in line for line in report.lines())
    assert found(corpus, '"tài nguyên rừng"') == ["van-ban.pdf"]
    assert found(corpus, "912-NQ/TW") == ["van-ban.pdf"]
    with searchapp.open(corpus.parent / "index") as collection:
        assert not collection.documents("912-NQ/TW"), "a number that only OCR read makes no document"
        (hit,) = collection.search("912-NQ/TW").hits
        read = collection.article(hit.article.key)
    assert read.ocr is not None and read.ocr.pages == 2
    assert all(citation.sure <= 0.6 for citation in read.citations if citation.doubtful)


@needs_tesseract
def test_page_and_api_say_that_it_was_recognised(read):
    run(read)
    client = create_app(Settings(index=read.parent / "index")).test_client()
    (hit,) = client.get("/api/v1/search?q=912-NQ/TW").get_json()["results"]
    found = client.get(f"/api/v1/articles/{hit['id']}").get_json()["article"]
    said = found["ocr"]
    assert said["pages"] == 2 and 0.7 < said["confidence"] <= 1
    assert {line["page"] for line in said["lines"]} == {1, 2}
    assert all(0 <= one["start"] < one["end"] <= len(found["text"]) for one in said["doubtful"])
    page = client.get(hit["url"]).text
    file = found["original"]["url"]
    scan = f"/ban-scan/{hit['id']}"
    assert f'href="{scan}/1">Trang 1 của bản scan</a>' in page and f'href="{scan}/2">' in page
    assert 'data-line="0"' in page and f'data-scan="{scan}/"' in page
    marked = client.get(hit["url"].partition("?")[0] + "?q=tài nguyên rừng").text
    assert f'href="{file}#page=1">Xem' in marked or f'href="{file}#page=2">Xem' in marked
    assert "Nhận dạng từ bản scan, có thể sai" in page
    assert "nhận dạng từ bản scan." in page or "nhận dạng từ bản scan" in page.split('id="cite"')[1]
    (plain,) = client.get("/api/v1/search?q=%22tổ chức thực hiện việc quản lý rừng%22").get_json()["results"]
    assert client.get(f"/api/v1/articles/{plain['id']}").get_json()["article"]["ocr"] is None


@needs_tesseract
def test_a_line_leads_to_its_place_on_the_page(read):
    run(read)
    client = create_app(Settings(index=read.parent / "index")).test_client()
    (hit,) = client.get("/api/v1/search?q=912-NQ/TW").get_json()["results"]
    lines = client.get(f"/api/v1/articles/{hit['id']}").get_json()["article"]["ocr"]["lines"]
    second = next(number for number, line in enumerate(lines) if line["page"] == 2)
    page = client.get(f"/ban-scan/{hit['id']}/2").text
    left, top, right, bottom = lines[second]["box"]
    assert f'<rect id="d{second}" x="{left}" y="{top}" width="{right - left}" height="{bottom - top}">' in page
    assert f'<a href="#d{second}">Điều 2. Bộ trưởng' in page and 'rel="prev"' in page and 'rel="next"' not in page
    address = f"/ban-scan/{hit['id']}/2.jpg"
    shown = client.get(address)
    assert (shown.content_type, shown.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    # The box holds the ink of its line, and nothing is above it.
    drawn = Image.open(BytesIO(shown.data)).convert("L")
    box = [round(side * edge / 10_000) for side, edge in zip(drawn.size * 2, (left, top, right, bottom), strict=True)]
    assert drawn.crop(tuple(box)).getextrema()[0] < 100
    assert drawn.crop((0, 0, drawn.width, box[1] - 4)).getextrema()[0] > 200
    for wrong in ("/ban-scan/000000000000/1", f"/ban-scan/{hit['id']}/3", f"/ban-scan/{hit['id']}/3.jpg"):
        assert client.get(wrong).status_code == 404
    (read / "van-ban.pdf").write_bytes(b"%PDF- another")
    assert client.get(f"/ban-scan/{hit['id']}/1").status_code == 404, "only what was indexed is shown"


@needs_tesseract
def test_what_a_text_says_too_is_a_document_of_the_scan(read):
    (read / "bai.txt").write_text(
        "Tin\n\nNghị quyết số 912-NQ/TW ngày 17/3/2026 của Bộ Chính trị được học tập.", "utf-8"
    )
    run(read)
    with searchapp.open(read.parent / "index") as collection:
        (document,) = collection.documents("912-NQ/TW")
        hits = collection.search("rừng", document=document.slug).hits
    assert [hit.article.path for hit in hits] == ["van-ban.pdf"]


@needs_tesseract
def test_no_page_is_read_twice(corpus, monkeypatch):
    run(corpus)
    read: list[bytes] = []
    monkeypatch.setattr(readings, "recognised", lambda sheet: read.append(sheet) or [[Word("Điều", 95.0, 1, 1, 9, 9)]])
    shutil.copy(corpus / "van-ban.pdf", corpus / "ban-sao.pdf")
    assert waiting(run(corpus)) == 0
    assert waiting(run(corpus, full=True)) == 0
    assert read == []
    (corpus / "van-ban.pdf").write_bytes(scanned_pdf([drawn(PAGE), drawn(PAGE[:1])]))
    assert waiting(run(corpus)) == 0
    assert len(read) == 1, "one page is new"


class _Killed(BaseException):
    pass


@needs_tesseract
def test_a_run_that_ends_loses_no_page_that_was_read(corpus, monkeypatch):
    real, read = readings.recognised, []

    def killed_at_the_second(sheet: bytes) -> object:
        if read:
            raise _Killed
        read.append(sheet)
        return real(sheet)

    monkeypatch.setattr(readings, "recognised", killed_at_the_second)
    with pytest.raises(_Killed):
        run(corpus)
    assert found(corpus, "bàn giao") == ["bai.txt"], "what needs no OCR was published before"
    assert (corpus.parent / "index" / NAME).exists()
    monkeypatch.setattr(readings, "recognised", lambda sheet: read.append(sheet) or real(sheet))
    assert waiting(run(corpus)) == 0
    assert len(read) == 2
    assert found(corpus, '"tài nguyên rừng"') == ["van-ban.pdf"]


@needs_tesseract
def test_time_that_is_over_leaves_the_rest_for_the_next_run(corpus):
    first = run(corpus, ocr_minutes=1e-6)
    assert (first.articles, waiting(first)) == (1, 2)
    assert waiting(run(corpus)) == 0


def read_as(path: Path, index: Path, words: str, confidence: float) -> None:
    """Keep a reading of a picture, as if OCR had read these words on it."""
    index.mkdir(exist_ok=True)
    line = tuple(Word(word, confidence, 100 + 90 * n, 100, 80, 30) for n, word in enumerate(words.split()))
    Readings(index).keep(digest_of(path.read_bytes()), "0", [(path.name, Reading((1654, 2339), (line,)))])


def test_a_scan_with_doubtful_accents_does_not_stand_behind_other_accents(corpus):
    for path in corpus.iterdir():
        path.unlink()
    index = corpus.parent / "index"
    said = "Hội nghị bàn công tác của {} bộ trong năm và giao việc cho các cơ quan"
    for name, word, confidence in (("doubtful.png", "đáng", 60.0), ("sure.png", "đáng", 99.0)):
        (corpus / name).write_bytes(saved(drawn([name])))
        read_as(corpus / name, index, said.format(word), confidence)
    (corpus / "khac.txt").write_text(f"Đáng quý\n\n{said.format('đáng')}. Thật đáng quý, đáng quý, đáng quý.", "utf-8")
    language.counted([said.format("đảng"), said.format("đáng")] * 3).save(index / LANGUAGE)
    assert waiting(run(corpus, ocr=False)) == 0
    assert found(corpus, "đảng")[0] == "doubtful.png"
    with searchapp.open(index) as collection:
        assert "?" not in "".join(one.text for one in collection.suggest("?"))


def test_readings_of_what_is_in_the_corpus_stay(corpus):
    index = corpus.parent / "index"
    (corpus / "anh.png").write_bytes(saved(drawn(PAGE)))
    read_as(corpus / "anh.png", index, " ".join(PAGE), 95.0)
    run(corpus, ocr=False)
    (corpus / "anh.png").rename(corpus / "khac.png")
    run(corpus, ocr=False)
    kept = Readings(index)
    name = digest_of((corpus / "khac.png").read_bytes())
    assert list(kept.names(range(0)).values()) == [] and kept.prune({}, 0) == 0
    assert kept.page(name, "0") is not None


@needs_tesseract
def test_a_single_page_without_text_joins_the_text_of_the_others(corpus):
    from searchapp.readers.scans.resolving import Scans

    assert Scans(None).readings is None
    for name in ("bai.txt", "van-ban.pdf"):
        (corpus / name).unlink()
    (corpus / "anh.png").write_bytes(saved(drawn(PAGE)))
    assert run(corpus).articles == 1
    assert found(corpus, "vườn quốc gia") == ["anh.png"]


@pytest.mark.shared
@needs_tesseract
def test_the_real_scan_is_found_by_its_words_and_by_what_it_cites(tmp_path, shared_data):
    folder = tmp_path / "corpus"
    folder.mkdir()
    shutil.copy(next((shared_data / "files/office").glob("scan_*.pdf")), folder / "scan.pdf")
    report = run(folder)
    assert (report.articles, report.skipped) == (1, ())
    for text in ('"chuyển giao Vườn quốc gia Ba Vì"', "39/2022/NĐ-CP", '"nhân dân Thành phố Hà Nội quản lý"'):
        assert found(folder, text) == ["scan.pdf"], text
    with searchapp.open(tmp_path / "index") as collection:
        (hit,) = collection.search("Ba Vì").hits
        assert (hit.article.number, hit.article.date) == ("", ""), "written by hand, and misread"
        assert collection.documents("39/2022/NĐ-CP") == [], "no text says so"


@pytest.mark.shared
@needs_tesseract
def test_24_pages_of_the_gazette_are_read_well(shared_data):
    """Fixed pages rendered at 200 dpi, clean ones and damaged ones: bags of syllables, document numbers."""
    program = Path(__file__).parents[2] / "benchmarks" / "ocr.py"
    options = ["--damage", "0", "1", "--pages", "16", "8", "--known", "4", "--json"]
    done = subprocess.run([sys.executable, program, shared_data, *options], capture_output=True, text=True, check=True)
    clean, damaged = map(json.loads, done.stdout.splitlines())
    assert clean["without_accents"] >= 0.99 and clean["mended"] >= 0.975
    assert damaged["mended"] >= 0.95
    assert clean["numbers"] >= 0.9
    assert clean["read"] < clean["mended"]
