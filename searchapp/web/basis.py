"""What an official document says that it rests on ("Căn cứ …"): each with the documents that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searchapp.article import Article, Citation
from searchapp.citations.grammar import find_citations
from searchapp.engine import Engine
from searchapp.web.reading import Run, runs

_PREFIX: Final = re.compile(r"[Cc]ăn cứ\s+")


def bases(engine: Engine, shown: Article) -> list[tuple[Run, ...]]:
    """Each basis without its "Căn cứ", its citations as the text has them.

    A basis that the text does not say (a row of JSON may bring it) is read by itself: a citation in it is a document
    where it can mean only one.
    """
    return [tuple(runs(*_read(engine, shown, basis))) for basis in shown.basis]


def _read(engine: Engine, shown: Article, basis: str) -> tuple[str, list[Citation]]:
    # Where lines were joined the text has a line feed for a space.
    place = re.search(r"\s+".join(map(re.escape, basis.split())), shown.text)
    if place is None:
        said = _PREFIX.sub("", basis, count=1)
        return said, _resolved(engine, find_citations(said))
    start = place.start() + (prefix.end() if (prefix := _PREFIX.match(place[0])) else 0)
    inside = [c for c in shown.citations if start <= c.start and c.end <= place.end()]
    moved = [replace(c, start=c.start - start, end=c.end - start) for c in inside]
    return shown.text[start : place.end()].replace("\n", " "), moved


def _resolved(engine: Engine, citations: Sequence[Citation]) -> list[Citation]:
    meant = ((citation, engine.documents(citation.key)) for citation in citations)
    return [replace(citation, document=found[0].slug) if len(found) == 1 else citation for citation, found in meant]
