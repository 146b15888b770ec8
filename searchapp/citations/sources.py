"""A fuller citation in the same article says what a barer one means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from searchapp.article import Citation, Document
from searchapp.citations.forms import loose
from searchapp.citations.parts import issuer_code, parts_of, short_parts
from searchapp.citations.said import Meaning
from searchapp.citations.seats import seat_of

HOW: Final = "fuller citation"
_SURE: Final = 0.9  # a second document of the same number in one article is rare


def follow(
    citations: Sequence[Citation], meanings: list[Meaning], documents: Mapping[str, Document], speaker: str
) -> None:
    """Replace, in place, the meaning of each bare citation by that of a fuller one; `meanings` as read one by one."""
    first = list(meanings)
    for at, citation in enumerate(citations):
        if first[at].sure >= _SURE or citation.date:
            continue
        slugs = [
            first[other].document
            for other in _nearest(at, len(citations))
            if first[other].document
            and first[other].sure > first[at].sure
            and _is_fuller(citations[other], citation)
            and _agrees(citation, documents[first[other].document], speaker)
        ]
        if slugs:
            sure = max(meaning.sure for meaning in first if meaning.document == slugs[0])
            meanings[at] = Meaning(slugs[0], HOW, min(_SURE, sure))


def _nearest(at: int, count: int) -> Iterator[int]:
    """What was said before, the latest first; then what comes after."""
    yield from range(at - 1, -1, -1)
    yield from range(at + 1, count)


def _is_fuller(other: Citation, bare: Citation) -> bool:
    """Whether `other` names the document of `bare` with more: "05-NQ/TU ngày …" for "05-NQ/TU" or "Nghị quyết 05"."""
    if short_parts(other.key):
        return False
    return _series(bare.key) in (_series(other.key), _bare_series(other.key))


def _agrees(bare: Citation, document: Document, speaker: str) -> bool:
    if bare.term and bare.term != document.term and bare.term[:4] != document.term[:4]:
        return False
    if not bare.issuer:
        return not bare.place or bare.place == document.place
    parts = parts_of(bare.key)
    code = parts.issuer if parts else issuer_code(bare.issuer)
    seat = seat_of(code, bare.issuer, bare.place, speaker) if code else None
    if seat is None:
        return not bare.place or bare.place == document.place
    return document.slug.startswith(f"{seat.slug}/")


@cache
def _series(key: str) -> str:
    """What a bare key has in common with a fuller one: number and code; the meeting without its term."""
    short = short_parts(key)
    if short:
        return f"{short.number} {short.code} {short.year}"
    return loose(key) if parts_of(key) else key.partition("@")[0].removesuffix("/?")


@cache
def _bare_series(key: str) -> str:
    parts = parts_of(key)
    if parts:
        return f"{parts.number} {parts.code} {parts.year}"
    return key.rpartition("/")[0] if "-HNTW/" in key else key.partition("@")[0]
