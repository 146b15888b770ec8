"""The engines; `open_engine` and `open_index` are the only functions that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from searchapp import dates, tables
from searchapp.article import Article
from searchapp.config import Settings
from searchapp.engine import Engine, Index, Migration
from searchapp.errors import MissingExtraError, SettingsError, UsageError
from searchapp.text.tokens import Stream


def open_engine(settings: Settings) -> Callable[[], Engine]:
    """Return a function that gives the engine of the live generation; it notices a new generation within two seconds.

    The function may have an attribute `problem`: why another generation answers than the live one, or "".

    Raises SettingsError for an engine that does not exist and for tables that cannot be read. The function raises
    IndexProblemError while there is no index.
    """
    dates.live_in(settings.timezone)
    known = replace(tables.load(settings.tables, settings.replace), relations=settings.relation_tables)
    meant = _meaning(settings)
    match settings.engine:
        case "whoosh":
            # The import stands here so that nobody needs an engine without using it.
            from searchapp.engines.generations.live import Live
            from searchapp.engines.whoosh.engine import WhooshEngine

            return Live(settings.index, lambda folder: meant(WhooshEngine(folder, settings.weights, known)))
        case "opensearch":
            with _client_told():
                from searchapp.engines.opensearch.engine import Following

            return Following(settings.opensearch, settings.weights, known, meant)
        case other:
            raise _unknown(other)


def _meaning(settings: Settings) -> Callable[[Engine], Engine]:
    """Return a function that makes an engine order by meaning too, where the settings name an encoder."""
    if not settings.meaning:
        return lambda engine: engine
    # The import stands here so that nobody needs a model without using it.
    from searchapp.meaning import Vectors, is_reranker, open_encoder, open_reranker
    from searchapp.meaning.rerank import Meaning, Reranked

    if is_reranker(settings.meaning):
        reranker = open_reranker(settings.meaning)
        return lambda engine: Reranked(engine, reranker)
    encoder = open_encoder(settings.meaning)
    return lambda engine: Meaning(engine, encoder, Vectors(settings.generations, encoder))


def open_index(settings: Settings) -> Index:
    """Return the generations of the settings' index, for a reindex. Raises SettingsError for an unknown engine."""
    match settings.engine:
        case "whoosh":
            from searchapp.engines.whoosh.build import WhooshIndex

            return WhooshIndex(settings)
        case "opensearch":
            with _client_told():
                from searchapp.engines.opensearch.index import OpenSearchIndex

            return OpenSearchIndex(settings)
        case other:
            raise _unknown(other)


def open_whoosh(engine: Engine) -> Any:
    """Return Whoosh's own `FileIndex` of the generation that the embedded engine answers from; nothing is unpickled.

    Raises UsageError for another engine.
    """
    from searchapp.engines.whoosh.engine import WhooshEngine
    from searchapp.engines.whoosh.interop.codec import open_whoosh_index

    if not isinstance(engine, WhooshEngine):
        raise UsageError('only an index of engine = "whoosh" can be opened by Whoosh')
    return open_whoosh_index(Path(engine.archive) / engine.generation)


@contextmanager
def open_migration(settings: Settings, cut: Callable[[Article, bool], tuple[Stream, Stream]]) -> Iterator[Migration]:
    """Yield a migration from the embedded engine into the cluster of the settings; nobody else writes there meanwhile.

    cut: returns the streams of an article, and whether its title was indexed, once more.
    """
    with _client_told():
        from searchapp.engines.opensearch.index import Moving, OpenSearchIndex
    index = OpenSearchIndex(replace(settings, engine="opensearch"))
    with index.lock():
        moving = Moving(settings, index, cut)
        try:
            yield moving
        finally:
            moving.close()


def _unknown(engine: str) -> SettingsError:
    return SettingsError(f'engine = {engine!r}: no such engine; use "whoosh" or "opensearch"')


@contextmanager
def _client_told() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        raise MissingExtraError(
            "engine = \"opensearch\" needs its client: pip install 'searchapp[opensearch]'"
        ) from None
