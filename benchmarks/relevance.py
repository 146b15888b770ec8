"""Relevance beside peers: one table of our ranking and theirs, for every way in which the same queries are typed.

    python benchmarks/relevance.py ../shared/data --queries 200
    python benchmarks/relevance.py ../shared/data --peers ours,meaning

nDCG@10 on the judged questions of the codification (phapdien) and of XQuAD; MRR@10 of the article itself for the titles
of news articles, whole and their first five words. Behind each figure its 95 % interval (1,000 bootstrap samples of the
queries); below the table the share of right articles among our first hundred. Every engine gets the text as typed and
answers with any of its words, as it is shipped. Where one is slow it is asked a fixed sample, whose size stands behind
its name (BEARS). Whoosh as shipped indexes the codification for half an hour. Indexes are kept in .bench/. Where all
queries were asked, our rows are compared with the floors of tests/floors.json; the exit code is 1 where one is below.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TypeAlias

import numpy as np
from rankers import RANKERS, Row

from searchapp.evaluation import HABITS, Judged, metrics, read_judged, sample, typed

Cell: TypeAlias = tuple[float, float, float]
"""A mean with its interval."""
Figures: TypeAlias = tuple[Cell, float]
"""The figure of a task, and recall@100."""

SAMPLES, SEED = 1000, 1
TITLES, FIRST = 1000, 5
FOLDER = Path(".bench")
FLOORS = json.loads((Path(__file__).parents[1] / "tests" / "floors.json").read_text(encoding="utf-8"))
FLOORS_OF = {"searchapp": FLOORS["whole sets"], "searchapp[meaning]": FLOORS["whole sets with meaning"]}
"""The floors of our rows, by the row's name."""
TITLE_HABITS = ("typed", "folded")
BEARS = {
    ("sqlite", "codification"): 60,
    ("sqlite2", "codification"): 60,
    ("whoosh", "codification"): 60,
    ("whoosh", "news"): 150,
}
"""How many queries a slow engine is asked: half a second a question (SQLite), or slow to index as well (Whoosh)."""


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus with judged queries: the figure that counts, the habits asked."""

    name: str
    corpus: Path
    judged: Sequence[Judged]
    figure: str
    habits: Sequence[str]


def tasks(data: Path, queries: int) -> Iterator[Task]:
    """The four tasks over the shared texts; at most so many queries of each (0: all)."""
    for name, folder, corpus in (
        ("codification", "phapdien", "corpus.jsonl.gz"),
        ("XQuAD", "xquad_vi", "corpus.jsonl"),
    ):
        place = data / "retrieval" / folder
        judged = sample(read_judged(place / "queries.jsonl", place / "qrels.tsv"), queries)
        yield Task(name, place / corpus, judged, "ndcg@10", tuple(HABITS))
    news = data / "articles" / "news_political.jsonl.gz"
    titles = [(row.id, row.title) for row in read(news) if row.title]
    for name, cut in (("news, whole title", 99), ("news, five words", FIRST)):
        rows = [Judged(key, " ".join(title.split()[:cut]), {key: 1}) for key, title in titles]
        yield Task(name, news, sample(rows, min(TITLES, queries or TITLES)), "mrr@10", TITLE_HABITS)


def read(path: Path) -> Iterator[Row]:
    """Id, title and text of every article that has a text."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if (row.get("text") or "").strip():
                yield Row(str(row["id"]), row.get("title") or "", row["text"])


def interval(figures: Sequence[float]) -> Cell:
    """Mean and the 95 % interval of the mean, by the percentile bootstrap."""
    values = np.array(figures)
    random = np.random.default_rng(SEED)
    means = values[random.integers(0, len(values), (SAMPLES, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(values.mean()), float(low), float(high)


def measured(task: Task, judged: Sequence[Judged], rank: Callable[[str], list[str]], habit: str) -> Figures:
    """The figures of one engine for queries typed by one habit."""
    rows = [metrics(rank(typed(q.text, habit, q.id)), q.grades) for q in judged]
    return interval([row[task.figure] for row in rows]), fmean(row["recall@100"] for row in rows)


def show(task: Task, rows: Iterable[tuple[str, Sequence[Figures]]]) -> list[tuple[str, Sequence[Figures]]]:
    """Print one table, an engine a row, a habit a column, rows as they come; return the rows."""
    shown = []
    print(f"\n{task.name}: {task.figure}, {len(task.judged)} queries\n")
    print(f"| {'':<31} |" + "".join(f" {habit:<16} |" for habit in task.habits))
    print(f"|{'-' * 33}|" + "".join(f"{'-' * 18}|" for _ in task.habits), flush=True)
    for name, figures in rows:
        told = (f"{mean:.3f} {low:.3f}-{high:.3f}".replace("0.", ".") for (mean, low, high), _ in figures)
        print(f"| {name:<31} |" + "".join(f" {cell:<16} |" for cell in told), flush=True)
        shown.append((name, figures))
    for name, figures in shown:
        if name in FLOORS_OF:  # the peers rank ten
            print(f"\nrecall@100 of {name}: " + ", ".join(f"{recall:.3f}" for _, recall in figures), flush=True)
    return shown


def asked(task: Task, peers: Sequence[str]) -> Iterator[tuple[str, Sequence[Figures]]]:
    """Each engine with its figures for every habit."""
    for peer in peers:
        bears = BEARS.get((peer, task.name.split(",")[0]), len(task.judged))
        ranker = RANKERS[peer]()
        ranker.open(FOLDER / f"{task.corpus.parent.name}-{peer}", task.corpus, lambda: read(task.corpus))
        judged = sample(task.judged, bears)
        name = ranker.name if len(judged) == len(task.judged) else f"{ranker.name} ({len(judged)})"
        yield name, [measured(task, judged, ranker.rank, habit) for habit in task.habits]


def below(task: Task, rows: Iterable[tuple[str, Sequence[Figures]]]) -> Iterator[str]:
    """A line for each of our figures that is below its floor."""
    for name, figures in rows:
        for habit, ((mean, *_), _) in zip(task.habits, figures, strict=True):
            floor = FLOORS_OF.get(name, {}).get(task.name, {}).get(habit, 0.0)
            if round(mean, 3) < floor:
                yield f"{name}, {task.name}, {habit}: {mean:.3f} is below the floor of {floor}"


def main() -> None:
    """Index where needed, ask, print, compare with the floors."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, help="the folder with retrieval/ and articles/")
    options.add_argument("--queries", type=int, default=0, help="a fixed sample of so many queries a task")
    options.add_argument("--peers", default=",".join(key for key in RANKERS if key != "meaning"))
    options.add_argument("--tasks", default="codification,XQuAD,news")
    given = options.parse_args()
    low: list[str] = []
    for task in tasks(given.data, given.queries):
        if task.name.startswith(tuple(given.tasks.split(","))):
            rows = show(task, asked(task, given.peers.split(",")))
            low += [] if given.queries else below(task, rows)
    if low:
        sys.exit("\n" + "\n".join(low))


if __name__ == "__main__":
    main()
