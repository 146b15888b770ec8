"""The grammar of citations: text in, every place where it names a document out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from searchapp.article import Citation
from searchapp.citations.found import Found, cite
from searchapp.citations.meetings import meetings
from searchapp.citations.names import named_laws, short_forms
from searchapp.citations.shadow import Shadow, shadow
from searchapp.citations.symbols import symbols
from searchapp.citations.tails import Tail, read_tail


def find_citations(text: str) -> list[Citation]:
    """Every citation in a text, in order; offsets are on the text exactly as given.

    What a citation means (`document`) is not known here: see `registry`.

    >>> [c.key for c in find_citations("Nghị quyết số 05-NQ/TU ngày 15/9/2021 và Nghị quyết Đại hội XIII")]
    ['05-NQ/TU', 'NQ-ĐH/TW/XIII']
    """
    return _find(text, query=False)


def find_in_query(text: str) -> list[Citation]:
    """Every citation in a query, which may have no capitals, no diacritics and no separators.

    >>> [c.key for c in find_in_query("nghi quyet 05 nq tu")]
    ['05-NQ/TU']
    """
    return _find(text, query=True)


def _find(text: str, *, query: bool) -> list[Citation]:
    letters = shadow(text)
    citations: list[Citation] = []
    for found in _without_overlaps(_candidates(letters, query=query)):
        tail = read_tail(letters, found.tail_at)
        if found.strong or _is_supported(letters, found, tail):
            citations.extend(cite(letters, each, tail) for each in (found, *found.members))
    citations.sort(key=lambda citation: citation.start)
    return _share_tails(text, citations)


def _candidates(text: Shadow, *, query: bool) -> Iterable[Found]:
    # Certain forms first: a span that is taken is not read again as a weaker form.
    return chain(
        meetings(text, query=query),
        symbols(text, query=query),
        short_forms(text, query=query),
        named_laws(text, query=query),
    )


def _without_overlaps(candidates: Iterable[Found]) -> Iterator[Found]:
    taken: set[int] = set()
    for found in candidates:
        span = range(found.start, found.end)
        if taken.isdisjoint(span):
            taken.update(span)
            for member in found.members:
                taken.update(range(member.start, member.end))
            yield found


def _is_supported(text: Shadow, found: Found, tail: Tail) -> bool:
    # "nghị quyết 43 của Quốc hội" is a citation; "ra quyết định 12" may be anything.
    return bool(tail.issuer or tail.date or tail.term)


def _share_tails(text: str, citations: list[Citation]) -> list[Citation]:
    """In "18-NQ/TW và 19-NQ/TW ngày 25/10/2017" the tail belongs to both."""
    for at in range(len(citations) - 2, -1, -1):
        this, after = citations[at], citations[at + 1]
        between = text[this.end : after.start].strip(" ,;")
        if between not in ("", "và") or this.kind != "number" or after.kind != "number":
            continue
        if after.text[:1].isdigit() and _series(this) == _series(after) and not (this.date or this.issuer or this.term):
            citations[at] = replace(this, date=after.date, issuer=after.issuer, place=after.place, term=after.term)
    return citations


def _series(citation: Citation) -> str:
    return citation.key.lstrip("0123456789")
