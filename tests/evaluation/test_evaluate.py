import math
from pathlib import Path

import pytest

from searchapp.errors import UsageError
from searchapp.evaluation import Judged, metrics, read_judged, sample


@pytest.mark.parametrize(
    ("found", "grades", "ndcg", "mrr", "recall10"),
    [
        (["a"], {"a": 1}, 1.0, 1.0, 1.0),
        (["x", "a"], {"a": 1}, 1 / math.log2(3), 0.5, 1.0),
        ([], {"a": 1}, 0.0, 0.0, 0.0),
        (["b", "a"], {"a": 2, "b": 1}, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)), 1.0, 1.0),
        (["x"] * 10 + ["a"], {"a": 1}, 0.0, 0.0, 0.0),
        (["a", "x"], {"a": 1, "b": 1}, 1 / (1 + 1 / math.log2(3)), 1.0, 0.5),
        (["x", "a"], {"a": 1, "x": 0}, 1 / math.log2(3), 0.5, 1.0),
    ],
)
def test_figures_as_trec_eval_defines_them(
    found: list[str], grades: dict[str, int], ndcg: float, mrr: float, recall10: float
) -> None:
    row = metrics(found, grades)
    assert row["ndcg@10"] == pytest.approx(ndcg)
    assert row["mrr@10"] == pytest.approx(mrr)
    assert row["recall@10"] == pytest.approx(recall10)


def test_a_sample_is_fixed_and_in_order() -> None:
    judged = [Judged(str(n), "x", {"a": 1}) for n in range(100)]
    chosen = sample(judged, 10)
    assert chosen == sample(judged, 10)
    assert [int(row.id) for row in chosen] == sorted(int(row.id) for row in chosen)
    assert len(chosen) == 10
    assert sample(judged, 0) == sample(judged, 1000) == judged


def test_queries_and_qrels_are_read_and_checked(tmp_path: Path) -> None:
    queries, qrels = tmp_path / "q.jsonl", tmp_path / "r.tsv"
    queries.write_text('{"id": "1", "text": "dân vận"}\n{"id": "2", "text": "không ai chấm"}\n', encoding="utf-8")
    qrels.write_text("1\ta\t1\n1\tb\t0\n", encoding="utf-8")
    assert read_judged(queries, qrels) == [Judged("1", "dân vận", {"a": 1, "b": 0})]
    qrels.write_text("1 a 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        read_judged(queries, qrels)
    qrels.write_text("1\ta\t1\n", encoding="utf-8")
    queries.write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        read_judged(queries, qrels)
