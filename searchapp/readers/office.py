"""Open office files: ZIP containers judged by their content, and the Record that their lines make."""

from __future__ import annotations

import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Final

from searchapp.article import Anchor, Record
from searchapp.errors import BadRecordError
from searchapp.readers import marks, stated_facts
from searchapp.readers.items import Items, converted
from searchapp.text.encodings import repair


def record(
    lines: Sequence[str],
    name: str,
    *,
    title: str = "",
    joined: Callable[[list[str]], list[str]] = list,
    anchors: Sequence[tuple[int, Anchor]] = (),
    pages: Sequence[tuple[int, int]] = (),
) -> Items:
    """Yield the Record of these lines, or one for each document; blank lines and rules ("_____") are still among them.

    joined: makes paragraphs of lines, where the file has only lines. anchors: of the file, with the page
    of each; pages: their numbers, and the numbers of their first lines. Raises BadRecordError when there is no text.
    """
    found = repair("\n".join([title, *lines]))
    yield from converted(name, found)
    title, *repaired = found.text.split("\n")
    tidy = [" ".join(line.split()) for line in repaired]
    if not any(map(_says, tidy)):
        raise BadRecordError("no text", code="empty")
    for row, start, end in stated_facts.documents(repaired):
        text = "\n".join(joined(list(filter(_says, tidy[start:end]))))
        own = [(number, max(0, first - start)) for number, first in _pages_of(pages, start, end)]
        held = {number for number, _ in own}
        beside = [(number, anchor) for number, anchor in anchors if number in held or not number]
        placed = marks.in_order([*marks.pages(tidy[start:end], own)], beside)
        one = Record(title="" if row else title, text=text, path=name, row=row, anchors=placed)
        yield stated_facts.applied(one, stated_facts.heading_of(repaired[start:end], name, row))


def _says(line: str) -> bool:
    return line.strip("_-–—=*. ") != ""


def _pages_of(pages: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Return the pages of the lines from `start` to `end`, with the one on which they begin."""
    begun = bisect_right(pages, start, key=lambda page: page[1])
    return [page for number, page in enumerate(pages) if number >= begun - 1 and page[1] < end]


MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 64 << 20
_MAX_RATIO: Final = 100
_RATIO_MATTERS: Final = 1 << 20  # a file that unpacks to less than 1 MB does no harm
_CHUNK: Final = 1 << 16
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME: Final = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|spreadsheetml|presentationml|drawingml|officeDocument)/"
)
_DOCTYPE: Final = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)|\0<\0!\0(?:D\0O\0C|E\0N\0T)", re.IGNORECASE
)


def entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of all files in a ZIP, unpacked in memory one after the other. Nothing is written to
    disk.

    Raises BadRecordError for too many or repeated names, for damage and for a password. The same error stops a file
    that unpacks to more than MAX_UNPACKED or _MAX_RATIO times its size: sizes are counted while unpacking, because
    headers lie.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = _checked(archive.infolist())
            left = MAX_UNPACKED
            for info in infos:
                content = _unpacked(archive, info, left)
                left -= len(content)
                yield info.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise BadRecordError(f"a damaged ZIP: {str(error)[:80]}") from None


def member(data: bytes, name: str) -> bytes:
    """Return one file in a ZIP. Raises BadRecordError as `entries`, and where the file is missing."""
    found = next((content for member, content in entries(data) if member == name), None)
    if found is None:
        raise BadRecordError(f"{name} is not in the ZIP")
    return found


def parts(data: bytes) -> dict[str, bytes]:
    """Return all parts of a document in a ZIP by name. Raises BadRecordError as `entries`, and for
    any DTD in a part.
    """
    found = dict(entries(data))
    for name, content in found.items():
        if name.lower().endswith((".xml", ".rels")) and _DOCTYPE.search(content):
            raise BadRecordError(f"{name} has a DTD, which no document needs")
    return found


def transitional(data: bytes, found: dict[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """Return a document in strict Open XML under the names that every program of today writes.

    data, found: the file and its parts; both as they are where nothing is strict.
    """
    if not any(_STRICT in content for content in found.values()):
        return data, found
    made, parts = BytesIO(), {}
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in found.items():
            parts[name] = _STRICT_NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
            archive.writestr(name, parts[name])
    return made.getvalue(), parts


def _checked(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    if len(infos) > MAX_ENTRIES:
        raise BadRecordError(f"more than {MAX_ENTRIES:,} files in a ZIP", code="limit")
    if len({info.filename for info in infos}) < len(infos):
        raise BadRecordError("the same name twice in a ZIP")
    if any(info.flag_bits & 1 for info in infos):
        raise BadRecordError("has a password", code="locked")
    return [info for info in infos if not info.is_dir()]


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    content = bytearray()
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > left:
                raise BadRecordError(f"unpacks to more than {MAX_UNPACKED >> 20} MB", code="limit")
            if len(content) > max(_RATIO_MATTERS, _MAX_RATIO * info.compress_size):
                raise BadRecordError(f"unpacks to more than {_MAX_RATIO} times its size", code="limit")
    return bytes(content)
