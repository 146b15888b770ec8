"""How well citations are found: cases with gold, the numbers of the codification, texts that cite nothing, speed.

Usage: python benchmarks/citations.py [DATA] [--sample FILE]. DATA holds language/, retrieval/, wordseg/ and articles/
(default: ../shared/data). Prints one table; --sample writes 200 extractions to be checked by reading.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from searchapp.article import Citation
from searchapp.citations import find_citations, find_in_query

SAMPLE = 200
ARTICLE = 6_000  # letters of the article in which speed is told

Row = dict[str, Any]


def rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def scores(got: Counter[Any], wanted: Counter[Any]) -> str:
    right = (got & wanted).total()
    precision, recall = right / max(1, got.total()), right / max(1, wanted.total())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({wanted.total()} citations)"


def cases(path: Path) -> Iterator[tuple[str, str]]:
    """Spans and keys against the gold of sentences, negatives included."""
    spans, keys = (Counter[Any](), Counter[Any]()), (Counter[Any](), Counter[Any]())
    for case in rows(path):
        text = unicodedata.normalize("NFC", case["text"]).replace("Ð", "Đ")  # the gold's offsets are on this form
        for citation in (find_in_query if case["mode"] == "query" else find_citations)(text):
            spans[0][case["id"], citation.start, citation.end] += 1
            keys[0][case["id"], citation.kind, citation.key] += 1
        for gold in case["expect"]:
            spans[1][case["id"], gold["core_start"], gold["core_end"]] += 1
            keys[1][case["id"], gold["kind"], gold["canon"]] += 1
    yield "cases, spans", scores(*spans)
    yield "cases, keys", scores(*keys)


def plain(number: str) -> str:
    return re.sub(r"\s", "", number.replace("Ð", "Đ")).lower()


def codification(path: Path) -> Iterator[tuple[str, str]]:
    """Recall on the register's lines: its number is gold; date and issuer where the line states them."""
    found, missed, seconds = Counter[str](), Counter[str](), 0.0
    for row in rows(path):
        if not row.get("number"):
            continue
        started = time.perf_counter()
        citations = find_citations(row["cite"])
        seconds += time.perf_counter() - started
        own = [citation for citation in citations if plain(citation.key) == plain(row["number"])]
        found["lines"] += 1
        found["number"] += bool(own)
        if not own:
            missed[_why(row["number"], citations)] += 1
            continue
        stated = _stated(row)
        for fact in ("date", "issuer"):
            if fact in stated:
                found[f"{fact} stated"] += 1
                found[fact] += any(getattr(citation, fact) == stated[fact] for citation in own)
    yield (
        "codification, number",
        f"recall {found['number'] / found['lines']:.4f}  ({found['lines']:,} lines, {seconds:.0f} s)",
    )
    for why, count in missed.most_common():
        yield f"  missed: {why}", f"{count}"
    for fact in ("date", "issuer"):
        yield (
            f"codification, {fact}",
            f"recall {found[fact] / found[f'{fact} stated']:.4f}  ({found[f'{fact} stated']:,} lines state it)",
        )


def _why(number: str, citations: Iterable[Citation]) -> str:
    keys = [plain(citation.key) for citation in citations]
    if any(key.startswith(plain(number)) for key in keys):
        return "the gold ends before the number does (BNN&PTNT, BCA-BQP- TANDTC)"
    letters = re.sub(r"\W", "", plain(number))
    if any(re.sub(r"\W", "", key) == letters for key in keys):
        return "another separator (NQ.HĐTP)"
    return "not found"


def _stated(row: Row) -> dict[str, str]:
    """What the line says of its own number: "… ngày 16/06/2020 của Quốc hội, có hiệu lực …".

    A title may hold the date of another document, and the gold sometimes takes that for the line's own, or the title
    for a part of the issuer: those lines are no gold.
    """
    year, _, rest = row.get("date", "").partition("-")
    day = "/".join([*reversed(rest.split("-")), year])
    last = row["cite"].partition("có hiệu lực")[0].rpartition("ngày ")[2]
    if not last.startswith(f"{day} của "):
        return {}
    issuer = unicodedata.normalize("NFC", row.get("issuer", "")).replace("Ð", "Đ").rstrip(".")
    return {"date": row["date"], **({"issuer": issuer} if issuer in last else {})}


def silence(name: str, texts: Iterable[str]) -> tuple[str, str]:
    """Texts of another kind, which cite nothing."""
    every = list(texts)
    false = [citation.text for text in every for citation in find_citations(text)]
    return f"{name}, false", f"{len(false)}  ({sum(map(len, every)):,} letters) {' · '.join(false)}"


def speed(texts: list[str]) -> tuple[str, str]:
    letters, best = sum(map(len, texts)), float("inf")
    for _ in range(3):
        started = time.process_time()
        for text in texts:
            find_citations(text)
        best = min(best, time.process_time() - started)
    return "speed", f"{letters / ARTICLE / best:,.0f} articles of 6 kB a second on one core"


def write_sample(data: Path, target: Path) -> None:
    """Extractions beside the own number of a line, and of newspaper articles, to be checked by reading."""
    chosen: list[str] = []
    codified = [
        (row.get("cite", ""), row.get("number", "")) for row in rows(data / "retrieval/phapdien/corpus.jsonl.gz")
    ]
    news = [(row["text"], "") for row in rows(data / "articles/news_political.jsonl.gz")]
    for texts in (codified, news):
        lines: list[str] = []
        for text, own in random.Random(7).sample(texts, len(texts))[:4000]:
            further = [citation for citation in find_citations(text) if plain(citation.key) != plain(own)]
            lines += [_line(text, citation) for citation in further]
        chosen += random.Random(7).sample(lines, SAMPLE // 2)
    target.write_text("key\tdate\tissuer\tterm\tin its sentence\n" + "\n".join(chosen) + "\n", encoding="utf-8")


def _line(text: str, citation: Citation) -> str:
    before, after = text[max(0, citation.start - 50) : citation.start], text[citation.end : citation.end + 90]
    around = f"{before}[[{citation.text}]]{after}"
    return "\t".join([citation.key, citation.date, citation.issuer, citation.term, " ".join(around.split())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sample", type=Path, help="write 200 extractions here and do nothing else")
    arguments = parser.parse_args()
    data: Path = arguments.data
    if arguments.sample:
        write_sample(data, arguments.sample)
        return
    news = [row["text"] for row in rows(data / "articles/news_political.jsonl.gz")]
    table = [
        *cases(data / "language/citation_cases.jsonl"),
        *codification(data / "retrieval/phapdien/corpus.jsonl.gz"),
        silence("xquad_vi", (row["text"] for row in rows(data / "retrieval/xquad_vi/corpus.jsonl"))),
        silence("wordseg", (row["text"] for row in rows(data / "wordseg/ud_vtb_test.jsonl"))),
        speed(news),
    ]
    width = max(len(name) for name, _ in table)
    for name, value in table:
        print(f"{name:{width}}  {value}")


if __name__ == "__main__":
    main()
