"""Captured pages: the newest of each is an article, hints say where its parts are, what kills its reader is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searchapp.article import Record
from searchapp.config.sites import Hints, from_json, load_hints
from searchapp.readers import read
from searchapp.readers.items import Bad, Note
from searchapp.readers.sandbox import parent

URL = "https://tinh.example.vn"
SENTENCE = "Ủy ban nhân dân tỉnh họp bàn việc làm cầu qua sông, mở chợ mới và xây trường học cho trẻ em."


def page(title: str, *paragraphs: str, more: str = "") -> bytes:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs or (SENTENCE,) * 3)
    body = f"<h1>{title}</h1>{more}<article>{inner}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


class Writer:
    """Writes a WARC as any tool would."""

    def __init__(self, path: Path, *, gzip: bool = True) -> None:
        self.path = path
        self.buffer = io.BytesIO()
        self.warc = WARCWriter(self.buffer, gzip=gzip)
        self.warc.write_record(self.warc.create_warcinfo_record(path.name, {"software": "khac"}))

    def add(
        self,
        path: str,
        body: bytes,
        *,
        day: int = 1,
        status: str = "200 OK",
        kind: str = "text/html",
        how: str = "response",
    ) -> Writer:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1") if how == "response" else None
        record = self.warc.create_warc_record(
            URL + path, how, payload=io.BytesIO(body), http_headers=headers, warc_content_type=kind,
            warc_headers_dict={"WARC-Date": f"2026-01-{day:02}T03:04:05Z"},
        )  # fmt: skip
        self.warc.write_record(record)
        return self

    def items(self, cut: int = 0) -> tuple[list[Record], list[Bad], list[Note]]:
        data = self.buffer.getvalue()
        self.path.write_bytes(data[: len(data) - cut])
        notes: list[Note] = []
        found = list(read(self.path, name=self.path.name, report=notes.append))
        records = [item for item in found if isinstance(item, Record)]
        return records, [item for item in found if isinstance(item, Bad)], notes


@pytest.fixture
def warc(tmp_path: Path) -> Callable[..., Writer]:
    return lambda name="a.warc.gz", **options: Writer(tmp_path / name, **options)


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_the_newest_capture_of_each_page_is_an_article(warc: Callable[..., Writer], name: str) -> None:
    writer = warc(name, gzip=name.endswith("gz"))
    writer.add("/tin/1", page("Mới"), day=9).add("/tin/1", page("Cũ"), day=2).add("/tin/1/", page("Cũ hơn"))
    writer.add("/tin/2", page("Hai"), how="resource").add("/tin/3", page("Lỗi"), status="404 Not Found")
    writer.add("/", page("Trang chủ")).add("/muc", page("Mục", "Tin", "Bài")).add("/a.css", b"a{}", kind="text/css")
    records, bad, notes = writer.items()
    assert [(one.title, one.url) for one in records] == [("Mới", f"{URL}/tin/1"), ("Hai", f"{URL}/tin/2")]
    assert records[0].rank > records[1].rank > 0 and records[0].source == "tinh.example.vn"
    assert bad == [] and [note.text for note in notes] == ["2 pages without an article of their own, such as lists"]


def test_other_formats_and_old_encodings(warc: Callable[..., Writer]) -> None:
    writer = warc().add("/tin/1", (SENTENCE * 3).encode("utf-16"), kind="text/plain")
    writer.add("/van-ban/2.pdf", b"%PDF-1.4", kind="application/pdf")
    writer.add("/van-ban/3.doc", b"\xd0\xcf\x11\xe0", kind="application/msword")
    writer.add("/tin/4", b"The quick brown fox jumps over the lazy dog. " * 60, kind="text/plain")
    records, bad, notes = writer.items()
    assert [one.url for one in records] == [f"{URL}/tin/1"]
    assert [note.text for note in notes] == ["utf-16-le"]
    assert [one.path for one in bad] == [f"a.warc.gz/{URL}/van-ban/{n}" for n in ("2.pdf", "3.doc")] + [
        f"a.warc.gz/{URL}/tin/4"
    ]


def test_hints_say_what_a_page_does_not(warc: Callable[..., Writer], tmp_path: Path) -> None:
    Hints(
        source="Cổng tỉnh",
        title_at=".ten",
        date_at="time",
        text_at=".noi-dung",
        articles=("/tin/*",),
        deny=("/tin/cu/*",),
    ).save(tmp_path)
    more = '<b class="ten">Tên thật</b><time datetime="2021-09-15T08:00">hôm qua</time>'
    body = page("Tên trang", more=f'{more}<div class="noi-dung"><p>{SENTENCE}</p></div>')
    writer = (
        warc().add("/tin/1", body).add("/tin/cu/2", page("Cũ")).add("/muc/3", page("Mục")).add("/tin/4", page("Khác"))
    )
    first, second = writer.items()[0]
    assert (first.title, first.date, first.source, first.text) == ("Tên thật", "2021-09-15", "Cổng tỉnh", SENTENCE)
    assert (second.title, SENTENCE in second.text) == ("Khác", True), "where the hints lead to nothing"


@pytest.mark.parametrize("text", ["", "[]", "7", '{"source": 7, "articles": 7}', '{"khac": 1}', "{"])
def test_hints_that_are_none_do_no_harm(text: str, tmp_path: Path) -> None:
    assert isinstance(from_json(text), Hints) and load_hints(tmp_path) == Hints()


def test_a_page_that_kills_its_reader_is_named_and_the_rest_is_read(warc: Callable[..., Writer]) -> None:
    bomb = b"<html><body>" + b"<p>" + b"x " * (9 << 20)
    writer = warc().add("/tin/1", page("Một")).add("/tin/bom", bomb).add("/tin/2", page("Hai"))
    records, bad, _ = writer.items()
    assert [one.title for one in records] == ["Một", "Hai"]
    assert [one.path for one in bad] in ([], [f"a.warc.gz/{URL}/tin/bom"])


def test_a_process_that_dies_is_started_again_after_the_page(
    warc: Callable[..., Writer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "Child", Dying)
    Dying.lives = 0
    writer = warc().add("/tin/1", page("Một")).add("/tin/2", page("Hai")).add("/tin/3", page("Ba"))
    records, bad, _ = writer.items()
    assert [one.title for one in records] == ["Một", "Ba"]
    assert [str(one) for one in bad] == [f"a.warc.gz/{URL}/tin/2: its reader was stopped by the system"]
    assert Dying.lives == 2


class Dying(parent.Child):
    """A reader that is killed while it reads the second page."""

    lives = answers = 0

    def __init__(self, *arguments: str, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        type(self).lives += 1

    def answer(self, seconds: float) -> bytes:
        self.answers += 1
        if type(self).lives == 1 and self.answers == 4:  # address and items of the first, address of the second
            self.process.kill()
            self.process.wait()
            raise EOFError
        return super().answer(seconds)


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(warc: Callable[..., Writer], cut: int) -> None:
    writer = warc().add("/tin/1", page("Một")).add("/tin/2", page("Hai"))
    records, _, _ = writer.items(cut)
    assert records[0].title == "Một"


@pytest.mark.parametrize("data", [b"", b"xin chao", b"\x1f\x8b\x08 hong", b"WARC/1.0\r\n" + b"a: b\r\n" * 50_000])
def test_what_is_no_file_of_captures_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    found = list(read(path, name="a.warc.gz"))
    assert len(found) == 1 and isinstance(found[0], Bad)
