"""Text → Citation: the grammar of citations.

It takes a text and returns every place where the text names a document, with the words around the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from searchapp.article import Citation
from searchapp.citations.find.ascii import Shadow, shadow
from searchapp.citations.find.context import (
    Found,
    Tail,
    cite,
    read_before,
    read_register_tail,
    read_row_day,
    read_tail,
)  # fmt: skip
from searchapp.citations.find.laws import laws_changed_by_name, named_laws
from searchapp.citations.find.meetings import meetings, school_year, subject
from searchapp.citations.find.numbered import judgments, precedents, symbols, without_slips
from searchapp.citations.find.pinpoint import pinpointed
from searchapp.citations.find.short import short_forms
from searchapp.citations.find.titles import title
from searchapp.citations.find.vocabulary import NAME_BEFORE_CODE

# Kinds whose name holds date and issuer: the next words belong to the sentence ("Đại hội XIII do … tổ chức").
_SUBJECT: Final = 60  # letters of a subject that are stored
_NUMBERED: Final = ("number", "short")
_NUMBER_FOLLOWS: Final = re.compile(r"(?<!\w)[Ss]ố\s*:?\s*$")
_WHOSE: Final = re.compile(r"[-/](?P<code>[^-/]+)$")
_COMPLETE: Final = frozenset({"congress", "local-plenum", "named"})

MAX_TEXT_CHARS: Final = 200_000
"""Characters of a text that others may send for its citations."""
_WINDOW: Final = 8_000
"""Characters of a stranger's text read at once: a fifth of a second where every word is a number."""
_BESIDE: Final = 600
"""Characters on either side of a window, as context for its citations."""


def find_citations(text: str) -> list[Citation]:
    """Return every citation in a text, in order; offsets are on the text exactly as given.

    The grammar does not know the meaning of a citation (`document`): see `citations.resolve`.

    >>> [c.key for c in find_citations("Nghị quyết số 05-NQ/TU ngày 15/9/2021 và Nghị quyết Đại hội XIII")]
    ['05-NQ/TU', 'NQ-ĐH/TW/XIII']
    """
    return pinpointed(text, _find(text, query=False))


def find_in_query(text: str) -> list[Citation]:
    """Return every citation in a query, which may have no capitals, no diacritics and no separators.

    >>> [c.key for c in find_in_query("nghi quyet 05 nq tu")]
    ['05-NQ/TU']
    """
    return _find(text, query=True)


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
    end = start + _WINDOW
    if end >= len(text):
        return len(text)
    for sign in ("\n", " "):
        at = text.rfind(sign, start + _WINDOW // 2, end)
        if at > 0:
            return at + 1
    return end


def _find(text: str, *, query: bool) -> list[Citation]:
    letters = _without_slips(shadow(text), query=query)
    citations: list[tuple[Citation, int]] = []  # each with the end of its tail in the original text
    register = -1
    for found in sorted(_without_overlaps(_candidates(letters, query=query)), key=lambda each: each.start):
        tail = _tail(letters, found)
        if found.kind == "number" and not (tail.date or tail.issuer) and found.start > register:
            # Only the first number of a register's line has the date after its title.
            tail = read_register_tail(letters, found.tail_at) or tail
            register = max(register, tail.end)
            tail = read_row_day(letters, found.start, found.tail_at) or tail
        if found.kind in _NUMBERED and not tail.issuer and (before := read_before(letters, found.start, found.key)):
            tail = replace(tail, issuer=before.issuer, place=before.place, date=tail.date or before.date)
        if found.kind == "number" and not (query or found.members or tail.about):
            tail = replace(tail, about=title(letters, found.start, tail.end))
        if found.strong or tail.issuer or tail.date or tail.term:
            end = letters.span(found.start, tail.end)[1]
            citations.extend((cite(letters, each, tail), end) for each in (found, *found.members))
    citations.sort(key=lambda each: each[0].start)
    return _share_tails(text, list(_with_types(text, citations)))


# "nd 100 2019", "nghị định 100-2019": in a query another sign may stand for the stroke before the year. "luật 12 2020
# 2021" may mean two laws.
_YEAR_APART: Final = re.compile(
    r"(?<![a-z0-9])(?P<number>(?:(?:nghi dinh|thong tu(?: lien tich)?)(?: so)? |(?:nd|tt|ttlt)(?: so)? ?)\d{1,4}"
    r"|(?<!ky )(?<!quy )(?<!phap )luat(?: so)? \d{1,3}(?= \d{4}(?! [\d-])))"
    r"(?: |(?<!(?:19|20)\d\d)-)(?=(?:19|20)\d\d(?![\w/-]))",
    re.IGNORECASE,
)


def _without_slips(letters: Shadow, *, query: bool) -> Shadow:
    cased = without_slips(letters.cased)
    cased = _YEAR_APART.sub(r"\g<number>/", cased) if query else cased
    return letters if cased is letters.cased else replace(letters, cased=cased, lower=cased.lower())


def _tail(text: Shadow, found: Found) -> Tail:
    if found.kind == "plenum":
        return Tail(end=found.tail_at, about=subject(text, found.tail_at))
    if found.kind in _COMPLETE:
        return Tail(end=found.tail_at)
    tail = read_tail(text, found.tail_at, found.key if found.kind == "number" else "")
    if tail.date or (found.kind == "number" and not found.key.endswith(("/TW", "/TU"))):
        return tail
    # Two facts tell namesakes without a day apart: the school year of the text, and the subject.
    year = school_year(text, found.start) if found.kind == "short" else ""
    return replace(tail, about=f"{year} {subject(text, tail.end)}".strip()[:_SUBJECT])


def _candidates(text: Shadow, *, query: bool) -> Iterable[Found]:
    # The most certain forms come first: a weaker form never reads a taken span again.
    readers = (meetings, judgments, precedents, symbols, short_forms, named_laws, laws_changed_by_name)
    return chain.from_iterable(read(text, query=query) for read in readers)


def _without_overlaps(candidates: Iterable[Found]) -> Iterator[Found]:
    taken: set[int] = set()
    for found in candidates:
        if taken.isdisjoint(range(found.start, found.end)):
            for core in (found, *found.members):
                taken.update(range(core.start, core.end))
            yield found


def _with_types(text: str, found: list[tuple[Citation, int]]) -> Iterator[tuple[Citation, int]]:
    """Yield the citations; a bare number has the type of its list: "các Quy định số 10-QĐ/TU và số 11-QĐ/TU"."""
    before: tuple[Citation, int] | None = None
    for citation, end in found:
        if before and citation.kind == "number" and (before[0].type, citation.type) in NAME_BEFORE_CODE:
            joint = _NUMBER_FOLLOWS.sub("", text[before[1] : citation.start]).strip(" \n,;")
            listed = citation.text[:1].isdigit() and joint in ("", "và", "hoặc")
            if listed and _series(citation) == _series(before[0]):
                citation = replace(citation, type=before[0].type)
        before = (citation, end)
        yield before


def _share_tails(text: str, found: list[tuple[Citation, int]]) -> list[Citation]:
    """Return the citations with shared tails: in "18-NQ/TW và 19-NQ/TW ngày 25/10/2017" the tail belongs to both.

    A shared tail completes a citation's own type or day.
    """
    citations = [citation for citation, _ in found]
    for at in range(len(citations) - 2, -1, -1):
        this, after, end = citations[at], citations[at + 1], found[at][1]
        if this.kind not in _NUMBERED or after.kind != this.kind or this.issuer:
            continue
        if this.term and not (after.term and after.text[:1].isdigit()):
            continue
        joint = _NUMBER_FOLLOWS.sub("", text[end : after.start]).strip(" \n,;") if end <= after.start else "no list"
        if joint not in ("", "và", "hoặc") or not _are_of_one_body(this, after):
            continue
        alike = _series(this) == _series(after) and (joint or after.text[:1].isdigit())
        citations[at] = replace(
            this,
            date=this.date or (after.date if alike else ""),
            issuer=after.issuer,
            place=after.place,
            # "Chỉ thị số 12-CT/TU ngày 1/2/2010; Kết luận số 5-KL/TU (khóa IX)": the day tells its own term.
            term=this.term or (after.term if alike or not this.date else ""),
        )
    return citations


def _series(citation: Citation) -> str:
    return citation.key.lstrip("0123456789")


def _are_of_one_body(this: Citation, after: Citation) -> bool:
    """Tell whether one body issued both documents, by type and code; a code counts where it belongs to one body."""
    whose = _WHOSE.search(this.key)
    same = whose is not None and after.key.endswith(whose.group())
    return same and (this.type == after.type or whose is None or whose["code"] not in ("?", "TW"))
