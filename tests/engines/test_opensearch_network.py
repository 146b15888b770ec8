"""What lies between a site and its cluster: certificates, names, nodes that hang or are busy. Needs no cluster."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from opensearch_support import Faulty, listening

pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")

from searchapp.config import OpenSearchSettings, Settings
from searchapp.engines.opensearch.cluster import Cluster
from searchapp.errors import EngineUnavailableError, NoIndexError
from searchapp.web import create_app

pytestmark = pytest.mark.clock

PATIENCE = 1.0
"""Seconds for a request in these tests."""
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_certs(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


class Node(Faulty):
    """A node that answers."""

    status, body = 200, b'{"version": {"number": "3.8.0"}}'


@contextmanager
def secure(authority: trustme.CA, name: str) -> Iterator[str]:
    """Address of a node with a certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with listening(Node, context) as port:
        yield f"https://{HERE}:{port}"


def ask(*hosts: str, **more: str) -> str:
    """The version that a cluster says."""
    answer = Cluster(OpenSearchSettings(hosts=hosts, **more), seconds=PATIENCE).request("GET", "/")  # type: ignore[arg-type]
    return str(answer["version"]["number"])


def test_the_right_authority_and_name_pass(authority: trustme.CA, ca_certs: str) -> None:
    with secure(authority, HERE) as host:
        assert ask(host, ca_certs=ca_certs, user="ai", password="mật khẩu") == "3.8.0"


def test_a_certificate_that_is_not_right_is_told(authority: trustme.CA, ca_certs: str, tmp_path: Path) -> None:
    none, broken = tmp_path / "none.pem", tmp_path / "broken.pem"
    broken.write_text("no certificate")
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with secure(authority, HERE) as host, secure(authority, "os1.example.vn") as named:
        for address, file, says in (
            (host, "", "is not trusted .*: give the file of its authority as ca_certs"),
            (host, str(other), "is not trusted .*: give the file of its authority as ca_certs"),
            (named, ca_certs, "is not trusted .*IP address mismatch.* the host by the name in its certificate"),
            (host, str(none), "ca_certs in .opensearch.: .*none.pem"),
            (host, str(broken), "ca_certs in .opensearch.: .*broken.pem"),
        ):
            with pytest.raises(EngineUnavailableError, match=says) as caught:
                ask(address, ca_certs=file)
            assert "\n" not in str(caught.value)


def test_one_bad_host_among_several_does_not_matter(authority: trustme.CA, ca_certs: str) -> None:
    with secure(authority, HERE) as good, secure(authority, "os1.example.vn") as named:
        for _ in range(6):  # the client begins with any of them
            assert ask("https://khong-co.invalid:9200", named, good, ca_certs=ca_certs) == "3.8.0"
        with pytest.raises(EngineUnavailableError, match=r"no such host|not trusted"):
            ask("https://khong-co.invalid:9200", named, ca_certs=ca_certs)


@contextmanager
def hanging() -> Iterator[str]:
    """Address of a node that takes connections and requests, and never answers: its process is stopped."""
    with socket.create_server((HERE, 0), backlog=64) as server:
        yield f"http://{HERE}:{server.getsockname()[1]}"


def test_a_hanging_node_leaves_time_for_another() -> None:
    with hanging() as stopped, listening(Node) as port:
        for _ in range(4):
            start = time.monotonic()
            assert ask(stopped, f"http://{HERE}:{port}") == "3.8.0"
            assert time.monotonic() - start < PATIENCE


def test_a_hanging_node_is_left_alone_for_a_while() -> None:
    with hanging() as stopped, listening(Node) as port:
        cluster = Cluster(OpenSearchSettings(hosts=(stopped, f"http://{HERE}:{port}")), seconds=PATIENCE)
        took = []
        for _ in range(8):
            start = time.monotonic()
            cluster.request("GET", "/")
            took.append(time.monotonic() - start)
        assert sum(seconds > PATIENCE / 4 for seconds in took) <= 1


def test_a_site_whose_nodes_all_hang_says_so_in_time(tmp_path: Path) -> None:
    with hanging() as one, hanging() as other:
        cluster = OpenSearchSettings(hosts=(one, other), timeout=PATIENCE)
        client = create_app(Settings(engine="opensearch", opensearch=cluster, index=tmp_path)).test_client()
        for address in ("/tim-kiem?q=nghi+quyet", "/", "/api/v1/search?q=a", "/readyz"):
            start = time.monotonic()
            assert client.get(address).status_code == 503, address
            assert time.monotonic() - start < 1.9 * PATIENCE, "one after the other they would take two"
        page = client.get("/tim-kiem?q=nghi+quyet").get_data(as_text=True)
        assert "thử lại" in page


def test_a_visit_loses_no_more_time_than_one_request_to_silent_nodes() -> None:
    with hanging() as stopped:
        cluster = Cluster(OpenSearchSettings(hosts=(stopped,)), seconds=PATIENCE)
        cluster.begin()
        start = time.monotonic()
        for _ in range(3):
            with pytest.raises(EngineUnavailableError, match="does not answer in time"):
                cluster.request("GET", "/")
        assert time.monotonic() - start < 2 * PATIENCE
        cluster.begin()
        start = time.monotonic()
        with pytest.raises(EngineUnavailableError):
            cluster.request("GET", "/")
        assert time.monotonic() - start > PATIENCE / 2


class Loader(Faulty):
    """Takes bulk requests; answers each item with the status that `statuses` has next, then with 201."""

    statuses: list[tuple[int, str]]
    taken: list[str]

    def do_POST(self) -> None:  # noqa: N802
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        lines = (gzip.decompress(sent) if self.headers["Content-Encoding"] == "gzip" else sent).splitlines()
        items = []
        for line in lines[::2]:
            key = json.loads(line)["index"]["_id"]
            status, reason = self.statuses.pop(0) if self.statuses else (201, "")
            self.taken += [key] if status == 201 else []
            error = {"error": {"type": "x", "reason": reason}} if reason else {}
            items.append({"index": {"_id": key, "_index": "a", "status": status, **error}})
        self.answer(200, json.dumps({"items": items, "errors": True}).encode())


def loaded(*statuses: tuple[int, str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Three articles sent to a node that answers each of them so: what it refused for good, and what it has."""
    loader = type("Here", (Loader,), {"statuses": list(statuses), "taken": []})
    with listening(loader) as port:
        settings = OpenSearchSettings(hosts=(f"http://{HERE}:{port}",))
        actions = [{"_op_type": "index", "_index": "a", "_id": key, "f": 1} for key in "abc"]
        return list(Cluster(settings, seconds=PATIENCE).bulk(actions)), loader.taken


def test_what_a_busy_node_did_not_take_is_sent_again() -> None:
    assert loaded((429, "rejected execution"), (201, ""), (503, "primary shard is not active")) == ([], ["b", "a", "c"])


def test_an_article_that_is_refused_for_what_it_is_does_not_stop_the_others() -> None:
    assert loaded((400, "failed to parse field [f]")) == ([("a", "failed to parse field [f]")], ["b", "c"])


@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [
        (403, "index [a] blocked by: [FORBIDDEN/5/index read-only (api)];", "read-only .* remove the block"),
        (403, "no permissions for [indices:data/write/bulk]", "give it the role"),
        (404, "no such index [a]", "no such index"),
        (429, "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block", "free space"),
    ],
    ids=["read-only", "no rights", "no index", "flood stage"],
)
def test_what_is_refused_for_another_reason_is_no_bad_article(status: int, reason: str, says: str) -> None:
    with pytest.raises((EngineUnavailableError, NoIndexError), match=says) as caught:
        loaded((201, ""), (status, reason))
    assert "\n" not in str(caught.value)


def test_a_node_that_stays_busy_ends_a_build_in_time() -> None:
    start = time.monotonic()
    with pytest.raises(EngineUnavailableError, match="3 writes failed"):
        loaded(*[(429, "rejected execution")] * 300)
    assert time.monotonic() - start < PATIENCE + 0.5
