"""Keep analysed articles on this disk on their way into the cluster: citations get their meaning when all are read."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Final

from searchapp.article import Article, Facts
from searchapp.engines import stored
from searchapp.engines.opensearch.loading import Entry
from searchapp.engines.stored import FactsWriter
from searchapp.errors import BadRecordError
from searchapp.text.tokens import Stream

MAX_ID: Final = 8_000
"""The longest id in characters: Lucene takes no term of more than 32,766 bytes."""
_MEMORY: Final = 16
"""Written bytes for a byte that counts as memory: batches are closed only so that a dying process loses little."""


class _SpoolWriter:
    """A batch of articles on its way to a folder; nobody reads it before `finish`."""

    def __init__(self, folder: Path) -> None:
        self._name = f"batch-{secrets.token_hex(8)}"
        self._paths = _files(folder, self._name)
        self._articles = gzip.GzipFile(self._paths[0], "wb", 1, mtime=0)
        self._facts = FactsWriter(self._paths[1])
        self._written = 0

    @property
    def bytes(self) -> int:
        """Return the rough memory in use."""
        return self._written // _MEMORY

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """Add all of an article or, with BadRecordError, nothing of it."""
        if len(article.id) > MAX_ID:
            raise BadRecordError(f"{article.id[:80]}…: an id has at most {MAX_ID:,} characters")
        try:
            entry = Entry.of(article, title, body)
            row = {"article": stored.as_row(article), "fields": entry.fields, "sketch": entry.sketch.hex()}
            line, facts = json.dumps(row, ensure_ascii=False).encode(), stored.line(article)
        except UnicodeEncodeError as error:
            raise BadRecordError(f"{article.id!r}: {error.reason} at character {error.start}") from None
        self._articles.write(line + b"\n")
        self._facts.write(facts)
        self._written += len(line)

    def finish(self) -> str:
        """Close the batch; return its name."""
        self._articles.close()
        self._facts.close()
        return self._name

    def abort(self) -> None:
        """Remove the written files."""
        self.finish()
        for path in self._paths:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class NewSpool:
    """A maker of batch writers in a folder; it goes to worker processes."""

    folder: Path

    def __call__(self) -> _SpoolWriter:
        """Return a writer for one batch."""
        return _SpoolWriter(self.folder)


@dataclass(frozen=True, slots=True)
class Spool:
    """A finished batch. dead: keys in it that another batch serves."""

    folder: Path
    name: str
    dead: Collection[str] = ()

    def facts(self) -> Iterator[Facts]:
        """Yield the facts of each article."""
        return (facts for facts in self._facts() if facts.key not in self.dead)

    def entries(self) -> Iterator[Entry]:
        """Yield the articles with their text fields."""
        with gzip.open(_files(self.folder, self.name)[0], "rb") as lines:
            for line in compress(lines, (facts.key not in self.dead for facts in self._facts())):
                row = json.loads(line)
                yield Entry(stored.from_row(row["article"]), row["fields"], bytes.fromhex(row["sketch"]))

    def remove(self) -> None:
        """Remove it from the disk."""
        for path in _files(self.folder, self.name):
            path.unlink(missing_ok=True)

    def _facts(self) -> Iterator[Facts]:
        return map(stored.read_facts, stored.read_lines(_files(self.folder, self.name)[1]))


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.articles", folder / f"{name}.facts"
