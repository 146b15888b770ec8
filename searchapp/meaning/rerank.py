"""Engines that put the head of a list in order: by nearness of meaning, or by a model that reads query and text."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from searchapp.article import Article
from searchapp.engine import Engine
from searchapp.meaning import Encoder, Floats, Reranker, Vectors, passage_of
from searchapp.query import Query, Word, positive
from searchapp.results import Answer, Match
from searchapp.search.related import related

_BEST: Final = 200
"""The number of articles that are reordered."""
SHARE: Final = 0.2
"""The weight of the nearest meaning beside the best score."""
_FRESH: Final = 30.0
"""Seconds until newly made vectors are seen."""
_DEADLINE: Final = 0.06
"""Seconds after which the order stays as it was."""
_RELATED: Final = 60
"""The number of articles with shared words and documents whose meaning is compared."""
_MOST_KEPT: Final = 1024
"""The number of queries whose vectors are remembered."""


class Meaning:
    """The engine's own answers with a new order of the best."""

    def __init__(self, engine: Engine, encoder: Encoder, vectors: Vectors, *, deadline: float = _DEADLINE) -> None:
        """deadline: seconds that a query waits for its vector."""
        self._deadline = deadline
        self._engine = engine
        self._vectors = vectors
        self._encoder = encoder
        self._near: OrderedDict[str, Future[Floats]] = OrderedDict()
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._seen = time.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, query: Query) -> Answer:
        """Return the engine's answer. By relevance its best articles are ordered by meaning too, as long as that is
        quick.
        """
        last = query.page * query.size
        if not _is_plain(query) or query.after or last > _BEST or not len(self._vectors):
            return self._engine.search(query)
        if time.monotonic() > self._seen + _FRESH:
            self._seen = time.monotonic()
            self._vectors.refresh()
        try:
            near = self._encoded(query.restored or query.text).result(self._deadline)
        except TimeoutError:
            return self._engine.search(query)  # the next visitor finds the vector ready
        answer = self._engine.search(replace(query, page=1, size=max(_BEST, query.size)))
        matches = self._ordered(answer.matches, near)
        room = max(0, query.size - (answer.total - answer.folded)) if query.page == 1 else 0
        rest = self._ordered(answer.rest, near)[:room] if query.beyond else ()
        return replace(answer, matches=matches[last - query.size : last], rest=rest)

    def _encoded(self, text: str) -> Future[Floats]:
        """Return the vector of a query, made beside the request: one at a time, each once."""
        with self._lock:
            found = self._near.get(text)
            if found is None:
                if self._pool is None:  # a pool made earlier would be shared with forked processes
                    self._pool = ThreadPoolExecutor(1, "encoder")
                self._near[text] = found = self._pool.submit(self._encoder.query, text)
                if len(self._near) > _MOST_KEPT:
                    self._near.popitem(last=False)
            return found

    def _ordered(self, matches: Sequence[Match], near: Floats) -> tuple[Match, ...]:
        """Return matches by score and meaning; one without a vector counts as far away as the farthest."""
        head = matches[:_BEST]
        held, vectors = self._vectors.of([passage_of(match.article) for match in head])
        if len(vectors) < 2:
            return tuple(matches)
        cosines = vectors @ near
        low, high = float(cosines.min()), float(cosines.max())
        meant = np.zeros(len(head), np.float32)
        meant[held] = (cosines - low) / max(high - low, 1e-6)
        scores = np.array([match.score for match in head], np.float32)
        worth = scores / max(float(scores.max()), 1e-6) + SHARE * meant
        order = np.argsort(-worth, kind="stable").tolist()
        placed = [replace(head[at], meant=True) if at > place else head[at] for place, at in enumerate(order)]
        return (*placed, *matches[_BEST:])

    def nearest(self, article: Article, matches: Sequence[Match]) -> tuple[Match, ...]:
        """Return those of some matches that have a vector, the nearest to an article first; none without its own."""
        held, vectors = self._vectors.of([passage_of(one) for one in (article, *(match.article for match in matches))])
        if not held[0]:
            return ()
        known = [match for match, has in zip(matches, held[1:], strict=True) if has]
        order = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable").tolist()
        return tuple(known[at] for at in order)


class _Near(NamedTuple):
    """The relatives of an article; meant: the nearest in meaning, not those that share most."""

    matches: tuple[Match, ...]
    meant: bool = False


def nearest(engine: Engine, article: Article, limit: int) -> _Near:
    """Return the relatives of an article, by meaning where the engine has its vector."""
    if isinstance(engine, Meaning):
        found = engine.nearest(article, related(engine, article, _RELATED))
        if found:
            return _Near(found[:limit], meant=True)
    return _Near(related(engine, article, limit))


def _is_plain(query: Query) -> bool:
    """Tell whether a list is by relevance and asks for words alone: phrases and numbers keep their order."""
    leaves = list(positive(query.tree))
    return query.sort == "relevance" and len(leaves) > 1 and all(isinstance(leaf, Word) for leaf in leaves)


_READ: Final = 20
"""Articles that are read with the query: such a model takes milliseconds for each."""


class Reranked:
    """The engine's answers, with the best articles in another order."""

    def __init__(self, engine: Engine, reranker: Reranker) -> None:
        self._engine = engine
        self._reranker = reranker
        self._known: OrderedDict[tuple[str, ...], Future[Floats]] = OrderedDict()
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, query: Query) -> Answer:
        """Return the engine's answer; the model orders the best articles if it is quick, or has read them before."""
        last = query.page * query.size
        if not _is_plain(query) or query.after or last > _READ:
            return self._engine.search(query)
        answer = self._engine.search(replace(query, page=1, size=_READ))
        head, page = answer.matches, slice(last - query.size, last)
        room = max(0, query.size - (answer.total - answer.folded)) if query.page == 1 else 0
        answer = replace(answer, matches=head[page], rest=answer.rest[:room])
        if len(head) < 2:
            return answer
        try:
            scores = self._scored(query.restored or query.text, head).result(_DEADLINE)
        except TimeoutError:
            return answer  # the order is there for the next visitor
        return replace(answer, matches=_ordered(head, scores)[page])

    def _scored(self, text: str, matches: Sequence[Match]) -> Future[Floats]:
        """Return the model's scores, computed beside the request: one query at a time, each once."""
        key = (text, *(match.article.key for match in matches))
        with self._lock:
            found = self._known.get(key)
            if found is None:
                if self._pool is None:  # made here: a thread must not be shared with forked processes
                    self._pool = ThreadPoolExecutor(1, "reranker")
                passages = [passage_of(match.article) for match in matches]
                self._known[key] = found = self._pool.submit(self._reranker.scores, text, passages)
                if len(self._known) > _MOST_KEPT:
                    self._known.popitem(last=False)
            return found


def _ordered(matches: Sequence[Match], read: Floats) -> tuple[Match, ...]:
    low, high = float(read.min()), float(read.max())
    scores = np.array([match.score for match in matches], np.float32)
    worth = scores / max(float(scores.max()), 1e-6) + SHARE * (read - low) / max(high - low, 1e-6)
    order = np.argsort(-worth, kind="stable").tolist()
    return tuple(replace(matches[at], meant=True) if at > place else matches[at] for place, at in enumerate(order))
