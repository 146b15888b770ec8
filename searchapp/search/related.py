"""Find the relatives of an article: its reprints, and other articles that share weighty terms and documents with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

from searchapp.article import Article
from searchapp.engine import Engine
from searchapp.fields import REPRINT
from searchapp.query import AnyOf, Node, Number, Phrase, Query
from searchapp.results import Match
from searchapp.text.tokens import stream

REPRINTS: Final = 50
"""Reprints named on an article's page; a result list shows any number."""
TERMS: Final = 12
"""Words in the query: further ones change little of the first five and cost a phrase each."""
_CONSIDERED: Final = 40
"""Words of an article whose rarity is looked up: its most frequent ones."""
_READ: Final = 60_000
"""Characters whose words are counted: a long law names its theme in its first hundred Điều."""
COMMON: Final = 0.1
"""A word in more than a tenth of all articles says nothing of an article's theme."""
DOCUMENTS: Final = 12
"""Cited documents in the query, those cited most, beside the one that the article itself is."""
SURE: Final = 0.5
"""A less certain citation joins nothing."""
_TITLE: Final = 3  # the weight of a word in the title, beside one in the text


def reprints(engine: Engine, article: Article) -> tuple[Match, ...]:
    """Return the other articles of nearly the same text, the oldest first."""
    query = Query(filters={REPRINT: (article.key,)}, sort="oldest", size=REPRINTS + 1)
    return tuple(match for match in engine.search(query).matches if match.article.key != article.key)


def related(engine: Engine, article: Article, limit: int) -> tuple[Match, ...]:
    """Return other articles that share its weightiest words and cited documents, the best first; reprints are folded.

    The weight of a word is how often the article has it times how rare it is (tf · idf). The query is one AnyOf, which
    every engine answers.
    """
    nodes = [*_terms(engine, article), *_documents(engine, article)]
    if not nodes:
        return ()
    same = {article.key, *(match.article.key for match in reprints(engine, article))}
    found = engine.search(Query(tree=AnyOf(tuple(nodes)), size=limit + 1, fold=True)).matches
    return tuple(match for match in found if match.article.key not in same)[:limit]


def _terms(engine: Engine, article: Article) -> list[Node]:
    counts = Counter(stream(article.text[:_READ]).words)
    for word in stream(article.title).words:
        counts[word] += _TITLE
    used = sorted(counts, key=lambda word: (-counts[word], word))[:_CONSIDERED]
    spread = engine.frequencies(used, stream="w")
    articles = engine.stats().articles
    # A word of this article alone finds nothing, a common one everything.
    telling = [word for word in used if 1 < spread[word] <= max(COMMON * articles, 2)]
    telling.sort(key=lambda word: (-counts[word] * _idf(spread[word], articles), word))
    return [Phrase(tuple(word.split("_")), marked=True) for word in telling[:TERMS]]


def _documents(engine: Engine, article: Article) -> Iterator[Node]:
    own = [one.slug for one in engine.documents(article.number) if one.article == article.key] if article.number else []
    times = Counter(c.document for c in article.citations if c.document and c.sure >= SURE)
    articles = engine.stats().articles
    for slug in dict.fromkeys([*own, *(slug for slug, _ in times.most_common(DOCUMENTS))]):
        spread = engine.search(Query(filters={"document": (slug,)}, size=1)).total
        # An engine gives 1 for a document, however rare. The query repeats it up to the weight of a word of two
        # syllables.
        yield from [Number("", documents=(slug,))] * max(1, round(2 * _idf(spread, articles)))


def _idf(spread: int, articles: int) -> float:
    return math.log(1 + articles / max(spread, 1))
