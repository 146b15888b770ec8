"""What `searchapp serve` holds: mixed requests over loopback from 1, 8 and 32 clients, quiet and while it is reindexed.

    python benchmarks/load.py [--index FOLDER | --articles 60000] [--seconds 60] [--clients 1,8,32] [--queries FILE]

The index is copied first (hard links where the disk has them), so that the one given stays as it is. While it is
reindexed, `searchapp reindex --add` changes a few articles again and again, and each run publishes a generation.
Last, one visitor asks the same mixture while four clients ask the dearest queries that the limits allow.
--queries: real questions, one JSON object a line with its "text"; they are asked as pages and data, each narrowed by
what the facets of its answer offer, instead of a few words again and again.
Prints one row a stage: requests a second, percentiles in milliseconds, answers that were no 200, generations seen, and
of all workers together the memory that is their own (RssAnon) and the open files, before, at each quarter, and after.
Ends with 1 when anything failed. The clients are threads of this process and share its cores with the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import quote

from articles import generated

ROOT = Path(__file__).parents[1]
READY_SECONDS = 120
QUARTERS = 4
SYLLABLES = 250
SEEN = 60  # questions whose answers are looked into for what to ask next
NEW_ARTICLES = 20  # of one reindex under load
WORDS = (
    "nghị quyết", "dang bo", "công tác dân vận", '"cải cách hành chính"', "05-NQ/TU", "đào tạo nghề", "tuyên*", "mttq",
    "phòng chống dịch", "thành phố hồ chí minh", "xây dựng đảng -quận", "giáo dục OR y tế", "ban chấp hành",
    "quyền và nghĩa vụ của công dân", "hồ sơ cấp giấy phép",
)  # fmt: skip


SYLLABLES_ALLOWED = " ".join(" ".join(WORDS).replace('"', "").split()[:60])
DEAREST = (
    SYLLABLES_ALLOWED,
    " ".join(f'"{" ".join(SYLLABLES_ALLOWED.split()[first:first + 16])}"' for first in range(0, 48, 16)),
    *(" ".join(f"{first}{second}*" for first in letters for second in "aeiou") for letters in ("bcdgh", "klmnt")),
    *(f"{first} OR {second}" for first in ("nh*", "th*", "tr*", "kh*") for second in ("ng*", "ch*", "ph*", "qu*")),
)  # fmt: skip


@dataclass
class Stage:
    """What one stage saw; milliseconds of every answer, statuses and generations."""

    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Use:
    """What the workers of a server hold: memory of their own in MB, and open files."""

    memory: float
    files: int

    @classmethod
    def of(cls, server: int) -> Use:
        """Of all workers of this server together."""
        workers = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
        lines = [line for pid in workers for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        own = sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
        return cls(own / 1024, sum(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) for pid in workers))


def main() -> None:
    """Serve, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--index", type=Path, help="an index to serve; default: one of generated articles")
    options.add_argument("--articles", type=int, default=60_000)
    options.add_argument("--queries", type=Path, help="real questions to ask")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--clients", default="1,8,32")
    options.add_argument("--only", choices=("quiet", "reindex"), help="one kind of stage; default: both")
    given = options.parse_args()
    home = given.index.resolve().parent if given.index else None
    with tempfile.TemporaryDirectory(prefix="load-", dir=home) as name:
        folder = Path(name)
        index = _copied(given.index, folder) if given.index else _generated(given.articles, folder)
        bad = _measured(index, folder, given)
    sys.exit(1 if bad else 0)


def _measured(index: Path, folder: Path, given: argparse.Namespace) -> int:
    bad = 0
    print(
        f"{'clients':>7}  {'reindex':<8}{'requests':>9}{'a second':>9}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}"
        f"{'failed':>7}{'generations':>12}  {'memory MB':<22}{'files':<16}"
    )
    with _server(index) as (port, pid):
        urls = _mixture(port, _questions(given.queries))
        _ask(port, urls, 4, 5)  # warm
        for reindexed in (False, True):
            if given.only and (given.only == "reindex") is not reindexed:
                continue
            for clients in map(int, given.clients.split(",")):
                with (
                    _reindexing(index, folder) if reindexed else _nothing() as runs,
                    _watched(pid, given.seconds) as use,
                ):
                    stage = _ask(port, urls, clients, given.seconds)
                bad += len(stage.failed) + runs.count(False)
                _print(clients, reindexed, stage, given.seconds, use)
                for line in stage.failed[:5]:
                    print(f"  {line}")
        if not given.only:
            bad += _beside_the_dearest(port, pid, urls, given.seconds)
    return bad


def _beside_the_dearest(port: int, pid: int, urls: list[str], seconds: float) -> int:
    dear = [f"/api/v1/search?q={quote(words)}" for words in DEAREST]
    dear = [url for url in dear if _status(port, url) == 200]
    asked: list[Stage] = []
    others = threading.Thread(target=lambda: asked.append(_ask(port, dear, 4, seconds)))
    with _watched(pid, seconds) as use:
        others.start()
        stage = _ask(port, urls, 1, seconds)
        others.join()
    print(f"\none visitor beside four clients that ask {len(dear)} of the dearest queries:")
    _print(1, False, stage, seconds, use)
    print("those four:")
    _print(4, False, asked[0], seconds, use)
    return len(stage.failed) + len(asked[0].failed)


@contextmanager
def _watched(pid: int, seconds: float) -> Iterator[list[Use]]:
    """What the workers hold before, at each quarter of the time, and after."""
    use = [Use.of(pid)]
    with _again_and_again(lambda: use.append(Use.of(pid)), every=seconds / QUARTERS):
        yield use
    use[QUARTERS:] = [Use.of(pid)]


@contextmanager
def _again_and_again(do: Callable[[], None], every: float) -> Iterator[None]:
    """Do something beside the block, each time after so many seconds, until it ends."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every):
            do()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _print(clients: int, reindexed: bool, stage: Stage, seconds: float, use: list[Use]) -> None:
    cuts = quantiles(stage.times, n=100)
    memory = " ".join(f"{one.memory:.0f}" for one in use)
    files = " ".join(f"{one.files}" for one in use)
    print(
        f"{clients:>7}  {'running' if reindexed else 'none':<8}{len(stage.times):>9}{len(stage.times) / seconds:>9.1f}"
        f"{cuts[49]:>8.1f}{cuts[94]:>8.1f}{cuts[98]:>8.1f}{len(stage.failed):>7}{len(stage.generations):>12}"
        f"  {memory:<22}{files:<16}",
        flush=True,
    )


def _ask(port: int, urls: list[str], clients: int, seconds: float) -> Stage:
    """Each client asks one thing after the other on a connection that it keeps, and opens a new one when told to."""
    stage, end = Stage(), time.monotonic() + seconds

    def client(number: int) -> None:
        draw = random.Random(number)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            url = draw.choice(urls)
            started = time.perf_counter()
            try:
                line.request("GET", url, headers={"Accept-Encoding": "gzip"})
                answer = line.getresponse()
                answer.read()
                stage.times.append((time.perf_counter() - started) * 1000)
                stage.generations.add((answer.getheader("ETag") or "").split(".")[0])
                if answer.status != 200:
                    stage.failed.append(f"{answer.status} {url}")
            except (OSError, http.client.HTTPException) as error:
                stage.failed.append(f"{error!r} {url}")
                line.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.generations.discard("")
    return stage


def _questions(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return WORDS
    with file.open(encoding="utf-8") as lines:
        return tuple(str(json.loads(line)["text"]) for line in lines)


def _mixture(port: int, asked: tuple[str, ...]) -> list[str]:
    """Addresses as visitors ask for them: half of them pages of results, the others suggestions, data, articles."""
    some = asked[:: max(1, len(asked) // SEEN)]  # an article and a facet of each are asked for too
    found = [json.loads(_get(port, f"/api/v1/search?q={quote(words)}")) for words in some]
    articles = [hit["url"] for answer in found for hit in answer["results"][:3]]
    narrowed = [_narrowed(answer) for answer in found]
    pages = [f"/tim-kiem?q={quote(words)}" for words in asked]
    pages += [f"/tim-kiem?q={quote(words)}&sap_xep=moi-nhat&trang=2" for words in some[:5]]
    data = [f"/api/v1/search?q={quote(words)}" for words in asked]
    typed = [f"/api/v1/suggest?q={quote(words[:length])}" for words in asked for length in (2, 5)]
    answered = (*pages, *pages, *filter(None, narrowed), *data, *typed, *articles, "/", "/chu-de", "/gioi-thieu")
    new = set() if asked is WORDS else {*pages, *data, *typed}  # not asked before they are timed
    return [url for url in answered if url in new or _status(port, url) == 200]


def _narrowed(answer: dict[str, Any]) -> str:
    """The result page with the first value of some facet chosen, as its link leads to it; "" where none is offered."""
    urls = [value["toggle_url"] for facet in answer["facets"].values() for value in facet["values"][:1]]
    return str(urls[len(urls) // 2]).replace("/api/v1/search", "/tim-kiem") if urls else ""


def _get(port: int, url: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", url)
    try:
        return line.getresponse().read()
    finally:
        line.close()


def _status(port: int, url: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", url)
    try:
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@contextmanager
def _server(index: Path) -> Iterator[tuple[int, int]]:
    """A server on a free port: port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--port", str(port)]
    anew = {**os.environ, "SEARCHAPP_RESPONSE_CACHE": "0"}  # the mixture comes round in a minute
    log = index.parent / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=errors, stderr=errors, cwd=index.parent, env=anew) as server,
    ):
        try:
            until = time.monotonic() + READY_SECONDS
            while _ready(port) != 200:
                assert time.monotonic() < until and server.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)


def _ready(port: int) -> int:
    try:
        return _status(port, "/readyz")
    except OSError:
        return 0


@contextmanager
def _reindexing(index: Path, folder: Path) -> Iterator[list[bool]]:
    """Change a few articles, one run after the other; whether each run went well."""
    went: list[bool] = []

    def change() -> None:
        source = folder / "new.jsonl"  # the same ids each time: the index must not grow where memory is watched
        _write(source, NEW_ARTICLES, seed=len(went) + 101, prefix="new-")
        command = [sys.executable, "-m", "searchapp", "reindex", str(source), "--add", "--index", str(index)]
        done = subprocess.run([*command, "--jobs", "1"], capture_output=True, text=True, cwd=folder, check=False)
        went.append(done.returncode == 0)
        if done.returncode:
            print(f"  reindex: {done.stderr.strip().splitlines()[-1:]}")

    with _again_and_again(change, every=0):
        yield went


@contextmanager
def _nothing() -> Iterator[list[bool]]:
    yield []


def _copied(index: Path, folder: Path) -> Path:
    copy = folder / "index"
    shutil.copytree(
        index, copy, copy_function=os.link, ignore=shutil.ignore_patterns("CURRENT", "LOCK", "*.json", ".*")
    )
    for file in index.rglob("*"):  # what a reindex writes anew must not be shared with the index given
        if file.name == "CURRENT" or file.suffix == ".json":
            shutil.copy2(file, copy / file.relative_to(index))
    return copy


def _generated(count: int, folder: Path) -> Path:
    source, index = folder / "articles.jsonl", folder / "index"
    _write(source, count)
    command = [sys.executable, "-m", "searchapp", "reindex", str(source), "--index", str(index)]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 3), done.returncode
    return index


def _write(path: Path, count: int, seed: int = 1, prefix: str = "") -> None:
    with path.open("w", encoding="utf-8") as lines:
        for number, sample in enumerate(generated(count, SYLLABLES, seed)):
            cited = f"Nghị quyết {number % 40 + 1:02}-NQ/TU"
            row = {
                "id": f"{prefix}{sample.key}",
                "title": f"{' '.join(sample.title)} {WORDS[number % 3]}",
                "text": f"{' '.join(sample.body)} theo {cited}, {WORDS[number % len(WORDS)]}.",
                "date": f"{sample.year}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "source": sample.theme,
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
