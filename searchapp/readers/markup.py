"""Paragraphs of a small piece of HTML, such as an entry of a feed: text only, one paragraph a line."""

from __future__ import annotations

from typing import Final

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_NOT_READ: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "form",
        "button",
        "select",
        "textarea",
    ]
)


def paragraphs(html: str) -> list[str]:
    """The paragraphs of a fragment, without scripts, styles and comments; text that is no HTML as it is."""
    if "<" not in html and "&" not in html:
        return [clean for line in html.split("\n") if (clean := " ".join(line.split()))]
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml.html.document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, ValueError):
        return []
    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            pieces += ["\n" if node.tag in _BLOCKS else "", " ".join((node.tail or "").split("\n"))]
        elif node.tag in _NOT_READ:
            walker.skip_subtree()
        else:
            pieces += ["\n" if node.tag in _BLOCKS else "", " ".join((node.text or "").split("\n"))]
    return [clean for line in "".join(pieces).split("\n") if (clean := " ".join(line.split()))]
