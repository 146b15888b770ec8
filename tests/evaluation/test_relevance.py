"""Relevance as a gate: judged questions over real texts, never below the floors of floors.json."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.evaluation import HABITS, Judged, evaluate, read_judged, sample
from searchapp.ingest import reindex

FLOORS = json.loads((Path(__file__).parents[1] / "floors.json").read_text(encoding="utf-8"))
PARAGRAPH_QUESTIONS = 200
QUESTIONS, EVERY = 150, 20  # of the codification: so many questions, every 20th article beside those that answer


def figures(corpus: Path, judged: list[Judged], folder: Path, habits: Iterable[str]) -> dict[str, float]:
    settings = Settings(index=folder / "index")
    report = reindex([corpus], settings.index, settings)
    assert not report.skipped
    engine = open_engine(settings)()
    return {name: evaluate(engine, judged, habit=name)["ndcg@10"] for name in habits}


@pytest.mark.shared
def test_paragraphs_of_an_encyclopedia(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "retrieval" / "xquad_vi"
    judged = sample(read_judged(folder / "queries.jsonl", folder / "qrels.tsv"), PARAGRAPH_QUESTIONS)
    floors = FLOORS["XQuAD, 200 questions"]
    assert set(floors) == set(HABITS)
    found = figures(folder / "corpus.jsonl", judged, tmp_path, floors)
    assert all(found[name] >= floor for name, floor in floors.items()), found


@pytest.mark.shared
def test_questions_of_laypeople_to_the_codification(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "retrieval" / "phapdien"
    judged = sample(read_judged(folder / "queries.jsonl", folder / "qrels.tsv"), QUESTIONS)
    wanted = {article for query in judged for article in query.grades}
    part = tmp_path / "part.jsonl"
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as rows, part.open("w", encoding="utf-8") as out:
        out.writelines(row for at, row in enumerate(rows) if at % EVERY == 0 or json.loads(row)["id"] in wanted)
    floors = FLOORS["codification, 150 questions among 3,200 articles"]
    found = figures(part, judged, tmp_path, floors)
    assert all(found[name] >= floor for name, floor in floors.items()), found
