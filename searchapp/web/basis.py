"""What an official document says that it rests on ("Căn cứ …"): each with the documents that it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from searchapp.article import Article, Citation, Document
from searchapp.citations.grammar import find_citations
from searchapp.web.reading import Run, runs

_PREFIX: Final = re.compile(r"[Cc]ăn cứ\s+")


# "Luật Tổ chức chính quyền địa phương": all of a basis, or up to what is said of it.
_TITLE: Final = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh) [^;.:()\d]{3,140}?(?=\s*(?:[;.:(]|,? ngày |$))", re.IGNORECASE)
_LIKELY: Final = 0.4
"""How sure a law is that is named by its title alone: an older or newer one of that title may be meant."""

Law = Callable[[str, str], Document | None]


def bases(shown: Article, law: Law | None = None) -> list[tuple[Run, ...]]:
    """Each basis without its "Căn cứ", its citations as the article has them.

    law: gives the law of a title that was in force on a day, for those that are named by their title alone.
    """
    return [tuple(runs(*_with_law(shown, *_read(shown, basis), law))) for basis in shown.basis]


def _with_law(shown: Article, said: str, citations: list[Citation], law: Law | None) -> tuple[str, list[Citation]]:
    title = _TITLE.match(said) if law and not citations and shown.date else None
    meant = law(title[0], shown.date) if law and title else None
    if not title or not meant:
        return said, citations
    found = Citation(
        start=0, end=title.end(), text=title[0], kind="named", type=meant.type, key=title[0], document=meant.slug,
        how="known document", sure=_LIKELY,
    )  # fmt: skip
    return said, [found]


def _read(shown: Article, basis: str) -> tuple[str, list[Citation]]:
    # Where lines were joined the text has a line feed for a space.
    place = re.search(r"\s+".join(map(re.escape, basis.split())), shown.text)
    if place is None:
        # A row of JSON may bring what its text does not say.
        said = _PREFIX.sub("", basis, count=1)
        meant = {citation.key: citation for citation in shown.citations}
        return said, [replace(meant.get(c.key, c), start=c.start, end=c.end) for c in find_citations(said)]
    start = place.start() + (prefix.end() if (prefix := _PREFIX.match(place[0])) else 0)
    inside = [c for c in shown.citations if start <= c.start and c.end <= place.end()]
    moved = [replace(c, start=c.start - start, end=c.end - start) for c in inside]
    return shown.text[start : place.end()].replace("\n", " "), moved
