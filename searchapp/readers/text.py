"""Plain text (`.txt`), as typed or as a portal page that was saved as text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, heading, own_number, signatory, stated_facts
from searchapp.readers.dateline import is_dateline
from searchapp.readers.issuer import MOTTO
from searchapp.readers.items import Items
from searchapp.text.normalize import normalize

MAX_TITLE: Final = 300
_MIN_HEADS: Final = 3
"""A line that returns so often is the head of pages."""

_HEAD_NUMBERS: Final = re.compile(r"\d+")
_RUNNING: Final = re.compile(r"(?=.*(?:#|CÔNG BÁO)).*(?:trang|page|công báo|ngày|số|/).*", re.IGNORECASE)


def read(text: str, name: str) -> Items:
    """Yield the Record of a text file, or one for each document, without the page around it.

    The first line is the title if it looks like one.

    Raises BadRecordError when nothing is left.
    """
    written = _in_columns(normalize(text.replace("\f", "\n")).expandtabs().split("\n"))
    lines = _without_furniture([" ".join(line.split()) for line in written])
    for row, start, end in stated_facts.documents(lines):
        yield _record(lines[start:end], name, row)


def _record(lines: list[str], name: str, row: int) -> Record:
    page = boilerplate.page(_unwrap(lines))
    title, body = page.title, list(page.body)
    document = stated_facts.heading_of(lines, name, row)
    # A document keeps the lines of its heading, whatever it is called.
    if not title and not document and len(body) > 1 and _looks_like_title(body[0]):
        title = body.pop(0)
    if not body:
        raise BadRecordError("no text", code="empty")
    record = Record(
        title=title,
        text="\n".join(body),
        date=page.date,
        section=page.section,
        source=page.source,
        author=page.author,
        path=name,
        row=row,
    )
    # The first date in a document's text may be any date; its heading says its own date.
    return stated_facts.stated(record, document)


_GUTTER: Final = re.compile(r"(?<=\S) {3,}(?=\S)")
_LEAST: Final = 2  # letters of a gutter
_MOST_LINES: Final = 25  # of a letterhead or a block of signatures


def _in_columns(lines: list[str]) -> list[str]:
    """Return the lines; a letterhead and signatures of two columns are read one column after the other.

    Their lines have one gutter in common. Only the matter of a letter goes on beside nothing.
    """
    found: list[str] = []
    at = 0
    while at < len(lines):
        gutter = _begins_columns(lines[at])
        end, block = _columns(lines, at, gutter) if gutter else (at + 1, lines[at : at + 1])
        found += block
        at = end
    return found


def _begins_columns(line: str) -> tuple[int, int] | None:
    """Return the gutter of a line that begins two columns: an issuer beside the motto, or two signing offices."""
    gaps = list(_GUTTER.finditer(line))
    if len(gaps) != 1:
        return None
    left, right = line[: gaps[0].start()].strip(), line[gaps[0].end() :].strip()
    begins = (left.isupper() and MOTTO.search(right)) or (signatory.is_office(left) and signatory.is_office(right))
    return gaps[0].span() if begins else None


def _columns(lines: list[str], start: int, gutter: tuple[int, int]) -> tuple[int, list[str]]:
    """Return the line after two columns, and the lines of the left column and of the right one."""
    first, last = gutter
    end = at = start
    matter = False
    while at < min(len(lines), start + _MOST_LINES):
        line = lines[at]
        gap = next((one for one in _GUTTER.finditer(line) if one.start() < last and one.end() > first), None)
        if gap:
            first, last = max(first, gap.start()), min(last, gap.end())
            matter = matter or line.lstrip().startswith("V/v")
            end = at + 1
        elif line.strip():
            # A line of one column leaves the gutter free.
            left, right = len(line) - len(line.lstrip()), len(line.rstrip())
            if last - right >= _LEAST:
                first = max(first, right)
                goes_on = matter and end == at and not heading.begins_body(line.strip())
                end = at + 1 if goes_on else end
            elif left - first >= _LEAST:
                last = min(last, left)
            else:
                break
        at += 1
    middle = (first + last) // 2
    block = lines[start:end]
    return end, [part for part in (*(one[:middle] for one in block), *(one[middle:] for one in block)) if part.strip()]


def _without_furniture(lines: list[str]) -> list[str]:
    """Return the lines of pages without running heads and page numbers; a sentence cut by them is whole again.

    A head returns on many pages, with another number at most; a page number stands beside it.
    """
    keys = [_head_of(line) for line in lines]
    heads = Counter(key for key in keys if 12 <= len(key) <= 120)
    heads = Counter({head: count for head, count in heads.items() if count >= _MIN_HEADS and _RUNNING.match(head)})
    is_head = [line.startswith("CÔNG BÁO/") or key in heads for line, key in zip(lines, keys, strict=True)]
    if not any(is_head):
        return lines
    kept: list[str] = []
    cut = False
    for number, line in enumerate(lines):
        beside = is_head[max(0, number - 2) : number + 3]
        if is_head[number] or (any(beside) and (not line or line.strip("-–— ").isdigit())):
            cut = True
        elif cut and kept and line[:1].islower() and not kept[-1].endswith((".", ":", ";", "!", "?")):
            kept[-1] += f" {line}"
            cut = False
        else:
            kept.append(line)
            cut = cut and not line
    return kept


def _head_of(line: str) -> str:
    """Return what a running head has on every page, "" for a sentence; numbers and days of documents are their own."""
    if line.endswith((".", ";", ":", ",")):
        return ""
    return line if own_number.is_line(line) or is_dateline(line) else _HEAD_NUMBERS.sub("#", line)


def _looks_like_title(line: str) -> bool:
    """Tell whether a first line can be a title: short, and not a sentence that ends."""
    return 0 < len(line) <= MAX_TITLE and not line.endswith((".", ";", ",", ":"))


def _unwrap(lines: list[str]) -> list[str]:
    """Join lines broken at a fixed width to paragraphs; other texts keep their lines. Blank lines end paragraphs."""
    broken = [
        len(line) > 50 and not line.endswith((".", ":", ";", "!", "?", "”", '"'))
        for line, following in pairwise(lines)
        if line and following
    ]
    longest = max(map(len, lines), default=0)
    if longest > 130 or len(broken) < 3 or sum(broken) < 0.6 * len(broken):
        return [line for line in lines if line]
    paragraphs, open_line = [[""]], ""  # in pieces: a long paragraph is put together once
    for line in lines:
        # A full line goes on in the next one; its author ended a short one.
        if line and len(open_line) > 0.6 * longest and not open_line.endswith((".", ":", ";", "!", "?")):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        open_line = line
    return [" ".join(lines) for lines in paragraphs if lines != [""]]
