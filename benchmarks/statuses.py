"""What an archive says of the validity of its documents: statuses by value, and whether one is claimed without proof.

Usage: python benchmarks/statuses.py INDEX [MOST] [DAY] (MOST: documents that are sampled, 200; DAY: ISO, today).
"In force" needs an authority that lists it (a consolidated text, "tiếp tục có hiệu lực", a table of the site) and the
day of that; every other status needs a statement of at least .9. The exit code is 1 where one has none.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from searchapp.citations.find.relations import cues
from searchapp.citations.resolve.validity import CERTAIN, LISTED, Status
from searchapp.config import Settings
from searchapp.dates import today
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.search.standing import Standing

SEED = 21
SAYS_SO = {cues.STAYS, cues.CONSOLIDATES}


def unproved(engine: Engine, most: int, day: str) -> Iterator[tuple[str, Status]]:
    """The sampled documents whose status nothing proves; those of which something is said come first."""
    standing = Standing.of(engine)
    told = sorted({edge.target for edge in standing.force})
    rest = sorted({one.slug for one in engine.documents()} - set(told))
    chance = random.Random(SEED)
    sample = chance.sample(told, min(most, len(told)))
    sample += chance.sample(rest, min(most - len(sample), len(rest)))
    for slug in sample:
        status = standing.status(slug, day)
        if not proved(status):
            yield slug, status


def proved(status: Status) -> bool:
    """Whether the statement that decides a status is there and strong enough for it."""
    if status.value == "khong-ro":
        return True
    if status.edge is None or status.sure < CERTAIN:
        return False
    return status.value != "con" or (status.edge.kind in SAYS_SO and status.sure >= LISTED and bool(status.since))


def main() -> int:
    index, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    day = sys.argv[3] if len(sys.argv) > 3 else today().isoformat()
    engine = open_engine(Settings(index=index))()
    standing = Standing.of(engine)
    documents = [one.slug for one in engine.documents()]
    statuses = {slug: standing.status(slug, day) for slug in documents}
    print(f"{len(documents):,} documents, {len(standing.force):,} relations, on {day}")
    for value, count in Counter(status.value for status in statuses.values()).most_common():
        print(f"  {value:9} {count:7,}")
    known = sum(bool(standing.force.in_force(slug)) for slug in documents)
    disputed = sum(1 for _ in standing.force.contradictions())
    print(f"  day in force known of {known:,}; sources disagree on a day of {disputed:,}")
    wrong = list(unproved(engine, most, day))
    for slug, status in wrong:
        print(f"  without proof: {slug}: {status.value}")
    print(f"{len(wrong)} of {min(most, len(documents))} sampled statuses without proof")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
