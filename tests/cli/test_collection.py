"""The index from Python: typed results, wrong arguments, the examples of docs/python.md and of the docstrings."""

from __future__ import annotations

import doctest
import inspect
import shutil
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import searchapp
from searchapp.collection import Collection
from searchapp.config import Settings
from searchapp.errors import BadQueryError, NoIndexError, UsageError
from searchapp.results import Page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collection(sample_settings: Settings) -> Iterator[Collection]:
    with searchapp.open(sample_settings.index, sample_settings) as opened:
        yield opened


def test_the_examples_of_the_docs_run(
    sample_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample_settings.index, tmp_path / "index", symlinks=True)
    found = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert found.attempted > 15
    assert found.failed == 0


def test_results_are_typed(collection: Collection) -> None:
    assert typing.get_type_hints(Collection.search)["return"] is Page
    page = collection.search("nghị quyết", size=3)
    assert isinstance(page, Page)
    assert (len(page.hits), page.query.size) == (3, 3)
    assert all(hit.article.title and hit.score > 0 for hit in page.hits)
    signature = inspect.signature(searchapp.open)
    assert list(signature.parameters) == ["index", "settings"]
    assert (ROOT / "searchapp" / "py.typed").exists()


def test_it_finds_what_the_page_finds(collection: Collection) -> None:
    everything = collection.search()
    assert everything.total == collection.stats().articles
    year = collection.search("nghị quyết", date=["2021", "2020"])
    assert year.total == sum(collection.search("nghị quyết", date=one).total for one in ("2020", "2021"))
    assert (
        collection.search(since="15/9/2021", until="2021-09").total
        == collection.search(since="2021-09-15", until="2021-09-30").total
    )
    assert [hit.article.key for hit in collection.search("nghị quyết", page=2, size=5).hits] == [
        hit.article.key for hit in collection.search("nghị quyết", size=10).hits
    ][5:]


def test_every_result_comes_once(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchapp.collection.MAX_SIZE", 20)
    keys = [hit.article.key for hit in collection.every("nghị quyết", sort="newest")]
    assert len(keys) == len(set(keys)) == collection.search("nghị quyết").total > 60


def test_single_things(collection: Collection) -> None:
    hit = collection.search("05-NQ/TU").hits[0]
    article = collection.article(hit.article.key)
    assert article is not None and article.citations
    assert collection.article("000000000000") is None
    several = collection.documents("05-NQ/TU")
    assert len(several) == 2 and collection.document("05-NQ/TU") is None
    assert collection.document(several[0].slug) == several[0]
    assert collection.document("khong-co") is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"thema": "x"}, "use date, document"),
        ({"sort": "x"}, "use relevance, newest, oldest"),
        ({"size": 0}, "use 1 to 200"),
        ({"size": 500}, "use 1 to 200"),
        ({"page": 0}, "use 1 to 100"),
        ({"page": 101}, "every()"),
        ({"since": "31/2/2021"}, "2021-09-15"),
        ({"until": "hôm qua"}, "2021-09-15"),
    ],
)
def test_arguments_that_cannot_be_meant(collection: Collection, arguments: dict[str, typing.Any], says: str) -> None:
    with pytest.raises(UsageError) as error:
        collection.search("a", **arguments)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_absurd_text_is_told_as_on_the_page(collection: Collection) -> None:
    with pytest.raises(BadQueryError):
        collection.search("a\x00")


def test_an_index_that_is_not_there_or_closed(tmp_path: Path, sample_settings: Settings) -> None:
    with pytest.raises(NoIndexError):
        searchapp.open(tmp_path, Settings())
    closed = searchapp.open(settings=sample_settings)
    closed.close()
    with pytest.raises(NoIndexError, match="closed"):
        closed.search("a")
