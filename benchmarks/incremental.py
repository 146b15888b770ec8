"""One changed file among many: how long from the `reindex` command to an answer that shows the change.

    python benchmarks/incremental.py [--files 100000] [--syllables 250] [--folder KEPT]

Every file is an article of its own that cites one to three documents, so the registry of documents is as large as a
real one. A server stands by, as an operator's would: the clock stops when it shows the change. Three changes are
timed: a word, a citation of a known document, and an own number, which changes what other articles' citations mean.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from articles import generated

from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.query import Query
from searchapp.search.parser import parse

PER_FOLDER = 1000
KINDS = (("Nghị quyết", "NQ"), ("Chỉ thị", "CT"), ("Kết luận", "KL"), ("Kế hoạch", "KH"))
PLACES = ("Hà Nội", "Đà Nẵng", "Lam Giang", "Bến Nhỏ", "Cần Thơ")
INITIALS = ("b", "c", "ch", "d", "đ", "g", "gi", "h", "kh", "l", "m", "n", "nh", "ng", "ph", "qu", "s", "t", "th", "tr")
RHYMES = (
    "an", "àn", "ang", "ảng", "anh", "ành", "ao", "ào", "ăm", "âm", "ân", "ất", "em", "én", "ết", "iệm",
    "iên", "iết", "in", "ính", "oàn", "ong", "ô", "ộ", "ông", "ơn", "ung", "ương", "ước", "ướng",
)  # fmt: skip
SYLLABLES = [initial + rhyme for rhyme in RHYMES for initial in INITIALS]  # as text that can be Vietnamese
_OWN = re.compile(r"^(kind|number|issuer): .*\n", re.MULTILINE)
POLL = 0.02  # seconds between two looks of the server that stands by


def write(folder: Path, files: int, syllables: int) -> None:
    """The folder of articles."""
    rng = np.random.default_rng(11)
    for number, sample in enumerate(generated(files, syllables)):
        place = folder / f"{number // PER_FOLDER:04}" / f"{number:08}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        words = [SYLLABLES[int(word, 36) % len(SYLLABLES)] for word in sample.body]
        cited = ". ".join(_citation(rng) for _ in range(int(rng.integers(1, 4))))
        day = f"{sample.year}-{int(rng.integers(1, 13)):02}-{int(rng.integers(1, 29)):02}"
        head = f"---\ntitle: {' '.join(sample.title)}\ndate: {day}\nsource: Báo {number % 7}\n---\n"
        place.write_text(f"{head}\n{' '.join(words)}. Theo {cited}.\n", encoding="utf-8")


def _citation(rng: np.random.Generator) -> str:
    name, code = KINDS[int(rng.zipf(1.6)) % len(KINDS)]
    number, year = int(rng.zipf(1.3)) % 90 + 1, 2011 + int(rng.integers(14))
    place = PLACES[int(rng.integers(len(PLACES)))]
    return f"{name} số {number:02}-{code}/TU ngày 15/9/{year} của Thành ủy {place}"


def command(folder: Path, index: Path) -> float:
    """Seconds that the reindex command takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "searchapp", "reindex", str(folder), "--index", str(index)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start


def main() -> None:
    """Index, change one file again and again, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=100_000)
    options.add_argument("--syllables", type=int, default=250)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path, help="keep files and index here, and use them again")
    given = options.parse_args()
    place = given.folder or Path(tempfile.mkdtemp(prefix="incremental-"))
    corpus, index = place / "corpus", place / "index"
    if not corpus.is_dir():
        write(corpus, given.files, given.syllables)
    print(f"{given.files:,} files; the whole folder: {command(corpus, index):.1f} s")
    print(f"nothing changed: {command(corpus, index):.2f} s\n")
    live = open_engine(replace(Settings(), index=index))
    changes = {
        "a word": "mã{}",
        "a citation": "Thực hiện Chỉ thị số 05-CT/TW ngày 15/5/2016 của Bộ Chính trị, mã{}",
        "an own number": "mã{}",
    }
    print(f"{'changed':<16}{'command s':>11}{'served s':>11}")
    mark = time.time_ns() // 1000 % 1_000_000_000
    for name, added in changes.items():
        taken, served = [], []
        for round_ in range(given.rounds):
            mark += 1
            file = sorted(corpus.rglob("*.md"))[round_ * 17]
            text = file.read_text(encoding="utf-8")
            if name == "an own number":
                number = f"{100 + mark % 800}-NQ/TU"
                text = _OWN.sub("", text)  # of an earlier run on a kept folder
                text = text.replace("---\n", f"---\nkind: Nghị quyết\nnumber: {number}\nissuer: Thành ủy Hà Nội\n", 1)
            file.write_text(f"{text}\n{added.format(mark)}.\n", encoding="utf-8")
            start = time.perf_counter()
            taken.append(command(corpus, index))
            while not live().search(Query(tree=parse(f"mã{mark}").tree)).total:
                time.sleep(POLL)
            served.append(time.perf_counter() - start)
        print(f"{name:<16}{statistics.median(taken):>11.2f}{statistics.median(served):>11.2f}")


if __name__ == "__main__":
    main()
