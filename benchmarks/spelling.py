"""Did you mean on real mistakes: how often the right form is first, how often a good query is doubted, how fast.

    python benchmarks/spelling.py ../shared/data

Each pair of viwiki_pairs.jsonl whose right form differs in its letters is asked as a query: the wrong syllable between
two neighbours on each side. The index holds the codification, the news and the XQuAD paragraphs, but none of the
contexts; pairs whose right form is no syllable of it are left out. The questions of the codification, cut to eight
syllables, should not be doubted. Times are processor time of one call, the best of three. The index is kept in .bench/.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.search.spelling import RARE, corrected, vocabulary
from searchapp.text.normalize import fold_key, normalize
from searchapp.text.tokens import tokens

FOLDER = Path(".bench/spelling")
BESIDE, CUT, ROUNDS = 2, 8, 3


class Case(NamedTuple):
    """A query with one wrong syllable, its place, and what is right, by letters alone."""

    keys: list[str]
    at: int
    right: frozenset[str]


def keys_of(text: str) -> list[str]:
    """The search keys of a text."""
    return [token.key for token in tokens(normalize(text))]


def cases(path: Path, known: dict[str, int]) -> Iterator[Case]:
    """The usable pairs; the first and last syllable of a context are cut in two, so they are no neighbours."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        context, wrong = keys_of(row["context"]), keys_of(row["wrong"])
        rights = [[fold_key(key) for key in keys_of(right)] for right in row["right"]]
        places = [at for at, key in enumerate(context) if [key] == wrong]
        if not places or any(len(right) != 1 for right in rights) or [fold_key(wrong[0])] in rights:
            continue
        if not any(right[0] in known for right in rights):
            continue
        at = min(places, key=lambda place: abs(place - len(context) / 2))
        start = max(1, at - BESIDE)
        keys = context[start:at] + wrong + context[at + 1 : min(len(context) - 1, at + BESIDE + 1)]
        yield Case(keys, at - start, frozenset(right[0] for right in rights))


def timed(engine: Engine, keys: Sequence[str]) -> tuple[tuple[str, ...] | None, float]:
    """The likelier spelling, and the milliseconds it took."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        found = corrected(engine, keys)
        best = min(best, (time.process_time() - start) * 1000)
    return found, best


def main() -> None:
    """Index where needed, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--index", type=Path, default=FOLDER)
    given = options.parse_args()
    corpora = (
        "retrieval/phapdien/corpus.jsonl.gz",
        "articles/news_political.jsonl.gz",
        "retrieval/xquad_vi/corpus.jsonl",
    )
    settings = Settings(index=given.index)
    if not (given.index / "CURRENT").exists():
        reindex([given.data / corpus for corpus in corpora], given.index, settings)
    engine = open_engine(settings)()
    known = vocabulary(engine)
    usable = list(cases(given.data / "spelling" / "viwiki_pairs.jsonl", known))
    right, offered, times = {True: 0, False: 0}, 0, []
    odd = {True: 0, False: 0}
    for case in usable:
        found, took = timed(engine, case.keys)
        times.append(took)
        unknown = known.get(fold_key(case.keys[case.at]), 0) <= RARE
        odd[unknown] += 1
        offered += found is not None
        right[unknown] += found is not None and found[case.at] in case.right
    questions = given.data / "retrieval" / "phapdien" / "queries.jsonl"
    asked = [keys_of(json.loads(line)["text"])[:CUT] for line in questions.read_text(encoding="utf-8").splitlines()]
    doubted = sum(corrected(engine, keys) is not None for keys in asked)
    print(
        f"{engine.stats().articles:,} articles, {len(known):,} syllables without accents, {len(usable)} usable pairs\n"
    )
    print("| the wrong form is | pairs | right form first |\n|---|---|---|")
    print(f"| written by nobody else | {odd[True]} | {right[True]} ({right[True] / max(1, odd[True]):.0%}) |")
    print(f"| another good syllable | {odd[False]} | {right[False]} ({right[False] / max(1, odd[False]):.0%}) |")
    print(f"\n{offered - sum(right.values())} pairs were offered something else")
    print(f"good queries doubted: {doubted} of {len(asked)}")
    low, high = np.percentile(times, 50), np.percentile(times, 95)
    print(f"processor time: median {low:.1f} ms, p95 {high:.1f} ms, most {max(times):.1f} ms")


if __name__ == "__main__":
    main()
