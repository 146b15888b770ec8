"""Write articles, documents and citations for an assistant: facts, link, exact text with its place."""

from __future__ import annotations

from typing import Any, Final

from searchapp.article import Article, Citation, Document
from searchapp.results import Hit
from searchapp.web.links import Links

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
