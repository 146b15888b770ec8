"""The whole catalogue of bad inputs, row by row: each case has the outcome that the query language and docs promise."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from cases import config as config_cases
from cases import docx, feed, html, index, pdf, query, rows, url
from cases import http as http_cases
from cases.foreign import Foreign, P
from flask.testing import FlaskClient
from reliability_support import titles, two_generations
from test_bombs import BOMBS

from searchapp import ingest, themes
from searchapp.article import Record
from searchapp.cli import main
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import generations, open_engine
from searchapp.errors import IndexProblemError
from searchapp.readers import read
from searchapp.readers.items import Bad, Note
from searchapp.web import create_app

CASES = Path(__file__).parents[1] / "cases"
SLOW = 5.0  # seconds of an answer: the house rule says 1.5, a machine under test may be busy
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905

# Rows that these functions show, because one input is not all there is to them.
SHOWN = {
    "C6": "test_two_settings_of_one_index_are_told_by_its_lock",
    "C9": "test_an_interrupted_command_says_so_by_its_code",
    "J16": "test_only_web_addresses_become_links", "J17": "test_marks_without_end_are_dropped",
    "J19": "test_the_snippet_goes_to_the_match_wherever_it_is", "I11": "test_a_folder_that_cannot_be_written_is_told",
}  # fmt: skip

# What fetching a feed must survive is shown where it is fetched: (file, tests).
FETCHED = {
    "FE5": ("test_crawl", "test_everything_that_may_be_read_is_read_and_nothing_else_is_asked_for"),
    "FE6": ("test_crawl_network", "test_a_second_answer_of_the_name_server_changes_nothing"),
    "FE7": ("test_crawl_network", "test_what_cannot_be_unpacked_is_refused"),
}
FILES = (*html.CASES, *docx.CASES, *pdf.CASES, *rows.CASES, *feed.CASES)


def every_case() -> list[str]:
    tables = (query.CASES, url.CASES, http_cases.CASES, config_cases.CASES, FILES, index.CASES)
    return [case.id for table in tables for case in table]


def test_every_row_of_the_catalogue_is_run(record_property: Callable[[str, object], None]) -> None:
    catalogue = (CASES / "ids.txt").read_text(encoding="utf-8").split()
    run = {case.split()[0] for case in every_case()} | {name.split()[0] for name in BOMBS} | {*SHOWN} | {*FETCHED}
    assert [row for row in catalogue if row not in run] == []
    assert len(catalogue) == len(set(catalogue)) == 138
    assert {*SHOWN.values()} <= {*globals()}
    assert all(hasattr(importlib.import_module(file), test) for file, test in FETCHED.values())
    assert len(every_case()) == len(set(every_case())), "two cases of one name"
    own = [case for case in every_case() if case.startswith("+")]
    assert len(own) >= 40
    record_property(
        "catalogue", f"{len(catalogue)} rows, {len(every_case()) + len(BOMBS)} cases, {len(own)} of our own"
    )


class WellFormed(HTMLParser):
    """Raises ValueError where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            raise ValueError(f"</{tag}> closes nothing")


def well_formed(page: str) -> bool:
    parser = WellFormed()
    parser.feed(page)
    parser.close()
    return parser.open == [] or parser.open == ["p"]


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> FlaskClient:
    return create_app(replace(sample_settings, rate_limit=""), sample_engine).test_client()


def typed(client: FlaskClient, path: str, q: str) -> object:
    return client.get(f"{path}?q={quote(q, errors='surrogatepass')}")


@pytest.mark.parametrize("case", query.CASES, ids=lambda case: case.id)
@pytest.mark.clock
def test_typed_text(client: FlaskClient, case: query.Typed) -> None:
    answer = client.get(f"/api/v1/search?q={quote(case.q, errors='surrogatepass')}")
    assert answer.status_code == case.status, answer.text[:300]
    told = json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    page = client.get(f"/tim-kiem?q={quote(case.q, errors='surrogatepass')}")
    assert page.status_code == case.status
    assert well_formed(page.text)
    assert "<script>alert" not in page.text
    if case.status != 200:
        assert case.says in told["error"] and len(told["error"]) < 300
    else:
        assert told["took_ms"] < 1000 * SLOW
        if case.total is not None:
            assert told["total"] == case.total
        if case.same or (
            case.same == "" and case.id.split()[0] in ("Q1", "Q13") and not case.q.strip("\"()[]{}' \u3000\u200b")
        ):
            other = client.get(f"/api/v1/search?q={quote(case.same)}").json
            assert [hit["id"] for hit in told["results"]] == [hit["id"] for hit in other["results"]]
            assert told["total"] == other["total"]


@pytest.mark.parametrize("case", url.CASES, ids=lambda case: case.id)
def test_addresses(client: FlaskClient, case: url.Address) -> None:
    answer = client.open(case.url, method=case.method, data=case.body or None, content_type="text/plain")
    assert answer.status_code == case.status, answer.text[:300]
    assert case.says in answer.text.replace('": ', '":')
    assert not case.lacks or case.lacks not in answer.text
    assert "Location" not in answer.headers
    assert "root:" not in answer.text and "Traceback" not in answer.text
    if case.status >= 400:
        assert len(answer.text) < 50_000


@pytest.mark.parametrize("case", http_cases.CASES, ids=lambda case: case.id)
def test_headers(sample_settings: Settings, sample_engine: Callable[[], Engine], case: http_cases.Asked) -> None:
    settings = replace(sample_settings, rate_limit="", trusted_hosts=("search.example",) if case.strict else ())
    client = create_app(settings, sample_engine).test_client()
    answer = client.open(case.url, method=case.method, headers=dict(case.headers))
    assert answer.status_code == case.status, answer.text[:300]
    assert "X-Evil" not in answer.headers
    for name, value in case.has.items():
        assert value in answer.headers.get(name, "")
    shown = f"{answer.headers}\n{answer.text}"
    for text in case.lacks:
        assert text not in shown


def shown(records: list[Record]) -> str:
    """All that an index gets of these: the articles they become, and their own fields for what these leave out."""
    made = [ingest.article(record, themes.load()) for record in records]
    kept = [replace(record, text="", title="") for record in records]
    return "\n".join(str(getattr(one, field.name)) for one in (*made, *kept) for field in fields(one))


@pytest.mark.parametrize("case", FILES, ids=lambda case: f"{case.name} {case.id}")
def test_foreign_files(case: Foreign, tmp_path: Path) -> None:
    assert case.bad or case.text or case.note or case.count is not None, "a case that expects nothing"
    data = case.make()
    (tmp_path / case.name).write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    notes: list[Note] = []
    items = list(read(tmp_path / case.name, name=case.name, report=notes.append))
    records = [item for item in items if isinstance(item, Record)]
    bad = [item for item in items if isinstance(item, Bad)]
    if case.bad:
        assert bad and all(case.bad in one.reason for one in bad), bad
        assert case.count is not None or not records
    if case.count is not None:
        assert len(records) == case.count
    if case.text or case.note or case.count:
        assert records, bad
        assert case.text in shown(records)
    assert not case.note or case.note in {note.about for note in notes}
    for text in case.lacks:
        assert text not in shown(records)
    called = [ingest.article(record, themes.load()).title for record in records]
    assert all(0 < len(title) <= 300 for title in called)
    assert not case.title or called == [case.title]
    assert all(len(one.reason) < 300 for one in bad)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_generations(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "index"))


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
        raise SystemExit(0)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("case", index.CASES, ids=lambda case: case.id)
def test_index_folders(folder: Path, case: index.Folder, capsys: pytest.CaptureFixture[str]) -> None:
    names = [path.name for path in generations.published(folder)]
    case.damage(folder)
    if case.answers is None:
        with pytest.raises(IndexProblemError, match=re.escape(case.says)):
            open_engine(Settings(index=folder))()
    else:
        engine = open_engine(Settings(index=folder))()
        assert engine.generation == names[case.answers] if case.id != "+ an empty generation" else names[0]
        assert len(titles(folder)) in (7, 8)
    assert "SEARCHAPP_TEST_UNPICKLED" not in os.environ
    if case.answers is not None and case.id.split()[0] != "I1":
        assert command("check", "--index", str(folder)) == case.check, capsys.readouterr().out


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("case", config_cases.CASES, ids=lambda case: case.id)
def test_settings_and_commands(
    case: config_cases.Run,
    tmp_path: Path,
    taken: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("corpus", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Bài\n\nNội dung của bài.", encoding="utf-8")
    (tmp_path / "searchapp.toml").write_bytes(case.toml)
    monkeypatch.chdir(tmp_path)
    code = command(*(part.format(top=tmp_path, taken=taken) for part in case.arguments))
    said = capsys.readouterr()
    assert code == case.code, said.err
    assert case.says in said.err
    assert "Traceback" not in said.err
    if not case.id.startswith("+ unknown command") and code != 2:
        assert said.err.count("\n") == 1, "one line"


def test_two_settings_of_one_index_are_told_by_its_lock(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from searchapp.engines.generations.storage import WriterLock

    with WriterLock(folder):
        assert command("reindex", str(tmp_path), "--index", str(folder)) == 75
    assert f"process {os.getpid()}" in capsys.readouterr().err


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)])
def test_an_interrupted_command_says_so_by_its_code(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: str, code: int
) -> None:
    before = generations.current(folder)
    number = getattr(signal, sent)
    handlers = {one: signal.getsignal(one) for one in (signal.SIGTERM, number)}

    def interrupted(*_: object, **__: object) -> None:
        assert list(folder.glob(".build-*"))
        os.kill(os.getpid(), number)
        time.sleep(30)

    monkeypatch.setattr(ingest, "_read", interrupted)
    try:
        assert command("reindex", str(tmp_path), "--index", str(folder)) == code
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
    assert generations.current(folder) == before
    assert not list(folder.glob(".build-*"))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http:\\\\evil",
        "vbscript:x",
        " javascript:1",
        "x" * 10_000,
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    made = ingest.article(Record(text="Bài.", url=address, path="a"), themes.load())
    assert made.url == ""


def test_marks_without_end_are_dropped() -> None:
    made = ingest.article(
        Record(text="Đa\u0301" + "\u0301\u0300" * 10_000 + "ng\x00 \u200bbộ\u202e \ue000", path="a"), themes.load()
    )
    assert len(made.text) < 40
    assert not re.search("[\x00\u200b\u202e]", made.text)


def test_the_snippet_goes_to_the_match_wherever_it_is() -> None:
    from searchapp.search.highlighter import Marker
    from searchapp.search.parser import parse
    from searchapp.search.snippets import snippet

    text = "Nội dung khác. " * 10_000 + "Cây đa đầu làng. " + "Nội dung khác. " * 100
    pieces = snippet(text, Marker.of(parse("cây đa").tree).glances([(text, ())])[0])
    assert [piece.text for piece in pieces if piece.marked]
    assert len("".join(piece.text for piece in pieces)) < 600


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1:9/", "http://169.254.169.254/", "file:///etc/passwd", "http://[::1]/", "http://0177.0.0.1/"],
)
def test_no_reader_asks_the_network(tmp_path: Path, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed is read as a file: whatever address stands in it, nobody is asked."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    enclosure = f'<enclosure url="{link}" type="text/html"/><source url="{link}">x</source>'
    (tmp_path / "a.rss").write_text(
        feed.rss(feed.item(f'&lt;img src="{link}"&gt; {P}', enclosure, link))(), encoding="utf-8"
    )
    (record,) = read(tmp_path / "a.rss", name="a.rss")
    assert isinstance(record, Record) and "ngày hội" in record.text


def test_a_folder_that_cannot_be_written_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a mount that is read-only, where even root may not write."""
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert command("reindex", str(tmp_path), "--index", str(folder)) == 78
    assert "cannot be written" in capsys.readouterr().err
    assert len(titles(folder)) == 7
