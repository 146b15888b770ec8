"""Fetched pages on disk, as WARC: a format of archives that other tools read."""

from __future__ import annotations

import os
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searchapp.crawl.fetch import Answer

_MAX_FILE: Final = 256 << 20
"""Bytes after which a new file is begun."""

_OPEN: Final = ".open"
_PROFILE: Final = "http://netpreserve.org/warc/1.0/revisit/"
# The body is kept as it was sent, but not in the pieces in which it was sent.
_NOT_KEPT: Final = frozenset({"transfer-encoding", "connection", "keep-alive"})


class Store:
    """Writes the captures of one run: hidden from `reindex` until a file is whole."""

    def __init__(self, folder: Path, name: str, about: dict[str, str]) -> None:
        """name: of the site, begins the name of every file; about: who crawls what, for the first record of a file."""
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
        """Keep an answer with its body; digest of the body and date of the record."""
        headers = _headers(answer)
        return self._write("response", answer, BytesIO(answer.body), headers, {})

    def revisit(self, answer: Answer, payload: str, captured: str) -> None:
        """Keep that a page is as it was in the record with this digest and date."""
        told = {
            "WARC-Profile": _PROFILE + ("server-not-modified" if answer.status == 304 else "identical-payload-digest"),
            "WARC-Payload-Digest": payload,
            "WARC-Refers-To-Target-URI": answer.url,
            "WARC-Refers-To-Date": captured,
        }
        self._write("revisit", answer, BytesIO(), _headers(answer), told)

    def close(self) -> None:
        """Make the open file one that `reindex` reads."""
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
        # In one piece, and counted only when it is written: a run may end anywhere.
        file.write(block.getvalue())
        file.flush()
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
            self._whole = self._file.tell()
        return self._file


def _headers(answer: Answer) -> StatusAndHeaders:
    kept = [(name, value) for name, value in answer.headers if name.lower() not in _NOT_KEPT]
    return StatusAndHeaders(f"{answer.status} {answer.reason}".strip(), kept, protocol="HTTP/1.1")


def _published_name(path: Path) -> str:
    return path.name.removeprefix(".").removesuffix(_OPEN)


def _published(path: Path) -> Path:
    return path.rename(path.with_name(_published_name(path)))


def _rescue(path: Path) -> None:
    """A file left by a run that was killed: its whole records are kept, half a record at its end is cut."""
    whole = _whole(path)
    if not whole:
        path.unlink()
        return
    with path.open("r+b") as file:
        file.truncate(whole)
    _published(path)


def _whole(path: Path) -> int:
    """Where the last whole record of a file ends: each is a gzip of its own."""
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
