"""Turn the lines of an office file into its Record: old fonts repaired, facts from its heading block."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from searchapp.article import Anchor, Record
from searchapp.errors import BadRecordError
from searchapp.readers import heading, marks, stated_facts
from searchapp.readers.items import Items, converted
from searchapp.text.encodings import repair


def record(
    lines: Sequence[str],
    name: str,
    *,
    title: str = "",
    joined: Callable[[list[str]], list[str]] = list,
    anchors: Sequence[tuple[int, Anchor]] = (),
    pages: Sequence[tuple[int, int]] = (),
) -> Items:
    """Yield the one Record of these lines; blank lines and rules ("_____") are still among them.

    joined: makes paragraphs of lines, where the file has only lines. anchors: of the file, with the page
    of each; pages: their numbers, and the numbers of their first lines. Raises BadRecordError when there is no text.
    """
    found = repair("\n".join([title, *lines]))
    yield from converted(name, found)
    title, *repaired = found.text.split("\n")
    kept = [clean for line in repaired if (clean := " ".join(line.split())) and clean.strip("_-–—=*. ")]
    if not kept:
        raise BadRecordError("no text", code="empty")
    tidy = [" ".join(line.split()) for line in repaired] if pages else []
    placed = marks.in_order([*marks.pages(tidy, pages)], anchors)
    whole = Record(title=title, text="\n".join(joined(kept)), path=name, anchors=placed)
    yield stated_facts.applied(whole, heading.find(repaired, name))
