"""How much of real files is read: gazette PDFs against their text, a news page against its fields, a law page.

Usage: python benchmarks/extraction.py FILES, the folder with office/, html/ and expected.jsonl. Prints one table.
"""

from __future__ import annotations

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
            wrong = [fact for fact, key in FACTS.items() if getattr(record, key) != row[fact]]
            yield f"{name:44} {'ok' if not wrong else 'WRONG: ' + ', '.join(wrong)}"


def main(folder: Path) -> None:
    print(f"{'text':44} {'found':>7} {'noise':>7} {'order':>7} {'time':>8}")
    for gold in sorted((folder / "office" / "text").glob("*.txt")):
        text = RUNNING.sub("", gold.read_text(encoding="utf-8"))
        print(compared(folder / "office" / f"{gold.stem}.pdf", text))
    expected = json.loads((folder / "html" / "VnExpress_expected.json").read_text(encoding="utf-8"))["V1"]["body"]
    paragraphs = expected["summary"] + [p for section in expected["sections"] for p in section["paragraphs"]]
    print(compared(folder / "html" / "vnexpress_article_2025-10-22.html", "\n".join(paragraphs)))
    law, _, _ = record_of(folder / "html" / "cybersecurity-law-2018.html")
    articles = [line for line in law.text.split("\n") if line.startswith("Điều ")] if law else []
    print(f"\nlaw page: {len(articles)} of 43 articles, {len(law.text) if law else 0:,} characters")
    print("\nnumber, type, issuer, date, title")
    print("\n".join(facts(folder)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
