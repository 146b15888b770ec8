"""Marks of notes are never read with the number before them, powers stay, lists keep their numbers: in every format."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from searchapp.article import Record
from searchapp.readers import formats, jsonl

URN = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = f'xmlns:office="{URN}:office:1.0" xmlns:text="{URN}:text:1.0" xmlns:style="{URN}:style:1.0"'
ODT = (
    f"<office:document-content {NAMES}>"
    '<office:automatic-styles><style:style style:name="T1"><style:text-properties style:text-position="super 58%"/>'
    "</style:style></office:automatic-styles><office:body><office:text><text:p>Theo Nghị quyết 05-NQ/TU"
    '<text:span text:style-name="T1">1</text:span> rộng 5 km<text:span text:style-name="T1">2</text:span></text:p>'
    "</office:text></office:body></office:document-content>"
)
SUP = "Theo Nghị quyết 05-NQ/TU<sup>1</sup> rộng 5 km<sup>2</sup>"


def odt() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("content.xml", ODT)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", SUP.encode()),
        ("a.md", "Theo Nghị quyết 05-NQ/TU[^1] rộng 5 km²\n".encode()),
        ("a.md", f"<div>\n<p>{SUP}</p>\n</div>\n".encode()),
        ("a.html", f"<html><body><p>{SUP}</p></body></html>".encode()),
        ("a.html", f"<html><body><p>{SUP.replace('>1<', '><a href=#n>[1]</a><')}</p></body></html>".encode()),
        ("a.odt", odt()),
        ("a.rtf", rb"{\rtf1\ansi\ansicpg1258 Theo Ngh\'ec quy\'eat 05-NQ/TU{\super 1} r\u7897?ng 5 km{\super 2}}"),
        ("a.rtf", rb"{\rtf1\ansi Theo 05-NQ/TU\super 1\nosupersub  r\u7897?ng 5 km\super 2\nosupersub }"),
    ],
)
def test_marks_of_notes_are_none_of_the_text(name: str, data: bytes) -> None:
    formats.load()
    (record,) = formats.read(data, name)
    assert isinstance(record, Record)
    assert "05-NQ/TU rộng 5 km²" in " ".join(record.text.split())


def test_rows_keep_their_numbers_and_lose_their_marks() -> None:
    listed = "<ol start='3'><li>Ba</li><li>Bốn<ul><li>con</li></ul></li></ol><ol type=a><li>Điểm</li></ol>"
    row = json.dumps({"id": "1", "text": f"<p>{SUP}</p>{listed}"}).encode()
    (record,) = jsonl.read(io.BytesIO(row), "a.jsonl")
    assert isinstance(record, Record)
    assert record.text.split("\n") == ["Theo Nghị quyết 05-NQ/TU rộng 5 km²", "3. Ba", "4. Bốn", "con", "a) Điểm"]
