"""Nodes that die, and a cluster that does not answer: no wrong answer, no lost article, a clear 503 in time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from opensearch_support import Faulty, cluster_settings, listening, remove_everything

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from searchapp.config import OpenSearchSettings, Settings, load
from searchapp.engines import open_engine
from searchapp.engines.opensearch import index
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.engines.opensearch.loading import Loading
from searchapp.errors import EngineUnavailableError, IndexProblemError, NoIndexError
from searchapp.fields import FACET_NAMES
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.web import create_app

pytestmark = pytest.mark.clock

BUSY = os.getloadavg()[0] > 2 * (os.cpu_count() or 1)
DEADLINE = 4.5 if BUSY else 3.0
"""Seconds after which a visitor must have an answer, be it that there is none; more where others use the machine."""
SCRIPT = ROOT / "tests" / "opensearch-cluster.sh"
ARTICLES = 40


def nodes(verb: str, *arguments: str) -> None:
    """Do something to the nodes of the cluster that `make test-cluster` started."""
    folder = os.environ.get("SEARCHAPP_TEST_CLUSTER", "")
    if not folder:
        pytest.skip("nobody may stop nodes of this cluster: run 'make test-cluster'")
    subprocess.run([SCRIPT, verb, folder, *arguments], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """An index with one replica over some of the sample corpus; afterwards all nodes are up again."""
    cluster = cluster_settings(replicas=1)
    nodes("start")
    remove_everything(cluster)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in sorted((ROOT / "corpus").glob("*/*.md"))[-ARTICLES:]:
        shutil.copy(path, corpus)
    base = load(ROOT / "searchapp.toml", {})
    made = replace(base, engine="opensearch", opensearch=cluster, index=tmp_path / "index", corpus=(corpus,))
    assert reindex(made.corpus, made.index, made, jobs=1).articles == ARTICLES
    yield made
    nodes("start")
    remove_everything(cluster)


def colour(settings: Settings, wanted: str) -> str:
    """The health of our index, waited for."""
    cluster = Cluster(settings.opensearch)
    answer = cluster.request(
        "GET", f"/_cluster/health/{settings.opensearch.name}-*", wait_for_status=wanted, timeout="30s"
    )
    return str(answer["status"])


def test_a_node_is_killed_while_searching(settings: Settings) -> None:
    engine, totals, slow = open_engine(settings), set[int](), list[float]()
    refused = 0
    engine().search(Query())
    killer = threading.Timer(1.0, nodes, ["kill", "2"])
    killer.start()
    end = time.monotonic() + 5
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            totals.add(engine().search(Query(facets=FACET_NAMES)).total)
        except EngineUnavailableError:
            refused += 1
            time.sleep(0.1)
        slow.append(time.monotonic() - start)
    killer.join()
    assert totals == {ARTICLES}  # whole answers only
    assert max(slow) < DEADLINE
    assert engine().search(Query()).total == ARTICLES  # and again after a while, on what is left
    assert colour(settings, "yellow") in ("yellow", "green")
    nodes("start")
    assert colour(settings, "green") == "green"
    assert engine().search(Query()).total == ARTICLES


def test_a_hanging_manager_of_the_cluster_does_not_stop_the_site(settings: Settings) -> None:
    client = create_app(settings).test_client()
    assert client.get("/tim-kiem?q=nghi+quyet").status_code == 200
    rows = Cluster(settings.opensearch).request("GET", "/_cat/nodes", format="json", h="name,cluster_manager")
    manager = next(row["name"] for row in rows if row["cluster_manager"] == "*").removeprefix("n")
    statuses, slow = [], []
    nodes("pause", manager)
    try:
        end = time.monotonic() + 8
        while time.monotonic() < end:
            start = time.monotonic()
            statuses.append(client.get(f"/tim-kiem?q=nghi+quyet&trang={len(statuses) % 3 + 1}").status_code)
            slow.append(time.monotonic() - start)
            time.sleep(0.1)
    finally:
        nodes("resume", manager)
    assert max(slow) < DEADLINE
    assert {*statuses} <= {200, 503}
    assert statuses.count(200) > 0.8 * len(statuses)  # the two other nodes answer


def test_the_node_that_is_being_loaded_is_killed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        text = f"---\ntitle: Bài thêm {number}\n---\nNội dung bài thêm số {number}.\n"
        (settings.corpus[0] / f"them-{number}.md").write_text(text, encoding="utf-8")
    usual = Loading.write

    def write(self: Loading, entries: Any, *more: Any) -> dict[str, str]:
        (shard,) = Cluster(settings.opensearch).request("GET", f"/_cat/shards/{self.index}", format="json", h="node")

        def interrupted() -> Iterator[Any]:
            for number, entry in enumerate(entries):
                if number == 20:
                    nodes("kill", shard["node"].removeprefix("n"))
                yield entry

        return usual(self, interrupted(), *more)

    before = open_engine(settings)()
    with monkeypatch.context() as patch:
        patch.setattr(Loading, "write", write)
        patch.setattr(index, "Cluster", partial(Cluster, seconds=10.0))  # less patient, so that the test is quicker
        with pytest.raises(IndexProblemError):  # the only copy of what was sent is gone
            reindex(settings.corpus, settings.index, settings, jobs=1, full=True)
    assert open_engine(settings)().generation == before.generation
    assert before.search(Query()).total == ARTICLES
    nodes("start")
    reindex(settings.corpus, settings.index, settings, jobs=1)
    engine = open_engine(settings)()
    assert engine.search(Query()).total == ARTICLES + 8
    assert len({key for key, _ in engine.titles()}) == ARTICLES + 8
    assert colour(settings, "green") == "green"


def test_the_whole_cluster_is_down_and_comes_back_under_a_running_site(settings: Settings) -> None:
    client = create_app(settings).test_client()
    assert client.get("/tim-kiem?q=nghi+quyet").status_code == 200
    for node in ("1", "2", "3"):
        nodes("kill", node)
    for address in ("/tim-kiem?q=nghi+quyet", "/", "/readyz"):
        start = time.monotonic()
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert time.monotonic() - start < DEADLINE
    page = client.get("/tim-kiem?q=nghi+quyet").get_data(as_text=True)
    assert "Hãy" in page or "thử lại" in page
    nodes("start")
    assert colour(settings, "yellow") in ("yellow", "green")
    end = time.monotonic() + 20
    while client.get("/tim-kiem?q=nghi+quyet").status_code == 503 and time.monotonic() < end:
        time.sleep(0.5)
    assert client.get("/tim-kiem?q=nghi+quyet").status_code == 200
    assert client.get("/readyz").status_code == 200


def said(kind: str, reason: str) -> bytes:
    cause = {"type": kind, "reason": reason}
    return json.dumps({"error": {"root_cause": [cause], **cause}}).encode()


FLOOD = (
    "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only block]"
)
BLOCKED = "index [a] blocked by: [FORBIDDEN/5/index read-only (api)]"
ANSWERS = {
    "wrong password": (401, b"Unauthorized", "SEARCHAPP_OPENSEARCH_PASSWORD"),
    "no rights": (
        403,
        said("security_exception", "no permissions for [search]"),
        "give it the role",
    ),
    "read-only": (
        403,
        said("cluster_block_exception", BLOCKED),
        'PUT /a/_settings {"index.blocks.read_only": null}',
    ),
    "flood stage": (429, said("cluster_block_exception", FLOOD), "free space"),
    "too many requests": (429, said("rejected_execution_exception", "rejected execution"), "too busy"),
    "red": (503, said("no_shard_available_action_exception", "all shards failed"), "_cluster/health"),
    "a node went away": (500, said("node_disconnected_exception", "[n3] disconnected"), "_cluster/health"),
    "a node restarted": (404, said("search_context_missing_exception", "No search context found"), "_cluster/health"),
    "mapping drift": (400, said("strict_dynamic_mapping_exception", "dynamic introduction of [x]"), "reindex --full"),
    "no index": (404, said("index_not_found_exception", "no such index [a]"), "searchapp reindex"),
    "name taken": (400, said("invalid_alias_name_exception", "an index exists with the same name"), "another name"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_a_cluster_refuses_is_one_line_that_says_what_to_do(case: str) -> None:
    status, body, says = ANSWERS[case]
    handler = type("Answer", (Faulty,), {"status": status, "body": body})
    with listening(handler) as port:
        hosts = (f"http://127.0.0.1:{port}",)
        cluster = Cluster(OpenSearchSettings(hosts=hosts, user="ai"), seconds=1.0)
        start = time.monotonic()
        with pytest.raises((EngineUnavailableError, IndexProblemError)) as caught:
            cluster.request("GET", "/a/_search")
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)
        assert isinstance(caught.value, NoIndexError) == (case == "no index")
        assert time.monotonic() - start < DEADLINE
        passes = status in (429, 503) or case.startswith("a node")
        assert handler.asked == (2 if passes else 1)  # what may pass is tried again, nothing else


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("http://127.0.0.1:1", "start it"),
        ("http://khong-co.invalid:9200", "no such host"),
        ("https://127.0.0.1:{port}", "certificate|start it"),
    ],
    ids=["nobody listens", "unknown host", "no certificate"],
)
def test_a_cluster_that_cannot_be_reached_is_told_in_time(host: str, says: str) -> None:
    with listening(Faulty) as port:
        settings = OpenSearchSettings(hosts=(host.format(port=port),))
        start = time.monotonic()
        with pytest.raises(EngineUnavailableError, match=says):
            Cluster(settings, seconds=1.0).request("GET", "/")
        assert time.monotonic() - start < DEADLINE
