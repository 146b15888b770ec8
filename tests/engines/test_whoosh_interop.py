"""Every published generation is a Whoosh index: Whoosh opens it, searches, sorts, groups, and finds what we find."""

from __future__ import annotations

import importlib.util
import json
import pickle
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import whoosh.index
from click.testing import CliRunner
from whoosh import query as wq
from whoosh.highlight import UppercaseFormatter
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.sorting import Count, FieldFacet

from searchapp.cli import cli
from searchapp.collection import open_collection
from searchapp.config import Settings
from searchapp.engines import generations, open_engine, open_whoosh
from searchapp.engines.generations import manifest
from searchapp.engines.whoosh.build.check import examine
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.interop.codec import TOC_NAME
from searchapp.engines.whoosh.interop.scoring import RankedPhrase, TrueLengthBM25, best_first
from searchapp.errors import UsageError
from searchapp.ingest import reindex
from searchapp.query import Query, Word

ROWS = [
    {
        "id": "1",
        "title": "Đẩy mạnh dân vận khéo",
        "text": "Phong trào dân vận khéo ở ủy ban. Hoà bình.",
        "date": "2021-09-15",
    },
    {
        "id": "2",
        "title": "Nghị quyết về y tế",
        "text": "Thực hiện Nghị quyết số 05-NQ/TU. Dân vận tốt.",
        "date": "2022-01",
    },
    {"id": "3", "title": "Giáo dục", "text": "Giáo dục và đào tạo, dân vận khéo, dân vận khéo.", "date": "2020"},
    {"id": "4", "title": "Y tế cơ sở", "text": "Trạm y tế của xã, ủy ban và vận động nhân dân."},
    {
        "id": "5",
        "title": "Dân vận",
        "text": "Bài sẽ bị gỡ: dân vận khéo của ủy ban.",
        "date": "2021-01-02",
        "section": "Tin",
    },
    {
        "id": "6",
        "title": "Xây dựng Đảng",
        "text": "Xây dựng Đảng trong sạch.",
        "section": "Xây dựng Đảng",
        "date": "2021-09-15",
    },
]


def write(corpus: Path, rows: list[dict[str, str]]) -> None:
    corpus.mkdir(exist_ok=True)
    for path in corpus.iterdir():
        path.unlink()
    for row in rows:
        (corpus / f"{row['id']}.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Generations after a whole build, after articles came, and after one was removed and one changed."""
    place = tmp_path_factory.mktemp("interop")
    corpus, index = place / "corpus", place / "index"
    settings = Settings(index=index, corpus=(corpus,))
    found = {}
    changed = [{**row, "text": row["text"] + " Thêm."} if row["id"] == "4" else row for row in ROWS if row["id"] != "5"]
    for name, rows in (("whole", ROWS[:4]), ("more", ROWS), ("removed", changed)):
        write(corpus, rows)
        reindex(settings.corpus, index, settings, jobs=1)
        found[name] = generations.current(index)
    return found


@pytest.fixture
def searcher(published: dict[str, Path]) -> Iterator[Any]:
    with whoosh.index.open_dir(str(published["removed"])).searcher(weighting=TrueLengthBM25()) as opened:
        yield opened


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The benchmark, whose trees and comparison these tests use on a sample."""
    path = Path(__file__).parents[2] / "benchmarks" / "whoosh_interop.py"
    spec = importlib.util.spec_from_file_location("whoosh_interop_bench", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for it there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "articles", "phrase"), [("whole", 4, 2), ("more", 6, 3), ("removed", 5, 2)])
def test_whoosh_opens_every_published_generation(
    published: dict[str, Path], name: str, articles: int, phrase: int
) -> None:
    index = whoosh.index.open_dir(str(published[name]))
    assert whoosh.index.exists_in(str(published[name]))
    assert index.doc_count() == articles
    assert TOC_NAME in manifest.read(published[name]).files
    assert generations.check(published[name], deep=True) == []
    with index.searcher() as opened:
        found = opened.search(QueryParser("body_f", index.schema).parse('"dân vận khéo"'), limit=None)
        assert len(found) == phrase
        assert opened.doc_frequency("body_f", "kheo") == phrase


@pytest.mark.parametrize(
    ("field", "typed", "terms"),
    [
        ("body_a", "Hoà bình", ["hòa", "bình"]),
        ("body_a", unicodedata.normalize("NFD", "Uỷ ban"), ["ủy", "ban"]),
        ("body_f", "ĐẢNG bộ", ["dang", "bo"]),
        ("body_f", "dang bo", ["dang", "bo"]),
        ("body_f", "TP.HCM", ["tphcm"]),
        ("body_f", "05-NQ/TU", ["05", "nq", "tu"]),
        ("body_f", "", []),
    ],
    ids=["tone mark", "NFD", "capitals", "no diacritics", "one token", "number", "empty"],
)
def test_whooshs_parser_cuts_as_we_do(searcher: Any, field: str, typed: str, terms: list[str]) -> None:
    query = QueryParser(field, searcher.schema).parse(typed)
    assert [text for _, text in query.iter_all_terms()] == terms or {t for _, t in query.iter_all_terms()} == set(terms)
    quoted = QueryParser(field, searcher.schema).parse(f'"{typed}"')
    assert getattr(quoted, "words", [getattr(quoted, "text", None)] if terms else []) == terms


def keys(found: Any) -> list[str]:
    return [hit["id"] for hit in found]


def test_whooshs_queries_find_what_stands_there(searcher: Any) -> None:
    term = wq.Term
    for query, expected in [
        (MultifieldParser(["title_f", "body_f"], searcher.schema).parse("y tế"), {"2", "4"}),
        (wq.And([term("body_f", "uy"), term("body_f", "ban")]), {"1", "4"}),
        (wq.Or([term("body_a", "giáo"), term("title_a", "đảng")]), {"3", "6"}),
        (wq.And([term("body_f", "van"), wq.Not(term("body_f", "kheo"))]), {"2", "4"}),
        (wq.Phrase("body_a", ["dân", "vận", "khéo"]), {"1", "3"}),
        (wq.Prefix("body_f", "khe"), {"1", "3"}),
        (term("body_f2", "dan van"), {"1", "2", "3"}),
        (QueryParser("body_w", searcher.schema).parse('"xây dựng"'), {"6"}),
        (wq.TermRange("date", "2021", "2022"), {"1", "6"}),
        (wq.Every(), {"1", "2", "3", "4", "6"}),
    ]:
        assert set(keys(searcher.search(query, limit=None))) == expected, query


def test_whoosh_sorts_groups_and_filters(searcher: Any) -> None:
    def sorted_by(by: Any) -> list[str]:
        return keys(searcher.search(wq.Every(), limit=None, sortedby=by))

    assert sorted_by("newest") == ["2", "1", "6", "3", "4"]
    assert sorted_by("oldest") == ["3", "1", "6", "2", "4"]
    assert sorted_by(FieldFacet("date", reverse=True))[0] == "2"
    assert sorted_by("date")[0] == "4", "without a date"
    grouped = {"section": FieldFacet("section", allow_overlap=True, maptype=Count), "date": FieldFacet("date")}
    found = searcher.search(wq.Every(), limit=None, groupedby=grouped)
    assert found.groups("section") == {"Xây dựng Đảng": 1}
    assert {day: len(ids) for day, ids in found.groups("date").items()}["2021-09-15"] == 2
    within = wq.Term("section", "Xây dựng Đảng")
    assert keys(searcher.search(wq.Every(), filter=within)) == ["6"]
    assert len(searcher.search(wq.Every(), mask=within)) == 4


def test_whoosh_reads_stored_fields_terms_and_highlights(searcher: Any) -> None:
    (hit,) = searcher.search(wq.Term("body_f", "hoa"), terms=True)
    assert (hit["title"], hit["date"], hit["section"]) == ("Đẩy mạnh dân vận khéo", "2021-09-15", [])
    hit.results.formatter = UppercaseFormatter()
    assert "HOÀ bình" in hit.highlights("body_f")
    assert "HOÀ bình" in hit.highlights("body_f", text="Tuyên ngôn về Hoà bình.")
    reader = searcher.reader()
    terms = set(reader.all_terms())
    assert {("body_a", "khéo".encode()), ("date", b"2021-09-15"), ("key", hit["key"].encode())} <= terms
    assert ("body_f", b"go") not in terms, "only in the removed article"
    assert [term for field, term in terms if field == "section"] == ["Xây dựng Đảng".encode()]
    assert searcher.document(key=hit["key"])["id"] == "1"
    assert [row["id"] for row in reader.all_stored_fields()].count("5") == 0
    assert sum(1 for _ in reader) == len(terms)


@pytest.mark.parametrize("name", ["whole", "more", "removed"])
def test_a_phrase_ranks_as_one_term(published: dict[str, Path], name: str) -> None:
    index = whoosh.index.open_dir(str(published[name]))
    with index.searcher(weighting=TrueLengthBM25()) as opened:
        found = opened.search(RankedPhrase("body_f", ["dan", "van", "kheo"]), sortedby=best_first())
        assert keys(found)[0] == "3", "twice in a short text"
        plain = [hit.score for hit in opened.search(RankedPhrase("body_f", ["dan", "van", "kheo"]))]
        assert plain == sorted(plain, reverse=True) and plain[0] > 0


def test_the_same_trees_give_the_same_totals_facets_and_order(
    published: dict[str, Path], sample_settings: Settings, bench: ModuleType
) -> None:
    for settings, count in ((sample_settings, 60), (Settings(index=published["removed"].parent), 20)):
        engine = open_engine(settings)()
        texts = [article.text for key, _ in engine.titles() for article in engine.articles([key])]
        with open_collection(None, settings) as collection:
            index = collection.whoosh()
            found = list(bench.compared(engine, index, bench.trees(texts * 10, count), settings.weights))
        assert len(found) == count
        assert [one for one in found if not one.counts] == []
        assert [one for one in found if not one.ranks] == []


def test_python_programs_get_the_index_and_nothing_is_unpickled(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    monkeypatch.setattr("whoosh.filedb.structfile.load", refuse)
    with open_collection(None, sample_settings) as collection:
        assert collection.search("dân vận").total > 0
        index = collection.whoosh()
        with index.searcher() as opened:
            assert opened.doc_count() == collection.stats().articles
        with pytest.raises(NotImplementedError, match="searchapp reindex"):
            index.writer()
    with pytest.raises(AssertionError, match="unpickled"):
        whoosh.index.open_dir(str(generations.current(sample_settings.index)))


def test_check_opens_the_index_through_whoosh_but_no_foreign_pickle(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    settings = Settings(index=index, corpus=(corpus,))
    write(corpus, ROWS)
    reindex(settings.corpus, index, settings, jobs=1)
    folder = generations.current(index)
    assert examine(folder) == []
    assert CliRunner().invoke(cli, ["check", "--index", str(index)]).exit_code == 0
    path = folder / TOC_NAME
    sound = path.read_bytes()
    marker = tmp_path / "run"
    evil = pickle.dumps(Evil(str(marker)))
    for forged in (sound[:-1], b"", sound[:20] + evil, evil):
        path.write_bytes(forged)
        assert [line for line in examine(folder) if "for Whoosh" in line]
        assert not marker.exists()
        assert WhooshEngine(folder).search(Query(text="dan", tree=Word("dan"))).total > 0, "our search never reads it"
    path.write_bytes(sound)
    stray = folder / "_MAIN_999.toc"
    stray.write_bytes(sound.replace(b"seg_", b"geS_") + evil)
    assert examine(folder) == []
    stray.write_bytes(evil)
    assert examine(folder) == []
    assert not marker.exists()
    path.unlink()
    assert [line for line in examine(folder) if "reindex --full" in line]


class Evil:
    """What a forged table of contents would do when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return open, (self.path, "w")


def test_an_index_whose_articles_were_all_replaced_opens_too(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    write(tmp_path / "corpus", ROWS[:1])
    reindex(settings.corpus, settings.index, settings, jobs=1)
    write(tmp_path / "corpus", ROWS[1:2])
    reindex(settings.corpus, settings.index, settings, jobs=1)
    with whoosh.index.open_dir(str(generations.current(settings.index))).searcher() as opened:
        assert [hit["id"] for hit in opened.search(wq.Every())] == ["2"]


def test_another_engine_has_no_whoosh_index() -> None:
    with pytest.raises(UsageError, match="engine"):
        open_whoosh(object())  # type: ignore[arg-type]
