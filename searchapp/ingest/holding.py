"""Articles that a fault keeps from being read while everything is read anew: they are served as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from searchapp.engine import Build, Engine
from searchapp.errors import IndexProblemError
from searchapp.ingest.analysis import streams_of
from searchapp.ingest.deduplicate import Place, Row
from searchapp.ingest.ledger import Entry, Ledger
from searchapp.ingest.reconcile import Harvest
from searchapp.text.normalize import fold

_PORTION: Final = 2_000
"""Articles of one portion."""


def hold(harvest: Harvest, before: Ledger, lost: Iterable[Entry], build: Build, engine: Engine) -> None:
    """Take over the articles of unreadable files from the generation before.

    engine: answers from that generation. The articles stay as they were analysed.
    """
    missed = harvest.missed(before, lost)
    for rows in _portions(missed):
        keys = [f"{row.key:012x}" for found in rows.values() for row in found]
        try:
            there = {article.key: article for article in engine.articles(keys)}
        except IndexProblemError:
            return
        writer = build.new_writer()
        for article in there.values():
            titled = not fold(article.text).startswith(fold(article.title.rstrip("…")))
            writer.add(article, *streams_of(article, titled))
        kept = {place: [row for row in found if f"{row.key:012x}" in there] for place, found in rows.items()}
        harvest.hold(writer.finish(), kept, before)


def _portions(missed: Mapping[Place, list[Row]]) -> Iterator[dict[Place, list[Row]]]:
    portion: dict[Place, list[Row]] = {}
    count = 0
    for place, rows in missed.items():
        for start in range(0, len(rows), _PORTION):
            portion[place] = portion.get(place, []) + rows[start : start + _PORTION]
            count += len(portion[place])
            if count >= _PORTION:
                yield portion
                portion, count = {}, 0
    if portion:
        yield portion
