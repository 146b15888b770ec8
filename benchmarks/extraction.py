"""How much of real files is read: gazette PDFs against their text, a news page against its fields, a law page.

Usage: python benchmarks/extraction.py FILES, the folder with office/, html/ and expected.jsonl. Prints tables. Where
the official codification lies beside FILES (retrieval/phapdien), the law page is held against its articles of that law.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from searchapp.article import Record
from searchapp.readers import read

FACTS = {"number": "number", "type": "kind", "issuer": "issuer", "date": "date", "title": "title"}
# Page headers and the stamp of the electronic signature are no part of a document.
RUNNING = re.compile(r"^(?: *\d* *CÔNG BÁO/Số|Người ký:|Email:|Cơ quan:|Thời gian ký:|\d+ *$|[_ ]+$).*$", re.MULTILINE)

NUMBERED = re.compile(r"\((Điều \d+\w*)")


def syllables(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())


def in_order(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Share of neighbouring pairs that are neighbours in the text read."""
    pairs = Counter(pairwise(found))
    gold = Counter(pairwise(wanted))
    return (pairs & gold).total() / max(1, gold.total())


def record_of(path: Path) -> tuple[Record | None, str, float]:
    start = time.perf_counter()
    item = next(iter(read(path, name=path.name)))
    seconds = time.perf_counter() - start
    return (item, "", seconds) if isinstance(item, Record) else (None, item.reason, seconds)


def compared(path: Path, gold: str) -> str:
    record, reason, seconds = record_of(path)
    if record is None:
        return f"{path.name[:44]:44} {reason}"
    wanted, found = syllables(gold), syllables(record.text)
    both = (Counter(wanted) & Counter(found)).total()
    return (
        f"{path.name[:44]:44} {both / len(wanted):7.1%} {1 - both / len(found):7.1%} "
        f"{in_order(wanted, found):7.1%} {seconds:6.2f} s"
    )


def facts(folder: Path) -> Iterator[str]:
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        record, reason, _ = record_of(folder / row["file"])
        name = Path(row["file"]).name[:44]
        if "skip" in row:
            yield f"{name:44} {'ok: ' + reason if record is None else 'NOT SKIPPED'}"
        elif record is None:
            yield f"{name:44} SKIPPED: {reason}"
        else:
            told = {**row, "title": row.get("called", row["title"])}  # laws are called "Luật X"
            wrong = [fact for fact, key in FACTS.items() if getattr(record, key) != told[fact]]
            yield f"{name:44} {'ok' if not wrong else 'WRONG: ' + ', '.join(wrong)}"


def news(folder: Path) -> Iterator[str]:
    """The news page: its paragraphs, then its fields."""
    expected = json.loads((folder / "VnExpress_expected.json").read_text(encoding="utf-8"))["V1"]
    body = expected["body"]
    paragraphs = body["summary"] + [p for section in body["sections"] for p in section["paragraphs"]]
    page = folder / "vnexpress_article_2025-10-22.html"
    yield compared(page, "\n".join(paragraphs))
    record, _, _ = record_of(page)
    fields = {"title": expected["title"], "date": expected["publishing_date"][:10], "author": expected["authors"][0]}
    wrong = [name for name, value in fields.items() if not getattr(record, name, "").startswith(value)]
    missing = [p for p in paragraphs if record is None or p not in record.text]
    yield f"  title, date, author: {'ok' if not wrong else 'WRONG: ' + ', '.join(wrong)}; paragraphs missing: {missing}"


def law(page: Path, codification: Path) -> Iterator[str]:
    """The law page: how many of its articles there are; its text against that of the same law in the codification."""
    record, reason, _ = record_of(page)
    if record is None:
        yield f"{page.name[:44]:44} {reason}"
        return
    if codification.is_file():
        with gzip.open(codification, "rt", encoding="utf-8") as file:
            rows = [
                row for line in file if record.number in line and (row := json.loads(line))["number"] == record.number
            ]
        said = ((NUMBERED.match(row["cite"]), row) for row in rows)
        gold = "\n".join(f"{named[1] if named else ''}. {row['title']}\n{row['text']}" for named, row in said)
        yield compared(page, gold)
        known = " ".join(syllables(gold))
        others = [line for line in record.text.split("\n") if " ".join(syllables(line)) not in known]
        yield f"  lines that are in none of the {len(rows)} articles: {'; '.join(others)}"
    articles = [line for line in record.text.split("\n") if line.startswith("Điều ")]
    yield f"  {len(articles)} articles, {len(record.text):,} characters"


def main(folder: Path) -> None:
    print(f"{'text':44} {'found':>7} {'noise':>7} {'order':>7} {'time':>8}")
    for gold in sorted((folder / "office" / "text").glob("*.txt")):
        text = RUNNING.sub("", gold.read_text(encoding="utf-8"))
        print(compared(folder / "office" / f"{gold.stem}.pdf", text))
    print("\n".join(news(folder / "html")))
    codification = folder.parent / "retrieval" / "phapdien" / "corpus.jsonl.gz"
    print("\n".join(law(folder / "html" / "cybersecurity-law-2018.html", codification)))
    print("\nnumber, type, issuer, date, title")
    print("\n".join(facts(folder)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
