"""Find the citations of a stranger's text in windows, so that reading may stop and go on at an offset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from searchapp.article import Citation
from searchapp.citations.find.grammar import find_citations

WINDOW: Final = 8_000
"""Characters read at once: a fifth of a second where every word is a number."""
_BESIDE: Final = 600
"""Characters on either side of a window, as context for its citations."""


def citations_from(text: str, start: int = 0) -> Iterator[tuple[int, list[Citation]]]:
    """Yield, for each window from `start` on, its end and the citations that begin in it, by offsets of `text`."""
    at = start
    while at < len(text):
        end = _cut(text, at)
        first = max(0, at - _BESIDE)
        found = find_citations(text[first : end + _BESIDE])
        shifted = (replace(one, start=one.start + first, end=one.end + first) for one in found)
        yield end, [one for one in shifted if at <= one.start < end]
        at = end


def _cut(text: str, start: int) -> int:
    """Return the end of the window at `start`: behind a line that ends in its second half, else a word."""
    end = start + WINDOW
    if end >= len(text):
        return len(text)
    for sign in ("\n", " "):
        at = text.rfind(sign, start + WINDOW // 2, end)
        if at > 0:
            return at + 1
    return end
