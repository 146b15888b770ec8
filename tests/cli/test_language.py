"""The command line in Vietnamese: by locale or SEARCHAPP_LANG, nothing left in English; completion and manual pages."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from searchapp.cli import cli, main
from searchapp.cli.speech import language, told
from searchapp.config import Settings
from searchapp.config.conditions import CHECKS
from searchapp.crawl.tally import NONE, SAME
from searchapp.errors import SettingsError
from searchapp.ingest import reindex
from searchapp.text.translated import sentences

ROOT = Path(__file__).parents[2]
ERRORS = {
    "UsageError", "MissingExtraError", "NoIndexError", "StaleIndexError", "UnsafeIndexError", "BusyIndexError",
    "SettingsError", "StateError", "CorruptIndexError", "NotSentError", "UnsureError", "RefusedAddressError",
    "EngineUnavailableError",
}  # fmt: skip
FOR_PROGRAMS = ("assistants", "collection.py")  # told to callers


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "SEARCHAPP_LANG")}
    command = [sys.executable, "-m", "searchapp", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**kept, **environ}, timeout=60)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"SEARCHAPP_LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LC_ALL": "C", "LANG": "vi_VN"}, "en"),
        ({"SEARCHAPP_LANG": "en", "LANG": "vi_VN"}, "en"),
        ({"LC_MESSAGES": "vi_VN.utf8", "LANG": "en_US"}, "vi"),
        ({"LANG": "vie_XX"}, "en"),
        ({}, "en"),
    ],
)
def test_the_reader_chooses_the_language(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected


def test_another_language_is_told() -> None:
    with pytest.raises(SettingsError, match="use vi or en"):
        language({"SEARCHAPP_LANG": "fr"})
    done = run("stats", SEARCHAPP_LANG="fr")
    assert (done.returncode, done.stderr.count("\n")) == (78, 1)
    assert "dùng vi hoặc en" in run("stats", SEARCHAPP_LANG="fr", LANG="vi_VN.UTF-8").stderr


def helps(command: click.Command, context: click.Context) -> Iterator[str]:
    yield " ".join((command.help or "").split())
    for one in command.params:
        if record := one.get_help_record(context):
            yield " ".join(record[1].partition("  [")[0].split())
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from helps(inner, click.Context(inner, info_name=name, parent=context))


def options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for one in command.params:
        if isinstance(one, click.Option):
            yield f"{command.name} {one.opts[0]}", one.help or ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from options(inner, click.Context(inner, info_name=name, parent=context))


def test_every_option_says_what_it_is_for() -> None:
    found = list(options(cli, click.Context(cli, info_name="searchapp")))
    assert len(found) > 60 and [name for name, meaning in found if not meaning] == []


@pytest.mark.parametrize("command", ["evaluate", "insights", "search", "mcp", "reindex"])
def test_what_click_adds_to_an_option_is_vietnamese(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_LANG", "vi")
    said = CliRunner().invoke(cli, [command, "--help"]).output
    assert not re.search(r"\brequired\b|\[default", said) and "Tùy chọn" in said


def test_every_line_of_help_is_vietnamese() -> None:
    lines = {line for line in helps(cli, click.Context(cli, info_name="searchapp")) if line and line[0] != "["}
    assert len(lines) > 40
    assert sorted(filter(english_left, lines)) == [], "add it to data/commands.vi.tsv"


ENGLISH = re.compile(r"\b(?:the|is|are|was|of|to|and|or|must|with|for|what|there|it|this|that|as|from|has|have|be)\b")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\([^)]*\)")


def english_left(text: str) -> bool:
    """Whether a line comes out as it was, or as half a sentence: "Delete what is kept trên ADDRESS"."""
    said = told(text, "vi")
    return said == text or bool(ENGLISH.search(QUOTED.sub("", said)))


def written() -> Iterator[tuple[str, str]]:
    """Every sentence of an error that ends a command, and every line that a command prints."""
    for path in sorted((ROOT / "searchapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", "")
                if name == "_expect":
                    yield path.name, f"kho.toml: port must be {filled(node.args[2])}"
                elif ast.unparse(node.func) == "problems.add":
                    yield path.name, f"bang/pins.tsv, line 3: {filled(node.args[2])}"
                elif name in ERRORS:
                    if not any(part in str(path) for part in FOR_PROGRAMS):
                        yield path.name, filled(node.args[0])
                elif name in ("echo", "say") or ast.unparse(node.func) in ("self._failed", "problems.append"):
                    yield path.name, filled(node.args[0])


def filled(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return ""


REASONS = {"BadRecordError": 0, "PassingError": 0, "_Failure": 0, "Doubt": 0, "Bad": 2, "Note": 3}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("no OpenSearch answers at http://a:9200 (Connection refused): start it, or check hosts in [opensearch]",
         "không có OpenSearch nào trả lời tại http://a:9200 (máy chủ từ chối kết nối): hãy khởi động nó, "
         "hoặc xem hosts trong [opensearch]"),
        ("no such host among http://a:9200: check hosts in [opensearch]", "không có máy chủ nào như vậy"),
        ("OpenSearch at http://a does not answer in time: see GET http://a/_cluster/health", "không trả lời kịp"),
        ("the certificate of https://a is not trusted (x): give the file of its authority as ca_certs in [opensearch], "
         "and the host by the name in its certificate", "không được tin"),
        ('the index is read-only in OpenSearch (x): remove the block with PUT /a/_settings {"blocks": null}',
         "hãy bỏ khóa bằng PUT"),
    ],
)  # fmt: skip
def test_what_a_cluster_refuses_is_vietnamese(line: str, expected: str) -> None:
    assert expected in told(line, "vi")


def test_every_line_with_words_goes_through_the_table() -> None:
    """click.echo prints data alone; what it says in words would stay English."""
    said = [
        f"{path.name}:{node.lineno}: {filled(node.args[0])}"
        for path in sorted((ROOT / "searchapp" / "cli").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) == "click.echo"
    ]
    words = [line for line in said if re.search(r"[a-z]{2} [a-z]{2}", line) and "searchapp reindex" not in line]
    assert len(said) > 20 and words == [], "print it with echo of cli/speech.py"


def findings() -> Iterator[tuple[str, str]]:
    """Every reason to skip a file, every remark on one that is read, and every finding of doctor."""
    for path in sorted((ROOT / "searchapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name == "Finding":
                for one in node.args[2:]:
                    for choice in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                        yield path.name, filled(choice)
            elif isinstance(node, ast.Call) and name in REASONS and len(node.args) > REASONS[name]:
                yield path.name, filled(node.args[REASONS[name]])


def test_every_reason_to_skip_and_every_finding_is_vietnamese() -> None:
    lines = {text: name for name, text in findings() if re.search(r"[a-z]{2} [a-z]{2}", text)}
    assert len(lines) > 120
    left = [f"{name}: {text}" for text, name in lines.items() if english_left(text)]
    assert not left, "add them to data/commands.vi.tsv:\n" + "\n".join(left)


def test_every_line_that_a_command_says_is_vietnamese() -> None:
    lines = {text: name for name, text in written() if re.search(r"[a-z]{2} [a-z]{2}", text)}
    assert len(lines) > 60
    left = [f"{name}: {text}" for text, name in lines.items() if english_left(text)]
    assert not left, "add them to data/commands.vi.tsv:\n" + "\n".join(left)


CHECKED = ("engines/generations/__init__.py", "engines/generations/manifest.py", "engines/whoosh/build/check.py",
           "ingest/ledger.py", "cli/serve.py")  # fmt: skip
"""The modules whose sentences `searchapp check` prints."""


def faults() -> Iterator[tuple[str, str]]:
    """Every fault that a check yields, returns in a list or appends to one, and every advice that it returns."""
    for name in CHECKED:
        for node in ast.walk(ast.parse((ROOT / "searchapp" / name).read_text(encoding="utf-8"))):
            found: Sequence[ast.expr | None] = ()
            if isinstance(node, ast.Yield | ast.Return):
                found = node.value.elts if isinstance(node.value, ast.List) else (node.value,)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "lines.append":
                found = node.args
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "problem":
                found = (node.value,)
            for one in found:
                for choice in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                    if choice is not None and (text := filled(choice)):
                        yield name, text


def test_every_fault_that_check_finds_is_vietnamese() -> None:
    lines = {text: name for name, text in faults() if re.search(r"[a-z]{2} [a-z]{2}", text)}
    assert len(lines) > 35
    left = [f"{name}: {text}" for text, name in lines.items() if told(f"index/a: {text}", "vi") == f"index/a: {text}"]
    assert not left, "add them to data/commands.vi.tsv:\n" + "\n".join(left)


CRAWLED = ("FetchError", "StopError", "EnoughError", "BusyError", "RefusedAddressError", "told.append", "ConnectError",
           "self._report.refuse", "self._report.fail", "self._failed", "httpcore.ConnectError")  # fmt: skip


def crawled() -> Iterator[tuple[str, str]]:
    """Every line of the report of a crawl, and every reason in it."""
    for path in sorted((ROOT / "searchapp" / "crawl").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CRAWLED:
                yield path.name, filled(node.args[1 if ast.unparse(node.func) == "self._failed" else 0])
            elif isinstance(node, ast.FunctionDef) and ("refusal" in node.name or node.name in ("lines", "_many")):
                parts = {id(part) for one in ast.walk(node) if isinstance(one, ast.JoinedStr) for part in ast.walk(one)}
                parts -= {id(one) for one in ast.walk(node) if isinstance(one, ast.JoinedStr)}
                parts.add(id(getattr(node.body[0], "value", None)))  # the docstring
                yield from ((path.name, filled(one)) for one in ast.walk(node)
                            if isinstance(one, ast.JoinedStr | ast.Constant) and id(one) not in parts)  # fmt: skip
    yield "tally.py", SAME
    yield "tally.py", NONE


def test_every_line_of_a_crawl_is_vietnamese() -> None:
    lines = {text: name for name, text in crawled() if re.match(r".*[a-z]{2} [a-z]{2}", text) and text[0] not in " ;:"}
    assert len(lines) > 30
    left = [f"{name}: {text}" for text, name in lines.items() if told(text, "vi") == text]
    assert not left, "add them to data/commands.vi.tsv:\n" + "\n".join(left)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("failed, 1: the site answered 404", "hỏng, 1: trang trả lời 404"),
        ("not taken, 12: redirects to itself", "không lấy, 12: chuyển hướng về chính nó"),
        ("stopped: http://a.vn/robots.txt cannot be read (Connection refused), so nothing may be asked for",
         "đã dừng: http://a.vn/robots.txt không đọc được (máy chủ từ chối kết nối) nên không được hỏi gì"),
        ("failed, 2: Connection refused", "hỏng, 2: máy chủ từ chối kết nối"),
        ("nothing published: 2 articles found, the index has 9: nothing was published; check the PATHs, or run it with "
         "--allow-shrink", "chưa công bố gì: tìm thấy 2 bài, chỉ mục đang có 9 bài: chưa công bố gì; hãy xem lại các "
         "PATH, hoặc chạy với --allow-shrink"),
        ("not begun: another reindex is running (process 7, since 2026-11-30 14:46:52): wait until it has ended",
         "chưa bắt đầu được: một lần lập chỉ mục khác đang chạy (tiến trình 7, từ 2026-11-30 14:46:52): hãy chờ xong"),
        ("no encrypted connection: damaged: empty file", "không có kết nối mã hóa: hỏng: tệp rỗng"),
    ],
)  # fmt: skip
def test_a_line_is_vietnamese_with_its_reason(line: str, expected: str) -> None:
    assert told(line, "vi") == expected


@pytest.mark.parametrize(
    "toml",
    ["index = ", "port = 1\nport = 2", "port: 8000", "[look\n", 'title = "x', 'title = "x\ny"', "corpus = [1",
     "port = 1 2", 'index = "C:\\kho"', "= 3", "port", "[look]\n[look]", "title = “x”", "admin = True",
     "title = 2020-13-01", "title = 5"],
)  # fmt: skip
def test_what_is_wrong_with_settings_is_vietnamese(
    toml: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kho.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setenv("SEARCHAPP_LANG", "vi")
    with pytest.raises(SystemExit) as end:
        main(["--config", str(tmp_path / "kho.toml"), "stats"])
    line = capsys.readouterr().err
    assert end.value.code == 78 and line.count("\n") == 1
    said = line.partition("kho.toml: ")[2]
    assert not re.search(r"\b(?:at|line|end|of|must|be|text|value|not|valid|string|key)\b", said), said


def test_every_condition_of_a_setting_is_vietnamese() -> None:
    lines = [f"kho.toml: port must be {says}" for _, says in CHECKS.values()]
    assert len(lines) > 20
    assert sorted(filter(english_left, lines)) == [], "add it to data/commands.vi.tsv"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ok generation 000001: 1 articles, built (1 days ago)", "ok generation 000001: 1 article, built (1 day ago)"),
        ("1 older generations", "1 older generation"),
        ("11 articles, 1,001 articles and 2.1 pages", "11 articles, 1,001 articles and 2.1 pages"),
        ("a-1 articles.txt: 1 pages wait", "a-1 articles.txt: 1 page wait"),
    ],
)
def test_one_thing_is_told_in_the_singular(line: str, expected: str) -> None:
    assert told(line, "en") == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("reindex --jobs x", "'x' không phải số nguyên"),
        ("serve --port x", "'x' không phải số nguyên"),
        ("reindex --full=3", "Tùy chọn '--full' không nhận giá trị"),
        ("search --sort x y", "'x' không thuộc"),
    ],
)
def test_what_click_refuses_is_vietnamese(arguments: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_LANG", "vi")
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", *arguments.split()], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2 and said in done.stderr


@pytest.mark.parametrize(
    ("lang", "label", "line"),
    [("vi", "bài viết", r"^bài viết +1\.002$"), ("en", "articles", r"^articles +1,002$")],
)
def test_the_figures_of_an_index_have_names_and_signs_of_the_language(
    lang: str, label: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCHAPP_LANG", lang)
    rows = (json.dumps({"id": f"{n}", "title": f"Bài {n}", "text": f"Chuyển đổi số {n}."}) for n in range(1002))
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    reindex([tmp_path / "a.jsonl"], tmp_path / "index", Settings(), jobs=1)
    done = CliRunner().invoke(cli, ["stats", "--index", str(tmp_path / "index")])
    assert re.search(line, done.output, re.MULTILINE), label
    took = CliRunner().invoke(cli, ["search", "đổi số", "--index", str(tmp_path / "index")]).output.splitlines()[0]
    assert re.search(r"\d,\d ms" if lang == "vi" else r"\d\.\d ms", took)


def test_the_table_is_whole() -> None:
    for english, ours in sentences():
        wanted = english.count("{}")
        assert ours.count("{}") == wanted, english
        assert told(english.replace("{}", "0"), "vi") != "" and ours.strip() and ("{}" not in ours or wanted)
    assert len({english for english, _ in sentences()}) == len(sentences())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "1,204 articles written to a.csv; sum in a.csv.sha256",
            "đã ghi 1.204 bài vào a.csv; mã kiểm tra ở a.csv.sha256",
        ),
        (
            "nothing has been indexed in {x} yet: run 'searchapp reindex'",
            "chưa có gì được lập chỉ mục trong {x}: hãy chạy",
        ),
        ("  a.zip/b: c.pdf, line 3: empty file", "  a.zip/b: c.pdf, dòng 3: tệp rỗng"),
        ("  … 12 more: not HTML", "  … còn 12: không phải HTML"),
        ("  … 12 more: its number says …, its day is …", "  … còn 12: số hiệu ghi …, ngày là …"),
        (
            "tep.jsonl, line 2: not JSON: Expecting value at character 7",
            "tep.jsonl, dòng 2: không phải JSON: Expecting value ở ký tự 7",
        ),
        ("kho: cannot be read: Permission denied", "kho: không đọc được: không có quyền truy cập"),
        (
            "  a.jsonl, line 1: text must be text, not a list",
            "  a.jsonl, dòng 1: text phải là chữ, không phải danh sách",
        ),
        ("a.toml: corpus must be a list of strings", "a.toml: corpus phải là danh sách chuỗi"),
        ("b.bin: named .txt, but holds a PDF", "b.bin: tên đuôi .txt, nhưng nội dung là tệp PDF"),
        ("3 pages recognised from scans: 1 word mended, 2 doubtful", "nhận dạng 3 trang từ bản scan: đã sửa 1 chữ"),
        (
            "  generation 000001-a was built by schema 4, this version needs 5: run 'searchapp reindex --full'",
            "  thế hệ 000001-a do schema 4 tạo, phiên bản này cần 5: hãy chạy 'searchapp reindex --full'",
        ),
        (
            "i/000002-a/MANIFEST.json: damaged (Expecting value): no other generation is sound: run 'searchapp reindex --full'",  # noqa: E501
            "i/000002-a/MANIFEST.json: hỏng (Expecting value): không còn thế hệ nào tốt: hãy chạy 'searchapp reindex --full'",  # noqa: E501
        ),
        (
            "no site 'bao' in the settings: add a table [sites.bao] to searchapp.toml",
            "thiết lập không có trang 'bao': hãy thêm bảng [sites.bao] vào searchapp.toml",
        ),
        (
            "cannot listen on 127.0.0.1:80 (Address already in use): choose another with --port",
            "không mở được cổng 127.0.0.1:80 (địa chỉ đang được dùng): hãy chọn cổng khác bằng --port",
        ),
        (
            "  subscription 8: a.vn leads into a private network (10.0.0.1): name the host in private_hosts if that is meant",  # noqa: E501
            "  lượt đăng ký 8: a.vn dẫn vào mạng riêng (10.0.0.1): nếu chủ ý như vậy, hãy khai tên máy trong private_hosts",  # noqa: E501
        ),
        ("a.toml: not valid TOML: Invalid value", "a.toml: không đúng cú pháp TOML: Invalid value"),
        ("2 files and 1 row skipped:", "bỏ qua 2 tệp và 1 dòng:"),
        ("corpus", "corpus"),
        ("a: b" * 200 + ": no text", "a: b" * 200 + ": không có chữ"),
        ("a line that nobody knows", "a line that nobody knows"),
        ("", ""),
    ],
)
def test_what_is_filled_in_stays(line: str, expected: str) -> None:
    assert told(line, "vi").startswith(expected)
    assert told(line, "en") == line


@pytest.mark.parametrize(
    ("typed", "near"), [("serch", "search"), ("reindx", "reindex"), ("Doctor", "doctor"), ("xport", "export")]
)
def test_a_command_that_is_none_offers_the_nearest(typed: str, near: str) -> None:
    assert f"Did you mean '{near}'?" in run(typed, SEARCHAPP_LANG="en").stderr
    ours = run(typed, LANG="vi_VN.UTF-8")
    assert ours.returncode == 2 and f"Có phải bạn muốn '{near}'?" in ours.stderr and "Cách dùng:" in ours.stderr


def test_a_command_far_from_all_is_only_told() -> None:
    assert run("qqqq", SEARCHAPP_LANG="en").stderr.rstrip().endswith("No such command 'qqqq'.")


@pytest.mark.parametrize(("lang", "said"), [("en", "is no day"), ("vi", "Không hiểu ngày")])
def test_what_is_wrong_with_a_query_is_told_in_the_language_of_the_command_line(
    lang: str, said: str, sample_settings: Settings
) -> None:
    done = run("search", "tu:abc", "--index", str(sample_settings.index), SEARCHAPP_LANG=lang)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr


@pytest.mark.parametrize("family", ["tables", "alerts"])
def test_a_family_of_commands_alone_gives_its_help(family: str) -> None:
    done = CliRunner().invoke(cli, [family])
    assert done.exit_code == 2
    done = run(family)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ")
    assert "Error" not in done.stderr


def test_no_line_of_help_is_cut() -> None:
    for lang in ("en", "vi"):
        told = CliRunner().invoke(cli, ["--help"], env={"SEARCHAPP_LANG": lang}).output
        assert len(told) > 1000 and "..." not in told.replace("[ARGS]...", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [("searchapp export --s", {"--sqlite"}), ("searchapp se", {"search", "serve"})],
)
def test_bash_completes(words: str, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / "searchapp").write_text(f'#!/bin/sh\nexec {sys.executable} -m searchapp "$@"\n')
    (tmp_path / "searchapp").chmod(0o755)
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").stdout)
    typed = f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}"
    ask = f'source {script}; {typed}; _searchapp_completion searchapp; echo "${{COMPREPLY[@]}}"'
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, env={**os.environ, "PATH": path})
    assert set(done.stdout.split()) == expected, done.stderr


def test_the_manual_pages_are_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("man", ROOT / "docs" / "man.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.files().items():
        assert path.read_text(encoding="utf-8") == text, "run 'make reference'"
    assert "CÁC LỆNH" in (module.FOLDER / "vi" / "searchapp.1").read_text(encoding="utf-8")


def test_a_new_folder_is_ready_and_nothing_is_overwritten(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "SEARCHAPP_LANG"}
    new = tmp_path / "kho mới"
    assert run("init", str(new), SEARCHAPP_LANG="vi").stdout.startswith(f"{new} đã sẵn sàng. Việc tiếp theo:")
    command = [sys.executable, "-m", "searchapp", "tables", "check"]
    done = subprocess.run(command, cwd=new, env=kept, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    again = run("init", str(new), SEARCHAPP_LANG="en")
    assert again.returncode == 2 and "is there already" in again.stderr
