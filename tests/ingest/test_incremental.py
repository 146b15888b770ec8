"""Doing only what changed gives the index that a fresh build would give."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from searchapp import ingest
from searchapp.citations.resolve.mention import EVIDENCE
from searchapp.config import Settings, SourceSettings
from searchapp.engines import generations, open_engine
from searchapp.engines.whoosh.build import assemble
from searchapp.engines.whoosh.build.assemble import to_merge
from searchapp.errors import StaleIndexError
from searchapp.ingest import changes, ledger, worker
from searchapp.ingest.files import File, Root
from searchapp.ingest.ledger import Entry, Ledger, Row
from searchapp.query import AllOf, Phrase, Query, Word
from searchapp.readers.items import Bad, Note
from searchapp.report import Report
from searchapp.report import load_origins as load_origins

REPEATED = "cả tổ dân phố cùng nhau góp công sửa lại con hẻm"  # long enough to be a reprint by itself
WORDS = ("đảng bộ", "hoà bình", "hòa bình", "dang bo", "Đề án", "số 15", "chuyển đổi số", REPEATED, REPEATED)
CITED = (
    "Nghị quyết số 05-NQ/TU",
    "Nghị quyết số 905-NQ/TU ngày 15/9/2021 của Tỉnh ủy Bình Dương",
    "Nghị quyết số 905-NQ/TU của Tỉnh ủy Bình Dương",
    "Nghị quyết 905",
)
LONG = tuple(f"{word}, phường Bến Nhỏ họp dân bàn việc làm cầu. " * 8 for word in WORDS[:2])
PREFIXES = {"id": "", "url": "https://bao.example.org/"}
NUMBERS = ("", "", "905-NQ/TU")
QUESTIONS = (
    Query(size=50, facets=("theme", "date", "document", "source"), steps=("year",)),
    Query(text="đảng bộ", tree=AllOf((Word("đảng", True), Word("bộ", True))), size=50),
    Query(text="dang", tree=Word("dang"), size=50),
    Query(text='"hòa bình"', tree=Phrase(("hòa", "bình"), True), size=50, sort="oldest"),
    Query(size=50, fold=True),
)


def answers(index: Path) -> list[object]:
    """Everything a reader could see of an index but its generation, and what the next run begins with."""
    engine = open_engine(Settings(index=index))()
    told: list[object] = []
    for query in QUESTIONS:
        answer = engine.search(query)
        matches = [
            (match.article, round(match.score, 5), sorted(match.documents), match.reprints) for match in answer.matches
        ]
        told.append((answer.total, answer.folded, answer.step, matches, answer.facets, answer.steps))
    told.append([(term, count) for prefix in "abdhnq" for term, count in engine.vocabulary(prefix)])
    told.append(engine.documents())
    told.append((generations.current(index) / EVIDENCE).read_text(encoding="utf-8"))
    return told


def run(index: Path, *paths: Path, **options: object) -> Report:
    return ingest.reindex(paths, index, Settings(index=index), allow_shrink=True, jobs=1, **options)  # type: ignore[arg-type]


def places(index: Path) -> object:
    """Every place of the articles found in several."""
    return load_origins(generations.current(index))


def rows(*pairs: tuple[str, str]) -> str:
    return "".join(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n" for name, text in pairs)


class Folder(RuleBasedStateMachine):
    """Files come, change, move and go; after each reindex the index is as if built at once."""

    names = st.sampled_from(["a.txt", "b/c.txt", "e.jsonl", "f.jsonl", "g.rss"])
    texts = st.lists(st.sampled_from(WORDS + CITED), min_size=0, max_size=6).map(", ".join) | st.sampled_from(LONG)

    @initialize()
    def begin(self) -> None:
        self.top = Path(tempfile.mkdtemp())
        (self.top / "corpus").mkdir()

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    @rule(
        name=names,
        texts=st.lists(texts, max_size=3),
        first=st.integers(0, 2),
        date=st.sampled_from(["", "2021", "2021-09-15"]),
        number=st.sampled_from(NUMBERS),
        named=st.sampled_from(["id", "url", "both", "none"]),
    )
    def write(self, name: str, texts: Sequence[str], first: int, date: str, number: str, named: str) -> None:
        """Rows share ids, addresses and texts between files, so that every run must decide between some."""
        path = self.top / "corpus" / name
        path.parent.mkdir(exist_ok=True)
        if name.endswith(".jsonl"):
            facts = {"date": date, "number": number, "issuer": "Tỉnh ủy Bình Dương" if number else ""}
            names = [
                {key: f"{before}b{n}" for key, before in PREFIXES.items() if named in (key, "both")}
                for n in range(first, first + len(texts))
            ]
            values = [{**own, "text": text, **facts} for own, text in zip(names, texts, strict=True)]
            path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
        elif name.endswith(".rss"):
            items = (
                f"<item><link>{PREFIXES['url']}b{n}</link><description>{text}</description></item>"
                for n, text in enumerate(texts, first)
            )
            feed = f"<rss version='2.0'><channel><title>Báo</title>{''.join(items)}</channel></rss>"
            path.write_text(feed, encoding="utf-8")
        else:
            path.write_text("\n\n".join(texts), encoding="utf-8")

    @rule(name=names)
    def remove(self, name: str) -> None:
        (self.top / "corpus" / name).unlink(missing_ok=True)

    @rule(name=names, other=names)
    def move(self, name: str, other: str) -> None:
        here, there = self.top / "corpus" / name, self.top / "corpus" / other
        if here.exists() and here.suffix == there.suffix:
            there.parent.mkdir(exist_ok=True)
            here.replace(there)

    @rule(verify=st.booleans())
    def reindex(self, verify: bool) -> None:
        run(self.top / "index", self.top / "corpus", verify=verify)

    @invariant()
    def no_build_is_left(self) -> None:
        assert not list((self.top / "index").glob(".build-*"))

    @rule()
    def compare(self) -> None:
        again = run(self.top / "index", self.top / "corpus")
        fresh = run(self.top / "fresh", self.top / "corpus", full=True)
        assert answers(self.top / "index") == answers(self.top / "fresh")
        assert (again.articles, again.undated, again.themeless) == (fresh.articles, fresh.undated, fresh.themeless)
        assert {str(bad) for bad in again.skipped} == {str(bad) for bad in fresh.skipped}
        assert again.copies == fresh.copies
        assert places(self.top / "index") == places(self.top / "fresh")


TestFolder = Folder.TestCase
TestFolder.settings = hypothesis_settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.generate,),  # shrinking whole folders takes minutes and helps little
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Four files, five articles, old enough that their times can be trusted."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Họp dân\n\nĐảng bộ phường họp dân.", encoding="utf-8")
    (folder / "b.txt").write_text("Chợ mới\n\nPhường mở chợ mới.", encoding="utf-8")
    (folder / "c.txt").write_text("Cầu mới\n\nKhánh thành cầu mới.", encoding="utf-8")
    (folder / "rows.jsonl").write_text(rows(("1", "Một bài dài"), ("2", "Hai bài dài")), encoding="utf-8")
    for path in folder.iterdir():
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.removed, report.unchanged


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles or ids of what was really analysed."""
    seen: list[str] = []
    analyse = worker.analyse
    monkeypatch.setattr(
        worker, "analyse", lambda record, *rest: (seen.append(record.id or record.path), analyse(record, *rest))[1]
    )
    return seen


def test_only_what_changed_is_analysed(tmp_path: Path, corpus: Path, analysed: list[str]) -> None:
    index = tmp_path / "index"
    assert counts(run(index, corpus)) == (5, 0, 0, 0)
    analysed.clear()
    again = run(index, corpus)
    assert (counts(again), again.published, analysed) == ((0, 0, 0, 5), False, [])
    (corpus / "rows.jsonl").write_text(rows(("1", "Một bài dài"), ("3", "Ba"), ("2", "Hai bài khác")), encoding="utf-8")
    (corpus / "a.txt").unlink()
    changed = run(index, corpus)
    assert (counts(changed), sorted(analysed)) == ((1, 1, 1, 3), ["2", "3"])
    assert open_engine(Settings(index=index))().stats().segments == 2


def test_a_touched_file_is_compared_not_analysed(tmp_path: Path, corpus: Path, analysed: list[str]) -> None:
    run(tmp_path / "index", corpus)
    analysed.clear()
    os.utime(corpus / "a.txt", (1_700_000_000, 1_700_000_000))
    assert run(tmp_path / "index", corpus).read == 0
    assert analysed == []


def test_a_file_that_goes_while_it_is_compared_costs_nobody_else(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "index", corpus)
    (corpus / "a.txt").touch()
    digest = changes.content_digest

    def read_and_gone(path: Path) -> int:
        found = digest(path)
        path.unlink()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(changes, "content_digest", read_and_gone)
        assert counts(run(tmp_path / "index", corpus)) == (0, 0, 0, 5)
    assert counts(run(tmp_path / "index", corpus)) == (0, 0, 1, 4)


def test_a_change_behind_the_same_size_and_time_is_found_by_verify(tmp_path: Path, corpus: Path) -> None:
    run(tmp_path / "index", corpus)
    (corpus / "b.txt").write_text("Chợ mới\n\nPhường mở chợ lớn.", encoding="utf-8")
    os.utime(corpus / "b.txt", (1_600_000_000, 1_600_000_000))
    assert counts(run(tmp_path / "index", corpus)) == (0, 0, 0, 5)
    assert counts(run(tmp_path / "index", corpus, verify=True)) == (0, 1, 0, 4)


def test_a_file_that_was_just_written_is_not_trusted_by_its_time(tmp_path: Path, corpus: Path) -> None:
    (corpus / "b.txt").write_text("Chợ mới\n\nPhường mở chợ mới.", encoding="utf-8")
    now = (corpus / "b.txt").stat().st_mtime_ns
    run(tmp_path / "index", corpus)
    (corpus / "b.txt").write_text("Chợ mới\n\nPhường mở chợ lớn.", encoding="utf-8")
    os.utime(corpus / "b.txt", ns=(now, now))
    assert counts(run(tmp_path / "index", corpus)) == (0, 1, 0, 4)


def test_the_paths_are_mirrored_and_add_keeps_the_rest(tmp_path: Path, corpus: Path) -> None:
    index, more = tmp_path / "index", tmp_path / "more"
    more.mkdir()
    (more / "x.txt").write_text("Tin thêm\n\nMột tin thêm vào.", encoding="utf-8")
    run(index, corpus)
    assert counts(run(index, more, add=True)) == (1, 0, 0, 5)
    (corpus / "a.txt").unlink()
    assert counts(run(index, more, add=True)) == (0, 0, 0, 6)
    assert counts(run(index, corpus, add=True)) == (0, 0, 1, 5)
    assert counts(run(index, corpus, add=True, full=True)) == (0, 0, 0, 5)
    assert counts(run(index, more)) == (0, 0, 4, 1)


def test_adding_a_part_of_a_known_folder_looks_only_there(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    (corpus / "sub").mkdir()
    (corpus / "sub" / "s.txt").write_text("Tin phụ\n\nTin ở thư mục con.", encoding="utf-8")
    run(index, corpus)
    (corpus / "sub" / "t.txt").write_text("Tin nữa\n\nTin nữa ở thư mục con.", encoding="utf-8")
    (corpus / "b.txt").write_text("Đã đổi\n\nTin đã đổi hẳn rồi.", encoding="utf-8")
    assert counts(run(index, corpus / "sub", add=True)) == (1, 0, 0, 6)
    assert counts(run(index, corpus / "b.txt", add=True)) == (0, 1, 0, 6)
    assert counts(run(index, corpus)) == (0, 0, 0, 7)


def test_of_two_articles_with_one_id_the_first_counts_and_the_second_takes_over(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "b.jsonl").write_text(rows(("1", "Bài của tệp b"), ("2", "Bài riêng")), encoding="utf-8")
    run(index, corpus)
    (corpus / "a.jsonl").write_text(rows(("1", "Bài của tệp a")), encoding="utf-8")
    report = run(index, corpus)
    assert [str(bad) for bad in report.skipped] == ["b.jsonl, line 1: same id as an article of a.jsonl, which counts"]
    assert "Bài của tệp a" in str(answers(index))
    assert "Bài của tệp b" not in str(answers(index))
    (corpus / "a.jsonl").unlink()
    assert run(index, corpus).skipped == ()
    assert "Bài của tệp b" in str(answers(index))
    assert "Bài của tệp a" not in str(answers(index))


def test_a_new_article_changes_what_an_old_one_cites(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.jsonl").write_text(
        rows(("1", "Học Nghị quyết số 905-NQ/TU của Tỉnh ủy Bình Dương.")), encoding="utf-8"
    )
    run(index, corpus)

    def cited() -> str:
        engine = open_engine(Settings(index=index))()
        return next(m.article.citations[0].document for m in engine.search(Query()).matches if m.article.id == "1")

    before = cited()
    full = "Nghị quyết số 905-NQ/TU ngày 15/9/2021 của Tỉnh ủy Bình Dương đã ban hành."
    (corpus / "b.jsonl").write_text(rows(("2", full)), encoding="utf-8")
    run(index, corpus)
    assert cited() != before
    assert cited().startswith("tinh-uy-binh-duong/nghi-quyet-905-nq-tu/")
    (corpus / "b.jsonl").unlink()
    run(index, corpus)
    assert cited() == before


def test_what_was_bad_stays_in_the_report_until_it_is_mended(tmp_path: Path, corpus: Path) -> None:
    (corpus / "d.txt").write_text("", encoding="utf-8")
    for _ in range(2):
        assert [bad.path for bad in run(tmp_path / "index", corpus).skipped] == ["d.txt"]
    (corpus / "d.txt").write_text("Bài mới\n\nĐã có nội dung mới.", encoding="utf-8")
    assert run(tmp_path / "index", corpus).skipped == ()


def test_segments_are_linked_and_stay_few(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    run(index, corpus)
    first = generations.current(index)
    seen = []
    for n in range(20):
        (corpus / "a.txt").write_text(f"Họp dân\n\nĐảng bộ phường họp dân lần {n}.", encoding="utf-8")
        run(index, corpus)
        seen.append(open_engine(Settings(index=index))().stats().segments)
        if n == 0:
            linked = [p for p in generations.current(index).iterdir() if (first / p.name).exists()]
            assert any(os.path.samestat(p.stat(), (first / p.name).stat()) for p in linked)
    assert max(seen) <= assemble.MAX_SEGMENTS
    run(tmp_path / "fresh", corpus)
    assert answers(index) == answers(tmp_path / "fresh")


@pytest.mark.parametrize(
    ("living", "sizes", "whole", "chosen"),
    [
        ({"a": 5}, {}, True, []),
        ({"a": 5, "b": 1}, {}, True, ["a", "b"]),
        ({"a": 5}, {"a": 6}, True, ["a"]),
        ({"a": 1000, "b": 1, "c": 1}, {}, False, []),
        ({"a": 2}, {"a": 5}, False, ["a"]),
        ({"a": 1000, **{f"s{n}": 1 for n in range(8)}}, {}, False, [f"s{n}" for n in range(8)]),
        ({f"s{n}": 10**n for n in range(9)}, {}, False, ["s0", "s1"]),
    ],
    ids=["one", "two", "with removed", "few", "mostly removed", "many small", "each ten times the last"],
)
def test_the_smallest_segments_are_merged(
    living: dict[str, int], sizes: dict[str, int], whole: bool, chosen: list[str]
) -> None:
    assert to_merge(living, living | sizes, whole=whole) == chosen


def test_other_rules_of_analysis_mean_everything_again(
    tmp_path: Path, corpus: Path, analysed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "index", corpus)
    analysed.clear()
    monkeypatch.setattr(ingest, "_recipe", lambda _: "other")
    with pytest.raises(StaleIndexError, match="all PATHs"):
        run(tmp_path / "index", corpus, add=True)
    assert (counts(run(tmp_path / "index", corpus)), len(analysed)) == ((0, 0, 0, 5), 5)


def test_another_issuer_of_a_source_is_resolved_without_analysing(
    tmp_path: Path, corpus: Path, analysed: list[str]
) -> None:
    index = tmp_path / "index"
    run(index, corpus)
    analysed.clear()
    chosen = Settings(index=index, sources={"Cổng tỉnh": SourceSettings("Tỉnh ủy Bình Dương")})
    assert ingest.reindex([corpus], index, chosen).published
    assert analysed == []


def test_a_damaged_index_is_built_anew(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    run(index, corpus)
    next(generations.current(index).glob("*.post")).write_bytes(b"")
    assert counts(run(index, corpus)) == (5, 0, 0, 0)
    assert open_engine(Settings(index=index))().stats().articles == 5


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xe1\xba\xa3n \xff.txt")
    entries = [
        Entry(File("/a", "x.jsonl", 7, 1), 2**64 - 1, [Row(1, 5, 6, ledger.LIVE), Row(2, 7, 8, ledger.LIVE)]),
        Entry(
            File("/b", name, 0, 0), 0, [Row(0, 5, 9, ledger.NOWHERE)], [Bad("Đ", 3, "hỏng"), Note("n", 0, "date", "?")]
        ),
        Entry(File("/b", "z.txt", 0, 0), 0),
    ]
    roots = [Root("/a"), Root("/b", "part")]
    known = Ledger("rules", roots, ledger.ordered(roots, reversed(entries)))
    ledger.save(known, tmp_path)
    assert ledger.load(tmp_path) == known
    ledger.save(Ledger(), tmp_path)
    assert ledger.load(tmp_path) == Ledger()
