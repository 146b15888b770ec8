"""From Record to Article, from files to an index: facts, identity, what is skipped, worker processes that die."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from searchapp import ingest, themes
from searchapp.article import Article, Record
from searchapp.citations.find import find_citations
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import generations, open_engine
from searchapp.engines.generations.storage import WriterLock
from searchapp.engines.whoosh.build.assemble import NewSegment
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.errors import BadRecordError, BusyIndexError, SettingsError, ShrunkIndexError, UsageError
from searchapp.ingest import analysis, files, pool, worker
from searchapp.ingest.files import File, Root
from searchapp.ingest.worker import Job, Setup
from searchapp.query import Query
from searchapp.report import Report
from searchapp.text.syllables import pieces
from searchapp.text.urls import canonical_url

TEXT = "Đảng bộ phường họp bàn việc chăm lo cho người dân sau bão."


def article(**facts: object) -> Article:
    values: dict[str, object] = {"text": TEXT, "path": "tin/bai.md"} | facts
    return ingest.article(Record(**values), themes.load())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({"text": unicodedata.normalize("NFD", "Ðảng bộ  họp\r\n\n hoà")}, "text", "Đảng bộ  họp\nhoà"),
        ({"title": unicodedata.normalize("NFD", " Thuỷ \n lợi ")}, "title", "Thuỷ lợi"),
        ({"title": ""}, "title", TEXT),
        ({"title": "", "text": "Hop dan\nNoi dung 2021"}, "title", "Hop dan"),
        ({"title": "a " * 400}, "title", ("a " * 149) + "a…"),
        ({"date": "15/9/2021"}, "date", "2021-09-15"),
        ({"date": "9/2021"}, "date", "2021-09"),
        ({"date": "31/2/2021"}, "date", ""),
        ({"url": "HTTP://Example.ORG:80/bai#dau"}, "url", "http://example.org/bai"),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"kind": "Nghị quyết", "number": "05/NQ-TU"}, "number", "05-NQ/TU"),
        ({"kind": "Nghị quyết", "number": "05/NQ-TU"}, "type", "nghi-quyet"),
        ({"number": "05-CT/TW"}, "type", "chi-thi"),
        ({"number": "30/2020/NĐ-CP"}, "number", "30/2020/NĐ-CP"),
        ({"number": "số lạ"}, "number", "số lạ"),
        ({}, "type", ""),
        ({"themes": ("Chuyển đổi số", "Chuyện phường")}, "themes", ("chuyen-doi-so", "Chuyện phường")),
        ({"text": "x" * 2_000_100}, "text", "x" * 2_000_000),
        ({"section": "Xây\u00a0dựng \u200bĐảng"}, "section", "Xây dựng Đảng"),
    ],
)
def test_an_article_says_what_its_record_says(facts: dict[str, object], field: str, value: object) -> None:
    assert getattr(article(**facts), field) == value


@pytest.mark.parametrize("text", ["", " \n\u200b", "\ufeff"])
def test_nothing_to_index_is_a_reason(text: str) -> None:
    with pytest.raises(BadRecordError, match="no text"):
        article(text=text)


@pytest.mark.parametrize(
    ("facts", "identity"),
    [
        ({"id": "bài-7", "url": "https://example.org/7"}, "bài-7"),
        ({"url": "https://example.org/7?utm_source=x"}, "https://example.org/7"),
        ({}, "tin/bai.md"),
        ({"path": "tin.jsonl", "row": 3}, "tin.jsonl#3"),
        ({"id": unicodedata.normalize("NFD", "hoà-Đ")}, "hoà-Đ"),
    ],
)
def test_identity_is_id_then_address_then_path(facts: dict[str, object], identity: str) -> None:
    found = article(**facts)
    assert found.id == identity
    assert found.key == analysis.key_of(identity)
    assert len(found.key) == 12


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a?id=1&fbclid=zz", "https://example.org/a?id=1"),
        ("https://example.org/a?q=%C4%90%E1%BA%A3ng", "https://example.org/a?q=%C4%90%E1%BA%A3ng"),
        ("https://vi.example.org:8443/Đảng", "https://vi.example.org:8443/Đảng"),
        ("https://user:secret@example.org/", ""),
        ("//example.org/a", ""),
        ("http:\\\\example.org", ""),
        ("data:text/html,x", ""),
        ("https://example.org/<script>", ""),
        ("https://example.org:99999/", ""),
        ("https://example.org/" + "a" * 3000, ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_are_kept_in_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_citations_of_the_text_have_offsets_in_it_and_those_of_the_title_lie_beyond() -> None:
    found = article(
        title="Học tập Chỉ thị 05-CT/TW", text="Thực hiện Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy."
    )
    assert [citation.key for citation in found.citations] == ["05-NQ/TU", "05-CT/TW"]
    first, second = found.citations
    assert found.text[first.start : first.end] == first.text
    assert f"{found.text}\n{found.title}"[second.start : second.end] == second.text


def test_a_citation_is_evidence_by_its_key_not_by_its_words() -> None:
    text = "Chi bộ học Chỉ thị 05-CT/TW, quán triệt Chỉ thị 05-CT/TW, rồi tổng kết Chỉ thị số 05-CT/TW."
    assert article(text=text).themes == ("hoc-tap-lam-theo-bac",)


def test_a_text_is_cut_once_with_its_citations_taken_out_of_the_keys() -> None:
    text = "Họp về Chỉ thị 05-CT/TW, hôm qua"
    cut = analysis.cut(text, find_citations(text))
    assert cut.pieces == pieces(text)
    assert cut.keys == ["họp", "về", "", "hôm", "qua"]


# Files to an index.


def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def run(tmp_path: Path, *paths: Path, **options: object) -> Report:
    chosen = settings(tmp_path)
    return ingest.reindex(paths or [tmp_path / "corpus"], chosen.index, chosen, **options)  # type: ignore[arg-type]


def engine(tmp_path: Path) -> Engine:
    return open_engine(settings(tmp_path))()


def titles(tmp_path: Path) -> set[str]:
    return {match.article.title for match in engine(tmp_path).search(Query(size=50)).matches}


def test_a_bad_file_is_a_line_of_the_report_and_the_others_are_indexed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    put(corpus, "a.txt", "Họp dân\n\nPhường họp dân bàn việc chung.")
    put(corpus, "empty.txt", "")
    put(corpus, "picture.txt", bytes(range(256)) * 20)
    put(corpus, "rows.jsonl", '{"id":"1","text":"Một bài"}\n{"id":\n{"id":"3","text":5}\n{"id":"4","text":"Bốn bài"}\n')
    put(corpus, "secret.txt", "Không đọc được").chmod(0)
    (corpus / "link.txt").symlink_to("/etc/hostname")
    (corpus / "folder").symlink_to("/etc")
    os.mkfifo(corpus / "pipe.txt")
    put(corpus, ".hidden.txt", "Ẩn")
    report = run(tmp_path)
    assert report.articles == 3 + (os.geteuid() == 0)  # root reads what it may not
    wrong = {(bad.path, bad.row) for bad in report.skipped} - {("secret.txt", 0)}
    assert wrong == {
        ("empty.txt", 0), ("picture.txt", 0), ("rows.jsonl", 2), ("rows.jsonl", 3),
        ("link.txt", 0), ("folder", 0), ("pipe.txt", 0),
    }  # fmt: skip
    told = "\n".join(report.lines())
    assert "link.txt: symbolic link, not followed" in told
    assert "rows.jsonl, line 3" in told
    assert json.loads(json.dumps(report.as_json()))["skipped"]


def test_what_nobody_put_there_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", TEXT)
    for litter in (".an.txt", "~$a.docx", "Thumbs.db", "desktop.ini", "__MACOSX/b.txt", ".git/c.txt"):
        put(tmp_path, f"corpus/{litter}", TEXT)
    report = run(tmp_path)
    assert (report.articles, report.skipped) == (1, ())


def test_what_searchignore_names_is_left_out(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for name in ("README.md", "a.txt", "b.txt", "cu/c.txt", "cu/README.md", "moi/nhap/d.txt", "moi/e.txt"):
        put(corpus, name, f"Bài {name}\n\nNội dung của bài {name} nằm ở đây.")
    put(corpus, ".searchignore", "# tên bỏ qua\nREADME.md\nb.*\nnhap/\n")
    put(corpus / "cu", ".searchignore", "/c.txt\n")
    found = files.walk(Root(str(corpus.resolve())), tmp_path / "index")
    assert [item.name for item in found if isinstance(item, File)] == ["a.txt", "moi/e.txt"]
    assert run(tmp_path).articles == 2


@pytest.mark.parametrize(
    ("given", "roots"),
    [
        (["a"], [("a", "")]),
        (["a", "a/b"], [("a", "")]),
        (["a/b", "a"], [("a", "")]),
        (["a/b", "a/b"], [("a/b", "")]),
        (["a/x.txt", "a/b"], [("a", "x.txt"), ("a/b", "")]),
    ],
)
def test_paths_in_others_are_read_once(tmp_path: Path, given: list[str], roots: list[tuple[str, str]]) -> None:
    put(tmp_path, "a/b/y.txt", "y")
    put(tmp_path, "a/x.txt", "x")
    found = files.roots([tmp_path / name for name in given])
    assert found == [Root(str((tmp_path / folder).resolve()), part) for folder, part in roots]


def test_wrong_paths_are_told_before_anything_is_done(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", TEXT)
    with pytest.raises(UsageError, match="no such file"):
        run(tmp_path, tmp_path / "none")
    run(tmp_path)
    with pytest.raises(SettingsError, match="index folder"):
        run(tmp_path, tmp_path / "index")
    assert run(tmp_path, tmp_path).articles == 1  # an index inside a PATH is not read


def test_workers_give_the_same_index(tmp_path: Path) -> None:
    rows = [{"id": f"b{n}", "title": f"Bài {n}", "text": f"Nội dung số {n}. " + TEXT * 20} for n in range(900)]
    put(tmp_path, "corpus/rows.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    for n in range(70):
        put(tmp_path, f"corpus/{n}.txt", f"Tin {n}\n\nTin ngắn số {n} của phường.")
    seen: list[tuple[int, int]] = []
    report = run(tmp_path, jobs=2, progress=lambda done, total: seen.append((done, total)))
    assert (report.articles, report.new, report.skipped) == (970, 970, ())
    assert seen[-1] == (970, 0)
    answer = engine(tmp_path).search(Query(size=50))
    assert (answer.total, engine(tmp_path).stats().segments) == (970, 1)


def jobs_for(tmp_path: Path, names: list[str]) -> list[tuple[Job, ...]]:
    jobs = []
    for number, name in enumerate(names):
        put(tmp_path, name, f"{name}\n\nBài trong tệp {name}.")
        jobs.append(Job(number, File(str(tmp_path), name, 1, 1)))
    return [tuple(jobs[start : start + 3]) for start in range(0, len(jobs), 3)]


def test_a_worker_that_dies_costs_only_the_document_that_ended_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spy").mkdir()
    put(
        tmp_path / "spy",
        "sitecustomize.py",
        "import sys, os\n"
        "sys.addaudithook(lambda event, args: os.abort() if event == 'open' and 'deadly' in str(args[0]) else None)\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "spy"))
    (tmp_path / "out").mkdir()
    names = [f"{n}.txt" for n in range(9)]
    names[4] = "deadly.txt"
    setup = Setup(NewSegment(tmp_path / "out"), 1 << 20)
    batches = list(pool.work(jobs_for(tmp_path, names), setup, 2, lambda _: None))
    parts = [part for _, found in batches for part in found]
    assert sorted(part.number for part in parts) == list(range(9))
    bad = [part for part in parts if part.problems]
    assert [part.number for part in bad] == [4]
    assert "ended the process: Aborted" in str(bad[0].problems[0])
    assert sum(len(part.rows) for part in parts) == 8
    segments = [segment for segment, _ in batches if segment]
    assert sum(Segment(tmp_path / "out", segment).size for segment in segments) == 8


class FullDisk(SegmentWriter):
    """A segment on a disk that is full when it is written out."""

    def finish(self) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_the_old_index_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "corpus/a.txt", "Bài đầu\n\nNội dung bài đầu.")
    run(tmp_path)
    put(tmp_path, "corpus/b.txt", "Bài sau\n\nNội dung bài sau.")
    with monkeypatch.context() as patch:
        patch.setattr("searchapp.engines.whoosh.build.assemble.SegmentWriter", FullDisk)
        with pytest.raises(OSError, match="MB free, about 1 MB needed") as told:
            run(tmp_path)
    assert told.value.errno == errno.ENOSPC
    assert titles(tmp_path) == {"Bài đầu"}
    assert not list((tmp_path / "index").glob(".build-*"))
    assert run(tmp_path).new == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, SystemExit])
def test_an_interrupted_run_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    put(tmp_path, "corpus/a.txt", "Bài đầu\n\nNội dung bài đầu.")
    run(tmp_path)
    put(tmp_path, "corpus/b.txt", "Bài sau\n\nNội dung bài sau.")

    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr(worker, "analyse", interrupted)
    with pytest.raises(error):
        run(tmp_path)
    assert titles(tmp_path) == {"Bài đầu"}
    assert not list((tmp_path / "index").glob(".build-*"))


def test_a_bug_in_one_article_is_told_and_costs_that_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": str(n), "text": f"Bài số {n}."} for n in range(3)]
    put(tmp_path, "corpus/rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    analyse = worker.analyse

    def buggy(record: Record, *tables: Any) -> analysis.Analysis:
        if record.id == "1":
            raise ZeroDivisionError("lỗi")
        return analyse(record, *tables)

    monkeypatch.setattr(worker, "analyse", buggy)
    report = run(tmp_path)
    assert report.articles == 2
    assert [(bad.row, "please report" in bad.reason) for bad in report.skipped] == [(2, True)]


def test_a_folder_that_is_suddenly_empty_is_not_published(tmp_path: Path) -> None:
    for n in range(5):
        put(tmp_path, f"corpus/{n}.txt", f"Bài {n}\n\nNội dung bài {n}.")
    run(tmp_path)
    for n in range(3):
        (tmp_path / f"corpus/{n}.txt").unlink()
    with pytest.raises(ShrunkIndexError, match="2 articles found, the index has 5"):
        run(tmp_path)
    with pytest.raises(ShrunkIndexError):
        run(tmp_path, full=True)
    assert len(titles(tmp_path)) == 5
    assert run(tmp_path, allow_shrink=True).removed == 3
    assert len(titles(tmp_path)) == 2


def test_nothing_at_all_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with pytest.raises(ShrunkIndexError, match="--allow-shrink"):
        run(tmp_path)
    assert run(tmp_path, allow_shrink=True).articles == 0


def test_a_second_reindex_is_told_that_one_is_running(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", TEXT)
    run(tmp_path)
    with WriterLock(tmp_path / "index"), pytest.raises(BusyIndexError):
        run(tmp_path)


def test_a_generation_of_the_embedded_engine_is_sound_to_the_last_bit(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", TEXT)
    run(tmp_path)
    put(tmp_path, "corpus/b.txt", TEXT + " Thêm.")
    run(tmp_path)
    for folder in generations.published(tmp_path / "index"):
        assert generations.check(folder, deep=True) == []


def killed_at(tmp_path: Path, point: int) -> bool:
    """Reindex in a child that dies at its point-th operation on the files of the index; whether it died."""
    child = os.fork()
    if child == 0:
        left = point
        index = str(tmp_path / "index")

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.link") and index in str(arguments[0]):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            run(tmp_path)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def test_a_reindex_killed_anywhere_leaves_the_old_or_the_new_whole(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", "Bài đầu\n\nNội dung bài đầu.")
    run(tmp_path)
    seen = []
    for point in range(0, 2000, 31):
        put(tmp_path, "corpus/b.txt", f"Bài {point}\n\nNội dung bài {point}.")
        before = titles(tmp_path)
        died = killed_at(tmp_path, point)
        after = titles(tmp_path)
        assert after in (before, {"Bài đầu", f"Bài {point}"})
        assert len(list((tmp_path / "index").iterdir())) <= 3 + 2 + 2
        seen.append(after == before)
        if not died:
            break
    assert point > 100
    assert set(seen) == {True, False}
    assert run(tmp_path).articles == 2
    assert not list((tmp_path / "index").glob(".build-*"))
