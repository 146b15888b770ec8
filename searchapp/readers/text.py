"""Plain text (`.txt`), as typed or as a portal page that was saved as text."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import boilerplate, heading
from searchapp.readers.items import Items
from searchapp.text.normalize import normalize

MAX_TITLE: Final = 300


def read(text: str, name: str) -> Items:
    """The one Record of a text file: what is around the article is cut, the first line is its title if it looks so.

    Raises BadRecordError when nothing is left.
    """
    lines = [" ".join(line.split()) for line in normalize(text).split("\n")]
    page = boilerplate.page(unwrap(lines))
    title, body = page.title, list(page.body)
    if not title and len(body) > 1 and looks_like_title(body[0]):
        title = body.pop(0)
    if not body:
        raise BadRecordError("no text")
    record = Record(
        title=title,
        text="\n".join(body),
        date=page.date,
        section=page.section,
        source=page.source,
        author=page.author,
        path=name,
    )
    # Of a document the first date in its text may be any date; its heading says which is its own.
    yield heading.stated(record, heading.find(lines, name))


def looks_like_title(line: str) -> bool:
    """Whether a first line can be a title: short, and not a sentence that ends."""
    return 0 < len(line) <= MAX_TITLE and not line.endswith((".", ";", ",", ":"))


def unwrap(lines: list[str]) -> list[str]:
    """Paragraphs of lines that were broken at a fixed width; lines of other texts as they are. Blank lines end them."""
    broken = [
        len(line) > 50 and not line.endswith((".", ":", ";", "!", "?", "”", '"'))
        for line, following in pairwise(lines)
        if line and following
    ]
    longest = max(map(len, lines), default=0)
    if longest > 130 or len(broken) < 3 or sum(broken) < 0.6 * len(broken):
        return [line for line in lines if line]
    paragraphs, open_line = [""], ""
    for line in lines:
        # A full line goes on in the next one; a short one was ended by its author.
        if line and len(open_line) > 0.6 * longest and not open_line.endswith((".", ":", ";", "!", "?")):
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        open_line = line
    return [paragraph for paragraph in paragraphs if paragraph]
