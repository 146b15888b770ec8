"""The engines that are timed beside each other, each behind the same three calls: index, open, ask."""

from __future__ import annotations

import shutil
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import tantivy
from articles import Sample

from searchapp.article import Article, Citation, Document
from searchapp.engines.whoosh.engine import WhooshEngine
from searchapp.engines.whoosh.store.merge import merge
from searchapp.engines.whoosh.store.segment import Facts, Segment, files
from searchapp.engines.whoosh.store.tables import write_generation_tables
from searchapp.engines.whoosh.store.writer import SegmentWriter
from searchapp.fields import Weights
from searchapp.query import AllOf, Node, Phrase, Query, Word
from searchapp.text.tokens import Stream

TOP = 10
SEGMENT = 100_000  # articles a segment while indexing; merged into one at the end, as a full reindex does


def batched(samples: Iterable[Sample], size: int) -> Iterator[list[Sample]]:
    """Lists of at most `size` of them, in order."""
    rest = iter(samples)
    while part := list(islice(rest, size)):
        yield part


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: words that must all occur, or a phrase; theme: a filter; none of them: everything."""

    kind: str
    words: tuple[str, ...] = ()
    phrase: bool = False
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a peer answered: total, the keys of the top ten, and the sum of all facet counts (0 without facets)."""

    total: int
    top: tuple[str, ...]
    counted: int


class Peer(Protocol):
    """An engine under measurement."""

    name: str

    def index(self, samples: Iterable[Sample], folder: Path) -> None: ...
    def open(self, folder: Path) -> None: ...
    def ask(self, ask: Ask, facets: bool) -> Told: ...


class Ours:
    """The embedded engine on title and body alone.

    whole: asks all eight text fields. kept: posting lists stay in memory from one round to the next, as they do on a
    site; without, every question is new to the engine (only the page cache knows it), as it is for the peers.
    """

    def __init__(self, whole: bool = False, kept: bool = True) -> None:
        self.whole = whole
        self.kept = kept
        self.name = "searchapp" + ", all fields" * whole + ", nothing kept" * (not kept)

    def index(self, samples: Iterable[Sample], folder: Path) -> None:
        documents: dict[str, str] = {}
        segments = [self._segment(part, folder, documents) for part in batched(samples, SEGMENT)]
        if len(segments) > 1:
            whole = Segment(folder, merge(folder, segments, {}))
            for segment in segments:
                segment.close()
                for path in files(folder, segment.name):
                    path.unlink()
            segments = [whole]
        write_generation_tables(folder, segments, {}, _Meant(documents))
        segments[0].close()

    def _segment(self, samples: Iterable[Sample], folder: Path, documents: dict[str, str]) -> Segment:
        writer = SegmentWriter(folder)
        for sample in samples:
            article = Article(
                id=sample.key, key=sample.key.zfill(12), title=" ".join(sample.title), text="", date=str(sample.year),
                themes=(sample.theme,),
            )  # fmt: skip
            documents[article.key] = sample.document
            writer.add(article, _stream(sample.title), _stream(sample.body))
        return Segment(folder, writer.finish())

    def open(self, folder: Path) -> None:
        weights = Weights() if self.whole else Weights(a=0, f_alone=1, f2_alone=0, w=0, title=1)
        self.engine = WhooshEngine(folder, weights)

    def ready(self) -> None:
        """Called before each question, off the clock."""
        if not self.kept:
            self.engine.forget()

    def ask(self, ask: Ask, facets: bool) -> Told:
        tree: Node | None = None
        if ask.phrase:
            tree = Phrase(ask.words)
        elif ask.words:
            tree = AllOf(tuple(Word(word) for word in ask.words))
        filters = {"theme": (ask.theme,)} if ask.theme else {}
        wanted = ("theme", "document", "date") if facets else ()
        answer = self.engine.search(
            Query(text=" ".join(ask.words), tree=tree, filters=filters, facets=wanted, size=TOP)
        )
        counted = sum(count for values in answer.facets.values() for _, count in values)
        return Told(answer.total, tuple(m.article.id for m in answer.matches), counted)


class _Meant:
    """A registry for made-up articles: each cites one document."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._of = documents
        self.documents = {slug: Document(slug=slug, symbol=slug, type="NQ") for slug in set(documents.values())}

    def resolve(self, facts: Facts) -> tuple[Citation, ...]:
        return (Citation(start=0, end=1, text="x", kind="number", type="NQ", key="x", document=self._of[facts.key]),)

    def own(self, facts: Facts) -> str:
        return ""


def _stream(words: list[str]) -> Stream:
    return Stream(words, array("I", range(len(words))), [])


class Tantivy:
    """tantivy-py: two text fields split at white space, three fast fields, aggregations for the facets."""

    name = "tantivy"

    def index(self, samples: Iterable[Sample], folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        for name in ("title", "body"):
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
        for name in ("theme", "document"):
            builder.add_text_field(name, stored=False, tokenizer_name="raw", fast=True)
        builder.add_integer_field("year", fast=True, indexed=True)
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        index = tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(heap_size=512 << 20, num_threads=1)
        for s in samples:
            writer.add_document(
                tantivy.Document(
                    title=" ".join(s.title),
                    body=" ".join(s.body),
                    theme=s.theme,
                    document=s.document,
                    year=s.year,
                    key=s.key,
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self.handle = tantivy.Index.open(str(folder))
        self.schema = self.handle.schema
        self.searcher = self.handle.searcher()

    def ask(self, ask: Ask, facets: bool) -> Told:
        query = self._query(ask)
        found = self.searcher.search(query, TOP, count=True)
        top = tuple(self.searcher.doc(address)["key"][0] for _, address in found.hits)
        counted = 0
        if facets:
            wanted = {name: {"terms": {"field": name, "size": 200}} for name in ("theme", "document", "year")}
            told = self.searcher.aggregate(query, wanted)
            counted = sum(int(b["doc_count"]) for facet in told.values() for b in facet["buckets"])
        return Told(int(found.count or 0), top, counted)

    def _query(self, ask: Ask) -> Any:
        must = tantivy.Occur.Must
        should = tantivy.Occur.Should
        parts = []
        if ask.phrase:
            phrases = [tantivy.Query.phrase_query(self.schema, f, list(ask.words)) for f in ("title", "body")]
            parts = [(must, tantivy.Query.boolean_query([(should, p) for p in phrases]))]
        else:
            for word in ask.words:
                terms = [tantivy.Query.term_query(self.schema, f, word) for f in ("title", "body")]
                parts.append((must, tantivy.Query.boolean_query([(should, t) for t in terms])))
        if ask.theme:
            term = tantivy.Query.term_query(self.schema, "theme", ask.theme)
            parts.append((must, tantivy.Query.const_score_query(term, 0.0)))
        return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()


class Sqlite:
    """SQLite FTS5 with its bm25 and facet counts in SQL."""

    name = "SQLite FTS5"

    def index(self, samples: Iterable[Sample], folder: Path) -> None:
        connection = sqlite3.connect(folder / "fts.db")
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE VIRTUAL TABLE t USING fts5(title, body, content='', tokenize='unicode61');"
            "CREATE TABLE f(id INTEGER PRIMARY KEY, key, theme, document, year);"
        )
        for number, s in enumerate(samples, 1):
            connection.execute(
                "INSERT INTO t(rowid, title, body) VALUES (?,?,?)", (number, " ".join(s.title), " ".join(s.body))
            )
            connection.execute("INSERT INTO f VALUES (?,?,?,?,?)", (number, s.key, s.theme, s.document, s.year))
        connection.execute("CREATE INDEX ft ON f(theme)")
        connection.commit()
        connection.close()

    def open(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "fts.db")

    def ask(self, ask: Ask, facets: bool) -> Told:
        match = f'"{" ".join(ask.words)}"' if ask.phrase else " AND ".join(f'"{word}"' for word in ask.words)
        source = "t JOIN f ON f.id = t.rowid WHERE t MATCH ?" if match else "f WHERE 1"
        values: list[object] = [match] if match else []
        if ask.theme:
            source += " AND f.theme = ?"
            values.append(ask.theme)
        order = "bm25(t)" if match else "f.year DESC"
        run = self.connection.execute
        top = tuple(str(row[0]) for row in run(f"SELECT f.key FROM {source} ORDER BY {order} LIMIT {TOP}", values))
        total = int(run(f"SELECT count(*) FROM {source}", values).fetchone()[0])
        counted = 0
        if facets:
            for name in ("theme", "document", "year"):
                rows = run(f"SELECT f.{name}, count(*) c FROM {source} GROUP BY 1 ORDER BY c DESC LIMIT 200", values)
                counted += sum(int(row[1]) for row in rows)
        return Told(total, top, counted)


class StockWhoosh:
    """Whoosh as shipped: its own codec, searcher, BM25F and facet maps."""

    name = "Whoosh as shipped"

    def index(self, samples: Iterable[Sample], folder: Path) -> None:
        from whoosh import analysis, fields, index

        words = analysis.SpaceSeparatedTokenizer()
        schema = fields.Schema(
            title=fields.TEXT(analyzer=words), body=fields.TEXT(analyzer=words), theme=fields.ID(sortable=True),
            document=fields.ID(sortable=True), year=fields.NUMERIC(sortable=True), key=fields.ID(stored=True),
        )  # fmt: skip
        writer = index.create_in(str(folder), schema).writer(limitmb=512)
        for s in samples:
            writer.add_document(
                title=" ".join(s.title), body=" ".join(s.body), theme=s.theme, document=s.document, year=s.year,
                key=s.key,
            )  # fmt: skip
        writer.commit()

    def open(self, folder: Path) -> None:
        from whoosh import index

        self.searcher = index.open_dir(str(folder)).searcher()

    def ask(self, ask: Ask, facets: bool) -> Told:
        from whoosh import query

        fields = ("title", "body")
        if ask.phrase:
            tree: Any = query.Or([query.Phrase(f, list(ask.words)) for f in fields])
        elif ask.words:
            tree = query.And([query.Or([query.Term(f, word) for f in fields]) for word in ask.words])
        else:
            tree = query.Every()
        only = query.Term("theme", ask.theme) if ask.theme else None
        names = ("theme", "document", "year")
        found = self.searcher.search(tree, limit=TOP, filter=only, groupedby=list(names) if facets else None)
        counted = 0
        if facets:
            counted = sum(len(group) for name in names for group in found.groups(name).values())
        return Told(len(found), tuple(hit["key"] for hit in found), counted)


def peers(names: Iterable[str]) -> Iterator[Peer]:
    """The peers with these short names."""
    every: dict[str, Peer] = {
        "ours": Ours(), "new": Ours(kept=False), "whole": Ours(whole=True), "tantivy": Tantivy(), "sqlite": Sqlite(),
        "whoosh": StockWhoosh(),
    }  # fmt: skip
    for name in names:
        yield every[name]


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
