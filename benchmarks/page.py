"""Time of the search page and its API, in the process and over HTTP: `python benchmarks/page.py [INDEX …]`."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

from searchapp import config
from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.web import create_app
from searchapp.web.links import Links

ROOT = Path(__file__).parents[1]
QUERIES = (
    Query(),
    Query(text="nghị quyết"),
    Query(text="dang bo"),
    Query(text="công tác dân vận"),
    Query(text="phòng chống dịch", sort="newest"),
    Query(text='"cải cách hành chính"'),
    Query(text="05-NQ/TU"),
    Query(text="đào tạo nghề", filters={"date": ("2021",)}),
    Query(text="tuyên* -quận"),
    Query(text="mttq", page=2),
)
READY_SECONDS = 30

Row = tuple[str, list[float], float]  # road, milliseconds of each answer, mean size in bytes


def main() -> None:
    """Print one row for each index and road."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("indexes", nargs="*", type=Path, help="folders of indexes; default: corpus/, built now")
    options.add_argument("--rounds", type=int, default=40, help="times that every page is asked for")
    asked = options.parse_args()
    print(f"{'index':<20}{'articles':>10}  {'road':<16}{'p50 ms':>8}{'p95 ms':>8}{'kB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for index in asked.indexes or [_sample(Path(folder) / "sample")]:
            settings = replace(config.load(ROOT / "searchapp.toml", {}), index=index.resolve(), response_cache=0)
            articles = open_engine(settings)().stats().articles
            for road, times, size in (*_inside(settings, asked.rounds), *_http(settings, asked.rounds)):
                cuts = quantiles(times, n=20)
                print(f"{index.name:<20}{articles:>10}  {road:<16}{cuts[9]:>8.1f}{cuts[18]:>8.1f}{size / 1000:>7.1f}")


def _sample(index: Path) -> Path:
    settings = replace(
        config.load(ROOT / "searchapp.toml", {}), index=index, corpus=(ROOT / "corpus",), response_cache=0
    )
    reindex(settings.corpus, settings.index, settings, jobs=1)
    return index


def _inside(settings: Settings, rounds: int) -> list[Row]:
    client = create_app(settings).test_client()

    def get(url: str) -> int:
        answer = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, url
        return len(answer.data)

    return [("page", *_timed(get, rounds, "")), ("API", *_timed(get, rounds, "json"))]


def _http(settings: Settings, rounds: int) -> list[Row]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(settings.index), "--port", str(port)]
    anew = {**os.environ, "SEARCHAPP_RESPONSE_CACHE": "0"}  # not the answer before
    with subprocess.Popen(command, env=anew, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            line = http.client.HTTPConnection("127.0.0.1", port)

            def get(url: str) -> int:
                line.request("GET", url, headers={"Accept-Encoding": "gzip"})
                answer = line.getresponse()
                size = len(answer.read())
                assert answer.status == 200, url
                return size

            return [("page, HTTP", *_timed(get, rounds, "")), ("API, HTTP", *_timed(get, rounds, "json"))]
        finally:
            server.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _timed(get: Callable[[str], int], rounds: int, form: str) -> tuple[list[float], float]:
    """Milliseconds of every answer, in an order that no cache knows, and the mean size; each page is warmed thrice."""
    urls = [Links().results(query, form) for query in QUERIES]
    for url in urls * 3:  # both workers of a server
        get(url)
    times, sizes = [], []
    for url in random.Random(1).sample(urls * rounds, len(urls) * rounds):
        started = time.perf_counter()
        sizes.append(get(url))
        times.append((time.perf_counter() - started) * 1000)
    return times, sum(sizes) / len(sizes)


if __name__ == "__main__":
    main()
