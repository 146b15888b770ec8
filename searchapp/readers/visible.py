"""Add to a tree the text that only a browser shows: numbers of lists, and notes raised above a line."""

from __future__ import annotations

import re
from typing import Any, Final

_MAX_ITEMS: Final = 2_000
"""The most numbered items of a page; a longer list is data."""

UNITS: Final = re.compile(r"(?:^|[\s\d/(])(?:[kmcdµ]?m|ha|inch|in|ft|CO|10)$|(?<=\d)x?10$")
"""Units: a raised digit after them is a power or a square, not a note."""
_NOTE: Final = re.compile(r"[\s\[(]*(?:\d{1,3}|\*{1,3}|[a-z])[\s\])]*")
_POWERS: Final = {"2": "²", "3": "³"}
_ROMAN: Final = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def settle(tree: Any) -> None:
    """Write the numbers of lists into their items, and remove marks of notes that look like numbers."""
    _number_lists(tree)
    for raised in list(tree.iter("sup")):
        text = raised.text_content()
        if raised.getparent() is None or not _NOTE.fullmatch(text):
            continue
        if UNITS.search(_before(raised)) and raised.find(".//a") is None:
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
    return _POWERS.get(text.strip(), text) if UNITS.search(before[-12:]) else ""


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
