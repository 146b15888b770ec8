"""How well articles are filed under themes, on 200 newspaper articles filed by hand: tests/cases/theme_gold.md.

    python benchmarks/themes.py ../shared/data [--tables FOLDER] [--wrong]

precision: labels that are in `main` or `also`; recall: `main` that is found; wrong: share of articles with a theme
that is in neither. The first half was looked at while the rules were made, the second was not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from searchapp import themes
from searchapp.article import Record
from searchapp.citations.find import find_citations
from searchapp.ingest.analysis import article, cut
from searchapp.themes import Themes

GOLD: Final = Path(__file__).parent.parent / "tests" / "cases" / "theme_gold.tsv"


@dataclass(frozen=True, slots=True)
class Article:
    """What themes are read from: search keys of title and body, keys of what is cited; and the texts."""

    title: Sequence[str]
    body: Sequence[str]
    cited: Sequence[str]
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a person filed an article: its row, the themes it belongs to, and those that are not wrong."""

    row: int
    hash: str
    main: frozenset[str]
    also: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float
    wrong: float
    labels: float

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f}, recall {self.recall:.3f}, "
            f"articles with a wrong theme {self.wrong:.0%}, {self.labels:.2f} themes an article"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="../shared/data")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong or missing in the first half")
    options = parser.parse_args()
    gold, rules = filed(GOLD), themes.load()
    rows = {one.row for one in gold}
    archive = articles(options.data, rows)
    started = time.perf_counter()
    found = {row: rules.assign(a.title, a.body, a.cited) for row, a in enumerate(archive) if row in rows}
    spent = time.perf_counter() - started
    print("first half: ", score(gold[::2], found))
    print("second half:", score(gold[1::2], found))
    print(f"all:         {score(gold, found)}; {len(rows) / spent:,.0f} articles a second")
    for one in gold[::2] if options.wrong else ():
        wrong, missing = set(found[one.row]) - one.main - one.also, one.main - set(found[one.row])
        if wrong or missing:
            print(f"{one.row} {archive[one.row].heading[:80]}: wrong {sorted(wrong)}, missing {sorted(missing)}")


def score(gold: Sequence[Filed], found: dict[int, tuple[str, ...]]) -> Score:
    """Micro precision and recall, the share of articles with a wrong theme, and labels an article."""
    given = sum(len(found[one.row]) for one in gold)
    right = sum(len(set(found[one.row]) & (one.main | one.also)) for one in gold)
    met = sum(len(set(found[one.row]) & one.main) for one in gold)
    wrong = sum(bool(set(found[one.row]) - one.main - one.also) for one in gold)
    return Score(right / max(1, given), met / sum(len(one.main) for one in gold), wrong / len(gold), given / len(gold))


def filed(table: Path) -> list[Filed]:
    """The rows of a table of articles filed by hand."""
    with table.open(encoding="utf-8", newline="") as lines:
        return [
            Filed(int(row["row"]), row["hash"], _set(row["main"]), _set(row["also"]))
            for row in csv.DictReader(lines, delimiter="\t")
        ]


def _set(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split("|")))


def articles(data: Path, rows: set[int] | None = None) -> list[Article]:
    """The newspaper articles as they are read for themes; those outside `rows` empty."""
    file = data / "articles" / "news_political.jsonl.gz"
    found = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            wanted = rows is None or number in rows
            found.append(_read(json.loads(line)) if wanted else Article((), (), (), "", ""))
    return found


def _read(row: dict[str, str]) -> Article:
    read = article(Record(path=row["id"], title=row["title"], text=row["text"]), Themes({"groups": []}, {}))
    cited = [one for one in read.citations if one.end <= len(read.text)]
    in_title = find_citations(read.title)
    return Article(
        cut(read.title, in_title).keys,
        cut(read.text, cited).keys,
        [one.key for one in (*cited, *in_title)],
        read.title,
        read.text,
    )


def is_same(one: Filed, text: str) -> bool:
    """Whether an article's text is the one that was filed."""
    return hashlib.sha256(text.encode()).hexdigest()[:12] == one.hash


if __name__ == "__main__":
    main()
