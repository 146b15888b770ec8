"""Whole answers as visitors get them, beside forty lines of Flask over tantivy, in one run: processor milliseconds.

Run: python benchmarks/answer.py ARTICLES.jsonl.gz QUERIES.jsonl [--questions 150] [--folder .bench/answer]

Each question is asked once (nothing was asked before), twelve short ones again and again; in turns with the peer, whose
answer holds the same: ten hits with snippets and five facets of a hundred values with links. Processor time of whole
requests inside the process, without a network.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import tantivy
from flask import Flask, jsonify, request
from flask.testing import FlaskClient

from searchapp import config
from searchapp.ingest import reindex
from searchapp.text.normalize import fold
from searchapp.web import create_app

SHORT: Final = (
    "giáo dục", "thuế thu nhập cá nhân", "xử phạt hành chính", "đất đai", "bao hiem xa hoi", "nghị định 30/2020",
    "lao động", "kinh doanh", "hop dong", "trẻ em", "môi trường", "giấy phép",
)  # fmt: skip
ROUNDS: Final = 5
FACETS: Final = ("issuer", "type", "section", "source", "year")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def peer(path: Path) -> FlaskClient:
    """Forty lines: what somebody writes in an afternoon."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body"):
        builder.add_text_field(name, stored=True)
        builder.add_text_field(f"{name}_f")
    builder.add_text_field("url", stored=True)
    for name in FACETS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw")
    index = tantivy.Index(builder.build())
    writer = index.writer(200_000_000, 1)
    for row in rows(path):
        title, text = str(row.get("title", "")), str(row.get("text", ""))
        values = {name: str(row.get(name) or "-") for name in FACETS} | {"year": str(row.get("date") or "-")[:4]}
        writer.add_document(
            tantivy.Document(
                title=title, body=text, title_f=fold(title), body_f=fold(text), url=str(row.get("url", "")), **values
            )
        )
    writer.commit()
    index.reload()
    app = Flask("peer")
    count = {name: {"terms": {"field": name, "size": 100}} for name in FACETS}

    @app.get("/search")
    def search() -> Any:
        asked = request.args["q"]
        words = " ".join("".join(c if c.isalnum() else " " for c in asked).split())
        query = index.parse_query(f"{words} {fold(words)}", ["title", "body", "title_f", "body_f"])
        searcher = index.searcher()
        found = searcher.search(query, 10)
        marks = tantivy.SnippetGenerator.create(searcher, query, index.schema, "body")
        hits = []
        for score, address in found.hits:
            held = searcher.doc(address)
            snippet = marks.snippet_from_doc(held).to_html()
            hits.append({"title": held["title"][0], "url": held["url"][0], "score": score, "snippet": snippet})
        counted = searcher.aggregate(query, count)
        link = f"/search?q={quote(asked)}"
        facets = {
            name: [
                {"value": one["key"], "count": one["doc_count"], "url": f"{link}&{name}={quote(one['key'])}"}
                for one in counted[name]["buckets"]
            ]
            for name in FACETS
        }
        return jsonify(total=found.count, hits=hits, facets=facets)

    return app.test_client()


def ours(path: Path, folder: Path) -> FlaskClient:
    settings = replace(config.Settings(), index=folder, corpus=(path,), rate_limit="")
    reindex(settings.corpus, folder, settings)
    return create_app(settings).test_client()


def spent(ask: Callable[[str], object], asked: Iterable[str]) -> list[float]:
    """Processor milliseconds of each question."""
    times = []
    for text in asked:
        started = time.process_time()
        ask(text)
        times.append((time.process_time() - started) * 1000)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument("--folder", type=Path, default=Path(".bench/answer"))
    given = parser.parse_args()
    questions = [str(row["text"]) for row in rows(given.queries)]
    warm, asked = questions[-20:], questions[: given.questions]
    other = peer(given.articles)
    client = ours(given.articles, given.folder)
    forms: dict[str, Callable[[str], object]] = {
        "peer": lambda text: other.get("/search", query_string={"q": text}).data,
        "API": lambda text: client.get("/api/v1/search", query_string={"q": text}).data,
        "API, no facets": lambda text: client.get("/api/v1/search", query_string={"q": text, "facets": "none"}).data,
        "page": lambda text: client.get("/tim-kiem", query_string={"q": text}).data,
        "suggestions": lambda text: client.get("/api/v1/suggest", query_string={"q": text[:12]}).data,
        "feed": lambda text: client.get("/tim-kiem.atom", query_string={"q": text}).data,
    }
    for ask in forms.values():
        spent(ask, warm)
    long: dict[str, list[float]] = {name: [] for name in forms}
    for text in asked:  # in turns, so that the machine's moods fall on all alike
        for name, ask in forms.items():
            long[name] += spent(ask, [text])
    short: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        for name, ask in forms.items():
            short[name] += spent(ask, SHORT)
    base = {"new": statistics.mean(long["peer"]), "short": statistics.mean(short["peer"])}
    print(f"{'':16}{'new: mean':>11}{'median':>9}{'p95':>9}{'× peer':>8}{'short: mean':>13}{'× peer':>8}")
    for name in forms:
        new, again = long[name], statistics.mean(short[name])
        p95 = sorted(new)[int(len(new) * 0.95)]
        print(
            f"{name:16}{statistics.mean(new):11.1f}{statistics.median(new):9.1f}{p95:9.1f}"
            f"{statistics.mean(new) / base['new']:8.2f}{again:13.1f}{again / base['short']:8.2f}"
        )


if __name__ == "__main__":
    main()
