"""The embedded engine keeps the contract: in one segment, and in several with removed articles among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from engine_contract import EngineContract, cite
from oracle import Registry

from searchapp.article import Article
from searchapp.engines.whoosh.build.table_writer import write_generation_tables
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.segment import Segment
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.text.tokens import stream


def write(folder: Path, name: str, articles: Sequence[Article]) -> Segment:
    writer = SegmentWriter(folder, name=name)
    for article in articles:
        writer.add(article, stream(article.title), stream(article.text))
    writer.finish()
    return Segment(folder, name)


class TestWhoosh(EngineContract):
    def open(self, folder: Path, articles: Sequence[Article], registry: Registry) -> WhooshEngine:
        segments = [write(folder, "all", articles)] if articles else []
        write_generation_tables(folder, segments, {}, registry)
        return WhooshEngine(folder)


class TestWhooshInPieces(EngineContract):
    """Three segments; every article has a removed twin with another text before it, which must leave no trace."""

    def open(self, folder: Path, articles: Sequence[Article], registry: Registry) -> WhooshEngine:
        segments, removed = [], {}
        for piece in range(3):
            live = articles[piece::3]
            twins = [
                replace(one, key=f"x{one.key[1:]}", title="đảng bộ", text="ý " * 40, themes=("cu",)) for one in live
            ]
            twins = [replace(one, date="1950-01-01", section="Cũ", citations=(cite("01-NQ/TU"),)) for one in twins]
            both = [article for pair in zip(twins, live, strict=True) for article in pair]
            if both:
                segments.append(write(folder, f"s{piece}", both))
                removed[f"s{piece}"] = np.arange(len(both)) % 2 == 0
        write_generation_tables(folder, segments, removed, registry)
        return WhooshEngine(folder)
