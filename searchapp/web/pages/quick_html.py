"""Write HTML that a template would write too slowly: numbers kept on one line, and the boxes of a facet to tick.

Browsers break "20-NQ/TW" and "2021-2026" behind the hyphen. A macro for each of a hundred boxes costs a search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from markupsafe import Markup, escape

from searchapp.results import Piece, Value
from searchapp.web import links

LONGEST: Final = 24  # characters; a longer number may have to break on a phone
_WORD: Final = re.compile(rf"(?<!\S)(?=\S{{3,{LONGEST}}}(?!\S))\S+")
_BREAKS: Final = re.compile(r"[-–]|/[^\W\d]")
_MAY_BREAK: Final = re.compile(r"[-–/]")  # 15/9/2021 keeps together by itself
_AROUND: Final = '(“"[.,;:…”)]'
OPEN: Final = '<span class="whole">'
_CLOSE: Final = "</span>"


@lru_cache(1 << 13)
def whole(text: str) -> Markup:
    """Return a text as HTML, each of its numbers in one piece."""
    return pieces((Piece(text),)) if _MAY_BREAK.search(text) else escape(text)


def pieces(listed: Iterable[Piece]) -> Markup:
    """Return pieces of a text as HTML: marks, and a tag around each number to keep it on one line. No mark is cut in
    two.
    """
    full = [piece for piece in listed if piece.text]
    if not any(_MAY_BREAK.search(piece.text) for piece in full):
        return Markup("".join(f"<mark>{_plain(p.text)}</mark>" if p.marked else _plain(p.text) for p in full))
    starts = [0, *accumulate(len(piece.text) for piece in full)]
    text = "".join(piece.text for piece in full)
    # (place, order at this place, tag): closed from within, opened from without.
    tags: list[tuple[int, int, str]] = []
    for at, piece in enumerate(full):
        if piece.marked:
            tags += [(starts[at], 4, "<mark>"), (starts[at + 1], 1, "</mark>")]
    for start, end in _numbers(text):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if first == last:
            tags += [(start, 5, OPEN), (end, 0, _CLOSE)]
        elif not (full[first].marked and starts[first] < start) and not (full[last].marked and end < starts[last + 1]):
            tags += [(start, 3, OPEN), (end, 2, _CLOSE)]
    html: list[str] = []
    at = 0
    for where, _, tag in sorted(tags):
        html += (_plain(text[at:where]), tag)
        at = where
    return Markup("".join((*html, _plain(text[at:]))))


def _plain(text: str) -> str:
    """Escape a text like `escape`, without the check for markup."""
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        return str(escape(text))
    return text


def _numbers(text: str) -> Iterable[tuple[int, int]]:
    """Yield the places of words that have a digit and a place to break."""
    if not _MAY_BREAK.search(text):
        return
    for found in _WORD.finditer(text):
        word = found[0].lstrip(_AROUND)
        if _BREAKS.search(word) and any(map(str.isdigit, word)):
            yield found.end() - len(word), found.end() - len(word) + len(word.rstrip(_AROUND))


def boxes(
    facet: str, values: Sequence[Value], number: Callable[[int], str], form: str, vn: str, headed: bool
) -> Markup:
    """Return the values of a facet without levels; vn: the language of their labels; headed: below
    their groups' names.
    """
    name, said = links.parameter(facet, "")[0], ""
    html: list[str] = []
    begin = f'<li><label><input type="checkbox" form="{form}" name="{name}" value="'
    for value in values:
        if headed and value.group and value.group != said:
            said = value.group
            html.append(f'<li class="of"{vn}>{escape(said)}</li>\n')
        html.append(
            f'{begin}{_plain(value.value)}"{" checked" if value.selected else ""}> <span class="name"{vn}>'
            f'{whole(value.label)}</span> <span class="count">{number(value.count)}</span></label></li>\n'
        )
    return Markup("".join(html))


def dates(
    values: Sequence[Value], say: Callable[[str, Value], str], number: Callable[[int], str], form: str, depth: int = 0
) -> Markup:
    """Return years with the months of a chosen one, and those with their days. say: the label of a value."""
    html: list[str] = []
    for value in values:
        name, written = links.parameter("date", value.value)
        inside = f"<ul>{dates(value.children, say, number, form, depth + 1)}</ul>" if value.children else ""
        inner = ' class="in"' if depth else ""
        html.append(
            f'<li{inner}><label><input type="checkbox" form="{form}" name="{name}" '
            f'value="{escape(written)}"{" checked" if value.selected else ""}> <span class="name">'
            f'{escape(say("date", value))}</span> <span class="count">{number(value.count)}</span></label>\n'
            f"{inside}</li>\n"
        )
    return Markup("".join(html))
