"""Files of captured pages (`.warc`, `.warc.gz`), each read in a process of its own."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

from searchapp.readers import hints
from searchapp.readers.child import WALL_SECONDS, Child
from searchapp.readers.messages import decode
from searchapp.readers.outcome import Bad, Item, Items, Link, Outline

MAX_CRASHES: Final = 20
"""So many pages of one file may end their reader; a file made of such is not read on."""


def read(path: Path, name: str) -> Items:
    """The articles among the captures, each with its address; what is no article is counted in one Note."""
    told, since = hints.load(path.parent).as_json(), 0
    for _ in range(MAX_CRASHES):
        with path.open("rb") as stream:
            child = Child("warc", name, str(since), told, source=stream)
        try:
            since = yield from _listened(child, name)
        finally:
            child.end()
        if since < 0:
            return
    yield Bad(name, 0, f"more than {MAX_CRASHES} pages that end their reader")


def _listened(child: Child, name: str) -> Generator[Item, None, int]:
    """What the process tells, until it has ended: the number of the capture to go on with, -1 when all is read."""
    number, url = -1, ""
    try:
        while said := child.answer(WALL_SECONDS):
            told, _, url = said.decode().partition(" ")
            number = int(told)
            yield from _items(child.answer(WALL_SECONDS))
        number = -1
        yield from _items(child.answer(WALL_SECONDS))
        return -1
    except TimeoutError:
        reason = f"takes more than {WALL_SECONDS} s to read"
    except (OSError, EOFError):
        reason = child.cause_of_death()
    except (ValueError, TypeError, KeyError):
        reason = "its reader gave no sensible answer"
    yield Bad(f"{name}/{url}" if url else name, 0, reason if url else f"breaks off: {reason}")
    return number + 1 if number >= 0 else -1


def _items(answer: bytes) -> Items:
    return (item for item in decode(answer) if not isinstance(item, (Link, Outline)))
