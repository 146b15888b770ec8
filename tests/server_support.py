"""A real server over an index, in processes of its own: started, asked, stopped."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
PATIENCE = 90  # seconds before a test gives up on a server; never how fast one must be


def finished(task: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine, in a thread of its own: the loop of a browser may live in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, task).result()


@dataclass
class Running:
    """A server: its first process, its port, the file of its standard error."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    lines_seen: int = field(default=0)

    def get(self, path: str, *, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, headers=headers or {})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def workers(self) -> set[int]:
        """Process ids of the workers."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return {int(pid) for pid in found.split()}

    def events(self) -> list[dict[str, Any]]:
        """What the server has logged so far."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail with `what` when it never does."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        time.sleep(0.02)


@contextmanager
def serving(
    index: Path, log: Path, *, command: Sequence[str] = (), environ: dict[str, str] | None = None, **popen: Any
) -> Iterator[Running]:
    """A server over `index`; command: another program than `searchapp serve`, given the index and the port."""
    port = free_port()
    usual = ["-m", "searchapp", "serve", "--index", str(index), "--port", str(port)]
    start = [*command, str(index), str(port)] if command else usual
    settings = {"SEARCHAPP_WORKERS": "2", "SEARCHAPP_THREADS": "8", **(environ or {})}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, *start],
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
            cwd=log.parent,  # no searchapp.toml there
            **{"stdout": subprocess.DEVNULL, "stderr": errors, **popen},
        )
    running = Running(process, port, log)
    try:
        until(lambda: _answers(running), "the server to answer")
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(running: Running) -> bool:
    assert running.process.poll() is None, running.log.read_text(encoding="utf-8")
    try:
        return running.get("/readyz")[0] == 200
    except OSError:
        return False
