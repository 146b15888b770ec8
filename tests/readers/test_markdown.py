"""Markdown: front matter becomes facts, the body becomes paragraphs."""

import unicodedata

import pytest

from searchapp.errors import BadRecordError
from searchapp.readers import markdown
from searchapp.readers.items import Note


def record(text):
    *notes, found = markdown.read(text, "a.md")
    return found, notes


def test_front_matter_is_read_as_text():
    found, notes = record(
        "---\nid: 05\ntitle: 'Hội nghị: ngày đầu'\ndate: 2021-09-15\nnumber: 05-NQ/TU\nthemes: [dan-van, an-sinh]\n"
        "author:\nsource: true\n---\nĐoạn một.\n"
    )
    assert (found.id, found.title, found.date, found.number) == ("05", "Hội nghị: ngày đầu", "2021-09-15", "05-NQ/TU")
    assert (found.themes, found.author, found.source) == (("dan-van", "an-sinh"), "", "true")
    assert found.text == "Đoạn một."
    assert notes == []


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        ("# Tên bài\n\nĐoạn *một*\ndài.\n\n## Mục\n\nĐoạn **hai**.", "Tên bài", "Đoạn một dài.\nMục\nĐoạn hai."),
        ("- một\n- hai\n  - ba\n\n1. bốn", "", "một\nhai\nba\n1. bốn"),
        (
            "Điều 5. Thẻ\n\n1. Thẻ\n2. Hồ sơ gồm:\n\na) Đơn;\n\n3) Ảnh",
            "",
            "Điều 5. Thẻ\n1. Thẻ\n2. Hồ sơ gồm:\na) Đơn;\n3) Ảnh",
        ),
        ("| A | B |\n|---|---|\n| c | d |", "", "A | B\nc | d"),
        ("Xem [nghị quyết](https://example.org) và ![ảnh](a.png).", "", "Xem nghị quyết và ảnh."),
        ("> trích\n\n```\nmã\n```", "", "trích\nmã"),
        ("dòng một  \ndòng hai", "", "dòng một\ndòng hai"),
        ("<script>alert(1)</script>\n\nĐoạn <b>đậm</b>.", "", "Đoạn đậm."),
        ("Hoà & hòa &amp; Ð 05-NQ/TU", "", "Hoà & hòa & Ð 05-NQ/TU"),
        ("khong dau", "", "khong dau"),
        (unicodedata.normalize("NFD", "Nghị quyết"), "", unicodedata.normalize("NFD", "Nghị quyết")),
    ],
    ids=range(11),
)
def test_the_body_becomes_plain_paragraphs(body, title, text):
    found, _ = record(body)
    assert (found.title, found.text) == (title, text)


def test_a_heading_that_repeats_the_title_goes_another_one_stays():
    assert record("---\ntitle: Tên bài\n---\n# Tên Bài\n\nĐoạn.")[0].text == "Đoạn."
    assert record("---\ntitle: Tên bài\n---\n# Mở đầu\n\nĐoạn.")[0].text == "Mở đầu\nĐoạn."


def test_windows_line_ends_and_a_mark_at_the_start():
    assert record("\ufeff---\r\ntitle: Tên\r\n---\r\nĐoạn.\r\n")[0].title == "Tên"


def test_unknown_keys_are_named():
    _, notes = record("---\ntitle: T\nlayout: post\n---\nĐoạn.")
    assert notes == [Note("a.md", 0, "keys", "unknown key left out: 'layout'")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text"),
        ("---\ntitle: T\n---\n", "no text"),
        ("---\ntitle: T\nĐoạn.", "no end"),
        ("---\ntitle: [a\n---\nĐoạn.", "not YAML"),
        ("---\n- a\n---\nĐoạn.", "not a list"),
        ("---\ntitle: a\ntitle: b\n---\nĐoạn.", "same key twice"),
        ("---\na: &a [1]\nb: *a\n---\nĐoạn.", "alias"),
        ("---\ntitle: {a: b}\n---\nĐoạn.", "title must be text"),
        ("---\n? [a]\n: b\n---\nĐoạn.", "front matter"),
        ("---\na: " + "[" * 1_500 + "\n---\nĐoạn.", "front matter"),
        ("---\na: " + "x" * 70_000 + "\n---\nĐoạn.", "longer than 64 kB"),
    ],
    ids=range(11),
)
def test_broken_front_matter_is_a_reason(text, reason):
    with pytest.raises(BadRecordError, match=reason):
        list(markdown.read(text, "a.md"))


def test_yaml_makes_no_objects():
    with pytest.raises(BadRecordError, match="title must be text, not a list"):
        list(markdown.read("---\ntitle: !!python/object/apply:os.system [echo]\n---\nĐoạn.", "a.md"))
