"""Search speed beside peers on the same articles and queries, in one run: prints one table.

    python benchmarks/speed.py --articles 20000 --peers ours,tantivy,sqlite,whoosh
    python benchmarks/speed.py --corpus articles.jsonl.gz

Every query is asked of each peer in turn, several rounds; figures are the median and 95th percentile over the queries
of each query's own median. "Faceted" counts theme, document and year beside the top ten and the total.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from articles import Sample, generated, read
from peers import Ask, Ours, Peer, fresh, peers

ROUNDS = 7


def questions(samples: Iterable[Sample], per_kind: int, seed: int = 7) -> list[Ask]:
    """Queries of every kind, drawn from the articles themselves."""
    rng = np.random.default_rng(seed)
    some = list(islice(samples, 3000))
    counts = Counter(word for s in some for word in set(s.body))
    ranked = [word for word, _ in counts.most_common()]
    common, middle = ranked[: max(20, len(ranked) // 100)], ranked[len(ranked) // 100 : len(ranked) // 10]
    rare = ranked[len(ranked) // 2 :]
    asked: list[Ask] = []
    for _ in range(per_kind):
        long = [s for s in some if len(s.body) > 12]
        body = long[int(rng.integers(len(long)))].body
        at = int(rng.integers(len(body) - 6))
        theme = some[int(rng.integers(len(some)))].theme
        pick = lambda words: str(words[int(rng.integers(len(words)))])  # noqa: E731 - three letters say it all
        asked += [
            Ask("one common", (pick(common),)),
            Ask("one rare", (pick(rare),)),
            Ask("two", tuple(dict.fromkeys((pick(middle), pick(common))))),
            Ask("three", tuple(dict.fromkeys(body[at : at + 3]))),
            Ask("four", tuple(dict.fromkeys(body[at : at + 4]))),
            Ask("phrase", tuple(body[at : at + 3]), phrase=True),
            Ask("filtered", (pick(common),), theme=theme),
            Ask("everything", theme=theme if rng.random() < 0.5 else ""),
        ]
    return asked


def timed(peer: Peer, asked: Sequence[Ask], facets: bool) -> dict[Ask, float]:
    """Each query's median time in milliseconds, after one warm-up."""
    times: dict[Ask, list[float]] = {ask: [] for ask in asked}
    for ask in asked:
        peer.ask(ask, facets)
    gc.collect()
    for _ in range(ROUNDS):
        for ask in asked:
            if isinstance(peer, Ours):
                peer.ready()
            start = time.perf_counter()
            peer.ask(ask, facets)
            times[ask].append((time.perf_counter() - start) * 1000)
    return {ask: statistics.median(rows) for ask, rows in times.items()}


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Index, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--syllables", type=int, default=1000)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--peers", default="ours,tantivy,sqlite")
    options.add_argument("--per-kind", type=int, default=8, help="queries of each kind")
    options.add_argument("--folder", type=Path, help="keep the indexes here, and use them again")
    given = options.parse_args()

    def samples() -> Iterable[Sample]:
        return read(given.corpus) if given.corpus else generated(given.articles, given.syllables)

    asked = questions(samples(), given.per_kind)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="speed-"))
    text = 0
    rows = []
    per_query: dict[str, dict[Ask, float]] = {}
    tops: dict[str, list[tuple[str, ...]]] = {}
    for peer in peers(given.peers.split(",")):
        place = folder / peer.name.partition(",")[0].replace(" ", "-")  # ours has one index, asked in several ways
        seconds = 0.0
        if not place.is_dir():
            start = time.perf_counter()
            peer.index(samples(), fresh(place))
            seconds = time.perf_counter() - start
        start = time.perf_counter()
        peer.open(place)
        first = peer.ask(asked[0], True)
        cold = (time.perf_counter() - start) * 1000
        plain, faceted = timed(peer, asked, False), timed(peer, asked, True)
        per_query[peer.name] = faceted
        tops[peer.name] = [tuple(sorted(peer.ask(ask, False).top)) for ask in asked if ask.words and not ask.theme]
        rows.append((peer.name, seconds, size_of(place), cold, plain, faceted, first.total))
    text = sum(len(" ".join(s.title)) + len(" ".join(s.body)) for s in samples())
    count = sum(1 for _ in samples())
    print(f"{count:,} articles, {text / 1e6:,.0f} MB of tokens, {len(asked)} queries × {ROUNDS} rounds\n")
    head = ("engine", "index s", "size/text", "cold ms", "top 10 ms", "p95", "faceted ms", "p95")
    print(f"{head[0]:<24}" + "".join(f"{cell:>11}" for cell in head[1:]))
    for name, seconds, size, cold, plain, faceted, _ in rows:
        cells = (f"{seconds:,.1f}" if seconds else "kept", f"{size / text:.2f}", f"{cold:,.0f}",
                 *(f"{figure:.2f}" for times in (plain, faceted) for figure in _spread(times)))  # fmt: skip
        print(f"{name:<24}" + "".join(f"{cell:>11}" for cell in cells))
    print("\nfaceted median by kind, ms")
    kinds = list(dict.fromkeys(ask.kind for ask in asked))
    print(f"{'':<24}" + "".join(f"{kind:>12}" for kind in kinds))
    for name, times in per_query.items():
        medians = (statistics.median(t for ask, t in times.items() if ask.kind == kind) for kind in kinds)
        print(f"{name:<24}" + "".join(f"{median:>12.2f}" for median in medians))
    _compare(per_query, tops)
    print(f"\npeak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _spread(times: dict[Ask, float]) -> tuple[float, float]:
    ordered = sorted(times.values())
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1]


def _compare(per_query: dict[str, dict[Ask, float]], tops: dict[str, list[tuple[str, ...]]]) -> None:
    """Each way to ask ours against each peer, query by query."""
    for name, theirs in per_query.items():
        for way in (way for way in per_query if way.startswith("searchapp") and not name.startswith("searchapp")):
            ours = per_query[way]
            ratios = sorted(ours[ask] / theirs[ask] for ask in ours)
            worst = max(ours, key=lambda ask: ours[ask] - max(1.5 * theirs[ask], theirs[ask] + 0.3))
            slow = sum(ours[ask] > max(1.5 * theirs[ask], theirs[ask] + 0.3) for ask in ours)
            same = sum(a == b for a, b in zip(tops[way], tops[name], strict=True))
            print(
                f"\n{way} / {name}: median ratio {statistics.median(ratios):.3f}, of medians "
                f"{_spread(ours)[0] / _spread(theirs)[0]:.3f}; {slow} queries slower than 1.5 × and + 0.3 ms (worst: "
                f"{worst.kind}, {ours[worst]:.2f} against {theirs[worst]:.2f} ms); same ten {same} of "
                f"{len(tops[name])}"
            )


if __name__ == "__main__":
    main()
