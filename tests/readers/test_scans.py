"""Scans: what is prepared, read, mended, kept and said of it, from a file in to its text out."""

import errno
import os
import random
import sqlite3
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO

import pytest
from ocr_support import A4, damaged, drawn, needs_tesseract, saved, scanned_pdf
from PIL import Image, ImageChops, ImageDraw

from searchapp.article import Record
from searchapp.errors import BadRecordError, BusyIndexError
from searchapp.ingest.analysis import article
from searchapp.readers import NO_SCANS, read, scans_in
from searchapp.readers.items import Bad, Note
from searchapp.readers.scans import composing, language, mending, preparing, resolving
from searchapp.readers.scans.composing import Piece, composed
from searchapp.readers.scans.readings import NAME, Reading, Readings, WaitingPage, digest_of, read_pages
from searchapp.readers.scans.recognition import Reader, Word, lines, recognised
from searchapp.readers.scans.resolving import LANGUAGE, Scans
from searchapp.text.normalize import fold
from searchapp.themes import load as load_themes

TEXT = [
    "CHÍNH PHỦ",
    "Điều 1. Ủy ban nhân dân thành phố chịu trách nhiệm tổ chức thực hiện",
    "Nghị quyết số 02-NQ/TW ngày 17 tháng 3 năm 2026 của Bộ Chính trị.",
    "Điều 2. Bộ trưởng Bộ Nông nghiệp và Môi trường hướng dẫn việc quản lý",
    "tài nguyên rừng, đất đai, tài sản và nhân sự của vườn quốc gia.",
    "Điều 3. Nghị quyết này có hiệu lực thi hành kể từ ngày ký ban hành.",
]
ARCHIVE = [
    "Ủy ban nhân dân thành phố tổ chức thực hiện nghị quyết của Bộ Chính trị về phát triển thành phố. " * 5,
    "Bộ trưởng hướng dẫn việc quản lý đất đai. Tổ chức bàn giao có hiệu lực kể từ ngày ký. Điều này sửa đổi. " * 5,
]


@pytest.mark.parametrize(
    ("read", "confidence", "meant"),
    [
        ("ủy ban nhân dân thành phó", 70, "ủy ban nhân dân thành phố"),
        ("tô chức thực hiện", 80, "tổ chức thực hiện"),
        ("tô chức thực hiện", 96, "tổ chức thực hiện"),
        ("sửa đôi", 75, "sửa đổi"),
        ("tổ chửc", 75, "tổ chức"),
        ("thục hiện nghị quyét", 60, "thực hiện nghị quyết"),
        ("hướng dẫn việc quan lý đât đai", 70, "hướng dẫn việc quản lý đất đai"),
        ("thành phố", 60, "thành phố"),
        ("lý thuyết dây", 95, "lý thuyết dây"),
        ("nguyễn văn tèo", 60, "nguyễn văn tèo"),
        ("", 60, ""),
    ],
    ids=["tone", "hook lost", "sure", "two readings", "hook for acute", "two", "three", "right", "unknown", "name", ""],
)  # fmt: skip
def test_syllables_are_mended_by_the_pairs_of_the_archive(read, confidence, meant):
    known = language.counted(ARCHIVE)
    syllables = [mending.Syllable(one, confidence) for one in language.tokens(read)]
    assert " ".join(choice.letters for choice in mending.mended(syllables, known)) == meant


def test_a_name_is_not_mended_by_what_is_likelier_elsewhere():
    known = language.counted(["ông Nguyễn Văn Dùng sử dụng. " * 30, "đồng chí Dùng nói. " * 30])
    plain = [mending.Syllable(one, 80, name=False) for one in ("văn", "dũng", "nói")]
    named = [replace(one, name=True) for one in plain]
    assert [choice.letters for choice in mending.mended(named, known)][1] == "dũng"


@pytest.mark.parametrize(
    ("read", "meant", "guessed"),
    [
        ("02-NO/TW", "02-NQ/TW", False),
        ("40/2026/ND-CP", "40/2026/NĐ-CP", False),
        ("4017/TT:--BNNMT", "4017/TTr-BNNMT", False),
        ("83/TT:-UBND", "83/TTr-UBND", False),
        ("20/2021/TT-BTC", "20/2021/TT-BTC", False),
        ("41/2024/QHI5", "41/2024/QH15", True),
        ("23⁄2004/OHI1", "23/2004/QH11", True),
        ("03/2021/UBTVOHI5", "03/2021/UBTVQH15", True),
        ("l5/2020/NĐ-CP,", "15/2020/NĐ-CP,", True),
        ("69/2020/0H14;", "69/2020/QH14;", True),
        ("26/2005/PL-UBTVQHI", "26/2005/PL-UBTVQH11", True),
        ("41/2024/QH13", "41/2024/QH15", True),
        ("41/2021/QH14", "41/2021/QH14", False),
        ("06/2024/TT-BLĐIBXH", "06/2024/TT-BLĐTBXH", False),
        ("12/2022TT-BNNMI,", "12/2022/TT-BNNMT,", False),
        ("12/2022/TT-ABCDEF", "12/2022/TT-ABCDEF", False),
        ("062024/TT-BTC,", "06/2024/TT-BTC,", True),
        ("2024/TT-BTC", "2024/TT-BTC", False),
        ("l6", "16", True),
        ("12/Ngày", "12/Ngày", False),
        ("2023-2024", "2023-2024", False),
        ("và/hoặc", "và/hoặc", False),
        ("QH", "QH", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_numbers_are_mended_by_their_grammar(read, meant, guessed):
    assert mending.mended_number(read) == (meant, guessed)


def ink(page: Image.Image) -> int:
    return sum(page.convert("L").histogram()[:140])


def stamped(ink: tuple[int, int, int]) -> Image.Image:
    """A stamp over the words: black letters stay black beneath it."""
    stamp = Image.new("RGB", A4, "white")
    ImageDraw.Draw(stamp).ellipse((700, 250, 1100, 650), outline=ink, width=14)
    return ImageChops.multiply(drawn(TEXT), stamp)


def ruled(page: Image.Image) -> Image.Image:
    """The page as a table: rules around and between its words."""
    pen = ImageDraw.Draw(page)
    for x in (160, 420, 900, 1480):
        pen.line((x, 180, x, 1000), fill="black", width=3)
    for y in range(180, 1001, 82):
        pen.line((160, y, 1480, y), fill="black", width=2)
    return page


@pytest.mark.parametrize(
    ("page", "turns"),
    [
        (drawn(TEXT), 0),
        (drawn(TEXT).rotate(90, expand=True), 3),
        (drawn(TEXT).rotate(270, expand=True), 1),
        (ruled(drawn(TEXT)), 0),
        (ruled(drawn(TEXT)).rotate(90, expand=True), 3),
        (drawn(TEXT * 3).rotate(4, fillcolor="white"), 0),
        (drawn(TEXT * 3).rotate(94, expand=True, fillcolor="white").resize(A4[::-1]), 3),
    ],
    ids=["upright", "left", "right", "table", "table on its side", "askew", "askew on its side"],
)
def test_lines_of_text_lie_level(page, turns):
    (sheet,) = preparing.prepared(page)
    assert sheet.picture.size == A4
    assert sheet.turn % 2 == turns % 2


@pytest.mark.parametrize("angle", [-3.0, -0.5, 0.0, 0.4, 2.2])
def test_a_skewed_page_is_straightened(angle):
    (sheet,) = preparing.prepared(drawn(TEXT * 4).rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC))
    assert sheet.angle == pytest.approx(-angle, abs=0.25)


@pytest.mark.parametrize("colour", [(220, 30, 40), (180, 60, 130), (225, 110, 60), (235, 130, 150)])
def test_a_red_stamp_is_taken_for_paper_and_red_text_is_not(colour):
    plain, (clean,) = ink(drawn(TEXT)), preparing.prepared(stamped(colour))
    assert ink(clean.picture) == pytest.approx(plain, rel=0.05)
    (red,) = preparing.prepared(drawn(TEXT, ink="#c01020"))
    assert ink(red.picture) > plain / 3


def test_upright_rules_of_a_table_go_and_tall_letters_stay():
    """Tesseract reads "|02/2021" as "102/2021"."""
    tall = drawn(["HÌNH LI", "Điều 1"], letters=110)
    (sheet,) = preparing.prepared(tall)
    assert ink(sheet.picture) == pytest.approx(ink(tall), rel=0.01)
    photograph = Image.new("RGB", A4, "white")
    pen = ImageDraw.Draw(photograph)
    for x in range(300, 1200, 8):
        pen.rectangle((x, 300, x + 7, 900), fill=(x % 180,) * 3)
        pen.rectangle((x, 300, x + 3, 900), fill=(190, 190, 190))
    left = ink(preparing._without_rules(photograph.convert("L")))
    assert left == pytest.approx(ink(photograph), rel=0.05), "its strokes have paper on neither side"
    table = Image.new("RGB", A4, "white")
    (sheet,) = preparing.prepared(ruled(table))
    assert ink(sheet.picture) == pytest.approx(11 * 2 * 1320, rel=0.05), "only the lying ones are left"


def test_two_pages_on_a_sheet_are_two_and_a_blank_one_is_none():
    both = Image.new("RGB", (2 * A4[0], A4[1]), "white")
    both.paste(drawn(TEXT * 3), (0, 0))
    both.paste(drawn(TEXT * 2), (A4[0], 0))
    left, right = preparing.prepared(both)
    assert left.right == right.left == pytest.approx(0.5, abs=0.1)
    assert preparing.prepared(Image.new("RGB", A4, "white")) == []


def words(*rows: tuple[str, int, int]) -> list[list[Word]]:
    """Lines of (text, left, top), each word 20 points a letter and 30 high."""
    found = []
    for text, left, top in rows:
        line = []
        for word in text.split():
            line.append(Word(word, 95.0, left, top, 20 * len(word), 30))
            left += 20 * len(word) + 12
        found.append(line)
    return found


def texts(lines: list[list[Word]]) -> list[str]:
    return [" ".join(word.text for word in line) for line in lines]


def test_the_heading_is_read_column_by_column():
    page = words(
        ("CHÍNH PHỦ", 300, 200), ("CỘNG HÒA XÃ HỘI", 900, 200), ("Số: 15/NQ-CP", 280, 300), ("Hà Nội, ngày", 950, 300),
        ("NGHỊ QUYẾT", 720, 420), ("Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 2 năm 2025 của", 200, 500),
        ("12", 1500, 60),
    )  # fmt: skip
    assert texts(composing.arranged(page, *A4, first=True)) == [
        "CHÍNH PHỦ", "Số: 15/NQ-CP", "CỘNG HÒA XÃ HỘI", "Hà Nội, ngày", "NGHỊ QUYẾT",
        "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 2 năm 2025 của",
    ]  # fmt: skip


def test_empty_lines_beside_pictures_are_no_page():
    """Word files have empty paragraphs between their pictures."""
    page = words(("CHÍNH PHỦ", 300, 200), ("CỘNG HÒA", 900, 200), ("Số: 5", 280, 300))
    reading = Reading(A4, tuple(map(tuple, page)))
    alone, beside = composed([[reading]], None), composed([["", " "], [], [reading]], None)
    said = [[[piece.text for piece in line] for line in lines if line] for lines in (alone, beside)]
    assert said[0] == said[1] == [["CHÍNH", "PHỦ"], ["Số:", "5"], ["CỘNG", "HÒA"]]


@pytest.mark.parametrize(
    ("issuer", "confidence", "kept"),
    [("Bộ Tài chính", 95.0, "Bộ Tài chính"), ("Bộ Tài chính", 40.0, ""), ("Ban", 95.0, ""), ("", 95.0, "")],
)
def test_an_issuer_that_may_be_misread_stays_empty(issuer, confidence, kept):
    head = [[Piece(word, word, False, confidence, 1, (0, 0, 9, 9)) for word in ("BỘ", "TÀI", "CHÍNH")]]
    assert resolving._only_sure(Record(text="", path="a.pdf", issuer=issuer), head).issuer == kept


def test_running_heads_go_and_repeated_footnotes_stay():
    heads = ["CÔNG BÁO/Số 12/Ngày 06-12-2024", "CÔNG BÁO/Só 12/Ngày 06-12-2024", "CONG BÁO/Số 12/Ngày 06-12-2024"]
    note = "1 Điều này được sửa đổi theo quy định của Bộ"
    pages = [words((head, 600, 80), ("Điều khoản", 200, 300 + n), (note, 200, 335 + n)) for n, head in enumerate(heads)]
    assert [texts(page) for page in composing.without_running(pages)] == [["Điều khoản", note]] * 3


def test_litter_is_no_text():
    table = "level\n" + "\n".join(
        f"5\t1\t1\t1\t{n}\t1\t{left}\t100\t80\t30\t{sure}\t{text}"
        for n, (text, sure, left) in enumerate(
            [
                ("Điều", 96, 100),
                ("ccccxrr", 30, 200),
                ("Jð", 20, 300),
                ("kg", 90, 400),
                ("02-NQ/TW", 20, 500),
                (" ", 95, 0),
            ]
        )
    )
    assert texts(composing.arranged(lines(table), *A4, first=False)) == ["Điều kg 02-NQ/TW"] or {
        text for line in composing.arranged(lines(table), *A4, first=False) for text in texts([line])
    } == {"Điều", "kg", "02-NQ/TW"}


def test_what_was_read_is_kept_whole_or_not_at_all(tmp_path):
    kept, reading = Readings(tmp_path), Reading((10, 20), ((Word("Điều", 91.5, 1, 2, 3, 4),),), turn=1, angle=-0.5)
    assert kept.page("f", "0") is None
    kept.keep("f", "0", [("a", reading), ("b", Reading((1, 1), problem="too dark"))])
    kept.keep("f", "1", [])
    assert kept.page("f", "0") == [reading, Reading((1, 1), problem="too dark")]
    assert kept.page("f", "1") == []
    assert kept.sheet("a") == reading and kept.sheet("z") is None


def test_readings_of_files_that_have_gone_are_kept_for_a_month(tmp_path, monkeypatch):
    kept, reading = Readings(tmp_path), Reading((10, 20), ((Word("Điều", 91.5, 1, 2, 3, 4),),))
    for file in "fgh":
        kept.keep(file, "0", [(file, reading), ("shared", reading)])
    assert kept.names([1, 2]) == {}
    assert kept.prune({1: "f", 2: "g"}, 1000) == 0
    assert kept.names([1, 2, 3]) == {1: "f", 2: "g"}
    assert kept.prune({1: "f"}, 1010) == 0
    assert kept.prune({1: "f"}, 1030) == 1, "h has been gone for 30 days, g for 20"
    assert kept.page("h", "0") is None and kept.sheet("h") is None and kept.sheet("shared") == reading
    assert kept.prune({1: "f", 2: "g"}, 1100) == 0, "g came back"
    assert kept.prune({1: "f"}, 1101) == 0 and kept.page("g", "0") is not None
    monkeypatch.setattr("searchapp.readers.scans.readings.MAX_BYTES", 1)
    assert kept.prune({1: "f"}, 1102) == 1, "too large"
    assert kept.page("g", "0") is None and kept.page("f", "0") is not None


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 500, b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_store_is_begun_anew(tmp_path, damage):
    (tmp_path / NAME).write_bytes(damage)
    kept = Readings(tmp_path)
    assert kept.page("f", "0") is None
    kept.keep("f", "0", [])
    assert kept.page("f", "0") == []


def test_a_page_with_a_lost_sheet_is_read_again(tmp_path):
    kept = Readings(tmp_path)
    kept.keep("f", "0", [("a", Reading((1, 1)))])
    with sqlite3.connect(tmp_path / NAME) as raw:
        raw.execute("delete from sheet")
    assert kept.page("f", "0") is None


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("kill -INT $$", None), ("kill -TERM $$", None), ("kill -HUP $$", None), ("kill -KILL $$", None),
        ("kill -XCPU $$", "takes more than 60 s of computing to recognise"),
        ("kill -ABRT $$", "cannot be recognised by tesseract"), ("exit 1", "cannot be recognised by tesseract"),
    ],
    ids=["ctrl-c", "service stops", "terminal gone", "no memory left", "endless", "crash", "no page"],
)  # fmt: skip
def test_a_page_whose_reading_was_stopped_is_read_again(tmp_path, monkeypatch, end, kept):
    """Ctrl-C reaches Tesseract too: the page was kept as one that takes too long, and never read."""
    (tmp_path / "tesseract").write_text(f"#!/bin/sh\n{end}\n", encoding="utf-8")
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("searchapp.readers.scans.readings.has_fast", lambda: False)
    store, page = Readings(tmp_path), WaitingPage(saved(drawn(TEXT)), "f", "a.png", "0")
    read_pages([page], 1, store, jobs=1)
    found = store.page("f", "0")
    assert (found if found is None else found[0].problem) == kept


@pytest.mark.parametrize(
    ("cause", "kind", "code"),
    [
        (sqlite3.SQLITE_FULL, OSError, errno.ENOSPC), (sqlite3.SQLITE_IOERR, OSError, errno.EIO),
        (sqlite3.SQLITE_READONLY, OSError, errno.EACCES), (sqlite3.SQLITE_CANTOPEN, OSError, errno.EACCES),
        (sqlite3.SQLITE_BUSY, BusyIndexError, None),
    ],
)  # fmt: skip
def test_a_store_that_cannot_be_written_is_told_as_the_system_does(tmp_path, monkeypatch, cause, kind, code):
    """Its error had no number: a full disk ended the command with a traceback and 1."""

    def refuse(*_):
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = cause
        raise error

    monkeypatch.setattr(Readings, "_keep", refuse)
    with pytest.raises(kind) as told:
        Readings(tmp_path).keep("f", "0", [])
    assert getattr(told.value, "errno", None) == code and str(tmp_path / NAME) in str(told.value)


def test_counts_of_the_archive_can_be_saved(tmp_path):
    found = replace(language.counted(ARCHIVE), articles=2)
    found.save(tmp_path / "l")
    again = language.load(tmp_path / "l")
    assert (again.words, again.articles, again.total) == (found.words, 2, found.total)
    assert (again.pairs == found.pairs).all()


def recognise(path, folder, name):
    """What `reindex` does with a scan: its pages read, then the file."""
    scans = Scans(folder)
    language.counted(ARCHIVE).save(folder / LANGUAGE)
    found, data = scans_in(path, name)
    file = digest_of(data)
    pages = [WaitingPage(data, file, name, page) for scan in found for page in scans.waiting(scan, file)]
    read_pages(pages, len(pages), scans.readings, jobs=1)
    notes: list[Note] = []
    return list(read(path, name=name, report=notes.append, scans=scans)), notes


def share(found: str, lines: list[str]) -> float:
    meant = fold(" ".join(lines)).split()
    held = fold(found).split()
    return sum(word in held for word in meant) / len(meant)


def zipped(members: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return written.getvalue()


def tiff(pages: list[Image.Image]) -> bytes:
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200), compression="tiff_deflate")


KINDS = {
    "a.png": lambda: saved(drawn(TEXT)),
    "a.jpg": lambda: saved(damaged(drawn(TEXT), 2), "JPEG", quality=80),
    "a.tif": lambda: tiff([drawn(TEXT[:3]), Image.new("RGB", A4, "white"), drawn(TEXT[3:])]),
    "a.pdf": lambda: scanned_pdf([drawn(TEXT[:3]), drawn(TEXT[3:])]),
    "upside-down.png": lambda: saved(drawn(TEXT * 2).rotate(180)),
    "sideways.pdf": lambda: scanned_pdf([drawn(TEXT * 2).rotate(90, expand=True)]),
    "pages.zip": lambda: zipped(
        {"trang 10.png": saved(drawn(TEXT[3:])), "trang 9.png": saved(drawn(TEXT[:3])), ".DS_Store": b"x"}
    ),
    "inner.zip": lambda: zipped({"ban ky.pdf": scanned_pdf([drawn(TEXT)])}),
}


@needs_tesseract
@pytest.mark.parametrize("name", KINDS)
def test_a_scan_becomes_its_text(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(KINDS[name]())
    (record,), notes = recognise(path, tmp_path, name)
    assert isinstance(record, Record), record
    assert share(record.text, TEXT) >= 0.97
    assert [note.about for note in notes] == ["recognised"]
    assert record.ocr is not None and record.ocr.confidence > 0.7
    if "Điều 1" in record.text and "Điều 3" in record.text:
        assert record.text.index("Điều 1") < record.text.index("Điều 3")
    whole = article(record, load_themes())
    assert whole.ocr == record.ocr, "its places count in the text that is indexed"
    assert all(0 <= edge <= 10_000 for line in record.ocr.lines for edge in line[2:])
    assert "02-NQ/TW" in {citation.key for citation in whole.citations}


@needs_tesseract
def test_a_picture_in_word_is_a_page(tmp_path):
    from docx import Document

    document = Document()
    document.add_picture(BytesIO(saved(drawn(TEXT))))
    path = tmp_path / "a.docx"
    document.save(path)
    (record,), _ = recognise(path, tmp_path, "a.docx")
    assert share(record.text, TEXT) >= 0.97


@needs_tesseract
@pytest.mark.skipif(find_spec("tesserocr") is None, reason="tesserocr is not installed: searchapp[ocr]")
def test_tesserocr_reads_as_the_program_does_and_survives():
    reader, sheet = Reader(), saved(drawn(TEXT))
    try:
        found, told = (
            [[word.text for word in line] for line in lines] for lines in (reader.read(sheet), recognised(sheet))
        )
        assert share(" ".join(map(" ".join, found)), [" ".join(line) for line in told]) >= 0.97
        with pytest.raises(BadRecordError):
            reader.read(b"no picture")
        reader._child.process.kill()
        reader._child.wait()
        assert reader.read(sheet)
    finally:
        reader.close()


def test_without_ocr_a_scan_waits_and_says_so(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned_pdf([drawn(TEXT)] * 2))
    (bad,) = read(path, name="a.pdf", scans=NO_SCANS)
    assert isinstance(bad, Bad) and bad.waiting == 2
    assert bad.reason.startswith("2 pages without text wait for OCR")


def noise(seed: int) -> Image.Image:
    chance = random.Random(seed)
    page = Image.new("RGB", A4, "white")
    pen = ImageDraw.Draw(page)
    for _ in range(400):
        x, y = chance.randrange(150, 1450), chance.randrange(150, 2100)
        pen.arc((x, y, x + chance.randrange(20, 90), y + chance.randrange(20, 60)), 0, 250, fill="black", width=4)
    return page


ENGLISH = ["The quick brown fox jumps over the lazy dog while seven wizards", "make toxic brew for the evil queen"] * 5

UNREADABLE = {
    "blank.png": (lambda: saved(Image.new("RGB", A4, "white")), "a scan without text"),
    "scrawl.png": (lambda: saved(noise(1)), "a scan"),
    "english.png": (lambda: saved(drawn(ENGLISH)), "not Vietnamese enough"),
    "broken.jpg": (lambda: saved(drawn(TEXT), "JPEG")[:3000], "a scan without text|broken image"),
    "cut.png": (lambda: saved(drawn(TEXT))[:2000], "a scan without text|broken image"),
    "icon.png": (lambda: saved(Image.new("RGB", (48, 48), "red")), "too small to be a page"),
    "bomb.png": (lambda: saved(Image.new("1", (30_000, 30_000), 1)), "larger than"),
    "wrong.png": (lambda: b"GIF89a" + bytes(50), "named .png, but holds something else"),
    "rubbish.tif": (lambda: b"II*\0" + bytes(50), "image"),
}


@needs_tesseract
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_page_of_text_is_named(tmp_path, name):
    make, reason = UNREADABLE[name]
    path = tmp_path / name
    path.write_bytes(make())
    found, notes = recognise(path, tmp_path, name)
    assert all(isinstance(item, Bad) for item in found), found
    told = " ".join(map(str, [*found, *notes]))
    assert any(one in told for one in reason.split("|")), told


@needs_tesseract
def test_a_number_that_may_be_misread_stays_empty(tmp_path, monkeypatch):
    """The heading's number and day are left out where their digits are doubtful, and kept where they are sure."""
    head = ["CHÍNH PHỦ", "Số: 15/NQ-CP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
            "Hà Nội, ngày 17 tháng 3 năm 2026", "NGHỊ QUYẾT", "Về việc quản lý vườn quốc gia", *TEXT[1:]]  # fmt: skip
    path = tmp_path / "a.png"
    path.write_bytes(saved(drawn(head)))
    (record,), _ = recognise(path, tmp_path, "a.png")
    assert (record.number, record.date) == ("15/NQ-CP", "2026-03-17")
    monkeypatch.setattr("searchapp.readers.scans.composing.SURE_NUMBER", 101.0)
    (record,) = read(path, name="a.png", scans=Scans(tmp_path))
    assert (record.number, record.date) == ("", "")
