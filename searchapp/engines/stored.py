"""Store an article: compressed JSON of all of it, and one line of facts without the text."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, fields, replace
from pathlib import Path
from typing import Any, Final

import orjson
import zstandard
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from searchapp.article import Article, Citation, Document, Facts, Mark, Recognition, Relation
from searchapp.errors import CorruptIndexError, damage

_LEVEL: Final = 6
"""zlib's level; 9 gains under one per cent on articles."""
_LARGE: Final = 1 << 14
"""Characters from which on a text is stored as UTF-16 under Zstandard: read in a third of the time, as small as before.
Below, UTF-8 under zlib is a tenth smaller and read as fast.
"""
_LARGE_LEVEL: Final = 9
"""Zstandard's level; 6 is a twentieth larger, 12 takes four times as long."""
_MAX_BYTES: Final = 1 << 30
"""No article is larger: no reader takes a file of that size."""


# Name and default: a field with its default value is not written.
_LISTS: Final = ("citations", "relations")
_APART: Final = (*_LISTS, "ocr", "marks")
_ARTICLE: Final = tuple((field.name, field.default) for field in fields(Article) if field.name not in _APART)
_FACTS: Final = tuple((field.name, field.default) for field in fields(Facts) if field.name not in _LISTS)
_DOCUMENT: Final = tuple(field.name for field in fields(Document))
_CITATION: Final = tuple((field.name, field.default) for field in fields(Citation))
_MARK: Final = tuple(field.name for field in fields(Mark))
_RELATION: Final = tuple((field.name, field.default) for field in fields(Relation))


Meaning = tuple[str, str, float]
"""What a citation means: the slug of a document or "", the rule that found it, how sure."""


def pack(article: Article) -> bytes:
    """Return all of an article: a line of JSON, and the text behind it, which is then read ten times as fast.

    Raises UnicodeEncodeError for a lone surrogate.
    """
    row = as_row(article)
    text, facts = row.pop("text", ""), _dump(row) + b"\n"
    if len(text) < _LARGE:
        return zlib.compress(facts + text.encode(), _LEVEL)
    return ZstdCompressor(level=_LARGE_LEVEL, write_checksum=True).compress(facts + text.encode("utf-16-le"))


def unpack(data: bytes | memoryview, meanings: Sequence[Meaning] | None = None) -> Article:
    """Return the article that `pack` took, its citations with these meanings. Raises CorruptIndexError for other bytes
    or another number of meanings.
    """
    try:
        large = data[:4] == zstandard.FRAME_HEADER
        plain = _decompressed(data) if large else zlib.decompress(data)
        head, behind, text = plain.partition(b"\n")
        row = orjson.loads(head)
        if behind:
            row["text"] = text.decode("utf-16-le" if large else "utf-8")
        if meanings is not None:
            citations = row.get("citations", ())
            if len(citations) != len(meanings):
                raise CorruptIndexError(f"citations of {row['id']} do not fit; run 'searchapp reindex --full'")
            for citation, (document, how, sure) in zip(citations, meanings, strict=True):
                if document or how:
                    citation |= {"document": document, "how": how, "sure": sure}
        return Article(**_revive(row))
    except (zlib.error, ZstdError, ValueError, TypeError) as error:
        raise CorruptIndexError(f"a stored article is damaged ({error}); run 'searchapp reindex --full'") from None


def _decompressed(data: bytes | memoryview) -> bytes:
    """Return the content of a frame; a damaged one may claim any size, and would get the memory for it."""
    if zstandard.frame_content_size(data) > _MAX_BYTES:
        raise ZstdError("its size is wrong")
    return ZstdDecompressor().decompress(data)


def as_row(article: Article) -> dict[str, Any]:
    """Return all of an article as values of JSON, without fields that have their default value."""
    row = _row(article, _ARTICLE)
    if article.ocr:
        row["ocr"] = asdict(article.ocr)
    if article.marks:
        row["marks"] = [astuple(mark) for mark in article.marks]
    return row


def from_row(row: Mapping[str, Any]) -> Article:
    """Return the article that `as_row` took."""
    return Article(**_revive(dict(row)))


def with_citations(article: Article, citations: Sequence[Citation]) -> Article:
    """Return the same article with the meanings of its citations."""
    return replace(article, citations=tuple(citations)) if citations else article


def document_as_row(document: Document) -> dict[str, Any]:
    """Return a document as values of JSON; empty facts are left out."""
    return {name: value for name in _DOCUMENT if (value := getattr(document, name))}


def document_from_row(row: Mapping[str, Any]) -> Document:
    """Return the document that `document_as_row` took; a number of the National Assembly may come without a type."""
    return Document(**{"type": "", **row, "aliases": tuple(row.get("aliases", ()))})


def line(article: Article) -> bytes:
    """Return the facts of an article as one line of JSON, with its line feed."""
    return _dump(_row(article, _FACTS)) + b"\n"


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file of facts. Raises CorruptIndexError when it is damaged."""
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise damage(error, f"{path}: {error}; run 'searchapp reindex --full'") from None


def read_facts(one: bytes) -> Facts:
    """Return the facts in a line of `line`."""
    return Facts(**_revive(orjson.loads(one)))


def read_heading(one: bytes) -> tuple[str, str, str]:
    """Return key, title and date in a line of `line`, in half the time."""
    row = orjson.loads(one)
    return row["key"], row.get("title", ""), row.get("date", "")


class FactsWriter:
    """A writer of a file of facts; equal facts give equal bytes."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._gzip = gzip.GzipFile("", "wb", 1, self._file, mtime=0)

    def write(self, one: bytes) -> None:
        """Append a line."""
        self._gzip.write(one)

    def close(self) -> None:
        """Finish the file."""
        self._gzip.close()
        self._file.close()


def _dump(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _row(article: Article, names: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    row = _named(article, names)
    if article.citations:
        row["citations"] = [_named(citation, _CITATION) for citation in article.citations]
    if article.relations:
        row["relations"] = [_named(relation, _RELATION) for relation in article.relations]
    return row


def _named(thing: Article | Citation | Relation, names: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {name: value for name, default in names if (value := getattr(thing, name)) != default}


def _revive(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("themes", "basis"):
        if name in row:
            row[name] = tuple(row[name])
    if "citations" in row:
        row["citations"] = tuple(_citation(citation) for citation in row["citations"])
    if "relations" in row:
        row["relations"] = tuple(_relation(relation) for relation in row["relations"])
    if "ocr" in row:
        places = {name: tuple(map(tuple, row["ocr"][name])) for name in ("doubtful", "mended", "lines")}
        row["ocr"] = Recognition(**{**row["ocr"], **places})
    if "marks" in row:
        row["marks"] = tuple(Mark(**dict(zip(_MARK, mark, strict=True))) for mark in row["marks"])
    return row


def _citation(row: dict[str, Any]) -> Citation:
    return Citation(**{**row, "pinpoint": tuple(row["pinpoint"])}) if "pinpoint" in row else Citation(**row)


def _relation(row: dict[str, Any]) -> Relation:
    return Relation(**{**row, "part": tuple(row["part"])}) if "part" in row else Relation(**row)
