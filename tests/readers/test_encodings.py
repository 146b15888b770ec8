"""Old encodings and fonts → the text that was meant."""

import json
import random
import re
import unicodedata
from pathlib import Path

import pytest
from viparse.normalize.encodings import get_charmap

from searchapp import readers
from searchapp.errors import BadRecordError
from searchapp.readers import read
from searchapp.readers.items import Bad
from searchapp.text.encodings import decode, pasted, repair
from searchapp.text.syllables import is_syllable

TEXT = """Đảng ủy phường họp bàn về phòng, chống dịch và phục hồi kinh tế.
Ủy ban nhân dân tổ chức thực hiện Nghị quyết 05-NQ/TU, bảo đảm an sinh xã hội cho người nghèo.

Hội nghị thống nhất: giữ vững đoàn kết, lắng nghe ý kiến nhân dân.
"""
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text):
    """Letters with their hats precomposed, tones as marks of their own: what Windows wrote."""
    pieces = []
    for letter in text:
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
            pieces.append((base + "".join(mark for mark in marks if mark in TONES)).encode("cp1258"))
    return b"".join(pieces)


def in_font(text, font):
    """The text as it looks in a program that doesn't know the font."""
    back = {}
    for old, new in get_charmap(font).pairs:
        back.setdefault(new, old)
    return "".join(back.get(letter, letter) for letter in text)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (unicodedata.normalize("NFD", TEXT).encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (windows_1258(TEXT), "windows-1258"),
        (in_font(TEXT, "vni").encode("cp1252"), "vni"),
        (in_font(TEXT, "vni").encode(), "vni"),
        (in_font(TEXT, "viscii").encode("latin-1"), "viscii"),
        (in_font(TEXT, "viscii").encode(), "viscii"),
    ],
    ids=range(11),
)
def test_every_encoding_gives_the_same_text(data, encoding):
    found = decode(data)
    assert (found.encoding, found.text) == (encoding, TEXT)


def test_tcvn3_has_its_capitals_in_a_second_font():
    found = repair("BAN CHÊP HµNH §¶NG Bé\nCéng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do\nHµ Néi")
    assert found.encoding == "tcvn3"
    assert found.text == "BAN CHẤP HÀNH ĐẢNG BỘ\nCộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do\nHà Nội"
    quoted = decode(
        in_font("Phong trào “đền ơn đáp nghĩa” – việc làm thường xuyên của phường.", "tcvn3").encode("cp1252")
    )
    assert quoted.text == "Phong trào “đền ơn đáp nghĩa” – việc làm thường xuyên của phường."


@pytest.mark.parametrize(
    "text",
    [
        "Công ty cà phê",
        "Cà phê và trà là hàng hóa",
        "Ta có thêm ba cán bé",
        "dài " * 2_000 + "toàn dân",
        "Hòa bình và công lý cho các dân",
    ],
)
def test_vietnamese_without_a_letter_of_its_own_is_no_old_font(text):
    assert (repair(text).encoding, repair(text).text, decode(text.encode()).text) == ("utf-8", text, text)


def test_no_words_of_the_corpus_are_taken_for_an_old_font():
    corpus = Path(__file__).parents[2] / "corpus"
    read = unicodedata.normalize("NFC", "\n".join(path.read_text("utf-8") for path in sorted(corpus.rglob("*.*"))))
    words = sorted(word for word in set(re.findall(r"[^\W\d_]+", read.lower())) if is_syllable(word))
    latin = [word for word in words if max(word) <= "\u00ff"]
    assert len(words) > len(latin) > 500
    chance = random.Random(1)
    for _ in range(3_000):
        text = " ".join(chance.choices(chance.choice((words, latin)), k=chance.choice((2, 3, 5, 10, 30))))
        assert repair(text).text == pasted(text) == text


@pytest.mark.parametrize(
    "text", ["Zürich", "El Niño", "«chuyen doi so»", "·phong chong", "10 m²", "kêt luân", "nº 5", "luat § 5"]
)
def test_a_few_words_of_today_are_no_old_font(text):
    assert pasted(text) == text


def test_the_soft_hyphen_of_tcvn3_is_a_letter():
    text = "Phường ưu tiên thương binh, thư viện và kinh tế-xã hội, năm 2020-2025 -\n- nhà nước"
    seen = in_font(text, "tcvn3")
    assert "\u00ad" in seen and repair(seen).text == text
    assert repair(seen.replace("\u00ad", "-")).text == text, "as PDFium writes it"


def test_lines_in_an_old_font_among_others_are_put_right():
    text = TEXT.replace("Ủy", "ủy")  # TCVN3 has no accented capitals
    lines = text.split("\n")
    for font in ("tcvn3", "vni"):
        mixed = "\n".join([lines[0], in_font(lines[1], font), *lines[2:]])
        assert (repair(mixed).encoding, repair(mixed).text) == (font, text)
    french = "La sécurité des Nations unies a été renforcée à Genève, où le président était déjà là."
    assert (
        repair(f"{TEXT}{french}\nthành phố hoà bình và là nhà").text == f"{TEXT}{french}\nthành phố hoà bình và là nhà"
    )


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_what_was_encoded_twice_is_decoded_twice(taken_for):
    data = TEXT.encode()
    twice = data.decode("latin-1") if taken_for == "latin-1" else data.decode("cp1252", "surrogateescape")
    twice = "".join(chr(ord(letter) - 0xDC00) if letter >= "\udc80" else letter for letter in twice)
    assert (repair(twice).encoding, repair(twice).text) == ("UTF-8 encoded twice", TEXT)
    assert decode(twice.encode()).text == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        "nghi quyet cua dang bo, 05-NQ/TU",
        "Thành phố hoà bình, năm 2021",
        "La sécurité des Nations unies a été renforcée à Genève, où le président était déjà là.",
        "El niño está aquí: ¿qué pasó? Años después, según él, nada.",
        "Tốc độ 10 µm, 25 °C, ½ giá, © 2021, « trích »",
        "Ðảng bộ",
    ],
    ids=range(8),
)
def test_unicode_text_is_left_alone(text):
    assert repair(text).text == text
    assert repair(text).encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0" * 64, "binary"),
        (bytes(range(256)) * 8, "binary"),
        (TEXT.encode() + b"\xff\xfe\xfd" * 40, "half an encoding"),
        (
            "Đây là tệp tiếng Nhật 日本語".encode("shift_jis", "ignore") + "日本語のテキスト".encode("shift_jis") * 9,
            "half",
        ),
    ],
    ids=range(4),
)
def test_bytes_that_are_no_text_are_refused(data, reason):
    with pytest.raises(BadRecordError, match=reason):
        decode(data)


def test_a_conversion_is_told(tmp_path):
    path = tmp_path / "cu.txt"
    path.write_bytes(in_font(TEXT, "vni").encode("cp1252"))
    notes = []
    (record,) = read(path, name="cu.txt", report=notes.append)
    assert record.text.startswith("Đảng ủy phường")
    assert [(note.about, note.text) for note in notes] == [("encoding", "vni")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Đảng bộ phường họp bàn.", []),
        (unicodedata.normalize("NFD", "Đảng bộ phường họp bàn."), ["letters in pieces (NFD)"]),
        ("\u00d0ảng bộ phường họp bàn.", ["\u00d0 for Đ"]),
        ("Đảng bộ \uf0b7 phường họp bàn.", ["private-use characters"]),
        ("Đảng bộ\x0e phường họp bàn." + " Chi bộ họp bàn." * 20, ["control characters"]),
    ],
    ids=range(5),
)
def test_what_is_put_right_is_told_once_a_file(tmp_path, text, told):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    rows = "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n in range(3))
    (tmp_path / "b.jsonl").write_text(rows, encoding="utf-8")
    for name in ("a.txt", "b.jsonl"):
        notes = []
        assert all(not isinstance(item, Bad) for item in read(tmp_path / name, name=name, report=notes.append))
        assert [note.text for note in notes if note.about == "encoding"] == told


def test_rows_of_an_old_font_are_put_right_and_what_is_not_vietnamese_is_told(tmp_path):
    text = TEXT.replace("Ủy", "ủy")
    rows = [
        {"id": "1", "title": in_font("Họp bàn", "tcvn3"), "text": in_font(text, "tcvn3")},
        {"id": "2", "text": "La sécurité des Nations unies a été renforcée à Genève cette année. " * 9},
        {"id": "3", "title": "Họp", "text": TEXT},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    notes = []
    first, second, third = read(path, name="a.jsonl", report=notes.append)
    assert (first.title, first.text, third.text) == ("Họp bàn", text, TEXT)
    assert second.text == rows[1]["text"]
    assert [(note.row, note.about) for note in notes] == [(0, "encoding"), (2, "quality")]


def test_a_date_in_the_future_and_an_endless_text_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_CHARS", 40)
    row = {"id": "1", "date": "9999-12-31", "text": "Phường họp bàn việc làm cầu, làm đường và mở chợ."}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    notes = []
    (record,) = read(tmp_path / "a.jsonl", name="a.jsonl", report=notes.append)
    assert [note.text for note in notes] == ["text cut after 40 characters", "date in the future: 9999-12-31"]
    assert len(record.text) == 40 and record.date == "9999-12-31"
