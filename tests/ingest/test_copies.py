"""One article from file, feed and site is one: the same id, else the same address, else the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.article import FEED, Record
from searchapp.config import Settings
from searchapp.engines import generations, open_engine
from searchapp.ingest import reindex
from searchapp.ingest.deduplicate import NOWHERE, identified, owners, row_of
from searchapp.report import Origin, Report, load_origins
from searchapp.web import create_app

TEXT = "Sáng nay, Đảng bộ phường Bến Nhỏ tổ chức hội nghị bàn việc làm cầu qua rạch. " * 6
PAGE = "https://bao.example.org/tin/cau-moi"
CAPTURED = 1_750_000_000


def record(text: str = TEXT, **facts: object) -> Record:
    return replace(Record(text=text, path="a.txt"), **facts)  # type: ignore[arg-type]


by_id = record(id="bai-7")
by_id_with_page = record(id="bai-7", url=PAGE)
crawled = record(url=PAGE, rank=CAPTURED, path="s.warc.gz/cau-moi")
crawled_later = record("Bài đã sửa. " + TEXT, url=PAGE, rank=CAPTURED + 60, path="t.warc.gz/cau-moi")
in_feed = record("Tóm tắt.", url=PAGE, rank=FEED, path="f.rss", row=1)
plain = record(path="b.txt")


@pytest.mark.parametrize(
    ("records", "served", "copied", "late"),
    [
        ([by_id, replace(by_id, path="z.txt")], [0], 1, 0),
        ([by_id, replace(by_id, text="Một bài khác.", path="z.txt")], [0], 0, 1),
        ([in_feed, crawled], [1], 1, 0),
        ([crawled, crawled_later, in_feed], [1], 2, 0),
        ([record(url=PAGE), crawled, in_feed], [0], 2, 0),
        ([crawled, by_id_with_page], [1], 1, 0),
        ([crawled, by_id_with_page, replace(by_id_with_page, id="bai-8")], [0, 1, 2], 0, 0),
        ([crawled, replace(crawled, url="http://www.bao.example.org/tin/cau-moi/", rank=CAPTURED + 9)], [1], 1, 0),
        ([plain, crawled, by_id_with_page], [2], 2, 0),
        ([plain, replace(plain, path="c.txt")], [0], 1, 0),
        (
            [record("CẦU MỚI\n" + TEXT), record(title="Cầu mới", path="b.txt"), replace(plain, path="c.txt")],
            [0, 2],
            1,
            0,
        ),
        ([record("Cầu mới\n" + TEXT, title="Cầu mới"), record(title="Cầu mới", path="b.txt")], [0], 1, 0),
        ([record("Đang cập nhật."), record("Đang cập nhật.", path="b.txt")], [0, 1], 0, 0),
        ([by_id, replace(by_id, id="bai-8")], [0, 1], 0, 0),
        ([crawled, replace(crawled, url=PAGE + "-2")], [0, 1], 0, 0),
    ],
    ids=[
        "the same file twice",
        "one id for two articles is a mistake",
        "the page goes before the feed",
        "the newest capture",
        "a file goes before the page",
        "the page of an article with an id",
        "several ids on one page (a law's articles)",
        "http and https, www and slash",
        "by words, then by address",
        "two files without a name of their own",
        "title within the text",
        "title repeated in the text",
        "too short to be known by its words",
        "two ids are two articles",
        "two addresses are two articles (a reprint)",
    ],
)
def test_which_copy_counts(records: list[Record], served: list[int], copied: int, late: int) -> None:
    rows = [(("/a", f"{n}"), row_of(one, *identified(one), NOWHERE)) for n, one in enumerate(records)]
    decided = owners(rows)
    assert sorted(int(place[1]) for place, _ in decided.first.values()) == served
    assert sum(map(len, decided.copies.values())) == copied
    assert len(decided.late) == late
    assert len(rows) == len(served) + copied + late


def test_a_page_captured_again_is_the_same_article() -> None:
    assert identified(crawled) == identified(replace(crawled, path="u.warc.gz/cau-moi", rank=CAPTURED + 5))
    assert identified(crawled) != identified(crawled_later)
    assert identified(plain) != identified(replace(plain, path="c.txt"))


RSS = (
    '<rss version="2.0"><channel><title>Báo</title><item><guid isPermaLink="false">tag:7</guid><title>Cầu mới</title>'
    f"<link>{PAGE}?utm_source=rss</link><description>{{}}</description></item></channel></rss>"
)


def run(top: Path, **options: bool) -> Report:
    index = top / "index"
    return reindex([top / "corpus"], index, Settings(index=index), jobs=1, allow_shrink=True, **options)


def shown(top: Path) -> list[tuple[str, str]]:
    """Path and beginning of every article that is served."""
    engine = open_engine(Settings(index=top / "index"))()
    articles = engine.articles([key for key, _ in engine.titles()])
    engine.close()
    return sorted((one.path, one.text[:8]) for one in articles)


def origins(top: Path) -> list[tuple[Origin, ...]]:
    return list(load_origins(generations.current(top / "index")).values())


@pytest.fixture
def top(tmp_path: Path) -> Iterator[Path]:
    """The same article as a row with its address, as an entry of a feed and as a bare file; and another one."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    row = json.dumps({"title": "Cầu mới", "text": TEXT, "url": PAGE}, ensure_ascii=False)
    (folder / "a.jsonl").write_text(row + "\n", encoding="utf-8")
    (folder / "b.txt").write_text(f"Cầu mới\n\n{TEXT}", encoding="utf-8")
    (folder / "c.rss").write_text(RSS.format("Tóm tắt: " + TEXT), encoding="utf-8")
    (folder / "d.txt").write_text("Chợ mới\n\nPhường mở chợ mới hôm qua.", encoding="utf-8")
    yield tmp_path


def test_file_feed_and_row_become_one_article_with_three_sources(top: Path) -> None:
    report = run(top)
    assert (report.articles, report.copies, report.skipped) == (2, 2, ())
    assert "2 copies of these, kept as their sources" in report.lines()
    assert [path for path, _ in shown(top)] == ["a.jsonl", "d.txt"]
    assert origins(top) == [(Origin("file", "a.jsonl"), Origin("file", "b.txt"), Origin("feed", "c.rss"))]
    assert not run(top).published


def test_when_a_copy_goes_another_stands_in(top: Path) -> None:
    run(top)
    (top / "corpus" / "a.jsonl").unlink()
    report = run(top)
    # The words no longer tie the feed to the bare file: its entry is shorter.
    assert (report.articles, report.copies) == (3, 0)
    assert [path for path, _ in shown(top)] == ["b.txt", "c.rss", "d.txt"]
    (top / "corpus" / "c.rss").write_text(RSS.format(TEXT), encoding="utf-8")
    assert (run(top).articles, [path for path, _ in shown(top)]) == (2, ["c.rss", "d.txt"])
    (top / "corpus" / "c.rss").unlink()
    assert (run(top).articles, [path for path, _ in shown(top)]) == (2, ["b.txt", "d.txt"])
    assert origins(top) == []


def test_a_source_less_is_a_change(top: Path) -> None:
    run(top)
    (top / "corpus" / "b.txt").unlink()
    report = run(top)
    assert (report.published, report.unchanged, report.removed) == (True, 2, 0)
    assert origins(top) == [(Origin("file", "a.jsonl"), Origin("feed", "c.rss"))]


def test_only_what_changed_gives_what_all_at_once_gives(top: Path) -> None:
    corpus = top / "corpus"
    for name in ("b.txt", "a.jsonl", "c.rss"):
        kept = (corpus / name).read_bytes()
        (corpus / name).unlink()
        run(top)
        (corpus / name).write_bytes(kept)
        run(top)
        step_by_step = shown(top), origins(top)
        run(top, full=True)
        assert step_by_step == (shown(top), origins(top))


def test_the_page_and_the_api_name_all_sources(top: Path) -> None:
    run(top)
    client = create_app(Settings(index=top / "index")).test_client()
    engine = open_engine(Settings(index=top / "index"))()
    keys = {title: key for key, title in engine.titles()}
    page = client.get(f"/bai/{keys['Cầu mới']}", follow_redirects=True).text
    assert "Bài này có ở" in page and "Tệp b.txt" in page and "c.rss" in page
    assert "Bài này có ở" not in client.get(f"/bai/{keys['Chợ mới']}", follow_redirects=True).text
    told = client.get(f"/api/v1/articles/{keys['Cầu mới']}").json
    assert told and told["article"]["sources"] == [
        {"kind": "file", "path": "a.jsonl", "seen": None},
        {"kind": "file", "path": "b.txt", "seen": None},
        {"kind": "feed", "path": "c.rss", "seen": None},
    ]
    alone = client.get(f"/api/v1/articles/{keys['Chợ mới']}").json
    assert alone and alone["article"]["sources"] == [{"kind": "file", "path": "d.txt", "seen": None}]


def test_earlier_captures_are_no_further_source() -> None:
    captures = [crawled, crawled_later]
    rows = [(("/a", f"{n}"), row_of(one, *identified(one), NOWHERE)) for n, one in enumerate(captures)]
    (found,) = owners(rows).copies.values()
    assert [row.rank for _, row in found] == [CAPTURED]
