"""Find the pages of a file that are pictures, and make sheets of them for Tesseract."""

from __future__ import annotations

import base64
import math
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath
from typing import Final, TypeAlias
from urllib.parse import quote

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from searchapp.article import PART, Anchor
from searchapp.errors import BadRecordError
from searchapp.readers import marks, office
from searchapp.readers.items import Scan, SheetImage
from searchapp.readers.scans import preparing

_DPI: Final = 200
"""The resolution of pages; 300 takes half as long again and reads no better (both .991 of the syllables)."""

_MAX_POINTS: Final = 80_000_000  # an A3 page at 600 dpi has 70 million
_MAX_COLOURED: Final = 40_000_000  # three bytes each
_MAX_RENDERED: Final = 16_000_000  # A2 at 200 dpi has 15 million
_MAX_FRAMES: Final = 5_000
_MIN_SIDE: Final = 100  # points; a smaller picture is an ornament

Image.MAX_IMAGE_PIXELS = None  # the limits above are narrower, and name the size

_FORMATS: Final = tuple(
    plugin.format
    for plugin in (PngImagePlugin.PngImageFile, JpegImagePlugin.JpegImageFile, TiffImagePlugin.TiffImageFile)
)
_A4: Final = 8.27, 17.0  # inches: the short side where the file does not say, and the largest credible side
_SMALLEST: Final = 3.0

Picture: TypeAlias = tuple[str, tuple[int, int], Anchor]
"""A picture in an office file: the name of its part, its size in points of a screen (0: unknown), its words."""


def rendered(data: bytes, page: int) -> Image.Image:
    """Return a page of a PDF (from 0) in colours at _DPI. Raises BadRecordError for a page that is
    broken or above A2.
    """
    try:
        sheet = pypdfium2.PdfDocument(data)[page]
        width, height = sheet.get_size()
        if width * height * (_DPI / 72) ** 2 > _MAX_RENDERED:
            millimetres = f"{width * 25.4 / 72:,.0f} × {height * 25.4 / 72:,.0f} mm"
            raise BadRecordError(f"a plan of {millimetres}: larger than A2")
        picture: Image.Image = sheet.render(scale=_DPI / 72, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError as error:
        raise BadRecordError(f"a broken PDF: {str(error)[:80]}") from None
    return picture.convert("RGB")


def frames(data: bytes) -> int:
    """Return the number of pages of an image file. Raises BadRecordError for another file, or one that is too large."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return min(int(getattr(_opened(data), "n_frames", 1)), _MAX_FRAMES)


def size(data: bytes) -> tuple[int, int]:
    """Return width and height of an image file in points, by its header. Raises BadRecordError as `frames`."""
    return _opened(data).size


def decoded(data: bytes, page: int = 0) -> Image.Image:
    """Return a page of an image file (from 0), at about _DPI. Raises BadRecordError for a broken or too large one."""
    with warnings.catch_warnings():
        # Pillow warns of sizes and of damaged metadata; the limits here are narrower, and damage does not matter.
        warnings.simplefilter("ignore")
        try:
            opened = _opened(data)
            opened.seek(page)
            _check_size(opened)
            inches = _dpi(opened)
            width, height = opened.size
            if opened.format == "JPEG":
                # A large photograph is decoded at a half or a quarter of its size.
                opened.draft(None, (int(width * _DPI / inches) + 1, int(height * _DPI / inches) + 1))
            return _scaled(_flat(opened), inches * opened.width / width)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
            raise BadRecordError(f"a broken image: {str(error)[:80]}") from None


def _opened(data: bytes) -> Image.Image:
    try:
        opened = Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise BadRecordError("no PNG, JPEG or TIFF image") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadRecordError(f"a broken image: {str(error)[:80]}") from None
    _check_size(opened)
    return opened


def _check_size(opened: Image.Image) -> None:
    """Check the header, before anything is decoded."""
    points = opened.width * opened.height
    limit = _MAX_POINTS if opened.mode in ("1", "L", "P") or opened.format == "JPEG" else _MAX_COLOURED
    if points > limit:
        raise BadRecordError(f"an image of {opened.width:,} × {opened.height:,} points: larger than {limit:,}")
    if min(opened.size) < _MIN_SIDE:
        raise BadRecordError(f"an image of {opened.width:,} × {opened.height:,} points: too small to be a page")


def _dpi(opened: Image.Image) -> float:
    """Return points an inch: the file's own value where it makes a sheet of paper, else the value for A4."""
    short = min(opened.size)
    said = opened.info.get("dpi", (0, 0))[0]
    dpi = float(said) if isinstance(said, (int, float)) or hasattr(said, "__float__") else 0.0
    usual, largest = _A4
    if dpi > 0 and math.isfinite(dpi) and _SMALLEST <= short / dpi <= largest:
        return dpi
    return short / usual


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in grey or three colours; transparent parts become paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("RGB")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def _scaled(picture: Image.Image, dpi: float) -> Image.Image:
    """Scale the picture to _DPI where it has clearly more, or clearly fewer, points an inch."""
    factor = _DPI / dpi
    if 0.75 <= factor <= 1.34:
        return picture
    factor = min(factor, 2.5, math.sqrt(_MAX_RENDERED / (picture.width * picture.height)))
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


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
    count = frames(data)
    yield Scan(name, tuple(map(str, range(count))), ("",) * count)


def of_images(members: Mapping[str, bytes], name: str) -> Iterator[Scan]:
    """Yield the Scans of an archive's images: images of one folder are one document, ordered by name."""
    folders: dict[str, list[str]] = {}
    for member in sorted(members, key=_natural):
        folders.setdefault(str(PurePosixPath(member).parent), []).append(member)
    for folder, found in folders.items():
        path = name if folder == "." else f"{name}/{folder}"
        pages = tuple(f"{member}{WITHIN}{page}" for member in found for page in range(frames(members[member])))[
            :MAX_PAGES
        ]
        yield Scan(path, pages, ("",) * len(pages))


def page_like(parts: Mapping[str, bytes]) -> list[str]:
    """Return the pictures of a Word file that may be scanned pages, by name, in order."""
    found = []
    for name in sorted(parts, key=_natural):
        if name.startswith("word/media/") and name.lower().endswith(IMAGES):
            try:
                short = min(size(parts[name]))
            except BadRecordError:
                continue
            if short >= _PAGE_LIKE:
                found.append(name)
    return found


def within(parts: Mapping[str, bytes], found: Iterable[Picture]) -> Iterator[Anchor]:
    """Yield the pictures of an office file; icons, ornaments and drawings that no browser shows are left out."""
    for name, drawn, anchor in islice(found, marks.MAX_MEDIA):
        try:
            real = size(parts.get(name, b""))
        except BadRecordError:
            continue
        width, height = drawn if min(drawn) else real
        if min(width, height) >= marks.ICON:
            url = f"{PART}{quote(name)}#{width}x{height}"
            yield replace(anchor, label=anchor.label[: marks.CAPTION], url=url)


def sheets(data: bytes, address: str, turn: int) -> Iterator[SheetImage]:
    """Yield the sheets of the page at an address; none for a blank page. Raises BadRecordError for a page without
    picture.
    """
    member, within, rest = address.partition(WITHIN)
    if within:
        yield from sheets(office.member(data, member), rest, turn)
        return
    page = int(address)
    shown = rendered(data, page) if data.lstrip()[:5] == b"%PDF-" else decoded(data, page)
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
    member, within, rest = address.partition(WITHIN)
    if within:
        yield from shown(office.member(data, member), rest)
        return
    page = int(address)
    whole = rendered(data, page) if data.lstrip()[:5] == b"%PDF-" else decoded(data, page)
    whole.thumbnail((_SHOWN_WIDTH, 4 * _SHOWN_WIDTH))
    written = BytesIO()
    whole.save(written, "JPEG", quality=_QUALITY, optimize=True)
    yield SheetImage(base64.b64encode(written.getvalue()).decode(), *whole.size, 0, 1_000_000, 0, 0)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts "trang 2" before "trang 10"."""
    return [
        (int(part), "") if part.isdecimal() and len(part) < 100 else (-1, part.lower())
        for part in _DIGITS.split(name)
        if part
    ]
