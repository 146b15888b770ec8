"""Turn articles into rows for other programs: the choice of articles, their order, and the content of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from searchapp.article import OWN, Article, Relation
from searchapp.engine import Engine
from searchapp.export.citation_graph import citation_as_json
from searchapp.graph import own_document
from searchapp.outline import unpack
from searchapp.query import Query
from searchapp.search import find, put

BATCH: Final = 500
"""Rows that are written at once; a killed run repeats at most so many."""
_AT_ONCE: Final = 200
CITATION: Final[Mapping[str, Any]] = {
    "document": str, "key": str, "text": str, "start": int, "end": int, "kind": str, "type": str, "date": str,
    "issuer": str, "place": str, "term": str, "how": str, "sure": float, "about": str, "pinpoint": [str],
    "doubtful": bool,
}  # fmt: skip
OUTLINE: Final[Mapping[str, Any]] = {
    "id": str, "kind": str, "number": str, "start": int, "end": int, "parent": str,
}  # fmt: skip
RELATION: Final[Mapping[str, Any]] = {
    "kind": str, "doer": str, "target": str, "part": [str], "day": str, "until": str, "exception": bool, "start": int,
    "end": int,
}  # fmt: skip
ARTICLE: Final[Mapping[str, Any]] = {
    "key": str, "id": str, "title": str, "date": str, "source": str, "section": str, "url": str, "author": str,
    "type": str, "number": str, "issuer": str, "signer": str, "document": str, "themes": [str], "recognised": bool,
    "ocr_confidence": float, "text": str, "basis": [str], "citations": [CITATION], "outline": [OUTLINE],
    "relations": [RELATION],
}  # fmt: skip
"""Column → its type; [type] is a list. Offsets are code points in text, title and basis joined by line ends."""


def chosen(engine: Engine, text: str = "") -> list[str]:
    """Return keys of the articles of a query, or of all articles: undated ones first, then by date and key."""
    if not text.strip():
        return [key for _, key in sorted((date, key) for key, _, date in engine.dated())]
    asked = Query(text=text, sort="oldest", size=_AT_ONCE, apart=True)
    found = find(engine, asked)
    query, matches = found.question.query, found.answer.matches
    dated: list[tuple[str, str]] = []
    while matches:
        dated += [(match.article.date, match.article.key) for match in matches]
        matches = put(engine, replace(query, after=matches[-1].cursor)).matches if len(matches) == _AT_ONCE else ()
    return [key for _, key in sorted(dated)]


def batches(keys: Sequence[str], done: int) -> Iterator[Sequence[str]]:
    """Yield the keys in batches, without the first `done` keys."""
    return (keys[start : start + BATCH] for start in range(done, len(keys), BATCH))


def rows(engine: Engine, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return the articles with these keys as values of ARTICLE."""
    return [_row(engine, article) for article in engine.articles(keys)]


def _row(engine: Engine, article: Article) -> dict[str, Any]:
    own = own_document(engine, article)
    outline = unpack(article.outline)
    ids = [*(node.id for node in outline), ""]  # -1 is the parent at the top
    facts = {name: getattr(article, name) for name, kind in ARTICLE.items() if kind is str and name != "document"}
    made = {
        **facts,
        "document": own,
        "themes": list(article.themes),
        "recognised": article.recognised,
        "ocr_confidence": article.ocr.confidence if article.ocr else None,
        "basis": list(article.basis),
        "citations": [_cut(citation_as_json(citation), CITATION) for citation in article.citations],
        "outline": [
            {**_cut({name: getattr(node, name) for name in OUTLINE}, OUTLINE), "parent": ids[node.parent]}
            for node in outline
        ],
        "relations": [_relation(article, own, one) for one in article.relations],
    }
    return {name: made[name] for name in ARTICLE}


def _cut(values: Mapping[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in shape}


def _relation(article: Article, own: str, said: Relation) -> dict[str, Any]:
    """Return a relation with the documents that it joins instead of the places of their names."""
    named = {citation.start: citation.document for citation in article.citations} | {OWN: own}
    ends = {"doer": named.get(said.doer, ""), "target": named.get(said.target, "")}
    return {**_cut({name: getattr(said, name) for name in RELATION}, RELATION), **ends}
