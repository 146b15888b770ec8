"""A fault that may pass takes no article away, and is not remembered: the next sound run equals a fresh build."""

import errno
import os
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp import readers
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest import reindex, worker
from searchapp.query import Query
from searchapp.readers.sandbox import parent
from searchapp.readers.sandbox.limits import MEMORY
from searchapp.report import Report


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for folder in ("a", "b"):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        for number in range(3):
            write(
                tmp_path / "corpus" / folder / f"{number}.md",
                f"Bài {folder}{number}",
                "Cán bộ phường học tập nghị quyết.",
            )
    return replace(Settings(), index=tmp_path / "index", corpus=(tmp_path / "corpus",))


def write(path: Path, title: str, text: str) -> None:
    path.write_text(f"---\ntitle: {title}\n---\n{text}\n", encoding="utf-8")


def run(settings: Settings, **options: bool) -> Report:
    return reindex(settings.corpus, settings.index, settings, jobs=1, **options)


def served(settings: Settings) -> list[tuple[str, str]]:
    found = open_engine(settings)().search(Query(size=100)).matches
    return sorted((match.article.path, match.article.text) for match in found)


def fails(monkeypatch: pytest.MonkeyPatch, where: str, code: int) -> None:
    """Reading a file, or listing a folder, of this name ends with an error of the system."""
    digest, scandir = worker.content_digest, os.scandir

    def broken_digest(path: Path) -> int:
        if where in str(path):
            raise OSError(code, os.strerror(code))
        return digest(path)

    def broken_scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith(where):
            raise OSError(code, os.strerror(code))
        return scandir(path)

    monkeypatch.setattr(worker, "content_digest", broken_digest)
    monkeypatch.setattr("searchapp.ingest.changes.content_digest", broken_digest)
    monkeypatch.setattr("searchapp.ingest.files.os.scandir", broken_scandir)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE])
@pytest.mark.parametrize(("where", "kept"), [("a/1.md", 1), ("corpus/b", 3)])
def test_what_was_served_stays_until_it_can_be_read_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, where: str, kept: int, code: int
) -> None:
    run(settings)
    before = served(settings)
    write(settings.corpus[0] / "a" / "1.md", "Bài a1", "Đã sửa: cán bộ phường triển khai chỉ thị mới của thành phố.")
    with monkeypatch.context() as patch:
        fails(patch, where, code)
        report = run(settings)
        assert (report.kept, report.removed, len(report.skipped)) == (kept, 0, 1)
        assert [path for path, _ in served(settings)] == [path for path, _ in before]
        assert any("kept from before" in line for line in report.lines())
    after = run(settings)
    assert after.kept == 0 and not after.skipped
    incremental = served(settings)
    fresh = replace(settings, index=settings.index.parent / "fresh")
    run(fresh)
    assert incremental == served(fresh)


@pytest.mark.parametrize("how", ["full", "recipe"])
@pytest.mark.parametrize(("where", "kept"), [("a/1.md", 1), ("corpus/b", 3)])
def test_what_was_served_stays_where_everything_is_read_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, where: str, kept: int, how: str
) -> None:
    run(settings)
    before = served(settings)
    with monkeypatch.context() as patch:
        fails(patch, where, errno.EIO)
        if how == "recipe":
            patch.setattr("searchapp.ingest._rules", lambda _: "another")
        report = run(settings, full=how == "full")
        assert (report.kept, report.removed, len(report.skipped)) == (kept, 0, 1)
        assert served(settings) == before
        again = run(settings)  # the fault goes on
        assert (again.kept, again.removed, again.articles) == (kept, 0, 6)
    after = run(settings)
    assert after.kept == 0 and not after.skipped
    assert served(settings) == before


def test_a_file_that_is_gone_goes_with_its_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(settings)
    (settings.corpus[0] / "a" / "1.md").touch()
    os.utime(settings.corpus[0] / "a" / "1.md", (1, 1))
    write(settings.corpus[0] / "a" / "1.md", "Bài a1", "Một nội dung khác hẳn, dài hơn trước.")
    with monkeypatch.context() as patch:
        fails(patch, "a/1.md", errno.EIO)
        assert run(settings).kept == 1
    (settings.corpus[0] / "a" / "1.md").unlink()
    report = run(settings)
    assert (report.removed, report.kept, report.articles) == (1, 0, 5)


def test_a_file_that_is_no_article_any_more_goes_with_its_reason(settings: Settings) -> None:
    run(settings)
    (settings.corpus[0] / "a" / "1.md").write_text("", encoding="utf-8")
    report = run(settings)
    assert (report.removed, report.kept) == (1, 0)
    assert [bad.reason for bad in report.skipped] == ["empty file"]


def test_edits_within_one_tick_of_the_clock_are_seen(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings.corpus[0] / "a" / "1.md"
    tick = 1_700_000_000_000_000_000
    monkeypatch.setattr(worker.time, "time_ns", lambda: tick + 500_000_000)
    write(path, "Bài a1", "Nội dung số 1 của bài.")
    os.utime(path, ns=(tick, tick))
    run(settings)
    for number in (2, 3, 4):
        write(settings.corpus[0] / "b" / "0.md", f"Bài b{number}", "Một bài khác làm cho lần này có gì để công bố.")
        run(settings)  # publishes something else, and looks at the file with the same size and time
        write(path, "Bài a1", f"Nội dung số {number} của bài.")
        os.utime(path, ns=(tick, tick))
        run(settings)
        assert any(f"số {number}" in text for _, text in served(settings)), number


def test_folders_nested_very_deep_end_no_run(settings: Settings) -> None:
    deep = os.open(settings.corpus[0], os.O_RDONLY)
    for _ in range(1_100):  # by descriptors: the whole name is longer than a path may be
        os.mkdir("d", dir_fd=deep)
        inner = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    os.close(deep)
    report = run(settings)
    subprocess.run(["rm", "-rf", str(settings.corpus[0] / "d")], check=True)  # deeper than pytest sweeps
    assert report.articles == 6


def test_two_names_that_differ_in_their_unicode_form_alone_are_explained(settings: Settings) -> None:
    for form, text in (("NFC", "Cán bộ phường học nghị quyết."), ("NFD", "Một nội dung khác hẳn của bài thứ hai.")):
        write(settings.corpus[0] / f"{unicodedata.normalize(form, 'Hội nghị')}.md", "Hội nghị", text)
    told = [bad.reason for bad in run(settings).skipped]
    assert len(told) == 1 and "in another Unicode form" in told[0] and "rename one" in told[0]


PAGE = (
    "<html lang=vi><title>Bài {0}</title><article><p>"
    + "Cán bộ phường {0} học tập nghị quyết. " * 20
    + "</p></article>"
)


@pytest.mark.parametrize("fault", ["raise SystemExit(1)", "raise MemoryError", "import os; os.kill(os.getpid(), 9)"])
def test_a_reader_that_cannot_start_is_no_files_fault_and_is_not_tried_for_each(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    for number in range(8):
        write_page(settings, number, "cũ")
    run(settings)
    before = served(settings)
    for number in range(8):
        write_page(settings, number, "mới")
    started = []
    popen = subprocess.Popen
    with monkeypatch.context() as broken:
        broken.setattr(parent, "_PROGRAM", fault)
        broken.setattr(parent.subprocess, "Popen", lambda *args, **rest: (started.append(1), popen(*args, **rest))[1])
        broken.setattr(readers, "_SANDBOX", parent.Sandbox())
        report = run(settings)
    assert served(settings) == before and report.kept == 8
    assert {bad.reason for bad in report.skipped} == {"its reader cannot start"} and len(started) <= 3
    assert run(settings).changed == 8


def write_page(settings: Settings, number: int, word: str) -> None:
    path = settings.corpus[0] / "a" / f"trang-{number}.html"
    path.write_text(PAGE.format(f"{word} {number}"), encoding="utf-8")


def test_an_operators_own_limit_of_memory_is_kept(tmp_path: Path) -> None:
    """A hard limit below the reader's own ended every reader at its start."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "trang.html").write_text(PAGE.format(1), encoding="utf-8")
    command = [sys.executable, "-m", "searchapp", "reindex", "corpus", "--index", "index", "--jobs", "1"]
    limit = MEMORY - (8 << 20)
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)), timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
