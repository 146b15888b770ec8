"""Image files (`.png`, `.jpg`, `.tif` of several pages): pages of a scan, for OCR to read."""

from __future__ import annotations

from searchapp.readers.items import Items
from searchapp.readers.scans.sheets import of_image


def read(data: bytes, name: str) -> Items:
    """Yield the one Scan of an image file. Raises BadRecordError for an image that is no page."""
    yield from of_image(data, name)
