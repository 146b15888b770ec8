"""The archive as data: what other programs read of it, the same again and again, also after a kill."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import multiprocessing
import os
import resource
import shlex
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from pyarrow import parquet
from server_support import finished

from searchapp.cli import cli, main
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import MissingExtraError, UsageError
from searchapp.export import article_files
from searchapp.export.article_files import kept, write_articles
from searchapp.export.database import write_database
from searchapp.ingest import reindex
from searchapp.readers import record

Open = Callable[[], Engine]
Write = Callable[..., Any]
FILES = ["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz", "a.parquet", "a.db"]


def writer(name: str) -> Write:
    return write_database if name.endswith(".db") else write_articles


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a file as the program that it is made for reads them."""
    if file.suffix == ".parquet":
        return list(parquet.read_table(file).to_pylist())
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8-sig")
    if ".csv" in file.name:
        return list(csv.DictReader(text.splitlines(keepends=True)))
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def lines(sample_engine: Open, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    file = tmp_path_factory.mktemp("lines") / "a.jsonl"
    write_articles(sample_engine(), file)
    return rows_of(file)


def test_every_article_is_a_row_in_the_order_of_its_date(sample_engine: Open, lines: list[dict[str, Any]]) -> None:
    assert len(lines) == sample_engine().stats().articles
    order = [(row["date"], row["key"]) for row in lines]
    assert order == sorted(order)
    assert set(lines[0]) == set(article_files.ARTICLE)
    document = next(row for row in lines if row["number"] == "05-NQ/TU" and row["document"])
    assert document["issuer"] and any(row["themes"] for row in lines)
    for row in lines:
        whole = "\n".join([row["text"], row["title"], *row["basis"]])
        assert all(whole[one["start"] : one["end"]] == one["text"] for one in row["citations"]), row["key"]
    named = {one["document"] for row in lines for one in row["citations"]} - {None}
    assert len(named) > 10 and all(sample_engine().document(slug) for slug in named)


DECISION = """---
title: Quyết định về cầu Suối Cạn
date: 2024-05-06
number: 12/2024/QĐ-UBND
issuer: Ủy ban nhân dân tỉnh Lào Cai
type: Quyết định
---
ỦY BAN NHÂN DÂN TỈNH LÀO CAI

Số: 12/2024/QĐ-UBND

QUYẾT ĐỊNH

Điều 1. Quyết định này thay thế Quyết định số 7/2020/QĐ-UBND ngày 02 tháng 01 năm 2020 của Ủy ban nhân dân tỉnh Lào Cai.

Điều 2. Quyết định này có hiệu lực từ ngày ký.
"""


def test_outline_and_relations_name_their_ends(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text(DECISION, encoding="utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    engine = open_engine(settings)()
    write_articles(engine, tmp_path / "a.parquet")
    (row,) = rows_of(tmp_path / "a.parquet")
    assert [node["id"] for node in row["outline"]][:2] == ["dieu-1", "dieu-2"]
    ended, commencing = row["relations"]
    assert commencing["doer"] == commencing["target"] == row["document"]
    assert ended["kind"] and ended["doer"] == row["document"] != ""
    assert ended["target"] == "ubnd-tinh-lao-cai/quyet-dinh-07-2020-qd-ubnd"
    write_database(engine, tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("SELECT target FROM relations").fetchall() == [(ended["target"],), (row["document"],)]


def test_an_export_read_again_is_the_same_archive(
    lines: list[dict[str, Any]], sample_settings: Settings, tmp_path: Path
) -> None:
    """On another machine: the type was lost, and seven keys of each file were noted as unknown."""
    assert set(article_files.ARTICLE) - record.OF_EXPORT <= set(record._KEYS)
    (tmp_path / "corpus").mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines)
    (tmp_path / "corpus" / "kho.jsonl").write_text(text, encoding="utf-8")
    settings = replace(sample_settings, index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert report.notes == () and report.skipped == () and report.articles == len(lines)
    write_articles(open_engine(settings)(), tmp_path / "b.jsonl")
    kept = ("id", "title", "text", "date", "type", "number", "issuer", "signer", "basis", "document")
    again = {row["id"]: row for row in rows_of(tmp_path / "b.jsonl")}
    changed = [row["id"] for row in lines if any(again[row["id"]][name] != row[name] for name in kept)]
    assert changed == []


SCANNED = "Thực hiện Nghị quyết số 912-NQ/TW của Trung ương, thành phố tổ chức quản lý rừng và đất đai."


@pytest.mark.parametrize(
    ("recognised", "confidence", "citations"),
    [
        (True, 0.83, "doubtful"), (True, None, None), (True, "x", [1, {"doubtful": True, "start": True, "end": "9"}]),
        (False, None, []),
    ],
    ids=["doubtful", "nothing told", "nonsense", "no scan"],
)  # fmt: skip
def test_an_exported_scan_stays_one(tmp_path: Path, recognised: bool, confidence: object, citations: object) -> None:
    """Its text counted as typed: a number that OCR may have misread was no longer doubtful."""
    start = SCANNED.index("Nghị")
    if citations == "doubtful":
        citations = [{"doubtful": True, "start": start, "end": start + 24}]
    row = dict.fromkeys(record.OF_EXPORT) | {
        "id": "a", "title": "Giữ rừng", "text": SCANNED, "type": "bao-cao", "recognised": recognised,
        "ocr_confidence": confidence, "citations": citations,
    }  # fmt: skip
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    reindex(settings.corpus, settings.index, settings, jobs=1)
    engine = open_engine(settings)()
    write_articles(engine, tmp_path / "b.jsonl")
    (found,) = rows_of(tmp_path / "b.jsonl")
    assert (found["recognised"], found["type"]) == (recognised, "bao-cao")
    assert [one["doubtful"] for one in found["citations"]] == [isinstance(confidence, float)]


def test_parquet_holds_the_same_as_json(sample_engine: Open, lines: list[dict[str, Any]], tmp_path: Path) -> None:
    write_articles(sample_engine(), tmp_path / "a.parquet")
    assert rows_of(tmp_path / "a.parquet") == lines


def test_a_table_holds_lists_as_json_and_no_formula(lines: list[dict[str, Any]], sample_engine: Open, tmp_path: Path):
    write_articles(sample_engine(), tmp_path / "a.csv")
    table = rows_of(tmp_path / "a.csv")
    assert [json.loads(row["citations"]) for row in table] == [row["citations"] for row in lines]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in table for value in row.values())


@pytest.mark.parametrize("name", FILES)
def test_the_same_archive_gives_the_same_bytes_and_their_sum(name: str, sample_engine: Open, tmp_path: Path) -> None:
    sums = set()
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        writer(name)(sample_engine(), folder / name)
        check = subprocess.run(["sha256sum", "--check", f"{name}.sha256"], cwd=folder, capture_output=True, check=True)
        assert b"OK" in check.stdout
        sums.add(hashlib.sha256((folder / name).read_bytes()).hexdigest())
        assert sorted(path.name for path in folder.iterdir()) == [name, f"{name}.sha256"]
    assert len(sums) == 1


def killed(engine: Engine, write: Write, file: Path) -> None:
    """In a process of its own: end as the kernel ends a process, after two batches."""
    article_files.BATCH = 20  # type: ignore[misc]
    write(engine, file, "", lambda done, of: os.kill(os.getpid(), signal.SIGKILL) if done == 40 else None)


@pytest.mark.parametrize("name", FILES)
def test_a_killed_run_is_gone_on_with(name: str, sample_engine: Open, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(article_files, "BATCH", 20)
    writer(name)(sample_engine(), tmp_path / f"whole-{name}")
    file = tmp_path / name
    process = multiprocessing.get_context("fork").Process(target=killed, args=(sample_engine(), writer(name), file))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert not file.exists()
    seen: list[int] = []
    done = writer(name)(sample_engine(), file, "", lambda done, of: seen.append(done))
    assert done.resumed == 40 and seen[0] == 60
    assert file.read_bytes() == (tmp_path / f"whole-{name}").read_bytes()


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.db"])
def test_what_was_begun_for_another_query_is_not_gone_on_with(name: str, sample_engine: Open, tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer(name)(sample_engine(), tmp_path / name, "", stop)
    done = writer(name)(sample_engine(), tmp_path / name, '"chuyển đổi số"')
    assert done.resumed == 0 and 0 < done.count < sample_engine().stats().articles


@pytest.mark.parametrize("name", FILES)
def test_a_query_without_results_gives_a_whole_file(name: str, sample_engine: Open, tmp_path: Path) -> None:
    assert writer(name)(sample_engine(), tmp_path / name, '"zzqx wwqz"').count == 0
    if name.endswith(".db"):
        with closing(sqlite3.connect(tmp_path / name)) as base:
            assert base.execute("SELECT count(*) FROM documents").fetchone() == (0,)
    else:
        assert rows_of(tmp_path / name) == []


@pytest.mark.parametrize(
    ("query", "least"), [('"đảng bộ"', 5), ('"dang bo"', 5), ("chuyen doi so", 3), ("đồng", 1), ("dong", 1)]
)
def test_sqlite_finds_with_and_without_accents(query: str, least: int, sample_engine: Open, tmp_path: Path) -> None:
    write_database(sample_engine(), tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as base:
        found = base.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (query,)).fetchone()
        assert found[0] >= least
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("page", ["data.md", "data.vi.md"])
def test_the_queries_of_the_docs_run(page: str, sample_engine: Open, tmp_path: Path) -> None:
    write_database(sample_engine(), tmp_path / "kho.db")
    told = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in told.splitlines() if line.startswith("sqlite3 kho.db ")]
    assert commands
    with closing(sqlite3.connect(tmp_path / "kho.db")) as base:
        for _, _, query in commands:
            assert base.execute(query).fetchall()


def test_datasette_opens_the_file(sample_engine: Open, tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    write_database(sample_engine(), tmp_path / "kho.db")

    async def asked(path: str) -> Any:
        site = Datasette([], immutables=[str(tmp_path / "kho.db")])
        await site.invoke_startup()
        return (await site.client.get(path)).json()

    found = finished(asked("/kho/articles.json?_search=dang+bo&_shape=objects"))
    assert found["filtered_table_rows_count"] >= 5, found
    cited = finished(asked("/kho/citations.json?_facet=document&_size=0"))
    assert cited["filtered_table_rows_count"] == sum(len(row["citations"]) for row in lines)


def test_the_command_writes_several_files_and_tells_their_sums(sample_settings: Settings, tmp_path: Path) -> None:
    rows, base = tmp_path / "a.jsonl.gz", tmp_path / "a.db"
    asked = ["--index", str(sample_settings.index), "--query", '"chuyển đổi số"', "--articles", rows, "--sqlite", base]
    done = CliRunner().invoke(cli, ["export", *map(str, asked)])
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(base)) as opened:
        told = opened.execute("SELECT key FROM articles ORDER BY n").fetchall()
    assert [key for (key,) in told] == [row["key"] for row in rows_of(rows)]
    assert f"{len(told)} articles written to {rows}; sum in {rows}.sha256" in done.output


@pytest.mark.parametrize("name", ["a.xlsx", "a", ".jsonl", "nowhere/a.csv"])
def test_a_name_that_cannot_be_meant_is_told(name: str, sample_engine: Open, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"name it|no folder"):
        write_articles(sample_engine(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_write_one_file(sample_engine: Open, tmp_path: Path) -> None:
    with kept(tmp_path / "a.csv", "other"), pytest.raises(UsageError, match="another export"):
        write_articles(sample_engine(), tmp_path / "a.csv")


def test_without_its_library_parquet_says_what_to_install(
    sample_engine: Open, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"searchapp\[parquet\]"):
        write_articles(sample_engine(), tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_the_notebook_counts_who_cites_whom(sample_engine: Open, tmp_path: Path, monkeypatch: Any) -> None:
    file = Path(__file__).parents[2] / "examples" / "notebook" / "ai-vien-dan-ai.ipynb"
    cells = [
        "".join(one["source"]) for one in json.loads(file.read_text("utf-8"))["cells"] if one["cell_type"] == "code"
    ]
    write_database(sample_engine(), tmp_path / "kho.db")
    monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {}
    for cell in cells[:2]:  # the third draws, with a library that only the notebook needs
        exec(cell, known)
    assert known["graph"].number_of_edges() > 5
    assert known["cited"][0][3] >= known["cited"][-1][3] > 0


@pytest.mark.parametrize("size", [0, 4096, 40_000, 100_000])
@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("--articles", "kho.jsonl.gz"),
        ("--articles", "kho.csv"),
        ("--articles", "kho.parquet"),
        ("--sqlite", "kho.db"),
        ("--citations", "kho.csv"),
        ("--citations", "kho.graphml"),
        ("--relations", "kho.csv"),
    ],
)
def test_a_disk_that_is_full_is_one_line_that_names_the_file(
    sample_settings: Settings, tmp_path: Path, option: str, name: str, size: int,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """No file may be larger than this: the system's answer comes at the same places as that of a full disk."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEARCHAPP_LANG", "en")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        main(["export", option, name, "--index", str(sample_settings.index)])
    except SystemExit as end:
        told = capsys.readouterr().err
        assert end.code == 74 and told.count("\n") == 1, told
        assert told.startswith(f"searchapp: {name}: ") and not (tmp_path / name).exists()
    else:
        assert (tmp_path / name).stat().st_size <= size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
