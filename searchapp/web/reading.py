"""An article's text as a reader sees it: paragraphs, headings, citations to follow, words that were searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from searchapp.article import Article, Citation
from searchapp.query import Node
from searchapp.results import Piece
from searchapp.snippets import Marker, Span, highlight

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
