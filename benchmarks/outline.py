"""How many Điều the outline finds, in gazette PDFs and in texts joined from the official codification.

Usage: python benchmarks/outline.py DATA, the folder with files/gazette/ and retrieval/phapdien/. A document of the
codification is joined from its articles, with chapters where their addresses name them; of its Điều the share is told
that is found, with the same title, and how many stand in the body that are none. The register line of each article
is gold for the provision that its citation names. The longest documents are opened at their Điều.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

from searchapp.article import Record
from searchapp.citations.find import find_citations
from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.outline import pack, split, title, unpack
from searchapp.readers import read
from searchapp.web import create_app

NUMBERED = re.compile(r"\((?:Khoản \d+ )?Điều (\d+[a-zđ]?)\b")
CHAPTERS = re.compile(r"(Phan|Chuong|Muc)_([\dIVXLC]+)")
NAMES = {"Phan": "Phần", "Chuong": "Chương", "Muc": "Mục"}


@dataclass
class Tally:
    wanted: int = 0
    found: int = 0
    titled: int = 0
    extra: int = 0
    twice: int = 0
    chars: int = 0
    seconds: float = 0.0
    nodes: int = 0
    packed: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.wanted:,} Điều: found {self.found / self.wanted:.2%}, title right {self.titled / self.wanted:.2%}, "
            f"too many {self.extra}, twice {self.twice}; {self.chars / self.seconds / 1e6:.1f} M characters a second, "
            f"{self.packed / self.nodes:.1f} bytes a node"
        )


def gazette(folder: Path) -> None:
    wanted = found = right = 0
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        item = next(iter(read(folder.parent / row["file"], name=row["file"])))
        if not isinstance(item, Record) or "provisions" not in row:
            continue
        body = [node for node in split(item.text) if node.kind == "dieu" and node.id.startswith("dieu-")]
        wanted += row["provisions"]
        found += min(len(body), row["provisions"])
        right += len(body) == row["provisions"]
        if len(body) != row["provisions"]:
            print(f"  {row['file']}: {len(body)} for {row['provisions']}")
    print(f"gazette: {found} of {wanted} Điều, {right} files right")


def joined(path: Path) -> dict[str, list[dict[str, Any]]]:
    documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row.get("number") and (number := NUMBERED.match(row.get("cite", ""))):
                documents[row["number"]].append({**row, "article": number[1]})
    return documents


def text_of(rows: list[dict[str, Any]]) -> tuple[str, dict[str, str]]:
    """A document as its gazette would print it, and the titles of its Điều."""
    lines, titles, place = [], {}, []
    for row in sorted(rows, key=lambda row: (int(re.match(r"\d+", row["article"])[0]), row["article"])):
        if row["article"] in titles:
            continue
        now = CHAPTERS.findall(row.get("url", "").rpartition("#")[2])
        lines += [f"{NAMES[kind]} {number}" for kind, number in now if (kind, number) not in place]
        place = now
        titles[row["article"]] = row["title"]
        lines += [f"Điều {row['article']}. {row['title']}", row["text"]]
    return "\n".join(lines), titles


def codification(path: Path) -> None:
    tally = Tally()
    for number, rows in joined(path).items():
        text, titles = text_of(rows)
        if len(titles) < 4:
            continue
        start = time.perf_counter()
        outline = split(text)
        tally.seconds += time.perf_counter() - start
        packed = pack(outline)
        assert unpack(packed) == outline, number
        nodes = [node for node in outline if node.kind == "dieu"]
        own = {node.number: node for node in reversed(nodes)}
        found = titles.keys() & own.keys()
        tally.wanted += len(titles)
        tally.found += len(found)
        tally.titled += sum(title(text, own[each]) == " ".join(titles[each].split()).strip(" .:*_") for each in found)
        tally.extra += len(own.keys() - titles.keys())
        tally.twice += len(nodes) - len(own)
        tally.chars += len(text)
        tally.nodes += len(outline)
        tally.packed += len(packed)
        if len(found) != len(titles) or len(nodes) != len(titles):
            missing, more = sorted(titles.keys() - own.keys())[:6], sorted(own.keys() - titles.keys())[:6]
            tally.wrong.append(f"  {number}: {len(found)} of {len(titles)}, missing {missing}, too many {more}")
    print(f"codification: {tally}")
    print("\n".join(sorted(tally.wrong)[:25]), len(tally.wrong))


def pinpoints(path: Path) -> None:
    """The register line of each article names itself: "(Điều 1 Luật số 57/2020/QH14 …"."""
    wanted = named = right = 0
    start = time.perf_counter()
    for number, rows in joined(path).items():
        for row in rows:
            wanted += 1
            own = next((found for found in find_citations(row["cite"]) if found.pinpoint), None)
            named += own is not None
            right += own is not None and own.key == number and own.pinpoint[0].split("/")[0] == row["article"]
    seconds = time.perf_counter() - start
    shares = f"precision {right / named:.3f}, exact {right / wanted:.3f}"
    print(f"pinpoints of {wanted:,} register lines: {shares}, {seconds:.0f} s")


OPENED = 6
"""The number of joined documents that are opened, the longest first."""
EVERY = 7
"""One of so many Điều is asked for."""


def opened(path: Path) -> None:
    """Open each Điều of the longest documents by its address: processor time with the redirect, size, right place."""
    whole = {number: (*text_of(rows), rows[0]) for number, rows in joined(path).items() if "QH" in number}
    longest = sorted(whole, key=lambda number: -len(whole[number][0]))[:OPENED]
    with tempfile.TemporaryDirectory() as folder:
        names = ("number", "kind", "issuer", "date")
        rows = [
            {"id": number, "title": first["document_title"], "text": text, **{name: first[name] for name in names}}
            for number, (text, _, first) in whole.items()
            if number in longest
        ]
        corpus = Path(folder, "laws.jsonl")
        corpus.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        settings = Settings(index=Path(folder, "index"))
        reindex([corpus], settings.index, settings, jobs=1)
        client = create_app(settings).test_client()
        for number in longest:
            text, titles, first = whole[number]
            slug = client.get("/api/v1/documents", query_string={"q": number}).get_json()["documents"][0]["id"]
            times, sizes, right = [], [], 0
            for each, name in list(titles.items())[::EVERY]:
                start = time.process_time()
                answer = client.get(f"/van-ban/{slug}/dieu-{each}", follow_redirects=True)
                times.append(time.process_time() - start)
                sizes.append(len(gzip.compress(answer.data)))
                place = unescape(answer.text).partition(f'id="dieu-{each}"')[2][:4000]
                right += " ".join(name.split())[:40] in " ".join(re.sub(r"<[^>]+>", "", place).split())
            print(
                f"{number} {first['document_title']}, {len(text) / 1000:,.0f} kB: {right} of {len(times)} Điều at "
                f"their place; {median(times):.3f} s, at most {max(times):.3f} s of processor; "
                f"{max(sizes) / 1000:.1f} kB gzipped at most"
            )


if __name__ == "__main__":
    data = Path(sys.argv[1])
    gazette(data / "files" / "gazette")
    codification(data / "retrieval" / "phapdien" / "corpus.jsonl.gz")
    pinpoints(data / "retrieval" / "phapdien" / "corpus.jsonl.gz")
    opened(data / "retrieval" / "phapdien" / "corpus.jsonl.gz")
