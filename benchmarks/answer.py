"""Whole answers as visitors get them, beside forty lines of Flask over tantivy, in one run: processor milliseconds.

    python benchmarks/answer.py ARTICLES.jsonl.gz QUERIES.jsonl [--questions 150] [--folder .bench/answer] [--long]

Each question is asked once: every row has an application of its own, so that none finds warm what another one asked.
Twelve short queries are asked again and again, and answered anew but for the last two rows, which keep answers for a
minute as every server does. All rows take turns with the peer, whose answer holds the same: ten hits
with snippets and five facets of a hundred values with links. Processor time of whole requests inside the process,
without a network. The indexes stay in the folder for the next run.

--long: the same questions on the laws among the articles, each law one long text, and on their articles one by one.
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
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.fields import FACET_NAMES
from searchapp.ingest import reindex
from searchapp.query import STEPS, Query
from searchapp.search.understand import understand
from searchapp.text.normalize import fold
from searchapp.web import create_app
from searchapp.web.serving.server import look_for_garbage_seldom

SHORT: Final = (
    "giáo dục", "thuế thu nhập cá nhân", "xử phạt hành chính", "đất đai", "bao hiem xa hoi", "nghị định 30/2020",
    "lao động", "kinh doanh", "hop dong", "trẻ em", "môi trường", "giấy phép",
)  # fmt: skip
ROUNDS: Final = 5
WARM: Final = 20
LAWS: Final = ("Luật", "Bộ luật", "Hiến pháp", "Pháp lệnh")
FACETS: Final = ("issuer", "type", "section", "source", "year")

Ask = Callable[[str], object]
Rows = dict[str, Ask]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def peer_index(path: Path, folder: Path) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body"):
        builder.add_text_field(name, stored=True)
        builder.add_text_field(f"{name}_f")
    builder.add_text_field("url", stored=True)
    for name in FACETS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw")
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    index.reload()
    if index.searcher().num_docs:
        return index
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
    return index


def peer_query(index: tantivy.Index, asked: str) -> tantivy.Query:
    words = " ".join("".join(c if c.isalnum() else " " for c in asked).split())
    return index.parse_query(f"{words} {fold(words)}", ["title", "body", "title_f", "body_f"])


def peer(index: tantivy.Index) -> FlaskClient:
    """Forty lines: what somebody writes in an afternoon."""
    app = Flask("peer")
    count = {name: {"terms": {"field": name, "size": 100}} for name in FACETS}

    @app.get("/search")
    def search() -> Any:
        asked = request.args["q"]
        query = peer_query(index, asked)
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


def indexed(path: Path, folder: Path) -> Settings:
    """The settings of an index of these articles, which is made when it is not there yet."""
    settings = replace(config.Settings(), index=folder, corpus=(path,), rate_limit="", response_cache=0)
    if not (folder / "CURRENT").exists():
        reindex(settings.corpus, folder, settings)
    return settings


def asking(settings: Settings, path: str, **parameters: str) -> Ask:
    """A row with an application of its own; a question as the answer's bytes."""
    client = create_app(settings).test_client()
    headers = {"Accept-Encoding": "gzip"} if parameters.pop("coding", "") else {}

    def ask(text: str) -> bytes:
        answer = client.get(path, query_string={"q": text, **parameters}, headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code} to {text!r}: nothing is measured")
        return answer.data

    return ask


def engine_rows(settings: Settings, index: tantivy.Index) -> Rows:
    """The engine alone: with all facets, and the ten best of what was understood before beside those of tantivy."""
    whole, best = open_engine(settings)(), open_engine(settings)()

    def understood(text: str) -> object:
        query = understand(whole, Query(text=text, fold=True)).query
        return whole.search(replace(query, facets=FACET_NAMES, steps=STEPS))

    return {
        "engine": understood,
        "ten best": ready(lambda text: understand(best, Query(text=text)).query, best.search),
        "tantivy ten best": ready(
            lambda text: peer_query(index, text), lambda query: index.searcher().search(query, 10, count=False)
        ),
    }


def ready(prepare: Callable[[str], Any], ask: Callable[[Any], object]) -> Ask:
    """A row whose preparation is not timed: `spent` calls it once to prepare and times what that gives."""

    def asked(text: str) -> object:
        prepared = prepare(text)
        return lambda: ask(prepared)

    asked.prepares = True  # type: ignore[attr-defined]
    return asked


def spent(ask: Ask, asked: Iterable[str]) -> list[float]:
    """Processor milliseconds of each question."""
    times = []
    for text in asked:
        run: Any = ask(text) if getattr(ask, "prepares", False) else lambda text=text: ask(text)
        started = time.process_time()
        run()
        times.append((time.process_time() - started) * 1000)
    return times


def measured(forms: Rows, questions: list[str], short: Iterable[str] = SHORT) -> dict[str, tuple[list[float], float]]:
    """Times of new questions and the mean of short ones, for each row; in turns."""
    asked, warm = questions[:-WARM], questions[-WARM:]
    for ask in forms.values():
        spent(ask, warm)
    new: dict[str, list[float]] = {name: [] for name in forms}
    for text in asked:  # in turns, so that the machine's moods fall on all alike
        for name, ask in forms.items():
            new[name] += spent(ask, [text])
    again: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        for name, ask in forms.items():
            again[name] += spent(ask, short)
    return {name: (new[name], statistics.mean(again[name])) for name in forms}


def printed(found: dict[str, tuple[list[float], float]], base: str) -> None:
    new_base, short_base = statistics.mean(found[base][0]), found[base][1]
    print(f"{'':20}{'new: mean':>11}{'median':>9}{'p95':>9}{'× ' + base:>15}{'short: mean':>13}{'× ' + base:>15}")
    for name, (new, short) in found.items():
        mean, p95 = statistics.mean(new), sorted(new)[int(len(new) * 0.95)]
        print(
            f"{name:20}{mean:11.1f}{statistics.median(new):9.1f}{p95:9.1f}{mean / new_base:15.2f}"
            f"{short:13.1f}{short / short_base:15.2f}"
        )
    print(flush=True)


def other_rows(settings: Settings) -> Rows:
    """What else visitors ask for."""
    client = create_app(settings).test_client()
    engine: Engine = open_engine(settings)()
    keys = {}

    def article(text: str) -> object:
        found = understand(engine, Query(text=text, size=1)).query
        keys[text] = next((match.article.key for match in engine.search(found).matches), "")
        return lambda: client.get(f"/bai/{keys[text]}", query_string={"q": text}, follow_redirects=True).data

    article.prepares = True  # type: ignore[attr-defined]
    return {
        "suggestions": lambda text: client.get("/api/v1/suggest", query_string={"q": text[:12]}).data,
        "article page": article,
        "feed": asking(settings, "/tim-kiem.atom"),
        "CSV of 1,000 rows": asking(settings, "/tim-kiem.csv", buoc="4"),
    }


def joined(path: Path, folder: Path) -> tuple[Path, Path]:
    """The articles of laws, one by one and joined to whole laws: two files."""
    single, whole = folder / "articles.jsonl", folder / "laws.jsonl"
    if not whole.exists():
        folder.mkdir(parents=True, exist_ok=True)
        laws: dict[str, dict[str, Any]] = {}
        with single.open("w", encoding="utf-8") as file:
            for row in rows(path):
                if row.get("kind") not in LAWS:
                    continue
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                name = str(row.get("number") or row.get("document_title") or row["id"])
                law = laws.setdefault(name, {**row, "id": name, "title": row.get("document_title", name), "text": ""})
                law["text"] += f"{row['title']}\n{row['text']}\n\n"
        with whole.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(law, ensure_ascii=False) + "\n" for law in laws.values())
    return single, whole


def long_texts(path: Path, folder: Path, questions: list[str]) -> None:
    single, whole = joined(path, folder / "long")
    forms: Rows = {}
    for name, source in (("articles", single), ("laws", whole)):
        settings = indexed(source, folder / "long" / f"index-{name}")
        forms |= {f"{name}, JSON": asking(settings, "/api/v1/search"), f"{name}, page": asking(settings, "/tim-kiem")}
    sizes = [len(row["text"]) for row in rows(whole)]
    print(f"{len(sizes)} laws of {statistics.mean(sizes):,.0f} characters, and their articles one by one")
    printed(measured(forms, questions), "articles, JSON")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument("--folder", type=Path, default=Path(".bench/answer"))
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", choices=("answers", "engine", "others"))
    given = parser.parse_args()
    look_for_garbage_seldom()  # as a worker of `searchapp serve` does; the peer has its part of it
    questions = [str(row["text"]) for row in rows(given.queries)]
    questions = [*questions[: given.questions], *questions[-WARM:]]
    if given.long:
        return long_texts(given.articles, given.folder, questions)
    index = peer_index(given.articles, given.folder / "peer")
    settings = indexed(given.articles, given.folder / "index")
    other = peer(index)
    if given.only in (None, "answers"):
        forms: Rows = {
            "peer": lambda text: other.get("/search", query_string={"q": text}).data,
            "JSON": asking(settings, "/api/v1/search"),
            "page": asking(settings, "/tim-kiem"),
            "JSON, no facets": asking(settings, "/api/v1/search", facets="none"),
            "page, gzip": asking(settings, "/tim-kiem", coding="gzip"),
            "JSON, as served": asking(replace(settings, response_cache=8), "/api/v1/search"),
            "page, as served": asking(replace(settings, response_cache=8), "/tim-kiem"),
        }
        printed(measured(forms, questions), "peer")
    if given.only in (None, "engine"):
        printed(measured(engine_rows(settings, index), questions), "tantivy ten best")
    if given.only in (None, "others"):
        printed(measured(other_rows(settings), questions), "suggestions")
    return None


if __name__ == "__main__":
    main()
