"""Small files that were once read wrongly, through the real door: a file in, reindex, the facts of its article out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchapp.article import Article
from searchapp.collection import Collection
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.readers import read

FOLDER = Path(__file__).parents[1] / "cases" / "faults"
ROWS = [json.loads(line) for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
FACTS = ("number", "date", "issuer", "signer", "title")
TYPES = {"Kế hoạch": "ke-hoach", "Văn bản hợp nhất": "van-ban-hop-nhat"}


ALONE = "3-heading-last.pdf"
"""The same document as another of these files, of which an index shows one."""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Article]]:
    rest = tuple(sorted(path for path in (FOLDER / "files").iterdir() if path.name != ALONE))
    folder = tmp_path_factory.mktemp("faults")
    return dict([*_indexed(rest, folder / "a"), *_indexed((FOLDER / "files" / ALONE,), folder / "b")])


def _indexed(corpus: tuple[Path, ...], index: Path) -> Iterator[tuple[str, list[Article]]]:
    settings = Settings(index=index, corpus=corpus)
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert not report.skipped, report.skipped_lines()
    with Collection(open_engine(settings)) as collection:
        hits = [collection.article(hit.article.key) for hit in collection.every("")]
    for path in corpus:
        yield path.name, [article for article in hits if article and article.path.startswith(path.name)]


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_file_is_read_as_what_it_is(articles: dict[str, list[Article]], row: dict[str, Any]) -> None:
    found = articles[row["file"]]
    if "dates" in row:
        assert {article.id: article.date for article in found} == row["dates"]
        return
    (article,) = found
    assert {name: getattr(article, name) for name in FACTS if name in row} == {
        name: row[name] for name in FACTS if name in row
    }
    assert article.type == TYPES[row["type"]] if "type" in row else True
    for wanted in row.get("has", ()):
        assert wanted in article.whole
    for unwanted in row.get("hasnot", ()):
        assert unwanted not in article.whole
    assert set(row.get("cites", ())) <= {citation.key for citation in article.citations}


@pytest.mark.shared
def test_the_gazette_is_read_as_what_it_is(shared_data: Path) -> None:
    wrong: dict[str, list[str]] = {}
    names = {"number": "number", "type": "kind", "date": "date", "issuer": "issuer", "signer": "signer"}
    folder = shared_data / "files" / "gazette"
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = folder / Path(row["file"]).name
        (record,) = read(path, name=path.name)
        for fact, field in names.items():
            if fact in row and getattr(record, field) != row[fact]:
                wrong.setdefault(fact, []).append(f"{path.name}: {getattr(record, field)!r} is {row[fact]!r}")
    assert not {"number", "type", "date"} & set(wrong), wrong
    assert max(map(len, wrong.values()), default=0) <= 1, wrong
