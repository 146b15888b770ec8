"""A reindex into a real cluster: the same answers as the embedded engine, and a generation whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from opensearch_support import cluster_settings, remove_everything

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from searchapp.cli import doctor
from searchapp.config import Settings, load
from searchapp.engine import Condition, Engine
from searchapp.engines import open_engine, open_index
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.loading import Loading
from searchapp.errors import CorruptIndexError, EngineUnavailableError, NoIndexError, StaleIndexError
from searchapp.fields import FACET_NAMES
from searchapp.ingest import reindex
from searchapp.query import SCORED, Query, Sort
from searchapp.search.parser import parse

ARTICLES = 60
STEPS = ("year", "month", "day")
TYPED = (
    "", "đảng bộ", "dang bo", "nghị quyết 05-NQ/TU", '"xây dựng đảng"', "kế hoạch -hội nghị", "chuy*", "Đảng",
    "chuyển đổi số OR nông thôn", "đảng quaxyz",
    "việc thực hiện nghị quyết của thành phố về chuyển đổi số trong cải cách hành chính",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of an index in the cluster over a copy of some of the sample corpus."""
    cluster = cluster_settings(shards=2, replicas=1)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in sorted((ROOT / "corpus").glob("*/*.md"))[-ARTICLES:]:
        shutil.copy(path, corpus)
    base = load(ROOT / "searchapp.toml", {})
    made = replace(base, engine="opensearch", opensearch=cluster, index=tmp_path / "index", corpus=(corpus,))
    remove_everything(cluster)
    yield made
    remove_everything(cluster)


def built(settings: Settings, **options: bool) -> Engine:
    """The engine over the corpus as it is now."""
    report = reindex(settings.corpus, settings.index, settings, jobs=1, **options)
    assert not report.skipped
    return open_engine(settings)()


def beside(settings: Settings) -> Engine:
    """The embedded engine over the same corpus."""
    embedded = replace(settings, engine="whoosh", index=settings.index / "embedded")
    return built(embedded, full=True)


def same(one: Engine, other: Engine, sort: Sort = "relevance") -> None:
    """Two engines say the same of everything that a page asks."""
    for typed in TYPED:
        tree = parse(typed).tree
        query = Query(
            tree=tree, text=typed, facets=FACET_NAMES, steps=STEPS, size=50, fold=len(typed) % 2 == 1, sort=sort
        )
        answers = [engine.search(query) for engine in (one, other)]
        if sort == "newest" and answers[0].step == answers[1].step == SCORED:
            continue  # what scores well depends on statistics that still count replaced articles
        for name in ("total", "folded", "step", "facets", "steps"):
            assert getattr(answers[0], name) == getattr(answers[1], name), (typed, name)
        listed = [[(m.article, sorted(m.documents), m.reprints) for m in answer.matches] for answer in answers]
        assert listed[0] == listed[1], typed
    assert one.documents() == other.documents()
    stats = [engine.stats() for engine in (one, other)]
    for name in ("articles", "undated", "documents", "citations", "unresolved", "first", "last"):
        assert getattr(stats[0], name) == getattr(stats[1], name), name
    assert sorted(one.titles()) == sorted(other.titles())


def test_a_reindex_gives_the_answers_of_the_embedded_engine_whole_and_after_a_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, name, asked = settings.corpus[0], settings.opensearch.name, set[str]()
    usual = Cluster.request

    def request(self: Cluster, method: str, path: str, *body: Any, **more: Any) -> Any:
        asked.add(path)
        return usual(self, method, path, *body, **more)

    monkeypatch.setattr(Cluster, "request", request)
    first = built(settings)
    same(first, beside(settings))
    changed, gone, *_ = sorted(corpus.glob("*.md"))
    changed.write_text(changed.read_text(encoding="utf-8") + "\nMột câu thêm về chuyển đổi số.\n", encoding="utf-8")
    gone.unlink()
    # A new document of a known number: citations in articles that stay may mean something else from now on.
    facts = "title: Nghị quyết mới\ndate: 2022-01-05\nkind: Nghị quyết\nnumber: 05-NQ/TU\nissuer: Tỉnh ủy Xa Lạ\n"
    (corpus / "moi.md").write_text(f"---\n{facts}---\nToàn văn nghị quyết mới.\n", encoding="utf-8")
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert (report.new, report.changed, report.removed, report.read) == (1, 1, 1, 2)
    second = open_engine(settings)()
    assert second.generation != first.generation
    # By date: replaced articles count in the statistics of words until Lucene merges them away (docs/scale.md).
    same(second, beside(settings), "newest")
    assert first.search(Query(size=1)).total == ARTICLES  # a request that began before goes on with what it began with
    again = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert not again.published
    index = open_index(settings)
    problem, conditions = index.check(deep=True)
    assert problem == ""
    assert [(one.answers, one.problems) for one in conditions] == [(True, ()), (False, ())]
    told = {one.about: one for one in doctor.examine(settings)}
    assert f"{second.generation} in opensearch: {ARTICLES:,} articles" in told["generation"].seen
    assert (told["generation"].state, told["to go back to"].seen) == ("ok", "1 older generations")
    assert index.rollback() == (first.generation, ARTICLES)
    assert open_engine(settings)().generation == first.generation
    # A user with rights on these names alone may do all of it: no request concerns all indices of the cluster.
    ours = re.compile(rf"(/_cluster/health)?/{name}(/|-.*|$)|/_aliases$")
    assert [path for path in asked if not ours.match(path)] == []


def test_readers_get_whole_answers_while_a_generation_is_published(settings: Settings) -> None:
    built(settings)
    engine, totals, failures = open_engine(settings), set[int](), list[BaseException]()
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                totals.add(engine().search(Query(facets=FACET_NAMES, size=10)).total)
            except BaseException as error:  # any error at all fails the test
                failures.append(error)
                return

    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    for path in sorted(settings.corpus[0].glob("*.md"))[:5]:
        path.unlink()
    reindex(settings.corpus, settings.index, settings, jobs=1)
    ended.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert totals <= {ARTICLES, ARTICLES - 5}


@pytest.mark.parametrize("fails", ["write", "write_documents", "settle"])
def test_a_half_loaded_index_is_never_published(
    settings: Settings, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = built(settings)
    (settings.corpus[0] / "them.md").write_text("---\ntitle: Thêm\n---\nMột bài thêm.\n", encoding="utf-8")

    def broken(*_: object) -> None:
        raise CorruptIndexError("the cluster went away")

    with monkeypatch.context() as patch:
        patch.setattr(f"searchapp.engines.opensearch.loading.Loading.{fails}", broken)
        with pytest.raises(CorruptIndexError):
            reindex(settings.corpus, settings.index, settings, jobs=1, add=True)
    assert open_engine(settings)().generation == first.generation
    names = Cluster(settings.opensearch).request("GET", f"/{settings.opensearch.name}-*/_settings")
    assert list(names) == [f"{settings.opensearch.name}-{first.generation}"]
    assert built(settings).stats().articles == ARTICLES + 1


@pytest.mark.parametrize(("block", "says"), [("read_only", "read-only"), ("read_only_allow_delete", "flood stage")])
def test_an_index_that_is_blocked_while_it_is_loaded_is_told_and_not_published(
    settings: Settings, block: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = built(settings)
    cluster = Cluster(settings.opensearch)
    usual, made = Loading.create, []

    def create(self: Loading, **meta: str) -> None:
        usual(self, **meta)
        made.append(self.index)
        cluster.request("PUT", f"/{self.index}/_settings", {f"index.blocks.{block}": True})

    with monkeypatch.context() as patch:
        patch.setattr(Loading, "create", create)
        with pytest.raises(EngineUnavailableError, match=says) as caught:
            reindex(settings.corpus, settings.index, settings, jobs=1, full=True)
    assert "\n" not in str(caught.value)
    assert open_engine(settings)().generation == first.generation
    if block == "read_only":  # it forbids even to remove the index: what the next build says is how to lift it
        with pytest.raises(EngineUnavailableError, match="_settings") as caught:
            reindex(settings.corpus, settings.index, settings, jobs=1, full=True)
        lifting = json.loads(re.search(r"_settings ({.*})", str(caught.value))[1])  # type: ignore[index]
        cluster.request("PUT", f"/{made[0]}/_settings", lifting)
    assert built(settings, full=True).stats().articles == ARTICLES
    names = Cluster(settings.opensearch).request("GET", f"/{settings.opensearch.name}-*/_settings")
    assert made[0] not in names


def test_what_another_version_or_machine_built_is_told_or_built_anew(settings: Settings) -> None:
    first = built(settings)
    cluster = Cluster(settings.opensearch)
    shutil.rmtree(settings.index)  # as on another machine: the cluster knows the generation, this folder does not
    with pytest.raises(StaleIndexError, match="not built from this folder"):
        reindex(settings.corpus, settings.index, settings, jobs=1, add=True)
    second = built(settings)
    assert second.stats().articles == ARTICLES
    assert second.generation > first.generation  # or nothing could be gone back to
    assert open_index(settings).rollback() == (first.generation, ARTICLES)
    open_index(settings).rollback(second.generation)
    index = f"{settings.opensearch.name}-{second.generation}"
    meta = cluster.request("GET", f"/{index}/_mapping")[index]["mappings"]["_meta"]
    cluster.request("PUT", f"/{index}/_mapping", {"_meta": {**meta, "schema": 1}})
    with pytest.raises(StaleIndexError, match="reindex --full"):
        open_engine(settings)()
    cluster.request("PUT", f"/{index}/_mapping", {"_meta": meta, "properties": {"other": {"type": "keyword"}}})
    _, conditions = open_index(settings).check(deep=True)
    assert any("other" in line for one in conditions for line in one.problems if one.answers)


def test_an_article_that_the_cluster_refuses_is_skipped_and_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = settings.corpus[0] / "xau.md"
    bad.write_text("---\ntitle: Bài xấu\n---\nMột bài mà cụm máy không nhận.\n", encoding="utf-8")
    from searchapp.engines.opensearch import loading as module

    usual = module.mapping.dates
    monkeypatch.setattr(module.mapping, "dates", lambda date: usual(date) if date else {"newest": "not a number"})
    for path in settings.corpus[0].glob("*.md"):
        if path != bad and "\ndate:" not in path.read_text(encoding="utf-8"):
            path.unlink()
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert [(one.path, "not a number" in one.reason) for one in report.skipped] == [("xau.md", True)]
    assert open_engine(settings)().stats().articles == report.articles


def test_a_snapshot_brings_a_lost_cluster_back_and_the_next_reindex_goes_on(settings: Settings) -> None:
    folder = os.environ.get("SEARCHAPP_TEST_CLUSTER", "")
    if not folder:
        pytest.skip("no folder for snapshots: run 'make test-cluster'")
    cluster, name = Cluster(settings.opensearch), settings.opensearch.name
    repository = {"type": "fs", "settings": {"location": f"{folder}/snapshots/test"}}
    cluster.request("PUT", "/_snapshot/test", repository)
    snapshot = f"/_snapshot/test/{name}-{time.time_ns()}"
    first = built(settings)
    wanted = {"indices": name, "include_global_state": False}
    cluster.request("PUT", snapshot, wanted, wait_for_completion="true")
    try:
        sorted(settings.corpus[0].glob("*.md"))[0].unlink()
        second = built(settings)
        remove_everything(settings.opensearch)
        with pytest.raises(NoIndexError):
            open_engine(settings)()
        cluster.request("POST", f"{snapshot}/_restore", {"indices": f"{name}-*"}, wait_for_completion="true")
    finally:
        cluster.request("DELETE", snapshot)
    engine = open_engine(settings)()
    assert engine.generation == first.generation
    assert engine.search(Query(facets=FACET_NAMES)).total == ARTICLES
    cluster.request("GET", f"/_cluster/health/{name}-*", wait_for_status="green", timeout="30s")
    index = open_index(settings)
    assert index.check(deep=True) == ("", [Condition(first.generation, True, ())])
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert (report.read, report.removed, report.articles) == (0, 1, ARTICLES - 1)  # on top of what was restored
    third = open_engine(settings)()
    assert third.generation > second.generation
    same(third, beside(settings), "newest")
