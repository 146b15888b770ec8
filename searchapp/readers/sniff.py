"""Tell a file's format by its content: office programs and portals save web pages, RTF and DOCX as `.doc`."""

from __future__ import annotations

import re
from typing import Final

OFFICE: Final = frozenset({".doc", ".docx", ".docm", ".odt", ".rtf"})
"""Endings that say only "a text of an office program": the content of such a file decides its format."""

PACKAGE: Final = b"PK\x03\x04"
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
PDF: Final = b"%PDF-"
RTF: Final = b"{\\rtf"
_GLANCE: Final = 4_096
_PARTS: Final = (
    (b"word/document.xml", ".docx"), (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"ppt/presentation", ".pptx"), (b"xl/workbook.xml", ".xlsx"), (b"META-INF/container.xml", ".epub"),
    (b"word/", ".docx"),
)  # fmt: skip
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table)[\s>]", re.IGNORECASE)
_MESSAGE: Final = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){1,40}?Content-Type:", re.IGNORECASE)


def sniffed(ending: str, data: bytes) -> str:
    """Return the ending that a file with this ending should have by its content. The same ending where the name is
    right.

    >>> sniffed(".doc", b"{\\\\rtf1 ..."), sniffed(".doc", b"<html><body>"), sniffed(".txt", b"<html>")
    ('.rtf', '.html', '.txt')
    """
    if ending not in OFFICE:
        return ending
    head = data[:_GLANCE].lstrip(b"\xef\xbb\xbf\r\n\t \0")
    if data.startswith(PACKAGE):
        return next((meant for part, meant in _PARTS if part in data), ending)
    if data.startswith(OLD_OFFICE):
        return ".doc"
    if PDF in data[:1024]:
        return ".pdf"
    if head.startswith(RTF):
        return ".rtf"
    if _MESSAGE.match(head):
        return ".mht"
    return ".html" if _HTML.search(head.replace(b"\0", b"")) else ending


_LITTER: Final = re.compile(r"\.|~\$|__MACOSX$|(?:eh)?thumbs\.db$|desktop\.ini$", re.IGNORECASE)


def is_litter(name: str) -> bool:
    """Tell whether a file is litter, by its name or one of its folders.

    >>> is_litter("van-ban/~$qd-12.docx"), is_litter("__MACOSX/._a.txt"), is_litter("van-ban/qd-12.docx")
    (True, True, False)
    """
    if "/" not in name:
        return _LITTER.match(name) is not None and name not in (".", "..")
    return any(_LITTER.match(part) for part in name.split("/") if part not in ("", ".", ".."))
