"""How well scans are read: pages of gazette PDFs rendered as pictures, clean and damaged, against their own text.

Usage: python benchmarks/ocr.py DATA [--dpi 200 …] [--damage 0 1 2] [--pages N …] [--known N] [--jobs N] [--json]

DATA: the folder with files/gazette and retrieval/phapdien; the codification is the archive that mends, without the
documents that are read. damage 1: turned by up to 0.6°, blurred, noise, JPEG; 2: twice as much. --pages: so many pages,
evenly spread, for each damage in order. --known: every so manieth article of the codification is enough to mend by.
Syllables are compared as bags, page furniture left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageFilter

from searchapp.article import Record
from searchapp.dates import parse_date
from searchapp.ingest import article
from searchapp.readers import pdf
from searchapp.readers.scans import language
from searchapp.readers.scans.composing import composed
from searchapp.readers.scans.language import Language
from searchapp.readers.scans.readings import Readings, WaitingPage, digest_of, read_pages
from searchapp.readers.scans.resolving import recognised
from searchapp.text.normalize import fold, normalize
from searchapp.text.syllables import canon_syllable
from searchapp.themes import load as load_themes

LETTERS = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+[\w.]*(?:/\d{4})?[/-][A-ZĐ][\w/-]+")
SURE = 0.6
TURN, BLUR, NOISE, QUALITY = 0.6, 0.7, 8.0, 55


@dataclass(frozen=True)
class Page:
    """One page to read: its file, its number, the lines of its text layer."""

    file: Path
    number: int
    lines: list[str]


def pages(folder: Path, limit: int) -> list[Page]:
    """The pages of all files, or so many of them, evenly spread."""
    found = []
    for file in sorted(folder.glob("*.pdf")):
        opened = pypdfium2.PdfDocument(file)
        texts = [opened[n].get_textpage().get_text_bounded().replace("\x02", "-") for n in range(len(opened))]
        layers = [[" ".join(normalize(line).split()) for line in text.splitlines() if line.strip()] for text in texts]
        found += [Page(file, n, lines) for n, lines in enumerate(pdf.without_running(layers))]
    if not limit or limit >= len(found):
        return found
    return [found[round(n * (len(found) - 1) / (limit - 1))] for n in range(limit)]


def picture(page: Page, dpi: int, damage: int) -> bytes:
    """The page as a scanner would give it."""
    shown = pypdfium2.PdfDocument(page.file)[page.number].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    written = BytesIO()
    if not damage:
        shown.save(written, "PNG", dpi=(dpi, dpi), compress_level=1)
        return written.getvalue()
    random = np.random.default_rng([page.number, len(page.file.name)])
    angle = float(random.uniform(-TURN, TURN)) * damage
    turned = shown.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = np.asarray(turned.filter(ImageFilter.GaussianBlur(BLUR * damage * dpi / 200))).astype(np.float32)
    noisy = blurred * 0.92 + 12 + random.normal(0, NOISE * damage, blurred.shape)
    damaged = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    damaged.save(written, "JPEG", quality=QUALITY // damage, dpi=(dpi, dpi))
    return written.getvalue()


def archive(data: Path, every: int = 1) -> Language:
    """What the codification writes, or every so manieth article of it, without the documents that are measured."""
    said = [json.loads(line) for line in (data / "files/gazette/expected.jsonl").open(encoding="utf-8")]
    measured = {row.get("number") for row in said}

    def texts() -> Iterator[str]:
        with gzip.open(data / "retrieval/phapdien/corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
            for line in islice(stream, 0, None, every):
                row = json.loads(line)
                if row.get("number") not in measured:
                    yield f"{row['title']}\n{row['text']}"

    return language.counted(texts())


def syllables(lines: list[str]) -> Counter[str]:
    return Counter(canon_syllable(one.lower()) for line in lines for one in LETTERS.findall(line))


def folded(bag: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one, count in bag.items():
        found[fold(one)] += count
    return found


def share(found: Counter[str], wanted: Counter[str]) -> float:
    return (found & wanted).total() / max(1, wanted.total())


def measured(
    chosen: list[Page], dpi: int, damage: int, known: Language, gold: dict[str, Any], jobs: int
) -> dict[str, Any]:
    """The figures of all pages at one resolution and damage."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Readings(Path(folder))
        tasks = []
        for page in chosen:
            data = picture(page, dpi, damage)
            tasks.append(WaitingPage(data, digest_of(data), page.file.name, "0"))
        started = time.monotonic()
        read_pages(tasks, len(tasks), kept, jobs=jobs)
        seconds = time.monotonic() - started
        read = {
            (page.file, page.number): kept.page(task.file, "0") or [] for page, task in zip(chosen, tasks, strict=True)
        }
    bags = {name: Counter[str]() for name in ("wanted", "read", "mended")}
    counts: Counter[str] = Counter()
    for file in dict.fromkeys(page.file for page in chosen):
        of_file = [page for page in chosen if page.file == file]
        sheets = [read[page.file, page.number] for page in of_file]
        lines = composed(sheets, known)
        wanted = [line for page in of_file for line in page.lines]
        bags["wanted"] += syllables(wanted)
        bags["read"] += syllables([" ".join(piece.read for piece in line) for line in lines])
        bags["mended"] += syllables([" ".join(piece.text for piece in line) for line in lines])
        counts += numbers(wanted, _record(recognised(file.name, sheets, known)))
        if len(of_file) == len(pypdfium2.PdfDocument(file)):
            counts += facts(_record(recognised(file.name, sheets, known)), gold.get(file.name, {}))
    wanted_bag = bags["wanted"]
    return {
        "dpi": dpi, "damage": damage, "pages": len(chosen), "syllables": wanted_bag.total(),
        "read": share(bags["read"], wanted_bag), "mended": share(bags["mended"], wanted_bag),
        "right": share(wanted_bag, bags["mended"]),
        "without_accents": share(folded(bags["mended"]), folded(wanted_bag)),
        "numbers": counts["found"] / max(1, counts["numbers"]),
        "sure_numbers": counts["sure"], "sure_wrong": counts["wrong"] / max(1, counts["sure"]),
        **{f"heading_{name}": counts[name] / max(1, counts[f"{name} asked"]) for name in ("number", "date")},
        **{f"heading_{name}_wrong": counts[f"{name} wrong"] for name in ("number", "date")},
        "seconds": seconds * jobs / len(chosen),
    }  # fmt: skip


def _record(items: Iterable[object]) -> object:
    """The record among what was read; notes may stand before it."""
    return next((one for one in items if isinstance(one, Record)), None)


def numbers(wanted: list[str], record: object) -> Counter[str]:
    """How many document numbers of the text layer were read, and how many of the sure ones are none of it."""
    joined = re.sub(r"([/-])\s*\n\s*", r"\1", "\n".join(wanted))
    gold = Counter(NUMBER.findall(joined))
    if not isinstance(record, Record):
        return Counter(numbers=gold.total())
    text = re.sub(r"([/-])\s+", r"\1", record.text)
    squeezed = re.sub(r"\s", "", joined)
    cited = [one for one in article(record, load_themes()).citations if one.kind in ("number", "lawno")]
    sure = [one for one in cited if not one.doubtful and one.end <= len(record.text)]
    # The name of a law before its number may be misread: that is no wrong number.
    said = [re.sub(r"\s", "", "".join(NUMBER.findall(one.text)[-1:]) or one.text) for one in sure]
    wrong = [one for one in said if one not in squeezed]
    found = (gold & Counter(NUMBER.findall(text))).total()
    return Counter(numbers=gold.total(), found=found, sure=len(sure), wrong=len(wrong))


def facts(record: object, gold: dict[str, Any]) -> Counter[str]:
    """Whether the heading says number and day as they are; empty is not wrong."""
    counts: Counter[str] = Counter()
    for name in ("number", "date"):
        if wanted := gold.get(name):
            found = getattr(record, name, "")
            found = parse_date(found) if name == "date" else found
            counts[f"{name} asked"] += 1
            counts[name] += found == wanted
            counts[f"{name} wrong"] += bool(found) and found != wanted
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--dpi", type=int, nargs="+", default=[200])
    parser.add_argument("--damage", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--pages", type=int, nargs="+", default=[0])
    parser.add_argument("--known", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    known = archive(asked.data, asked.known)
    with (asked.data / "files/gazette/expected.jsonl").open(encoding="utf-8") as stream:
        gold = {Path(row["file"]).name: row for row in map(json.loads, stream)}
    chosen = [pages(asked.data / "files/gazette", count) for count in asked.pages]
    for dpi in asked.dpi:
        for damage, of_damage in zip(asked.damage, cycle(chosen), strict=False):
            row = measured(of_damage, dpi, damage, known, gold, asked.jobs)
            if asked.json:
                print(json.dumps(row), flush=True)
            else:
                print(
                    "  ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()),
                    flush=True,
                )


if __name__ == "__main__":
    main()
