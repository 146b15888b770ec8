"""How long a change of the themes takes beside reading the archive anew: articles are filed again, no file is read.

    python benchmarks/refile.py ROWS [--limit N] [--folder KEPT] [--count]

ROWS: a file of articles (.jsonl.gz). Each change of the archive's own themes.yaml is timed as the command runs it, by
the clock and in seconds of processor time. --count: also tell how many articles a change may concern, and so were
looked at in full. --folder: keep corpus and index there for the next call.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from searchapp.config import Settings
from searchapp.engines import open_engine
from searchapp.ingest.worker import THEMES, Filer, _loaded

FIRST = ["thẻ bạn đọc", "phục vụ bạn đọc"]
CHANGES = (
    ("a phrase that hardly any article has", [*FIRST, "kho sách hiếm"]),
    ("a phrase that some have", [*FIRST, "bảo hiểm xã hội bắt buộc"]),
    ("a phrase that many have", [*FIRST, "cơ quan nhà nước"]),
    ("all phrases are others", ["hợp đồng lao động", "người sử dụng lao động"]),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--count", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        if not (corpus := folder / "rows.jsonl").exists():
            with gzip.open(asked.rows, "rt", encoding="utf-8") as rows, corpus.open("w", encoding="utf-8") as out:
                out.writelines(islice(rows, asked.limit or None))
        toml = 'corpus = ["rows.jsonl"]\nindex = "index"\ntables = "tables"\n'
        (folder / "searchapp.toml").write_text(toml, encoding="utf-8")
        _write(folder, FIRST)
        print(*_timed(folder, "the whole archive, read anew", "--full"))
        for what, phrases in CHANGES:
            before = _live(folder)
            _write(folder, phrases)
            print(*_timed(folder, what))
            if asked.count:
                print(f"    {sum(_concerned(folder, before)):,} articles looked at in full", flush=True)


def _write(folder: Path, phrases: list[str]) -> None:
    theme = {"id": "ban-doc", "label": "Bạn đọc", "strong": phrases}
    groups = {"groups": [{"id": "thu-vien", "label": "Thư viện", "themes": [theme]}]}
    (folder / "tables" / "themes.yaml").write_text(json.dumps(groups, ensure_ascii=False), encoding="utf-8")


def _timed(folder: Path, what: str, *options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "searchapp", "reindex", "--json", *options]
    started, spent = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime
    told = json.loads(done.stdout)
    yield f"{what}: {time.monotonic() - started:.1f} s, {used:.1f} s of processor time, {told['articles']:,} articles"


def _live(folder: Path) -> Path:
    return folder / "index" / (folder / "index" / "CURRENT").read_text(encoding="utf-8").strip()


def _concerned(folder: Path, before: Path) -> Iterator[bool]:
    """Yield of every article whether its letters let a change of phrases concern it."""
    _, change = _loaded(Filer(folder / "tables", (), before / THEMES))
    engine = open_engine(Settings(index=folder / "index"))()
    keys = [key for key, _ in engine.titles()]
    for start in range(0, len(keys), 500):
        yield from (change is None or change.may_concern(one) for one in engine.articles(keys[start : start + 500]))


if __name__ == "__main__":
    main()
