"""Weights of ranking by cross-validation: chosen on the other folds, reported on questions they have not seen.

    python benchmarks/tuning.py ../shared/data --queries 200

Coordinate descent over GRID from the weights in force, by the mean nDCG@10 of questions to the codification as typed
and without accents. Each fold's questions are ranked with the weights that were best on the others. Whatever set of
weights was asked once is remembered, so five folds cost little more than one. All 679 questions take about an hour.
The index is that of relevance.py, in .bench/.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.evaluation import Judged, metrics, ranked, read_judged, sample, typed
from searchapp.fields import Weights
from searchapp.ingest import reindex

HABITS: Final = ("typed", "folded")
FOLDS, SEED, ROUNDS = 5, 7, 2
GRID: Final[dict[str, tuple[float, ...]]] = {
    "k1": (0.5, 0.7, 0.9, 1.2),
    "b": (0.5, 0.65, 0.8),
    "k1_f2": (0.4, 0.6, 0.9),
    "k1_title": (1.2, 2.0, 3.0, 5.0),
    "b_title": (0.65, 1.0),
    "f": (0.3, 0.4, 0.5, 0.6),
    "f2": (0.8, 0.95, 1.1),
    "w": (0.2, 0.4, 0.6),
    "f_alone": (0.5, 0.8, 1.0, 1.3),
    "f2_alone": (0.5, 0.8, 1.0),
    "title": (0.15, 0.2, 0.3, 0.4),
    "question": (0.0, 0.3, 1.0),
}

Figures = NDArray[np.float64]
"""nDCG@10, shape (habits, questions)."""


def measured(index: Path, judged: Sequence[Judged], weights: Weights) -> Figures:
    """Every question in every habit with these weights."""
    engine = open_engine(Settings(index=index, weights=weights))()
    rows = [
        [metrics(ranked(engine, typed(query.text, habit, query.id)), query.grades)["ndcg@10"] for query in judged]
        for habit in HABITS
    ]
    engine.close()
    return np.array(rows)


def descended(figures: Callable[[Weights], Figures], chosen: NDArray[np.bool_]) -> Weights:
    """The best weights for the chosen questions that changing one at a time leads to."""
    best = Weights()
    top = figures(best)[:, chosen].mean()
    for _ in range(ROUNDS):
        before = best
        for name, values in GRID.items():
            for value in values:
                other = replace(best, **{name: value})
                reached = figures(other)[:, chosen].mean()
                if reached > top:
                    best, top = other, reached
        if best == before:
            break
    return best


def main() -> None:
    """Choose and report, fold by fold."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--queries", type=int, default=0, help="a fixed sample of so many questions")
    options.add_argument("--index", type=Path, default=Path(".bench/phapdien-ours"))
    given = options.parse_args()
    place = given.data / "retrieval" / "phapdien"
    judged = sample(read_judged(place / "queries.jsonl", place / "qrels.tsv"), given.queries)
    if not (given.index / "CURRENT").exists():
        reindex([place / "corpus.jsonl.gz"], given.index, Settings(index=given.index))
    known: dict[Weights, Figures] = {}

    def figures(weights: Weights) -> Figures:
        if weights not in known:
            known[weights] = measured(given.index, judged, weights)
        return known[weights]

    chance = random.Random(SEED)
    fold = np.array([chance.randrange(FOLDS) for _ in judged])
    held = np.zeros((len(HABITS), len(judged)))
    for number in range(FOLDS):
        weights = descended(figures, fold != number)
        held[:, fold == number] = figures(weights)[:, fold == number]
        changed = {name: value for name, value in asdict(weights).items() if value != getattr(Weights(), name)}
        print(f"fold {number + 1}: {changed or 'the weights in force'}", flush=True)
    for habit, unseen, now in zip(HABITS, held.mean(1), figures(Weights()).mean(1), strict=True):
        print(f"{habit:<8} held out {unseen:.4f}   weights in force {now:.4f}")


if __name__ == "__main__":
    main()
