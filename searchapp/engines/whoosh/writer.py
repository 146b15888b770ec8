"""Writes one segment: articles go in one by one, posting lists come out at the end."""

from __future__ import annotations

import re
import secrets
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from searchapp.article import Article
from searchapp.engines.stored import FactsWriter, line, pack
from searchapp.engines.whoosh.arrays import ArrayWriter
from searchapp.engines.whoosh.pool import PostingPool
from searchapp.engines.whoosh.postings import MAX_ARTICLES, FieldWriter
from searchapp.engines.whoosh.segment import files
from searchapp.errors import BadRecordError
from searchapp.text.sketch import sketch
from searchapp.text.tokens import Stream

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_KEY: Final = re.compile(r"[!-~]{1,64}")


def segment_name(name: str = "") -> str:
    """A name that is safe in a file name: the one given, or a random one. Raises ValueError for any other."""
    name = name or f"seg_{secrets.token_hex(8)}"
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a segment")
    return name


class SegmentWriter:
    """One segment being written to `folder`. Nothing can read it before `finish`, which ends this writer.

    Files are not synced: whoever publishes a generation does that for all of them.
    """

    def __init__(self, folder: Path, *, name: str = "") -> None:
        self.name = segment_name(name)
        self._folder = folder
        self._pool = PostingPool()
        self._keys: dict[str, int] = {}
        self._sketches: list[bytes] = []
        self._post, text, facts = files(folder, self.name)
        self._text = TextWriter(text)
        self._facts = FactsWriter(facts)

    @property
    def size(self) -> int:
        """Articles so far."""
        return len(self._keys)

    @property
    def bytes(self) -> int:
        """Rough memory in use; `finish` needs about four times as much for a moment."""
        return self._pool.bytes + 400 * self.size

    def add(self, article: Article, title: Stream, body: Stream) -> None:
        """Add an article with the token streams of its title and its text, all of it or nothing.

        Raises BadRecordError when it cannot be stored: its key is not plain ASCII or is there already, its text has
        lone surrogates, or a stream has a syllable that no dictionary can hold.
        """
        if not _KEY.fullmatch(article.key) or article.key in self._keys:
            raise BadRecordError(f"{article.id}: key {article.key!r} is taken or unusable")
        if self.size == MAX_ARTICLES:
            raise BadRecordError(f"{article.id}: a segment holds at most {MAX_ARTICLES:,} articles")
        try:
            stored, facts = pack(article), line(article)
        except UnicodeEncodeError as error:
            raise BadRecordError(f"{article.id!r}: {error.reason} at character {error.start}") from None
        self._pool.add(title, body)
        self._sketches.append(sketch(title, body, article.number).tobytes())
        self._text.add(stored)
        self._facts.write(facts)
        self._keys[article.key] = self.size

    def finish(self) -> str:
        """Write the segment and return its name."""
        post = ArrayWriter(self._post)
        try:
            write_keys(post, [key.encode() for key in self._keys])
            post.put("sketches", np.frombuffer(b"".join(self._sketches), np.uint8))
            for field, occurrences, lengths in self._pool.fields():
                writer = FieldWriter(self._folder, field, self.size)
                writer.extend(occurrences)
                writer.close(post)
                post.put(f"{field.name}.lengths", lengths)
            post.close()
            self._text.close()
            self._facts.close()
        except BaseException:
            self.abort()
            raise
        return self.name

    def abort(self) -> None:
        """Give up: remove what was written."""
        self._text.discard()
        self._facts.close()
        for path in files(self._folder, self.name):
            path.unlink(missing_ok=True)


class TextWriter:
    """The stored articles of a segment, end to end, with where each begins."""

    def __init__(self, path: Path) -> None:
        self._out = ArrayWriter(path)
        self._out.begin("articles", np.uint8)
        self._ends = array("Q", [0])

    def add(self, packed: bytes | memoryview) -> None:
        """Append an article as `stored.pack` made it."""
        self._out.write(packed)
        self._ends.append(self._ends[-1] + len(packed))

    def close(self) -> None:
        """Finish the file."""
        self._out.put("starts", np.array(self._ends, np.uint64))
        self._out.close()

    def discard(self) -> None:
        """Remove the file."""
        self._out.discard()


def write_keys(out: ArrayWriter, keys: Sequence[bytes]) -> None:
    """Write the articles' keys in byte order, with their numbers. keys: the key of each article."""
    column = np.array(keys, np.bytes_)
    order = np.argsort(column, kind="stable")
    out.put("keys", column[order])
    out.put("keys.number", order.astype(np.uint32))
