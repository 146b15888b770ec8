"""Read the waiting pages of scans, several at a time; each page is kept at once and never read again."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from threading import local
from typing import Final

from searchapp.errors import BadRecordError
from searchapp.readers.items import Bad, SheetImage
from searchapp.readers.sandbox.parent import Sandbox
from searchapp.readers.scans.readings import Reading, Readings, digest_of
from searchapp.readers.scans.recognition import Reader, has_fast, recognised

_UPSIDE_DOWN: Final = 2  # quarter turns
WALL_SECONDS: Final = 120
"""Seconds to prepare a page on a busy machine; the limit that counts is the page's seconds of computing."""
_LOW: Final = 55.0
"""The mean confidence below which a page may stand on its head; typed pages have 90, dirty ones 75."""

Progress = Callable[[int, float], None]
"""A function that is called with the number of pages left and their seconds, 0.0 while unknown."""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page to read: its file's content, the content's digest, the page's address and its number in the file."""

    data: bytes
    file: str
    name: str
    address: str


def read_pages(
    pages: Iterable[WaitingPage],
    total: int,
    kept: Readings,
    *,
    jobs: int,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> int:
    """Read pages until none is left or `time.monotonic()` reaches the deadline; return how many were read.

    A page that cannot be read is kept with its reason.
    """
    reader = _Reader(kept)
    waiting = iter(pages)
    done, started = 0, time.monotonic()
    with ThreadPoolExecutor(jobs, thread_name_prefix="ocr") as pool:
        running: set[Future[None]] = {pool.submit(reader.read, page) for page in islice(waiting, jobs)}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for one in finished:
                    one.result()
                    done += 1
                if deadline is None or time.monotonic() < deadline:
                    running |= {pool.submit(reader.read, page) for page in islice(waiting, len(finished))}
                if progress:
                    left = total - done
                    progress(left, left * (time.monotonic() - started) / done)
        finally:
            for one in running:
                one.cancel()
            wait(running)
            reader.close()
    return done


class _Reader:
    """A reader of pages for any thread; each thread has a reader process of its own."""

    def __init__(self, kept: Readings) -> None:
        self._kept = kept
        self._local = local()
        self._sandboxes: list[Sandbox] = []
        self._readers: list[Reader] = []

    def read(self, page: WaitingPage) -> None:
        if self._kept.page(page.file, page.address) is None:
            self._kept.keep(page.file, page.address, self._sheets(page))

    def close(self) -> None:
        for sandbox in self._sandboxes:
            sandbox.close()
        for reader in self._readers:
            reader.close()

    def _sheets(self, page: WaitingPage) -> list[tuple[str, Reading]]:
        found = self._turned(page, 0)
        # A page that OCR hardly reads at all may stand on its head: the better of both ways is kept.
        if any(reading.lines or reading.problem == "" for _, reading in found) and _confidence(found) < _LOW:
            other = self._turned(page, _UPSIDE_DOWN)
            if _confidence(other) > _confidence(found):
                return other
        return found

    def _turned(self, page: WaitingPage, turn: int) -> list[tuple[str, Reading]]:
        return [self._recognised(one, page) for one in self._sandbox().sheets(page.data, page.name, page.address, turn)]

    def _recognised(self, sheet: SheetImage | Bad, page: WaitingPage) -> tuple[str, Reading]:
        if isinstance(sheet, Bad):
            name = digest_of(page.file.encode(), page.address.encode(), sheet.reason.encode())
            return name, Reading((1, 1), problem=sheet.reason)
        picture = base64.b64decode(sheet.png)
        name = digest_of(picture)
        place = Reading(
            (sheet.width, sheet.height),
            left=sheet.left / 1e6,
            right=sheet.right / 1e6,
            turn=sheet.turn,
            angle=sheet.angle / 1e3,
        )
        # The same picture may be half of another page: its words hold, but not their place.
        name = digest_of(name.encode(), repr((place.left, place.right, place.turn, place.angle)).encode())
        if known := self._kept.sheet(name):
            return name, known
        try:
            words = self._fast().read(picture) if has_fast() else recognised(picture)
            return name, replace(place, lines=tuple(map(tuple, words)))
        except BadRecordError as error:
            return name, replace(place, problem=str(error))

    def _fast(self) -> Reader:
        own: Reader | None = getattr(self._local, "reader", None)
        if own is None:
            own = self._local.reader = Reader()
            self._readers.append(own)
        return own

    def _sandbox(self) -> Sandbox:
        own: Sandbox | None = getattr(self._local, "sandbox", None)
        if own is None:
            own = self._local.sandbox = Sandbox(wall=WALL_SECONDS)
            self._sandboxes.append(own)
        return own


def _confidence(sheets: Sequence[tuple[str, Reading]]) -> float:
    return max((reading.confidence for _, reading in sheets), default=0.0)


def _pages_of(found: Iterable[tuple[bytes, str, str, Sequence[str]]]) -> Iterator[WaitingPage]:
    """Yield pages of files, each with the content, digest and name of its file and a waiting address."""
    for data, file, name, addresses in found:
        for address in addresses:
            yield WaitingPage(data, file, name, address)
