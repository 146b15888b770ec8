"""The cluster beside the embedded engine on the same articles: indexing, queries, and whether both rank alike.

    tests/opensearch-cluster.sh start /tmp/searchapp-cluster 3
    python benchmarks/cluster.py corpus/ [--queries FILE.jsonl] [--shards 1]

queries: JSON lines with a "text"; without them, titles of the articles. Both indices stay in --folder for the next run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from searchapp.config import OpenSearchSettings, Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.fields import FACET_NAMES
from searchapp.ingest import reindex
from searchapp.parser import parse
from searchapp.query import Query

ROUNDS = 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="+", type=Path)
    options.add_argument("--hosts", default="http://127.0.0.1:9201,http://127.0.0.1:9202,http://127.0.0.1:9203")
    options.add_argument("--queries", type=Path)
    options.add_argument("--count", type=int, default=400)
    options.add_argument("--shards", type=int, default=1)
    options.add_argument("--jobs", type=int, default=None)
    options.add_argument("--folder", type=Path, default=Path(".bench/cluster"))
    given = options.parse_args()
    cluster = OpenSearchSettings(hosts=tuple(given.hosts.split(",")), name="bench", shards=given.shards, timeout=30)
    settings = Settings(index=given.folder / "embedded", opensearch=cluster)
    engines: dict[str, Engine] = {}
    print(f"{'engine':<12}{'articles':>10}{'seconds':>10}{'articles/s':>12}{'bytes/article':>15}")
    for name in ("whoosh", "opensearch"):
        own = replace(settings, engine=name, index=given.folder / name)
        start = time.perf_counter()
        report = reindex(given.paths, own.index, own, jobs=given.jobs)
        took = time.perf_counter() - start
        engines[name] = open_engine(own)()
        stats = engines[name].stats()
        rate = f"{stats.articles / took:,.0f}" if report.published else "(kept)"
        print(f"{name:<12}{stats.articles:>10,}{took:>10.1f}{rate:>12}{stats.bytes / max(stats.articles, 1):>15,.0f}")
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
            print(f"{len(asked):<12}{kind:<12}{name:<12}{middle:>10.1f}{late:>10.1f}")
    compare(engines, [kinds["first ten"](text) for text in asked])


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


def compare(engines: dict[str, Engine], queries: Sequence[Query]) -> None:
    """Of how many queries totals and the first ten are the same."""
    lists = totals = 0
    for query in queries:
        one, other = (engine.search(query) for engine in engines.values())
        totals += one.total == other.total
        lists += [match.article.key for match in one.matches] == [match.article.key for match in other.matches]
    count = len(queries)
    share = 100 * lists / max(count, 1)
    print(f"\nsame totals: {totals} of {count}; same first ten: {lists} of {count} ({share:.2f} %)")


if __name__ == "__main__":
    main()
