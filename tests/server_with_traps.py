"""`searchapp serve` with addresses that are slow, crash or hang: `python server_with_traps.py INDEX PORT MARKS`."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from flask import Flask

from searchapp import config
from searchapp.engines import open_engine
from searchapp.web import create_app
from searchapp.web.serving.gunicorn_worker import Worker
from searchapp.web.serving.server import Server

SLOW_SECONDS = 1.0
HUNG_SECONDS = 3
WAITING_SECONDS = float(os.environ.get("SEARCHAPP_TEST_WAITING_SECONDS", "3.0"))


class Impatient(Worker):
    """A worker that waits less for slow clients, so that a test need not."""

    patience = WAITING_SECONDS


def application(index: Path, marks: Path) -> Flask:
    settings = replace(config.load(None), index=index)
    app = create_app(settings, open_engine(settings))

    def slow() -> str:
        (marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()
        time.sleep(SLOW_SECONDS)
        return "slow"

    def hang() -> str:
        return str(re.match(r"(a|aa)+$", "a" * 60 + "!"))  # holds the interpreter's lock for years

    app.add_url_rule("/slow", "slow", slow)
    app.add_url_rule("/crash", "crash", os.abort)
    app.add_url_rule("/hang", "hang", hang)
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.add_url_rule("/large", "large", lambda: "x" * 20_000_000)
    return app


def main() -> None:
    index, port, marks = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[1]).parent / "marks"
    marks.mkdir(exist_ok=True)
    settings = replace(config.load(None), index=index, port=port)
    Server(settings, lambda: application(index, marks), timeout=HUNG_SECONDS, worker_class=Impatient).run()


if __name__ == "__main__":
    main()
