"""An article's text as a reader sees it: paragraphs, headings, citations to follow, words that were searched for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from searchapp.article import Article, Citation, Document
from searchapp.citations.find.grammar import find_citations
from searchapp.query import Node
from searchapp.results import Piece
from searchapp.search.snippets import Marker, Span, highlight

MAX_HEADING_CHARS: Final = 110
MAX_URL_CHARS: Final = 2000
_ENDS_SENTENCE: Final = re.compile(r"[.!?…:;,)”\"]\s*$")
_ITEM: Final = re.compile(r"^\s*[-–•*+]\s")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph, inside one citation or outside of any."""

    pieces: tuple[Piece, ...]
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text. kind: "heading", "item" or "text"."""

    kind: str
    runs: tuple[Run, ...]


def paragraphs(article: Article, asked: Node | None) -> tuple[Paragraph, ...]:
    """The text line by line, marked with what was asked for."""
    spans = _spans(article, asked)
    lines = [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", article.text)]
    return tuple(
        Paragraph(
            _kind(article.text, lines, at), tuple(runs(article.text, article.citations, spans=spans, within=within))
        )
        for at, within in enumerate(lines)
    )


def count_marks(article: Article, asked: Node | None) -> int:
    """How many places of the text are marked."""
    return len(_spans(article, asked))


def runs(
    text: str, citations: Sequence[Citation], *, spans: Sequence[Span] = (), within: tuple[int, int] | None = None
) -> Iterator[Run]:
    """A stretch of a text (start and end; all of it) in runs. spans: what is marked in the text."""
    at, end = within or (0, len(text))
    for citation in citations:
        if citation.start < at or citation.end > end:
            continue
        if citation.start > at:
            yield Run(_pieces(text, spans, at, citation.start))
        yield Run(_pieces(text, spans, citation.start, citation.end), citation)
        at = citation.end
    if at < end:
        yield Run(_pieces(text, spans, at, end))


def safe_url(url: str) -> str:
    """The URL if a visitor may follow it (http or https, no user name in it), else ""."""
    if len(url) > MAX_URL_CHARS or re.search(r"[\s\\\x00-\x1f]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else ""


def _spans(article: Article, asked: Node | None) -> list[Span]:
    return Marker.of(asked).spans(article.text, article.citations) if asked is not None else []


def _kind(text: str, lines: Sequence[tuple[int, int]], at: int) -> str:
    start, end = lines[at]
    line = text[start:end]
    if _ITEM.match(line):
        return "item"
    followed = at + 1 < len(lines) and lines[at + 1][1] - lines[at + 1][0] > len(line)
    short = len(line) <= MAX_HEADING_CHARS and not _ENDS_SENTENCE.search(line)
    return "heading" if short and followed and at > 0 and line[:1].isupper() else "text"


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[Piece, ...]:
    inside = [
        Span(max(span.start, start) - start, min(span.end, end) - start, span.term, span.exact)
        for span in spans
        if span.start < end and span.end > start
    ]
    return highlight(text[start:end], inside)


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
