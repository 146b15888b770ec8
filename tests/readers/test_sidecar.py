"""What a person mended in `<file>.meta.yaml` is what is indexed, whatever the format of the file."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from cases import docx, feed, html, pdf, rows
from cases.foreign import Foreign
from docx import Document
from openpyxl import Workbook

from searchapp.article import Record
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.readers import read, sidecar
from searchapp.readers.items import Bad, Note

SAID = "Hội nghị đã thảo luận sôi nổi, thẳng thắn và thống nhất cao nhiều nội dung quan trọng về xây dựng Đảng. " * 3
FAULTS = (*docx.CASES, *feed.CASES, *html.CASES, *pdf.CASES, *rows.CASES)
MENDED = """\
title: Thông báo đã sửa
date: 5/3/2021
issuer: Đảng ủy phường Bến Nhỏ
themes: [giao-duc, moi-truong]
"""


def _docx() -> bytes:
    made, stream = Document(), io.BytesIO()
    made.add_paragraph(SAID)
    made.save(stream)
    return stream.getvalue()


def _xlsx() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append([SAID])
    book.save(stream)
    return stream.getvalue()


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("trong/mot.txt", SAID)
        packed.writestr("hai.md", f"# Hai\n\n{SAID} Hai.")
    return stream.getvalue()


def _mail() -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = "Thư", "a@example.org", "Mon, 4 Jan 2021 08:00:00 +0700"
    made.set_content(SAID)
    return made.as_bytes()


KINDS: dict[str, Callable[[], bytes]] = {
    "a.txt": SAID.encode,
    "a.md": f"---\ntitle: Cũ\n---\n{SAID}".encode,
    "a.html": f"<html><head><meta charset=utf-8><title>Cũ</title></head><body><article><p>{SAID}</p></article>".encode,
    "a.jsonl": lambda: json.dumps({"id": "x", "title": "Cũ", "text": SAID}).encode(),
    "a.docx": _docx,
    "a.xlsx": _xlsx,
    "a.zip": _zip,
    "a.eml": _mail,
}


def _written(folder: Path, name: str, data: bytes, aside: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    sidecar.beside(path).write_bytes(aside if isinstance(aside, bytes) else aside.encode())
    return path


@pytest.mark.parametrize("name", KINDS)
def test_every_format_honours_it(tmp_path: Path, name: str) -> None:
    path = _written(tmp_path, name, KINDS[name](), MENDED)
    records = [item for item in read(path, name=name) if isinstance(item, Record)]
    assert records
    for one in records:
        assert (one.title, one.date, one.issuer) == ("Thông báo đã sửa", "5/3/2021", "Đảng ủy phường Bến Nhỏ")
        assert one.themes == ("giao-duc", "moi-truong")


@pytest.mark.parametrize("case", [one for one in FAULTS if one.text and not one.bad], ids=lambda one: one.id)
def test_every_file_that_can_be_read_honours_it(tmp_path: Path, case: Foreign) -> None:
    made = case.make()
    path = _written(tmp_path, case.name, made.encode() if isinstance(made, str) else made, "title: Tên đã sửa")
    records = [item for item in read(path, name=case.name) if isinstance(item, Record)]
    assert {one.title for one in records} <= {"Tên đã sửa"}


def test_articles_of_one_file_have_facts_of_their_own(tmp_path: Path) -> None:
    inner = "articles:\n  trong/mot.txt: {title: Một, date: ''}\n  hai.md: {title: Hai đã sửa}\n"
    path = _written(tmp_path, "a.zip", _zip(), "date: 2021\n" + inner)
    found = [one for one in read(path, name="a.zip") if isinstance(one, Record)]
    assert sorted((one.title, one.date) for one in found) == [("Hai đã sửa", "2021"), ("Một", "")]
    lines = "\n".join(json.dumps({"id": f"số {n}", "text": SAID + str(n)}) for n in (1, 2, 3))
    path = _written(tmp_path, "b.jsonl", lines.encode(), "articles: {2: {title: Dòng hai}, số 3: {title: Số ba}}")
    titles = [one.title for one in read(path, name="b.jsonl") if isinstance(one, Record)]
    assert titles[1:] == ["Dòng hai", "Số ba"]


@pytest.mark.parametrize(
    ("aside", "says"),
    [
        ("title: [a, b]", "title must be text"),
        ("title: a\ntitle: b", "same key twice"),
        ("- a\n- b", "not a list of 'key: value'"),
        ("title: 'a", "not YAML (line"),
        ("a: &x [1]\nb: [*x, *x]", "alias"),
        ("!!python/object/apply:os.system [id]", "not"),
        ("a: " + "[" * 3_000, "nested too deep"),
        ("title: " + "a" * 3_000, "longer"),
        ("x: " + "a" * 70_000, "longer than 64 kB"),
        (b"\xff\xfe\xff", "not UTF-8"),
        ("themes: {a: b}", "themes must be a list"),
        ("articles: [1]", "articles must hold"),
        ("text: mới\nid: khac\nurl: https://x.example\n", "unknown key left out: 'text'"),
        ("x" * 1_100_000, "larger than 1 MB"),
    ],
)
def test_a_wrong_one_is_told_and_costs_no_article(tmp_path: Path, aside: str | bytes, says: str) -> None:
    path = _written(tmp_path, "a.txt", SAID.encode(), aside)
    told: list[Note] = []
    (record,) = read(path, name="a.txt", report=told.append)
    assert isinstance(record, Record) and record.text and not record.id
    assert any(says in str(note) and note.path == "a.txt.meta.yaml" for note in told), told


def test_a_change_of_it_alone_is_a_change(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    settings = replace(Settings(), index=index, corpus=(corpus,))
    (corpus / "a.txt").write_text(f"Tên cũ\n{SAID}", encoding="utf-8")
    (corpus / "b.txt").write_text(f"Bài khác\n{SAID} Khác.", encoding="utf-8")

    def run() -> tuple[int, int, int, list[str], list[str]]:
        for file in corpus.iterdir():  # long ago, so that no time is in doubt
            os.utime(file, ns=(file.stat().st_atime_ns, min(file.stat().st_mtime_ns, time.time_ns() - 10**11)))
        report = reindex((corpus,), index, settings, jobs=1)
        found = open_engine(settings)().search(Query(size=9))
        titles = sorted(match.article.title for match in found.matches)
        keys = sorted(match.article.key for match in found.matches)
        return report.new, report.changed, report.unchanged, titles, keys

    *_, keys = run()
    aside = corpus / "a.txt.meta.yaml"
    aside.write_text("title: Tên mới\n", encoding="utf-8")
    assert run() == (0, 1, 1, ["Bài khác", "Tên mới"], keys)
    assert run()[:3] == (0, 0, 2)
    aside.write_text("title: Tên khác nữa\n", encoding="utf-8")
    assert run() == (0, 1, 1, ["Bài khác", "Tên khác nữa"], keys)
    aside.unlink()
    assert run() == (0, 1, 1, ["Bài khác", "Tên cũ"], keys)


def test_one_without_its_source_is_told_and_links_are_not_followed(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (tmp_path / "secret.yaml").write_text("title: bí mật\n", encoding="utf-8")
    (corpus / "a.txt").write_text(f"Tên cũ\n{SAID}", encoding="utf-8")
    (corpus / "a.txt.meta.yaml").symlink_to(tmp_path / "secret.yaml")
    (corpus / "gone.pdf.meta.yaml").write_text("title: x\n", encoding="utf-8")
    settings = replace(Settings(), index=index, corpus=(corpus,))
    report = reindex((corpus,), index, settings, jobs=1)
    told = "\n".join(str(bad) for bad in report.skipped if isinstance(bad, Bad))
    assert "a.txt.meta.yaml: symbolic link, not followed" in told
    assert "gone.pdf.meta.yaml: mends a file that is not here" in told
    assert [m.article.title for m in open_engine(settings)().search(Query(size=9)).matches] == ["Tên cũ"]


@pytest.mark.parametrize("size", [245, 246, 255])
def test_a_name_without_room_for_one_is_read(tmp_path: Path, size: int) -> None:
    """Titles become names of files, and a Vietnamese letter has up to three bytes."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    name = "ề" * ((size - 4) // 3) + "a" * ((size - 4) % 3) + ".txt"
    assert len(name.encode()) == size
    (corpus / name).write_text(f"Họp phường\n\n{SAID}", encoding="utf-8")
    settings = replace(Settings(), index=tmp_path / "index")
    for verify in (False, True, False):
        report = reindex([corpus], settings.index, settings, jobs=1, verify=verify)
        assert (report.articles, report.skipped) == (1, ())
    (corpus / name).write_text(f"Họp phường, lần hai\n\n{SAID}", encoding="utf-8")
    assert reindex([corpus], settings.index, settings, jobs=1).changed == 1
