"""What the reliability tests share: a small archive with every kind of file, and ways to damage it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from searchapp import ingest
from searchapp.config import Settings
from searchapp.engines import generations, open_engine
from searchapp.engines.whoosh.store.arrays import ArrayFile
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.tables import read_segments
from searchapp.fields import TEXT_FIELDS
from searchapp.query import Query
from searchapp.report import Report

SOAK = os.environ.get("SEARCHAPP_TEST_SOAK") == "1"
"""Whether the long versions run (`make soak`)."""

ARTICLES = {
    "hop.txt": "Họp dân\n\nĐảng bộ phường họp dân theo Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Thành ủy TPHCM.",
    "cho.md": "---\ntitle: Chợ mới\ndate: 2021-09-15\nthemes: [dan-van]\n---\n\nPhường mở chợ mới, dân phấn khởi.",
    "cau.md": "# Cầu mới\n\nQuận khánh thành cầu mới, đúng Chỉ thị 10-CT/TW của Ban Bí thư.\n\nXe qua cầu từ hôm nay.",
}
ROWS = [
    {"id": f"b{n}", "title": f"Bài {n}", "text": f"Nội dung bài số {n}, viện dẫn Kết luận {n}-KL/TW.", "date": "2022"}
    for n in range(1, 6)
]


def write_corpus(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_rows(folder / "hang.jsonl", *ROWS)
    for path in folder.iterdir():
        os.utime(path, (1_600_000_000, 1_600_000_000))  # long ago: their times can be trusted
    return folder


def write_rows(path: Path, *rows: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def run(index: Path, *paths: Path, jobs: int = 1, **options: object) -> Report:
    return ingest.reindex(paths, index, Settings(index=index), allow_shrink=True, jobs=jobs, **options)  # type: ignore[arg-type]


def two_generations(top: Path) -> Path:
    """An index of two generations; the second has two segments, removed articles and linked files."""
    corpus, index = write_corpus(top / "corpus"), top / "index"
    run(index, corpus)
    (corpus / "hop.txt").unlink()
    write_rows(corpus / "hang.jsonl", *ROWS[1:], {"id": "b9", "title": "Bài thêm", "text": "Một bài thêm vào sau."})
    run(index, corpus)
    return index


def titles(index: Path) -> set[str]:
    """The titles that an index answers with."""
    engine = open_engine(Settings(index=index))()
    return {match.article.title for match in engine.search(Query(size=50)).matches}


def dump(index: Path) -> dict[str, object]:
    """An index term by term: for each field and term the ids it occurs in, how often and where; and what is stored."""
    folder = generations.current(index)
    listed = read_segments(folder)
    told: dict[str, object] = {}
    for name in listed.names:
        segment = Segment(folder, name)
        gone = listed.removed.get(name, np.zeros(segment.size, np.bool_))
        articles = [segment.article(number) for number in range(segment.size)]
        told |= {f"article {a.id}": a for a, removed in zip(articles, gone, strict=True) if not removed}
        for field in TEXT_FIELDS:
            for term, _ in segment.terms(field.name):
                postings = segment.postings(field.name, term)
                assert postings is not None
                places = iter(postings.positions().tolist() if field.positions else ())
                for number, times in zip(postings.doc_ids.tolist(), postings.frequencies.tolist(), strict=True):
                    row = (times, tuple(islice(places, times)))
                    if not gone[number]:
                        told[f"{field.name} {term} {articles[number].id}"] = row
    return told


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def edit_array(path: Path, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Change an array inside a file of arrays, as bad memory or a bug would: its directory stays valid."""
    dtype, start, count = ArrayFile(path)._directory[name]
    data = bytearray(path.read_bytes())
    values = np.frombuffer(bytes(data), dtype, count, start)
    changed = change(values.copy())
    data[start : start + values.nbytes] = changed.astype(dtype).tobytes()
    path.write_bytes(data)


def answering(index: Path) -> str:
    return generations.current(index).name
