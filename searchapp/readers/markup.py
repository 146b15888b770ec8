"""Turn HTML into lines of text: all visible text, one paragraph a line, navigation included."""

from __future__ import annotations

from typing import Any, Final

import lxml.html  # type: ignore[import-untyped]
from lxml import etree
from lxml.cssselect import CSSSelector  # type: ignore[import-untyped]

from searchapp.errors import BadRecordError
from searchapp.readers import visible

BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
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
NOT_READ: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "head",
        "button",
        "select",
        "textarea",
    ]
)


def parse(html: str) -> Any:
    """Return the tree of a page or fragment. Raises BadRecordError for other content, or a tree too
    deep to be whole.
    """
    tree, deep = _parsed(html, huge_tree=False)
    if deep:
        # The parser silently leaves out elements below 256 levels; browsers show 512 levels.
        tree, deep = _parsed(html, huge_tree=True)
        if not deep:
            _flatten(tree)
    if deep:
        raise BadRecordError("tags nested too deep to be read")
    return tree


_LEVELS: Final = 256
"""As deep as the parser reads by itself. What looks for a page's text asks every element for all above it."""


def _flatten(tree: Any) -> None:
    """Put what is below _LEVELS behind the element that it is in, as browsers do; its text keeps order and lines."""
    depth, edge = 0, []
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _LEVELS and len(node):
            edge.append(node)
    below = [child for node in edge for child in _moved(node)]
    while below:
        node = below.pop()
        below.extend(_moved(node))
        if node.tag in BLOCKS:  # a line of the element above
            node.tag, node.tail, node.text = "br", (node.text or "") + (node.tail or ""), None


def _moved(node: Any) -> list[Any]:
    """Move the children of an element behind it, and its tail behind them; return them."""
    children = list(node)
    if node.tail:
        after = node.makeelement("br" if node.tag in BLOCKS else "span")
        after.tail, node.tail = node.tail, None
        node.addnext(after)
    for child in reversed(children):
        node.addnext(child)
    return children


def _parsed(html: str, *, huge_tree: bool) -> tuple[Any, bool]:
    """Return the tree, and whether it was too deep to be whole."""
    # Bytes of a known encoding, because lxml refuses text that declares an encoding.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=huge_tree
    )
    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise BadRecordError(f"not HTML: {str(error)[:80]}", code="format") from None
    return tree, any("depth" in entry.message for entry in parser.error_log)


def lines(tree: Any) -> list[str]:
    """Return the lines of text below an element, in order; any depth is fine."""
    pieces: list[str] = []
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walker:
        hidden = event == "start" and node.tag in NOT_READ
        if hidden:
            walker.skip_subtree()
        if node.tag in BLOCKS:
            pieces.append("\n")
        text = "" if hidden else (node.text if event == "start" else node.tail)
        # Line breaks of the source are spaces.
        pieces.append((text or "").replace("\n", " "))
    return [clean for line in "".join(pieces).split("\n") if (clean := " ".join(line.split()))]


def elements(tree: Any, selector: str) -> list[Any]:
    """Return the elements that a CSS selector finds, in order; nothing for no selector."""
    return list(CSSSelector(selector, translator="html")(tree)) if selector else []


def selected(tree: Any, selector: str) -> list[str]:
    """Return the lines of text that a CSS selector finds."""
    return [line for element in elements(tree, selector) for line in lines(element)]


def values(element: Any) -> list[str]:
    """Return the values that an element states for programs, then its visible text."""
    return [*filter(None, (element.get("datetime"), element.get("content"))), " ".join(lines(element))]


def paragraphs(html: str) -> list[str]:
    """Return the lines of a piece of HTML, such as an entry of a feed; unmarked text keeps its lines."""
    if "<" not in html and "&" not in html:
        return [clean for line in html.split("\n") if (clean := " ".join(line.split()))]
    try:
        tree = parse(html)
        visible.settle(tree)
        return lines(tree)
    except BadRecordError:
        return []
