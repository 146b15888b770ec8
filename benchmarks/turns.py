"""What pages cost when threads of a process make them at once, and in turns: `benchmarks/turns.py INDEX QUERIES`.

Every row asks other questions, each once, as result pages without a network. Prints processor and wall milliseconds a
page: one thread, several at once, several in turns (`Turns` of `web.serving.server`). On one core, or with
`taskset -c 0`, threads at once cost no more than one.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flask import Flask

from searchapp import config
from searchapp.web import create_app
from searchapp.web.serving.server import Turns, look_for_garbage_seldom

PAGES: Final = 100
ROWS: Final = ((1, False), (4, False), (4, True), (8, False), (8, True), (1, False))


def measured(app: Flask, questions: Iterable[str], threads: int) -> tuple[float, float]:
    """Processor and wall seconds until these threads have asked all questions."""
    left, lock = iter(questions), threading.Lock()

    def visitor() -> None:
        client = app.test_client()
        while True:
            with lock:
                text = next(left, None)
            if text is None:
                return
            assert client.get("/tim-kiem", query_string={"q": text}).status_code == 200

    running = [threading.Thread(target=visitor) for _ in range(threads)]
    spent, started = time.process_time(), time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return time.process_time() - spent, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    given = parser.parse_args()
    with given.queries.open(encoding="utf-8") as lines:
        asked = [str(json.loads(line)["text"]) for line in lines]
    look_for_garbage_seldom()
    settings = replace(
        config.Settings(), index=given.index, corpus=(), rate_limit="", processor_seconds=0, response_cache=0
    )
    app = create_app(settings)
    free: Callable[..., Any] = app.wsgi_app
    in_turns = Turns(app.wsgi_app)
    measured(app, asked[-PAGES:], 1)  # warm
    print(f"{'threads':>7}  {'':<8}{'processor ms':>13}{'wall ms':>9}")
    for row, (threads, turns) in enumerate(ROWS):
        app.wsgi_app = in_turns if turns else free  # type: ignore[method-assign]
        spent, took = measured(app, asked[row * PAGES : (row + 1) * PAGES], threads)
        said = "in turns" if turns else "at once"
        print(f"{threads:>7}  {said:<8}{spent / PAGES * 1000:>13.1f}{took / PAGES * 1000:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
