"""Find the pages of a file that are pictures, and make sheets of them for Tesseract, in the reader process."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from searchapp.errors import BadRecordError
from searchapp.readers import package
from searchapp.readers.items import Scan, SheetImage
from searchapp.readers.scans import picture, preparing

IMAGES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
MAX_PAGES: Final = 5_000
WITHIN: Final = "!"
"""The separator of an address: "tap 1/trang 2.tif!0" is the first page of an image in an archive."""

_SHOWN_WIDTH: Final = 1_200
"""Points; the small letters of a gazette are read at this width."""
_QUALITY: Final = 60
_DIGITS: Final = re.compile(r"(\d+)")
_PAGE_LIKE: Final = 700  # points of the short side; a larger picture in a Word file may be a page


def of_image(data: bytes, name: str) -> Iterator[Scan]:
    """Yield the one Scan of an image file. Raises BadRecordError for an unreadable image."""
    count = picture.frames(data)
    yield Scan(name, tuple(map(str, range(count))), ("",) * count)


def of_images(members: Mapping[str, bytes], name: str) -> Iterator[Scan]:
    """Yield the Scans of an archive's images: images of one folder are one document, ordered by name."""
    folders: dict[str, list[str]] = {}
    for member in sorted(members, key=_natural):
        folders.setdefault(str(PurePosixPath(member).parent), []).append(member)
    for folder, found in folders.items():
        path = name if folder == "." else f"{name}/{folder}"
        pages = tuple(f"{member}{WITHIN}{page}" for member in found for page in range(picture.frames(members[member])))[
            :MAX_PAGES
        ]
        yield Scan(path, pages, ("",) * len(pages))


def page_like(parts: Mapping[str, bytes]) -> list[str]:
    """Return the pictures of a Word file that may be scanned pages, by name, in order."""
    found = []
    for name in sorted(parts, key=_natural):
        if name.startswith("word/media/") and name.lower().endswith(IMAGES):
            try:
                size = picture.size(parts[name])
            except BadRecordError:
                continue
            if min(size) >= _PAGE_LIKE:
                found.append(name)
    return found


def sheets(data: bytes, address: str, turn: int) -> Iterator[SheetImage]:
    """Yield the sheets of the page at an address; none for a blank page. Raises BadRecordError for a page without
    picture.
    """
    member, within, rest = address.partition(WITHIN)
    if within:
        yield from sheets(package.member(data, member), rest, turn)
        return
    page = int(address)
    shown = picture.rendered(data, page) if data.lstrip()[:5] == b"%PDF-" else picture.decoded(data, page)
    for sheet in preparing.prepared(shown, turn):
        written = BytesIO()
        sheet.picture.save(written, "PNG", compress_level=1)
        yield SheetImage(
            base64.b64encode(written.getvalue()).decode(),
            *sheet.picture.size,
            round(sheet.left * 1e6),
            round(sheet.right * 1e6),
            sheet.turn,
            round(sheet.angle * 1e3),
        )


def shown(data: bytes, address: str) -> Iterator[SheetImage]:
    """Yield the page at an address as a picture for visitors. Raises BadRecordError for a page without picture."""
    page = int(address)
    whole = picture.rendered(data, page) if data.lstrip()[:5] == b"%PDF-" else picture.decoded(data, page)
    whole.thumbnail((_SHOWN_WIDTH, 4 * _SHOWN_WIDTH))
    written = BytesIO()
    whole.save(written, "JPEG", quality=_QUALITY, optimize=True)
    yield SheetImage(base64.b64encode(written.getvalue()).decode(), *whole.size, 0, 1_000_000, 0, 0)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts "trang 2" before "trang 10"."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in _DIGITS.split(name) if part]
