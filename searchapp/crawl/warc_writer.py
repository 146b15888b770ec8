"""Write fetched pages to disk as WARC, an archive format that other tools read."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searchapp.crawl.fetch import Answer

_MAX_FILE: Final = 256 << 20
"""The size in bytes at which a new file begins."""

_OPEN: Final = ".open"
_PROFILE: Final = "http://netpreserve.org/warc/1.0/revisit/"
# The body is kept as sent, but in one piece.
_NOT_KEPT: Final = frozenset({"transfer-encoding", "connection", "keep-alive"})


class Store:
    """A writer of one run's captures: a file is hidden from `reindex` until it is whole."""

    def __init__(self, folder: Path, name: str, about: dict[str, str]) -> None:
        """name: of the site, begins the name of every file; about: the crawler and its site, for the first record of a
        file.
        """
        self._folder = folder
        self._name = name
        self._about = about
        self._file: IO[bytes] | None = None
        self._path = folder
        self._whole = 0
        self.files: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)
        for left in sorted(folder.glob(f".*{_OPEN}")):
            _rescue(left)

    def response(self, answer: Answer) -> tuple[str, str]:
        """Keep an answer with its body; return digest of the body and date of the record."""
        headers = _headers(answer)
        return self._write("response", answer, BytesIO(answer.body), headers, {})

    def revisit(self, answer: Answer, payload: str, captured: str) -> None:
        """Record that a page still equals the record with this digest and date."""
        told = {
            "WARC-Profile": _PROFILE + ("server-not-modified" if answer.status == 304 else "identical-payload-digest"),
            "WARC-Payload-Digest": payload,
            "WARC-Refers-To-Target-URI": answer.url,
            "WARC-Refers-To-Date": captured,
        }
        self._write("revisit", answer, BytesIO(), _headers(answer), told)

    def close(self) -> None:
        """Finish the open file, so that `reindex` reads it."""
        if self._file is not None:
            self._file.truncate(self._whole)
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            self.files.append(_published(self._path))

    def _write(
        self, kind: str, answer: Answer, body: BytesIO, headers: StatusAndHeaders, told: dict[str, str]
    ) -> tuple[str, str]:
        file = self._begun()
        date = answer.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        block = BytesIO()
        writer = WARCWriter(block, gzip=True)
        facts = {"WARC-Date": date, **({"WARC-IP-Address": answer.address} if answer.address else {}), **told}
        record: Any = writer.create_warc_record(
            answer.url, kind, payload=body, http_headers=headers, warc_headers_dict=facts
        )
        writer.write_record(record)
        # The record is written in one piece, and counted only after that: a run may end anywhere. The disk has it
        # before anybody notes that it is kept: after a power cut its page would count as known, and be lost.
        file.write(block.getvalue())
        file.flush()
        os.fsync(file.fileno())
        self._whole = file.tell()
        digest = str(record.rec_headers.get_header("WARC-Payload-Digest") or "")
        if self._whole > _MAX_FILE:
            self.close()
        return digest, date

    def _begun(self) -> IO[bytes]:
        if self._file is None:
            stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
            self._path = self._folder / f".{self._name}-{stamp}.warc.gz{_OPEN}"
            self._file = self._path.open("xb")
            writer = WARCWriter(self._file, gzip=True)
            writer.write_record(writer.create_warcinfo_record(_published_name(self._path), self._about))
            self._file.flush()
            self._whole = self._file.tell()
            _synced(self._folder)
        return self._file


def _headers(answer: Answer) -> StatusAndHeaders:
    kept = [(name, value) for name, value in answer.headers if name.lower() not in _NOT_KEPT]
    return StatusAndHeaders(f"{answer.status} {answer.reason}".strip(), kept, protocol="HTTP/1.1")


def _published_name(path: Path) -> str:
    return path.name.removeprefix(".").removesuffix(_OPEN)


def _published(path: Path) -> Path:
    found = path.rename(path.with_name(_published_name(path)))
    _synced(path.parent)
    return found


def _synced(folder: Path) -> None:
    """Let the disk know the names of a folder; a file system that cannot is used all the same."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _rescue(path: Path) -> None:
    """Rescue the file of a killed run: its whole records are kept, half a record at its end is cut."""
    whole = _whole(path)
    if not whole:
        path.unlink()
        return
    with path.open("r+b") as file:
        file.truncate(whole)
    _published(path)


def _whole(path: Path) -> int:
    """Return where the last whole record of a file ends: each record is a gzip of its own."""
    end = place = 0
    with path.open("rb") as file:
        data, packed = b"", zlib.decompressobj(zlib.MAX_WBITS | 16)
        while data := data or file.read(1 << 20):
            try:
                packed.decompress(data)
            except zlib.error:
                break
            place += len(data) - len(packed.unused_data)
            data = packed.unused_data
            if packed.eof:
                end, packed = place, zlib.decompressobj(zlib.MAX_WBITS | 16)
    return end
