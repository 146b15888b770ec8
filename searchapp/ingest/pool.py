"""Worker processes for a reindex: the death of one costs only the document that ended it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Final, TypeAlias

from searchapp.ingest.worker import Job, Part, Setup, Task, Workbench
from searchapp.readers.items import Bad

PATIENCE: Final = 180.0
"""Seconds a task may take before its process is ended: a hundred times the slowest healthy task."""

_MAX_STARTS: Final = 1_000
"""The most processes started in one run; a document alone cannot end more."""

# The code avoids multiprocessing, which would run the caller's own script again in every worker.
_START: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; from searchapp.ingest.pool import serve; serve(int(sys.argv[1]))"
)

_Batch: TypeAlias = tuple[str, list[Part]]
"""A finished segment ("" when it would be empty) and the Parts whose OPEN rows are in it."""


@dataclass(frozen=True, slots=True)
class _Reply:
    """A worker's reply. segment: written out now, None when the open one goes on; done: the task has ended."""

    parts: list[Part] = field(default_factory=list)
    segment: str | None = None
    done: bool = True


def work(tasks: Iterable[Task], setup: Setup, jobs: int, tick: Callable[[int], None]) -> Iterator[_Batch]:
    """Do all tasks, in `jobs` processes or, for one, here; tick: called with the number of articles just done.

    Raises errors that end the whole run: OSError (the disk), MemoryError.
    """
    return _here(tasks, setup, tick) if jobs <= 1 else _Crew(setup, jobs, tick).work(iter(tasks))


def serve(descriptor: int) -> None:
    """Run a worker process, on its end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends this process
    pipe = Connection(descriptor)
    try:
        bench = Workbench(pipe.recv())
        pipe.send(_Reply())
        while True:
            task, suspect = pipe.recv()
            if suspect or task is None:
                # The worker writes its safe articles before it tries a task that may end this process.
                pipe.send(_Reply(segment=bench.flush(), done=task is None))
            if task is None:
                return
            parts = [bench.work(job) for job in task]
            pipe.send(_Reply(parts, bench.flush() if bench.full else None))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone
    except Exception as error:
        pipe.send(error)


def _here(tasks: Iterable[Task], setup: Setup, tick: Callable[[int], None]) -> Iterator[_Batch]:
    bench = Workbench(setup)
    parts: list[Part] = []
    try:
        for task in tasks:
            for job in task:
                parts.append(bench.work(job))
                tick(len(parts[-1].rows))
                if bench.full:
                    yield bench.flush(), parts
                    parts = []
        yield bench.flush(), parts
    finally:
        bench.abort()


class _Worker:
    """A process with its pipe, the current task, and the work that its death would lose."""

    def __init__(self, setup: Setup) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", _START, str(theirs.fileno()), *sys.path]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        self.pipe = Connection(ours.detach())
        self.pipe.send(setup)
        self.ready = False
        self.idle = False
        self.task: Task | None = None
        self.since = time.monotonic()
        self.unflushed: list[Task] = []
        self.parts: list[Part] = []

    def give(self, task: Task | None, suspect: bool = False) -> bool:
        """Hand out a task; None: write out the open segment and end. Return False when the process
        has died meanwhile.
        """
        self.idle = False
        try:
            self.pipe.send((task, suspect))
        except OSError:
            return False
        self.task, self.since = task, time.monotonic()
        return True

    def heard(self) -> _Reply | BaseException | None:
        """Return the worker's message; None when it has died."""
        try:
            said: _Reply | BaseException = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return said

    def end(self) -> int:
        """End the process if it still runs; return its exit code, negative for a signal."""
        self.process.kill()
        self.pipe.close()
        return self.process.wait()


class _Crew:
    """The workers of one run."""

    def __init__(self, setup: Setup, jobs: int, tick: Callable[[int], None]) -> None:
        self._setup = setup
        self._jobs = jobs
        self._tick = tick
        self._workers: list[_Worker] = []
        self._waiting: deque[tuple[Task, bool]] = deque()
        self._starts = 0

    def work(self, tasks: Iterator[Task]) -> Iterator[_Batch]:
        """Hand out tasks and yield finished batches, until nothing is left."""
        self._waiting.extend((task, False) for task in islice(tasks, 1))
        try:
            while self._waiting or self._workers:
                while self._waiting and len(self._workers) < self._jobs:
                    self._hire()
                for worker in [worker for worker in self._workers if worker.idle]:
                    task, suspect = self._waiting.popleft() if self._waiting else (None, False)
                    if not worker.give(task, suspect) and task:
                        self._waiting.append((task, suspect))
                    if not self._waiting:
                        self._waiting.extend((task, False) for task in islice(tasks, 1))
                yield from self._listen()
        finally:
            for worker in self._workers:
                worker.end()

    def _hire(self) -> None:
        self._starts += 1
        if self._starts > _MAX_STARTS:
            raise MemoryError("worker processes keep dying")
        self._workers.append(_Worker(self._setup))

    def _listen(self) -> Iterator[_Batch]:
        ready = wait([worker.pipe for worker in self._workers], timeout=1)
        for worker in list(self._workers):
            if worker.pipe in ready:
                reply = worker.heard()
                if isinstance(reply, BaseException):
                    raise reply
                yield from self._bury(worker) if reply is None else self._take(worker, reply)
            elif worker.task and time.monotonic() - worker.since > PATIENCE:
                worker.process.kill()

    def _take(self, worker: _Worker, reply: _Reply) -> Iterator[_Batch]:
        if not worker.ready:
            worker.ready = worker.idle = True
            return
        self._tick(sum(len(part.rows) for part in reply.parts))
        worker.parts += reply.parts
        if reply.done and worker.task:
            worker.unflushed.append(worker.task)
        if reply.segment is not None:
            yield reply.segment, worker.parts
            worker.parts, worker.unflushed = [], []
        if reply.done and worker.task:
            worker.task, worker.idle = None, True
        elif reply.done:
            self._workers.remove(worker)
            worker.end()

    def _bury(self, worker: _Worker) -> Iterator[_Batch]:
        """Give a dead worker's work to others; the tasks that may have ended it run one by one."""
        self._workers.remove(worker)
        code = worker.end()
        if not worker.ready:
            raise RuntimeError(f"a worker process cannot start (exit {code}): its own message stands above")
        self._waiting.extend((task, False) for task in worker.unflushed)
        singles = [single for job in worker.task or () for single in _singles(job)]
        if len(singles) == 1:
            yield "", [_lost(singles[0], code)]
        else:
            self._waiting.extend(((single,), True) for single in singles)


def _singles(job: Job) -> list[Job]:
    return [job] if job.records is None else [replace(job, records=(record,)) for record in job.records]


def _lost(job: Job, code: int) -> Part:
    row = job.records[0].row if job.records else 0
    how = signal.strsignal(-code) if code < 0 else f"exit {code}"
    bad = Bad(job.file.shown, row, f"reading it ended the process: {how}")
    return Part(job.number, problems=[bad], digest=None if job.records else 0)


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
