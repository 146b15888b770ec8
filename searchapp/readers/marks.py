"""Keep the parts of a source that are no text: where pages begin, pictures and films, footnotes, merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from searchapp.article import Anchor, Mark
from searchapp.readers.markup import BLOCKS, NOT_READ
from searchapp.text.normalize import normalize

WORDS: Final = 48
"""Characters of the words before or after an anchor: they stand once in most texts."""
MAX_MEDIA: Final = 200
MAX_NOTES: Final = 2_000
MAX_SPAN: Final = 50
"""The most columns or rows that one cell covers: more is a mistake, or an attack."""
CAPTION: Final = 300
_MAX_URL: Final = 2_000

_WINDOW: Final = 60_000
"""Characters after the last page in which the next one begins; each missing page widens them."""
_SPACES: Final = re.compile(r"\s+")
_LETTERS: Final = re.compile(r"[^\W_]+")
_ROW: Final = re.compile(r"^.*[^\s|].*\|.*$|^\|.*$", re.MULTILINE)

_FILMS: Final = re.compile(r"//(?:www\.)?(?:youtube(?:-nocookie)?\.com/embed/|player\.vimeo\.com/|[^/]+/[^?#]*\.mp4)")
_PLAYERS: Final = {"video": "video", "audio": "audio", "iframe": "video"}
ICON: Final = 60
"""Pixels: a smaller picture is an icon."""
_ROW_CHARS: Final = 5_000
_LEADING: Final = re.compile(
    r"^(?:\s*[\[(]\s*(?:\d{1,3}|\*{1,3}|[a-z])\s*[\])]|\s*(?:\d{1,3}|\*{1,3})(?=\s|[^\W\d_]))\s*"
)
_DIGITS: Final = 6  # of a number of points or cells that are read
_SIGN: Final = re.compile(r"[\s\[(]*(?P<sign>\d{1,3}|\*{1,3}|[a-z])[\s\])]*")


def placed(anchors: Sequence[Anchor], text: str, base: str) -> tuple[Mark, ...]:
    """Return the anchors at their places in the text, in order; those whose words it does not have are left out.

    base: the address of the page, for addresses that count from it.
    """
    pages = dict(_pages(anchors, text))
    found = [*pages.values(), *_rows(anchors, text)]
    end = 0
    for anchor in anchors:
        if anchor.kind == "page":
            end = pages[anchor.label].at if anchor.label in pages else end
        elif anchor.kind == "note":
            at = _behind(anchor, text, end, alone=not pages)
            to = _found(_clean(anchor.note), text, at) if at >= 0 else -1
            found += [Mark(kind="note", at=at, label=anchor.label, to=to)] if to > at else []
            end = max(end, at)
        elif anchor.kind != "row" and (at := _place(anchor, text, end)) >= 0:
            end = at
            with suppress(ValueError):  # an address that is none ("http://[x") shows no picture, and costs no article
                url = urljoin(base, anchor.url) if base else anchor.url
                found.append(Mark(kind=anchor.kind, at=at, label=_clean(anchor.label), url=url[:_MAX_URL]))
    return tuple(sorted(found, key=lambda mark: mark.at))


def pages(lines: Sequence[str], starts: Iterable[tuple[int, int]]) -> Iterator[Anchor]:
    """Yield an anchor for each page that has text. starts: number of the page and of its first line."""
    for number, first in starts:
        before = next((line for line in reversed(lines[max(0, first - 5) : first]) if _said(line)), "")
        after = next((line for line in lines[first : first + 5] if _said(line)), "")
        if after:
            yield Anchor(kind="page", before=before[-WORDS:], after=after[:WORDS], label=str(number))


def in_order(pages: Sequence[Anchor], others: Sequence[tuple[int, Anchor]]) -> tuple[Anchor, ...]:
    """Return the beginnings of pages, each with the other anchors of its page behind it."""
    numbered = [(int(page.label), page) for page in pages]
    return tuple(anchor for _, anchor in sorted([*numbered, *others], key=lambda one: one[0]))


def _said(line: str) -> str:
    return line.strip("_-–—=*. ")


def _clean(words: str) -> str:
    return " ".join(normalize(words).split())


def _pages(anchors: Sequence[Anchor], text: str) -> Iterator[tuple[str, Mark]]:
    end, missed = 0, 1
    for anchor in anchors:
        if anchor.kind != "page":
            continue
        window = text[end : end + missed * _WINDOW]
        before, after = (re.escape(_clean(words)) for words in (anchor.before, anchor.after))
        found = re.search(rf"{before}(?P<between>\s*){after}", window) if before else None
        place = found.end("between") if found else window.find(_clean(anchor.after)) if not before else -1
        if place < 0:
            missed = min(missed + 1, 5)
            continue
        end, missed = end + place, 1
        yield anchor.label, Mark(kind="page", at=end, label=anchor.label)


def _behind(anchor: Anchor, text: str, start: int, *, alone: bool) -> int:
    """Return the place of a note's mark, from a place on; alone: no page tells where it may stand. -1: nowhere."""
    before, after = _clean(anchor.before), _clean(anchor.after)
    whole = re.compile(rf"{re.escape(before)}(?=\s*{re.escape(after)})")
    if found := whole.search(text, max(0, start - len(before))):
        return found.end()
    at = _found(before, text, start) if alone else text.find(before, start)
    return at + len(before) if at >= 0 else -1


def _place(anchor: Anchor, text: str, start: int) -> int:
    """Return the place of an anchor: behind its words before, else before those after; -1 where it is not in the text.

    A picture without a caption must stand within the text: behind the last line come those of other articles.
    """
    before, after = (_found(_clean(words), text, start) for words in (anchor.before, anchor.after))
    if anchor.kind == "image" and (before < 0 or after < 0):
        return -1
    if before >= 0:
        return before + len(_clean(anchor.before))
    return after


def _found(words: str, text: str, start: int) -> int:
    found = text.find(words, max(0, start - len(words))) if words else -1
    return found if found >= 0 or not words else text.find(words)


def _rows(anchors: Sequence[Anchor], text: str) -> Iterator[Mark]:
    wanted = [anchor for anchor in anchors if anchor.kind == "row"]
    lines = [(found.start(), "".join(_LETTERS.findall(found[0]))) for found in _ROW.finditer(text)] if wanted else []
    at = 0
    for anchor in wanted:
        letters = "".join(_LETTERS.findall(_clean(anchor.after)))
        hit = next((number for number in range(at, len(lines)) if lines[number][1] == letters), -1) if letters else -1
        if hit >= 0:
            at = hit + 1
            yield Mark(kind="row", at=lines[hit][0], label=anchor.label)


def cells(spans: Iterable[tuple[str, int, int]]) -> str:
    """Return the label of a row: text, columns and rows of each cell.

    >>> cells([("Tên", 1, 2), ("", 2, 1)])
    '1x2 -2x1'
    """
    return " ".join(
        f"{'' if text.strip() else '-'}{min(across, MAX_SPAN)}x{min(down, MAX_SPAN)}" for text, across, down in spans
    )


def of_page(tree: Any) -> tuple[Anchor, ...]:
    """Return the anchors of a web page, as a reader of the page meets them."""
    return tuple(_Walk(tree).anchors())


class _Walk:
    """One walk over a page: the line so far, the line before, and the pictures that wait for the words after them."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._line = ""
        self._before = ""
        self._waiting: list[Anchor] = []
        self._found: list[Anchor] = []
        self._ahead = {name: one for one in tree.iter() for name in _names(one)}

    def anchors(self) -> list[Anchor]:
        walker = etree.iterwalk(self._tree, events=("start", "end"))
        for event, node in walker:
            if node.tag in BLOCKS:
                self._ended()
            if event == "end":
                self._found += _merged(node) if node.tag == "table" else []
                self._read(node.tail)
                continue
            for name in _names(node):
                self._ahead.pop(name, None)
            if self._met(node) or node.tag in NOT_READ:
                walker.skip_subtree()
            else:
                self._read(node.text)
        self._ended()
        return self._found

    def _read(self, text: str | None) -> None:
        if text and (self._line or text.strip()):
            self._line += _SPACES.sub(" ", text)

    def _ended(self) -> None:
        line, self._line = self._line.strip(), ""
        if line:
            self._found += [replace(one, after=line[:WORDS]) for one in self._waiting]
            self._waiting.clear()
            self._before = line

    def _met(self, node: Any) -> bool:
        """Keep a picture, a film or the mark of a note; tell whether its own text is no text of the line."""
        if node.tag == "img" or node.tag in _PLAYERS:
            url = _address(node)
            if url and len(self._waiting) + len(self._found) < MAX_MEDIA:
                before = (self._line.strip() or self._before)[-WORDS:]
                kind, caption = _captioned(node)
                self._waiting.append(Anchor(kind=kind, before=before, label=caption, url=url))
            return bool(node.tag != "img")
        sign = _SIGN.fullmatch(node.text_content()) if node.tag in ("sup", "a") else None
        if sign and self._line.strip() and len(self._found) < MAX_NOTES and (words := self._note(node)):
            before = self._line.rstrip()[-WORDS:]
            self._found.append(Anchor(kind="note", before=before, label=sign["sign"], note=words))
        return node.tag == "sup" and sign is not None

    def _note(self, node: Any) -> str:
        """Return the first words of the note that a mark leads to. A link back leads to what is no longer ahead."""
        link = node if node.tag == "a" else node.find(".//a")
        href = (link.get("href") or "") if link is not None else ""
        target = self._ahead.get(href[1:]) if href.startswith("#") else None
        if target is None:
            return ""
        words = _SPACES.sub(" ", target.text_content()).strip()
        if (not words or _SIGN.fullmatch(words)) and target.getparent() is not None:
            words = _SPACES.sub(" ", target.getparent().text_content()).strip()
        return _LEADING.sub("", words)[:WORDS].strip()


def _names(node: Any) -> tuple[str, ...]:
    return tuple(filter(None, (node.get("id"), node.get("name")))) if isinstance(node.tag, str) else ()


def _address(node: Any) -> str:
    """Return the address of a picture or film; "" for icons, for pictures within the page and for other frames."""
    places = [node, *node.iter("source")] if node.tag != "img" else [node]
    urls = (one.get(name) for one in places for name in ("data-src", "data-original", "src"))
    url = next((url.strip() for url in urls if url and not url.strip().startswith(("data:", "blob:"))), "")
    if node.tag == "iframe" and not _FILMS.search(url):
        return ""
    small = any(0 <= _figure(node, side) < ICON for side in ("width", "height"))
    return "" if small or len(url) > _MAX_URL else url


def _captioned(node: Any) -> tuple[str, str]:
    """Return the kind and the caption: of its figure, else its own words for people who do not see it."""
    figure = next(node.iterancestors("figure"), None)
    said = figure.find(".//figcaption") if figure is not None else None
    caption = " ".join(said.text_content().split()) if said is not None else ""
    own = next((node.get(name) for name in ("alt", "title", "aria-label") if node.get(name)), "")
    kind = _PLAYERS.get(node.tag) or ("figure" if caption else "image")
    return kind, (caption or " ".join(own.split()))[:CAPTION]


def _merged(table: Any) -> list[Anchor]:
    """Return an anchor for each row of a table with merged cells."""
    rows = [list(row.iterchildren("td", "th")) for row in table.xpath("./tr | ./*/tr")[:MAX_NOTES]]
    if all(_span(cell, "colspan") == _span(cell, "rowspan") == 1 for row in rows for cell in row):
        return []  # nothing is read of the tables within tables, which would read each text many times
    spans = [[(one.text_content(), _span(one, "colspan"), _span(one, "rowspan")) for one in row] for row in rows]
    return [
        Anchor(kind="row", after=" ".join(text for text, _, _ in row)[:_ROW_CHARS], label=cells(row)) for row in spans
    ]


def _span(cell: Any, name: str) -> int:
    return max(1, min(_figure(cell, name), MAX_SPAN))


def _figure(node: Any, name: str) -> int:
    """Return the whole number of an attribute, -1 without one: "²" and thousands of digits are none for `int`."""
    value = (node.get(name) or "").strip()
    return int(value[:_DIGITS]) if value.isascii() and value.isdigit() else -1
