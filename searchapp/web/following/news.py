"""What a query that somebody follows finds among the articles that are new, and how it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from searchapp.engine import Engine
from searchapp.fields import FACETS, REPRINT
from searchapp.query import Query
from searchapp.results import Match
from searchapp.search import find, link, put
from searchapp.web import links, texts
from searchapp.web.links import Lang, Links

SHOWN: Final = 20
"""Articles that one message lists; the rest is behind its link."""
MAX_ASKED: Final = 2_000  # characters of a query that can be followed
_AT_ONCE: Final = 100


def asked_of(query: Query) -> str:
    """A query as it is kept: parameters of our URLs, its order and place in the list left out."""
    plain = replace(query, sort="relevance", size=links.SIZES[0], page=1, after="", facets=(), steps=())
    return urlencode(links.parameters(plain))


def query_of(asked: str) -> Query:
    """The same back. Raises BadQueryError for what cannot be asked any more."""
    return links.read(parse_qsl(asked, keep_blank_values=True))


def called(engine: Engine, query: Query, lang: Lang) -> str:
    """What a query is called in a mail: its words, its documents, its themes."""
    parts = [" ".join(query.text.split())] if query.text.strip() else []
    for facet in FACETS:
        for value in query.filters.get(facet.name, ()):
            label = value
            if facet.name == "document":
                label = link(engine.document(value), value).label
            elif facet.name == "theme":
                label = engine.tables.themes.label(value)
            parts.append(f"{facet.label[lang].lower()}: {label}")
    return "; ".join(parts)[:200] or texts.say(lang, "follow.everything")


def news(engine: Engine, base: str, asked: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """The articles of these keys that a query finds, the newest SHOWN of them; None for none.

    base: the address of the site. The words are taken as the whole archive's results take them, so that nothing is
    called new because it is a little like what is followed.
    """
    query = replace(query_of(asked), verbatim=True, page=1, after="", fold=False)
    first = find(engine, replace(query, size=1))
    wanted, step = first.question.query, first.answer.step
    if not first.answer.total or query.filters.get(REPRINT):
        return None
    matches: list[Match] = []
    left = iter(keys)
    while some := tuple(islice(left, _AT_ONCE)):
        filters = MappingProxyType({**wanted.filters, REPRINT: some})
        found = put(engine, replace(wanted, filters=filters, step=step, sort="newest", size=1000))
        matches += [match for match in found.matches if match.article.key in some]
    if not matches:
        return None
    matches.sort(key=lambda match: match.article.date, reverse=True)
    written = Links()
    return {
        "query": asked,
        "url": base + written.page("/tim-kiem", links.parameters(replace(query_of(asked), sort="newest"))),
        "total": len(matches),
        "articles": [_as_json(base, written, match) for match in matches[:SHOWN]],
    }


def _as_json(base: str, written: Links, match: Match) -> dict[str, Any]:
    shown = match.article
    return {
        "id": shown.key,
        "title": shown.title,
        "date": shown.date,
        "source": shown.source,
        "url": base + written.article(shown.key, shown.title),
    }
