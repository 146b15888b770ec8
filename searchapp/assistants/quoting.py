"""Write articles, documents and citations for an assistant: facts, link, exact text with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from searchapp.article import Article, Citation, Document
from searchapp.citations.find import MAX_TEXT_CHARS
from searchapp.config import MAX_BODY_BYTES
from searchapp.dates import is_valid
from searchapp.errors import UsageError
from searchapp.results import Hit
from searchapp.web.links import MAX_VALUE_CHARS, Links

Json = dict[str, Any]

_BESIDE: Final = 200  # characters of a sentence on either side of a citation
_OPENING: Final = 300
_ENDS: Final = ".!?…;"


class Teller:
    """A writer of answers; base: the public address of the site, "" where none is known (links are then paths)."""

    def __init__(self, base: str = "") -> None:
        self._base, self._links = base, Links()

    def article(self, article: Article) -> Json:
        """Return the facts that tell where a text comes from."""
        return {
            "id": article.key,
            "title": article.title,
            "source": article.source or None,
            "date": article.date or None,
            "url": self._base + self._links.article(article.key, article.title),
            "original_url": article.url or None,
            "resource": f"searchapp://article/{article.key}",
            "recognised_by_ocr": article.recognised,
        }

    def document(self, document: Document) -> Json:
        """Return a document, whether the archive holds its text (`article`) or not."""
        return {
            "slug": document.slug,
            "name": document.name,
            "symbol": document.symbol,
            "title": document.title or None,
            "issuer": document.issuer or None,
            "date": document.date or None,
            "term": document.term or None,
            "url": self._base + self._links.document(document.slug),
            "article": document.article or None,
        }

    def citation(self, citation: Citation) -> Json:
        """Return a citation as written, with its document where the meaning is certain enough."""
        return {
            "text": citation.text,
            "start": citation.start,
            "end": citation.end,
            "key": citation.key,
            "document": citation.document or None,
            "url": self._base + self._links.document(citation.document) if citation.document else None,
            "sure": citation.sure,
            "provisions": list(citation.pinpoint),
        }


def quote(text: str, start: int, end: int) -> Json:
    """Return an exact piece of a text with its place: text[start:end] of the article."""
    return {"text": text[start:end], "start": start, "end": end}


def around(text: str, start: int, end: int) -> Json:
    """Return the sentence that holds a place, exact, cut where it is long."""
    first, last = max(0, start - _BESIDE), min(len(text), end + _BESIDE)
    begin = max((at + 1 for at in range(first, start) if _closes(text, at)), default=first)
    close = next((at + 1 for at in range(end, last) if _closes(text, at)), last)
    while begin < start and text[begin].isspace():
        begin += 1
    while close > end and text[close - 1].isspace():
        close -= 1
    return quote(text, begin, close)


def hit_quote(hit: Hit) -> Json:
    """Return the passage of a result as it stands in the article. The article's beginning for a
    passage of the title.
    """
    text = hit.article.text
    said = "".join(piece.text for piece in hit.snippet).removeprefix("… ").removesuffix(" …").strip()
    at = text.replace("\n", " ").find(said) if said else -1
    return quote(text, at, at + len(said)) if at >= 0 else quote(text, 0, min(len(text), _OPENING))


def _closes(text: str, at: int) -> bool:
    return text[at] == "\n" or (text[at] in _ENDS and text[at + 1 : at + 2].isspace())


__all__ = ["MAX_BODY_BYTES", "MAX_TEXT_CHARS"]

MAX_ROWS: Final = 50
"""The most articles, documents or citations of one answer; `next` or `pages` says how to go on."""
MAX_READ: Final = 20_000
"""The most characters of one reading; `next_offset` says where to go on."""
MAX_FACET_VALUES: Final = 8
_MAX_FILTERS: Final = 100
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SHOWN: Final = 40  # the characters of a bad value that an error repeats


def shown(text: str) -> str:
    """Return a bad value, as an error repeats it: one short line."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def plain(name: str, text: str) -> str:
    """Return a short value. Raises UsageError for one that is too long, or that is no line of text."""
    if len(text) > MAX_VALUE_CHARS:
        raise UsageError(f"{name} has {len(text):,} characters: send at most {MAX_VALUE_CHARS}")
    if _CONTROL.search(text):
        raise UsageError(f"{name} has control characters: send one line of text")
    return text.strip()


def within(name: str, value: int, least: int, most: int) -> int:
    """Return a number. Raises UsageError outside of its range."""
    if not least <= value <= most:
        raise UsageError(f"{name} = {value}: use {least} to {most}")
    return value


def filters(given: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """Return facet → values, none of them absurd."""
    if sum(len(values) for values in (given or {}).values()) > _MAX_FILTERS:
        raise UsageError(f"filters: send at most {_MAX_FILTERS} values")
    return {plain("a filter's name", name): tuple(plain(name, one) for one in v) for name, v in (given or {}).items()}


def day(text: str) -> str:
    """Return an ISO day. Raises UsageError for another text."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or not is_valid(text):
        raise UsageError(f"on = {shown(text)}: write a day as 2021-09-15")
    return text


def readable(text: str) -> str:
    """Return a text to search for citations. Raises UsageError for one that is too long or no text."""
    if len(text) > MAX_TEXT_CHARS:
        raise UsageError(f"text has {len(text):,} characters: send at most {MAX_TEXT_CHARS:,} at once")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UsageError("text has halves of characters: send it as UTF-8")
    return text
