"""Compute the automatic numbers of Word paragraphs ("Điều 1.", "a)"): the file has them as rules, not as text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

from searchapp.readers.visible import roman

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")


class Numbers:
    """The counters of one document; `label` is asked once for each paragraph, in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        """numbering, styles: the roots of numbering.xml and styles.xml, None where the file lacks them."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, Any]] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _MAX_LEVELS)
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._learn(numbering)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            self._styles[_value(style, "styleId")] = (_child(style, "basedOn"), style.find(f"{_W}pPr/{_W}numPr"))

    def _learn(self, numbering: Any) -> None:
        for abstract in numbering.iter(f"{_W}abstractNum"):
            self._levels[_value(abstract, "abstractNumId")] = {
                level: (_child(one, "numFmt") or "decimal", _child(one, "lvlText"), _number(_child(one, "start"), 1))
                for one in abstract.iter(f"{_W}lvl")
                if 0 <= (level := _number(_value(one, "ilvl"), 0)) < _MAX_LEVELS
            }
        for num in numbering.iter(f"{_W}num"):
            identity = _value(num, "numId")
            self._lists[identity] = _child(num, "abstractNumId")
            self._starts[identity] = {
                _number(_value(one, "ilvl"), 0): _number(start, 1)
                for one in num.iter(f"{_W}lvlOverride")
                if (start := _child(one, "startOverride"))
            }

    def label(self, paragraph: Any) -> str:
        """Return the label that Word shows before this paragraph: "Điều 3.", "" for a bullet or nothing."""
        identity, level = self._place(paragraph)
        levels = self._levels.get(self._lists.get(identity, ""), {})
        if level not in levels:
            return ""
        counts = self._counts[self._lists[identity]]
        self._count(identity, level, levels, counts)
        kind, text, _ = levels[level]
        if kind in ("bullet", "none"):
            return ""  # a sign of the page, not of the text

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return _written(counts[at], levels[at][0] if at in levels else "decimal")

        return _PLACEHOLDER.sub(shown, text)

    def _count(self, identity: str, level: int, levels: dict[int, tuple[str, str, int]], counts: list[int]) -> None:
        starts = self._starts.get(identity, {})
        if level in starts and (identity, level) not in self._begun:
            counts[level] = starts[level]
        else:
            counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        self._begun.add((identity, level))
        for lower in range(level + 1, _MAX_LEVELS):
            counts[lower] = 0
        for upper in range(level):
            counts[upper] = counts[upper] or (levels[upper][2] if upper in levels else 1)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph, its own or those of its style."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = _child(paragraph.find(f"{_W}pPr"), "pStyle")
        identity = _child(own, "numId") if own is not None else ""
        level = _child(own, "ilvl") if own is not None else ""
        for _ in range(_MAX_LEVELS):  # styles may be based on one another in a circle
            if (identity and level) or style not in self._styles:
                break
            style, numbered = self._styles[style]
            identity = identity or (_child(numbered, "numId") if numbered is not None else "")
            level = level or (_child(numbered, "ilvl") if numbered is not None else "")
        return identity, _number(level, 0)


def _written(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < count < 90:
        return roman(count) if kind == "lowerRoman" else roman(count).upper()
    return f"{count:02}" if kind == "decimalZero" else str(count)


def _child(element: Any | None, name: str) -> str:
    found = element.find(f"{_W}{name}") if element is not None else None
    return _value(found, "val") if found is not None else ""


def _value(element: Any, name: str) -> str:
    return str(element.get(f"{_W}{name}") or "")


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else otherwise
