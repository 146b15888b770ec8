"""How well citations are found: cases with gold, the numbers of the codification, texts that cite nothing, speed.

Usage: python benchmarks/citations.py [DATA] [--sample FILE]. DATA holds language/, retrieval/, wordseg/, articles/ and
files/ (default: ../shared/data). Prints one table; --sample writes 200 extractions to be checked by reading.
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

from searchapp.article import Citation, Facts, Record
from searchapp.citations.find import find_citations, find_in_query
from searchapp.citations.resolve import build
from searchapp.citations.resolve.mention import statements_of
from searchapp.readers import read

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


def table(path: Path) -> Iterator[tuple[str, str]]:
    """Keys, and keys with all that is said beside them, against the table of the project's own cases."""
    keys, facts = (Counter[Any](), Counter[Any]()), (Counter[Any](), Counter[Any]())
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:]):
        mode, text, expected = line.split("\t")
        found = (find_in_query if mode == "query" else find_citations)(text.replace("\\n", "\n"))
        got = [(c.key, c.date, c.issuer, c.place, c.term) for c in found]
        wanted = [tuple(fact.strip() for fact in one.split(";")) for one in expected.split("|") if one]
        for side, rows_ in ((0, got), (1, wanted)):
            keys[side].update((at, row[0]) for row in rows_)
            facts[side].update((at, *row) for row in rows_)
    yield "own cases, keys", scores(*keys)
    yield "own cases, with date, issuer, place, term", scores(*facts)


# What a number looks like whose hyphen was lost: "NĐCP" for "NĐ-CP".
LOST = re.compile(r"\d/(?:\d{4}/)?(?:NĐCP|QĐTTg|TTB[A-ZĐ]{1,8}|QĐUBND|NQHĐND|QĐB[A-ZĐ]{1,8})(?!\w)")


def gazette(folder: Path) -> Iterator[tuple[str, str]]:
    """How many numbers the gazette's files cite, and how many of those are lost that stand there."""
    found, unread, files = Counter[str](), 0, 0
    for path in sorted(folder.glob("*.pdf")):
        for item in read(path, name=path.name):
            if isinstance(item, Record):
                files += 1
                spans = [(c.start, c.end) for c in find_citations(item.text)]
                found.update(c.kind for c in find_citations(item.text))
                lost = [m.start() for m in LOST.finditer(item.text)]
                unread += sum(not any(start <= at < end for start, end in spans) for at in lost)
    yield (
        "gazette",
        f"{found.total():,} citations in {files} files ({dict(found)}), {unread} numbers without a hyphen lost",
    )


def resolved(texts: list[str]) -> tuple[str, str]:
    """How many citations of articles without a day mean one document, by rule."""
    articles = [Facts(key=str(at), id=str(at), citations=tuple(find_citations(text))) for at, text in enumerate(texts)]
    registry = build((said for article in articles for said in statements_of(article)), {})
    how = Counter(c.how if c.document else "open" for article in articles for c in registry.resolve(article))
    told = ", ".join(f"{name} {count:,}" for name, count in how.most_common())
    return "news, resolved", f"{how.total() - how['open']:,} of {how.total():,} ({told})"


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
    lines = [
        *cases(data / "language/citation_cases.jsonl"),
        *table(Path(__file__).parents[1] / "tests/cases/citations.tsv"),
        *codification(data / "retrieval/phapdien/corpus.jsonl.gz"),
        silence("xquad_vi", (row["text"] for row in rows(data / "retrieval/xquad_vi/corpus.jsonl"))),
        silence("wordseg", (row["text"] for row in rows(data / "wordseg/ud_vtb_test.jsonl"))),
        *gazette(data / "files/gazette"),
        resolved(news),
        speed(news),
    ]
    width = max(len(name) for name, _ in lines)
    for name, value in lines:
        print(f"{name:{width}}  {value}")


if __name__ == "__main__":
    main()
