"""Turn HTML into lines of text: all that a browser shows, one paragraph a line, navigation included."""

from __future__ import annotations

import re
from typing import Any, Final

import lxml.html  # type: ignore[import-untyped]
from lxml import etree
from lxml.cssselect import CSSSelector  # type: ignore[import-untyped]

from searchapp.errors import BadRecordError

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

_MAX_ITEMS: Final = 2_000
"""The most numbered items of a page; a longer list is data."""

_UNITS: Final = re.compile(r"(?:^|[\s\d/(])(?:[kmcdµ]?m|ha|inch|in|ft|CO|10)$|(?<=\d)x?10$")
"""Units: a raised digit after them is a power or a square, not a note."""
_NOTE: Final = re.compile(r"[\s\[(]*(?:\d{1,3}|\*{1,3}|[a-z])[\s\])]*")
_POWERS: Final = {"2": "²", "3": "³"}
_ROMAN: Final = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


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
        settle(tree)
        return lines(tree)
    except BadRecordError:
        return []


def settle(tree: Any) -> None:
    """Write the numbers of lists into their items, and remove marks of notes that look like numbers."""
    _number_lists(tree)
    for raised in list(tree.iter("sup")):
        text = raised.text_content()
        if raised.getparent() is None or not _NOTE.fullmatch(text):
            continue
        if _UNITS.search(_before(raised)) and raised.find(".//a") is None:
            _replace(raised, _POWERS.get(text.strip(), text))
        else:
            _replace(raised, "")


def raised(text: str, before: str) -> str:
    """Return the text that remains of raised text after `before`: nothing of a note's mark.

    >>> raised("2", "100 m"), raised("4", "05-NQ/TU"), raised("er", "1")
    ('²', '', 'er')
    """
    if not _NOTE.fullmatch(text):
        return text
    return _POWERS.get(text.strip(), text) if _UNITS.search(before[-12:]) else ""


_LISTED: Final = re.compile(r"<(?P<end>/?)(?P<tag>ol|ul|li)(?P<facts>(?:\s[^<>]{0,500})?)>", re.IGNORECASE)
_FACT: Final = re.compile(r"\b(?P<name>type|start|value)\s*=\s*[\"']?(?P<value>\w{1,6})", re.IGNORECASE)
_MAX_NESTED: Final = 50


def numbered(html: str) -> str:
    """Write the numbers of lists into their items, in HTML that nobody parses.

    >>> numbered("<ol><li>Một</li><li>Hai</li></ol>")
    '<ol><li>1. Một</li><li>2. Hai</li></ol>'
    """
    lists: list[tuple[str, int] | None] = []  # kind and next number of those that are open; None: without numbers

    def labelled(found: re.Match[str]) -> str:
        tag, facts = found["tag"].lower(), {one["name"].lower(): one["value"] for one in _FACT.finditer(found["facts"])}
        if tag != "li":
            if found["end"]:
                del lists[-1:]
            elif len(lists) < _MAX_NESTED:
                lists.append((facts.get("type", "1"), _whole(facts.get("start"), 1)) if tag == "ol" else None)
            return found[0]
        if found["end"] or not lists or lists[-1] is None:
            return found[0]
        kind, value = lists[-1]
        value = _whole(facts.get("value"), value)
        lists[-1] = kind, value + 1
        return f"{found[0]}{_label_of(value, kind)} "

    return _LISTED.sub(labelled, html)


def _before(element: Any) -> str:
    """Return the text right before an element."""
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or previous.text_content())[-12:]
    return str(element.getparent().text or "")[-12:]


def _replace(element: Any, text: str) -> None:
    element.text, tail = text, element.tail
    element.tail = None
    for child in list(element):
        element.remove(child)
    element.tail = tail
    element.drop_tag()


def _number_lists(tree: Any) -> None:
    done = 0
    for numbered in tree.iter("ol"):
        items = [item for item in numbered if item.tag == "li"]
        done += len(items)
        if done > _MAX_ITEMS:
            return
        kind, value = numbered.get("type", "1"), _whole(numbered.get("start"), 1)
        if "list-style" in numbered.get("style", "") and "none" in numbered.get("style", ""):
            continue
        for item in items:
            value = _whole(item.get("value"), value)
            label = _label_of(value, kind)
            inner = (
                next((one for one in item if one.tag in ("p", "div")), None) if not (item.text or "").strip() else None
            )
            place = item if inner is None else inner
            place.text = f"{label} {(place.text or '').lstrip()}"
            value += 1


def _label_of(value: int, kind: str) -> str:
    """Return the number of an item as a browser shows it: "1.", "a)", "IV."."""
    if kind in ("a", "A") and 0 < value <= 26:
        letter = chr(ord("a") + value - 1)
        return f"{letter})" if kind == "a" else f"{letter.upper()}."
    if kind in ("i", "I") and 0 < value < 40:
        return f"{roman(value) if kind == 'i' else roman(value).upper()}."
    return f"{value}."


def roman(value: int) -> str:
    """Return a number below 90 in small Roman letters."""
    letters = ""
    for size, letter in _ROMAN:
        while value >= size:
            letters, value = letters + letter, value - size
    return letters


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise
