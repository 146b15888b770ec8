"""What an answer tells about its page: whether it is one, is newer, and what it asks of robots."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from searchapp.crawl.fetch import Answer
from searchapp.crawl.frontier import Known
from searchapp.readers.items import Link, Outline

HTML: Final = ("text/html", "application/xhtml+xml")
READABLE: Final = (
    *HTML,
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/epub+zip",
)
"""What there are readers for."""

# Portals send attached documents so, to have them saved rather than shown.
_ANY_FILE: Final = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/force-download",
    "application/download",
    "application/x-download",
)
_ENDINGS: Final = dict(zip((".pdf", ".doc", ".docx", ".odt", ".epub"), READABLE[-5:], strict=True))

_MISSING: Final = ("404", "không tìm thấy", "không tồn tại", "not found")


def kind_of(answer: Answer) -> str:
    """Its media type; where it says none, or only that it is a file, what its address ends in, else a page."""
    told = answer.header("content-type").partition(";")[0].strip().lower()
    if told not in _ANY_FILE:
        return told
    ending = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    return _ENDINGS.get(ending, told or HTML[0])


def is_missing(outline: Outline, soft: int) -> bool:
    """Whether a page only says that there is none, though it was sent as one.

    soft: words of what the site shows for an address that cannot exist.
    """
    title = outline.title.lower()
    return (outline.words == soft != 0) or any(title.startswith(sign) or title.endswith(sign) for sign in _MISSING)


def asks(outline: Outline, answer: Answer) -> set[str]:
    """What the page or its server asks of robots: noindex, nofollow, …"""
    said = {*outline.robots.split(), *(part.strip().lower() for part in answer.header("x-robots-tag").split(","))}
    return said | ({"noindex", "nofollow"} if "none" in said else set())


def is_newer(link: Link, known: Known) -> bool:
    """Whether a page has changed since it was last seen, as a sitemap or feed says."""
    return link.changed > known.changed if known.changed else link.changed[:10] > known.captured[:10]
