"""The process that reads a file of captured pages (WARC) on its standard input: the newest capture of each page.

For a visitor it gives one capture as it was captured.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from zstandard import ZstdDecompressor, ZstdError

from searchapp.article import Record
from searchapp.config.sites import Hints, from_json, matches
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, formats, html, sniff
from searchapp.readers.items import Bad, Item, Items, Note, converted
from searchapp.readers.sandbox import limits
from searchapp.readers.sandbox.child import answered, send, settled
from searchapp.text.encodings import decode
from searchapp.text.urls import canonical_url, page_of

MAX_BYTES: Final = 20 << 20
_TYPES: Final = ("warcinfo", "response", "resource", "revisit", "request", "metadata", "conversion", "continuation")
_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/epub+zip": ".epub",
    "application/msword": ".doc",
    "application/vnd.ms-word.document.macroenabled.12": ".docm",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}


@dataclass(frozen=True, slots=True)
class _Capture:
    """One answer of a site. ending: of its reader; seen: seconds since 1970; record: the place of its content."""

    number: int
    url: str
    ending: str
    seen: int
    record: Any


def main(name: str, since: str, hints: str, url: str = "") -> None:
    """Read the captures from number `since` on: send number, address and items of each, and "" at the end.

    url: send only the type and the content of the newest capture of this address, or "".
    """
    told, empty = from_json(hints), 0
    answers = settled()
    if url:
        for part in _captured(url):
            send(answers, part)
        return
    newest = set(_newest(sys.stdin.buffer, told).values())
    if not _has_records(sys.stdin.buffer):
        send(answers, b"")
        send(answers, answered(lambda: [Bad(name, 0, "no captures in this file")], name))
        return
    for capture in captures(sys.stdin.buffer):
        limits.allow_cpu()
        if capture.number in newest and capture.number >= int(since):
            send(answers, f"{capture.number} {capture.url}".encode())
            path = f"{name}/{capture.url}"
            found = answered(partial(_items, capture, path, told), path)
            empty += found == _NOTHING
            send(answers, found)
    send(answers, b"")
    note = Note(name, 0, "pages", f"{empty:,} pages without an article of their own, such as lists")
    send(answers, answered(lambda: [note] if empty else [], name))


_NOTHING: Final = b"[]"


def _captured(url: str) -> tuple[bytes, bytes]:
    """Return the type and the content of the newest capture of an address; nothing where it is too large."""
    newest, kind, data = 0, b"", b""
    for capture in captures(sys.stdin.buffer):
        limits.allow_cpu()
        if capture.url == url and capture.seen > newest:
            headers = capture.record.http_headers
            told = headers.get_header("Content-Type") if headers is not None else capture.record.content_type
            newest, kind, data = capture.seen, (told or "").encode(), _unpacked(capture.record)
    return (kind, data) if len(data) <= MAX_BYTES else (b"", b"")


def captures(stream: BinaryIO) -> Iterator[_Capture]:
    """Yield the pages of a site's answers, in order, from the beginning of the stream."""
    stream.seek(0)
    for number, record in enumerate(ArchiveIterator(stream)):
        url = canonical_url(record.rec_headers.get_header("WARC-Target-URI") or "")
        headers = record.http_headers
        answer = record.rec_type == "response" and headers is not None and headers.get_statuscode() == "200"
        if url and (answer or record.rec_type == "resource"):
            kind = headers.get_header("Content-Type") if headers else record.content_type
            ending = _ENDINGS.get((kind or "").partition(";")[0].strip().lower(), formats.suffix(urlsplit(url).path))
            yield _Capture(number, url, ending, _seconds(record.rec_headers.get_header("WARC-Date")), record)


def _has_records(stream: BinaryIO) -> bool:
    """Tell whether a file begins with a record of any type: a run that brought nothing new writes no captures."""
    stream.seek(0)
    return any(record.rec_type in _TYPES for record in islice(ArchiveIterator(stream), 2))


def _newest(stream: BinaryIO, hints: Hints) -> dict[str, int]:
    """Map each page worth reading to the number of its newest capture."""
    found: dict[str, tuple[int, int]] = {}
    for capture in captures(stream):
        limits.allow_cpu()
        path, page = urlsplit(capture.url).path, page_of(capture.url)
        wanted = not matches(path, hints.deny) and (not hints.articles or matches(path, hints.articles))
        # The front page of a site is a list of news, however much text it has.
        if wanted and path != "/":
            found[page] = max(found.get(page, (0, 0)), (capture.seen, capture.number))
    return {page: number for page, (_, number) in found.items()}


def _items(capture: _Capture, path: str, hints: Hints) -> Items:
    data = _unpacked(capture.record)
    if len(data) > MAX_BYTES:
        raise BadRecordError(f"larger than {MAX_BYTES >> 20} MB", code="limit")
    for item in _read(data, capture.ending, path, hints):
        if isinstance(item, Record):
            source = item.source or hints.source or urlsplit(capture.url).hostname or ""
            yield replace(item, url=capture.url, source=source, rank=capture.seen)
        else:
            yield item


def _unpacked(record: Any) -> bytes:
    """Return the content of an answer, at most a byte more than MAX_BYTES.

    The code here unpacks the content where warcio cannot.
    """
    headers = record.http_headers
    coding = (headers.get_header("Content-Encoding") or "").strip().lower() if headers is not None else ""
    if coding not in ("br", "zstd"):
        return bytes(record.content_stream().read(MAX_BYTES + 1))
    chunked = (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    packed = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    data = bytes(packed.read(MAX_BYTES + 1))
    try:
        if coding == "br":
            return bytes(brotli.Decompressor().process(data, output_buffer_limit=MAX_BYTES + 1))
        return bytes(ZstdDecompressor().stream_reader(data).read(MAX_BYTES + 1))
    except (ZstdError, brotli.error) as error:
        raise BadRecordError(f"damaged: {str(error)[:80]}") from None


def _read(data: bytes, ending: str, path: str, hints: Hints) -> Items:
    if sniff.sniffed(ending, data) == ".doc":
        yield Bad(path, 0, "an old Word file on a site: save it beside the captures", code="format")
    elif ending != ".html":
        # Pictures, styles and scripts are no articles.
        yield from formats.read(data, path, ending) if ending in formats.READERS else ()
    else:
        found = decode(data)
        yield from converted(path, found)
        try:
            yield from (formats.doubted(item) for item in html.read(found.text, path, hints) if _is_article(item))
        except BadRecordError as error:
            if str(error) != html.NO_ARTICLE:
                raise


def _is_article(item: Item) -> bool:
    """Tell whether a page has a sentence to read, or is an official document; lists and forms have labels alone."""
    return not isinstance(item, Record) or bool(item.number) or any(map(boilerplate.is_prose, item.text.split("\n")))


def _seconds(date: str | None) -> int:
    """Return a WARC date as seconds since 1970, at least 1: rank 0 belongs to feeds."""
    try:
        return max(1, int(datetime.fromisoformat((date or "").replace("Z", "+00:00")).timestamp()))
    except ValueError:
        return 1
