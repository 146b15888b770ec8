"""An engine whose lists by relevance have their head put in order by a model that reads query and article together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Any, Final

import numpy as np

from searchapp.engine import Engine
from searchapp.meaning import Floats, Reranker
from searchapp.meaning.rerank import DEADLINE, SHARE, is_plain
from searchapp.meaning.vectors import passage_of
from searchapp.query import Query
from searchapp.results import Answer, Match

_READ: Final = 20
"""Articles that are read with the query: such a model takes milliseconds for each."""
_MOST_KEPT: Final = 1024


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
        if not is_plain(query) or query.after or last > _READ:
            return self._engine.search(query)
        answer = self._engine.search(replace(query, page=1, size=_READ))
        head, page = answer.matches, slice(last - query.size, last)
        room = max(0, query.size - (answer.total - answer.folded)) if query.page == 1 else 0
        answer = replace(answer, matches=head[page], rest=answer.rest[:room])
        if len(head) < 2:
            return answer
        try:
            scores = self._scored(query.restored or query.text, head).result(DEADLINE)
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
