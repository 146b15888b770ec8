"""What an official document says that it rests on ("Căn cứ …"): each with the documents that it names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from searchapp.article import Article, Citation
from searchapp.citations.grammar import find_citations
from searchapp.web.reading import Run, runs

_PREFIX: Final = re.compile(r"[Cc]ăn cứ\s+")


def bases(shown: Article) -> list[tuple[Run, ...]]:
    """Each basis without its "Căn cứ", its citations as the article has them."""
    return [tuple(runs(*_read(shown, basis))) for basis in shown.basis]


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
