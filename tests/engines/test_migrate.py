"""An index moves into a real cluster without its sources, goes on after a kill, and is checked before the switch."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from opensearch_support import cluster_settings, remove_everything

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from searchapp.config import Settings, load
from searchapp.engines import open_engine
from searchapp.engines.opensearch import index
from searchapp.engines.opensearch.loading import Entry
from searchapp.engines.whoosh.store.tables import Held
from searchapp.errors import CorruptIndexError, NoIndexError
from searchapp.ingest import reindex
from searchapp.migrate import compare, migrate


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    cluster = cluster_settings(shards=2, replicas=0)
    remove_everything(cluster)
    base = replace(load(ROOT / "searchapp.toml", {}), opensearch=cluster, index=tmp_path / "index")
    made = replace(base, corpus=(tmp_path / "corpus",))
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    reindex(made.corpus, made.index, made, jobs=1)
    yield made
    remove_everything(cluster)


def test_a_migration_goes_on_and_a_reindex_goes_on_from_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    after = replace(settings, engine="opensearch")
    monkeypatch.setattr(index, "CHUNK", 30)
    sources = settings.corpus[0]
    away = sources.rename(sources.with_name("away"))  # nobody reads them

    def killed(done: int, total: int) -> None:
        if done == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(settings, killed)
    with pytest.raises(NoIndexError):
        open_engine(after)()
    seen: list[int] = []
    moved = migrate(settings, lambda done, _: seen.append(done))
    articles = open_engine(settings)().stats().articles
    assert (moved.resumed, moved.articles, seen[-1]) == (True, articles, articles)
    assert moved.alike >= 0.9 * moved.asked > 30
    assert compare(open_engine(settings)(), open_engine(after)())[0] == moved.asked
    assert open_engine(after)().documents() == open_engine(settings)().documents()
    away.rename(sources)
    again = reindex(after.corpus, after.index, after, jobs=1)
    assert (again.published, again.unchanged) == (False, articles)


def test_engines_that_differ_are_never_switched(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = index.Moving._entry

    def undated(self: index.Moving, held: Held) -> Entry:
        return usual(self, replace(held, article=replace(held.article, date="")))

    monkeypatch.setattr(index.Moving, "_entry", undated)
    with pytest.raises(CorruptIndexError, match="nothing was published"):
        migrate(settings, lambda *_: None)
    with pytest.raises(NoIndexError):
        open_engine(replace(settings, engine="opensearch"))()
