"""Serve the files that articles were read from, as the operator put them in: by an article's key, never by a path."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile

from flask import Response, make_response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from searchapp.article import PART, Article
from searchapp.dates import day_at
from searchapp.engine import Engine
from searchapp.ingest import ledger
from searchapp.ingest.files import File, content_digest, stamp
from searchapp.ingest.ledger import MAX_COPY_BYTES, Entry
from searchapp.query import Query
from searchapp.readers import captured, page_picture
from searchapp.readers.scans.sheets import WITHIN
from searchapp.web.request import Visit, missing

TYPES: Final[Mapping[str, str]] = {
    ".pdf": "application/pdf", ".txt": "text/plain", ".md": "text/plain", ".html": "text/html", ".htm": "text/html",
    ".xhtml": "application/xhtml+xml", ".doc": "application/msword", ".rtf": "application/rtf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroEnabled.12",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text", ".epub": "application/epub+zip", ".eml": "message/rfc822",
    ".mhtml": "multipart/related", ".mht": "multipart/related", ".png": "image/png", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp",
}  # fmt: skip
"""Types of files that hold documents, and of books; pages of rows, feeds and captures lead elsewhere."""
_SHOWN: Final = ("application/pdf", "text/plain", "text/html", "image/png", "image/jpeg", "image/webp")
_CONTENT_TYPE: Final = re.compile(r"(?P<type>[\w.+-]+/[\w.+-]+)(?:\s*;\s*charset=\"?[\w-]+\"?)?")
_CAPTURES: Final = (".warc", ".warc.gz", ".wacz")
_MAX_CAPTURES: Final = 32 << 20
"""Files of captures have no table of contents: a larger one takes too long to find a page in."""
SCANNED: Final = ("application/pdf", "image/png", "image/jpeg", "image/tiff")
"""Types of files whose pages can be shown beside the text that OCR read."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What ends a line of a header, or turns the writing, in the name of a file."""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class _Held:
    """A file to send: where it is, its name in the corpus, its size, and its time in nanoseconds."""

    path: Path
    shown: str
    size: int
    mtime: int

    @property
    def name(self) -> str:
        """Return its name without its folders."""
        return Path(self.shown).name


@dataclass(frozen=True, slots=True)
class Original:
    """A file that has not changed since indexing. shown: browsers show it; day: of its last change (ISO)."""

    name: str
    bytes: int
    type: str
    url: str
    sha256: str
    shown: bool
    day: str


def original(visit: Visit, engine: Engine, article: Article) -> Original | None:
    """Return the file of an article; None where it holds several, is gone, has changed, or must not be shown."""
    found = _file(visit, engine, article)
    if found is None:
        return None
    kind = TYPES[Path(found.shown).suffix.lower()]
    return Original(
        name=Path(found.shown).name,
        bytes=found.size,
        type=kind,
        url=visit.links.page(f"/goc/{article.key}"),
        sha256=_sha256(str(found.path), found.size, found.mtime),
        shown=kind in _SHOWN,
        day=day_at(found.mtime / 1e9).isoformat(),
    )


def capture(visit: Visit, engine: Engine, article: Article) -> _Held | None:
    """Return the file of captures that holds the page of an article; None where it must not be shown, or is large."""
    settings = visit.site.settings
    name = article.path.removesuffix(f"/{article.url}") if article.url else article.path
    if settings.originals == "off" or name == article.path or not name.lower().endswith(_CAPTURES):
        return None
    known = files(settings.generations, engine.generation).get(name)
    if known is None or known.file.size > _MAX_CAPTURES:
        return None
    return _unchanged(known, _built(settings.generations / engine.generation))


def _send_capture(found: _Held, url: str) -> Response:
    """Send a page as it was captured: nothing in it runs, and nothing is loaded from anywhere."""
    kind, data = captured(found.path, url)
    if not data:
        missing()
    told = _CONTENT_TYPE.fullmatch(kind.strip().lower())
    shown = told is not None and told["type"] in _SHOWN
    answer = make_response(data, 200, {"Content-Type": told[0] if told and shown else "application/octet-stream"})
    if not shown or "tai" in request.args:
        answer.headers["Content-Disposition"] = "attachment"
    _lock(answer)
    return answer


def _lock(answer: Response) -> None:
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"


def send(visit: Visit, engine: Engine, key: str) -> Response:
    """Send the file itself, in ranges on request, or the captured page; `tai=1` to keep it."""
    article = next(iter(engine.articles([key])), None)
    if article and (kept := capture(visit, engine, article)):
        return _send_capture(kept, article.url)
    found = _file(visit, engine, article) if article else None
    if found is None:
        missing()
    kind = TYPES[Path(found.shown).suffix.lower()]
    try:
        # The code follows no link, should somebody have replaced the file by one since the check.
        stream = os.fdopen(os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError:
        missing()
    keep = kind not in _SHOWN or "tai" in request.args
    try:
        answer = send_file(
            stream, kind, as_attachment=keep, download_name=_UNSEEN.sub("_", Path(found.shown).name), conditional=False,
            etag=f"{found.size:x}-{found.mtime:x}", last_modified=found.mtime / 1e9, max_age=0,
        )  # fmt: skip
        answer.content_length = found.size
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=found.size)
    except RequestedRangeNotSatisfiable:
        stream.close()
        return make_response("", 416, {"Content-Range": f"bytes */{found.size}"})
    _lock(answer)
    return answer


def scanned(visit: Visit, engine: Engine, key: str, number: int) -> Response:
    """Return a page of a scan: its picture, and the lines that were recognised on it with their places."""
    article = next(iter(engine.articles([key])), None)
    file = original(visit, engine, article) if article else None
    if article is None or article.ocr is None or file is None or file.type not in SCANNED:
        missing()
    numbers = sorted({line[1] for line in article.ocr.lines})
    if number not in numbers:
        missing()
    place = numbers.index(number)
    return visit.render(
        "scan.html",
        query=Query(),
        article=article,
        original=file,
        page=number,
        before=numbers[place - 1] if place else 0,
        after=numbers[place + 1] if place + 1 < len(numbers) else 0,
        lines=list(_lines(article, number)),
    )


def picture(visit: Visit, engine: Engine, key: str, number: int) -> Response:
    """Send the picture of a page of a scan."""
    article = next(iter(engine.articles([key])), None)
    found = _file(visit, engine, article) if article and article.ocr else None
    if article is None or article.ocr is None or found is None:
        missing()
    if TYPES[Path(found.shown).suffix.lower()] not in SCANNED or number not in {line[1] for line in article.ocr.lines}:
        missing()
    return _jpeg(_picture(str(found.path), found.size, found.mtime, str(number - 1)))


def _jpeg(data: bytes) -> Response:
    if not data:
        missing()
    answer = make_response(data, 200, {"Content-Type": "image/jpeg"})
    answer.set_etag(hashlib.blake2b(data, digest_size=8).hexdigest())
    _lock(answer)
    answer.make_conditional(request)
    return answer


def embedded(visit: Visit, engine: Engine, key: str, number: int) -> Response:
    """Send a picture (from 1) that stands in the file of an article, made anew from its points."""
    article = next(iter(engine.articles([key])), None)
    found = _file(visit, engine, article) if article else None
    inside = [mark.url for mark in article.marks if mark.url.startswith(PART)] if article else []
    if found is None or not 0 < number <= len(inside):
        missing()
    name = unquote(urlsplit(inside[number - 1]).path)
    return _jpeg(_picture(str(found.path), found.size, found.mtime, f"{name}{WITHIN}0"))


def pictures(visit: Visit, article: Article, file: Original | None) -> Mapping[str, tuple[str, int, int]]:
    """Return address, width and height of the pictures in the file of an article, by their own addresses."""
    inside = [mark.url for mark in article.marks if mark.url.startswith(PART)] if file else []
    found = {}
    for number, url in enumerate(inside, 1):
        width, _, height = urlsplit(url).fragment.partition("x")
        found[url] = visit.links.page(f"/goc/{article.key}/anh/{number}.jpg"), int(width), int(height)
    return found


def _lines(article: Article, number: int) -> Iterator[tuple[int, str, int, int, int, int]]:
    """Yield the number, the words and the box (left, top, width, height) of each line of a page."""
    found = article.ocr.lines if article.ocr else ()
    ends = [*(line[0] for line in found[1:]), len(article.text)]
    for at, ((start, page, left, top, right, bottom), end) in enumerate(zip(found, ends, strict=True)):
        if page == number:
            yield at, article.text[start:end].strip(), left, top, right - left, bottom - top


@lru_cache(maxsize=16)
def _picture(path: str, size: int, mtime: int, address: str) -> bytes:
    """Return a page or a picture in a file of this size and time as JPEG."""
    del size, mtime
    return page_picture(Path(path), address)


def _file(visit: Visit, engine: Engine, article: Article) -> _Held | None:
    """Return the file as the last reindex saw it, if it still is the same; else its copy, where copies are kept."""
    settings = visit.site.settings
    suffix = Path(article.path).suffix.lower()
    if settings.originals == "off" or suffix not in TYPES:
        return None
    known = files(settings.generations, engine.generation).get(article.path)
    if known is None or known.file.size > MAX_COPY_BYTES:
        return None
    found = _unchanged(known, _built(settings.generations / engine.generation))
    if found is None and settings.originals == "copy":
        found = _copied(ledger.place_of_original(settings.index, known.digest, known.file.size), known.file)
    return found


def _unchanged(known: Entry, built: int) -> _Held | None:
    """Return a file of the corpus that is as it was read; built: when its generation was, in nanoseconds."""
    file = known.file
    try:
        now, (size, changed) = file.path.lstat(), stamp(file.path)
        inside = file.path.resolve().is_relative_to(Path(file.root).resolve())
        if not (stat.S_ISREG(now.st_mode) and size == file.size and inside):
            return None
        # A file written in the moment of the reindex has no time there: it must not be younger than the generation.
        same = changed == file.mtime if file.mtime else changed <= built
        # A file that came from a backup has another time and the same content.
        if not same and _digest(str(file.path), size, changed) != known.digest:
            return None
    except OSError:
        return None
    return _Held(file.path, file.shown, now.st_size, now.st_mtime_ns)


def _copied(copy: Path, file: File) -> _Held | None:
    """Return the copy of a file, None where there is none."""
    try:
        now = copy.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(now.st_mode):
        return None
    return _Held(copy, file.shown, now.st_size, now.st_mtime_ns)


def _built(folder: Path) -> int:
    try:
        return (folder / ledger.NAME).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def files(index: Path, generation: str) -> Mapping[str, Entry]:
    """Return the files of a generation by the name that articles keep; names that two folders share are left out."""
    try:
        entries = list(ledger.load(index / generation).entries.values())
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, BadZipFile, zlib.error):
        return {}  # `searchapp check` names the fault
    times = Counter(entry.file.shown for entry in entries)
    return {entry.file.shown: entry for entry in entries if times[entry.file.shown] == 1}


@lru_cache(maxsize=4096)
def _digest(path: str, size: int, mtime: int) -> int:
    """Return the digest of the ledger for a file of this size and time."""
    del size, mtime
    return content_digest(Path(path))


@lru_cache(maxsize=4096)
def _sha256(path: str, size: int, mtime: int) -> str:
    """Return the hash of a file of this size and time."""
    del size, mtime
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
