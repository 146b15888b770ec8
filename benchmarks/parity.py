"""Does the cluster rank as the embedded engine does? The same queries of ten kinds, asked of both on fresh indices.

    tests/opensearch-cluster.sh start /tmp/searchapp-cluster 3
    python benchmarks/parity.py ../shared/data/retrieval/phapdien/corpus.jsonl.gz [--shards 3]

The queries come out of the articles (searchapp/probes.py). Compared are the total, all facets, and the first ten in
their order. Exits with 1 when less than 99 % of the queries have the same first ten, or any another total or facet.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable

from cluster import indexed, with_cluster

from searchapp.migrate import Compared, compared

ENOUGH = 0.99
SHOWN = 10


def main() -> None:
    options = with_cluster(__doc__)
    options.add_argument("--keep", action="store_true", help="ask the indices of an earlier run")
    given = options.parse_args()
    engines = indexed(given, full=not given.keep)
    found = list(compared(engines["whoosh"], engines["opensearch"], given.count))
    show(found)
    for one in [one for one in found if not (one.ranks and one.counts)][:SHOWN]:
        print(f"differs: {one.probe.kind}: {one.probe.query.text!r}, totals {one.totals}")
    alike = sum(one.ranks for one in found)
    sys.exit(not (found and alike >= ENOUGH * len(found) and all(one.counts for one in found)))


def show(found: Iterable[Compared]) -> None:
    """One row a kind of query, and the sum."""
    rows: dict[str, list[Compared]] = defaultdict(list)
    for one in found:
        rows[one.probe.kind].append(one)
        rows["all"].append(one)
    rows["all"] = rows.pop("all", [])  # last
    print(f"\n{'queries':<18}{'asked':>7}{'same totals, facets':>22}{'same first ten':>17}{'%':>9}")
    for kind, group in rows.items():
        counts, ranks = sum(one.counts for one in group), sum(one.ranks for one in group)
        print(f"{kind:<18}{len(group):>7}{counts:>22}{ranks:>17}{100 * ranks / max(len(group), 1):>9.2f}")


if __name__ == "__main__":
    main()
