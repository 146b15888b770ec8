"""The cluster of the tests that need a real one ($SEARCHAPP_TEST_OPENSEARCH, URLs of its nodes with commas between),
and false nodes on loopback for those that do not.
"""

from __future__ import annotations

import http.server
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from searchapp.config import OpenSearchSettings

VARIABLE = "SEARCHAPP_TEST_OPENSEARCH"


def cluster_settings(**more: Any) -> OpenSearchSettings:
    """Settings for the cluster; skips the test where there is none."""
    hosts = os.environ.get(VARIABLE, "")
    if not hosts:
        pytest.skip(f"no cluster: set {VARIABLE}, or run 'make test-cluster'")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    values: dict[str, Any] = {"hosts": tuple(hosts.split(",")), "name": f"test-{worker}"}
    return OpenSearchSettings(**values | more)


def remove_everything(settings: OpenSearchSettings) -> None:
    """Leave no index of these settings in the cluster."""
    from searchapp.engines.opensearch.cluster import Cluster

    cluster = Cluster(settings)
    found = cluster.request("GET", f"/{settings.name}-*/_settings", ignore_unavailable="true")
    for index in found:
        cluster.request("DELETE", f"/{index}", ignore_unavailable="true")


class Faulty(http.server.BaseHTTPRequestHandler):
    """Answers everything with one status and body."""

    status, body = 500, b"{}"
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(self.status, self.body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that does not trust the certificate goes away."""


@contextmanager
def listening(node: type[Faulty], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Port of a false node on loopback, while the block lasts."""
    server = _Quiet(("127.0.0.1", 0), node)
    if tls:
        # Shaken hands in the thread of the request, so that a client that goes away does not stop the others.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
