"""The operator's pages: who enters, what may be uploaded, what is written down, and that every change is a file."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from server_support import serving

from searchapp import config
from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.errors import SettingsError
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.tables import read as read_tables
from searchapp.tables.rows import STARTERS
from searchapp.visitors.statistics import Statistics
from searchapp.web import create_app
from searchapp.web.admin import amending
from searchapp.web.data import originals

TOKEN = "ma-quan-tri-0123456789"
BODY = "Phường Bến Nhỏ họp bàn việc xây cầu và sửa đường, phân công các tổ dân phố cùng làm. " * 4


@pytest.fixture
def archive(tmp_path: Path) -> Settings:
    corpus, tables = tmp_path / "corpus", tmp_path / "bang"
    for folder in (corpus, tables):
        folder.mkdir()
    (corpus / "a.txt").write_text(f"Họp phường\n{BODY}", encoding="utf-8")
    with zipfile.ZipFile(corpus / "goi.zip", "w") as packed:
        packed.writestr("trong/mot.txt", f"Một\n{BODY} một")
        packed.writestr("trong/hai.txt", f"Hai\n{BODY} hai")
    for name in ("pins.tsv", "featured.tsv"):
        (tables / name).write_text(STARTERS[name], encoding="utf-8")
    settings = replace(
        Settings(),
        index=tmp_path / "index",
        corpus=(corpus,),
        tables=tables,
        state=tmp_path / "state",
        admin=True,
        operator_token=TOKEN,
    )
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return settings


def command(settings: Settings) -> list[str]:
    return [sys.executable, "-m", "searchapp", "reindex", "--index", str(settings.index), str(settings.corpus[0])]


def entered(settings: Settings) -> FlaskClient:
    site = create_app(settings, None, command(settings)).test_client()
    answer = site.post("/quan-tri/vao", data={"ma": TOKEN})
    assert answer.status_code == 303
    return site


def proof(site: FlaskClient) -> str:
    found = re.search(r'name="bang_chung" value="([0-9a-f]+)"', site.get("/quan-tri").text)
    assert found
    return found[1]


def upload(site: FlaskClient, name: str, data: bytes, **more: str) -> Any:
    fields = {"bang_chung": proof(site), "tep": (io.BytesIO(data), name), "thu_muc": "0", **more}
    return site.post("/quan-tri/tai-len", data=fields, content_type="multipart/form-data")


def journal(settings: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (settings.state / "audit.jsonl").read_text(encoding="utf-8").splitlines()]


def files(settings: Settings) -> set[str]:
    return {str(path.relative_to(settings.corpus[0].parent)) for path in settings.corpus[0].parent.rglob("*")
            if path.is_file() and "index" not in path.parts[len(settings.corpus[0].parent.parts)]}  # fmt: skip


# Who enters


def test_nobody_enters_without_the_token(archive: Settings) -> None:
    site = create_app(archive).test_client()
    for path in ("/quan-tri", "/quan-tri/thong-ke", "/quan-tri/bai/0123456789ab"):
        assert site.get(path).headers["Location"].endswith("/quan-tri/vao")
    for path in ("/quan-tri/tai-len", "/quan-tri/lap-chi-muc", "/quan-tri/ghim"):
        assert site.post(path, data={"q": "a"}).status_code == 303
    assert site.post("/quan-tri/vao", data={"ma": "khong-phai"}).status_code == 403
    site.set_cookie("searchapp-operator", "x" * 40, path="/quan-tri")
    assert site.get("/quan-tri").status_code == 303
    assert [line["did"] for line in journal(archive)] == ["refused"]
    assert TOKEN not in (archive.state / "audit.jsonl").read_text(encoding="utf-8")


def test_the_session_is_a_strict_cookie_of_these_pages_alone(archive: Settings) -> None:
    site = create_app(archive).test_client()
    answer = site.post("/quan-tri/vao", data={"ma": TOKEN}, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    for word in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/quan-tri"):
        assert word in cookie
    assert "Set-Cookie" not in site.get("/").headers
    page = site.get("/quan-tri", base_url="https://localhost")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"


def test_forms_of_other_pages_do_nothing(archive: Settings) -> None:
    site, before = entered(archive), files(archive)
    for said in ({}, {"bang_chung": "0" * 64}, {"bang_chung": "\u00e1"}):
        for path in ("/quan-tri/lap-chi-muc", "/quan-tri/ghim", "/quan-tri/noi-bat", "/quan-tri/ra"):
            assert site.post(path, data=said).status_code == 400
        sent = {**said, "tep": (io.BytesIO(BODY.encode()), "b.txt")}
        assert site.post("/quan-tri/tai-len", data=sent, content_type="multipart/form-data").status_code == 400
    other = entered(archive)
    assert site.post("/quan-tri/lap-chi-muc", data={"bang_chung": proof(other)}).status_code == 400
    assert files(archive) == before


def test_off_unless_it_is_switched_on(archive: Settings, tmp_path: Path) -> None:
    site = create_app(replace(archive, admin=False, operator_token="")).test_client()
    assert site.get("/quan-tri").status_code == 404
    counts_only = create_app(replace(archive, admin=False)).test_client()
    counts_only.post("/quan-tri/vao", data={"ma": TOKEN})
    assert counts_only.get("/quan-tri/thong-ke").status_code == 200
    assert "tai-len" not in counts_only.get("/quan-tri").text
    assert counts_only.post("/quan-tri/tai-len").status_code == 404
    (tmp_path / "searchapp.toml").write_text("admin = true\n", encoding="utf-8")
    without = config.load(tmp_path / "searchapp.toml", {})  # other commands, of cron say, need no token
    assert (
        create_app(replace(archive, admin=without.admin, operator_token="")).test_client().get("/quan-tri").status_code
        == 404
    )
    serve = ["serve", "--index", str(archive.index), "--host", "0.0.0.0", "--port", "1"]
    for refused in (["--config", str(tmp_path / "searchapp.toml"), *serve], [*serve, "--admin"]):
        done = CliRunner().invoke(cli, refused)
        assert isinstance(done.exception, SettingsError) and "operator_token" in str(done.exception), done.output


# Uploads


def test_a_file_is_read_kept_and_served_after_a_reindex(archive: Settings) -> None:
    site = entered(archive)
    answer = upload(site, "Báo cáo tháng 3.txt", f"Báo cáo tháng ba\n{BODY} ba".encode())
    assert answer.status_code == 200 and "Báo cáo tháng ba" in answer.text
    assert (archive.corpus[0] / "Báo cáo tháng 3.txt").is_file()
    site.post("/quan-tri/lap-chi-muc", data={"bang_chung": proof(site)})
    end = time.monotonic() + 90
    page = site.get("/quan-tri").text
    while ("1 bài mới" not in page or "Đang lập chỉ mục" in page) and time.monotonic() < end:
        time.sleep(0.2)
        page = site.get("/quan-tri").text
    assert "1 bài mới" in page and ": 1 mới, 0 đổi" in page
    titles = {match.article.title for match in open_engine(archive)().search(Query(size=9)).matches}
    assert "Báo cáo tháng ba" in titles
    assert [line["did"] for line in journal(archive)] == ["entered", "uploaded", "reindex started"]
    assert stat.S_IMODE((archive.state / "audit.jsonl").stat().st_mode) == 0o600


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(40):
            packed.writestr(f"{number}.txt", b"0" * (50 << 20))
    return stream.getvalue()


def _word_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", b"<a>" + b" " * (400 << 20))
    return stream.getvalue()


GOOD = f"Bài\n{BODY} nữa".encode()


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("../../x.txt", lambda: GOOD, "không hợp lệ"),
        ("..\\..\\x.txt", lambda: GOOD, "không hợp lệ"),
        ("/etc/cron.d/x.txt", lambda: GOOD, "không hợp lệ"),
        (".searchignore", lambda: b"*", "không hợp lệ"),
        (".an.txt", lambda: GOOD, "không hợp lệ"),
        ("a\u202etxt.exe.txt", lambda: GOOD, "không hợp lệ"),
        ("~$a.docx", lambda: GOOD, "không hợp lệ"),
        ("dài" * 80 + ".txt", lambda: GOOD, "quá dài"),
        ("x", lambda: GOOD, "không đọc được"),
        ("x.php", lambda: b"<?php system($_GET[0]);", "không đọc được"),
        ("a.txt.meta.yaml", lambda: b"title: x", "không đọc được"),
        ("a.txt", lambda: GOOD, "cùng tên"),
        ("A.TXT", lambda: GOOD, "cùng tên"),  # one file on Windows and macOS
        ("nul.txt", lambda: GOOD, "không hợp lệ"),
        ("COM1.tep.txt", lambda: GOOD, "không hợp lệ"),
        ("rong.txt", lambda: b"", "Không đọc được bài nào"),
        ("anh.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "Không đọc được bài nào"),
        ("trang.pdf", lambda: b"<html>" + GOOD, "Không đọc được bài nào"),
        ("bom.zip", _bomb, "Không đọc được bài nào"),
        ("bom.docx", _word_bomb, "Không đọc được bài nào"),
        ("long.zip", lambda: _zipped("trong.zip", _bomb()), "Không đọc được bài nào"),
        ("thoat.zip", lambda: _zipped("../../../x.sh", b"#!/bin/sh"), "Không đọc được bài nào"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    archive: Settings, name: str, make: Callable[[], bytes], says: str
) -> None:
    site, before = entered(archive), files(archive)
    answer = upload(site, name, make())
    assert answer.status_code == 400 and says in answer.text
    assert files(archive) == before
    assert journal(archive)[-1]["did"] == "upload refused"


def _zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return stream.getvalue()


def test_two_gigabytes_are_refused_before_they_are_read(archive: Settings) -> None:
    site, before = entered(archive), files(archive)
    said = {"CONTENT_LENGTH": str(2 << 30)}
    kind = "multipart/form-data; boundary=x"
    nothing = io.BytesIO(b"")
    answer = site.post("/quan-tri/tai-len", environ_overrides=said, content_type=kind, input_stream=nothing)
    assert answer.status_code == 413
    assert site.post("/quan-tri/ghim", data={"q": "a" * 10_000_000}).status_code == 413
    assert files(archive) == before


def test_more_than_is_allowed_without_saying_so_is_cut_off(archive: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amending, "MAX_BYTES", 1000)
    site, before = entered(archive), files(archive)
    assert upload(site, "to.txt", GOOD * 9).status_code == 400
    assert files(archive) == before


def test_a_file_is_replaced_only_when_that_is_asked(archive: Settings) -> None:
    site = entered(archive)
    assert upload(site, "a.txt", GOOD, thay="1").status_code == 200
    assert (archive.corpus[0] / "a.txt").read_bytes() == GOOD
    outside = archive.corpus[0].parent / "ngoai.txt"
    outside.write_text("của người khác", encoding="utf-8")
    (archive.corpus[0] / "noi.txt").symlink_to(outside)
    assert upload(site, "noi.txt", GOOD, thay="1").status_code == 400
    assert outside.read_text(encoding="utf-8") == "của người khác"
    for number in ("9", "-1", "x"):
        assert upload(site, "b.txt", GOOD, thu_muc=number).status_code == 400


# Mending


def _keys(settings: Settings) -> dict[str, str]:
    return {m.article.title: m.article.key for m in open_engine(settings)().search(Query(size=9)).matches}


def mend(site: FlaskClient, key: str, **said: str) -> Any:
    page = site.get(f"/quan-tri/bai/{key}").text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    fields.pop("dich", None)
    return site.post(f"/quan-tri/bai/{key}", data={**fields, **said})


def test_what_is_mended_stands_beside_the_source_and_holds_after_a_reindex(archive: Settings) -> None:
    site = entered(archive)
    key = _keys(archive)["Họp phường"]
    assert mend(site, key, title='Họp "phường": đã sửa', date="5/3/2021", themes="giao-duc").status_code == 200
    aside = archive.corpus[0] / "a.txt.meta.yaml"
    assert aside.read_text(encoding="utf-8").splitlines() == [
        "title: 'Họp \"phường\": đã sửa'",
        "date: 5/3/2021",
        "themes:",
        "- giao-duc",
    ]
    reindex(archive.corpus, archive.index, archive, jobs=1)
    (article,) = open_engine(archive)().articles([key])
    assert (article.title, article.date, article.themes[0]) == ('Họp "phường": đã sửa', "2021-03-05", "giao-duc")
    line = journal(archive)[-1]
    assert line["did"] == "mended" and line["facts"]["date"] == "5/3/2021"


def test_an_article_of_an_archive_is_mended_alone(archive: Settings) -> None:
    key = _keys(archive)["Hai"]
    assert mend(entered(archive), key, title="Hai đã sửa").status_code == 200
    reindex(archive.corpus, archive.index, archive, jobs=1)
    assert set(_keys(archive)) == {"Họp phường", "Một", "Hai đã sửa"}


def _paper(number: str, about: str) -> str:
    return (
        f"ỦY BAN NHÂN DÂN\nTỈNH LÀO CAI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {number}\n"
        f"Lào Cai, ngày 10 tháng 3 năm 2025\nQUYẾT ĐỊNH\n{about}\nCăn cứ Hiến pháp;\nQUYẾT ĐỊNH:\n"
        "Điều 1. Giao Sở Tài chính thực hiện.\nCHỦ TỊCH\nLê Thị Hồng\n"
    )


def _rows(path: Path, names: list[str], *facts: str) -> None:
    rows = [{"title": name, "text": f"{name}. {BODY}"} for name in names]
    for number, row in enumerate(rows, 1):
        row |= {fact: {"id": f"so-{number}", "url": f"https://example.vn/bai?id={number}"}[fact] for fact in facts}
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def _zipped_rows(path: Path, names: list[str]) -> None:
    papers = [_paper(f"{number}/2025/QĐ-UBND", name) for number, name in enumerate(names, 1)]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mot.txt", papers[0] + papers[1])
        packed.writestr("hai.txt", papers[2])


OF_SEVERAL: dict[str, Callable[[Path, list[str]], None]] = {
    "rows.jsonl": _rows,
    "with-ids.jsonl": lambda path, names: _rows(path, names, "id"),
    "with-addresses.jsonl": lambda path, names: _rows(path, names, "url"),
    "issue.txt": lambda path, names: path.write_text(
        "".join(_paper(f"{number}/2025/QĐ-UBND", name) for number, name in enumerate(names, 1)), encoding="utf-8"
    ) and None,
    "issues.zip": _zipped_rows,
}  # fmt: skip


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("name", OF_SEVERAL)
def test_one_of_several_in_a_file_is_mended_alone(archive: Settings, name: str, which: int) -> None:
    names = ["Về quản lý chợ", "Về giá đò ngang", "Về bến xe khách"]
    OF_SEVERAL[name](archive.corpus[0] / name, names)
    reindex(archive.corpus, archive.index, archive, jobs=1)
    key = _keys(archive)[names[which]]
    site = entered(archive)
    assert mend(site, key, title="Tên đã sửa", themes="giao-duc").status_code == 200
    assert 'value="Tên đã sửa"' in site.get(f"/quan-tri/bai/{key}").text
    reindex(archive.corpus, archive.index, archive, jobs=1)
    kept = {title for at, title in enumerate(names) if at != which}
    assert set(_keys(archive)) - {"Họp phường", "Một", "Hai"} == {"Tên đã sửa", *kept}
    filed = [one.title for one in open_engine(archive)().articles(list(_keys(archive).values())) if one.filed]
    assert filed == ["Tên đã sửa"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 200),
        ({"date": "hôm qua"}, 400),
        ({"title": "a" * 3000}, 400),
        ({"themes": ",".join(f"t{n}" for n in range(50))}, 400),
    ],
)
def test_what_is_no_fact_is_not_written(archive: Settings, said: dict[str, str], status: int) -> None:
    key = _keys(archive)["Họp phường"]
    assert mend(entered(archive), key, **said).status_code == status
    assert not (archive.corpus[0] / "a.txt.meta.yaml").exists()


def test_yaml_of_an_operator_is_text(archive: Settings) -> None:
    key, site = _keys(archive)["Họp phường"], entered(archive)
    said = "!!python/object/apply:os.system ['x']\n- *a"
    assert mend(site, key, title=said, section="yes", number="012").status_code == 200
    reindex(archive.corpus, archive.index, archive, jobs=1)
    (article,) = open_engine(archive)().articles([key])
    assert article.section == "yes" and "!!python/object" in article.title
    assert site.get("/quan-tri/bai/ffffffffffff").status_code == 404


# Pins, counts, the server


def test_pins_and_featured_are_rows_of_tables(archive: Settings) -> None:
    site, key = entered(archive), _keys(archive)["Một"]
    said = {"bang_chung": proof(site)}
    assert site.post("/quan-tri/ghim", data={**said, "q": "xây\tcầu\n", "dich": key}).status_code == 200
    assert site.post("/quan-tri/noi-bat", data={**said, "dich": key}).status_code == 200
    assert site.post("/quan-tri/ghim", data={**said, "q": "a", "dich": "khong-co"}).status_code == 400
    assert site.post("/quan-tri/ghim", data={**said, "q": "", "dich": key}).status_code == 400
    assert (archive.tables or Path()).joinpath("pins.tsv").read_text(encoding="utf-8").endswith(f"\nxây cầu\t{key}\n")
    again = create_app(archive).test_client()
    assert "Tin nổi bật" in again.get("/").text
    assert again.get("/tim-kiem.json?q=xây+cầu").get_json()["results"][0]["id"] == key
    assert site.post("/quan-tri/ghim", data={**said, "q": "xây cầu", "dich": key, "bo": "1"}).status_code == 200
    assert key not in (archive.tables or Path()).joinpath("pins.tsv").read_text(encoding="utf-8")


PIN = "/quan-tri/ghim"


@pytest.mark.parametrize(
    ("before", "query", "status", "holds"),
    [
        ("", "xây cầu", 200, True),
        ("# ghi chú\n", "xây cầu", 200, True),
        ("target\tquery\n", "xây cầu", 200, True),  # columns in the operator's order
        ("query\tnote\ttarget\r\ná\tb\tabcdefabcdef\r\n", "xây cầu", 200, True),
        (None, "-xây cầu", 400, False),  # would take a row away that is not there: no table could be read any more
        (None, "#xây cầu", 400, False),  # would be a remark
        ("query\ttarget\n" + "".join(f"xây cầu\tabcdef12345{n}\n" for n in range(5)), "Xây Cầu", 400, False),
        ("query\n", "xây cầu", 400, False),
        ("query\ttarget\nxây cầu\tX Y\n", "xây cầu", 400, False),
        (b"\xff\xfeq\x00", "xây cầu", 400, False),
    ],
)
def test_no_pin_breaks_the_tables(
    archive: Settings, before: str | bytes | None, query: str, status: int, holds: bool
) -> None:
    site, key = entered(archive), _keys(archive)["Một"]
    table = (archive.tables or Path()) / "pins.tsv"
    if before is not None:
        table.write_bytes(before if isinstance(before, bytes) else before.encode())
    table.chmod(0o640)
    was = table.read_bytes()
    said = {"bang_chung": proof(site), "q": query, "dich": key}
    assert site.post(PIN, data=said).status_code == status
    assert stat.S_IMODE(table.stat().st_mode) == 0o640
    if not holds:
        assert table.read_bytes() == was
        return
    again = create_app(archive).test_client()
    assert again.get("/tim-kiem.json?q=xây+cầu").get_json()["results"][0]["id"] == key
    assert site.post(PIN, data={**said, "bo": "1"}).status_code == 200
    assert key not in table.read_text(encoding="utf-8")


def test_two_operators_at_once_lose_nothing(archive: Settings) -> None:
    key, tables = _keys(archive)["Một"], archive.tables or Path()
    (article,) = open_engine(archive)().articles([key])
    entry = originals.files(archive.generations, open_engine(archive)().generation)["goi.zip"]

    def work(number: int) -> None:
        amending.added(tables, "pins.tsv", (f"câu {number}", key))
        member = f"goi.zip/{number}.txt"
        amending.mended(entry, replace(article, id=member, path=member), {"title": f"Tên {number}"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert read_tables(tables)[0].rows["pins"] and len(read_tables(tables)[0].rows["pins"]) == 24
    assert len(re.findall("title:", (archive.corpus[0] / "goi.zip.meta.yaml").read_text(encoding="utf-8"))) == 24


def test_what_was_mended_can_be_taken_back_before_the_reindex(archive: Settings) -> None:
    site, key = entered(archive), _keys(archive)["Họp phường"]
    assert mend(site, key, title="Nhầm", themes="giao-duc").status_code == 200
    page = site.get(f"/quan-tri/bai/{key}").text
    assert 'value="Nhầm"' in page and 'value="giao-duc"' in page
    assert mend(site, key, title="Họp phường").status_code == 200
    reindex(archive.corpus, archive.index, archive, jobs=1)
    (article,) = open_engine(archive)().articles([key])
    assert article.title == "Họp phường"


@pytest.mark.parametrize(
    "line", [b'{"time": "2026-11-30T10:0', b"\xff\xfe\n", b"[]\n5\n", b'{"time": 5, "did": "entered"}\n',
             b'{"time": "2026-11-30T10:00:00", "did": "of a later release"}\n', b"{}\n"],
)  # fmt: skip
def test_a_line_of_the_journal_that_was_cut_off_hides_no_other(archive: Settings, line: bytes) -> None:
    site = entered(archive)
    with (archive.state / "audit.jsonl").open("ab") as file:
        file.write(line)
    upload(site, "moi.txt", BODY.encode())
    page = site.get("/quan-tri")
    assert page.status_code == 200 and "moi.txt" in page.text
    assert json.loads((archive.state / "audit.jsonl").read_bytes().splitlines()[-1])["did"] == "uploaded"


def test_a_disk_that_is_full_is_told_on_the_page(
    archive: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site, key = entered(archive), _keys(archive)["Một"]
    said = {"bang_chung": proof(site)}
    held = files(archive)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for answer in (
        upload(site, "moi.txt", BODY.encode()),
        mend(site, key, title="Tên khác"),
        site.post(PIN, data={**said, "q": "a", "dich": key}),
    ):
        assert answer.status_code == 503 and "No space left" in answer.text
    assert files(archive) == held
    monkeypatch.setattr(os, "pread", full)
    with caplog.at_level("ERROR"):
        assert site.post("/quan-tri/vao", data={"ma": "khong phai"}).status_code == 403
    assert "journal not written" in caplog.text


@pytest.mark.parametrize("number", ["²", "٣", "-1", "9" * 30, "", "0x0"])
def test_a_folder_that_is_none_is_a_bad_request(archive: Settings, number: str) -> None:
    assert upload(entered(archive), "moi.txt", BODY.encode(), thu_muc=number).status_code == 400


def test_every_link_of_a_page_that_a_form_opened_can_be_opened(archive: Settings) -> None:
    """The page after an upload stands at an address that only takes forms; its link to English leads to the desk."""
    site = entered(archive)
    answers = [upload(site, "moi.md", "Nội dung tiếng Việt của bài mới.".encode())]
    answers.append(site.post("/quan-tri/ghim", data={"bang_chung": proof(site), "q": "", "dich": "x"}))
    for answer in answers:
        links = {unescape(link) for link in re.findall(r'href="(/[^"#]*)"', answer.get_data(as_text=True))}
        assert any("/quan-tri" in link and "lang=en" in link for link in links)
        assert {link: status for link in links if (status := site.get(link).status_code) >= 400} == {}


@pytest.mark.parametrize(
    ("lang", "says"), [("", "nội dung là thứ khác"), ("?lang=en", "named .docx, but holds something else")]
)
def test_forms_stay_in_the_language_of_their_page(archive: Settings, lang: str, says: str) -> None:
    (archive.corpus[0] / "sai.docx").write_bytes(b"no docx")
    reindex(archive.corpus, archive.index, archive, jobs=1)
    site = entered(archive)
    page = site.get(f"/quan-tri{lang}").text
    assert says in page
    actions = re.findall(r'method="post" action="([^"]*)"', page)
    assert len(actions) > 3 and all(action.endswith(lang) for action in actions)
    form = {"tep": (io.BytesIO(b"no docx"), "khac.docx"), "thu_muc": "0", "bang_chung": proof(site)}
    answer = site.post(next(one for one in actions if "tai-len" in one), data=form)
    assert answer.status_code == 400 and says in answer.text
    assert site.get(f"/quan-tri/tai-len{lang}").location == f"/quan-tri{lang}"


def test_what_visitors_seek_is_shown(archive: Settings) -> None:
    kept = Statistics(archive.state, 365)
    for client in "abcdef":
        kept.asked("query", "<b>phố cổ</b>", client, empty=True)
    page = entered(archive).get("/quan-tri/thong-ke").text
    assert "&lt;b&gt;phố cổ&lt;/b&gt;" in page and "<b>phố" not in page


def test_a_private_archive_has_its_own_entrance(archive: Settings) -> None:
    site = create_app(replace(archive, read_token="kho-rieng-0123456789")).test_client()
    assert site.get("/").status_code == 401
    assert site.get("/quan-tri/vao").status_code == 200


def test_serve_admin_makes_a_token_for_this_machine(archive: Settings, tmp_path: Path) -> None:
    program = tmp_path / "start.py"
    program.write_text(
        "import sys\nfrom searchapp.cli import main\n"
        "main(['serve', '--index', sys.argv[1], '--port', sys.argv[2], '--admin'])\n",
        encoding="utf-8",
    )
    told = tmp_path / "told"
    with told.open("wb") as out, serving(archive.index, tmp_path / "log", command=[str(program)], stdout=out) as server:
        assert server.get("/quan-tri")[0] == 303
    assert re.search(r"^/quan-tri opens with \S{32}$", told.read_text(encoding="utf-8"), re.MULTILINE)
