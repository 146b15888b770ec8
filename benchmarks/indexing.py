"""Indexing speed of the whole road (read, normalise, cite, theme, segment, write) beside stock Whoosh with pyvi.

    python benchmarks/indexing.py ARTICLES.jsonl [--limit 2000]

Stock Whoosh gets what the usual recipe gives it: ViTokenizer's words in one analysed field, facets in sortable fields.
Prints articles and megabytes a second, and the ratio. Ours runs as the command does, in --jobs processes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from searchapp.config import Settings
from searchapp.ingest import reindex


def rows(path: Path, limit: int) -> list[dict[str, str]]:
    """The first articles of a JSONL file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(limit), lines, strict=False)]


def ours(articles: list[dict[str, str]], folder: Path, jobs: int) -> float:
    """Seconds that the reindex command's own road takes."""
    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in articles), encoding="utf-8")
    start = time.perf_counter()
    report = reindex([source], folder / "index", replace(Settings(), index=folder / "index"), jobs=jobs, full=True)
    assert report.articles == len(articles), report.lines()
    return time.perf_counter() - start


def stock(articles: list[dict[str, str]], folder: Path) -> float:
    """Seconds of the obvious design: pyvi's words in Whoosh as shipped."""
    from pyvi import ViTokenizer
    from whoosh import analysis, fields, index

    words = analysis.SpaceSeparatedTokenizer() | analysis.LowercaseFilter()
    schema = fields.Schema(
        id=fields.ID(stored=True), title=fields.TEXT(analyzer=words, stored=True),
        text=fields.TEXT(analyzer=words, stored=True), section=fields.ID(sortable=True), date=fields.ID(sortable=True),
    )  # fmt: skip
    ViTokenizer.tokenize("làm nóng")
    folder.mkdir()
    start = time.perf_counter()
    writer = index.create_in(str(folder), schema).writer(limitmb=512)
    for row in articles:
        writer.add_document(
            id=row["id"], title=ViTokenizer.tokenize(row.get("title") or ""),
            text=ViTokenizer.tokenize(row.get("text") or ""), section=row.get("section") or "-",
            date=row.get("date") or "-",
        )  # fmt: skip
    writer.commit()
    return time.perf_counter() - start


def main() -> None:
    """Index with both, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    options.add_argument("--limit", type=int, default=2000)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    articles = rows(given.articles, given.limit)
    size = sum(len((row.get("text") or "").encode()) for row in articles)
    print(f"{len(articles):,} articles of {size / len(articles) / 1000:.1f} kB\n")
    print(f"{'':<28}{'seconds':>9}{'articles/s':>12}{'6 kB/s':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times = {f"searchapp, {given.jobs} jobs": ours(articles, folder, given.jobs)}
        times["stock Whoosh + ViTokenizer"] = stock(articles, folder / "stock")
    for label, seconds in times.items():
        print(f"{label:<28}{seconds:>9.1f}{len(articles) / seconds:>12.0f}{size / 6000 / seconds:>9.0f}")
    fast, slow = times.values()
    print(f"\nratio {slow / fast:.1f}")


if __name__ == "__main__":
    main()
