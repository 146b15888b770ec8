"""Rows of JSON: good rows are read, bad ones are named with their line, none is lost for another's sake."""

import gzip
import io
import json
import tracemalloc

import pytest

from searchapp.article import Record
from searchapp.readers import jsonl, read
from searchapp.readers.items import Bad, Note

GOOD = {"id": "1", "title": "Hội nghị", "text": "Phường tổ chức hội nghị."}
LINE = json.dumps(GOOD).encode()


def rows(data):
    return list(jsonl.read(io.BytesIO(data), "a.jsonl"))


def test_every_known_key_is_copied_and_others_are_named_once():
    facts = dict(  # noqa: C408
        id="x1", title="Tên", text="Đoạn một.\nĐoạn hai.", date="15/9/2021", section="Thời sự", source="Báo", url="u",
        author="A", kind="Nghị quyết", number="05-NQ/TU", issuer="Thành ủy", themes=["dan-van", " dan-van ", "an-sinh"],
    )  # fmt: skip
    found = rows(b"\n".join(json.dumps(facts | {"views": 3, "_boost": 9}).encode() for _ in range(2)))
    notes = [item for item in found if isinstance(item, Note)]
    assert [(note.about, note.row) for note in notes] == [("keys", 1), ("keys", 1)]
    assert "'views'" in notes[0].text
    records = [item for item in found if isinstance(item, Record)]
    expected = Record(**(facts | {"themes": ("dan-van", "an-sinh")}), path="a.jsonl", row=1)
    assert records[0] == expected
    assert len(records) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a",}', "not JSON"),
        (b'{"text": "a"', "not JSON"),
        (b"{'text': 'a'}", "not JSON"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"text": "a", "id": ' + b"1" * 5_000 + b"}", "not JSON"),
        (b'{"text": "a", "id": NaN}', "not JSON: NaN"),
        (b'{"text": "a", "id": -Infinity}', "not JSON: -Infinity"),
        (b'{"text": "a", "text": "b"}', "the same key twice"),
        (b"[1]", "not an object but list"),
        (b"null", "not an object but NoneType"),
        (b'"text"', "not an object but str"),
        (b"{}", "no text"),
        (b'{"text": ""}', "no text"),
        (b'{"text": " \\n"}', "no text"),
        (b'{"title": "only"}', "no text"),
        (b'{"text": 5}', "text must be text, not a number"),
        (b'{"text": "a", "title": 5}', "title must be text, not a number"),
        (b'{"text": "a", "title": ["a"]}', "title must be text, not a list"),
        (b'{"text": "a", "source": {"b": 1}}', "source must be text, not an object"),
        (b'{"text": "a", "date": true}', "date must be text, not true or false"),
        (b'{"text": "a", "date": 1.5}', "date must be text, not a number"),
        (b'{"text": "a", "id": 99999999999999999999}', "id must be text"),
        (b'{"text": "a", "themes": [1]}', "themes must be a list of texts"),
        (b'{"text": "a", "themes": {"a": 1}}', "themes must be a list of texts"),
        (json.dumps({"text": "a", "id": "đ" * 300}).encode(), "id longer than 512 bytes"),
        (b'{"text": "a", "id": "\\ud800"}', "lone surrogate"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b"\xff\xfe\xfa", "not UTF-8"),
    ],
    ids=range(28),
)
def test_a_bad_row_is_named_and_its_neighbours_are_read(line, reason):
    before, bad, after = rows(LINE + b"\n" + line + b"\n" + LINE)
    assert isinstance(before, Record)
    assert isinstance(bad, Bad)
    assert bad.row == 2
    assert reason in bad.reason
    assert isinstance(after, Record)
    assert after.row == 3


@pytest.mark.parametrize(
    ("values", "key", "read_as"),
    [
        ({"text": "Một\ud800 hai"}, "text", "Một hai"),
        ({"text": "a", "title": None}, "title", ""),
        ({"text": "a", "id": 7}, "id", "7"),
        ({"text": "a", "date": 2021}, "date", "2021"),
        ({"text": "a", "themes": "dan-van, an-sinh"}, "themes", ("dan-van", "an-sinh")),
        ({"text": "a", "themes": None}, "themes", ()),
        ({"text": "a", "title": "  Hoà bình "}, "title", "Hoà bình"),
        ({"text": "Ho\u0300a bi\u0300nh Ð"}, "text", "Ho\u0300a bi\u0300nh Ð"),
    ],
    ids=range(8),
)
def test_harmless_oddities_are_read(values, key, read_as):
    (record,) = rows(json.dumps(values).encode())
    assert getattr(record, key) == read_as


@pytest.mark.parametrize(
    "data",
    [
        LINE + b"\n" + LINE,
        LINE + b"\r\n" + LINE + b"\r\n",
        LINE + b"\r" + LINE + b"\r",
        b"\xef\xbb\xbf" + LINE + b"\n\n" + LINE + b"\n",
        (LINE + b"\n" + LINE).decode().encode("utf-16"),
    ],
    ids=["no last end", "crlf", "cr", "bom and empty line", "utf-16"],
)
def test_line_ends_and_marks(data):
    assert [item.text for item in rows(data)] == [GOOD["text"]] * 2


def test_an_endless_line_is_skipped_without_being_held(monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", 2 << 20)

    class Endless(io.RawIOBase):
        left = 64

        def read(self, size=-1):
            self.left -= 1
            return b"a" * (1 << 20) if self.left >= 0 else (b"\n" + LINE if self.left == -1 else b"")

    tracemalloc.start()
    bad, record = jsonl.read(Endless(), "a.jsonl")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (bad.row, bad.reason) == (1, "line longer than 2 MB")
    assert record.row == 2
    assert peak < 12 << 20


def test_compressed_rows_are_read_as_far_as_they_go(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"\n".join([LINE] * 20_000))
    path.write_bytes(whole)
    assert len(list(read(path, name="a.jsonl.gz"))) == 20_000
    path.write_bytes(whole[: len(whole) // 2])
    *records, bad = read(path, name="a.jsonl.gz")
    assert "breaks off" in bad.reason
    assert all(isinstance(record, Record) for record in records)
    path.write_bytes(b"no gzip")
    (bad,) = read(path, name="a.jsonl.gz")
    assert "breaks off" in bad.reason


def test_a_date_that_is_none_is_left_out_and_noted(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(json.dumps(GOOD | {"date": date}).encode() for date in ("31/02/2021", "9/2021", "")))
    notes = []
    records = list(read(path, name="a.jsonl", report=notes.append))
    assert [record.date for record in records] == ["", "9/2021", ""]
    assert [(note.about, note.row, str(note)) for note in notes] == [
        ("date", 1, "a.jsonl, line 1: date left out: '31/02/2021'")
    ]


def test_a_row_in_another_language_is_kept_and_noted(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "The committee met this morning to discuss schools and roads. " * 20}))
    notes = []
    (record,) = read(path, name="a.jsonl", report=notes.append)
    assert isinstance(record, Record)
    assert [note.about for note in notes] == ["quality"]


def test_an_empty_file_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert list(read(tmp_path / "a.jsonl", name="a.jsonl")) == [Bad("a.jsonl", 0, "empty file", code="empty")]


@pytest.mark.shared
def test_all_real_articles_are_read(shared_data):
    found = list(read(shared_data / "articles" / "news_political.jsonl.gz", name="news"))
    assert len(found) == 4240
    assert all(isinstance(item, Record) for item in found)


@pytest.mark.parametrize(
    ("issuer", "read_as"),
    [
        ("Chủ tịch Ủy ban nhân dân tỉnh Ninh Bình ban hành theo đề nghị của Sở Nội vụ",
         "Chủ tịch Ủy ban nhân dân tỉnh Ninh Bình"),
        ("Do Bộ Tài chính ký ban hành ngày 5/6/2023", "Bộ Tài chính"),
        ("Bộ Y tế ngày 01/02/2024", "Bộ Y tế"),
        ("Thủ tướng Chính phủ về chính sách nội trú ngày 16/06/2016 của Bộ Y tế và Bộ Tài chính",
         "Bộ Y tế và Bộ Tài chính"),
        ("Bộ Lao động - Thương binh và Xã hội, Bộ Tài chính", "Bộ Lao động - Thương binh và Xã hội, Bộ Tài chính"),
    ],
)  # fmt: skip
def test_an_issuer_that_was_cut_out_with_a_title_is_the_one_at_its_end(issuer, read_as):
    row = json.dumps({"text": "Một câu.", "issuer": issuer}).encode()
    (record,) = jsonl.read(io.BytesIO(row), "a.jsonl")
    assert record.issuer == read_as
