"""The cluster beside the embedded engine on the same articles: indexing, queries.

    tests/opensearch-cluster.sh start /tmp/searchapp-cluster 3
    python benchmarks/cluster.py corpus/ [--queries FILE.jsonl] [--shards 1]

queries: JSON lines with a "text"; without them, titles of the articles. Both indices stay in --folder for the next run.
Whether both give the same results is the question of benchmarks/parity.py.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from searchapp.config import OpenSearchSettings, Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.fields import FACET_NAMES
from searchapp.ingest import reindex
from searchapp.query import Query
from searchapp.search.parser import parse

ROUNDS = 3


def main() -> None:
    options = with_cluster(__doc__)
    options.add_argument("--queries", type=Path)
    given = options.parse_args()
    engines = indexed(given)
    asked = list(islice(texts(given.queries, engines["whoosh"]), given.count))
    kinds: dict[str, Callable[[str], Query]] = {
        "first ten": lambda text: Query(tree=parse(text).tree, text=text),
        "page": lambda text: Query(tree=parse(text).tree, text=text, facets=FACET_NAMES, steps=("year",), fold=True),
    }
    print(f"\n{'queries':<12}{'kind':<12}{'engine':<12}{'median ms':>10}{'95 % ms':>10}")
    for kind, query in kinds.items():
        for name, engine in engines.items():
            times = timed(engine, [query(text) for text in asked])
            middle, late = statistics.median(times), times[int(len(times) * 0.95)]
            print(f"{len(asked):<12}{kind:<12}{name:<12}{middle:>10.1f}{late:>10.1f}", flush=True)


def with_cluster(about: str | None) -> argparse.ArgumentParser:
    """The options of a benchmark that asks a cluster."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="+", type=Path)
    options.add_argument("--hosts", default="http://127.0.0.1:9201,http://127.0.0.1:9202,http://127.0.0.1:9203")
    options.add_argument("--count", type=int, default=400, help="queries")
    options.add_argument("--shards", type=int, default=1)
    options.add_argument("--jobs", type=int, default=None)
    options.add_argument("--folder", type=Path, default=Path(".bench/cluster"))
    return options


def indexed(given: argparse.Namespace, *, full: bool = False) -> dict[str, Engine]:
    """Both engines over the articles of the paths; prints what their indices took. full: anew, whatever is there."""
    cluster = OpenSearchSettings(hosts=tuple(given.hosts.split(",")), name="bench", shards=given.shards, timeout=30)
    engines: dict[str, Engine] = {}
    print(f"{'engine':<12}{'articles':>10}{'seconds':>10}{'articles/s':>12}{'bytes/article':>15}")
    for name in ("whoosh", "opensearch"):
        own = Settings(engine=name, index=given.folder / name, opensearch=cluster)
        start = time.perf_counter()
        report = reindex(given.paths, own.index, own, jobs=given.jobs, full=full)
        took = time.perf_counter() - start
        engines[name] = open_engine(own)()
        stats = engines[name].stats()
        rate = f"{stats.articles / took:,.0f}" if report.published else "(kept)"
        size = stats.bytes / max(stats.articles, 1)
        print(f"{name:<12}{stats.articles:>10,}{took:>10.1f}{rate:>12}{size:>15,.0f}", flush=True)
    return engines


def texts(file: Path | None, engine: Engine) -> Iterator[str]:
    if file is None:
        yield from (" ".join(title.split()[:8]) for _, title in engine.titles())
    else:
        yield from (json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line)


def timed(engine: Engine, queries: Sequence[Query]) -> list[float]:
    """Milliseconds of each query, the median of some rounds, ascending."""
    rounds = []
    for _ in range(ROUNDS):
        times = []
        for query in queries:
            start = time.perf_counter()
            engine.search(query)
            times.append(1000 * (time.perf_counter() - start))
        rounds.append(times)
    return sorted(statistics.median(each) for each in zip(*rounds, strict=True))


if __name__ == "__main__":
    main()
