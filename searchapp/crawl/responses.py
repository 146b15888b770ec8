"""Judge an answer: whether it is a page, whether the page is newer, and its demands on robots."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from searchapp.crawl.fetch import Answer
from searchapp.crawl.frontier import Known
from searchapp.readers.items import Link, Outline

HTML: Final = ("text/html", "application/xhtml+xml")


# Portals send attached documents with this type, so that browsers save them instead of showing them.
_ANY_FILE: Final = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/force-download",
    "application/download",
    "application/x-download",
)
_ENDINGS: Final = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".epub": "application/epub+zip",
    ".rtf": "application/rtf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

READABLE: Final = (*HTML, "text/plain", "text/rtf", *_ENDINGS.values())
"""The media types that have readers."""

# A pattern for the whole title, or one of its parts between bars: "Quyết định số 1404" and "404 hộ thoát nghèo" are
# pages.
_MISSING: Final = re.compile(
    r"(?:trang\s|page\s)?(?:lỗi|error|http|mã lỗi)?\s*:?\s*404(?:\s(?:error|lỗi|(?:page\s|file\s)?not found"
    r"|không .*|trang .*))?[.!]?"
    r"|(?:error\s)?(?:page|file|document)?\s?not found[.!]?"
    r"|(?:rất tiếc,?\s|xin lỗi,?\s)?không tìm thấy(?:\s(?:trang|nội dung|bài viết|dữ liệu|đường dẫn|tin"
    r"|kết quả)(?:\s.{0,40})?)?[.!]?"
    r"|(?:trang|nội dung|bài viết|đường dẫn|tin bài)(?:\s.{0,30})? (?:không tồn tại|không tìm thấy)(?:\s.{0,30})?[.!]?"
)
_PARTS: Final = re.compile(r"\s*[|»›:]\s*|\s+[-–—]\s+")


def kind_of(answer: Answer) -> str:
    """Return the media type; where it is missing or only says "a file", the type of the address's
    ending, else a page.
    """
    told = answer.header("content-type").partition(";")[0].strip().lower()
    if told not in _ANY_FILE:
        return told
    ending = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    return _ENDINGS.get(ending, told or HTML[0])


def is_missing(outline: Outline, soft: int) -> bool:
    """Tell whether a page only says that there is none, though the server sent it as a page.

    soft: word hash of the site's page for an impossible address.
    """
    title = outline.title.lower().strip()
    return (outline.words == soft != 0) or any(map(_MISSING.fullmatch, (title, *_PARTS.split(title))))


def text_of(outline: Outline, *, own: bool = True) -> int:
    """Return a hash of a page's text, 0 without any: its letters, and title and sentences with their figures.

    Pages whose sentences differ in figures alone are different pages, such as monthly notices. Clocks and counters
    beside the text make no new page. own: whether it has sentences of its own.
    """
    if not outline.prose or not own:
        return outline.words  # no text to read: the days of a calendar are one page
    said = f"{outline.words} {outline.title} {outline.prose}".encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), signed=True) or 1


def asks(outline: Outline, answer: Answer) -> set[str]:
    """Return the demands of a page or its server on robots: noindex, nofollow, …"""
    said = {*outline.robots.split(), *(part.strip().lower() for part in answer.header("x-robots-tag").split(","))}
    return said | ({"noindex", "nofollow"} if "none" in said else set())


def is_newer(link: Link, known: Known) -> bool:
    """Tell whether a page has changed since the last visit, by a sitemap or feed."""
    return link.changed > known.changed if known.changed else link.changed[:10] > known.captured[:10]
