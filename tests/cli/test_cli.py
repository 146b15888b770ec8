"""The command line, as a person or a cron job meets it."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest

from searchapp.cli import cli, gather, main, reindex
from searchapp.cli.group import FAMILIES
from searchapp.config import Settings
from searchapp.engines import open_index
from searchapp.ingest import reindex as run_reindex

ROOT = Path(__file__).parents[2]
ARTICLE = """---
title: Hội nghị dân vận phường
date: {date}
---

Đảng bộ phường triển khai Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy.
"""


def run(*arguments: str | Path, cwd: Path = ROOT, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "searchapp", *map(str, arguments)],
        cwd=cwd, input=text, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(ARTICLE.format(date=f"2021-10-0{number + 1}"), encoding="utf-8")
    return folder


def test_reindex_reports_in_plain_lines_and_again_finds_nothing_to_do(corpus: Path, tmp_path: Path) -> None:
    first = run("reindex", corpus, "--index", tmp_path / "index", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("3 articles in generation 1 (")
    assert "3 new" in first.stdout
    again = run("reindex", corpus, "--index", tmp_path / "index", "--jobs", "1")
    assert again.returncode == 0
    assert "3 unchanged" in again.stdout


def test_a_bad_file_is_named_and_the_exit_code_says_so(corpus: Path, tmp_path: Path) -> None:
    (corpus / "rong.md").write_text("", encoding="utf-8")
    (corpus / "x.jsonl").write_text('{"text": "Bài tốt về dân vận."}\n{"text": 5}\n{half\n', encoding="utf-8")
    done = run("reindex", corpus, "--index", tmp_path / "index", "--jobs", "1")
    assert done.returncode == 3
    assert "4 articles" in done.stdout
    assert "skipped:" in done.stdout
    assert "rong.md" in done.stdout
    told = json.loads(run("reindex", corpus, "--index", tmp_path / "other", "--jobs", "1", "--json").stdout)
    assert told["articles"] == 4


def test_search_prints_json_in_the_form_of_the_api(sample_settings: Settings) -> None:
    done = run("search", "dang bo", "--index", sample_settings.index, "--json", "--limit", "3")
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout)
    assert page["ok"] is True
    assert page["total"] > 3
    assert len(page["results"]) == 3
    assert {"id", "url", "title", "snippet", "date", "documents", "themes"} <= set(page["results"][0])
    assert page["facets"]["theme"]["values"]


def test_search_narrows_by_date_document_and_theme(sample_settings: Settings) -> None:
    def total(*options: str) -> int:
        done = run("search", "nghị quyết", "--index", sample_settings.index, "--json", *options)
        assert done.returncode == 0, done.stderr
        return int(json.loads(done.stdout)["total"])

    everything = total()
    autumn = total("--from", "1/9/2021", "--to", "2021-12")
    assert 0 < autumn < everything
    assert 0 < total("--from", "2021-09", "--to", "2021-12", "--document", "05-NQ/TU") <= autumn
    assert 0 < total("--theme", "dan-van") < everything


def test_cite_reads_lines_and_writes_objects() -> None:
    done = run("cite", text="Thực hiện Chỉ thị 05-CT/TW ngày 15/5/2016 của Bộ Chính trị.\nKhông có gì.\n")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [len(row["citations"]) for row in rows] == [1, 0]
    citation = rows[0]["citations"][0]
    assert (citation["key"], citation["date"], citation["issuer"]) == ("05-CT/TW", "2016-05-15", "Bộ Chính trị")
    assert rows[0]["line"][citation["start"] : citation["end"]] == citation["text"]
    assert citation["document"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["search", "x", "--index", "nowhere"], 1, "reindex"),
        (["serve", "--index", "nowhere"], 1, "reindex"),
        (["serve", "--index", "INDEX", "--host", "300.1.1.1"], 78, "choose another with --host"),
        (["serve", "--index", "INDEX", "--host", "a..b"], 78, "choose another with --host"),
        (["serve", "--index", "INDEX", "--host", "[::1]"], 78, "choose another with --host"),
        (["search"], 2, "QUERY"),
        (["search", "x", "--sort", "best", "--index", "x"], 2, "relevance"),
        (["--config", "none.toml", "stats"], 78, "none.toml"),
        (["--config", ".", "stats"], 78, "is a folder; name a file with --config"),
        (["reindex", "", "--index", "none"], 2, "it is empty: is a variable of the shell unset?"),
        (["stats", "--index", ""], 2, "'--index': it is empty"),
        (["rollback", "--to", "", "--index", "INDEX"], 2, "'--to': it is empty"),
        (["nonsense"], 2, "nonsense"),
        (["search", "x", "--theme", "dan-van ", "--index", "INDEX"], 0, ""),
        (["search", "x", "--theme", "Dân vận", "--index", "INDEX"], 0, ""),
        (["search", "x", "--theme", "dan-vam", "--index", "INDEX"], 2, "did you mean 'dan-van'?"),
    ],
)
def test_errors_are_one_line_that_says_what_to_do(
    arguments: list[str], code: int, says: str, tmp_path: Path, sample_settings: Settings
) -> None:
    index = str(sample_settings.index)
    done = run(*(index if word == "INDEX" else word for word in arguments), cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_only_the_site_needs_the_token_of_its_operator(corpus: Path, tmp_path: Path) -> None:
    """It stands in the environment of the service: every reindex of cron ended with 78."""
    (tmp_path / "searchapp.toml").write_text(f'admin = true\ncorpus = ["{corpus}"]\n', encoding="utf-8")
    for words in (["reindex"], ["check"], ["stats"], ["doctor"]):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    done = run("serve", cwd=tmp_path)
    assert done.returncode == 78 and "set operator_token too" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("rows", [None, b"kind\tdoer\n\xff\xfe", b"not a table"])
def test_no_server_starts_on_a_table_of_relations_that_no_page_could_read(
    rows: bytes | None, tmp_path: Path, sample_settings: Settings
) -> None:
    (tmp_path / "searchapp.toml").write_text('relations = "own.tsv"\nport = 8199\n', encoding="utf-8")
    if rows is not None:
        (tmp_path / "own.tsv").write_bytes(rows)
    done = run("serve", "--index", str(sample_settings.index), cwd=tmp_path)
    assert done.returncode == 78 and "own.tsv" in done.stderr and "Traceback" not in done.stderr


def test_a_reader_who_stops_reading_is_no_error(sample_settings: Settings) -> None:
    command = (
        f"{sys.executable} -m searchapp search dan --index {sample_settings.index} | head -1; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in done.stderr


def test_evaluate_prints_the_four_figures(sample_settings: Settings, tmp_path: Path) -> None:
    expected = [json.loads(line) for line in (ROOT / "corpus" / "expected.jsonl").read_text("utf-8").splitlines()]
    queries, qrels = tmp_path / "q.jsonl", tmp_path / "r.tsv"
    page = json.loads(run("search", "05-NQ/TU", "--index", sample_settings.index, "--json").stdout)
    assert expected
    queries.write_text('{"id": "1", "text": "05-NQ/TU"}\n', encoding="utf-8")
    qrels.write_text(f"1\t{page['results'][0]['id']}\t1\n", encoding="utf-8")
    done = run("evaluate", "--queries", queries, "--qrels", qrels, "--index", sample_settings.index, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert list(figures) == ["ndcg@10", "mrr@10", "recall@10", "recall@100", "queries"]
    assert figures["queries"] == 1


def test_every_command_is_in_the_family_that_it_is_said_to_be_in() -> None:
    for family, names in FAMILIES.items():
        for name in names:
            command = cli.get_command(click.Context(cli), name)
            assert command is not None, name
            assert command.callback is not None
            assert command.callback.__module__ == f"searchapp.cli.{family}"
    assert set(cli.commands) == set(cli.list_commands(click.Context(cli)))


def test_a_command_imports_no_other_family() -> None:
    lines = ("import sys", "from searchapp.cli import cli", "cli.get_command(None, 'reindex')", "print(*sys.modules)")
    result = subprocess.run(
        [sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(result.stdout.split())
    assert "searchapp.ingest" in loaded
    assert not loaded & {"flask", "searchapp.web", "searchapp.crawl"}


@pytest.mark.parametrize("ends", [KeyboardInterrupt(), SystemExit(143)], ids=["Ctrl-C", "SIGTERM"])
def test_a_migration_that_is_ended_says_how_it_goes_on(
    ends: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(*_: object) -> None:
        raise ends

    monkeypatch.setattr(reindex, "run_migrate", ended)
    with pytest.raises(SystemExit) as done:
        main(["migrate", "--to", "opensearch"])
    assert done.value.code in (130, 143)
    assert capsys.readouterr().err == "searchapp: nothing was published; the same command goes on from here\n"


@pytest.mark.parametrize(
    ("ends", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "what was fetched is kept; the same command goes on from here"),
        (SystemExit(143), 143, "what was fetched is kept; the same command goes on from here"),
        ("full", 74, "trang: No space left on device: free some space"),
    ],
    ids=["Ctrl-C", "SIGTERM", "full disk"],
)
def test_a_crawl_that_is_ended_says_how_it_goes_on(
    ends: BaseException | str, code: int, says: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def ended(*_: object, **__: object) -> None:
        if isinstance(ends, BaseException):
            raise ends
        rows = sqlite3.connect(":memory:")
        rows.execute("PRAGMA max_page_count = 1")
        rows.execute("CREATE TABLE a (b)")

    (tmp_path / "kho.toml").write_text('[sites.tinh]\nstart = ["https://a.vn/"]\ncontact = "a@a.vn"\nstore = "trang"\n')
    monkeypatch.setenv("SEARCHAPP_LANG", "en")
    monkeypatch.setattr(gather, "run_crawl", ended)
    with pytest.raises(SystemExit) as done:
        main(["--config", str(tmp_path / "kho.toml"), "crawl", "tinh"])
    said = capsys.readouterr().err
    assert done.value.code == code and says in said and said.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1258", "utf-8"])
def test_a_terminal_that_cannot_show_a_letter_gets_the_rest(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text("Nghị quyết số 05-NQ/TU của Thành ủy", encoding="utf-8")
    environ = os.environ | {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for words in (["cite", "a.txt"], ["--help"], ["search", "nghị quyết", "--index", "không-có"]):
        command = [sys.executable, "-m", "searchapp", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, timeout=120, check=False)
        assert b"Traceback" not in done.stderr and done.returncode == (1 if words[0] == "search" else 0)
        assert words[0] != "cite" or b"05-NQ/TU" in done.stdout


def test_another_system_is_told_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("searchapp.cli.os.name", "nt")
    with pytest.raises(SystemExit):
        main(["stats"])
    assert capsys.readouterr().err == "searchapp: runs on Linux and macOS; under Windows inside WSL\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "FOLDER", "stats"),
        ("evaluate", "--queries", "FOLDER", "--qrels", "FOLDER"),
        ("evaluate", "--queries", "FILE", "--qrels", "BYTES"),
        ("cite", "BYTES"),
        ("export", "--citations", "FOLDER", "--format", "csv"),
        ("export", "--articles", "FILE/a.jsonl"),
        ("export", "--articles", "none/a.jsonl"),
        ("export", "--sqlite", "none/a.db"),
        ("export", "--citations", "none/a.csv"),
        ("export", "--relations", "none/a.csv"),
        ("reindex", "FOLDER", "--index", "/proc/none"),
        ("init", "FILE/kho"),
        ("tables", "init", "FILE/bang"),
        ("--config", "ALERTS", "serve"),
        ("export", "--articles", "/proc/x.csv"),
        ("export", "--sqlite", "/proc/x.db"),
        ("export", "--citations", "/proc/x.csv"),
        ("export", "--relations", "/proc/x.csv"),
    ],
)
def test_a_path_that_cannot_be_meant_is_one_line(
    words: tuple[str, ...], sample_settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00 x")
    alerts = 'state = "file/state"\nport = 8198\npublic_base_url = "https://a.vn"\nalerts = {sender = "a@a.vn"}'
    (tmp_path / "alerts").write_text(alerts, encoding="utf-8")
    for name in ("folder", "file", "bytes", "alerts"):
        words = tuple(word.replace(name.upper(), str(tmp_path / name)) for word in words)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEARCHAPP_INDEX", str(sample_settings.index))
    monkeypatch.setenv("SEARCHAPP_LANG", "en")
    with pytest.raises(SystemExit) as end:
        main(words)
    said = capsys.readouterr().err
    assert end.value.code in (1, 2, 78), said
    assert said.startswith("searchapp: ") and said.count("\n") == 1, said


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["reindex {corpus} --index {index} --jobs 2", "stats --index {index}", "cite"])
def test_a_stream_that_the_caller_closed_is_an_empty_one(words: str, closed: str, corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run_reindex([corpus], index, Settings(), jobs=1)
    (corpus / "9.md").write_text(ARTICLE.format(date="2021-10-09"), encoding="utf-8")
    command = f"{sys.executable} -m searchapp {words.format(corpus=corpus, index=index)} {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], input="", capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    other, conditions = open_index(replace(Settings(), index=index)).check(deep=True)
    assert not other and not any(one.problems for one in conditions)


@pytest.mark.parametrize(
    ("unable", "errno", "code", "says"),
    [
        ("flock", 37, 78, "has no locks"), ("flock", 38, 78, "has no locks"), ("flock", 95, 78, "has no locks"),
        ("fsync", 22, 78, "cannot sync it"), ("fsync", 9, 78, "cannot sync it"), ("fsync", 5, 74, "look at the disk"),
        ("link", 1, 0, ""), ("chmod", 1, 0, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", [False, True], ids=["first", "again"])
def test_a_file_system_that_cannot_do_all_is_used_or_told(
    unable: str, errno: int, code: int, says: str, before: bool, corpus: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno, os.strerror(errno))

    asked, index = ["reindex", str(corpus), "--index", str(tmp_path / "index"), "--jobs", "1"], tmp_path / "index"
    monkeypatch.setenv("SEARCHAPP_LANG", "en")
    if before:
        main(asked)
        (corpus / "0.md").write_text(ARTICLE.format(date="2021-10-09"), encoding="utf-8")
    monkeypatch.setattr(f"{'fcntl' if unable == 'flock' else 'os'}.{unable}", refuse)
    capsys.readouterr()
    if code:
        with pytest.raises(SystemExit) as ended:
            main(asked)
        said = capsys.readouterr().err
        assert (ended.value.code, said.count("\n")) == (code, 1) and says in said
        assert "local disk" in said or code == 74
        assert len(list(index.glob("0*"))) == before and not list(index.glob(".*"))
    else:
        main(asked)
        assert "3 articles in generation" in capsys.readouterr().out
